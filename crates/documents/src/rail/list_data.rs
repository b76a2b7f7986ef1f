//! The data of the lists of wagons and containers.

use crate::definition::Draft;
use crate::shared::scalar::{
    AddressForm, Fields, amount, content, in_languages, kilograms, list, object, party_in_full,
};
use crate::{Inputs, codes};
use kervan_model::{GoodsItem, Leg, PartyRole, Seal};
use serde_json::{Value, json};

/// A wagon or container of a list: its number and what is sealed on it.
pub(crate) struct Listed<'a> {
    /// Its number.
    pub(crate) number: &'a str,
    /// Seals on it.
    pub(crate) seals: Vec<&'a Seal>,
}

/// The list as the rail wagon list of the Multi-Modal Transport model.
pub(crate) fn write(draft: &Draft<'_>, listed: &[Listed<'_>]) -> Value {
    let inputs = draft.inputs;
    let consignment = inputs.consignment;
    let run = draft.run();
    let find = |role| {
        let mut party = party_in_full(consignment.find_party(role)?, AddressForm::Street, true);
        // The schema knows how to reach a party, but no person.
        if let Some(Value::Object(contact)) = party.pointer_mut("/definedTradeContact/0") {
            contact.remove("personName");
        }
        if let Value::Object(fields) = &mut party {
            let contact =
                fields.get("definedTradeContact").and_then(|it| it.get(0)).and_then(Value::as_object);
            if contact.is_some_and(serde_json::Map::is_empty) {
                fields.remove("definedTradeContact");
            }
        }
        Some(party)
    };
    let equipment = listed.iter().map(|item| {
        let seals = item.seals.iter().map(|seal| object([("id", list([content(&seal.number)]))]));
        Fields::new().with("id", content(item.number)).with_list("affixedLogisticsSeal", seals).build()
    });
    let modes = run.legs.iter().map(|(_, leg)| mode(leg));
    let fields = Fields::new()
        .with("id", list([content(draft.number())]))
        .with("carrierAcceptanceDateTime", json!(run.departs().to_string()))
        .with("grossWeight", list([kilograms(consignment.gross_mass())]))
        .with_list("associatedInvoiceAmount", consignment.find_total().map(amount))
        .with_some("consignor", find(PartyRole::Consignor))
        .with_some("consignee", find(PartyRole::Consignee))
        .with(
            "carrierAcceptanceLogisticsLocation",
            object([("name", list([content((inputs.place_name)(run.from()))]))]),
        )
        .with("deliveryEvent", object([("occurrenceLogisticsLocation", delivery_place(inputs, &run))]))
        .with_list("includedConsignmentItem", consignment.goods.iter().map(goods))
        .with_list("utilizedLogisticsTransportEquipment", equipment)
        .with_list("mainCarriageLogisticsTransportMovement", modes);
    object([
        (
            "exchangedDocument",
            object([("id", content(draft.number())), ("issueDateTime", json!(inputs.issued.to_string()))]),
        ),
        ("specifiedConsignment", list([fields.build()])),
    ])
}

fn mode(leg: &Leg) -> Value {
    object([("modeCode", content(codes::mode(leg.mode)))])
}

fn delivery_place(inputs: &Inputs<'_>, run: &crate::run::Run<'_>) -> Value {
    object([
        ("id", list([content(run.to().as_str())])),
        ("name", list([content((inputs.place_name)(run.to()))])),
        ("countryId", content(run.to().country_letters())),
    ])
}

fn goods(item: &GoodsItem) -> Value {
    let dangerous = item.dangerous.iter();
    let dangerous =
        dangerous.map(|goods| object([("undgIdCode", content(format!("{:04}", goods.un_number)))]));
    Fields::new()
        .with("id", list([content(item.rail_codes.gng.as_deref().unwrap_or(item.hs.as_str()))]))
        .with("grossWeight", list([kilograms(item.gross_mass)]))
        .with(
            "natureIdCargo",
            list([object([("id", Value::Array(in_languages(&item.description, &item.descriptions)))])]),
        )
        .with_list("applicableDangerousGoods", dangerous)
        .build()
}
