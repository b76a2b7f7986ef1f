//! Declarations before anything moves: derived when an itinerary is accepted, lodged when the law allows, kept in step when
//! another itinerary takes its place.

use crate::case_file::MovementFile;
use crate::clear::{CaseInputs, Side, assess, is_declared_so, step, take, write_declaration};
use crate::scribe::Scribe;
use crate::{Refusal, Registered};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_customs::{Content, Filing, Movement, MovementPlan, StateKind, plan_movements};
use kervan_dossier::Dossier;
use kervan_model::{Finding, Itinerary, MovementId};

/// Derives the movements of an itinerary and lodges those that may be lodged today. `files` holds those of an itinerary
/// that was accepted before: what both ways have in common is amended, what the new one no longer needs is invalidated.
///
/// Errors: the goods are released under a movement that the new way does not have.
pub(crate) fn plan_and_lodge(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    inputs: &CaseInputs,
    forwarder: &Registered,
    files: Vec<MovementFile>,
) -> Result<Vec<MovementFile>, Refusal> {
    let (Some(consignment), Some(itinerary)) = (&inputs.consignment, inputs.itinerary()) else {
        return Ok(files);
    };
    let plan = plan_movements(consignment, itinerary, &scribe.desk.rules.territories);
    let mut number = files.iter().map(|file| file.movement.plan.number).max().unwrap_or(0);
    let (mut open, mut kept): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|file| file.movement.state.kind() != StateKind::Refused);
    let first = open.is_empty() && kept.is_empty();
    for planned in plan.movements() {
        let gates = gates(itinerary, planned)?;
        if let Some(at) = open.iter().position(|file| is_same(&file.movement.plan, planned)) {
            let mut file = open.remove(at);
            keep_in_step(scribe, dossier, inputs, forwarder, (&mut file, planned, gates))?;
            kept.push(file);
            continue;
        }
        number = if first { planned.number } else { number.saturating_add(1) };
        let id: MovementId = format!("{}/{number}", consignment.reference)
            .parse()
            .map_err(|error| Refusal::broken("a movement id", &error))?;
        let planned = MovementPlan { number, ..planned.clone() };
        let movement = Movement::plan(id, planned, Filing::Prelodged, scribe.call.now);
        let mut file = MovementFile::new(movement, gates.0, gates.1);
        lodge_if_due(scribe, dossier, inputs, forwarder, &mut file)?;
        kept.push(file);
    }
    for mut file in open {
        give_up(scribe, dossier, &mut file)?;
        kept.push(file);
    }
    kept.sort_by_key(|file| (file.movement.state.kind() == StateKind::Refused, file.movement.plan.enters));
    Ok(kept)
}

/// Two plans of the same procedure between the same offices.
fn is_same(one: &MovementPlan, other: &MovementPlan) -> bool {
    (&one.procedure, &one.regime, &one.departure.code, &one.destination.code)
        == (&other.procedure, &other.regime, &other.departure.code, &other.destination.code)
}

/// Lodges a declaration if the law allows it by now. Returns whether it was lodged.
pub(crate) fn lodge_if_due(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    inputs: &CaseInputs,
    forwarder: &Registered,
    file: &mut MovementFile,
) -> Result<bool, Refusal> {
    let early = file.movement.plan.lodge_from.is_some_and(|from| from > scribe.call.now);
    if file.movement.state.kind() != StateKind::Planned || early {
        return Ok(false);
    }
    write_declaration(scribe, dossier, inputs, forwarder, &file.movement)?;
    step(scribe, file, Content::Declaration)?;
    Ok(true)
}

/// A movement that the new way has as well: its plan follows, and its declaration is amended as far as its state allows.
fn keep_in_step(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    inputs: &CaseInputs,
    forwarder: &Registered,
    (file, planned, gates): (&mut MovementFile, &MovementPlan, (PlaceCode, PlaceCode)),
) -> Result<(), Refusal> {
    let kind = file.movement.state.kind();
    if kind.is_released() {
        return Ok(());
    }
    let changed = MovementPlan { number: file.movement.plan.number, ..planned.clone() };
    (file.entry_place, file.exit_place) = gates;
    let same = changed == file.movement.plan;
    file.movement.plan = changed;
    if kind == StateKind::Planned {
        lodge_if_due(scribe, dossier, inputs, forwarder, file)?;
        return Ok(());
    }
    // The plan may be the same while the papers that the declaration names were issued anew.
    if same && is_declared_so(inputs, &file.movement) {
        return Ok(());
    }
    write_declaration(scribe, dossier, inputs, forwarder, &file.movement)?;
    step(scribe, file, Content::Amendment { reason: "another itinerary is accepted".to_owned() })?;
    (file.decision, file.case, file.proposal) = (None, None, None);
    take(scribe, dossier, file, Content::AmendmentAccepted, Side::Departure, None)?;
    if kind != StateKind::Declared {
        assess(scribe, dossier, file, inputs)?;
    }
    Ok(())
}

/// A movement that the new way does not need: the holder asks for invalidation, and the office grants it.
fn give_up(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    file: &mut MovementFile,
) -> Result<(), Refusal> {
    let kind = file.movement.state.kind();
    if kind == StateKind::Planned {
        // Nothing was lodged, so no office has to be asked.
        return step(scribe, file, Content::Invalidation).map(|_| ());
    }
    if kind == StateKind::Discharged {
        return Ok(());
    }
    if kind.is_released() {
        let id = &file.movement.id;
        let text =
            format!("the goods are under way under movement {id}, which the other itinerary does not have");
        return Err(Refusal::conflict(
            Finding::error("node.itinerary-under-way", text)
                .at(format!("/movements/{id}"))
                .source("Revised Kyoto Convention, specific annex E 1: a transit that has begun ends at its office of destination")
                .remedy("end the movement first, or choose an itinerary that keeps it"),
        ));
    }
    step(scribe, file, Content::InvalidationRequest { reason: "another itinerary is accepted".to_owned() })?;
    take(scribe, dossier, file, Content::Invalidation, Side::Departure, None)
}

/// The stays of the itinerary that stand for the offices of a movement.
fn gates(itinerary: &Itinerary, planned: &MovementPlan) -> Result<(PlaceCode, PlaceCode), Refusal> {
    let entry = gate(itinerary, planned.departure.place.as_ref(), planned.enters);
    let exit = gate(itinerary, planned.destination.place.as_ref(), planned.leaves);
    entry.zip(exit).ok_or_else(|| Refusal::Broken("an itinerary without a stay cannot be cleared".into()))
}

/// The stay of the itinerary that stands for an office: its own place, or the stay nearest in time.
fn gate(itinerary: &Itinerary, office: Option<&PlaceCode>, at: Timestamp) -> Option<PlaceCode> {
    let own = office.and_then(|place| itinerary.stays().find(|stay| stay.place == *place));
    let distance = |stay: &&kervan_model::Stay| stay.arrives.as_second().abs_diff(at.as_second());
    let stay = own.or_else(|| itinerary.stays().min_by_key(distance));
    stay.map(|stay| stay.place.clone())
}
