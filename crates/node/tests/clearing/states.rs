//! Every kind of message against every state of a movement, as `transitions.csv` has it; what does not fit is refused as XML with
//! the code of the standard, recorded, and changes nothing.

use crate::world::{World, days, start};
use crate::xml::{declared, office_of, take_all};
use kervan_customs::{
    Content, Message, MessageKind, MessageSet, Movement, SenderRole, StateKind, Taking, receive,
};
use kervan_model::{Finding, Reference};
use kervan_node::{XmlOutcome, list_messages, take_xml, write_xml};
use std::collections::BTreeMap;

fn why(text: &str) -> Vec<Finding> {
    vec![Finding::error("customs.message-reason", text).rule("R0983")]
}

/// A movement of common transit that is declared, under a reference of its own, beside others of the same world.
fn another(world: &World, reference: &str) -> Reference {
    let reference = world.declare_changed(reference, start(), |file| {
        for (party, number) in file["parties"].as_array_mut().unwrap().iter_mut().zip(1..) {
            party["identifier"] = format!("TR{number:010}").into();
        }
    });
    let way = world.ways(&reference, &["common-transit"]).remove(0);
    world.accept(&reference, &way, start()).unwrap();
    reference
}

fn transit(world: &World, reference: &Reference) -> Movement {
    let mut files = world.movements(reference).into_iter();
    files.find(|file| file.movement.regime().as_str() == "common-transit").unwrap().movement
}

fn allocated(movement: &Movement) -> Content {
    let parts = kervan_codes::MrnParts {
        year: 2026,
        country: movement.departure().country,
        serial: movement.id.as_str().bytes().fold(7, |sum, byte| sum * 31 % 1_000_003 + u64::from(byte)),
    };
    Content::MrnAllocated { mrn: kervan_codes::Mrn::issue(parts) }
}

/// States to which a node is led, so that messages come as XML; the machine alone is led to every one.
const AS_XML: [StateKind; 4] =
    [StateKind::Accepted, StateKind::Released, StateKind::Discharged, StateKind::Refused];

/// The steps that lead a node to one of these states, each with who takes it; it decides and releases by itself.
fn steps(state: StateKind, movement: &Movement) -> Vec<(&'static str, Content)> {
    let gone = ("silkline", Content::Presentation);
    match state {
        StateKind::Accepted => vec![("departure", allocated(movement))],
        StateKind::Released => vec![gone],
        StateKind::Discharged => vec![gone, ("rail", Content::Arrival), ("departure", Content::WriteOff)],
        _ => vec![
            ("departure", allocated(movement)),
            ("departure", Content::NoRelease { findings: why("no") }),
        ],
    }
}

/// A declared movement, led to a state by the machine alone.
fn led(set: &MessageSet, declared: &Movement, state: StateKind) -> Movement {
    let lost = || Content::EnquiryRequest { reason: "where is it".into() };
    let released = || vec![allocated(declared), Content::Presentation, Content::Release];
    let after = |more: Vec<Content>| [released(), more].concat();
    let steps = match state {
        StateKind::Planned | StateKind::Declared => vec![],
        StateKind::Accepted => vec![allocated(declared)],
        StateKind::UnderControl => {
            vec![allocated(declared), Content::ControlDecision { findings: why("look") }]
        }
        StateKind::Released => released(),
        StateKind::Arrived => after(vec![Content::Arrival]),
        StateKind::Unloading => after(vec![Content::Arrival, Content::UnloadingPermission]),
        StateKind::UnderEnquiry => after(vec![lost()]),
        StateKind::UnderRecovery => after(vec![lost(), Content::Recovery { reason: "lost".into() }]),
        StateKind::Discharged => after(vec![Content::Arrival, Content::WriteOff]),
        StateKind::Refused => vec![allocated(declared), Content::NoRelease { findings: why("no") }],
    };
    let take = |movement: Movement, (number, content): (usize, Content)| {
        let message = Message { id: format!("{state}-{number}"), sent: days(20 + number as i64), content };
        receive(set, movement, &message, days(60)).movement
    };
    let led = steps.into_iter().enumerate().fold(declared.clone(), take);
    assert_eq!(led.state.kind(), state);
    led
}

