//! `kervan rules draw`: seeds of the random selection, committed to beforehand and checked afterwards.

use super::super::{Failure, Outcome, output};
use super::replay::read_dossier;
use crate::clock::Clock;
use crate::facts::Facts;
use crate::random::Random;
use crate::setup::open_node;
use clap::Subcommand;
use jiff::civil::Date;
use kervan_model::{Finding, TerritoryId};
use kervan_node::{DrawWanted, check_dossier_draws, commit_draw, list_draws, verify_draws};
use kervan_risk::DrawSeed;
use std::path::PathBuf;

/// Seeds of the random selection.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum DrawCommand {
    /// Commit to a secret seed for a period to come, and print the commitment to be published.
    #[command(after_help = "Example:
  kervan rules draw commit --territory GE --period 2027-01 --since 2027-01-01 --until 2027-01-31 --rate 20")]
    Commit {
        /// The territory.
        #[arg(long)]
        territory: TerritoryId,
        /// A name for the period.
        #[arg(long)]
        period: String,
        /// Its first day of entry.
        #[arg(long, value_name = "DAY")]
        since: Date,
        /// Its last day of entry.
        #[arg(long, value_name = "DAY")]
        until: Date,
        /// Cases of a thousand that are drawn.
        #[arg(long, value_name = "PERMILLE", default_value_t = 20)]
        rate: u32,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = super::super::serve::DATA)]
        data: PathBuf,
    },
    /// List the periods of a territory; seeds are shown once their period has ended.
    List {
        /// The territory.
        #[arg(long)]
        territory: TerritoryId,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = super::super::serve::DATA)]
        data: PathBuf,
        /// Print them as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Check draws with a revealed seed: of a node's ended period, or of exported dossiers, without asking anyone.
    #[command(after_help = "Examples:
  kervan rules draw verify --period 2027-01 --territory GE --data kervan-data
  kervan rules draw verify --period 2027-01 --seed 0f..9c dossier.json another.json")]
    Verify {
        /// Exported dossiers.
        dossiers: Vec<PathBuf>,
        /// The period.
        #[arg(long)]
        period: String,
        /// The revealed seed, 64 hexadecimal digits; needed for dossiers.
        #[arg(long, value_name = "HEX")]
        seed: Option<String>,
        /// The territory; needed for a node.
        #[arg(long)]
        territory: Option<TerritoryId>,
        /// Folder of the store.
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// Print the findings as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
pub(super) fn run(command: DrawCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let failure = |error: kervan_node::Refusal| Failure::new(error.to_string());
    let now = Clock::Wall.now();
    match command {
        DrawCommand::Commit { territory, period, since, until, rate, data } => {
            let desk = open_node(facts, &data)?.desk;
            let seed = Random::System.secret(&format!("draw {territory} {period}"));
            let wanted = DrawWanted { territory, period, since, until, rate_permille: rate };
            let record = commit_draw(&desk, &wanted, seed, now).map_err(failure)?;
            output::line(&format!(
                "publish before {}: {} draws {} of 1000 cases by the seed with SHA-256 {}",
                record.since, record.period, record.rate_permille, record.commitment
            ));
            Ok(Outcome::Done)
        }
        DrawCommand::List { territory, data, json } => {
            let desk = open_node(facts, &data)?.desk;
            let records = list_draws(&desk, &territory, now);
            if json {
                output::json(&records);
                return Ok(Outcome::Done);
            }
            let mut table = output::table(&["period", "days", "of 1000", "commitment", "seed"]);
            for record in records {
                table.add_row([
                    record.period,
                    format!("{} - {}", record.since, record.until),
                    record.rate_permille.to_string(),
                    record.commitment,
                    record.seed.unwrap_or_else(|| "secret until the period has ended".to_owned()),
                ]);
            }
            output::line(&table.to_string());
            Ok(Outcome::Done)
        }
        DrawCommand::Verify { dossiers, period, seed, territory, data, json } => {
            let (checked, findings) = match (seed, territory) {
                (Some(seed), _) if !dossiers.is_empty() => verify_files(&dossiers, &period, &seed)?,
                (_, Some(territory)) => {
                    let data = data.unwrap_or_else(|| PathBuf::from(super::super::serve::DATA));
                    let desk = open_node(facts, &data)?.desk;
                    verify_draws(&desk, &territory, &period, now).map_err(failure)?
                }
                _ => {
                    return Err(Failure::new("give dossiers with --seed, or --territory of a node")
                        .remedy("kervan rules draw verify --help"));
                }
            };
            if json {
                output::json(&findings);
            } else {
                output::findings(&findings);
                output::line(&format!("{checked} draws of {period} checked; {}", output::count(&findings)));
            }
            Ok(if findings.is_empty() { Outcome::Done } else { Outcome::FoundErrors })
        }
    }
}

fn verify_files(dossiers: &[PathBuf], period: &str, seed: &str) -> Result<(usize, Vec<Finding>), Failure> {
    let seed = DrawSeed::find(seed).ok_or_else(|| Failure::new("the seed is not 64 hexadecimal digits"))?;
    let (mut checked, mut findings) = (0, Vec::new());
    for path in dossiers {
        let (count, more) = check_dossier_draws(&read_dossier(path)?, period, &seed);
        checked += count;
        findings.extend(more);
    }
    Ok((checked, findings))
}
