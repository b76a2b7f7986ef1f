//! Messages of common transit as XML: in, refused, and out.

use crate::world::{World, days, start};
use jiff::civil::date;
use jiff::tz::TimeZone;
use kervan_customs::{Content, Message, StateKind};
use kervan_model::Reference;
use kervan_ncts::build::{Answer, ArrivalCase, Control, Envelope, Holder, Party, Rejection};
use kervan_ncts::{MessageType, Phase, check, parse_message, write};
use kervan_node::{
    MovementFile, Refusal, XmlAnswer, XmlOutcome, list_messages, office_number, take_message, take_xml,
    write_xml,
};

/// A common transit that is declared and under a reference number, and its consignment.
fn declared(world: &World) -> Reference {
    world.guarantee_everything();
    let reference = world.declare("KRV-2026-0501", start());
    let way = world.ways(&reference, &["common-transit"]).remove(0);
    world.accept(&reference, &way, start()).unwrap();
    reference
}

fn transit(world: &World, reference: &Reference) -> MovementFile {
    world.under(reference, "common-transit")
}

fn envelope(id: &str) -> Envelope {
    Envelope {
        sender: "NTA.GE".into(),
        recipient: "KZ123456".into(),
        prepared: days(3).to_zoned(TimeZone::UTC).datetime(),
        identification: id.into(),
        correlation: None,
        phase: Phase::Ncts6,
    }
}

/// What the office of departure answers to this movement.
fn office(world: &World, file: &MovementFile, id: &str) -> Answer {
    Answer {
        envelope: envelope(id),
        lrn: file.movement.id.to_string(),
        mrn: file.movement.mrn().map(ToString::to_string),
        office: office_number(&world.desk.rules.territories, &file.movement.departure().code),
        holder: Holder {
            party: Party { identification: Some("KZ123456".into()), ..Party::default() },
            tir_identification: None,
        },
        representative: None,
    }
}

fn send(world: &World, actor: &str, bytes: &[u8]) -> Result<XmlAnswer, Refusal> {
    world.call(actor, days(20), |call| take_xml(&world.desk, call, bytes))
}

/// Code of the refusal and of its first error; the refusal is valid by the published schema.
fn refusal(answer: &XmlAnswer) -> (String, String) {
    assert_eq!(answer.outcome, XmlOutcome::Refused, "{answer:?}");
    let text = answer.refusal.as_ref().unwrap();
    let report = check(text.as_bytes());
    assert!(report.is_schema_valid(), "{:#?}\n{text}", report.faults);
    let message = parse_message(text.as_bytes()).unwrap();
    let code =
        ["FunctionalError/errorCode", "XMLError/errorCode"].iter().find_map(|path| message.find_value(path));
    (message.kind.code().to_owned(), code.unwrap_or_default().to_owned())
}

fn office_of(world: &World, reference: &Reference) -> String {
    format!("customs-{}", transit(world, reference).movement.departure().territory.as_str().to_lowercase())
}

#[test]
fn the_messages_of_an_office_move_a_movement_and_the_same_message_again_has_the_same_answer() {
    let world = World::new();
    let reference = declared(&world);
    let departure = office_of(&world, &reference);
    let file = transit(&world, &reference);
    assert_eq!(file.movement.state.kind(), StateKind::Declared);
    let parts = kervan_codes::MrnParts { year: 2026, country: file.movement.departure().country, serial: 77 };
    let mrn = kervan_codes::Mrn::issue(parts);
    let mut answer = office(&world, &file, "IE028-1");
    answer.mrn = Some(mrn.to_string());
    let allocated = write(&answer.mrn_allocated(date(2026, 12, 4)));
    let taken = send(&world, &departure, &allocated).unwrap();
    assert_eq!((taken.outcome, taken.state.as_deref()), (XmlOutcome::Applied, Some("accepted")), "{taken:?}");
    assert_eq!(send(&world, &departure, &allocated).unwrap(), taken, "the same answer");
    let accepted = transit(&world, &reference);
    assert_eq!(accepted.movement.mrn(), Some(&mrn));

    let control = [Control { kind: "10".into(), text: Some("seals".into()) }];
    let mut answer = office(&world, &accepted, "IE060-1");
    answer.envelope.prepared = days(4).to_zoned(TimeZone::UTC).datetime();
    let held = write(&answer.control(answer.envelope.prepared, "0", &control, &[]));
    let taken = send(&world, &departure, &held).unwrap();
    assert_eq!(
        (taken.outcome, taken.state.as_deref()),
        (XmlOutcome::Applied, Some("under_control")),
        "{taken:?}"
    );
    let messages = transit(&world, &reference).movement.messages;
    assert_eq!(messages.iter().filter(|taken| taken.message.id == "IE060-1").count(), 1);
}

/// What it is, who sends it, the message, and the code of the refusal with that of its first error.
type RefusedCase<'a> = (&'a str, &'a str, Vec<u8>, (&'a str, &'a str));

