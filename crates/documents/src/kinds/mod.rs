//! The kinds of document: a module for each, with its definition, what stands in its boxes, and its data.

pub(crate) mod cim_smgs;
pub(crate) mod commercial_invoice;
pub(crate) mod packing_list;
