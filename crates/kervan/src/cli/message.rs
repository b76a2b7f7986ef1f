//! `kervan message check`, `kervan message show` and `kervan message types`: messages of common transit.

mod received;

use super::output;
use super::serve::DATA;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::http::wire;
use crate::random::Random;
use crate::setup::open_node;
use clap::Subcommand;
use jiff::Timestamp;
use kervan_model::{PartyId, Severity};
use kervan_ncts::{
    Element, Fault, GroupId, Holds, Layer, Message, Report, Schema, Verdict, check_with, parse_message,
};
use kervan_node::{Call, take_xml};
use serde::Serialize;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Look at messages of common transit (NCTS, phase 6).
#[derive(Debug, Subcommand)]
pub(super) enum MessageCommand {
    /// Say valid, or name the path, line and reason of every fault.
    #[command(
        after_help = "Example:\n  kervan message check declaration.xml\n  kervan message check --strict *.xml\n  \
        kervan message check presentation.xml --with declaration.xml\n\n\
        A message is valid when it is what the published schema of its type asks for: that is certain, and decides the exit code. \
        Rules and conditions of the procedure that it breaks are named as well, apart from faults; an office would refuse the \
        message for them, and with --strict they make the command fail. Messages that administrations publish as valid examples break \
        them, which is why they do not by themselves.\n\n\
        Exit codes: 0 valid, 1 faults, 2 a file that cannot be read."
    )]
    Check {
        /// Files, or `-` for standard input.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<String>,
        /// Fail for broken rules of the procedure too, not only for a broken schema.
        #[arg(long)]
        strict: bool,
        /// An earlier message about the same movement (declaration, amendment, permission to unload) to hold the files against; may
        /// be given several times, in the order of sending.
        #[arg(long, value_name = "EARLIER")]
        with: Vec<String>,
        /// Print the reports as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print a message as a tree with the names that people use.
    #[command(after_help = "Example:\n  kervan message show declaration.xml")]
    Show {
        /// A file, or `-` for standard input.
        #[arg(value_name = "FILE")]
        file: String,
    },
    /// Apply a message to the movement that its MRN or LRN names.
    #[command(
        after_help = "Example:\n  kervan message apply release.xml --from customs-ge --data .kervan\n\n\
        A message that does not fit is refused with the message of the standard (CC917C, CC906C), which is printed; nothing but \
        the memory of it changes. Stop the server of the same folder first, or send the same to POST /api/movements/messages.\n\n\
        Exit codes: 0 applied, kept or known already, 1 refused, 2 a file, folder or party that cannot be read."
    )]
    Apply(Box<ApplyCommand>),
    /// List the messages that came in, refused ones too, the latest first.
    #[command(
        after_help = "Example:\n  kervan message received --data .kervan\n  kervan message received --outcome refused --json\n\n\
        The hash is that of the bytes; `kervan message original HASH` prints them. Stop the server of the same folder first, or \
        read GET /api/messages."
    )]
    Received {
        /// Only those about this movement, such as `KRV-2026-0001/2`.
        #[arg(long, value_name = "MOVEMENT")]
        movement: Option<String>,
        /// Only those with this outcome: applied, waiting, duplicate, refused, received.
        #[arg(long, value_name = "OUTCOME")]
        outcome: Option<String>,
        /// Print them as JSON.
        #[arg(long)]
        json: bool,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// Print a message as it came in, byte for byte.
    #[command(after_help = "Example:\n  kervan message original 3f1c...e9 --data .kervan -o release.xml\n  \
        kervan message original 3f1c...e9 --refusal\n\n\
        Exit codes: 0 printed, 2 no such message or a folder that cannot be read.")]
    Original {
        /// SHA-256 of its bytes, as `kervan message received --json` gives it; its beginning is enough if no other begins so.
        #[arg(value_name = "HASH")]
        hash: String,
        /// Print the message that refused it instead.
        #[arg(long)]
        refusal: bool,
        /// Write to a file instead of standard output.
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// List the messages of the published set, with who sends and who receives them.
    Types {
        /// Print them as JSON.
        #[arg(long)]
        json: bool,
    },
    /// List the rules of the procedure that a check knows, and which it holds.
    Rules {
        /// Print them as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// What is applied, and in whose name.
#[derive(Debug, clap::Args)]
pub(super) struct ApplyCommand {
    /// A file, or `-` for standard input.
    #[arg(value_name = "FILE")]
    file: String,
    /// The party that sends it: an administration, the holder, a carrier.
    #[arg(long, value_name = "PARTY")]
    from: PartyId,
    /// The instant at which it comes in; now if it is absent.
    #[arg(long, value_name = "TIME")]
    as_of: Option<Timestamp>,
    /// Print what became of it as JSON.
    #[arg(long)]
    json: bool,
    /// Folder of the store.
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
}

/// Runs the command.
pub(super) fn run(command: MessageCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        MessageCommand::Apply(command) => apply(*command, facts),
        MessageCommand::Check { files, strict, with, json } => check_files(&files, strict, &with, json),
        MessageCommand::Show { file } => show(&file),
        MessageCommand::Received { movement, outcome, json, data } => {
            received::list(facts, &data, (movement.as_deref(), outcome.as_deref()), json)
        }
        MessageCommand::Original { hash, refusal, output, data } => {
            received::print(facts, &data, (&hash, refusal), output.as_deref())
        }
        MessageCommand::Types { json } => Ok(list_types(json)),
        MessageCommand::Rules { json } => Ok(list_rules(json)),
    }
}

/// Reads a file or standard input, at most one byte more than a message may have.
fn load(file: &str) -> Result<Vec<u8>, Failure> {
    let longest = kervan_ncts::limits::LONGEST_MESSAGE as u64 + 1;
    let mut bytes = Vec::new();
    let read = if file == "-" {
        std::io::stdin().take(longest).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(Path::new(file)).and_then(|opened| opened.take(longest).read_to_end(&mut bytes))
    };
    read.map_err(|error| {
        Failure::new(format!("{file} cannot be read: {error}")).remedy("name a file that exists")
    })?;
    Ok(bytes)
}

fn apply(command: ApplyCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let bytes = load(&command.file)?;
    let desk = open_node(facts, &command.data)?.desk;
    let mut salts = Random::System.salts("message");
    let now = command.as_of.unwrap_or_else(|| Clock::Wall.now());
    let call = Call { now, actor: command.from, salts: &mut *salts };
    let answer = take_xml(&desk, call, &bytes).map_err(|error| {
        Failure::new(error.to_string()).remedy("kervan party list names those who may send")
    })?;
    if command.json {
        output::json(&wire::MessageTaken::from(&answer));
    } else {
        let message = answer.message.as_deref().unwrap_or("no known message");
        let about = answer.movement.as_ref().map_or_else(String::new, |movement| format!(" {movement}"));
        let state = answer.state.as_ref().map_or_else(String::new, |state| format!(", now {state}"));
        output::line(&format!("{}: {message}{about} {}{state}", command.file, answer.outcome.word()));
        output::findings(&answer.findings);
        if let Some(refusal) = &answer.refusal {
            output::line(refusal);
        }
    }
    Ok(if answer.refusal.is_some() { Outcome::FoundErrors } else { Outcome::Done })
}

#[derive(Serialize)]
struct FileReport<'a> {
    file: &'a str,
    #[serde(flatten)]
    report: Report,
}

fn check_files(files: &[String], strict: bool, with: &[String], json: bool) -> Result<Outcome, Failure> {
    let mut earlier = Vec::new();
    for file in with {
        let read = parse_message(&load(file)?).map_err(|report| {
            print_report(file, &report);
            Failure::new(format!("{file} cannot be read")).remedy("give an earlier message that can be read")
        });
        earlier.push(read?);
    }
    let mut reports = Vec::new();
    for file in files {
        reports.push(FileReport { file, report: check_with(&load(file)?, &earlier) });
    }
    let fails = |report: &Report| match report.verdict {
        Verdict::Valid => false,
        Verdict::BreaksRules => strict,
        Verdict::Invalid => true,
    };
    if json {
        output::json(&reports);
    } else {
        for FileReport { file, report } in &reports {
            print_report(file, report);
        }
    }
    Ok(if reports.iter().any(|one| fails(&one.report)) { Outcome::FoundErrors } else { Outcome::Done })
}

fn print_report(file: &str, report: &Report) {
    let kind = report.message.map_or_else(|| "no known message".to_owned(), |kind| kind.to_string());
    let count = |layers: &[Layer]| {
        let error =
            |fault: &&Fault| fault.finding.severity == Severity::Error && layers.contains(&fault.layer);
        report.faults.iter().filter(error).count()
    };
    let of_schema = count(&[Layer::Xml, Layer::Schema]);
    let of_rules = count(&[Layer::Rule]);
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let verdict = match report.verdict {
        Verdict::Valid => "valid".to_owned(),
        Verdict::BreaksRules => {
            format!("valid by the schema; breaks rules of the procedure, {}", plural(of_rules, "time"))
        }
        Verdict::Invalid => format!("invalid, {}", plural(of_schema, "fault")),
    };
    output::line(&format!("{file}: {kind} {verdict}"));
    for fault in &report.faults {
        print_fault(file, fault);
    }
    if report.more > 0 {
        output::line(&format!("  and {} more of the same", report.more));
    }
}

fn print_fault(file: &str, fault: &Fault) {
    let word = match (fault.finding.severity, fault.layer) {
        (Severity::Error, Layer::Xml | Layer::Schema) => "fault",
        (Severity::Error, Layer::Rule) => "rule broken",
        (Severity::Warning, _) => "warning",
        (Severity::Info, _) => "remark",
    };
    let place = match (fault.line, fault.column) {
        (Some(line), Some(column)) => format!("{file}:{line}:{column}: "),
        _ => String::new(),
    };
    let finding = &fault.finding;
    output::line(&format!("  {place}{word}[{}] {}", finding.code, finding.message));
    for (label, text) in [
        ("at", &finding.path),
        ("expected", &fault.expected),
        ("found", &fault.found),
        ("source", &finding.source),
        ("remedy", &finding.remedy),
    ] {
        if let Some(text) = text {
            output::line(&format!("    {label}: {text}"));
        }
    }
}

fn show(file: &str) -> Result<Outcome, Failure> {
    match parse_message(&load(file)?) {
        Ok(message) => {
            show_message(&message);
            Ok(Outcome::Done)
        }
        Err(report) => {
            print_report(file, &report);
            Ok(Outcome::FoundErrors)
        }
    }
}

fn show_message(message: &Message) {
    let schema = Schema::published();
    let found = schema.find_message(message.kind);
    let title = found.map_or("", |found| found.title.as_str());
    let phase = message.phase.map_or("no phase said", |phase| phase.word());
    output::line(&format!("{} {title} ({phase})", message.kind));
    show_below(schema, found.map(|found| found.root), &message.root, 1);
}

fn show_below(schema: &Schema, group: Option<GroupId>, element: &Element, depth: usize) {
    for child in element.children() {
        let rule = group.and_then(|group| schema.group(group).find(child.name())).map(|(_, rule)| rule);
        let label = rule.map_or_else(|| format!("{} (unknown)", child.name()), |rule| rule.label.clone());
        let value = child.text().trim();
        let colon = if value.is_empty() { "" } else { ": " };
        output::line(&format!("{}{label}{colon}{value}", "  ".repeat(depth)));
        let inner = match rule.map(|rule| rule.holds) {
            Some(Holds::Group(id)) => Some(id),
            Some(Holds::Value(_)) | None => None,
        };
        show_below(schema, inner, child, depth + 1);
    }
}

#[derive(Serialize)]
struct TypeRow<'a> {
    message: &'a str,
    number: &'a str,
    title: &'a str,
    from: &'a str,
    to: &'a str,
}

