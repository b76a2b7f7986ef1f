//! Whose keys hold at which point of the graph.
//!
//! Every question is asked of a *past*: the marks that the author of an entry knew. So the answer does not depend on what
//! arrived here first.

use crate::did::Did;
use crate::graph::{Bits, Mark};
use crate::header::Author;
use crate::participants::{KeyRevoked, KeyRotated, Participant, RoleGrant};
use kervan_model::{Finding, PartyId};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a key holds for a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyStanding {
    /// It does.
    InForce,
    /// It did, until the entry with this mark.
    Ended(Mark),
    /// It is not that party's.
    NotTheirs,
    /// The party was not admitted.
    NotAdmitted,
}

#[derive(Default)]
pub(crate) struct KeyBook {
    parties: BTreeMap<PartyId, PartyKeys>,
    owners: BTreeMap<Did, PartyId>,
    /// Keys that are not believed; a party that has no other may be admitted with a fresh one.
    forked: BTreeSet<Did>,
}

#[derive(Default)]
struct PartyKeys {
    keys: Vec<KeySpan>,
    grants: Vec<(Mark, RoleGrant)>,
    withdrawals: Vec<Withdrawal>,
}

struct Withdrawal {
    since: Mark,
    /// Admissions that came after it.
    lifted: Vec<Mark>,
}

struct KeySpan {
    did: Did,
    since: Mark,
    ends: Vec<Mark>,
}

impl KeySpan {
    fn find_end(&self, past: &Bits) -> Option<Mark> {
        self.ends.iter().copied().find(|mark| past.contains(*mark))
    }
}

impl KeyBook {
    /// An empty book that does not believe these keys.
    pub(crate) fn doubting(forked: BTreeSet<Did>) -> Self {
        Self { forked, ..Self::default() }
    }

    /// The keys that are not believed.
    pub(crate) fn take_doubts(&mut self) -> BTreeSet<Did> {
        std::mem::take(&mut self.forked)
    }

    /// Whether a key holds for a party, for an author who knew `past`.
    pub(crate) fn standing(&self, party: &PartyId, did: &Did, past: &Bits) -> KeyStanding {
        let Some(keys) = self.parties.get(party) else {
            return KeyStanding::NotAdmitted;
        };
        let mut known = keys.keys.iter().filter(|span| past.contains(span.since)).peekable();
        if known.peek().is_none() {
            return KeyStanding::NotAdmitted;
        }
        match known.find(|span| span.did == *did) {
            None => KeyStanding::NotTheirs,
            Some(span) => span.find_end(past).map_or(KeyStanding::InForce, KeyStanding::Ended),
        }
    }

    /// The keys that nothing has ended, and whose they are.
    pub(crate) fn list_keys(&self) -> BTreeMap<Did, PartyId> {
        let spans =
            self.parties.iter().flat_map(|(party, keys)| keys.keys.iter().map(move |span| (party, span)));
        let open = spans.filter(|(_, span)| span.ends.is_empty());
        open.map(|(party, span)| (span.did.clone(), party.clone())).collect()
    }

    /// Whether a party was admitted in the role and territory in which it speaks.
    pub(crate) fn grants(&self, author: &Author, past: &Bits) -> bool {
        let given = |grant: &RoleGrant| grant.role == author.role && grant.territory == author.territory;
        self.parties.get(&author.party).is_some_and(|keys| {
            keys.grants.iter().any(|(since, grant)| past.contains(*since) && given(grant))
        })
    }

    /// Admits a participant, or gives a known one more roles.
    ///
    /// A party that has a key in force cannot be given another one by whoever admits: only its own rotation does that.
    pub(crate) fn admit(
        &mut self,
        participant: &Participant,
        mark: Mark,
        past: &Bits,
    ) -> Result<(), Finding> {
        let Participant { party, did, roles, .. } = participant;
        self.check_owner(did, party)?;
        let keys = self.parties.entry(party.clone()).or_default();
        let believed = |span: &&KeySpan| !self.forked.contains(&span.did);
        let mut others = keys.keys.iter().filter(believed).filter(|span| span.did != *did);
        let other_in_force = others.any(|span| span.find_end(past).is_none());
        let ended = keys.keys.iter().any(|span| span.did == *did && span.find_end(past).is_some());
        if other_in_force || ended {
            let message = format!("{party} takes part with another key, or this key has ended");
            return Err(Finding::warning("dossier.participant-known", message).remedy(
                "only the party itself can rotate its key, with an entry signed by the key in force",
            ));
        }
        for withdrawal in keys.withdrawals.iter_mut().filter(|withdrawal| past.contains(withdrawal.since)) {
            withdrawal.lifted.push(mark);
        }
        keys.keys.push(KeySpan { did: did.clone(), since: mark, ends: Vec::new() });
        keys.grants.extend(roles.iter().map(|grant| (mark, grant.clone())));
        self.owners.insert(did.clone(), party.clone());
        Ok(())
    }

