//! Where storage is charged: goods may wait on purpose.
//!
//! It can be cheaper to let a departure go and lie where it costs nothing than to go at once and lie at a dearer stop, so
//! every later departure is a choice, and every later opening of a stop or a line. Goods that find a stop or a line open
//! do not wait otherwise. Without storage the first choice is never worse, and this file is not used.

use super::Run;
use super::expand::Boarding;
use crate::limits::MOST_CHOICES;
use crate::network::{Gated, NONE, Storage};
use crate::search::Stopped;

/// What lying at a stop costs.
pub(crate) fn charge(storage: Option<Storage>, dwell: u32) -> u32 {
    storage.map_or(0, |storage| {
        let over = dwell.saturating_sub(storage.free);
        over.div_ceil(storage.period.max(1)).saturating_mul(storage.price)
    })
}

impl<const N: usize> Run<'_, N> {
    /// Boards each departure that goods could wait for.
    pub(super) fn board_by_choice(&mut self, boarding: &Boarding<N>, stay: &Gated) {
        let network = self.setting.network;
        let at = network.positions[boarding.position as usize];
        let line = &network.lines[at.line as usize];
        let last = self.setting.begin.saturating_add(self.setting.horizon);
        if !line.is_timetable {
            return self.board_anytime_by_choice(boarding, stay, last);
        }
        let Some(ready) = network.ready(at.stop, stay, boarding.free) else { return };
        let least = ready.saturating_add(at.cutoff).saturating_sub(at.departs);
        let range = line.runs.start as usize..line.runs.end as usize;
        let (starts, capacities) = (&network.starts[range.clone()], &network.capacities[range]);
        // A later departure is only worth a thought if lying somewhere ahead can cost more than lying here.
        let ahead = &network.positions[boarding.position as usize + 1..line.end as usize];
        let waiting_helps = ahead
            .iter()
            .any(|position| position.node != NONE && network.risk[position.node as usize].price > 0);
        let first = starts.partition_point(|start| *start < least);
        for trip in first..starts.len() {
            let departs = starts[trip] + at.departs;
            if departs > last {
                return;
            }
            if capacities[trip] >= self.setting.demand {
                self.ride_after_storage(boarding, departs, trip as u32, NONE);
                if !waiting_helps {
                    return;
                }
            }
        }
    }

    fn board_anytime_by_choice(&mut self, boarding: &Boarding<N>, stay: &Gated, last: u32) {
        let network = self.setting.network;
        let at = network.positions[boarding.position as usize];
        let line = network.line_of(boarding.position);
        let ready: Vec<u32> = self.list_ready(at.stop, stay, boarding.free, last);
        let ready = ready.into_iter().map(|ready| ready.saturating_add(at.cutoff));
        if !network.mirrored || line.runs.is_empty() {
            let mut instants: Vec<u32> =
                ready.flat_map(|ready| self.list_open(&line.runs, ready, last)).collect();
            instants.sort_unstable();
            instants.dedup();
            for departs in instants {
                self.ride_after_storage(boarding, departs, NONE, NONE);
            }
            return;
        }
        let ready: Vec<u32> = ready.collect();
        for to in boarding.position + 1..line.end {
            let ride = network.riding(boarding.position, to);
            let opens =
                ready.iter().flat_map(|ready| self.list_open(&line.runs, ready.saturating_add(ride), last));
            let mut instants: Vec<u32> = opens.collect();
            instants.sort_unstable();
            instants.dedup();
            for arrives in instants {
                self.ride_after_storage(boarding, arrives - ride, NONE, to);
            }
        }
    }

    /// When goods can be ready: by the first opening, and by each later one.
    fn list_ready(&mut self, stop: u32, stay: &Gated, free: u32, last: u32) -> Vec<u32> {
        let begun = free.saturating_add(stay.before);
        if !stay.waits_for_opening {
            return vec![begun.saturating_add(stay.after)];
        }
        let open = self.setting.network.stops[stop as usize].open.clone();
        let mut list = self.list_open(&open, begun, last);
        list.iter_mut().for_each(|ready| *ready = ready.saturating_add(stay.after));
        list
    }

    /// The instant itself if it is open, and the beginning of each later window.
    fn list_open(&mut self, windows: &std::ops::Range<u32>, from: u32, last: u32) -> Vec<u32> {
        let Some(first) = self.setting.network.first_open(windows, from) else { return Vec::new() };
        let windows = &self.setting.network.windows[windows.start as usize..windows.end as usize];
        let next = windows.partition_point(|window| window.from <= first);
        let later = windows[next..].iter().map(|window| window.from).take_while(|from| *from <= last);
        let list: Vec<u32> = std::iter::once(first).chain(later).take(MOST_CHOICES).collect();
        if list.len() == MOST_CHOICES {
            self.stopped = Some(Stopped::TooManyLabels { most: MOST_CHOICES });
        }
        list
    }

    fn ride_after_storage(&mut self, boarding: &Boarding<N>, departs: u32, trip: u32, only: u32) {
        let network = self.setting.network;
        let mut boarding = *boarding;
        if let (Some(slot), false) = (self.storage, boarding.origin) {
            let at = network.positions[boarding.position as usize];
            let alighted = self.labels[boarding.before as usize].alighted;
            // The clock runs from free goods to departure; in the mirror both ends are the other way round.
            let dwell = match network.mirrored {
                false => departs - boarding.free,
                true => {
                    (departs - at.cutoff) - (boarding.free - network.positions[alighted as usize].release)
                }
            };
            let storage = network.stops[at.stop as usize].storage;
            boarding.weight[slot] = boarding.weight[slot].saturating_add(charge(storage, dwell));
        }
        self.ride(&boarding, departs, trip, only);
    }
}
