//! Container list. The Multi-Modal Transport model has one list for both; containers stand where the wagons do.

use crate::definition::Draft;
use crate::rail::list_data::{self, Listed};
use serde_json::Value;

pub(super) fn write(draft: &Draft<'_>) -> Value {
    let equipment = draft.inputs.consignment.equipment.iter();
    let listed =
        equipment.map(|item| Listed { number: item.number.as_str(), seals: item.seals.iter().collect() });
    list_data::write(draft, &listed.collect::<Vec<_>>())
}
