//! The sea waybill: the goods are delivered to the consignee that it names, and it is not negotiable.

use crate::definition::{Definition, Draft, by_reference};
use crate::rail::texts;
use crate::sea::data::Contract;
use crate::shared::filling::Filling;
use crate::words::Speech;
use crate::{SeaContract, sea};
use kervan_model::PartyRole;

pub(crate) static DEFINITION: Definition = Definition {
    slug: "sea-waybill",
    type_code: "710",
    series: "710",
    title: "Sea waybill",
    schema: None,
    layout: include_str!("../../../../../data/documents/sea-waybill.csv"),
    is_contract: true,
    list_parts: |inputs| sea::parts::under(inputs, SeaContract::Waybill),
    find_number: by_reference,
    fill,
    write: |draft| sea::data::write(draft, &CONTRACT),
};

const CONTRACT: Contract = Contract { type_code: "710", originals: None };

fn fill(draft: &Draft<'_>, speech: &Speech) -> Filling {
    let consignee = texts::find_party_lines(draft.inputs, PartyRole::Consignee);
    sea::form::fill(draft, speech, consignee, "statement_waybill")
}
