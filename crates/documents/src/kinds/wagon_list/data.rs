//! Wagon list of the Multi-Modal Transport model.

use crate::definition::Draft;
use crate::rail::list_data::{self, Listed};
use serde_json::Value;

pub(super) fn write(draft: &Draft<'_>) -> Value {
    let consignment = draft.inputs.consignment;
    let listed = consignment.wagons.iter().map(|wagon| {
        let on_it = consignment.equipment.iter().filter(|item| wagon.containers.contains(&item.number));
        let seals = wagon.seals.iter().chain(on_it.flat_map(|item| &item.seals));
        Listed { number: wagon.number.as_str(), seals: seals.collect() }
    });
    list_data::write(draft, &listed.collect::<Vec<_>>())
}
