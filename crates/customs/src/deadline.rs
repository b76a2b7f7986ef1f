//! Deadlines of a movement: values computed from `deadlines.csv` and the movement, run on a clock that is an argument.

use crate::limits::LONGEST_WAIT;
use crate::table::Row;
use crate::{Content, Filing, Message, MessageKind, MessageSet, Movement, StateKind};
use jiff::Timestamp;
use kervan_model::{Finding, Provenance};
use kervan_units::Seconds;
use serde::{Deserialize, Serialize};

/// What a deadline runs from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Since {
    /// The declaration.
    Declared,
    /// The beginning of the state.
    State,
    /// The time limit for the arrival.
    ArriveBy,
    /// The presentation of the goods at the office of departure.
    Presented,
}

/// A deadline of a message set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// Its word, the last part of the code of its finding.
    pub code: String,
    /// In which states it runs.
    pub states: Vec<StateKind>,
    /// From when.
    pub since: Since,
    /// How long. Unit: second.
    pub length: Seconds,
    /// The message that stops it.
    pub unless: Option<MessageKind>,
    /// The message that follows when it has passed; without one it is only told.
    pub then: Option<MessageKind>,
    /// Who has to act before.
    pub who: String,
    /// What it means that it has passed.
    pub text: String,
    /// What to do.
    pub remedy: String,
    /// Where this comes from.
    pub provenance: Provenance,
}

/// A deadline of one movement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineEvent {
    /// Its word.
    pub deadline: String,
    /// When it passes.
    pub at: Timestamp,
    /// The message that follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<MessageKind>,
    /// Who has to act before.
    pub who: String,
    /// What it means: `customs.deadline.*`.
    pub finding: Finding,
}

impl Deadline {
    fn run(&self, movement: &Movement) -> Option<Timestamp> {
        let state = movement.state.kind();
        let stopped = |kind| movement.history.iter().any(|step| step.message == kind);
        // A declaration with the goods present needs no presentation.
        let present = self.unless == Some(MessageKind::Presentation) && movement.filing == Filing::Present;
        if !self.states.contains(&state) || present || self.unless.is_some_and(stopped) {
            return None;
        }
        let from = match self.since {
            Since::Declared => movement
                .history
                .iter()
                .find(|step| step.message == MessageKind::Declaration)
                .map(|step| step.at),
            Since::State => Some(movement.state.at()),
            Since::ArriveBy => movement.state.arrive_by(),
            Since::Presented => movement.presented,
        };
        from?.checked_add(self.length.to_duration()).ok()
    }
}

/// The deadlines that run for a movement, the earliest first.
pub fn list_deadlines(set: &MessageSet, movement: &Movement) -> Vec<DeadlineEvent> {
    let mut events: Vec<_> = set
        .list_deadlines()
        .iter()
        .filter_map(|deadline| Some((deadline, deadline.run(movement)?)))
        .map(|(deadline, at)| {
            let finding =
                Finding::warning(format!("customs.deadline.{}", deadline.code), deadline.text.clone())
                    .at(format!("/movements/{}", movement.id))
                    .rule(deadline.code.clone())
                    .source(deadline.provenance.source.clone())
                    .remedy(deadline.remedy.clone());
            let (code, who) = (deadline.code.clone(), deadline.who.clone());
            DeadlineEvent { deadline: code, at, then: deadline.then, who, finding }
        })
        .collect();
    events.sort_by(|a, b| (a.at, &a.deadline).cmp(&(b.at, &b.deadline)));
    events
}

/// The deadlines of a movement that have passed, the earliest first.
pub fn due(set: &MessageSet, movement: &Movement, now: Timestamp) -> Vec<DeadlineEvent> {
    let mut events = list_deadlines(set, movement);
    events.retain(|event| event.at <= now);
    events
}

/// When the clock has to look at a movement next: its earliest deadline that `told` does not name, or the end of the
/// wait of a waiting message.
pub fn next_due(set: &MessageSet, movement: &Movement, told: &[String]) -> Option<Timestamp> {
    let open = |event: &DeadlineEvent| event.then.is_some() || !told.contains(&event.deadline);
    let deadlines = list_deadlines(set, movement).into_iter().filter(open).map(|event| event.at);
    let waiting = movement.messages.iter().filter(|taken| !taken.applied);
    let waits = waiting.filter_map(|taken| taken.received.checked_add(LONGEST_WAIT.to_duration()).ok());
    deadlines.chain(waits).min()
}

/// The message that follows a passed deadline. Its id is that of the deadline, so that running the clock twice sends it
/// once.
pub fn message_of(movement: &Movement, event: &DeadlineEvent, now: Timestamp) -> Option<Message> {
    let reason = event.finding.message.clone();
    let content = match event.then? {
        MessageKind::Invalidation => Content::Invalidation,
        MessageKind::EnquiryRequest => Content::EnquiryRequest { reason },
        MessageKind::Recovery => Content::Recovery { reason },
        MessageKind::GuarantorNotification => Content::GuarantorNotification { reason },
        _ => return None,
    };
    let id = format!("{}-deadline-{}", movement.id, event.deadline);
    Some(Message { id, sent: now, content })
}

pub(crate) fn read_deadline(row: &mut Row<'_>) -> Option<(Vec<String>, Deadline)> {
    let kinds: Vec<_> =
        MessageKind::ALL.iter().map(|kind| (kind.word(), Some(*kind))).chain([("", None)]).collect();
    let since = [
        ("declared", Since::Declared),
        ("state", Since::State),
        ("arrive_by", Since::ArriveBy),
        ("presented", Since::Presented),
    ];
    let (sets, code, states) = (row.list::<String>("sets"), row.full("deadline"), row.states("states"));
    let (since, seconds) = (row.word("since", &since), row.parse::<u64>("seconds"));
    let (unless, then) = (row.word("unless", &kinds), row.word("then", &kinds));
    let (who, text, remedy) = (row.full("who"), row.full("text"), row.full("remedy"));
    let provenance = row.provenance();
    let deadline = Deadline {
        code: code?,
        states: states?,
        since: since?,
        length: Seconds::new(seconds?),
        unless: unless?,
        then: then?,
        who: who?,
        text: text?,
        remedy: remedy?,
        provenance: provenance?,
    };
    Some((sets?, deadline))
}
