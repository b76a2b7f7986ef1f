//! The cargo manifest of a voyage: every consignment on board that the dossiers know, with its documents of carriage.

mod data;
mod form;

use crate::definition::{Definition, by_reference};
use crate::sea;

pub(crate) static DEFINITION: Definition = Definition {
    slug: "cargo-manifest",
    type_code: "785",
    series: "785",
    title: "Cargo manifest",
    schema: None,
    layout: include_str!("../../../../../data/documents/cargo-manifest.csv"),
    is_contract: false,
    list_parts: sea::parts::all,
    find_number: by_reference,
    fill: form::fill,
    write: data::write,
};
