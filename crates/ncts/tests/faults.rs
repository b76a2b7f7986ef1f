//! What is wrong is named, with code, path and line; what is foreign never ends the program.

#![expect(clippy::unwrap_used, reason = "a test")]

mod generate;
mod sample;

use generate::{Draw, message};
use kervan_ncts::build::declaration;
use kervan_ncts::{
    Element, Layer, Message, MessageType, Report, Schema, Verdict, check, check_message, parse_message, write,
};
use proptest::prelude::*;
use sample::{declaration_of, envelope};

fn good() -> Message {
    declaration(&envelope("M1"), &declaration_of(2))
}

fn text() -> String {
    String::from_utf8(write(&good())).unwrap()
}

fn said(report: &Report) -> Vec<String> {
    report
        .faults
        .iter()
        .map(|fault| format!("{} {}", fault.finding.code, fault.finding.path.clone().unwrap()))
        .collect()
}

/// Each: what to replace by what in a good declaration, and the code and path that this gives.
const BROKEN: &[(&str, &str, &str)] = &[
    (
        "<grossMass>2501</grossMass>\n    <Con",
        "<grossMass>02501</grossMass>\n    <Con",
        "ncts.schema.value /CC015C/Consignment/grossMass",
    ),
    ("<messageType>CC015C", "<messageType>CC015X", "ncts.schema.value /CC015C/messageType"),
    ("<messageType>CC015C", "<messageType>CC013C", "ncts.message-type /CC015C/messageType"),
    ("<security>0</security>", "", "ncts.schema.missing /CC015C/TransitOperation/security"),
    ("<security>0</security>", "<security/>", "ncts.schema.empty /CC015C/TransitOperation/security"),
    ("<security>0</security>", "<security>9</security>", "ncts.code-list /CC015C/TransitOperation/security"),
    ("<LRN>", "<lrn>1</lrn><LRN>", "ncts.schema.unknown-element /CC015C/TransitOperation/lrn"),
    (
        "</TransitOperation>",
        "<LRN>2</LRN></TransitOperation>",
        "ncts.schema.order /CC015C/TransitOperation/LRN[2]",
    ),
    (
        "</TransitOperation>",
        "<LRN>2</LRN></TransitOperation>",
        "ncts.schema.too-many /CC015C/TransitOperation/LRN[2]",
    ),
    ("<TransitOperation>", "<TransitOperation>stray", "ncts.schema.text /CC015C/TransitOperation"),
    ("PhaseID=\"NCTS6\"", "PhaseID=\"NCTS7\"", "ncts.schema.phase /CC015C/@PhaseID"),
    ("http://ncts.dgtaxud.ec", "http://example.org", "ncts.schema.namespace /CC015C"),
    ("<LRN>", "<LRN id=\"1\">", "ncts.schema.attribute /CC015C/TransitOperation/LRN/@id"),
    (
        "<containerIndicator>1",
        "<containerIndicator>0",
        "ncts.C0055 /CC015C/Consignment/TransportEquipment[1]/containerIdentificationNumber",
    ),
    ("<containerIndicator>1</containerIndicator>", "", "ncts.C0822 /CC015C/Consignment/containerIndicator"),
    (
        "<numberOfSeals>1",
        "<numberOfSeals>2",
        "ncts.R0106 /CC015C/Consignment/TransportEquipment[1]/numberOfSeals",
    ),
    ("<numberOfSeals>1", "<numberOfSeals>0", "ncts.C0569 /CC015C/Consignment/TransportEquipment[1]/Seal[1]"),
    (
        "CSQU3054383",
        "CSQU3054384",
        "ncts.container /CC015C/Consignment/TransportEquipment[1]/containerIdentificationNumber",
    ),
    ("24GB0000010000163", "24GB0000010000164", "ncts.grn /CC015C/Guarantee[1]/GuaranteeReference[1]/GRN"),
    (
        "24GB0000010000163",
        "24GB0000010000163A001017",
        "ncts.R0318 /CC015C/Guarantee[1]/GuaranteeReference[1]/GRN",
    ),
    (
        "<netMass>1100",
        "<netMass>1300",
        "ncts.R0223 /CC015C/Consignment/HouseConsignment[1]/ConsignmentItem[1]/Commodity/GoodsMeasure/netMass",
    ),
    (
        "<grossMass>1250.5",
        "<grossMass>1350.5",
        "ncts.R0983 /CC015C/Consignment/HouseConsignment[1]/grossMass",
    ),
    (
        "<goodsItemNumber>2",
        "<goodsItemNumber>3",
        "ncts.R0988 /CC015C/Consignment/HouseConsignment[1]/ConsignmentItem[2]/goodsItemNumber",
    ),
    (
        "<declarationGoodsItemNumber>2",
        "<declarationGoodsItemNumber>7",
        "ncts.R0007 /CC015C/Consignment/HouseConsignment[1]/ConsignmentItem[2]/declarationGoodsItemNumber",
    ),
    (
        "<Guarantee>\n    <sequenceNumber>1",
        "<Guarantee>\n    <sequenceNumber>2",
        "ncts.R0987 /CC015C/Guarantee[1]/sequenceNumber",
    ),
    (
        "<numberOfPackages>40</numberOfPackages>",
        "",
        "ncts.C0060 /CC015C/Consignment/HouseConsignment[1]/ConsignmentItem[1]/Packaging[1]/numberOfPackages",
    ),
    (
        "<numberOfPackages>40",
        "<numberOfPackages>0",
        "ncts.R0221 /CC015C/Consignment/HouseConsignment[1]/ConsignmentItem[1]/Commodity/GoodsMeasure/grossMass",
    ),
    ("<declarationType>T1", "<declarationType>TIR", "ncts.C0411 /CC015C/TransitOperation/TIRCarnetNumber"),
    ("<declarationType>T1", "<declarationType>TIR", "ncts.R0900 /CC015C/Guarantee[1]/guaranteeType"),
    (
        "<declarationType>T1",
        "<declarationType>T",
        "ncts.C0045 /CC015C/Consignment/HouseConsignment[1]/ConsignmentItem[2]/declarationType",
    ),
    ("<reducedDatasetIndicator>0", "<reducedDatasetIndicator>1", "ncts.C0101 /CC015C/Authorisation"),
    ("<security>0", "<security>1", "ncts.C0191 /CC015C/Consignment/PlaceOfUnloading"),
    (
        "<qualifierOfIdentification>U",
        "<qualifierOfIdentification>V",
        "ncts.C0394 /CC015C/Consignment/LocationOfGoods/CustomsOffice",
    ),
    (
        "<typeOfIdentification>20",
        "<typeOfIdentification>30",
        "ncts.R0472 /CC015C/Consignment/DepartureTransportMeans[1]/typeOfIdentification",
    ),
    (
        "<identificationNumber>GE400123456</identificationNumber>",
        "",
        "ncts.C0250 /CC015C/HolderOfTheTransitProcedure/name",
    ),
    (
        "<identificationNumber>GE400123456<",
        "<identificationNumber>400123456<",
        "ncts.R0850 /CC015C/HolderOfTheTransitProcedure/identificationNumber",
    ),
    ("<!DOCTYPE", "", ""),
];

