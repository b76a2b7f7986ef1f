//! How good estimates were: scored against what happened, said to whoever reads the next one, and used to mend its intervals.
//!
//! A forecast belongs to the class of how far ahead *it said* the arrival was, not of how far ahead it turned out to be: that
//! is what is known when it is read, and only so are its odds those of its class. Of each consignment one forecast counts in
//! each class, the first.

use crate::chance::nearest_rank;
use crate::parameters::Scoring;
use jiff::Timestamp;
use kervan_model::ArrivalOdds;
use kervan_units::Seconds;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Arrival at seven quantiles: the ends of the intervals that hold 50, 80 and 95 in a hundred, and the median.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrivalBand {
    /// 2.5 % quantile.
    pub p2_5: Timestamp,
    /// 10 % quantile.
    pub p10: Timestamp,
    /// 25 % quantile.
    pub p25: Timestamp,
    /// Median.
    pub p50: Timestamp,
    /// 75 % quantile.
    pub p75: Timestamp,
    /// 90 % quantile.
    pub p90: Timestamp,
    /// 97.5 % quantile.
    pub p97_5: Timestamp,
}

/// The shares that the quantiles of an [`ArrivalBand`] stand for.
pub const SHARES: [f64; 7] = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];

impl ArrivalBand {
    /// No doubt.
    pub fn exactly(at: Timestamp) -> Self {
        Self::of([at; 7])
    }

    /// From seven quantiles in order.
    pub fn of([p2_5, p10, p25, p50, p75, p90, p97_5]: [Timestamp; 7]) -> Self {
        Self { p2_5, p10, p25, p50, p75, p90, p97_5 }
    }

    /// The quantiles in order.
    pub fn quantiles(&self) -> [Timestamp; 7] {
        [self.p2_5, self.p10, self.p25, self.p50, self.p75, self.p90, self.p97_5]
    }

    /// Three of them.
    pub fn odds(&self) -> ArrivalOdds {
        ArrivalOdds { p10: self.p10, p50: self.p50, p90: self.p90 }
    }

    /// The share of the forecast below an instant: between two quantiles by the straight line, beyond the last ones by the
    /// exponential tail through the two nearest. Range: 0 to 1.
    pub fn rank(&self, at: Timestamp) -> f64 {
        let points = self.quantiles().map(|quantile| quantile.as_second() as f64);
        let at = at.as_second() as f64;
        let [first, second, .., before, last] = points;
        if at < first {
            return tail(first - at, second - first);
        }
        if at > last {
            return 1.0 - tail(at - last, last - before);
        }
        let mut known = points.iter().zip(SHARES);
        let Some((mut from, mut below)) = known.next() else { return 0.5 };
        for (to, share) in known {
            if at <= *to {
                let part = if to > from { (at - from) / (to - from) } else { 1.0 };
                return below + part * (share - below);
            }
            (from, below) = (to, share);
        }
        SHARES[6]
    }
}

/// The chance beyond the outermost quantile, when the distance from the one before it was a fall from 10 % to 2.5 %.
fn tail(beyond: f64, fall: f64) -> f64 {
    SHARES[0] * (-(4.0_f64.ln()) * beyond / fall.max(60.0)).exp()
}

/// Which quantiles of the journeys drawn are given as the seven of a band. Unit: ten-thousandth. Shape: ascending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Levels([u16; 7]);

impl Levels {
    /// The quantiles themselves.
    pub const NOMINAL: Self = Self([250, 1_000, 2_500, 5_000, 7_500, 9_000, 9_750]);

    /// The shares. Range: 0 to 1.
    pub fn shares(&self) -> [f64; 7] {
        self.0.map(|level| f64::from(level) / 1e4)
    }

    /// From shares in any order of floats; made ascending.
    fn of(shares: [f64; 7]) -> Self {
        let mut least = 0;
        Self(shares.map(|share| {
            least = ((share.clamp(0.0, 1.0) * 1e4).round() as u16).clamp(least, 9_999);
            least
        }))
    }

    /// The share of the journeys drawn that a share of the band as given stands for.
    fn drawn_share(&self, given: f64) -> f64 {
        let levels = self.shares();
        let mut points = vec![(0.0, 0.0)];
        points.extend(SHARES.into_iter().zip(levels));
        points.push((1.0, 1.0));
        for pair in points.windows(2) {
            if let [(from, low), (to, high)] = pair
                && given <= *to
            {
                let part = if to > from { (given - from) / (to - from) } else { 0.0 };
                return low + part * (high - low);
            }
        }
        1.0
    }
}

