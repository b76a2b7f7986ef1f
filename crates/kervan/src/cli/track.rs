//! `kervan track`: the timeline of whatever an identifier names.

use super::output;
use super::serve::DATA;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::http::wire;
use crate::setup::open_existing_node;
use clap::Args;
use jiff::Timestamp;
use kervan_node::{Refusal, find_subject, list_timeline};
use std::path::PathBuf;

/// Show everything that was seen of a consignment, container, wagon, vessel, seal or place.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan track KRV-2026-0001
  kervan track CSQU3054383 --at 2026-12-09T12:00:00Z
  kervan track KZAAU --most 20
  kervan track seal:0001-QIN1 --json

Its shape says what it is: a container number and an IMO number have check digits,
a wagon has twelve digits, a place its code; a seal begins with `seal:`.

Exit codes: 0 found, 1 nothing is known of it, 2 the store cannot be read.")]
pub(super) struct TrackCommand {
    /// Reference, container, wagon, IMO number, seal, place or URI.
    id: String,
    /// Say what was in what at this instant; now without it.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Most lines, the latest.
    #[arg(long, default_value_t = 1_000)]
    most: u32,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
    /// Folder of the store.
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
}

/// Runs the command.
pub(super) fn run(command: &TrackCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let desk = open_existing_node(facts, &command.data)?.desk;
    let found =
        find_subject(&desk, &command.id).and_then(|subject| list_timeline(&desk, &subject, command.most));
    let report = match found {
        Ok(report) => report,
        Err(Refusal::NotFound { .. }) => {
            output::error(&format!("nothing is known of `{}`", command.id));
            output::error("  try: kervan dossier list, or a container number without spaces");
            return Ok(Outcome::FoundErrors);
        }
        Err(error) => return Err(Failure::new(error.to_string())),
    };
    let view = wire::Timeline::new(&report, command.at.unwrap_or_else(|| Clock::Wall.now()));
    if command.json {
        output::json(&view);
        return Ok(Outcome::Done);
    }
    output::line(&format!("{} {}", view.kind, view.id));
    let mut table = output::table(&["when", "what", "where", "with", "consignments"]);
    for line in &view.lines {
        let with = line.through.as_deref().or(line.parent.as_deref()).map_or("", short);
        let action = match line.action {
            Some("ADD") => " (begins)",
            Some("DELETE") => " (ends)",
            _ => "",
        };
        let place = line.place_name.clone().unwrap_or_default();
        let what = format!("{}{action}", line.step.replace(['_', '-'], " "));
        table.add_row([shown(&line.at), what, place, with.to_owned(), line.consignments.join(" ")]);
    }
    output::line(&table.to_string());
    if view.cut {
        output::line("there is more: ask for it with --most");
    }
    if !view.containment.is_empty() {
        let mut spans = output::table(&["inside", "in or on", "from", "until"]);
        for span in &view.containment {
            let until = span.until.as_deref().map_or_else(|| "still".to_owned(), shown);
            spans.add_row([
                short(&span.child).to_owned(),
                short(&span.parent).to_owned(),
                shown(&span.from),
                until,
            ]);
        }
        output::line(&spans.to_string());
    }
    let at = command.at.map_or_else(|| "now".to_owned(), |at| shown(&at.to_string()));
    if !view.holders.is_empty() {
        let holders: Vec<_> = view.holders.iter().map(|holder| short(holder)).collect();
        output::line(&format!("{at}: in or on {}", holders.join(", ")));
    }
    if !view.contents.is_empty() {
        let contents: Vec<_> = view.contents.iter().map(|inside| short(inside)).collect();
        output::line(&format!("{at}: holds {}", contents.join(", ")));
    }
    Ok(Outcome::Done)
}

/// A URI without what all of them share.
pub(super) fn short(uri: &str) -> &str {
    let own = uri.strip_prefix(kervan_events::mapping::BASE);
    own.or_else(|| uri.strip_prefix("urn:epc:id:bic:")).unwrap_or(uri)
}

/// An instant to the minute.
pub(super) fn shown(at: &str) -> String {
    at.parse::<Timestamp>().map_or_else(|_| at.to_owned(), |at| at.strftime("%Y-%m-%d %H:%MZ").to_string())
}