#[test]
fn every_fault_has_its_code_and_path() {
    let good = text();
    assert_eq!(check(good.as_bytes()).verdict, Verdict::Valid, "{:?}", check(good.as_bytes()).faults);
    for (old, new, expected) in BROKEN.iter().filter(|(_, _, expected)| !expected.is_empty()) {
        assert!(good.contains(old), "{old} is not in the declaration:\n{good}");
        let report = check(good.replacen(old, new, 1).as_bytes());
        assert!(said(&report).iter().any(|one| one == expected), "{new}: {:#?}", said(&report));
        let schema = expected.starts_with("ncts.schema.");
        assert!(!schema || report.verdict == Verdict::Invalid, "{new}: {:?}", report.verdict);
        assert!(schema || report.is_schema_valid(), "{new}: {:#?}", said(&report));
        assert!(
            report.faults.iter().all(|fault| fault.line.is_some() && fault.finding.remedy.is_some()),
            "{new}: {report:#?}"
        );
    }
}

#[test]
fn a_declaration_that_is_wrong_in_many_places_gets_all_findings_at_once() {
    let mut broken = text();
    let steps = [
        "<messageType>CC015X",
        "<security/>",
        "<containerIndicator>0",
        "<numberOfSeals>2",
        "<netMass>1300",
        "<goodsItemNumber>3",
    ];
    for (old, new, _) in BROKEN.iter().filter(|(_, new, _)| steps.contains(new)) {
        broken = broken.replacen(old, new, 1);
    }
    for (old, new, expected) in BROKEN.iter().filter(|(_, new, _)| steps.contains(new)) {
        if !old.contains("messageType") || expected.contains("schema") {
            assert!(said(&check(broken.as_bytes())).iter().any(|one| one == expected), "{new}");
        }
    }
}

