//! `kervan rules diff`: which past declarations other packs would have decided otherwise.

use super::super::{Failure, Outcome, output};
use super::files::{RuleFiles, read};
use crate::facts::Facts;
use crate::setup::open_node;
use clap::Args;
use kervan_customs::RulePacks;
use kervan_customs::rules::{Effect, PastCase, compare_packs, list_test_cases};
use kervan_node::list_past_cases;
use std::path::PathBuf;

/// Say which past declarations other packs would have decided otherwise.
#[derive(Debug, Args)]
pub(in crate::cli) struct DiffCommand {
    /// The packs before: a folder, or one pack.
    before: PathBuf,
    /// The packs after.
    after: PathBuf,
    /// How many of the last declarations of the node to decide again.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    last: u32,
    /// Folder of a node's store; without it the test cases beside both are decided.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print the effect as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(command: &DiffCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let (before, after) = (read(facts, Some(&command.before))?, read(facts, Some(&command.after))?);
    let (old, new) = (before.load_or_fail()?, after.load_or_fail()?);
    let cases = match &command.data {
        Some(data) => {
            let desk = open_node(facts, data)?.desk;
            list_past_cases(&desk, command.last).map_err(|error| Failure::new(error.to_string()))?
        }
        None => {
            let mut cases = test_cases(&before, &old);
            let more = test_cases(&after, &new);
            cases.extend(
                more.into_iter()
                    .filter(|case| !cases.iter().any(|known| known.movement == case.movement))
                    .collect::<Vec<_>>(),
            );
            cases
        }
    };
    let effect = compare_packs(&old, &new, &cases);
    if command.json {
        output::json(&effect);
    } else {
        print(&effect);
    }
    let outcomes = effect.changed.iter().any(|changed| changed.before != changed.after);
    Ok(if outcomes { Outcome::FoundErrors } else { Outcome::Done })
}

fn test_cases(files: &RuleFiles, packs: &RulePacks) -> Vec<PastCase> {
    let mut cases = Vec::new();
    for pack in packs.list() {
        let Some(tests) = files.find_tests(pack) else { continue };
        for (name, case, decided) in list_test_cases(files.specimen(), tests) {
            cases.push(PastCase { movement: format!("{}: {name}", pack.reference().id), decided, case });
        }
    }
    cases
}

fn print(effect: &Effect) {
    let mut table = output::table(&["declaration", "before", "after", "no longer fires", "fires now"]);
    for changed in &effect.changed {
        table.add_row([
            changed.movement.clone(),
            changed.before.word().to_owned(),
            changed.after.word().to_owned(),
            changed.gone.join(", "),
            changed.new.join(", "),
        ]);
    }
    if !effect.changed.is_empty() {
        output::line(&table.to_string());
    }
    let outcomes = effect.changed.iter().filter(|changed| changed.before != changed.after).count();
    output::line(&format!(
        "{} declarations decided by both, {} have no pack in one; {} differ in their rules, {outcomes} in their outcome",
        effect.compared,
        effect.without_pack,
        effect.changed.len()
    ));
}
