//! Electronic CMR consignment note of the Multi-Modal Transport model.

use crate::definition::Draft;
use crate::rail::texts;
use crate::run::Run;
use crate::shared::scalar::{
    AddressForm, Fields, amount, content, in_languages, kilograms, list, location, object, packages,
    party_in_full, quantity,
};
use crate::{Inputs, codes};
use kervan_model::{Charge, Equipment, GoodsItem, InstructionAddressee, PartyRole, TemperatureRange};
use serde_json::{Value, json};

/// Type of the note. Source: UNTDID 1001, fixed by the schema.
const CMR_NOTE: &str = "730";
/// Type of the documents that go along. Source: UNTDID 1001; the schema allows a cargo manifest and no other paper.
const RELATED_DOCUMENT: &str = "785";
/// Main carriage by the first carrier. Source: UNTDID 8051.
const MAIN_CARRIAGE: &str = "21";
/// What names the guideline of the data.
const GUIDELINE: &str = "UN/CEFACT eCMR D23B";

pub(super) fn write(draft: &Draft<'_>) -> Value {
    let inputs = draft.inputs;
    let run = draft.run();
    let issuer = run.carriers().first().map(|carrier| object([("name", list([content(carrier.name)]))]));
    let document = Fields::new()
        .with("id", content(draft.number()))
        .with("typeCode", content(CMR_NOTE))
        .with("issueDateTime", json!(inputs.issued.to_string()))
        .with("issueLogisticsLocation", location(inputs, run.from()))
        .with_some("issuer", issuer)
        .with(
            "remarks",
            list([
                content(format!("kervan-dossier {}", inputs.dossier)),
                content(format!("kervan-dossier-head {}", inputs.head)),
            ]),
        );
    Fields::new()
        .with(
            "exchangedDocumentContext",
            object([(
                "guidelineSpecifiedDocumentContextParameter",
                list([object([("id", content(GUIDELINE))])]),
            )]),
        )
        .with("exchangedDocument", document.build())
        .with("specifiedConsignment", list([consignment(draft, &run)]))
        .build()
}

fn consignment(draft: &Draft<'_>, run: &Run<'_>) -> Value {
    let inputs = draft.inputs;
    let consignment = inputs.consignment;
    let find =
        |role| consignment.find_party(role).map(|found| party_in_full(found, AddressForm::Street, true));
    let carriers = run.carriers();
    let mut carriers = carriers.iter().map(|carrier| object([("name", list([content(carrier.name)]))]));
    let first = carriers.next();
    let instructions = consignment.instructions.iter();
    let handling = instructions
        .filter(|asked| asked.to == InstructionAddressee::Carrier)
        .map(|asked| object([("description", list([content(&asked.text)]))]));
    let charges = texts::payments(inputs, run).into_iter().filter_map(|payment| payment.charge).take(1);
    Fields::new()
        .with("id", list([content(draft.number())]))
        .with("consignorAssignedId", content(consignment.reference.as_str()))
        .with("grossWeight", list([kilograms(consignment.gross_mass())]))
        .with_list("associatedInvoiceAmount", consignment.find_total().map(amount))
        .with("consignmentItemQuantity", quantity(consignment.goods.len() as u64))
        .with_some("consignor", find(PartyRole::Consignor))
        .with_some("consignee", find(PartyRole::Consignee))
        .with_list("notified", find(PartyRole::Notify))
        .with_some("carrier", first)
        .with_list("connectingCarrier", carriers)
        .with_some("transportServicesBuyer", buyer(inputs))
        .with("carrierAcceptanceLogisticsLocation", location(inputs, run.from()))
        .with("consigneeReceiptLogisticsLocation", location(inputs, run.to()))
        .with_list("associatedReferencedDocument", documents(draft))
        .with_list("previousAdministrativeReferencedDocument", previous(draft))
        .with_list("handlingInstructions", handling)
        .with("pickUpEvent", object([("occurrenceLogisticsLocation", location(inputs, run.from()))]))
        .with("deliveryEvent", object([("occurrenceLogisticsLocation", location(inputs, run.to()))]))
        .with_list(
            "includedConsignmentItem",
            consignment.goods.iter().enumerate().map(|(index, item)| item_of(inputs, index, item)),
        )
        .with_list("utilizedLogisticsTransportEquipment", consignment.equipment.iter().map(equipment))
        .with_list("mainCarriageLogisticsTransportMovement", movements(inputs, run))
        .with("specifiedTradeDeliveryTerms", list([terms(inputs)]))
        .with_list("applicableLogisticsServiceCharge", charges.map(|(_, charge)| charge_of(charge)))
        .build()
}

/// The forwarder, who orders the carriage; the schema knows no country of it by code.
fn buyer(inputs: &Inputs<'_>) -> Option<Value> {
    let found = inputs.consignment.find_party(PartyRole::Forwarder)?;
    let mut value = party_in_full(found, AddressForm::Street, true);
    if let Some(Value::Object(address)) = value.get_mut("postalTradeAddress") {
        address.remove("countryId");
    }
    Some(value)
}

/// The schema's list of delivery terms has no DPU, so that one is left out.
fn terms(inputs: &Inputs<'_>) -> Value {
    let terms = &inputs.consignment.terms;
    let place = object([("id", content(&terms.place))]);
    let code = (terms.incoterm != kervan_codes::Incoterm::Dpu).then(|| content(terms.incoterm.to_string()));
    Fields::new().with_some("deliveryTypeCode", code).with("relevantTradeLocation", place).build()
}

