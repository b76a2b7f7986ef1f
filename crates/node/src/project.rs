//! Projections: from the facts of a consignment to its summary, its ETA and its rows.

use crate::alarms::{conditions_of, raise_alarms};
use crate::case_file::MovementFile;
use crate::circle::circle_of;
use crate::limits::{ETA_SAMPLES, SAME_ESTIMATE_S};
use crate::positions::{carriage_writes, observe_lately};
use crate::scribe::{Scribe, to_text};
use crate::summary::{ConsignmentState, PositionAt, Summary};
use crate::tracking_book::writes_of;
use crate::{Refusal, clear};
use kervan_customs::State;
use kervan_dossier::{Dossier, DossierState};
use kervan_events::{Event, MilestoneCode, Progress, assess_progress, assess_standing, course};
use kervan_model::{Consignment, Finding, Itinerary, Leg, PartyRole, Reference, Step};
use kervan_network::Network;
use kervan_store::{ConsignmentRow, EtaRow, ScoredRow, Topic, TrackingWrite, Write};
use kervan_tracking::alarm::{Watched, find_conditions};
use kervan_tracking::{Eta, EtaInputs, Given, Hold, LegPosition, estimate_arrival, score};
use kervan_units::{GeoPoint, Seconds};
use sha2::{Digest, Sha256};

/// Seed of a consignment's estimates: always the same, so that estimates differ only when a fact does.
fn eta_seed(reference: &Reference) -> u64 {
    let digest = Sha256::digest(reference.as_str().as_bytes());
    digest.iter().take(8).fold(0, |seed, byte| (seed << 8) | u64::from(*byte))
}

/// Writes the projections of a consignment: its summary, its movements, and a new ETA if a fact moved it.
pub(crate) fn project(
    scribe: &mut Scribe<'_, '_>,
    reference: &Reference,
    dossier: &Dossier,
    state: &DossierState,
    movements: &[MovementFile],
    events: &[Event],
    before: Option<&Summary>,
) -> Result<Summary, Refusal> {
    let now = scribe.call.now;
    let consignment = state
        .consignment
        .as_ref()
        .ok_or_else(|| Refusal::Broken("the dossier holds no readable consignment".into()))?;
    let itinerary = state.itinerary.as_ref().map(|stated| &stated.fact);
    let progress = itinerary.map(|itinerary| assess_progress(itinerary, events));
    let position = before.and_then(|summary| summary.position);
    let eta = match (itinerary, &progress) {
        (Some(itinerary), Some(progress)) => {
            Some(give_eta(scribe, reference, itinerary, progress, movements, position)?)
        }
        _ => None,
    };
    let mut summary = summarize(&scribe.desk.network, state, movements, progress.as_ref())?;
    summary.position = position;
    if let (Some(itinerary), Some(progress), Some(eta)) = (itinerary, &progress, &eta) {
        let parameters = &scribe.desk.rules.tracking;
        let writes = writes_of(reference, itinerary, progress, parameters)?;
        scribe.writes.extend(writes.into_iter().map(Write::Tracking));
        // Once: what comes after the delivery scores nothing again.
        if before.is_none_or(|summary| summary.delivered.is_none()) {
            keep_score(scribe, reference, itinerary, progress)?;
        }
        watch_over(scribe, consignment, itinerary, progress, events, eta)?;
    }
    if let Some(progress) = &progress {
        summary.eta = eta.map(|eta| eta.odds);
        summary.progress_permille = progress.share_permille(now);
    }
    for file in movements {
        scribe.writes.push(Write::Movement(clear::to_row(scribe.desk, file, reference, now)?));
    }
    scribe.writes.push(Write::Consignment(ConsignmentRow {
        reference: reference.clone(),
        dossier: dossier.id().clone(),
        state: summary.state.word().to_owned(),
        summary: to_text(&summary)?,
        updated: now,
    }));
    scribe.writes.push(Write::Circle(circle_of(reference, state, movements)));
    let carried = before.is_none_or(|before| before.delivered != summary.delivered)
        || events.iter().any(|event| event.parent.is_some());
    if carried {
        scribe.writes.extend(carriage_writes(reference, consignment, events, summary.delivered));
    }
    if before.is_none() {
        for item in &consignment.equipment {
            let number = item.number.to_string();
            scribe.writes.push(Write::Equipment { number, reference: reference.clone() });
        }
    }
    scribe.tell(Topic::Consignment, &summary)?;
    Ok(summary)
}

