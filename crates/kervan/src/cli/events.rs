//! `kervan events check`, `convert`, `hash` and `verify`: EPCIS documents from files, without a node; `query` asks one.

use super::output;
use super::{Failure, Outcome};
use crate::facts::Facts;
use clap::{Subcommand, ValueEnum};
use kervan_events::{check_capture, event_hash_in, json_of_xml, xpath_of};
use kervan_model::{Finding, has_errors};
use serde_json::{Value, json};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Largest file that is read. Unit: byte. Ten thousand events of three kilobytes.
const LARGEST_FILE: u64 = 32 * 1024 * 1024;

/// Check, convert and identify EPCIS documents.
#[derive(Debug, Subcommand)]
pub(super) enum EventsCommand {
    /// Say whether documents are valid, or name every fault with its path.
    #[command(after_help = "Examples:
  kervan events check capture.jsonld
  kervan events check --json capture.xml

Exit codes: 0 all are valid, 1 at least one is not, 2 a file cannot be read.")]
    Check {
        /// EPCIS documents in JSON-LD or XML; `-` is standard input.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Print the findings as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write a document in the other form: XML as JSON-LD, JSON-LD as XML, version 1 as version 2.
    #[command(after_help = "Examples:
  kervan events convert --to json capture.xml
  kervan events convert --to xml capture.jsonld --out capture.xml
  kervan events convert --to json --epc link capture.xml

Exit codes: 0 it was written, 1 it cannot be, 2 a file cannot be read.")]
    Convert(super::events_convert::ConvertArguments),
    /// Find events of a node or a data folder, by every parameter of the standard.
    #[command(after_help = "Examples:
  kervan events query EQ_bizStep=departing GE_eventTime=2026-12-01T00:00:00Z
  kervan events query MATCH_anyEPC=urn:epc:id:bic:CSQU3054383 --data kervan-data
  kervan events query GE_value_CEL=8 EQ_type=Temperature --json")]
    Query(super::events_query::QueryArguments),
    /// Say whether a delivery to a subscriber was signed by a node.
    #[command(after_help = "Example:
  kervan events verify request.txt --key did:key:z6Mk... --url https://client.example/hook

Exit codes: 0 the node signed it, 1 it did not, 2 the file cannot be read.")]
    Verify(super::events_verify::VerifyArguments),
    /// Print the hash id of every event of a document.
    #[command(after_help = "Example:\n  kervan events hash capture.jsonld --prehash")]
    Hash {
        /// An EPCIS document in JSON-LD or XML; `-` is standard input.
        file: PathBuf,
        /// Print the string that is hashed as well.
        #[arg(long)]
        prehash: bool,
    },
}

/// A form of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// EPCIS 2.0 in XML.
    Xml,
    /// EPCIS 2.0 in JSON-LD.
    Json,
}

/// Runs an events command.
pub(super) fn run(command: EventsCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        EventsCommand::Check { files, json } => check(&files, json),
        EventsCommand::Convert(arguments) => super::events_convert::run(&arguments),
        EventsCommand::Hash { file, prehash } => hash(&file, prehash),
        EventsCommand::Verify(arguments) => super::events_verify::run(&arguments),
        EventsCommand::Query(arguments) => super::events_query::run(&arguments, facts),
    }
}

/// A document as it was found: in JSON-LD, or the findings of reading it.
pub(super) struct Document {
    form: Form,
    /// The document in JSON-LD.
    pub(super) read: Result<Value, Vec<Finding>>,
}

