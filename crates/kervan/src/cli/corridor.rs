//! `kervan corridor`: how the corridor does.

use super::output;
use super::serve::DATA;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::http::wire;
use crate::setup::open_node;
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kervan_node::{assess_state, report_figures, report_scores};
use kervan_tracking::corridor::{Window, columns, to_csv, to_parquet};
use std::path::PathBuf;

/// Assess the corridor from what was seen.
#[derive(Debug, Subcommand)]
pub(super) enum CorridorCommand {
    /// Dwell, queue, throughput, transit time and reliability per place, ride, link and route.
    State(StateCommand),
    /// What was measured of legs and dwells, beside what is published, and how good estimates were.
    #[command(after_help = "Example:\n  kervan corridor learned --data kervan-data")]
    Learned {
        /// Print as JSON.
        #[arg(long)]
        json: bool,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
}

/// A form for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Table,
    Json,
    Csv,
    Parquet,
}

/// Over which window, in which form.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan corridor state --from 2026-12-01 --to 2027-01-01
  kervan corridor state --from 2026-12-01 --format csv > state.csv
  kervan corridor state --format parquet --out state.parquet

The buffer is how much more than the mean to allow for, to be in time 19 times of 20.
Exit codes: 0 done, 2 the store cannot be read or bad usage.")]
pub(super) struct StateCommand {
    /// First day, UTC; 30 days before the end without it.
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// Day after the last, UTC; now without it.
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,
    /// Form of the rows.
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
    /// The same as `--format json`.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Folder of the store.
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
}

/// Runs the command.
pub(super) fn run(command: &CorridorCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        CorridorCommand::State(command) => state(command, facts),
        CorridorCommand::Learned { json, data } => learned(*json, data, facts),
    }
}

fn midnight(day: Date) -> Result<Timestamp, Failure> {
    let zoned = day.to_zoned(TimeZone::UTC).map_err(|error| Failure::new(error.to_string()))?;
    Ok(zoned.timestamp())
}

fn state(command: &StateCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let desk = open_node(facts, &command.data)?.desk;
    let to = command.to.map_or_else(|| Ok(Clock::Wall.now()), midnight)?;
    let month = SignedDuration::from_hours(30 * 24);
    let from = command.from.map_or_else(|| Ok(to.checked_sub(month).unwrap_or(to)), midnight)?;
    if from >= to {
        return Err(
            Failure::new("the window ends before it begins").remedy("--from 2026-12-01 --to 2027-01-01")
        );
    }
    let failed = |error: kervan_node::Refusal| Failure::new(error.to_string());
    let rows = assess_state(&desk, Window { from, to }).map_err(failed)?;
    let shown: Vec<_> = rows.iter().map(|row| wire::CorridorRow::new(row, &desk.network)).collect();
    let bytes = match if command.json { Form::Json } else { command.format } {
        Form::Table => table(&shown).into_bytes(),
        Form::Json => serde_json::to_vec_pretty(&shown).map_err(|error| Failure::new(error.to_string()))?,
        Form::Csv => to_csv(&rows).into_bytes(),
        Form::Parquet => to_parquet(&columns(&rows)),
    };
    match &command.out {
        Some(file) => {
            let cannot = |error| Failure::new(format!("{} cannot be written: {error}", file.display()));
            std::fs::write(file, bytes).map_err(cannot)?;
        }
        None => match String::from_utf8(bytes) {
            Ok(text) => output::line(text.trim_end()),
            Err(_) => return Err(Failure::new("Parquet is no text").remedy("--out state.parquet")),
        },
    }
    Ok(Outcome::Done)
}

fn table(rows: &[wire::CorridorRow]) -> String {
    let mut table = output::table(&[
        "",
        "what",
        "n",
        "a day",
        "queue",
        "p50 h",
        "p90 h",
        "p95 h",
        "buffer",
        "p50 to p95",
    ]);
    let most = rows.iter().filter_map(|row| row.p95_h).fold(1.0, f64::max);
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}"));
    for row in rows {
        table.add_row([
            row.kind.to_owned(),
            row.name.clone(),
            row.count.to_string(),
            format!("{:.2}", row.per_day),
            row.queue.map_or_else(String::new, |queue| queue.to_string()),
            number(row.p50_h),
            number(row.p90_h),
            number(row.p95_h),
            row.buffer_index.map_or_else(|| "-".to_owned(), |share| format!("{:.0} %", share * 100.0)),
            bar(row, most),
        ]);
    }
    table.to_string()
}

/// The median as a full bar, the way to the 95 % point as a light one, on a scale of square roots: hours stand beside weeks.
fn bar(row: &wire::CorridorRow, most: f64) -> String {
    const WIDTH: f64 = 24.0;
    let cells = |hours: f64| ((hours / most).max(0.0).sqrt() * WIDTH).round() as usize;
    let (Some(p50), Some(p95)) = (row.p50_h, row.p95_h) else { return String::new() };
    let (full, all) = (cells(p50).max(1), cells(p95).max(1));
    format!("{}{}", "\u{2588}".repeat(full), "\u{2591}".repeat(all.saturating_sub(full)))
}

fn learned(json: bool, data: &std::path::Path, facts: &Facts) -> Result<Outcome, Failure> {
    let desk = open_node(facts, data)?.desk;
    let (pages, drifts) = report_figures(&desk, Clock::Wall.now());
    let figures: Vec<_> = pages.iter().map(|page| wire::FigureUse::of_learned(page, &desk.network)).collect();
    let scores: Vec<_> =
        report_scores(&desk, None).iter().map(|(horizon, score)| wire::Score::new(horizon, score)).collect();
    if json {
        output::json(&serde_json::json!({ "figures": figures, "scores": scores }));
        return Ok(Outcome::Done);
    }
    let mut table =
        output::table(&["leg or dwell", "published h", "median h", "95 % h", "n", "published counts"]);
    for figure in &figures {
        let published = &figure.published_h;
        table.add_row([
            figure.name.clone(),
            format!("{} / {} / {}", published.min, published.typ, published.max),
            figure.median_h.to_string(),
            figure.p95_h.to_string(),
            figure.measured.to_string(),
            format!("{:.0} %", figure.published_share * 100.0),
        ]);
    }
    output::line(&table.to_string());
    let mut table =
        output::table(&["estimates", "n", "off by days", "later by days", "in 50 %", "in 80 %", "in 95 %"]);
    for score in &scores {
        table.add_row([
            score.horizon.clone(),
            score.journeys.to_string(),
            format!("{:.1}", score.mean_error_h / 24.0),
            format!("{:+.1}", score.bias_h / 24.0),
            format!("{:.0} %", score.within_50 * 100.0),
            format!("{:.0} %", score.within_80 * 100.0),
            format!("{:.0} %", score.within_95 * 100.0),
        ]);
    }
    output::line(&table.to_string());
    output::findings(&drifts);
    Ok(Outcome::Done)
}
