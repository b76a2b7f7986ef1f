//! The common consignment note of the two laws of carriage by rail.

mod data;
mod form;

use crate::carriage::parts_under;
use crate::definition::{Definition, by_reference};

pub(crate) static DEFINITION: Definition = Definition {
    slug: "cim-smgs",
    type_code: "722",
    series: "722",
    title: "CIM/SMGS consignment note",
    schema: Some("UNECE-MMTCIM-SMGSConsignmentNote.json"),
    layout: include_str!("../../../../../data/documents/cim-smgs.csv"),
    is_contract: true,
    list_parts: |inputs| parts_under(inputs, "cim-smgs"),
    find_number: by_reference,
    fill: form::fill,
    write: data::write,
};
