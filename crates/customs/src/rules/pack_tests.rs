//! Test cases beside a pack: `name.tests.yaml`, each a change of the specimen case with the decision expected.

use super::pack::RulePack;
use crate::{Case, Outcome, decide_alone};
use jiff::Timestamp;
use kervan_model::Finding;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Code of the finding that every release ends with; test cases need not list it.
const RELEASED: &str = "clearance.released";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TestsFile {
    /// Changes that every test begins with, such as the territory of the pack.
    #[serde(default)]
    base: Change,
    tests: Vec<TestCase>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Change {
    /// JSON pointers with their new values; `-` at the end adds to a list.
    set: BTreeMap<String, Value>,
    /// JSON pointers of what is taken away.
    remove: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TestCase {
    name: String,
    #[serde(default)]
    set: BTreeMap<String, Value>,
    #[serde(default)]
    remove: Vec<String>,
    #[serde(default)]
    now: Option<Timestamp>,
    outcome: Outcome,
    /// Codes of all findings, in the order of the rules.
    #[serde(default)]
    findings: Vec<String>,
    /// A piece of the message of some finding.
    #[serde(default)]
    message: Option<String>,
    /// The path of some finding.
    #[serde(default)]
    path: Option<String>,
}

/// What a run of test cases covered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackTestReport {
    /// How many cases ran.
    pub cases: usize,
    /// One finding per case that went otherwise than expected.
    pub findings: Vec<Finding>,
    /// Ids of rules and profiles that fired in no case.
    pub rules_never_fired: Vec<String>,
    /// For each rule and profile, in how many cases it fired and in how many it did not, in the order of the pack.
    pub coverage: Vec<Coverage>,
}

/// In how many cases a rule fired, or a profile asked for something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// The rule or profile.
    pub rule: String,
    /// In how many cases it fired.
    pub fired: usize,
    /// In how many it did not.
    pub silent: usize,
    /// Names of the cases in which it fired.
    pub cases: Vec<String>,
    /// What it said in the first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<Finding>,
}

/// The test cases of a pack as cases: name, case, and the instant of the decision. Cases that cannot be read are left out;
/// [`run_pack_tests`] reports them.
pub fn list_test_cases(specimen: &str, tests: &str) -> Vec<(String, Case, Timestamp)> {
    let (Ok(specimen), Ok(file)) =
        (serde_norway::from_str::<Value>(specimen), serde_norway::from_str::<TestsFile>(tests))
    else {
        return Vec::new();
    };
    let read = |test: &TestCase| {
        let case = case_of(&specimen, &file.base, test).ok()?;
        let now = test.now.unwrap_or(case.lodged);
        Some((test.name.clone(), case, now))
    };
    file.tests.iter().filter_map(read).collect()
}

/// Runs the test cases of a pack on the specimen case. Pure; `now` of a case is the specimen's `lodged` unless given.
pub fn run_pack_tests(pack: &RulePack, specimen: &str, tests: &str) -> PackTestReport {
    let mut report = PackTestReport::default();
    let fault = |name: &str, message: String| {
        Finding::error("rules.test", message).at(format!("{}: {name}", pack.reference().id))
    };
    let specimen: Value = match serde_norway::from_str(specimen) {
        Ok(specimen) => specimen,
        Err(error) => {
            report.findings.push(fault("specimen", error.to_string()));
            return report;
        }
    };
    let file: TestsFile = match serde_norway::from_str(tests) {
        Ok(file) => file,
        Err(error) => {
            report.findings.push(fault("tests", error.to_string()));
            return report;
        }
    };
    let mut fired: BTreeMap<String, (Vec<String>, Option<Finding>)> = BTreeMap::new();
    for test in &file.tests {
        report.cases += 1;
        match run(pack, &specimen, &file.base, test) {
            Ok(found) => {
                for finding in found {
                    let Some(rule) = finding.rule.clone() else { continue };
                    let (cases, example) = fired.entry(rule).or_default();
                    cases.push(test.name.clone());
                    example.get_or_insert(finding);
                }
            }
            Err(message) => report.findings.push(fault(&test.name, message)),
        }
    }
    let rules = pack.list_rules().iter().map(|rule| &rule.id);
    for id in rules.chain(pack.list_profiles().iter().map(|profile| &profile.id)) {
        let (mut cases, example) = fired.remove(id).unwrap_or_default();
        cases.dedup();
        if cases.is_empty() {
            report.rules_never_fired.push(id.clone());
        }
        let silent = report.cases - cases.len().min(report.cases);
        report.coverage.push(Coverage { rule: id.clone(), fired: cases.len(), silent, cases, example });
    }
    report
}

