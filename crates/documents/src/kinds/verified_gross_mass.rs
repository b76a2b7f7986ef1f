//! The verified gross mass of a packed container, which a ship asks for before it loads.

use crate::dataset;
use crate::definition::{Definition, by_reference};
use crate::{Inputs, Part};
use kervan_model::Mode;

pub(crate) static DEFINITION: Definition = Definition {
    slug: "verified-gross-mass",
    type_code: "916",
    series: "VGM",
    title: "Verified gross mass",
    schema: None,
    layout: include_str!("../../../../data/documents/verified-gross-mass.csv"),
    is_contract: false,
    list_parts,
    find_number: by_reference,
    fill: dataset::fill,
    write: dataset::write,
};

/// One for each container that goes by sea, or whose mass was verified anyway.
///
/// A ferry that carries wagons or trucks on deck asks for none: the rule speaks of containers packed onto ships.
fn list_parts(inputs: &Inputs<'_>) -> Vec<Part> {
    let by_sea = inputs.itinerary.is_some_and(|itinerary| itinerary.legs().any(|leg| leg.mode == Mode::Sea));
    let equipment = inputs.consignment.equipment.iter().enumerate();
    let weighed = equipment.filter(|(_, item)| by_sea || item.verified_mass.is_some());
    weighed.map(|(index, _)| Part::Equipment(index)).collect()
}