/// Takes a movement to a state.
fn lead(world: &World, reference: &Reference, state: StateKind) -> Movement {
    let movement = transit(world, reference);
    let (departure, destination) = sides(&movement);
    for (number, (by, content)) in steps(state, &movement).into_iter().enumerate() {
        let by = match by {
            "departure" => departure.as_str(),
            "destination" => destination.as_str(),
            other => other,
        };
        let name = format!("{reference}-{number}");
        take_all(world, &movement.id, vec![(by, 20 + number as i64, &name, content)]);
    }
    let reached = transit(world, reference);
    assert_eq!(reached.state.kind(), state, "{reference}");
    reached
}

fn sides(movement: &Movement) -> (String, String) {
    let of = |territory: &kervan_model::TerritoryId| format!("customs-{}", territory.as_str().to_lowercase());
    (of(&movement.departure().territory), of(&movement.destination().territory))
}

/// One message of every kind that is written as XML, from movements on which everything happened: its number on the movement that
/// it was about comes with it.
fn harvest() -> BTreeMap<MessageKind, (Movement, Vec<u8>)> {
    let findings = || why("it differs");
    let reason = || "the consignee withdrew".to_owned();
    let days_of: [Vec<(&str, Content)>; 3] = [
        vec![
            ("silkline", Content::Presentation),
            ("departure", Content::Incident { description: "a wheel broke".into(), incidents: vec![] }),
            ("rail", Content::Arrival),
            ("destination", Content::ArrivalRejected { findings: findings() }),
            ("rail", Content::Arrival),
            ("destination", Content::UnloadingPermission),
            ("rail", Content::UnloadingRemarks { conform: true }),
            ("destination", Content::RemarksRejected { findings: findings() }),
            ("departure", Content::Discrepancies { findings: findings() }),
            ("destination", Content::GoodsRelease),
            ("destination", Content::ExportDestinationResult),
            ("departure", Content::WriteOff),
        ],
        vec![
            ("departure", Content::Acknowledgement),
            ("departure", Content::RequestToAmend { findings: findings() }),
            ("departure", Content::RequestRejected { findings: findings() }),
            ("silkline", Content::InvalidationRequest { reason: reason() }),
        ],
        vec![
            ("departure", Content::ControlDecision { findings: findings() }),
            ("departure", Content::ControlResult { satisfactory: true, findings: findings() }),
            ("silkline", Content::Presentation),
            ("departure", Content::Release),
            ("departure", Content::Recovery { reason: reason() }),
            ("departure", Content::GuarantorNotification { reason: reason() }),
        ],
    ];
    let mut found = BTreeMap::new();
    for (round, happened) in days_of.into_iter().enumerate() {
        let world = World::new();
        let reference = declared(&world);
        let movement = transit(&world, &reference);
        let (departure, destination) = (office_of(&world, &reference), sides(&movement).1);
        let mut all = happened;
        // An acknowledgement comes before the number.
        if round > 0 {
            all.insert(round % 2, ("departure", allocated(&movement)));
        }
        for (number, (by, content)) in all.into_iter().enumerate() {
            let by = match by {
                "departure" => departure.as_str(),
                "destination" => destination.as_str(),
                other => other,
            };
            take_all(
                &world,
                &movement.id,
                vec![(by, 20 + number as i64, &format!("M{round}-{number}"), content)],
            );
        }
        let after = transit(&world, &reference);
        for row in list_messages(&world.desk, &after).unwrap().iter().filter(|row| row.has_xml) {
            if let Ok(bytes) = write_xml(&world.desk, &after.id, row.number) {
                let kind =
                    MessageKind::ALL.iter().copied().find(|kind| kind.word() == row.kind.word()).unwrap();
                found.entry(kind).or_insert_with(|| (after.clone(), bytes));
            }
        }
    }
    found
}

/// The message about another movement, under a name of its own, written later than everything that has happened.
fn about(bytes: &[u8], from: &Movement, to: &Movement, name: &str) -> Vec<u8> {
    let mut text = String::from_utf8(bytes.to_vec()).unwrap();
    if let (Some(from), Some(to)) = (from.mrn(), to.mrn()) {
        text = text.replace(from.as_str(), to.as_str());
    }
    text = text.replace(&format!("<LRN>{}<", from.id), &format!("<LRN>{}<", to.id));
    for (element, value) in
        [("messageIdentification", name), ("preparationDateAndTime", "2027-03-01T00:00:00")]
    {
        let (opening, closing) = (format!("<{element}>"), format!("</{element}>"));
        let (begin, end) = (text.find(&opening).unwrap() + opening.len(), text.find(&closing).unwrap());
        text.replace_range(begin..end, value);
    }
    // What was to come when it was first written is to come still.
    let (opening, closing) = ("<arrivalDateAndTimeEstimated>", "</arrivalDateAndTimeEstimated>");
    let mut from = 0;
    while let Some(begin) = text[from..].find(opening).map(|at| from + at + opening.len()) {
        let end = begin + text[begin..].find(closing).unwrap();
        text.replace_range(begin..end, "2027-03-10T00:00:00");
        from = begin;
    }
    text.into_bytes()
}

