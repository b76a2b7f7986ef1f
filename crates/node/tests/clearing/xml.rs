//! Messages of common transit as XML: in, refused, and out.

use crate::world::{World, days, start};
use jiff::civil::date;
use jiff::tz::TimeZone;
use kervan_customs::{Content, Message, StateKind};
use kervan_model::{Finding, MovementId, Reference};
use kervan_ncts::build::{Answer, ArrivalCase, Control, Envelope, Holder, Party, Rejection};
use kervan_ncts::{MessageType, Phase, Verdict, check, parse_message, write};
use kervan_node::{
    MovementFile, Refusal, XmlAnswer, XmlOutcome, list_messages, office_number, take_message, take_xml,
    write_xml,
};

/// A common transit that is declared and under a reference number, and its consignment.
pub(crate) fn declared(world: &World) -> Reference {
    world.guarantee_everything();
    let export = export_number("26KZ000000004711A").unwrap_or_default();
    let documents = serde_json::json!([{ "type_code": "830", "number": export, "issued": "2026-11-20", "previous": true }]);
    let reference = world.declare_with("KRV-2026-0501", start(), documents);
    let way = world.ways(&reference, &["common-transit"]).remove(0);
    world.accept(&reference, &way, start()).unwrap();
    reference
}

/// The number of an export declaration with its check digit.
fn export_number(body: &str) -> Option<String> {
    let digit = kervan_codes::Mrn::check_digit_of(&format!("{body}0"))?;
    Some(format!("{body}{digit}"))
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

pub(crate) fn office_of(world: &World, reference: &Reference) -> String {
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

/// Who sends a message, on which day, under which id, and what it says.
pub(crate) type Sent<'a> = (&'a str, i64, &'a str, Content);

pub(crate) fn take_all(world: &World, id: &MovementId, all: Vec<Sent<'_>>) {
    for (actor, day, name, content) in all {
        let message = Message { id: name.into(), sent: days(day), content };
        let answer =
            world.call(actor, days(day), |call| take_message(&world.desk, call, id, &message)).unwrap().1;
        assert!(matches!(answer, kervan_node::Answer::Applied(_)), "{name}: {answer:?}");
    }
}

/// The codes of every message of a movement that is written; each is valid by its schema and within the rules.
fn written(world: &World, reference: &Reference, id: &MovementId) -> Vec<String> {
    // What a movement has no facts for is not written at all: the tests give every trader its number.
    let file = world.movements(reference).into_iter().find(|file| file.movement.id == *id).unwrap();
    let rows = list_messages(&world.desk, &file.movement).unwrap();
    assert!(matches!(write_xml(&world.desk, id, rows.len() + 1), Err(Refusal::NotFound { .. })));
    assert!(matches!(write_xml(&world.desk, id, 0), Err(Refusal::NotFound { .. })));
    let mut codes = Vec::new();
    for row in rows.iter().filter(|row| row.has_xml) {
        let bytes = match write_xml(&world.desk, id, row.number) {
            Ok(bytes) => bytes,
            // The movement lacks a fact that the message needs.
            Err(Refusal::NotFound { .. }) => continue,
            Err(refusal) => panic!("{}, {}: {refusal:?}", row.kind, row.id),
        };
        let (report, text) = (check(&bytes), String::from_utf8_lossy(&bytes));
        assert_eq!(report.verdict, Verdict::Valid, "{}: {:#?}\n{text}", row.kind, report.faults);
        assert_eq!(report.message.map(MessageType::code), row.code.as_deref());
        libxml2_agrees(row.code.as_deref().unwrap(), &bytes);
        codes.push(row.code.clone().unwrap());
    }
    codes
}

/// The published schemas, read by libxml2, where both are there.
fn libxml2_agrees(code: &str, bytes: &[u8]) {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/ncts/xsd");
    let schema = std::path::Path::new(root).join(format!("{}.xsd", code.to_lowercase()));
    if !schema.exists() {
        println!("the published schemas are not here; {code} was not held against them");
        return;
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let run = std::process::Command::new("xmllint")
        .args(["--noout", "--schema"])
        .arg(schema)
        .arg(file.path())
        .output();
    match run {
        Ok(output) => assert!(output.status.success(), "{code}: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => println!("xmllint is not here ({error}); {code} was not held against it"),
    }
}

fn found(text: &str) -> Vec<Finding> {
    vec![Finding::error("customs.message-reason", text).rule("R0983")]
}

fn assert_has(codes: &[String], wanted: &[&str]) {
    for code in wanted {
        assert!(codes.iter().any(|known| known == code), "{code} is not among {codes:?}");
    }
}

#[test]
fn every_message_of_a_transit_that_is_released_is_written_valid() {
    let world = World::new();
    let reference = declared(&world);
    let id = transit(&world, &reference).movement.id;
    let departure = office_of(&world, &reference);
    take_all(&world, &id, vec![("silkline", 20, "present", Content::Presentation)]);
    let file = transit(&world, &reference);
    assert_eq!(file.movement.state.kind(), StateKind::Released);
    let destination = format!("customs-{}", file.movement.destination().territory.as_str().to_lowercase());
    let (departure, destination) = (departure.as_str(), destination.as_str());
    take_all(
        &world,
        &id,
        vec![
            (
                departure,
                25,
                "incident",
                Content::Incident { description: "a wheel broke".into(), incidents: vec![] },
            ),
            ("rail", 30, "arrive", Content::Arrival),
            (destination, 31, "no", Content::ArrivalRejected { findings: found("the office is another") }),
            ("rail", 32, "again", Content::Arrival),
            (destination, 33, "unload", Content::UnloadingPermission),
            ("rail", 34, "remarks", Content::UnloadingRemarks { conform: true }),
            (destination, 35, "what", Content::RemarksRejected { findings: found("a seal is missing") }),
            (departure, 36, "differ", Content::Discrepancies { findings: found("one carton short") }),
            (destination, 37, "free", Content::GoodsRelease),
            (destination, 38, "export", Content::ExportDestinationResult),
            (departure, 39, "end", Content::WriteOff),
        ],
    );
    let codes = written(&world, &reference, &id);
    let wanted = [
        "CC015C", "CC028C", "CC170C", "CC029C", "CC182C", "CC007C", "CC057C", "CC043C", "CC044C", "CC019C",
        "CC025C", "CC042C", "CC045C",
    ];
    assert_has(&codes, &wanted);
}

#[test]
fn every_message_of_a_transit_that_is_held_is_written_valid() {
    let world = World::new();
    let reference = declared(&world);
    let id = transit(&world, &reference).movement.id;
    let departure = office_of(&world, &reference);
    let departure = departure.as_str();
    let mrn = {
        let file = transit(&world, &reference);
        let country = file.movement.departure().country;
        kervan_codes::Mrn::issue(kervan_codes::MrnParts { year: 2026, country, serial: 9 })
    };
    let reason = || "the consignee withdrew".to_owned();
    take_all(
        &world,
        &id,
        vec![
            (departure, 2, "ack", Content::Acknowledgement),
            (departure, 3, "mrn", Content::MrnAllocated { mrn }),
            (departure, 4, "wish", Content::RequestToAmend { findings: found("masses differ") }),
            (departure, 6, "not", Content::RequestRejected { findings: found("too late") }),
            ("silkline", 7, "ask", Content::InvalidationRequest { reason: reason() }),
        ],
    );
    // What the office answers by itself to a request differs; the rest is told by it.
    let state = world.movements(&reference).into_iter().find(|file| file.movement.id == id).unwrap();
    let codes = written(&world, &reference, &id);
    assert_has(&codes, &["CC928C", "CC028C", "CC022C", "CC056C", "CC014C", "CC009C"]);
    assert!(state.movement.state.kind().is_end());
    take_all(&world, &id, vec![(departure, 9, "told", Content::ExportInvalidated)]);
    assert_has(&written(&world, &reference, &id), &["CC040C"]);
}

#[test]
fn results_of_a_control_export_and_recovery_are_written_valid() {
    let world = World::new();
    let reference = declared(&world);
    let id = transit(&world, &reference).movement.id;
    let departure = office_of(&world, &reference);
    let departure = departure.as_str();
    let country = transit(&world, &reference).movement.departure().country;
    let mrn = kervan_codes::Mrn::issue(kervan_codes::MrnParts { year: 2026, country, serial: 10 });
    let result =
        |satisfactory: bool, text: &str| Content::ControlResult { satisfactory, findings: found(text) };
    take_all(
        &world,
        &id,
        vec![
            (departure, 3, "mrn", Content::MrnAllocated { mrn }),
            (departure, 4, "export", Content::ExportPresentation),
            (departure, 5, "answer", Content::ExportPresentationAnswer { accepted: true }),
            (departure, 7, "look", Content::ControlDecision { findings: found("open one container") }),
            (departure, 8, "found", result(false, "two cartons short")),
            (departure, 9, "clean", result(true, "all there")),
            ("silkline", 10, "present", Content::Presentation),
            (departure, 11, "go", Content::Release),
            (departure, 60, "debt", Content::Recovery { reason: "it never came".into() }),
            (departure, 61, "bank", Content::GuarantorNotification { reason: "not discharged".into() }),
            (departure, 62, "aes", Content::ExportRecovery),
        ],
    );
    let codes = written(&world, &reference, &id);
    let wanted = ["CC190C", "CC191C", "CC060C", "CC017C", "CC023C", "CC048C"];
    assert_has(&codes, &wanted);
}

#[test]
fn the_debt_of_a_transit_that_is_recovered_is_what_its_guarantee_stands_for() {
    let world = World::new();
    let reference = declared(&world);
    let id = transit(&world, &reference).movement.id;
    let departure = office_of(&world, &reference);
    let debt = Content::Recovery { reason: "it never came".into() };
    let steps =
        vec![("silkline", 20, "present", Content::Presentation), (departure.as_str(), 60, "debt", debt)];
    take_all(&world, &id, steps);
    assert_has(&written(&world, &reference, &id), &["CC029C", "CC035C"]);
}

#[test]
fn what_came_in_is_kept_byte_for_byte_and_the_signed_entry_names_it() {
    let world = World::new();
    let reference = declared(&world);
    let departure = office_of(&world, &reference);
    let file = transit(&world, &reference);
    let mut answer = office(&world, &file, "IE028-9");
    let country = file.movement.departure().country;
    let mrn = kervan_codes::Mrn::issue(kervan_codes::MrnParts { year: 2026, country, serial: 78 });
    answer.mrn = Some(mrn.to_string());
    let mut bytes = write(&answer.mrn_allocated(date(2026, 12, 4)));
    bytes.extend_from_slice(b"<!-- as it came -->\n");
    send(&world, &departure, &bytes).unwrap();
    let broken = b"<ncts:CC028C xmlns:ncts=\"http://ncts.dgtaxud.ec\"/>".to_vec();
    let refused = send(&world, &departure, &broken).unwrap();

    let rows = world.desk.store.list_received(None, None, 10).unwrap();
    let outcomes: Vec<&str> = rows.iter().map(|row| row.outcome.as_str()).collect();
    assert_eq!(outcomes, ["refused", "applied"], "the latest first");
    let found: Vec<_> =
        rows.iter().map(|row| world.desk.store.find_message(&row.hash).unwrap().unwrap()).collect();
    assert_eq!((&found[0].content, &found[0].refusal), (&broken, &refused.refusal));
    assert_eq!(found[1].content, bytes);
    assert_eq!(found[1].movement.as_ref(), Some(&file.movement.id));
    let after = transit(&world, &reference).movement;
    let listed = list_messages(&world.desk, &after).unwrap();
    let row = listed.iter().find(|row| row.id == "IE028-9").unwrap();
    assert_eq!(row.original.as_ref(), Some(&found[1].hash));
    let case = kervan_node::CaseFile::load(&world.desk, &reference).unwrap();
    let entries = world.desk.store.list_entries(case.dossier.id()).unwrap();
    assert!(entries.iter().any(|entry| entry.contains(&found[1].hash)), "no entry names the original");

    // The bytes of what changed nothing are forgotten after a year, and what became of it is not.
    let party = departure.parse().unwrap();
    let kept = || world.desk.store.bytes_of_messages(&party).unwrap();
    let bytes_of = |at: usize| world.desk.store.find_message(&rows[at].hash).unwrap().unwrap().content;
    assert_eq!(kept(), (bytes.len() + broken.len()) as u64);
    world.tick(days(300));
    assert_eq!(bytes_of(0), broken);
    world.tick(days(20 + 367));
    assert_eq!((bytes_of(0), bytes_of(1)), (Vec::new(), bytes.clone()));
    assert_eq!(kept(), bytes.len() as u64);
    assert_eq!(world.desk.store.list_received(None, Some("refused"), 10).unwrap().len(), 1);
}

/// Messages about a movement that has its number: by whom each is rightly sent, and what it is.
fn about(world: &World, file: &MovementFile, round: usize) -> Vec<(&'static str, Vec<u8>)> {
    let mut answer = office(world, file, "");
    answer.envelope.prepared = days(40 + i64::try_from(round).unwrap()).to_zoned(TimeZone::UTC).datetime();
    let named = |name: &str| {
        let envelope = Envelope { identification: format!("{name}-{round}"), ..answer.envelope.clone() };
        Answer { envelope, ..answer.clone() }
    };
    let case = |name: &str| ArrivalCase {
        envelope: named(name).envelope,
        mrn: file.movement.mrn().map(ToString::to_string).unwrap_or_default(),
        office: office_number(&world.desk.rules.territories, &file.movement.destination().code),
        trader: "TR1234567890".into(),
    };
    let (day, at) = (date(2027, 1, 10), answer.envelope.prepared);
    let control = [Control { kind: "10".into(), text: None }];
    vec![
        ("departure", write(&named("IE004").amendment_accepted(at, at))),
        ("departure", write(&named("IE045").write_off(day))),
        ("departure", write(&named("IE060").control(at, "0", &control, &[]))),
        ("departure", write(&named("IE051").no_release(at, "G1", "no"))),
        ("destination", write(&case("IE025").goods_released(day, "1"))),
        ("departure", write(&named("IE019").discrepancies(day, None))),
        ("departure", write(&named("IE023").guarantor_notification(day, day, None, &answer.office))),
    ]
}

#[test]
fn whatever_the_state_a_message_is_applied_kept_or_refused_by_its_code_and_a_refusal_changes_nothing() {
    let world = World::new();
    let reference = declared(&world);
    let id = transit(&world, &reference).movement.id;
    let movement = || world.movements(&reference).into_iter().find(|file| file.movement.id == id).unwrap();
    let departure = office_of(&world, &reference);
    let destination =
        format!("customs-{}", movement().movement.destination().territory.as_str().to_lowercase());
    take_all(&world, &id, vec![("silkline", 20, "present", Content::Presentation)]);
    let mut seen = std::collections::BTreeSet::new();
    for round in 0..4 {
        for (side, bytes) in about(&world, &movement(), round) {
            let right = if side == "departure" { &departure } else { &destination };
            for (actor, wrong) in [("customs-cn", true), (right.as_str(), false)] {
                // Each sender has identifications of its own.
                let before = movement().movement;
                let answer = world.call(actor, days(60), |call| take_xml(&world.desk, call, &bytes)).unwrap();
                let after = movement().movement;
                seen.insert((answer.message.clone(), answer.outcome.word()));
                match answer.outcome {
                    XmlOutcome::Refused => {
                        let (message, code) = refusal(&answer);
                        let expected = if wrong { "14" } else { "92" };
                        assert_eq!((message.as_str(), code.as_str()), ("CC906C", expected), "{answer:?}");
                        assert_eq!(after, before);
                    }
                    XmlOutcome::Waiting => {
                        assert_eq!((&after.state, &after.history), (&before.state, &before.history))
                    }
                    XmlOutcome::Applied => assert!(!wrong && after.history.len() > before.history.len()),
                    XmlOutcome::Duplicate => panic!("each has an identification of its own: {answer:?}"),
                }
            }
        }
        let next = match round {
            0 => ("rail", 40, "arrive", Content::Arrival),
            _ => continue,
        };
        take_all(&world, &id, vec![next]);
    }
    let refused = world.desk.store.list_received(None, Some("refused"), 1_000).unwrap();
    assert!(refused.iter().all(|row| row.refusal.is_some()) && refused.len() >= 28, "{}", refused.len());
    // The write-off was there before the arrival that it needs, and took effect with it.
    let ended = movement().movement;
    assert!(ended.state.kind().is_end(), "{seen:?}");
    assert!(ended.history.iter().any(|step| step.message_id == "IE045-0"), "{:#?}", ended.history);
}

/// Everything that a message can say of incidents is kept and told on as it came.
#[test]
fn an_incident_is_told_on_with_all_that_is_known_of_it() {
    let world = World::new();
    let reference = declared(&world);
    let id = transit(&world, &reference).movement.id;
    take_all(&world, &id, vec![("silkline", 20, "present", Content::Presentation)]);
    let file = transit(&world, &reference);
    let incident = kervan_customs::Incident {
        code: "3".into(),
        text: "the goods were loaded onto another lorry".into(),
        location: kervan_customs::IncidentLocation {
            qualifier: "Z".into(),
            country: "TR".into(),
            address: Some(("Liman Caddesi 7".into(), Some("61040".into()), "Trabzon".into())),
            ..Default::default()
        },
        endorsement: Some(kervan_customs::Endorsement {
            date: "2026-12-24".into(),
            authority: "Trabzon customs".into(),
            place: "Trabzon".into(),
            country: "TR".into(),
        }),
        equipment: vec![kervan_customs::IncidentEquipment {
            container: Some("CSQU3054383".into()),
            number_of_seals: Some("1".into()),
            seals: vec!["TR 77".into()],
            goods: vec!["1".into()],
        }],
        transhipment: Some(kervan_customs::Transhipment {
            in_containers: "1".into(),
            kind: "30".into(),
            identification: "61 AB 123".into(),
            nationality: "TR".into(),
        }),
    };
    let mut told = office(&world, &file, "IE182-1");
    told.envelope.prepared = days(30).to_zoned(TimeZone::UTC).datetime();
    let departure = office_of(&world, &reference);
    let content = Content::Incident { description: incident.text.clone(), incidents: vec![incident.clone()] };
    take_all(&world, &id, vec![(departure.as_str(), 30, "IE182-0", content)]);
    let rows = list_messages(&world.desk, &transit(&world, &reference).movement).unwrap();
    let row = rows.iter().find(|row| row.id == "IE182-0").unwrap();
    let bytes = write_xml(&world.desk, &id, row.number).unwrap();
    let report = check(&bytes);
    assert_eq!(report.verdict, Verdict::Valid, "{:#?}\n{}", report.faults, String::from_utf8_lossy(&bytes));
    libxml2_agrees("CC182C", &bytes);

    // What we have told is read again as it was.
    let name = "messageIdentification>";
    let text = String::from_utf8(bytes).unwrap();
    let (begin, end) = (text.find(name).unwrap() + name.len(), text.find(&format!("</{name}")).unwrap());
    let mut again = text.clone();
    again.replace_range(begin..end, "IE182-2");
    let answer =
        world.call(&departure, days(40), |call| take_xml(&world.desk, call, again.as_bytes())).unwrap();
    assert_eq!(answer.outcome, XmlOutcome::Applied, "{answer:#?}");
    let messages = transit(&world, &reference).movement.messages;
    let read = messages.iter().find(|taken| taken.message.id == "IE182-2").unwrap();
    let Content::Incident { incidents, .. } = &read.message.content else { panic!("{read:?}") };
    assert_eq!(incidents, &[incident]);
}
