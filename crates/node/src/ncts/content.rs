//! What a message of common transit says to the machine of movements.

use super::incident::read_incidents;
use kervan_codes::Mrn;
use kervan_customs::{Content, MessageKind, MessageSet, RefusalReason};
use kervan_model::Finding;
use kervan_ncts::{Element, Message};

/// What a message says.
///
/// Errors: the set has no such message, or the number that it gives is not one.
pub(super) fn read_content(set: &MessageSet, message: &Message) -> Result<Content, RefusalReason> {
    let kind = find_kind(set, message).ok_or(RefusalReason::NotInSet)?;
    Ok(match kind {
        MessageKind::Declaration => Content::Declaration,
        MessageKind::Acknowledgement => Content::Acknowledgement,
        MessageKind::MrnAllocated => {
            let mrn = message.find_mrn().and_then(|text| text.parse::<Mrn>().ok());
            Content::MrnAllocated { mrn: mrn.ok_or(RefusalReason::InvalidMrn)? }
        }
        MessageKind::Presentation => Content::Presentation,
        MessageKind::AmendmentAccepted => Content::AmendmentAccepted,
        MessageKind::Release => Content::Release,
        MessageKind::Invalidation => Content::Invalidation,
        MessageKind::InvalidationRefused => Content::InvalidationRefused,
        MessageKind::ExportPresentation => Content::ExportPresentation,
        MessageKind::ExportInvalidated => Content::ExportInvalidated,
        MessageKind::Arrival => Content::Arrival,
        MessageKind::UnloadingPermission => Content::UnloadingPermission,
        MessageKind::GoodsRelease => Content::GoodsRelease,
        MessageKind::ExportDestinationResult => Content::ExportDestinationResult,
        MessageKind::WriteOff => Content::WriteOff,
        MessageKind::ExportRecovery => Content::ExportRecovery,
        _ => read_more(kind, message),
    })
}

/// The kinds that say more than that they came.
fn read_more(kind: MessageKind, message: &Message) -> Content {
    let text = |path: &str| message.find_value(path).unwrap_or_default().to_owned();
    let or_code = |path: &str| match text(path) {
        found if found.is_empty() => format!("message {}", message.kind),
        found => found,
    };
    let findings = list_findings(message);
    match kind {
        MessageKind::Rejection => Content::Rejection { findings },
        MessageKind::RequestRejected => Content::RequestRejected { findings },
        MessageKind::RequestToAmend => Content::RequestToAmend { findings },
        MessageKind::ControlDecision => Content::ControlDecision { findings },
        MessageKind::NoRelease => Content::NoRelease { findings },
        MessageKind::ArrivalRejected => Content::ArrivalRejected { findings },
        MessageKind::RemarksRejected => Content::RemarksRejected { findings },
        MessageKind::Discrepancies => Content::Discrepancies { findings },
        MessageKind::XmlErrors => Content::XmlErrors { findings },
        MessageKind::Amendment => Content::Amendment { reason: format!("message {}", message.kind) },
        MessageKind::InvalidationRequest => {
            Content::InvalidationRequest { reason: or_code("Invalidation/justification") }
        }
        MessageKind::GuaranteeNotValid => Content::GuaranteeNotValid {
            code: text("GuaranteeReference/InvalidGuaranteeReason/code"),
            reason: or_code("GuaranteeReference/InvalidGuaranteeReason/text"),
        },
        // Code list 47: A1 to A5 are satisfactory, B1 is not.
        MessageKind::ControlResult => {
            Content::ControlResult { satisfactory: text("ControlResult/code").starts_with('A'), findings }
        }
        MessageKind::ReleaseRequest => {
            Content::ReleaseRequest { agreed: text("TransitOperation/releaseRequest") == "1" }
        }
        MessageKind::ExportPresentationAnswer => Content::ExportPresentationAnswer {
            accepted: message.root.list("FunctionalError").next().is_none(),
        },
        MessageKind::Incident => Content::Incident {
            description: or_code("Consignment/Incident/text"),
            incidents: read_incidents(message),
        },
        MessageKind::SealAlarm => Content::SealAlarm { description: or_code("text") },
        MessageKind::UnloadingRemarks => {
            Content::UnloadingRemarks { conform: text("UnloadingRemark/conform") == "1" }
        }
        MessageKind::EnquiryRequest => Content::EnquiryRequest { reason: or_code("Enquiry/text") },
        MessageKind::EnquiryResponse => {
            Content::EnquiryResponse { information: or_code("EnquiryResponse/text") }
        }
        MessageKind::Recovery => {
            Content::Recovery { reason: or_code("RecoveryNotification/recoveryNotificationText") }
        }
        MessageKind::GuarantorNotification => {
            Content::GuarantorNotification { reason: or_code("GuarantorNotification/text") }
        }
        _ => Content::FunctionalErrors { findings },
    }
}

/// The kind of a message: by its code, and where several kinds share one, by the field that tells them apart.
fn find_kind(set: &MessageSet, message: &Message) -> Option<MessageKind> {
    let variant = ["TransitOperation/businessRejectionType", "Invalidation/decision"]
        .into_iter()
        .find_map(|path| message.find_value(path));
    let fits = |variants: &[String]| {
        variants.is_empty() || variants.iter().any(|known| Some(known.as_str()) == variant)
    };
    set.list_by_code(message.kind.code()).find(|row| fits(&row.variants)).map(|row| row.kind)
}

/// What a message finds wrong, and what it wants, as findings.
fn list_findings(message: &Message) -> Vec<Finding> {
    let mut findings = Vec::new();
    let value = |element: &Element, name: &str| element.find_value(name).unwrap_or_default().to_owned();
    for error in message.root.list("FunctionalError").chain(message.root.list("XMLError")) {
        let (code, pointer) = (value(error, "errorCode"), value(error, "errorPointer"));
        let why =
            error.find_value("errorReason").or_else(|| error.find_value("errorText")).unwrap_or("no reason");
        let text = format!("error {code} in {pointer}: {why}");
        findings.push(Finding::error("customs.message-error", text).at(pointer).rule(why.to_owned()));
    }
    for control in message.root.list("TypeOfControls") {
        let text = format!("control of type {}: {}", value(control, "type"), value(control, "text"));
        findings.push(Finding::warning("customs.control", text));
    }
    for wanted in message.root.list("RequestedDocument") {
        let text =
            format!("document {} is wanted: {}", value(wanted, "documentType"), value(wanted, "description"));
        findings.push(Finding::warning("customs.document-wanted", text));
    }
    for path in [
        "TransitOperation/rejectionReason",
        "TransitOperation/noReleaseMotivationText",
        "TransitOperation/discrepanciesNotificationText",
        "ControlResult/text",
    ] {
        if let Some(text) = message.find_value(path) {
            findings.push(Finding::error("customs.message-reason", text));
        }
    }
    findings
}
