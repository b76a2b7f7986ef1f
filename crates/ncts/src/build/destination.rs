//! What goes between the trader at the destination and its office.

use super::declaration::Authorisation;
use super::parts::Location;
use super::{Envelope, Rejection, build, day, flag, moment, project};
use crate::element::Element;
use crate::message::Message;
use crate::message_type::MessageType;
use jiff::civil::{Date, DateTime};

/// What every message at the destination says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrivalCase {
    /// Head of the message.
    pub envelope: Envelope,
    /// The movement.
    pub mrn: String,
    /// The actual office of destination.
    pub office: String,
    /// Identification of the trader at the destination.
    pub trader: String,
}

/// The arrival, as the trader tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When.
    pub at: DateTime,
    /// Whether the trader is an authorised consignee and uses it.
    pub simplified: bool,
    /// Authorisations that this relies on (C0102).
    pub authorisations: Vec<Authorisation>,
    /// Where the goods are: type of location and how it is said.
    pub location: (String, Location),
}

/// What was found while unloading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnloadingRemarks {
    /// Whether everything is as declared.
    pub conform: bool,
    /// Whether the unloading is complete.
    pub complete: bool,
    /// The day.
    pub at: Date,
    /// Whether the seals were whole; not said where there were none (C0440).
    pub seals: Option<bool>,
    /// Remarks.
    pub text: Option<String>,
    /// What differs, as a group `Consignment` with only the differing elements.
    pub differences: Option<Element>,
}

impl ArrivalCase {
    fn message(
        &self,
        kind: MessageType,
        operation: Element,
        groups: impl IntoIterator<Item = Element>,
    ) -> Message {
        let own = [
            operation.field("MRN", &self.mrn),
            Element::group("CustomsOfficeOfDestinationActual").field("referenceNumber", &self.office),
            Element::group("TraderAtDestination").field("identificationNumber", &self.trader),
        ];
        build(kind, &self.envelope, own.into_iter().chain(groups))
    }

    /// CC043C: the goods may be unloaded. What is to be there is taken from the release (CC029C) or the declaration.
    pub fn unloading_permission(&self, released: &Message) -> Message {
        let to = MessageType::Cc043c;
        let mut operation =
            project(released, to, "TransitOperation").unwrap_or_else(|| Element::group("TransitOperation"));
        operation.children_mut().retain(|element| element.name() != "MRN");
        let holder = project(released, to, "HolderOfTheTransitProcedure")
            // The message has the holder with name and address, or not at all.
            .filter(|holder| holder.find("name").is_some() && holder.find("Address").is_some());
        let consignment = project(released, to, "Consignment");
        self.message(to, operation, holder.into_iter().chain(consignment))
    }

    /// CC025C: the goods are released. `indicator` is that of the code list of releases; `2` and `3` ask for the part that is
    /// released (C0352), which is the caller's to add.
    pub fn goods_released(&self, released: Date, indicator: &str) -> Message {
        let operation = Element::group("TransitOperation")
            .field("releaseDate", day(released))
            .field("releaseIndicator", indicator);
        self.message(MessageType::Cc025c, operation, [])
    }

    /// CC057C: a message of the trader is refused.
    pub fn rejection(&self, rejection: &Rejection) -> Message {
        let operation = rejection.operation(Element::group("TransitOperation"));
        self.message(MessageType::Cc057c, operation, rejection.errors())
    }
}

/// CC007C: the goods have arrived.
pub fn arrival_notification(case: &ArrivalCase, arrival: &Arrival) -> Message {
    let operation = Element::group("TransitOperation")
        .field("arrivalNotificationDateAndTime", moment(arrival.at))
        .field("simplifiedProcedure", flag(arrival.simplified));
    let (kind, location) = &arrival.location;
    let consignment = Element::group("Consignment").with(location.element(kind));
    let authorisations = arrival.authorisations.iter().map(Authorisation::element);
    case.message(MessageType::Cc007c, operation, authorisations.chain([consignment]))
}

/// CC044C: what was found while unloading.
pub fn unloading_remarks(case: &ArrivalCase, remarks: &UnloadingRemarks) -> Message {
    let remark = Element::group("UnloadingRemark")
        .field("conform", flag(remarks.conform))
        .field("unloadingCompletion", flag(remarks.complete))
        .field("unloadingDate", day(remarks.at))
        .field_if("stateOfSeals", remarks.seals.map(flag))
        .field_if("unloadingRemark", remarks.text.as_ref());
    let groups = [remark].into_iter().chain(remarks.differences.clone());
    case.message(MessageType::Cc044c, Element::group("TransitOperation"), groups)
}
