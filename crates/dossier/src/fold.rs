//! The fold: from a set of entries to what they say together.

use crate::amendments::{Amendments, Made};
use crate::authority::AuthorityTable;
use crate::bills::{Actor, Bills};
use crate::conduct::Conduct;
use crate::consent::{Consent, Consents};
use crate::consent_facts::CarriageAccepted;
use crate::document_facts::{DocumentIssued, DocumentStanding};
use crate::dossier::Dossier;
use crate::entry::Entry;
use crate::facts::{Change, Fact};
use crate::graph::Graph;
use crate::judge::{Judge, Knowledge, MISSING_PARENT, UNFOUNDED, short};
use crate::limits::MOST_FINDINGS;
use crate::movement_facts::{TransitDecided, TransitDeclared};
use crate::participants::Participant;
use crate::reissue::{cancel, check_group, check_split, issue};
use crate::state::{
    Amendment, DossierState, Missing, MovementState, Proposal, ProposalStanding, STATE_DECLARED, Standing,
    Stated,
};
use kervan_model::{EntryId, Finding};
use std::collections::{BTreeMap, BTreeSet};

/// Folds a dossier: judges each entry in causal order and puts together what those that count say.
///
/// The same set of entries gives the same state and the same findings, in whatever order they arrived. Entries whose body
/// this copy withholds keep their standing; what they say is missing from the state, and a finding says so.
pub fn fold(dossier: &Dossier, table: &AuthorityTable) -> DossierState {
    fold_graph(dossier, &dossier.graph(), table, None)
}

/// As [`fold`], of a dossier with this graph, where `places` says at which index of a file each entry stands.
pub(crate) fn fold_graph(
    dossier: &Dossier,
    graph: &Graph<'_>,
    table: &AuthorityTable,
    places: Option<&BTreeMap<EntryId, usize>>,
) -> DossierState {
    let knowledge = Knowledge::new(graph);
    let mut judge = Judge::new(graph, table, &knowledge);
    // Whether an amendment takes effect depends on answers that come after it, so all are judged before any is applied.
    let judged: Vec<_> =
        graph.entries.iter().enumerate().map(|(position, entry)| judge.judge(position, entry)).collect();
    let counts: Vec<bool> = judged.iter().map(Result::is_ok).collect();
    let mut folding = Folding {
        state: DossierState::new(dossier.id().clone()),
        graph,
        knowledge: &knowledge,
        amendments: None,
        events: BTreeSet::new(),
        unreported: 0,
        unfounded: 0,
        places,
        bills: Bills::default(),
        consents: Consents::gather(graph, &knowledge, table, &counts),
    };
    let mut conduct = Conduct::new(graph);
    for ((position, entry), judged) in graph.entries.iter().enumerate().zip(judged) {
        let outcome = judged.and_then(|mut remarks| {
            if let Some(refused) = folding.consents.find_refused(position) {
                return Err(refused.clone());
            }
            if let Ok(fact) = entry.fact() {
                let known = |participant: &Participant| judge.knows(participant, position);
                remarks.extend(folding.apply(position, entry, fact, &known)?);
            } else {
                remarks.push(withheld(entry));
            }
            Ok(remarks)
        });
        folding.record(position, entry, outcome);
        for remark in conduct.watch(graph, position) {
            folding.report(locate(remark, folding.place(position)));
        }
    }
    folding.state.keys = judge.list_keys();
    folding.finish()
}

struct Folding<'a> {
    state: DossierState,
    graph: &'a Graph<'a>,
    knowledge: &'a Knowledge,
    amendments: Option<Amendments>,
    events: BTreeSet<&'a str>,
    unreported: usize,
    unfounded: usize,
    places: Option<&'a BTreeMap<EntryId, usize>>,
    bills: Bills,
    consents: Consents,
}