/// A forecast with what happened: kept for good once the goods are delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scored {
    /// Number of its class in [`Scoring::horizons`].
    pub horizon: u8,
    /// Where from and where to, as `from>to`.
    pub route: String,
    /// When it was given.
    pub given: Timestamp,
    /// What it said.
    pub band: ArrivalBand,
    /// Which quantiles of the journeys drawn that was, if they had been moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<Levels>,
    /// What happened.
    pub actual: Timestamp,
}

/// An estimate as it was kept, in order to be scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// When.
    pub at: Timestamp,
    /// What it said.
    pub band: ArrivalBand,
    /// How its quantiles had been moved.
    pub levels: Option<Levels>,
}

/// The class of a forecast that is so far ahead.
pub fn horizon_of(scoring: &Scoring, ahead: Seconds) -> u8 {
    let classes = scoring.horizons.iter().rposition(|(from, _)| *from <= ahead).unwrap_or(0);
    u8::try_from(classes).unwrap_or(u8::MAX)
}

/// Scores the estimates of a consignment that has arrived: the first of each class.
pub fn score(scoring: &Scoring, route: &str, given: &[Given], actual: Timestamp) -> Vec<Scored> {
    let mut first: BTreeMap<u8, Scored> = BTreeMap::new();
    for estimate in given.iter().filter(|estimate| estimate.at < actual) {
        let horizon = horizon_of(scoring, Seconds::between(estimate.at, estimate.band.p50));
        first.entry(horizon).or_insert_with(|| Scored {
            horizon,
            route: route.to_owned(),
            given: estimate.at,
            band: estimate.band,
            levels: estimate.levels,
            actual,
        });
    }
    first.into_values().collect()
}

/// How good forecasts were.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// How many journeys.
    pub journeys: usize,
    /// Mean absolute error of the median. Unit: second.
    pub mean_error_s: f64,
    /// Mean error of the median, later than said is positive. Unit: second.
    pub bias_s: f64,
    /// Pinball loss, the mean over the seven quantiles: smaller is better, and no interval can win by being wide. Unit: second.
    pub pinball_s: f64,
    /// How many of the journeys ended within the intervals of 50, 80 and 95 in a hundred. Range: 0 to 1.
    pub within: [f64; 3],
}

/// Scores forecasts together; nothing without any.
pub fn assess<'s>(scored: impl IntoIterator<Item = &'s Scored>) -> Option<Score> {
    let mut score = Score { journeys: 0, mean_error_s: 0.0, bias_s: 0.0, pinball_s: 0.0, within: [0.0; 3] };
    for one in scored {
        let quantiles = one.band.quantiles();
        let late = (one.actual.as_second() - one.band.p50.as_second()) as f64;
        score.journeys += 1;
        score.bias_s += late;
        score.mean_error_s += late.abs();
        for (quantile, share) in quantiles.iter().zip(SHARES) {
            let off = (one.actual.as_second() - quantile.as_second()) as f64;
            score.pinball_s += if off >= 0.0 { share * off } else { (share - 1.0) * off } / 7.0;
        }
        let [p2_5, p10, p25, _, p75, p90, p97_5] = quantiles;
        let ends = [(p25, p75), (p10, p90), (p2_5, p97_5)];
        for (within, (from, to)) in score.within.iter_mut().zip(ends) {
            *within += f64::from(u8::from((from..=to).contains(&one.actual)));
        }
    }
    if score.journeys == 0 {
        return None;
    }
    let count = score.journeys as f64;
    for sum in [&mut score.mean_error_s, &mut score.bias_s, &mut score.pinball_s] {
        *sum /= count;
    }
    score.within = score.within.map(|within| within / count);
    Some(score)
}

/// What can be said of an estimate from earlier ones like it.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Number of the class of forecasts.
    pub horizon: u8,
    /// The route, if only its journeys were counted.
    pub route: Option<String>,
    /// How many journeys there were.
    pub journeys: usize,
    /// Nine times of ten the median was off by no more than this; nothing as long as too few journeys were scored.
    pub nine_of_ten: Option<Seconds>,
}

