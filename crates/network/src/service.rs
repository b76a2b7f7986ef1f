//! Services: how links are ridden.

use crate::{RowAt, Status};
use kervan_codes::PlaceCode;
use kervan_model::{LinkId, Mode, Provenance, ServiceId, TrafficClass};
use kervan_units::{Estimate, Seconds};

/// A directed service over one link or a chain of links, without a stop between.
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
    /// Whether it is in use.
    pub status: Status,
    /// Where running time and frequency come from.
    pub provenance: Provenance,
    /// Remark for people; empty if there is none.
    pub note: String,
    /// Its row.
    pub at: RowAt,
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
