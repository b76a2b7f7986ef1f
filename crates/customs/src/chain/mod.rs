//! Every admissible chain of procedures for an itinerary, compared.
//!
//! Each territory of the way is given one of the transit regimes that cover it on the day of entry; neighbours under one
//! regime form one movement. What a regime asks of the way and the goods (TIR: a leg by road, approved containers, a
//! frontier, no alcohol or tobacco) is data. The first chain is the one that [`plan_movements`](crate::plan_movements)
//! takes; the others say in what they differ from it.

mod compare;
mod tables;

pub use tables::ChainTables;

use self::compare::{explain, mark_beaten, total};
use self::tables::{Condition, ConditionRow};
use crate::limits::{MOST_CHAINS, MOST_CHAINS_TRIED};
use crate::plan::Planner;
use crate::way::{Stretch, cut};
use crate::{
    GuaranteeNeed, GuaranteedGoods, MovementPlan, Procedure, Regime, Territories, assess_guarantee,
    plan_movements,
};
use kervan_model::{Consignment, Finding, Itinerary};
use kervan_units::{Currency, Money, Seconds};
use serde::{Deserialize, Serialize};

/// The chains of an itinerary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainPlan {
    /// The chain that is taken unless told otherwise, then the others: the fewer movements and the less cost the earlier.
    pub chains: Vec<Chain>,
    /// Regimes that cover a part of the way and cannot be used, each with the reason.
    pub findings: Vec<Finding>,
}

/// One chain of procedures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// Whether it is the one that is taken unless told otherwise.
    pub default: bool,
    /// Export, transits, import, in order of travel.
    pub procedures: Vec<MovementPlan>,
    /// What each procedure needs as a guarantee, in the same order.
    pub guarantees: Vec<Option<GuaranteeNeed>>,
    /// What it comes to.
    pub totals: ChainTotals,
    /// Why it is better or worse than the one that is taken: `customs.chain.*`.
    pub reasons: Vec<Finding>,
}

/// What a chain comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainTotals {
    /// Transit movements.
    pub movements: u32,
    /// Time at offices. Unit: second. A judgement, for comparing.
    pub time: Seconds,
    /// Fees and the price of guarantees. A judgement, for comparing.
    pub cost: Money,
    /// The most that is guaranteed at once: movements follow each other.
    pub guarantee: Money,
}

/// Plans every admissible chain. Pure: the law is the one of the day on which each territory is entered.
pub fn plan_chains(consignment: &Consignment, itinerary: &Itinerary, territories: &Territories) -> ChainPlan {
    let taken = plan_movements(consignment, itinerary, territories);
    let mut findings = taken.findings.clone();
    let Some(currency) = territories.chain_tables().currency else {
        return ChainPlan { chains: Vec::new(), findings };
    };
    let stretches = cut(itinerary, territories, &mut Vec::new());
    let work = Work {
        currency,
        consignment,
        territories,
        stretches: &stretches,
        goods: GuaranteedGoods::from(consignment),
    };
    let mut chains = vec![work.measure(taken.procedures)];
    for assignment in work.list_assignments(&mut findings) {
        match work.build(&assignment) {
            Ok(procedures) => {
                if chains.iter().all(|chain| key(&chain.procedures) != key(&procedures)) {
                    chains.push(work.measure(procedures));
                }
            }
            Err(why) if !findings.contains(&why) => findings.push(why),
            Err(_) => {}
        }
    }
    if let Some((first, others)) = chains.split_first_mut() {
        first.default = true;
        for other in others {
            other.reasons = explain(first, other);
        }
        first.reasons = vec![compare::why_default(first)];
    }
    mark_beaten(&mut chains);
    chains.sort_by_key(|chain| (!chain.default, chain.totals.movements, chain.totals.cost.minor()));
    chains.truncate(MOST_CHAINS);
    ChainPlan { chains, findings }
}

/// What makes two chains the same: regimes and offices.
fn key(procedures: &[MovementPlan]) -> Vec<(&str, &str, &str)> {
    procedures
        .iter()
        .map(|plan| (plan.regime.as_str(), plan.departure.code.as_str(), plan.destination.code.as_str()))
        .collect()
}

struct Work<'a> {
    currency: Currency,
    consignment: &'a Consignment,
    territories: &'a Territories,
    stretches: &'a [Stretch],
    goods: GuaranteedGoods,
}

/// The regime of each territory; `None` where the export reaches to the border or the import begins at it.
type Assignment<'a> = Vec<Option<&'a Regime>>;

