//! Taking a decision: every rule of a pack on one case.

use super::context::CaseValues;
use super::file::RuleOutcome;
use super::pack::{Each, Rule, RulePack};
use super::values::{ENVIRONMENT, Record};
use crate::limits::MOST_FINDINGS_PER_RULE;
use crate::way::day_of;
use crate::{Case, Decision, Outcome};
use cel::Context;
use cel::common::types::CelInt;
use jiff::Timestamp;
use kervan_model::{Finding, Severity};
use std::sync::Arc;

/// Decides a case by a pack. Deterministic: the same pack, case and instant give the same decision, byte for byte.
///
/// Every rule is asked; the outcome is the strongest of those that fired. If the goods may go, a last finding names the
/// pack that let them. A rule that cannot be evaluated never lets goods pass: it leads to control, with a finding.
pub fn decide(pack: &RulePack, case: &Case, now: Timestamp) -> Decision {
    let reference = pack.reference().clone();
    let day = day_of(case.declaration.enters);
    let declared = &case.declaration;
    if !pack.serves(&declared.territory, declared.procedure, day) {
        let message = format!(
            "the pack {} does not serve {} in {} on {day}",
            reference.id,
            declared.procedure.word(),
            declared.territory
        );
        let finding =
            Finding::error("clearance.pack-does-not-fit", message).remedy("choose the pack of the territory");
        return Decision {
            outcome: Outcome::Control,
            at: now,
            rule_pack: reference,
            findings: vec![finding],
        };
    }
    if let Some(excess) = case.find_excess() {
        let finding = Finding::error("clearance.case-too-large", excess).remedy("split the consignment");
        return Decision {
            outcome: Outcome::Control,
            at: now,
            rule_pack: reference,
            findings: vec![finding],
        };
    }
    let values = CaseValues::new(case, now);
    let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
    for (name, value) in values.variables() {
        context.add_variable_as_val(name, value);
    }
    offer(&mut context, "parameters", &pack.parameters);
    offer(&mut context, "declaration", &values.declaration);
    offer(&mut context, "departure", &values.departure);
    offer(&mut context, "destination", &values.destination);
    let scopes = Scopes {
        goods: inner(&context, &values.goods),
        equipment: inner(&context, &values.equipment),
        documents: inner(&context, &values.documents),
        attachments: inner(&context, &values.attachments),
    };
    let mut outcome = Outcome::Release;
    let mut findings = Vec::new();
    for rule in pack.rules.iter().filter(|rule| rule.in_force(day)) {
        let fired = match rule.each {
            None => ask(rule, std::slice::from_ref(&context), &mut findings),
            Some(each) => ask(rule, scopes.of(each), &mut findings),
        };
        outcome = outcome.max(fired);
    }
    if outcome == Outcome::Release {
        let text = format!("released by rule pack {} {} without objection", reference.id, reference.version);
        findings.push(Finding::info("clearance.released", text).rule(reference.id.clone()));
    }
    Decision { outcome, at: now, rule_pack: reference, findings }
}

/// One inner scope per element of each list, made once for all rules.
struct Scopes<'p> {
    goods: Vec<Context<'p, 'static>>,
    equipment: Vec<Context<'p, 'static>>,
    documents: Vec<Context<'p, 'static>>,
    attachments: Vec<Context<'p, 'static>>,
}

impl<'p> Scopes<'p> {
    fn of(&self, each: Each) -> &[Context<'p, 'static>] {
        match each {
            Each::Goods => &self.goods,
            Each::Equipment => &self.equipment,
            Each::Documents => &self.documents,
            Each::Attachments => &self.attachments,
        }
    }
}

/// Offers a record, and each of its fields under the one name that [`super::flatten`] gives it.
fn offer(context: &mut Context<'_, 'static>, root: &str, record: &Record) {
    context.add_variable_as_val(root, Box::new(record.clone()));
    for (name, value) in record.fields() {
        context.add_variable_as_val(format!("{root}.{name}"), value.clone());
    }
}

fn inner<'p>(context: &'p Context<'p, 'static>, elements: &[Record]) -> Vec<Context<'p, 'static>> {
    let scope = |(index, element): (usize, &Record)| {
        let mut scope = context.new_inner_scope();
        offer(&mut scope, "it", element);
        scope.add_variable_as_val("index", Box::new(CelInt::from(i64::try_from(index).unwrap_or(i64::MAX))));
        scope
    };
    elements.iter().enumerate().map(scope).collect()
}

/// Asks a rule in each of the scopes, and says what it leads to.
fn ask(rule: &Rule, scopes: &[Context], findings: &mut Vec<Finding>) -> Outcome {
    let mut outcome = Outcome::Release;
    let mut fired = 0;
    for scope in scopes {
        match rule.when.holds(scope) {
            Ok(false) => {}
            Ok(true) => {
                fired += 1;
                outcome = outcome.max(rule.outcome.outcome());
                if fired <= MOST_FINDINGS_PER_RULE {
                    findings.push(finding_of(rule, scope));
                }
            }
            Err(reason) => {
                outcome = outcome.max(Outcome::Control);
                let message = format!("the rule {} could not be evaluated: {reason}", rule.id);
                findings.push(
                    Finding::error("clearance.rule-failed", message)
                        .rule(rule.id.clone())
                        .remedy("decide by hand and have the rule corrected"),
                );
            }
        }
    }
    if fired > MOST_FINDINGS_PER_RULE {
        let message = format!("the rule {} fired {} times more", rule.id, fired - MOST_FINDINGS_PER_RULE);
        findings.push(Finding::info("clearance.more-findings", message).rule(rule.id.clone()));
    }
    outcome
}

fn finding_of(rule: &Rule, scope: &Context) -> Finding {
    let severity = match rule.outcome {
        RuleOutcome::Note => Severity::Info,
        RuleOutcome::Control => Severity::Warning,
        RuleOutcome::Refuse => Severity::Error,
    };
    Finding {
        code: rule.code.clone(),
        severity,
        message: rule.message.fill(scope),
        path: rule.path.as_ref().map(|path| path.fill(scope)),
        rule: Some(rule.id.clone()),
        source: Some(rule.source.clone()),
        remedy: Some(rule.remedy.fill(scope)),
    }
}
