//! The track of a consignment: where it was reported, where on the network that is, and what it lets one observe.

use crate::case_file::load_events;
use crate::limits::{MOST_OBSERVED_POINTS, MOST_OBSERVED_READINGS, MOST_TRACK_POINTS, OBSERVED_STEP_S};
use crate::positions::doubt_bits;
use crate::{CaseFile, Desk, Refusal};
use jiff::SignedDuration;
use kervan_events::Event;
use kervan_events::mapping::find_container;
use kervan_model::{Consignment, Itinerary, Reference};
use kervan_positions::route::{PlannedWay, assess_deviation, assess_route};
use kervan_positions::sensor::{
    Reading, ReadingIn, SealEvent, assess_cargo_temperatures, assess_seals, list_sensed,
};
use kervan_positions::{DerivedMilestone, Fix, Marks, Observation, OnLink, SealState, Visit, list_doubts};
use kervan_store::{FixRow, SensedOn, TrackRow};
use kervan_units::GeoPoint;
use std::collections::BTreeSet;

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
        observations.extend(sensed(
            consignment,
            &events,
            &desk.store.list_sensed(reference, MOST_TRACK_POINTS)?,
        ));
    }
    observations.sort_by_key(Observation::since);
    let mut found = matched.into_iter();
    for point in points.iter_mut().filter(|point| point.marks.is_believed()) {
        point.on = found.next().flatten();
    }
    Ok(Track { points, observations, derived })
}

/// What the last positions and the sensors of a consignment that is under way let one observe, for its alarms: far from the way,
/// on another link than the plan has, too warm or too cold, a broken chain of seals.
pub(crate) fn observe_lately(
    desk: &Desk,
    consignment: &Consignment,
    itinerary: &Itinerary,
    events: &[Event],
) -> Result<Vec<Observation>, Refusal> {
    let reference = &consignment.reference;
    let believed = list_lately(desk, reference)?;
    let mut found = sensed(consignment, events, &desk.store.list_sensed(reference, MOST_OBSERVED_READINGS)?);
    if !believed.is_empty() {
        let (way, tracking) = (PlannedWay::of(itinerary, &desk.network), &desk.tracking);
        let matched = tracking.matcher.match_track(&believed, &way.links());
        found.extend(assess_deviation(&believed, &way, &tracking.figures));
        found.extend(assess_route(&believed, &matched, &way, &desk.network, &tracking.matcher));
    }
    Ok(found)
}

/// The last believed positions: as they came, or evenly if they came so often that they say only where it was lately.
fn list_lately(desk: &Desk, reference: &Reference) -> Result<Vec<Fix>, Refusal> {
    let rows = desk.store.list_track(reference, MOST_OBSERVED_POINTS)?;
    let step = SignedDuration::from_secs(OBSERVED_STEP_S);
    let reaches = rows.first().zip(rows.last()).is_none_or(|(first, last)| {
        last.fix.at.duration_since(first.fix.at) >= step * MOST_OBSERVED_POINTS.cast_signed()
    });
    if reaches || rows.len() < MOST_OBSERVED_POINTS as usize {
        let points = rows.iter().filter_map(to_point);
        return Ok(points.filter(|point| point.marks.is_believed()).map(|point| point.fix).collect());
    }
    let rows = desk.store.list_track_evenly(reference, doubt_bits(), step, MOST_OBSERVED_POINTS)?;
    Ok(rows.iter().filter_map(to_fix).collect())
}

fn to_fix(row: &FixRow) -> Option<Fix> {
    let point = GeoPoint::from_degrees(f64::from(row.lat_e7) / 1e7, f64::from(row.lon_e7) / 1e7).ok()?;
    Some(Fix { at: row.at, point })
}

fn to_point(row: &TrackRow) -> Option<TrackPoint> {
    let (device, marks) = (row.device.clone(), Marks::of_bits(row.fix.marks));
    Some(TrackPoint { device, fix: to_fix(&row.fix)?, marks, on: None })
}

/// What sensors of devices and of events say against what the goods want and the seals that were put on.
fn sensed(consignment: &Consignment, events: &[Event], rows: &[SensedOn]) -> Vec<Observation> {
    let mut of_events = list_sensed(events);
    let mut in_containers: BTreeSet<Reading> = BTreeSet::new();
    let mut elsewhere = Vec::new();
    for SensedOn { thing, row } in rows {
        if row.what == "temperature" {
            let reading = Reading { at: row.at, tenths: i16::try_from(row.value).unwrap_or(i16::MAX) };
            match find_container(thing) {
                Some(number) => {
                    in_containers.insert(reading);
                    of_events.readings.push(ReadingIn { container: Some(number), reading });
                }
                None => elsewhere.push(reading),
            }
        } else if let Some(number) = row.what.strip_prefix("seal:") {
            let state = usize::try_from(row.value).ok().and_then(|at| SealState::ALL.get(at).copied());
            let state = state.unwrap_or(SealState::Broken);
            of_events.seals.push(SealEvent { at: row.at, number: number.to_owned(), state, is_act: false });
        }
    }
    // A sensor in a container is on the wagon under it as well, and says nothing of the other containers there.
    elsewhere.retain(|reading| !in_containers.contains(reading));
    of_events.readings.extend(elsewhere.into_iter().map(|reading| ReadingIn { container: None, reading }));
    let affixed: Vec<String> = consignment
        .equipment
        .iter()
        .flat_map(|item| &item.seals)
        .chain(consignment.wagons.iter().flat_map(|wagon| &wagon.seals))
        .map(|seal| seal.number.clone())
        .collect();
    let mut found = assess_cargo_temperatures(consignment, &of_events.readings);
    found.extend(assess_seals(&affixed, &of_events.seals));
    found
}
