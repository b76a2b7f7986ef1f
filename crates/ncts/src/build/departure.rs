//! What the office of departure, or the office that recovers, answers to the holder.

use super::parts::{Holder, Representative};
use super::{Envelope, FunctionalError, Rejection, build, day, flag, moment, project, project_all};
use crate::element::Element;
use crate::message::Message;
use crate::message_type::MessageType;
use jiff::civil::{Date, DateTime};
use kervan_units::Money;

/// What every answer of the office of departure says: which declaration, which office, which holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Head of the message.
    pub envelope: Envelope,
    /// The declarant's number.
    pub lrn: String,
    /// The number that the office gave, once there is one.
    pub mrn: Option<String>,
    /// The office.
    pub office: String,
    /// The holder.
    pub holder: Holder,
    /// Who acts for the holder.
    pub representative: Option<Representative>,
}

/// A kind of control, or a document that the office wants to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Control {
    /// Kind of control (at most 3 characters) or of document (4 characters).
    pub kind: String,
    /// More about it.
    pub text: Option<String>,
}

/// What a control at departure found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlResult {
    /// By the code list of results at departure; `A5` and `B1` are differences (C0930).
    pub code: String,
    /// The day.
    pub at: Date,
    /// Who controlled.
    pub by: String,
    /// More about the result.
    pub text: Option<String>,
    /// What differs, in words; needed for differences where no consignment is given.
    pub other: Option<String>,
}

/// How an invalidation came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invalidation {
    /// When it was asked for.
    pub requested: Option<DateTime>,
    /// When it was decided.
    pub decided: Option<DateTime>,
    /// Whether the declaration is invalid from now on.
    pub granted: Option<bool>,
    /// Whether the office began it.
    pub by_customs: bool,
    /// Why.
    pub reason: Option<String>,
}

impl Invalidation {
    fn element(&self) -> Element {
        Element::group("Invalidation")
            .field_if("requestDateAndTime", self.requested.map(moment))
            .field_if("decisionDateAndTime", self.decided.map(moment))
            .field_if("decision", self.granted.map(flag))
            .field("initiatedByCustoms", flag(self.by_customs))
            .field_if("justification", self.reason.as_ref())
    }
}

/// A guarantee that does not hold: its GRN and the reasons, each a code and a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvalidGuarantee {
    /// Guarantee reference number.
    pub grn: String,
    /// Codes of the reasons, each with a text.
    pub reasons: Vec<(String, Option<String>)>,
}

impl Answer {
    fn operation(&self) -> Element {
        Element::group("TransitOperation")
    }

    /// By MRN once there is one, by LRN before.
    fn either(&self) -> Element {
        match &self.mrn {
            Some(mrn) => self.operation().field("MRN", mrn),
            None => self.operation().field("LRN", &self.lrn),
        }
    }

    fn by_mrn(&self) -> Element {
        self.operation().field_if("MRN", self.mrn.as_ref())
    }

    fn message(
        &self,
        kind: MessageType,
        operation: Element,
        groups: impl IntoIterator<Item = Element>,
    ) -> Message {
        let office = Element::group("CustomsOfficeOfDeparture").field("referenceNumber", &self.office);
        let mut holder = self.holder.without_contact();
        if kind == MessageType::Cc055c {
            holder.children_mut().retain(|element| element.name() != "TIRHolderIdentificationNumber");
        }
        let own = [operation, office, holder];
        build(kind, &self.envelope, own.into_iter().chain(groups))
    }

    fn representative(&self, with_status: bool) -> Option<Element> {
        let mut element = self.representative.as_ref()?.element();
        element.children_mut().retain(|child| with_status || child.name() != "status");
        Some(element)
    }

    /// CC928C: the declaration came in.
    pub fn acknowledgement(&self) -> Message {
        let operation = self.operation().field("LRN", &self.lrn).field_if("MRN", self.mrn.as_ref());
        self.message(MessageType::Cc928c, operation, [])
    }

