//! Clearance of one consignment: declarations at acceptance, decisions before arrival, release at presentation.
//!
//! Each act is signed by the party whose act it is: declarations and amendments by the forwarder, decisions by the customs
//! administration of the territory. What to do follows from the state of the movement alone.

use crate::case_file::MovementFile;
use crate::consistency::compare_party_names;
use crate::control_team::{may_give_way, rule_on};
use crate::guarantee::{cover, uncover};
use crate::replay::selection_of;
use crate::risk_book::select;
use crate::screening::list_holding;
use crate::scribe::{Scribe, to_text};
use crate::{Desk, Refusal, Registered, Rules};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kervan_codes::{CountryCode, Mrn, MrnParts, MrnProcedure};
use kervan_customs::{
    AttachedFacts, Case, Content, Decision, Declaration, DeclaredDocument, Filing, Message, MessageKind,
    Movement, MovementPlan, Outcome, Profiled, Selection, SenderRole, State, StateKind, Taking,
    apply_selection, decide, derive_declaration, receive,
};
use kervan_documents::check_consistency;
use kervan_dossier::{Dossier, DossierState, Fact, PackRef, TransitDecided, TransitDeclared};
use kervan_model::{Consignment, Finding, Itinerary, MovementId, PartyId, Role, TerritoryId};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What decisions look at besides the movement.
pub(crate) struct CaseInputs {
    pub(crate) consignment: Option<Consignment>,
    /// Who declared the consignment: the holder of its transit procedures.
    pub(crate) holder: Option<PartyId>,
    itinerary: Option<Itinerary>,
    pub(crate) attachments: Vec<AttachedFacts>,
    documents: Vec<DeclaredDocument>,
    pub(crate) consistency: Vec<Finding>,
    /// The declarations as they are lodged.
    lodged: BTreeMap<MovementId, serde_json::Value>,
}

impl CaseInputs {
    /// The accepted itinerary.
    pub(crate) fn itinerary(&self) -> Option<&Itinerary> {
        self.itinerary.as_ref()
    }
}

/// Collects what decisions look at from the state of a dossier.
pub(crate) fn load_case_inputs(desk: &Desk, state: &DossierState) -> CaseInputs {
    read_case_inputs(&desk.rules, state)
}

/// As [`load_case_inputs`], without a desk.
pub(crate) fn read_case_inputs(rules: &Rules, state: &DossierState) -> CaseInputs {
    let attached: Vec<_> = state.list_attached().cloned().collect();
    let consistency = state
        .consignment
        .as_ref()
        .map(|consignment| {
            let names = |ours: &str, theirs: &str| compare_party_names(&rules.names, ours, theirs);
            check_consistency(consignment, &attached, &rules.tolerances, &names)
        })
        .unwrap_or_default();
    CaseInputs {
        consignment: state.consignment.clone(),
        holder: state.declared_by.as_ref().map(|author| author.party.clone()),
        itinerary: state.itinerary.as_ref().map(|stated| stated.fact.clone()),
        attachments: state.list_attached().map(to_attached_facts).collect(),
        documents: state
            .list_current()
            .map(|stated| DeclaredDocument {
                type_code: stated.fact.type_code.clone(),
                number: stated.fact.number.clone(),
            })
            .collect(),
        consistency,
        lodged: state
            .movements
            .iter()
            .map(|(id, movement)| (id.clone(), movement.declared.fact.declaration.clone()))
            .collect(),
    }
}

fn to_attached_facts(document: &kervan_dossier::AttachedDocument) -> AttachedFacts {
    AttachedFacts {
        type_code: document.type_code.clone(),
        number: document.number.clone(),
        issuer: document.issuer.to_string(),
        facts: document.facts.clone(),
    }
}

pub(crate) fn derive(inputs: &CaseInputs, plan: &MovementPlan, filing: Filing) -> Option<Declaration> {
    let (consignment, itinerary) = (inputs.consignment.as_ref()?, inputs.itinerary.as_ref()?);
    Some(derive_declaration(consignment, itinerary, plan, filing, &inputs.documents))
}

/// Whether the declaration that is lodged says what would be declared now.
pub(crate) fn is_declared_so(inputs: &CaseInputs, movement: &Movement) -> bool {
    let declaration = serde_json::to_value(derive(inputs, &movement.plan, movement.filing));
    declaration.ok().as_ref() == inputs.lodged.get(&movement.id)
}

