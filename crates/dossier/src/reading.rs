//! Reading an export file: what can be kept of it, and every fault once.
//!
//! One changed byte has one cause and many consequences: the entries that build on the changed one wait for it, the heads
//! are not those that the file names. Here the causes are named; [`verify`](crate::verify()) counts the consequences.

use crate::canonical_text::check_canonical;
use crate::did::{KeyReader, ResolvedKeys};
use crate::dossier::Dossier;
use crate::entry::Entry;
use crate::export::FORMAT;
use crate::graph::Graph;
use crate::limits::{ENTRIES_AT_ONCE, LEAST_PARALLEL, MOST_ENTRIES, MOST_FILE_BYTES, MOST_THREADS};
use kervan_model::{DossierId, EntryId, Finding};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What to do about a file that is not as it was exported, and about one from which entries were taken out.
const AGAIN: &str = "export the dossier again; do not edit or reformat the file";
const WHOLE: &str = "ask the party that sent the dossier for the whole export";

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
    /// Where each entry that was kept stands in the file.
    pub(crate) places: BTreeMap<EntryId, usize>,
    /// The finding that refuses an entry, for each entry that could not be kept.
    pub(crate) refused: Vec<usize>,
    pub(crate) findings: Vec<Finding>,
    /// The entries that were kept, in the order of the file.
    order: Vec<EntryId>,
    /// The heads that the file names.
    heads: Vec<EntryId>,
    /// Whether the first entry is one that was refused.
    first_refused: bool,
}

/// An entry of the file, checked on its own.
enum Checked {
    /// It holds; groups that were changed are left out.
    Kept { entry: Box<Entry>, findings: Vec<Finding> },
    /// It does not hold.
    Refused { dossier: Option<DossierId>, first: bool, findings: Vec<Finding> },
}

impl Checked {
    fn find_dossier(&self) -> Option<DossierId> {
        match self {
            Self::Kept { entry, .. } => entry.find_dossier(),
            Self::Refused { dossier, .. } => dossier.clone(),
        }
    }
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
        // A fault of the form is the cause of whatever else cannot be read.
        let first = |finding: Finding| check_file(bytes).err().unwrap_or(finding);
        let text = find_text(bytes)?;
        let file: ExportFile<'_> = serde_json::from_str(text).map_err(|error| {
            let message =
                format!("the file is not an exported dossier: {}", kervan_model::in_plain_words(&error));
            let byte = format!("byte {}", error.column().saturating_sub(1));
            first(Finding::error("dossier.malformed-file", message).at(byte).remedy(AGAIN))
        })?;
        if file.format != FORMAT {
            let message = format!("the format is `{}`, not `{FORMAT}`", file.format);
            return Err(first(Finding::error("dossier.format", message).at("/format")));
        }
        if file.entries.len() > MOST_ENTRIES {
            let message = format!("{} entries are more than {MOST_ENTRIES}", file.entries.len());
            return Err(first(Finding::error("dossier.too-many-entries", message).at("/entries")));
        }
        let checked = check_entries(bytes, &file.entries, resolved)?;
        self.entries = file.entries.len();
        check_name(&file.dossier, &checked)?;
        let mut dossier = Dossier::new(file.dossier);
        for (index, checked) in checked.into_iter().enumerate() {
            let refusal = match checked {
                Checked::Refused { first, findings, .. } => {
                    self.first_refused |= first || index == 0;
                    Err(findings)
                }
                Checked::Kept { entry, findings } => {
                    self.findings.extend(findings.into_iter().map(|finding| inside(finding, index)));
                    self.keep(*entry, index, &mut dossier)
                }
            };
            if let Err(findings) = refusal {
                self.refused.push(self.findings.len());
                self.findings.extend(findings.into_iter().map(|finding| inside(finding, index)));
            }
        }
        self.heads = file.heads;
        self.dossier = Some(dossier);
        Ok(())
    }

    fn keep(&mut self, entry: Entry, index: usize, dossier: &mut Dossier) -> Result<(), Vec<Finding>> {
        let id = entry.id().clone();
        if self.places.contains_key(&id) {
            // What is there twice lacks nobody, so it is a fault and no refusal.
            let message = format!("entry {id} stands in the file twice");
            self.findings.push(inside(Finding::error("dossier.duplicate", message).remedy(AGAIN), index));
            return Ok(());
        }
        dossier.insert(entry)?;
        self.places.insert(id.clone(), index);
        self.order.push(id);
        Ok(())
    }

    /// Checks what the file says about the dossier as a whole. Where an entry was refused, order and heads cannot be right.
    pub(crate) fn check_frame(&mut self, dossier: &Dossier, graph: &Graph<'_>) {
        let first: Option<EntryId> = dossier.id().as_str().parse().ok();
        if first.as_ref().and_then(|id| dossier.find_entry(id)).is_none() && !self.first_refused {
            let message = "the entry that the dossier is named after is not in the file, or was changed";
            self.findings
                .push(Finding::error("dossier.no-first-entry", message).at("/dossier").remedy(WHOLE));
        }
        if !self.refused.is_empty() {
            return;
        }
        let misplaced = graph.entries.iter().zip(&self.order).position(|(entry, id)| entry.id() != id);
        if let Some(position) = misplaced {
            let message = "from here on the entries do not stand in order, each after those that it builds on: \
                they were moved";
            let at = format!("/entries/{position}");
            self.findings.push(Finding::error("dossier.order", message).at(at).remedy(AGAIN));
        }
        if graph.list_heads() != self.heads {
            let message = "the last entries that the file names are not those that it holds: an entry was removed \
                or changed";
            self.findings.push(Finding::error("dossier.heads", message).at("/heads").remedy(WHOLE));
        }
    }
}

