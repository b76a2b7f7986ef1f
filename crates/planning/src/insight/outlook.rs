//! An alternative with its odds.

use super::way::Traced;
use super::{At, Catch, OnTime, Outlook, Risk};
use crate::Alternative;
use jiff::Timestamp;
use kervan_model::Step;
use kervan_odds::{Grid, Solved, solve};
use kervan_units::Seconds;

const HOUR: f64 = 3_600.0;

/// An instant so many seconds after another one; the end of time if it lies beyond.
pub(super) fn after(start: Timestamp, seconds: f64) -> Timestamp {
    start.checked_add(Seconds::new(seconds.max(0.0).round() as u64).to_duration()).unwrap_or(Timestamp::MAX)
}

/// Computes the odds of an alternative.
pub(super) fn outlook(
    alternative: &Alternative,
    traced: &Traced,
    deadline: Option<Timestamp>,
) -> (Outlook, Solved) {
    let start = alternative.itinerary.departs;
    let solved = solve(&traced.way, Grid::for_way(&traced.way));
    let (least, most) = solved.mean_bounds();
    let outlook = Outlook {
        id: alternative.id,
        expected: after(start, solved.mean),
        expected_between: (after(start, least), after(start, most)),
        deviation: solved.variance.sqrt() / HOUR,
        on_time: deadline.map(|deadline| on_time(&solved, start, deadline)),
        risks: risks(alternative, traced, &solved),
        connections: connections(alternative, traced, &solved),
        grid: solved.grid().step(),
    };
    (outlook, solved)
}

fn on_time(solved: &Solved, start: Timestamp, deadline: Timestamp) -> OnTime {
    if deadline < start {
        return OnTime { chance: 0.0, least: 0.0, most: 0.0 };
    }
    let by = Seconds::between(start, deadline);
    let (least, most) = solved.chance_bounds(by);
    OnTime { chance: solved.chance_by(by), least, most }
}

/// Shares by step of the itinerary.
fn risks(alternative: &Alternative, traced: &Traced, solved: &Solved) -> Vec<Risk> {
    let mut risks: Vec<Risk> = Vec::new();
    for (figure, share) in traced.figures.iter().zip(&solved.shares) {
        match risks.last_mut().filter(|risk| risk.step == figure.step) {
            Some(risk) => risk.share += share,
            None => {
                let Some(step) = alternative.itinerary.steps.get(figure.step) else { continue };
                risks.push(Risk { step: figure.step, at: at(step), share: *share });
            }
        }
    }
    risks.sort_by(|one, other| other.share.total_cmp(&one.share).then(one.step.cmp(&other.step)));
    risks
}

fn at(step: &Step) -> At {
    match step {
        Step::Leg(leg) => At::Leg { service: leg.service.clone(), name: leg.name.clone() },
        Step::Stay(stay) => At::Stay { place: stay.place.clone() },
    }
}

fn connections(alternative: &Alternative, traced: &Traced, solved: &Solved) -> Vec<Catch> {
    let start = alternative.itinerary.departs;
    let found = solved.connections.iter().filter_map(|connection| {
        // The leg comes after the stay at which it is waited for.
        let step = traced.figures.get(connection.part)?.step + 1;
        let Some(Step::Leg(leg)) = alternative.itinerary.steps.get(step) else { return None };
        Some(Catch {
            step,
            place: leg.from.clone(),
            service: leg.service.clone(),
            name: leg.name.clone(),
            planned: connection.planned.map(|planned| after(start, planned.get() as f64)),
            missed: connection.missed?,
            costs: connection.costs? / HOUR,
        })
    });
    found.collect()
}
