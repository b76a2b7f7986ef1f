//! The declaration of common or Union transit: message CC015C.

use crate::dataset;
use crate::definition::{Definition, by_reference};
use crate::{Inputs, Part};

pub(crate) static DEFINITION: Definition = Definition {
    slug: "ncts-declaration",
    type_code: "821",
    series: "821",
    title: "Common transit declaration",
    schema: None,
    layout: include_str!("../../../../data/documents/ncts-declaration.csv"),
    is_contract: false,
    list_parts,
    find_number: by_reference,
    fill: dataset::fill,
    write: dataset::write,
};

/// One for each movement whose procedure has a table of this kind.
fn list_parts(inputs: &Inputs<'_>) -> Vec<Part> {
    dataset::list_movements(DEFINITION.slug, inputs)
}
