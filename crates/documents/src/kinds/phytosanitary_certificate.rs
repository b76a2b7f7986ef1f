//! The application for a phytosanitary certificate, for goods that are plants or made of them.

use crate::dataset;
use crate::definition::{Definition, by_reference};
use crate::{Inputs, Part};

pub(crate) static DEFINITION: Definition = Definition {
    slug: "phytosanitary-certificate",
    type_code: "851",
    series: "851",
    title: "Phytosanitary certificate",
    schema: Some("UNECE-SPSCertificate.json"),
    layout: include_str!("../../../../data/documents/phytosanitary-certificate.csv"),
    is_contract: false,
    list_parts,
    find_number: by_reference,
    fill: dataset::fill,
    write: dataset::write,
};

/// One for all plants of the consignment, if it has any.
fn list_parts(inputs: &Inputs<'_>) -> Vec<Part> {
    let has_plants = inputs.consignment.goods.iter().any(|item| item.plant.is_some());
    has_plants.then_some(Part::Whole).into_iter().collect()
}
