//! What goes to and comes from the export system, for transit that follows an export.

use super::Writer;
use crate::ncts::choices::{Choice, code};
use kervan_customs::{Content, MessageKind, Movement};
use kervan_ncts::Message;
use kervan_ncts::build::{Envelope, ExportAnswer, ExportCase};

impl Writer<'_> {
    /// A message about the export declarations that the dossier names. Those that repeat them need at least one.
    pub(super) fn about_export(&self) -> Option<Message> {
        let (sent, case) = (self.sent(), self.export_case()?);
        let known = !case.exports.is_empty();
        Some(match &self.taken.message.content {
            Content::ExportPresentation => {
                case.presentation(code(Choice::ExportPurpose), self.accepted().date())
            }
            Content::ExportInvalidated => case.invalidated(),
            Content::ExportPresentationAnswer { accepted } if known => {
                let result = if *accepted { Choice::ExportPositive } else { Choice::ExportNegative };
                case.answer(&ExportAnswer {
                    purpose: code(Choice::ExportPurpose).into(),
                    at: sent,
                    accepted: *accepted,
                    security: code(Choice::Security).into(),
                    result: code(result).into(),
                })
            }
            Content::ExportDestinationResult if known => {
                let clean = conforms(&self.file.movement);
                let result = if clean { Choice::DestinationClean } else { Choice::DestinationFound };
                case.destination_result(code(Choice::DeclarationType), code(result), sent.date())
            }
            Content::ExportRecovery if known => case.recovery(sent.date(), &case.departure),
            _ => return None,
        })
    }

    /// Nothing before the movement has its number.
    fn export_case(&self) -> Option<ExportCase> {
        let envelope = self.envelope();
        let country = self.source.declared.departure.country;
        let export = format!("{}.{country}", code(Choice::ExportApplication));
        let answers = self.taken.message.content.kind() == MessageKind::ExportPresentationAnswer;
        let envelope = if answers {
            Envelope { recipient: envelope.sender, sender: export, ..envelope }
        } else {
            Envelope { recipient: export, ..envelope }
        };
        Some(ExportCase {
            envelope,
            mrn: self.mrn()?,
            departure: self.source.departure(),
            destination: self.source.destination(),
            exports: self.source.exports(),
        })
    }
}

/// Whether nothing was found at destination: no discrepancies, and remarks only that conform.
fn conforms(movement: &Movement) -> bool {
    movement.messages.iter().filter(|taken| taken.applied).all(|taken| {
        !matches!(
            taken.message.content,
            Content::Discrepancies { .. } | Content::UnloadingRemarks { conform: false }
        )
    })
}