/// Refuses a file whose entries are all of one other dossier than it says: one byte of its name was changed, not each entry.
fn check_name(dossier: &DossierId, checked: &[Checked]) -> Result<(), Finding> {
    let mut others = checked.iter().filter_map(Checked::find_dossier).peekable();
    let Some(other) = others.peek().cloned().filter(|other| other != dossier) else { return Ok(()) };
    if others.any(|next| next != other) {
        return Ok(());
    }
    let message = format!("the file is named after dossier {dossier}, but its entries are of {other}");
    Err(Finding::error("dossier.no-first-entry", message).at("/dossier").remedy(WHOLE))
}

/// Reads and checks entries, on as many threads as the machine has; what comes out does not depend on how many. The form of
/// the whole file is checked meanwhile, and what was read is worth nothing without it.
///
/// Errors: the file is not in canonical form.
fn check_entries(
    bytes: &[u8],
    entries: &[&RawValue],
    resolved: &ResolvedKeys,
) -> Result<Vec<Checked>, Finding> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    if threads == 1 || entries.len() < LEAST_PARALLEL {
        check_file(bytes)?;
        return Ok(check_chunk(entries, resolved));
    }
    let chunks: Vec<&[&RawValue]> = entries.chunks(ENTRIES_AT_ONCE).collect();
    let next = AtomicUsize::new(0);
    let take_chunks = || {
        let mut done = BTreeMap::new();
        while let Some((at, chunk)) = take(&chunks, &next) {
            done.insert(at, check_chunk(chunk, resolved));
        }
        done
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (1..threads).map(|_| scope.spawn(take_chunks)).collect();
        if let Err(finding) = check_file(bytes) {
            next.store(chunks.len(), Ordering::Relaxed);
            return Err(finding);
        }
        let mut done = take_chunks();
        for thread in running {
            done.extend(thread.join().unwrap_or_default());
        }
        // What a thread could not finish is no reason to trust its entries: they are checked again, here.
        let again = |(at, chunk): (usize, &&[&RawValue])| {
            done.remove(&at).unwrap_or_else(|| check_chunk(chunk, resolved))
        };
        Ok(chunks.iter().enumerate().flat_map(again).collect())
    })
}

/// The next chunk that nobody took.
fn take<'a, 'b>(
    chunks: &'b [&'a [&'a RawValue]],
    next: &AtomicUsize,
) -> Option<(usize, &'b &'a [&'a RawValue])> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    chunks.get(at).map(|chunk| (at, chunk))
}

fn check_chunk(entries: &[&RawValue], resolved: &ResolvedKeys) -> Vec<Checked> {
    let mut keys = KeyReader::new(resolved);
    entries
        .iter()
        .map(|raw| match Entry::read_canonical(raw.get()) {
            Err(finding) => Checked::Refused { dossier: None, first: false, findings: vec![finding] },
            Ok(entry) => {
                let (dossier, first) = (entry.header().dossier.clone(), entry.header().is_first());
                match entry.salvage(&mut keys) {
                    Ok((entry, findings)) => {
                        // Read here, where several threads are, and kept for the fold.
                        let _ = entry.fact();
                        Checked::Kept { entry: Box::new(entry), findings }
                    }
                    Err(findings) => Checked::Refused { dossier, first, findings },
                }
            }
        })
        .collect()
}

/// The text of the file without its last byte, if it is short enough and text at all.
fn find_text(bytes: &[u8]) -> Result<&str, Finding> {
    let (_, json) = split(bytes)?;
    str::from_utf8(json).map_err(|error| {
        check_file(bytes)
            .err()
            .unwrap_or_else(|| Finding::error("dossier.not-json", kervan_model::in_plain_words(&error)))
    })
}

/// The last byte of the file and what is before it.
fn split(bytes: &[u8]) -> Result<(u8, &[u8]), Finding> {
    if bytes.len() > MOST_FILE_BYTES {
        let message = format!("the file has {} bytes, more than {MOST_FILE_BYTES}", bytes.len());
        return Err(Finding::error("dossier.file-too-long", message));
    }
    match bytes.split_last() {
        Some((end, json)) => Ok((*end, json)),
        None => Err(Finding::error("dossier.not-json", "the file is empty").remedy(AGAIN)),
    }
}

/// Checks size, canonical form and end.
fn check_file(bytes: &[u8]) -> Result<(), Finding> {
    let (end, json) = split(bytes)?;
    check_canonical(json).map_err(|error| {
        Finding::error(error.fault.code(), error.to_string())
            .at(format!("byte {}", error.offset))
            .source("RFC 8785")
            .remedy(AGAIN)
    })?;
    if end != b'\n' {
        let message = format!("the file does not end with one line feed at byte {}", json.len());
        let at = format!("byte {}", json.len());
        return Err(Finding::error("dossier.not-canonical", message).at(at).remedy(AGAIN));
    }
    Ok(())
}

/// Puts the path of a finding about an entry behind that of the entry in the file.
fn inside(mut finding: Finding, index: usize) -> Finding {
    let path = finding.path.unwrap_or_default();
    finding.path = Some(format!("/entries/{index}{path}"));
    finding
}
