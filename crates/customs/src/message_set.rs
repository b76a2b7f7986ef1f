//! Message sets: which messages a regime has, who sends them, and what they do to a movement.
//!
//! All regimes run on one machine. What differs between common transit, the Eurasian union, TIR and national procedures
//! is data: `messages.csv` (kind, code, sender), `transitions.csv` (which message fits which state, what it needs, where
//! it leads), `errors.csv` (how a message that does not fit is refused) and `deadlines.csv`.

use crate::deadline::{Deadline, read_deadline};
use crate::table::{Row, Table};
use crate::{MessageKind, StateKind};
use kervan_model::{Finding, Provenance};
use std::collections::{BTreeMap, BTreeSet};

/// Who sends a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SenderRole {
    /// Who lodged the declaration: the holder of the procedure or its representative.
    Declarant,
    /// The administration of the office of departure.
    Departure,
    /// The administration of any territory on the way.
    Transit,
    /// The administration of the office of destination.
    Destination,
    /// Who brings the goods to the office of destination.
    DestinationTrader,
    /// The administration of the office of exit, for transit after export: the one of departure.
    Exit,
    /// Who watches the navigation seals.
    SealOperator,
    /// Either side: answers of a system to a message.
    System,
}

impl SenderRole {
    const WORDS: [(&'static str, Self); 8] = [
        ("declarant", Self::Declarant),
        ("departure", Self::Departure),
        ("transit", Self::Transit),
        ("destination", Self::Destination),
        ("destination_trader", Self::DestinationTrader),
        ("exit", Self::Exit),
        ("seal_operator", Self::SealOperator),
        ("system", Self::System),
    ];

    /// The word used in data and on the wire.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, role)| *role == self).map_or("", |(word, _)| word)
    }
}

/// A message of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// What it says.
    pub kind: MessageKind,
    /// Its code in the set; absent where no code is published.
    pub code: Option<String>,
    /// Where several messages share a code: the values of the field that tells them apart.
    pub variants: Vec<String>,
    /// Who sends it.
    pub sender: SenderRole,
    /// Where this comes from.
    pub provenance: Provenance,
}

/// What must have come before a message takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The message that must have come.
    pub kind: MessageKind,
    /// Only where the declaration was lodged before the goods were there.
    pub if_prelodged: bool,
}

/// One line of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitionRule {
    /// The state before.
    pub from: StateKind,
    /// The message.
    pub message: MessageKind,
    /// The state after.
    pub to: StateKind,
    /// What must have come before.
    pub needs: Option<Need>,
    /// Id of the rule.
    pub id: String,
    /// The rule in words.
    pub text: String,
    /// Where this comes from.
    pub provenance: Provenance,
}

/// Why a message is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalReason {
    /// Its id was used by another message.
    Duplicate,
    /// No movement has this number.
    UnknownMovement,
    /// The movement reference number is not one.
    InvalidMrn,
    /// It fits neither the state nor any that can still come.
    OutOfSequence,
    /// It is signed by somebody who may not send it.
    WrongSender,
    /// The movement holds too many messages.
    TooMany,
    /// It was written after now.
    FromTheFuture,
    /// The regime has no such message.
    NotInSet,
}

impl RefusalReason {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::Duplicate,
        Self::UnknownMovement,
        Self::InvalidMrn,
        Self::OutOfSequence,
        Self::WrongSender,
        Self::TooMany,
        Self::FromTheFuture,
        Self::NotInSet,
    ];

    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::UnknownMovement => "unknown_movement",
            Self::InvalidMrn => "invalid_mrn",
            Self::OutOfSequence => "out_of_sequence",
            Self::WrongSender => "wrong_sender",
            Self::TooMany => "too_many",
            Self::FromTheFuture => "from_the_future",
            Self::NotInSet => "not_in_set",
        }
    }
}

/// The error code that a standard has for a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// The code, such as `92`.
    pub code: String,
    /// What the standard calls it.
    pub text: String,
}

/// The messages of a regime and what they do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageSet {
    name: String,
    messages: BTreeMap<MessageKind, MessageRow>,
    rules: BTreeMap<(StateKind, MessageKind), TransitionRule>,
    /// For each state, the messages that fit it or any state that can follow.
    later: BTreeMap<StateKind, BTreeSet<MessageKind>>,
    errors: BTreeMap<RefusalReason, ErrorCode>,
    pub(crate) deadlines: Vec<Deadline>,
}

