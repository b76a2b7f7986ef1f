//! How clearance goes: time from arrival to release, share untouched, hit rate of controls; per territory and per rule.
//!
//! Measured from what happened, never from counters that somebody keeps: the steps of movements, as the dossiers hold them.

use crate::MessageKind;
use jiff::Timestamp;
use kervan_model::Finding;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Code of the finding of a control that found the goods as declared.
pub const CONTROL_CLEAN: &str = "customs.control-clean";
/// Code of the finding of a control that found something.
pub const CONTROL_FOUND: &str = "customs.control-found";

/// What happened to a movement, as far as it is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleared {
    /// The territory that decided.
    pub territory: String,
    /// When the goods came to the office of departure, if they have.
    pub presented: Option<Timestamp>,
    /// Its steps in order.
    pub steps: Vec<ClearedStep>,
}

/// A step of a movement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearedStep {
    /// When.
    pub at: Timestamp,
    /// The word of its message.
    pub message: String,
    /// The findings that it came with.
    pub findings: Vec<Finding>,
}

/// How clearance goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Measures {
    /// Per territory.
    pub territories: BTreeMap<String, TerritoryMeasures>,
    /// Per territory and rule.
    pub rules: BTreeMap<String, BTreeMap<String, RuleMeasures>>,
}

/// How clearance goes in a territory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TerritoryMeasures {
    /// Movements that were released or refused.
    pub decided: usize,
    /// Movements that were released.
    pub released: usize,
    /// Movements that were refused.
    pub refused: usize,
    /// Movements that were released without anybody touching them.
    pub untouched: usize,
    /// Share of the decided ones that nobody touched. Unit: a thousandth.
    pub untouched_permille: u32,
    /// Time from arrival to release that half stay under; absent if nothing was released. Unit: second.
    pub to_release_p50: Option<i64>,
    /// Time that nine tenths stay under. Unit: second.
    pub to_release_p90: Option<i64>,
    /// Controls whose result is known.
    pub controls: usize,
    /// Controls that found something.
    pub found: usize,
    /// Share of controls that found something; absent without controls. Unit: a thousandth.
    pub hit_permille: Option<u32>,
}

/// What came of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleMeasures {
    /// Movements in which it fired.
    pub fired: usize,
    /// Controls of those whose result is known.
    pub controls: usize,
    /// Controls that found something.
    pub found: usize,
    /// Share of controls that found something; absent without controls. Unit: a thousandth.
    pub hit_permille: Option<u32>,
}

/// Measures movements.
pub fn measure_clearance(movements: &[Cleared]) -> Measures {
    let mut measures = Measures::default();
    let mut waits: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for cleared in movements {
        let territory = measures.territories.entry(cleared.territory.clone()).or_default();
        let first = |kind: MessageKind| cleared.steps.iter().find(|step| step.message == kind.word());
        let released = first(MessageKind::Release);
        let refused = first(MessageKind::NoRelease).or_else(|| first(MessageKind::Rejection));
        if released.is_none() && refused.is_none() {
            continue;
        }
        territory.decided += 1;
        territory.refused += usize::from(released.is_none());
        let touched = [MessageKind::ControlDecision, MessageKind::ControlResult, MessageKind::RequestToAmend];
        if let Some(release) = released {
            territory.released += 1;
            territory.untouched += usize::from(touched.iter().all(|kind| first(*kind).is_none()));
            // Goods that come after the decision are released as they come.
            let waited = cleared.presented.map(|presented| release.at.as_second() - presented.as_second());
            waits.entry(&cleared.territory).or_default().extend(waited.map(|waited| waited.max(0)));
        }
        let result = cleared.steps.iter().flat_map(|step| &step.findings).rev().find_map(|finding| {
            match finding.code.as_str() {
                CONTROL_FOUND => Some(true),
                CONTROL_CLEAN => Some(false),
                _ => None,
            }
        });
        if let Some(found) = result {
            territory.controls += 1;
            territory.found += usize::from(found);
        }
        let rules = measures.rules.entry(cleared.territory.clone()).or_default();
        for rule in fired_rules(cleared) {
            let rule = rules.entry(rule.to_owned()).or_default();
            rule.fired += 1;
            if let Some(found) = result {
                rule.controls += 1;
                rule.found += usize::from(found);
            }
        }
    }
    finish(&mut measures, &mut waits);
    measures
}

