//! The export file: one dossier as canonical JSON, for whoever wants to check it without asking anybody.

use crate::canonical_text::check_canonical;
use crate::did::{KeyReader, ResolvedKeys};
use crate::dossier::Dossier;
use crate::entry::Entry;
use crate::limits::{LEAST_PARALLEL, MOST_ENTRIES, MOST_FILE_BYTES, MOST_THREADS};
use kervan_model::{DossierId, EntryId, Finding};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeSet;

/// The format of the export file.
pub const FORMAT: &str = "kervan-dossier/1";

/// The export file: canonical JSON (RFC 8785) and one line feed. The same dossier gives the same bytes.
///
/// Shape: `{"dossier":id,"entries":[{"body":..,"header":..}, ..],"format":"kervan-dossier/1","heads":[id, ..]}`, entries in
/// causal order, heads ascending.
pub fn export(dossier: &Dossier) -> Vec<u8> {
    let graph = dossier.graph();
    let mut bytes = Vec::new();
    bytes.extend_from_slice(format!("{{\"dossier\":\"{}\",\"entries\":[", dossier.id()).as_bytes());
    for (position, entry) in graph.entries.iter().enumerate() {
        if position > 0 {
            bytes.push(b',');
        }
        entry.write(&mut bytes);
    }
    let heads: Vec<String> = graph.list_heads().iter().map(|id| format!("\"{id}\"")).collect();
    bytes.extend_from_slice(
        format!("],\"format\":\"{FORMAT}\",\"heads\":[{}]}}\n", heads.join(",")).as_bytes(),
    );
    bytes
}

/// Reads an export file into a dossier that can be merged into another copy of it.
///
/// Errors: all findings, if anything in the file is not exactly as it was exported. `resolved` gives the keys of `did:web`
/// authors.
pub fn import(bytes: &[u8], resolved: &ResolvedKeys) -> Result<Dossier, Vec<Finding>> {
    let reading = Reading::of(bytes, resolved);
    match reading.dossier {
        Some(dossier) if reading.findings.is_empty() => Ok(dossier),
        _ => Err(reading.findings),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExportFile<'a> {
    dossier: DossierId,
    #[serde(borrow)]
    entries: Vec<&'a RawValue>,
    format: String,
    heads: Vec<EntryId>,
}

/// What could be read from an export file, and everything that is wrong with it.
#[derive(Default)]
pub(crate) struct Reading {
    pub(crate) dossier: Option<Dossier>,
    pub(crate) entries: usize,
    pub(crate) findings: Vec<Finding>,
}

impl Reading {
    pub(crate) fn of(bytes: &[u8], resolved: &ResolvedKeys) -> Self {
        let mut reading = Self::default();
        if let Err(finding) = reading.read(bytes, resolved) {
            reading.findings.insert(0, finding);
        }
        reading
    }

    fn read(&mut self, bytes: &[u8], resolved: &ResolvedKeys) -> Result<(), Finding> {
        let text = check_file(bytes)?;
        let file: ExportFile<'_> = serde_json::from_str(text).map_err(|error| {
            let message = format!("the file is not an exported dossier: {error}");
            let byte = format!("byte {}", error.column().saturating_sub(1));
            Finding::error("dossier.malformed-file", message).at(byte)
        })?;
        self.entries = file.entries.len();
        if file.format != FORMAT {
            let message = format!("the format is `{}`, not `{FORMAT}`", file.format);
            return Err(Finding::error("dossier.format", message).at("/format"));
        }
        if file.entries.len() > MOST_ENTRIES {
            let message = format!("{} entries are more than {MOST_ENTRIES}", file.entries.len());
            return Err(Finding::error("dossier.too-many-entries", message).at("/entries"));
        }
        let checked = check_entries(&file.entries, resolved);
        let mut dossier = Dossier::new(file.dossier);
        let mut order: Vec<EntryId> = Vec::with_capacity(checked.len());
        let mut seen = BTreeSet::new();
        for (index, checked) in checked.into_iter().enumerate() {
            let inserted = checked.and_then(|entry| {
                if !seen.insert(entry.id().clone()) {
                    let message = format!("entry {} stands in the file twice", entry.id());
                    return Err(vec![Finding::error("dossier.duplicate", message)]);
                }
                order.push(entry.id().clone());
                dossier.insert(entry)
            });
            if let Err(findings) = inserted {
                self.findings.extend(findings.into_iter().map(|finding| inside(finding, index)));
            }
        }
        self.check_frame(&dossier, &order, &file.heads);
        self.dossier = Some(dossier);
        Ok(())
    }

    /// Checks what the file says about the dossier as a whole.
    fn check_frame(&mut self, dossier: &Dossier, order: &[EntryId], heads: &[EntryId]) {
        let first: Option<EntryId> = dossier.id().as_str().parse().ok();
        if first.as_ref().and_then(|id| dossier.find_entry(id)).is_none() {
            let message = "the entry that the dossier is named after is not in the file, or was changed";
            self.findings.push(Finding::error("dossier.no-first-entry", message).at("/dossier"));
        }
        let graph = dossier.graph();
        let misplaced = graph.entries.iter().zip(order).position(|(entry, id)| entry.id() != id);
        if let Some(position) = misplaced {
            let message = "from here on the entries are not in causal order with ties by entry id";
            self.findings.push(Finding::error("dossier.order", message).at(format!("/entries/{position}")));
        }
        if graph.list_heads() != heads {
            let message =
                "the heads that the file names are not those of its entries: an entry was removed or changed";
            self.findings.push(Finding::error("dossier.heads", message).at("/heads"));
        }
    }
}

