//! The negotiable bill of lading: the goods are delivered to whoever holds it.

use crate::definition::{Definition, Draft, by_reference};
use crate::rail::texts;
use crate::sea::data::Contract;
use crate::shared::filling::Filling;
use crate::words::Speech;
use crate::{SeaContract, sea};
use kervan_model::PartyRole;

pub(crate) static DEFINITION: Definition = Definition {
    slug: "bill-of-lading",
    type_code: "705",
    series: "705",
    title: "Bill of lading",
    schema: Some("UNECE-MaritimeBillofLading.json"),
    layout: include_str!("../../../../../data/documents/bill-of-lading.csv"),
    is_contract: true,
    list_parts: |inputs| sea::parts::under(inputs, SeaContract::Negotiable),
    find_number: by_reference,
    fill,
    write: |draft| sea::data::write(draft, &CONTRACT),
};

/// Originals of a bill: one, since an electronic record has one holder.
const ORIGINALS: u64 = 1;
/// The schema fixes 706, an original bill of lading.
const CONTRACT: Contract = Contract { type_code: "706", originals: Some(ORIGINALS) };

fn fill(draft: &Draft<'_>, speech: &Speech) -> Filling {
    let name = draft.inputs.consignment.find_party(PartyRole::Consignor).map(|party| party.name.clone());
    // To the order of the shipper, who endorses it: the consignee is told as the one to notify.
    let to_order = name.map(|name| format!("{}: {name}", speech.word("to_order")));
    let mut filling = sea::form::fill(draft, speech, to_order.into_iter().collect(), "statement_bill");
    filling.put("originals", [ORIGINALS.to_string()]);
    if draft.inputs.consignment.find_party(PartyRole::Notify).is_some() {
        filling.put("also_notify", texts::find_party_lines(draft.inputs, PartyRole::Consignee));
    }
    filling
}