/// The rules of packs that fired; the rules of the state machine and the officers' own words are not among them.
fn fired_rules(cleared: &Cleared) -> BTreeSet<&str> {
    let findings = cleared.steps.iter().flat_map(|step| &step.findings);
    let named = findings.filter(|finding| {
        let ours = finding.code.starts_with("clearance.") || finding.code.starts_with("risk.");
        ours && finding.code != "clearance.released"
    });
    named.filter_map(|finding| finding.rule.as_deref()).collect()
}

fn finish(measures: &mut Measures, waits: &mut BTreeMap<&str, Vec<i64>>) {
    for (name, territory) in &mut measures.territories {
        territory.untouched_permille = permille(territory.untouched, territory.decided).unwrap_or_default();
        territory.hit_permille = permille(territory.found, territory.controls);
        if let Some(waits) = waits.get_mut(name.as_str()) {
            waits.sort_unstable();
            let at = |share: usize| waits.get((waits.len().max(1) - 1) * share / 100).copied();
            (territory.to_release_p50, territory.to_release_p90) = (at(50), at(90));
        }
    }
    for rule in measures.rules.values_mut().flat_map(BTreeMap::values_mut) {
        rule.hit_permille = permille(rule.found, rule.controls);
    }
}

fn permille(part: usize, whole: usize) -> Option<u32> {
    (whole > 0).then(|| u32::try_from(part * 1_000 / whole).unwrap_or(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When, the message, and codes with their rules.
    type StepRow<'a> = (i64, &'a str, &'a [(&'a str, &'a str)]);

    fn cleared(presented: i64, steps: &[StepRow<'_>]) -> Cleared {
        let step = |(at, message, findings): &StepRow<'_>| ClearedStep {
            at: Timestamp::from_second(*at).unwrap(),
            message: (*message).to_owned(),
            findings: findings.iter().map(|(code, rule)| Finding::info(*code, "m").rule(*rule)).collect(),
        };
        Cleared {
            territory: "AB".into(),
            presented: Some(Timestamp::from_second(presented).unwrap()),
            steps: steps.iter().map(step).collect(),
        }
    }

    #[test]
    fn a_day_of_an_office_is_measured() {
        let seal: &[(&str, &str)] = &[("clearance.no-seal", "sealed")];
        let movements = [
            cleared(100, &[(100, "release", &[("clearance.released", "pack")])]),
            cleared(100, &[(90, "release", &[])]),
            cleared(
                100,
                &[
                    (50, "control_decision", seal),
                    (160, "control_result", &[(CONTROL_CLEAN, "o")]),
                    (200, "release", &[]),
                ],
            ),
            cleared(
                100,
                &[
                    (50, "control_decision", seal),
                    (160, "control_result", &[(CONTROL_FOUND, "o")]),
                    (200, "no_release", &[]),
                ],
            ),
            cleared(100, &[(50, "control_decision", seal)]),
        ];
        let measures = measure_clearance(&movements);
        let territory = &measures.territories["AB"];
        assert_eq!(
            (territory.decided, territory.released, territory.refused, territory.untouched),
            (4, 3, 1, 2)
        );
        assert_eq!((territory.untouched_permille, territory.hit_permille), (500, Some(500)));
        assert_eq!((territory.to_release_p50, territory.to_release_p90), (Some(0), Some(0)));
        let rule = &measures.rules["AB"]["sealed"];
        assert_eq!((rule.fired, rule.controls, rule.found, rule.hit_permille), (2, 2, 1, Some(500)));
        assert!(!measures.rules["AB"].contains_key("pack"));
    }
}
