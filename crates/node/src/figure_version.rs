//! Plans from what was measured: which measurements a plan rests on has a name, so that the same plan can be made again.
//!
//! An alternative is accepted by its name within a plan, and the plan is computed again then. Measurements come in meanwhile, and
//! with others the same name could mean another way. So a plan says up to which measurement, and as of which day, figures were
//! learned; whoever accepts it says it back, and the figures are learned again from the rows of the store, which are never changed.

use crate::{Desk, Refusal};
use jiff::Timestamp;
use kervan_model::{Finding, Itinerary};
use kervan_planning::{
    self as planning, Explained, Plan, PlanOptions, PlanRequest, Preferences, plan_learned,
};
use kervan_store::MeasuredRow;
use kervan_tracking::{FigureKey, Learned, LearnedFigure, Measure, Parameters};
use kervan_units::Seconds;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

/// Quantiles by which a learned figure enters a plan: between two of them a plan sees a straight line.
const QUANTILES: usize = 40;

/// Days are the steps in which measurements grow old in plans; their half-life is half a year.
const DAY_S: i64 = 86_400;

/// Which measurements a plan rests on. Shape: `published`, or the number of the last measurement, `@` and the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FigureVersion {
    /// None: published figures alone.
    #[default]
    Published,
    /// Those of the store up to one.
    Measured {
        /// The last of them, counted as the store counts.
        last: u64,
        /// As of the beginning of this day; what is older counts for less.
        day: Timestamp,
    },
}

/// A text that names no version of figures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` names no version of figures: it is `published`, or what a plan said of itself, such as `1204@2026-12-09`"
)]
pub struct NoFigureVersion(String);

impl fmt::Display for FigureVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Published => f.write_str("published"),
            Self::Measured { last, day } => write!(f, "{last}@{}", day.strftime("%Y-%m-%d")),
        }
    }
}

impl FromStr for FigureVersion {
    type Err = NoFigureVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "published" {
            return Ok(Self::Published);
        }
        let read = || {
            let (last, day) = text.split_once('@')?;
            let day: jiff::civil::Date = day.parse().ok()?;
            let day = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
            Some(Self::Measured { last: last.parse().ok()?, day })
        };
        read().ok_or_else(|| NoFigureVersion(text.chars().take(40).collect()))
    }
}

/// A plan with what it rests on besides published figures.
#[derive(Clone, Debug)]
pub struct MeasuredPlan {
    /// The plan.
    pub plan: Plan,
    /// Which measurements it rests on.
    pub version: FigureVersion,
    /// The figures of its ways that were measured, by key, with how often, and since when they have drifted.
    pub figures: Vec<LearnedFigure>,
}

/// What plans know: figures up to a measurement, and the quantiles of those that were asked for.
#[derive(Default)]
pub(crate) struct PlanBook {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    last: u64,
    learned: Learned,
    day: Option<Timestamp>,
    quantiles: BTreeMap<FigureKey, (u32, planning::LearnedFigure)>,
}

impl Known {
    /// Takes in what was measured up to `last`.
    fn learn(&mut self, desk: &Desk, last: u64) -> Result<(), Refusal> {
        let parameters = &desk.rules.tracking;
        for row in desk.store.list_measured_between(self.last, last)? {
            if let Some(measure) = read_measure(&row) {
                self.learned.take(&measure, &parameters.learning);
            }
        }
        self.last = last;
        Ok(())
    }

    /// The figures as of a day, for the planner. Only those that were measured since are computed anew.
    fn figures(&mut self, parameters: &Parameters, day: Timestamp) -> planning::Learned {
        if self.day != Some(day) {
            (self.day, self.quantiles) = (Some(day), BTreeMap::new());
        }
        let mut found = planning::Learned::default();
        for page in self.learned.list(&parameters.learning, day) {
            let Some(key) = key_of(&page.key) else { continue };
            let measured = page.figure.measured();
            let fresh = self.quantiles.get(&page.key).is_some_and(|(count, _)| *count == measured);
            if !fresh {
                let quantiles = page.figure.quantiles(QUANTILES);
                let share = page.figure.published_share();
                let figure = planning::LearnedFigure::of_quantiles(&quantiles, measured, share);
                self.quantiles.insert(page.key.clone(), (measured, figure));
            }
            if let Some((_, figure)) = self.quantiles.get(&page.key) {
                found.insert(key, figure.clone());
            }
        }
        found
    }
}

/// The measurement of a row; nothing if an older version wrote it in a way that says nothing any more.
pub(crate) fn read_measure(row: &MeasuredRow) -> Option<Measure> {
    Some(Measure {
        key: row.key.parse().ok()?,
        instance: row.instance.clone(),
        at: row.at,
        seconds: Seconds::new(row.seconds),
        published: serde_json::from_str(&row.published).ok()?,
    })
}

/// The planner's name of a leg or dwell; it knows no time on board before the departure.
fn key_of(key: &FigureKey) -> Option<planning::LearnedKey> {
    match key {
        FigureKey::Ride(service) => Some(planning::LearnedKey::Ride(service.clone())),
        FigureKey::Boarded(_) => None,
        FigureKey::Stay { place, processes, towards } => Some(planning::LearnedKey::Stay {
            place: place.clone(),
            processes: processes.clone(),
            towards: towards.clone(),
        }),
    }
}