/// Writes the declaration of a movement into the dossier.
pub(crate) fn write_declaration(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    inputs: &CaseInputs,
    forwarder: &Registered,
    movement: &Movement,
) -> Result<(), Refusal> {
    let declaration = derive(inputs, &movement.plan, movement.filing);
    let declaration =
        serde_json::to_value(declaration).map_err(|error| Refusal::broken("a declaration", &error))?;
    let fact = Fact::TransitDeclared(TransitDeclared {
        movement: movement.id.clone(),
        territory: movement.territory().clone(),
        onward: movement
            .plan
            .territories
            .iter()
            .filter(|crossed| *crossed != movement.territory())
            .cloned()
            .collect(),
        regime: movement.regime().to_string(),
        declaration,
        office_of_departure: movement.departure().code.to_string(),
        office_of_destination: movement.destination().code.to_string(),
    });
    scribe.assert(dossier, forwarder, Role::Forwarder, None, &fact)
}

/// Decides on a movement that is declared and not decided yet: the pre-arrival decision.
pub(crate) fn assess(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    file: &mut MovementFile,
    inputs: &CaseInputs,
) -> Result<(), Refusal> {
    if file.movement.state.kind() == StateKind::Declared {
        let mrn = issue_mrn(&scribe.desk.rules, &file.movement, scribe.call.now);
        take(scribe, dossier, file, Content::MrnAllocated { mrn }, Side::Departure, None)?;
    }
    if file.movement.state.kind() != StateKind::Accepted {
        return Ok(());
    }
    if let (Some(consignment), Some(holder)) = (&inputs.consignment, &inputs.holder)
        && let Some(short) = cover(scribe, file, consignment, holder)?
    {
        return take(scribe, dossier, file, short, Side::Departure, None);
    }
    let (case, decision) = judge(scribe, file, inputs)?;
    file.case = Some(Box::new(case));
    file.decision = Some(decision.clone());
    match decision.outcome {
        Outcome::Release => release_if_presented(scribe, dossier, file),
        Outcome::Control => {
            let content = Content::ControlDecision { findings: decision.findings.clone() };
            take(scribe, dossier, file, content, Side::Departure, Some(&decision))
        }
        Outcome::Refuse => {
            let content = Content::NoRelease { findings: decision.findings.clone() };
            take(scribe, dossier, file, content, Side::Departure, Some(&decision))
        }
    }
}

fn judge(
    scribe: &mut Scribe<'_, '_>,
    file: &MovementFile,
    inputs: &CaseInputs,
) -> Result<(Case, Decision), Refusal> {
    let movement = &file.movement;
    let day = day_of(scribe.call.now);
    let packs = scribe.desk.rules.packs();
    let pack = packs.find_for(movement.territory(), movement.procedure(), day);
    let (Some(pack), Some(declaration)) = (pack, derive(inputs, &movement.plan, movement.filing)) else {
        return Err(Refusal::Broken(format!(
            "there is no rule pack in force for {} in {}; add one under data/rules",
            movement.procedure().word(),
            movement.territory()
        )));
    };
    let lodged = movement.lodged().unwrap_or(scribe.call.now);
    let case = Case {
        declaration,
        lodged,
        attachments: inputs.attachments.clone(),
        consistency: inputs.consistency.clone(),
    };
    let mut decision = decide(pack, &case, scribe.call.now);
    let mut selection = select(scribe.desk, movement, &case, &decision)?;
    let consignment = inputs.consignment.as_ref();
    selection.examined =
        !list_holding(scribe.desk, &scribe.writes, consignment, movement.territory())?.is_empty();
    rule_on(scribe, movement, &decision, &mut selection)?;
    if selection != Selection::default() || decision.profiles.iter().any(Profiled::selects) {
        apply_selection(&mut decision, &selection);
    }
    Ok((case, decision))
}