impl<'a> Folding<'a> {
    fn record(&mut self, position: usize, entry: &Entry, outcome: Result<Vec<Finding>, Finding>) {
        let standing = match outcome {
            Ok(remarks) => {
                for remark in remarks {
                    self.report(locate(remark, self.place(position)));
                }
                self.find_proposed(entry.id())
            }
            Err(why) => {
                let why = locate(why, self.place(position));
                match why.code.as_str() {
                    // Consequences of one cause are reported once, with the cause.
                    MISSING_PARENT => {}
                    UNFOUNDED => self.unfounded += 1,
                    _ => self.report(why.clone()),
                }
                Standing::Ignored { why }
            }
        };
        self.state.standing.insert(entry.id().clone(), standing);
    }

    /// The standing of an entry that is not ignored.
    fn find_proposed(&self, entry: &EntryId) -> Standing {
        let last = self.state.proposals.last().filter(|stated| stated.entry == *entry);
        match last.map(|stated| &stated.fact.standing) {
            Some(ProposalStanding::Pending { waits_for }) => {
                Standing::Proposed { waits_for: waits_for.clone() }
            }
            Some(ProposalStanding::Agreed | ProposalStanding::Refused { .. }) | None => Standing::InForce,
        }
    }

    fn report(&mut self, finding: Finding) {
        if self.state.findings.len() < MOST_FINDINGS {
            self.state.findings.push(finding);
        } else {
            self.unreported += 1;
        }
    }

    /// Where an entry stands in the file.
    fn place(&self, position: usize) -> usize {
        let find = |places: &BTreeMap<EntryId, usize>| {
            self.graph.entries.get(position).and_then(|entry| places.get(entry.id()).copied())
        };
        self.places.and_then(find).unwrap_or(position)
    }

    /// Reports each entry that is not here, once for all entries that wait for it.
    fn report_missing(&mut self) {
        let mut missing: Vec<Missing> = Vec::new();
        let mut number_of: BTreeMap<&EntryId, usize> = BTreeMap::new();
        let mut waits_for: Vec<Option<usize>> = Vec::with_capacity(self.graph.entries.len());
        for (position, own) in self.graph.missing.iter().enumerate() {
            let parents = self.graph.parents.get(position).into_iter().flatten();
            let mut waits = parents.filter_map(|parent| waits_for.get(*parent).copied().flatten()).min();
            for id in own {
                let number = *number_of.entry(*id).or_insert_with(|| {
                    missing.push(Missing { id: (*id).clone(), first: position, waiting: 0 });
                    missing.len() - 1
                });
                waits = Some(waits.map_or(number, |waits| waits.min(number)));
            }
            if let Some(missing) = waits.and_then(|number| missing.get_mut(number)) {
                missing.waiting += 1;
            }
            waits_for.push(waits);
        }
        for Missing { id, first, waiting } in &missing {
            let entry = self.graph.entries.get(*first).map_or("", |entry| short(entry.id()));
            let message = match waiting.saturating_sub(1) {
                0 => format!("entry {entry} builds on {id}, which is not here; it waits"),
                1 => {
                    format!("entry {entry} builds on {id}, which is not here; it and one entry after it wait")
                }
                more => format!(
                    "entry {entry} builds on {id}, which is not here; it and {more} entries after it wait"
                ),
            };
            let finding = Finding::error(MISSING_PARENT, message)
                .at("/header/parents")
                .remedy("ask the party that sent the dossier for the missing entry");
            self.report(locate(finding, self.place(*first)));
        }
        self.state.missing = missing;
    }

