//! Rules that speak of two messages, and rules that hang on published lists, each kept and broken.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod sample;

use jiff::civil::date;
use kervan_ncts::build::{Amendment, amendment, arrange, declaration, presentation};
use kervan_ncts::{Element, Held, Message, check_message_with, list_rules};
use sample::{answer, declaration_of, envelope};

/// A change to a message: the path of a group, and what is put there; `-` before a name takes it out.
type Edit<'a> = (&'a str, &'a str, &'a str);
type Edits<'a> = &'a [Edit<'a>];

fn group<'a>(root: &'a mut Element, path: &str) -> &'a mut Element {
    path.split('/').filter(|name| !name.is_empty()).fold(root, |element, name| {
        if element.find(name).is_none() {
            element.children_mut().push(Element::group(name.to_owned().leak()));
        }
        element.children_mut().iter_mut().find(|child| child.name() == name).unwrap()
    })
}

fn edited(message: &Message, edits: &[Edit<'_>]) -> Message {
    let mut edited = message.clone();
    for (path, name, value) in edits {
        let at = group(&mut edited.root, path);
        let (name, taken) = name.strip_prefix('-').map_or((*name, false), |name| (name, true));
        at.children_mut().retain(|child| child.name() != name);
        if !taken && !value.is_empty() {
            at.children_mut().push(Element::value(name.to_owned().leak(), *value));
        } else if !taken {
            at.children_mut().push(Element::group(name.to_owned().leak()));
        }
    }
    arrange(&mut edited);
    edited
}

fn breaks(rule: &str, message: &Message, earlier: &[Message]) -> bool {
    let report = check_message_with(message, earlier);
    report.faults.iter().any(|fault| fault.finding.rule.as_deref() == Some(rule))
}

fn check(rule: &str, kept: (&Message, &[Message]), broken: (&Message, &[Message])) {
    assert!(!breaks(rule, kept.0, kept.1), "{rule} is kept");
    assert!(breaks(rule, broken.0, broken.1), "{rule} is broken");
    assert!(list_rules().iter().any(|row| row.rule == rule && row.held != Held::No), "{rule} is held");
}

#[test]
fn a_presentation_is_held_against_its_declaration() {
    let declared = declaration_of(1);
    let lodged = declaration(&envelope("M1"), &declared);
    let presented = presentation(&envelope("M2"), &declared);
    // Rule, the declaration, the presentation that keeps it, the one that breaks it.
    let security: &[Edit<'_>] = &[("TransitOperation", "security", "1")];
    let cases: &[(&str, Edits<'_>, Edits<'_>, Edits<'_>)] = &[
        (
            "C0170",
            &[("TransitOperation", "reducedDatasetIndicator", "1")],
            &[("Consignment", "-inlandModeOfTransport", "")],
            &[("Consignment", "inlandModeOfTransport", "2")],
        ),
        (
            "C0404",
            &[("Consignment", "-PlaceOfLoading", "")],
            &[("Consignment/PlaceOfLoading", "UNLocode", "GEPTI")],
            &[("Consignment", "-PlaceOfLoading", "")],
        ),
        (
            "C0600",
            security,
            &[("Consignment", "modeOfTransportAtTheBorder", "2")],
            &[("Consignment", "-modeOfTransportAtTheBorder", "")],
        ),
        (
            "C0807",
            security,
            &[("Consignment/ActiveBorderTransportMeans", "sequenceNumber", "1")],
            &[("Consignment", "-ActiveBorderTransportMeans", "")],
        ),
        (
            "C0808",
            security,
            &[
                ("Consignment", "modeOfTransportAtTheBorder", "4"),
                ("Consignment/ActiveBorderTransportMeans", "conveyanceReferenceNumber", "TK1"),
            ],
            &[
                ("Consignment", "modeOfTransportAtTheBorder", "4"),
                ("Consignment/ActiveBorderTransportMeans", "-conveyanceReferenceNumber", ""),
            ],
        ),
        (
            "C0824",
            &[("Consignment", "-containerIndicator", "")],
            &[("Consignment", "containerIndicator", "1")],
            &[("Consignment", "-containerIndicator", "")],
        ),
        (
            "C0840",
            &[("", "-Authorisation", "")],
            &[("TransitOperation", "-limitDate", "")],
            &[("TransitOperation", "limitDate", "2026-12-24")],
        ),
    ];
    for (rule, before, kept, broken) in cases {
        let earlier = [edited(&lodged, before)];
        check(rule, (&edited(&presented, kept), &earlier), (&edited(&presented, broken), &earlier));
        assert!(!breaks(rule, &edited(&presented, broken), &[]), "{rule} needs the declaration");
    }
    let mut two = presented.clone();
    let means = |number: &str| Element::group("ActiveBorderTransportMeans").field("sequenceNumber", number);
    let consignment = group(&mut two.root, "Consignment");
    consignment.children_mut().retain(|child| child.name() != "ActiveBorderTransportMeans");
    consignment.children_mut().extend([means("1"), means("2")]);
    arrange(&mut two);
    let none = edited(&lodged, &[("", "-CustomsOfficeOfTransitDeclared", "")]);
    check("R0790", (&two, std::slice::from_ref(&lodged)), (&two, &[none]));
}

#[test]
fn later_messages_are_held_against_what_they_follow() {
    let declared = declaration_of(1);
    let lodged = declaration(&envelope("M1"), &declared);
    let allocated = answer("M2").mrn_allocated(date(2026, 12, 4));
    let letter = [edited(&lodged, &[("TransitOperation", "security", "0")])];
    let other = [edited(&lodged, &[("TransitOperation", "security", "2")])];
    check("R0410", (&allocated, &letter), (&allocated, &other));

    let amended = amendment(&envelope("M3"), &declared, &Amendment::Lrn);
    let moved = edited(&amended, &[("CustomsOfficeOfDeparture", "referenceNumber", "GE000077")]);
    check("R0520", (&amended, std::slice::from_ref(&lodged)), (&moved, std::slice::from_ref(&lodged)));

    let answered = edited(&allocated, &[("", "correlationIdentifier", "M1")]);
    let astray = edited(&allocated, &[("", "correlationIdentifier", "M9")]);
    check("R0008", (&answered, std::slice::from_ref(&lodged)), (&astray, std::slice::from_ref(&lodged)));
}

/// A message of a kind with nothing in it but what is put there.
fn bare(root: &'static str, edits: &[Edit<'_>]) -> Message {
    let kind = kervan_ncts::MessageType::find(root).unwrap_or_else(|| panic!("{root}"));
    let message = Message { kind, phase: None, root: Element::group(root) };
    edited(&message, edits)
}

#[test]
fn remarks_at_unloading_are_held_against_the_permission() {
    const ITEM: &str = "Consignment/HouseConsignment/ConsignmentItem";
    let sealed = [bare(
        "CC043C",
        &[
            ("Consignment/TransportEquipment/Seal", "identifier", "S1"),
            ("Consignment/HouseConsignment", "sequenceNumber", "1"),
            (ITEM, "declarationGoodsItemNumber", "2"),
        ],
    )];
    let cases: &[(&str, &[Edit<'_>], &[Edit<'_>])] = &[
        ("C0440", &[("UnloadingRemark", "stateOfSeals", "1")], &[("UnloadingRemark", "-stateOfSeals", "")]),
        (
            "R0054",
            &[("Consignment/HouseConsignment", "sequenceNumber", "2")],
            &[("Consignment/HouseConsignment", "sequenceNumber", "4")],
        ),
        ("R0055", &[(ITEM, "declarationGoodsItemNumber", "2")], &[(ITEM, "declarationGoodsItemNumber", "1")]),
    ];
    for (rule, kept, broken) in cases {
        check(rule, (&bare("CC044C", kept), &sealed), (&bare("CC044C", broken), &sealed));
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn rules_that_hang_on_published_lists_are_held() {
    const ITEM: &str = "Consignment/HouseConsignment/ConsignmentItem";
    const REFERENCE: &str = "Consignment/HouseConsignment/ConsignmentItem/AdditionalReference";
    const FROM: (&str, &str) = ("CustomsOfficeOfDeparture", "referenceNumber");
    const TO: (&str, &str) = ("CustomsOfficeOfDestinationDeclared", "referenceNumber");
    let lodged = declaration(&envelope("M1"), &declaration_of(1));
    let cases: &[(&str, &[Edit<'_>], &[Edit<'_>])] = &[
        (
            "C0001",
            &[("Consignment", "-Consignee", ""), ("Consignment", "countryOfDestination", "KZ")],
            &[("Consignment", "-Consignee", ""), ("Consignment", "countryOfDestination", "TR")],
        ),
        ("C0015", &[(REFERENCE, "type", "Y001")], &[(REFERENCE, "type", "C651")]),
        (
            "R0023",
            &[(REFERENCE, "type", "C651"), (REFERENCE, "referenceNumber", "26TRA1")],
            &[(REFERENCE, "type", "C651"), (REFERENCE, "referenceNumber", "0")],
        ),
        (
            "C0035",
            &[("TransitOperation", "declarationType", "T1")],
            &[
                ("TransitOperation", "declarationType", "T2"),
                ("Consignment", "-PreviousDocument", ""),
                (ITEM, "-PreviousDocument", ""),
            ],
        ),
        (
            "R0020",
            &[
                ("TransitOperation", "declarationType", "T2"),
                ("Consignment/PreviousDocument", "type", "N825"),
            ],
            &[
                ("TransitOperation", "declarationType", "T2"),
                ("Consignment/PreviousDocument", "type", "N830"),
            ],
        ),
        ("C0085", &[], &[("Guarantee", "-GuaranteeReference", "")]),
        ("C0086", &[], &[("Guarantee/GuaranteeReference", "-GRN", "")]),
        (
            "C0382",
            &[("Consignment/LocationOfGoods/PostcodeAddress", "country", "IE")],
            &[("Consignment/LocationOfGoods/PostcodeAddress", "country", "TR")],
        ),
        (
            "C0598",
            &[
                ("TransitOperation", "security", "1"),
                ("CustomsOfficeOfTransitDeclared", "referenceNumber", "TR000001"),
                ("CustomsOfficeOfTransitDeclared", "-arrivalDateAndTimeEstimated", ""),
            ],
            &[
                ("TransitOperation", "security", "1"),
                ("CustomsOfficeOfTransitDeclared", "referenceNumber", "BG001001"),
                ("CustomsOfficeOfTransitDeclared", "-arrivalDateAndTimeEstimated", ""),
            ],
        ),
        (
            "C0710",
            &[
                (FROM.0, FROM.1, "BG001001"),
                ("Consignment", "-LocationOfGoods", ""),
                ("TransitOperation", "additionalDeclarationType", "A"),
            ],
            &[
                ("Consignment", "-LocationOfGoods", ""),
                ("TransitOperation", "additionalDeclarationType", "A"),
            ],
        ),
        (
            "R0901",
            &[
                ("TransitOperation", "declarationType", "TIR"),
                (FROM.0, FROM.1, "BG001001"),
                (TO.0, TO.1, "RO001001"),
            ],
            &[
                ("TransitOperation", "declarationType", "TIR"),
                (FROM.0, FROM.1, "BG001001"),
                (TO.0, TO.1, "TR001001"),
            ],
        ),
        (
            "R0904",
            &[(FROM.0, FROM.1, "SM000001"), (TO.0, TO.1, "IT001001")],
            &[(FROM.0, FROM.1, "SM000001"), (TO.0, TO.1, "TR001001")],
        ),
        ("R0905", &[(TO.0, TO.1, "TR001001")], &[(TO.0, TO.1, "AD000001")]),
        (
            "R0906",
            &[(TO.0, TO.1, "AD000001")],
            &[(TO.0, TO.1, "AD000001"), ("", "-CustomsOfficeOfTransitDeclared", "")],
        ),
        (
            "R0911",
            &[
                (FROM.0, FROM.1, "SM000001"),
                (TO.0, TO.1, "IT001001"),
                ("TransitOperation", "declarationType", "T2"),
            ],
            &[
                (FROM.0, FROM.1, "SM000001"),
                (TO.0, TO.1, "IT001001"),
                ("TransitOperation", "declarationType", "T1"),
            ],
        ),
        (
            "R3060",
            &[
                ("Consignment/AdditionalInformation", "code", "30600"),
                ("Consignment", "countryOfDestination", "KZ"),
            ],
            &[
                ("Consignment/AdditionalInformation", "code", "30600"),
                ("Consignment", "countryOfDestination", "TR"),
            ],
        ),
        (
            "R3062",
            &[
                ("Consignment/HouseConsignment/AdditionalInformation", "code", "30600"),
                ("Consignment", "countryOfDestination", "KZ"),
            ],
            &[
                ("Consignment/HouseConsignment/AdditionalInformation", "code", "30600"),
                ("Consignment", "countryOfDestination", "TR"),
            ],
        ),
    ];
    for (rule, kept, broken) in cases {
        check(rule, (&edited(&lodged, kept), &[]), (&edited(&lodged, broken), &[]));
    }
}
