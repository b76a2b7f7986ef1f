//! What chains come to, and how they differ.

use super::tables::ChainTables;
use super::{Chain, ChainTotals};
use crate::{GuaranteeNeed, MovementPlan, Procedure};
use kervan_model::Finding;
use kervan_units::{Currency, Money, Seconds};

/// What a chain comes to.
pub(super) fn total(
    tables: &ChainTables,
    procedures: &[MovementPlan],
    guarantees: &[Option<GuaranteeNeed>],
    currency: Currency,
) -> ChainTotals {
    let (mut movements, mut minutes, mut cost, mut most) = (0_u32, 0_u64, 0_i64, 0_i64);
    for (plan, need) in procedures.iter().zip(guarantees) {
        if plan.procedure != Procedure::Transit {
            continue;
        }
        movements += 1;
        let amount = need.as_ref().map_or(0, |need| need.amount.minor());
        most = most.max(amount);
        if let Some(row) = tables.cost_of(&plan.regime) {
            minutes += u64::from(row.open_minutes) + u64::from(row.close_minutes);
            let price = i128::from(amount) * i128::from(row.guarantee_price_ppm) / 1_000_000;
            cost = cost.saturating_add(i64::from(row.fee) * 100);
            cost = cost.saturating_add(i64::try_from(price).unwrap_or(i64::MAX));
        }
    }
    let money = |minor| Money::from_minor(minor, currency);
    ChainTotals { movements, time: Seconds::new(minutes * 60), cost: money(cost), guarantee: money(most) }
}

/// Why the chain that is taken is taken.
pub(super) fn why_default(chain: &Chain) -> Finding {
    let regimes: Vec<_> = chain
        .procedures
        .iter()
        .filter(|plan| plan.procedure == Procedure::Transit)
        .map(|plan| plan.regime_name.as_str())
        .collect();
    let text = match regimes.as_slice() {
        [] => "no transit is needed".to_owned(),
        _ => format!(
            "each territory is crossed under the regime that its own law takes first: {}",
            regimes.join(", ")
        ),
    };
    Finding::info("customs.chain.default", text)
        .at("/itinerary")
        .rule("regime-of-lowest-rank")
        .source("data/customs/regimes.csv")
}

/// In what a chain differs from the one that is taken.
pub(super) fn explain(taken: &Chain, other: &Chain) -> Vec<Finding> {
    let (a, b) = (&taken.totals, &other.totals);
    let mut reasons = Vec::new();
    let mut say = |code: &str, text: String| {
        reasons.push(
            Finding::info(format!("customs.chain.{code}"), text)
                .at("/itinerary")
                .source("data/customs/costs.csv, guarantees.csv"),
        );
    };
    match b.movements.cmp(&a.movements) {
        std::cmp::Ordering::Less => say(
            "fewer-movements",
            format!(
                "{} instead of {} transit movements: fewer declarations and borders with papers",
                b.movements, a.movements
            ),
        ),
        std::cmp::Ordering::Greater => {
            say("more-movements", format!("{} instead of {} transit movements", b.movements, a.movements))
        }
        std::cmp::Ordering::Equal => {}
    }
    let minutes = |time: Seconds| time.get() / 60;
    if b.time < a.time {
        say("faster", format!("about {} minutes less at offices", minutes(a.time) - minutes(b.time)));
    } else if b.time > a.time {
        say("slower", format!("about {} minutes more at offices", minutes(b.time) - minutes(a.time)));
    }
    let less = |one: Money, other: Money| Money::from_minor(one.minor() - other.minor(), one.currency());
    if b.cost.minor() < a.cost.minor() {
        say("cheaper", format!("about {} less in fees and guarantees", less(a.cost, b.cost)));
    } else if b.cost.minor() > a.cost.minor() {
        say("dearer", format!("about {} more in fees and guarantees", less(b.cost, a.cost)));
    }
    if b.guarantee.minor() < a.guarantee.minor() {
        say("less-guarantee", format!("{} guaranteed at once instead of {}", b.guarantee, a.guarantee));
    } else if b.guarantee.minor() > a.guarantee.minor() {
        say("more-guarantee", format!("{} guaranteed at once instead of {}", b.guarantee, a.guarantee));
    }
    reasons
}

/// Says of each chain that another is at least as good in everything and better in something.
pub(super) fn mark_beaten(chains: &mut [Chain]) {
    let totals: Vec<_> = chains.iter().map(|chain| chain.totals).collect();
    let figures =
        |totals: &ChainTotals| (totals.movements, totals.time, totals.cost.minor(), totals.guarantee.minor());
    for (chain, own) in chains.iter_mut().zip(&totals) {
        let (m, t, c, g) = figures(own);
        let beaten = totals.iter().map(figures).any(|other| {
            other != (m, t, c, g) && other.0 <= m && other.1 <= t && other.2 <= c && other.3 <= g
        });
        if beaten && !chain.default {
            let text = "another chain is no worse in anything and better in something".to_owned();
            chain.reasons.push(Finding::info("customs.chain.beaten", text).at("/itinerary"));
        }
    }
}
