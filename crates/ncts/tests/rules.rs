//! Rules and conditions of the procedure, each with a message that keeps it and one that breaks it.

#![expect(clippy::unwrap_used, reason = "a test")]

mod sample;

use jiff::civil::date;
use kervan_ncts::build::{
    Answer, Control, ControlResult, Equipment, ExportAnswer, Invalidation, Means, PreviousDocument,
    Rejection, TransitOffice, declaration,
};
use kervan_ncts::{Element, Message, Verdict, check_message};
use kervan_units::Mass;
use sample::{
    answer, arrival_case, declaration_of, envelope, export_case, export_mrn, mrn, named_holder, now,
};

fn broken(message: &Message) -> Vec<String> {
    let report = check_message(message);
    assert!(report.is_schema_valid(), "{}: {:#?}", message.kind, report.faults);
    report.faults.iter().filter_map(|fault| fault.finding.rule.clone()).collect()
}

/// The first message keeps the rule, the second breaks it.
fn check_pair(rule: &str, kept: &Message, against: &Message) {
    assert!(!broken(kept).iter().any(|one| one == rule), "{rule} is kept: {:?}", broken(kept));
    assert!(broken(against).iter().any(|one| one == rule), "{rule} is broken: {:?}", broken(against));
}

type Change = fn(&mut kervan_ncts::build::Declaration);

fn declared(change: Change) -> Message {
    let mut declared = declaration_of(2);
    change(&mut declared);
    declaration(&envelope("M1"), &declared)
}

/// Rule, what to change in a declaration that keeps it, and what in one that breaks it.
const DECLARATIONS: &[(&str, Change, Change)] = &[
    ("C0001", |d| d.security = "2".into(), |d| (d.security, d.consignee) = ("2".into(), None)),
    ("C0030", |d| d.destination = "GE000002".into(), |d| d.transit.clear()),
    ("C0030", |_| (), |d| d.declaration_type = "T2SM".into()),
    (
        "C0030",
        |d| (d.departure, d.destination, d.transit) = ("BG001001".into(), "RO001001".into(), vec![]),
        |d| {
            (d.departure, d.destination, d.transit) = ("BG001001".into(), "RO001001".into(), vec![]);
            d.declaration_type = "T2".into();
        },
    ),
    (
        "C0502",
        |d| (d.ucr, d.transport_documents) = (Some("U1".into()), vec![]),
        |d| d.transport_documents.clear(),
    ),
    (
        "C0587",
        |d| (d.security, d.exit) = ("2".into(), vec!["GE000009".into()]),
        |d| d.exit = vec!["GE000009".into()],
    ),
    ("C0670", |_| (), |d| d.equipment.push(Equipment { seals: vec!["S9".into()], ..Equipment::default() })),
    (
        "C0670",
        |d| d.equipment.iter_mut().for_each(|one| one.goods = vec![1, 2]),
        |d| d.equipment.iter_mut().for_each(|one| one.container = None),
    ),
    (
        "C0821",
        |d| d.departure = "BG001001".into(),
        |d| {
            for item in d.houses.iter_mut().flat_map(|house| &mut house.items) {
                item.combined_nomenclature = Some("00".into());
            }
        },
    ),
    (
        "C0837",
        |d| d.houses.iter_mut().for_each(|house| house.previous.push(export())),
        |d| {
            for house in &mut d.houses {
                house.previous.push(export());
                house.items.iter_mut().for_each(|item| item.net = None);
            }
        },
    ),
    ("C0837", |_| (), |d| d.reduced = true),
    ("C0909", |_| (), |d| d.dispatch_country = Some("CN".into())),
    ("R0005", |d| d.transit = passed("2026-12-24T00:00:00"), |d| d.transit = passed("2026-11-01T00:00:00")),
    ("R0006", |_| (), |d| d.transit = vec![TransitOffice { office: "GE000003".into(), arrival: None }]),
    ("R0076", |d| d.border_means = vec![means("31", "ab 1")], |d| d.border_means = vec![means("30", "ab 1")]),
    (
        "R0103",
        |d| (d.security, d.exit) = ("2".into(), vec!["GE000009".into()]),
        |d| (d.security, d.exit) = ("2".into(), vec!["TR341200".into()]),
    ),
    ("R0221", |_| (), |d| d.houses.iter_mut().for_each(|house| house.items[1].gross = Mass::from_grams(0))),
    (
        "R0364",
        |_| (),
        |d| {
            let other = d.houses[0].clone();
            d.houses.push(other);
            d.houses[1].items[0].packages[0].number = Some(0);
            d.houses[1].items[0].packages[0].marks = Some("elsewhere".into());
        },
    ),
    ("R0315", |d| flight(d, "TK0123"), |d| flight(d, "NO FLIGHT")),
    ("R0476", |d| road(d, "31"), |d| road(d, "30")),
    ("R0474", |d| road(d, "31"), |d| (d.inland_mode, d.means) = (Some("3".into()), vec![means("31", "T 1")])),
    (
        "R0506",
        |d| d.houses = vec![d.houses[0].clone(), d.houses[0].clone()],
        |d| {
            let consignor = d.consignor.take();
            d.houses = vec![d.houses[0].clone(), d.houses[0].clone()];
            d.houses.iter_mut().for_each(|house| house.consignor.clone_from(&consignor));
        },
    ),
    ("R0507", |d| mixed(d, "T2"), |d| mixed(d, "T1")),
    ("R0859", |_| (), |d| d.authorisations = vec![authorisation("C524")]),
    (
        "R0859",
        |d| (d.reduced, d.authorisations) = (true, vec![authorisation("C524")]),
        |d| (d.reduced, d.authorisations) = (true, vec![authorisation("C521")]),
    ),
    (
        "R3061",
        |_| (),
        |d| {
            let note = kervan_ncts::build::Note { code: "30600".into(), text: None };
            d.houses.iter_mut().for_each(|house| house.items[0].notes = vec![note.clone()]);
        },
    ),
];

