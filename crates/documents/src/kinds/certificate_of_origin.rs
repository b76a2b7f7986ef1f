//! The application for a certificate of origin; which form it is, the countries decide (`origin_forms.csv`).

use crate::dataset;
use crate::definition::{Definition, by_reference, whole};

pub(crate) static DEFINITION: Definition = Definition {
    slug: "certificate-of-origin",
    type_code: "861",
    series: "861",
    title: "Certificate of origin",
    schema: Some("UNECE-PreferentialCoO.json"),
    layout: include_str!("../../../../data/documents/certificate-of-origin.csv"),
    is_contract: false,
    list_parts: whole,
    find_number: by_reference,
    fill: dataset::fill,
    write: dataset::write,
};
