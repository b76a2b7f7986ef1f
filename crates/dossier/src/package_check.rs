//! Checking a package offline, from its bytes.

use crate::authority::AuthorityTable;
use crate::canonical::sha256_hex;
use crate::did::ResolvedKeys;
use crate::dossier::Dossier;
use crate::eddsa::check_document;
use crate::fold::fold;
use crate::package::{
    ASIC_MANIFEST, ATTACHMENTS, DOCUMENTS, DOSSIER, MANIFEST, MIMETYPE, PACKAGE_FORMAT, PACKAGE_TYPE,
    PackageFile, README, README_TEXT, SEAL, TRUST, write_asic_manifest, write_manifest, write_trust,
};
use crate::package_zip::{Stored, find_difference, read_zip};
use crate::state::DossierState;
use crate::trust::TrustList;
use crate::verify::{Reader, VerifyReport, verify_for};
use kervan_model::{Finding, Severity, has_errors};
use serde_json::Value;

/// What came out of a package.
#[derive(Clone, Debug)]
pub struct Unpacked {
    /// What the check found: of the dossier, and of everything around it. Paths begin with the name of a file.
    pub report: VerifyReport,
    /// The dossier, as far as it could be read.
    pub dossier: Option<Dossier>,
    /// The documents and attachments.
    pub documents: Vec<PackageFile>,
}

impl Unpacked {
    /// Nothing could be read.
    fn nothing(findings: Vec<Finding>) -> Self {
        let report = VerifyReport { verified: false, dossier: None, entries: 0, heads: Vec::new(), findings };
        Self { report, dossier: None, documents: Vec::new() }
    }
}

/// Whether bytes begin as a package does, and not as an exported dossier.
pub fn is_package(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
}

/// Checks a package: the container, every hash, the dossier, the documents against the entries that issued them, the seal.
/// Any byte that differs from what was packed is found, and its file named. Never panics.
pub fn verify_package(bytes: &[u8], table: &AuthorityTable, reader: &Reader<'_>) -> Unpacked {
    let mut findings = Vec::new();
    let files = match read_zip(bytes) {
        Ok(files) => files,
        Err(finding) => return Unpacked::nothing(vec![finding]),
    };
    findings.extend(assess_container(bytes, &files));
    let whole = findings.is_empty();
    let find = |name: &str| files.iter().find(|file| file.name == name).map(|file| file.bytes);
    let Some(dossier_json) = find(DOSSIER) else { return Unpacked::nothing(findings) };
    let (mut report, dossier) = verify_for(dossier_json, table, reader);
    if has_errors(&report.findings) {
        // The dossier says more exactly what is wrong with it than its hash does.
        findings.retain(|finding| finding.path.as_deref() != Some(DOSSIER));
    }
    for finding in &mut report.findings {
        finding.path = finding.path.take().map(|path| format!("{DOSSIER}#{path}"));
    }
    if let Some(dossier) = dossier.as_ref().filter(|_| whole) {
        let state = fold(dossier, table);
        findings.extend(assess_derived(&files, &state));
        findings.extend(assess_documents(&files, &state));
        findings.extend(assess_seal(find(SEAL), find(ASIC_MANIFEST), &state, reader.trust));
    }
    report.findings.extend(findings);
    report.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    report.verified &= !has_errors(&report.findings);
    let documents = files
        .iter()
        .filter(|file| is_document(file.name))
        .map(|file| PackageFile { name: file.name.to_owned(), bytes: file.bytes.to_vec() })
        .collect();
    Unpacked { report, dossier, documents }
}

fn is_document(name: &str) -> bool {
    name.starts_with(DOCUMENTS) || name.starts_with(ATTACHMENTS)
}

fn changed(name: &str, message: impl Into<String>) -> Finding {
    Finding::error("package.file-changed", message)
        .at(name)
        .remedy("get the package again from whoever packed it")
}

