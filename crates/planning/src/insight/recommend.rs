//! Which way is recommended, and what would make another one win.

use super::fallback::plan_fallbacks;
use super::outlook::outlook;
use super::swing::{Seen, list_swings};
use super::way::{Source, Traced};
use super::{DayPrice, Insight, Outlook, Preferences, Reason, Rival};
use crate::ground::Ground;
use crate::plan::{Assumption, Plan};
use crate::{AlternativeId, Learned};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kervan_codes::SizeType;
use kervan_model::{Confidence, Itinerary, Provenance, ServiceId};
use kervan_network::Network;
use kervan_units::{Currency, Money};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Seconds of a day.
pub(super) const DAY: f64 = 86_400.0;

/// An alternative as it is weighed. Amounts in minor units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Score {
    /// Expected days from start to arrival.
    pub(super) days: f64,
    pub(super) cost: f64,
    /// Whether every leg has a price.
    pub(super) priced: bool,
    /// The chance to meet the deadline, if there is one.
    pub(super) on_time: Option<f64>,
}

/// What is wanted, in numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// Minor units per day.
    pub(super) per_day: f64,
    pub(super) chance: f64,
}

impl Score {
    pub(super) fn total(self, wanted: Wanted) -> f64 {
        self.cost + self.days * wanted.per_day
    }

    fn is_on_time(self, wanted: Wanted) -> bool {
        self.on_time.is_none_or(|chance| chance >= wanted.chance)
    }
}

/// The recommended one: of those that meet the deadline with the wanted chance (or come nearest to it, if none does), first
/// those of which every leg has a price, then the least of cost and value of days together.
pub(super) fn pick(scores: &[Score], wanted: Wanted) -> Option<usize> {
    let any_on_time = scores.iter().any(|score| score.is_on_time(wanted));
    let compare = |one: &Score, other: &Score| -> Ordering {
        let late = |score: &Score| any_on_time && !score.is_on_time(wanted);
        let chance = |score: &Score| if any_on_time { 0.0 } else { -score.on_time.unwrap_or(0.0) };
        late(one)
            .cmp(&late(other))
            .then(chance(one).total_cmp(&chance(other)))
            .then(other.priced.cmp(&one.priced))
            .then(one.total(wanted).total_cmp(&other.total(wanted)))
    };
    let ranked = scores.iter().enumerate().min_by(|(_, one), (_, other)| compare(one, other));
    ranked.map(|(index, _)| index)
}

/// An amount that was computed in minor units.
pub(super) fn money(minor: f64, currency: Currency) -> Money {
    // Casts of floats saturate, and what is not a number becomes zero.
    Money::from_minor(minor.round() as i64, currency)
}

