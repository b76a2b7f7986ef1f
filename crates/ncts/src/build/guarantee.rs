//! What the office of guarantee tells the guarantor.

use super::parts::{Holder, Party};
use super::{Envelope, build, day};
use crate::element::Element;
use crate::message::Message;
use crate::message_type::MessageType;
use jiff::civil::Date;
use kervan_units::Money;

/// A comprehensive guarantee that ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedGuarantee {
    /// Guarantee reference number.
    pub grn: String,
    /// Up to how much it stood.
    pub amount: Money,
    /// From when on it covers no new movement.
    pub invalid_from: Date,
    /// From when on the guarantor is free.
    pub liberated: Date,
    /// The office that registered it.
    pub office: String,
}

impl EndedGuarantee {
    fn element(&self) -> Element {
        let office = Element::group("CustomsOfficeOfGuarantee").field("referenceNumber", &self.office);
        Element::group("GuaranteeReference")
            .field("GRN", &self.grn)
            .field("currency", self.amount.currency().as_str())
            .field("guaranteeAmount", self.amount.to_decimal())
            .field("invalidityDate", day(self.invalid_from))
            .field("liabilityLiberationDate", day(self.liberated))
            .with(office)
    }
}

/// CC228C: comprehensive guarantees are cancelled, and the guarantor is free from a day on.
pub fn liberation(
    envelope: &Envelope,
    holder: &Holder,
    guarantor: &Party,
    ended: &[EndedGuarantee],
) -> Message {
    let mut holder = holder.without_contact();
    holder.children_mut().retain(|element| element.name() != "TIRHolderIdentificationNumber");
    let mut guarantor = Party { contact: None, ..guarantor.clone() }.element("Guarantor");
    for address in guarantor.children_mut().iter_mut().filter(|element| element.name() == "Address") {
        // The message has town and country of a guarantor only.
        address.children_mut().retain(|element| element.name() != "streetAndNumber");
    }
    let references = ended.iter().map(EndedGuarantee::element);
    build(MessageType::Cc228c, envelope, [holder, guarantor].into_iter().chain(references))
}
