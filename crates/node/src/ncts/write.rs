//! The messages that a movement holds, listed, and those of common transit as XML.

use super::declaration::{fit, holder, office_number, trader_number, write_declaration};
use super::refuse::identify;
use super::{SET, civil};
use crate::clear::{derive, load_case_inputs};
use crate::message::reference_of;
use crate::{CaseFile, Desk, MovementFile, Refusal};
use jiff::Timestamp;
use jiff::civil::DateTime;
use kervan_customs::{Content, Declaration, MessageKind, Movement, SenderRole, Taken};
use kervan_model::{Finding, MovementId};
use kervan_ncts::build::{
    Answer, Arrival, ArrivalCase, Control, Envelope, FunctionalError, InvalidGuarantee, Invalidation,
    Location, UnloadingRemarks, arrival_notification, declaration, presentation, unloading_remarks,
};
use kervan_ncts::{Message, Phase, write};

/// A message that a movement holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// Its number in the movement, from 1, in the order of sending.
    pub number: usize,
    /// What it says.
    pub kind: MessageKind,
    /// Its code in the message set of the regime, if one is published.
    pub code: Option<String>,
    /// Who sends it.
    pub sender: Option<SenderRole>,
    /// Whether it goes from a trader to an office; else from an office to a trader.
    pub to_office: bool,
    /// The sender's id of it.
    pub id: String,
    /// When it was sent.
    pub sent: Timestamp,
    /// When it came in.
    pub received: Timestamp,
    /// Whether it has done what it says; if not, it waits for one that was sent before it.
    pub applied: bool,
    /// Whether it can be had as XML.
    pub has_xml: bool,
}

/// The messages of a movement, in the order of sending.
pub fn list_messages(desk: &Desk, movement: &Movement) -> Vec<MessageRow> {
    let set = desk.rules.territories.messages_of(movement.regime());
    let row = |(index, taken): (usize, &Taken)| {
        let kind = taken.message.content.kind();
        let found = set.find_message(kind);
        let sender = found.map(|row| row.sender);
        MessageRow {
            number: index + 1,
            kind,
            code: found.and_then(|row| row.code.clone()),
            sender,
            to_office: matches!(
                sender,
                Some(SenderRole::Declarant | SenderRole::DestinationTrader | SenderRole::SealOperator)
            ),
            id: taken.message.id.clone(),
            sent: taken.message.sent,
            received: taken.received,
            applied: taken.applied,
            has_xml: set.name() == SET && is_written(kind),
        }
    };
    movement.messages.iter().enumerate().map(row).collect()
}

/// Whether a message of this kind is written as XML: the schema of its type is published, and what it has to say is known here.
const fn is_written(kind: MessageKind) -> bool {
    use MessageKind as K;
    matches!(
        kind,
        K::Declaration
            | K::Acknowledgement
            | K::Rejection
            | K::RequestRejected
            | K::MrnAllocated
            | K::Presentation
            | K::Amendment
            | K::AmendmentAccepted
            | K::RequestToAmend
            | K::GuaranteeNotValid
            | K::ControlDecision
            | K::Release
            | K::NoRelease
            | K::InvalidationRequest
            | K::Invalidation
            | K::InvalidationRefused
            | K::Arrival
            | K::ArrivalRejected
            | K::UnloadingPermission
            | K::UnloadingRemarks
            | K::RemarksRejected
            | K::Discrepancies
            | K::GoodsRelease
            | K::WriteOff
            | K::Recovery
    )
}

/// The XML of a message of a movement, by its number from 1.
///
/// Errors: there is no such movement or message, or it is none of common transit that can be written.
pub fn write_xml(desk: &Desk, id: &MovementId, number: usize) -> Result<Vec<u8>, Refusal> {
    let not_found = |what| Refusal::NotFound { what, id: format!("{id} {number}") };
    let case = CaseFile::load(desk, &reference_of(id)?)?;
    let file = case.movements.iter().find(|file| file.movement.id == *id);
    let file = file.ok_or_else(|| not_found("movement"))?;
    let rows = list_messages(desk, &file.movement);
    let place = number.checked_sub(1).ok_or_else(|| not_found("message"))?;
    let (Some(row), Some(taken)) = (rows.get(place), file.movement.messages.get(place)) else {
        return Err(not_found("message"));
    };
    let inputs = load_case_inputs(desk, &case.state);
    let declared = derive(&inputs, &file.movement.plan, file.movement.filing);
    let declared = declared.filter(|_| row.has_xml).ok_or_else(|| not_found("XML of message"))?;
    let writer = Writer { file, declared: &declared, taken, to_office: row.to_office };
    let message = writer.message().ok_or_else(|| not_found("XML of message"))?;
    Ok(write(&message))
}

