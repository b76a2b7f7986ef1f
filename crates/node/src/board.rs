//! What calls where: departures and arrivals of everything under way, for the people who handle it.

use crate::open_book::list_open_facts;
use crate::{CaseFile, Desk, Refusal, Sight, load_events};
use jiff::Timestamp;
use kervan_codes::{ContainerNumber, PlaceCode};
use kervan_events::{Milestone, MilestoneCode, assess_progress};
use kervan_model::{ArrivalOdds, Leg, PartyId, Reference, Step};
use kervan_tracking::Eta;

/// A departure or arrival of goods on a service.
#[derive(Clone, Debug)]
pub struct BoardCall {
    /// The consignment.
    pub reference: Reference,
    /// Its containers.
    pub containers: Vec<ContainerNumber>,
    /// What happens, where and when by the plan, as expected and as reported.
    pub milestone: Milestone,
    /// When it is expected, with odds; none before the first estimate and once it is behind.
    pub odds: Option<ArrivalOdds>,
    /// The ride that begins or ends.
    pub leg: Leg,
    /// The means assigned to the ride: train number, ship, registration; none if nobody named it.
    pub means: Option<String>,
    /// Whether it is the next thing that is to be reported of the goods.
    pub next: bool,
    /// Who takes part in the dossier, and so may report.
    pub participants: Vec<PartyId>,
}

/// What is wanted of a board.
#[derive(Clone, Debug)]
pub struct BoardWanted {
    /// Only calls at this place.
    pub place: Option<PlaceCode>,
    /// From when on.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// Departures and arrivals within a time, the earliest first; what is next for the goods is listed even if it is overdue.
///
/// Only what the caller may know of is listed.
///
/// Errors: the store fails.
pub fn list_calls(sight: Sight<'_>, wanted: &BoardWanted) -> Result<Vec<BoardCall>, Refusal> {
    let mut calls = Vec::new();
    for facts in list_open_facts(sight)? {
        calls.extend(facts.calls.iter().filter(|call| is_wanted(call, wanted)).cloned());
    }
    calls.sort_by(|left, right| {
        when(left).cmp(&when(right)).then_with(|| left.reference.cmp(&right.reference))
    });
    Ok(calls)
}

fn is_wanted(call: &BoardCall, wanted: &BoardWanted) -> bool {
    let here = wanted.place.as_ref().is_none_or(|place| *place == call.milestone.place);
    let at = when(call);
    here && at <= wanted.until && (call.next || at >= wanted.since)
}

/// When it was, is expected or was planned, whichever is known best.
fn when(call: &BoardCall) -> Timestamp {
    let milestone = &call.milestone;
    milestone.actual.or(call.odds.map(|odds| odds.p50)).unwrap_or(milestone.planned)
}

/// All departures and arrivals of a consignment, behind and ahead.
pub(crate) fn calls_of(desk: &Desk, case: &CaseFile) -> Result<Vec<BoardCall>, Refusal> {
    let Some(itinerary) = case.state.itinerary.as_ref().map(|stated| &stated.fact) else {
        return Ok(Vec::new());
    };
    let reference = &case.row.reference;
    let progress = assess_progress(itinerary, &load_events(desk, reference)?);
    let eta: Option<Eta> =
        desk.store.find_last_eta(reference)?.and_then(|row| serde_json::from_str(&row.estimate).ok());
    let odds_of = |number: usize| {
        eta.as_ref()?.remaining.iter().find(|(ahead, _)| *ahead == number).map(|(_, odds)| *odds)
    };
    let next = progress.milestones.iter().position(|milestone| {
        matches!(milestone.code, MilestoneCode::Departed | MilestoneCode::Arrived) && !milestone.is_behind()
    });
    let transport = case.state.consignment.as_ref().map(|consignment| consignment.transport.as_slice());
    let participants: Vec<PartyId> =
        case.state.participants.iter().map(|stated| stated.fact.party.clone()).collect();
    let call = |(number, milestone): (usize, &Milestone)| {
        let Some(Step::Leg(leg)) = itinerary.steps.get(milestone.step) else { return None };
        if !matches!(milestone.code, MilestoneCode::Departed | MilestoneCode::Arrived) {
            return None;
        }
        let assigned = transport.into_iter().flatten().find(|one| one.from == leg.from && one.to == leg.to);
        Some(BoardCall {
            reference: reference.clone(),
            containers: case.summary.equipment.clone(),
            milestone: milestone.clone(),
            odds: odds_of(number).filter(|_| !milestone.is_behind()),
            leg: leg.clone(),
            means: assigned.map(|one| one.name.clone().unwrap_or_else(|| one.means.clone())),
            next: next == Some(number),
            participants: participants.clone(),
        })
    };
    Ok(progress.milestones.iter().enumerate().filter_map(call).collect())
}
