//! `kervan document list`, `render`, `check` and `explain`: the papers of a consignment, from a file or a node's folder.

use super::dossier::{Folder, find_source};
use super::dossier_file::read_bytes;
use super::{Failure, Outcome, output, package};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::http::wire::{self, AttachDocument};
use crate::papers::PaperFacts;
use crate::setup::load_rules;
use clap::{Args, Subcommand};
use kervan_documents::{
    Document, DocumentKind, DocumentRequest, Fonts, Part, Stamp, explain, generate, generate_xml,
    list_applicable, render_pdf_with,
};
use kervan_dossier::{Dossier, DossierState, ResolvedKeys, UniqueValue, fold, import};
use kervan_model::format::ConsignmentFile;
use kervan_model::{Finding, PartyId};
use kervan_network::Network;
use kervan_node::{Press, Refusal, Rules, declaration_xml, document_of};
use kervan_planning::{PlanOptions, PlanRequest, plan};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The papers of a consignment: which it needs, one of them, what is wrong with them.
#[derive(Debug, Subcommand)]
pub(super) enum DocumentCommand {
    /// List the papers that a consignment needs, and whether each can be made.
    #[command(after_help = "Examples:
  kervan document list consignment.yaml --plan
  kervan document list dossier.json
  kervan document list KRV-2026-0002")]
    List {
        #[command(flatten)]
        source: Source,
        /// Print them as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make one paper: its printed form, its data, or its message.
    #[command(after_help = "Examples:
  kervan document render consignment.yaml --plan --kind cim-smgs -o note.pdf
  kervan document render dossier.json --kind commercial-invoice -o invoice.json
  kervan document render KRV-2026-0002 --kind cmr --leg 4 -o cmr.pdf
  kervan document render dossier.json --kind KRV-2026-0002-722 -o replaced.pdf
  kervan document render consignment.yaml --plan --kind cim-smgs --lang ru,de -o note.pdf

What was issued is printed as it was issued; what was not is a draft. The ending of the file says what is written: .pdf,
.json or .xml. Without -o the data is printed as JSON.")]
    Render {
        #[command(flatten)]
        source: Source,
        /// Which paper: its kind, and from the second of a kind on its number, as `smgs-2`; or the number of an issued one.
        #[arg(long, value_name = "KIND")]
        kind: String,
        /// The paper that covers this leg of the itinerary, counted from 1.
        #[arg(long, value_name = "N")]
        leg: Option<usize>,
        /// Languages of the printed form, where it has parallel ones, in order. An official form keeps the first of its own.
        #[arg(long, value_name = "CODES", value_delimiter = ',')]
        lang: Vec<String>,
        /// The file to write.
        #[arg(short, long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Check every paper: what each lacks, and where they contradict each other.
    #[command(after_help = "Examples:
  kervan document check consignment.yaml --attached invoice.json
  kervan document check dossier.json --json

Exit codes: 0 nothing is wrong, 1 findings of severity error, 2 the input cannot be read.")]
    Check {
        #[command(flatten)]
        source: Source,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write every document of a consignment as one PDF: cover, contents, documents, signatures.
    Package(package::PackageCommand),
    /// Print the page of a kind of paper: its boxes and fields, and where each comes from.
    #[command(after_help = "Example:\n  kervan document explain cim-smgs")]
    Explain {
        /// The kind.
        kind: String,
    },
}

/// Where the facts are.
#[derive(Debug, Args)]
pub(super) struct Source {
    /// A consignment file, an exported dossier, or the reference of a consignment in the data folder.
    #[arg(value_name = "FILE|REF")]
    input: String,
    #[command(flatten)]
    folder: Folder,
    /// For a consignment file: plan the way as well and take the first alternative, so that its papers are there.
    #[arg(long)]
    plan: bool,
    /// Documents of others as they are attached to a consignment: a JSON file with one or a list.
    #[arg(long, value_name = "FILE")]
    attached: Vec<PathBuf>,
}

/// What every command works on.
struct Desk {
    facts: PaperFacts,
    network: Network,
    rules: Rules,
    fonts: Fonts,
    languages: Vec<String>,
    /// The dossier; none for a consignment file.
    source: Option<(Dossier, DossierState)>,
}

impl Desk {
    fn press(&self) -> Press<'_> {
        Press {
            network: &self.network,
            fonts: &self.fonts,
            authority: &self.rules.authority,
            languages: &self.languages,
        }
    }

    /// The document that was issued under a name or number.
    fn find_issued(&self, name: &str) -> Option<Result<Document, Vec<Finding>>> {
        let (dossier, state) = self.source.as_ref()?;
        match document_of(self.press(), dossier, state, name) {
            Ok(document) => Some(Ok(document)),
            Err(Refusal::Invalid(findings)) => Some(Err(findings)),
            Err(_) => None,
        }
    }
}

/// Runs a document command.
pub(super) fn run(command: DocumentCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        DocumentCommand::List { source, json } => read(facts, &source, |desk| list(&desk, json)),
        DocumentCommand::Render { source, kind, leg, lang, out } => read(facts, &source, |desk| {
            let desk = Desk { languages: lang, ..desk };
            render(&desk, &kind, leg, out.as_deref())
        }),
        DocumentCommand::Check { source, json } => read(facts, &source, |desk| check(&desk, json)),
        DocumentCommand::Package(command) => package::run(&command, facts),
        DocumentCommand::Explain { kind } => explain_kind(&kind),
    }
}

/// Why an input gives no facts: it cannot be read, or it was read and is wrong.
enum Unusable {
    Failed(Failure),
    Wrong(Vec<Finding>),
}

impl From<Failure> for Unusable {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

fn read(
    facts: &Facts,
    source: &Source,
    work: impl FnOnce(Desk) -> Result<Outcome, Failure>,
) -> Result<Outcome, Failure> {
    match load(facts, source) {
        Ok(desk) => work(desk),
        Err(Unusable::Failed(failure)) => Err(failure),
        Err(Unusable::Wrong(findings)) => {
            output::findings(&findings);
            output::line(&format!("{}: {}", source.input, output::count(&findings)));
            Ok(Outcome::FoundErrors)
        }
    }
}

fn load(facts: &Facts, source: &Source) -> Result<Desk, Unusable> {
    let network = super::load_network(facts)?;
    let rules = load_rules(facts)?;
    let path = Path::new(&source.input);
    let (mut papers, dossier) = if path.exists() {
        of_file(path, source.plan, &network, &rules)?
    } else {
        let found = find_source(facts, &source.folder, &source.input)?;
        let (dossier, state) = found.map_err(Unusable::Wrong)?;
        let papers = PaperFacts::of_state(&state, Clock::Wall.now()).ok_or_else(withheld)?;
        (papers, Some((dossier, state)))
    };
    for path in &source.attached {
        papers.attachments.extend(read_attached(path)?);
    }
    let fonts = facts.load_fonts()?;
    Ok(Desk { facts: papers, network, rules, fonts, languages: Vec::new(), source: dossier })
}

fn withheld() -> Failure {
    Failure::new("the consignment of this dossier cannot be read here")
        .remedy("ask for a copy that discloses the consignment")
}

/// A consignment file, or an exported dossier.
fn of_file(
    path: &Path,
    with_plan: bool,
    network: &Network,
    rules: &Rules,
) -> Result<(PaperFacts, Option<(Dossier, DossierState)>), Unusable> {
    let (bytes, now) = (read_bytes(path)?, Clock::Wall.now());
    let looks_exported =
        serde_json::from_slice::<serde_json::Value>(&bytes).is_ok_and(|value| value.get("entries").is_some());
    if looks_exported {
        let dossier = import(&bytes, &ResolvedKeys::default()).map_err(Unusable::Wrong)?;
        let state = fold(&dossier, &rules.authority);
        let papers = PaperFacts::of_state(&state, now).ok_or_else(withheld)?;
        return Ok((papers, Some((dossier, state))));
    }
    let value: UniqueValue = serde_norway::from_slice(&bytes).map_err(|error| {
        Failure::new(format!(
            "{} is no consignment file: {}",
            path.display(),
            kervan_model::in_plain_words(&error)
        ))
        .remedy(kervan_model::format::SCHEMA_HINT)
    })?;
    let (_, consignment) = ConsignmentFile::read_value(value.0).map_err(Unusable::Wrong)?;
    let papers = PaperFacts::of_consignment(consignment, now);
    if !with_plan {
        return Ok((papers, None));
    }
    let request = PlanRequest {
        from: papers.consignment.from.clone(),
        to: papers.consignment.to.clone(),
        ready: papers.consignment.ready,
        equipment: papers.consignment.equipment.iter().map(|item| (1, item.size_type.clone())).collect(),
        gross_mass: Some(papers.consignment.gross_mass()),
        allow_planned: false,
        allow_disrupted: false,
        conditions: kervan_planning::Conditions::default(),
    };
    let plan = plan(network, &request, &PlanOptions::default()).map_err(Unusable::Wrong)?;
    let Some(first) = plan.alternatives.first() else { return Err(Unusable::Wrong(plan.findings)) };
    Ok((papers.with_way(first.itinerary.clone(), &rules.territories), None))
}

/// Attached documents in the form in which they are posted to a node.
fn read_attached(path: &Path) -> Result<Vec<kervan_dossier::AttachedDocument>, Unusable> {
    let bytes = read_bytes(path)?;
    let unreadable = |error: serde_json::Error| {
        Failure::new(format!(
            "{} is no attached document: {}",
            path.display(),
            kervan_model::in_plain_words(&error)
        ))
        .remedy("write what is posted to /api/consignments/{reference}/attachments, one or a list")
    };
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(unreadable)?;
    let values = if value.is_array() { value } else { serde_json::Value::Array(vec![value]) };
    let documents: Vec<AttachDocument> = serde_json::from_value(values).map_err(unreadable)?;
    let nobody: PartyId = "issuer".parse().map_err(|_| Failure::new("no party"))?;
    let mut read = Vec::new();
    for document in documents {
        read.push(document.read(&nobody).map_err(Unusable::Wrong)?);
    }
    Ok(read)
}

fn list(desk: &Desk, json: bool) -> Result<Outcome, Failure> {
    let check = desk.facts.check(desk.press(), &desk.rules);
    let papers = wire::Papers::new(&check);
    let listed = Listed::new(desk, &papers);
    if json {
        output::json(&listed);
        return Ok(Outcome::Done);
    }
    listed.show_issued();
    let mut table = output::table(&["paper", "what", "number", "state"]);
    let current: Vec<&str> = listed.issued.iter().map(|issued| issued.kind.as_str()).collect();
    let open: Vec<_> =
        papers.documents.iter().filter(|paper| !current.contains(&paper.name.as_str())).collect();
    for paper in &open {
        let errors = paper.findings.iter().filter(|finding| finding.severity == "error").count();
        let state = match (paper.complete, paper.waits) {
            (true, _) => "complete".to_owned(),
            (false, true) => format!("waits for {errors} facts"),
            (false, false) => format!("lacks {errors} facts"),
        };
        table.add_row([paper.name.clone(), paper.title.clone(), paper.number.clone(), state]);
    }
    if !open.is_empty() {
        output::line(&table.to_string());
    }
    if desk.facts.itinerary.is_none() {
        output::line("no itinerary is accepted: papers of carriage and transit are not listed (try --plan)");
    }
    Ok(Outcome::Done)
}

/// Papers as they are listed.
#[derive(Serialize)]
struct Listed<'a> {
    /// Those that the consignment needs, and whether each can be made from what is known.
    papers: &'a [wire::Paper],
    /// Those that were issued, chain by chain.
    issued: Vec<wire::IssuedDocument>,
    /// Negotiable bills of lading.
    bills: Vec<wire::BillView>,
}

impl<'a> Listed<'a> {
    fn new(desk: &Desk, papers: &'a wire::Papers) -> Self {
        let (issued, bills) = match &desk.source {
            Some((dossier, state)) => {
                (wire::IssuedDocument::list(desk.press(), dossier, state), wire::BillView::list(state))
            }
            None => (Vec::new(), Vec::new()),
        };
        Self { papers: &papers.documents, issued, bills }
    }

