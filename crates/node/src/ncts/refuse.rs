//! Refusals as messages of the standard: CC917C for what is not XML or breaks the schema, CC906C for what it says.

use super::choices::{Choice, code};
use super::civil;
use kervan_customs::RefusedMessage;
use kervan_ncts::build::{Envelope, FunctionalError, Named, refusal, report_refusal};
use kervan_ncts::{Message, Phase, Report};
use sha2::{Digest, Sha256};

/// Longest identification of a message. Unit: character. Source: the schema of every message.
const LONGEST_IDENTIFICATION: usize = 35;

/// What a message says of itself, as far as it can be read.
pub(super) struct Head<'a> {
    pub(super) message: Option<&'a Message>,
    pub(super) now: jiff::Timestamp,
}

impl Head<'_> {
    fn value(&self, path: &str) -> Option<String> {
        self.message?.find_value(path).map(str::to_owned)
    }

    fn lrn(&self) -> Option<&str> {
        self.message?.find_lrn()
    }

    fn named(&self) -> Named<'_> {
        Named { lrn: self.lrn(), mrn: self.mrn() }
    }

    fn mrn(&self) -> Option<&str> {
        self.message?.find_mrn()
    }

    /// The head of the answer: sender and receiver change places. The identification follows from what is answered, so the
    /// same message has the same answer.
    fn envelope(&self) -> Envelope {
        let identification = self.value("messageIdentification");
        Envelope {
            sender: self.value("messageRecipient").unwrap_or_else(|| "unknown".into()),
            recipient: self.value("messageSender").unwrap_or_else(|| "unknown".into()),
            prepared: civil(self.now),
            identification: identify(&["answer", identification.as_deref().unwrap_or_default()]),
            correlation: identification,
            phase: self.message.and_then(|message| message.phase).unwrap_or(Phase::Ncts6),
        }
    }
}

/// An identification from parts: as it is where one part is short enough, else from its digest.
pub(super) fn identify(parts: &[&str]) -> String {
    match parts {
        [one] if one.chars().count() <= LONGEST_IDENTIFICATION => (*one).to_owned(),
        _ => {
            let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(parts.join("\n").as_bytes()));
            digest.chars().take(LONGEST_IDENTIFICATION).collect()
        }
    }
}

/// The refusal of what a check has found, if it found anything.
pub(super) fn refuse_report(head: &Head<'_>, report: &Report) -> Option<Message> {
    report_refusal(&head.envelope(), report, head.named())
}

/// The refusal of a message that does not fit.
pub(super) fn refuse_message(head: &Head<'_>, refused: &RefusedMessage) -> Message {
    use kervan_customs::RefusalReason as Reason;
    let root = head.message.map_or("", |message| message.kind.code());
    let (at, value) = match refused.reason {
        Reason::Duplicate => ("/messageIdentification", head.value("messageIdentification")),
        Reason::UnknownMovement | Reason::InvalidMrn if head.mrn().is_some() => {
            ("/TransitOperation/MRN", head.mrn().map(str::to_owned))
        }
        Reason::UnknownMovement | Reason::InvalidMrn => {
            ("/TransitOperation/LRN", head.lrn().map(str::to_owned))
        }
        Reason::WrongSender => ("/messageSender", head.value("messageSender")),
        Reason::FromTheFuture => ("/preparationDateAndTime", head.value("preparationDateAndTime")),
        Reason::OutOfSequence | Reason::TooMany | Reason::NotInSet => {
            ("/messageType", head.value("messageType"))
        }
    };
    let error = FunctionalError {
        pointer: format!("/{root}{at}"),
        code: refused.error.code.clone(),
        reason: code(Choice::NoRule).into(),
        value,
    };
    refusal(&head.envelope(), &[error], head.named())
}
