//! The state of the corridor over a window, from every event of the store.

use crate::event_file::EventReader;
use crate::limits::CORRIDOR_LEAD;
use crate::{Desk, Refusal};
use kervan_codes::PlaceCode;
use kervan_model::LinkId;
use kervan_network::Network;
use kervan_store::MOST_LISTED;
use kervan_tracking::corridor::{CorridorRow, Seen, SeenAs, Window, assess_corridor};

/// Assesses the corridor. Stays and journeys that began up to [`CORRIDOR_LEAD`] before the window count from their beginning.
///
/// Errors: the store fails, or a stored event cannot be read.
pub fn assess_state(desk: &Desk, window: Window) -> Result<Vec<CorridorRow>, Refusal> {
    let from = window.from.checked_sub(CORRIDOR_LEAD.to_duration()).unwrap_or(jiff::Timestamp::MIN);
    let (mut seen, mut after) = (Vec::new(), None);
    let mut reader = EventReader::default();
    loop {
        let rows = desk.store.list_events_between(from, window.to, after, MOST_LISTED)?;
        for row in &rows {
            let event = reader.read(row)?;
            let (Some(place), false) = (event.place(), event.is_clock_ahead()) else { continue };
            let what = event.biz_step.as_deref().map_or(SeenAs::There, SeenAs::of_step);
            let at = event.event_time;
            let subjects: Vec<String> = match &row.reference {
                Some(reference) => vec![reference.to_string()],
                None => event.containers().iter().map(ToString::to_string).collect(),
            };
            seen.extend(subjects.into_iter().map(|subject| Seen { subject, at, what, place: place.clone() }));
        }
        after = rows.last().map(|row| (row.event_time, row.seq));
        if rows.len() < MOST_LISTED as usize {
            break;
        }
    }
    Ok(assess_corridor(&mut seen, window, |from, to| links_between(&desk.network, from, to)))
}

/// The links of the first service between two places, each with its share of the way.
fn links_between(network: &Network, from: &PlaceCode, to: &PlaceCode) -> Vec<(LinkId, f64)> {
    let Some(service) = network.services_from(from).find(|service| service.to == *to) else {
        return Vec::new();
    };
    let length = |id: &LinkId| network.find_link(id).map_or(0.0, |link| link.distance.typ().metres() as f64);
    let whole: f64 = service.links.iter().map(length).sum();
    service.links.iter().map(|id| (id.clone(), if whole > 0.0 { length(id) / whole } else { 0.0 })).collect()
}
