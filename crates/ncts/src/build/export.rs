//! What goes between the office of departure and the export system, for transit that follows an export.

use super::{Envelope, build, day, flag, moment};
use crate::element::Element;
use crate::message::Message;
use crate::message_type::MessageType;
use jiff::civil::{Date, DateTime};

/// What every message about an export says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportCase {
    /// Head of the message.
    pub envelope: Envelope,
    /// The transit movement.
    pub mrn: String,
    /// The office of departure of the transit, which is the office of exit of the export (R0509).
    pub departure: String,
    /// The office of destination.
    pub destination: String,
    /// The export declarations, by their MRN.
    pub exports: Vec<String>,
}

/// What the export system answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportAnswer {
    /// What is answered: `1` before acceptance, `2` after it, `3` after an amendment.
    pub purpose: String,
    /// When.
    pub at: DateTime,
    /// Whether the goods may go on under transit.
    pub accepted: bool,
    /// Which summary declarations the export declaration holds.
    pub security: String,
    /// Result of each export declaration: `P1` positive, `N1` to `N4` negative (R0551, R0875).
    pub result: String,
}

fn office(name: &'static str, number: &str) -> Element {
    Element::group(name).field("referenceNumber", number)
}

impl ExportCase {
    fn operation(&self) -> Element {
        Element::group("TransitOperation").field("MRN", &self.mrn)
    }

    /// The two offices of a transit after export.
    fn offices(&self) -> [Element; 2] {
        [office("CustomsOfficeOfExit", &self.departure), office("CustomsOfficeOfDeparture", &self.departure)]
    }

    fn each_export(&self, more: impl Fn(Element) -> Element) -> Vec<Element> {
        let one = |mrn: &String| more(Element::group("ExportOperation").field("MRN", mrn));
        self.exports.iter().map(one).collect()
    }

    /// CC190C: goods of an export are presented to begin the transit, after acceptance (`purpose` 2).
    pub fn presentation(&self, purpose: &str, accepted: Date) -> Message {
        let operation = self
            .operation()
            .field("AESCommunicationPurpose", purpose)
            .field("declarationAcceptanceDate", day(accepted));
        build(MessageType::Cc190c, &self.envelope, [operation].into_iter().chain(self.offices()))
    }

    /// CC191C: the answer of export. It needs at least one export declaration.
    pub fn answer(&self, answer: &ExportAnswer) -> Message {
        let exports = self.each_export(|export| {
            export.field("security", &answer.security).field("resultIndicator", &answer.result)
        });
        let results = Element::group("AESResults")
            .field("AESCommunicationPurpose", &answer.purpose)
            .field("responseDateAndTime", moment(answer.at))
            .field("globalValidationResponse", flag(answer.accepted))
            .with_all(exports);
        let groups = [self.operation(), results].into_iter().chain(self.offices());
        build(MessageType::Cc191c, &self.envelope, groups)
    }

    /// CC040C: the transit does not take place.
    pub fn invalidated(&self) -> Message {
        build(MessageType::Cc040c, &self.envelope, [self.operation()])
    }

    /// CC042C: what was found at destination. It needs at least one export declaration.
    pub fn destination_result(&self, declaration_type: &str, code: &str, at: Date) -> Message {
        let result = || Element::group("ControlResult").field("code", code).field("date", day(at));
        let exports = self.each_export(|export| export.with(result()));
        let operation = self.operation().field("declarationType", declaration_type);
        let destination = office("CustomsOfficeOfDestination", &self.destination);
        let groups = [operation, destination].into_iter().chain(self.offices()).chain(exports);
        build(MessageType::Cc042c, &self.envelope, groups)
    }

    /// CC048C: the debt is recovered. It needs at least one export declaration.
    pub fn recovery(&self, at: Date, recovery_office: &str) -> Message {
        let operation = self.operation().field("recoveryCommunicationDate", day(at));
        let offices = [
            office("CustomsOfficeOfDestination", &self.destination),
            office("CustomsOfficeOfRecoveryAtDeparture", recovery_office),
        ];
        let groups = [operation].into_iter().chain(offices).chain(self.each_export(|export| export));
        build(MessageType::Cc048c, &self.envelope, groups)
    }
}
