//! The data of a bill of lading and of a sea waybill: the maritime bill of lading of the Multi-Modal Transport model.
//!
//! The published multimodal waybill has no place for the parties, so a sea waybill is written as the bill is, under its own
//! type and with the consignee named.

use super::form::find_charge;
use super::{Voyage, voyage};
use crate::definition::Draft;
use crate::shared::scalar::{
    AddressForm, Fields, amount, content, in_languages, kilograms, list, location, marks, object,
    party_in_full, quantity,
};
use crate::{Inputs, codes};
use kervan_model::{Charge, Equipment, GoodsItem, Party, PartyRole};
use serde_json::{Value, json};

/// What differs between the two contracts.
pub(crate) struct Contract {
    /// Type of the document. Source: UNTDID 1001; the schema fixes that of the bill.
    pub(crate) type_code: &'static str,
    /// How many originals are issued, if it is a document of title.
    pub(crate) originals: Option<u64>,
}

pub(crate) fn write(draft: &Draft<'_>, contract: &Contract) -> Value {
    let inputs = draft.inputs;
    let voyage = voyage(draft);
    let carriers = voyage.run.carriers();
    let issuer = carriers.first().map(|carrier| {
        object([
            ("name", list([content(carrier.name)])),
            ("roleCode", list([content(codes::role(PartyRole::Carrier))])),
        ])
    });
    let document = Fields::new()
        .with("id", content(draft.number()))
        .with("typeCode", content(contract.type_code))
        .with("issueDateTime", json!(inputs.issued.to_string()))
        .with("issueLogisticsLocation", location(inputs, voyage.run.from()))
        .with_some("originalIssuedQuantity", contract.originals.map(quantity))
        .with_some("issuer", issuer)
        .with(
            "contractualDocumentClause",
            list([
                object([("content", list([content(format!("kervan-dossier {}", inputs.dossier))]))]),
                object([("content", list([content(format!("kervan-dossier-head {}", inputs.head))]))]),
            ]),
        );
    object([
        ("exchangedDocument", document.build()),
        ("specifiedConsignment", list([consignment(draft, &voyage, contract)])),
    ])
}

fn consignment(draft: &Draft<'_>, voyage: &Voyage<'_>, contract: &Contract) -> Value {
    let inputs = draft.inputs;
    let consignment = inputs.consignment;
    let run = &voyage.run;
    let party = |party: &Party| party_in_full(party, AddressForm::Street, true);
    let find = |role| consignment.find_party(role).map(party);
    // Goods that are delivered to order have no consignee yet: the buyer is told of them.
    let is_named = contract.originals.is_none();
    let consignee = find(PartyRole::Consignee);
    let (consignee, buyer) = if is_named { (consignee, None) } else { (None, consignee) };
    let notified = find(PartyRole::Notify).into_iter().chain(buyer);
    let carrier = run.carriers().first().map(|carrier| object([("name", list([content(carrier.name)]))]));
    // The schema knows documents of carriage by sea only, so the type of the one before is told in words.
    let previous = draft.request.previous.as_ref();
    let before = previous.map(|it| content(format!("in continuation of {} {}", it.type_code, it.number)));
    let previous = previous.map(|previous| object([("id", list([content(&previous.number)]))]));
    let containers = consignment.equipment.len() as u64;
    Fields::new()
        .with("consignorAssignedId", content(consignment.reference.as_str()))
        .with("grossWeight", list([kilograms(consignment.gross_mass())]))
        .with("packageQuantity", quantity(consignment.packages()))
        .with("transportEquipmentQuantity", list([quantity(containers)]))
        .with_some("consignor", find(PartyRole::Consignor))
        .with_some("consignee", consignee)
        .with_list("notified", notified)
        .with_some("carrier", carrier)
        .with_some("consignorAgent", forwarder(inputs))
        .with_some("transportContractReferencedDocument", previous)
        .with_list("consignorProvidedInformation", before)
        .with("carrierAcceptanceLogisticsLocation", location(inputs, &consignment.from))
        .with("consigneeReceiptLogisticsLocation", location(inputs, run.to()))
        .with("finalDestinationLogisticsLocation", location(inputs, &consignment.to))
        .with_list(
            "includedConsignmentItem",
            consignment.goods.iter().enumerate().map(|(index, item)| item_of(inputs, index, item)),
        )
        .with_list("utilizedLogisticsTransportEquipment", consignment.equipment.iter().map(equipment))
        .with("mainCarriageLogisticsTransportMovement", list([movement(inputs, voyage)]))
        .with_list("applicableLogisticsServiceCharge", find_charge(inputs, voyage).map(charge_of))
        .build()
}

