//! AIS: what ships' radios say, in AIVDM and AIVDO sentences.
//!
//! Message types 1 to 3, 5, 18, 19, 24 and 27; the others are counted. Source: ITU-R M.1371-5, annex 8.

mod bits;
mod message;

use crate::batch::Batch;
use crate::limits::{LONGEST_SILENCE_S, LONGEST_WAIT, MOST_AWAITED, MOST_PARTS};
use crate::nmea::Place;
use crate::report::{DeviceId, Report, Subject};
use bits::Bits;
use jiff::{SignedDuration, Timestamp};
use kervan_model::Finding;
use message::{Message, MessageFault, read_message};
use std::collections::BTreeMap;

/// Messages of which sentences are still awaited, between one text of a source and its next: gateways cut the stream of a
/// radio where they please.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Awaiting {
    messages: BTreeMap<(u8, char), Awaited>,
}

impl Awaiting {
    /// Whether nothing is awaited.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }
}

/// A radio while its sentences come: a message may need several.
pub(crate) struct Radio {
    received: Timestamp,
    awaited: BTreeMap<(u8, char), Awaited>,
    sentences: usize,
    other: BTreeMap<u8, usize>,
    without_place: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Awaited {
    /// When its first sentence was received.
    heard: Timestamp,
    parts: u8,
    next: u8,
    payload: String,
    place: Place,
    since: usize,
    tag_time: Option<i64>,
}

impl Radio {
    /// A radio that goes on where it was. What was awaited for too long is given up.
    pub(crate) fn new(received: Timestamp, before: Awaiting, batch: &mut Batch) -> Self {
        let mut awaited = before.messages;
        for message in awaited.values_mut() {
            (message.since, message.place) = (0, Place::EARLIER);
        }
        let is_late =
            |message: &Awaited| received.duration_since(message.heard).as_secs() > LONGEST_SILENCE_S;
        awaited
            .values()
            .filter(|message| is_late(message))
            .for_each(|message| batch.find(not_whole(message)));
        awaited.retain(|_, message| !is_late(message));
        Self { received, awaited, sentences: 0, other: BTreeMap::new(), without_place: 0 }
    }

    /// Takes one sentence; a message that is whole goes into the batch.
    pub(crate) fn take(&mut self, sentence: &crate::nmea::Sentence<'_>, place: Place, batch: &mut Batch) {
        self.sentences += 1;
        self.give_up(batch);
        let digit = |number: usize| sentence.field(number).parse::<u8>().ok();
        let (Some(parts), Some(part)) = (digit(1), digit(2)) else {
            return batch.find(shape(place, "the sentence does not say which part of how many it is"));
        };
        if !(1..=MOST_PARTS).contains(&parts) || !(1..=parts).contains(&part) {
            return batch.find(shape(place, &format!("part {part} of {parts} cannot be")));
        }
        let (payload, Some(fill)) = (sentence.field(5), digit(6).filter(|fill| *fill < 6)) else {
            return batch.find(shape(place, "the sentence does not say how many bits fill it up"));
        };
        if parts == 1 {
            return self.take_whole(payload, fill, (place, sentence.tag_time), batch);
        }
        let channel = sentence.field(4).chars().next().unwrap_or(' ');
        let Some(sequence) = digit(3) else {
            return batch.find(shape(place, "a message of several sentences needs a sequence number"));
        };
        let key = (sequence, channel);
        if part == 1 {
            let payload = payload.to_owned();
            let since = self.sentences;
            let (heard, tag_time) = (self.received, sentence.tag_time);
            let first = Awaited { heard, parts, next: 2, payload, place, since, tag_time };
            let repeats = self.awaited.get(&key).is_some_and(|before| before.payload == first.payload);
            if let Some(before) = self.awaited.insert(key, first).filter(|_| !repeats) {
                batch.find(not_whole(&before));
            }
            return;
        }
        let follows = |awaited: &Awaited| awaited.parts == parts && awaited.next == part;
        match self.awaited.remove(&key) {
            Some(mut awaited) if follows(&awaited) => {
                awaited.payload.push_str(payload);
                awaited.next += 1;
                if part == parts {
                    let at = (awaited.place, awaited.tag_time.or(sentence.tag_time));
                    self.take_whole(&awaited.payload, fill, at, batch);
                } else {
                    self.awaited.insert(key, awaited);
                }
            }
            Some(awaited) => batch.find(not_whole(&awaited)),
            None => {
                let message = format!("part {part} of {parts} came without the parts before it");
                batch.find(place.warning(
                    "ais.part-missing",
                    message,
                    "send the sentences of a message together",
                ));
            }
        }
    }