#[test]
fn what_is_no_xml_is_refused_with_its_place() {
    let good = text();
    let cases = [
        (String::new(), "ncts.xml.not-well-formed"),
        ("hello".into(), "ncts.xml.not-well-formed"),
        (good.replace("</LRN>", "</LRM>"), "ncts.xml.not-well-formed"),
        (good.replace("</ncts:CC015C>", ""), "ncts.xml.not-well-formed"),
        (good.replace("Xi'an", "Xi&unknown;an"), "ncts.xml.not-well-formed"),
        (good.replace("ncts:CC015C xmlns:ncts", "ncts:CC015C xmlns:other"), "ncts.xml.not-well-formed"),
        (good.replacen("?>\n", "?>\n<!DOCTYPE x [<!ENTITY a \"b\">]>", 1), "ncts.xml.doctype"),
        (good.replacen("UTF-8", "EBCDIC", 1), "ncts.xml.encoding"),
        (format!("{}{}", "<a>".repeat(5_000), "</a>".repeat(5_000)), "ncts.xml.too-deep"),
        (good.replace("CC015C", "CC999C"), "ncts.schema.root"),
    ];
    for (text, code) in cases {
        let report = check(text.as_bytes());
        assert_eq!(report.verdict, Verdict::Invalid);
        assert!(report.faults.iter().any(|fault| fault.finding.code == code), "{code}: {:#?}", report.faults);
    }
    assert_eq!(check(&[0xFF, 0x00, 0xFE]).verdict, Verdict::Invalid);
    let report = check(good.replace("</LRN>", "</LRM>").as_bytes());
    assert_eq!(report.faults.first().unwrap().line, Some(9));
}

#[test]
fn what_is_no_xml_is_told_without_words_of_the_reader() {
    let cases = [
        ("", "there is no whole element"),
        ("hello", "text stands outside of the outermost element"),
        ("<a><b></a>", "`</a>` stands where `</b>` is needed"),
        ("<a>", "the text ends within the outermost element"),
        ("<a", "there is no whole element"),
        ("<a b=c/>", "the value of an attribute is not in quotes"),
        ("<a b='1' b='2'/>", "the attribute `b` stands twice"),
        ("<a b='<'/>", "`<` stands within the value of an attribute; write `&lt;` for the sign itself"),
        ("<a>&x;</a>", "`&x;` is none of XML's own entities"),
        ("<n:a/>", "the prefix `n` is not declared"),
        ("<a></a></b>", "text stands outside of the outermost element"),
    ];
    for (text, told) in cases {
        let report = check(text.as_bytes());
        let finding = &report.faults.first().unwrap().finding;
        assert_eq!(finding.message, format!("not well-formed XML: {told}"), "{text}");
    }
}

#[test]
fn a_message_in_an_envelope_is_looked_into_and_is_no_message_of_its_own() {
    let body = text().split_once("?>").unwrap().1.trim().to_owned();
    let enveloped = format!("<TraderChannelResponse><head/>{body}</TraderChannelResponse>");
    let report = check(enveloped.as_bytes());
    assert_eq!((report.verdict, report.message), (Verdict::Invalid, Some(MessageType::Cc015c)));
    assert_eq!(said(&report), ["ncts.schema.root /"]);
    let broken = enveloped.replace("<security>0</security>", "");
    let report = check(broken.as_bytes());
    assert!(said(&report).iter().any(|one| one == "ncts.schema.missing /CC015C/TransitOperation/security"));
}

#[test]
fn comments_instructions_prefixes_and_character_data_say_nothing() {
    let good = text();
    for (old, new) in [
        ("<LRN>", "<!-- number --><?tool hint?><LRN>"),
        ("<LRN>KRV-2026-000017", "<LRN><![CDATA[KRV-2026-000017]]>"),
        ("ncts:", "n1:"),
        (" xmlns:ncts", " xmlns:vc=\"http://www.w3.org/2007/XMLSchema-versioning\" xmlns:ncts"),
        ("<LRN>", "<LRN xmlns:unused=\"urn:x\">"),
        ("version=\"1.0\" encoding=\"UTF-8\"", "version='1.0' standalone='yes'"),
    ] {
        let changed = if old == "ncts:" {
            good.replace("ncts:", "n1:").replace(":ncts", ":n1")
        } else {
            good.replacen(old, new, 1)
        };
        assert_ne!(changed, good, "{old}");
        assert_eq!(
            check(changed.as_bytes()).verdict,
            Verdict::Valid,
            "{new}: {:?}",
            said(&check(changed.as_bytes()))
        );
    }
    // The elements below the root are in no namespace: a default one takes them in.
    let default = good.replace("ncts:CC015C xmlns:ncts", "CC015C xmlns").replace("/ncts:CC015C", "/CC015C");
    assert!(said(&check(default.as_bytes())).iter().any(|one| one.starts_with("ncts.schema.namespace")));
}

