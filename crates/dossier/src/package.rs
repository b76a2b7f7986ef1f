//! A package: a dossier with its documents in one file, and everything that is needed to check it.
//!
//! It has the shape of an ASiC-E container (ETSI EN 319 162-1): `mimetype`, `META-INF/manifest.xml`,
//! `META-INF/ASiCManifest.xml` with the SHA-256 of every file. The signatures are those of the entries in `dossier.json`;
//! whoever packs may seal the whole with a key, in `META-INF/seal.json`, so that a tail cannot be left out on the way.
//!
//! Everything but the documents follows from the dossier, so a reader makes it again and compares: every byte is accounted
//! for. A document is held against the entry that issued it, an attachment against the entry that attached it.

use crate::canonical::{jcs, sha256, sha256_hex};
use crate::dossier::Dossier;
use crate::eddsa::{ProofError, sign_document};
use crate::export::export;
use crate::limits::{MOST_PACKAGE_BYTES, MOST_PACKAGE_FILES};
use crate::package_zip::{is_name, write_zip};
use crate::signatory::Signatory;
use crate::state::DossierState;
use data_encoding::BASE64;
use jiff::Timestamp;
use kervan_model::{EntryId, Finding};
use serde_json::{Value, json};
use std::fmt::Write;

/// The media type of a package. Source: ETSI EN 319 162-1.
pub const PACKAGE_TYPE: &str = "application/vnd.etsi.asic-e+zip";

/// The format that a seal names.
pub const PACKAGE_FORMAT: &str = "kervan-package/1";

pub(crate) const MIMETYPE: &str = "mimetype";
pub(crate) const DOSSIER: &str = "dossier.json";
pub(crate) const TRUST: &str = "trust.json";
pub(crate) const README: &str = "README.txt";
pub(crate) const MANIFEST: &str = "META-INF/manifest.xml";
pub(crate) const ASIC_MANIFEST: &str = "META-INF/ASiCManifest.xml";
pub(crate) const SEAL: &str = "META-INF/seal.json";
pub(crate) const DOCUMENTS: &str = "documents/";
pub(crate) const ATTACHMENTS: &str = "attachments/";

/// How to check a package, for whoever opens it.
pub(crate) const README_TEXT: &str = "This is the documentation package of one consignment.

dossier.json              every fact, signed by the party that stated it
documents/                the legal documents made from it, as data (JSON) and as print (PDF)
attachments/              documents of others, named by their SHA-256
trust.json                who takes part, and under which keys, as the dossier says
META-INF/ASiCManifest.xml the SHA-256 of every file

Check all of it without asking anyone:

    kervan verify PACKAGE.zip

Any byte that was changed is found and the file is named. Compare the keys in trust.json with those that you know of your own
(kervan verify PACKAGE.zip --trust keys.csv), and a head from a printed document (--head) with the dossier.
Each signature is a W3C Data Integrity proof (eddsa-jcs-2022): Ed25519 over RFC 8785 canonical JSON.
";

/// A document of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageFile {
    /// Its name in the package. Shape: `documents/NAME` or `attachments/NAME`, plain ASCII.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl PackageFile {
    /// A document, such as `cim-smgs.pdf`.
    pub fn document(name: &str, bytes: Vec<u8>) -> Self {
        Self { name: format!("{DOCUMENTS}{name}"), bytes }
    }

    /// An attached file, named by its hash, with its ending.
    pub fn attachment(ending: &str, bytes: Vec<u8>) -> Self {
        Self { name: format!("{ATTACHMENTS}{}.{ending}", sha256_hex(&bytes)), bytes }
    }
}

/// Who seals a package, and when.
#[derive(Clone, Copy, Debug)]
pub struct Sealing<'a> {
    /// The key.
    pub key: &'a dyn Signatory,
    /// The instant.
    pub at: Timestamp,
}

/// Packs a dossier with its documents.
///
/// Errors: findings, if a name cannot stand in a package, stands twice, or the whole is too long; the seal cannot be made.
pub fn write_package(
    dossier: &Dossier,
    state: &DossierState,
    documents: &[PackageFile],
    sealing: Option<Sealing<'_>>,
) -> Result<Vec<u8>, Vec<Finding>> {
    let findings = list_unpackable(documents);
    if !findings.is_empty() {
        return Err(findings);
    }
    let dossier_json = export(dossier);
    let trust = write_trust(state);
    let mut content: Vec<(&str, &[u8])> =
        vec![(DOSSIER, &dossier_json), (README, README_TEXT.as_bytes()), (TRUST, &trust)];
    content.extend(documents.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())));
    content.sort_by_key(|(name, _)| *name);
    let asic_manifest = write_asic_manifest(content.iter().copied(), sealing.is_some());
    let manifest = write_manifest(content.iter().map(|(name, _)| *name));
    let seal = sealing.map(|sealing| write_seal(dossier, &asic_manifest, sealing)).transpose();
    let seal = seal.map_err(|error| vec![Finding::error("package.seal", error.to_string())])?;
    let mut files: Vec<(&str, &[u8])> = vec![(MIMETYPE, PACKAGE_TYPE.as_bytes())];
    files.extend(content);
    files.push((MANIFEST, manifest.as_bytes()));
    files.push((ASIC_MANIFEST, asic_manifest.as_bytes()));
    if let Some(seal) = &seal {
        files.push((SEAL, seal));
    }
    let bytes = write_zip(files.into_iter());
    if bytes.len() > MOST_PACKAGE_BYTES {
        let message = format!("the package would have {} bytes, more than {MOST_PACKAGE_BYTES}", bytes.len());
        return Err(vec![Finding::error("package.too-long", message)]);
    }
    Ok(bytes)
}

