//! Documents that are tables: trade and regulatory papers, declarations of territories, their XML and completeness.

use crate::published::check_data;
use crate::sample;
use kervan_documents::{
    Document, DocumentKind, DocumentRequest, Inputs, MovementFacts, Stamp, generate, generate_xml,
    list_applicable, list_data_tables, render_pdf,
};
use kervan_model::{
    Consignment, DangerousGoods, DocumentReference, Finding, LocalName, LocalText, Mode, Party,
    PartyIdentifier, PartyRole, PlantProduct, RoadVehicle, TransportMovement, VehicleKind, VerifiedMass,
    WeighingMethod,
};
use kervan_units::Mass;
use serde_json::{Value, json};
use std::fmt::Write;

/// The regimes that have a declaration as a data set.
const REGIMES: [&str; 11] = [
    "common-transit",
    "eu-transit",
    "eaeu-transit",
    "az-transit",
    "ge-transit",
    "uz-transit",
    "tm-transit",
    "tj-transit",
    "tr-transit",
    "cn-transit",
    "ir-transit",
];

fn identify(consignment: &mut Consignment, role: PartyRole, scheme: &str, value: &str) {
    let party: &mut Party = consignment.parties.iter_mut().find(|party| party.role == role).unwrap();
    party.identifiers.push(PartyIdentifier { scheme: scheme.into(), value: value.into() });
}

fn local(language: &str, text: &str) -> LocalText {
    LocalText { language: language.parse().unwrap(), text: text.into() }
}

fn reference(type_code: &str, number: &str, previous: bool) -> DocumentReference {
    DocumentReference {
        type_code: type_code.parse().unwrap(),
        number: number.into(),
        issued: Some("2026-11-28".parse().unwrap()),
        valid_until: None,
        issuer: None,
        previous,
    }
}

/// A consignment with everything that an authority asks for: apples, paint, a carnet, a verified mass.
pub(crate) fn regulated() -> Consignment {
    let mut consignment = sample::consignment();
    identify(&mut consignment, PartyRole::Consignor, "USCC", "91610112MA6TQ8X42H");
    identify(&mut consignment, PartyRole::Forwarder, "TIR", "KAZ/053/1234");
    let names =
        LocalName { language: "ru".parse().unwrap(), name: "Сиань Хэнтай".into(), address: None };
    consignment.parties[0].names.push(names);
    for (item, (ru, zh)) in consignment.goods.iter_mut().zip([
        ("Насосы центробежные", "离心泵"),
        ("Яблоки свежие", "鲜苹果"),
        ("Краска", "油漆"),
    ]) {
        item.descriptions = vec![local("ru", ru), local("zh", zh)];
    }
    let apples = &mut consignment.goods[1];
    apples.description = "Fresh apples, Fuji".into();
    apples.hs = "080810".parse().unwrap();
    apples.plant = Some(PlantProduct {
        botanical_name: "Malus domestica".into(),
        treatment: Some("Cold treatment, 1 °C, 16 days".into()),
        treated: Some("2026-11-10".parse().unwrap()),
    });
    let paint = consignment.goods[2].dangerous.as_mut().unwrap();
    *paint = DangerousGoods { shipping_name: Some("PAINT".into()), flash_point: Some(310), ..paint.clone() };
    consignment.equipment[0].verified_mass = Some(VerifiedMass {
        mass: Mass::from_kilograms(19_150),
        method: WeighingMethod::Weighed,
        responsible: "Wang Lei, Xi'an Hengtai".into(),
        at: "2026-11-30T08:00:00Z".parse().unwrap(),
    });
    consignment.documents =
        vec![reference("830", "26CN000000000001X5", true), reference("952", "XC25001234", false)];
    consignment.vehicles = vec![RoadVehicle {
        registration: "34ABC123".into(),
        country: "TR".parse().unwrap(),
        kind: VehicleKind::Tractor,
        approval: Some("TR-2026-77".into()),
    }];
    consignment.transport = vec![TransportMovement {
        mode: Mode::Sea,
        from: "KZAAU".parse().unwrap(),
        to: "AZALA".parse().unwrap(),
        means: "8919271".into(),
        name: Some("Professor Gul".into()),
        nationality: Some("AZ".parse().unwrap()),
        journey: Some("114".into()),
    }];
    consignment
}

pub(crate) fn movement(regime: &str) -> MovementFacts {
    let office = |code: &str, country: &str| json!({ "code": code, "name": "office", "country": country, "place": "TRIST" });
    MovementFacts {
        id: "KRV-2026-0117/3".into(),
        territory: regime.split('-').next().unwrap().to_uppercase(),
        regime: regime.into(),
        mrn: None,
        declaration: json!({
            "filing": "prelodged",
            "departure": office("GE004000", "GE"),
            "destination": office("TR343100", "TR"),
            "entry_mode": "rail",
            "enters": "2026-12-15T00:00:00Z",
            "country_of_dispatch": "CN",
            "country_of_destination": "TR",
            "transit_offices": [{ "code": "TR360100" }],
            "guarantee": { "kind": "1", "grn": "26TR3431000000015", "amount": "12400.00", "currency": "EUR" },
        }),
    }
}

