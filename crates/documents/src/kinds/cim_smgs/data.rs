//! CIM/SMGS consignment note of the Multi-Modal Transport model.

use crate::definition::Draft;
use crate::shared::scalar::{
    AddressForm, Fields, amount, content, dangerous, kilograms, location, marks, packages, party, quantity,
};
use crate::{DocumentKind, Inputs};
use kervan_codes::{Incoterm, PlaceCode};
use kervan_model::{Equipment, GoodsItem, Itinerary, Leg, Mode, PartyRole};
use serde_json::{Value, json};

/// Equipment categories of a rail wagon and of a freight container. Source: UNTDID 8053.
const WAGON: &str = "RR";
const CONTAINER: &str = "CN";
/// Function of a place where a movement departs or arrives. Source: UNTDID 3227, fixed by the schema.
const PLACE_OF_MOVEMENT: &str = "5";
/// Function of the final destination. Source: UNTDID 3227, fixed by the schema.
const FINAL_DESTINATION: &str = "28";
/// Type of a document that goes along. Source: UNTDID 1001, fixed by the schema.
const RELATED_DOCUMENT: &str = "916";
/// Stages of the main carriage by carrier: first, second, third. Source: UNTDID 8051.
const STAGES: [&str; 12] = ["21", "22", "23", "15", "16", "17", "18", "19", "29", "31", "32", "33"];

pub(super) fn write(draft: &Draft<'_>) -> Value {
    let inputs = draft.inputs;
    let kind = DocumentKind::CimSmgs;
    let document = json!({
        "id": content(draft.number()),
        "typeCode": content(kind.type_code()),
        "issueDateTime": inputs.issued.to_string(),
        "information": [
            content(format!("kervan-dossier {}", inputs.dossier)),
            content(format!("kervan-dossier-head {}", inputs.head)),
        ],
    });
    Fields::new()
        .with("exchangedDocument", document)
        .with("exchangedDeclaration", json!({ "typeCode": content(kind.type_code()) }))
        .with("specifiedConsignment", json!([consignment(draft)]))
        .build()
}

fn consignment(draft: &Draft<'_>) -> Value {
    let inputs = draft.inputs;
    let consignment = inputs.consignment;
    let find = |role| consignment.find_party(role).map(|found| party(found, AddressForm::Street));
    let legs: Vec<&Leg> = inputs.itinerary.into_iter().flat_map(Itinerary::legs).collect();
    let carrier = legs.first().map(|leg| json!({ "name": [content(&leg.operator)] }));
    let prices = consignment.prices.as_ref();
    let goods = consignment.goods.iter().enumerate();
    let items = goods.map(|(index, item)| {
        item_of(inputs, index, item, prices.and_then(|prices| prices.items.get(index)).map(|p| amount(*p)))
    });
    let equipment = consignment.equipment.iter().enumerate();
    Fields::new()
        .with("id", json!([content(draft.number())]))
        .with("consignorAssignedId", content(consignment.reference.as_str()))
        .with("availabilityDueDateTime", json!(consignment.ready.to_string()))
        .with("grossWeight", json!([kilograms(consignment.gross_mass())]))
        .with("netWeight", json!([kilograms(consignment.net_mass())]))
        .with_list("associatedInvoiceAmount", consignment.find_total().map(amount))
        .with("transportEquipmentQuantity", json!([quantity(consignment.equipment.len() as u64)]))
        .with_list(
            "contractTermsInformation",
            prices.and_then(|prices| prices.contract.as_ref()).map(content),
        )
        .with_some("consignor", find(PartyRole::Consignor))
        .with_some("consignee", find(PartyRole::Consignee))
        .with_some("consignorAgent", find(PartyRole::Forwarder))
        .with_some("carrier", carrier)
        .with("carrierAcceptanceLogisticsLocation", location(inputs, &consignment.from))
        .with(
            "finalDestinationLogisticsLocation",
            json!({ "typeCode": [content(FINAL_DESTINATION)], "id": [content(consignment.to.as_str())] }),
        )
        .with("deliveryEvent", json!({ "occurrenceLogisticsLocation": location(inputs, &consignment.to) }))
        .with_list("associatedReferencedDocument", documents(inputs))
        .with_list("includedConsignmentItem", items)
        .with_list("utilizedLogisticsTransportEquipment", equipment.map(|(index, item)| wagon(index, item)))
        .with_list(
            "mainCarriageLogisticsTransportMovement",
            legs.iter().zip(STAGES).map(|(leg, stage)| movement(inputs, leg, stage)),
        )
        .with("specifiedTradeDeliveryTerms", json!([terms(inputs)]))
        .build()
}