impl MessageSet {
    /// Its name, such as `ncts`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Every message, in the order of their kinds.
    pub fn list_messages(&self) -> impl Iterator<Item = &MessageRow> {
        self.messages.values()
    }

    /// A message, if the set has it.
    pub fn find_message(&self, kind: MessageKind) -> Option<&MessageRow> {
        self.messages.get(&kind)
    }

    /// The messages that have a code; several where a field of the message tells them apart.
    pub fn list_by_code<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a MessageRow> {
        self.messages.values().filter(move |row| row.code.as_deref() == Some(code))
    }

    /// The code of a message, if one is published.
    pub fn code_of(&self, kind: MessageKind) -> Option<&str> {
        self.messages.get(&kind)?.code.as_deref()
    }

    /// Every line of the machine, by state and message.
    pub fn list_rules(&self) -> impl Iterator<Item = &TransitionRule> {
        self.rules.values()
    }

    /// The line for a message in a state, if the message fits it.
    pub fn find_rule(&self, from: StateKind, message: MessageKind) -> Option<&TransitionRule> {
        self.rules.get(&(from, message))
    }

    /// Whether a message fits a state or one that can still follow.
    pub fn may_fit_later(&self, from: StateKind, message: MessageKind) -> bool {
        self.later.get(&from).is_some_and(|kinds| kinds.contains(&message))
    }

    /// The error code of a refusal; the word of the reason where the set names none.
    pub fn error_of(&self, reason: RefusalReason) -> ErrorCode {
        let own = || ErrorCode { code: reason.word().to_owned(), text: reason.word().replace('_', " ") };
        self.errors.get(&reason).cloned().unwrap_or_else(own)
    }

    /// Every deadline.
    pub fn list_deadlines(&self) -> &[Deadline] {
        &self.deadlines
    }

    /// A message and the code that it has here, for people.
    pub fn title_of(&self, kind: MessageKind) -> String {
        match self.code_of(kind) {
            Some(code) => format!("{} ({code})", kind.title()),
            None => kind.title().to_owned(),
        }
    }

    /// States that can follow a state, itself included.
    fn reachable(&self, from: StateKind) -> BTreeSet<StateKind> {
        let mut seen = BTreeSet::from([from]);
        let mut open = vec![from];
        while let Some(state) = open.pop() {
            for rule in self.rules.values().filter(|rule| rule.from == state) {
                if seen.insert(rule.to) {
                    open.push(rule.to);
                }
            }
        }
        seen
    }

    fn finish(&mut self, findings: &mut Vec<Finding>) {
        // Sets share rows; a set that does not use a state has no use for what happens in it.
        let reached = self.reachable(StateKind::Planned);
        self.rules.retain(|(from, _), _| reached.contains(from));
        for from in StateKind::ALL {
            let states = self.reachable(*from);
            let kinds = self.rules.keys().filter(|(state, _)| states.contains(state)).map(|(_, kind)| *kind);
            self.later.insert(*from, kinds.collect());
        }
        self.check(findings);
    }

    /// The machine is sound: it begins, every state that it uses can be left unless it is an end, nothing leaves an end,
    /// every message is used, and no state that has a number is entered without one.
    fn check(&self, findings: &mut Vec<Finding>) {
        let set = &self.name;
        let mut fault = |text: String| {
            findings.push(
                Finding::error("customs.machine", text)
                    .at("transitions.csv")
                    .remedy("correct transitions.csv or messages.csv"),
            );
        };
        if !self.rules.contains_key(&(StateKind::Planned, MessageKind::Declaration)) {
            fault(format!("set {set} has no rule that begins a movement"));
        }
        let reached = self.reachable(StateKind::Planned);
        for rule in self.rules.values() {
            if rule.from.is_end() && rule.to != rule.from {
                fault(format!("set {set}: rule {} leaves the end {}", rule.id, rule.from));
            }
            let numbered = !matches!(rule.to, StateKind::Planned | StateKind::Declared | StateKind::Refused);
            let bare = matches!(rule.from, StateKind::Planned | StateKind::Declared);
            if bare && numbered && rule.message != MessageKind::MrnAllocated {
                fault(format!("set {set}: rule {} enters {} without a number", rule.id, rule.to));
            }
            if !self.messages.contains_key(&rule.message) {
                fault(format!(
                    "set {set}: rule {} uses {}, which the set lacks",
                    rule.id,
                    rule.message.word()
                ));
            }
        }
        for state in reached.iter().filter(|state| !state.is_end()) {
            if !self.reachable(*state).iter().any(|later| later.is_end()) {
                fault(format!("set {set}: nothing leads from {state} to an end"));
            }
        }
        for kind in self.messages.keys() {
            if !self.rules.keys().any(|(_, used)| used == kind) {
                fault(format!("set {set}: message {} is used by no rule", kind.word()));
            }
        }
    }
}

