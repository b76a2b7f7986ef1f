//! Which figures carry the result: each at its least and at its greatest, the others as they are.

use super::recommend::{DAY, Score, Wanted, money, pick};
use super::way::{Figure, Traced};
use super::{FigureFit, FigureOf, Swing, SwingEnd};
use crate::plan::Alternative;
use crate::{AlternativeId, limits};
use jiff::Timestamp;
use kervan_model::Provenance;
use kervan_odds::{Family, Solved};
use kervan_units::{Currency, Money, Seconds};
use std::collections::BTreeMap;

/// An alternative with its way, its odds and its weight.
pub(super) struct Seen<'a> {
    pub(super) alternative: &'a Alternative,
    pub(super) traced: Traced,
    pub(super) solved: Solved,
    pub(super) score: Score,
}

/// A figure with its two ends: hours, or minor units.
struct Swung {
    name: Option<String>,
    least: f64,
    most: f64,
    provenance: Provenance,
    family: Option<Family>,
    fit: Option<FigureFit>,
}

/// What is the same for every swing.
struct Bench<'a> {
    seen: &'a [Seen<'a>],
    best: usize,
    wanted: Wanted,
    deadline: Option<Timestamp>,
    currency: Currency,
}

/// Swings every figure of every alternative, and keeps the ones that turn the recommendation or move it most.
pub(super) fn list_swings(
    seen: &[Seen<'_>],
    best: usize,
    wanted: Wanted,
    deadline: Option<Timestamp>,
) -> Vec<Swing> {
    let Some(currency) = seen.first().map(|one| one.alternative.itinerary.cost.total.currency()) else {
        return Vec::new();
    };
    let bench = Bench { seen, best, wanted, deadline, currency };
    let mut figures: BTreeMap<FigureOf, Swung> = BTreeMap::new();
    // The recommended way first, so that a figure that several share has its points.
    let order = std::iter::once(best).chain(0..seen.len());
    for one in order.filter_map(|index| seen.get(index)) {
        collect(one, &mut figures);
    }
    let mut swings: Vec<Swing> = figures.into_iter().map(|(of, swung)| bench.swing(of, swung)).collect();
    let weight = |swing: &Swing| {
        let end = |end: &SwingEnd| {
            (end.arrival / 24.0 * wanted.per_day + end.cost.minor() as f64).abs().max(end.arrival.abs())
        };
        let flips = swing.least.flips_to.is_some() || swing.most.flips_to.is_some();
        (flips, end(&swing.least).max(end(&swing.most)))
    };
    swings.retain(|swing| weight(swing) > (false, 0.01));
    swings.sort_by(|one, other| {
        let (one, other) = (weight(one), weight(other));
        other.1.total_cmp(&one.1).then(other.0.cmp(&one.0))
    });
    // What turns the recommendation is shown even if it moves the recommended way little.
    let (turning, moving): (Vec<_>, Vec<_>) = swings.into_iter().partition(|swing| weight(swing).0);
    let turning = turning.into_iter().take(limits::MOST_SWINGS / 2);
    let mut shown: Vec<Swing> = turning.collect();
    let room = limits::MOST_SWINGS - shown.len();
    shown.extend(moving.into_iter().take(room));
    shown.sort_by(|one, other| weight(other).1.total_cmp(&weight(one).1));
    shown
}

fn collect(one: &Seen<'_>, figures: &mut BTreeMap<FigureOf, Swung>) {
    let legs = || one.alternative.itinerary.legs();
    for figure in one.traced.figures.iter().filter(|figure| figure.points.max() > figure.points.min()) {
        let (FigureOf::Ride { service } | FigureOf::Wait { service } | FigureOf::Price { service }) =
            &figure.of
        else {
            figures.entry(figure.of.clone()).or_insert_with(|| swung(figure, None));
            continue;
        };
        let name = legs().find(|leg| leg.service == *service).map(|leg| leg.name.clone());
        figures.entry(figure.of.clone()).or_insert_with(|| swung(figure, name));
    }
    for leg in legs() {
        let Some(cost) = leg.cost.as_ref().filter(|cost| cost.high != cost.low) else { continue };
        figures.entry(FigureOf::Price { service: leg.service.clone() }).or_insert_with(|| Swung {
            name: Some(leg.name.clone()),
            least: cost.low.minor() as f64,
            most: cost.high.minor() as f64,
            provenance: cost.provenance.clone(),
            family: None,
            fit: None,
        });
    }
}

fn swung(figure: &Figure, name: Option<String>) -> Swung {
    Swung {
        name,
        least: figure.points.min().as_hours_f64(),
        most: figure.points.max().as_hours_f64(),
        provenance: figure.provenance.clone(),
        family: Some(figure.family),
        fit: figure.fit,
    }
}

impl Bench<'_> {
    fn swing(&self, of: FigureOf, swung: Swung) -> Swing {
        let is_price = matches!(of, FigureOf::Price { .. });
        Swing {
            least: self.end(&of, swung.least, is_price),
            most: self.end(&of, swung.most, is_price),
            name: swung.name,
            provenance: swung.provenance,
            family: swung.family,
            fit: swung.fit,
            of,
        }
    }

    /// What a figure at one end does.
    fn end(&self, of: &FigureOf, value: f64, is_price: bool) -> SwingEnd {
        let scores: Vec<Score> = self.seen.iter().map(|one| self.moved(one, of, value)).collect();
        let (Some(now), Some(then)) = (self.seen.get(self.best), scores.get(self.best)) else {
            return SwingEnd { value, arrival: 0.0, cost: Money::zero(self.currency), flips_to: None };
        };
        let picked = pick(&scores, self.wanted).filter(|picked| *picked != self.best);
        SwingEnd {
            value: if is_price { money(value, self.currency).as_major_f64() } else { value },
            arrival: (then.days - now.score.days) * 24.0,
            cost: money(then.cost - now.score.cost, self.currency),
            flips_to: picked.and_then(|picked| self.id(picked)),
        }
    }

    fn id(&self, index: usize) -> Option<AlternativeId> {
        Some(self.seen.get(index)?.alternative.id)
    }

    /// The weight of an alternative if a figure has a value: hours, or minor units.
    fn moved(&self, one: &Seen<'_>, of: &FigureOf, value: f64) -> Score {
        let mut score = one.score;
        if let FigureOf::Price { service } = of {
            let legs = one.alternative.itinerary.legs().filter(|leg| leg.service == *service);
            for cost in legs.filter_map(|leg| leg.cost.as_ref()) {
                score.cost += value - cost.typical.minor() as f64;
            }
            return score;
        }
        let pinned = Seconds::from_hours_f64(value);
        let mut seconds = 0.0;
        for (index, _) in one.traced.figures.iter().enumerate().filter(|(_, figure)| figure.of == *of) {
            seconds += if one.traced.has_timetable() {
                one.solved.mean_if(&one.traced.way, index, pinned).map_or(0.0, |then| then - one.solved.mean)
            } else {
                pinned.get() as f64 - one.traced.part_mean(index)
            };
        }
        score.days += seconds / DAY;
        if let (Some(deadline), Some(_)) = (self.deadline, score.on_time) {
            let by = Seconds::between(one.alternative.itinerary.departs, deadline).get() as f64 - seconds;
            score.on_time = Some(one.solved.chance_by(Seconds::new(by.max(0.0) as u64)));
        }
        score
    }
}