/// What a summary says that follows from facts alone, whenever it is made: all but the estimate, the last position and the share of
/// the way, which move with the clock.
///
/// Errors: the dossier holds no readable consignment.
pub(crate) fn summarize(
    network: &Network,
    state: &DossierState,
    movements: &[MovementFile],
    progress: Option<&Progress>,
) -> Result<Summary, Refusal> {
    let consignment = state
        .consignment
        .as_ref()
        .ok_or_else(|| Refusal::Broken("the dossier holds no readable consignment".into()))?;
    let mut summary = start_summary(consignment)?;
    if let (Some(itinerary), Some(progress)) = (&state.itinerary, progress) {
        let itinerary = &itinerary.fact;
        summary.planned_arrival = Some(itinerary.arrives.p50);
        summary.mode = leg_under_way(itinerary, progress).map(|leg| leg.mode);
        summary.last_event = progress.last().map(|milestone| {
            format!("{} {}", milestone.code.word().replace('_', " "), name(network, &milestone.place))
        });
    }
    summary.delivered = state.delivery.as_ref().map(|stated| stated.fact.at);
    summary.attention = attention(movements, network);
    summary.state = stand(&summary, progress);
    Ok(summary)
}

fn start_summary(consignment: &Consignment) -> Result<Summary, Refusal> {
    let more = consignment.goods.len().saturating_sub(1);
    let first = consignment.goods.first().map_or("", |item| item.description.as_str());
    let forwarder = consignment
        .find_party(PartyRole::Forwarder)
        .ok_or_else(|| Refusal::Broken("the consignment names no forwarder".into()))?;
    Ok(Summary {
        reference: consignment.reference.clone(),
        forwarder: forwarder.id.clone(),
        from: consignment.from.clone(),
        to: consignment.to.clone(),
        goods: if more == 0 { first.to_owned() } else { format!("{first} and {more} more") },
        equipment: consignment.equipment.iter().map(|item| item.number.clone()).collect(),
        state: ConsignmentState::Draft,
        ready: consignment.ready,
        planned_arrival: None,
        eta: None,
        delivered: None,
        position: None,
        progress_permille: 0,
        last_event: None,
        attention: None,
        mode: None,
    })
}

fn stand(summary: &Summary, progress: Option<&Progress>) -> ConsignmentState {
    let moved = progress.is_some_and(|progress| {
        progress.milestones.iter().any(|stone| stone.code == MilestoneCode::Departed && stone.is_behind())
    });
    match (summary.delivered, &summary.attention, moved, progress) {
        (Some(_), ..) => ConsignmentState::Delivered,
        (None, Some(_), ..) => ConsignmentState::Held,
        (None, None, true, _) => ConsignmentState::InTransit,
        (None, None, false, Some(_)) => ConsignmentState::Planned,
        (None, None, false, None) => ConsignmentState::Draft,
    }
}

/// What somebody should look at: a movement that is held or refused.
fn attention(movements: &[MovementFile], network: &Network) -> Option<String> {
    movements.iter().find_map(|file| {
        let (word, findings) = match &file.movement.state {
            State::UnderControl { findings, .. } => ("held", findings),
            State::Refused { findings, .. } => ("refused", findings),
            _ => return None,
        };
        let why = Finding::gravest(findings).map_or("", |finding| finding.message.as_str());
        Some(format!("{word} at {}: {why}", name(network, &file.entry_place)))
    })
}

pub(crate) fn name(network: &Network, code: &kervan_codes::PlaceCode) -> String {
    network.find_place(code).map_or_else(|| code.to_string(), |place| place.name.clone())
}

/// The leg that the goods are on: the last departure is behind and the arrival is not.
pub(crate) fn leg_under_way<'a>(itinerary: &'a Itinerary, progress: &Progress) -> Option<&'a Leg> {
    let next = progress.next().filter(|milestone| milestone.code == MilestoneCode::Arrived)?;
    let departed =
        progress.milestones.iter().any(|stone| stone.code == MilestoneCode::Departed && stone.is_behind());
    match itinerary.steps.get(next.step) {
        Some(Step::Leg(leg)) if departed => Some(leg),
        _ => None,
    }
}

fn give_eta(
    scribe: &mut Scribe<'_, '_>,
    reference: &Reference,
    itinerary: &Itinerary,
    progress: &Progress,
    movements: &[MovementFile],
    position: Option<PositionAt>,
) -> Result<Eta, Refusal> {
    let desk = scribe.desk;
    let last = desk.store.find_last_eta(reference)?;
    let previous: Option<Eta> = match &last {
        Some(row) => Some(
            serde_json::from_str(&row.estimate).map_err(|error| Refusal::broken("a stored ETA", &error))?,
        ),
        None => None,
    };
    let holds = list_holds(scribe, movements);
    let (now, parameters) = (scribe.call.now, &desk.rules.tracking);
    let mut eta = desk.with_tracking(|book| {
        let around = book.around(&desk.network, (itinerary, progress), parameters, now);
        estimate_arrival(&EtaInputs {
            itinerary,
            progress,
            holds: &holds,
            position: leg_under_way(itinerary, progress)
                .and_then(|leg| place_on(&desk.network, leg, position)),
            now,
            seed: eta_seed(reference),
            samples: ETA_SAMPLES,
            previous: previous.as_ref(),
            known: book.known(&around, parameters),
            place_name: &|code| name(&desk.network, code),
        })
    });
    let moved = previous.as_ref().is_none_or(|previous| has_moved(previous, &eta));
    if let Some(remark) = scribe.remark.filter(|_| moved) {
        eta.because = format!("{}; {remark}", eta.because);
    }
    if moved {
        scribe.writes.push(Write::Eta(EtaRow {
            reference: reference.clone(),
            given: eta.at,
            p10: eta.odds.p10,
            p50: eta.odds.p50,
            p90: eta.odds.p90,
            because: eta.because.clone(),
            estimate: to_text(&eta)?,
        }));
    }
    Ok(eta)
}

