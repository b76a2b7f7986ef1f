//! `kervan closure`: what does not work for a time.

use super::output;
use super::serve::DATA;
use super::track::shown;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::http::wire;
use crate::random::Random;
use crate::setup::open_node;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use kervan_model::PartyId;
use kervan_node::{Call, Desk, Refusal, close, follow_closures, list_closures, reopen};
use std::path::PathBuf;

/// Say that a place, link or service is closed for a time, or open again.
#[derive(Debug, Subcommand)]
pub(super) enum ClosureCommand {
    /// Enter a closure; it is signed by the party, and every estimate whose way it crosses is given anew.
    Enter(Box<EnterCommand>),
    /// Say that something is open again.
    #[command(after_help = "Example:\n  kervan closure lift closure-20261209-1 --party sea-lines")]
    Lift {
        /// Id of the closure.
        id: String,
        /// Who says so.
        #[arg(long)]
        party: PartyId,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// List closures.
    #[command(after_help = "Example:\n  kervan closure list --all --json")]
    List {
        /// Also those that were lifted.
        #[arg(long)]
        all: bool,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
}

/// What is entered.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  kervan closure enter --place KZAAU --until 2026-12-11T00:00Z --until-min 2026-12-10T12:00Z \\
    --until-max 2026-12-13T00:00Z --reason 'wind above 20 m/s' --party sea-lines

Stop the server of the same folder first, or send the same to POST /api/closures.")]
pub(super) struct EnterCommand {
    /// Code of a place.
    #[arg(long, value_name = "CODE")]
    place: Option<String>,
    /// Id of a link.
    #[arg(long, value_name = "LINK")]
    link: Option<String>,
    /// Id of a service.
    #[arg(long, value_name = "SERVICE")]
    service: Option<String>,
    /// Since when; now without it.
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Most likely end.
    #[arg(long, value_name = "TIME")]
    until: Timestamp,
    /// Earliest end; the most likely one without it.
    #[arg(long, value_name = "TIME")]
    until_min: Option<Timestamp>,
    /// Latest end; the most likely one without it.
    #[arg(long, value_name = "TIME")]
    until_max: Option<Timestamp>,
    /// Why.
    #[arg(long)]
    reason: String,
    /// Who says so.
    #[arg(long)]
    party: PartyId,
    /// Folder of the store.
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
    /// The instant at which it is said; now if it is absent.
    #[arg(long, value_name = "TIME")]
    as_of: Option<Timestamp>,
}

/// Runs the command.
pub(super) fn run(command: &ClosureCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        ClosureCommand::Enter(command) => enter(command, facts),
        ClosureCommand::Lift { id, party, data } => {
            let desk = open_node(facts, data)?.desk;
            let mut salts = Random::System.salts("closure");
            let now = Clock::Wall.now();
            let lifted = reopen(&desk, Call { now, actor: party.clone(), salts: &mut *salts }, id);
            if lifted.is_ok() {
                follow(&desk, Call { now, actor: party.clone(), salts: &mut *salts })?;
            }
            done(lifted.map(|closure| vec![wire::ClosureView::from(&closure)]))
        }
        ClosureCommand::List { all, json, data } => {
            let desk = open_node(facts, data)?.desk;
            let closures = list_closures(&desk, !all).map_err(|error| Failure::new(error.to_string()))?;
            let views: Vec<_> = closures.iter().map(wire::ClosureView::from).collect();
            if *json {
                output::json(&views);
            } else {
                show(&views);
            }
            Ok(Outcome::Done)
        }
    }
}

fn enter(command: &EnterCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let desk = open_node(facts, &command.data)?.desk;
    let now = command.as_of.unwrap_or_else(|| Clock::Wall.now());
    let request = wire::EnterClosure {
        place: command.place.clone(),
        link: command.link.clone(),
        service: command.service.clone(),
        from: command.from.map(|at| at.to_string()),
        until_min: command.until_min.unwrap_or(command.until).to_string(),
        until_typ: command.until.to_string(),
        until_max: command.until_max.unwrap_or(command.until).to_string(),
        reason: command.reason.clone(),
    };
    let wanted = match request.read(now) {
        Ok(wanted) => wanted,
        Err(findings) => return done(Err(Refusal::Invalid(findings))),
    };
    let mut salts = Random::System.salts("closure");
    let kept = close(&desk, Call { now, actor: command.party.clone(), salts: &mut *salts }, wanted);
    if kept.is_ok() {
        follow(&desk, Call { now, actor: command.party.clone(), salts: &mut *salts })?;
    }
    done(kept.map(|closure| vec![wire::ClosureView::from(&closure)]))
}

/// Looks again at everybody in the way: no server does it here.
fn follow(desk: &Desk, mut call: Call<'_>) -> Result<(), Failure> {
    follow_closures(desk, &mut call, u32::MAX).map(drop).map_err(|error| Failure::new(error.to_string()))
}

fn done(kept: Result<Vec<wire::ClosureView>, Refusal>) -> Result<Outcome, Failure> {
    match kept {
        Ok(views) => {
            show(&views);
            Ok(Outcome::Done)
        }
        Err(Refusal::Invalid(findings)) => {
            output::findings(&findings);
            Ok(Outcome::FoundErrors)
        }
        Err(error) => Err(Failure::new(error.to_string())),
    }
}

fn show(closures: &[wire::ClosureView]) {
    let mut table = output::table(&["closure", "what", "from", "until about", "latest", "why", "by"]);
    for closure in closures {
        let until = match &closure.lifted {
            Some(lifted) => format!("lifted {}", shown(lifted)),
            None => shown(&closure.until_typ),
        };
        table.add_row([
            closure.id.clone(),
            format!("{} {}", closure.kind, closure.what),
            shown(&closure.from),
            until,
            shown(&closure.until_max),
            closure.reason.clone(),
            closure.by.clone(),
        ]);
    }
    output::line(&table.to_string());
}
