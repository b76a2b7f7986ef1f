//! The data that both notes by rail share, as the Multi-Modal Transport model writes them.

use super::texts::{languages, payments};
use crate::definition::Draft;
use crate::run::Run;
use crate::shared::scalar::{
    AddressForm, Fields, amount, content, dangerous, in_languages, kilograms, list, location, marks, object,
    packages, party_in_full, quantity,
};
use crate::{Inputs, codes, stations};
use kervan_codes::{Incoterm, PlaceCode};
use kervan_model::{Charge, Equipment, GoodsItem, InstructionAddressee, Leg, PartyRole, Wagon};
use serde_json::{Value, json};

/// Function of a place where a movement departs or arrives. Source: UNTDID 3227, fixed by the schemas.
const PLACE_OF_MOVEMENT: &str = "5";
/// Function of the final destination. Source: UNTDID 3227, fixed by the schemas.
const FINAL_DESTINATION: &str = "28";
/// Functions of the places where a charge begins and ends. Source: UNTDID 3227, fixed by the schemas.
const CHARGED_FROM_TO: [&str; 2] = ["32", "56"];
/// Type of a document that goes along. Source: UNTDID 1001, fixed by the schemas.
const RELATED_DOCUMENT: &str = "916";
/// Type of the notes by rail. Source: UNTDID 1001, fixed by the schemas.
const RAIL_NOTE: &str = "722";
/// Stages of the main carriage by carrier: first, second, third. Source: UNTDID 8051.
pub(super) const STAGES: [&str; 12] =
    ["21", "22", "23", "15", "16", "17", "18", "19", "29", "31", "32", "33"];

/// What differs between the two schemas.
pub(crate) struct Shape {
    /// Equipment category of a freight container, if the schema fixes another than the list.
    pub(crate) container: Option<&'static str>,
    /// Category of every charge, if the schema fixes one.
    pub(crate) charge: Option<&'static str>,
    /// How many documents may go along.
    pub(crate) documents: usize,
    /// Whether it is the common note, which knows some fields more.
    pub(crate) common: bool,
}

/// The whole document.
pub(crate) fn write(draft: &Draft<'_>, shape: &Shape) -> Value {
    let inputs = draft.inputs;
    let run = draft.run();
    let previous = draft.request.previous.iter().map(|previous| {
        object([("typeCode", content(&previous.type_code)), ("id", list([content(&previous.number)]))])
    });
    let document = Fields::new()
        .with("id", content(draft.number()))
        .with("typeCode", content(RAIL_NOTE))
        .with("issueDateTime", json!(inputs.issued.to_string()))
        .with_list("languageId", languages(draft, &run).first().map(content))
        .with_list("referenceReferencedDocument", previous)
        .with(
            "information",
            list([
                content(format!("kervan-dossier {}", inputs.dossier)),
                content(format!("kervan-dossier-head {}", inputs.head)),
            ]),
        );
    Fields::new()
        .with("exchangedDocument", document.build())
        .with("exchangedDeclaration", object([("typeCode", content(RAIL_NOTE))]))
        .with("specifiedConsignment", list([consignment(draft, &run, shape)]))
        .build()
}

fn consignment(draft: &Draft<'_>, run: &Run<'_>, shape: &Shape) -> Value {
    let inputs = draft.inputs;
    let consignment = inputs.consignment;
    let find =
        |role| consignment.find_party(role).map(|found| party_in_full(found, AddressForm::Street, true));
    let carrier = run.legs.first().map(|(_, leg)| object([("name", list([content(&leg.operator)]))]));
    let prices = consignment.prices.as_ref();
    let goods = consignment.goods.iter().enumerate();
    let items = goods.map(|(index, item)| {
        let price = prices.and_then(|prices| prices.items.get(index)).map(|price| amount(*price));
        item_of(inputs, index, item, price)
    });
    let legs = run.legs.iter().zip(STAGES).map(|((_, leg), stage)| movement(inputs, leg, stage));
    let instructions = consignment.instructions.iter();
    let handling = instructions.filter(|asked| asked.to == InstructionAddressee::Carrier).map(|asked| {
        Fields::new()
            .with("description", list([content(&asked.text)]))
            .with_list("descriptionCode", asked.code.iter().map(content))
            .build()
    });
    let fields = Fields::new()
        .with("id", list([content(draft.number())]))
        .with("consignorAssignedId", content(consignment.reference.as_str()))
        .with("carrierAcceptanceDateTime", json!(run.departs().to_string()))
        .with("grossWeight", list([kilograms(consignment.gross_mass())]))
        .with("transportEquipmentQuantity", list([quantity(consignment.equipment.len() as u64)]))
        .with_list(
            "contractTermsInformation",
            prices.and_then(|prices| prices.contract.as_ref()).map(content),
        )
        .with_some("consignor", find(PartyRole::Consignor))
        .with_some("consignee", find(PartyRole::Consignee))
        .with_some("consignorAgent", forwarder(inputs))
        .with_some("carrier", carrier)
        .with(
            "finalDestinationLogisticsLocation",
            object([
                ("typeCode", list([content(FINAL_DESTINATION)])),
                ("id", list([content(consignment.to.as_str())])),
            ]),
        )
        .with("exportTradeCountry", object([("id", list([content(consignment.from.country_letters())]))]))
        .with("deliveryEvent", object([("occurrenceLogisticsLocation", delivery_place(inputs, run.to()))]))
        .with_list("handlingInstructions", handling)
        .with_list("associatedReferencedDocument", documents(inputs).into_iter().take(shape.documents))
        .with_list("includedConsignmentItem", items)
        .with_list("utilizedLogisticsTransportEquipment", equipment(inputs, shape))
        .with_list("mainCarriageLogisticsTransportMovement", legs)
        .with_list("applicableLogisticsServiceCharge", charges(inputs, run, shape))
        .with("specifiedTradeDeliveryTerms", list([terms(inputs)]));
    let fields = if shape.common { common_fields(inputs, run, fields) } else { fields };
    fields.build()
}