fn list_types(json: bool) -> Outcome {
    let schema = Schema::published();
    let rows: Vec<TypeRow<'_>> = schema
        .list_messages()
        .iter()
        .map(|message| TypeRow {
            message: message.kind.code(),
            number: &message.number,
            title: &message.title,
            from: &message.from,
            to: &message.to,
        })
        .collect();
    if json {
        output::json(&rows);
        return Outcome::Done;
    }
    let mut table = output::table(&["message", "number", "title", "from", "to"]);
    for row in &rows {
        table.add_row([row.message, row.number, row.title, row.from, row.to]);
    }
    output::line(&table.to_string());
    Outcome::Done
}

fn list_rules(json: bool) -> Outcome {
    let rules = kervan_ncts::list_rules();
    if json {
        output::json(&rules);
        return Outcome::Done;
    }
    let mut table = output::table(&["rule", "held", "messages", "meaning", "not held"]);
    for rule in rules {
        let held = match rule.held {
            kervan_ncts::Held::Function | kervan_ncts::Held::Condition => "yes",
            kervan_ncts::Held::Partly => "partly",
            kervan_ncts::Held::Pair => "with",
            kervan_ncts::Held::No => "no",
        };
        table.add_row([rule.rule.as_str(), held, &rule.messages, &rule.meaning, &rule.note]);
    }
    output::line(&table.to_string());
    Outcome::Done
}
