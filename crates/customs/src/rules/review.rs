//! The review of a pack: rules that cannot fire, contradict each other or add nothing, and what is missing.

use super::file::RuleFile;
use super::pack::{Rule, RulePack};
use super::pack_tests::PackTestReport;
use super::region::Region;
use crate::Act;
use jiff::civil::Date;
use kervan_model::Finding;

/// A rule with the region of its condition.
struct Placed<'a> {
    rule: &'a Rule,
    region: Option<Region>,
    since: Date,
    until: Date,
}

/// Reviews a pack that was loaded. `tests` is what its test cases covered; without it nothing is said of tests.
///
/// Findings: `rules.never-fires`, `rules.period-dead`, `rules.contradictory`, `rules.table-gap`, `rules.table-overlap` and
/// `rules.test` are errors; `rules.always-fires`, `rules.unreachable`, `rules.duplicate`, `rules.translation-missing`,
/// `rules.untested`, `rules.unused` and `rules.table-row-unreachable` are warnings.
pub fn review_pack(pack: &RulePack, tests: Option<&PackTestReport>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let placed: Vec<_> = pack.rules.iter().map(|rule| place(pack, rule)).collect();
    for one in &placed {
        review_rule(pack, one, &mut findings);
    }
    review_pairs(pack, &placed, &mut findings);
    review_profiles(pack, &mut findings);
    review_names(pack, &mut findings);
    for (name, table) in &pack.decision_tables {
        findings.extend(table.check(name).into_iter().map(|mut finding| {
            finding.path = finding.path.map(|path| format!("{}/{path}", pack.reference().id));
            finding
        }));
    }
    if let Some(report) = tests {
        findings.extend(report.findings.iter().cloned());
        for rule in &report.rules_never_fired {
            let text = format!("no test case makes the rule or profile `{rule}` fire");
            findings.push(
                Finding::warning("rules.untested", text)
                    .at(format!("{}/{rule}", pack.reference().id))
                    .remedy("add a case to the tests beside the pack"),
            );
        }
    }
    findings
}

fn place<'a>(pack: &RulePack, rule: &'a Rule) -> Placed<'a> {
    let parameters = &pack.resolved.parameters;
    let effective = pack.effective();
    Placed {
        rule,
        region: Region::of(&rule.when.written, parameters),
        since: rule.since.unwrap_or(effective.since).max(effective.since),
        until: rule.until.unwrap_or(Date::MAX).min(effective.until.unwrap_or(Date::MAX)),
    }
}

fn at(pack: &RulePack, rule: &Rule, field: &str) -> String {
    format!("{}/{}/{field}", pack.reference().id, rule.id)
}

fn review_rule(pack: &RulePack, one: &Placed<'_>, findings: &mut Vec<Finding>) {
    let rule = one.rule;
    if one.since > one.until {
        let text = format!("the rule `{}` is never in force while the pack is", rule.id);
        findings.push(
            Finding::error("rules.period-dead", text)
                .at(at(pack, rule, "since"))
                .remedy("correct the days or remove the rule"),
        );
    }
    if one.region.as_ref().is_some_and(Region::is_empty) {
        let text = format!("the condition of `{}` can never hold: {}", rule.id, rule.condition);
        findings.push(
            Finding::error("rules.never-fires", text)
                .at(at(pack, rule, "when"))
                .remedy("correct the condition or remove the rule"),
        );
    } else if Region::outside_of(&rule.when.written, &pack.resolved.parameters)
        .is_some_and(|rest| rest.is_empty())
    {
        let text = format!("the condition of `{}` always holds: {}", rule.id, rule.condition);
        findings.push(
            Finding::warning("rules.always-fires", text)
                .at(at(pack, rule, "when"))
                .remedy("narrow the condition"),
        );
    }
    for language in pack.languages() {
        if !rule.translated.contains_key(language) {
            let text = format!("the rule `{}` has no words in `{language}`", rule.id);
            findings.push(
                Finding::warning("rules.translation-missing", text)
                    .at(at(pack, rule, "words"))
                    .remedy(format!("add them to {language}.words.yaml")),
            );
        }
    }
}

