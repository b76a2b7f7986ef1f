//! Estimated time of arrival: the rest of the journey, drawn many times from the same figures as the plan.
//!
//! What is already known narrows it: the step under way has lasted so long and not less, a position says how far the leg is
//! done, a hold keeps the goods until it is released. Every step draws from a stream of random numbers of its own, so an
//! estimate moves only when a fact moves it, and [`Eta::because`] names that fact.

mod because;
mod journey;
mod rest;

use crate::milestone::{Milestone, Progress};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_model::{ArrivalOdds, Itinerary, MovementId, Provenance};
use kervan_units::{Estimate, Seconds};
use serde::{Deserialize, Serialize};

/// The goods may not leave a place until an authority or operator lets them go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Where.
    pub place: PlaceCode,
    /// The transit movement that is under control, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub movement: Option<MovementId>,
    /// Since when.
    pub since: Timestamp,
    /// How long such a hold lasts from its beginning. Unit: second.
    pub duration: Estimate<Seconds>,
    /// Why, in words that follow "held at Aktau: ".
    pub reason: String,
    /// Where the duration comes from.
    pub provenance: Provenance,
}

/// How far along the leg under way the goods were seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegPosition {
    /// Share of the leg's length that is behind. Unit: thousandth. Range: 0 to 1000.
    pub share_permille: u16,
    /// When they were seen there.
    pub at: Timestamp,
}

/// What an estimate is made from.
#[derive(Clone, Copy)]
pub struct EtaInputs<'a> {
    /// The plan.
    pub itinerary: &'a Itinerary,
    /// What the events say.
    pub progress: &'a Progress,
    /// Holds that are not released yet.
    pub holds: &'a [Hold],
    /// Position on the leg under way, if one is known.
    pub position: Option<LegPosition>,
    /// The moment of the estimate.
    pub now: Timestamp,
    /// Seed of the random numbers; the same for all estimates of a consignment, so that they can be compared.
    pub seed: u64,
    /// Journeys drawn. Range: 1 to [`crate::limits::MOST_SAMPLES`]; others are moved to the nearer end.
    pub samples: u32,
    /// The estimate before this one, to say what has changed.
    pub previous: Option<&'a Eta>,
    /// Name of a place for people.
    pub place_name: &'a dyn Fn(&PlaceCode) -> String,
}

/// When the goods will arrive, with odds, and why that changed. Kept for good: every estimate ever given can be scored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eta {
    /// When it was made.
    pub at: Timestamp,
    /// Delivery to the consignee.
    pub odds: ArrivalOdds,
    /// What moved it since the estimate before, in words.
    pub because: String,
    /// Odds of every milestone that is still ahead: its number in [`Progress::milestones`], and when.
    pub remaining: Vec<(usize, ArrivalOdds)>,
    /// The facts it rests on, to be compared with those of the next one.
    pub basis: Basis,
}

/// The facts that an estimate rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Number of the last milestone reported.
    pub reached: Option<usize>,
    /// Reasons of the holds in force, in order of place.
    pub holds: Vec<String>,
    /// Share of the leg that a position showed, in thousandths.
    pub position_permille: Option<u16>,
    /// Whether the step under way has lasted longer than any figure for it.
    pub overrun: bool,
}

impl Eta {
    /// Writes the medians into the milestones that are still ahead, and clears them from those behind.
    pub fn note_into(&self, milestones: &mut [Milestone]) {
        for (index, milestone) in milestones.iter_mut().enumerate() {
            let odds = self.remaining.iter().find(|(number, _)| *number == index);
            milestone.estimated = odds.filter(|_| !milestone.is_behind()).map(|(_, odds)| odds.p50);
        }
    }
}

/// Estimates when every milestone ahead will be reached.
///
/// Integers come out, and the same inputs give the same estimate. An itinerary without steps is delivered when it departs.
pub fn estimate_arrival(inputs: &EtaInputs<'_>) -> Eta {
    let (remaining, overrun) = match inputs.progress.delivered() {
        Some(_) => (Vec::new(), false),
        None => journey::draw(inputs),
    };
    let certain = |at| ArrivalOdds { p10: at, p50: at, p90: at };
    let odds = match (inputs.progress.delivered(), remaining.last()) {
        (Some(delivered), _) => certain(delivered),
        (None, Some((_, odds))) => *odds,
        (None, None) => certain(inputs.itinerary.departs.max(inputs.now)),
    };
    let basis = Basis {
        reached: inputs.progress.milestones.iter().rposition(|milestone| milestone.actual.is_some()),
        holds: inputs.holds.iter().map(|hold| hold.reason.clone()).collect(),
        position_permille: inputs.position.map(|position| position.share_permille),
        overrun,
    };
    let because = because::explain(inputs, &basis, odds);
    Eta { at: inputs.now, odds, because, remaining, basis }
}
