//! The multimodal dangerous goods declaration of the shipper.

use crate::dataset;
use crate::definition::{Definition, by_reference};
use crate::{Inputs, Part};

pub(crate) static DEFINITION: Definition = Definition {
    slug: "dangerous-goods-declaration",
    type_code: "890",
    series: "890",
    title: "Dangerous goods declaration",
    schema: None,
    layout: include_str!("../../../../data/documents/dangerous-goods-declaration.csv"),
    is_contract: false,
    list_parts,
    find_number: by_reference,
    fill: dataset::fill,
    write: dataset::write,
};

/// One for all dangerous goods of the consignment, if it has any.
fn list_parts(inputs: &Inputs<'_>) -> Vec<Part> {
    let has_dangerous = inputs.consignment.goods.iter().any(|item| item.dangerous.is_some());
    has_dangerous.then_some(Part::Whole).into_iter().collect()
}