fn day_of(now: jiff::Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// The reference number of a movement: the issuing country, the year, digits drawn from the movement's own id, and the letter
/// of its regime.
fn issue_mrn(rules: &Rules, movement: &Movement, now: jiff::Timestamp) -> Mrn {
    let digest = Sha256::digest(movement.id.as_str().as_bytes());
    let serial = digest.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    let country: CountryCode = movement.departure().country;
    let regime = rules.territories.find_regime(movement.regime());
    let procedure = regime.and_then(|regime| regime.numbers).unwrap_or(MrnProcedure::Transit);
    Mrn::issue_for(MrnParts { year: day_of(now).year(), country, serial }, procedure)
}

/// The goods are at the office of departure: they are presented, and released if nothing stands against it.
pub(crate) fn present(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    file: &mut MovementFile,
    inputs: &CaseInputs,
) -> Result<(), Refusal> {
    if file.movement.state.kind() == StateKind::Planned
        && let Some(holder) = &inputs.holder
    {
        // The goods are there: from now on nothing is too early.
        let forwarder = scribe.desk.party(holder)?;
        write_declaration(scribe, dossier, inputs, &forwarder, &file.movement)?;
        step(scribe, file, Content::Declaration)?;
    }
    let waiting = matches!(
        file.movement.state.kind(),
        StateKind::Declared | StateKind::Accepted | StateKind::UnderControl
    );
    if file.movement.presented.is_some() || !waiting {
        return Ok(());
    }
    step(scribe, file, Content::Presentation)?;
    if file.movement.state.kind() == StateKind::UnderControl {
        return resume(scribe, dossier, file, inputs);
    }
    // A list may have been loaded, or a hit have been opened again, since the goods were decided on.
    let holding =
        list_holding(scribe.desk, &scribe.writes, inputs.consignment.as_ref(), file.movement.territory())?;
    if file.decision.is_none() || !holding.is_empty() {
        assess(scribe, dossier, file, inputs)
    } else {
        release_if_presented(scribe, dossier, file)
    }
}

/// Releases goods that are there and that only an examination has held, once it has ended, or that only risk has selected, if
/// cases of a higher value have taken the controls of the day.
pub(crate) fn resume(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    file: &mut MovementFile,
    inputs: &CaseInputs,
) -> Result<(), Refusal> {
    let State::UnderControl { findings, .. } = &file.movement.state else { return Ok(()) };
    // Findings beyond those of the decision are an officer's: then an officer ends what an officer began.
    let open = file.decision.as_ref().is_some_and(|decision| {
        let examined = decision.selection.as_ref().is_some_and(|selection| selection.examined);
        (examined || may_give_way(decision)) && decision.findings == *findings
    });
    if !open || file.movement.presented.is_none() {
        return Ok(());
    }
    let (case, decision) = judge(scribe, file, inputs)?;
    if decision.outcome != Outcome::Release {
        return Ok(());
    }
    (file.case, file.decision, file.proposal) = (Some(Box::new(case)), Some(decision.clone()), None);
    take(scribe, dossier, file, Content::Release, Side::Departure, Some(&decision))
}

pub(crate) fn release_if_presented(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    file: &mut MovementFile,
) -> Result<(), Refusal> {
    let decision = file.decision.clone().filter(|decision| decision.outcome == Outcome::Release);
    let ready = file.movement.presented.is_some() && file.movement.state.kind() == StateKind::Accepted;
    match decision {
        Some(decision) if ready => {
            take(scribe, dossier, file, Content::Release, Side::Departure, Some(&decision))
        }
        _ => Ok(()),
    }
}

/// The goods are at the office of destination: arrival, and discharge of the movement.
pub(crate) fn arrive(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    file: &mut MovementFile,
) -> Result<(), Refusal> {
    if file.movement.state.kind() != StateKind::Released {
        return Ok(());
    }
    // The carrier's event is the notification; the office notes that it has come.
    take(scribe, dossier, file, Content::Arrival, Side::Destination, None)?;
    let side = side_of(scribe.desk, &file.movement, MessageKind::WriteOff);
    take(scribe, dossier, file, Content::WriteOff, side, None)
}

/// After an amendment every movement that is not released yet is lodged again and, if it was decided, decided anew.
pub(crate) fn after_amendment(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    files: &mut [MovementFile],
    inputs: &CaseInputs,
    forwarder: &Registered,
    reason: &str,
) -> Result<(), Refusal> {
    for file in files {
        let kind = file.movement.state.kind();
        if !matches!(kind, StateKind::Declared | StateKind::Accepted | StateKind::UnderControl) {
            continue;
        }
        write_declaration(scribe, dossier, inputs, forwarder, &file.movement)?;
        step(scribe, file, Content::Amendment { reason: reason.to_owned() })?;
        if kind != StateKind::Declared {
            (file.decision, file.case, file.proposal) = (None, None, None);
            take(scribe, dossier, file, Content::AmendmentAccepted, Side::Departure, None)?;
            assess(scribe, dossier, file, inputs)?;
        }
    }
    Ok(())
}

/// The end of a movement whose administration sends a message.
pub(crate) fn side_of(desk: &Desk, movement: &Movement, kind: MessageKind) -> Side {
    let set = desk.rules.territories.messages_of(movement.regime());
    match set.find_message(kind).map(|row| row.sender) {
        Some(SenderRole::Destination) => Side::Destination,
        _ => Side::Departure,
    }
}

/// Which end of a movement acts.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    /// The administration of the office of departure.
    Departure,
    /// The administration of the office of destination.
    Destination,
}

/// Takes in a message of an administration and writes what it did into the dossier, signed by that administration.
pub(crate) fn take(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    file: &mut MovementFile,
    content: Content,
    side: Side,
    decision: Option<&Decision>,
) -> Result<(), Refusal> {
    let office = match side {
        Side::Departure => file.movement.departure(),
        Side::Destination => file.movement.destination(),
    };
    let territory = office.territory.clone();
    let from = file.movement.state.kind();
    // What an officer found goes into the dossier; a plain step says which rule of the machine it is.
    let found = match &content {
        Content::ControlDecision { findings }
        | Content::ControlResult { findings, .. }
        | Content::NoRelease { findings } => findings.clone(),
        _ => Vec::new(),
    };
    let (message, because) = step(scribe, file, content)?;
    let found = if found.is_empty() { vec![Finding::info("customs.step", because)] } else { found };
    write_decision(scribe, dossier, file, (from, &message, found), &territory, decision)
}