#[test]
fn other_encodings_are_read() {
    let wide: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(text().replace("UTF-8", "UTF-16").encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(check(&wide).verdict, Verdict::Valid);
    let latin: Vec<u8> = text()
        .replace("UTF-8", "ISO-8859-1")
        .replace("Anadolu", "\u{0}")
        .bytes()
        .flat_map(|byte| if byte == 0 { b"Anadol\xFC".to_vec() } else { vec![byte] })
        .collect();
    let read = parse_message(&latin).unwrap();
    assert_eq!(read.find_value("Consignment/Consignee/name"), Some("Anadolü Ithalat AS"));
    assert_eq!(check(format!("\u{feff}{}", text()).as_bytes()).verdict, Verdict::Valid);
}

#[test]
fn the_tables_have_every_message_and_no_fault() {
    let schema = Schema::published();
    assert_eq!(schema.list_messages().len(), MessageType::ALL.len());
    let read = |file: &str| {
        std::fs::read_to_string(format!("{}/../../data/ncts/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    let (_, findings) = Schema::read(&read("messages.csv"), &read("groups.csv"), &read("types.csv"));
    assert!(findings.is_empty(), "{findings:#?}");
    for message in schema.list_messages() {
        assert!(
            message.title.to_lowercase().len() > 3 && message.number.starts_with("IE"),
            "{}",
            message.kind
        );
    }
}

#[test]
fn a_message_wrong_everywhere_is_cut_and_counted() {
    let mut message = good();
    for _ in 0..3_000 {
        message.root.push(Element::value("Unheard", "x"));
    }
    let report = check_message(&message);
    assert!(report.faults.len() <= kervan_ncts::limits::MOST_FAULTS);
    assert!(report.more > 2_000, "{}", report.more);
    assert!(report.faults.iter().all(|fault| fault.layer != Layer::Xml && fault.line.is_none()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_get_a_report(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        prop_assert_eq!(check(&bytes).verdict, Verdict::Invalid);
    }

    #[test]
    fn any_text_within_a_message_gets_a_report(seed in 0_u64..400, at in 0.0_f64..1.0, cut in 0_usize..40, put in "\\PC{0,12}|[<>&/\"'= a-z]{0,12}") {
        let kind = MessageType::ALL[usize::try_from(seed).unwrap() % MessageType::ALL.len()];
        let text = String::from_utf8(write(&message(kind, &mut Draw::new(seed)))).unwrap();
        let characters: Vec<char> = text.chars().collect();
        let from = ((characters.len() as f64) * at) as usize;
        let to = (from + cut).min(characters.len());
        let changed: String = characters[..from].iter().chain(&put.chars().collect::<Vec<_>>()).chain(&characters[to..]).collect();
        let report = check(changed.as_bytes());
        prop_assert!(report.verdict == Verdict::Invalid || report.message.is_some());
        if let Ok(read) = parse_message(changed.as_bytes()) {
            prop_assert_eq!(parse_message(&write(&read)).unwrap(), read);
        }
    }
}

/// Ten places of a declaration, each with what is wrong there: all of them are named at once.
#[test]
fn a_declaration_that_is_wrong_in_ten_places_gets_ten_findings_at_once() {
    let mut bytes = text();
    let wrong = [
        ("<messageType>CC015C", "<messageType>CC015X", "/CC015C/messageType"),
        ("<security>0</security>", "<security>9</security>", "/CC015C/TransitOperation/security"),
        ("<LRN>", "<lrn>1</lrn><LRN>", "/CC015C/TransitOperation/lrn"),
        ("<containerIndicator>1", "<containerIndicator>5", "/CC015C/Consignment/containerIndicator"),
        (
            "<grossMass>2501</grossMass>\n    <Con",
            "<grossMass>-1</grossMass>\n    <Con",
            "/CC015C/Consignment/grossMass",
        ),
        (
            "<inlandModeOfTransport>2",
            "<inlandModeOfTransport>rail",
            "/CC015C/Consignment/inlandModeOfTransport",
        ),
        ("<guaranteeType>1", "<guaranteeType>99", "/CC015C/Guarantee[1]/guaranteeType"),
        ("<accessCode>AC01", "<accessCode>AC0123", "/CC015C/Guarantee[1]/GuaranteeReference[1]/accessCode"),
        ("<typeOfPackages>CT", "<typeOfPackages>", "typeOfPackages"),
        ("<numberOfPackages>40", "<numberOfPackages>forty", "numberOfPackages"),
    ];
    for (right, broken, _) in wrong {
        assert!(bytes.contains(right), "{right} is not in\n{bytes}");
        bytes = bytes.replacen(right, broken, 1);
    }
    let report = check(bytes.as_bytes());
    assert_eq!(report.verdict, Verdict::Invalid);
    for (_, broken, path) in wrong {
        let named = |fault: &&kervan_ncts::Fault| {
            fault.finding.path.as_deref().is_some_and(|at| at.ends_with(path)) && fault.line.is_some()
        };
        assert!(report.faults.iter().any(|fault| named(&fault)), "{broken}: {:#?}", said(&report));
    }
    assert!(report.faults.len() >= wrong.len() && report.more == 0);
}
