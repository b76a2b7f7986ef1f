//! `kervan audit`: who did what with people, keys and sessions, and whether the record of it is whole.

use super::output;
use super::serve::DATA;
use super::{Failure, Outcome};
use crate::facts::Facts;
use clap::Subcommand;
use kervan_store::{AuditEntry, AuditFlaw, AuditHead, Store};
use std::path::{Path, PathBuf};

/// Read and check the audit log.
#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// List what was put on record, the oldest first.
    #[command(after_help = "Examples:
  kervan audit list
  kervan audit list --after 1200 --most 50
  kervan audit list --about 4711@customs-ge --json")]
    List {
        /// After this number.
        #[arg(long, default_value_t = 0)]
        after: i64,
        /// At most so many.
        #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        most: u32,
        /// About this person, party or key only, or by them.
        #[arg(long)]
        about: Option<String>,
        /// Print as JSON, with the hashes.
        #[arg(long)]
        json: bool,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// Check that nothing of the log was changed, moved, taken out or written anew. Prints its end, to be kept elsewhere.
    #[command(after_help = "Examples:
  kervan audit check
  kervan audit check --known 1204:6f2c0e…

Whoever may write into the database can write the whole log anew. Keep the end that this prints where they cannot reach, and give
it with --known the next time: then that is found as well.")]
    Check {
        /// The end of the log, as an earlier check printed it.
        #[arg(long, value_name = "NUMBER:HASH", value_parser = read_head)]
        known: Option<AuditHead>,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
}

fn read_head(text: &str) -> Result<AuditHead, String> {
    text.parse().map_err(str::to_owned)
}

fn open(facts: &Facts, data: &Path) -> Result<Store, Failure> {
    let location = facts.store_of(data)?;
    if !location.may_hold_store() {
        return Err(
            Failure::new(format!("there is no store in {location}")).remedy("name it with --data or --store")
        );
    }
    Store::open_at(&location).map_err(failed)
}

fn failed(error: kervan_store::StoreError) -> Failure {
    Failure::new(error.to_string())
}

/// Runs the command.
pub(super) fn run(command: &AuditCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        AuditCommand::List { after, most, about, json, data } => {
            let store = open(facts, data)?;
            let entries = read(&store, *after, *most, about.as_deref())?;
            list(&entries, *json);
            Ok(Outcome::Done)
        }
        AuditCommand::Check { known, json, data } => {
            let check = open(facts, data)?.check_audit(*known).map_err(failed)?;
            if *json {
                output::json(&serde_json::json!({
                    "entries": check.entries,
                    "head": check.head.to_string(),
                    "flaws": check.flaws.iter().map(say).collect::<Vec<_>>(),
                }));
            } else {
                check.flaws.iter().for_each(|flaw| output::line(&say(flaw)));
                let word = if check.flaws.is_empty() { "whole" } else { "not whole" };
                output::line(&format!("{} entries, {word}; the end: {}", check.entries, check.head));
            }
            Ok(if check.flaws.is_empty() { Outcome::Done } else { Outcome::FoundErrors })
        }
    }
}

fn say(flaw: &AuditFlaw) -> String {
    match flaw {
        AuditFlaw::Changed { seq } => format!("entry {seq} says something else than what was put on record"),
        AuditFlaw::Moved { seq, from } => format!("entry {seq} was written as entry {from}"),
        AuditFlaw::Missing { from, to } if from == to => format!("entry {from} is missing"),
        AuditFlaw::Missing { from, to } => format!("entries {from} to {to} are missing"),
        AuditFlaw::Unlinked { seq } => {
            format!("entry {seq} does not follow the one before it: one of them was written anew")
        }
        AuditFlaw::OtherHead { seq } => {
            format!("entry {seq} is not the one that was there when its hash was written down")
        }
    }
}

fn read(store: &Store, after: i64, most: u32, about: Option<&str>) -> Result<Vec<AuditEntry>, Failure> {
    let (mut found, mut last) = (Vec::new(), after);
    loop {
        let page = store.list_audit(last, 1_000).map_err(failed)?;
        let Some(end) = page.last() else { return Ok(found) };
        last = end.seq;
        let wanted = |entry: &AuditEntry| {
            about.is_none_or(|about| entry.row.about == about || entry.row.actor == about)
        };
        found.extend(page.into_iter().filter(wanted));
        if found.len() >= most as usize {
            found.truncate(most as usize);
            return Ok(found);
        }
    }
}

fn list(entries: &[AuditEntry], json: bool) {
    if json {
        let line = |entry: &AuditEntry| {
            let detail: serde_json::Value = serde_json::from_str(&entry.row.detail).unwrap_or_default();
            serde_json::json!({
                "number": entry.seq, "at": entry.row.at, "actor": entry.row.actor, "act": entry.row.act, "about": entry.row.about,
                "detail": detail, "previous": data_encoding::HEXLOWER.encode(&entry.previous),
                "hash": data_encoding::HEXLOWER.encode(&entry.hash),
            })
        };
        return output::json(&entries.iter().map(line).collect::<Vec<_>>());
    }
    let mut table = output::table(&["number", "at", "who", "did", "to", "more"]);
    for entry in entries {
        let row = &entry.row;
        let (number, at) = (entry.seq.to_string(), row.at.to_string());
        table.add_row([
            number,
            at,
            row.actor.clone(),
            row.act.clone(),
            row.about.clone(),
            row.detail.clone(),
        ]);
    }
    output::line(&table.to_string());
}
