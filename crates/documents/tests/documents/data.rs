//! The data of the documents: snapshots, the encoding rules that the schemas do not enforce, and the schemas themselves.

use crate::published::check_data;
use crate::sample;
use kervan_codes::Incoterm;
use kervan_documents::{Document, DocumentKind};
use serde_json::Value;

fn document(kind: DocumentKind) -> Document {
    let (consignment, itinerary) = (sample::consignment(), sample::itinerary());
    let attachments = [sample::supplier_invoice(), sample::certificate_of_origin()];
    sample::make(kind, &sample::inputs(&consignment, Some(&itinerary), &attachments)).unwrap()
}

#[test]
fn data_of_every_document() {
    for kind in sample::always_kinds() {
        let data = document(kind).data;
        // Whether a map of JSON keeps the order of its making rests on who else is built with it.
        insta::with_settings!({ sort_maps => true }, { insta::assert_json_snapshot!(kind.slug(), data) });
    }
}

/// Fields that hold a plain string by the schemas; everything else that is a string stands in `content` or beside it.
const PLAIN_STRINGS: [&str; 10] = [
    "content",
    "unitCode",
    "currencyId",
    "languageId",
    "format",
    "issueDateTime",
    "availabilityDueDateTime",
    "carrierAcceptanceDateTime",
    "estimatedOccurrenceDateTime",
    "actualOccurrenceDateTime",
];

fn check_encoding(path: &str, name: &str, value: &Value) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            panic!("{path}: {value} is no object, list or string")
        }
        Value::String(text) => {
            assert!(PLAIN_STRINGS.contains(&name), "{path}: a string in the place of an object");
            assert!(!text.is_empty(), "{path}: empty");
        }
        Value::Array(values) => {
            assert!(!values.is_empty(), "{path}: an empty list");
            for (index, value) in values.iter().enumerate() {
                assert!(value.is_object(), "{path}/{index}: no object");
                check_encoding(&format!("{path}/{index}"), name, value);
            }
        }
        Value::Object(fields) => {
            assert!(!fields.is_empty(), "{path}: an empty object");
            for (name, value) in fields {
                check_encoding(&format!("{path}/{name}"), name, value);
            }
        }
    }
}

#[test]
fn nothing_is_empty_and_no_object_is_replaced_by_a_string() {
    for kind in sample::always_kinds() {
        check_encoding(kind.slug(), "", &document(kind).data);
    }
}

/// The schemas accept `{}`: these places must hold a text all the same.
#[test]
fn the_facts_that_matter_are_there() {
    let party = "/specifiedConsignment/0/consignor/name/0/content";
    let cases: [(DocumentKind, &[(&str, &str)]); 3] = [
        (
            DocumentKind::CommercialInvoice,
            &[
                ("/exchangedDocument/typeCode/content", "380"),
                ("/exchangedDocument/id/content", "HT-2026/1187"),
                (
                    "/tradeTransaction/0/includedTradeLineItem/0/specifiedTradeProduct/0/designatedProductClassification/0/classCode/content",
                    "841370",
                ),
                (
                    "/tradeTransaction/0/applicableHeaderTradeSettlement/specifiedTradeSettlementHeaderMonetarySummation/duePayableAmount/0/content",
                    "246410.50",
                ),
                ("/tradeTransaction/0/applicableHeaderTradeSettlement/invoiceCurrencyCode/content", "USD"),
            ],
        ),
        (
            DocumentKind::PackingList,
            &[
                ("/exchangedDocument/typeCode/content", "271"),
                (party, "Xi'an Hengtai Pump & Valve Co., Ltd."),
                ("/specifiedConsignment/0/grossWeight/0/content", "24456.9"),
                ("/specifiedConsignment/0/packageQuantity/content", "380"),
                ("/specifiedConsignment/0/utilizedLogisticsTransportEquipment/0/id/content", "CSQU3054383"),
            ],
        ),
        (
            DocumentKind::CimSmgs,
            &[
                ("/exchangedDeclaration/typeCode/content", "722"),
                (party, "Xi'an Hengtai Pump & Valve Co., Ltd."),
                ("/specifiedConsignment/0/finalDestinationLogisticsLocation/typeCode/0/content", "28"),
                ("/specifiedConsignment/0/associatedReferencedDocument/1/typeCode/content", "916"),
                ("/specifiedConsignment/0/utilizedLogisticsTransportEquipment/0/categoryCode/content", "RR"),
                ("/specifiedConsignment/0/mainCarriageLogisticsTransportMovement/1/modeCode/content", "2"),
                (
                    "/specifiedConsignment/0/includedConsignmentItem/2/applicableDangerousGoods/0/undgIdCode/content",
                    "1263",
                ),
                (
                    "/specifiedConsignment/0/includedConsignmentItem/2/applicableDangerousGoods/0/packagingDangerLevelCode/content",
                    "3",
                ),
            ],
        ),
    ];
    for (kind, places) in cases {
        let data = document(kind).data;
        for (pointer, expected) in places {
            assert_eq!(data.pointer(pointer).and_then(Value::as_str), Some(*expected), "{kind}: {pointer}");
        }
    }
}

/// The schemas as their publisher gives them, if they are at hand. They are not part of this project.
#[test]
#[expect(clippy::print_stderr, reason = "says why nothing was validated")]
fn the_published_schemas_accept_the_data() {
    for kind in sample::always_kinds().filter(|kind| kind.find_schema().is_some()) {
        let Some(check) = check_data(kind) else {
            eprintln!("the UN/CEFACT schemas are not at hand: nothing validated against them");
            return;
        };
        let mut data = document(kind).data;
        assert_eq!(check(&data), Vec::<String>::new(), "{kind}");
        // Terms that the schema of the note does not list.
        let mut consignment = sample::consignment();
        consignment.terms.incoterm = Incoterm::Dpu;
        let dpu = sample::make(kind, &sample::inputs(&consignment, None, &[])).unwrap();
        assert_eq!(check(&dpu.data), Vec::<String>::new(), "{kind} with DPU and no itinerary");
        // The validator is awake: a list in the place of the document is refused.
        data["exchangedDocument"] = serde_json::json!([]);
        assert!(!check(&data).is_empty(), "{kind}");
    }
}
