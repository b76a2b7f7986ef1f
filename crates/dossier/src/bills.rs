//! Bills of lading as exclusive control: one holder at a time, and only the holder passes control on.
//!
//! Every act on a bill builds on the one that was the last in its author's past, so the acts form a tree. Where a node of the
//! tree has one child, control went on; where it has two, the holder transferred twice: control stands still at that node, and
//! neither transfer counts, until the carrier names the holder. Which of the two has the smaller id decides nothing, because
//! whoever transfers twice could choose ids. The tree depends on the set of entries only. Source: UNCITRAL MLETR art. 10, 11.

use crate::control_facts::{BillIssued, BillResolved, BillSurrendered, BillTransferred};
use crate::graph::{Bits, Mark};
use crate::judge::short;
use kervan_model::{EntryId, Finding, PartyId};
use std::collections::BTreeMap;

/// Where control of a bill is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BillStanding {
    /// A party holds it.
    Held {
        /// Who.
        holder: PartyId,
        /// Whether only as a pledge.
        pledged: bool,
    },
    /// It was transferred twice; the carrier must say who holds it.
    Frozen {
        /// The acts that exclude one another.
        acts: Vec<EntryId>,
    },
    /// It was given up to the carrier: the goods may be delivered.
    Surrendered,
}

/// A bill as its entries leave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillState {
    /// Its number.
    pub number: String,
    /// Who issued it.
    pub issuer: PartyId,
    /// Where control is.
    pub standing: BillStanding,
}

enum What {
    Held { holder: PartyId, pledged: bool },
    Surrendered,
}

struct Act {
    entry: EntryId,
    mark: Mark,
    on: Option<usize>,
    resolves: bool,
    what: What,
}

struct Bill {
    number: String,
    issuer: PartyId,
    acts: Vec<Act>,
}

enum Found {
    At(usize),
    Frozen(usize, Vec<usize>),
}

impl Bill {
    /// Walks from the issue to where control is, for somebody who knows these marks.
    fn walk(&self, knows: &dyn Fn(Mark) -> bool) -> Found {
        let mut at = 0;
        loop {
            let children: Vec<usize> = self
                .acts
                .iter()
                .enumerate()
                .filter(|(_, act)| act.on == Some(at) && knows(act.mark))
                .map(|(index, _)| index)
                .collect();
            let resolved =
                children.iter().find(|child| self.acts.get(**child).is_some_and(|act| act.resolves));
            match (resolved, children.as_slice()) {
                (Some(resolved), _) => at = *resolved,
                (None, []) => return Found::At(at),
                (None, [only]) => at = *only,
                (None, _) => return Found::Frozen(at, children),
            }
        }
    }

    fn standing(&self, knows: &dyn Fn(Mark) -> bool) -> BillStanding {
        match self.walk(knows) {
            Found::At(at) => match self.acts.get(at).map(|act| &act.what) {
                Some(What::Held { holder, pledged }) => {
                    BillStanding::Held { holder: holder.clone(), pledged: *pledged }
                }
                Some(What::Surrendered) | None => BillStanding::Surrendered,
            },
            Found::Frozen(_, children) => {
                let acts = children.iter().filter_map(|child| self.acts.get(*child));
                BillStanding::Frozen { acts: acts.map(|act| act.entry.clone()).collect() }
            }
        }
    }
}

/// The bills of a dossier, while its entries are judged in causal order.
#[derive(Default)]
pub(crate) struct Bills(BTreeMap<EntryId, Bill>);

/// An act on a bill: which entry, its mark, who did it, and what it knew.
pub(crate) struct Actor<'a> {
    pub(crate) entry: &'a EntryId,
    pub(crate) mark: Mark,
    pub(crate) party: &'a PartyId,
    pub(crate) past: &'a Bits,
}

impl Bills {
    pub(crate) fn issue(&mut self, actor: &Actor<'_>, fact: &BillIssued) -> Result<Vec<Finding>, Finding> {
        let open = self.0.values().find(|bill| {
            let known = bill.acts.first().is_some_and(|act| actor.past.contains(act.mark));
            known && bill.standing(&|mark| actor.past.contains(mark)) != BillStanding::Surrendered
        });
        if let Some(open) = open {
            let message =
                format!("bill {} is out already: the goods cannot be controlled by two", open.number);
            return Err(refused("bill.already-issued", message, "let the holder surrender the first bill"));
        }
        let what = What::Held { holder: fact.holder.clone(), pledged: false };
        let act = Act { entry: actor.entry.clone(), mark: actor.mark, on: None, resolves: false, what };
        let bill = Bill { number: fact.number.clone(), issuer: actor.party.clone(), acts: vec![act] };
        self.0.insert(actor.entry.clone(), bill);
        Ok(Vec::new())
    }