/// Whether an estimate is news: another fact behind it, or odds that moved by more than anybody would notice.
fn has_moved(before: &Eta, now: &Eta) -> bool {
    let facts = |eta: &Eta| kervan_tracking::Basis { measured: 0, ..eta.basis.clone() };
    let pairs =
        [(before.odds.p10, now.odds.p10), (before.odds.p50, now.odds.p50), (before.odds.p90, now.odds.p90)];
    let apart = |(one, other)| Seconds::between(one, other).max(Seconds::between(other, one)).get();
    facts(before) != facts(now) || pairs.into_iter().any(|pair| apart(pair) >= SAME_ESTIMATE_S)
}

/// Scores every estimate ever given, once the goods are there.
fn keep_score(
    scribe: &mut Scribe<'_, '_>,
    reference: &Reference,
    itinerary: &Itinerary,
    progress: &Progress,
) -> Result<(), Refusal> {
    let Some(actual) = progress.delivered() else { return Ok(()) };
    let mut given = Vec::new();
    for row in scribe.desk.store.list_etas(reference)? {
        let eta: Eta =
            serde_json::from_str(&row.estimate).map_err(|error| Refusal::broken("a stored ETA", &error))?;
        // Estimates of an older version have no intervals that could be scored.
        given.extend(eta.band.map(|band| Given { at: eta.at, band, levels: eta.levels }));
    }
    let route = route_of(itinerary);
    for scored in score(&scribe.desk.rules.tracking.scoring, &route, &given, actual) {
        scribe.writes.push(Write::Tracking(TrackingWrite::Scored(ScoredRow {
            reference: reference.clone(),
            horizon: scored.horizon,
            scored: to_text(&scored)?,
        })));
    }
    Ok(())
}

/// Where an itinerary leads from and to, as scores are grouped.
pub(crate) fn route_of(itinerary: &Itinerary) -> String {
    let end = |stay: Option<&kervan_model::Stay>| stay.map_or("", |stay| stay.place.as_str()).to_owned();
    format!("{}>{}", end(itinerary.stays().next()), end(itinerary.stays().last()))
}

fn watch_over(
    scribe: &mut Scribe<'_, '_>,
    consignment: &Consignment,
    itinerary: &Itinerary,
    progress: &Progress,
    events: &[Event],
    eta: &Eta,
) -> Result<(), Refusal> {
    let desk = scribe.desk;
    let standing = assess_standing(events);
    let mut found = find_conditions(&standing.events);
    if progress.delivered().is_none() {
        found.extend(conditions_of(&desk.network, &observe_lately(desk, consignment, itinerary, events)?));
    }
    let learned = desk.with_tracking(|book| book.learned_of(itinerary));
    let watched = Watched {
        reference: &consignment.reference,
        itinerary,
        progress,
        events: &standing.events,
        eta,
        learned: &learned,
        found: &found,
        parameters: &desk.rules.tracking,
        now: scribe.call.now,
        place_name: &|code| name(&desk.network, code),
    };
    raise_alarms(scribe, &watched)
}

/// Where a position lies on a leg, if it was taken after the departure and near the course.
fn place_on(network: &Network, leg: &Leg, position: Option<PositionAt>) -> Option<LegPosition> {
    /// Farther from the course than this the goods are not on this leg. Unit: metre.
    const FARTHEST_M: f64 = 100_000.0;
    let position = position?;
    let point =
        GeoPoint::from_degrees(f64::from(position.lat_e7) / 1e7, f64::from(position.lon_e7) / 1e7).ok()?;
    let nearest = course::nearest_on_course(&network.course_of_service(&leg.service), point)?;
    (nearest.off_m <= FARTHEST_M)
        .then(|| LegPosition { share_permille: (nearest.share * 1_000.0).round() as u16, at: position.at })
}

fn list_holds(scribe: &Scribe<'_, '_>, movements: &[MovementFile]) -> Vec<Hold> {
    let parameters = &scribe.desk.rules.parameters;
    movements
        .iter()
        .filter_map(|file| match &file.movement.state {
            State::UnderControl { at, findings, .. } => {
                let gravest = Finding::gravest(findings);
                Some((file, *at, gravest.map_or("control", |finding| finding.message.as_str())))
            }
            _ => None,
        })
        .map(|(file, since, reason)| Hold {
            place: file.entry_place.clone(),
            movement: Some(file.movement.id.clone()),
            since,
            duration: parameters.customs_hold,
            reason: reason.to_owned(),
            provenance: parameters.customs_hold_provenance.clone(),
        })
        .collect()
}
