//! `kervan document package`: every document of a consignment as one PDF.

use super::serve::DATA;
use super::{Failure, Outcome, output};
use crate::facts::Facts;
use crate::setup::{load_rules, open_node};
use clap::Args;
use kervan_documents::Copies;
use kervan_dossier::{Reader, fold, verify_for};
use kervan_node::{CaseFile, Press, Refusal, print_package, print_package_of};
use std::path::{Path, PathBuf};

/// Write every document of a consignment as one PDF: cover, contents, documents, signatures.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan document package KRV-2026-0001 -o package.pdf
  kervan document package dossier.json -o package.pdf --all-sheets")]
pub(super) struct PackageCommand {
    /// The consignment's reference, or an exported dossier.
    consignment: String,
    /// The file to write.
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    /// Print every sheet of each form (original, duplicate, ...), not the first alone.
    #[arg(long)]
    all_sheets: bool,
    /// Folder of the store.
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
}

/// Writes the package.
pub(super) fn run(command: &PackageCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let copies = if command.all_sheets { Copies::All } else { Copies::First };
    let path = Path::new(&command.consignment);
    let bytes = if path.is_file() {
        from_file(path, facts, copies)?
    } else {
        from_store(&command.consignment, &command.data, facts, copies)?
    };
    std::fs::write(&command.out, &bytes)
        .map_err(|error| Failure::new(format!("{}: {error}", command.out.display())))?;
    output::line(&format!("wrote {} bytes to {}", bytes.len(), command.out.display()));
    Ok(Outcome::Done)
}

fn failure(refusal: &Refusal) -> Failure {
    Failure::new(refusal.to_string())
}

fn from_file(path: &Path, facts: &Facts, copies: Copies) -> Result<Vec<u8>, Failure> {
    let bytes = std::fs::read(path).map_err(Failure::unread(path))?;
    let rules = load_rules(facts)?;
    let (report, dossier) = verify_for(&bytes, &rules.authority, &Reader::default());
    if !report.verified {
        output::findings(&report.findings);
        return Err(Failure::new(format!(
            "{} does not verify, so nothing is printed from it",
            path.display()
        ))
        .remedy(format!("kervan verify {}", path.display())));
    }
    let dossier = dossier.ok_or_else(|| Failure::new("the dossier cannot be read"))?;
    let state = fold(&dossier, &rules.authority);
    let (network, fonts) = (super::load_network(facts)?, facts.load_fonts()?);
    let press = Press { network: &network, fonts: &fonts, authority: &rules.authority, languages: &[] };
    print_package_of(press, &dossier, &state, copies).map_err(|refusal| failure(&refusal))
}

fn from_store(reference: &str, data: &Path, facts: &Facts, copies: Copies) -> Result<Vec<u8>, Failure> {
    if !facts.store_of(data)?.may_hold_store() {
        return Err(Failure::new(format!(
            "{reference} is no file, and there is no store in {}",
            data.display()
        ))
        .remedy("name the folder with --data DIR, or give an exported dossier"));
    }
    let desk = open_node(facts, data)?.desk;
    let reference = reference
        .parse()
        .map_err(|_| Failure::new(format!("`{reference}` is no reference")).remedy("kervan dossier list"))?;
    let case = CaseFile::load(&desk, &reference).map_err(|refusal| failure(&refusal))?;
    print_package(&desk, &case, copies).map_err(|refusal| failure(&refusal))
}
