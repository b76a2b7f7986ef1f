//! The transit declaration of a territory outside of common transit, by the table of its procedure.

use crate::dataset;
use crate::definition::{Definition, by_reference};
use crate::{Inputs, Part};

pub(crate) static DEFINITION: Definition = Definition {
    slug: "transit-declaration",
    type_code: "950",
    series: "950",
    title: "Transit declaration",
    schema: None,
    layout: include_str!("../../../../data/documents/transit-declaration.csv"),
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
