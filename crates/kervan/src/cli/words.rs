//! `kervan words list` and `read`: the event words of others, and documents in them.

use super::output;
use super::positions::read_file;
use super::{Failure, Outcome};
use crate::facts::Facts;
use clap::{Subcommand, ValueEnum};
use kervan_model::{Confidence, Finding, has_errors};
use kervan_positions::limits::MOST_STATUS_BYTES;
use kervan_positions::words::{Reading, Word, WordBook, read_dcsa, read_status_report};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The event words of shipping lines, UN/CEFACT and railways, and what they mean here.
#[derive(Debug, Subcommand)]
pub(super) enum WordsCommand {
    /// Print the lists, or the words of one of them.
    #[command(after_help = "Examples:
  kervan words list
  kervan words list dcsa-equipment")]
    List {
        /// Id of a list; all lists without their words if it is not given.
        list: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say what a word means here, or which one was probably meant.
    #[command(after_help = "Example:\n  kervan words find dcsa-transport ARRI")]
    Find {
        /// Id of the list.
        list: String,
        /// The word or code.
        word: String,
    },
    /// Read a document of others: its milestones, and the EPCIS events of what was.
    #[command(after_help = "Examples:
  kervan words read --as dcsa events.json
  kervan words read --as status-report report.json --capture capture.jsonld

Exit codes: 0 all is understood, 1 something is not, 2 the file cannot be read.")]
    Read {
        /// What the document is.
        #[arg(long = "as", value_name = "KIND")]
        kind: Kind,
        /// The document, JSON; `-` is standard input.
        file: PathBuf,
        /// Write the events of what was to this file, as an EPCIS document.
        #[arg(long, value_name = "FILE")]
        capture: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// A kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// Events of DCSA Track & Trace 2.
    Dcsa,
    /// UN/CEFACT Multimodal Transport Consignment Status Report, D23B.
    StatusReport,
}

/// Runs a words command.
pub(super) fn run(command: &WordsCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let book = WordBook::load(|path| facts.find(path)).map_err(|findings| {
        output::findings(&findings);
        Failure::new("the tables of words cannot be read").remedy("mend the rows named above")
    })?;
    match command {
        WordsCommand::List { list, json } => print_list(&book, list.as_deref(), *json),
        WordsCommand::Find { list, word } => match book.look_up(list, word) {
            Ok(word) => {
                show_words(&[word]);
                Ok(Outcome::Done)
            }
            Err(finding) => {
                output::findings(&[finding]);
                Ok(Outcome::FoundErrors)
            }
        },
        WordsCommand::Read { kind, file, capture, json } => {
            read_document(&book, *kind, file, capture.as_deref(), *json)
        }
    }
}

fn print_list(book: &WordBook, list: Option<&str>, as_json: bool) -> Result<Outcome, Failure> {
    let Some(list) = list else {
        if as_json {
            let lists: Vec<Value> = book
                .lists()
                .map(|list| json!({"list": list.id, "name": list.name, "reach": list.reach, "source": list.source}))
                .collect();
            output::json(&lists);
            return Ok(Outcome::Done);
        }
        let mut table = output::table(&["list", "words", "name", "speaks of", "source"]);
        for list in book.lists() {
            let count = book.words().filter(|word| word.list == list.id).count().to_string();
            table.add_row([&list.id, &count, &list.name, &list.reach, &list.source]);
        }
        output::line(&table.to_string());
        return Ok(Outcome::Done);
    };
    let words: Vec<&Word> = book.words().filter(|word| word.list == list).collect();
    if words.is_empty() {
        return Err(
            Failure::new(format!("there is no list `{list}`")).remedy("kervan words list prints the lists")
        );
    }
    if as_json {
        output::json(&words.iter().map(|word| to_json(word)).collect::<Vec<_>>());
    } else {
        show_words(&words);
    }
    Ok(Outcome::Done)
}

fn to_json(word: &Word) -> Value {
    json!({
        "list": word.list, "code": word.code, "name": word.name, "biz_step": word.biz_step, "disposition": word.disposition,
        "milestone": word.milestone, "written": word.is_written, "source": word.source, "confidence": word.confidence,
        "note": word.note,
    })
}

fn show_words(words: &[&Word]) {
    let mut table =
        output::table(&["code", "name", "business step", "disposition", "milestone", "ways", "confidence"]);
    for word in words {
        let bare = |uri: &Option<String>| {
            uri.as_deref().map_or("-", |uri| uri.rsplit('/').next().unwrap_or(uri)).to_owned()
        };
        let milestone = word.milestone.map_or("-".to_owned(), |code| code.to_string());
        let confidence = match word.confidence {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        };
        let name =
            if word.note.is_empty() { word.name.clone() } else { format!("{} ({})", word.name, word.note) };
        let ways = if word.is_written { "both" } else { "in" };
        let cells = [
            word.code.clone(),
            name,
            bare(&word.biz_step),
            bare(&word.disposition),
            milestone,
            ways.into(),
            confidence.into(),
        ];
        table.add_row(cells);
    }
    output::line(&table.to_string());
}

fn read_document(
    book: &WordBook,
    kind: Kind,
    file: &Path,
    capture: Option<&Path>,
    as_json: bool,
) -> Result<Outcome, Failure> {
    let text = read_file(file, MOST_STATUS_BYTES)?;
    let document: Value = match serde_json::from_str(&text) {
        Ok(document) => document,
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            let finding =
                Finding::error("positions.not-json", kervan_model::in_plain_words(&error)).at(place);
            output::findings(&[finding.remedy("mend the JSON")]);
            return Ok(Outcome::FoundErrors);
        }
    };
    let reading = match kind {
        Kind::Dcsa => read_dcsa(&document, book),
        Kind::StatusReport => read_status_report(&document, book),
    };
    if let Some(path) = capture {
        let document = reading.capture(crate::clock::Clock::Wall.now());
        let text =
            serde_json::to_string_pretty(&document).map_err(|error| Failure::new(error.to_string()))?;
        std::fs::write(path, text)
            .map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))?;
    }
    if as_json {
        output::json(&json!({"told": reading.told, "findings": reading.findings}));
    } else {
        show_reading(&reading);
    }
    Ok(if has_errors(&reading.findings) { Outcome::FoundErrors } else { Outcome::Done })
}

fn show_reading(reading: &Reading) {
    output::findings(&reading.findings);
    if !reading.told.is_empty() {
        let mut table =
            output::table(&["when", "which", "milestone", "word", "place", "containers", "event"]);
        for told in &reading.told {
            let containers: Vec<_> = told.containers.iter().map(ToString::to_string).collect();
            table.add_row([
                told.at.to_string(),
                told.classifier.word().to_owned(),
                told.milestone.map_or("-".to_owned(), |code| code.to_string()),
                format!("{} {}", told.word.0, told.word.1),
                told.place.as_ref().map_or("-".to_owned(), ToString::to_string),
                containers.join(" "),
                if told.event.is_some() { "yes" } else { "-" }.to_owned(),
            ]);
        }
        output::line(&table.to_string());
    }
    output::line(&format!("{} milestones told; {}", reading.told.len(), output::count(&reading.findings)));
}
