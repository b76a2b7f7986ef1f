//! Cargo manifest. UN/CEFACT has published no schema of it; the fields are named as in the maritime bill of lading.

use super::form::on_board;
use crate::definition::Draft;
use crate::sea::voyage;
use crate::shared::scalar::{
    AddressForm, Fields, content, dangerous, kilograms, list, location, object, packages, party_in_full,
    quantity,
};
use kervan_model::{Consignment, Equipment, GoodsItem, PartyRole};
use serde_json::{Value, json};

/// Type of the document. Source: UNTDID 1001.
const MANIFEST: &str = "785";

pub(super) fn write(draft: &Draft<'_>) -> Value {
    let inputs = draft.inputs;
    let voyage = voyage(draft);
    let run = &voyage.run;
    let ship = voyage.ship.as_ref().map(|ship| {
        Fields::new()
            .with("id", list([content(ship.identification)]))
            .with_some("name", ship.name.map(content))
            .build()
    });
    let event = |place| object([("occurrenceLogisticsLocation", location(inputs, place))]);
    let movement = Fields::new()
        .with_some("id", voyage.ship.as_ref().and_then(|ship| ship.journey).map(content))
        .with("loadingEvent", event(run.from()))
        .with("unloadingEvent", event(run.to()))
        .with_some("usedLogisticsTransportMeans", ship);
    let document = object([
        ("id", content(draft.number())),
        ("typeCode", content(MANIFEST)),
        ("issueDateTime", json!(inputs.issued.to_string())),
        (
            "information",
            list([
                content(format!("kervan-dossier {}", inputs.dossier)),
                content(format!("kervan-dossier-head {}", inputs.head)),
            ]),
        ),
    ]);
    object([
        ("exchangedDocument", json!(document)),
        ("mainCarriageLogisticsTransportMovement", list([movement.build()])),
        ("specifiedConsignment", json!(on_board(inputs).into_iter().map(consignment).collect::<Vec<_>>())),
    ])
}

fn consignment(consignment: &Consignment) -> Value {
    let find =
        |role| consignment.find_party(role).map(|found| party_in_full(found, AddressForm::Street, true));
    Fields::new()
        .with("consignorAssignedId", content(consignment.reference.as_str()))
        .with("grossWeight", list([kilograms(consignment.gross_mass())]))
        .with("packageQuantity", quantity(consignment.packages()))
        .with_some("consignor", find(PartyRole::Consignor))
        .with_some("consignee", find(PartyRole::Consignee))
        .with_list("includedConsignmentItem", consignment.goods.iter().map(goods))
        .with_list("utilizedLogisticsTransportEquipment", consignment.equipment.iter().map(equipment))
        .build()
}

fn goods(item: &GoodsItem) -> Value {
    Fields::new()
        .with("typeCode", content(item.hs.as_str()))
        .with("grossWeight", list([kilograms(item.gross_mass)]))
        .with("natureIdCargo", list([object([("id", list([content(&item.description)]))])]))
        .with_list("applicableDangerousGoods", dangerous(item))
        .with("transportLogisticsPackage", list([packages(item)]))
        .build()
}

fn equipment(item: &Equipment) -> Value {
    let seals = item.seals.iter().map(|seal| object([("id", list([content(&seal.number)]))]));
    Fields::new()
        .with("id", content(item.number.as_str()))
        .with("characteristicCode", content(item.size_type.as_str()))
        .with_list("affixedLogisticsSeal", seals)
        .build()
}
