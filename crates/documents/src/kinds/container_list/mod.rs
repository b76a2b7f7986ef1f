//! The container list that goes with a note by rail which has more of them than its boxes hold.

mod data;
mod form;

use crate::carriage::rail_parts;
use crate::definition::{Definition, by_reference};
use crate::rail::LISTED_ABOVE;
use crate::{Inputs, Part};

pub(crate) static DEFINITION: Definition = Definition {
    slug: "container-list",
    type_code: "788",
    series: "CL",
    title: "Container list",
    schema: Some("UNECE-RailWagonList.json"),
    layout: include_str!("../../../../../data/documents/container-list.csv"),
    is_contract: false,
    list_parts,
    find_number: by_reference,
    fill: form::fill,
    write: data::write,
};

/// One for each note by rail, if there are more containers than its boxes hold.
fn list_parts(inputs: &Inputs<'_>) -> Vec<Part> {
    if inputs.consignment.equipment.len() > LISTED_ABOVE { rail_parts(inputs) } else { Vec::new() }
}
