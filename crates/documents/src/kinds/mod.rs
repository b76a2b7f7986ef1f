//! The kinds of document: a module for each, with its definition, what stands in its boxes, and its data.

pub(crate) mod bill_of_lading;
pub(crate) mod cargo_manifest;
pub(crate) mod cim_smgs;
pub(crate) mod cmr;
pub(crate) mod commercial_invoice;
pub(crate) mod container_list;
pub(crate) mod packing_list;
pub(crate) mod sea_waybill;
pub(crate) mod smgs;
pub(crate) mod wagon_list;
