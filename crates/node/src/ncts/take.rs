//! A message of common transit from outside: checked, mapped, applied, answered, remembered.

use super::SET;
use super::content::read_content;
use super::refuse::{Head, refuse_message, refuse_report};
use crate::limits::MOST_ORIGINAL_BYTES;
use crate::message::{Received, take_received};
use crate::scribe::to_text;
use crate::{Answer, Call, Desk, Refusal, find_movement_by_mrn, read_movement};
use data_encoding::HEXLOWER;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use kervan_customs::{Message, MessageSet, RefusalReason, RefusedMessage, refuse_unknown};
use kervan_model::{Finding, MovementId, PartyId};
use kervan_ncts::{MessageType, Verdict, check, parse_message, write};
use kervan_store::{AnswerRow, ReceivedRow, Write};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum XmlOutcome {
    /// It did what it says.
    Applied,
    /// It is kept until one that was sent before it arrives.
    Waiting,
    /// It came before by another way; nothing changed.
    Duplicate,
    /// It is refused; nothing changed.
    Refused,
}

impl XmlOutcome {
    /// The word used on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Waiting => "waiting",
            Self::Duplicate => "duplicate",
            Self::Refused => "refused",
        }
    }
}

/// The answer to a message. The same message again has the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct XmlAnswer {
    /// What became of it.
    pub outcome: XmlOutcome,
    /// Which message it was, by its code, if its root says so.
    pub message: Option<String>,
    /// The movement that it is about, if one is known.
    pub movement: Option<MovementId>,
    /// Where the movement stands after it.
    pub state: Option<String>,
    /// What it did, or why not, for people.
    pub findings: Vec<Finding>,
    /// The refusal as the standard has it: CC917C or CC906C.
    pub refusal: Option<String>,
}

/// Takes the XML of a message from the caller.
///
/// Errors: the caller is not a party here, or the store fails. A message that is refused is no error: the answer holds the
/// refusal, and nothing but the memory of it changes.
pub fn take_xml(desk: &Desk, call: Call<'_>, bytes: &[u8]) -> Result<XmlAnswer, Refusal> {
    let party = desk.party(&call.actor)?.record.id.clone();
    let digest = HEXLOWER.encode(&Sha256::digest(bytes));
    let message = parse_message(bytes).ok();
    let head = Head { message: message.as_ref(), now: call.now };
    let identification = message.as_ref().and_then(|message| message.find_identification());
    // A message that does not say who it is, is known by what it is. No key of a request begins with a control character.
    let key = format!("\u{1}{SET}/{}", identification.unwrap_or(&digest));
    let original = Original { bytes, digest: &digest, party: &party, head: &head };
    if let Some(row) = desk.store.find_answer(party.as_str(), &key)? {
        if row.request_hash == digest {
            return serde_json::from_str(&row.body)
                .map_err(|error| Refusal::broken("the answer to a message", &error));
        }
        check_room(desk, &party, bytes.len())?;
        let answer = refused(&head, None, &reused(set_of(desk)?, identification.unwrap_or_default()));
        desk.save(vec![original.row(Some(&answer))])?;
        return Ok(answer);
    }
    check_room(desk, &party, bytes.len())?;
    // The bytes are on the disk before anything follows from them.
    desk.save(vec![original.row(None)])?;
    let answer = answer(desk, call, &original)?;
    let status = if answer.outcome == XmlOutcome::Refused { 422 } else { 200 };
    let kept = original.row(Some(&answer));
    let row =
        AnswerRow { caller: party.to_string(), key, request_hash: digest, status, body: to_text(&answer)? };
    desk.save(vec![kept, Write::Answer(row)])?;
    Ok(answer)
}

/// Whether there is room for a message of a party; without it nothing is taken in, for what is taken in is kept.
fn check_room(desk: &Desk, party: &PartyId, length: usize) -> Result<(), Refusal> {
    let kept = desk.store.bytes_of_messages(party)?;
    if kept.saturating_add(length as u64) <= MOST_ORIGINAL_BYTES {
        return Ok(());
    }
    let text = format!("{kept} bytes of messages of {party} are kept, and {MOST_ORIGINAL_BYTES} is the most");
    let finding = Finding::error("customs.too-many-originals", text).at("/");
    Err(Refusal::conflict(
        finding.remedy("ask the operator; messages that were refused are forgotten after a year"),
    ))
}

/// A message as it came in.
struct Original<'a> {
    bytes: &'a [u8],
    digest: &'a str,
    party: &'a PartyId,
    head: &'a Head<'a>,
}

/// What has become of a message that nothing has become of yet. One that stays so was cut off by a crash.
const TAKEN_IN: &str = "received";

