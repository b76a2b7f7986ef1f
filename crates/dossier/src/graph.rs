//! The shape of a dossier: causal order, heads, what is missing, and what each author knew.

use crate::entry::Entry;
use kervan_model::EntryId;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::rc::Rc;

/// The entries of a dossier in causal order (parents first, ties by entry id), with positions in place of ids.
pub(crate) struct Graph<'a> {
    /// The entries, in causal order.
    pub(crate) entries: Vec<&'a Entry>,
    /// Positions of the parents that are here.
    pub(crate) parents: Vec<Vec<usize>>,
    /// Parents that are not here.
    pub(crate) missing: Vec<Vec<&'a EntryId>>,
    /// Whether everything that the entry builds on is here, back to a first entry.
    pub(crate) complete: Vec<bool>,
    /// Positions of the entries that no other one cites.
    pub(crate) heads: Vec<usize>,
}

impl<'a> Graph<'a> {
    /// Orders entries. The order depends on the set only, whatever order they came in.
    pub(crate) fn new(entries: &'a BTreeMap<EntryId, Entry>) -> Self {
        let by_id: Vec<&Entry> = entries.values().collect();
        let index = Index::new(entries);
        let known_parents: Vec<Vec<usize>> = by_id
            .iter()
            .map(|entry| entry.header().parents.iter().filter_map(|id| index.find(id)).collect())
            .collect();
        let order = sort_causally(&known_parents);
        let mut position_of = vec![0; by_id.len()];
        for (position, index) in order.iter().enumerate() {
            if let Some(slot) = position_of.get_mut(*index) {
                *slot = position;
            }
        }
        let at = |index: &usize| position_of.get(*index).copied().unwrap_or_default();
        let mut graph = Self {
            entries: Vec::with_capacity(order.len()),
            parents: Vec::with_capacity(order.len()),
            missing: Vec::with_capacity(order.len()),
            complete: Vec::with_capacity(order.len()),
            heads: Vec::new(),
        };
        let mut cited = vec![false; order.len()];
        for index in &order {
            let (Some(entry), Some(known)) = (by_id.get(*index), known_parents.get(*index)) else { continue };
            let parents: Vec<usize> = known.iter().map(at).collect();
            let missing: Vec<&EntryId> = if known.len() == entry.header().parents.len() {
                Vec::new()
            } else {
                entry.header().parents.iter().filter(|id| !entries.contains_key(*id)).collect()
            };
            for parent in &parents {
                if let Some(cited) = cited.get_mut(*parent) {
                    *cited = true;
                }
            }
            let parents_complete =
                parents.iter().all(|parent| graph.complete.get(*parent).copied().unwrap_or(false));
            graph.complete.push(missing.is_empty() && parents_complete);
            graph.entries.push(entry);
            graph.parents.push(parents);
            graph.missing.push(missing);
        }
        graph.heads = cited.iter().enumerate().filter(|(_, cited)| !**cited).map(|(at, _)| at).collect();
        graph
    }

    /// The ids of the heads, ascending.
    pub(crate) fn list_heads(&self) -> Vec<EntryId> {
        let heads = self.heads.iter().filter_map(|at| self.entries.get(*at));
        let mut heads: Vec<EntryId> = heads.map(|entry| entry.id().clone()).collect();
        heads.sort();
        heads
    }

    /// The positions of everything that an entry builds on.
    pub(crate) fn ancestors(&self, position: usize) -> Bits {
        let mut found = Bits::default();
        let mut open = vec![position];
        while let Some(at) = open.pop() {
            for parent in self.parents.get(at).into_iter().flatten() {
                if !found.contains(*parent) {
                    found.insert(*parent);
                    open.push(*parent);
                }
            }
        }
        found
    }
}

/// Where each id stands in order. The ids are hashes all over memory; their beginnings, side by side, are found much sooner.
struct Index<'a> {
    beginnings: Vec<u64>,
    ids: Vec<&'a EntryId>,
}

