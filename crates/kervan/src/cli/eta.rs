//! `kervan eta`: when a consignment arrives.

use super::output;
use super::serve::DATA;
use super::track::shown;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::http::wire;
use crate::setup::open_existing_node;
use clap::Args;
use jiff::Timestamp;
use kervan_model::Reference;
use kervan_node::{Refusal, report_arrival};
use std::path::PathBuf;

/// Say when a consignment arrives: the odds, every estimate before, why each moved, what it rests on, how good such were.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan eta KRV-2026-0001
  kervan eta KRV-2026-0001 --history --figures
  kervan eta KRV-2026-0001 --json

Exit codes: 0 an estimate stands, 1 there is no such consignment or no itinerary yet, 2 the store cannot be read.")]
pub(super) struct EtaCommand {
    /// The consignment.
    reference: Reference,
    /// Show every estimate ever given.
    #[arg(long)]
    history: bool,
    /// Show what the rest of the journey rests on.
    #[arg(long)]
    figures: bool,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
    /// Folder of the store.
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
    /// The instant as of which figures are told; now if it is absent.
    #[arg(long, value_name = "TIME")]
    as_of: Option<Timestamp>,
}

/// Runs the command.
pub(super) fn run(command: &EtaCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let desk = open_existing_node(facts, &command.data)?.desk;
    let now = command.as_of.unwrap_or_else(|| Clock::Wall.now());
    let report = match report_arrival(&desk, &command.reference, now) {
        Ok(report) => report,
        Err(error @ (Refusal::NotFound { .. } | Refusal::Conflict(_))) => {
            output::error(&error.to_string());
            return Ok(Outcome::FoundErrors);
        }
        Err(error) => return Err(Failure::new(error.to_string())),
    };
    let view = wire::Arrival::new(&report, &desk.network);
    if command.json {
        output::json(&view);
        return Ok(Outcome::Done);
    }
    tell(&view);
    if command.history {
        let mut table = output::table(&["given", "10 %", "expected", "90 %", "because"]);
        for eta in &view.history {
            let odds = [&eta.odds.p10, &eta.odds.p50, &eta.odds.p90].map(|at| shown(at));
            let [p10, p50, p90] = odds;
            table.add_row([shown(&eta.at), p10, p50, p90, eta.because.clone()]);
        }
        output::line(&table.to_string());
    }
    if command.figures {
        let mut table = output::table(&["leg or dwell", "published h", "median h", "95 % h", "measured"]);
        for figure in &view.figures {
            let published = &figure.published_h;
            table.add_row([
                figure.name.clone(),
                format!("{} / {} / {}", published.min, published.typ, published.max),
                figure.median_h.to_string(),
                figure.p95_h.to_string(),
                match figure.measured {
                    0 => "none: as published".to_owned(),
                    n => format!("n={n}, published counts {:.0} %", figure.published_share * 100.0),
                },
            ]);
        }
        output::line(&table.to_string());
    }
    Ok(Outcome::Done)
}

fn tell(view: &wire::Arrival) {
    output::line(&format!("{} {}, planned {}", view.reference, view.route, shown(&view.planned)));
    if let Some(delivered) = &view.delivered {
        output::line(&format!("delivered {}", shown(delivered)));
        if let Some(score) = &view.score {
            output::line(&format!(
                "its {} estimates were {:.1} days off on average; {:.0} % of them held it in the interval of 80 %",
                score.journeys,
                score.mean_error_h / 24.0,
                score.within_80 * 100.0
            ));
        }
        return;
    }
    let Some(eta) = &view.eta else { return };
    output::line(&format!("expected {}", shown(&eta.odds.p50)));
    output::line(&format!("  eight in ten   {} to {}", shown(&eta.odds.p10), shown(&eta.odds.p90)));
    if let Some(band) = &eta.band {
        output::line(&format!("  half           {} to {}", shown(&band.p25), shown(&band.p75)));
        output::line(&format!("  19 of 20       {} to {}", shown(&band.p2_5), shown(&band.p97_5)));
    }
    output::line(&format!("because {}", eta.because));
    output::line(&view.statement);
    let rests = match eta.measured {
        0 => "published figures alone".to_owned(),
        measured => format!("published figures and {measured} measured legs and dwells"),
    };
    let moved = if eta.recalibrated { "; intervals moved by the score of earlier estimates" } else { "" };
    output::line(&format!("rests on {rests}{moved}; given {}", shown(&eta.at)));
}