    fn show_issued(&self) {
        if !self.issued.is_empty() {
            let mut table = output::table(&["issued", "what", "number", "when", "standing"]);
            for one in &self.issued {
                let standing = match (&one.replaced_by, &one.withdrawn, &one.replaces) {
                    (Some(by), ..) => format!("replaced by {by}"),
                    (None, Some(why), _) => format!("withdrawn: {why}"),
                    (None, None, Some(replaced)) => format!("{}, in the place of {replaced}", one.standing),
                    (None, None, None) => one.standing.to_owned(),
                };
                let held = one.bill.as_ref().map(|bill| format!("; {}", bill.in_words()));
                let name = if one.standing == "current" { one.kind.as_str() } else { "" };
                table.add_row([
                    name.to_owned(),
                    one.title.clone(),
                    one.number.clone(),
                    one.issued.clone(),
                    format!("{standing}{}", held.unwrap_or_default()),
                ]);
            }
            output::line(&table.to_string());
        }
        for bill in &self.bills {
            let words = bill.in_words();
            output::line(&format!("bill {} of {}: {words} (entry {})", bill.number, bill.issuer, bill.entry));
        }
    }
}

fn covers(request: &DocumentRequest, leg: usize) -> bool {
    match request.part {
        Part::Legs { first, last } => (first + 1..=last + 1).contains(&leg),
        Part::Whole | Part::Movement(_) | Part::Equipment(_) | Part::Goods(_) => false,
    }
}

/// The paper of a name, or the one of a kind that covers a leg.
fn find_paper(all: &[DocumentRequest], kind: &str, leg: Option<usize>) -> Result<DocumentRequest, Failure> {
    let found = match leg {
        Some(leg) => all.iter().find(|request| request.kind.slug() == kind && covers(request, leg)),
        None => all.iter().find(|request| request.name() == kind),
    };
    found.cloned().ok_or_else(|| {
        let known = DocumentKind::find(kind).is_some();
        let message = match (known, leg) {
            (true, Some(leg)) => format!("no {kind} covers leg {leg} of this consignment"),
            (true, None) => format!("this consignment needs no {kind}"),
            (false, _) => format!("there is no paper called `{kind}` here"),
        };
        let names: Vec<String> = all.iter().map(DocumentRequest::name).collect();
        Failure::new(message).remedy(format!("one of: {}", names.join(", ")))
    })
}

/// What a file is to hold, by its ending.
#[derive(Clone, Copy)]
enum Shape {
    Pdf,
    Json,
    Xml,
}

fn shape_of(out: Option<&Path>) -> Result<Shape, Failure> {
    let ending = out.and_then(Path::extension).and_then(|ending| ending.to_str());
    match (out, ending) {
        (None, _) | (_, Some("json")) => Ok(Shape::Json),
        (_, Some("pdf")) => Ok(Shape::Pdf),
        (_, Some("xml")) => Ok(Shape::Xml),
        (Some(path), _) => Err(Failure::new(format!("{} ends in none of .pdf, .json, .xml", path.display()))),
    }
}

fn render(desk: &Desk, kind: &str, leg: Option<usize>, out: Option<&Path>) -> Result<Outcome, Failure> {
    let shape = shape_of(out)?;
    let all = desk.facts.with_inputs(desk.press(), list_applicable);
    let by_number = desk.find_issued(kind).filter(|_| leg.is_none());
    let made: Result<Option<Vec<u8>>, Vec<Finding>> = match (shape, by_number) {
        (Shape::Xml, _) => {
            let request = find_paper(&all, kind, leg)?;
            let xml = desk.facts.with_inputs(desk.press(), |inputs| {
                // A declaration of common transit is the message that is lodged.
                match declaration_xml(&desk.rules.territories, &request, inputs, None) {
                    Some(made) => made.map(Some),
                    None => generate_xml(&request, inputs),
                }
            });
            xml.map(|xml| xml.map(String::into_bytes))
        }
        (Shape::Json | Shape::Pdf, Some(issued)) => set(desk, shape, issued)?,
        (Shape::Json | Shape::Pdf, None) => {
            let request = find_paper(&all, kind, leg)?;
            let draft = || desk.facts.with_inputs(desk.press(), |inputs| generate(&request, inputs));
            set(desk, shape, desk.find_issued(&request.name()).unwrap_or_else(draft))?
        }
    };
    match made {
        Ok(Some(bytes)) => write(out, &bytes),
        Ok(None) => {
            Err(Failure::new(format!("no XML shape of `{kind}` is published")).remedy("write .json or .pdf"))
        }
        Err(findings) => {
            output::findings(&findings);
            output::line(&format!("{kind}: {}", output::count(&findings)));
            Ok(Outcome::FoundErrors)
        }
    }
}

/// The bytes of a document as PDF or as data.
fn set(
    desk: &Desk,
    shape: Shape,
    document: Result<Document, Vec<Finding>>,
) -> Result<Result<Option<Vec<u8>>, Vec<Finding>>, Failure> {
    let document = match document {
        Ok(document) => document,
        Err(findings) => return Ok(Err(findings)),
    };
    if !matches!(shape, Shape::Pdf) {
        return Ok(Ok(serde_json::to_vec_pretty(&document.data).ok()));
    }
    let bytes = render_pdf_with(&document, &Stamp::of(&document).to_text(), &desk.fonts);
    Ok(Ok(Some(bytes.map_err(|error| Failure::new(error.to_string()))?)))
}

fn write(out: Option<&Path>, bytes: &[u8]) -> Result<Outcome, Failure> {
    match out {
        Some(path) => {
            std::fs::write(path, bytes)
                .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
            output::line(&format!("wrote {} bytes to {}", bytes.len(), path.display()));
        }
        None => output::line(&String::from_utf8_lossy(bytes)),
    }
    Ok(Outcome::Done)
}

fn check(desk: &Desk, json: bool) -> Result<Outcome, Failure> {
    let check = desk.facts.check(desk.press(), &desk.rules);
    let papers = wire::Papers::new(&check);
    if json {
        output::json(&papers);
    } else {
        show_check(&papers);
    }
    Ok(if check.has_errors() { Outcome::FoundErrors } else { Outcome::Done })
}

fn show_check(papers: &wire::Papers) {
    let mut table = output::table(&["", "where", "what", "remedy"]);
    let mut rows = 0_usize;
    for paper in &papers.documents {
        for finding in paper.findings.iter().filter(|finding| finding.severity != "info") {
            // What waits for somebody else is no fault of whoever asks.
            let word = if paper.waits { "waits" } else { finding.severity.as_str() };
            let place = format!("{} {}", paper.name, finding.path.as_deref().unwrap_or_default());
            let remedy = finding.remedy.clone().unwrap_or_default();
            table.add_row([word.to_owned(), place, finding.message.clone(), remedy]);
            rows += 1;
        }
    }
    for found in &papers.inconsistencies {
        let place = format!("{}\n{}", found.ours.path, found.theirs.path);
        let finding = &found.finding;
        let what = format!("[{}] {}", finding.code, finding.message);
        table.add_row([finding.severity.clone(), place, what, finding.remedy.clone().unwrap_or_default()]);
        rows += 1;
    }
    if rows > 0 {
        output::line(&table.to_string());
    }
    let complete = papers.documents.iter().filter(|paper| paper.complete).count();
    output::line(&format!(
        "{} papers, {complete} complete; {} contradictions",
        papers.documents.len(),
        papers.inconsistencies.len()
    ));
}

fn explain_kind(kind: &str) -> Result<Outcome, Failure> {
    let names: Vec<&str> = DocumentKind::ALL.into_iter().map(DocumentKind::slug).collect();
    let found = DocumentKind::find(kind).ok_or_else(|| {
        Failure::new(format!("there is no paper called `{kind}`"))
            .remedy(format!("one of: {}", names.join(", ")))
    })?;
    let page = explain(found).map_err(|_| Failure::new("the tables of this paper cannot be read"))?;
    output::line(page.trim_end());
    Ok(Outcome::Done)
}