#[test]
fn what_does_not_fit_is_refused_as_the_standard_has_it_and_changes_nothing() {
    let world = World::new();
    let reference = declared(&world);
    let before = transit(&world, &reference).movement;
    let departure = office_of(&world, &reference);
    let mut arrival = ArrivalCase {
        envelope: envelope("A1"),
        mrn: "26GE00000000000ZZ0".into(),
        office: office_number(&world.desk.rules.territories, &before.destination().code),
        trader: "TR1234567890".into(),
    };
    let day = date(2026, 12, 4);
    let other = kervan_codes::MrnParts { year: 2026, country: before.departure().country, serial: 1 };
    arrival.mrn = kervan_codes::Mrn::issue(other).to_string();
    let unknown = write(&arrival.goods_released(day, "1"));

    let file = transit(&world, &reference);
    let mut wrong = office(&world, &file, "W1");
    wrong.mrn = Some(arrival.mrn.clone());
    let wrong_side = write(&wrong.mrn_allocated(day));
    let mut misfit = office(&world, &file, "M1");
    misfit.mrn = Some(arrival.mrn.clone());
    let rejection = kervan_ncts::build::FunctionalError {
        pointer: "/CC015C".into(),
        code: "14".into(),
        reason: "R0001".into(),
        value: None,
    };
    misfit.mrn = None;
    let rejected = Rejection {
        refused: "007".into(),
        at: misfit.envelope.prepared,
        code: "12".into(),
        reason: None,
        errors: vec![rejection],
    };
    let late = write(&misfit.rejection(&rejected));
    let cases: Vec<RefusedCase<'_>> = vec![
        ("no XML", &departure, b"this is no message".to_vec(), ("CC917C", "18")),
        (
            "a broken schema",
            &departure,
            b"<ncts:CC028C xmlns:ncts=\"http://ncts.dgtaxud.ec\"/>".to_vec(),
            ("CC917C", "13"),
        ),
        ("an unknown MRN", "customs-tr", unknown, ("CC906C", "90")),
        ("the wrong administration", "customs-tr", wrong_side, ("CC906C", "14")),
        ("a kind that the set has not", &departure, late, ("CC906C", "92")),
    ];
    for (what, actor, bytes, expected) in cases {
        let answer = send(&world, actor, &bytes).unwrap();
        let found = refusal(&answer);
        assert_eq!((found.0.as_str(), found.1.as_str()), expected, "{what}: {answer:#?}");
        assert_eq!(send(&world, actor, &bytes).unwrap(), answer, "{what}: the same answer");
        let after = transit(&world, &reference).movement;
        assert_eq!(after, before, "{what} changed the movement");
    }
    let note = transit(&world, &reference).refused;
    assert_eq!(note.len(), 1, "the wrong administration is remembered once with its movement");
    // Another message under an identification that was used.
    let mut again = office(&world, &file, "W1");
    again.mrn = None;
    let reused = write(&again.amendment_accepted(again.envelope.prepared, again.envelope.prepared));
    assert_eq!(refusal(&send(&world, "customs-tr", &reused).unwrap()), ("CC906C".into(), "26".into()));
}

#[test]
fn every_message_of_a_common_transit_is_written_valid_by_its_schema() {
    let world = World::new();
    let reference = declared(&world);
    let id = transit(&world, &reference).movement.id;
    let take = |actor: &str, day: i64, id_of: &str, content: Content| {
        let message = Message { id: id_of.into(), sent: days(day), content };
        world.call(actor, days(day), |call| take_message(&world.desk, call, &id, &message)).unwrap()
    };
    let departure = office_of(&world, &reference);
    take("silkline", 20, "present", Content::Presentation);
    assert_eq!(transit(&world, &reference).movement.state.kind(), StateKind::Released);
    let destination = {
        let file = transit(&world, &reference);
        format!("customs-{}", file.movement.destination().territory.as_str().to_lowercase())
    };
    take("rail", 31, "arrive", Content::Arrival);
    take(&destination, 32, "unload", Content::UnloadingPermission);
    take("rail", 33, "remarks", Content::UnloadingRemarks { conform: true });
    take(&destination, 34, "free", Content::GoodsRelease);
    take(&departure, 35, "end", Content::WriteOff);
    let file = world.movements(&reference).into_iter().find(|file| file.movement.id == id).unwrap();
    let rows = list_messages(&world.desk, &file.movement);
    let mut kinds = Vec::new();
    for row in rows.iter().filter(|row| row.has_xml) {
        let bytes = write_xml(&world.desk, &id, row.number).unwrap();
        let report = check(&bytes);
        assert!(
            report.is_schema_valid(),
            "{}: {:#?}\n{}",
            row.kind,
            report.faults,
            String::from_utf8_lossy(&bytes)
        );
        assert_eq!(report.message.map(MessageType::code), row.code.as_deref());
        kinds.push(row.code.clone().unwrap());
    }
    for code in ["CC015C", "CC028C", "CC029C", "CC170C"] {
        assert!(kinds.iter().any(|kind| kind == code), "{code} is not among {kinds:?}");
    }
    assert!(matches!(write_xml(&world.desk, &id, rows.len() + 1), Err(Refusal::NotFound { .. })));
    assert!(matches!(write_xml(&world.desk, &id, 0), Err(Refusal::NotFound { .. })));
}