/// What only the common note has a place for.
fn common_fields(inputs: &Inputs<'_>, run: &Run<'_>, fields: Fields) -> Fields {
    let consignment = inputs.consignment;
    fields
        .with("availabilityDueDateTime", json!(consignment.ready.to_string()))
        .with("netWeight", list([kilograms(consignment.net_mass())]))
        .with_list("associatedInvoiceAmount", consignment.find_total().map(amount))
        .with("carrierAcceptanceLogisticsLocation", location(inputs, run.from()))
}

/// The forwarder as the consignor's agent, whose contact the schemas know by name only.
fn forwarder(inputs: &Inputs<'_>) -> Option<Value> {
    let found = inputs.consignment.find_party(PartyRole::Forwarder)?;
    Some(party_in_full(found, AddressForm::Street, false))
}

fn delivery_place(inputs: &Inputs<'_>, place: &PlaceCode) -> Value {
    object([
        ("id", list([content(place.as_str())])),
        ("name", list([content((inputs.place_name)(place))])),
        ("countryId", content(place.country_letters())),
    ])
}

/// The schemas' list of delivery terms has no DPU, so that one is told in words only.
fn terms(inputs: &Inputs<'_>) -> Value {
    let terms = &inputs.consignment.terms;
    let code = (terms.incoterm != Incoterm::Dpu).then(|| content(terms.incoterm.to_string()));
    let description = format!("{} {}", terms.incoterm, terms.place);
    Fields::new()
        .with_some("deliveryTypeCode", code)
        .with("description", list([content(description)]))
        .build()
}

