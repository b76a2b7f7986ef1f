//! The kinds of document: a module for each, with its definition, what stands in its boxes, and its data.

pub(crate) mod bill_of_lading;
pub(crate) mod cargo_manifest;
pub(crate) mod certificate_of_origin;
pub(crate) mod cim_smgs;
pub(crate) mod cmr;
pub(crate) mod commercial_invoice;
pub(crate) mod container_list;
pub(crate) mod dangerous_goods_declaration;
pub(crate) mod ncts_declaration;
pub(crate) mod packing_list;
pub(crate) mod phytosanitary_certificate;
pub(crate) mod sea_waybill;
pub(crate) mod smgs;
pub(crate) mod tir_carnet;
pub(crate) mod transit_declaration;
pub(crate) mod verified_gross_mass;
pub(crate) mod wagon_list;
