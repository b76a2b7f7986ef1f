//! One message of a movement, written from what the movement holds.

mod export;

use super::choices::{Choice, code};
use super::civil;
use super::declaration::{Source, find_number, fit, holder, named_holder, trader_name, write_declaration};
use super::incident::write_incident;
use super::refuse::identify;
use crate::MovementFile;
use jiff::civil::DateTime;
use kervan_codes::{CountryCode, PlaceCode};
use kervan_customs::{Content, MessageKind, MessageSet, Taken};
use kervan_model::Finding;
use kervan_ncts::build::{
    Amendment, Answer, Arrival, ArrivalCase, Control, ControlResult, Envelope, FunctionalError,
    InvalidGuarantee, Invalidation, Location, Rejection, UnloadingRemarks, amendment, arrival_notification,
    declaration, presentation, unloading_remarks,
};
use kervan_ncts::{Element, Message, Phase};
use kervan_units::GeoPoint;

/// Most kinds of control in one notification. Source: the schema of CC060C.
const MOST_CONTROLS: usize = 99;
/// Longest text of a message. Unit: character. Source: the schemas.
const LONGEST_TEXT: usize = 512;

/// Where the goods are.
pub(super) struct Goods {
    pub(super) code: PlaceCode,
    pub(super) country: CountryCode,
    pub(super) point: GeoPoint,
}

/// Writes one message of a movement.
pub(super) struct Writer<'a> {
    pub(super) file: &'a MovementFile,
    pub(super) source: Source<'a>,
    pub(super) set: &'a MessageSet,
    pub(super) taken: &'a Taken,
    pub(super) to_office: bool,
    pub(super) goods: Option<Goods>,
}

