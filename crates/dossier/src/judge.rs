//! Whether an entry counts: is everything here that it builds on, did its author sign it with a key in force, and may the
//! author say this?

use crate::authority::{AuthorityTable, ScopeContext};
use crate::did::Did;
use crate::entry::Entry;
use crate::facts::{Fact, FactError, read_participants};
use crate::graph::{Bits, Graph, Mark, Pasts};
use crate::key_book::{KeyBook, KeyStanding};
use crate::limits::{
    MOST_MARKS, MOST_MARKS_OF_DECLARANT, MOST_MARKS_OF_PARTY, MOST_PARTICIPANTS, MOST_REVOCATIONS,
};
use crate::participants::{KeyRevoked, Participant};
use kervan_model::{EntryId, EntryKind, Finding, PartyId, Reference};
use std::collections::{BTreeMap, BTreeSet};
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
        let declarant = graph.entries.iter().find(|entry| entry.header().is_first());
        let declarant = declarant.map(|entry| &entry.header().author.party);
        let mut counts: BTreeMap<&PartyId, usize> = BTreeMap::new();
        for (position, entry) in graph.entries.iter().enumerate() {
            let past = pasts.past_of(graph.parents.get(position).map_or(&[], Vec::as_slice));
            let complete = graph.complete.get(position).copied().unwrap_or(false);
            let mut mark = None;
            if complete && is_marked(entry) {
                let author = &entry.header().author.party;
                let most =
                    if Some(author) == declarant { MOST_MARKS_OF_DECLARANT } else { MOST_MARKS_OF_PARTY };
                let count = counts.entry(author).or_default();
                if *count < most {
                    *count += 1;
                    mark = pasts.find_mark(MOST_MARKS);
                }
            }
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
        | EntryKind::ConsignmentAmended
        | EntryKind::ParticipantsWithdrawn
        | EntryKind::BillIssued
        | EntryKind::BillTransferred
        | EntryKind::BillSurrendered
        | EntryKind::BillResolved
        | EntryKind::CarriageAccepted
        | EntryKind::AmendmentAnswered => true,
        EntryKind::ItineraryAccepted
        | EntryKind::DocumentAttached
        | EntryKind::DocumentIssued
        | EntryKind::TransitDeclared
        | EntryKind::TransitDecided
        | EntryKind::EventReported
        | EntryKind::DocumentCancelled
        | EntryKind::ConsignmentSplit
        | EntryKind::ConsignmentGrouped
        | EntryKind::ConsignmentDelivered => false,
    })
}

/// The code of entries that wait for one that is not here; they are reported once for all.
pub(crate) const MISSING_PARENT: &str = "dossier.missing-parent";

/// The code of entries after a first one that does not count; they are reported with it.
pub(crate) const UNFOUNDED: &str = "dossier.unfounded";

/// The first 12 digits of an id, for people.
pub(crate) fn short(id: &EntryId) -> &str {
    id.as_str().get(..12).unwrap_or_default()
}