impl Original<'_> {
    /// What the store keeps of it, with the answer once there is one.
    fn row(&self, answer: Option<&XmlAnswer>) -> Write {
        let message = self.head.message;
        let identification = message.and_then(|message| message.find_identification());
        Write::Message(Box::new(ReceivedRow {
            hash: self.digest.to_owned(),
            party: self.party.clone(),
            identification: identification.map(str::to_owned),
            code: message.map(|message| message.kind.code().to_owned()),
            movement: answer.and_then(|answer| answer.movement.clone()),
            outcome: answer.map_or(TAKEN_IN, |answer| answer.outcome.word()).to_owned(),
            received: self.head.now,
            content: self.bytes.to_vec(),
            refusal: answer.and_then(|answer| answer.refusal.clone()),
        }))
    }
}

fn set_of(desk: &Desk) -> Result<&MessageSet, Refusal> {
    let set = desk.rules.territories.find_message_set(SET);
    set.ok_or_else(|| Refusal::NotFound { what: "message set", id: SET.to_owned() })
}

/// A message under an identification that another one had.
fn reused(set: &MessageSet, identification: &str) -> RefusedMessage {
    let text = format!("another message of yours had the identification `{identification}`");
    let finding = Finding::error("customs.message-id-reused", text)
        .rule("identification-of-message")
        .remedy("give every message an identification of its own");
    RefusedMessage { finding, ..refuse_unknown(set, RefusalReason::Duplicate, identification) }
}

fn answer(desk: &Desk, call: Call<'_>, original: &Original<'_>) -> Result<XmlAnswer, Refusal> {
    let (report, head) = (check(original.bytes), original.head);
    let (Some(message), Verdict::Valid) = (head.message, report.verdict) else {
        let refusal = refuse_report(head, &report).map(|message| text_of(&message));
        return Ok(XmlAnswer {
            outcome: XmlOutcome::Refused,
            message: report.message.map(|kind| kind.code().to_owned()),
            movement: None,
            state: None,
            findings: report.faults.into_iter().map(|fault| fault.finding).collect(),
            refusal,
        });
    };
    let set = set_of(desk)?;
    let id = match find_movement(desk, set, message)? {
        Ok(id) => id,
        Err(why) => return Ok(refused(head, None, &why)),
    };
    let content = match read_content(set, message) {
        Ok(content) => content,
        Err(reason) => {
            return Ok(refused(head, Some(id), &refuse_unknown(set, reason, message.kind.code())));
        }
    };
    let prepared =
        message.find_value("preparationDateAndTime").and_then(|text| text.parse::<DateTime>().ok());
    let sent = prepared.and_then(|at| at.to_zoned(TimeZone::UTC).ok()).map(|at| at.timestamp());
    let message = Message {
        id: message.find_identification().unwrap_or_default().to_owned(),
        sent: sent.unwrap_or(call.now),
        content,
    };
    let received = Received { message: &message, original: Some(original.digest) };
    let (case, taken) = take_received(desk, call, &id, received)?;
    let state = case.movements.iter().find(|file| file.movement.id == id);
    let state = state.map(|file| file.movement.state.kind().word().to_owned());
    let (outcome, findings) = match taken {
        Answer::Applied(transition) => {
            (XmlOutcome::Applied, vec![Finding::info("customs.message-applied", transition.because)])
        }
        Answer::Waiting(finding) => (XmlOutcome::Waiting, vec![finding]),
        Answer::Duplicate(finding) => (XmlOutcome::Duplicate, vec![finding]),
        Answer::Refused(why) => return Ok(XmlAnswer { state, ..refused(head, Some(id), &why) }),
    };
    let code = head.message.map(|message| message.kind.code().to_owned());
    Ok(XmlAnswer { outcome, message: code, movement: Some(id), state, findings, refusal: None })
}

/// The movement that a message is about: by its MRN, or by its LRN, which is the id of the movement here, where the message
/// gives the MRN or none is given yet.
fn find_movement(
    desk: &Desk,
    set: &MessageSet,
    message: &kervan_ncts::Message,
) -> Result<Result<MovementId, RefusedMessage>, Refusal> {
    if let Some(mrn) = message.find_mrn()
        && !matches!(message.kind, MessageType::Cc028c | MessageType::Cc928c)
    {
        return find_movement_by_mrn(desk, SET, mrn);
    }
    let lrn = message.find_lrn().unwrap_or_default();
    let row = match lrn.parse::<MovementId>() {
        Ok(id) => desk.store.find_movement(&id)?,
        Err(_) => None,
    };
    if let Some(row) = row
        && desk.rules.territories.messages_of(read_movement(&row)?.movement.regime()).name() == SET
    {
        return Ok(Ok(row.id));
    }
    Ok(Err(refuse_unknown(set, RefusalReason::UnknownMovement, lrn)))
}

fn refused(head: &Head<'_>, movement: Option<MovementId>, why: &RefusedMessage) -> XmlAnswer {
    XmlAnswer {
        outcome: XmlOutcome::Refused,
        message: head.message.map(|message| message.kind.code().to_owned()),
        movement,
        state: None,
        findings: vec![why.finding.clone()],
        refusal: Some(text_of(&refuse_message(head, why))),
    }
}

/// The text of a message that we have written; it is UTF-8.
fn text_of(message: &kervan_ncts::Message) -> String {
    String::from_utf8_lossy(&write(message)).into_owned()
}
