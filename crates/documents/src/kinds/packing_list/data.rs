//! Cross-industry export packing list.

use crate::definition::Draft;
use crate::shared::scalar::{
    AddressForm, Fields, content, context, dangerous, kilograms, list, location, marks, object, packages,
    party, quantity,
};
use crate::{DocumentKind, codes};
use kervan_model::{Equipment, GoodsItem, PartyRole};
use serde_json::{Value, json};

pub(super) fn write(draft: &Draft<'_>) -> Value {
    let inputs = draft.inputs;
    let consignment = inputs.consignment;
    let find = |role| consignment.find_party(role).map(|found| party(found, AddressForm::Line));
    let document = object([
        ("id", content(draft.number())),
        ("typeCode", content(DocumentKind::PackingList.type_code())),
        ("issueDateTime", json!(inputs.issued.to_string())),
    ]);
    let invoice = consignment.prices.as_ref().map(|prices| {
        let kind = DocumentKind::CommercialInvoice;
        object([
            ("issuerAssignedId", content(&prices.invoice_number)),
            ("typeCode", content(kind.type_code())),
        ])
    });
    let items = consignment.goods.iter().enumerate().map(|(index, item)| goods(index, item));
    let specified = Fields::new()
        .with("consignorAssignedId", content(consignment.reference.as_str()))
        .with("grossWeight", list([kilograms(consignment.gross_mass())]))
        .with("netWeight", list([kilograms(consignment.net_mass())]))
        .with("consignmentItemQuantity", quantity(consignment.goods.len() as u64))
        .with("packageQuantity", quantity(consignment.packages()))
        .with_some("consignor", find(PartyRole::Consignor))
        .with_some("consignee", find(PartyRole::Consignee))
        .with_some("freightForwarder", find(PartyRole::Forwarder))
        .with("loadingBaseportLogisticsLocation", location(inputs, &consignment.from))
        .with("finalDestinationLogisticsLocation", location(inputs, &consignment.to))
        .with_list("associatedReferencedDocument", invoice)
        .with_list("includedConsignmentItem", items)
        .with_list("utilizedLogisticsTransportEquipment", consignment.equipment.iter().map(equipment));
    Fields::new()
        .with("exchangedDocumentContext", context(inputs).build())
        .with("exchangedDocument", document)
        .with("specifiedConsignment", list([specified.build()]))
        .build()
}

fn goods(index: usize, item: &GoodsItem) -> Value {
    let product = object([
        ("description", list([content(&item.description)])),
        ("designatedProductClassification", list([object([("classCode", content(item.hs.as_str()))])])),
    ]);
    let line = object([
        ("associatedDocumentLineDocument", object([("lineId", content((index + 1).to_string()))])),
        ("specifiedTradeProduct", list([json!(product)])),
    ]);
    let mut package = packages(item);
    if let (Some(marks), Value::Object(fields)) = (marks(item), &mut package) {
        fields.insert("physicalLogisticsShippingMarks".to_owned(), list([json!(marks)]));
    }
    Fields::new()
        .with("grossWeight", list([kilograms(item.gross_mass)]))
        .with("netWeight", list([kilograms(item.net_mass)]))
        .with("packageQuantity", quantity(u64::from(item.packages)))
        .with("natureIdCargo", list([object([("id", list([content(&item.description)]))])]))
        .with_list("applicableDangerousGoods", dangerous(item))
        .with("transportLogisticsPackage", list([json!(package)]))
        .with("includedTradeLineItem", list([json!(line)]))
        .build()
}

fn equipment(item: &Equipment) -> Value {
    let seals = item.seals.iter().map(|seal| object([("id", list([content(&seal.number)]))]));
    Fields::new()
        .with("id", content(item.number.as_str()))
        .with("categoryCode", content(codes::container()))
        .with("characteristicCode", content(item.size_type.as_str()))
        .with_list("affixedLogisticsSeal", seals)
        .build()
}