    /// CC028C: the MRN.
    pub fn mrn_allocated(&self, accepted: Date) -> Message {
        let operation = self
            .operation()
            .field("LRN", &self.lrn)
            .field_if("MRN", self.mrn.as_ref())
            .field("declarationAcceptanceDate", day(accepted));
        self.message(MessageType::Cc028c, operation, [])
    }

    /// CC004C: an amendment is accepted.
    pub fn amendment_accepted(&self, submitted: DateTime, accepted: DateTime) -> Message {
        let operation = self
            .either()
            .field("amendmentSubmissionDateAndTime", moment(submitted))
            .field("amendmentAcceptanceDateAndTime", moment(accepted));
        self.message(MessageType::Cc004c, operation, [])
    }

    /// CC009C: an invalidation is decided.
    pub fn invalidation_decided(&self, invalidation: &Invalidation) -> Message {
        self.message(MessageType::Cc009c, self.either(), [invalidation.element()])
    }

    /// CC014C: the holder asks for an invalidation. The one message here that goes to the office.
    pub fn invalidation_request(&self, invalidation: &Invalidation) -> Message {
        self.message(MessageType::Cc014c, self.either(), [invalidation.element()])
    }

    /// CC017C: what a control at departure found. The holder needs name and address; the rest is taken from the declaration.
    pub fn control_results(&self, declaration: &Message, result: &ControlResult) -> Message {
        let to = MessageType::Cc017c;
        let mut operation = project(declaration, to, "TransitOperation").unwrap_or_else(|| self.operation());
        operation.children_mut().retain(|element| element.name() != "MRN");
        let operation = operation
            .field_if("MRN", self.mrn.as_ref())
            .field_if("otherThingsToReport", result.other.as_ref());
        let own =
            ["TransitOperation", "CustomsOfficeOfDeparture", "HolderOfTheTransitProcedure", "Consignment"];
        let found = Element::group("ControlResult")
            .field("code", &result.code)
            .field("date", day(result.at))
            .field("controlledBy", &result.by)
            .field_if("text", result.text.as_ref());
        let groups = project_all(declaration, to, &own);
        self.message(to, operation, groups.into_iter().chain([found]))
    }

    /// CC023C: the guarantor is told that the movement is not discharged.
    pub fn guarantor_notification(
        &self,
        accepted: Date,
        notified: Date,
        text: Option<&str>,
        recovery_office: &str,
    ) -> Message {
        let operation = self.by_mrn().field("declarationAcceptanceDate", day(accepted));
        let notification = Element::group("GuarantorNotification")
            .field("guarantorNotificationDate", day(notified))
            .field_if("guarantorNotificationText", text);
        let office =
            Element::group("CustomsOfficeOfRecoveryAtDeparture").field("referenceNumber", recovery_office);
        self.message(MessageType::Cc023c, operation, [notification, office])
    }

    /// CC019C: discrepancies were found at the destination.
    pub fn discrepancies(&self, notified: Date, text: Option<&str>) -> Message {
        let operation = self
            .by_mrn()
            .field("discrepanciesNotificationDate", day(notified))
            .field_if("discrepanciesNotificationText", text);
        self.message(MessageType::Cc019c, operation, [])
    }

    /// CC022C: the office asks for an amendment.
    pub fn amendment_wanted(&self, notified: DateTime, errors: &[FunctionalError]) -> Message {
        let operation = self.by_mrn().field("amendmentNotificationDateAndTime", moment(notified));
        self.message(MessageType::Cc022c, operation, errors.iter().map(FunctionalError::element))
    }

    /// CC029C: the goods are released for transit. The rest is taken from the declaration (CC015C or CC013C).
    pub fn release(&self, declaration: &Message, accepted: Date, released: Date) -> Message {
        let to = MessageType::Cc029c;
        let mut operation = project(declaration, to, "TransitOperation").unwrap_or_else(|| self.operation());
        operation.children_mut().retain(|element| !matches!(element.name(), "LRN" | "MRN"));
        let operation = operation
            .field("LRN", &self.lrn)
            .field_if("MRN", self.mrn.as_ref())
            .field("declarationAcceptanceDate", day(accepted))
            .field("releaseDate", day(released));
        let groups = project_all(declaration, to, &["TransitOperation"]);
        build(to, &self.envelope, groups.into_iter().chain([operation]))
    }

