//! `kervan rules`: the rule packs of administrations, checked, tested, explained, compared and signed.

mod check;
mod diff;
mod draw;
mod explain;
mod files;
mod model;
mod replay;
mod sign;

use super::{Failure, Outcome};
use crate::facts::Facts;
use clap::Subcommand;
use std::path::PathBuf;

/// Check, test, explain, compare and sign rule packs.
#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// List the packs with their territories, versions, hashes and rules.
    List {
        /// A folder of packs, or one pack; the shipped ones if absent.
        path: Option<PathBuf>,
        /// Print them as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Find every fault: syntax, unknown paths, kinds, rules that never fire, contradictions, gaps, missing words and tests.
    #[command(after_help = "Examples:
  kervan rules check
  kervan rules check my-rules/ --json
  kervan rules check my-rules/ge.yaml

Libraries, tables, words and tests are looked for beside the pack. Exit code 1 if there is an error.")]
    Check {
        /// A folder of packs, or one pack; the shipped ones if absent.
        path: Option<PathBuf>,
        /// Print the findings as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Run the test cases beside the packs and say in how many each rule fired.
    #[command(after_help = "Example:\n  kervan rules test my-rules/ge.yaml")]
    Test {
        /// A folder of packs, or one pack; the shipped ones if absent.
        path: Option<PathBuf>,
        /// Print the report as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print the page of a rule; or why a movement of an exported dossier was decided as it was.
    #[command(after_help = "Examples:
  kervan rules explain container-sealed
  kervan rules explain container-sealed --language ru
  kervan rules explain dossier.json --movement 2")]
    Explain(explain::ExplainCommand),
    /// Say which past declarations other packs would have decided otherwise.
    #[command(after_help = "Examples:
  kervan rules diff data/rules my-rules/
  kervan rules diff data/rules my-rules/ --last 1000 --data kervan-data

Without --data the test cases beside both are the declarations. Exit code 1 if an outcome changes.")]
    Diff(diff::DiffCommand),
    /// Sign a pack as the administration that decides by it.
    #[command(after_help = "Example:\n  kervan rules sign my-rules/ge.yaml --key customs-ge.pem")]
    Sign(sign::SignCommand),
    /// Decide a signed decision again and compare every byte.
    #[command(after_help = "Examples:
  kervan rules replay dossier.json KRV-2026-0001/2
  kervan rules replay dossier.json KRV-2026-0001/2 --data kervan-data

The pack is found by its hash: among those of --rules, or among all that a node has ever decided by.")]
    Replay(replay::ReplayCommand),
    /// Commit to seeds of the random selection, and check draws afterwards.
    #[command(subcommand)]
    Draw(draw::DrawCommand),
    /// Train and explain the learned score.
    #[command(subcommand)]
    Model(model::ModelCommand),
}

/// Runs the command.
pub(super) fn run(command: RulesCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        RulesCommand::List { path, json } => check::list(facts, path.as_deref(), json),
        RulesCommand::Check { path, json } => check::check(facts, path.as_deref(), json),
        RulesCommand::Test { path, json } => check::test(facts, path.as_deref(), json),
        RulesCommand::Explain(command) => explain::run(&command, facts),
        RulesCommand::Diff(command) => diff::run(&command, facts),
        RulesCommand::Sign(command) => sign::run(&command, facts),
        RulesCommand::Replay(command) => replay::run(&command, facts),
        RulesCommand::Draw(command) => draw::run(command, facts),
        RulesCommand::Model(command) => model::run(command, facts),
    }
}
