//! The summary of a consignment: what lists, maps and followers see.

use jiff::Timestamp;
use kervan_codes::{ContainerNumber, PlaceCode};
use kervan_model::{ArrivalOdds, Mode, PartyId, Reference};
use serde::{Deserialize, Serialize};

/// Where a consignment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsignmentState {
    /// Declared, no itinerary yet.
    Draft,
    /// An itinerary is accepted, nothing has moved.
    Planned,
    /// On the way.
    InTransit,
    /// An authority holds it.
    Held,
    /// The consignee has it.
    Delivered,
}

impl ConsignmentState {
    /// Every state, in order.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Planned, Self::InTransit, Self::Held, Self::Delivered];

    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Planned => "planned",
            Self::InTransit => "in_transit",
            Self::Held => "held",
            Self::Delivered => "delivered",
        }
    }
}

/// A position and when it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PositionAt {
    /// Latitude. Unit: 1e-7 degree.
    pub lat_e7: i32,
    /// Longitude. Unit: 1e-7 degree.
    pub lon_e7: i32,
    /// When.
    pub at: Timestamp,
}

/// What lists, maps and followers see of a consignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Reference.
    pub reference: Reference,
    /// Who declared it.
    pub forwarder: PartyId,
    /// Origin.
    pub from: PlaceCode,
    /// Destination.
    pub to: PlaceCode,
    /// The first goods item, and how many more there are.
    pub goods: String,
    /// Containers.
    pub equipment: Vec<ContainerNumber>,
    /// Where it stands.
    pub state: ConsignmentState,
    /// When it is ready at the origin.
    pub ready: Timestamp,
    /// Planned arrival, median of the accepted itinerary.
    pub planned_arrival: Option<Timestamp>,
    /// Arrival as expected now.
    pub eta: Option<ArrivalOdds>,
    /// When the consignee got it.
    pub delivered: Option<Timestamp>,
    /// Where it was last seen.
    pub position: Option<PositionAt>,
    /// How far along the itinerary. Unit: thousandth.
    pub progress_permille: u16,
    /// The last thing that happened, in words.
    pub last_event: Option<String>,
    /// What somebody should look at, in words.
    pub attention: Option<String>,
    /// How it moves now, if it moves.
    pub mode: Option<Mode>,
}