    /// CC035C: the debt is recovered.
    pub fn recovery(
        &self,
        accepted: Date,
        notified: Option<Date>,
        claimed: Money,
        recovery_office: &str,
    ) -> Message {
        let operation = self.by_mrn().field("declarationAcceptanceDate", day(accepted));
        let notification = Element::group("RecoveryNotification")
            .field_if("recoveryNotificationDate", notified.map(day))
            .field("amountClaimed", claimed.to_decimal())
            .field("currency", claimed.currency().as_str());
        let office =
            Element::group("CustomsOfficeOfRecoveryAtDeparture").field("referenceNumber", recovery_office);
        self.message(MessageType::Cc035c, operation, [notification, office])
    }

    /// CC045C: the movement is discharged.
    pub fn write_off(&self, discharged: Date) -> Message {
        self.message(MessageType::Cc045c, self.by_mrn().field("writeOffDate", day(discharged)), [])
    }

    /// CC051C: the goods are not released.
    pub fn no_release(&self, submitted: DateTime, code: &str, text: &str) -> Message {
        let operation = self
            .by_mrn()
            .field("declarationSubmissionDateAndTime", moment(submitted))
            .field("noReleaseMotivationCode", code)
            .field("noReleaseMotivationText", text);
        self.message(MessageType::Cc051c, operation, self.representative(false))
    }

    /// CC055C: guarantees do not hold.
    pub fn guarantee_invalid(&self, accepted: Date, guarantees: &[InvalidGuarantee]) -> Message {
        let operation = self.by_mrn().field("declarationAcceptanceDate", day(accepted));
        let groups = guarantees.iter().map(|guarantee| {
            let reasons = guarantee.reasons.iter().map(|(code, text)| {
                Element::group("InvalidGuaranteeReason").field("code", code).field_if("text", text.as_ref())
            });
            Element::group("GuaranteeReference").field("GRN", &guarantee.grn).with_all(reasons)
        });
        self.message(MessageType::Cc055c, operation, groups)
    }

    /// CC056C: a message of the declarant is refused.
    pub fn rejection(&self, rejection: &Rejection) -> Message {
        let mut groups = rejection.errors();
        if let Some(representative) = &self.representative {
            let plain = Representative { contact: None, ..representative.clone() };
            groups.push(plain.element());
        }
        self.message(MessageType::Cc056c, rejection.operation(self.either()), groups)
    }

    /// CC060C: the office controls the goods, or wants documents. `notification` is `0` decision to control, `1` documents wanted,
    /// `2` intention to control.
    pub fn control(
        &self,
        at: DateTime,
        notification: &str,
        controls: &[Control],
        documents: &[Control],
    ) -> Message {
        let operation = self
            .either()
            .field("controlNotificationDateAndTime", moment(at))
            .field("notificationType", notification);
        let mut groups: Vec<Element> = self.representative(true).into_iter().collect();
        groups.extend(controls.iter().map(|control| {
            Element::group("TypeOfControls")
                .field("type", &control.kind)
                .field_if("text", control.text.as_ref())
        }));
        groups.extend(documents.iter().map(|document| {
            Element::group("RequestedDocument")
                .field("documentType", &document.kind)
                .field_if("description", document.text.as_ref())
        }));
        self.message(MessageType::Cc060c, operation, groups)
    }

    /// CC182C: an incident on the way was registered. `incidents` are groups `Incident`, as of a CC043C or of the office's record.
    pub fn incident(&self, notified: DateTime, registered_at: &str, incidents: Vec<Element>) -> Message {
        let operation = self.by_mrn().field("incidentNotificationDateAndTime", moment(notified));
        let office =
            Element::group("CustomsOfficeOfIncidentRegistration").field("referenceNumber", registered_at);
        let departure = Element::group("CustomsOfficeOfDeparture").field("referenceNumber", &self.office);
        let consignment = Element::group("Consignment").with_all(incidents);
        build(MessageType::Cc182c, &self.envelope, [operation, departure, office, consignment])
    }
}
