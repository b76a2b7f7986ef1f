//! `kervan events convert`: a document in the other form, and its identifiers as EPC URN or Digital Link.

use super::events::{Document, Form, read_text};
use super::output;
use super::{Failure, Outcome};
use clap::{Args, ValueEnum};
use kervan_events::{
    CompanyPrefixes, EpcFormat, PrefixLengths, shown_prefixes, translate_event, xml_of_json,
};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Arguments of `kervan events convert`.
#[derive(Debug, Args)]
pub(super) struct ConvertArguments {
    /// The form to write.
    #[arg(long)]
    to: Form,
    /// An EPCIS document in JSON-LD or XML; `-` is standard input.
    file: PathBuf,
    /// Write the identifiers of its events as EPC URN or as Digital Link; as they are without it.
    #[arg(long, value_name = "FORM")]
    epc: Option<Epc>,
    /// GS1's list of GCP lengths, JSON: the companies of Digital Links that no EPC URN of the document shows.
    #[arg(long, value_name = "FILE")]
    company_prefixes: Option<PathBuf>,
    /// The file to write; standard output if it is not given.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// A form of identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Epc {
    /// EPC URN; the length of the company prefix has to be known.
    Urn,
    /// GS1 Digital Link.
    Link,
}

/// Runs the command.
pub(super) fn run(arguments: &ConvertArguments) -> Result<Outcome, Failure> {
    let document = Document::load(&arguments.file)?;
    if document.read.is_err() {
        output::findings(&document.check());
        return Ok(Outcome::FoundErrors);
    }
    let mut document = document.usable(&arguments.file)?;
    if let Some(epc) = arguments.epc
        && !translate(&mut document, epc, arguments.company_prefixes.as_deref())?
    {
        return Ok(Outcome::FoundErrors);
    }
    let text = match arguments.to {
        Form::Json => {
            serde_json::to_string_pretty(&document).map_err(|error| Failure::new(error.to_string()))?
        }
        Form::Xml => match xml_of_json(&document) {
            Ok(text) => text,
            Err(findings) => {
                output::findings(&findings);
                return Ok(Outcome::FoundErrors);
            }
        },
    };
    match &arguments.out {
        None => output::line(text.trim_end()),
        Some(path) => std::fs::write(path, text)
            .map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))?,
    }
    Ok(Outcome::Done)
}

/// Puts the identifiers of a document into a form. Returns whether all of them could be; the others are told.
fn translate(document: &mut Value, epc: Epc, lengths: Option<&Path>) -> Result<bool, Failure> {
    let lengths = lengths.map(load_prefix_lengths).transpose()?.unwrap_or_default();
    let mut known = CompanyPrefixes::listed(Arc::new(lengths));
    let format = match epc {
        Epc::Urn => EpcFormat::EpcUrn,
        Epc::Link => EpcFormat::DigitalLink,
    };
    let lists = ["/epcisBody/eventList", "/epcisBody/queryResults/resultsBody/eventList"];
    let list = lists.into_iter().find(|path| document.pointer(path).is_some()).unwrap_or_default();
    let events = match document.pointer_mut(list) {
        Some(Value::Array(events)) => events.as_mut_slice(),
        Some(event) => std::slice::from_mut(event),
        None => &mut [],
    };
    for event in &*events {
        shown_prefixes(event).into_iter().for_each(|prefix| known.add(prefix));
    }
    let mut untold = BTreeSet::new();
    for event in events {
        untold.extend(translate_event(event, format, &known).err().into_iter().flatten());
    }
    for why in &untold {
        output::error(&why.to_string());
    }
    if !untold.is_empty() {
        output::error(
            "an EPC URN says how long its company prefix is: --company-prefixes FILE, or --epc link",
        );
    }
    Ok(untold.is_empty())
}

/// Reads a list of the lengths of company prefixes.
pub(super) fn load_prefix_lengths(path: &Path) -> Result<PrefixLengths, Failure> {
    PrefixLengths::read(&read_text(path)?).map_err(|fault| {
        Failure::new(format!("{} is no list of GCP lengths: {fault}", path.display())).remedy(
            "give the list as GS1 publishes it in JSON: GCPPrefixFormatList, entry, prefix, gcpLength",
        )
    })
}
