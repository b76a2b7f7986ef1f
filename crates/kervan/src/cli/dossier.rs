//! `kervan dossier`: the dossiers of a node, and those in files.

use super::dossier_act;
use super::dossier_export::Export;
use super::dossier_file::{open_file, refuse};
use super::dossier_verify::VerifyCommand;
use super::dossier_write::{Add, Merge, New};
use super::output;
use super::serve::DATA;
use super::{Failure, Outcome};
use crate::facts::Facts;
use crate::http::wire;
use crate::setup::open_node;
use clap::{Args, Subcommand};
use kervan_dossier::{Dossier, DossierState, diff};
use kervan_model::Finding;
use kervan_node::{CaseFile, Desk, read_summary};
use kervan_store::{ConsignmentRow, MOST_LISTED};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Make, extend, look at, export and compare dossiers: those of a node, and those in files.
#[derive(Debug, Subcommand)]
pub(super) enum DossierCommand {
    /// List the dossiers of a data folder.
    List {
        #[command(flatten)]
        folder: Folder,
        /// Print them as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make a dossier in a file from a consignment file, without a node.
    #[command(after_help = "Example:
  kervan key new --out mover.pem
  kervan dossier new consignment.yaml --key mover.pem --out dossier.json")]
    New(Box<New>),
    /// Sign an entry into a dossier in a file.
    #[command(after_help = "Examples:
  kervan dossier add dossier.json --kind document_attached --file invoice.pdf --body invoice.yaml --key seller.pem
  kervan dossier add dossier.json --kind consignment_amended --body weighed.yaml --key mover.pem
  kervan dossier add dossier.json --kind key_rotated --new-key next.pem --key mover.pem

The body of each kind: docs/dossier.md")]
    Add(Box<Add>),
    /// Print the entries of a dossier in causal order.
    #[command(
        after_help = "Examples:\n  kervan dossier show KRV-2026-0002\n  kervan dossier show dossier.json"
    )]
    Show {
        /// A file, or the dossier's id or the first digits of it, or the consignment's reference.
        id: String,
        #[command(flatten)]
        folder: Folder,
        /// Print it as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write a dossier, or what one party may see of it, to a file that anyone can check with `kervan verify`.
    #[command(after_help = "Examples:
  kervan dossier export KRV-2026-0001 --out dossier.json
  kervan dossier export KRV-2026-0001 --out package.zip --format asice
  kervan dossier export dossier.json --for customs-kz --withhold prices --out for-customs.json")]
    Export(Box<Export>),
    /// Correct a consignment of a node: documents that say what has changed are issued anew.
    #[command(after_help = "Example:
  kervan dossier amend KRV-2026-0001 --by silkline --reason 'weighed again' --set /goods/0/gross_mass_kg=7100

After a carrier has accepted the goods, what its contract rests on waits for its consent. Stop the server of the same folder
first, or send the same to POST /api/consignments/{id}/amendments.")]
    Amend(Box<dossier_act::Amend>),
    /// A carrier accepts the goods for carriage: its contract is not amended without its consent from now on.
    #[command(after_help = "Example:
  kervan dossier accept KRV-2026-0001 --by rail --document cim-smgs --place CNXIA")]
    Accept(Box<dossier_act::Accept>),
    /// A carrier consents to an amendment that waits for it, or refuses it.
    #[command(after_help = "Examples:
  kervan dossier consent KRV-2026-0001 --by rail
  kervan dossier consent KRV-2026-0001 --by rail --entry 3f9a21 --refuse --reason 'not on the wagon'")]
    Consent(Box<dossier_act::Consent>),
    /// Issue, pass on or give up a negotiable bill of lading.
    #[command(after_help = "Examples:
  kervan dossier bill KRV-2026-0001 --by rail issue --number BL-1 --to qinling-appliances
  kervan dossier bill KRV-2026-0001 --by qinling-appliances transfer --to harbour-bank --pledge
  kervan dossier bill KRV-2026-0001 --by harbour-bank surrender")]
    Bill(Box<dossier_act::Bill>),
    /// Check exported dossiers and packages; as `kervan verify`.
    Verify(VerifyCommand),
    /// Print what two copies of a dossier do not have in common.
    #[command(after_help = "Example:\n  kervan dossier diff ours.json theirs.json")]
    Diff {
        /// A copy: a file, or a dossier of the node.
        left: String,
        /// The other copy.
        right: String,
        #[command(flatten)]
        folder: Folder,
        /// Print it as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make one dossier of copies that grew apart.
    #[command(after_help = "Example:\n  kervan dossier merge ours.json theirs.json --out both.json")]
    Merge(Merge),
}

/// The data folder.
#[derive(Debug, Args)]
pub(super) struct Folder {
    /// Folder of the store.
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
}

#[derive(Serialize)]
struct Line {
    id: String,
    reference: String,
    from: String,
    to: String,
    state: &'static str,
    entries: usize,
    heads: Vec<String>,
}

/// Runs a dossier command.
pub(super) fn run(command: DossierCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        DossierCommand::List { folder, json } => list(facts, &folder, json),
        DossierCommand::New(command) => super::dossier_write::new(&command),
        DossierCommand::Add(command) => super::dossier_write::add(&command, facts),
        DossierCommand::Show { id, folder, json } => show(facts, &folder, &id, json),
        DossierCommand::Export(command) => super::dossier_export::run(&command, facts),
        DossierCommand::Amend(command) => dossier_act::amend(&command, facts),
        DossierCommand::Accept(command) => dossier_act::accept(&command, facts),
        DossierCommand::Consent(command) => dossier_act::consent(&command, facts),
        DossierCommand::Bill(command) => dossier_act::bill(&command, facts),
        DossierCommand::Verify(command) => super::dossier_verify::run(&command, facts),
        DossierCommand::Diff { left, right, folder, json } => compare(facts, &folder, &left, &right, json),
        DossierCommand::Merge(command) => super::dossier_write::merge_files(&command, facts),
    }
}