/// A revocation in force: the key counts only for what the revocation's author knew.
#[derive(Clone)]
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
    forked: BTreeMap<Did, EntryId>,
    book: KeyBook,
    declarant: Option<PartyId>,
    reference: Option<Reference>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(graph: &'a Graph<'a>, table: &'a AuthorityTable, knowledge: &'a Knowledge) -> Self {
        let revocations = find_revocations(graph, table, knowledge);
        let forked = find_forked_keys(graph, table, knowledge, &revocations);
        let mut judge = Self::without_history(graph, table, knowledge, revocations);
        judge.book = KeyBook::doubting(forked.keys().cloned().collect());
        judge.forked = forked;
        judge
    }

    fn without_history(
        graph: &'a Graph<'a>,
        table: &'a AuthorityTable,
        knowledge: &'a Knowledge,
        revocations: Vec<Revocation>,
    ) -> Self {
        Self {
            graph,
            table,
            knowledge,
            revocations,
            forked: BTreeMap::new(),
            book: KeyBook::default(),
            declarant: None,
            reference: None,
        }
    }

    /// Judges the next entry and remembers what it says about participants and keys.
    ///
    /// Gives remarks if it counts. Errors: why it does not; paths are JSON pointers into the entry.
    pub(crate) fn judge(&mut self, position: usize, entry: &Entry) -> Result<Vec<Finding>, Finding> {
        let outcome = self.judge_and_remember(position, entry);
        if outcome.is_err() && entry.header().is_first() {
            // A first entry that does not count admits nobody.
            self.book = KeyBook::doubting(self.book.take_doubts());
            self.declarant = None;
        }
        outcome
    }

    fn judge_and_remember(&mut self, position: usize, entry: &Entry) -> Result<Vec<Finding>, Finding> {
        if !self.graph.complete.get(position).copied().unwrap_or(false) {
            return Err(self.missing_parent(position));
        }
        if self.declarant.is_none() && !entry.header().is_first() {
            let message = "the entry that declares the consignment does not count, so neither does this one";
            return Err(Finding::error(UNFOUNDED, message).at("/header/dossier"));
        }
        let Some(kind) = entry.kind() else {
            let message = format!("this version does not know entries of kind `{}`", entry.header().kind);
            return Err(Finding::warning("dossier.unknown-kind", message)
                .at("/header/kind")
                .remedy("a newer version may know it"));
        };
        let mark = self.knowledge.marks.get(position).copied().flatten();
        if mark.is_none() && is_marked(entry) {
            let message = format!(
                "{} states more amendments and facts about keys than it may",
                entry.header().author.party
            );
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
        Finding::error(MISSING_PARENT, message)
            .at("/header/parents")
            .remedy("ask the party that sent the dossier for the missing entries")
    }

    fn check_key(&self, position: usize, entry: &Entry, past: &Bits) -> Result<(), Finding> {
        let author = &entry.header().author;
        let did = entry.header().proof.verification_method.did();
        let at = |finding: Finding| finding.at("/header/proof/verificationMethod");
        if let Some(rotation) = self.forked.get(did) {
            let message = format!(
                "one key of {} has two successors, by entries that did not know of each other; this is that of entry {}",
                author.party,
                short(rotation)
            );
            return Err(at(Finding::error("dossier.key-fork", message).remedy(
                "ask the party which key is its own; the forwarder can admit it again with a fresh key",
            )));
        }
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
        if let Some(mark) = self.book.find_withdrawal(&author.party, past) {
            let entry = self.knowledge.name(mark);
            let message = format!("{} takes part no longer since entry {entry}, which it knew", author.party);
            let finding = Finding::warning("dossier.withdrawn", message).at("/header/author");
            return Err(finding.remedy("the forwarder can admit it again"));
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
            Fact::ParticipantsWithdrawn(fact) => {
                self.book.withdraw(&fact.parties, self.declarant.as_ref(), mark).map(|()| Vec::new())
            }
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

    /// The keys in force for somebody who knows every entry that counts, and whose they are.
    pub(crate) fn list_keys(&self) -> BTreeMap<Did, PartyId> {
        let revoked = |party: &PartyId, did: &Did| {
            self.revocations
                .iter()
                .any(|revocation| revocation.fact.party == *party && revocation.fact.key == *did)
        };
        let mut keys = self.book.list_keys();
        keys.retain(|did, party| !self.forked.contains_key(did) && !revoked(party, did));
        keys
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
    matches!(
        kind,
        EntryKind::ParticipantsAdmitted
            | EntryKind::ParticipantsWithdrawn
            | EntryKind::KeyRotated
            | EntryKind::KeyRevoked
    )
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

/// The keys that took the place of one and the same key without knowing of each other, with the entries that say so. Whoever
/// stole a key can do that at any time, so neither of the new keys is believed.
fn find_forked_keys(
    graph: &Graph<'_>,
    table: &AuthorityTable,
    knowledge: &Knowledge,
    revocations: &[Revocation],
) -> BTreeMap<Did, EntryId> {
    let mut forked = BTreeMap::new();
    if !graph.entries.iter().any(|entry| entry.kind() == Some(EntryKind::KeyRotated)) {
        return forked;
    }
    let mut judge = Judge::without_history(graph, table, knowledge, revocations.to_vec());
    let mut successors: BTreeMap<(PartyId, Did), Vec<(Did, EntryId)>> = BTreeMap::new();
    for (position, entry) in graph.entries.iter().enumerate() {
        let about_keys = entry.header().is_first() || entry.kind().is_some_and(is_control);
        if !about_keys || judge.judge(position, entry).is_err() {
            continue;
        }
        if let Ok(Fact::KeyRotated(fact)) = entry.fact() {
            let of = successors.entry((fact.party.clone(), fact.from.clone())).or_default();
            of.push((fact.to.clone(), entry.id().clone()));
        }
    }
    for rotations in successors.into_values() {
        let keys: BTreeSet<&Did> = rotations.iter().map(|(did, _)| did).collect();
        if keys.len() > 1 {
            forked.extend(rotations);
        }
    }
    forked
}