    /// Ends the part of parties, for whoever knows of it. Whoever declared the consignment cannot leave it.
    pub(crate) fn withdraw(
        &mut self,
        parties: &[PartyId],
        declarant: Option<&PartyId>,
        mark: Mark,
    ) -> Result<(), Finding> {
        if parties.iter().any(|party| Some(party) == declarant) {
            let message = "who declared the consignment answers for it and cannot be withdrawn";
            return Err(Finding::warning("dossier.withdrawal-invalid", message).at("/body/withdrawal"));
        }
        for party in parties {
            let keys = self.parties.entry(party.clone()).or_default();
            keys.withdrawals.push(Withdrawal { since: mark, lifted: Vec::new() });
        }
        Ok(())
    }

    /// The withdrawal of a party that is in force for an author who knew `past`.
    pub(crate) fn find_withdrawal(&self, party: &PartyId, past: &Bits) -> Option<Mark> {
        let open = |withdrawal: &&Withdrawal| {
            past.contains(withdrawal.since) && !withdrawal.lifted.iter().any(|mark| past.contains(*mark))
        };
        self.parties.get(party)?.withdrawals.iter().find(open).map(|withdrawal| withdrawal.since)
    }

    /// Lets a key take the place of another.
    pub(crate) fn rotate(&mut self, fact: &KeyRotated, mark: Mark, past: &Bits) -> Result<(), Finding> {
        self.check_owner(&fact.to, &fact.party)?;
        if self.standing(&fact.party, &fact.from, past) != KeyStanding::InForce {
            return Err(not_in_force(&fact.party, &fact.from));
        }
        let keys = self.parties.entry(fact.party.clone()).or_default();
        if keys.keys.iter().any(|span| span.did == fact.to) {
            let message = format!("`{}` was a key of {} before", fact.to, fact.party);
            return Err(Finding::warning("dossier.key-taken", message).remedy("rotate to a fresh key"));
        }
        keys.end(&fact.from, mark);
        keys.keys.push(KeySpan { did: fact.to.clone(), since: mark, ends: Vec::new() });
        self.owners.insert(fact.to.clone(), fact.party.clone());
        Ok(())
    }

    /// Ends a key.
    pub(crate) fn revoke(&mut self, fact: &KeyRevoked, mark: Mark, past: &Bits) -> Result<(), Finding> {
        match self.standing(&fact.party, &fact.key, past) {
            KeyStanding::InForce | KeyStanding::Ended(_) => {}
            KeyStanding::NotTheirs | KeyStanding::NotAdmitted => {
                return Err(not_in_force(&fact.party, &fact.key));
            }
        }
        self.parties.entry(fact.party.clone()).or_default().end(&fact.key, mark);
        Ok(())
    }

    fn check_owner(&self, did: &Did, party: &PartyId) -> Result<(), Finding> {
        match self.owners.get(did) {
            Some(owner) if owner != party => {
                let message = format!("`{did}` is the key of {owner}, not of {party}");
                Err(Finding::warning("dossier.key-taken", message)
                    .remedy("each party needs a key of its own"))
            }
            _ => Ok(()),
        }
    }
}

impl PartyKeys {
    fn end(&mut self, did: &Did, mark: Mark) {
        for span in self.keys.iter_mut().filter(|span| span.did == *did) {
            span.ends.push(mark);
        }
    }
}

fn not_in_force(party: &PartyId, did: &Did) -> Finding {
    Finding::warning("dossier.key-not-in-force", format!("`{did}` is not a key in force of {party}"))
        .remedy("name the key that the party signs with")
}
