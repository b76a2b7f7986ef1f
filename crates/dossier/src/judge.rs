//! Whether an entry counts: is everything here that it builds on, did its author sign it with a key in force, and may the
//! author say this?

use crate::authority::{AuthorityTable, ScopeContext};
use crate::entry::Entry;
use crate::facts::{Fact, FactError, read_participants};
use crate::graph::{Bits, Graph, Mark, Pasts};
use crate::key_book::{KeyBook, KeyStanding};
use crate::limits::{MOST_MARKS, MOST_PARTICIPANTS, MOST_REVOCATIONS};
use crate::participants::{KeyRevoked, Participant};
use kervan_model::{EntryId, EntryKind, Finding, PartyId, Reference};
use std::rc::Rc;

/// What every entry's author knew, and which entry bears which mark.
pub(crate) struct Knowledge {
    pub(crate) pasts: Vec<Rc<Bits>>,
    pub(crate) marks: Vec<Option<Mark>>,
    marked: Vec<EntryId>,
}

impl Knowledge {
    pub(crate) fn new(graph: &Graph<'_>) -> Self {
        let mut pasts = Pasts::default();
        let mut knowledge = Self { pasts: Vec::new(), marks: Vec::new(), marked: Vec::new() };
        for (position, entry) in graph.entries.iter().enumerate() {
            let past = pasts.past_of(graph.parents.get(position).map_or(&[], Vec::as_slice));
            let complete = graph.complete.get(position).copied().unwrap_or(false);
            let mark = if complete && is_marked(entry) { pasts.find_mark(MOST_MARKS) } else { None };
            if mark.is_some() {
                knowledge.marked.push(entry.id().clone());
            }
            knowledge.pasts.push(Rc::clone(&past));
            knowledge.marks.push(mark);
            pasts.push(past, mark);
        }
        knowledge
    }

    fn name(&self, mark: Mark) -> &str {
        self.marked.get(mark).map_or("", |id| short(id))
    }
}

/// Whether later entries are judged by this one.
fn is_marked(entry: &Entry) -> bool {
    entry.kind().is_some_and(|kind| match kind {
        EntryKind::ConsignmentDeclared
        | EntryKind::ParticipantsAdmitted
        | EntryKind::KeyRotated
        | EntryKind::KeyRevoked
        | EntryKind::ConsignmentAmended => true,
        EntryKind::ItineraryAccepted
        | EntryKind::DocumentAttached
        | EntryKind::DocumentIssued
        | EntryKind::TransitDeclared
        | EntryKind::TransitDecided
        | EntryKind::EventReported
        | EntryKind::ConsignmentDelivered => false,
    })
}

/// The first 12 digits of an id, for people.
pub(crate) fn short(id: &EntryId) -> &str {
    id.as_str().get(..12).unwrap_or_default()
}

/// A revocation in force: the key counts only for what the revocation's author knew.
struct Revocation {
    fact: KeyRevoked,
    position: usize,
    known: Bits,
}

