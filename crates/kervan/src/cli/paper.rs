//! `kervan verify` on paper: the text of a photographed code, or a PDF of ours, held against a dossier.

use super::dossier_file::{assess_length, read_bytes};
use super::{Failure, Outcome, output};
use crate::facts::Facts;
use clap::Args;
use kervan_documents::{Document, Fonts, Stamp, read_pdf};
use kervan_dossier::{DocumentStanding, Dossier, Reader, canonical, fold, verify_for};
use kervan_model::{EntryId, Finding, has_errors};
use kervan_node::{Press, Rules, issued_by};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What is checked of a paper.
#[derive(Debug, Args)]
pub(super) struct PaperArguments {
    /// The text of a code on a sheet, as a camera reads it (KRV1:...), or a file that holds it.
    #[arg(long, value_name = "TEXT|FILE")]
    pub(super) text: Option<String>,
    /// The dossier that the paper is held against.
    #[arg(long, value_name = "DOSSIER")]
    pub(super) against: Option<PathBuf>,
}

/// What a check of papers found.
#[derive(Serialize)]
struct PaperReport {
    /// Whether nothing speaks against the papers; with a dossier, whether it holds what they name.
    verified: bool,
    papers: Vec<Paper>,
    findings: Vec<crate::http::wire::Finding>,
}

/// What one stamp says, and what is proved of it.
#[derive(Serialize)]
struct Paper {
    document: String,
    number: String,
    dossier: String,
    entry: String,
    data_sha256: String,
    signature: String,
    /// Each line is one thing that was proved.
    proved: Vec<String>,
    /// Each line is one thing that was not.
    open: Vec<String>,
}

/// A dossier that was checked, and what can be made of it.
struct Ground<'a> {
    rules: &'a Rules,
    dossier: Dossier,
    state: kervan_dossier::DossierState,
    network: kervan_network::Network,
}

impl Ground<'_> {
    /// Only the data is made again here, and fonts do not change it.
    fn press(&self) -> Press<'_> {
        Press {
            network: &self.network,
            fonts: Fonts::built_in(),
            authority: &self.rules.authority,
            languages: &[],
        }
    }
}

/// The bytes of the paper that the arguments name: a text, or the one file if it is a PDF or the text of a code.
///
/// Errors: the file cannot be read.
pub(super) fn find(arguments: &PaperArguments, files: &[PathBuf]) -> Result<Option<Vec<u8>>, Failure> {
    if let Some(text) = &arguments.text {
        let is_file = !text.contains("KRV1:") && Path::new(text).exists();
        return if is_file {
            read_bytes(Path::new(text)).map(Some)
        } else {
            Ok(Some(text.clone().into_bytes()))
        };
    }
    let [file] = files else { return Ok(None) };
    if assess_length(file).is_some() {
        return Ok(None);
    }
    let bytes = read_bytes(file)?;
    let is_paper = bytes.starts_with(b"%PDF-") || bytes.trim_ascii_start().starts_with(b"KRV1:");
    Ok(is_paper.then_some(bytes))
}

/// Says what a paper is and what is proved of it.
pub(super) fn check(
    bytes: &[u8],
    arguments: &PaperArguments,
    rules: &Rules,
    reader: &Reader<'_>,
    facts: &Facts,
    json: bool,
) -> Result<Outcome, Failure> {
    let (stamps, files) = read_paper(bytes)?;
    let mut findings = Vec::new();
    let ground = match &arguments.against {
        Some(path) => find_ground(&read_bytes(path)?, rules, reader, facts, &mut findings)?,
        None => None,
    };
    let hashes: Vec<String> = files.iter().filter_map(|file| hash_of(file)).collect();
    let is_pdf = bytes.starts_with(b"%PDF-");
    let papers: Vec<Paper> = stamps
        .iter()
        .map(|stamp| {
            let mut paper = Paper::new(stamp);
            if is_pdf && stamp.slug != "package" {
                paper.hold_against_files(stamp, &hashes, &mut findings);
            }
            match &ground {
                Some(ground) => paper.hold_against(stamp, ground, &mut findings),
                None => paper
                    .open
                    .push("nothing is proved without the dossier: add --against DOSSIER.json".into()),
            }
            paper
        })
        .collect();
    let verified = !has_errors(&findings);
    show(PaperReport { verified, papers, findings: Vec::new() }, &findings, json);
    Ok(if verified { Outcome::Done } else { Outcome::FoundErrors })
}