fn review_pairs(pack: &RulePack, placed: &[Placed<'_>], findings: &mut Vec<Finding>) {
    for (number, first) in placed.iter().enumerate() {
        for second in placed.iter().skip(number + 1) {
            if first.rule.each != second.rule.each || first.since > second.until || second.since > first.until
            {
                continue;
            }
            let (Some(one), Some(other)) = (&first.region, &second.region) else { continue };
            if one.is_empty() || other.is_empty() {
                continue;
            }
            let (inside, around) = (one.is_inside(other), other.is_inside(one));
            findings.extend(match (inside, around) {
                (true, true) => compare_equal(pack, first.rule, second.rule),
                (true, false) => compare_nested(pack, first, second),
                (false, true) => compare_nested(pack, second, first),
                (false, false) => None,
            });
        }
    }
}

fn compare_equal(pack: &RulePack, first: &Rule, second: &Rule) -> Option<Finding> {
    let path = at(pack, second, "when");
    if first.act == second.act {
        let text = format!("`{}` and `{}` have the same condition and lead to the same", first.id, second.id);
        return Some(Finding::warning("rules.duplicate", text).at(path).remedy("keep one of them"));
    }
    let text = format!(
        "under the same condition `{}` leads to {} and `{}` to {}",
        first.id, first.act, second.id, second.act
    );
    Some(Finding::error("rules.contradictory", text).at(path).remedy("decide which of them is meant"))
}

/// `inner` fires only where `outer` does.
fn compare_nested(pack: &RulePack, inner: &Placed<'_>, outer: &Placed<'_>) -> Option<Finding> {
    let covered = outer.since <= inner.since && inner.until <= outer.until;
    let (inner, outer) = (inner.rule, outer.rule);
    let path = at(pack, inner, "when");
    if !covered || inner.act >= outer.act {
        return None;
    }
    if inner.act == Act::Note && outer.act == Act::Refuse {
        let text = format!(
            "`{}` only notes what `{}` always refuses: wherever the one fires, so does the other",
            inner.id, outer.id
        );
        return Some(
            Finding::error("rules.contradictory", text).at(path).remedy("decide which of them is meant"),
        );
    }
    if inner.act == Act::Note {
        return None;
    }
    let text = format!(
        "`{}` ({}) never decides: wherever it fires, `{}` ({}) fires too",
        inner.id, inner.act, outer.id, outer.act
    );
    Some(Finding::warning("rules.unreachable", text).at(path).remedy("remove it, or narrow the other rule"))
}

/// Conditions of profiles that can never hold, and profiles that are never in force.
fn review_profiles(pack: &RulePack, findings: &mut Vec<Finding>) {
    let effective = pack.effective();
    for profile in pack.list_profiles() {
        let place = |field: &str| format!("{}/{}/{field}", pack.reference().id, profile.id);
        let since = profile.since.unwrap_or(effective.since).max(effective.since);
        let until = profile.until.unwrap_or(Date::MAX).min(effective.until.unwrap_or(Date::MAX));
        if since > until {
            let text = format!("the profile `{}` is never in force while the pack is", profile.id);
            let finding = Finding::error("rules.period-dead", text).at(place("since"));
            findings.push(finding.remedy("correct the days or remove the profile"));
        }
        for weighed in &profile.conditions {
            let region = Region::of(&weighed.when.written, &pack.resolved.parameters);
            if region.as_ref().is_some_and(Region::is_empty) {
                let text = format!(
                    "the condition `{}` of `{}` can never hold: {}",
                    weighed.id, profile.id, weighed.condition
                );
                let finding = Finding::error("rules.never-fires", text);
                findings.push(
                    finding
                        .at(place(&format!("conditions/{}/when", weighed.id)))
                        .remedy("correct the condition or remove it"),
                );
            }
        }
    }
}

/// Parameters and tables that no rule of the pack names.
fn review_names(pack: &RulePack, findings: &mut Vec<Finding>) {
    let resolved = &pack.resolved;
    let texts = |rule: &RuleFile| {
        let words = rule.words.values().flat_map(|words| [words.message.clone(), words.remedy.clone()]);
        let own = [
            rule.when.clone(),
            rule.message.clone(),
            rule.remedy.clone(),
            rule.path.clone().unwrap_or_default(),
        ];
        own.into_iter().chain(words).collect::<Vec<_>>().join("\n")
    };
    let weighed = resolved.profiles.iter().flat_map(|profile| &profile.conditions);
    let weighed: String = weighed.map(|weighed| weighed.when.clone() + "\n").collect();
    let all: String = resolved.rules.iter().map(|rule| texts(rule) + "\n").chain([weighed]).collect();
    let names = resolved.parameters.keys().map(|name| ("parameters", name));
    for (root, name) in names.chain(resolved.tables.keys().map(|name| ("tables", name))) {
        if !mentions(&all, &format!("{root}.{name}")) {
            let text = format!("nothing reads `{root}.{name}`");
            let path = format!("{}/{root}/{name}", pack.reference().id);
            findings.push(
                Finding::warning("rules.unused", text)
                    .at(path)
                    .remedy("remove it, or correct the name in the rule"),
            );
        }
    }
}

/// Whether a text has a name that does not go on.
fn mentions(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let after = text.get(at + name.len()..).and_then(|rest| rest.chars().next());
        !after.is_some_and(|next| next.is_ascii_alphanumeric() || next == '_')
    })
}
