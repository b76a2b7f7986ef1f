//! How far deliveries have come, and what is to be done next.

use super::{Terms, Trigger};
use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How far a subscription has been served. Places are those of the repository's sequence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// Everything up to here has been delivered and acknowledged, or was no answer.
    pub delivered: u64,
    /// Up to here events wait; a schedule moves it when its time comes.
    #[serde(default)]
    pub wanted: u64,
    /// Whether the receiver is told even if there is nothing.
    #[serde(default)]
    pub owed: bool,
    /// The delivery that is on its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sending: Option<Sending>,
    /// When the schedule comes next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_run: Option<Timestamp>,
    /// When the receiver last acknowledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_notified: Option<Timestamp>,
    /// When the subscriber's socket was last there; nothing for an address that is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
}

/// A delivery on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sending {
    /// Its id; the same however often it is tried.
    pub id: String,
    /// The last place that it covers. It begins after what was delivered.
    pub to: u64,
    /// How often it has failed.
    pub failures: u32,
    /// When it is tried next.
    pub due: Timestamp,
}

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing before this instant, or before an event comes.
    Wait(Option<Timestamp>),
    /// The schedule has come: note it with [`Progress::note_run`].
    NoteRun,
    /// Look for answers after a place, up to and with another.
    Look {
        /// The place.
        after: u64,
        /// The other.
        until: u64,
    },
    /// Send the delivery with the answers after a place, up to and with its own.
    Send {
        /// The place.
        after: u64,
        /// The delivery.
        sending: Sending,
    },
}

/// Sixteen bytes as a UUID of version 8, whose meaning is its maker's own. Source: RFC 9562, section 5.8.
fn uuid_of(bytes: &[u8]) -> String {
    let marked: Vec<u8> = (0..)
        .zip(bytes)
        .map(|(at, byte)| match at {
            6 => (byte & 0x0f) | 0x80,
            8 => (byte & 0x3f) | 0x80,
            _ => *byte,
        })
        .collect();
    let hex = HEXLOWER.encode(&marked);
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
    parts.map(|part| hex.get(part).unwrap_or_default().to_owned()).join("-")
}

/// Time before the first retry. It doubles with each failure. Unit: second.
const FIRST_RETRY_S: i64 = 10;

/// Longest time between two tries. Unit: second.
const LONGEST_RETRY_S: i64 = 3_600;

impl Progress {
    /// The beginning: after a place of the sequence, which is 0 for a receiver who wants what came before as well.
    pub fn starting(after: u64, terms: &Terms) -> Self {
        let next_run = match &terms.trigger {
            Trigger::Stream => None,
            Trigger::Schedule(schedule) => schedule.next_after(terms.created),
        };
        Self { delivered: after, wanted: after, next_run, ..Self::default() }
    }

    /// What is to be done next, with `last` the last place of the sequence.
    pub fn step(&self, terms: &Terms, now: Timestamp, last: u64) -> Step {
        if let Some(sending) = &self.sending {
            return if sending.due <= now {
                Step::Send { after: self.delivered, sending: sending.clone() }
            } else {
                Step::Wait(Some(sending.due))
            };
        }
        let until = match terms.trigger {
            Trigger::Stream => last,
            Trigger::Schedule(_) if self.next_run.is_some_and(|next| next <= now) => return Step::NoteRun,
            Trigger::Schedule(_) => self.wanted,
        };
        if until > self.delivered || self.owed {
            return Step::Look { after: self.delivered, until: until.max(self.delivered) };
        }
        Step::Wait(self.next_run)
    }

    /// The schedule has come: everything up to `last` is wanted. Runs that were missed are one.
    pub fn note_run(&mut self, terms: &Terms, now: Timestamp, last: u64) {
        if let Trigger::Schedule(schedule) = &terms.trigger {
            self.wanted = self.wanted.max(last);
            self.owed = terms.report_if_empty;
            self.next_run = schedule.next_after(now);
        }
    }

    /// There was no answer up to a place. Returns whether an empty delivery is owed and has become due.
    pub fn found_nothing(&mut self, id: &str, to: u64, now: Timestamp) -> bool {
        if self.owed && to >= self.wanted {
            self.begin(id, to, now);
            return true;
        }
        self.delivered = self.delivered.max(to);
        false
    }

    /// A delivery of the answers up to a place becomes due; `id` is the subscription's.
    pub fn begin(&mut self, id: &str, to: u64, now: Timestamp) {
        let digest = Sha256::digest(format!("{id} {} {to} {now}", self.delivered));
        let id = uuid_of(digest.get(..16).unwrap_or_default());
        self.sending = Some(Sending { id, to, failures: 0, due: now });
    }

    /// The subscriber is there again: what was on its way is due at once.
    pub fn resume(&mut self, now: Timestamp) {
        self.last_seen = Some(now);
        if let Some(sending) = &mut self.sending {
            sending.due = sending.due.min(now);
        }
    }

    /// The receiver has the delivery.
    pub fn acknowledged(&mut self, now: Timestamp) {
        if let Some(sending) = self.sending.take() {
            self.delivered = self.delivered.max(sending.to);
            self.owed = false;
            self.last_notified = Some(now);
        }
    }

    /// The receiver was not reached, or refused: the same delivery goes again later.
    pub fn failed(&mut self, now: Timestamp) {
        if let Some(sending) = &mut self.sending {
            let wait = FIRST_RETRY_S.saturating_mul(1 << sending.failures.min(20)).min(LONGEST_RETRY_S);
            sending.failures = sending.failures.saturating_add(1);
            sending.due = now.saturating_add(SignedDuration::from_secs(wait)).unwrap_or(now);
        }
    }
}