impl<'a> Work<'a> {
    fn planner(&self) -> Planner<'a> {
        let (territories, consignment) = (self.territories, self.consignment);
        Planner { territories, consignment, findings: Vec::new(), procedures: Vec::new() }
    }

    /// Every way of giving regimes to the territories.
    fn list_assignments(&self, findings: &mut Vec<Finding>) -> Vec<Assignment<'a>> {
        let mut assignments: Vec<Assignment<'a>> = vec![Vec::new()];
        let last = self.stretches.len().saturating_sub(1);
        for (index, stretch) in self.stretches.iter().enumerate() {
            let mut options: Vec<Option<&'a Regime>> = self
                .territories
                .regimes_for(Procedure::Transit, &stretch.territory, stretch.day())
                .into_iter()
                .map(Some)
                .collect();
            // At the origin the export does, and at a destination behind the border the import.
            let open_end = index == 0 || (index == last && self.planner().enters_at_destination(stretch));
            if open_end || options.is_empty() {
                options.insert(0, None);
            }
            if assignments.len().saturating_mul(options.len()) > MOST_CHAINS_TRIED {
                let text = format!(
                    "more than {MOST_CHAINS_TRIED} chains are possible; from {} on only the regime that is taken is tried",
                    stretch.territory
                );
                findings.push(Finding::warning("customs.chain.too-many", text).at("/itinerary"));
                options.truncate(1);
            }
            assignments = assignments
                .into_iter()
                .flat_map(|begun| {
                    options.iter().map(move |option| {
                        let mut longer = begun.clone();
                        longer.push(*option);
                        longer
                    })
                })
                .collect();
        }
        assignments
    }

    /// The procedures of an assignment. Errors: why a regime cannot be used.
    fn build(&self, assignment: &Assignment<'_>) -> Result<Vec<MovementPlan>, Finding> {
        let (Some(first), Some(last)) = (self.stretches.first(), self.stretches.last()) else {
            return Ok(Vec::new());
        };
        let mut planner = self.planner();
        if self.stretches.len() < 2 {
            return Ok(Vec::new());
        }
        planner.add(Procedure::Export, std::slice::from_ref(first), false);
        let mut start = 0;
        while let Some(regime) = assignment.get(start) {
            let code = regime.map(|regime| &regime.code);
            let same = assignment
                .iter()
                .skip(start)
                .take_while(|other| other.map(|other| &other.code) == code)
                .count();
            let run = self.stretches.get(start..start + same.max(1)).unwrap_or_default();
            if let Some(regime) = regime {
                self.check(regime, run, start)?;
                planner.add_under(regime, run, false);
            }
            start += same.max(1);
        }
        planner.add(Procedure::Import, std::slice::from_ref(last), true);
        Ok(planner.procedures)
    }

    /// Whether a regime can be used for a run of territories. Errors: why not.
    fn check(&self, regime: &Regime, run: &[Stretch], start: usize) -> Result<(), Finding> {
        let Some(begin) = run.first() else { return Ok(()) };
        // The territory of origin needs no transit of its own: its export reaches to the border.
        let only_end = run.len() == 1
            && (start == 0
                || (start + 1 == self.stretches.len() && self.planner().enters_at_destination(begin)));
        if only_end {
            let text =
                format!("{} alone needs no transit: export and import reach to its border", begin.territory);
            return Err(Finding::info("customs.chain.no-transit-at-the-end", text).at("/itinerary"));
        }
        let tables = self.territories.chain_tables();
        for row in tables.conditions_of(&regime.code, begin.day()) {
            if let Some(but) = self.broken(row, run) {
                let names: Vec<_> = run.iter().map(|stretch| stretch.territory.as_str()).collect();
                let text =
                    format!("{} over {} is not possible: {}; {but}", regime.name, names.join(", "), row.text);
                return Err(Finding::info("customs.chain.not-admissible", text)
                    .at("/itinerary")
                    .rule(regime.code.as_str())
                    .source(row.provenance.source.clone())
                    .remedy("choose another chain, or a way that meets the condition"));
            }
        }
        Ok(())
    }

    /// In what a condition is not met, if it is not.
    fn broken(&self, row: &ConditionRow, run: &[Stretch]) -> Option<String> {
        match &row.condition {
            Condition::Mode(mode) => {
                let used = run.iter().any(|stretch| stretch.modes.contains(mode));
                (!used).then(|| format!("this part of the way has no leg by {}", mode.word()))
            }
            Condition::Container => {
                self.consignment.equipment.is_empty().then(|| "the consignment names no container".to_owned())
            }
            Condition::LeastTerritories(least) => {
                (run.len() < *least).then(|| format!("the movement has {} territory", run.len()))
            }
            Condition::MostTerritories(most) => {
                (run.len() > *most).then(|| format!("the movement has {} territories", run.len()))
            }
            Condition::ExcludedHs(codes) => {
                let excluded = |hs: &str| codes.iter().any(|code| hs.starts_with(code.as_str()));
                let item = self.consignment.goods.iter().find(|item| excluded(item.hs.as_str()))?;
                Some(format!("the goods hold {} (HS {})", item.description, item.hs))
            }
        }
    }

    fn measure(&self, procedures: Vec<MovementPlan>) -> Chain {
        let tables = self.territories.guarantees();
        let guarantees: Vec<_> = procedures
            .iter()
            .map(|plan| match plan.procedure {
                Procedure::Transit => assess_guarantee(tables, plan, &self.goods),
                Procedure::Export | Procedure::Import => None,
            })
            .collect();
        let totals = total(self.territories.chain_tables(), &procedures, &guarantees, self.currency);
        Chain { default: false, procedures, guarantees, totals, reasons: Vec::new() }
    }
}
