//! Taking a decision: every rule of a pack on one case.

use super::pack::{Rule, RulePack};
use super::profile::{assess_profiles, may_hold};
use super::scopes::{Scopes, elements_of, may_fire, with_scopes};
use crate::limits::MOST_FINDINGS_PER_RULE;
use crate::way::day_of;
use crate::{Act, Case, Decision, Outcome};
use cel::Context;
use jiff::Timestamp;
use jiff::civil::Date;
use kervan_model::{Finding, Severity};
use std::collections::BTreeSet;

/// The language that rules are written in.
const ENGLISH: &str = "en";

/// Decides a case by a pack. Deterministic: the same pack, case and instant give the same decision, byte for byte.
///
/// Every rule is asked; the outcome is the strongest of those that fired. If the goods may go, a last finding names the
/// pack that let them. A rule that cannot be evaluated never lets goods pass: it leads to control, with a finding. What the
/// risk profiles of the pack say is noted; [`apply_selection`](crate::apply_selection) gives it effect.
pub fn decide(pack: &RulePack, case: &Case, now: Timestamp) -> Decision {
    decide_in(pack, case, now, ENGLISH)
}

/// Decides a case, with the texts of the findings in a language; rules that do not speak it speak English. Nothing but texts
/// depends on the language.
pub fn decide_in(pack: &RulePack, case: &Case, now: Timestamp, language: &str) -> Decision {
    let day = day_of(case.declaration.enters);
    if let Some(finding) = find_obstacle(pack, case, day) {
        return Decision { findings: vec![finding], ..empty(pack, Outcome::Control, now) };
    }
    let asked: Vec<&Rule> =
        pack.rules.iter().filter(|rule| rule.in_force(day) && may_fire(rule, case, now)).collect();
    let mut decision = empty(pack, Outcome::Release, now);
    if !asked.is_empty() || may_hold(pack, case, now, day) {
        let mut acts = BTreeSet::new();
        with_scopes(pack, case, now, |scopes| {
            for rule in asked {
                ask(rule, case, scopes, language, &mut decision, &mut acts);
            }
            decision.profiles = assess_profiles(pack, case, now, day, scopes);
        });
        decision.acts = acts.into_iter().collect();
    }
    if decision.outcome == Outcome::Release {
        let reference = pack.reference();
        let text = format!("released by rule pack {} {} without objection", reference.id, reference.version);
        decision.findings.push(Finding::info("clearance.released", text).rule(reference.id.clone()));
    }
    decision
}

fn empty(pack: &RulePack, outcome: Outcome, at: Timestamp) -> Decision {
    let rule_pack = pack.reference().clone();
    let (findings, acts, profiles) = (vec![], vec![], vec![]);
    Decision { outcome, at, rule_pack, findings, acts, four_eyes: false, profiles, selection: None }
}

/// Why the pack cannot decide the case, if it cannot.
pub(super) fn find_obstacle(pack: &RulePack, case: &Case, day: Date) -> Option<Finding> {
    let declared = &case.declaration;
    if !pack.serves(&declared.territory, declared.procedure, day) {
        let (id, procedure) = (&pack.reference().id, declared.procedure.word());
        let message = format!("the pack {id} does not serve {procedure} in {} on {day}", declared.territory);
        return Some(
            Finding::error("clearance.pack-does-not-fit", message).remedy("choose the pack of the territory"),
        );
    }
    let excess = case.find_excess()?;
    Some(Finding::error("clearance.case-too-large", excess).remedy("split the consignment"))
}

/// Asks a rule of each element, and adds what it says.
fn ask(
    rule: &Rule,
    case: &Case,
    scopes: &Scopes<'_>,
    language: &str,
    decision: &mut Decision,
    acts: &mut BTreeSet<Act>,
) {
    let mut fired = 0;
    for (scope, it) in scopes.of(rule.each).iter().zip(elements_of(rule.each, case)) {
        let holds = rule.screen.find_truth(case, decision.at, it).map_or_else(|| rule.when.holds(scope), Ok);
        match holds {
            Ok(false) => {}
            Ok(true) => {
                fired += 1;
                decision.outcome = decision.outcome.max(rule.act.outcome());
                decision.four_eyes |= rule.four_eyes;
                if rule.act != Act::Note {
                    acts.insert(rule.act);
                }
                if fired <= MOST_FINDINGS_PER_RULE {
                    decision.findings.push(finding_of(rule, scope, language));
                }
            }
            Err(reason) => {
                decision.outcome = decision.outcome.max(Outcome::Control);
                acts.insert(Act::Control);
                let message = format!("the rule {} could not be evaluated: {reason}", rule.id);
                decision.findings.push(
                    Finding::error("clearance.rule-failed", message)
                        .rule(rule.id.clone())
                        .remedy("decide by hand and have the rule corrected"),
                );
            }
        }
    }
    if fired > MOST_FINDINGS_PER_RULE {
        let message = format!("the rule {} fired {} times more", rule.id, fired - MOST_FINDINGS_PER_RULE);
        decision.findings.push(Finding::info("clearance.more-findings", message).rule(rule.id.clone()));
    }
}

fn finding_of(rule: &Rule, scope: &Context<'_, '_>, language: &str) -> Finding {
    let severity = match rule.act {
        Act::Note => Severity::Info,
        Act::Documents | Act::Control | Act::Hold => Severity::Warning,
        Act::Refuse => Severity::Error,
    };
    let texts = rule.texts_in(language);
    Finding {
        code: rule.code.clone(),
        severity,
        message: texts.message.fill(scope),
        path: rule.path.as_ref().map(|path| path.fill(scope)),
        rule: Some(rule.id.clone()),
        source: Some(rule.source.clone()),
        remedy: Some(texts.remedy.fill(scope)),
    }
}
