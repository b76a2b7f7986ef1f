//! `kervan store journal` and `kervan store restore`: every commit since a backup, and the state of any moment of it.

use super::people::AT_THE_MACHINE;
use super::serve::DATA;
use super::store::{failure, progress_bar, report_json, show_report};
use super::{Failure, Outcome, output};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::random::Random;
use crate::setup::open_node;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use kervan_node::{Attempt, check_store, put_on_record};
use kervan_store::{CopyProgress, Until, begin_journal, end_journal, read_journal, restore_store};
use serde_json::json;
use std::path::PathBuf;

/// Begin, end and look at the journal of a store in a file.
#[derive(Debug, Subcommand)]
pub(super) enum JournalCommand {
    /// Begin a journal in an empty folder, best on another disk; whatever opens the store writes it from now on.
    #[command(after_help = "Examples:
  kervan store journal begin /archive/journal --data /var/lib/kervan

Stop the node first. Then make a backup: a restore begins at one that was made after this. A commit is acknowledged when it is on the
disk of the journal and on that of the store. PostgreSQL has an archive of its own: docs/operations.md.")]
    Begin {
        /// The folder.
        #[arg(value_name = "JOURNAL")]
        folder: PathBuf,
        /// Folder of the node.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// End the journal of a store; its files stay.
    #[command(after_help = "Example:\n  kervan store journal end --data /var/lib/kervan")]
    End {
        /// Folder of the node.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// Read a whole journal and hold every record against its hash; the node may go on meanwhile.
    #[command(after_help = "Examples:
  kervan store journal show /archive/journal
  kervan store journal show /archive/journal --json

Segments whose last record is not behind the oldest backup that you keep are not needed any more and may be removed, but for the last.")]
    Show {
        /// The folder.
        #[arg(value_name = "JOURNAL")]
        folder: PathBuf,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// What to bring back.
#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// The backup: a folder as `kervan store backup` writes it.
    #[arg(long, value_name = "BACKUP")]
    from: PathBuf,
    /// The journal.
    #[arg(long, value_name = "JOURNAL")]
    journal: PathBuf,
    /// The empty folder into which it is brought back.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// To this instant, it included; to the end of the journal without it.
    #[arg(long, value_name = "INSTANT", conflicts_with = "record")]
    until: Option<Timestamp>,
    /// To the record of this number, it included.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(i64).range(0..))]
    record: Option<i64>,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(command: &JournalCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        JournalCommand::Begin { folder, data } => {
            let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = Random::System.secret("journal");
            let id = [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p];
            begin_journal(&facts.store_of(data)?, folder, id).map_err(failure)?;
            output::line(&format!("every commit is written into {} from now on", folder.display()));
            output::next("store backup BACKUP", data, "what is brought back begins at a backup");
        }
        JournalCommand::End { data } => {
            let folder = end_journal(&facts.store_of(data)?).map_err(failure)?;
            output::line(&format!("{} has ended; its files are left", folder.display()));
        }
        JournalCommand::Show { folder, json } => show(folder, *json)?,
    }
    Ok(Outcome::Done)
}

fn show(folder: &std::path::Path, json: bool) -> Result<(), Failure> {
    let summary = read_journal(folder).map_err(failure)?;
    if json {
        let line = |segment: &kervan_store::JournalSegment| {
            json!({"file": segment.file.display().to_string(), "first": segment.first, "last": segment.last,
                "from": segment.from, "to": segment.to, "bytes": segment.bytes})
        };
        let segments: Vec<_> = summary.segments.iter().map(line).collect();
        output::json(&json!({"id": summary.id, "segments": segments}));
        return Ok(());
    }
    let shown = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
    let mut table = output::table(&["file", "first", "last", "from", "to", "bytes"]);
    for segment in &summary.segments {
        let name = segment.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        table.add_row([
            name,
            segment.first.to_string(),
            segment.last.to_string(),
            shown(segment.from),
            shown(segment.to),
            segment.bytes.to_string(),
        ]);
    }
    output::line(&table.to_string());
    Ok(())
}

/// Brings a store back, looks through it and puts on record what was done.
pub(super) fn restore(args: &RestoreArgs, facts: &Facts) -> Result<Outcome, Failure> {
    let until = match (args.until, args.record) {
        (Some(instant), _) => Until::Instant(instant),
        (None, Some(number)) => Until::Number(number),
        (None, None) => Until::End,
    };
    let bar = progress_bar("rows");
    let restored =
        restore_store((&args.from, &args.journal), &args.to, until, &mut |progress: CopyProgress<'_>| {
            bar.set_length(progress.of.max(progress.done));
            bar.set_position(progress.done);
            bar.set_message(progress.table.to_owned());
        });
    bar.finish_and_clear();
    let restored = restored.map_err(failure)?;
    let desk = open_node(facts, &args.to)?.desk;
    let refused = |refusal: kervan_node::Refusal| Failure::new(refusal.to_string());
    let report = check_store(&desk, (true, true), &mut |_| {}).map_err(refused)?;
    let by = Attempt { by: AT_THE_MACHINE, now: Clock::Wall.now() };
    let (backup, last) = (restored.backup.to_string(), restored.last.to_string());
    let at = restored.at.map_or_else(String::new, |at| at.to_string());
    let detail = [("backup", backup.as_str()), ("record", &last), ("committed", &at)];
    put_on_record(&desk, &by, "store-restored", "store", &detail).map_err(refused)?;
    if args.json {
        output::json(&json!({"backup": restored.backup, "record": restored.last, "committed": restored.at,
            "check": report_json(&report)}));
    } else {
        show_report(&report, &args.to);
        let moment = if at.is_empty() { "the moment of the backup".to_owned() } else { at };
        output::line(&format!(
            "{} holds what was committed up to {moment}: the backup (record {backup}) and the journal up to record {last}",
            args.to.display()
        ));
    }
    let left = report.differences.iter().any(|difference| !difference.mendable);
    Ok(if left { Outcome::FoundErrors } else { Outcome::Done })
}
