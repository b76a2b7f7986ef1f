//! `kervan demo`: a corridor, played.

use super::demo_report::{Report, report};
use super::output;
use super::screen::load_denied;
use super::serve::{DATA, address, bind, runtime, stop_signal};
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::{Facts, RuleSource, find_scenario};
use crate::http::{Api, Pace, Parts, Sockets, router};
use crate::player::{CLOCK_NOTE, Player};
use crate::random::Random;
use crate::running::Running;
use crate::setup::{Node, open_guarantees, open_node, register_cast, use_policies};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use kervan_model::format::ConsignmentFile;
use kervan_rights::RightsFiles;
use kervan_simulation::{Play, Script, ScriptFile};
use kervan_store::{StoreLocation, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;

/// Play a corridor day by day: twelve consignments in both directions, through the same API that real parties use.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan demo                                 watch it in the browser; everything is delivered in about two minutes
  kervan demo --speed 3600                    an hour of the corridor each second
  kervan demo --until-delivered --json        as fast as it can, without a screen; fails unless every dossier verifies

The play is drawn from a seed: the same seed gives the same corridor. Stopped and started again on the same data folder, it goes
on where it was.")]
pub(super) struct DemoCommand {
    /// Folder of the store; made if it is missing.
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
    /// Throw away what an earlier play left in the data folder.
    #[arg(long)]
    fresh: bool,
    /// Address and port of the page; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Seed of the play.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seconds of the corridor per second; 40000 plays it in about two minutes.
    #[arg(long, default_value_t = 40_000.0)]
    speed: f64,
    /// A list of denied parties; may be given several times. Whoever is found on one is held, and the play waits for an officer.
    #[arg(long = "denied-list", value_name = "FILE")]
    denied_lists: Vec<PathBuf>,
    /// Play as fast as possible, print what happened, and end.
    #[arg(long)]
    until_delivered: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Name of the note that keeps the seed of a play.
const SEED_NOTE: &str = "play.seed";

/// Runs the command.
pub(super) fn run(command: &DemoCommand, facts: &Facts) -> Result<Outcome, Failure> {
    if !(1.0..=1e6).contains(&command.speed) {
        return Err(Failure::new(format!("{} is not a speed between 1 and 1,000,000", command.speed)));
    }
    if command.fresh {
        match facts.store_of(&command.data)? {
            StoreLocation::Folder(folder) => clear(&folder)?,
            StoreLocation::Postgres { .. } => {
                return Err(Failure::new("a database is not cleared from here")
                    .remedy("make an empty one: dropdb kervan; createdb kervan"));
            }
        }
    }
    let mut node = open_node(facts, &command.data)?;
    use_policies(&mut node.desk, RightsFiles::read(|path| facts.find(path), true))?;
    node.desk.denied = load_denied(&node.desk.rules.names, &command.denied_lists)?;
    let random = Random::Seeded(command.seed);
    let script = load_script()?;
    let played_until = resume(&node, command, random, &script)?;
    let play = new_play(&node, facts, script, command.seed)?;
    let rules = RuleSource::new(facts, None);
    runtime()?.block_on(perform(command, node, play, random, played_until, rules))
}

/// Removes the store of an earlier play, and nothing else.
fn clear(data: &Path) -> Result<(), Failure> {
    for name in ["kervan.sqlite", "kervan.sqlite-wal", "kervan.sqlite-shm"] {
        let file = data.join(name);
        if file.exists() {
            std::fs::remove_file(&file)
                .map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
        }
    }
    Ok(())
}

fn load_script() -> Result<Script, Failure> {
    let unreadable = |reason: String| Failure::new(format!("scenarios/demo cannot be read: {reason}"));
    let text = find_scenario("demo/play.yaml").unwrap_or_default();
    let file: ScriptFile =
        serde_norway::from_str(&text).map_err(|error| unreadable(kervan_model::in_plain_words(&error)))?;
    let read = |name: &str| -> Option<ConsignmentFile> {
        serde_norway::from_str(&find_scenario(&format!("demo/consignments/{name}.yaml"))?).ok()
    };
    Script::read(&file, read).map_err(|findings| {
        let lines: Vec<_> = findings.iter().map(|finding| finding.message.clone()).collect();
        unreadable(lines.join("; "))
    })
}

/// Registers the cast on a new folder; on an old one, checks that it holds this play and says how far it got.
fn resume(
    node: &Node,
    command: &DemoCommand,
    random: Random,
    script: &Script,
) -> Result<Option<Timestamp>, Failure> {
    let store = &node.desk.store;
    let note = |name| store.find_note(name).map_err(|error| Failure::new(error.to_string()));
    let seed = command.seed.to_string();
    let other = || {
        Failure::new(format!("{} holds something else than the play of seed {seed}", command.data.display()))
            .remedy("--fresh throws it away, --data DIR plays in another folder")
    };
    match note(SEED_NOTE)? {
        Some(kept) if kept == seed => {}
        Some(_) => return Err(other()),
        None if node.desk.with_registry(|registry| registry.list().next().is_some()) => return Err(other()),
        None => {
            let files: Vec<_> = script.consignments().iter().map(|scripted| scripted.file()).collect();
            register_cast(&node.desk, random, &files, script.start())?;
            open_guarantees(&node.desk, random, script.start())?;
            let write = Write::Note { name: SEED_NOTE.into(), value: seed };
            store.save(vec![write]).map_err(|error| Failure::new(error.to_string()))?;
        }
    }
    Ok(note(CLOCK_NOTE)?.and_then(|text| text.parse().ok()))
}

fn new_play(node: &Node, facts: &Facts, script: Script, seed: u64) -> Result<Play, Failure> {
    let network = Arc::new(super::load_network(facts)?);
    let carrier = |operator: &str| {
        node.desk
            .with_registry(|registry| registry.find_carrier(operator).map(|party| party.record.id.clone()))
    };
    Ok(Play::new(script, network, carrier, seed))
}

async fn perform(
    command: &DemoCommand,
    node: Node,
    mut play: Play,
    random: Random,
    played_until: Option<Timestamp>,
    rules: RuleSource,
) -> Result<Outcome, Failure> {
    let pace =
        (!command.until_delivered).then(|| watch::Sender::new(Pace { speed: command.speed, paused: false }));
    let start = played_until.unwrap_or_else(|| play.progress().now);
    let key = crate::setup::node_key(&node.desk, random)?;
    let api = Api::from(Parts {
        flows: Arc::new(node.flows),
        key,
        running: Arc::new(Running::default()),
        sign_ins: Arc::default(),
        sockets: Sockets::default(),
        rules,
        desk: Arc::new(node.desk),
        clock: Arc::new(Clock::play(start)),
        random,
        saved: node.saved.subscribe(),
        pace: pace.clone(),
    });
    let router = router(api.clone());
    let player = Player::new(router.clone(), api.clone(), node.saved, random, played_until);
    let Some(pace) = pace else {
        let bar = progress_bar(command, &play);
        let shown = |play: &Play, act: &kervan_simulation::Act| {
            bar.set_position(play.progress().delivered as u64);
            bar.set_message(act.at.to_string());
        };
        player.play(&mut play, None, shown).await.map_err(|error| Failure::new(error.to_string()))?;
        bar.finish_and_clear();
        return conclude(command, &api, &play);
    };
    let listener = bind(command.listen).await?;
    let address = address(&listener)?;
    output::line(&format!("listening on http://{address}"));
    output::line(&format!("The corridor is being played. Look at http://{address}/ and stop with Ctrl-C."));
    let running = Arc::clone(&api.running);
    let server = tokio::spawn(crate::server::serve(listener, router, running, None));
    tokio::select! {
        played = player.play(&mut play, Some(pace.subscribe()), |_, _| {}) => {
            played.map_err(|error| Failure::new(error.to_string()))?;
            output::line("Everything is delivered. The page stays up until Ctrl-C.");
            conclude(command, &api, &play)?;
            stop_signal().await;
        }
        () = stop_signal() => {}
    }
    api.running.stop();
    let _ = server.await;
    Ok(Outcome::Done)
}

fn progress_bar(command: &DemoCommand, play: &Play) -> ProgressBar {
    if command.json {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(play.progress().consignments as u64);
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} delivered  {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// Verifies every dossier and prints what happened.
fn conclude(command: &DemoCommand, api: &Api, play: &Play) -> Result<Outcome, Failure> {
    let report: Report =
        report(&api.desk, play, command.seed).map_err(|error| Failure::new(error.to_string()))?;
    if command.json {
        output::json(&report);
    } else {
        report.print();
    }
    Ok(if report.verified { Outcome::Done } else { Outcome::FoundErrors })
}