pub(super) fn open(facts: &Facts, folder: &Folder) -> Result<Desk, Failure> {
    if !facts.store_of(&folder.data)?.may_hold_store() {
        return Err(Failure::new(format!("there is no store in {}", folder.data.display()))
            .remedy("name the folder with --data DIR, or run `kervan demo --until-delivered` first"));
    }
    Ok(open_node(facts, &folder.data)?.desk)
}

fn list_rows(desk: &Desk) -> Result<Vec<ConsignmentRow>, Failure> {
    desk.store.list_consignments(None, None, MOST_LISTED).map_err(|error| Failure::new(error.to_string()))
}

/// Finds a dossier by the consignment's reference, or by its id or the beginning of it.
fn find(desk: &Desk, id: &str) -> Result<CaseFile, Failure> {
    let rows = list_rows(desk)?;
    let by_reference = rows.iter().filter(|row| row.reference.as_str() == id);
    let by_id = rows.iter().filter(|row| id.len() >= 4 && row.dossier.as_str().starts_with(id));
    let found: Vec<_> = by_reference.chain(by_id).collect();
    match found.as_slice() {
        [row] => CaseFile::load(desk, &row.reference).map_err(|error| Failure::new(error.to_string())),
        [] => Err(Failure::new(format!("there is no dossier `{id}`")).remedy("kervan dossier list")),
        _ => Err(Failure::new(format!("`{id}` is the beginning of {} dossiers", found.len()))
            .remedy("give more digits")),
    }
}

/// A dossier in a file, or one of the node. The inner error is the findings, if a file does not verify.
pub(super) fn find_source(
    facts: &Facts,
    folder: &Folder,
    id: &str,
) -> Result<Result<(Dossier, DossierState), Vec<Finding>>, Failure> {
    let path = Path::new(id);
    if path.is_file() {
        return Ok(open_file(facts, path)?.map(|opened| (opened.dossier, opened.state)));
    }
    let desk = open(facts, folder)?;
    let case = find(&desk, id)?;
    Ok(Ok((case.dossier, case.state)))
}

