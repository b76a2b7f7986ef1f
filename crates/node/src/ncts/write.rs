//! The messages that a movement holds, listed, and those of common transit as XML.

use super::SET;
use super::declaration::Source;
use super::writer::{Goods, Writer};
use crate::case_file::load_events;
use crate::clear::{derive, load_case_inputs};
use crate::message::reference_of;
use crate::{CaseFile, Desk, MovementFile, Refusal};
use jiff::Timestamp;
use kervan_customs::{MessageKind, Movement, SenderRole, Taken};
use kervan_events::Event;
use kervan_model::MovementId;
use kervan_ncts::write;
use kervan_store::ReceivedRow;

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
    /// Whether its kind can be had as XML; a message that needs a fact which the movement lacks, such as the number of a trader, is
    /// not written all the same.
    pub has_xml: bool,
    /// SHA-256 of the bytes that it was read from, if it came as XML.
    pub original: Option<String>,
}

/// The messages of a movement, in the order of sending.
///
/// Errors: the store failed.
pub fn list_messages(desk: &Desk, movement: &Movement) -> Result<Vec<MessageRow>, Refusal> {
    let received = desk.store.list_received(Some(movement.id.as_str()), None, u32::MAX)?;
    let original_of = |id: &str| {
        let applied = |row: &&ReceivedRow| row.identification.as_deref() == Some(id) && row.refusal.is_none();
        received.iter().find(applied).map(|row| row.hash.clone())
    };
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
            has_xml: set.name() == SET && is_written(kind, found.and_then(|row| row.code.as_deref())),
            original: original_of(&taken.message.id),
        }
    };
    Ok(movement.messages.iter().enumerate().map(row).collect())
}

/// Whether a message of this kind can be had as XML: the schema of its type is published, and what it has to say is known here.
fn is_written(kind: MessageKind, code: Option<&str>) -> bool {
    // What another system could not read of ours it has told in a message of its own, which is kept as it came.
    let told = matches!(kind, MessageKind::FunctionalErrors | MessageKind::XmlErrors);
    !told && code.is_some_and(|code| kervan_ncts::MessageType::find(code).is_some())
}

/// The XML of a message of a movement, by its number from 1.
///
/// Errors: there is no such movement or message, or it is none of common transit that can be written.
pub fn write_xml(desk: &Desk, id: &MovementId, number: usize) -> Result<Vec<u8>, Refusal> {
    let not_found = |what| Refusal::NotFound { what, id: format!("{id} {number}") };
    let case = CaseFile::load(desk, &reference_of(id)?)?;
    let file = case.movements.iter().find(|file| file.movement.id == *id);
    let file = file.ok_or_else(|| not_found("movement"))?;
    let rows = list_messages(desk, &file.movement)?;
    let place = number.checked_sub(1).ok_or_else(|| not_found("message"))?;
    let (Some(row), Some(taken)) = (rows.get(place), file.movement.messages.get(place)) else {
        return Err(not_found("message"));
    };
    let inputs = load_case_inputs(desk, &case.state);
    let declared = derive(&inputs, &file.movement.plan, file.movement.filing);
    let declared = declared.filter(|_| row.has_xml).ok_or_else(|| not_found("XML of message"))?;
    let territories = &desk.rules.territories;
    let consignment = inputs.consignment.as_ref();
    let source = Source { declared: &declared, territories, itinerary: inputs.itinerary(), consignment };
    let goods = find_goods(desk, file, &load_events(desk, &case.row.reference)?, taken);
    let set = territories.messages_of(file.movement.regime());
    let writer = Writer { file, source, set, taken, to_office: row.to_office, goods };
    let message = writer.message().ok_or_else(|| not_found("XML of message"))?;
    Ok(write(&message))
}

/// Where the goods were when a message was sent: at the last place that an event before it saw, else at the office of departure.
fn find_goods(desk: &Desk, file: &MovementFile, events: &[Event], taken: &Taken) -> Option<Goods> {
    let before = events.iter().filter(|event| event.event_time <= taken.message.sent);
    let seen = before.max_by_key(|event| event.event_time).and_then(Event::place);
    let code =
        seen.or_else(|| file.movement.departure().place.clone()).unwrap_or_else(|| file.entry_place.clone());
    let place = desk.network.find_place(&code)?;
    Some(Goods { country: place.country, code, point: place.point })
}
