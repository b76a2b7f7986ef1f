//! Checking an exported dossier without asking anybody.

use crate::authority::AuthorityTable;
use crate::did::ResolvedKeys;
use crate::export::Reading;
use crate::fold::fold;
use crate::limits::MOST_FINDINGS;
use crate::state::DossierState;
use crate::trust::TrustList;
use kervan_model::{DossierId, EntryId, Finding, has_errors};
use serde::Serialize;

/// What a check of an exported dossier found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Whether every byte is as its author signed it and every signer may be believed to be who it says. Entries that are
    /// outside their author's authority do not count, but do not make the dossier false either: see the warnings.
    pub verified: bool,
    /// The dossier, if the file could be read so far.
    pub dossier: Option<DossierId>,
    /// How many entries the file holds.
    pub entries: usize,
    /// The entries that no other one cites. Compare them with a head you know from elsewhere, such as a QR code: a file whose
    /// last entries were left out cannot be told from an earlier export.
    pub heads: Vec<EntryId>,
    /// Everything worth saying, errors first where they stand in the file; paths are JSON pointers into it.
    pub findings: Vec<Finding>,
}

/// Checks an export file: form, every signature, every disclosed group, the graph, keys and authority.
///
/// `trust` is what the reader knows of its own; without it, who the parties are rests on the word of whoever declared the
/// consignment, and the report says so. Any byte that differs from the export is found and named. Never panics.
pub fn verify(bytes: &[u8], table: &AuthorityTable, trust: Option<&TrustList>) -> VerifyReport {
    let none = ResolvedKeys::default();
    let reading = Reading::of(bytes, trust.map_or(&none, TrustList::resolved));
    let mut report = VerifyReport {
        verified: false,
        dossier: None,
        entries: reading.entries,
        heads: Vec::new(),
        findings: reading.findings,
    };
    if let Some(dossier) = &reading.dossier {
        let state = fold(dossier, table);
        report.dossier = Some(dossier.id().clone());
        report.findings.extend(assess_trust(&state, trust));
        report.heads = state.heads;
        report.findings.extend(state.findings);
    }
    report.verified = reading.dossier.is_some() && !has_errors(&report.findings);
    // The sort is stable: among findings of one severity those of the file come before those of the graph.
    report.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    report.findings.truncate(MOST_FINDINGS);
    report
}

fn assess_trust(state: &DossierState, trust: Option<&TrustList>) -> Vec<Finding> {
    match trust {
        Some(trust) => {
            state.participants.iter().flat_map(|participant| trust.assess(&participant.fact)).collect()
        }
        None => {
            let message = "that the keys belong to the named parties rests on the word of whoever declared the consignment";
            vec![
                Finding::info("dossier.no-trust-list", message)
                    .remedy("give a trust list with the keys that you know of your own"),
            ]
        }
    }
}
