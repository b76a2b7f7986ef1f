//! `kervan plans`: plans that were kept, computed again, and compared with what happened.

use super::output;
use super::serve::DATA;
use super::track::shown;
use super::{Failure, Outcome};
use crate::facts::Facts;
use crate::http::wire;
use crate::setup::open_node;
use clap::{Args, Subcommand};
use kervan_model::{PartyId, Reference};
use kervan_node::{
    Desk, Refusal, find_plan, list_plans, replay_kept_plan, report_kept_outcome, report_outcome,
    report_plan_scores,
};
use std::path::PathBuf;

/// Plans that were kept with `kervan plan --save`, by the API, or when a consignment's way was accepted.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan plans list --as anadolu
  kervan plans show P0f3a9c11d2e4b687
  kervan plans replay P0f3a9c11d2e4b687
  kervan plans compare KRV-2026-0001
  kervan plans scores --json

Exit codes: 0 good, 1 a replay gives another plan, or there is no such plan, 2 the store cannot be read.")]
pub(super) struct PlansCommand {
    #[command(subcommand)]
    what: PlansAction,
    /// Folder of the store.
    #[arg(long, value_name = "DIR", default_value = DATA, global = true)]
    data: PathBuf,
    /// Print everything as JSON.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum PlansAction {
    /// List the plans that a party kept, the newest first.
    List {
        /// The party.
        #[arg(long = "as", value_name = "PARTY")]
        party: PartyId,
        /// Only those of a consignment.
        #[arg(long, value_name = "REFERENCE")]
        consignment: Option<Reference>,
    },
    /// Show a kept plan as it was.
    Show {
        /// Its id.
        id: String,
    },
    /// Compute a kept plan again: the same plan, or which figures are others now.
    Replay {
        /// Its id.
        id: String,
    },
    /// Compare a plan with what happened: in or out of which interval, and where the difference arose.
    Compare {
        /// Id of a kept plan, or reference of a consignment whose accepted way is meant.
        id: String,
    },
    /// Say how often reality fell within the intervals of plans, over all consignments that have arrived.
    Scores,
}

/// Runs the command.
pub(super) fn run(command: &PlansCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let desk = open_node(facts, &command.data)?.desk;
    let json = command.json;
    let done = match &command.what {
        PlansAction::List { party, consignment } => list(&desk, party, consignment.as_ref(), json),
        PlansAction::Show { id } => show(&desk, id, json),
        PlansAction::Replay { id } => replay(&desk, id, json),
        PlansAction::Compare { id } => compare(&desk, id, json),
        PlansAction::Scores => scores(&desk, json),
    };
    match done {
        Ok(outcome) => Ok(outcome),
        Err(error @ (Refusal::NotFound { .. } | Refusal::Conflict(_))) => {
            output::error(&error.to_string());
            Ok(Outcome::FoundErrors)
        }
        Err(Refusal::Invalid(findings)) => {
            output::findings(&findings);
            Ok(Outcome::FoundErrors)
        }
        Err(error) => Err(Failure::new(error.to_string())),
    }
}

fn list(
    desk: &Desk,
    party: &PartyId,
    consignment: Option<&Reference>,
    json: bool,
) -> Result<Outcome, Refusal> {
    const MOST: u32 = 500;
    let found = list_plans(desk, party, consignment, MOST)?;
    let lines: Vec<_> = found.iter().map(wire::KeptPlanLine::new).collect();
    if json {
        output::json(&lines);
        return Ok(Outcome::Done);
    }
    let mut table = output::table(&["plan", "kept", "consignment", "from", "to", "ready", "chosen", "ways"]);
    for line in lines {
        table.add_row([
            line.id,
            shown(&line.kept),
            line.consignment.unwrap_or_default(),
            line.from,
            line.to,
            shown(&line.ready),
            line.chosen.unwrap_or_default(),
            line.ways.to_string(),
        ]);
    }
    output::line(&table.to_string());
    Ok(Outcome::Done)
}

fn show(desk: &Desk, id: &str, json: bool) -> Result<Outcome, Refusal> {
    let found = find_plan(desk, id)?;
    let view = wire::KeptPlanView::new(&found, &desk.network);
    if json {
        output::json(&view);
        return Ok(Outcome::Done);
    }
    let line = &view.line;
    output::line(&format!(
        "{} kept {} by {}: {} to {}, ready {}; tables {}, figures {}, seed {}, {} samples",
        line.id,
        shown(&line.kept),
        line.author,
        line.from,
        line.to,
        shown(&line.ready),
        line.network_version,
        line.figures,
        line.seed,
        line.samples
    ));
    super::plan::show(&found.value.plan, &desk.network, false);
    Ok(Outcome::Done)
}