    pub(crate) fn transfer(
        &mut self,
        actor: &Actor<'_>,
        fact: &BillTransferred,
    ) -> Result<Vec<Finding>, Finding> {
        self.act(actor, &fact.bill, What::Held { holder: fact.to.clone(), pledged: fact.pledge })
    }

    pub(crate) fn surrender(
        &mut self,
        actor: &Actor<'_>,
        fact: &BillSurrendered,
    ) -> Result<Vec<Finding>, Finding> {
        self.act(actor, &fact.bill, What::Surrendered)
    }

    /// An act of the holder.
    fn act(&mut self, actor: &Actor<'_>, bill: &EntryId, what: What) -> Result<Vec<Finding>, Finding> {
        let bill = self.find(actor, bill)?;
        let at = match bill.walk(&|mark| actor.past.contains(mark)) {
            Found::At(at) => at,
            Found::Frozen(..) => {
                let message = format!("bill {} was transferred twice; control stands still", bill.number);
                return Err(refused("bill.frozen", message, "the carrier that issued it says who holds it"));
            }
        };
        match bill.acts.get(at).map(|act| &act.what) {
            Some(What::Held { holder, .. }) if holder == actor.party => {}
            Some(What::Held { holder, .. }) => {
                let message = format!("{} does not hold bill {}: {holder} does", actor.party, bill.number);
                return Err(refused("bill.not-holder", message, "only the holder passes control on"));
            }
            Some(What::Surrendered) | None => {
                let message = format!("bill {} was surrendered; nobody holds it", bill.number);
                return Err(refused("bill.surrendered", message, "nothing; it has done its work"));
            }
        }
        let other = bill.acts.iter().find(|act| act.on == Some(at) && !actor.past.contains(act.mark));
        let remark = other.map(|other| {
            let message = format!(
                "{} disposed of bill {} twice: by entry {} and by entry {}; control stands still",
                actor.party,
                bill.number,
                short(&other.entry),
                short(actor.entry)
            );
            refused("bill.double-transfer", message, "the carrier that issued it says who holds it")
        });
        let entry = actor.entry.clone();
        bill.acts.push(Act { entry, mark: actor.mark, on: Some(at), resolves: false, what });
        Ok(remark.into_iter().collect())
    }

    pub(crate) fn resolve(
        &mut self,
        actor: &Actor<'_>,
        fact: &BillResolved,
    ) -> Result<Vec<Finding>, Finding> {
        let bill = self.find(actor, &fact.bill)?;
        if bill.issuer != *actor.party {
            let message =
                format!("bill {} was issued by {}, not by {}", bill.number, bill.issuer, actor.party);
            return Err(refused("bill.not-issuer", message, "the carrier that issued it says who holds it"));
        }
        let Found::Frozen(at, _) = bill.walk(&|mark| actor.past.contains(mark)) else {
            let message =
                format!("bill {} was not transferred twice, as far as its issuer knew", bill.number);
            return Err(refused("bill.not-frozen", message, "nothing; its holder controls it"));
        };
        let what = What::Held { holder: fact.holder.clone(), pledged: false };
        let entry = actor.entry.clone();
        bill.acts.push(Act { entry, mark: actor.mark, on: Some(at), resolves: true, what });
        Ok(Vec::new())
    }

    fn find(&mut self, actor: &Actor<'_>, bill: &EntryId) -> Result<&mut Bill, Finding> {
        let found = self.0.get_mut(bill);
        let known = |bill: &&mut Bill| bill.acts.first().is_some_and(|act| actor.past.contains(act.mark));
        found.filter(known).ok_or_else(|| {
            let message = format!("no bill was issued by entry {}, as far as the author knew", short(bill));
            refused("bill.unknown", message, "name the entry that issued the bill")
        })
    }

    /// Whether the goods may be delivered by an author who knew `past`: no bill is out.
    pub(crate) fn check_delivery(&self, past: &Bits) -> Result<(), Finding> {
        for bill in self.0.values() {
            if bill.standing(&|mark| past.contains(mark)) != BillStanding::Surrendered {
                let message =
                    format!("bill {} was not surrendered: the goods are its holder's to claim", bill.number);
                return Err(refused(
                    "bill.not-surrendered",
                    message,
                    "let the holder surrender the bill first",
                ));
            }
        }
        Ok(())
    }

    /// The bills for somebody who knows everything.
    pub(crate) fn list(&self) -> BTreeMap<EntryId, BillState> {
        let state = |bill: &Bill| BillState {
            number: bill.number.clone(),
            issuer: bill.issuer.clone(),
            standing: bill.standing(&|_| true),
        };
        self.0.iter().map(|(id, bill)| (id.clone(), state(bill))).collect()
    }
}

fn refused(code: &str, message: String, remedy: &str) -> Finding {
    Finding::warning(code, message).at("/body/bill").source("UNCITRAL MLETR art. 10 and 11").remedy(remedy)
}