/// Writes one message of a movement.
struct Writer<'a> {
    file: &'a MovementFile,
    declared: &'a Declaration,
    taken: &'a Taken,
    to_office: bool,
}

impl Writer<'_> {
    fn sent(&self) -> DateTime {
        civil(self.taken.message.sent)
    }

    fn envelope(&self) -> Envelope {
        let holder = trader_number(self.declared.holder.as_ref());
        let at_destination = matches!(
            self.taken.message.content,
            Content::Arrival
                | Content::ArrivalRejected { .. }
                | Content::UnloadingPermission
                | Content::UnloadingRemarks { .. }
                | Content::RemarksRejected { .. }
                | Content::GoodsRelease
        );
        let office = if at_destination { &self.declared.destination } else { &self.declared.departure };
        let (office, trader) = (format!("NTA.{}", office.country), holder);
        let (sender, recipient) = if self.to_office { (trader, office) } else { (office, trader) };
        Envelope {
            sender,
            recipient,
            prepared: self.sent(),
            identification: identify(&[&self.taken.message.id]),
            correlation: None,
            phase: Phase::Ncts6,
        }
    }

    fn answer(&self) -> Answer {
        Answer {
            envelope: self.envelope(),
            lrn: self.file.movement.id.to_string(),
            mrn: self.mrn(),
            office: office_number(&self.declared.departure.code),
            holder: holder(self.declared),
            representative: None,
        }
    }

    fn arrival_case(&self) -> ArrivalCase {
        ArrivalCase {
            envelope: self.envelope(),
            mrn: self.mrn().unwrap_or_default(),
            office: office_number(&self.declared.destination.code),
            trader: trader_number(self.declared.consignee.as_ref()),
        }
    }

    /// The number, where it was known when the message was sent.
    fn mrn(&self) -> Option<String> {
        let known = match &self.taken.message.content {
            Content::Declaration | Content::Acknowledgement | Content::Rejection { .. } => None,
            Content::MrnAllocated { mrn } => Some(mrn),
            _ => self.file.movement.mrn(),
        };
        known.map(ToString::to_string)
    }

    /// The day on which the declaration was accepted, or this message was sent.
    fn accepted(&self) -> DateTime {
        let steps = &self.file.movement.history;
        let step = steps.iter().find(|step| step.message == MessageKind::MrnAllocated);
        step.map_or_else(|| self.sent(), |step| civil(step.at))
    }

    fn lodged(&self) -> DateTime {
        self.file.movement.lodged().map_or_else(|| self.sent(), civil)
    }

    fn lodged_message(&self) -> Message {
        declaration(&self.envelope(), &write_declaration(self.declared, self.file))
    }

    fn released(&self) -> Message {
        let steps = &self.file.movement.history;
        let step = steps.iter().find(|step| step.message == MessageKind::Release);
        let day = step.map_or_else(|| self.sent(), |step| civil(step.at));
        self.answer().release(&self.lodged_message(), self.accepted().date(), day.date())
    }

    fn message(&self) -> Option<Message> {
        let (sent, answer) = (self.sent(), || self.answer());
        Some(match &self.taken.message.content {
            Content::Declaration => self.lodged_message(),
            Content::Presentation => {
                presentation(&self.envelope(), &write_declaration(self.declared, self.file))
            }
            Content::Amendment { .. } => self.amendment(),
            Content::Acknowledgement => answer().acknowledgement(),
            Content::MrnAllocated { .. } => answer().mrn_allocated(sent.date()),
            Content::AmendmentAccepted => answer().amendment_accepted(self.lodged(), sent),
            Content::RequestToAmend { findings } => answer().amendment_wanted(sent, &errors(findings)),
            Content::Rejection { findings } => {
                answer().rejection("015", sent, REJECTED, reason(findings).as_deref(), &errors(findings))
            }
            Content::RequestRejected { findings } => {
                answer().rejection("013", sent, REJECTED, reason(findings).as_deref(), &errors(findings))
            }
            Content::GuaranteeNotValid { code, reason } => self.guarantee_invalid(code, reason),
            Content::ControlDecision { findings } => answer().control(sent, "0", &controls(findings), &[]),
            Content::Release => self.released(),
            Content::NoRelease { findings } => {
                let text = reason(findings).unwrap_or_else(|| "not released".into());
                answer().no_release(self.lodged(), NO_RELEASE, &text)
            }
            Content::InvalidationRequest { reason } => answer().invalidation_request(&Invalidation {
                requested: Some(sent),
                reason: Some(fit(reason, 512)),
                ..Invalidation::default()
            }),
            Content::Invalidation => self.invalidated(true),
            Content::InvalidationRefused => self.invalidated(false),
            Content::Discrepancies { findings } => {
                answer().discrepancies(sent.date(), reason(findings).as_deref())
            }
            Content::WriteOff => answer().write_off(sent.date()),
            Content::Recovery { .. } => self.recovery()?,
            _ => return self.at_destination(),
        })
    }

    fn at_destination(&self) -> Option<Message> {
        let (sent, case) = (self.sent(), self.arrival_case());
        Some(match &self.taken.message.content {
            Content::Arrival => {
                let office = Location::Office(case.office.clone());
                let arrival = Arrival {
                    at: sent,
                    simplified: false,
                    authorisations: vec![],
                    location: ("A".into(), office),
                };
                arrival_notification(&case, &arrival)
            }
            Content::ArrivalRejected { findings } => {
                case.rejection("007", sent, REJECTED, reason(findings).as_deref(), &errors(findings))
            }
            Content::RemarksRejected { findings } => {
                case.rejection("044", sent, REJECTED, reason(findings).as_deref(), &errors(findings))
            }
            Content::UnloadingPermission => case.unloading_permission(&self.released()),
            Content::UnloadingRemarks { conform } => unloading_remarks(
                &case,
                &UnloadingRemarks {
                    conform: *conform,
                    complete: true,
                    at: sent.date(),
                    seals: None,
                    text: None,
                    differences: None,
                },
            ),
            Content::GoodsRelease => case.goods_released(sent.date(), "1"),
            _ => return None,
        })
    }

    fn amendment(&self) -> Message {
        let amends = match self.mrn() {
            Some(mrn) => kervan_ncts::build::Amendment::Mrn(mrn),
            None => kervan_ncts::build::Amendment::Lrn,
        };
        kervan_ncts::build::amendment(&self.envelope(), &write_declaration(self.declared, self.file), &amends)
    }

    fn guarantee_invalid(&self, code: &str, why: &str) -> Message {
        let cover = self.file.guarantee.as_ref().and_then(|cover| cover.reservation.as_ref());
        let invalid = InvalidGuarantee {
            grn: cover.map_or_else(String::new, |held| held.grn.to_string()),
            reasons: vec![(fit(code, 3), Some(fit(why, 512)))],
        };
        self.answer().guarantee_invalid(self.accepted().date(), &[invalid])
    }

    fn invalidated(&self, granted: bool) -> Message {
        let steps = &self.file.movement.history;
        let asked = steps.iter().rev().find(|step| step.message == MessageKind::InvalidationRequest);
        self.answer().invalidation_decided(&Invalidation {
            requested: asked.map(|step| civil(step.at)),
            decided: Some(self.sent()),
            granted: Some(granted),
            by_customs: asked.is_none(),
            reason: None,
        })
    }

    /// The debt is what the guarantee stands for; without one there is no amount to tell.
    fn recovery(&self) -> Option<Message> {
        let amount = self.file.guarantee.as_ref()?.need.amount;
        let (accepted, sent) = (self.accepted().date(), self.sent().date());
        Some(self.answer().recovery(
            accepted,
            Some(sent),
            amount,
            &office_number(&self.declared.departure.code),
        ))
    }
}

/// Code of a rejection for functional errors. Source: code list 226.
const REJECTED: &str = "12";
/// Motivation of a refusal to release: other. Source: code list 226.
const NO_RELEASE: &str = "G1";
/// Type of a control: of documents. Source: code list 716.
const DOCUMENT_CONTROL: &str = "10";

fn reason(findings: &[Finding]) -> Option<String> {
    let first = findings.first()?;
    Some(fit(&first.message, 512)).filter(|text| !text.is_empty())
}

fn errors(findings: &[Finding]) -> Vec<FunctionalError> {
    let error = |finding: &Finding| FunctionalError {
        pointer: fit(finding.path.as_deref().unwrap_or("/"), 512),
        code: "14".into(),
        reason: fit(finding.rule.as_deref().unwrap_or("N/A"), 7),
        value: None,
    };
    findings.iter().map(error).collect()
}

fn controls(findings: &[Finding]) -> Vec<Control> {
    findings
        .iter()
        .take(99)
        .map(|finding| Control { kind: DOCUMENT_CONTROL.into(), text: Some(fit(&finding.message, 512)) })
        .collect()
}
