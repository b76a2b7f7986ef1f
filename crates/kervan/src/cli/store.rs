//! `kervan store`: move a node's store, back it up, check it.

use super::serve::DATA;
use super::{Failure, Outcome};
use super::{output, store_journal, store_retention};
use crate::facts::Facts;
use crate::setup::open_node;
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use kervan_node::{StoreReport, check_store};
use kervan_store::{CopyProgress, StoreError, StoreLocation, TableSum, copy_store};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Move, back up and check the store of a node.
#[derive(Debug, Subcommand)]
pub(super) enum StoreCommand {
    /// Copy a store to an empty place, and verify every row of it.
    #[command(after_help = "Examples:
  kervan store copy --from kervan-data --to postgres://kervan@%2Fvar%2Frun%2Fpostgresql/kervan
  kervan store copy --from postgres://kervan@db.example/kervan --to restored

Either side is a folder or a PostgreSQL database. Stop the node first: what is copied is locked, so that nothing is left behind.
The copy counts only if it ends well: rows are counted and hashed on both sides, table by table.

Exit codes: 0 copied and verified, 2 refused or failed; then the target must not be used.")]
    Copy {
        /// The store as it is: a folder or an URL.
        #[arg(long, value_name = "PLACE")]
        from: String,
        /// The empty place: a folder or an URL.
        #[arg(long, value_name = "PLACE")]
        to: String,
        /// Print the sums as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write a verified copy of the store of a node at work into a new folder.
    #[command(after_help = "Examples:
  kervan store backup /backup/2026-12-01
  kervan store backup /backup/2026-12-01 --store postgres://kervan@db.example/kervan

The node goes on meanwhile; the copy is its state at the instant at which the command began. It is a store like any other:
`kervan store copy --from /backup/2026-12-01 --to PLACE` brings it back, `kervan store check --data /backup/2026-12-01` looks
through it.

Exit codes: 0 copied and verified, 2 refused or failed.")]
    Backup {
        /// The new folder.
        #[arg(value_name = "BACKUP")]
        to: PathBuf,
        /// Folder of the node.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
        /// Print the sums as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Look through the whole store: the file, sums, signatures of all entries, the index; with --rebuild also all projections.
    #[command(after_help = "Examples:
  kervan store check
  kervan store check --rebuild --json
  kervan store check --rebuild --repair

Projections are made again from the facts and compared; --repair writes those that differ. Stop the node first.

Exit codes: 0 all is well (or was mended), 1 something is not, 2 the store cannot be read.")]
    Check {
        /// Make the projections again and compare them.
        #[arg(long)]
        rebuild: bool,
        /// Write the projections that differ.
        #[arg(long, requires = "rebuild")]
        repair: bool,
        /// Folder of the node.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write every commit into a journal beside the store, so that it can be brought back to any moment since a backup.
    #[command(subcommand)]
    Journal(store_journal::JournalCommand),
    /// Bring a store back to a moment: a backup, and what the journal says was committed since.
    #[command(after_help = "Examples:
  kervan store restore --from /backup/2026-12-01 --journal /archive/journal --to restored
  kervan store restore --from /backup/2026-12-01 --journal /archive/journal --to restored --until 2026-12-01T14:02:59Z
  kervan store restore --from /backup/2026-12-01 --journal /archive/journal --to restored --record 18230

The new folder must be empty. Rows of the backup are counted and hashed, each record of the journal is held against its hash, each
statement against the number of rows that it changed; then all is looked through as by `kervan store check --rebuild --repair`, and a
line of the audit log says what was brought back. The store in the new folder writes no journal until one is begun.

Exit codes: 0 brought back and well, 1 brought back and something is not well, 2 refused or failed; then it must not be used.")]
    Restore(store_journal::RestoreArgs),
    /// Say how long what is kept, by which law, and what is due; with --apply remove it.
    #[command(after_help = "Examples:
  kervan store retention
  kervan store retention --json
  kervan store retention --apply --data /var/lib/kervan

Positions, readings of sensors and estimates go when their time is over, and the store is written anew so that nothing of them is
left in it. Entries, events, messages and the audit log stay: hashes rest on them, and the report says so. The table is
data/retention/retention.csv; --facts DIR takes another. Stop the node first.

Exit codes: 0 told or removed, 2 refused or failed.")]
    Retention {
        /// Remove what is due.
        #[arg(long)]
        apply: bool,
        /// Folder of the node.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
pub(super) fn run(command: &StoreCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        StoreCommand::Copy { from, to, json } => {
            let (from, to) = (place(from, "from")?, place(to, "to")?);
            copy((&from, &to), false, *json)
        }
        StoreCommand::Backup { to, data, json } => {
            let to = StoreLocation::Folder(to.clone());
            copy((&facts.store_of(data)?, &to), true, *json)
        }
        StoreCommand::Journal(command) => store_journal::run(command, facts),
        StoreCommand::Restore(args) => store_journal::restore(args, facts),
        StoreCommand::Retention { apply, data, json } => store_retention::run(facts, data, *apply, *json),
        StoreCommand::Check { rebuild, repair, data, json } => check(facts, data, (*rebuild, *repair), *json),
    }
}

/// A place that was named by itself. A database needs no folder of a node here: nothing but its rows is copied.
fn place(given: &str, side: &str) -> Result<StoreLocation, Failure> {
    let folder = std::env::temp_dir().join(format!("kervan-copy-{}-{side}", std::process::id()));
    StoreLocation::parse(Some(given), &folder).map_err(failure)
}

pub(super) fn failure(error: StoreError) -> Failure {
    match &error {
        StoreError::InUse { .. } | StoreError::Held { .. } => Failure::new(error.to_string())
            .remedy("stop the node first; `kervan store backup` copies a node at work"),
        _ => Failure::new(error.to_string()),
    }
}

fn copy((from, to): (&StoreLocation, &StoreLocation), online: bool, json: bool) -> Result<Outcome, Failure> {
    let bar = progress_bar("rows");
    let sums = copy_store(from, to, online, &mut |progress: CopyProgress<'_>| {
        bar.set_length(progress.of.max(progress.done));
        bar.set_position(progress.done);
        bar.set_message(progress.table.to_owned());
    });
    bar.finish_and_clear();
    // The folder that a database was locked by here holds nothing.
    if let StoreLocation::Postgres { folder, .. } = to {
        drop(std::fs::remove_dir_all(folder));
    }
    let sums = sums.map_err(failure)?;
    if json {
        let tables: Vec<_> = sums
            .iter()
            .map(|sum| json!({"table": sum.table, "rows": sum.rows, "sha256": sum.hash}))
            .collect();
        output::json(&json!({"from": from.to_string(), "to": to.to_string(), "tables": tables}));
    } else {
        show_sums(&sums);
        output::line(&format!("{from} is now in {to} as well; every row was read back and compared"));
    }
    Ok(Outcome::Done)
}

fn show_sums(sums: &[TableSum]) {
    let mut table = output::table(&["table", "rows", "sha-256"]);
    for sum in sums.iter().filter(|sum| sum.rows > 0) {
        let short: String = sum.hash.chars().take(16).collect();
        table.add_row([sum.table.clone(), sum.rows.to_string(), short]);
    }
    output::line(&table.to_string());
}

fn check(
    facts: &Facts,
    data: &Path,
    (rebuild, repair): (bool, bool),
    json: bool,
) -> Result<Outcome, Failure> {
    let location = facts.store_of(data)?;
    if !location.may_hold_store() {
        return Err(Failure::new(format!("there is no store in {location}"))
            .remedy("name the folder with --data DIR, or the database with --store URL"));
    }
    let desk = open_node(facts, data)?.desk;
    let bar = progress_bar("dossiers");
    let report = check_store(&desk, (rebuild, repair), &mut |dossiers| bar.set_position(dossiers))
        .map_err(|refusal| Failure::new(refusal.to_string()))?;
    bar.finish_and_clear();
    if json {
        output::json(&report_json(&report))
    } else {
        show_report(&report, data)
    }
    let left = report.differences.iter().any(|difference| !(repair && difference.mendable));
    Ok(if left { Outcome::FoundErrors } else { Outcome::Done })
}

pub(super) fn report_json(report: &StoreReport) -> serde_json::Value {
    let differences: Vec<_> = report
        .differences
        .iter()
        .map(|found| {
            json!({"subject": found.subject, "part": found.part, "stored": found.stored, "rebuilt": found.rebuilt,
                "mendable": found.mendable})
        })
        .collect();
    json!({"dossiers": report.dossiers, "entries": report.entries, "events": report.events,
        "movements": report.movements, "mended": report.mended, "differences": differences})
}

pub(super) fn show_report(report: &StoreReport, data: &Path) {
    for found in &report.differences {
        output::line(&format!("{}: {}", found.subject, found.part));
        output::line(&format!("  stored:  {}", found.stored));
        if let Some(rebuilt) = &found.rebuilt {
            output::line(&format!("  rebuilt: {rebuilt}"));
        }
    }
    output::line(&format!(
        "{} dossiers with {} entries, {} movements, {} events: {} differences{}",
        report.dossiers,
        report.entries,
        report.movements,
        report.events,
        report.differences.len(),
        if report.mended > 0 { format!(", {} rows written again", report.mended) } else { String::new() },
    ));
    if report.mended == 0 && report.differences.iter().any(|found| found.mendable) {
        output::next("store check --rebuild --repair", data, "");
    }
}

/// On standard error, and only where somebody looks at it.
pub(super) fn progress_bar(what: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    let template = format!("{{bar:30}} {{pos}} of {{len}} {what} {{msg}}");
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar
}
