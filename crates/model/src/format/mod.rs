//! Forms in which people and other systems write our vocabulary down.

mod consignment_file;
mod people;
mod read_consignment;
mod shape;

pub use consignment_file::{
    ConsignmentFile, EquipmentFile, GoodsFile, InvoiceFile, PartyFile, SCHEMA_HINT, TermsFile,
};
