//! How the authors of a dossier behave: whether each stands by what it said before, and whether its clock can be right.
//!
//! Nothing here decides what counts. It shows what somebody with a key could do without breaking a signature: tell two
//! parties two things, sign one thing twice, or date an entry before what it builds on.

use crate::graph::{Graph, beginning};
use crate::header::Header;
use crate::judge::short;
use crate::limits::{MOST_CLOCK_SKEW_SECONDS, MOST_PARTICIPANTS};
use kervan_model::{Finding, PartyId};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// How many entries of each author somebody knew, by the author's number.
type Known = Rc<Vec<u32>>;

/// Watches the entries in causal order.
#[derive(Default)]
pub(crate) struct Conduct<'a> {
    numbers: BTreeMap<&'a PartyId, usize>,
    said: Vec<(u32, usize)>,
    known: Vec<Known>,
    signed: BTreeSet<Content<'a>>,
    /// The beginnings of commitments with which more than one header begins: only those can be of the same content.
    alike: BTreeSet<u64>,
}

/// What a signature is of: the header without its proof.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Content<'a> {
    authored: jiff::Timestamp,
    author: &'a PartyId,
    groups: Vec<&'a str>,
    parents: &'a [kervan_model::EntryId],
}

impl<'a> Content<'a> {
    fn of(header: &'a Header) -> Self {
        let groups = header.groups.values().map(|commitment| commitment.as_str()).collect();
        Self { authored: header.authored, author: &header.author.party, groups, parents: &header.parents }
    }
}

impl<'a> Conduct<'a> {
    pub(crate) fn new(graph: &Graph<'a>) -> Self {
        let mut beginnings: Vec<u64> =
            graph.entries.iter().map(|entry| first_commitment(entry.header())).collect();
        beginnings.sort_unstable();
        let twice = beginnings.windows(2).filter(|pair| pair.first() == pair.last());
        let alike = twice.filter_map(|pair| pair.first().copied()).collect();
        Self { alike, ..Self::default() }
    }

    /// Remarks on the next entry.
    pub(crate) fn watch(&mut self, graph: &Graph<'a>, position: usize) -> Vec<Finding> {
        let Some(entry) = graph.entries.get(position) else { return Vec::new() };
        let header = entry.header();
        let parents = graph.parents.get(position).map_or(&[][..], Vec::as_slice);
        let mut known = self.unite(parents);
        let mut remarks = Vec::new();
        remarks.extend(assess_clock(graph, parents, header));
        // What waits for a parent may have known its author's earlier entries through it, and they may have known of it.
        let whole = graph.complete.get(position).copied().unwrap_or_default();
        if whole && let Some(number) = self.number(&header.author.party) {
            let (count, last) = self.said.get(number).copied().unwrap_or_default();
            let knew = known.get(number).copied().unwrap_or_default();
            if knew < count {
                let other = graph.entries.get(last).map_or("", |entry| short(entry.id()));
                let message = format!(
                    "{} said this without knowing of its own entry {other}, and said that without knowing of this",
                    header.author.party
                );
                remarks.push(Finding::warning("dossier.author-fork", message).at("/header/parents").remedy(
                    "ask the party: it told two holders two things, lost part of its copy, or somebody else has its key",
                ));
            }
            self.remember(number, Rc::make_mut(&mut known), (count + 1, position));
        }
        if self.alike.contains(&first_commitment(header)) && !self.signed.insert(Content::of(header)) {
            let message = format!("{} signed the same entry twice", header.author.party);
            remarks.push(
                Finding::warning("dossier.twin", message)
                    .at("/header/proof/proofValue")
                    .remedy("only one of them says something; ask the party why its key made two signatures"),
            );
        }
        self.known.push(known);
        remarks
    }

    /// Keeps that an author has said so much, the last of it by the entry at a position.
    fn remember(&mut self, number: usize, own: &mut Vec<u32>, (count, position): (u32, usize)) {
        if own.len() <= number {
            own.resize(number + 1, 0);
        }
        if let (Some(slot), Some(said)) = (own.get_mut(number), self.said.get_mut(number)) {
            *said = (count, position);
            *slot = count;
        }
    }

    fn number(&mut self, party: &'a PartyId) -> Option<usize> {
        if let Some(number) = self.numbers.get(party) {
            return Some(*number);
        }
        let number = self.numbers.len();
        if number >= MOST_PARTICIPANTS {
            return None;
        }
        self.numbers.insert(party, number);
        self.said.push((0, 0));
        Some(number)
    }

    fn unite(&self, parents: &[usize]) -> Known {
        let mut known: Option<Known> = None;
        for own in parents.iter().filter_map(|parent| self.known.get(*parent)) {
            match &mut known {
                None => known = Some(Rc::clone(own)),
                Some(known) => {
                    let all = Rc::make_mut(known);
                    if all.len() < own.len() {
                        all.resize(own.len(), 0);
                    }
                    for (count, more) in all.iter_mut().zip(own.iter()) {
                        *count = (*count).max(*more);
                    }
                }
            }
        }
        known.unwrap_or_default()
    }
}

fn first_commitment(header: &Header) -> u64 {
    header.groups.values().next().map_or(0, |commitment| beginning(commitment.as_str()))
}

/// Remarks on an entry that says it was made before one that it builds on.
fn assess_clock(graph: &Graph<'_>, parents: &[usize], header: &Header) -> Option<Finding> {
    let latest = parents
        .iter()
        .filter_map(|parent| graph.entries.get(*parent))
        .max_by_key(|entry| entry.header().authored)?;
    let before = latest.header().authored.duration_since(header.authored).as_secs();
    if before <= MOST_CLOCK_SKEW_SECONDS {
        return None;
    }
    let message = format!(
        "the entry says it was made at {}, {before} seconds before entry {}, on which it builds",
        header.authored,
        short(latest.id())
    );
    let remedy = "do not rest a term on this instant: the order of the entries is proven, the clock of the author is not";
    Some(Finding::warning("dossier.clock", message).at("/header/authored").remedy(remedy))
}