    fn finish(mut self) -> DossierState {
        self.report_missing();
        if let Some(first) = self.state.findings.first_mut().filter(|_| self.unfounded > 0) {
            first.message.push_str(&format!("; {}", count_behind(self.unfounded)));
        }
        self.state.bills = self.bills.list();
        let heads = self.graph.list_heads();
        if heads.len() > 1 {
            let names: Vec<_> = heads.iter().map(short).collect();
            let message = format!("the dossier has {} heads: {}", heads.len(), names.join(", "));
            self.report(
                Finding::info("dossier.fork", message).at("/heads").remedy("the next entry joins them"),
            );
        }
        self.state.heads = heads;
        if self.unreported > 0 {
            let message = format!("{} more findings are not listed", self.unreported);
            self.state.findings.push(Finding::warning("dossier.more-findings", message));
        }
        self.state
    }

    /// Adds what an entry says. Errors: why it does not count after all.
    fn apply(
        &mut self,
        position: usize,
        entry: &'a Entry,
        fact: &'a Fact,
        known: &dyn Fn(&Participant) -> bool,
    ) -> Result<Vec<Finding>, Finding> {
        match fact {
            Fact::ConsignmentDeclared { consignment, participants } => {
                let withheld = |group: &str| {
                    entry.header().groups.contains_key(group) && !entry.body().contains_key(group)
                };
                let bytes = entry.body().get("consignment").map_or(0, |group| group.text().len());
                self.amendments = Some(Amendments::new(consignment, bytes, withheld));
                self.state.consignment = Some(consignment.clone());
                self.state.declared_by = Some(entry.header().author.clone());
                self.add_participants(entry, participants, known);
                return Ok(consignment.check().into_iter().map(as_remark).collect());
            }
            Fact::ParticipantsAdmitted { participants } => self.add_participants(entry, participants, known),
            Fact::KeyRotated(_) | Fact::KeyRevoked(_) => {}
            Fact::ConsignmentAmended { reason, changes } => {
                return self.amend(position, entry, (reason, changes));
            }
            Fact::ItineraryAccepted { itinerary } => {
                self.state.itinerary = Some(stated(entry, itinerary.clone()));
            }
            Fact::DocumentAttached(document) => self.state.attachments.push(stated(entry, document.clone())),
            Fact::DocumentIssued(document) => return self.issue(position, entry, document),
            Fact::DocumentCancelled(fact) => cancel(&mut self.state, entry.id(), fact)?,
            Fact::ParticipantsWithdrawn(_) => {}
            Fact::BillIssued(_)
            | Fact::BillTransferred(_)
            | Fact::BillSurrendered(_)
            | Fact::BillResolved(_) => {
                return self.act_on_bill(position, entry, fact);
            }
            Fact::ConsignmentSplit(fact) => {
                check_split(self.state.consignment.as_ref(), fact)?;
                self.state.splits.push(stated(entry, fact.clone()));
            }
            Fact::ConsignmentGrouped(fact) => {
                check_group(fact)?;
                self.state.groups.push(stated(entry, fact.clone()));
            }
            Fact::CarriageAccepted(fact) => return Ok(self.accept_carriage(entry, fact)),
            // What an answer does stands where the amendment is applied.
            Fact::AmendmentAnswered(_) => {}
            Fact::TransitDeclared(fact) => self.declare_transit(entry, fact)?,
            Fact::TransitDecided(fact) => self.decide_transit(entry, fact)?,
            Fact::EventReported(fact) => {
                if !self.events.insert(fact.event_hash.as_str()) {
                    return Err(duplicate(format!("event {} is reported already", fact.event_hash)));
                }
                self.state.events.push(stated(entry, fact.clone()));
            }
            Fact::ConsignmentDelivered(fact) => {
                let past = self.knowledge.pasts.get(position).cloned().unwrap_or_default();
                self.bills.check_delivery(&past)?;
                if self.state.delivery.is_some() {
                    return Err(duplicate("the delivery is reported already".to_owned()));
                }
                self.state.delivery = Some(stated(entry, fact.clone()));
            }
        }
        Ok(Vec::new())
    }

