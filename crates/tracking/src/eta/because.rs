//! What moved an estimate, in words.

use super::{Basis, EtaInputs};
use crate::figure::FigureKey;
use crate::known::Missed;
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_model::ArrivalOdds;
use kervan_units::Seconds;

/// A move of the median below this is not worth a word. Unit: second.
const NO_MOVE_S: u64 = 600;

/// The facts that are new since the estimate before, and how far the median moved.
pub(super) fn explain(inputs: &EtaInputs<'_>, basis: &Basis, odds: ArrivalOdds) -> String {
    let before = inputs.previous.map(|eta| &eta.basis);
    let mut facts = Vec::new();
    if before.is_none_or(|before| before.reached != basis.reached) {
        facts.extend(reached(inputs, basis));
    }
    for hold in inputs.holds {
        if before.is_none_or(|before| !before.holds.contains(&hold.reason)) {
            facts.push(format!("held at {}: {}", (inputs.place_name)(&hold.place), hold.reason));
        }
    }
    if let Some(before) = before {
        let over = before.holds.iter().filter(|reason| !basis.holds.contains(reason));
        facts.extend(over.map(|reason| format!("no longer held: {reason}")));
    }
    if let Some(share) = basis.position_permille
        && before.is_none_or(|before| before.position_permille != basis.position_permille)
    {
        facts.push(format!("seen {} % along the leg", share / 10));
    }
    if basis.overrun && before.is_none_or(|before| !before.overrun) {
        facts.push(format!("no news for longer than any figure for {}", next_name(inputs)));
    }
    facts.extend(surroundings(inputs, before, basis));
    let Some(previous) = inputs.previous else {
        let first = "first estimate".to_owned();
        return if facts.is_empty() {
            format!("{first}, from the plan")
        } else {
            format!("{first}: {}", facts.join("; "))
        };
    };
    if facts.is_empty() {
        facts.push(format!("time passed without news before {}", next_name(inputs)));
    }
    format!("{}; {}", facts.join("; "), shift(previous.odds.p50, odds.p50))
}

/// What is new around the consignment: closures, queues, departures missed, measurements.
fn surroundings(inputs: &EtaInputs<'_>, before: Option<&Basis>, basis: &Basis) -> Vec<String> {
    let none = Basis::default();
    let before = before.unwrap_or(&none);
    let mut facts = Vec::new();
    facts.extend(basis.closures.iter().filter(|closure| !before.closures.contains(closure)).cloned());
    if inputs.progress.delivered().is_none() {
        let over = before.closures.iter().filter(|closure| !basis.closures.contains(closure));
        facts.extend(over.map(|closure| format!("no longer: {closure}")));
    }
    facts.extend(basis.missed.iter().filter(|_| before.missed != basis.missed).cloned());
    for (place, quarters) in &basis.queues {
        if !before.queues.contains(&(place.clone(), *quarters)) {
            let percent = u32::from(*quarters) * 25;
            let name = (inputs.place_name)(place);
            facts.push(format!("a queue at {name}: stays there take about {percent} % longer"));
        }
    }
    for (place, _) in &before.queues {
        if inputs.progress.delivered().is_none() && basis.queues.iter().all(|(other, _)| other != place) {
            facts.push(format!("no more queue at {}", (inputs.place_name)(place)));
        }
    }
    if basis.measured != before.measured
        && facts.is_empty()
        && basis.measured > 0
        && basis.reached == before.reached
    {
        facts.push(format!("{} measured legs and dwells instead of {}", basis.measured, before.measured));
    }
    facts
}

/// Queues by place, with the lengthening in quarters, so that one consignment more or less is no news.
pub(super) fn quarters(queues: &[(FigureKey, f64)]) -> Vec<(PlaceCode, u8)> {
    let mut places = Vec::new();
    for (key, factor) in queues {
        let quarters = ((factor - 1.0) * 4.0).round() as u8;
        if let (FigureKey::Stay { place, .. }, 1..) = (key, quarters) {
            places.push((place.clone(), quarters));
        }
    }
    places
}

pub(super) fn missed(missed: &Missed) -> String {
    format!("missed the departure of {} at {}", missed.name, missed.at.strftime("%Y-%m-%d %H:%MZ"))
}

/// The last milestone reported, and how it stands to the plan.
fn reached(inputs: &EtaInputs<'_>, basis: &Basis) -> Option<String> {
    let milestone = inputs.progress.milestones.get(basis.reached?)?;
    let actual = milestone.actual?;
    let what =
        format!("{} {}", milestone.code.word().replace('_', " "), (inputs.place_name)(&milestone.place));
    Some(match distance(milestone.planned, actual) {
        Moved::Later(by) => format!("{what} {by} later than planned"),
        Moved::Earlier(by) => format!("{what} {by} earlier than planned"),
        Moved::Not => format!("{what} as planned"),
    })
}

fn next_name(inputs: &EtaInputs<'_>) -> String {
    match inputs.progress.next() {
        Some(next) => {
            format!("`{} {}`", next.code.word().replace('_', " "), (inputs.place_name)(&next.place))
        }
        None => "the end of the journey".to_owned(),
    }
}

fn shift(before: Timestamp, after: Timestamp) -> String {
    match distance(before, after) {
        Moved::Later(by) => format!("expected {by} later than before"),
        Moved::Earlier(by) => format!("expected {by} earlier than before"),
        Moved::Not => "expected as before".to_owned(),
    }
}

enum Moved {
    Later(Seconds),
    Earlier(Seconds),
    Not,
}

fn distance(from: Timestamp, to: Timestamp) -> Moved {
    let (later, earlier) = (Seconds::between(from, to), Seconds::between(to, from));
    match (later.get() >= NO_MOVE_S, earlier.get() >= NO_MOVE_S) {
        (true, _) => Moved::Later(later),
        (false, true) => Moved::Earlier(earlier),
        (false, false) => Moved::Not,
    }
}
