//! What the builders make is valid, reads back as it was, and is right about the rules that we hold.

#![expect(clippy::unwrap_used, reason = "a test")]

mod sample;

use jiff::civil::date;
use kervan_ncts::build::{
    Amendment, Answer, Control, ControlResult, EndedGuarantee, ExportAnswer, FunctionalError,
    InvalidGuarantee, Invalidation, Named, Party, Rejection, UnloadingRemarks, amendment,
    arrival_notification, declaration, liberation, presentation, refusal, report_refusal, unloading_remarks,
};
use kervan_ncts::{Element, Message, MessageType, Verdict, check, check_message, parse_message, write};
use kervan_units::{Currency, Money};
use sample::{
    answer, arrival, arrival_case, declaration_of, envelope, export_case, holder, mrn, named_holder, now,
};
use std::collections::BTreeSet;

fn remarks() -> UnloadingRemarks {
    UnloadingRemarks {
        conform: true,
        complete: true,
        at: date(2026, 11, 23),
        seals: Some(true),
        text: None,
        differences: None,
    }
}

fn an_error() -> FunctionalError {
    FunctionalError {
        pointer: "/CC015C/Consignment".into(),
        code: "13".into(),
        reason: "C0055".into(),
        value: None,
    }
}

fn incident() -> Element {
    Element::group("Incident").field("code", "1").field("text", "detour").with(
        Element::group("Location")
            .field("qualifierOfIdentification", "U")
            .field("country", "TR")
            .field("UNLocode", "TRKRS"),
    )
}

fn messages() -> Vec<Message> {
    let today = date(2026, 11, 23);
    let declared = declaration_of(3);
    let lodged = declaration(&envelope("M1"), &declared);
    let office = answer("M2");
    let euro: Currency = "EUR".parse().unwrap();
    let error = an_error();
    let invalidation =
        Invalidation { requested: Some(now()), reason: Some("sold".into()), ..Invalidation::default() };
    let decided = Invalidation { decided: Some(now()), granted: Some(true), ..invalidation.clone() };
    let control = [Control { kind: "10".into(), text: Some("seals".into()) }];
    let released = office.release(&lodged, today, today);
    let case = arrival_case("M3");
    let guarantee = InvalidGuarantee {
        grn: "24GB0000010000163".into(),
        reasons: vec![("G02".into(), Some("expired".into()))],
    };
    let broken = check(b"<ncts:CC015C xmlns:ncts=\"http://ncts.dgtaxud.ec\"/>");
    let mut swapped = declared.clone();
    swapped.containers = Some(false);
    let against_rules = check_message(&declaration(&envelope("M4"), &swapped));
    let mut pre_lodged = declared.clone();
    pre_lodged.pre_lodged = true;
    let rejection = |refused: &str, reason: Option<&str>| Rejection {
        refused: refused.into(),
        at: now(),
        code: "12".into(),
        reason: reason.map(str::to_owned),
        errors: vec![error.clone()],
    };
    let asking = Answer { envelope: envelope("M9"), ..office.clone() };
    let mut messages = vec![
        amendment(&envelope("M5"), &declared, &Amendment::Lrn),
        amendment(&envelope("M5"), &declared, &Amendment::Mrn(mrn().as_str().into())),
        presentation(&envelope("M6"), &pre_lodged),
        office.acknowledgement(),
        office.mrn_allocated(today),
        office.amendment_accepted(now(), now()),
        asking.invalidation_request(&invalidation),
        office.invalidation_decided(&decided),
        office.discrepancies(today, Some("one carton short")),
        office.amendment_wanted(now(), std::slice::from_ref(&error)),
        released.clone(),
        office.recovery(today, Some(today), Money::from_minor(77_000, euro), "GE000001"),
        office.write_off(today),
        office.no_release(now(), "G1", "no guarantee"),
        office.guarantee_invalid(today, &[guarantee]),
        office.rejection(&rejection("015", Some("see errors"))),
        office.control(now(), "0", &control, &[]),
        office.incident(now(), "TR080100", vec![incident()]),
        arrival_notification(&case, &arrival()),
        case.unloading_permission(&released),
        unloading_remarks(&case, &remarks()),
        case.goods_released(today, "1"),
        case.rejection(&rejection("007", None)),
        report_refusal(&envelope("M7"), &broken, Named::default()).unwrap(),
        refusal(
            &envelope("M7"),
            std::slice::from_ref(&error),
            Named { lrn: None, mrn: Some(mrn().as_str()) },
        ),
    ];
    let named = Named { lrn: Some("KRV-2026-000017"), mrn: None };
    messages.extend(report_refusal(&envelope("M8"), &against_rules, named));
    messages.extend(to_others(&lodged));
    messages.push(lodged);
    messages
}