/// The version of the figures of now.
pub fn newest_figures(desk: &Desk, now: Timestamp) -> Result<FigureVersion, Refusal> {
    match desk.store.last_measured()? {
        0 => Ok(FigureVersion::Published),
        last => {
            let second = now.as_second();
            let day = Timestamp::from_second(second - second.rem_euclid(DAY_S)).unwrap_or(now);
            Ok(FigureVersion::Measured { last, day })
        }
    }
}

/// What was measured up to a version, for the planner, and where it comes from.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Which measurements.
    pub version: FigureVersion,
    /// Their figures, for the planner.
    pub learned: planning::Learned,
    book: Learned,
    day: Timestamp,
}

/// Learns figures up to a version; the same version gives the same figures.
///
/// Errors: the store has no such measurement.
pub fn load_figures(desk: &Desk, version: FigureVersion) -> Result<Figures, Refusal> {
    let FigureVersion::Measured { last, day } = version else {
        let (learned, book) = (planning::Learned::default(), Learned::default());
        return Ok(Figures { version, learned, book, day: Timestamp::UNIX_EPOCH });
    };
    if last > desk.store.last_measured()? {
        let message = format!("nothing was measured up to {version} here");
        let finding = Finding::error("node.figures-unknown", message).at("/plan/figures");
        return Err(Refusal::invalid(finding.remedy("plan again on this node")));
    }
    let parameters = &desk.rules.tracking;
    let mut known = desk.plan_book.known.lock().unwrap_or_else(PoisonError::into_inner);
    if last < known.last {
        drop(known);
        // Somebody accepts a plan that is older than the newest: what came after it is left out.
        let mut older = Known::default();
        older.learn(desk, last)?;
        return Ok(Figures { version, learned: older.figures(parameters, day), book: older.learned, day });
    }
    known.learn(desk, last)?;
    Ok(Figures { version, learned: known.figures(parameters, day), book: known.learned.clone(), day })
}

impl Figures {
    /// Plans and explains from these figures, or takes the answer to the same question that is remembered. Returns with it the
    /// figures of its ways that were measured.
    ///
    /// Errors: findings of the request.
    pub fn explain(
        &self,
        desk: &Desk,
        request: &PlanRequest,
        options: &PlanOptions,
        preferences: &Preferences,
    ) -> Result<(Explained, Vec<LearnedFigure>), Refusal> {
        let explained = desk.plan_cache.explain(&(request, options, preferences, self.version), || {
            planning::explain(&desk.network, request, options, preferences, &self.learned)
        });
        let mut explained = explained.map_err(Refusal::Invalid)?;
        let measured = self.note(desk, &mut explained.plan);
        Ok((explained, measured))
    }

    /// Notes in a plan from these figures which they are. Returns those of its ways that were measured, by key.
    pub fn note(&self, desk: &Desk, plan: &mut Plan) -> Vec<LearnedFigure> {
        let mut found: BTreeMap<FigureKey, LearnedFigure> = BTreeMap::new();
        if self.version == FigureVersion::Published {
            return Vec::new();
        }
        for alternative in &mut plan.alternatives {
            alternative.itinerary.inputs.figures = Some(self.version.to_string());
            found.extend(used(&self.book, &alternative.itinerary, &desk.rules.tracking, self.day));
        }
        found.into_values().collect()
    }
}

/// Plans from published figures and what was measured up to a version; the same version gives the same plan.
///
/// Errors: findings of the request; the store has no such measurement.
pub fn plan_measured(
    desk: &Desk,
    request: &PlanRequest,
    options: &PlanOptions,
    version: FigureVersion,
) -> Result<MeasuredPlan, Refusal> {
    let figures = load_figures(desk, version)?;
    let plan = desk.plan_cache.plan(&(request, options, version), || {
        plan_learned(&desk.network, request, options, &figures.learned)
    });
    let mut plan = plan.map_err(Refusal::Invalid)?;
    let figures = figures.note(desk, &mut plan);
    Ok(MeasuredPlan { plan, version, figures })
}

/// The figures of a way that a plan took from measurements.
fn used(
    book: &Learned,
    itinerary: &Itinerary,
    parameters: &Parameters,
    day: Timestamp,
) -> impl Iterator<Item = (FigureKey, LearnedFigure)> {
    let pages = book.of_itinerary(itinerary).list(&parameters.learning, day);
    pages.into_iter().filter(|page| key_of(&page.key).is_some()).map(|page| (page.key.clone(), page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_come_back_as_what_they_were() {
        for text in ["published", "1204@2026-12-09", "1@2027-01-01"] {
            assert_eq!(text.parse::<FigureVersion>().unwrap().to_string(), text);
        }
        for wrong in ["", "1204", "@2026-12-09", "x@2026-12-09", "1@yesterday", "-1@2026-12-09"] {
            assert!(wrong.parse::<FigureVersion>().is_err(), "{wrong}");
        }
    }
}
