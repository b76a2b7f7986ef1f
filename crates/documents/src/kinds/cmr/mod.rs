//! The consignment note of carriage by road: CMR on paper, and the data of its electronic form.

mod data;
mod form;

use crate::carriage::parts_under;
use crate::definition::{Definition, by_reference};

pub(crate) static DEFINITION: Definition = Definition {
    slug: "cmr",
    type_code: "730",
    series: "730",
    title: "CMR consignment note",
    schema: Some("UNECE-eCMR.json"),
    layout: include_str!("../../../../../data/documents/cmr.csv"),
    is_contract: true,
    list_parts: |inputs| parts_under(inputs, "cmr"),
    find_number: by_reference,
    fill: form::fill,
    write: data::write,
};