fn export() -> PreviousDocument {
    PreviousDocument { kind: "N830".into(), reference: export_mrn(), item: None, complement: None }
}

fn passed(at: &str) -> Vec<TransitOffice> {
    vec![TransitOffice { office: "TR080100".into(), arrival: at.parse().ok() }]
}

fn means(kind: &str, number: &str) -> Means {
    Means {
        kind: kind.into(),
        identification: number.into(),
        nationality: "GE".into(),
        border_office: Some("TR080100".into()),
        journey: None,
    }
}

fn flight(declared: &mut kervan_ncts::build::Declaration, number: &str) {
    declared.border_mode = Some("4".into());
    declared.border_means = vec![Means { journey: Some(number.into()), ..means("40", "TK 1") }];
}

fn road(declared: &mut kervan_ncts::build::Declaration, second: &str) {
    declared.inland_mode = Some("3".into());
    declared.means = vec![means("30", "AA 1"), means(second, "AA 2")];
}

fn mixed(declared: &mut kervan_ncts::build::Declaration, second: &str) {
    declared.declaration_type = "T".into();
    for (item, kind) in declared.houses[0].items.iter_mut().zip(["T1", second]) {
        item.declaration_type = Some(kind.into());
    }
}

fn authorisation(kind: &str) -> kervan_ncts::build::Authorisation {
    kervan_ncts::build::Authorisation { kind: kind.into(), reference: "GE1".into() }
}

#[test]
fn declarations_keep_and_break_each_rule() {
    for (rule, kept, against) in DECLARATIONS {
        check_pair(rule, &declared(*kept), &declared(*against));
    }
}

fn rejection(code: &str, reason: Option<&str>) -> Rejection {
    let error = kervan_ncts::build::FunctionalError {
        pointer: "/CC015C".into(),
        code: "14".into(),
        reason: "R0001".into(),
        value: None,
    };
    Rejection {
        refused: "015".into(),
        at: now(),
        code: code.into(),
        reason: reason.map(str::to_owned),
        errors: vec![error],
    }
}

#[test]
fn answers_of_the_office_keep_and_break_each_rule() {
    let office = answer("M1");
    let asking = Answer { envelope: envelope("M2"), ..office.clone() };
    let control =
        |kind: &str, text: Option<&str>| Control { kind: kind.into(), text: text.map(str::to_owned) };
    let asked = Invalidation { requested: Some(now()), ..Invalidation::default() };
    let decided = Invalidation { decided: Some(now()), granted: Some(true), ..asked.clone() };
    let refused = Invalidation { granted: Some(false), reason: Some("late".into()), ..decided.clone() };
    let by_customs =
        Invalidation { requested: None, by_customs: true, reason: Some("void".into()), ..decided.clone() };
    let pair = |rule: &str, kept: Message, against: Message| check_pair(rule, &kept, &against);
    pair("C0128", asking.invalidation_request(&asked), asking.invalidation_request(&decided));
    pair("C0128", office.invalidation_decided(&decided), office.invalidation_decided(&asked));
    let unasked = Invalidation { requested: None, ..decided.clone() };
    pair("C0129", office.invalidation_decided(&decided), office.invalidation_decided(&unasked));
    let asked_by_customs = Invalidation { requested: Some(now()), ..by_customs.clone() };
    pair("C0129", office.invalidation_decided(&by_customs), office.invalidation_decided(&asked_by_customs));
    let silent = Invalidation { reason: None, ..refused.clone() };
    pair("C0137", office.invalidation_decided(&refused), office.invalidation_decided(&silent));
    let silent = Invalidation { reason: None, ..by_customs.clone() };
    pair("C0137", office.invalidation_decided(&by_customs), office.invalidation_decided(&silent));

    let shown = [control("10", None)];
    let paper = [control("N380", None)];
    pair(
        "C0451",
        office.control(now(), "0", &[control("50", Some("dogs"))], &[]),
        office.control(now(), "0", &[control("50", None)], &[]),
    );
    pair("C0452", office.control(now(), "0", &shown, &[]), office.control(now(), "0", &[], &[]));
    pair("C0452", office.control(now(), "2", &[], &[]), office.control(now(), "2", &shown, &[]));
    pair("C0455", office.control(now(), "1", &[], &paper), office.control(now(), "1", &[], &[]));
    pair("C0455", office.control(now(), "2", &[], &[]), office.control(now(), "2", &[], &paper));

    let both = |message: &Message| {
        let mut doubled = message.clone();
        let operation =
            doubled.root.children_mut().iter_mut().find(|one| one.name() == "TransitOperation").unwrap();
        operation.children_mut().insert(0, Element::value("LRN", "L1"));
        doubled
    };
    let held = office.control(now(), "0", &shown, &[]);
    pair("C0685", held.clone(), both(&held));
    let rejected = office.rejection(&rejection("12", None));
    pair("C0467", rejected.clone(), both(&rejected));
    pair("C0492", office.rejection(&rejection("4", Some("why"))), office.rejection(&rejection("4", None)));
}

