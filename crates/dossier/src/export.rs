//! The export file: one dossier as canonical JSON, for whoever wants to check it without asking anybody.

use crate::did::ResolvedKeys;
use crate::dossier::Dossier;
use crate::reading::Reading;
use kervan_model::Finding;

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
    let mut reading = Reading::of(bytes, resolved);
    let dossier = reading.dossier.take();
    if let Some(dossier) = &dossier {
        reading.check_frame(dossier, &dossier.graph());
    }
    match dossier {
        Some(dossier) if reading.findings.is_empty() => Ok(dossier),
        _ => Err(reading.findings),
    }
}