fn replay(desk: &Desk, id: &str, json: bool) -> Result<Outcome, Refusal> {
    let found = find_plan(desk, id)?;
    let view = wire::ReplayView::new(&found.id, &replay_kept_plan(desk, &found)?, &desk.network);
    let outcome = if view.same { Outcome::Done } else { Outcome::FoundErrors };
    if json {
        output::json(&view);
        return Ok(outcome);
    }
    if view.same {
        output::line(&format!("{id} gives the same plan"));
        return Ok(outcome);
    }
    let tables = if view.network_then == view.network_now {
        "the tables are the same".to_owned()
    } else {
        format!("the tables were {} and are {}", view.network_then, view.network_now)
    };
    output::line(&format!("{id} gives another plan; {tables}"));
    let mut table = output::table(&["figure", "what", "then", "now"]);
    for change in &view.changed {
        table.add_row([
            change.name.clone(),
            change.what.to_owned(),
            change.then.clone().unwrap_or_default(),
            change.now.clone().unwrap_or_default(),
        ]);
    }
    output::line(&table.to_string());
    if view.changed.is_empty() {
        output::line(
            "No figure of its ways is another one: a way was added, or a condition counts otherwise now.",
        );
    }
    for (words, ways) in [("no longer shown", &view.gone), ("new", &view.new)] {
        if !ways.is_empty() {
            output::line(&format!("{words}: {}", ways.join(", ")));
        }
    }
    Ok(outcome)
}

fn compare(desk: &Desk, id: &str, json: bool) -> Result<Outcome, Refusal> {
    let outcome = match (find_plan(desk, id), id.parse::<Reference>()) {
        (Ok(found), _) => report_kept_outcome(desk, &found)?,
        (Err(Refusal::NotFound { .. }), Ok(reference)) => report_outcome(desk, &reference)?,
        (Err(error), _) => return Err(error),
    };
    let view = wire::PlanOutcomeView::new(&outcome, &desk.network);
    if json {
        output::json(&view);
        return Ok(Outcome::Done);
    }
    let mut table =
        output::table(&["ride or stay", "planned h P10/P50/P90", "took h", "in", "more h", "cost"]);
    for step in &view.steps {
        let band = step.hours;
        table.add_row([
            step.name.clone(),
            format!("{:.1} / {:.1} / {:.1}", band.p10, band.p50, band.p90),
            step.actual_hours.map(|hours| format!("{hours:.1}")).unwrap_or_default(),
            step.within.map(interval).unwrap_or_default().to_owned(),
            step.added_h.map(|hours| format!("{hours:+.1}")).unwrap_or_default(),
            step.cost.as_ref().map(|cost| format!("{} {}", cost.amount, cost.currency)).unwrap_or_default(),
        ]);
    }
    output::line(&table.to_string());
    let arrival = &view.arrival;
    output::line(&format!(
        "arrival foreseen {}, eight in ten {} to {}",
        shown(&arrival.p50),
        shown(&arrival.p10),
        shown(&arrival.p90)
    ));
    match (&view.actual_arrival, view.late_h, view.within) {
        (Some(actual), Some(late), Some(within)) => output::line(&format!(
            "arrived {}, {:.1} days {} the median: {}",
            shown(actual),
            late.abs() / 24.0,
            if late < 0.0 { "before" } else { "after" },
            match interval(within) {
                "" => "outside of the interval of 95 %".to_owned(),
                words => format!("within {words}"),
            }
        )),
        _ => output::line("not arrived yet"),
    }
    let mut most: Vec<_> = view.steps.iter().filter_map(|step| Some((step.added_h?, &step.name))).collect();
    most.sort_by(|one, other| other.0.abs().total_cmp(&one.0.abs()));
    for (hours, name) in most.iter().take(3).filter(|(hours, _)| hours.abs() >= 1.0) {
        output::line(&format!("  {hours:+.1} h  {name}"));
    }
    output::line("What was paid is in no event, so costs are those of the plan.");
    if view.tables_changed {
        output::line("The tables are others now: departures and opening hours are those of now.");
    }
    Ok(Outcome::Done)
}

/// The narrowest interval that holds it.
fn interval(within: wire::WithinView) -> &'static str {
    match (within.half, within.eighty, within.ninety_five) {
        (true, ..) => "50 %",
        (_, true, _) => "80 %",
        (.., true) => "95 %",
        _ => "",
    }
}

fn scores(desk: &Desk, json: bool) -> Result<Outcome, Refusal> {
    let view = wire::PlanScoresView::from(&report_plan_scores(desk)?);
    if json {
        output::json(&view);
        return Ok(Outcome::Done);
    }
    let mut table = output::table(&["of", "compared", "in 50 %", "in 80 %", "in 95 %", "mean h late"]);
    let percent =
        |share: Option<f64>| share.map(|share| format!("{:.0} %", share * 100.0)).unwrap_or_default();
    for (name, hits) in [("arrivals", view.arrivals), ("rides", view.rides), ("stays", view.stays)] {
        table.add_row([
            name.to_owned(),
            hits.compared.to_string(),
            percent(hits.within_50),
            percent(hits.within_80),
            percent(hits.within_95),
            hits.mean_late_h.map(|hours| format!("{hours:+.1}")).unwrap_or_default(),
        ]);
    }
    output::line(&table.to_string());
    if view.left_out > 0 {
        output::line(&format!("{} more have arrived and were not compared", view.left_out));
    }
    Ok(Outcome::Done)
}