/// The stamps of a paper and the data attached to it.
fn read_paper(bytes: &[u8]) -> Result<(Vec<Stamp>, Vec<Vec<u8>>), Failure> {
    if let Some(contents) = read_pdf(bytes) {
        if contents.stamps.is_empty() {
            return Err(Failure::new("the PDF carries no stamp of an issued paper")
                .remedy("what was printed from a consignment file was not issued; else scan a code and give its text with --text"));
        }
        return Ok((contents.stamps, contents.files));
    }
    let stamp = Stamp::read(&String::from_utf8_lossy(bytes))
        .map_err(|finding| Failure::new(finding.message).remedy(finding.remedy.unwrap_or_default()))?;
    Ok((vec![stamp], Vec::new()))
}

fn find_ground<'a>(
    bytes: &[u8],
    rules: &'a Rules,
    reader: &Reader<'_>,
    facts: &Facts,
    findings: &mut Vec<Finding>,
) -> Result<Option<Ground<'a>>, Failure> {
    let (report, dossier) = verify_for(bytes, &rules.authority, reader);
    findings.extend(report.findings);
    let Some(dossier) = dossier else { return Ok(None) };
    let state = fold(&dossier, &rules.authority);
    Ok(Some(Ground { rules, dossier, state, network: super::load_network(facts)? }))
}

/// The hash of attached data in canonical form.
fn hash_of(file: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(file).ok()?;
    Some(canonical::sha256_hex(&canonical::jcs(&value).ok()?))
}

impl Paper {
    fn new(stamp: &Stamp) -> Self {
        Self {
            document: stamp.slug.clone(),
            number: stamp.number.clone(),
            dossier: stamp.dossier.clone(),
            entry: stamp.entry.clone(),
            data_sha256: stamp.data_sha256.clone(),
            signature: stamp.signature.clone(),
            proved: Vec::new(),
            open: Vec::new(),
        }
    }

    /// The data that is attached must be the data that the stamp names.
    fn hold_against_files(&mut self, stamp: &Stamp, hashes: &[String], findings: &mut Vec<Finding>) {
        if hashes.contains(&stamp.data_sha256) {
            self.proved.push("the data attached to the file is the data that its code names".into());
        } else {
            let message =
                format!("the data attached to {} {} is not what its code names", stamp.slug, stamp.number);
            findings.push(
                Finding::error("paper.data-differs", message)
                    .remedy("the file was changed after it was made: ask the issuer for the document, or make it from the dossier"),
            );
        }
    }

    /// The dossier must hold the entry, signed so, and the entry must name the data.
    fn hold_against(&mut self, stamp: &Stamp, ground: &Ground<'_>, findings: &mut Vec<Finding>) {
        if ground.dossier.id().as_str() != stamp.dossier {
            let message = format!("the paper belongs to dossier {}, not to this one", stamp.dossier);
            findings.push(
                Finding::error("paper.other-dossier", message).remedy("hold it against its own dossier"),
            );
            return;
        }
        self.proved.push("the paper names this dossier".into());
        let entry = stamp.entry.parse::<EntryId>().ok().and_then(|id| ground.dossier.find_entry(&id));
        let Some(entry) = entry else {
            let message = format!("the dossier does not hold entry {}, which the paper names", stamp.entry);
            findings.push(Finding::error("paper.entry-missing", message).remedy(
                "the dossier is older than the paper, or the paper is forged: ask for a newer export",
            ));
            return;
        };
        let header = entry.header();
        let signature = header.proof.signature().map(|bytes| Stamp::short(&bytes)).unwrap_or_default();
        let by = format!("{} ({}) at {}", header.author.party, header.author.role, header.authored);
        if stamp.signature.is_empty() {
            self.proved.push(format!("the dossier holds the entry, written by {by}"));
            self.open.push(
                "the paper is a draft: it names a state of the dossier, not the entry that issued it".into(),
            );
        } else if signature == stamp.signature {
            self.proved.push(format!("the entry was signed by {by}, and the signature begins as printed"));
            self.hold_data(stamp, ground, entry.id(), findings);
        } else {
            let message = format!("the signature of entry {} does not begin as the paper says", stamp.entry);
            findings.push(
                Finding::error("paper.signature-differs", message)
                    .remedy("the paper was not made from this dossier"),
            );
        }
    }

