//! `kervan measures`: how clearance goes.

use super::output;
use super::{Failure, Outcome};
use crate::facts::Facts;
use crate::http::wire::ClearanceMeasures;
use crate::setup::open_node;
use clap::Args;
use kervan_node::measure;
use std::path::PathBuf;

/// Measure clearance from the signed steps of all movements of a node.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  kervan measures --data kervan-data")]
pub(super) struct MeasuresCommand {
    /// Folder of the store.
    #[arg(long, value_name = "DIR", default_value = super::serve::DATA)]
    data: PathBuf,
    /// Print them as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(command: &MeasuresCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let desk = open_node(facts, &command.data)?.desk;
    let measures = measure(&desk).map_err(|error| Failure::new(error.to_string()))?;
    let measures = ClearanceMeasures::from(measures);
    if command.json {
        output::json(&measures);
        return Ok(Outcome::Done);
    }
    let header = [
        "territory",
        "decided",
        "released",
        "refused",
        "untouched",
        "hours p50 / p90",
        "controls",
        "hit rate",
    ];
    let mut table = output::table(&header);
    let share = |share: f64| format!("{:.1} %", share * 100.0);
    let hours = |hours: Option<f64>| hours.map_or_else(|| "-".to_owned(), |hours| format!("{hours:.1}"));
    for (territory, of) in &measures.territories {
        table.add_row([
            territory.clone(),
            of.decided.to_string(),
            of.released.to_string(),
            of.refused.to_string(),
            share(of.untouched_share),
            format!("{} / {}", hours(of.hours_to_release_p50), hours(of.hours_to_release_p90)),
            of.controls.to_string(),
            of.hit_rate.map_or_else(|| "-".to_owned(), share),
        ]);
    }
    output::line(&table.to_string());
    let mut rules = output::table(&["territory", "rule", "fired", "controls", "hit rate"]);
    for (territory, of) in &measures.rules {
        for (rule, of) in of {
            let hit = of.hit_rate.map_or_else(|| "-".to_owned(), share);
            rules.add_row([
                territory.clone(),
                rule.clone(),
                of.fired.to_string(),
                of.controls.to_string(),
                hit,
            ]);
        }
    }
    output::line(&rules.to_string());
    Ok(Outcome::Done)
}
