//! `kervan explain`: the page of a finding code.

use super::output;
use super::{Failure, Outcome};
use crate::facts::Facts;
use crate::findings::{find_page, find_table, list_rows};
use clap::Args;
use kervan_customs::{RulePack, RulePacks};
use kervan_node::read_rule_files;

/// Print the page of a finding code.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan explain clearance.no-seal
  kervan explain clearance.no-seal --language tr")]
pub(super) struct ExplainCommand {
    /// The code.
    code: String,
    /// The language of the texts.
    #[arg(long, default_value = "en")]
    language: String,
    /// Print it as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(command: &ExplainCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let files = read_rule_files(|path| facts.find(path), &facts.list("rules/"));
    let packs = RulePacks::load(&files).map_err(|_| {
        Failure::new("the rule packs cannot be loaded").remedy("kervan rules check lists every fault")
    })?;
    let table = command.language.parse().map(|language| find_table(facts, &language)).unwrap_or_default();
    let Some(page) = find_page(&command.code, &packs, &table, &command.language) else {
        let rules = packs.list().flat_map(RulePack::list_rules).map(|rule| rule.code.clone());
        let mut near: Vec<String> = rules
            .chain(list_rows().into_iter().map(|row| row.code))
            .filter(|code| code.contains(&command.code) || command.code.contains(code.as_str()))
            .collect();
        near.sort();
        near.dedup();
        near.truncate(8);
        let remedy =
            if near.is_empty() { "codes look like clearance.no-seal".to_owned() } else { near.join(", ") };
        return Err(Failure::new(format!("there is no finding code `{}`", command.code)).remedy(remedy));
    };
    if command.json {
        output::json(&page);
        return Ok(Outcome::Done);
    }
    output::line(&page.code);
    for meaning in &page.meanings {
        output::line(&format!("  meaning: {}", meaning.meaning));
        let packs = (!meaning.packs.is_empty()).then(|| meaning.packs.join(", "));
        for (label, text) in [
            ("rule", &meaning.rule),
            ("packs", &packs),
            ("source", &meaning.source),
            ("remedy", &meaning.remedy),
        ] {
            if let Some(text) = text {
                output::line(&format!("  {label}: {text}"));
            }
        }
        output::line("");
    }
    Ok(Outcome::Done)
}
