//! `kervan dossier list`, `show` and `export`, and `kervan verify`.

use super::output;
use super::serve::DATA;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::http::wire;
use crate::setup::{load_rules, open_node};
use clap::{Args, Subcommand};
use kervan_dossier::{Reader, TrustList, export, verify_for};
use kervan_model::EntryId;
use kervan_node::{CaseFile, Desk, read_summary};
use kervan_store::{ConsignmentRow, MOST_LISTED, Store};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Look at the dossiers of a node.
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
    /// Print the entries of a dossier in causal order.
    #[command(after_help = "Example:\n  kervan dossier show KRV-2026-0002")]
    Show {
        /// The dossier's id or the first digits of it, or the consignment's reference.
        id: String,
        #[command(flatten)]
        folder: Folder,
        /// Print it as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write a dossier to a file that anyone can check with `kervan verify`.
    #[command(after_help = "Example:\n  kervan dossier export KRV-2026-0001 --out dossier.json")]
    Export {
        /// The dossier's id or the first digits of it, or the consignment's reference.
        id: String,
        /// The file to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        folder: Folder,
    },
}

/// The data folder.
#[derive(Debug, Args)]
pub(super) struct Folder {
    /// Folder of the store.
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
}

/// Check an exported dossier offline: every signature, every hash, the graph, keys and authority.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan verify dossier.json
  kervan verify dossier.json --head 3f1c... --trust trust.csv

Exit codes: 0 it verifies, 1 it does not and the findings say why, 2 the file cannot be read.")]
pub(super) struct VerifyCommand {
    /// The exported dossier.
    dossier: PathBuf,
    /// A head that you know from elsewhere, such as the QR code of a document; the dossier must hold it.
    #[arg(long, value_name = "HASH")]
    head: Option<String>,
    /// Keys that you trust: CSV with did, party, role, territory, key_id, key.
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Largest file that is read. Unit: byte.
const LARGEST_FILE: u64 = 256 * 1024 * 1024;

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
        DossierCommand::Show { id, folder, json } => show(facts, &folder, &id, json),
        DossierCommand::Export { id, out, folder } => write(facts, &folder, &id, &out),
    }
}

fn open(facts: &Facts, folder: &Folder) -> Result<Desk, Failure> {
    if !Store::is_in(&folder.data) {
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
    let desk = open(facts, folder)?;
    let dossier = wire::Dossier::new(&find(&desk, id)?);
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
            entry
                .why
                .as_ref()
                .map_or_else(|| "in force".to_owned(), |why| format!("ignored: {}", why.message)),
        ]);
    }
    output::line(&table.to_string());
    output::line(&format!("heads: {}", dossier.heads.join(" ")));
    Ok(Outcome::Done)
}

fn write(facts: &Facts, folder: &Folder, id: &str, out: &Path) -> Result<Outcome, Failure> {
    let desk = open(facts, folder)?;
    let case = find(&desk, id)?;
    let bytes = export(&case.dossier);
    std::fs::write(out, &bytes).map_err(|error| Failure::new(format!("{}: {error}", out.display())))?;
    output::line(&format!(
        "wrote {} entries, {} bytes, to {}",
        case.dossier.len(),
        bytes.len(),
        out.display()
    ));
    Ok(Outcome::Done)
}

/// Checks an exported dossier.
pub(super) fn verify_file(command: &VerifyCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let rules = load_rules(facts)?;
    let bytes = read_file(&command.dossier)?;
    let trust = command.trust.as_deref().map(read_trust).transpose()?;
    let heads = command.head.iter().map(|head| read_head(head)).collect::<Result<Vec<_>, _>>()?;
    let now = Some(Clock::Wall.now());
    let reader = Reader { trust: trust.as_ref(), heads, now };
    let (report, _) = verify_for(&bytes, &rules.authority, &reader);
    if command.json {
        output::json(&wire::VerifyReport::from(&report));
    } else {
        output::findings(&report.findings);
        let word = if report.verified { "verifies" } else { "DOES NOT VERIFY" };
        output::line(&format!(
            "{}: {} entries, {word}; {}",
            command.dossier.display(),
            report.entries,
            output::count(&report.findings)
        ));
    }
    Ok(if report.verified { Outcome::Done } else { Outcome::FoundErrors })
}

fn read_head(text: &str) -> Result<EntryId, Failure> {
    text.parse().map_err(|_| {
        Failure::new(format!("`{text}` is no head"))
            .remedy("a head has 64 hexadecimal digits, as in the QR code")
    })
}

fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let failure = |error: std::io::Error| Failure::new(format!("{} cannot be read: {error}", path.display()));
    let size = std::fs::metadata(path).map_err(failure)?.len();
    if size > LARGEST_FILE {
        return Err(Failure::new(format!("{} has {size} bytes, more than {LARGEST_FILE}", path.display())));
    }
    std::fs::read(path).map_err(failure)
}

fn read_trust(path: &Path) -> Result<TrustList, Failure> {
    let text = String::from_utf8_lossy(&read_file(path)?).into_owned();
    TrustList::load(&text).map_err(|findings| {
        let lines: Vec<_> = findings.iter().map(|finding| finding.message.clone()).collect();
        Failure::new(format!("{}: {}", path.display(), lines.join("; ")))
    })
}