/// Everything that goes along, by number: the invoice of the sale first.
fn documents(inputs: &Inputs<'_>) -> Vec<Value> {
    let ours = inputs.consignment.prices.as_ref().map(|prices| prices.invoice_number.as_str());
    let papers = inputs.consignment.documents.iter().map(|paper| paper.number.as_str());
    let theirs = inputs.attachments.iter().map(|attachment| attachment.number.as_str());
    let mut numbers: Vec<&str> = Vec::new();
    for number in ours.into_iter().chain(papers).chain(theirs) {
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    let document =
        |number| object([("typeCode", content(RELATED_DOCUMENT)), ("id", list([content(number)]))]);
    numbers.into_iter().map(document).collect()
}

fn item_of(inputs: &Inputs<'_>, index: usize, item: &GoodsItem, price: Option<Value>) -> Value {
    let all = inputs.consignment.equipment.iter().map(|equipment| &equipment.number);
    let containers: Vec<_> =
        if item.containers.is_empty() { all.collect() } else { item.containers.iter().collect() };
    let codes = [item.rail_codes.gng.as_deref().unwrap_or(item.hs.as_str())];
    let codes = codes.into_iter().chain(item.rail_codes.etsng.as_deref());
    Fields::new()
        .with_list("id", codes.map(content))
        .with("sequenceNumeric", content((index + 1).to_string()))
        .with_list("invoiceAmount", price)
        .with("grossWeight", list([kilograms(item.gross_mass)]))
        .with(
            "natureIdCargo",
            list([object([("id", Value::Array(in_languages(&item.description, &item.descriptions)))])]),
        )
        .with_list("applicableDangerousGoods", dangerous(item))
        .with_list("physicalLogisticsShippingMarks", marks(item))
        .with_list(
            "associatedReferencedLogisticsTransportEquipment",
            containers.into_iter().map(|number| object([("id", content(number.as_str()))])),
        )
        .with("transportLogisticsPackage", list([packages(item)]))
        .build()
}

/// The wagons with what stands on them; before they are known, one without a number for each container.
fn equipment(inputs: &Inputs<'_>, shape: &Shape) -> Vec<Value> {
    let consignment = inputs.consignment;
    if consignment.wagons.is_empty() {
        let unknown = consignment.equipment.iter().enumerate();
        return unknown.map(|(index, item)| unknown_wagon(index, item, shape)).collect();
    }
    consignment.wagons.iter().enumerate().map(|(index, item)| wagon(inputs, index, item, shape)).collect()
}

fn carried(number: &str, shape: &Shape) -> Value {
    object([
        ("id", list([content(number)])),
        ("categoryCode", list([content(shape.container.unwrap_or_else(codes::container))])),
    ])
}

fn unknown_wagon(index: usize, item: &Equipment, shape: &Shape) -> Value {
    let seals = item.seals.iter().map(|seal| object([("id", list([content(&seal.number)]))]));
    Fields::new()
        .with("categoryCode", content(codes::wagon()))
        .with_some("sequenceNumeric", shape.common.then(|| content((index + 1).to_string())))
        .with_list("affixedLogisticsSeal", seals)
        .with("carriedAssociatedTransportEquipment", list([carried(item.number.as_str(), shape)]))
        .build()
}

fn wagon(inputs: &Inputs<'_>, index: usize, wagon: &Wagon, shape: &Shape) -> Value {
    let on_it = |item: &&Equipment| wagon.containers.contains(&item.number);
    let of_containers = inputs.consignment.equipment.iter().filter(on_it).flat_map(|item| &item.seals);
    let seals = wagon.seals.iter().chain(of_containers);
    let seals = seals.map(|seal| object([("id", list([content(&seal.number)]))]));
    let provider = wagon.provided_by.map(|provider| content(codes::provider(provider)));
    let load_limit = wagon.load_limit.map(|limit| content(format!("load limit {limit}")));
    Fields::new()
        .with("id", content(wagon.number.as_str()))
        .with("categoryCode", content(codes::wagon()))
        .with_some("sequenceNumeric", shape.common.then(|| content((index + 1).to_string())))
        .with_some("tareWeight", wagon.tare.map(kilograms))
        .with_some("axleQuantity", wagon.axles.map(|axles| content(axles.to_string())))
        .with_some("supplierPartyRoleCode", provider)
        .with_list("information", load_limit)
        .with_list("owner", wagon.owner.iter().map(|owner| object([("name", list([content(owner)]))])))
        .with_list("affixedLogisticsSeal", seals)
        .with_list(
            "carriedAssociatedTransportEquipment",
            wagon.containers.iter().map(|number| carried(number.as_str(), shape)),
        )
        .build()
}

fn movement(inputs: &Inputs<'_>, leg: &Leg, stage: &str) -> Value {
    let event = |code: &PlaceCode| {
        let place = Fields::new()
            .with("typeCode", list([content(PLACE_OF_MOVEMENT)]))
            .with("id", list([content(code.as_str())]))
            .with("name", list([content((inputs.place_name)(code))]));
        list([object([("occurrenceLogisticsLocation", place.build())])])
    };
    object([
        ("stageCode", content(stage)),
        ("modeCode", content(codes::mode(leg.mode))),
        ("id", content(leg.service.as_str())),
        ("departureEvent", event(&leg.from)),
        ("arrivalEvent", event(&leg.to)),
    ])
}

/// One charge for each railway that somebody pays.
fn charges(inputs: &Inputs<'_>, run: &Run<'_>, shape: &Shape) -> Vec<Value> {
    let mut written: Vec<usize> = Vec::new();
    let mut charges = Vec::new();
    for (index, charge) in payments(inputs, run).into_iter().filter_map(|payment| payment.charge) {
        if !written.contains(&index) {
            written.push(index);
            charges.push(charge_of(inputs, charge, shape));
        }
    }
    charges
}

fn charge_of(inputs: &Inputs<'_>, charge: &Charge, shape: &Shape) -> Value {
    let [from, to] = CHARGED_FROM_TO;
    let place = |function: &str, place: &PlaceCode| {
        let code = stations::find_code(place).unwrap_or(place.as_str());
        object([
            ("typeCode", list([content(function)])),
            ("id", list([content(code)])),
            ("name", list([content((inputs.place_name)(place))])),
        ])
    };
    Fields::new()
        .with_some("categoryCode", shape.charge.map(content))
        .with("description", list([content(charge.kind.word())]))
        .with("paymentArrangementCode", content(codes::settlement(charge.settlement)))
        .with_some("payingPartyRoleCode", codes::find_payer(charge.payer).map(content))
        .with("appliedFromLogisticsLocation", place(from, &charge.from))
        .with("appliedToLogisticsLocation", place(to, &charge.to))
        .with_list("appliedAmount", charge.amount.map(amount))
        .build()
}