/// Reads and checks entries, on as many threads as the machine has; what comes out does not depend on how many.
fn check_entries(entries: &[&RawValue], resolved: &ResolvedKeys) -> Vec<Result<Entry, Vec<Finding>>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    if threads == 1 || entries.len() < LEAST_PARALLEL {
        return check_chunk(entries, resolved);
    }
    let chunks = entries.chunks(entries.len().div_ceil(threads));
    std::thread::scope(|scope| {
        let running: Vec<_> =
            chunks.map(|chunk| (chunk, scope.spawn(|| check_chunk(chunk, resolved)))).collect();
        // A thread that could not finish is no reason to trust its entries: they are checked again, here.
        let finished = running
            .into_iter()
            .map(|(chunk, thread)| thread.join().unwrap_or_else(|_| check_chunk(chunk, resolved)));
        finished.flatten().collect()
    })
}

fn check_chunk(entries: &[&RawValue], resolved: &ResolvedKeys) -> Vec<Result<Entry, Vec<Finding>>> {
    let mut keys = KeyReader::new(resolved);
    entries
        .iter()
        .map(|raw| {
            Entry::read_canonical(raw.get())
                .map_err(|finding| vec![finding])
                .and_then(|entry| entry.check_with(&mut keys))
        })
        .collect()
}

/// Checks size, end and canonical form; gives the text without its last line feed.
fn check_file(bytes: &[u8]) -> Result<&str, Finding> {
    if bytes.len() > MOST_FILE_BYTES {
        let message = format!("the file has {} bytes, more than {MOST_FILE_BYTES}", bytes.len());
        return Err(Finding::error("dossier.file-too-long", message));
    }
    let (end, json) = match bytes.split_last() {
        Some((end, json)) => (*end, json),
        None => return Err(Finding::error("dossier.not-json", "the file is empty")),
    };
    check_canonical(json).map_err(|error| {
        Finding::error(error.fault.code(), error.to_string())
            .at(format!("byte {}", error.offset))
            .source("RFC 8785")
            .remedy("export the dossier again; do not edit or reformat the file")
    })?;
    if end != b'\n' {
        let message = format!("the file does not end with one line feed at byte {}", json.len());
        return Err(Finding::error("dossier.not-canonical", message).at(format!("byte {}", json.len())));
    }
    str::from_utf8(json).map_err(|error| Finding::error("dossier.not-json", error.to_string()))
}

/// Puts the path of a finding about an entry behind that of the entry in the file.
fn inside(mut finding: Finding, index: usize) -> Finding {
    let path = finding.path.unwrap_or_default();
    finding.path = Some(format!("/entries/{index}{path}"));
    finding
}