    fn issue(
        &mut self,
        position: usize,
        entry: &Entry,
        document: &DocumentIssued,
    ) -> Result<Vec<Finding>, Finding> {
        let graph = self.graph;
        let knew = |other: &EntryId| {
            let at = graph.entries.iter().position(|entry| entry.id() == other);
            at.is_some_and(|at| graph.ancestors(position).contains(at))
        };
        issue(&mut self.state, stated(entry, document.clone()), &knew)
    }

    fn accept_carriage(&mut self, entry: &Entry, fact: &CarriageAccepted) -> Vec<Finding> {
        self.state.carriage.push(stated(entry, fact.clone()));
        let current = |document: &EntryId| {
            self.state.document_standing.get(document) == Some(&DocumentStanding::Current)
        };
        let unknown = fact.document.as_ref().filter(|document| !current(document));
        let remark = unknown.map(|document| {
            let message = format!("no document in force was issued by entry {}", short(document));
            Finding::warning("dossier.not-current", message).at("/body/carriage/content/document")
        });
        remark.into_iter().collect()
    }

    /// Applies an amendment, or puts it among those that wait for consent or were refused.
    fn amend(
        &mut self,
        position: usize,
        entry: &Entry,
        (reason, changes): (&str, &[Change]),
    ) -> Result<Vec<Finding>, Finding> {
        let mark = self.knowledge.marks.get(position).copied().flatten();
        let past = self.knowledge.pasts.get(position);
        let (Some(amendments), Some(mark), Some(past)) = (&mut self.amendments, mark, past) else {
            return Ok(vec![Finding::info("dossier.withheld", "the consignment is not in this copy")]);
        };
        let consent = self.consents.standing(mark);
        let not_in_force = self.consents.list_not_in_force(past);
        let takes_effect = consent.takes_effect();
        let effect =
            amendments.apply(&Made { mark, past, not_in_force: &not_in_force, changes, takes_effect })?;
        let amendment = Amendment { reason: reason.to_owned(), changes: changes.to_vec() };
        if takes_effect {
            self.state.consignment = Some(effect.consignment);
            self.state.amendments.push(stated(entry, amendment.clone()));
        }
        let mut remarks = effect.remarks;
        let (standing, outcome) = match consent {
            Consent::NotNeeded => return Ok(remarks),
            Consent::Given => (ProposalStanding::Agreed, Ok(())),
            Consent::Wanted(parties) => {
                let names: Vec<_> = parties.iter().map(ToString::to_string).collect();
                let message = format!("the amendment changes nothing until {} consents", names.join(" and "));
                remarks.push(
                    Finding::info("dossier.amendment-pending", message)
                        .at("/body/changes")
                        .source("CIM art. 18 and 19, SMGS art. 25, CMR art. 12")
                        .remedy("the carrier answers with an entry of kind amendment_answered"),
                );
                (ProposalStanding::Pending { waits_for: parties.into_iter().collect() }, Ok(()))
            }
            Consent::Refused { by, party } => {
                let message = format!("{party} refused the amendment by entry {}", short(&by));
                let why = Finding::warning("dossier.amendment-refused", message)
                    .at("/body/changes")
                    .remedy("agree with the carrier and amend again");
                (ProposalStanding::Refused { by }, Err(why))
            }
        };
        self.state.proposals.push(stated(entry, Proposal { amendment, standing }));
        outcome.map(|()| remarks)
    }

    fn act_on_bill(&mut self, position: usize, entry: &Entry, fact: &Fact) -> Result<Vec<Finding>, Finding> {
        let mark = self.knowledge.marks.get(position).copied().flatten().unwrap_or_default();
        let past = self.knowledge.pasts.get(position).cloned().unwrap_or_default();
        let actor = Actor { entry: entry.id(), mark, party: &entry.header().author.party, past: &past };
        match fact {
            Fact::BillIssued(fact) => self.bills.issue(&actor, fact),
            Fact::BillTransferred(fact) => self.bills.transfer(&actor, fact),
            Fact::BillSurrendered(fact) => self.bills.surrender(&actor, fact),
            Fact::BillResolved(fact) => self.bills.resolve(&actor, fact),
            _ => Ok(Vec::new()),
        }
    }