fn compare(facts: &Facts, folder: &Folder, left: &str, right: &str, json: bool) -> Result<Outcome, Failure> {
    let mut copies = Vec::new();
    for id in [left, right] {
        match find_source(facts, folder, id)? {
            Ok((dossier, _)) => copies.push(dossier),
            Err(findings) => return Ok(refuse(&findings, json)),
        }
    }
    let [one, other] = copies.as_slice() else { return Err(Failure::new("two copies are needed")) };
    let difference = diff(one, other);
    if json {
        output::json(&wire::Difference::from(&difference));
    } else if let Some((one, other)) = &difference.other_dossier {
        output::line(&format!("two dossiers: {one} and {other}"));
    } else if difference.is_empty() {
        output::line("the same");
    } else {
        let mut table = output::table(&["entry", "what", "who", "only in", "groups"]);
        let mut add = |dossier: &Dossier, id: &kervan_model::EntryId, only_in: &str, groups: String| {
            let header = dossier.find_entry(id).map(|entry| entry.header());
            let what = header.map_or_else(String::new, |header| header.kind.word().replace('_', " "));
            let who = header.map_or_else(String::new, |header| header.author.to_string());
            table.add_row([id.as_str().chars().take(12).collect(), what, who, only_in.to_owned(), groups]);
        };
        for (dossier, name, only, disclosed) in [
            (one, left, &difference.only_left, &difference.disclosed_left),
            (other, right, &difference.only_right, &difference.disclosed_right),
        ] {
            only.iter().for_each(|id| add(dossier, id, name, "all".to_owned()));
            for (id, groups) in disclosed {
                let groups: Vec<_> = groups.iter().map(ToString::to_string).collect();
                add(dossier, id, name, groups.join(", "));
            }
        }
        output::line(&table.to_string());
    }
    Ok(if difference.is_empty() { Outcome::Done } else { Outcome::FoundErrors })
}

fn list(facts: &Facts, folder: &Folder, json: bool) -> Result<Outcome, Failure> {
    let desk = open(facts, folder)?;
    let mut lines = Vec::new();
    for row in list_rows(&desk)? {
        let failure = |error: kervan_node::Refusal| Failure::new(error.to_string());
        let summary = read_summary(&row).map_err(failure)?;
        let case = CaseFile::load(&desk, &row.reference).map_err(failure)?;
        lines.push(Line {
            id: row.dossier.to_string(),
            reference: row.reference.to_string(),
            from: summary.from.to_string(),
            to: summary.to.to_string(),
            state: summary.state.word(),
            entries: case.dossier.len(),
            heads: case.dossier.heads().iter().map(ToString::to_string).collect(),
        });
    }
    if json {
        output::json(&lines);
        return Ok(Outcome::Done);
    }
    let mut table = output::table(&["dossier", "consignment", "way", "state", "entries"]);
    for line in &lines {
        table.add_row([
            line.id.chars().take(16).collect(),
            line.reference.clone(),
            format!("{} - {}", line.from, line.to),
            line.state.to_owned(),
            line.entries.to_string(),
        ]);
    }
    output::line(&table.to_string());
    Ok(Outcome::Done)
}

fn show(facts: &Facts, folder: &Folder, id: &str, json: bool) -> Result<Outcome, Failure> {
    let dossier = match find_source(facts, folder, id)? {
        Ok((dossier, state)) => wire::Dossier::of(&dossier, &state),
        Err(findings) => return Ok(refuse(&findings, json)),
    };
    if json {
        output::json(&dossier);
        return Ok(Outcome::Done);
    }
    output::line(&format!("dossier {}", dossier.id));
    let mut table = output::table(&["entry", "at", "what", "who", "groups", "standing"]);
    for entry in &dossier.entries {
        let groups: Vec<_> = entry.groups.iter().map(|group| group.name.as_str()).collect();
        table.add_row([
            entry.id.chars().take(12).collect::<String>(),
            entry.at.clone(),
            entry.kind.replace('_', " "),
            format!("{} ({})", entry.author.party_name, entry.author.role),
            groups.join(", "),
            match &entry.why {
                Some(why) => format!("ignored: {}", why.message),
                None if entry.waits_for.is_empty() => "in force".to_owned(),
                None => format!("proposed: waits for {}", entry.waits_for.join(", ")),
            },
        ]);
    }
    output::line(&table.to_string());
    output::line(&format!("heads: {}", dossier.heads.join(" ")));
    Ok(Outcome::Done)
}
