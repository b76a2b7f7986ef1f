//! What another pack would have decided: the effect of a change on past declarations.

use super::packs::RulePacks;
use crate::way::day_of;
use crate::{Case, Decision, Outcome, PackRef, decide_alone};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A past declaration, ready to be decided again.
#[derive(Clone, Debug)]
pub struct PastCase {
    /// Its movement.
    pub movement: String,
    /// When it was decided.
    pub decided: Timestamp,
    /// What it was decided on.
    pub case: Case,
}

/// The effect of a change of rules on past declarations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// How many were decided by both.
    pub compared: usize,
    /// How many have no pack in one of the two.
    pub without_pack: usize,
    /// Those that would have been decided otherwise.
    pub changed: Vec<Changed>,
    /// For each rule in how many cases it fires only before, and only after.
    pub rules: BTreeMap<String, RuleEffect>,
}

/// In how many cases a rule fires only under one of the two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleEffect {
    /// Only before the change.
    pub only_before: usize,
    /// Only after it.
    pub only_after: usize,
}

/// A declaration that would have been decided otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Its movement.
    pub movement: String,
    /// The pack before.
    pub pack_before: PackRef,
    /// The pack after.
    pub pack_after: PackRef,
    /// The outcome before.
    pub before: Outcome,
    /// The outcome after.
    pub after: Outcome,
    /// Rules that fire only before.
    pub gone: Vec<String>,
    /// Rules that fire only after.
    pub new: Vec<String>,
}

/// Decides past declarations by both sets of packs and says where they differ: in the outcome, or in the rules that fired.
pub fn compare_packs(before: &RulePacks, after: &RulePacks, cases: &[PastCase]) -> Effect {
    let mut effect = Effect::default();
    for past in cases {
        let declared = &past.case.declaration;
        let day = day_of(declared.enters);
        let of = |packs: &RulePacks| {
            let pack = packs.find_for(&declared.territory, declared.procedure, day)?;
            Some(decide_alone(pack, &past.case, past.decided))
        };
        let (Some(old), Some(new)) = (of(before), of(after)) else {
            effect.without_pack += 1;
            continue;
        };
        effect.compared += 1;
        let (fired_before, fired_after) = (rules_of(&old), rules_of(&new));
        let gone: Vec<String> = fired_before.difference(&fired_after).cloned().collect();
        let come: Vec<String> = fired_after.difference(&fired_before).cloned().collect();
        for rule in &gone {
            effect.rules.entry(rule.clone()).or_default().only_before += 1;
        }
        for rule in &come {
            effect.rules.entry(rule.clone()).or_default().only_after += 1;
        }
        if old.outcome != new.outcome || !gone.is_empty() || !come.is_empty() {
            effect.changed.push(Changed {
                movement: past.movement.clone(),
                pack_before: old.rule_pack,
                pack_after: new.rule_pack,
                before: old.outcome,
                after: new.outcome,
                gone,
                new: come,
            });
        }
    }
    effect
}

/// The rules that fired; a release without objection is no rule.
fn rules_of(decision: &Decision) -> BTreeSet<String> {
    let named = decision.findings.iter().filter(|finding| finding.code != "clearance.released");
    named.filter_map(|finding| finding.rule.clone()).collect()
}
