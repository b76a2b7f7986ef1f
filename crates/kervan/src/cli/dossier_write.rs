//! `kervan dossier new`, `add` and `merge`: dossiers in files, without a node.

use super::dossier_file::{open_file, read_bytes, read_shape, read_value, refuse, write_new, write_whole};
use super::dossier_verify::read_trust;
use super::key::{Passphrase, read_key};
use super::{Failure, Outcome, output};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::random::Random;
use clap::Args;
use kervan_dossier::{
    Author, Dossier, Draft, Fact, KeyRotated, Participant, PartyKey, RoleGrant, Standing, canonical, export,
    find_author, find_kind, fold, merge, read_fact,
};
use kervan_model::format::ConsignmentFile;
use kervan_model::{Consignment, EntryKind, Finding, PartyId, PartyRole, Role, Severity};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Arguments of `kervan dossier new`.
#[derive(Debug, Args)]
pub(super) struct New {
    /// The consignment file, YAML or JSON.
    consignment: PathBuf,
    /// The key of its forwarder.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    #[command(flatten)]
    passphrase: Passphrase,
    /// Who else takes part: CSV with did, party, role, territory, key_id, key.
    #[arg(long, value_name = "FILE")]
    participants: Option<PathBuf>,
    /// The dossier to write; it must not be there yet.
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// Print findings as JSON.
    #[arg(long)]
    json: bool,
}

/// Arguments of `kervan dossier add`.
#[derive(Debug, Args)]
pub(super) struct Add {
    /// The dossier.
    dossier: PathBuf,
    /// The kind of the entry, such as document_attached or consignment_amended.
    #[arg(long)]
    kind: String,
    /// What it says, YAML or JSON: the groups of the kind by name, or the content alone where it has one group.
    #[arg(long, value_name = "FILE", required_unless_present = "new_key")]
    body: Option<PathBuf>,
    /// The file of an attached document; its hash and media type go into the entry.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The key to rotate to, for key_rotated.
    #[arg(long, value_name = "FILE")]
    new_key: Option<PathBuf>,
    /// The key of the party that says it.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    #[command(flatten)]
    passphrase: Passphrase,
    /// In which role, if the party has several.
    #[arg(long, value_parser = super::party::read_role)]
    role: Option<Role>,
    /// Who may read the body; everybody who takes part, without it.
    #[arg(long, value_name = "PARTY", value_delimiter = ',')]
    audience: Vec<PartyId>,
    /// Where to write it; the dossier itself, without it.
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print findings as JSON.
    #[arg(long)]
    json: bool,
}

/// Arguments of `kervan dossier merge`.
#[derive(Debug, Args)]
pub(super) struct Merge {
    /// Copies of one dossier.
    #[arg(required = true, num_args = 2..)]
    copies: Vec<PathBuf>,
    /// The dossier to write.
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// Print findings as JSON.
    #[arg(long)]
    json: bool,
}

/// Makes a dossier with its first entry.
pub(super) fn new(command: &New) -> Result<Outcome, Failure> {
    let file: Value = match read_shape(&command.consignment)? {
        Ok(file) => file,
        Err(finding) => return Ok(refuse(&[finding], command.json)),
    };
    let consignment = match ConsignmentFile::read_value(file) {
        Ok((_, consignment)) => consignment,
        Err(findings) => return Ok(refuse(&findings, command.json)),
    };
    let key = read_key(&command.key, &command.passphrase)?;
    let Some(forwarder) = consignment.find_party(PartyRole::Forwarder).cloned() else {
        let finding = Finding::error("file.no-forwarder", "the consignment names no forwarder")
            .at("/parties")
            .remedy("add a party with the role forwarder; its key signs the first entry");
        return Ok(refuse(&[finding], command.json));
    };
    let grant = RoleGrant { role: Role::Forwarder, territory: None };
    let (party, name) = (forwarder.id.clone(), forwarder.name);
    let mut participants = vec![Participant { party, name, did: key.did().clone(), roles: vec![grant] }];
    if let Some(list) = &command.participants {
        let listed = read_trust(list)?.list_participants();
        participants.extend(listed.into_iter().filter(|other| other.did != *key.did()).map(|other| {
            let name = find_name(&consignment, &other.party).unwrap_or_else(|| other.name.clone());
            Participant { name, ..other }
        }));
    }
    let author = Author { party: forwarder.id, role: Role::Forwarder, territory: None };
    let fact = Fact::ConsignmentDeclared { consignment, participants };
    let draft = Draft::new(&fact, author, Clock::Wall.now());
    let entry = sign(draft, &key)?;
    let dossier = match Dossier::start(entry) {
        Ok(dossier) => dossier,
        Err(findings) => return Ok(refuse(&findings, command.json)),
    };
    write_new(&command.out, &export(&dossier))?;
    output::line(&format!("wrote dossier {} to {}", dossier.id(), command.out.display()));
    Ok(Outcome::Done)
}

