//! Checking an exported dossier without asking anybody.

use crate::authority::AuthorityTable;
use crate::did::ResolvedKeys;
use crate::dossier::Dossier;
use crate::fold::{count_behind, fold_graph};
use crate::graph::Graph;
use crate::judge::{MISSING_PARENT, short};
use crate::limits::{MOST_CLOCK_SKEW_SECONDS, MOST_FINDINGS};
use crate::reading::Reading;
use crate::state::DossierState;
use crate::trust::TrustList;
use jiff::Timestamp;
use kervan_model::{DossierId, EntryId, Finding, has_errors};
use serde::Serialize;
use std::collections::BTreeMap;

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
    /// Everything worth saying, errors first where they stand in the file; paths are JSON pointers into it. One cause is
    /// named once, with the number of entries that share its fate.
    pub findings: Vec<Finding>,
}

impl VerifyReport {
    /// The report on a file of which nothing could be read.
    pub fn refused(finding: Finding) -> Self {
        Self { verified: false, dossier: None, entries: 0, heads: Vec::new(), findings: vec![finding] }
    }
}

/// What the reader of a dossier knows of its own.
#[derive(Clone, Debug, Default)]
pub struct Reader<'a> {
    /// Whose keys it trusts.
    pub trust: Option<&'a TrustList>,
    /// Entries that it knows the dossier to hold: from a QR code, an earlier export, another party.
    pub heads: Vec<EntryId>,
    /// The instant now, if entries from the future are to be remarked on.
    pub now: Option<Timestamp>,
}

/// Checks an export file: form, every signature, every disclosed group, the graph, keys and authority.
///
/// `trust` is what the reader knows of its own; without it, who the parties are rests on the word of whoever declared the
/// consignment, and the report says so. Any byte that differs from the export is found and named. Never panics.
pub fn verify(bytes: &[u8], table: &AuthorityTable, trust: Option<&TrustList>) -> VerifyReport {
    verify_for(bytes, table, &Reader { trust, ..Reader::default() }).0
}

/// As [`verify`], for a reader who knows more; gives the dossier as well, as far as it could be read.
pub fn verify_for(
    bytes: &[u8],
    table: &AuthorityTable,
    reader: &Reader<'_>,
) -> (VerifyReport, Option<Dossier>) {
    let none = ResolvedKeys::default();
    let mut reading = Reading::of(bytes, reader.trust.map_or(&none, TrustList::resolved));
    let dossier = reading.dossier.take();
    let mut report = VerifyReport {
        verified: false,
        dossier: None,
        entries: reading.entries,
        heads: Vec::new(),
        findings: Vec::new(),
    };
    match &dossier {
        Some(dossier) => judge_reading(&mut report, reading, dossier, table, reader),
        None => report.findings = reading.findings,
    }
    report.verified = dossier.is_some() && !has_errors(&report.findings);
    // The sort is stable: among findings of one severity those of the file come before those of the graph.
    report.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    report.findings.truncate(MOST_FINDINGS);
    (report, dossier)
}

/// Judges what could be read as a whole: frame, graph, keys, authority. The graph is built once for all of them.
fn judge_reading(
    report: &mut VerifyReport,
    mut reading: Reading,
    dossier: &Dossier,
    table: &AuthorityTable,
    reader: &Reader<'_>,
) {
    let graph = dossier.graph();
    reading.check_frame(dossier, &graph);
    let Reading { places, refused, findings, .. } = reading;
    report.findings = findings;
    let mut state = fold_graph(dossier, &graph, table, Some(&places));
    gather_consequences(&mut report.findings, &mut state, &refused, dossier.id());
    report.dossier = Some(dossier.id().clone());
    report.findings.extend(assess_heads(dossier, &state, &reader.heads));
    report.findings.extend(assess_trust(&state, reader.trust));
    report.heads = std::mem::take(&mut state.heads);
    report.findings.append(&mut state.findings);
    if holds_twice(&graph) {
        report.findings.extend(list_reused(&graph, &places));
    }
    report.findings.extend(assess_future(&graph, &places, reader.now));
}

