//! `kervan clear`: a dossier run through its regimes, offline.

use super::output;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::setup::load_rules;
use clap::Args;
use jiff::Timestamp;
use kervan_customs::Outcome as Decided;
use kervan_dossier::{Reader, fold, verify_for};
use kervan_model::{Finding, has_errors};
use kervan_node::{ClearanceReport, ClearedMovement, clear_dossier};
use std::path::PathBuf;

/// Largest file that is read. Unit: byte.
const LARGEST_FILE: u64 = 1 << 30;

/// Run an exported dossier through its regimes: procedures, declarations, decisions with findings for each territory.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan clear dossier.json
  kervan clear dossier.json --as-of 2026-12-03T08:00Z --json

Nothing is lodged or signed. Exit codes: 0 every procedure would be released, 1 one is held, refused or lacks something, 2 the
file cannot be read.")]
pub(super) struct ClearCommand {
    /// The exported dossier.
    dossier: PathBuf,
    /// The instant as of which the law is applied; now if it is absent.
    #[arg(long, value_name = "TIME")]
    as_of: Option<Timestamp>,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(command: &ClearCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let rules = load_rules(facts)?;
    let shown = command.dossier.display();
    let failure = |error: std::io::Error| {
        Failure::new(format!("{shown} cannot be read: {}", kervan_model::in_plain_words(&error)))
    };
    let size = std::fs::metadata(&command.dossier).map_err(failure)?.len();
    if size > LARGEST_FILE {
        return Err(Failure::new(format!("{shown} has {size} bytes, more than {LARGEST_FILE}")));
    }
    let bytes = std::fs::read(&command.dossier).map_err(failure)?;
    let now = command.as_of.unwrap_or_else(|| Clock::Wall.now());
    let (verified, dossier) = verify_for(&bytes, &rules.authority, &Reader::default());
    let Some(dossier) = dossier else {
        output::findings(&verified.findings);
        return Err(
            Failure::new(format!("{shown} is no dossier")).remedy("kervan dossier export ID --out FILE")
        );
    };
    let state = fold(&dossier, &rules.authority);
    let mut report = clear_dossier(&rules, &state, now).map_err(|error| {
        Failure::new(error.to_string()).remedy("export a dossier whose itinerary is accepted")
    })?;
    if !verified.verified {
        let text = "the dossier does not verify; what follows rests on what it says all the same";
        report.findings.insert(0, Finding::error("dossier.not-verified", text).remedy("kervan verify FILE"));
    }
    if command.json {
        output::json(&report);
    } else {
        show(&report);
    }
    Ok(if is_clean(&report) { Outcome::Done } else { Outcome::FoundErrors })
}

fn is_clean(report: &ClearanceReport) -> bool {
    let clean = |movement: &ClearedMovement| {
        !has_errors(&movement.findings)
            && movement.decision.as_ref().is_none_or(|decision| decision.outcome == Decided::Release)
    };
    !has_errors(&report.findings) && report.movements.iter().all(clean)
}

fn show(report: &ClearanceReport) {
    output::line(&format!("{} as of {}", report.consignment, report.at));
    let mut table =
        output::table(&["", "procedure", "offices", "lodge", "guarantee", "in the dossier", "decision"]);
    for movement in &report.movements {
        let plan = &movement.plan;
        let lodge = match (movement.may_lodge, plan.lodge_from) {
            (false, Some(from)) => format!("from {}", from.strftime("%Y-%m-%d")),
            _ => format!("by {}", plan.lodge_by.strftime("%Y-%m-%d %H:%M")),
        };
        let guarantee =
            movement.guarantee.as_ref().map_or_else(String::new, |need| match need.amount.minor() {
                0 => need.basis.word().to_owned(),
                _ => need.amount.to_string(),
            });
        let decision = movement.decision.as_ref();
        table.add_row([
            plan.number.to_string(),
            format!("{}\n{}", plan.regime_name, plan.territory_name),
            format!("{} - {}", plan.departure.code, plan.destination.code),
            lodge,
            guarantee,
            movement.stands.clone().unwrap_or_else(|| "-".into()),
            decision.map_or_else(|| "-".to_owned(), |decision| decision.outcome.word().to_owned()),
        ]);
    }
    output::line(&table.to_string());
    output::findings(&report.findings);
    for movement in &report.movements {
        let mut findings = movement.findings.clone();
        findings.extend(movement.decision.iter().flat_map(|decision| decision.findings.iter().cloned()));
        if !findings.is_empty() {
            output::line(&format!("{} {}:", movement.movement, movement.plan.regime_name));
            output::findings(&findings);
        }
    }
}