/// The specimen with the changes of a test.
fn case_of(specimen: &Value, base: &Change, test: &TestCase) -> Result<Case, String> {
    let mut value = specimen.clone();
    for (set, remove) in [(&base.set, &base.remove), (&test.set, &test.remove)] {
        for pointer in remove {
            take_away(&mut value, pointer)?;
        }
        for (pointer, new) in set {
            put(&mut value, pointer, new.clone())?;
        }
    }
    serde_json::from_value(value).map_err(|error| format!("the case cannot be read: {error}"))
}

/// Runs one case; gives the findings of its decision, or what went otherwise.
fn run(pack: &RulePack, specimen: &Value, base: &Change, test: &TestCase) -> Result<Vec<Finding>, String> {
    let case = case_of(specimen, base, test)?;
    let decision = decide_alone(pack, &case, test.now.unwrap_or(case.lodged));
    let found: Vec<_> = decision
        .findings
        .iter()
        .map(|finding| finding.code.as_str())
        .filter(|code| *code != RELEASED)
        .collect();
    if decision.outcome != test.outcome || found != test.findings {
        let why: Vec<_> = decision.findings.iter().map(|finding| finding.message.as_str()).collect();
        return Err(format!(
            "expected {} with {:?}, got {} with {found:?}: {}",
            test.outcome,
            test.findings,
            decision.outcome,
            why.join(" | ")
        ));
    }
    if let Some(piece) = &test.message
        && !decision.findings.iter().any(|finding| finding.message.contains(piece))
    {
        let shown: Vec<_> = decision.findings.iter().map(|finding| finding.message.as_str()).collect();
        return Err(format!("no message has `{piece}`: {}", shown.join(" | ")));
    }
    if test.path.is_some() && !decision.findings.iter().any(|finding| finding.path == test.path) {
        return Err(format!("no finding is at {:?}", test.path));
    }
    Ok(decision.findings)
}

fn parent<'a>(value: &'a mut Value, pointer: &str) -> Result<(&'a mut Value, String), String> {
    let (head, last) = pointer.rsplit_once('/').ok_or_else(|| format!("`{pointer}` is no JSON pointer"))?;
    let parent = value.pointer_mut(head).ok_or_else(|| format!("there is nothing at `{head}`"))?;
    Ok((parent, last.replace("~1", "/").replace("~0", "~")))
}

fn put(value: &mut Value, pointer: &str, new: Value) -> Result<(), String> {
    match parent(value, pointer)? {
        (Value::Object(fields), name) => {
            fields.insert(name, new);
            Ok(())
        }
        (Value::Array(list), name) if name == "-" => {
            list.push(new);
            Ok(())
        }
        (Value::Array(list), name) => {
            let slot = name.parse::<usize>().ok().and_then(|at| list.get_mut(at));
            *slot.ok_or_else(|| format!("there is no element `{pointer}`"))? = new;
            Ok(())
        }
        _ => Err(format!("`{pointer}` is inside a plain value")),
    }
}

fn take_away(value: &mut Value, pointer: &str) -> Result<(), String> {
    let missing = || format!("there is nothing at `{pointer}`");
    match parent(value, pointer)? {
        (Value::Object(fields), name) => fields.remove(&name).map(drop).ok_or_else(missing),
        (Value::Array(list), name) => match name.parse::<usize>() {
            Ok(at) if at < list.len() => {
                list.remove(at);
                Ok(())
            }
            _ => Err(missing()),
        },
        _ => Err(missing()),
    }
}