    fn give_up(&mut self, batch: &mut Batch) {
        let now = self.sentences;
        while let Some((key, awaited)) =
            self.awaited.iter().min_by_key(|(_, awaited)| awaited.since).filter(|(_, awaited)| {
                now - awaited.since > LONGEST_WAIT || self.awaited.len() > MOST_AWAITED
            })
        {
            batch.find(not_whole(awaited));
            let key = *key;
            self.awaited.remove(&key);
        }
    }

    fn take_whole(&mut self, payload: &str, fill: u8, (place, tag): (Place, Option<i64>), batch: &mut Batch) {
        let message = Bits::unarmoured(payload, fill).and_then(|bits| read_message(&bits));
        match message {
            Ok(Message::Position { mmsi, point, speed, heading, second, ship }) => {
                let Some(point) = point else {
                    self.without_place += 1;
                    return;
                };
                let heard = tag.and_then(|tag| Timestamp::from_second(tag).ok()).unwrap_or(self.received);
                match DeviceId::of_mmsi(mmsi) {
                    Ok(device) => {
                        let at = instant_of(heard, second);
                        batch.keep(Report { subject: Subject::Device(device), at, point, speed, heading });
                    }
                    Err(error) => {
                        batch.find(place.error("ais.mmsi", error.to_string(), "have the radio programmed"));
                    }
                }
                batch.ships.extend(ship);
            }
            Ok(Message::Ship(ship)) => batch.ships.push(ship),
            Ok(Message::Other(kind)) => *self.other.entry(kind).or_insert(0) += 1,
            Err(fault) => batch.find(message_finding(&fault, place)),
        }
    }

    /// Says what all messages have in common, and hands on what is not whole yet.
    pub(crate) fn finish(self, batch: &mut Batch) -> Awaiting {
        if self.without_place > 0 {
            let message =
                format!("{} messages of ships say that their position is not known", self.without_place);
            batch.find(Finding::info("ais.no-position", message));
        }
        if !self.other.is_empty() {
            let count: usize = self.other.values().sum();
            let kinds: Vec<_> = self.other.keys().map(u8::to_string).collect();
            let message = format!(
                "{count} messages of other types ({}) say nothing of a ship's position",
                kinds.join(", ")
            );
            batch.find(Finding::info("ais.other-types", message));
        }
        Awaiting { messages: self.awaited }
    }
}

/// Gives up what is not whole: no further text follows.
pub(crate) fn give_up(awaiting: &Awaiting, batch: &mut Batch) {
    for awaited in awaiting.messages.values() {
        batch.find(not_whole(awaited));
    }
}

/// The last instant not after `heard` whose second is the one of the message; the radio says no more of the time. A little
/// more than it may be ahead, as clocks are.
fn instant_of(heard: Timestamp, second: Option<u8>) -> Timestamp {
    const AHEAD_S: i64 = 5;
    let Some(second) = second else { return heard };
    let whole = heard.as_second();
    let minute = whole - whole.rem_euclid(60);
    let mut at = minute + i64::from(second);
    if at > whole + AHEAD_S {
        at -= 60;
    }
    Timestamp::from_second(at)
        .unwrap_or(heard)
        .min(heard.saturating_add(SignedDuration::from_secs(AHEAD_S)).unwrap_or(heard))
}

fn shape(place: Place, message: &str) -> Finding {
    place.error(
        "ais.sentence",
        message,
        "look at the receiver; the checksum is right and the sentence is not",
    )
}

fn not_whole(awaited: &Awaited) -> Finding {
    let message = format!("a message of {} sentences ends after {}", awaited.parts, awaited.next - 1);
    awaited.place.warning("ais.part-missing", message, "send the sentences of a message together")
}

fn message_finding(fault: &MessageFault, place: Place) -> Finding {
    let code = match fault {
        MessageFault::Armour(_) => "ais.armour",
        MessageFault::Short { .. } => "ais.short",
        MessageFault::OffTheGlobe { .. } => "ais.off-the-globe",
    };
    place.error(code, fault.to_string(), "look at the receiver; the checksum is right and the message is not")
}