fn sender_of(set: &MessageSet, movement: &Movement, kind: MessageKind) -> String {
    let (departure, destination) = sides(movement);
    match set.find_message(kind).unwrap().sender {
        SenderRole::Declarant => "silkline".into(),
        SenderRole::DestinationTrader | SenderRole::SealOperator => "rail".into(),
        SenderRole::Destination => destination,
        SenderRole::Departure | SenderRole::Exit | SenderRole::Transit | SenderRole::System => departure,
    }
}

/// What the machine says to a message of a kind in a state, by the table.
fn expected(set: &MessageSet, movement: &Movement, kind: MessageKind) -> &'static str {
    let state = movement.state.kind();
    match set.find_rule(state, kind) {
        Some(_) => "taken",
        None if set.may_fit_later(state, kind) => "waiting",
        None => "refused",
    }
}

#[test]
fn every_kind_of_message_against_every_state_is_taken_kept_or_refused_as_the_table_has_it() {
    let written = harvest();
    let world = World::new();
    world.guarantee_everything();
    let set = world.desk.rules.territories.find_message_set("ncts").unwrap();
    let declared = transit(&world, &another(&world, "KRV-2026-0600"));
    let (mut refused, mut by_xml) = (0, 0);
    for (number, state) in
        StateKind::ALL.iter().copied().filter(|state| *state != StateKind::Planned).enumerate()
    {
        let movement = led(set, &declared, state);
        for (kind, (from, _)) in &written {
            let cell = expected(set, &movement, *kind);
            // As the machine has it, on a copy.
            let content = from.messages.iter().find(|taken| taken.message.content.kind() == *kind).unwrap();
            let message = Message {
                id: format!("{kind} {state}"),
                sent: days(85),
                content: content.message.content.clone(),
            };
            let taking = receive(set, movement.clone(), &message, days(90)).taking;
            let fits = match &taking {
                Taking::Applied(_) => cell == "taken",
                Taking::Waiting(_) => cell != "refused",
                Taking::Refused(why) => cell == "refused" && why.error.code == "92",
                Taking::Duplicate(_) => false,
            };
            assert!(fits, "{kind} in {state}: {cell} by the table, {taking:?}");
            refused += usize::from(cell == "refused");
        }
        if !AS_XML.contains(&state) {
            continue;
        }
        let reference = another(&world, &format!("KRV-2026-06{:02}", number + 1));
        let movement = lead(&world, &reference, state);
        for (kind, (from, bytes)) in &written {
            if expected(set, &movement, *kind) != "refused" {
                continue;
            }
            // As a party sends it.
            let bytes = about(bytes, from, &movement, &format!("X{number}-{by_xml}"));
            let actor = sender_of(set, &movement, *kind);
            let answer = world.call(&actor, days(90), |call| take_xml(&world.desk, call, &bytes)).unwrap();
            assert_eq!(answer.outcome, XmlOutcome::Refused, "{kind} in {state}: {answer:#?}");
            let text = answer.refusal.as_ref().unwrap();
            assert!(
                text.contains("CC906C") && text.contains("<errorCode>92</errorCode>"),
                "{kind} in {state}: {text}"
            );
            assert_eq!(transit(&world, &reference), movement, "{kind} in {state} changed the movement");
            by_xml += 1;
        }
    }
    let recorded = world.desk.store.list_received(None, Some("refused"), 1_000).unwrap().len();
    assert_eq!(recorded, by_xml, "every refusal is recorded");
    println!("{} kinds, {refused} cells refused, {by_xml} of them as XML", written.len());
    assert!(written.len() >= 20 && refused > 80 && by_xml > 40, "{} kinds, {refused} refused", written.len());
}