/// Judges the entries of a graph one by one, in causal order.
pub(crate) struct Judge<'a> {
    graph: &'a Graph<'a>,
    table: &'a AuthorityTable,
    knowledge: &'a Knowledge,
    revocations: Vec<Revocation>,
    book: KeyBook,
    declarant: Option<PartyId>,
    reference: Option<Reference>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(graph: &'a Graph<'a>, table: &'a AuthorityTable, knowledge: &'a Knowledge) -> Self {
        let revocations = find_revocations(graph, table, knowledge);
        Self::without_history(graph, table, knowledge, revocations)
    }

    fn without_history(
        graph: &'a Graph<'a>,
        table: &'a AuthorityTable,
        knowledge: &'a Knowledge,
        revocations: Vec<Revocation>,
    ) -> Self {
        let book = KeyBook::default();
        Self { graph, table, knowledge, revocations, book, declarant: None, reference: None }
    }

    /// Judges the next entry and remembers what it says about participants and keys.
    ///
    /// Gives remarks if it counts. Errors: why it does not; paths are JSON pointers into the entry.
    pub(crate) fn judge(&mut self, position: usize, entry: &Entry) -> Result<Vec<Finding>, Finding> {
        let outcome = self.judge_and_remember(position, entry);
        if outcome.is_err() && entry.header().is_first() {
            // A first entry that does not count admits nobody.
            self.book = KeyBook::default();
            self.declarant = None;
        }
        outcome
    }

    fn judge_and_remember(&mut self, position: usize, entry: &Entry) -> Result<Vec<Finding>, Finding> {
        if !self.graph.complete.get(position).copied().unwrap_or(false) {
            return Err(self.missing_parent(position));
        }
        let Some(kind) = entry.kind() else {
            let message = format!("this version does not know entries of kind `{}`", entry.header().kind);
            return Err(Finding::warning("dossier.unknown-kind", message)
                .at("/header/kind")
                .remedy("a newer version may know it"));
        };
        let mark = self.knowledge.marks.get(position).copied().flatten();
        if mark.is_none() && is_marked(entry) {
            let message = format!("there are more than {MOST_MARKS} amendments and facts about keys");
            return Err(Finding::warning("dossier.too-many-marks", message));
        }
        let mut past = self.knowledge.pasts.get(position).cloned().unwrap_or_default();
        if entry.header().is_first() {
            // Only the first entry speaks for itself: it names its own author's key.
            let mark = mark.unwrap_or_default();
            Rc::make_mut(&mut past).insert(mark);
            self.admit(entry, mark, &past)?;
            self.declarant = Some(entry.header().author.party.clone());
        }
        self.check_key(position, entry, &past)?;
        let fact = match entry.fact() {
            Ok(fact) => Some(fact),
            Err(FactError::Withheld(group)) if is_control(kind) => return Err(control_withheld(group)),
            Err(FactError::Withheld(_)) => None,
            Err(error) => {
                let finding = Finding::warning("dossier.malformed-fact", error.to_string());
                return Err(finding.at("/body").remedy("the author must state the fact again"));
            }
        };
        self.check_authority(kind, entry, fact, &past)?;
        match (fact, mark) {
            (Some(fact), Some(mark)) => self.remember(entry, fact, mark, &past),
            _ => Ok(Vec::new()),
        }
    }

    fn missing_parent(&self, position: usize) -> Finding {
        let missing: Vec<&str> =
            self.graph.missing.get(position).into_iter().flatten().map(|id| short(id)).collect();
        let message = if missing.is_empty() {
            "an entry that this one builds on lacks a parent".to_owned()
        } else {
            format!("the entry builds on {}, which is not here", missing.join(" and "))
        };
        Finding::error("dossier.missing-parent", message)
            .at("/header/parents")
            .remedy("ask the party that sent the dossier for the missing entries")
    }

    fn check_key(&self, position: usize, entry: &Entry, past: &Bits) -> Result<(), Finding> {
        let author = &entry.header().author;
        let did = entry.header().proof.verification_method.did();
        let at = |finding: Finding| finding.at("/header/proof/verificationMethod");
        match self.book.standing(&author.party, did, past) {
            KeyStanding::InForce => {}
            KeyStanding::NotAdmitted => {
                let message =
                    format!("{} does not take part in this dossier, as far as the author knew", author.party);
                return Err(at(Finding::error("dossier.not-a-participant", message)));
            }
            KeyStanding::NotTheirs => {
                let message =
                    format!("the entry says it is by {}, but its key is not that party's", author.party);
                return Err(at(Finding::error("dossier.wrong-author", message)));
            }
            KeyStanding::Ended(mark) => {
                let message = format!(
                    "the key of {} ended with entry {}, which the author knew",
                    author.party,
                    self.knowledge.name(mark)
                );
                return Err(at(Finding::error("dossier.late-key", message)));
            }
        }
        let revocation_itself = entry.kind() == Some(EntryKind::KeyRevoked);
        let killed = self.revocations.iter().find(|revocation| {
            revocation.fact.party == author.party
                && revocation.fact.key == *did
                && revocation.position != position
                && !revocation_itself
                && !revocation.known.contains(position)
        });
        match killed {
            None => Ok(()),
            Some(revocation) => {
                let message = format!(
                    "the key of {} was revoked ({}) by an entry that does not come after this one",
                    author.party, revocation.fact.reason
                );
                Err(at(Finding::warning("dossier.late-key", message))
                    .remedy("the party must state the fact again with its new key"))
            }
        }
    }

    fn check_authority(
        &self,
        kind: EntryKind,
        entry: &Entry,
        fact: Option<&Fact>,
        past: &Bits,
    ) -> Result<(), Finding> {
        let author = &entry.header().author;
        let at = |finding: Finding| finding.at("/header/author");
        if !self.book.grants(author, past) {
            let message = format!("{} was not admitted as {author}", author.party);
            return Err(at(Finding::warning("dossier.role-not-granted", message)
                .remedy("the forwarder can admit the party in this role")));
        }
        let Some(declarant) = &self.declarant else {
            return Err(Finding::error("dossier.missing-parent", "the first entry is not here"));
        };
        let context = ScopeContext { declarant, reference: self.reference.as_ref() };
        self.table.judge(kind, author, fact, context).map_err(at)
    }

    /// Remembers what an entry in force says about participants, keys and the consignment's reference.
    fn remember(
        &mut self,
        entry: &Entry,
        fact: &Fact,
        mark: Mark,
        past: &Bits,
    ) -> Result<Vec<Finding>, Finding> {
        match fact {
            Fact::ConsignmentDeclared { consignment, .. } => {
                self.reference = Some(consignment.reference.clone());
                Ok(Vec::new())
            }
            Fact::ParticipantsAdmitted { .. } => self.admit(entry, mark, past),
            Fact::KeyRotated(fact) => self.book.rotate(fact, mark, past).map(|()| Vec::new()),
            Fact::KeyRevoked(fact) => self.book.revoke(fact, mark, past).map(|()| Vec::new()),
            _ => Ok(Vec::new()),
        }
    }

    /// Admits the participants that an entry names; those that cannot be are remarked on.
    fn admit(&mut self, entry: &Entry, mark: Mark, past: &Bits) -> Result<Vec<Finding>, Finding> {
        let participants = read_participants(entry.body()).map_err(|error| match error {
            FactError::Withheld(group) => control_withheld(group),
            _ => Finding::error("dossier.malformed-fact", error.to_string()).at("/body/participants"),
        })?;
        if participants.len() > MOST_PARTICIPANTS {
            let message = format!("{} participants are more than {MOST_PARTICIPANTS}", participants.len());
            return Err(Finding::warning("dossier.malformed-fact", message).at("/body/participants"));
        }
        let mut remarks = Vec::new();
        for (index, participant) in participants.iter().enumerate() {
            if let Err(finding) = self.book.admit(participant, mark, past) {
                remarks.push(finding.at(format!("/body/participants/content/{index}")));
            }
        }
        Ok(remarks)
    }

    /// Whether a participant of an entry in force was admitted with the key that the entry gives it.
    pub(crate) fn knows(&self, participant: &Participant, position: usize) -> bool {
        let mark = self.knowledge.marks.get(position).copied().flatten().unwrap_or_default();
        let mut past = self.knowledge.pasts.get(position).cloned().unwrap_or_default();
        Rc::make_mut(&mut past).insert(mark);
        self.book.standing(&participant.party, &participant.did, &past) == KeyStanding::InForce
    }
}