    fn add_participants(
        &mut self,
        entry: &Entry,
        participants: &[Participant],
        known: &dyn Fn(&Participant) -> bool,
    ) {
        let admitted = participants.iter().filter(|participant| known(participant));
        self.state.participants.extend(admitted.map(|participant| stated(entry, participant.clone())));
    }

    fn declare_transit(&mut self, entry: &Entry, fact: &TransitDeclared) -> Result<(), Finding> {
        let declared = stated(entry, fact.clone());
        match self.state.movements.get_mut(&fact.movement) {
            Some(movement) if movement.declared.fact.territory != fact.territory => {
                Err(other_territory(&movement.declared.fact))
            }
            Some(movement) => {
                movement.declared = declared;
                Ok(())
            }
            None => {
                let state = STATE_DECLARED.to_owned();
                let movement = MovementState { declared, state, mrn: None, history: Vec::new() };
                self.state.movements.insert(fact.movement.clone(), movement);
                Ok(())
            }
        }
    }

    fn decide_transit(&mut self, entry: &Entry, fact: &TransitDecided) -> Result<(), Finding> {
        let Some(movement) = self.state.movements.get_mut(&fact.movement) else {
            let message = format!("movement {} was not declared", fact.movement);
            return Err(Finding::warning("dossier.movement-undeclared", message)
                .at("/body/decision")
                .remedy("the declaration must come first"));
        };
        let declared = &movement.declared.fact;
        if declared.territory != fact.territory && !declared.onward.contains(&fact.territory) {
            return Err(other_territory(&movement.declared.fact));
        }
        if movement.state != fact.from_state {
            let message = format!(
                "the decision leaves state `{}`, but movement {} is `{}`",
                fact.from_state, fact.movement, movement.state
            );
            return Err(Finding::warning("dossier.stale-decision", message)
                .at("/body/decision")
                .remedy("the authority must decide again, from the state in force"));
        }
        movement.state.clone_from(&fact.to_state);
        if fact.mrn.is_some() {
            movement.mrn.clone_from(&fact.mrn);
        }
        movement.history.push(stated(entry, fact.clone()));
        Ok(())
    }
}

/// How many entries share the fate of one.
pub(crate) fn count_behind(count: usize) -> String {
    if count == 1 {
        "one entry that builds on it does not count either".to_owned()
    } else {
        format!("{count} entries that build on it do not count either")
    }
}

fn stated<T>(entry: &Entry, fact: T) -> Stated<T> {
    let header = entry.header();
    Stated { entry: entry.id().clone(), author: header.author.clone(), authored: header.authored, fact }
}

/// Puts the path of a finding about an entry behind that of the entry in the export.
fn locate(mut finding: Finding, position: usize) -> Finding {
    let inside = finding.path.unwrap_or_default();
    finding.path = Some(format!("/entries/{position}{inside}"));
    finding
}

/// A fault of the declared consignment: to be looked at, but no reason to doubt the dossier.
fn as_remark(finding: Finding) -> Finding {
    let path = format!("/body/consignment/content{}", finding.path.clone().unwrap_or_default());
    Finding { severity: kervan_model::Severity::Warning, ..finding }.at(path)
}

fn withheld(entry: &Entry) -> Finding {
    let message = format!("what this `{}` says is not in this copy", entry.header().kind);
    Finding::info("dossier.withheld", message).at("/body")
}

fn duplicate(message: String) -> Finding {
    Finding::info("dossier.duplicate-fact", message).at("/body")
}

fn other_territory(declared: &TransitDeclared) -> Finding {
    let message = format!("movement {} was declared for {}", declared.movement, declared.territory);
    Finding::warning("dossier.other-territory", message).at("/body")
}
