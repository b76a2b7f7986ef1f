//! The rows of the container list.

use crate::definition::Draft;
use crate::rail::list_form;
use crate::shared::filling::Filling;
use crate::shared::text;
use crate::words::Speech;
use crate::{Inputs, Row};
use kervan_model::Equipment;

pub(super) fn fill(draft: &Draft<'_>, speech: &Speech) -> Filling {
    let inputs = draft.inputs;
    let equipment = &inputs.consignment.equipment;
    let mut filling = list_form::fill(draft, speech, equipment.len());
    for (index, item) in equipment.iter().enumerate() {
        filling.push("containers", Row { cells: cells(inputs, index, item), strong: false, numbered: true });
    }
    filling
}

fn cells(inputs: &Inputs<'_>, index: usize, item: &Equipment) -> Vec<Vec<String>> {
    let goods = list_form::goods_in(inputs, &item.number);
    let wagon = inputs.consignment.wagons.iter().find(|wagon| wagon.containers.contains(&item.number));
    let seals: Vec<&str> = item.seals.iter().map(|seal| seal.number.as_str()).collect();
    vec![
        vec![(index + 1).to_string()],
        vec![text::container(&item.number)],
        vec![item.size_type.to_string()],
        item.tare.map(|tare| text::kilograms(tare, 0)).into_iter().collect(),
        goods.map(|(_, packages)| text::grouped(&packages.to_string())).into_iter().collect(),
        goods.map(|(mass, _)| text::kilograms(mass, text::decimals([mass]))).into_iter().collect(),
        if seals.is_empty() { Vec::new() } else { vec![seals.join(", ")] },
        wagon.map(|wagon| wagon.number.to_string()).into_iter().collect(),
    ]
}