#[test]
fn results_and_messages_to_export_keep_and_break_each_rule() {
    let today = date(2026, 11, 23);
    let lodged = declaration(&envelope("M1"), &declaration_of(1));
    let office = Answer { holder: named_holder(), ..answer("M2") };
    let found = |code: &str, other: Option<&str>| {
        let result = ControlResult {
            code: code.into(),
            at: today,
            by: "customs".into(),
            text: None,
            other: other.map(str::to_owned),
        };
        office.control_results(&lodged, &result)
    };
    check_pair("C0930", &found("B1", Some("short")), &found("B1", None));
    let case = export_case("M3");
    for rule in ["C0705", "C0707", "C0860"] {
        check_pair(rule, &case.presentation("2", today), &case.presentation("1", today));
    }
    check_pair("C0708", &case.presentation("2", today), &case.presentation("3", today));
    let answer = |accepted: bool, result: &str| {
        case.answer(&ExportAnswer {
            purpose: "2".into(),
            at: now(),
            accepted,
            security: "0".into(),
            result: result.into(),
        })
    };
    check_pair("R0551", &answer(false, "N2"), &answer(true, "N2"));
    check_pair("R0875", &answer(true, "P1"), &answer(false, "P1"));
    let mut apart = case.presentation("2", today);
    let exit = apart.root.children_mut().iter_mut().find(|one| one.name() == "CustomsOfficeOfExit").unwrap();
    exit.children_mut()[0].set_text("GE000077");
    check_pair("R0509", &case.presentation("2", today), &apart);
    check_pair(
        "C0352",
        &arrival_case("M4").goods_released(today, "1"),
        &arrival_case("M4").goods_released(today, "3"),
    );
}

/// An incident of a kind, with equipment and transhipment as asked for.
fn incident(code: &str, equipment: Option<Element>, transhipped: Option<&str>) -> Message {
    let location = Element::group("Location")
        .field("qualifierOfIdentification", "U")
        .field("country", "TR")
        .field("UNLocode", "TRKRS");
    let means = Element::group("TransportMeans")
        .field("typeOfIdentification", "30")
        .field("identificationNumber", "06 AB 1")
        .field("nationality", "TR");
    let transhipment =
        transhipped.map(|flag| Element::group("Transhipment").field("containerIndicator", flag).with(means));
    let incident = Element::group("Incident")
        .field("code", code)
        .field("text", "what happened")
        .with(location)
        .with_all(equipment)
        .with_all(transhipment);
    assert!(mrn().as_str().len() == 18);
    answer("M5").incident(now(), "TR080100", vec![incident])
}

#[test]
fn incidents_keep_and_break_each_rule() {
    let sealed = || {
        let seal = Element::group("Seal").field("identifier", "S1");
        Element::group("TransportEquipment")
            .field("containerIdentificationNumber", "CSQU3054383")
            .field("numberOfSeals", "1")
            .with(seal)
    };
    let bare = || Element::group("TransportEquipment").field("containerIdentificationNumber", "CSQU3054383");
    let unnumbered = || Element::group("TransportEquipment").field("numberOfSeals", "0");
    check_pair("C0240", &incident("5", None, None), &incident("5", Some(sealed()), None));
    check_pair("C0240", &incident("2", Some(sealed()), None), &incident("2", None, None));
    check_pair("C0240", &incident("3", None, Some("0")), &incident("3", None, None));
    check_pair("C0396", &incident("2", Some(sealed()), None), &incident("2", Some(bare()), None));
    check_pair("C0040", &incident("3", Some(sealed()), Some("1")), &incident("3", None, Some("1")));
    check_pair(
        "C0820",
        &incident("3", Some(bare()), Some("1")),
        &incident("3", Some(unnumbered()), Some("1")),
    );
    check_pair("R0448", &incident("4", Some(bare()), None), &incident("4", Some(unnumbered()), None));
    assert_eq!(check_message(&incident("5", None, None)).verdict, Verdict::Valid);
}