fn find_name(consignment: &Consignment, party: &PartyId) -> Option<String> {
    consignment.parties.iter().find(|named| named.id == *party).map(|named| named.name.clone())
}

fn sign(draft: Draft, key: &PartyKey) -> Result<kervan_dossier::Entry, Failure> {
    let mut salts = Random::System.salts("dossier");
    draft.sign(key, &mut *salts).map_err(|error| Failure::new(error.to_string()))
}

/// Adds an entry to a dossier.
pub(super) fn add(command: &Add, facts: &Facts) -> Result<Outcome, Failure> {
    let mut opened = match open_file(facts, &command.dossier)? {
        Ok(opened) => opened,
        Err(findings) => return Ok(refuse(&findings, command.json)),
    };
    let key = read_key(&command.key, &command.passphrase)?;
    let body = match command.body.as_deref().map(read_value).transpose()? {
        Some(Err(finding)) => return Ok(refuse(&[finding], command.json)),
        Some(Ok(body)) => body,
        None => Value::Null,
    };
    let body = match &command.file {
        Some(file) => with_file(body, file)?,
        None => body,
    };
    let now = Clock::Wall.now();
    let stated = find_kind(&command.kind).and_then(|kind| {
        let author = find_author(&opened.state, key.did(), command.role)?;
        Ok((kind, author))
    });
    let (kind, author) = match stated {
        Ok(stated) => stated,
        Err(finding) => return Ok(refuse(&[finding], command.json)),
    };
    let fact = match (&command.new_key, kind) {
        (Some(file), EntryKind::KeyRotated) => {
            let new = read_key(file, &command.passphrase)?;
            let (id, party, from) = (opened.dossier.id(), author.party.clone(), key.did().clone());
            let rotated = KeyRotated::new(id, party, from, &new, now);
            Fact::KeyRotated(rotated.map_err(|error| Failure::new(error.to_string()))?)
        }
        _ => match read_fact(kind, &body, &opened.state) {
            Ok(fact) => fact,
            Err(finding) => return Ok(refuse(&[finding], command.json)),
        },
    };
    let (id, heads) = (opened.dossier.id().clone(), opened.dossier.heads());
    let draft =
        Draft { audience: command.audience.clone(), ..Draft::following(id, heads, &fact, author, now) };
    let entry = sign(draft, &key)?;
    let id = entry.id().clone();
    if let Err(findings) = opened.dossier.insert(entry) {
        return Ok(refuse(&findings, command.json));
    }
    let state = fold(&opened.dossier, &opened.authority);
    if let Some(Standing::Ignored { why }) = state.standing.get(&id) {
        let why = Finding { severity: Severity::Error, ..why.clone() };
        return Ok(refuse(&[why], command.json));
    }
    write_whole(command.out.as_deref().unwrap_or(&command.dossier), &export(&opened.dossier))?;
    output::line(&format!("added {kind} {id}"));
    Ok(Outcome::Done)
}

/// Puts the hash and the media type of an attached file into the body of its entry.
fn with_file(body: Value, file: &Path) -> Result<Value, Failure> {
    let bytes = read_bytes(file)?;
    let media_type = match file.extension().and_then(|ending| ending.to_str()).unwrap_or_default() {
        "pdf" => "application/pdf",
        "json" => "application/json",
        "xml" => "application/xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        _ => "application/octet-stream",
    };
    let mut body = body;
    let head = if body.get("document").is_some() { body.get_mut("document") } else { Some(&mut body) };
    if let Some(Value::Object(members)) = head {
        members.insert("sha256".to_owned(), json!(canonical::sha256_hex(&bytes)));
        members.entry("media_type").or_insert_with(|| json!(media_type));
    }
    Ok(body)
}

/// Merges copies that grew apart.
pub(super) fn merge_files(command: &Merge, facts: &Facts) -> Result<Outcome, Failure> {
    let mut merged: Option<Dossier> = None;
    for file in &command.copies {
        let opened = match open_file(facts, file)? {
            Ok(opened) => opened,
            Err(findings) => {
                output::error(&format!("{} does not verify; nothing was written", file.display()));
                return Ok(refuse(&findings, command.json));
            }
        };
        merged = Some(match merged {
            None => opened.dossier,
            Some(so_far) => match merge(&so_far, &opened.dossier) {
                Ok(merged) => merged,
                Err(findings) => return Ok(refuse(&findings, command.json)),
            },
        });
    }
    let Some(dossier) = merged else { return Err(Failure::new("there is nothing to merge")) };
    write_whole(&command.out, &export(&dossier))?;
    let heads = dossier.heads().len();
    output::line(&format!("wrote {} entries with {heads} heads to {}", dossier.len(), command.out.display()));
    Ok(Outcome::Done)
}
