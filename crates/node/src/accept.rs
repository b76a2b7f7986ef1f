//! A forwarder accepts an itinerary: the way is fixed, its carriers and authorities take part, documents are issued,
//! declarations are lodged before anything moves.

use crate::case_file::load_events;
use crate::clear::{assess, load_case_inputs};
use crate::figure_version::{FigureVersion, plan_measured};
use crate::guarantee::retry_on_shortfall;
use crate::lodge::plan_and_lodge;
use crate::project::project;
use crate::reissue::renew_documents;
use crate::scribe::Scribe;
use crate::{Call, CaseFile, Desk, KeptPlan, Refusal};
use kervan_customs::plan_movements;
use kervan_dossier::{Fact, Participant};
use kervan_model::{Finding, Itinerary, Reference, Role};
use kervan_planning::{AlternativeId, PlanOptions, PlanRequest, find_alternative};

/// Accepts an alternative of a plan. The plan is computed again from its inputs, the measurements that it rested on among
/// them, so that nothing but the choice is taken from the caller. An itinerary that was accepted before gives way:
/// declarations that both need are amended, the others are invalidated; documents follow the new way.
///
/// Errors: the plan is not for this consignment, has no such alternative, is the one that is accepted already, or leaves a
/// movement under which the goods are on their way.
pub fn accept_itinerary(
    desk: &Desk,
    mut call: Call<'_>,
    reference: &Reference,
    request: &PlanRequest,
    options: &PlanOptions,
    (alternative, figures): (AlternativeId, FigureVersion),
) -> Result<CaseFile, Refusal> {
    retry_on_shortfall(|| accept_once(desk, &mut call, reference, (request, options, alternative, figures)))
}

fn accept_once(
    desk: &Desk,
    call: &mut Call<'_>,
    reference: &Reference,
    (request, options, alternative, figures): (&PlanRequest, &PlanOptions, AlternativeId, FigureVersion),
) -> Result<CaseFile, Refusal> {
    let _held = desk.hold(reference);
    let mut case = CaseFile::load(desk, reference)?;
    let forwarder = desk.party(&call.actor)?;
    check_fits(&case, request)?;
    let plan = plan_measured(desk, request, options, figures)?.plan;
    let chosen = find_alternative(&plan, alternative)
        .ok_or_else(|| Refusal::NotFound { what: "alternative", id: alternative.to_string() })?;
    let itinerary = chosen.itinerary.clone();
    check_other(&case, &itinerary)?;
    let participants = list_participants(desk, &case, &itinerary)?;
    let kept = KeptPlan {
        reference: Some(reference.clone()),
        author: call.actor.clone(),
        figures: figures.to_string(),
        chosen: Some(alternative),
        plan,
    };
    let kept = kept.row(call.now)?;

    let mut scribe = Scribe::new(desk, call);
    scribe.keep_plan(kept);
    let accepted = Fact::ItineraryAccepted { itinerary };
    scribe.assert(&mut case.dossier, &forwarder, Role::Forwarder, None, &accepted)?;
    if !participants.is_empty() {
        let admitted = Fact::ParticipantsAdmitted { participants };
        scribe.assert(&mut case.dossier, &forwarder, Role::Forwarder, None, &admitted)?;
    }
    renew_documents(&mut scribe, &mut case.dossier, &forwarder)?;
    let state = scribe.fold(&case.dossier)?;
    let inputs = load_case_inputs(desk, &state);
    let files = std::mem::take(&mut case.movements);
    let mut movements = plan_and_lodge(&mut scribe, &mut case.dossier, &inputs, &forwarder, files)?;
    // The first procedure begins where the goods are: nothing travels towards its office, so it is decided at once.
    if let Some(first) = movements.first_mut().filter(|first| first.decision.is_none()) {
        assess(&mut scribe, &mut case.dossier, first, &inputs)?;
    }
    let state = scribe.fold(&case.dossier)?;
    let events = load_events(desk, reference)?;
    project(&mut scribe, reference, &case.dossier, &state, &movements, &events, Some(&case.summary))?;
    scribe.save()?;
    CaseFile::load(desk, reference)
}

fn check_other(case: &CaseFile, itinerary: &Itinerary) -> Result<(), Refusal> {
    if case.find_itinerary() == Some(itinerary) {
        let text = "this itinerary is accepted for the consignment already";
        return Err(Refusal::conflict(
            Finding::error("node.itinerary-accepted", text)
                .remedy("nothing is to be done, or choose another one"),
        ));
    }
    Ok(())
}

fn check_fits(case: &CaseFile, request: &PlanRequest) -> Result<(), Refusal> {
    let Some(consignment) = &case.state.consignment else {
        return Err(Refusal::Broken("the dossier holds no readable consignment".into()));
    };
    let teu = |equipment: &[(u32, kervan_codes::SizeType)]| -> u32 {
        equipment.iter().map(|(count, size)| count * size.teu()).sum()
    };
    let mut findings = Vec::new();
    for (path, fits) in [
        ("/plan/from", request.from == consignment.from),
        ("/plan/to", request.to == consignment.to),
        ("/plan/equipment", teu(&request.equipment) == consignment.teu()),
    ] {
        if !fits {
            findings.push(
                Finding::error("node.plan-misfit", "the plan is not for this consignment")
                    .at(path)
                    .remedy("plan with the consignment's own origin, destination and equipment"),
            );
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(Refusal::Invalid(findings)) }
}

/// Carriers of the legs and administrations of the territories that are not participants yet.
fn list_participants(
    desk: &Desk,
    case: &CaseFile,
    itinerary: &Itinerary,
) -> Result<Vec<Participant>, Refusal> {
    let Some(consignment) = &case.state.consignment else {
        return Err(Refusal::Broken("the dossier holds no readable consignment".into()));
    };
    let clearance = plan_movements(consignment, itinerary, &desk.rules.territories);
    let mut wanted: Vec<Participant> = Vec::new();
    desk.with_registry(|registry| {
        let carriers = itinerary.legs().filter_map(|leg| registry.find_carrier(&leg.operator));
        let offices = clearance.movements().flat_map(|planned| [&planned.departure, &planned.destination]);
        let authorities = offices.filter_map(|office| registry.find_customs(&office.territory));
        for party in carriers.chain(authorities) {
            let id = &party.record.id;
            let known = case.state.participants.iter().any(|stated| stated.fact.party == *id);
            if !known && wanted.iter().all(|participant| participant.party != *id) {
                wanted.push(party.to_participant());
            }
        }
    });
    Ok(wanted)
}
