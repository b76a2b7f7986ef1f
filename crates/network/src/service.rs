//! Services: how links are ridden.

use crate::{RowAt, Status};
use kervan_codes::PlaceCode;
use kervan_model::{LinkId, Mode, Provenance, ServiceId, TrafficClass};
use kervan_units::{Estimate, Seconds};

/// A directed service over one link or a chain of links, without a stop between.
///
/// A service that stops on the way is there as a whole and once more for each pair of its stops; see [`Service::part_of`].
///
/// A row for both directions gives two: `S020` and `S020R`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Id; ends in `R` for the opposite direction of a row.
    pub id: ServiceId,
    /// Name for people.
    pub name: String,
    /// Who runs it, in words.
    pub operator: String,
    /// Class of traffic.
    pub class: TrafficClass,
    /// Mode.
    pub mode: Mode,
    /// Where it is boarded.
    pub from: PlaceCode,
    /// Where it is left.
    pub to: PlaceCode,
    /// Links in the order of the ride. Invariant: not empty.
    pub links: Vec<LinkId>,
    /// Time of the whole ride without the stays at its ends. Unit: second.
    pub running: Estimate<Seconds>,
    /// When it leaves.
    pub runs: Runs,
    /// Containers that one departure takes. Unit: TEU.
    pub capacity_teu: Option<u32>,
    /// How it fills, if it leaves when full and that is known.
    pub filling: Option<Filling>,
    /// The service of which it is a part, between two of its stops.
    pub part_of: Option<ServiceId>,
    /// Whether it is in use.
    pub status: Status,
    /// Where running time and frequency come from.
    pub provenance: Provenance,
    /// Remark for people; empty if there is none.
    pub note: String,
    /// Its row.
    pub at: RowAt,
}

/// How a service that leaves when full fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filling {
    /// What it takes. Unit: TEU.
    pub capacity_teu: u32,
    /// What arrives for it in a day. Unit: TEU. Invariant: above zero.
    pub arrivals_per_day: Estimate<u32>,
}

impl Filling {
    /// The wait of one consignment: nothing for the one that fills it, the whole time of filling at the slowest rate for
    /// the first one, and half of the usual time for one in the middle. Unit: second.
    pub fn wait(&self) -> Estimate<Seconds> {
        let filled_in =
            |per_day: u32| Seconds::new(u64::from(self.capacity_teu) * 86_400 / u64::from(per_day.max(1)));
        let (usual, slowest) =
            (filled_in(self.arrivals_per_day.typ()), filled_in(self.arrivals_per_day.min()));
        Estimate::new(Seconds::ZERO, Seconds::new(usual.get() / 2), slowest)
            .unwrap_or(Estimate::exactly(slowest))
    }
}

/// When a service leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// At even intervals.
    Headway {
        /// Time from one departure to the next. Unit: second.
        every: Seconds,
    },
    /// When it is full.
    LeavesWhenFull {
        /// Wait of a consignment for it. Unit: second.
        wait: Estimate<Seconds>,
    },
    /// When it is ordered.
    OnDemand,
}
