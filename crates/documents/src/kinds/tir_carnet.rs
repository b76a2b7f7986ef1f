//! The data of a TIR carnet: manifest, vouchers, and what is sent in advance.

use crate::dataset;
use crate::definition::{Definition, by_reference};
use crate::{Inputs, Part};

pub(crate) static DEFINITION: Definition = Definition {
    slug: "tir-carnet",
    type_code: "952",
    series: "952",
    title: "TIR carnet",
    schema: None,
    layout: include_str!("../../../../data/documents/tir-carnet.csv"),
    is_contract: false,
    list_parts,
    find_number: by_reference,
    fill: dataset::fill,
    write: dataset::write,
};

/// One, if the consignment refers to a carnet.
fn list_parts(inputs: &Inputs<'_>) -> Vec<Part> {
    let has_carnet = dataset::find_carnet(inputs.consignment).is_some();
    has_carnet.then_some(Part::Whole).into_iter().collect()
}