/// Every document of the regulated consignment that waits for somebody, or why it is not made.
fn all(consignment: &Consignment) -> Vec<(DocumentRequest, Result<Document, Vec<Finding>>)> {
    let (itinerary, movements) = (sample::itinerary(), REGIMES.map(movement));
    let inputs = Inputs { movements: &movements, ..sample::inputs(consignment, Some(&itinerary), &[]) };
    let requests = list_applicable(&inputs).into_iter().filter(|request| request.kind.waits());
    requests.map(|request| (request.clone(), generate(&request, &inputs))).collect()
}

#[test]
fn every_table_reads_and_every_kind_has_one() {
    let tables = list_data_tables().unwrap();
    for kind in DocumentKind::ALL.into_iter().filter(|kind| kind.waits()) {
        assert!(tables.iter().any(|table| table.kind == kind.slug()), "{kind}");
    }
    for table in tables {
        for field in &table.fields {
            assert!(!field.source.is_empty() && !field.labels.is_empty(), "{}: {}", table.name, field.id);
            let (lists, facts) = (field.path.matches("[]").count(), field.fact.matches("[]").count());
            assert!(
                field.path.is_empty() || lists == facts,
                "{}: {} from {}",
                table.name,
                field.path,
                field.fact
            );
        }
    }
}

#[test]
fn a_regulated_consignment_has_them_all() {
    let mut text = String::new();
    for (request, made) in all(&regulated()) {
        let document = made.unwrap_or_else(|findings| panic!("{}: {findings:#?}", request.name()));
        let boxes = document.form.boxes.iter().filter(|form_box| !form_box.lines.is_empty()).count();
        let rows: usize = document.form.tables.iter().map(|table| table.rows.len()).sum();
        writeln!(text, "{}: {} with {boxes} boxes and {rows} rows", request.name(), document.kind.title())
            .unwrap();
        // Whether Chinese can be printed rests on the fonts, of which the crate has no Chinese one.
        let findings = document.findings.iter().filter(|finding| finding.code != "documents.glyph-missing");
        for finding in findings {
            writeln!(text, "  {} {}", finding.code, finding.message).unwrap();
        }
        let code = Stamp::of(&document).to_text();
        assert!(render_pdf(&document, &code).is_ok(), "{}", request.name());
    }
    insta::assert_snapshot!("data-sets", text);
}

#[test]
fn data_of_each_kind() {
    let mut seen = Vec::new();
    for (request, made) in all(&regulated()) {
        if !seen.contains(&request.kind) {
            seen.push(request.kind);
            let data = made.unwrap().data;
            // Whether a map of JSON keeps the order of its making rests on who else is built with it.
            insta::with_settings!({ sort_maps => true }, {
                insta::assert_json_snapshot!(request.kind.slug(), data)
            });
        }
    }
    assert_eq!(seen.len(), 7);
}

type Change = fn(&mut Consignment);

#[test]
fn a_required_field_that_is_empty_is_named_with_its_remedy() {
    use DocumentKind::{
        CertificateOfOrigin, DangerousGoodsDeclaration, PhytosanitaryCertificate, TirCarnet,
        TransitDeclaration, VerifiedGrossMass,
    };
    let cases: [(&str, Change, DocumentKind, &str); 8] = [
        (
            "shipping name",
            |c| c.goods[2].dangerous.as_mut().unwrap().shipping_name = None,
            DangerousGoodsDeclaration,
            "/goods/2/dangerous/shipping_name",
        ),
        (
            "botanical name",
            |c| c.goods[1].plant.as_mut().unwrap().botanical_name.clear(),
            PhytosanitaryCertificate,
            "/goods/1/plant/botanical_name",
        ),
        ("invoice", |c| c.prices = None, CertificateOfOrigin, "/prices/invoice_number"),
        (
            "verified mass",
            |c| c.equipment[0].verified_mass = None,
            VerifiedGrossMass,
            "/equipment/0/verified_mass",
        ),
        ("vehicles", |c| c.vehicles.clear(), TirCarnet, "/vehicles"),
        ("holder's number", |c| c.parties[2].identifiers.clear(), TirCarnet, "/parties/2"),
        (
            "Russian",
            |c| c.goods[0].descriptions.remove(0).text.clear(),
            TransitDeclaration,
            "/goods/0/descriptions",
        ),
        (
            "seals",
            |c| c.equipment.iter_mut().for_each(|item| item.seals.clear()),
            TransitDeclaration,
            "/equipment/*/seals",
        ),
    ];
    for (what, change, kind, path) in cases {
        let mut consignment = regulated();
        change(&mut consignment);
        let (itinerary, movements) = (sample::itinerary(), [movement("eaeu-transit")]);
        let inputs = Inputs { movements: &movements, ..sample::inputs(&consignment, Some(&itinerary), &[]) };
        let findings = sample::make(kind, &inputs).err().unwrap_or_default();
        let finding = findings.iter().find(|finding| finding.path.as_deref() == Some(path));
        let finding = finding.unwrap_or_else(|| panic!("{kind} without {what}: {findings:#?}"));
        assert_eq!(finding.code, "documents.field-empty");
        assert!(finding.remedy.is_some() && finding.rule.is_some() && finding.source.is_some());
    }
}

