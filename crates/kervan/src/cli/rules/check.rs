//! `kervan rules list`, `check` and `test`.

use super::super::{Failure, Outcome, output};
use super::files::{RuleFiles, read};
use crate::facts::Facts;
use kervan_customs::RulePacks;
use kervan_customs::rules::{Coverage, PackTestReport, review_pack};
use kervan_model::{Finding, has_errors};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Serialize)]
struct Line {
    pack: String,
    version: String,
    territory: String,
    since: String,
    until: Option<String>,
    rules: usize,
    profiles: usize,
    hash: String,
}

/// Lists packs.
pub(super) fn list(facts: &Facts, path: Option<&Path>, json: bool) -> Result<Outcome, Failure> {
    let packs = read(facts, path)?.load_or_fail()?;
    let lines: Vec<Line> = packs
        .list()
        .map(|pack| Line {
            pack: pack.reference().id.clone(),
            version: pack.reference().version.clone(),
            territory: pack.territory().to_string(),
            since: pack.effective().since.to_string(),
            until: pack.effective().until.map(|day| day.to_string()),
            rules: pack.list_rules().len(),
            profiles: pack.list_profiles().len(),
            hash: pack.reference().hash.clone(),
        })
        .collect();
    if json {
        output::json(&lines);
        return Ok(Outcome::Done);
    }
    let mut table = output::table(&["pack", "version", "territory", "in force", "rules", "profiles", "hash"]);
    for line in &lines {
        let until = line.until.as_deref().unwrap_or("on");
        table.add_row([
            line.pack.clone(),
            line.version.clone(),
            line.territory.clone(),
            format!("{} - {until}", line.since),
            line.rules.to_string(),
            line.profiles.to_string(),
            line.hash.chars().take(16).collect(),
        ]);
    }
    output::line(&table.to_string());
    Ok(Outcome::Done)
}

/// Checks packs.
pub(super) fn check(facts: &Facts, path: Option<&Path>, json: bool) -> Result<Outcome, Failure> {
    let files = read(facts, path)?;
    let (findings, packs) = match files.load() {
        Ok(packs) => (review(&files, &packs), packs.list().count()),
        Err(findings) => (findings, 0),
    };
    if json {
        output::json(&findings);
    } else {
        output::findings(&findings);
        output::line(&format!("{packs} packs loaded; {}", output::count(&findings)));
    }
    Ok(if has_errors(&findings) { Outcome::FoundErrors } else { Outcome::Done })
}

/// Reviews all packs. A rule of a library counts as tested if it fires in the tests of any pack.
fn review(files: &RuleFiles, packs: &RulePacks) -> Vec<Finding> {
    let reports: BTreeMap<&str, PackTestReport> = packs
        .list()
        .map(|pack| (pack.reference().id.as_str(), files.run_tests(pack).unwrap_or_else(|| untested(pack))))
        .collect();
    let fires_in_some = |rule: &str| {
        reports.values().any(|report| report.coverage.iter().any(|line| line.rule == rule && line.fired > 0))
    };
    let mut findings = Vec::new();
    for pack in packs.list() {
        let Some(report) = reports.get(pack.reference().id.as_str()) else { continue };
        let mut report = report.clone();
        report.rules_never_fired.retain(|rule| !fires_in_some(rule));
        findings.extend(review_pack(pack, Some(&report)));
    }
    // Packs share libraries, so the same fault of a library comes once for each; one is enough.
    let mut seen = std::collections::BTreeSet::new();
    findings.retain(|finding| {
        let place =
            finding.path.as_deref().and_then(|path| path.split_once('/')).map(|(_, rest)| rest.to_owned());
        seen.insert((finding.code.clone(), place, finding.message.clone()))
    });
    findings
}

fn untested(pack: &kervan_customs::RulePack) -> PackTestReport {
    PackTestReport {
        rules_never_fired: pack
            .list_rules()
            .iter()
            .map(|rule| rule.id.clone())
            .chain(pack.list_profiles().iter().map(|profile| profile.id.clone()))
            .collect(),
        ..PackTestReport::default()
    }
}

#[derive(Serialize)]
struct Tested<'a> {
    pack: &'a str,
    cases: usize,
    findings: &'a [Finding],
    rules: &'a [Coverage],
}

/// Runs the tests of packs.
pub(super) fn test(facts: &Facts, path: Option<&Path>, json: bool) -> Result<Outcome, Failure> {
    let files = read(facts, path)?;
    let packs = files.load_or_fail()?;
    let reports: Vec<(&str, PackTestReport)> = packs
        .list()
        .filter_map(|pack| Some((pack.reference().id.as_str(), files.run_tests(pack)?)))
        .collect();
    if reports.is_empty() {
        return Err(
            Failure::new("there are no test cases").remedy("write them beside the pack as PACK.tests.yaml")
        );
    }
    if json {
        let tested = reports.iter().map(|(pack, report)| Tested {
            pack,
            cases: report.cases,
            findings: &report.findings,
            rules: &report.coverage,
        });
        output::json(&tested.collect::<Vec<_>>());
    } else {
        for (pack, report) in &reports {
            output::findings(&report.findings);
            let fired = report.coverage.iter().filter(|line| line.fired > 0).count();
            let (failed, rules) = (report.findings.len(), report.coverage.len());
            output::line(&format!(
                "{pack}: {} cases, {failed} otherwise than expected; {fired} of {rules} rules fired",
                report.cases
            ));
        }
        let mut table = output::table(&["pack", "rule", "fired", "silent", "first case"]);
        for (pack, report) in &reports {
            for line in &report.coverage {
                let first = line.cases.first().cloned().unwrap_or_else(|| "-".to_owned());
                table.add_row([
                    (*pack).to_owned(),
                    line.rule.clone(),
                    line.fired.to_string(),
                    line.silent.to_string(),
                    first,
                ]);
            }
        }
        output::line(&table.to_string());
    }
    let failed = reports.iter().any(|(_, report)| !report.findings.is_empty());
    Ok(if failed { Outcome::FoundErrors } else { Outcome::Done })
}