impl Document {
    /// Reads a file.
    pub(super) fn load(path: &Path) -> Result<Self, Failure> {
        let text = read_text(path)?;
        let form = if text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).starts_with('<') {
            Form::Xml
        } else {
            Form::Json
        };
        let read = match form {
            Form::Xml => json_of_xml(&text),
            Form::Json => serde_json::from_str(&text).map_err(|error| {
                let at = format!(" (line {}, column {})", error.line(), error.column());
                let said = kervan_model::in_plain_words(&error);
                let said = said.strip_suffix(&at).unwrap_or(&said);
                let place = format!("line {}, column {}: {said}", error.line(), error.column());
                vec![
                    Finding::error("events.json.not-well-formed", place)
                        .remedy("mend the JSON and send it again"),
                ]
            }),
        };
        Ok(Self { form, read })
    }

    /// All findings, each with the path in the form in which the document came.
    pub(super) fn check(&self) -> Vec<Finding> {
        let findings = match &self.read {
            Ok(document) => check_capture(document),
            Err(findings) => findings.clone(),
        };
        match self.form {
            Form::Json => findings,
            Form::Xml => findings.into_iter().map(with_xpath).collect(),
        }
    }

    /// The document, if it can be used.
    pub(super) fn usable(self, path: &Path) -> Result<Value, Failure> {
        let findings = self.check();
        if has_errors(&findings) {
            output::findings(&findings);
        }
        let said = || Failure::new(format!("{}: {}", path.display(), output::count(&findings)));
        self.read.map_err(|_| said().remedy("mend what is named above"))
    }
}

fn with_xpath(mut finding: Finding) -> Finding {
    finding.path = finding.path.map(|path| xpath_of(&path));
    finding
}

pub(super) fn read_text(path: &Path) -> Result<String, Failure> {
    let failure = |error: &dyn std::fmt::Display| {
        Failure::new(format!("{} cannot be read: {}", path.display(), kervan_model::in_plain_words(&error)))
    };
    let mut bytes = Vec::new();
    match path.to_str() {
        Some("-") => std::io::stdin()
            .take(LARGEST_FILE + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| failure(&error))?,
        _ => {
            let file = std::fs::File::open(path).map_err(|error| failure(&error))?;
            file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|error| failure(&error))?
        }
    };
    if bytes.len() as u64 > LARGEST_FILE {
        let message = format!("{} is larger than {LARGEST_FILE} bytes", path.display());
        return Err(Failure::new(message).remedy("split it into several documents"));
    }
    String::from_utf8(bytes).map_err(|error| failure(&error).remedy("write it in UTF-8"))
}

fn check(files: &[PathBuf], as_json: bool) -> Result<Outcome, Failure> {
    let mut wrong = 0;
    let mut reports = Vec::new();
    for path in files {
        let findings = Document::load(path)?.check();
        let valid = !has_errors(&findings);
        wrong += usize::from(!valid);
        if as_json {
            reports.push(json!({"file": path.display().to_string(), "valid": valid, "findings": findings}));
            continue;
        }
        output::findings(&findings);
        let verdict = if valid { "valid" } else { "not valid" };
        output::line(&format!("{}: {verdict}; {}", path.display(), output::count(&findings)));
    }
    if as_json {
        output::json(&reports);
    }
    Ok(if wrong == 0 { Outcome::Done } else { Outcome::FoundErrors })
}

fn hash(path: &Path, with_prehash: bool) -> Result<Outcome, Failure> {
    let document = Document::load(path)?;
    if has_errors(&document.check()) {
        output::findings(&document.check());
        return Ok(Outcome::FoundErrors);
    }
    let document = document.usable(path)?;
    let context = document.get("@context").unwrap_or(&Value::Null);
    for event in list_events(&document) {
        let (prehash, hash) =
            event_hash_in(event, context).map_err(|error| Failure::new(error.to_string()))?;
        output::line(hash.as_str());
        if with_prehash {
            output::line(&prehash);
        }
    }
    Ok(Outcome::Done)
}

/// The events of a document, of a list, or the one that it is.
fn list_events(document: &Value) -> Vec<&Value> {
    let lists = ["/epcisBody/eventList", "/epcisBody/queryResults/resultsBody/eventList"];
    match lists.iter().find_map(|path| document.pointer(path)).or(Some(document)).and_then(Value::as_array) {
        Some(events) => events.iter().collect(),
        None => vec![document],
    }
}
