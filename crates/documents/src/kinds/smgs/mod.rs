//! The consignment note of SMGS: boxes 1 to 65, Russian first, with Chinese where the run touches China.

mod data;
mod form;

use crate::carriage::parts_under;
use crate::definition::{Definition, by_reference};

pub(crate) static DEFINITION: Definition = Definition {
    slug: "smgs",
    type_code: "722",
    series: "SMGS",
    title: "SMGS consignment note",
    schema: Some("UNECE-SMGSConsignmentNote.json"),
    layout: include_str!("../../../../../data/documents/smgs.csv"),
    is_contract: true,
    list_parts: |inputs| parts_under(inputs, "smgs"),
    find_number: by_reference,
    fill: form::fill,
    write: data::write,
};
