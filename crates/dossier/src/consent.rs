//! Consent to amendments of what a contract of carriage rests on, judged for somebody who knows certain entries.
//!
//! A carrier's acceptance covers what its author knew. An amendment that was not in force for that author asks for its
//! consent, however the amendment is dated: whoever leaves the acceptance out of an amendment's parents gains nothing. Of
//! several acceptances those count that no later one knew: they stand for the carriage under way. An answer counts if its
//! author was asked, for all that it knew, and had not answered; a refusal ends the proposal. All of this depends on the
//! set of entries only, in whatever order they came. Source: CIM art. 18 and 19, SMGS art. 25, CMR art. 12.

use crate::consent_facts::AmendmentAnswered;
use crate::consent_table::list_roles;
use crate::facts::Fact;
use crate::graph::{Bits, Graph, Mark};
use crate::judge::{Knowledge, short};
use crate::limits::MOST_ACCEPTANCES;
use crate::{AuthorityTable, Entry};
use kervan_model::{EntryId, EntryKind, Finding, PartyId, Role};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Where the consent to an amendment stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Consent {
    /// Nobody had to be asked.
    NotNeeded,
    /// Everybody who was asked has consented.
    Given,
    /// These have not answered.
    Wanted(BTreeSet<PartyId>),
    /// Somebody who was asked has refused.
    Refused { by: EntryId, party: PartyId },
}

impl Consent {
    /// Whether the amendment takes effect.
    pub(crate) const fn takes_effect(&self) -> bool {
        matches!(self, Self::NotNeeded | Self::Given)
    }
}

struct Acceptance {
    mark: Mark,
    party: PartyId,
    role: Role,
    past: Rc<Bits>,
}

struct Answer {
    mark: Mark,
    entry: EntryId,
    party: PartyId,
    agreed: bool,
}

/// Acceptances and answers of a dossier.
#[derive(Default)]
pub(crate) struct Consents {
    acceptances: Vec<Acceptance>,
    /// The amendments that touch what a contract rests on, with the roles that must consent.
    asked: BTreeMap<Mark, BTreeSet<Role>>,
    answers: BTreeMap<Mark, Vec<Answer>>,
    marks: BTreeMap<EntryId, Mark>,
    refused: BTreeMap<usize, Finding>,
}

impl Consents {
    /// Gathers what the entries that count say about consent; `counts` says which do, by position.
    pub(crate) fn gather(
        graph: &Graph<'_>,
        knowledge: &Knowledge,
        table: &AuthorityTable,
        counts: &[bool],
    ) -> Self {
        let mut consents = Self::default();
        let kinds = |kind| graph.entries.iter().any(|entry| entry.kind() == Some(kind));
        if !kinds(EntryKind::CarriageAccepted) && !kinds(EntryKind::AmendmentAnswered) {
            return consents;
        }
        for (position, entry) in graph.entries.iter().enumerate() {
            let mark = knowledge.marks.get(position).copied().flatten();
            let (Some(mark), Some(past), Some(true)) =
                (mark, knowledge.pasts.get(position), counts.get(position))
            else {
                continue;
            };
            if let Err(finding) = consents.take(entry, mark, past, table) {
                consents.refused.insert(position, finding);
            }
        }
        consents
    }

    fn take(
        &mut self,
        entry: &Entry,
        mark: Mark,
        past: &Rc<Bits>,
        table: &AuthorityTable,
    ) -> Result<(), Finding> {
        let author = &entry.header().author;
        match (entry.kind(), entry.fact()) {
            // Who accepted is in the header: it counts even where the rest is withheld.
            (Some(EntryKind::CarriageAccepted), _) => {
                if self.acceptances.len() >= MOST_ACCEPTANCES {
                    let message = format!("more than {MOST_ACCEPTANCES} acceptances are not looked at");
                    return Err(Finding::warning("dossier.too-many-acceptances", message));
                }
                let (party, role, past) = (author.party.clone(), author.role, Rc::clone(past));
                self.acceptances.push(Acceptance { mark, party, role, past });
            }
            (Some(EntryKind::ConsignmentAmended), _) => {
                self.marks.insert(entry.id().clone(), mark);
                let roles = list_roles(table.list_consent_rows(), entry);
                if !roles.is_empty() {
                    self.asked.insert(mark, roles);
                }
            }
            (_, Ok(Fact::AmendmentAnswered(fact))) => {
                let about = self.check_answer(&author.party, past, fact)?;
                let (party, agreed) = (author.party.clone(), fact.agreed);
                let answer = Answer { mark, entry: entry.id().clone(), party, agreed };
                self.answers.entry(about).or_default().push(answer);
            }
            _ => {}
        }
        Ok(())
    }