/// Says how good estimates so far ahead were: on the route itself if enough of its journeys were scored, on all routes else.
///
/// Nine in ten is the rank of `0.9 (n + 1)` among the errors, so that the next journey is within it with at least that chance
/// whatever the shape of the errors (split conformal prediction); with fewer than nine journeys there is no such rank.
pub fn state(scoring: &Scoring, scored: &[Scored], route: &str, ahead: Seconds) -> Statement {
    let horizon = horizon_of(scoring, ahead);
    let errors = |own: bool| {
        let like = |one: &&Scored| one.horizon == horizon && (!own || one.route == route);
        let mut errors: Vec<f64> = scored
            .iter()
            .filter(like)
            .map(|one| (one.actual.as_second() - one.band.p50.as_second()).unsigned_abs() as f64)
            .collect();
        errors.sort_unstable_by(f64::total_cmp);
        errors
    };
    let own = errors(true);
    let (errors, route) =
        if own.len() >= scoring.say_from { (own, Some(route.to_owned())) } else { (errors(false), None) };
    let enough = errors.len() >= scoring.say_from.max(9);
    let rank = ((errors.len() + 1) as f64 * 0.9).ceil() as usize;
    let nine_of_ten =
        errors.get(rank.saturating_sub(1)).filter(|_| enough).map(|error| Seconds::new(*error as u64));
    Statement { horizon, route, journeys: errors.len(), nine_of_ten }
}

impl Statement {
    /// In words; the same on the page and in the terminal.
    pub fn words(&self) -> String {
        match self.nine_of_ten {
            Some(error) => {
                let days = error.as_hours_f64() / 24.0;
                let route = if self.route.is_some() { " on this route" } else { "" };
                format!(
                    "at this point we were within {days:.1} days nine times of ten (n={}{route})",
                    self.journeys
                )
            }
            None if self.journeys == 0 => "no journey was scored at this point yet".to_owned(),
            None => format!("too few journeys to say how good this is (n={})", self.journeys),
        }
    }
}

/// What the score says of the intervals: which quantiles of the journeys drawn to give for each class of forecasts.
///
/// The rank of what happened in each forecast should be spread evenly; where it is not, the quantile to give is the quantile
/// of the ranks (isotonic recalibration, Kuleshov, Fenner, Ermon 2018), blended with the quantile itself, which counts as a
/// number of journeys that is data. A class with too few journeys is left alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calibration {
    horizons: Vec<(Seconds, Option<Levels>)>,
}

impl Calibration {
    /// From what was scored.
    pub fn of(scoring: &Scoring, scored: &[Scored]) -> Self {
        let mut ranks: BTreeMap<u8, Vec<f64>> = BTreeMap::new();
        for one in scored {
            let given = one.band.rank(one.actual);
            let drawn = one.levels.map_or(given, |levels| levels.drawn_share(given));
            ranks.entry(one.horizon).or_default().push(drawn);
        }
        let levels = |ranks: &mut Vec<f64>| {
            ranks.sort_unstable_by(f64::total_cmp);
            let count = ranks.len() as f64;
            let weight = count / (count + scoring.calibrate_counts_as);
            let found = SHARES.map(|share| weight * nearest_rank(ranks, share) + (1.0 - weight) * share);
            Levels::of(found)
        };
        let horizons = (0_u8..)
            .zip(&scoring.horizons)
            .map(|(number, (from, _))| {
                let enough = ranks.get_mut(&number).filter(|ranks| ranks.len() >= scoring.calibrate_from);
                (*from, enough.map(levels))
            })
            .collect();
        Self { horizons }
    }

    /// What to give for a forecast that is so far ahead; nothing if its class was not scored often enough.
    pub fn find(&self, ahead: Seconds) -> Option<Levels> {
        self.horizons.iter().rev().find(|(from, _)| *from <= ahead)?.1
    }
}

/// The score of each class of forecasts that has one, by its name; over all routes or on one.
pub fn find_horizon_rows(scoring: &Scoring, scored: &[Scored], route: Option<&str>) -> Vec<(String, Score)> {
    let rows = (0_u8..).zip(&scoring.horizons);
    rows.filter_map(|(number, (_, name))| {
        let like = |one: &&Scored| one.horizon == number && route.is_none_or(|route| one.route == route);
        Some((name.clone(), assess(scored.iter().filter(like))?))
    })
    .collect()
}