/// Looks into a plan. `None` if it has no alternatives.
pub(super) fn look_into(
    ground: &Ground<'_>,
    plan: &Plan,
    wide: &[Itinerary],
    preferences: &Preferences,
    learned: &Learned,
) -> Option<Insight> {
    let network = ground.network;
    let currency = plan.alternatives.first()?.itinerary.cost.total.currency();
    let given = preferences.value_of_day.filter(|value| value.currency() == currency && value.minor() >= 0);
    let value = given.unwrap_or(usual_value(network, plan, currency));
    let wanted = Wanted { per_day: value.minor() as f64, chance: preferences.wanted_chance.clamp(0.0, 1.0) };
    let source = |start: Timestamp| Source { network, learned, start };
    let mut seen: Vec<Seen<'_>> = Vec::new();
    let mut outlooks: Vec<Outlook> = Vec::new();
    for alternative in &plan.alternatives {
        let itinerary = &alternative.itinerary;
        let traced = Traced::of_itinerary(itinerary, source(itinerary.departs));
        let (outlook, solved) = outlook(alternative, &traced, preferences.deadline);
        let score = Score {
            days: solved.mean / DAY,
            cost: itinerary.cost.total.minor() as f64,
            priced: itinerary.legs().all(|leg| leg.cost.is_some()),
            on_time: outlook.on_time.map(|on_time| on_time.chance),
        };
        outlooks.push(outlook);
        seen.push(Seen { alternative, traced, solved, score });
    }
    let handling = HandlingPrices::new(ground);
    let scores: Vec<Score> = seen.iter().map(|one| one.score).collect();
    let best = pick(&scores, wanted)?;
    let chosen = seen.get(best)?;
    let swings = list_swings(&seen, best, wanted, preferences.deadline);
    let containers: u32 = plan.request.equipment.iter().map(|(count, _)| *count).sum();
    let weighed = Weighed { seen: &seen, best, wanted, currency };
    let mut reasons = weighed.reasons(preferences);
    let turning = swings.iter().filter(|one| one.least.flips_to.is_some() || one.most.flips_to.is_some());
    match turning.count() {
        0 => {}
        figures => reasons.push(Reason::NotRobust { figures }),
    }
    Some(Insight {
        value_of_day: value,
        value_assumed: given.is_none(),
        deadline: preferences.deadline,
        wanted_chance: wanted.chance,
        recommended: chosen.alternative.id,
        reasons,
        days: weighed.day_prices(),
        rivals: weighed.rivals(i64::from(containers)),
        fallbacks: plan_fallbacks(
            chosen,
            wide,
            (source(plan.request.ready), &|before, after| handling.between(before, after)),
            preferences.deadline,
            wanted,
        ),
        outlooks,
        swings,
        assumptions: given.is_none().then(|| value_assumption(network)).into_iter().chain([told()]).collect(),
    })
}

/// What handling at a stay costs, by the services before and after it.
struct HandlingPrices<'g, 'n> {
    ground: &'g Ground<'n>,
    numbers: BTreeMap<&'n ServiceId, usize>,
}

impl<'g, 'n> HandlingPrices<'g, 'n> {
    fn new(ground: &'g Ground<'n>) -> Self {
        let numbers = ground.rides.iter().map(|ride| &ride.service.id).zip(0..).collect();
        Self { ground, numbers }
    }

    /// Unit: minor unit. What has no price counts nothing, as in the price of a way.
    fn between(&self, before: Option<&ServiceId>, after: Option<&ServiceId>) -> u64 {
        let number = |id: Option<&ServiceId>| id.and_then(|id| self.numbers.get(id).copied());
        let Some(stay) = self.ground.stay(number(before), number(after)) else { return 0 };
        let (charges, _) = stay.price(self.ground.price_inputs());
        charges.iter().fold(0, |sum, charge| sum.saturating_add(charge.typical))
    }
}

/// What a day is worth for the containers of a plan by the tables; nothing if they do not say it.
fn usual_value(network: &Network, plan: &Plan, currency: Currency) -> Money {
    let teu = |(count, size): &(u32, SizeType)| i64::from(*count) * i64::from(size.teu());
    let teu: i64 = plan.request.equipment.iter().map(teu).sum();
    let day = plan.request.ready.to_zoned(TimeZone::UTC).date();
    let each = network.find_day_value().and_then(|row| network.convert(row.per_teu, currency, day));
    let minor = each.map_or(0, |each| each.money.minor());
    Money::from_minor(minor.saturating_mul(teu), currency)
}

fn value_assumption(network: &Network) -> Assumption {
    let name = "value of a day".to_owned();
    match network.find_day_value() {
        Some(row) => Assumption {
            name,
            value: format!("{} per twenty-foot container, twice as much per forty-foot one", row.per_teu),
            provenance: row.provenance.clone(),
        },
        None => Assumption {
            name,
            value: "nothing: no table says it, so days do not count".to_owned(),
            provenance: Provenance {
                source: "judgement: what nobody says is not made up".to_owned(),
                period: "2026".to_owned(),
                confidence: Confidence::Low,
            },
        },
    }
}