fn list_unpackable(documents: &[PackageFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut names: Vec<&str> = documents.iter().map(|file| file.name.as_str()).collect();
    names.sort_unstable();
    for name in &names {
        let inside = name.starts_with(DOCUMENTS) || name.starts_with(ATTACHMENTS);
        if !inside || !is_name(name) {
            let message = format!("`{name}` cannot be the name of a document in a package");
            findings.push(
                Finding::error("package.name", message).remedy("use letters, digits, dots and hyphens"),
            );
        }
    }
    for pair in names.windows(2) {
        if let [one, other] = pair
            && one == other
        {
            findings.push(Finding::error("package.name", format!("two documents are named `{one}`")));
        }
    }
    if documents.len() + 7 > MOST_PACKAGE_FILES {
        let message = format!("{} documents are more than a package may hold", documents.len());
        findings.push(Finding::error("package.too-many-files", message));
    }
    findings
}

/// Who takes part and under which keys, as the dossier says.
pub(crate) fn write_trust(state: &DossierState) -> Vec<u8> {
    let participants: Vec<Value> = state
        .participants
        .iter()
        .map(|stated| {
            let participant = &stated.fact;
            json!({
                "did": participant.did.as_str(), "name": participant.name, "party": participant.party.as_str(),
                "roles": participant.roles.iter().map(ToString::to_string).collect::<Vec<_>>(),
            })
        })
        .collect();
    let heads: Vec<&str> = state.heads.iter().map(EntryId::as_str).collect();
    let trust = json!({ "dossier": state.dossier.as_str(), "heads": heads, "participants": participants });
    let mut bytes = jcs(&trust).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("json") => "application/json",
        Some("pdf") => "application/pdf",
        Some("xml") => "application/xml",
        Some("txt") => "text/plain",
        Some("csv") => "text/csv",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        _ => "application/octet-stream",
    }
}

/// The manifest of OpenDocument containers, which ASiC takes over. One line for each file.
pub(crate) fn write_manifest<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.2\">\n",
    );
    let entry = |name: &str, kind: &str| {
        format!("<manifest:file-entry manifest:full-path=\"{name}\" manifest:media-type=\"{kind}\"/>\n")
    };
    text.push_str(&entry("/", PACKAGE_TYPE));
    for name in names {
        text.push_str(&entry(name, media_type(name)));
    }
    text.push_str("</manifest:manifest>\n");
    text
}

/// The manifest with the SHA-256 of every file, one line each, so that a line that differs names its file.
pub(crate) fn write_asic_manifest<'a>(
    files: impl Iterator<Item = (&'a str, &'a [u8])>,
    sealed: bool,
) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <asic:ASiCManifest xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\n",
    );
    let signature = if sealed { SEAL } else { DOSSIER };
    // Writing to a string does not fail.
    let _ = writeln!(text, "<asic:SigReference URI=\"{signature}\" MimeType=\"application/json\"/>");
    for (name, bytes) in files {
        let _ = writeln!(
            text,
            "<asic:DataObjectReference URI=\"{name}\" MimeType=\"{}\"><ds:DigestMethod \
             Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue>{}</ds:DigestValue></asic:DataObjectReference>",
            media_type(name),
            BASE64.encode(&sha256(bytes))
        );
    }
    text.push_str("</asic:ASiCManifest>\n");
    text
}

fn write_seal(dossier: &Dossier, asic_manifest: &str, sealing: Sealing<'_>) -> Result<Vec<u8>, ProofError> {
    let heads: Vec<String> = dossier.heads().iter().map(ToString::to_string).collect();
    let document = json!({
        "dossier": dossier.id().as_str(), "format": PACKAGE_FORMAT, "heads": heads,
        "manifest": sha256_hex(asic_manifest.as_bytes()),
    });
    let mut bytes = jcs(&sign_document(&document, &sealing.at.to_string(), sealing.key)?)?;
    bytes.push(b'\n');
    Ok(bytes)
}
