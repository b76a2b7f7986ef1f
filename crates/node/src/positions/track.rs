//! The track of a consignment: where it was reported, where on the network that is, and what it lets one observe.

use crate::case_file::load_events;
use crate::limits::{MOST_OBSERVED_POINTS, MOST_TRACK_POINTS};
use crate::{CaseFile, Desk, Refusal};
use kervan_events::Event;
use kervan_model::{Consignment, Itinerary, Reference};
use kervan_positions::route::{PlannedWay, assess_deviation, assess_route};
use kervan_positions::sensor::{Reading, SealEvent, assess_seals, assess_temperature, list_sensed};
use kervan_positions::{DerivedMilestone, Fix, Marks, Observation, OnLink, SealState, Visit, list_doubts};
use kervan_store::{SensedRow, TrackRow};
use kervan_units::GeoPoint;

/// A position of a track.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackPoint {
    /// Name of the device.
    pub device: String,
    /// The position.
    pub fix: Fix,
    /// What is doubtful about it.
    pub marks: Marks,
    /// Where on the network it is, if it is believed and anywhere near.
    pub on: Option<OnLink>,
}

/// The track of a consignment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Track {
    /// Positions in order of time.
    pub points: Vec<TrackPoint>,
    /// What is observed, in order of time.
    pub observations: Vec<Observation>,
    /// Arrivals and departures that positions let one suppose. None of them is a report.
    pub derived: Vec<DerivedMilestone>,
}

/// Loads and assesses the track of a consignment.
pub fn find_track(desk: &Desk, reference: &Reference) -> Result<Track, Refusal> {
    let case = CaseFile::load(desk, reference)?;
    let rows = desk.store.list_track(reference, MOST_TRACK_POINTS)?;
    let events = load_events(desk, reference)?;
    let itinerary = case.state.itinerary.as_ref().map(|stated| &stated.fact);
    let way = itinerary.map(|itinerary| PlannedWay::of(itinerary, &desk.network)).unwrap_or_default();
    let mut points: Vec<TrackPoint> = rows.iter().filter_map(to_point).collect();
    let believed: Vec<Fix> =
        points.iter().filter(|point| point.marks.is_believed()).map(|point| point.fix).collect();
    let tracking = &desk.tracking;
    let matched = tracking.matcher.match_track(&believed, &way.links());
    let visits = tracking.fences.visits(&believed);
    let mut observations: Vec<Observation> = visits.iter().flat_map(Visit::observations).collect();
    let derived = observations.iter().filter_map(Observation::derived_milestone).collect();
    if itinerary.is_some() {
        observations.extend(assess_deviation(&believed, &way, &tracking.figures));
        observations.extend(assess_route(&believed, &matched, &way, &desk.network, &tracking.matcher));
    }
    let marked: Vec<_> = points.iter().map(|point| (point.fix.at, point.marks)).collect();
    observations.extend(list_doubts(&marked));
    if let Some(consignment) = &case.state.consignment {
        observations.extend(sensed(consignment, &events, &desk.store.list_sensed(reference)?));
    }
    observations.sort_by_key(Observation::since);
    let mut found = matched.into_iter();
    for point in points.iter_mut().filter(|point| point.marks.is_believed()) {
        point.on = found.next().flatten();
    }
    Ok(Track { points, observations, derived })
}

/// What the last positions and the sensors of a consignment that is under way let one observe, for its alarms: far from the way,
/// too warm or too cold, a broken chain of seals. Which link a position is on is not asked here; it takes too long for each event.
pub(crate) fn observe_lately(
    desk: &Desk,
    consignment: &Consignment,
    itinerary: &Itinerary,
    events: &[Event],
) -> Result<Vec<Observation>, Refusal> {
    let reference = &consignment.reference;
    let rows = desk.store.list_track(reference, MOST_OBSERVED_POINTS)?;
    let points = rows.iter().filter_map(to_point);
    let believed: Vec<Fix> =
        points.filter(|point| point.marks.is_believed()).map(|point| point.fix).collect();
    let mut found = sensed(consignment, events, &desk.store.list_sensed(reference)?);
    if !believed.is_empty() {
        let way = PlannedWay::of(itinerary, &desk.network);
        found.extend(assess_deviation(&believed, &way, &desk.tracking.figures));
    }
    Ok(found)
}

fn to_point(row: &TrackRow) -> Option<TrackPoint> {
    let point =
        GeoPoint::from_degrees(f64::from(row.fix.lat_e7) / 1e7, f64::from(row.fix.lon_e7) / 1e7).ok()?;
    let (device, marks) = (row.device.clone(), Marks::of_bits(row.fix.marks));
    Some(TrackPoint { device, fix: Fix { at: row.fix.at, point }, marks, on: None })
}

/// What sensors of devices and of events say against what the goods want and the seals that were put on.
fn sensed(consignment: &Consignment, events: &[Event], rows: &[SensedRow]) -> Vec<Observation> {
    let mut of_events = list_sensed(events);
    for row in rows {
        if row.what == "temperature" {
            let tenths = i16::try_from(row.value).unwrap_or(i16::MAX);
            of_events.readings.push(Reading { at: row.at, tenths });
        } else if let Some(number) = row.what.strip_prefix("seal:") {
            let state = usize::try_from(row.value).ok().and_then(|at| SealState::ALL.get(at).copied());
            let state = state.unwrap_or(SealState::Broken);
            of_events.seals.push(SealEvent { at: row.at, number: number.to_owned(), state, is_act: false });
        }
    }
    let of_equipment = consignment.equipment.iter().filter_map(|item| item.temperature);
    let of_goods = consignment.goods.iter().filter_map(|item| item.temperature);
    let mut ranges: Vec<_> = of_equipment.chain(of_goods).collect();
    ranges.sort_by_key(|range| (range.min, range.max));
    ranges.dedup();
    let affixed: Vec<String> = consignment
        .equipment
        .iter()
        .flat_map(|item| &item.seals)
        .chain(consignment.wagons.iter().flat_map(|wagon| &wagon.seals))
        .map(|seal| seal.number.clone())
        .collect();
    let mut found: Vec<Observation> =
        ranges.into_iter().flat_map(|range| assess_temperature(range, &of_events.readings)).collect();
    found.extend(assess_seals(&affixed, &of_events.seals));
    found
}