/// What the fallbacks rest on besides the figures.
fn told() -> Assumption {
    Assumption {
        name: "fallbacks".to_owned(),
        value: "goods that are ready at a place are told when the next departure with room is; turning to another way begins the \
                stay there anew and has to be better by what half a day is worth"
            .to_owned(),
        provenance: Provenance {
            source: "judgement: ports and railways say so when they are asked".to_owned(),
            period: "2026".to_owned(),
            confidence: Confidence::Low,
        },
    }
}

/// The alternatives with their weights, and which one is recommended.
struct Weighed<'a> {
    seen: &'a [Seen<'a>],
    best: usize,
    wanted: Wanted,
    currency: Currency,
}

impl Weighed<'_> {
    fn money(&self, minor: f64) -> Money {
        money(minor, self.currency)
    }

    fn others(&self) -> impl Iterator<Item = &Seen<'_>> {
        let best = self.best;
        self.seen.iter().enumerate().filter(move |(index, _)| *index != best).map(|(_, one)| one)
    }

    fn reasons(&self, preferences: &Preferences) -> Vec<Reason> {
        let Some(chosen) = self.seen.get(self.best) else { return Vec::new() };
        let score = chosen.score;
        let mut reasons = Vec::new();
        if let (Some(chance), Some(_)) = (score.on_time, preferences.deadline) {
            let meets = score.is_on_time(self.wanted);
            reasons.push(if meets {
                Reason::OnTime { chance }
            } else {
                Reason::NearestToDeadline { chance }
            });
        }
        // Only ways that were weighed alike say how far ahead it is.
        let alike = |one: &&Seen<'_>| {
            one.score.priced == score.priced
                && one.score.is_on_time(self.wanted) == score.is_on_time(self.wanted)
        };
        let total = |one: &Seen<'_>| one.score.total(self.wanted);
        let next = self.others().filter(alike).min_by(|one, other| total(one).total_cmp(&total(other)));
        match next {
            Some(next) => reasons.push(Reason::LeastTotal {
                total: self.money(total(chosen)),
                ahead: self.money(total(next) - total(chosen)),
                of: next.alternative.id,
            }),
            None if self.seen.len() == 1 => reasons.push(Reason::Only),
            None => {}
        }
        reasons.extend(self.comparisons(chosen));
        let unpriced = self.others().filter(|one| score.priced && !one.score.priced).count();
        if unpriced > 0 {
            reasons.push(Reason::OthersUnpriced { ways: unpriced });
        }
        let cost = &chosen.alternative.itinerary.cost;
        if !cost.unknown.is_empty() {
            reasons.push(Reason::PriceIncomplete { parts: cost.unknown.len() });
        }
        if cost.judged.minor() > 0 {
            let share = cost.judged.minor() as f64 / (cost.total.minor() as f64).max(1.0);
            reasons.push(Reason::PriceJudged { share });
        }
        reasons
    }

    /// Against the quickest and the cheapest of the others.
    fn comparisons(&self, chosen: &Seen<'_>) -> Vec<Reason> {
        let priced = || self.others().filter(|one| one.score.priced == chosen.score.priced);
        let quickest = priced().min_by(|one, other| one.score.days.total_cmp(&other.score.days));
        let cheapest = priced().min_by(|one, other| one.score.cost.total_cmp(&other.score.cost));
        let mut reasons: Vec<Reason> = Vec::new();
        for other in [quickest, cheapest].into_iter().flatten() {
            let reason = self.comparison(chosen.score, other.score, other.alternative.id);
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }

    fn comparison(&self, mine: Score, theirs: Score, than: AlternativeId) -> Reason {
        let (days, dearer) = (theirs.days - mine.days, mine.cost - theirs.cost);
        let per_day = self.money(dearer / days);
        if days >= 0.0 && dearer <= 0.0 {
            Reason::BetterOnBoth { than, hours: days * 24.0, saves: self.money(-dearer) }
        } else if days > 0.0 {
            Reason::Earlier { than, hours: days * 24.0, dearer: self.money(dearer), per_day }
        } else {
            Reason::Cheaper { than, saves: self.money(-dearer), later: -days * 24.0, per_day }
        }
    }

    /// The front of expected time and cost among the ways of which every leg has a price, or among all if none has.
    fn day_prices(&self) -> Vec<DayPrice> {
        let any_priced = self.seen.iter().any(|one| one.score.priced);
        let mut ways: Vec<&Seen<'_>> =
            self.seen.iter().filter(|one| one.score.priced == any_priced).collect();
        ways.sort_by(|one, other| {
            one.score.cost.total_cmp(&other.score.cost).then(one.score.days.total_cmp(&other.score.days))
        });
        let mut front: Vec<&Seen<'_>> = Vec::new();
        for way in ways {
            if front.last().is_none_or(|last| way.score.days < last.score.days) {
                front.push(way);
            }
        }
        let price = |pair: &[&Seen<'_>]| {
            let [from, to] = pair else { return None };
            let (days, costs) = (from.score.days - to.score.days, to.score.cost - from.score.cost);
            Some(DayPrice {
                from: from.alternative.id,
                to: to.alternative.id,
                days,
                costs: self.money(costs),
                per_day: self.money(costs / days),
            })
        };
        front.windows(2).filter_map(price).collect()
    }

    fn rivals(&self, containers: i64) -> Vec<Rival> {
        let Some(chosen) = self.seen.get(self.best) else { return Vec::new() };
        let mine = chosen.score;
        let rival = |other: &Seen<'_>| {
            let theirs = other.score;
            let behind = theirs.total(self.wanted) - mine.total(self.wanted);
            // Where both cost the same: the value of a day at which their totals meet.
            let meets = (theirs.cost - mine.cost) / (mine.days - theirs.days);
            let meets = (meets.is_finite() && meets >= 0.0).then(|| self.money(meets));
            Rival {
                id: other.alternative.id,
                price_down: self.money(behind),
                price_down_each: self.money(behind / containers.max(1) as f64),
                hours_down: (self.wanted.per_day > 0.0).then(|| behind / self.wanted.per_day * 24.0),
                value_above: meets.filter(|_| theirs.days < mine.days),
                value_below: meets.filter(|_| theirs.days > mine.days),
                misses_deadline: !theirs.is_on_time(self.wanted),
                unpriced: !theirs.priced,
            }
        };
        self.others().map(rival).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(days: f64, cost: f64) -> Score {
        Score { days, cost, priced: true, on_time: None }
    }

    #[test]
    fn a_day_is_worth_what_it_is_said_to_be_worth() {
        let scores = [score(10.0, 500.0), score(20.0, 100.0), score(30.0, 90.0)];
        for (per_day, best) in [(0.0, 2), (0.5, 2), (2.0, 1), (39.0, 1), (41.0, 0)] {
            assert_eq!(pick(&scores, Wanted { per_day, chance: 0.8 }), Some(best), "{per_day}");
        }
        assert_eq!(pick(&[], Wanted { per_day: 1.0, chance: 0.8 }), None);
    }

    #[test]
    fn a_deadline_comes_first_then_a_price_that_is_known() {
        let wanted = Wanted { per_day: 1.0, chance: 0.8 };
        let with = |score: Score, chance: f64| Score { on_time: Some(chance), ..score };
        let scores = [with(score(10.0, 500.0), 0.9), with(score(20.0, 100.0), 0.5)];
        assert_eq!(pick(&scores, wanted), Some(0));
        let scores = [with(score(10.0, 500.0), 0.3), with(score(20.0, 100.0), 0.5)];
        assert_eq!(pick(&scores, wanted), Some(1), "none is in time: the likeliest");
        let unpriced = Score { priced: false, ..score(5.0, 0.0) };
        assert_eq!(pick(&[unpriced, score(20.0, 100.0)], wanted), Some(1));
        assert_eq!(pick(&[unpriced], wanted), Some(0));
    }
}
