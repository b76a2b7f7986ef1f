//! From what was seen to dwells, rides and journeys, and from those to rows.

use super::row::{CorridorRow, RowKind};
use crate::chance::nearest_rank;
use crate::limits::MOST_STATE_ROWS;
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_model::LinkId;
use std::collections::BTreeMap;

/// What was seen of a thing at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    /// The thing: a consignment or container.
    pub subject: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: SeenAs,
    /// Where.
    pub place: PlaceCode,
}

/// What a sighting says of a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SeenAs {
    /// It became ready here: a journey begins.
    Ready,
    /// It came.
    Arrived,
    /// It was here.
    There,
    /// It went.
    Departed,
    /// It was received: a journey ends.
    Delivered,
}

impl SeenAs {
    /// What a business step of EPCIS says; `There` for all others.
    pub fn of_step(step: &str) -> Self {
        match step {
            "staging_outbound" => Self::Ready,
            "arriving" => Self::Arrived,
            "departing" => Self::Departed,
            "receiving" => Self::Delivered,
            _ => Self::There,
        }
    }
}

/// From when to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// From this instant.
    pub from: Timestamp,
    /// To before this one.
    pub to: Timestamp,
}

impl Window {
    fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    fn days(&self) -> f64 {
        ((self.to.as_second() - self.from.as_second()) as f64 / 86_400.0).max(1e-9)
    }
}

/// Seconds, by what took them.
#[derive(Default)]
struct Sums<'s> {
    dwells: BTreeMap<&'s PlaceCode, Vec<f64>>,
    open: BTreeMap<&'s PlaceCode, u64>,
    rides: BTreeMap<(&'s PlaceCode, &'s PlaceCode), Vec<f64>>,
    journeys: BTreeMap<(&'s PlaceCode, &'s PlaceCode), Vec<f64>>,
}

/// Where one thing is while its sightings are gone through.
#[derive(Clone, Copy, Default)]
struct Trail<'s> {
    staying: Option<(&'s PlaceCode, Timestamp)>,
    riding: Option<(&'s PlaceCode, Timestamp)>,
    begun: Option<(&'s PlaceCode, Timestamp)>,
}

/// The state over a window: what ended within it, and what was open at its end. The sightings are put in order.
///
/// `links` gives the links of the way between two places that follow each other, with the share of the way that each makes;
/// nothing where the network knows none.
pub fn assess_corridor(
    seen: &mut [Seen],
    window: Window,
    links: impl Fn(&PlaceCode, &PlaceCode) -> Vec<(LinkId, f64)>,
) -> Vec<CorridorRow> {
    seen.sort_unstable();
    let mut sums = Sums::default();
    for trail in seen.chunk_by(|one, next| one.subject == next.subject) {
        follow(trail, window, &mut sums);
    }
    let mut rows = Vec::new();
    let places: BTreeMap<&PlaceCode, ()> =
        sums.dwells.keys().chain(sums.open.keys()).map(|place| (*place, ())).collect();
    for place in places.into_keys() {
        let mut row = row(RowKind::Place, place.to_string(), sums.dwells.remove(place), window);
        row.queue = Some(sums.open.get(place).copied().unwrap_or(0));
        rows.push(row);
    }
    let mut on_links: BTreeMap<LinkId, Vec<f64>> = BTreeMap::new();
    for ((from, to), seconds) in sums.rides {
        for (link, share) in links(from, to) {
            on_links.entry(link).or_default().extend(seconds.iter().map(|ride| ride * share));
        }
        rows.push(row(RowKind::Ride, format!("{from}>{to}"), Some(seconds), window));
    }
    rows.extend(
        on_links
            .into_iter()
            .map(|(link, seconds)| row(RowKind::Link, link.to_string(), Some(seconds), window)),
    );
    rows.extend(
        sums.journeys
            .into_iter()
            .map(|((from, to), seconds)| row(RowKind::Route, format!("{from}>{to}"), Some(seconds), window)),
    );
    rows.truncate(MOST_STATE_ROWS);
    rows
}

fn follow<'s>(trail: &'s [Seen], window: Window, sums: &mut Sums<'s>) {
    let mut now = Trail::default();
    for seen in trail.iter().take_while(|seen| seen.at < window.to) {
        let here = now.staying.filter(|(place, _)| *place == &seen.place);
        match seen.what {
            SeenAs::Ready => {
                now = Trail {
                    staying: Some((&seen.place, seen.at)),
                    riding: None,
                    begun: Some((&seen.place, seen.at)),
                };
            }
            SeenAs::Arrived | SeenAs::There if here.is_some() => {}
            SeenAs::Arrived => {
                if let Some((from, departed)) = now.riding.take() {
                    note(&mut sums.rides, (from, &seen.place), departed, seen.at, window);
                }
                now.staying = Some((&seen.place, seen.at));
            }
            // Seen where nobody said that it came: since when it is there is not known.
            SeenAs::There => (now.staying, now.riding) = (None, None),
            SeenAs::Departed => {
                if let Some((place, since)) = here {
                    note(&mut sums.dwells, place, since, seen.at, window);
                }
                now.staying = None;
                now.riding = Some((&seen.place, seen.at));
            }
            SeenAs::Delivered => {
                if let Some((place, since)) = here {
                    note(&mut sums.dwells, place, since, seen.at, window);
                }
                if let Some((from, begun)) = now.begun {
                    note(&mut sums.journeys, (from, &seen.place), begun, seen.at, window);
                }
                now = Trail::default();
            }
        }
    }
    if let Some((place, _)) = now.staying {
        *sums.open.entry(place).or_default() += 1;
    }
}

fn note<K: Ord>(sums: &mut BTreeMap<K, Vec<f64>>, key: K, from: Timestamp, to: Timestamp, window: Window) {
    if window.holds(to) {
        sums.entry(key).or_default().push((to.as_second() - from.as_second()) as f64);
    }
}

fn row(kind: RowKind, id: String, seconds: Option<Vec<f64>>, window: Window) -> CorridorRow {
    let mut seconds = seconds.unwrap_or_default();
    seconds.sort_unstable_by(f64::total_cmp);
    let some = !seconds.is_empty();
    let hours = |share| some.then(|| nearest_rank(&seconds, share) / 3_600.0);
    let mean = seconds.iter().sum::<f64>() / seconds.len().max(1) as f64 / 3_600.0;
    let buffer = hours(0.95).filter(|_| mean > 0.0).map(|p95| ((p95 - mean) / mean).max(0.0));
    CorridorRow {
        kind,
        id,
        count: seconds.len() as u64,
        per_day: seconds.len() as f64 / window.days(),
        queue: None,
        p10_h: hours(0.1),
        p50_h: hours(0.5),
        p90_h: hours(0.9),
        p95_h: hours(0.95),
        buffer_index: buffer,
    }
}
