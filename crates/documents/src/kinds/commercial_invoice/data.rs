//! Cross-industry invoice.

use crate::definition::Draft;
use crate::shared::scalar::{
    AddressForm, Fields, amount, content, context, kilograms, list, object, party, quantity,
};
use crate::{DocumentKind, Inputs};
use jiff::tz::TimeZone;
use kervan_model::{GoodsItem, PartyRole, Prices};
use kervan_units::Money;
use serde_json::{Value, json};

pub(super) fn write(draft: &Draft<'_>) -> Value {
    let inputs = draft.inputs;
    let prices = inputs.consignment.prices.as_ref();
    let kind = DocumentKind::CommercialInvoice;
    // The seller dates the invoice; the day on which it is printed from the dossier is another one.
    let date = prices.and_then(|prices| prices.invoice_date.to_zoned(TimeZone::UTC).ok());
    let issued = date.map_or(inputs.issued, |date| date.timestamp());
    let document = Fields::new()
        .with_some("id", prices.map(|prices| content(&prices.invoice_number)))
        .with("name", list([content(kind.title())]))
        .with("typeCode", content(kind.type_code()))
        .with("issueDateTime", json!(issued.to_string()))
        .build();
    let goods = inputs.consignment.goods.iter().enumerate();
    let lines = goods
        .map(|(index, item)| line(index, item, prices.and_then(|prices| prices.items.get(index)).copied()));
    let transaction = Fields::new()
        .with_list("includedTradeLineItem", lines)
        .with("applicableHeaderTradeAgreement", list([agreement(inputs, prices)]))
        .with("applicableHeaderTradeDelivery", list([delivery(inputs)]))
        .with("applicableHeaderTradeSettlement", settlement(inputs));
    Fields::new()
        .with("exchangedDocumentContext", context(inputs).build())
        .with("exchangedDocument", document)
        .with("tradeTransaction", list([transaction.build()]))
        .build()
}

fn line(index: usize, item: &GoodsItem, price: Option<Money>) -> Value {
    let product = object([
        ("description", list([content(&item.description)])),
        (
            "designatedProductClassification",
            list([object([("systemId", content("HS")), ("classCode", content(item.hs.as_str()))])]),
        ),
        ("originTradeCountry", list([object([("id", list([content(item.origin.as_str())]))])])),
    ]);
    let delivery = object([
        ("packageQuantity", quantity(u64::from(item.packages))),
        ("netWeight", kilograms(item.net_mass)),
        ("grossWeight", kilograms(item.gross_mass)),
    ]);
    let summation = Fields::new().with_list("lineTotalAmount", price.map(amount)).build();
    object([
        ("associatedDocumentLineDocument", object([("lineId", content((index + 1).to_string()))])),
        ("specifiedTradeProduct", list([json!(product)])),
        ("specifiedLineTradeDelivery", list([json!(delivery)])),
        (
            "specifiedLineTradeSettlement",
            list([object([("specifiedTradeSettlementLineMonetarySummation", json!(summation))])]),
        ),
    ])
}

fn agreement(inputs: &Inputs<'_>, prices: Option<&Prices>) -> Value {
    let find = |role| inputs.consignment.find_party(role).map(|found| party(found, AddressForm::Line));
    let terms = &inputs.consignment.terms;
    let contract = prices.and_then(|prices| prices.contract.as_ref());
    Fields::new()
        .with("reference", list([content(inputs.consignment.reference.as_str())]))
        .with_some("seller", find(PartyRole::Consignor))
        .with_some("buyer", find(PartyRole::Consignee))
        .with(
            "applicableTradeDeliveryTerms",
            object([
                ("deliveryTypeCode", content(terms.incoterm.to_string())),
                ("description", list([content(&terms.place)])),
            ]),
        )
        .with_list(
            "contractReferencedDocument",
            contract.map(|contract| object([("issuerAssignedId", content(contract))])),
        )
        .build()
}

fn delivery(inputs: &Inputs<'_>) -> Value {
    let consignment = inputs.consignment;
    let equipment = consignment.equipment.iter().map(|item| {
        object([
            ("id", content(item.number.as_str())),
            ("characteristicCode", content(item.size_type.as_str())),
        ])
    });
    let related = Fields::new()
        .with("id", list([content(consignment.reference.as_str())]))
        .with("grossWeight", list([kilograms(consignment.gross_mass())]))
        .with("netWeight", list([kilograms(consignment.net_mass())]))
        .with("packageQuantity", quantity(consignment.packages()))
        .with_list("utilizedLogisticsTransportEquipment", equipment);
    object([("relatedConsignment", list([related.build()]))])
}

fn settlement(inputs: &Inputs<'_>) -> Value {
    let Some(total) = inputs.consignment.find_total() else { return json!({}) };
    object([
        ("invoiceCurrencyCode", content(total.currency().as_str())),
        (
            "specifiedTradeSettlementHeaderMonetarySummation",
            object([
                ("lineTotalAmount", list([amount(total)])),
                ("grandTotalAmount", list([amount(total)])),
                ("duePayableAmount", list([amount(total)])),
            ]),
        ),
    ])
}