/// Checks the container: that each file is whole, that the manifests are those of the files, that there is nothing else.
fn assess_container(bytes: &[u8], files: &[Stored<'_>]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = files
        .iter()
        .filter(|file| !file.whole)
        .map(|file| changed(file.name, format!("the bytes of {} are not those that were packed", file.name)))
        .collect();
    for name in [MIMETYPE, DOSSIER, README, TRUST, MANIFEST, ASIC_MANIFEST] {
        if files.iter().all(|file| file.name != name) {
            findings.push(
                Finding::error("package.file-missing", format!("{name} is not in the package")).at(name),
            );
        }
    }
    if !findings.is_empty() {
        return findings;
    }
    let find = |name: &str| files.iter().find(|file| file.name == name).map_or(&b""[..], |file| file.bytes);
    let content = || {
        let around = [MIMETYPE, MANIFEST, ASIC_MANIFEST, SEAL];
        files.iter().filter(move |file| !around.contains(&file.name)).map(|file| (file.name, file.bytes))
    };
    let sealed = files.iter().any(|file| file.name == SEAL);
    let manifests = [
        (MANIFEST, write_manifest(content().map(|(name, _)| name))),
        (ASIC_MANIFEST, write_asic_manifest(content(), sealed)),
    ];
    for (name, expected) in &manifests {
        findings.extend(compare_lines(name, &String::from_utf8_lossy(find(name)), expected));
    }
    if find(MIMETYPE) != PACKAGE_TYPE.as_bytes() {
        findings.push(changed(MIMETYPE, "the package does not say what it is"));
    }
    let misplaced = !content().is_sorted_by(|(one, _), (other, _)| one < other);
    if let Some(at) = find_difference(bytes, files).or(misplaced.then_some(0)).filter(|_| findings.is_empty())
    {
        let message =
            format!("the package is not in its only form at byte {at}: something was added or moved");
        findings.push(Finding::error("package.not-canonical", message).at(format!("byte {at}")));
    }
    findings
}

/// Names the files whose lines in a manifest differ from what their bytes give.
fn compare_lines(manifest: &str, found: &str, expected: &str) -> Vec<Finding> {
    if found == expected {
        return Vec::new();
    }
    let name_of = |line: &str| {
        let from =
            line.find("URI=\"").map(|at| at + 5).or_else(|| line.find("full-path=\"").map(|at| at + 11))?;
        let rest = line.get(from..)?;
        Some(rest.split('"').next().unwrap_or_default().to_owned())
    };
    let lines: std::collections::BTreeSet<&str> = found.lines().collect();
    let differing = expected.lines().filter(|line| !lines.contains(line)).find_map(name_of);
    let message = match &differing {
        Some(name) => {
            format!("{manifest} does not say of {name} what its bytes are: one of the two was changed")
        }
        None => format!("{manifest} names what is not in the package, or has another form"),
    };
    vec![changed(differing.as_deref().unwrap_or(manifest), message)]
}

/// Checks the files that follow from the dossier.
fn assess_derived(files: &[Stored<'_>], state: &DossierState) -> Vec<Finding> {
    let derived = [(README, README_TEXT.as_bytes().to_vec()), (TRUST, write_trust(state))];
    let mut findings = Vec::new();
    for (name, expected) in derived {
        if files.iter().any(|file| file.name == name && file.bytes != expected) {
            findings.push(changed(name, format!("{name} is not what the dossier gives")));
        }
    }
    let known = [MIMETYPE, DOSSIER, README, TRUST, MANIFEST, ASIC_MANIFEST, SEAL];
    for file in files.iter().filter(|file| !known.contains(&file.name) && !is_document(file.name)) {
        let message = format!("{} has no place in a package", file.name);
        findings.push(Finding::error("package.unknown-file", message).at(file.name));
    }
    findings
}

/// Holds documents against the entries that issued or attached them.
fn assess_documents(files: &[Stored<'_>], state: &DossierState) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| is_document(file.name)) {
        let hash = sha256_hex(file.bytes.strip_suffix(b"\n").unwrap_or(file.bytes));
        if file.name.starts_with(ATTACHMENTS) {
            let hash = sha256_hex(file.bytes);
            if state.list_attached().all(|document| document.sha256 != hash) {
                let message =
                    format!("no entry attaches {}: its bytes are not what a party vouched for", file.name);
                findings.push(Finding::error("package.not-attached", message).at(file.name));
            }
        } else if file.name.ends_with(".json")
            && state.documents.iter().all(|stated| stated.fact.data_sha256 != hash)
        {
            let message = format!(
                "{} is not the data that an entry issued: it was made from later facts, or changed",
                file.name
            );
            let remedy = "the entry of the document says the hash of what was issued; an amendment explains a difference";
            findings.push(Finding::warning("package.not-issued", message).at(file.name).remedy(remedy));
        }
    }
    findings
}

/// Holds the documents of a package against those that were made anew from its dossier. A document that was not made anew is
/// passed over.
pub fn compare_documents(unpacked: &Unpacked, made: &[PackageFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &unpacked.documents {
        if made.iter().any(|made| made.name == file.name && made.bytes != file.bytes) {
            let message = format!("{} is not what this program makes of the dossier", file.name);
            let remedy = "another version, or other fonts, may print it otherwise; if both are the same, it was changed";
            findings
                .push(Finding::warning("package.document-differs", message).at(&file.name).remedy(remedy));
        }
    }
    findings
}

/// Checks the seal, if there is one.
fn assess_seal(
    seal: Option<&[u8]>,
    asic_manifest: Option<&[u8]>,
    state: &DossierState,
    trust: Option<&TrustList>,
) -> Vec<Finding> {
    let Some(seal) = seal else {
        let message =
            "nobody sealed this package: that no later entry was left out rests on a head that you know";
        return vec![Finding::info("package.unsealed", message)];
    };
    let broken = |message: String| vec![Finding::error("package.seal", message).at(SEAL)];
    let Some(json) =
        seal.strip_suffix(b"\n").filter(|json| crate::canonical_text::check_canonical(json).is_ok())
    else {
        return broken("the seal is no canonical JSON".to_owned());
    };
    let value: Value = serde_json::from_slice(json).unwrap_or_default();
    let none = ResolvedKeys::default();
    let signer = match check_document(&value, trust.map_or(&none, TrustList::resolved)) {
        Ok(signer) => signer,
        Err(error) => return broken(format!("the seal does not hold: {error}")),
    };
    let heads: Vec<&str> =
        value["heads"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let own: Vec<&str> = state.heads.iter().map(|head| head.as_str()).collect();
    let fits = value["format"] == PACKAGE_FORMAT
        && value["dossier"] == state.dossier.as_str()
        && value["manifest"] == sha256_hex(asic_manifest.unwrap_or_default())
        && heads == own;
    if !fits {
        return broken(
            "the seal is of another package, or a file was changed after it was sealed".to_owned(),
        );
    }
    let participant = state.participants.iter().find(|stated| stated.fact.did == *signer.did());
    let by = participant.map_or_else(|| signer.did().to_string(), |stated| stated.fact.party.to_string());
    let severity = if participant.is_some() { Severity::Info } else { Severity::Warning };
    let known = if participant.is_some() { "" } else { ", which takes no part in the dossier" };
    let message =
        format!("sealed by {by}{known} at {}", value["proof"]["created"].as_str().unwrap_or_default());
    vec![Finding { severity, ..Finding::info("package.sealed", message).at(SEAL) }]
}
