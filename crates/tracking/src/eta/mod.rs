//! Estimated time of arrival: the rest of the journey, drawn many times from the figures of the plan and what was measured.
//!
//! What is already known narrows it: the step under way has lasted so long and not less, a position says how far the leg is
//! done, a hold keeps the goods until it is released, something closed until it opens, a queue makes a stay longer, a departure
//! that was missed leaves the next one. Every step draws from a stream of random numbers of its own, so an
//! estimate moves only when a fact moves it, and [`Eta::because`] names that fact.

mod because;
mod journey;
mod rest;

use crate::chance::nearest_rank;
use crate::known::{ClosureNow, Known};
use crate::score::{ArrivalBand, Levels};
use jiff::{SignedDuration, Timestamp};
use kervan_codes::PlaceCode;
use kervan_events::{Milestone, MilestoneCode, Progress};
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
    /// What is known besides the events of this consignment.
    pub known: Known<'a>,
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
    /// Seven quantiles of the delivery, to be scored; estimates of an older version have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<ArrivalBand>,
    /// Which quantiles of the journeys drawn these are, if the score of earlier estimates has moved them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<Levels>,
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
    /// Closures that stand in the way, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closures: Vec<String>,
    /// Queues that are longer than usual: the place, and by how many quarters a stay there lasts longer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<(PlaceCode, u8)>,
    /// The departure that was missed last, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<String>,
    /// Measurements of the legs and dwells ahead that it rests on.
    #[serde(default)]
    pub measured: u32,
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
    let certain = |at| (ArrivalOdds { p10: at, p50: at, p90: at }, ArrivalBand::exactly(at));
    let mut eta = Eta {
        at: inputs.now,
        odds: certain(inputs.now).0,
        because: String::new(),
        remaining: Vec::new(),
        basis: basis(inputs),
        band: None,
        levels: None,
    };
    let drawn = match inputs.progress.delivered() {
        Some(_) => None,
        None => Some(journey::draw(inputs)),
    };
    let (odds, band) =
        match (inputs.progress.delivered(), drawn.as_ref().and_then(|drawn| drawn.reached.last())) {
            (Some(delivered), _) => certain(delivered),
            (None, None) => certain(inputs.itinerary.departs.max(inputs.now)),
            (None, Some((_, reached))) => {
                let ahead = Seconds::new(nearest_rank(reached, 0.5).max(0.0) as u64);
                eta.levels = inputs.known.calibration.and_then(|calibration| calibration.find(ahead));
                let levels = eta.levels.unwrap_or(Levels::NOMINAL);
                let quantiles = levels.shares().map(|share| after(inputs.now, nearest_rank(reached, share)));
                let band = ArrivalBand::of(quantiles);
                (band.odds(), band)
            }
        };
    (eta.odds, eta.band) = (odds, Some(band));
    if let Some(drawn) = drawn {
        let levels = eta.levels.unwrap_or(Levels::NOMINAL);
        let at = |reached: &[f64], share| after(inputs.now, nearest_rank(reached, share));
        let [_, p10, _, p50, _, p90, _] = levels.shares();
        let odds = |reached: &[f64]| ArrivalOdds {
            p10: at(reached, p10),
            p50: at(reached, p50),
            p90: at(reached, p90),
        };
        eta.remaining = drawn.reached.iter().map(|(index, reached)| (*index, odds(reached))).collect();
        eta.basis.overrun = drawn.overrun;
        eta.basis.measured = drawn.measured;
        eta.basis.queues = because::quarters(&drawn.queues);
    }
    eta.because = because::explain(inputs, &eta.basis, eta.odds);
    eta
}

fn after(now: Timestamp, seconds: f64) -> Timestamp {
    now.saturating_add(SignedDuration::from_secs(seconds.round() as i64)).unwrap_or(Timestamp::MAX)
}

/// What the estimate rests on, as far as it stands before anything is drawn.
fn basis(inputs: &EtaInputs<'_>) -> Basis {
    let known = &inputs.known;
    let progress = inputs.progress;
    let ahead = inputs.itinerary.legs().filter(|leg| {
        progress.milestones.iter().any(|milestone| {
            milestone.place == leg.to && milestone.code == MilestoneCode::Arrived && !milestone.is_behind()
        })
    });
    let legs: Vec<_> = ahead.collect();
    let stops = |closure: &&ClosureNow| {
        legs.iter().any(|leg| closure.stops_departure(leg) || closure.stops_arrival(leg))
    };
    let in_the_way = known.closures.iter().filter(|closure| closure.is_ahead(inputs.now)).filter(stops);
    let (closures, missed) = match progress.delivered() {
        Some(_) => (Vec::new(), None),
        None => (in_the_way.map(ClosureNow::words).collect(), known.missed.map(because::missed)),
    };
    Basis {
        reached: progress.milestones.iter().rposition(|milestone| milestone.actual.is_some()),
        holds: inputs.holds.iter().map(|hold| hold.reason.clone()).collect(),
        position_permille: inputs.position.map(|position| position.share_permille),
        closures,
        missed,
        ..Basis::default()
    }
}