fn xml_of(consignment: &Consignment, regime: &str) -> Result<Option<String>, Vec<Finding>> {
    let (itinerary, movements) = (sample::itinerary(), [movement(regime)]);
    let inputs = Inputs { movements: &movements, ..sample::inputs(consignment, Some(&itinerary), &[]) };
    let requests = list_applicable(&inputs).into_iter();
    let mut declarations =
        requests.filter(|request| matches!(request.part, kervan_documents::Part::Movement(_)));
    generate_xml(&declarations.next().unwrap(), &inputs)
}

#[test]
fn only_published_shapes_are_written_as_xml() {
    let eaeu = xml_of(&regulated(), "eaeu-transit").unwrap().unwrap();
    assert!(
        eaeu.contains("<TransitDeclaration>") && eaeu.contains("<CommodityCode>080810</CommodityCode>"),
        "{eaeu}"
    );
    // A declaration of common transit is the message that is lodged: the room of its messages writes it.
    for regime in ["az-transit", "common-transit"] {
        assert_eq!(xml_of(&regulated(), regime).unwrap(), None);
    }
    let mut without = regulated();
    without.goods.clear();
    assert!(xml_of(&without, "eaeu-transit").is_err());
}

/// The schemas of the certificates accept `{}`; these places must hold a text all the same.
#[test]
fn the_facts_that_matter_are_there() {
    let item = "/specifiedConsignment/0/includedConsignmentItem/0/includedTradeLineItem";
    let product = format!("{item}/1/specifiedTradeProduct/0");
    let equipment = "/specifiedConsignment/0/utilizedLogisticsTransportEquipment/0".to_owned();
    let made = all(&regulated());
    for (kind, pointer, expected) in [
        (DocumentKind::CertificateOfOrigin, "/exchangedDocument/typeCode/content".to_owned(), "861"),
        (DocumentKind::CertificateOfOrigin, format!("{product}/designatedProductClassification/0/classCode/content"), "080810"),
        (DocumentKind::CertificateOfOrigin, format!("{product}/originTradeCountry/0/id/0/content"), "CN"),
        (DocumentKind::CertificateOfOrigin, format!("{item}/0/physicalReferencedLogisticsPackage/0/itemQuantity/content"), "48"),
        (DocumentKind::PhytosanitaryCertificate, format!("{item}/0/specifiedTradeProduct/0/scientificName/0/content"), "Malus domestica"),
        (DocumentKind::VerifiedGrossMass, format!("{equipment}/verifiedGrossWeight/0/content"), "19150"),
        (DocumentKind::DangerousGoodsDeclaration, "/specifiedConsignment/0/includedConsignmentItem/0/applicableDangerousGoods/0/undgIdCode/content".to_owned(), "1263"),
        (DocumentKind::NctsDeclaration, "/Consignment/HouseConsignment/0/ConsignmentItem/1/Commodity/CommodityCode/harmonizedSystemSubHeadingCode".to_owned(), "080810"),
        (DocumentKind::TirCarnet, "/carnet/number".to_owned(), "XC25001234"),
    ] {
        let (_, document) = made.iter().find(|(request, _)| request.kind == kind).unwrap();
        let data = &document.as_ref().unwrap().data;
        assert_eq!(data.pointer(&pointer).and_then(Value::as_str), Some(expected), "{kind}: {pointer}\n{data:#}");
    }
}

/// The published schema of the certificate of origin lists only the codes of its example: type 864, country DE, package SS.
/// Lists of one code are taken out, so that the rest of the schema can be asked.
pub(crate) fn widen(schema: &mut Value) {
    for list in ["UNTDID1001Type", "UNTDID3207Type", "UNTDID7065Type"] {
        let found = schema.pointer_mut(&format!("/$defs/codeList/$defs/{list}"));
        let Some(Value::Object(list)) = found else { continue };
        for choice in ["enum", "oneOf"] {
            if list.get(choice).and_then(Value::as_array).is_some_and(|codes| codes.len() == 1) {
                list.remove(choice);
            }
        }
    }
}

/// The schemas as their publisher gives them, if they are at hand. They are not part of this project.
#[test]
#[expect(clippy::print_stderr, reason = "says why nothing was validated")]
fn the_published_schemas_accept_the_certificates() {
    for (request, made) in all(&regulated()) {
        if request.kind.find_schema().is_none() {
            continue;
        }
        let Some(check) = check_data(request.kind) else {
            eprintln!("the UN/CEFACT schemas are not at hand: nothing validated against them");
            return;
        };
        let faults = check(&made.unwrap().data);
        assert!(faults.is_empty(), "{}: {faults:#?}", request.name());
    }
}
