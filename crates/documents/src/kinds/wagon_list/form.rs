//! The rows of the wagon list.

use crate::Row;
use crate::definition::Draft;
use crate::rail::list_form;
use crate::shared::filling::Filling;
use crate::shared::text;
use crate::words::Speech;
use kervan_model::Wagon;

pub(super) fn fill(draft: &Draft<'_>, speech: &Speech) -> Filling {
    let wagons = &draft.inputs.consignment.wagons;
    let mut filling = list_form::fill(draft, speech, wagons.len());
    for (index, wagon) in wagons.iter().enumerate() {
        filling.push("wagons", Row { cells: cells(index, wagon), strong: false, numbered: true });
    }
    filling
}

fn cells(index: usize, wagon: &Wagon) -> Vec<Vec<String>> {
    let mass = |mass: Option<kervan_units::Mass>| mass.map(|mass| text::kilograms(mass, 0));
    let seals: Vec<&str> = wagon.seals.iter().map(|seal| seal.number.as_str()).collect();
    vec![
        vec![(index + 1).to_string()],
        vec![wagon.number.to_string()],
        wagon.owner.iter().cloned().collect(),
        mass(wagon.load_limit).into_iter().collect(),
        wagon.axles.iter().map(u8::to_string).collect(),
        mass(wagon.tare).into_iter().collect(),
        wagon.containers.iter().map(text::container).collect(),
        if seals.is_empty() { Vec::new() } else { vec![seals.join(", ")] },
    ]
}
