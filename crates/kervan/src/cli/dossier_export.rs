//! `kervan dossier export`: a dossier, or what one party may see of it, as a file or as a package.

use super::dossier::{Folder, find_source};
use super::dossier_file::{read_bytes, refuse, write_whole};
use super::key::{Passphrase, read_key};
use super::{Failure, Outcome, load_network, output};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::setup::load_rules;
use clap::{Args, ValueEnum};
use kervan_dossier::{Dossier, DossierState, GroupName, PackageFile, Sealing, export, fold, write_package};
use kervan_model::{Finding, PartyId};
use kervan_node::{Press, Share, list_package_files};
use std::path::PathBuf;

/// Arguments of `kervan dossier export`.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// A file, or the dossier's id or the first digits of it, or the consignment's reference.
    id: String,
    /// The file to write.
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// `json`: the dossier alone. `asice`: a package with its documents, in the shape of an ASiC-E container.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// The party that the copy is for; bodies of whose audience it is not are withheld.
    #[arg(long = "for", visible_alias = "audience", value_name = "PARTY")]
    audience: Option<PartyId>,
    /// Groups to withhold, such as prices,parties. What is left still verifies.
    #[arg(long, value_name = "GROUPS", value_delimiter = ',')]
    withhold: Vec<GroupName>,
    /// Files of attached documents, to go into the package; each must be one that an entry attaches.
    #[arg(long = "with", value_name = "FILE", num_args = 1..)]
    attachments: Vec<PathBuf>,
    /// A key to seal the package with, so that no later entry can be left out on the way.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    folder: Folder,
    /// Print findings as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Json,
    Asice,
}

/// Exports a dossier.
pub(super) fn run(command: &Export, facts: &Facts) -> Result<Outcome, Failure> {
    let dossier = match find_source(facts, &command.folder, &command.id)? {
        Ok((dossier, _)) => dossier,
        Err(findings) => return Ok(refuse(&findings, command.json)),
    };
    let share = Share { audience: command.audience.clone(), withhold: command.withhold.clone() };
    let copy = share.copy(&dossier);
    let bytes = match command.format {
        Format::Json => export(&copy),
        Format::Asice => match pack(command, facts, &copy)? {
            Ok(bytes) => bytes,
            Err(findings) => return Ok(refuse(&findings, command.json)),
        },
    };
    write_whole(&command.out, &bytes)?;
    let (entries, out) = (copy.len(), command.out.display());
    output::line(&format!("wrote {entries} entries, {} bytes, to {out}", bytes.len()));
    Ok(Outcome::Done)
}

fn pack(command: &Export, facts: &Facts, copy: &Dossier) -> Result<Result<Vec<u8>, Vec<Finding>>, Failure> {
    let (network, fonts) = (load_network(facts)?, facts.load_fonts()?);
    let authority = &load_rules(facts)?.authority;
    let state = fold(copy, authority);
    let press = Press { network: &network, fonts: &fonts, authority, languages: &[] };
    let mut files = list_package_files(press, copy, &state);
    match read_attachments(command, &state)? {
        Ok(attachments) => files.extend(attachments),
        Err(findings) => return Ok(Err(findings)),
    }
    let key = command.key.as_deref().map(|file| read_key(file, &command.passphrase)).transpose()?;
    let sealing = key.as_ref().map(|key| Sealing { key, at: Clock::Wall.now() });
    Ok(write_package(copy, &state, &files, sealing))
}

fn read_attachments(
    command: &Export,
    state: &DossierState,
) -> Result<Result<Vec<PackageFile>, Vec<Finding>>, Failure> {
    let (mut files, mut findings) = (Vec::new(), Vec::new());
    for path in &command.attachments {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("bin");
        let file = PackageFile::attachment(&ending.to_ascii_lowercase(), read_bytes(path)?);
        let attached = state.list_attached().any(|document| file.name.contains(&document.sha256));
        if attached {
            files.push(file);
        } else {
            let message = format!("no entry attaches {}: none has its hash", path.display());
            findings.push(
                Finding::error("package.not-attached", message)
                    .at(path.display().to_string())
                    .remedy("kervan dossier add --kind document_attached --file FILE"),
            );
        }
    }
    Ok(if findings.is_empty() { Ok(files) } else { Err(findings) })
}
