//! `kervan rules explain`: the page of a rule, and why a movement was decided as it was.

use super::super::{Failure, Outcome, output};
use super::files::{RuleFiles, read};
use super::replay::{find_pack, read_dossier};
use crate::facts::Facts;
use clap::Args;
use kervan_customs::rules::{ProfileTrace, RuleTrace, schema, trace, trace_profiles};
use kervan_customs::{Case, Rule, RulePack, RulePacks};
use kervan_model::{Finding, MovementId};
use kervan_node::list_decisions;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Print the page of a rule; or why a movement was decided as it was.
#[derive(Debug, Args)]
pub(in crate::cli) struct ExplainCommand {
    /// Id of a rule, or an exported dossier.
    what: String,
    /// Number of the movement in the dossier, or its id.
    #[arg(long, value_name = "N")]
    movement: Option<String>,
    /// A folder of packs; the shipped ones if absent.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Folder of a node's store, which keeps every pack that it has decided by.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The language of titles.
    #[arg(long, default_value = "en")]
    language: String,
    /// Show rules that did not fire too.
    #[arg(long)]
    all: bool,
    /// Print it as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(command: &ExplainCommand, facts: &Facts) -> Result<Outcome, Failure> {
    if command.movement.is_some() || Path::new(&command.what).is_file() {
        return explain_movement(command, facts);
    }
    let files = read(facts, command.rules.as_deref())?;
    let packs = files.load_or_fail()?;
    let pages = pages(&files, &packs, command);
    if pages.is_empty() && print_profile_pages(&packs, command) {
        return Ok(Outcome::Done);
    }
    if pages.is_empty() {
        let near: Vec<_> = packs
            .list()
            .flat_map(RulePack::list_rules)
            .filter(|rule| rule.id.contains(&command.what) || rule.code.contains(&command.what))
            .map(|rule| rule.id.clone())
            .take(5)
            .collect();
        return Err(Failure::new(format!("there is no rule `{}`", command.what)).remedy(
            match near.is_empty() {
                true => "kervan rules test lists every rule".to_owned(),
                false => near.join(", "),
            },
        ));
    }
    if command.json {
        output::json(&pages);
    } else {
        pages.iter().for_each(print_page);
    }
    Ok(Outcome::Done)
}

/// A risk profile for people and programs.
#[derive(Serialize)]
struct ProfilePage {
    profile: String,
    title: String,
    packs: Vec<String>,
    act: &'static str,
    threshold: i32,
    source: String,
    confidence: String,
    conditions: Vec<WeighedLine>,
}

#[derive(Serialize)]
struct WeighedLine {
    title: String,
    weight: i32,
    walks: Option<&'static str>,
    condition: String,
}

/// Prints the pages of a risk profile, if there is one of that id.
fn print_profile_pages(packs: &RulePacks, command: &ExplainCommand) -> bool {
    let mut pages: Vec<ProfilePage> = Vec::new();
    for pack in packs.list() {
        for profile in pack.list_profiles().iter().filter(|profile| profile.id == command.what) {
            let line = |weighed: &kervan_customs::rules::Weighed| WeighedLine {
                title: weighed.title.clone(),
                weight: weighed.weight,
                walks: weighed.walks(),
                condition: weighed.condition.clone(),
            };
            let id = pack.reference().id.clone();
            if let Some(page) = pages.first_mut() {
                page.packs.push(id);
                continue;
            }
            pages.push(ProfilePage {
                profile: profile.id.clone(),
                title: profile.title.clone(),
                packs: vec![id],
                act: profile.act.word(),
                threshold: profile.threshold,
                source: profile.source.clone(),
                confidence: format!("{:?}", profile.confidence).to_lowercase(),
                conditions: profile.conditions.iter().map(line).collect(),
            });
        }
    }
    if command.json && !pages.is_empty() {
        output::json(&pages);
        return true;
    }
    for page in &pages {
        output::line(&format!("{} - {}", page.profile, page.title));
        output::line(&format!("  packs       {}", page.packs.join(", ")));
        output::line(&format!(
            "  asks for    {} from {} points on; never a refusal",
            page.act, page.threshold
        ));
        output::line(&format!("  source      {}", page.source));
        output::line(&format!("  confidence  {}", page.confidence));
        for line in &page.conditions {
            let walks = line.walks.map_or_else(String::new, |list| format!(" (some of {list})"));
            output::line(&format!("  {:+5}  {}{walks}: {}", line.weight, line.title, line.condition));
        }
    }
    !pages.is_empty()
}

