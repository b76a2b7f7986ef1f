//! The command line. Each command has a file; this one has the tree and the exit codes.

mod alarm;
mod audit;
mod capture;
mod clear;
mod closure;
mod config;
mod corridor;
mod demo;
mod demo_report;
mod document;
mod dossier;
mod dossier_act;
mod dossier_export;
mod dossier_file;
mod dossier_verify;
mod dossier_write;
mod eta;
mod events;
mod events_convert;
mod events_query;
mod events_verify;
mod explain;
mod flows;
mod guarantee;
mod key;
mod key_custody;
mod keys;
mod matrix;
mod measures;
mod message;
mod network;
mod network_running;
mod output;
mod package;
mod paper;
mod party;
mod people;
mod plan;
mod plan_conditions;
mod plans;
mod positions;
mod regimes;
mod rights;
mod rules;
mod screen;
mod serve;
mod store;
mod store_journal;
mod store_retention;
mod track;
mod why;
mod words;

pub use keys::check_scope;
pub use network::load_network;
pub use people::AT_THE_MACHINE;

use crate::custody::KeySource;
use crate::facts::Facts;
use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The unified transport and logistics system of a trade corridor.
///
/// Plan a consignment over rail, road and sea; keep everything about it in one signed dossier; clear it at each border on
/// pre-arrival data; track it with an honest ETA.
#[derive(Debug, Parser)]
#[command(
    name = "kervan",
    version,
    after_help = "Examples:
  kervan plan --from CNXIA --to TRIST --ready 2026-12-01T08:00 --equipment 2x45G1
  kervan network show KZAAU
  kervan demo
  kervan verify dossier.json

Exit codes: 0 done, 1 findings of severity error, 2 wrong usage or unusable input."
)]
struct Arguments {
    /// Read places, rules and labels from this folder instead of the embedded ones.
    #[arg(long, global = true, value_name = "DIR")]
    facts: Option<PathBuf>,
    /// Print letters that the built-in fonts lack with this one (TrueType, OpenType); may be given again.
    #[arg(long, global = true, value_name = "FILE")]
    font: Vec<PathBuf>,
    /// Keep the store in this PostgreSQL database (postgres://user@host/database) or folder instead of the data folder. The
    /// variable KERVAN_STORE says the same, and shows no password in the list of processes.
    #[arg(long, global = true, value_name = "URL")]
    store: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play a corridor day by day through the API that real parties use.
    Demo(demo::DemoCommand),
    /// Serve the API and the page.
    Serve(Box<serve::ServeCommand>),
    /// Print the configuration of a node: every key with what it does, its value and where that came from.
    Config(config::ConfigCommand),
    /// Move, back up and check the store of a node.
    #[command(subcommand)]
    Store(store::StoreCommand),
    /// Look at the network of places, links and services, and check it.
    #[command(subcommand)]
    Network(network::NetworkCommand),
    /// Check and show messages of common transit (NCTS).
    #[command(subcommand)]
    Message(message::MessageCommand),
    /// List the ways from A to B that no other beats on arrival, cost and emissions.
    Plan(Box<plan::PlanCommand>),
    /// Freight on the corridor and its rivals, bottlenecks, routes apart, and what each closure does.
    #[command(subcommand)]
    Flows(flows::FlowsCommand),
    /// List, show, replay and compare plans that were kept.
    Plans(plans::PlansCommand),
    /// Plan many origins to many destinations, and show days and cost of each pair.
    Matrix(matrix::MatrixCommand),
    /// Say which places are reached from a place within some days.
    Isochrone(matrix::IsochroneCommand),
    /// Compare the chains of customs procedures for a way.
    Regimes(regimes::RegimesCommand),
    /// Run an exported dossier through its regimes, offline.
    Clear(clear::ClearCommand),
    /// Look at guarantee accounts and open them.
    #[command(subcommand)]
    Guarantee(guarantee::GuaranteeCommand),
    /// Do what is due by now: lodge declarations, let deadlines pass.
    Deadlines(guarantee::DeadlinesCommand),
    /// Register the parties that a node acts for.
    #[command(subcommand)]
    Party(party::PartyCommand),
    /// Register people, and what they sign in with.
    #[command(subcommand)]
    People(people::PeopleCommand),
    /// Make, list and take back the keys that programs show to the API.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Read and check the record of who did what with people, keys and sessions.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Make and look at the keys with which parties sign, and how a node keeps them.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Make, extend, look at, export and compare dossiers: those of a node, and those in files.
    #[command(subcommand)]
    Dossier(dossier::DossierCommand),
    /// The papers of a consignment: list, render, check, explain.
    #[command(subcommand)]
    Document(document::DocumentCommand),
    /// Check, test, explain, compare and sign the rule packs of administrations.
    #[command(subcommand)]
    Rules(rules::RulesCommand),
    /// Print the page of a finding code: what it means, by which rule and law, and what to do.
    Explain(explain::ExplainCommand),
    /// Measure clearance: time from arrival to release, share untouched, hit rate of controls.
    Measures(measures::MeasuresCommand),
    /// Send an EPCIS document to a node.
    Capture(capture::CaptureCommand),
    /// Check, convert, identify and find EPCIS events.
    #[command(subcommand)]
    Events(events::EventsCommand),
    /// Check texts of devices, and see where on the network they were.
    #[command(subcommand)]
    Positions(positions::PositionsCommand),
    /// The event words of shipping lines, UN/CEFACT and railways, and what they mean here.
    #[command(subcommand)]
    Words(words::WordsCommand),
    /// Check exported dossiers and packages offline, without asking anyone.
    Verify(dossier_verify::VerifyCommand),
    /// Screen names against lists of denied parties that you load.
    Screen(screen::ScreenCommand),
    /// Show everything that was seen of a consignment, container, wagon, vessel, seal or place.
    Track(track::TrackCommand),
    /// Say when a consignment arrives, with odds, why, and how good such estimates were.
    Eta(eta::EtaCommand),
    /// Assess how the corridor does: dwell, queue, throughput, transit time, reliability.
    #[command(subcommand)]
    Corridor(corridor::CorridorCommand),
    /// Look at alarms and take them on.
    #[command(subcommand)]
    Alarm(alarm::AlarmCommand),
    /// Say that a place, link or service is closed for a time, or open again.
    #[command(subcommand)]
    Closure(closure::ClosureCommand),
    /// Check and explain the policies of who may do what.
    #[command(subcommand)]
    Rights(rights::RightsCommand),
    /// Print the OpenAPI 3.1 document of the API.
    Openapi,
}

