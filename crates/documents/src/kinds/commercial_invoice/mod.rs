//! The commercial invoice: the seller's demand on the buyer.

mod data;
mod form;

use crate::Inputs;
use crate::definition::{Definition, whole};

pub(crate) static DEFINITION: Definition = Definition {
    slug: "commercial-invoice",
    type_code: "380",
    series: "380",
    title: "Commercial invoice",
    schema: Some("UNECE-CrossIndustryInvoice.json"),
    layout: include_str!("../../../../../data/documents/commercial-invoice.csv"),
    is_contract: false,
    list_parts: whole,
    find_number,
    fill: form::fill,
    write: data::write,
};

/// The invoice has the number that the seller gave it.
fn find_number(inputs: &Inputs<'_>) -> Option<String> {
    inputs.consignment.prices.as_ref().map(|prices| prices.invoice_number.clone())
}