    /// The amendment that an answer is to. Errors: its author was not asked, or has answered.
    fn check_answer(&self, party: &PartyId, past: &Bits, fact: &AmendmentAnswered) -> Result<Mark, Finding> {
        let number = short(&fact.amendment);
        let not_asked = |message: String| {
            Finding::warning("dossier.answer-not-asked", message)
                .at("/body/answer/content/amendment")
                .source("CIM art. 19, SMGS art. 25: the carrier is asked before its contract is changed")
                .remedy("answer an amendment that waits for this party, once")
        };
        let known = self.marks.get(&fact.amendment).copied().filter(|mark| past.contains(*mark));
        let Some(mark) = known else {
            return Err(not_asked(format!("no amendment {number} is known to {party}")));
        };
        match self.stand(mark, &|other| past.contains(other)) {
            Consent::Wanted(parties) if parties.contains(party) => Ok(mark),
            Consent::Wanted(_) => {
                Err(not_asked(format!("amendment {number} does not wait for {party}, as far as it knew")))
            }
            Consent::NotNeeded | Consent::Given | Consent::Refused { .. } => {
                Err(not_asked(format!("amendment {number} waits for nobody, as far as {party} knew")))
            }
        }
    }

    /// Why an acceptance or an answer does not count after all.
    pub(crate) fn find_refused(&self, position: usize) -> Option<&Finding> {
        self.refused.get(&position)
    }

    /// Where the consent to an amendment stands for somebody who knows everything.
    pub(crate) fn standing(&self, amendment: Mark) -> Consent {
        self.stand(amendment, &|_| true)
    }

    /// The amendments that are known in a past and were not in force there.
    pub(crate) fn list_not_in_force(&self, past: &Bits) -> BTreeSet<Mark> {
        let known = self.asked.keys().copied().filter(|mark| past.contains(*mark));
        known.filter(|mark| !self.stand(*mark, &|other| past.contains(other)).takes_effect()).collect()
    }

    /// Where the consent to an amendment stands for somebody who knows these marks.
    fn stand(&self, amendment: Mark, knows: &dyn Fn(Mark) -> bool) -> Consent {
        let Some(roles) = self.asked.get(&amendment) else { return Consent::NotNeeded };
        let asking: Vec<&Acceptance> =
            self.acceptances.iter().filter(|one| roles.contains(&one.role) && knows(one.mark)).collect();
        // Acceptances stand in causal order, so each is settled by those before it.
        let mut settled: Vec<bool> = Vec::with_capacity(asking.len());
        for one in &asking {
            let in_force = one.past.contains(amendment)
                && self.weigh(amendment, &asking, &settled, &|mark| one.past.contains(mark)).takes_effect();
            settled.push(in_force);
        }
        self.weigh(amendment, &asking, &settled, knows)
    }

    /// As [`Self::stand`], where `settled` says of the first acceptances whether the amendment was in force for their authors.
    fn weigh(
        &self,
        amendment: Mark,
        asking: &[&Acceptance],
        settled: &[bool],
        knows: &dyn Fn(Mark) -> bool,
    ) -> Consent {
        let answers = self.answers.get(&amendment).map(Vec::as_slice).unwrap_or_default();
        let answers: Vec<&Answer> = answers.iter().filter(|answer| knows(answer.mark)).collect();
        let known: Vec<(&Acceptance, bool)> = asking
            .iter()
            .zip(settled.iter().copied().chain(std::iter::repeat(false)))
            .map(|(one, settled)| (*one, settled))
            .filter(|(one, _)| knows(one.mark))
            .collect();
        let is_last = |one: &Acceptance| !known.iter().any(|(later, _)| later.past.contains(one.mark));
        let last: Vec<_> = known.iter().filter(|(one, _)| is_last(one)).collect();
        let says = |party: &PartyId, agreed: bool| {
            answers.iter().any(|answer| answer.party == *party && answer.agreed == agreed)
        };
        // Who says both yes and no, in two places at once, has not agreed.
        let agreed = |party: &PartyId| says(party, true) && !says(party, false);
        let open = last.iter().filter(|(one, settled)| !settled && !agreed(&one.party));
        let wanted: BTreeSet<PartyId> = open.map(|(one, _)| one.party.clone()).collect();
        // A refusal does not undo what the carriers under way have agreed to or accepted with the goods.
        let refusal = answers.iter().find(|answer| !answer.agreed);
        match (wanted.is_empty(), refusal) {
            (false, Some(refusal)) => {
                Consent::Refused { by: refusal.entry.clone(), party: refusal.party.clone() }
            }
            (false, None) => Consent::Wanted(wanted),
            (true, _) if answers.is_empty() => Consent::NotNeeded,
            (true, _) => Consent::Given,
        }
    }
}
