//! What the builders make is valid, reads back as it was, and is right about the rules that we hold.

#![expect(clippy::unwrap_used, reason = "a test")]

mod sample;

use jiff::civil::date;
use kervan_ncts::build::{
    Amendment, Control, FunctionalError, InvalidGuarantee, Invalidation, UnloadingRemarks, amendment,
    arrival_notification, declaration, functional_refusal, presentation, unloading_remarks, xml_refusal,
};
use kervan_ncts::{Element, Message, MessageType, Verdict, check, check_message, parse_message, write};
use kervan_units::{Currency, Money};
use sample::{answer, arrival, arrival_case, declaration_of, envelope, mrn, now};
use std::collections::BTreeSet;

fn messages() -> Vec<Message> {
    let today = date(2026, 11, 23);
    let declared = declaration_of(3);
    let lodged = declaration(&envelope("M1"), &declared);
    let office = answer("M2");
    let euro: Currency = "EUR".parse().unwrap();
    let error = FunctionalError {
        pointer: "/CC015C/Consignment".into(),
        code: "13".into(),
        reason: "C0055".into(),
        value: None,
    };
    let invalidation =
        Invalidation { requested: Some(now()), reason: Some("sold".into()), ..Invalidation::default() };
    let decided = Invalidation { decided: Some(now()), granted: Some(true), ..invalidation.clone() };
    let control = [Control { kind: "10".into(), text: Some("seals".into()) }];
    let released = office.release(&lodged, today, today);
    let case = arrival_case("M3");
    let remarks = UnloadingRemarks {
        conform: true,
        complete: true,
        at: today,
        seals: Some(true),
        text: None,
        differences: None,
    };
    let incident = Element::group("Incident").field("code", "1").field("text", "detour").with(
        Element::group("Location")
            .field("qualifierOfIdentification", "U")
            .field("country", "TR")
            .field("UNLocode", "TRKRS"),
    );
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
    let mut messages = vec![
        amendment(&envelope("M5"), &declared, &Amendment::Lrn),
        amendment(&envelope("M5"), &declared, &Amendment::Mrn(mrn().as_str().into())),
        presentation(&envelope("M6"), &pre_lodged),
        office.acknowledgement(),
        office.mrn_allocated(today),
        office.amendment_accepted(now(), now()),
        office.invalidation_request(&invalidation),
        office.invalidation_decided(&decided),
        office.discrepancies(today, Some("one carton short")),
        office.amendment_wanted(now(), std::slice::from_ref(&error)),
        released.clone(),
        office.recovery(today, Some(today), Money::from_minor(77_000, euro), "GE000001"),
        office.write_off(today),
        office.no_release(now(), "G1", "no guarantee"),
        office.guarantee_invalid(today, &[guarantee]),
        office.rejection("015", now(), "12", Some("see errors"), std::slice::from_ref(&error)),
        office.control(now(), "0", &control, &[]),
        office.incident(now(), "TR080100", vec![incident]),
        arrival_notification(&case, &arrival()),
        case.unloading_permission(&released),
        unloading_remarks(&case, &remarks),
        case.goods_released(today, "1"),
        case.rejection("007", now(), "12", None, &[error]),
        xml_refusal(&envelope("M7"), &broken, None, None).unwrap(),
    ];
    messages.extend(functional_refusal(&envelope("M8"), &against_rules, Some("KRV-2026-000017"), None));
    messages.push(lodged);
    messages
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
fn every_message_between_trader_and_office_can_be_built() {
    let built: BTreeSet<MessageType> = messages().iter().map(|message| message.kind).collect();
    let schema = kervan_ncts::Schema::published();
    let missing: Vec<_> = schema
        .list_messages()
        .iter()
        .filter(|message| message.from != "export" && message.to != "export" && message.to != "guarantor")
        .filter(|message| message.kind != MessageType::Cc017c && !built.contains(&message.kind))
        .map(|message| message.kind)
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
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
