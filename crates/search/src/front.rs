//! Sets of weights of which none is beaten.
//!
//! Labels of a node come up in order of time, so an earlier one is no later and only the other criteria are kept and
//! compared: one dimension fewer. With one of them left the front is a single least value, with two a staircase in order
//! of the first, with more a list.

use crate::network::NONE;
use crate::weights::no_worse;

/// The fronts of many places, most of which stay empty.
pub(crate) struct Fronts<const N: usize> {
    /// Per place: the least value (one dimension), or the number of its list.
    slots: Vec<u32>,
    lists: Vec<Vec<[u32; N]>>,
}

impl<const N: usize> Fronts<N> {
    pub(crate) fn new(places: usize) -> Self {
        Self { slots: vec![NONE; places], lists: Vec::new() }
    }

    /// Whether something at the place is at most this everywhere.
    pub(crate) fn beats(&self, place: usize, weight: &[u32; N]) -> bool {
        let slot = self.slots[place];
        if slot == NONE {
            return false;
        }
        match N {
            0 => true,
            1 => slot <= weight[0],
            2 => {
                let list = &self.lists[slot as usize];
                let after = list.partition_point(|kept| kept[0] <= weight[0]);
                after > 0 && list[after - 1][1] <= weight[1]
            }
            _ => self.lists[slot as usize].iter().any(|kept| no_worse(kept, weight)),
        }
    }

    /// Adds what nothing at the place beats, and drops what it beats.
    pub(crate) fn insert(&mut self, place: usize, weight: &[u32; N]) {
        match N {
            0 => self.slots[place] = 0,
            1 => self.slots[place] = weight[0],
            _ => {
                if self.slots[place] == NONE {
                    self.slots[place] = self.lists.len() as u32;
                    self.lists.push(Vec::new());
                }
                let list = &mut self.lists[self.slots[place] as usize];
                if N == 2 {
                    insert_step(list, weight);
                } else {
                    list.retain(|kept| !no_worse(weight, kept));
                    list.push(*weight);
                }
            }
        }
    }
}

fn insert_step<const N: usize>(list: &mut Vec<[u32; N]>, weight: &[u32; N]) {
    let from = list.partition_point(|kept| kept[0] < weight[0]);
    let beaten = list[from..].iter().take_while(|kept| kept[1] >= weight[1]).count();
    list.splice(from..from + beaten, [*weight]);
}

/// Something found at an end: when, what it takes, and whose label it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<const N: usize> {
    pub(crate) time: u32,
    pub(crate) weight: [u32; N],
    pub(crate) label: u32,
    pub(crate) end: u32,
}

/// The ways found so far, of which none beats another one; in order of time.
pub(crate) struct Target<const N: usize> {
    /// Thousandths: what is found covers what is up to this much better.
    epsilon: u32,
    found: Vec<Found<N>>,
    /// The same, each number shortened by epsilon: what is at least this is covered.
    covers: Vec<(u32, [u32; N])>,
}

impl<const N: usize> Target<N> {
    pub(crate) fn new(epsilon: u32) -> Self {
        Self { epsilon, found: Vec::new(), covers: Vec::new() }
    }

    /// Whether a way with at least this time and weight is covered by one that was found.
    pub(crate) fn covers(&self, time: u32, weight: &[u32; N]) -> bool {
        let after = self.covers.partition_point(|(found, _)| *found <= time);
        match N {
            0 => after > 0,
            // In order of time the other criterion falls.
            1 => after > 0 && self.covers[after - 1].1[0] <= weight[0],
            _ => self.covers[..after].iter().any(|(_, found)| no_worse(found, weight)),
        }
    }

    /// Adds a way, unless one that was found is no worse.
    pub(crate) fn offer(&mut self, found: Found<N>) {
        let no_later = self.found.partition_point(|other| other.time <= found.time);
        if self.found[..no_later].iter().any(|other| no_worse(&other.weight, &found.weight)) {
            return;
        }
        let from = self.found.partition_point(|other| other.time < found.time);
        let mut index = from;
        while index < self.found.len() {
            if no_worse(&found.weight, &self.found[index].weight) {
                self.found.remove(index);
                self.covers.remove(index);
            } else {
                index += 1;
            }
        }
        self.found.insert(from, found);
        let covers = (self.shorten(found.time), found.weight.map(|part| self.shorten(part)));
        self.covers.insert(from, covers);
    }

    /// The least number that this one is not more than epsilon above.
    fn shorten(&self, number: u32) -> u32 {
        let whole = u64::from(1_000 + self.epsilon);
        (u64::from(number) * 1_000).div_ceil(whole) as u32
    }

    pub(crate) fn found(&self) -> &[Found<N>] {
        &self.found
    }

    pub(crate) fn into_found(self) -> Vec<Found<N>> {
        self.found
    }
}
