//! Reading and writing the files that commands work on: dossiers, packages, consignments, bodies.

use super::{Failure, Outcome, output};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::setup::load_rules;
use kervan_dossier::{
    AuthorityTable, Dossier, DossierState, Reader, UniqueValue, check_text, fold, is_package, limits,
    read_json, verify_for, verify_package,
};
use kervan_model::{Finding, Severity};
use serde_json::Value;
use std::io::Write;
use std::path::Path;

/// Longest file that people write by hand. Unit: byte. Reason: 999 goods items in three languages have about 2 MB.
const MOST_WRITTEN_BYTES: usize = 16 * 1024 * 1024;

/// A finding, if a file is longer than any dossier or package. Only its length is asked for.
pub(super) fn assess_length(path: &Path) -> Option<Finding> {
    let (size, most) = (std::fs::metadata(path).ok()?.len(), limits::MOST_PACKAGE_BYTES);
    if usize::try_from(size).is_ok_and(|size| size <= most) {
        return None;
    }
    let message = format!("the file has {size} bytes, more than {most}; it was not read");
    let finding = Finding::error("dossier.file-too-long", message).at(path.display().to_string());
    Some(finding.remedy("no dossier or package is that long: ask for another copy"))
}

/// Reads a file, unless it is longer than any that is read here. The length is asked for first.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    read_most(path, limits::MOST_PACKAGE_BYTES)
}

fn read_most(path: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    let failure = |error: std::io::Error| {
        Failure::new(format!("{} cannot be read: {}", path.display(), kervan_model::in_plain_words(&error)))
    };
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    let file = std::fs::File::open(path).map_err(failure)?;
    let size = file.metadata().map_err(failure)?.len();
    let mut bytes = Vec::new();
    // What is no plain file has no length to ask for, so the reading itself is bounded as well.
    if size <= most {
        std::io::Read::read_to_end(&mut std::io::Read::take(file, most + 1), &mut bytes).map_err(failure)?;
    }
    let size = size.max(bytes.len() as u64);
    if size > most {
        let message = format!("{} has {size} bytes, more than {most}; it was not read", path.display());
        return Err(Failure::new(message).remedy("is it the file you meant?"));
    }
    Ok(bytes)
}

/// Writes a file that must not be there yet, and that only its owner may read.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| {
        Failure::new(format!("{}: {error}", path.display())).remedy("choose a name that is not taken")
    })
}

/// Writes a file whole or not at all: beside it first, then in its place.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failure = |error: std::io::Error| Failure::new(format!("{}: {error}", path.display()));
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    std::fs::write(&beside, bytes).map_err(failure)?;
    std::fs::rename(&beside, path).map_err(failure)
}

/// Prints findings, as JSON or as text, when something is refused because of them.
pub(super) fn refuse(findings: &[Finding], json: bool) -> Outcome {
    if json {
        output::json(&findings);
    } else {
        output::findings(findings);
        output::line(&output::count(findings));
    }
    Outcome::FoundErrors
}

/// A dossier from a file that verifies, with its state.
pub(super) struct Opened {
    pub(super) dossier: Dossier,
    pub(super) state: DossierState,
    pub(super) authority: AuthorityTable,
}

/// Opens an exported dossier or a package. The inner error is the findings, if it does not verify.
pub(super) fn open_file(facts: &Facts, path: &Path) -> Result<Result<Opened, Vec<Finding>>, Failure> {
    let authority = load_rules(facts)?.authority;
    let bytes = read_bytes(path)?;
    let reader = Reader { now: Some(Clock::Wall.now()), ..Reader::default() };
    let (report, dossier) = if is_package(&bytes) {
        let unpacked = verify_package(&bytes, &authority, &reader);
        (unpacked.report, unpacked.dossier)
    } else {
        verify_for(&bytes, &authority, &reader)
    };
    Ok(match dossier {
        Some(dossier) if report.verified => {
            let state = fold(&dossier, &authority);
            Ok(Opened { dossier, state, authority })
        }
        _ => Err(report.findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect()),
    })
}

/// Reads a body in YAML or JSON. The inner error is one finding with the place.
pub(super) fn read_value(path: &Path) -> Result<Result<Value, Finding>, Failure> {
    let bytes = read_most(path, MOST_WRITTEN_BYTES)?;
    Ok(parse(path, &bytes))
}

/// Reads a file of a known shape in YAML or JSON. The inner error is one finding with the place.
pub(super) fn read_shape(path: &Path) -> Result<Result<Value, Finding>, Failure> {
    Ok(parse(path, &read_most(path, MOST_WRITTEN_BYTES)?))
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Value, Finding> {
    let json = path.extension().is_some_and(|ending| ending == "json")
        || bytes
            .iter()
            .find(|byte| !byte.is_ascii_whitespace())
            .is_some_and(|byte| matches!(byte, b'{' | b'['));
    if json {
        return read_json(bytes);
    }
    let text = check_text(bytes)?;
    serde_norway::from_str::<UniqueValue>(text).map(|unique| unique.0).map_err(|error| {
        let place = error.location().map(|at| format!("line {} column {}", at.line(), at.column()));
        Finding::error("file.not-yaml", kervan_model::in_plain_words(&error))
            .at(place.unwrap_or_else(|| path.display().to_string()))
    })
}
