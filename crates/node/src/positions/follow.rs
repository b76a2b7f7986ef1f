//! What moved: the consignments whose devices said something new get their position and, if it changes anything, a new ETA.

use super::doubt_bits;
use crate::case_file::load_events;
use crate::limits::MOST_FOLLOWED_IN_TICK;
use crate::project::project;
use crate::scribe::Scribe;
use crate::summary::PositionAt;
use crate::{Call, CaseFile, Desk, Refusal};
use kervan_model::Reference;
use kervan_positions::{Mark, Marks, SenseState};
use kervan_store::Topic;
use serde_json::json;
use std::collections::BTreeSet;

/// What one tick followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// Consignments that moved.
    pub moved: usize,
    /// Devices that wait for the next tick.
    pub waiting: usize,
}

/// Follows the devices that said something since the last tick.
pub fn follow_devices(desk: &Desk, call: &mut Call<'_>) -> Result<Followed, Refusal> {
    let (devices, waiting) = desk.take_moved(MOST_FOLLOWED_IN_TICK);
    match follow(desk, call, &devices) {
        Ok(moved) => Ok(Followed { moved, waiting }),
        Err(refusal) => {
            desk.note_moved(devices);
            Err(refusal)
        }
    }
}

/// Moves the consignments of devices. Returns how many moved.
pub(crate) fn follow(desk: &Desk, call: &mut Call<'_>, devices: &BTreeSet<String>) -> Result<usize, Refusal> {
    let names: Vec<&str> = devices.iter().map(String::as_str).collect();
    let states = desk.store.list_device_states(&names)?;
    let mut references = BTreeSet::new();
    for (name, state) in names.iter().zip(states) {
        let state: SenseState = match state {
            Some(text) => serde_json::from_str(&text).map_err(|error| Refusal::broken("a device", &error))?,
            None => continue,
        };
        if let Some(believed) = state.believed {
            references.extend(desk.store.list_consignments_of_device(name, believed.at)?);
        }
    }
    let mut moved = 0;
    for reference in &references {
        moved += usize::from(move_consignment(desk, call, reference)?);
    }
    Ok(moved)
}

/// Brings a consignment to its last believed position. Nothing happens if it is there already.
fn move_consignment(desk: &Desk, call: &mut Call<'_>, reference: &Reference) -> Result<bool, Refusal> {
    let Some(last) = desk.store.find_last_fix(reference, doubt_bits())? else { return Ok(false) };
    let position = PositionAt { lat_e7: last.lat_e7, lon_e7: last.lon_e7, at: last.at };
    let _held = desk.hold(reference);
    let mut case = CaseFile::load(desk, reference)?;
    if case.summary.position.is_some_and(|known| known.at >= position.at) {
        return Ok(false);
    }
    case.summary.position = Some(position);
    let events = load_events(desk, reference)?;
    let mut scribe = Scribe::new(desk, call);
    if Marks::of_bits(last.marks).has(Mark::BelievedAgain) {
        scribe.remark =
            Some("the device is believed again at another place, which later positions confirmed");
    }
    scribe.tell(Topic::Position, &json!({ "reference": reference, "position": position }))?;
    let (dossier, state, movements) = (&case.dossier, &case.state, &case.movements);
    project(&mut scribe, reference, dossier, state, movements, &events, Some(&case.summary))?;
    scribe.save()?;
    Ok(true)
}
