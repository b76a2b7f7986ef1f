//! The packing list: what is in which package and container.

mod data;
mod form;

use crate::definition::{Definition, by_reference, whole};

pub(crate) static DEFINITION: Definition = Definition {
    slug: "packing-list",
    type_code: "271",
    series: "271",
    title: "Packing list",
    schema: Some("UNECE-CrossIndustryExportPackingList.json"),
    layout: include_str!("../../../../../data/documents/packing-list.csv"),
    is_contract: false,
    list_parts: whole,
    find_number: by_reference,
    fill: form::fill,
    write: data::write,
};