/// Box 5, as papers of the one type that the schema knows, each with what it is in words.
fn documents(draft: &Draft<'_>) -> Vec<Value> {
    let lines = texts::documents(draft);
    let paper = |line: String| {
        let number = line.split_once("№ ").map_or(line.as_str(), |(_, rest)| rest);
        let number = number.rsplit_once(", ").map_or(number, |(number, _)| number);
        object([
            ("typeCode", content(RELATED_DOCUMENT)),
            ("id", list([content(number)])),
            ("remarks", list([content(&line)])),
        ])
    };
    lines.into_iter().map(paper).collect()
}

/// The document that this one takes over from, and customs documents before it.
fn previous(draft: &Draft<'_>) -> Vec<Value> {
    let before = draft.request.previous.iter().map(|previous| {
        object([("typeCode", content(&previous.type_code)), ("id", list([content(&previous.number)]))])
    });
    let papers = draft.inputs.consignment.documents.iter().filter(|paper| paper.previous);
    let papers = papers.map(|paper| {
        object([("typeCode", content(paper.type_code.as_str())), ("id", list([content(&paper.number)]))])
    });
    before.chain(papers).collect()
}

fn item_of(inputs: &Inputs<'_>, index: usize, item: &GoodsItem) -> Value {
    let all = inputs.consignment.equipment.iter().map(|equipment| &equipment.number);
    let containers: Vec<_> =
        if item.containers.is_empty() { all.collect() } else { item.containers.iter().collect() };
    let mut package = packages(item);
    if let (Some(marks), Value::Object(fields)) = (&item.marks, &mut package) {
        let marks = list([object([("marking", list([content(marks)]))])]);
        fields.insert("physicalLogisticsShippingMarks".to_owned(), marks);
    }
    Fields::new()
        .with("sequenceNumeric", content((index + 1).to_string()))
        .with("grossWeight", list([kilograms(item.gross_mass)]))
        .with("globalId", list([content(item.hs.as_str())]))
        .with(
            "natureIdCargo",
            list([object([("id", Value::Array(in_languages(&item.description, &item.descriptions)))])]),
        )
        .with("originTradeCountry", object([("id", list([content(item.origin.as_str())]))]))
        .with_list("applicableDangerousGoods", dangerous(item))
        .with_list("handlingInstructions", item.temperature.map(temperature))
        .with_list(
            "associatedReferencedLogisticsTransportEquipment",
            containers.into_iter().map(|number| object([("id", content(number.as_str()))])),
        )
        .with("transportLogisticsPackage", list([json!(package)]))
        .build()
}

/// Packing groups I to III are danger levels 1 to 3 of UNTDID 8339.
fn dangerous(item: &GoodsItem) -> Option<Value> {
    let goods = item.dangerous.as_ref()?;
    let level = match goods.packing_group.as_deref() {
        Some("I") => Some("1"),
        Some("II") => Some("2"),
        Some("III") => Some("3"),
        _ => None,
    };
    let value = Fields::new()
        .with("undgIdCode", content(format!("{:04}", goods.un_number)))
        .with("lowerPartOrangeHazardPlacardId", content(format!("{:04}", goods.un_number)))
        .with_some("properShippingName", goods.shipping_name.as_ref().map(content))
        .with_some("packagingDangerLevelCode", level.map(content));
    Some(value.build())
}

fn temperature(range: TemperatureRange) -> Value {
    let degrees = |tenths: i16| {
        let sign = if tenths < 0 { "-" } else { "" };
        let (whole, tenth) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
        object([("content", json!(format!("{sign}{whole}.{tenth}"))), ("unitCode", json!("CEL"))])
    };
    object([(
        "applicableTransportSettingTemperature",
        list([object([
            ("minimumValue", json!(degrees(range.min))),
            ("maximumValue", json!(degrees(range.max))),
        ])]),
    )])
}

fn equipment(item: &Equipment) -> Value {
    let seals = item.seals.iter().map(|seal| object([("id", list([content(&seal.number)]))]));
    Fields::new()
        .with("id", content(item.number.as_str()))
        .with("categoryCode", content(codes::container()))
        .with_list("affixedLogisticsSeal", seals)
        .build()
}

/// One movement for each leg, with the vehicle where it is known.
fn movements(inputs: &Inputs<'_>, run: &Run<'_>) -> Vec<Value> {
    let vehicles = &inputs.consignment.vehicles;
    let movement = |(index, leg): &(usize, &kervan_model::Leg)| {
        let means = run.means_of(*index, leg).map(|means| (means.identification, means.nationality));
        let known = means.or_else(|| {
            vehicles.first().map(|vehicle| (vehicle.registration.as_str(), Some(&vehicle.country)))
        });
        let vehicle = known.map(|(registration, country)| {
            let country = country.map(|country| object([("id", list([content(country.as_str())]))]));
            Fields::new()
                .with("id", list([content(registration)]))
                .with_some("registrationTradeCountry", country)
                .build()
        });
        Fields::new()
            .with("stageCode", content(MAIN_CARRIAGE))
            .with("modeCode", content(codes::mode(leg.mode)))
            .with_some("usedLogisticsTransportMeans", vehicle)
            .build()
    };
    run.legs.iter().map(movement).collect()
}

fn charge_of(charge: &Charge) -> Value {
    Fields::new()
        .with("paymentArrangementCode", content(codes::settlement(charge.settlement)))
        .with_some("payingPartyRoleCode", codes::find_payer(charge.payer).map(content))
        .with_list("appliedAmount", charge.amount.map(amount))
        .build()
}