    fn hold_data(
        &mut self,
        stamp: &Stamp,
        ground: &Ground<'_>,
        entry: &EntryId,
        findings: &mut Vec<Finding>,
    ) {
        findings.extend(assess_standing(ground, entry));
        let issued = ground.state.documents.iter().find(|stated| stated.entry == *entry);
        let Some(issued) = issued.map(|stated| &stated.fact) else {
            self.open.push("the entry is not in force or its text is withheld in this copy".into());
            return;
        };
        if issued.slug != stamp.slug || issued.number != stamp.number {
            let message = format!(
                "the entry issued {} {}, the paper says {} {}",
                issued.slug, issued.number, stamp.slug, stamp.number
            );
            findings.push(
                Finding::error("paper.other-document", message).remedy("the paper is not that document"),
            );
        } else if issued.data_sha256 == stamp.data_sha256 {
            self.proved.push("the data is the data that was issued, by its hash".into());
            self.describe(ground, entry);
        } else {
            let message = format!("the data of {} is not what was issued under that number", stamp.number);
            findings.push(
                Finding::error("paper.data-not-issued", message)
                    .remedy("ask the issuer for the document, or print it from the dossier"),
            );
        }
    }

    /// What must be read on the sheet, since a code does not prove the ink around it.
    fn describe(&mut self, ground: &Ground<'_>, entry: &EntryId) {
        let Ok(document) = issued_by(ground.press(), &ground.dossier, &ground.state, entry) else {
            self.open.push("this copy of the dossier does not hold enough to make the document again".into());
            return;
        };
        if Stamp::of(&document).data_sha256 == self.data_sha256 {
            self.proved.push("the document made again from the dossier has the same data".into());
        }
        self.open.push(format!("compare with the sheet by eye: {}", gist(&document)));
    }
}

/// A paper that is genuine and no longer in force.
fn assess_standing(ground: &Ground<'_>, entry: &EntryId) -> Option<Finding> {
    let number = |id: &EntryId| {
        let issued = ground.state.documents.iter().find(|stated| stated.entry == *id);
        issued.map_or_else(|| id.to_string(), |stated| stated.fact.number.clone())
    };
    let message = match ground.state.find_standing(entry)? {
        DocumentStanding::Current => return None,
        DocumentStanding::Superseded { by } => format!("{} was replaced by {}", number(entry), number(by)),
        DocumentStanding::Cancelled { .. } => format!("{} was withdrawn", number(entry)),
    };
    let finding = Finding::warning("paper.not-in-force", message);
    Some(finding.remedy("ask for the paper in force; this one is genuine and stands no longer"))
}

/// The first lines of a document, to be compared by eye.
fn gist(document: &Document) -> String {
    let boxes = document.form.every_box().filter(|form_box| !form_box.lines.is_empty());
    let lines: Vec<String> = boxes.take(6).map(|form_box| form_box.lines.join(", ")).collect();
    lines.join(" | ")
}

fn show(mut report: PaperReport, findings: &[Finding], json: bool) {
    if json {
        report.findings = findings.iter().map(crate::http::wire::Finding::from).collect();
        output::json(&report);
        return;
    }
    for paper in &report.papers {
        output::line(&format!("{} {}", paper.document, paper.number));
        for (label, text) in [
            ("dossier", &paper.dossier),
            ("entry", &paper.entry),
            ("data", &paper.data_sha256),
            ("signature", &paper.signature),
        ] {
            output::line(&format!("  {label:<10} {}", if text.is_empty() { "-" } else { text }));
        }
        paper.proved.iter().for_each(|line| output::line(&format!("  proved     {line}")));
        paper.open.iter().for_each(|line| output::line(&format!("  open       {line}")));
    }
    output::findings(findings);
    let word = if report.verified { "nothing speaks against it" } else { "DOES NOT VERIFY" };
    output::line(&format!("{} papers: {word}; {}", report.papers.len(), output::count(findings)));
}