impl Writer<'_> {
    fn sent(&self) -> DateTime {
        civil(self.taken.message.sent)
    }

    fn envelope(&self) -> Envelope {
        let declared = self.source.declared;
        let at_destination = matches!(
            self.taken.message.content,
            Content::Arrival
                | Content::ArrivalRejected { .. }
                | Content::UnloadingPermission
                | Content::UnloadingRemarks { .. }
                | Content::RemarksRejected { .. }
                | Content::GoodsRelease
                | Content::ExportDestinationResult
        );
        let office = if at_destination { &declared.destination } else { &declared.departure };
        let office = format!("{}.{}", code(Choice::TransitApplication), office.country);
        let trader = trader_name(declared.holder.as_ref());
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
            office: self.source.departure(),
            holder: holder(self.source.declared),
            representative: None,
        }
    }

    /// Nothing without the number of who answers for the goods at their destination: it has to stand in each of these messages.
    fn arrival_case(&self) -> Option<ArrivalCase> {
        Some(ArrivalCase {
            envelope: self.envelope(),
            mrn: self.mrn().unwrap_or_default(),
            office: self.source.destination(),
            trader: find_number(self.source.declared.consignee.as_ref())?,
        })
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

    /// When a message of a kind was sent; the last of them.
    fn last(&self, kind: MessageKind) -> Option<DateTime> {
        let steps = self.file.movement.history.iter().rev();
        let mut steps = steps.filter(|step| step.at <= self.taken.message.sent);
        steps.find(|step| step.message == kind).map(|step| civil(step.at))
    }

    /// The day on which the declaration was accepted, or this message was sent.
    fn accepted(&self) -> DateTime {
        self.last(MessageKind::MrnAllocated).unwrap_or_else(|| self.sent())
    }

    fn lodged(&self) -> DateTime {
        self.file.movement.lodged().map_or_else(|| self.sent(), civil)
    }

    fn declared(&self) -> kervan_ncts::build::Declaration {
        write_declaration(&self.source, &self.file.movement.id, self.file.guarantee.as_ref())
    }

    fn lodged_message(&self) -> Message {
        declaration(&self.envelope(), &self.declared())
    }

    fn released(&self) -> Message {
        let day = self.last(MessageKind::Release).unwrap_or_else(|| self.sent());
        self.answer().release(&self.lodged_message(), self.accepted().date(), day.date())
    }

    /// The message, if the movement holds what it has to say.
    pub(super) fn message(&self) -> Option<Message> {
        self.by_trader()
            .or_else(|| self.by_departure())
            .or_else(|| self.by_destination())
            .or_else(|| self.after_release())
            .or_else(|| self.about_export())
    }

    fn by_trader(&self) -> Option<Message> {
        Some(match &self.taken.message.content {
            Content::Declaration => self.lodged_message(),
            Content::Presentation => presentation(&self.envelope(), &self.declared()),
            Content::Amendment { .. } => {
                let amends = self.mrn().map_or(Amendment::Lrn, Amendment::Mrn);
                amendment(&self.envelope(), &self.declared(), &amends)
            }
            Content::InvalidationRequest { reason } => self.answer().invalidation_request(&Invalidation {
                requested: Some(self.sent()),
                reason: Some(fit(reason, LONGEST_TEXT)),
                ..Invalidation::default()
            }),
            Content::Arrival => {
                let case = self.arrival_case()?;
                let place = Location::Office(case.office.clone());
                let arrival = Arrival {
                    at: self.sent(),
                    simplified: false,
                    authorisations: vec![],
                    location: (code(Choice::LocationType).into(), place),
                };
                arrival_notification(&case, &arrival)
            }
            Content::UnloadingRemarks { conform } => {
                let sealed =
                    self.source.declared.equipment.iter().any(|equipment| !equipment.seals.is_empty());
                let remarks = UnloadingRemarks {
                    conform: *conform,
                    complete: true,
                    at: self.sent().date(),
                    seals: sealed.then_some(*conform),
                    text: None,
                    differences: None,
                };
                unloading_remarks(&self.arrival_case()?, &remarks)
            }
            _ => return None,
        })
    }

    fn by_departure(&self) -> Option<Message> {
        let (sent, answer) = (self.sent(), self.answer());
        Some(match &self.taken.message.content {
            Content::Acknowledgement => answer.acknowledgement(),
            Content::MrnAllocated { .. } => answer.mrn_allocated(sent.date()),
            Content::AmendmentAccepted => answer.amendment_accepted(self.lodged(), sent),
            Content::RequestToAmend { findings } => answer.amendment_wanted(sent, &errors(findings)),
            Content::Rejection { findings } => {
                answer.rejection(&self.rejection(MessageKind::Declaration, findings))
            }
            Content::RequestRejected { findings } => {
                answer.rejection(&self.rejection(self.last_request(), findings))
            }
            Content::GuaranteeNotValid { code, reason } => self.guarantee_invalid(code, reason)?,
            Content::ControlDecision { findings } => {
                answer.control(sent, code(Choice::ControlNotification), &controls(findings), &[])
            }
            Content::ControlResult { satisfactory, findings } => self.control_result(*satisfactory, findings),
            Content::Release => self.released(),
            Content::NoRelease { findings } => {
                let text = reason(findings).unwrap_or_else(|| "not released".into());
                answer.no_release(self.lodged(), code(Choice::NoRelease), &text)
            }
            Content::Invalidation => self.invalidated(true),
            Content::InvalidationRefused => self.invalidated(false),
            _ => return None,
        })
    }

    fn by_destination(&self) -> Option<Message> {
        let (sent, case) = (self.sent(), self.arrival_case()?);
        Some(match &self.taken.message.content {
            Content::ArrivalRejected { findings } => {
                case.rejection(&self.rejection(MessageKind::Arrival, findings))
            }
            Content::RemarksRejected { findings } => {
                case.rejection(&self.rejection(MessageKind::UnloadingRemarks, findings))
            }
            Content::UnloadingPermission => case.unloading_permission(&self.released()),
            Content::GoodsRelease => case.goods_released(sent.date(), code(Choice::GoodsReleased)),
            _ => return None,
        })
    }

    fn after_release(&self) -> Option<Message> {
        let (sent, answer) = (self.sent(), self.answer());
        Some(match &self.taken.message.content {
            Content::Discrepancies { findings } => {
                answer.discrepancies(sent.date(), reason(findings).as_deref())
            }
            Content::Incident { incidents, .. } if !incidents.is_empty() => {
                answer.incident(sent, &answer.office, incidents.iter().map(write_incident).collect())
            }
            Content::Incident { description, .. } => {
                answer.incident(sent, &answer.office, vec![self.incident(description)?])
            }
            Content::WriteOff => answer.write_off(sent.date()),
            Content::Recovery { .. } => {
                // The debt is what the guarantee stands for; without one there is no amount to tell.
                let amount = self.file.guarantee.as_ref()?.need.amount;
                answer.recovery(self.accepted().date(), Some(sent.date()), amount, &answer.office)
            }
            Content::GuarantorNotification { reason } => {
                let text = fit(reason, LONGEST_TEXT);
                let text = Some(text.as_str()).filter(|text| !text.is_empty());
                answer.guarantor_notification(self.accepted().date(), sent.date(), text, &answer.office)
            }
            _ => return None,
        })
    }

    /// The rejection of the last message of a kind.
    fn rejection(&self, refused: MessageKind, findings: &[Finding]) -> Rejection {
        let code_of = self.set.code_of(refused).unwrap_or_default();
        Rejection {
            // CC015C is message 015.
            refused: code_of.chars().filter(char::is_ascii_digit).collect(),
            at: self.sent(),
            code: code(Choice::Rejection).into(),
            reason: reason(findings),
            errors: errors(findings),
        }
    }

    /// The request of the declarant that came last before this message.
    fn last_request(&self) -> MessageKind {
        let requests = [MessageKind::Amendment, MessageKind::InvalidationRequest, MessageKind::Presentation];
        let steps = self.file.movement.history.iter().rev().filter(|step| step.at <= self.taken.message.sent);
        let mut asked = steps.map(|step| step.message).filter(|kind| requests.contains(kind));
        asked.next().unwrap_or(MessageKind::Amendment)
    }

    fn control_result(&self, satisfactory: bool, findings: &[Finding]) -> Message {
        let words = reason(findings);
        let choice = if satisfactory { Choice::ControlClean } else { Choice::ControlFound };
        // Differences are told in words: the movement does not hold them item by item.
        let other = (!satisfactory).then(|| words.clone().unwrap_or_else(|| "differences were found".into()));
        let result = ControlResult {
            code: code(choice).into(),
            at: self.sent().date(),
            by: fit(&self.source.declared.departure.name, 70),
            text: words,
            other,
        };
        let answer = Answer { holder: named_holder(self.source.declared), ..self.answer() };
        answer.control_results(&self.lodged_message(), &result)
    }

    /// An incident as far as the movement knows it: words, and the last place where the goods were seen.
    fn incident(&self, description: &str) -> Option<Element> {
        let goods = self.goods.as_ref()?;
        let location = Element::group("Location").field("country", goods.country.as_str());
        let location = if goods.code.is_un_locode() {
            location.field("qualifierOfIdentification", "U").field("UNLocode", goods.code.as_str())
        } else {
            let point = Element::group("GNSS")
                .field("latitude", format!("{:.5}", goods.point.lat()))
                .field("longitude", format!("{:.5}", goods.point.lon()));
            location.field("qualifierOfIdentification", "W").with(point)
        };
        let incident = Element::group("Incident").field("code", code(Choice::Incident));
        Some(incident.field("text", fit(description, LONGEST_TEXT)).with(location))
    }

    /// Nothing where no guarantee is named: the message is about one.
    fn guarantee_invalid(&self, code: &str, why: &str) -> Option<Message> {
        let held = self.file.guarantee.as_ref()?.reservation.as_ref()?;
        let invalid = InvalidGuarantee {
            grn: held.grn.to_string(),
            reasons: vec![(fit(code, 3), Some(fit(why, LONGEST_TEXT)))],
        };
        Some(self.answer().guarantee_invalid(self.accepted().date(), &[invalid]))
    }

    fn invalidated(&self, granted: bool) -> Message {
        let asked = self.last(MessageKind::InvalidationRequest);
        let because = self.taken_because();
        self.answer().invalidation_decided(&Invalidation {
            requested: asked,
            decided: Some(self.sent()),
            granted: Some(granted),
            by_customs: asked.is_none(),
            // What customs begins or refuses is justified (C0137).
            reason: (asked.is_none() || !granted).then(|| fit(&because, LONGEST_TEXT)),
        })
    }

    /// Which rule of the machine the message took effect by, in words.
    fn taken_because(&self) -> String {
        let step = self.file.movement.history.iter().find(|step| step.message_id == self.taken.message.id);
        step.map_or_else(|| self.taken.message.content.kind().title().to_owned(), |step| step.because.clone())
    }
}

fn reason(findings: &[Finding]) -> Option<String> {
    let first = findings.first()?;
    Some(fit(&first.message, LONGEST_TEXT)).filter(|text| !text.is_empty())
}

fn errors(findings: &[Finding]) -> Vec<FunctionalError> {
    let error = |finding: &Finding| FunctionalError {
        pointer: fit(finding.path.as_deref().unwrap_or("/"), LONGEST_TEXT),
        code: code(Choice::BrokenRule).into(),
        reason: fit(finding.rule.as_deref().unwrap_or(code(Choice::NoRule)), 7),
        value: None,
    };
    findings.iter().map(error).collect()
}

/// A decision to control names at least one kind of control (C0452).
fn controls(findings: &[Finding]) -> Vec<Control> {
    let control = |text: Option<String>| Control { kind: code(Choice::ControlType).into(), text };
    let mut controls: Vec<Control> = findings
        .iter()
        .take(MOST_CONTROLS)
        .map(|finding| control(Some(fit(&finding.message, LONGEST_TEXT))))
        .collect();
    if controls.is_empty() {
        controls.push(control(None));
    }
    controls
}