impl<'a> Index<'a> {
    fn new(entries: &'a BTreeMap<EntryId, Entry>) -> Self {
        let ids: Vec<&EntryId> = entries.keys().collect();
        Self { beginnings: ids.iter().map(|id| beginning(id.as_str())).collect(), ids }
    }

    fn find(&self, id: &EntryId) -> Option<usize> {
        let wanted = beginning(id.as_str());
        let from = self.beginnings.partition_point(|beginning| *beginning < wanted);
        let alike = self.ids.iter().zip(&self.beginnings).enumerate().skip(from);
        let mut alike = alike.take_while(|(_, (_, beginning))| **beginning == wanted);
        alike.find(|(_, (own, _))| **own == id).map(|(at, _)| at)
    }
}

/// The first 16 digits of a lower-case hexadecimal hash as a number, in the order of the texts; 0 for anything else.
pub(crate) fn beginning(hash: &str) -> u64 {
    hash.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

/// Topological order; among entries that could come next, the one with the least id does. Indexes are in order of id.
fn sort_causally(parents: &[Vec<usize>]) -> Vec<usize> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); parents.len()];
    let mut waiting: Vec<usize> = parents.iter().map(Vec::len).collect();
    for (index, parents) in parents.iter().enumerate() {
        for parent in parents {
            if let Some(children) = children.get_mut(*parent) {
                children.push(index);
            }
        }
    }
    let mut ready: BinaryHeap<Reverse<usize>> = waiting
        .iter()
        .enumerate()
        .filter(|(_, count)| **count == 0)
        .map(|(index, _)| Reverse(index))
        .collect();
    let mut order = Vec::with_capacity(parents.len());
    while let Some(Reverse(index)) = ready.pop() {
        order.push(index);
        for child in children.get(index).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(*child) {
                *count -= 1;
                if *count == 0 {
                    ready.push(Reverse(*child));
                }
            }
        }
    }
    order
}

/// A set of small numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub(crate) fn insert(&mut self, number: usize) {
        let word = number / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= 1 << (number % 64);
        }
    }

    pub(crate) fn contains(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|bits| bits & (1 << (number % 64)) != 0)
    }

    fn unite(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (bits, more) in self.0.iter_mut().zip(&other.0) {
            *bits |= more;
        }
    }
}

/// A number for an entry that later entries are judged by: an amendment or a fact about participants and keys.
pub(crate) type Mark = usize;

/// What each author knew: the marks in the causal past of each entry. Entries of one chain share one set.
#[derive(Default)]
pub(crate) struct Pasts {
    pasts: Vec<Rc<Bits>>,
    marks: Vec<Option<Mark>>,
    next: Mark,
}

impl Pasts {
    /// The marks in the past of the next entry, which has these parents.
    pub(crate) fn past_of(&self, parents: &[usize]) -> Rc<Bits> {
        let mut past: Option<Rc<Bits>> = None;
        for parent in parents {
            let Some(own) = self.past_with_itself(*parent) else { continue };
            match &mut past {
                None => past = Some(own),
                Some(past) if Rc::ptr_eq(past, &own) || **past == *own => {}
                Some(past) => Rc::make_mut(past).unite(&own),
            }
        }
        past.unwrap_or_default()
    }

    fn past_with_itself(&self, position: usize) -> Option<Rc<Bits>> {
        let past = self.pasts.get(position)?;
        match self.marks.get(position)? {
            None => Some(Rc::clone(past)),
            Some(mark) => {
                let mut with = (**past).clone();
                with.insert(*mark);
                Some(Rc::new(with))
            }
        }
    }

    /// A fresh mark, unless there are `most` already.
    pub(crate) fn find_mark(&mut self, most: usize) -> Option<Mark> {
        if self.next >= most {
            return None;
        }
        self.next += 1;
        Some(self.next - 1)
    }

    /// Records the next entry.
    pub(crate) fn push(&mut self, past: Rc<Bits>, mark: Option<Mark>) {
        self.pasts.push(past);
        self.marks.push(mark);
    }
}
