//! `kervan verify`: checking exported dossiers and packages offline.

use super::dossier_file::{assess_length, read_bytes};
use super::{Failure, Outcome, output, paper};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::http::wire;
use crate::setup::load_rules;
use clap::Args;
use kervan_dossier::{
    Dossier, Reader, TrustList, VerifyReport, assess_copies, assess_parts, compare_documents, fold,
    is_package, verify_for, verify_package,
};
use kervan_model::{EntryId, Finding, has_errors};
use kervan_node::{Press, Rules, list_package_files};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Check exported dossiers and packages offline: every signature, every hash, the graph, keys and authority.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan verify dossier.json
  kervan verify package.zip --trust trust.csv
  kervan verify dossier.json --head 3f1c...
  kervan verify yesterday.json today.json
  kervan verify --text 'KRV1:CIM-SMGS:...' --against dossier.json
  kervan verify cim-smgs.pdf --against dossier.json

Several files are held against each other as well: copies of one dossier, consignments that were split or grouped.

Exit codes: 0 all verify, 1 one does not and the findings say why, 2 a file cannot be read.")]
pub(super) struct VerifyCommand {
    /// Exported dossiers, packages, or PDFs made from them.
    #[arg(required_unless_present = "text")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    paper: paper::PaperArguments,
    /// A head that you know from elsewhere, such as the QR code of a document; the dossier must hold it. May be repeated.
    #[arg(long, value_name = "HASH")]
    head: Vec<String>,
    /// Keys that you trust: CSV with did, party, role, territory, key_id, key.
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// What a check of several files found.
#[derive(Serialize)]
struct Reports {
    verified: bool,
    files: Vec<FileReport>,
    together: Vec<wire::Finding>,
}

#[derive(Serialize)]
struct FileReport {
    file: String,
    report: wire::VerifyReport,
}

struct Checked {
    name: String,
    report: VerifyReport,
    dossier: Option<Dossier>,
}

/// Checks exported dossiers.
pub(super) fn run(command: &VerifyCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let rules = load_rules(facts)?;
    let trust = command.trust.as_deref().map(read_trust).transpose()?;
    let heads = command.head.iter().map(|head| read_head(head)).collect::<Result<Vec<_>, _>>()?;
    let reader = Reader { trust: trust.as_ref(), heads, now: Some(Clock::Wall.now()) };
    if let Some(paper) = paper::find(&command.paper, &command.files)? {
        return paper::check(&paper, &command.paper, &rules, &reader, facts, command.json);
    }
    let mut checked = Vec::new();
    for file in &command.files {
        let (report, dossier) = match assess_length(file) {
            Some(finding) => (VerifyReport::refused(finding), None),
            None => check(&read_bytes(file)?, &rules, &reader, facts)?,
        };
        checked.push(Checked { name: file.display().to_string(), report, dossier });
    }
    let dossiers: Vec<(&str, &Dossier)> = checked
        .iter()
        .filter_map(|checked| Some((checked.name.as_str(), checked.dossier.as_ref()?)))
        .collect();
    let mut together = assess_copies(&dossiers);
    together.extend(assess_parts(&dossiers, &rules.authority));
    let verified = checked.iter().all(|checked| checked.report.verified) && !has_errors(&together);
    show(&checked, &together, verified, command.json);
    Ok(if verified { Outcome::Done } else { Outcome::FoundErrors })
}

fn check(
    bytes: &[u8],
    rules: &Rules,
    reader: &Reader<'_>,
    facts: &Facts,
) -> Result<(VerifyReport, Option<Dossier>), Failure> {
    if !is_package(bytes) {
        return Ok(verify_for(bytes, &rules.authority, reader));
    }
    let mut unpacked = verify_package(bytes, &rules.authority, reader);
    if let Some(dossier) = unpacked.dossier.as_ref().filter(|_| unpacked.report.verified) {
        let (network, fonts) = (super::load_network(facts)?, facts.load_fonts()?);
        let press = Press { network: &network, fonts: &fonts, authority: &rules.authority, languages: &[] };
        let made = list_package_files(press, dossier, &fold(dossier, &rules.authority));
        let findings = compare_documents(&unpacked, &made);
        unpacked.report.findings.splice(0..0, findings);
    }
    Ok((unpacked.report, unpacked.dossier))
}

fn show(checked: &[Checked], together: &[Finding], verified: bool, json: bool) {
    match checked {
        [one] if json => output::json(&wire::VerifyReport::from(&one.report)),
        _ if json => {
            let files = checked.iter().map(|checked| FileReport {
                file: checked.name.clone(),
                report: wire::VerifyReport::from(&checked.report),
            });
            let together = together.iter().map(wire::Finding::from).collect();
            output::json(&Reports { verified, files: files.collect(), together });
        }
        _ => {
            for Checked { name, report, .. } in checked {
                output::findings(&report.findings);
                let word = if report.verified { "verifies" } else { "DOES NOT VERIFY" };
                let count = output::count(&report.findings);
                output::line(&format!("{name}: {} entries, {word}; {count}", report.entries));
            }
            output::findings(together);
        }
    }
}

fn read_head(text: &str) -> Result<EntryId, Failure> {
    text.parse().map_err(|_| {
        Failure::new(format!("`{text}` is no head"))
            .remedy("a head has 64 hexadecimal digits, as in the QR code")
    })
}

/// Reads a trust list.
pub(super) fn read_trust(path: &Path) -> Result<TrustList, Failure> {
    let text = String::from_utf8_lossy(&read_bytes(path)?).into_owned();
    TrustList::load(&text).map_err(|findings| {
        let lines: Vec<_> = findings.iter().map(|finding| finding.message.clone()).collect();
        Failure::new(format!("{}: {}", path.display(), lines.join("; ")))
    })
}
