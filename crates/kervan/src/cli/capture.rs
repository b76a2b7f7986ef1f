//! `kervan capture`: an EPCIS document goes to a node.

use super::events::Document;
use super::{Failure, Outcome, output};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;

/// Events that are sent at once: the node has them on the disk when it answers.
const AT_ONCE: usize = 1_000;

/// How long the node may take for one part.
const PATIENCE: Duration = Duration::from_secs(60);

/// Send an EPCIS document to a node.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan capture events.jsonld --token TOKEN
  kervan capture events.xml --token TOKEN --proceed --node http://127.0.0.1:9000

A large document goes in parts of 1,000 events. What was captured already is left as it is, so a capture that broke off can
simply be sent again.

Exit codes: 0 everything is captured, 1 something was refused, 2 the file or the node cannot be used.")]
pub(super) struct CaptureCommand {
    /// An EPCIS document in JSON-LD or XML (1.x or 2.0); `-` is standard input.
    file: PathBuf,
    /// The API token of the party that captures.
    #[arg(long)]
    token: String,
    /// The node.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    node: String,
    /// Keep the valid events if others are not; without it a part with a wrong event is refused whole.
    #[arg(long)]
    proceed: bool,
    /// Print what became of each part as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(command: &CaptureCommand) -> Result<Outcome, Failure> {
    let document = match Document::load(&command.file)?.read {
        Ok(document) => document,
        Err(findings) => {
            output::findings(&findings);
            return Ok(Outcome::FoundErrors);
        }
    };
    let parts = split(&document);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} parts {eta}");
    let progress = ProgressBar::new(parts.len() as u64);
    progress.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let (mut answers, mut refused, mut kept) = (Vec::new(), 0, 0);
    for part in &parts {
        let answer = send(command, part)?;
        refused += usize::from(!answer.taken);
        kept += answer.events;
        answers.push(answer.told);
        progress.inc(1);
    }
    progress.finish_and_clear();
    if command.json {
        output::json(&answers);
    } else {
        answers.iter().for_each(show);
        output::line(&format!("{kept} events captured, {refused} of {} parts with errors", parts.len()));
    }
    Ok(if refused == 0 { Outcome::Done } else { Outcome::FoundErrors })
}

/// The document in parts, each with a part of the events.
fn split(document: &Value) -> Vec<Value> {
    const LISTS: [&str; 2] = ["/epcisBody/eventList", "/epcisBody/queryResults/resultsBody/eventList"];
    for path in LISTS {
        let Some(events) = document.pointer(path).and_then(Value::as_array) else { continue };
        if events.len() <= AT_ONCE {
            break;
        }
        let part = |events: &[Value]| {
            let mut part = document.clone();
            if let Some(list) = part.pointer_mut(path) {
                *list = events.into();
            }
            part
        };
        return events.chunks(AT_ONCE).map(part).collect();
    }
    vec![document.clone()]
}

struct Answer {
    taken: bool,
    events: usize,
    told: Value,
}

fn send(command: &CaptureCommand, part: &Value) -> Result<Answer, Failure> {
    let node = command.node.trim_end_matches('/');
    let unreachable = |error: &dyn std::fmt::Display| {
        Failure::new(format!("{node} cannot be reached: {error}"))
            .remedy("start it with `kervan serve`, or name it with --node")
    };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .build()
        .into();
    let bearer = format!("Bearer {}", command.token);
    let behaviour = if command.proceed { "proceed" } else { "rollback" };
    let body = serde_json::to_vec(part).map_err(|error| Failure::new(error.to_string()))?;
    let mut answer = agent
        .post(format!("{node}/epcis/capture"))
        .header("Authorization", &bearer)
        .header("Content-Type", "application/ld+json")
        .header("GS1-Capture-Error-Behaviour", behaviour)
        .send(body.as_slice())
        .map_err(|error| unreachable(&error))?;
    let status = answer.status().as_u16();
    let told = read(&mut answer).map_err(|error| unreachable(&error))?;
    match status {
        202 => {
            let job = told.get("captureID").and_then(Value::as_str).unwrap_or_default();
            let mut answer = agent
                .get(format!("{node}/epcis/capture/{job}"))
                .header("Authorization", &bearer)
                .call()
                .map_err(|error| unreachable(&error))?;
            let told = read(&mut answer).map_err(|error| unreachable(&error))?;
            let taken = told.get("success").and_then(Value::as_bool).unwrap_or(false);
            let events = told.get("events").and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
            Ok(Answer { taken, events: events.unwrap_or(0), told })
        }
        401 => Err(Failure::new("the node does not know this token").remedy("kervan party list")),
        _ => Ok(Answer { taken: false, events: 0, told }),
    }
}

fn read(answer: &mut ureq::http::Response<ureq::Body>) -> Result<Value, String> {
    let text = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
    Ok(serde_json::from_str(&text).unwrap_or_else(|_| json!({ "detail": text })))
}

/// What went wrong with a part, for people.
fn show(answer: &Value) {
    let errors = ["errors", "findings"].iter().find_map(|name| answer.get(*name)?.as_array());
    for error in errors.into_iter().flatten() {
        let text = |names: &[&str]| {
            names.iter().find_map(|name| error.get(*name)?.as_str()).unwrap_or_default().to_owned()
        };
        output::line(&format!("error[{}] {}", text(&["title", "code"]), text(&["detail", "message"])));
        for (label, names) in [("at", ["instance", "path"]), ("remedy", ["remedy", "remedy"])] {
            let value = text(&names);
            if !value.is_empty() {
                output::line(&format!("  {label}: {value}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_document_goes_in_parts_that_are_documents() {
        let event = json!({
            "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "departing",
            "eventTime": "2026-12-01T14:00:00+06:00", "eventTimeZoneOffset": "+06:00",
            "epcList": ["urn:epc:id:bic:CSQU3054383"],
        });
        let document = json!({
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-12-01T08:10:00Z",
            "epcisBody": {"eventList": vec![event; 2_500]},
        });
        let parts = split(&document);
        let sizes: Vec<_> = parts
            .iter()
            .map(|part| part.pointer("/epcisBody/eventList").unwrap().as_array().unwrap().len())
            .collect();
        assert_eq!(sizes, [1_000, 1_000, 500]);
        assert!(parts.iter().all(|part| kervan_events::check_capture(part).is_empty()));
    }
}
