//! The whole package of a consignment as one printable file.

use crate::documents::{Press, issued_by};
use crate::issued::{match_needed, not_issued};
use crate::project::name;
use crate::{CaseFile, Desk, Refusal};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_documents::{Copies, Package, PackageEntry, Stamp, render_package};
use kervan_dossier::{Dossier, DossierState, Entry, Standing};

/// Sets every document of a consignment, with cover, contents and signatures, as one PDF. The same dossier gives the same
/// bytes.
///
/// Errors: the consignment cannot be read, or the file cannot be written.
pub fn print_package(desk: &Desk, case: &CaseFile, copies: Copies) -> Result<Vec<u8>, Refusal> {
    print_package_of(desk.press(), &case.dossier, &case.state, copies)
}

/// As [`print_package`], of a dossier that need not be in the store.
///
/// Errors: as for [`print_package`].
pub fn print_package_of(
    press: Press<'_>,
    dossier: &Dossier,
    state: &DossierState,
    copies: Copies,
) -> Result<Vec<u8>, Refusal> {
    let consignment = state
        .consignment
        .as_ref()
        .ok_or_else(|| Refusal::Broken("the dossier holds no readable consignment".into()))?;
    let (mut documents, mut missing) = (Vec::new(), Vec::new());
    for needed in match_needed(press, dossier, state)? {
        let made = match &needed.issued {
            Some(issued) => issued_by(press, dossier, state, &issued.entry),
            None => Err(not_issued(&needed.request)),
        };
        match made {
            Ok(document) => documents.push(document),
            Err(refusal) => missing.push((needed.request.kind.title().to_owned(), reason(&refusal))),
        }
    }
    let entries: Vec<PackageEntry> =
        dossier.list_entries().into_iter().map(|entry| line(state, entry)).collect();
    let place_name = |code: &PlaceCode| name(press.network, code);
    let heads = dossier.heads();
    let youngest = entries.iter().map(|entry| entry.authored).max();
    let package = Package {
        consignment,
        itinerary: state.itinerary.as_ref().map(|stated| &stated.fact),
        place_name: &place_name,
        issued: youngest.unwrap_or(Timestamp::UNIX_EPOCH),
        dossier: dossier.id().as_str(),
        head: heads.first().map_or("", |head| head.as_str()),
        documents: &documents,
        missing: &missing,
        entries: &entries,
        copies,
    };
    render_package(&package, press.fonts).map_err(|error| Refusal::broken("the package", &error))
}

/// Why a document is not there, in one line.
fn reason(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Invalid(findings) => {
            findings.first().map_or_else(|| refusal.to_string(), |finding| finding.message.clone())
        }
        _ => refusal.to_string(),
    }
}

fn line(state: &DossierState, entry: &Entry) -> PackageEntry {
    let header = entry.header();
    let standing = match state.standing.get(entry.id()) {
        Some(Standing::Ignored { why }) => format!("ignored: {}", why.code),
        Some(Standing::Proposed { .. }) => "proposed".to_owned(),
        Some(Standing::InForce) => "in force".to_owned(),
        None => "not placed".to_owned(),
    };
    PackageEntry {
        id: entry.id().to_string(),
        kind: header.kind.word().replace('_', " "),
        authored: header.authored,
        author: format!("{} ({})", header.author.party, header.author.role),
        key: header.proof.verification_method.to_string(),
        signature: header.proof.signature().map(|bytes| Stamp::short(&bytes)).unwrap_or_default(),
        standing,
    }
}