/// The page of a rule. Packs that share it share the page.
#[derive(Serialize)]
struct Page {
    rule: String,
    title: String,
    packs: Vec<String>,
    walks: Option<&'static str>,
    condition: String,
    act: &'static str,
    four_eyes: bool,
    code: String,
    source: String,
    confidence: String,
    languages: Vec<String>,
    paths: Vec<PathLine>,
    tests: Vec<String>,
    example: Option<Finding>,
}

#[derive(Serialize)]
struct PathLine {
    path: String,
    meaning: String,
}

fn pages(files: &RuleFiles, packs: &RulePacks, command: &ExplainCommand) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    for pack in packs.list() {
        let report = files.run_tests(pack).unwrap_or_default();
        for rule in
            pack.list_rules().iter().filter(|rule| rule.id == command.what || rule.code == command.what)
        {
            let id = &pack.reference().id;
            let covered = report.coverage.iter().find(|line| line.rule == rule.id);
            let tests = covered.iter().flat_map(|line| line.cases.iter().map(|case| format!("{id}: {case}")));
            let same = pages.iter_mut().find(|page| page.rule == rule.id && page.condition == rule.condition);
            if let Some(page) = same {
                page.packs.push(id.clone());
                page.tests.extend(tests);
                page.example = page.example.take().or_else(|| covered.and_then(|line| line.example.clone()));
                continue;
            }
            pages.push(Page {
                rule: rule.id.clone(),
                title: rule.title_in(&command.language).to_owned(),
                packs: vec![id.clone()],
                walks: rule.walks,
                condition: rule.condition.clone(),
                act: rule.act.word(),
                four_eyes: rule.four_eyes,
                code: rule.code.clone(),
                source: rule.source.clone(),
                confidence: format!("{:?}", rule.confidence).to_lowercase(),
                languages: rule.languages().map(str::to_owned).collect(),
                paths: paths(rule),
                tests: tests.collect(),
                example: covered.and_then(|line| line.example.clone()),
            });
        }
    }
    pages
}

fn paths(rule: &Rule) -> Vec<PathLine> {
    let line = |path: &str| PathLine {
        path: path.to_owned(),
        meaning: schema::find_meaning(path, rule.walks)
            .unwrap_or("a parameter or table of the pack")
            .to_owned(),
    };
    rule.list_paths().map(line).collect()
}

fn print_page(page: &Page) {
    output::line(&format!("{} - {}", page.rule, page.title));
    let walks = page
        .walks
        .map_or_else(|| "once for the case".to_owned(), |list| format!("for each of {list}, which is `it`"));
    let lines = [
        ("packs", page.packs.join(", ")),
        ("asked", walks),
        ("fires when", page.condition.clone()),
        ("leads to", if page.four_eyes { format!("{}, four eyes", page.act) } else { page.act.to_owned() }),
        ("finding", page.code.clone()),
        ("source", page.source.clone()),
        ("confidence", page.confidence.clone()),
        (
            "languages",
            std::iter::once("en")
                .chain(page.languages.iter().map(String::as_str))
                .collect::<Vec<_>>()
                .join(", "),
        ),
    ];
    for (label, text) in lines {
        output::line(&format!("  {label:<11} {text}"));
    }
    output::line("  reads");
    for line in &page.paths {
        output::line(&format!("    {:<32} {}", line.path, line.meaning));
    }
    if let Some(example) = &page.example {
        output::line(&format!("  says for example\n    {}", example.message));
        if let Some(remedy) = &example.remedy {
            output::line(&format!("    remedy: {remedy}"));
        }
    }
    output::line(&format!(
        "  tests that make it fire: {}",
        if page.tests.is_empty() { "none".to_owned() } else { page.tests.join("; ") }
    ));
    output::line("");
}