/// The forwarder as the shipper's agent, whom the schema knows by name.
fn forwarder(inputs: &Inputs<'_>) -> Option<Value> {
    let found = inputs.consignment.find_party(PartyRole::Forwarder)?;
    Some(party_in_full(found, AddressForm::Street, false))
}

fn item_of(inputs: &Inputs<'_>, index: usize, item: &GoodsItem) -> Value {
    let all = inputs.consignment.equipment.iter().map(|equipment| &equipment.number);
    let containers: Vec<_> =
        if item.containers.is_empty() { all.collect() } else { item.containers.iter().collect() };
    let package = object([
        ("itemQuantity", quantity(u64::from(item.packages))),
        ("typeCode", list([content(item.package_kind.as_str())])),
    ]);
    Fields::new()
        .with("sequenceNumeric", content((index + 1).to_string()))
        .with("information", list([content(format!("HS {}", item.hs))]))
        .with("grossWeight", list([kilograms(item.gross_mass)]))
        .with(
            "natureIdCargo",
            list([object([("id", Value::Array(in_languages(&item.description, &item.descriptions)))])]),
        )
        .with_list("applicableDangerousGoods", crate::shared::scalar::dangerous(item))
        .with_list("physicalLogisticsShippingMarks", marks(item))
        .with_list(
            "associatedReferencedLogisticsTransportEquipment",
            containers.into_iter().map(|number| object([("id", content(number.as_str()))])),
        )
        .with("transportLogisticsPackage", list([json!(package)]))
        .build()
}

fn equipment(item: &Equipment) -> Value {
    let seals = item.seals.iter().map(|seal| object([("id", list([content(&seal.number)]))]));
    let verified = item.verified_mass.as_ref().map(|verified| kilograms(verified.mass));
    Fields::new()
        .with("id", content(item.number.as_str()))
        .with("characteristicCode", content(item.size_type.as_str()))
        .with_some("grossWeight", verified)
        .with_some("tareWeight", item.tare.map(kilograms))
        .with_list("affixedLogisticsSeal", seals)
        .build()
}

fn movement(inputs: &Inputs<'_>, voyage: &Voyage<'_>) -> Value {
    let run = &voyage.run;
    let at = |instant: jiff::Timestamp, place| {
        object([
            ("estimatedOccurrenceDateTime", json!(instant.to_string())),
            ("occurrenceLogisticsLocation", location(inputs, place)),
        ])
    };
    let ship = voyage.ship.as_ref().map(|ship| {
        Fields::new()
            .with("id", list([content(ship.identification)]))
            .with_some("name", ship.name.map(content))
            .build()
    });
    let journey = voyage.ship.as_ref().and_then(|ship| ship.journey);
    Fields::new()
        .with_some("id", journey.map(content))
        .with("loadingEvent", at(run.departs(), run.from()))
        .with_some("unloadingEvent", run.arrives().map(|instant| at(instant, run.to())))
        .with_some("usedLogisticsTransportMeans", ship)
        .build()
}

fn charge_of(charge: &Charge) -> Value {
    Fields::new()
        .with("description", list([content(charge.kind.word())]))
        .with("paymentArrangementCode", content(codes::settlement(charge.settlement)))
        .with_some("payingPartyRoleCode", codes::find_payer(charge.payer).map(content))
        .with_list("appliedAmount", charge.amount.map(amount))
        .build()
}
