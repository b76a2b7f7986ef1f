//! What an earlier arrival can cost where storage is charged.
//!
//! Goods that come earlier can do everything that goods do which come later: take the same departures, begin when the
//! same opening begins, or leave by a line that runs at any time and keep their lead. Whenever the lead shrinks they have
//! waited longer than the others, by as much as it shrank, and once it is gone both are in the same place at the same
//! time. So a lead of `d` ticks costs at most the dearest price for `d` ticks of storage, once more a started period for
//! each stay at which it may shrink. The stays that matter are the one at the node and those that are reached from it by
//! lines that run at any time: boarding a departure of a timetable ends the lead.
//!
//! A label may therefore displace a later one at the same node if it is no worse after this was added to its cost.

use super::compile::{Compiled, NONE};

/// The most that a lead costs at a node and after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StorageRisk {
    /// Dearest price of a period; 0 if no storage is charged from here on.
    pub(crate) price: u32,
    /// Shortest period.
    period: u32,
    /// Stays at which the lead may shrink.
    stays: u32,
}

impl StorageRisk {
    /// What a lead can cost at most. Unit: of the cost.
    pub(crate) fn of_lead(self, lead: u32) -> u32 {
        if lead == 0 || self.price == 0 {
            return 0;
        }
        let periods = u64::from(lead / self.period.max(1)) + u64::from(self.stays);
        u32::try_from(periods * u64::from(self.price)).unwrap_or(u32::MAX)
    }
}

/// Chains of lines that run at any time are followed this far; where they go on, every stop may be one of them.
const ROUNDS: u32 = 64;

/// The risk of every node; empty if no stop charges storage.
pub(super) fn assess_risk(network: &Compiled) -> Vec<StorageRisk> {
    if network.stops.iter().all(|stop| stop.storage.is_none()) {
        return Vec::new();
    }
    let own = |node: usize| {
        let storage = network.stops[network.node_stops[node] as usize].storage;
        storage.map_or(StorageRisk::default(), |storage| StorageRisk {
            price: storage.price,
            period: storage.period,
            stays: 1,
        })
    };
    let count = network.node_stops.len();
    let stops = network.stops.len() as u32;
    let mut risk: Vec<StorageRisk> = (0..count).map(own).collect();
    loop {
        let mut changed = false;
        for node in 0..count {
            let mut joined =
                after(network, &risk, node as u32).fold(own(node), |sum, next| join(own(node), sum, next));
            // More stays than stops there cannot be; a chain that goes in a circle is cut there.
            if joined.stays > ROUNDS.min(stops) {
                joined.stays = stops;
            }
            changed |= joined != risk[node];
            risk[node] = joined;
        }
        if !changed {
            return risk;
        }
    }
}

fn join(own: StorageRisk, sum: StorageRisk, next: StorageRisk) -> StorageRisk {
    if next.price == 0 {
        return sum;
    }
    let period = if sum.price == 0 { next.period } else { sum.period.min(next.period) };
    StorageRisk { price: sum.price.max(next.price), period, stays: sum.stays.max(own.stays + next.stays) }
}

/// The risks of the nodes that one ride at any time leads to.
fn after<'a>(
    network: &'a Compiled,
    risk: &'a [StorageRisk],
    node: u32,
) -> impl Iterator<Item = StorageRisk> + 'a {
    let rides = network.edges.row(node).iter().filter(|edge| !network.lines[edge.line as usize].is_timetable);
    rides.flat_map(move |edge| {
        let line = &network.lines[edge.line as usize];
        let later = &network.positions[edge.position as usize + 1..line.end as usize];
        later.iter().filter(|position| position.node != NONE).map(|position| risk[position.node as usize])
    })
}