fn is_control(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::ParticipantsAdmitted | EntryKind::KeyRotated | EntryKind::KeyRevoked)
}

fn control_withheld(group: &str) -> Finding {
    let message = format!("group `{group}` is not in this copy, and without it no signature can be judged");
    Finding::error("dossier.control-withheld", message)
        .at("/body")
        .remedy("ask for a copy that discloses who takes part and with which keys")
}

/// The revocations that count. They are judged by their own past only, so that none depends on another.
fn find_revocations(graph: &Graph<'_>, table: &AuthorityTable, knowledge: &Knowledge) -> Vec<Revocation> {
    let mut found = Vec::new();
    if !graph.entries.iter().any(|entry| entry.kind() == Some(EntryKind::KeyRevoked)) {
        return found;
    }
    let mut judge = Judge::without_history(graph, table, knowledge, Vec::new());
    for (position, entry) in graph.entries.iter().enumerate() {
        let about_keys = entry.header().is_first() || entry.kind().is_some_and(is_control);
        if !about_keys || judge.judge(position, entry).is_err() {
            continue;
        }
        if let Ok(Fact::KeyRevoked(fact)) = entry.fact()
            && found.len() < MOST_REVOCATIONS
        {
            found.push(Revocation { fact: fact.clone(), position, known: graph.ancestors(position) });
        }
    }
    found
}