#[derive(Serialize)]
struct Explained {
    entry: String,
    movement: String,
    decided: String,
    outcome: String,
    pack: String,
    version: String,
    hash: String,
    findings: Vec<Finding>,
    rules: Vec<RuleTrace>,
    profiles: Vec<ProfileTrace>,
}

fn explain_movement(command: &ExplainCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let dossier = read_dossier(Path::new(&command.what))?;
    let wanted = command.movement.as_deref().unwrap_or("1");
    let ids = super::replay::list_movements(&dossier);
    let id: &MovementId = ids
        .iter()
        .find(|id| id.as_str() == wanted || id.as_str().rsplit('/').next() == Some(wanted))
        .ok_or_else(|| {
            let known: Vec<_> = ids.iter().map(|id| id.to_string()).collect();
            Failure::new(format!("the dossier has no movement `{wanted}`")).remedy(known.join(", "))
        })?;
    let mut explained = Vec::new();
    for (entry, fact) in list_decisions(&dossier, id) {
        let Some(reference) = &fact.rule_pack else { continue };
        let pack = find_pack(facts, command.rules.as_deref(), command.data.as_deref(), &reference.hash)?;
        let case: Case = serde_json::from_value(fact.case.clone()).map_err(|error| {
            Failure::new(format!(
                "the case of entry {entry} cannot be read: {}",
                kervan_model::in_plain_words(&error)
            ))
        })?;
        let decided = fact.decided.unwrap_or(case.lodged);
        let mut rules = trace(&pack, &case, decided);
        if !command.all {
            rules.retain(|rule| rule.fired);
        }
        let mut profiles = trace_profiles(&pack, &case, decided);
        if !command.all {
            profiles.retain(|profile| profile.points != 0);
        }
        explained.push(Explained {
            entry: entry.to_string(),
            movement: id.to_string(),
            decided: decided.to_string(),
            outcome: fact.outcome.clone().unwrap_or_default(),
            pack: reference.id.clone(),
            version: reference.version.clone(),
            hash: reference.hash.clone(),
            findings: fact.findings.clone(),
            rules,
            profiles,
        });
    }
    if explained.is_empty() {
        return Err(Failure::new(format!("no decision on {id} with its case is in this dossier"))
            .remedy("ask for a copy that discloses the group `case`"));
    }
    if command.json {
        output::json(&explained);
    } else {
        explained.iter().for_each(print_explained);
    }
    Ok(Outcome::Done)
}

fn print_explained(one: &Explained) {
    output::line(&format!(
        "{}: {} at {} by {} {} ({})",
        one.movement,
        one.outcome,
        one.decided,
        one.pack,
        one.version,
        one.hash.get(..16).unwrap_or(&one.hash)
    ));
    output::findings(&one.findings);
    for rule in &one.rules {
        let word = if !rule.in_force {
            "not in force"
        } else if rule.fired {
            "FIRED"
        } else {
            "silent"
        };
        output::line(&format!("{} [{}] {word}: {}", rule.rule, rule.act.word(), rule.condition));
        for asked in &rule.asked {
            let place = asked.element.as_deref().unwrap_or("case");
            let holds = asked.holds.map_or("?", |holds| if holds { "true" } else { "false" });
            let values: Vec<_> =
                asked.values.iter().map(|(path, value)| format!("{path} = {}", short(value))).collect();
            output::line(&format!("    {place}: {holds}; {}", values.join(", ")));
        }
    }
    one.profiles.iter().for_each(print_profile);
}

fn print_profile(profile: &ProfileTrace) {
    let word = match profile.in_force {
        false => "not in force".to_owned(),
        true => format!(
            "{} points, asks for {} from {} on",
            profile.points,
            profile.act.word(),
            profile.threshold
        ),
    };
    output::line(&format!("profile {}: {word}; {}", profile.profile, profile.title));
    for weighed in &profile.conditions {
        let held = weighed.asked.iter().any(|asked| asked.holds == Some(true));
        let added = if held { weighed.weight } else { 0 };
        output::line(&format!(
            "    {added:+} of {:+}  {}: {}",
            weighed.weight, weighed.title, weighed.condition
        ));
    }
}

fn short(value: &serde_json::Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 80 { text } else { text.chars().take(77).collect::<String>() + "..." }
}