/// Messages to guarantors and the export system, and the results of a control.
fn to_others(lodged: &Message) -> Vec<Message> {
    let today = date(2026, 11, 23);
    let euro: Currency = "EUR".parse().unwrap();
    let controlling = Answer { holder: named_holder(), ..answer("M10") };
    let found = |code: &str, other: Option<&str>| ControlResult {
        code: code.into(),
        at: today,
        by: "Customs of departure".into(),
        text: None,
        other: other.map(str::to_owned),
    };
    let export = export_case("M11");
    let positive = ExportAnswer {
        purpose: "2".into(),
        at: now(),
        accepted: true,
        security: "0".into(),
        result: "P1".into(),
    };
    let negative = ExportAnswer { accepted: false, result: "N1".into(), ..positive.clone() };
    let ended = EndedGuarantee {
        grn: "24GB0000010000163".into(),
        amount: Money::from_minor(9_000_000, euro),
        invalid_from: today,
        liberated: date(2027, 5, 1),
        office: "GE000001".into(),
    };
    let guarantor = Party { identification: Some("GE400777".into()), ..Party::default() };
    vec![
        controlling.control_results(lodged, &found("A1", None)),
        controlling.control_results(lodged, &found("B1", Some("two cartons short"))),
        answer("M12").guarantor_notification(today, today, Some("not discharged"), "GE000001"),
        export.presentation("2", today),
        export.answer(&positive),
        export.answer(&negative),
        export.invalidated(),
        export.destination_result("T1", "A1", today),
        export.recovery(today, "GE000001"),
        liberation(&envelope("M13"), &holder(), &guarantor, &[ended]),
    ]
}

#[test]
fn what_is_built_is_valid_and_keeps_the_rules() {
    for message in messages() {
        let bytes = write(&message);
        let report = check(&bytes);
        assert_eq!(
            report.verdict,
            Verdict::Valid,
            "{}: {:#?}\n{}",
            message.kind,
            report.faults,
            String::from_utf8_lossy(&bytes)
        );
        assert_eq!(parse_message(&bytes).unwrap(), message, "{}", message.kind);
        assert_eq!(check_message(&message).verdict, Verdict::Valid);
    }
}

#[test]
fn every_message_of_the_published_set_can_be_built() {
    let built: BTreeSet<MessageType> = messages().iter().map(|message| message.kind).collect();
    let missing: Vec<_> = MessageType::ALL.iter().filter(|kind| !built.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_refusal_tells_what_is_missing_from_what_is_not_allowed() {
    let declared = declaration_of(2);
    let code_of = |change: &dyn Fn(&mut kervan_ncts::build::Declaration)| {
        let mut changed = declared.clone();
        change(&mut changed);
        let report = check_message(&declaration(&envelope("M1"), &changed));
        let refused = report_refusal(&envelope("M2"), &report, Named::default()).unwrap();
        let value = |path: &str| refused.find_value(path).unwrap_or_default().to_owned();
        (value("FunctionalError/errorReason"), value("FunctionalError/errorCode"))
    };
    assert_eq!(code_of(&|changed| changed.loading = None), ("C0403".into(), "13".into()));
    assert_eq!(
        code_of(&|changed| changed.dispatch_country = Some("CN".into())),
        ("C0909".into(), "15".into())
    );
    assert_eq!(
        code_of(&|changed| changed.gross = Some(kervan_units::Mass::from_grams(1))),
        ("R0994".into(), "14".into())
    );
}

#[test]
fn a_release_repeats_what_was_declared() {
    let lodged = declaration(&envelope("M1"), &declaration_of(2));
    let released = answer("M2").release(&lodged, date(2026, 11, 23), date(2026, 11, 24));
    for path in [
        "Consignment/grossMass",
        "Consignment/HouseConsignment/ConsignmentItem/Commodity/descriptionOfGoods",
        "Guarantee/guaranteeType",
    ] {
        assert_eq!(released.find_value(path), lodged.find_value(path), "{path}");
    }
    assert_eq!(released.find_mrn(), Some(mrn().as_str()));
    assert_eq!(released.root.list_at("Consignment/HouseConsignment/ConsignmentItem").len(), 2);
}