/// Reads every message set.
pub(crate) fn read_sets(
    read: &impl Fn(&str) -> Option<String>,
    findings: &mut Vec<Finding>,
) -> BTreeMap<String, MessageSet> {
    let mut sets: BTreeMap<String, MessageSet> = BTreeMap::new();
    for (name, row) in Table::open("messages.csv", read, findings).read(read_message) {
        let set = sets.entry(name.clone()).or_insert_with(|| MessageSet { name, ..MessageSet::default() });
        set.messages.insert(row.kind, row);
    }
    let mut lines = Vec::new();
    for (names, rules) in Table::open("transitions.csv", read, findings).read(read_rule) {
        for set in sets.values_mut().filter(|set| names.contains(&set.name)) {
            for rule in &rules {
                set.rules.insert((rule.from, rule.message), rule.clone());
            }
        }
        lines.extend(rules);
    }
    for (name, reason, code) in Table::open("errors.csv", read, findings).read(read_error) {
        if let Some(set) = sets.get_mut(&name) {
            set.errors.insert(reason, code);
        }
    }
    for (names, deadline) in Table::open("deadlines.csv", read, findings).read(read_deadline) {
        for set in sets.values_mut().filter(|set| names.contains(&set.name)) {
            set.deadlines.push(deadline.clone());
        }
    }
    for set in sets.values_mut() {
        set.finish(findings);
    }
    for line in lines {
        if !sets
            .values()
            .any(|set| set.find_rule(line.from, line.message).is_some_and(|rule| rule.id == line.id))
        {
            let text = format!("rule {} never applies: no set that it is for reaches {}", line.id, line.from);
            findings.push(
                Finding::error("customs.machine", text).at("transitions.csv").remedy("correct the row"),
            );
        }
    }
    sets
}

fn kinds() -> Vec<(&'static str, MessageKind)> {
    MessageKind::ALL.iter().map(|kind| (kind.word(), *kind)).collect()
}

fn read_message(row: &mut Row<'_>) -> Option<(String, MessageRow)> {
    let (set, kind) = (row.full("set"), row.word("message", &kinds()));
    let (code, variants) = (row.text("code")?, row.list::<String>("variant"));
    let (sender, provenance) = (row.word("sender", &SenderRole::WORDS), row.provenance());
    let code = Some(code).filter(|code| !code.is_empty());
    let row = MessageRow { kind: kind?, code, variants: variants?, sender: sender?, provenance: provenance? };
    Some((set?, row))
}

/// Sets, and the lines of one row: one per state before.
fn read_rule(row: &mut Row<'_>) -> Option<(Vec<String>, Vec<TransitionRule>)> {
    let (sets, message) = (row.list::<String>("sets")?, row.word("message", &kinds())?);
    let from = row.text("from")?;
    let from = match from.as_str() {
        "*" => StateKind::ALL.to_vec(),
        _ => row.states("from")?,
    };
    let to = match row.text("to")?.as_str() {
        "=" => None,
        _ => Some(*row.states("to")?.first()?),
    };
    let needs = row.text("needs")?;
    let needs = match needs.as_str() {
        "" => None,
        word => {
            let if_prelodged = word.ends_with('?');
            let word = word.trim_end_matches('?');
            let Some(kind) = MessageKind::find(word) else {
                row.fault("needs", format!("`{word}` is no message"));
                return None;
            };
            Some(Need { kind, if_prelodged })
        }
    };
    let (id, text, provenance) = (row.full("rule")?, row.full("text")?, row.provenance()?);
    let rule = |from: StateKind| TransitionRule {
        from,
        message,
        to: to.unwrap_or(from),
        needs,
        id: id.clone(),
        text: text.clone(),
        provenance: provenance.clone(),
    };
    Some((sets, from.into_iter().map(rule).collect()))
}

fn read_error(row: &mut Row<'_>) -> Option<(String, RefusalReason, ErrorCode)> {
    let words: Vec<_> = RefusalReason::ALL.iter().map(|reason| (reason.word(), *reason)).collect();
    let (set, reason) = (row.full("set"), row.word("reason", &words));
    let (code, text) = (row.full("code"), row.full("text"));
    row.provenance()?;
    Some((set?, reason?, ErrorCode { code: code?, text: text? }))
}