/// The schema's list of delivery terms has no DPU, so that one is told in words only.
fn terms(inputs: &Inputs<'_>) -> Value {
    let terms = &inputs.consignment.terms;
    let code = (terms.incoterm != Incoterm::Dpu).then(|| content(terms.incoterm.to_string()));
    let description = format!("{} {}", terms.incoterm, terms.place);
    Fields::new()
        .with_some("deliveryTypeCode", code)
        .with("description", json!([content(description)]))
        .build()
}

/// Everything that goes along, by number: the invoice of the sale first.
fn documents(inputs: &Inputs<'_>) -> Vec<Value> {
    let ours = inputs.consignment.prices.as_ref().map(|prices| prices.invoice_number.as_str());
    let theirs = inputs.attachments.iter().map(|attachment| attachment.number.as_str());
    let mut numbers: Vec<&str> = Vec::new();
    for number in ours.into_iter().chain(theirs) {
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    let document = |number| json!({ "typeCode": content(RELATED_DOCUMENT), "id": [content(number)] });
    numbers.into_iter().map(document).collect()
}

fn item_of(inputs: &Inputs<'_>, index: usize, item: &GoodsItem, price: Option<Value>) -> Value {
    let all = inputs.consignment.equipment.iter().map(|equipment| &equipment.number);
    let containers: Vec<_> =
        if item.containers.is_empty() { all.collect() } else { item.containers.iter().collect() };
    Fields::new()
        .with("id", json!([content(item.hs.as_str())]))
        .with("sequenceNumeric", content((index + 1).to_string()))
        .with_list("invoiceAmount", price)
        .with("grossWeight", json!([kilograms(item.gross_mass)]))
        .with("natureIdCargo", json!([{ "id": [content(&item.description)] }]))
        .with_list("applicableDangerousGoods", dangerous(item))
        .with_list("physicalLogisticsShippingMarks", marks(item))
        .with_list(
            "associatedReferencedLogisticsTransportEquipment",
            containers.into_iter().map(|number| json!({ "id": content(number.as_str()) })),
        )
        .with("transportLogisticsPackage", json!([packages(item)]))
        .build()
}

/// A wagon for each container. Which wagon it will be, the carrier adds when it takes the goods over.
fn wagon(index: usize, item: &Equipment) -> Value {
    let seals = item.seals.iter().map(|seal| json!({ "id": [content(&seal.number)] }));
    Fields::new()
        .with("categoryCode", content(WAGON))
        .with("sequenceNumeric", content((index + 1).to_string()))
        .with_list("affixedLogisticsSeal", seals)
        .with(
            "carriedAssociatedTransportEquipment",
            json!([{ "id": [content(item.number.as_str())], "categoryCode": [content(CONTAINER)] }]),
        )
        .build()
}

fn movement(inputs: &Inputs<'_>, leg: &Leg, stage: &str) -> Value {
    let event = |code: &PlaceCode| {
        let place = Fields::new()
            .with("typeCode", json!([content(PLACE_OF_MOVEMENT)]))
            .with("id", json!([content(code.as_str())]))
            .with("name", json!([content((inputs.place_name)(code))]));
        json!([{ "occurrenceLogisticsLocation": place.build() }])
    };
    json!({
        "stageCode": content(stage),
        "modeCode": content(mode_code(leg.mode)),
        "id": content(leg.service.as_str()),
        "departureEvent": event(&leg.from),
        "arrivalEvent": event(&leg.to),
    })
}

/// Source: UN/ECE Recommendation 19.
const fn mode_code(mode: Mode) -> &'static str {
    match mode {
        Mode::Sea | Mode::Ferry => "1",
        Mode::Rail => "2",
        Mode::Road => "3",
        Mode::InlandWater => "8",
    }
}