/// Moves what follows from a fault of the file into that fault: entries that wait for a refused or removed one.
fn gather_consequences(
    findings: &mut Vec<Finding>,
    state: &mut DossierState,
    refused: &[usize],
    dossier: &DossierId,
) {
    if state.missing.is_empty() {
        return;
    }
    let waiting: usize = state.missing.iter().map(|missing| missing.waiting).sum();
    // Whoever removes an entry removes it from the order and lays its parents bare as heads.
    findings.retain(|finding| finding.code != "dossier.heads" && finding.code != "dossier.order");
    let first_only = state.missing.iter().all(|missing| missing.id.as_str() == dossier.as_str());
    let no_first = findings.iter().position(|finding| finding.code == "dossier.no-first-entry");
    let cause = match refused.first() {
        // Each refused entry explains one that is missing; what is missing beyond that was left out as well.
        Some(cause) if state.missing.len() <= refused.len() => Some(*cause),
        _ => no_first.filter(|_| first_only),
    };
    let Some(cause) = cause.and_then(|cause| findings.get_mut(cause)) else { return };
    cause.message.push_str(&format!("; {}", count_behind(waiting)));
    state.findings.retain(|finding| finding.code != MISSING_PARENT);
}

/// Remarks on heads that the reader knows from elsewhere.
fn assess_heads(dossier: &Dossier, state: &DossierState, known: &[EntryId]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for head in known {
        if dossier.find_entry(head).is_none() {
            let message = format!("the dossier does not hold entry {head}, which you know it to hold");
            findings.push(Finding::error("dossier.other-head", message).at("/heads").remedy(
                "entries were left out of this file, or it is another dossier: ask for the export that holds the entry",
            ));
        } else if !state.heads.contains(head) {
            let message = format!("the dossier holds entry {head} and has grown since");
            findings.push(Finding::info("dossier.grown", message).at("/heads"));
        }
    }
    findings
}

/// Whether any commitment or salt stands twice. It hardly ever does, and this is the cheap way to know.
fn holds_twice(graph: &Graph<'_>) -> bool {
    let twice = |mut words: Vec<&str>| {
        words.sort_unstable();
        !words.is_sorted_by(|left, right| left < right)
    };
    let commitments = graph.entries.iter().flat_map(|entry| entry.header().groups.values());
    let salts = graph.entries.iter().flat_map(|entry| entry.body().values());
    twice(commitments.map(|commitment| commitment.as_str()).collect())
        || twice(salts.map(|disclosed| disclosed.salt().as_str()).collect())
}

/// Remarks on commitments and salts that stand twice: whoever sees one of the groups can guess the other.
fn list_reused(graph: &Graph<'_>, places: &BTreeMap<EntryId, usize>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (mut commitments, mut salts) = (BTreeMap::new(), BTreeMap::new());
    for entry in &graph.entries {
        let place = places.get(entry.id()).copied().unwrap_or_default();
        for (group, commitment) in &entry.header().groups {
            let salt = entry.body().get(group).map(|disclosed| disclosed.salt().as_str());
            let copied = commitments.insert(commitment.as_str(), entry);
            let reused = salt.and_then(|salt| salts.insert(salt, entry));
            let Some(other) = copied.or(reused) else { continue };
            let message = if copied.is_some() {
                format!(
                    "group `{group}` has the commitment of a group of entry {}: it was copied",
                    short(other.id())
                )
            } else {
                format!("group `{group}` has the salt of a group of entry {}", short(other.id()))
            };
            findings.push(
                Finding::warning("dossier.salt-reused", message)
                    .at(format!("/entries/{place}/header/groups/{group}"))
                    .remedy("what is withheld under a salt that is known can be guessed; the author needs fresh random salts"),
            );
            if findings.len() >= MOST_FINDINGS {
                return findings;
            }
        }
    }
    findings
}

/// Remarks, once, on entries from the future of the reader: a play's, or those of a clock that is wrong.
fn assess_future(
    graph: &Graph<'_>,
    places: &BTreeMap<EntryId, usize>,
    now: Option<Timestamp>,
) -> Option<Finding> {
    let now = now?;
    let early = |at: Timestamp| at.duration_since(now).as_secs() > MOST_CLOCK_SKEW_SECONDS;
    let mut entries = graph.entries.iter().filter(|entry| early(entry.header().authored));
    let first = entries.next()?;
    let place = places.get(first.id()).copied().unwrap_or_default();
    let message = format!(
        "{} entries say they were made after the present instant, the first of them at {}",
        entries.count() + 1,
        first.header().authored
    );
    let remedy = "a play runs ahead of the clock; of a real party ask why its clock does";
    Some(
        Finding::info("dossier.future", message)
            .at(format!("/entries/{place}/header/authored"))
            .remedy(remedy),
    )
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