/// How a command ended when it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// It ran, and found errors in what it looked at.
    FoundErrors,
}

/// A command could not run: what happened and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    message: String,
    remedy: Option<String>,
}

impl Failure {
    /// A failure with its message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), remedy: None }
    }

    /// What is said where a file cannot be read.
    ///
    /// ```ignore
    /// std::fs::read_to_string(path).map_err(Failure::unread(path))?
    /// ```
    pub fn unread(path: &Path) -> impl Fn(std::io::Error) -> Self {
        move |error| {
            let says = kervan_model::in_plain_words(&error);
            Self::new(format!("{} cannot be read: {says}", path.display()))
        }
    }

    /// Says what to do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

fn print_openapi() -> Result<Outcome, Failure> {
    let document = crate::http::openapi().map_err(|error| Failure::new(error.to_string()))?;
    output::line(document.trim_end());
    Ok(Outcome::Done)
}

/// Runs the command of the process's arguments.
#[expect(clippy::disallowed_methods, reason = "the binary reads the environment")]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    // A server logs as it is configured.
    if !matches!(arguments.command, Command::Serve(_)) {
        crate::log::start(false, None);
    }
    let store = arguments.store.or_else(|| std::env::var("KERVAN_STORE").ok());
    let keys = KeySource::of_environment(|name| std::env::var(name).ok());
    let facts = Facts::new(arguments.facts).with_fonts(arguments.font).with_store(store).with_keys(keys);
    let result = match arguments.command {
        Command::Network(command) => network::run(command, &facts),
        Command::Message(command) => message::run(command, &facts),
        Command::Plan(command) => plan::run(&command, &facts),
        Command::Flows(command) => flows::run(command, &facts),
        Command::Plans(command) => plans::run(&command, &facts),
        Command::Matrix(command) => matrix::run_matrix(&command, &facts),
        Command::Isochrone(command) => matrix::run_isochrone(&command, &facts),
        Command::Demo(command) => demo::run(&command, &facts),
        Command::Serve(command) => serve::run(&command, &facts),
        Command::Config(command) => config::run(&command),
        Command::Store(command) => store::run(&command, &facts),
        Command::Regimes(command) => regimes::run(&command, &facts),
        Command::Clear(command) => clear::run(&command, &facts),
        Command::Guarantee(command) => guarantee::run(command, &facts),
        Command::Deadlines(command) => guarantee::run_deadlines(&command, &facts),
        Command::Party(command) => party::run(command, &facts),
        Command::People(command) => people::run(command, &facts),
        Command::Keys(command) => keys::run(command, &facts),
        Command::Audit(command) => audit::run(&command, &facts),
        Command::Dossier(command) => dossier::run(command, &facts),
        Command::Document(command) => document::run(command, &facts),
        Command::Rules(command) => rules::run(command, &facts),
        Command::Explain(command) => explain::run(&command, &facts),
        Command::Measures(command) => measures::run(&command, &facts),
        Command::Events(command) => events::run(command, &facts),
        Command::Positions(command) => positions::run(&command, &facts),
        Command::Words(command) => words::run(&command, &facts),
        Command::Capture(command) => capture::run(&command),
        Command::Key(command) => key::run(&command, &facts),
        Command::Verify(command) => dossier_verify::run(&command, &facts),
        Command::Screen(command) => screen::run(&command, &facts),
        Command::Track(command) => track::run(&command, &facts),
        Command::Eta(command) => eta::run(&command, &facts),
        Command::Corridor(command) => corridor::run(&command, &facts),
        Command::Alarm(command) => alarm::run(&command, &facts),
        Command::Closure(command) => closure::run(&command, &facts),
        Command::Rights(command) => rights::run(&command, &facts),
        Command::Openapi => print_openapi(),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::FoundErrors) => ExitCode::from(1),
        Err(failure) => {
            output::error(&format!("error: {}", failure.message));
            if let Some(remedy) = failure.remedy {
                output::error(&format!("  try: {remedy}"));
            }
            ExitCode::from(2)
        }
    }
}
