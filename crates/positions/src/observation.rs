//! What positions and sensors say that somebody may have to act on. Facts about facts: whether one is an alarm, to whom and how
//! often, is decided elsewhere.

use crate::sense::Mark;
use crate::sensor::SealFault;
use jiff::Timestamp;
use kervan_codes::{ContainerNumber, PlaceCode};
use kervan_events::MilestoneCode;
use kervan_model::{LinkId, TemperatureRange};
use kervan_units::{GeoPoint, Seconds};
use serde::{Deserialize, Serialize};

/// Something that positions or sensors say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Observation {
    /// Came within the fence of a place.
    Entered(Crossing),
    /// Left the fence of a place.
    Left {
        /// The crossing outwards.
        #[serde(flatten)]
        crossing: Crossing,
        /// How long it had been there; nothing if it was there from the first position on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dwell: Option<Seconds>,
    },
    /// Was far from the way of the plan.
    Deviated(Deviation),
    /// Went by another link than the plan has.
    RouteNotTaken {
        /// The link of the plan that it should have been on; nothing if the plan has none from there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        planned: Option<LinkId>,
        /// The link that it took.
        taken: LinkId,
        /// The first position on it.
        since: Timestamp,
        /// The first position on the way of the plan again; nothing if it is not back yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// How far along it has come. Unit: metre.
        along_m: u32,
    },
    /// Positions are doubted.
    Doubted {
        /// Why.
        mark: String,
        /// The first of them.
        since: Timestamp,
        /// The last of them.
        until: Timestamp,
        /// How many.
        count: u32,
    },
    /// Goods were too warm or too cold.
    Excursion(Excursion),
    /// The chain of seals is broken.
    SealChainBroken {
        /// Number of the seal.
        number: String,
        /// How.
        fault: SealFault,
        /// When it was seen.
        at: Timestamp,
    },
}

impl Observation {
    /// When it began.
    pub fn since(&self) -> Timestamp {
        match self {
            Self::Entered(crossing) | Self::Left { crossing, .. } => crossing.at,
            Self::Deviated(deviation) => deviation.since,
            Self::RouteNotTaken { since, .. } | Self::Doubted { since, .. } => *since,
            Self::Excursion(excursion) => excursion.since,
            Self::SealChainBroken { at, .. } => *at,
        }
    }

    /// The word of its kind.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Entered(_) => "entered",
            Self::Left { .. } => "left",
            Self::Deviated(_) => "deviated",
            Self::RouteNotTaken { .. } => "route_not_taken",
            Self::Doubted { .. } => "doubted",
            Self::Excursion(_) => "excursion",
            Self::SealChainBroken { .. } => "seal_chain_broken",
        }
    }

    /// The milestone that it lets one suppose, never one that was reported.
    pub fn derived_milestone(&self) -> Option<DerivedMilestone> {
        let (code, crossing) = match self {
            Self::Entered(crossing) => (MilestoneCode::Arrived, crossing),
            Self::Left { crossing, .. } => (MilestoneCode::Departed, crossing),
            _ => return None,
        };
        Some(DerivedMilestone {
            code,
            place: crossing.place.clone(),
            estimated: crossing.at,
            earliest: crossing.earliest,
            latest: crossing.latest,
        })
    }
}

/// A crossing of the fence of a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Crossing {
    /// The place.
    pub place: PlaceCode,
    /// When, on the straight line between the positions before and after.
    pub at: Timestamp,
    /// The last position before it.
    pub earliest: Timestamp,
    /// The first position after it.
    pub latest: Timestamp,
}

/// An arrival or departure that positions let one suppose. It stands beside what a carrier reports, under another name: an
/// estimate that a report replaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivedMilestone {
    /// Arrived or departed.
    pub code: MilestoneCode,
    /// Where.
    pub place: PlaceCode,
    /// When, most likely.
    pub estimated: Timestamp,
    /// Not before.
    pub earliest: Timestamp,
    /// Not after.
    pub latest: Timestamp,
}

/// A time away from the way of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deviation {
    /// The first position away from it.
    pub since: Timestamp,
    /// The first position that was back; nothing while it is away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// How long, up to the last position.
    pub duration: Seconds,
    /// The greatest distance. Unit: metre.
    pub farthest_m: u32,
    /// Where that was.
    pub farthest_at: GeoPoint,
    /// What is tolerated. Unit: metre.
    pub tolerance_m: u32,
}

/// A time outside of the temperatures that the goods want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Excursion {
    /// The container in which it was read; nothing if the readings speak of the whole consignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<ContainerNumber>,
    /// The first reading outside.
    pub since: Timestamp,
    /// The first reading inside again; nothing while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The reading farthest outside. Unit: tenth of a degree Celsius.
    pub peak: i16,
    /// When that was.
    pub peak_at: Timestamp,
    /// Mean kinetic temperature of the time outside. Unit: tenth of a degree Celsius.
    pub mean_kinetic: i16,
    /// What the goods want.
    pub range: TemperatureRange,
    /// How many readings were outside.
    pub readings: u32,
}

/// The observations that the marks of positions make: one for each run of the same doubt.
pub fn list_doubts(marked: &[(Timestamp, crate::Marks)]) -> Vec<Observation> {
    let mut found = Vec::new();
    for mark in Mark::ALL.into_iter().filter(|mark| mark.is_doubt()) {
        let mut run: Option<(Timestamp, Timestamp, u32)> = None;
        let mut close = |run: &mut Option<(Timestamp, Timestamp, u32)>| {
            if let Some((since, until, count)) = run.take() {
                found.push(Observation::Doubted { mark: mark.word().to_owned(), since, until, count });
            }
        };
        for (at, marks) in marked {
            match (marks.has(mark), &mut run) {
                (true, Some((_, until, count))) => (*until, *count) = (*at, *count + 1),
                (true, None) => run = Some((*at, *at, 1)),
                (false, _) => close(&mut run),
            }
        }
        close(&mut run);
    }
    found.sort_by_key(Observation::since);
    found
}