/// Writes what a message of an administration did into the dossier, signed by that administration. `what` is the state
/// before, the message and what it found.
pub(crate) fn write_decision(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    file: &mut MovementFile,
    what: (StateKind, &str, Vec<Finding>),
    territory: &TerritoryId,
    decision: Option<&Decision>,
) -> Result<(), Refusal> {
    let (from, message, found) = what;
    let customs = find_customs(scribe.desk, territory)?;
    if file.movement.state.kind().is_end() {
        uncover(scribe, file);
    }
    let fact = Fact::TransitDecided(TransitDecided {
        movement: file.movement.id.clone(),
        territory: territory.clone(),
        message: message.to_owned(),
        from_state: from.word().to_owned(),
        to_state: file.movement.state.kind().word().to_owned(),
        mrn: file.movement.mrn().cloned(),
        outcome: decision.map(|decision| decision.outcome.word().to_owned()),
        findings: decision.map_or(found, |decision| decision.findings.clone()),
        rule_pack: decision.map(|decision| PackRef {
            id: decision.rule_pack.id.clone(),
            version: decision.rule_pack.version.clone(),
            hash: decision.rule_pack.hash.clone(),
        }),
        decided: decision.map(|decision| decision.at),
        case: match (decision, &file.case) {
            (Some(_), Some(case)) => {
                serde_json::to_value(case).map_err(|error| Refusal::broken("a case", &error))?
            }
            _ => serde_json::Value::Null,
        },
        selection: selection_of(decision)?,
        officers: scribe.officers.clone(),
    });
    scribe.assert(dossier, &customs, Role::Customs, Some(territory), &fact)
}

/// Writes a remark of the administration of departure on a movement into the dossier; its state stays as it is.
pub(crate) fn note(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    file: &MovementFile,
    message: &str,
    findings: Vec<Finding>,
) -> Result<(), Refusal> {
    let territory = file.movement.departure().territory.clone();
    let customs = find_customs(scribe.desk, &territory)?;
    let state = file.movement.state.kind().word().to_owned();
    let fact = Fact::TransitDecided(TransitDecided {
        movement: file.movement.id.clone(),
        territory: territory.clone(),
        message: message.to_owned(),
        from_state: state.clone(),
        to_state: state,
        mrn: file.movement.mrn().cloned(),
        outcome: None,
        findings,
        rule_pack: None,
        decided: None,
        case: serde_json::Value::Null,
        selection: serde_json::Value::Null,
        officers: scribe.officers.clone(),
    });
    scribe.assert(dossier, &customs, Role::Customs, Some(&territory), &fact)
}

/// Moves the state machine by one message.
pub(crate) fn step(
    scribe: &Scribe<'_, '_>,
    file: &mut MovementFile,
    content: Content,
) -> Result<(String, String), Refusal> {
    let now = scribe.call.now;
    let id = format!("{}-{}", file.movement.id, file.movement.messages.len() + 1);
    let message = Message { id, sent: now, content };
    let set = scribe.desk.rules.territories.messages_of(file.movement.regime());
    let reception = receive(set, file.movement.clone(), &message, now);
    match reception.taking {
        Taking::Applied(transition) => {
            file.movement = reception.movement;
            Ok((transition.message.word().to_owned(), transition.because))
        }
        Taking::Waiting(finding) | Taking::Duplicate(finding) => Err(Refusal::conflict(finding)),
        Taking::Refused(refused) => Err(Refusal::conflict(refused.finding)),
    }
}

/// The administration of a territory as this node knows it.
pub(crate) fn find_customs(desk: &Desk, territory: &TerritoryId) -> Result<Registered, Refusal> {
    desk.with_registry(|registry| registry.find_customs(territory).cloned()).ok_or_else(|| {
        let message = format!("no customs administration of {territory} is registered at this node");
        let finding = Finding::error("node.no-administration", message);
        Refusal::conflict(finding.remedy("kervan party add ID --role customs --territory CODE registers one"))
    })
}

/// The row of a movement.
pub(crate) fn to_row(
    desk: &Desk,
    file: &MovementFile,
    reference: &kervan_model::Reference,
    now: jiff::Timestamp,
) -> Result<kervan_store::MovementRow, Refusal> {
    Ok(kervan_store::MovementRow {
        id: file.movement.id.clone(),
        reference: reference.clone(),
        state: file.movement.state.kind().word().to_owned(),
        movement: to_text(file)?,
        updated: now,
        due: crate::clock::next_look(desk, file, now),
        mrn: file.movement.mrn().map(ToString::to_string),
    })
}
