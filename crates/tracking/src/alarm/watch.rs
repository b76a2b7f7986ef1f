//! Which conditions hold for one consignment.

use super::AlarmKind;
use crate::eta::Eta;
use crate::figure::FigureKey;
use crate::learned::Learned;
use crate::parameters::Parameters;
use crate::segment::{find_open_dwell, segments};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_events::{Event, Progress};
use kervan_model::{Itinerary, Reference, Step};
use kervan_units::{Estimate, Seconds};

/// Something that holds now and that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What it is about.
    pub kind: AlarmKind,
    /// What tells it apart from other alarms of its kind and consignment.
    pub occasion: String,
    /// What many alarms at once may have in common: a place, a service or a device.
    pub cause: String,
    /// Why, one sentence for people.
    pub reason: String,
}

/// What is looked at.
pub struct Watched<'a> {
    /// The consignment.
    pub reference: &'a Reference,
    /// Its itinerary.
    pub itinerary: &'a Itinerary,
    /// How far it is.
    pub progress: &'a Progress,
    /// Its events, those that count.
    pub events: &'a [&'a Event],
    /// The estimate of now.
    pub eta: &'a Eta,
    /// What was measured.
    pub learned: &'a Learned,
    /// Conditions that others found: seals, temperatures, positions off the way.
    pub found: &'a [Condition],
    /// Parameters.
    pub parameters: &'a Parameters,
    /// Now.
    pub now: Timestamp,
    /// Name of a place for people.
    pub place_name: &'a dyn Fn(&PlaceCode) -> String,
}

/// The conditions that hold, in order of kind. Delivered goods have none.
pub fn watch(watched: &Watched<'_>) -> Vec<Condition> {
    if watched.progress.delivered().is_some() {
        return Vec::new();
    }
    let mut conditions = Vec::new();
    late(watched, &mut conditions);
    conditions.extend(dwell(watched));
    deviation(watched, &mut conditions);
    conditions.extend(watched.found.iter().cloned());
    conditions.extend(silence(watched));
    conditions.sort_by(|one, other| (one.kind, &one.occasion).cmp(&(other.kind, &other.occasion)));
    conditions.dedup_by(|one, other| (one.kind, &one.occasion) == (other.kind, &other.occasion));
    conditions
}

/// Where the goods are or will be next: what consignments that are late together have in common.
fn whereabouts(watched: &Watched<'_>) -> String {
    watched.progress.next().map_or_else(String::new, |next| next.place.to_string())
}

fn late(watched: &Watched<'_>, conditions: &mut Vec<Condition>) {
    let marks = &watched.parameters.alarms;
    let planned = watched.itinerary.arrives.p50;
    let late = Seconds::between(planned, watched.eta.odds.p50);
    for (number, mark) in marks.late.iter().enumerate().filter(|(_, mark)| late >= **mark) {
        conditions.push(Condition {
            kind: AlarmKind::Late,
            occasion: format!("{}", number + 1),
            cause: whereabouts(watched),
            reason: format!(
                "expected {late} later than planned, more than {mark}; {}",
                watched.eta.because.split("; expected").next().unwrap_or_default()
            ),
        });
    }
}

/// Whether a condition of lateness still counts: an alarm ends only clearly below its mark.
pub(super) fn is_still_late(
    parameters: &Parameters,
    occasion: &str,
    itinerary: &Itinerary,
    eta: &Eta,
) -> bool {
    let number = occasion.parse::<usize>().unwrap_or(0).wrapping_sub(1);
    let late = Seconds::between(itinerary.arrives.p50, eta.odds.p50);
    parameters.alarms.late.get(number).is_some_and(|mark| late + parameters.alarms.late_clear >= *mark)
}

fn dwell(watched: &Watched<'_>) -> Option<Condition> {
    let (key, since) = find_open_dwell(watched.itinerary, watched.progress)?;
    let FigureKey::Stay { place, .. } = &key else { return None };
    let published = published_of(watched.itinerary, &key);
    let learning = &watched.parameters.learning;
    let figure = watched.learned.figure(&key, &published, learning, watched.now);
    let most = Seconds::new(figure.quantile(0.95).max(0.0) as u64).max(watched.parameters.alarms.dwell_least);
    let lasted = Seconds::between(since, watched.now);
    (lasted > most).then(|| Condition {
        kind: AlarmKind::Dwell,
        occasion: format!("{key}@{}", since.as_second()),
        cause: place.to_string(),
        reason: format!(
            "at {} for {lasted}, and 95 in a hundred stays there last at most {most} ({})",
            (watched.place_name)(place),
            match figure.measured() {
                0 => "published".to_owned(),
                measured => format!("n={measured}"),
            }
        ),
    })
}

fn published_of(itinerary: &Itinerary, key: &FigureKey) -> Vec<Estimate<Seconds>> {
    (0..itinerary.steps.len())
        .flat_map(|step| segments(itinerary, step))
        .find(|segment| segment.key == *key)
        .map(|segment| segment.published)
        .unwrap_or_default()
}

/// Events at places where the itinerary does not lead.
fn deviation(watched: &Watched<'_>, conditions: &mut Vec<Condition>) {
    let on_the_way = |place: &PlaceCode| {
        watched.itinerary.steps.iter().any(|step| match step {
            Step::Stay(stay) => stay.place == *place,
            Step::Leg(leg) => leg.from == *place || leg.to == *place,
        })
    };
    let last_seen =
        watched.events.iter().filter(|event| !event.is_clock_ahead()).max_by_key(|event| event.event_time);
    if let Some(event) = last_seen
        && let Some(place) = event.place().filter(|place| !on_the_way(place))
    {
        conditions.push(Condition {
            kind: AlarmKind::Deviation,
            occasion: place.to_string(),
            cause: place.to_string(),
            reason: format!(
                "reported at {}, where the itinerary does not lead",
                (watched.place_name)(&place)
            ),
        });
    }
}

/// No event when one was due: the 95 % point of the next milestone, as it stood after the last event, has passed with grace.
fn silence(watched: &Watched<'_>) -> Option<Condition> {
    let next = watched.progress.next()?;
    let index = watched.progress.milestones.iter().position(|milestone| milestone == next)?;
    // A dwell alarm speaks of stays; silence speaks of rides, and of goods that never came.
    let (from, published, key) = match watched.itinerary.steps.get(next.step)? {
        Step::Leg(leg) => {
            let departed = watched.progress.last().filter(|last| last.step == next.step)?.actual?;
            (departed, vec![leg.running], FigureKey::Ride(leg.service.clone()))
        }
        Step::Stay(_) if index == 0 => {
            (watched.itinerary.departs, Vec::new(), FigureKey::Ride("-".parse().ok()?))
        }
        Step::Stay(_) => return None,
    };
    let learning = &watched.parameters.learning;
    let usual = watched.learned.figure(&key, &published, learning, watched.now).quantile(0.95);
    let due = Seconds::new(usual.max(0.0) as u64) + watched.parameters.alarms.silence_grace;
    let since = Seconds::between(from, watched.now);
    (since > due).then(|| Condition {
        kind: AlarmKind::Silence,
        occasion: format!("{index}"),
        cause: next.place.to_string(),
        reason: format!(
            "nobody reported `{} {}` for {since}; it was due within {due}",
            next.code.word().replace('_', " "),
            (watched.place_name)(&next.place)
        ),
    })
}
