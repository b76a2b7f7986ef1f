//! Places and what happens to goods there.

use crate::{RowAt, Status};
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{CostBasis, Mode, ProcessKind, Provenance, TrafficClass};
use kervan_units::{Currency, Estimate, GeoPoint, Seconds};

use crate::TariffUnit;

/// A point of the network where goods start, stop or change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// UN/LOCODE, or a documented private code.
    pub code: PlaceCode,
    /// Name for people, in English.
    pub name: String,
    /// Country or customs territory.
    pub country: CountryCode,
    /// Time zone of the IANA database, for opening hours and display.
    pub zone: String,
    /// Where it is.
    pub point: GeoPoint,
    /// What is there.
    pub kinds: Vec<PlaceKind>,
    /// Whether it is in use.
    pub status: Status,
    /// What happens to goods there; see [`crate::Network::processes_of_stay`] for what applies to one stay.
    pub processes: Vec<Process>,
    /// Where the facts about the place come from.
    pub provenance: Provenance,
    /// Where its point comes from.
    pub point_provenance: Provenance,
    /// Licence of the point, such as `public domain` or `ODbL 1.0`.
    pub point_licence: String,
    /// Remark for people; empty if there is none.
    pub note: String,
    /// Its row.
    pub at: RowAt,
}

/// What is at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceKind {
    /// A town that is served without a terminal of its own in the network.
    City,
    /// Container terminal on a railway.
    RailTerminal,
    /// Junction or yard where trains are re-marshalled.
    RailJunction,
    /// Border crossing of a railway.
    BorderRail,
    /// Border crossing of a road.
    BorderRoad,
    /// Change of track gauge.
    GaugeChange,
    /// Inland terminal with customs.
    DryPort,
    /// Sea port.
    Seaport,
    /// Port of ferries for wagons or trucks.
    FerryPort,
    /// River port.
    InlandPort,
    /// Place where trucks are loaded or change hands.
    RoadHub,
}

impl PlaceKind {
    /// Every kind with its word in the tables.
    pub const WORDS: &'static [(&'static str, PlaceKind)] = &[
        ("city", Self::City),
        ("rail_terminal", Self::RailTerminal),
        ("rail_junction", Self::RailJunction),
        ("border_rail", Self::BorderRail),
        ("border_road", Self::BorderRoad),
        ("gauge_change", Self::GaugeChange),
        ("dry_port", Self::DryPort),
        ("seaport", Self::Seaport),
        ("ferry_port", Self::FerryPort),
        ("inland_port", Self::InlandPort),
        ("road_hub", Self::RoadHub),
    ];

    /// The word used in the tables and on the wire.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}

/// One thing that happens to goods at a place, with its duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Id of the row.
    pub id: String,
    /// What it is.
    pub kind: ProcessKind,
    /// To whom it happens.
    pub when: When,
    /// How long it takes. Unit: second.
    pub duration: Estimate<Seconds>,
    /// Whether the duration already contains the wait for the next vessel or train.
    pub includes_waiting: bool,
    /// How long it takes until goods are ready for a departure by timetable, where the duration contains the wait for one
    /// and the part without it is known. Unit: second.
    pub without_wait: Option<Estimate<Seconds>>,
    /// What it costs, where that is known.
    pub cost: Option<ProcessCost>,
    /// Where the duration comes from.
    pub provenance: Provenance,
    /// Remark for people; empty if there is none.
    pub note: String,
    /// Its row.
    pub at: RowAt,
}

/// To whom a process happens. `None` stands for any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// Mode of the arriving service.
    pub from_mode: Option<Mode>,
    /// Mode of the departing service.
    pub to_mode: Option<Mode>,
    /// Class of traffic of the arriving or departing service.
    pub class: Option<TrafficClass>,
    /// Country in which the departing service ends: tells the two directions of a border apart.
    pub towards: Option<CountryCode>,
    /// Only where the journey starts here.
    pub at_origin: bool,
    /// Only where the journey ends here.
    pub at_destination: bool,
}

/// The price of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessCost {
    /// What is priced.
    pub per: TariffUnit,
    /// The amount. Unit: minor unit of `currency`.
    pub amount: Estimate<i64>,
    /// Its currency.
    pub currency: Currency,
    /// What the amount rests on.
    pub basis: CostBasis,
    /// Where the amount comes from.
    pub provenance: Provenance,
}
