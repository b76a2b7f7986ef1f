//! `kervan alarm`: what somebody should look at.

use super::output;
use super::serve::DATA;
use super::track::shown;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::http::wire;
use crate::random::Random;
use crate::setup::open_node;
use clap::Subcommand;
use kervan_model::{PartyId, Reference};
use kervan_node::{AlarmReport, Call, Refusal, acknowledge_alarms, list_alarms, list_alarms_of};
use kervan_tracking::alarm::{Alarm, AlarmState};
use std::path::PathBuf;

/// Look at alarms and take them on.
#[derive(Debug, Subcommand)]
pub(super) enum AlarmCommand {
    /// List what is open, many of one cause as one; or all alarms of a consignment.
    #[command(after_help = "Examples:
  kervan alarm list
  kervan alarm list --consignment KRV-2026-0002 --json

Exit codes: 0 nothing is open, 1 something is, 2 the store cannot be read.")]
    List {
        /// Only those of this consignment, also those that are over.
        #[arg(long, value_name = "REFERENCE")]
        consignment: Option<Reference>,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// Take alarms on.
    #[command(after_help = "Example:
  kervan alarm ack 'KRV-2026-0002!late!1' --party silkline --note 'the carrier was called'
  kervan alarm ack late/KZAAU --party silkline

Stop the server of the same folder first, or send the same to POST /api/alarms/acknowledgements.")]
    Ack {
        /// Names of alarms; those of one kind and cause together as `late/KZAAU`.
        #[arg(required = true)]
        alarms: Vec<String>,
        /// Who takes them on.
        #[arg(long)]
        party: PartyId,
        /// What will be done.
        #[arg(long, default_value = "")]
        note: String,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
}

/// Runs the command.
pub(super) fn run(command: &AlarmCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let failed = |error: Refusal| Failure::new(error.to_string());
    match command {
        AlarmCommand::List { consignment: Some(reference), json, data } => {
            let desk = open_node(facts, data)?.desk;
            let alarms = list_alarms_of(&desk, reference).map_err(failed)?;
            let views: Vec<_> = alarms.iter().map(wire::Alarm::from).collect();
            if *json {
                output::json(&views);
            } else {
                show(&views);
            }
            let open = alarms.iter().any(Alarm::is_open);
            Ok(if open { Outcome::FoundErrors } else { Outcome::Done })
        }
        AlarmCommand::List { consignment: None, json, data } => {
            let desk = open_node(facts, data)?.desk;
            let AlarmReport { digests, alarms, .. } = list_alarms(&desk, None, usize::MAX).map_err(failed)?;
            let views: Vec<_> =
                digests.into_iter().map(|digest| wire::AlarmDigest::new(digest, &desk.network)).collect();
            if *json {
                output::json(&views);
            } else {
                show_digests(&views, &alarms);
            }
            Ok(if alarms.is_empty() { Outcome::Done } else { Outcome::FoundErrors })
        }
        AlarmCommand::Ack { alarms, party, note, data } => {
            let desk = open_node(facts, data)?.desk;
            let mut salts = Random::System.salts("alarm");
            let call = Call { now: Clock::Wall.now(), actor: party.clone(), salts: &mut *salts };
            let open = list_alarms(&desk, None, usize::MAX).map_err(failed)?.alarms;
            let names = expand(alarms, &open);
            let taken = acknowledge_alarms(&desk, call, &names, note).map_err(failed)?;
            show(&taken.iter().map(wire::Alarm::from).collect::<Vec<_>>());
            Ok(Outcome::Done)
        }
    }
}

/// How the alarms of a digest are named together: `late/KZAAU`.
fn group(kind: &str, cause: &str) -> String {
    format!("{kind}/{cause}")
}

/// The alarms that are meant: one by its name, those of a digest by what they have in common.
fn expand(wanted: &[String], open: &[Alarm]) -> Vec<String> {
    let mut names = Vec::new();
    for name in wanted {
        let of: Vec<String> = open
            .iter()
            .filter(|alarm| group(alarm.kind.word(), &alarm.cause) == *name)
            .map(|alarm| alarm.id.clone())
            .collect();
        // What is no group is a name; whether there is such an alarm is found out when it is taken on.
        names.extend(if of.is_empty() { vec![name.clone()] } else { of });
    }
    names
}

fn show_digests(digests: &[wire::AlarmDigest], alarms: &[Alarm]) {
    if digests.is_empty() {
        output::line("Nothing is open.");
        return;
    }
    let mut table =
        output::table(&["what", "where", "since", "owner", "state", "consignments", "why", "name"]);
    for digest in digests {
        let of: Vec<&Alarm> = alarms.iter().filter(|alarm| digest.alarms.contains(&alarm.id)).collect();
        let taken = of.iter().filter(|alarm| matches!(alarm.state, AlarmState::Acknowledged { .. })).count();
        let state = match (taken, of.len()) {
            (0, _) if of.iter().any(|alarm| alarm.escalated) => "escalated".to_owned(),
            (0, _) => "open".to_owned(),
            (taken, all) if taken == all => "taken on".to_owned(),
            (taken, all) => format!("{taken} of {all} taken on"),
        };
        let name = match digest.alarms.as_slice() {
            [only] => only.clone(),
            _ => group(digest.kind, &digest.cause),
        };
        let consignments = match digest.consignments.as_slice() {
            [only] => only.clone(),
            all => all.len().to_string(),
        };
        table.add_row([
            digest.kind.to_owned(),
            digest.cause_name.clone(),
            shown(&digest.since),
            digest.owner.to_owned(),
            state,
            consignments,
            digest.reason.clone(),
            name,
        ]);
    }
    output::line(&table.to_string());
    output::line("kervan alarm ack NAME --party PARTY takes one on, or all of a name such as late/KZAAU.");
}

fn show(alarms: &[wire::Alarm]) {
    let mut table = output::table(&["alarm", "state", "raised", "owner", "why"]);
    for alarm in alarms {
        let owner =
            if alarm.escalated { format!("{} (escalated)", alarm.owner) } else { alarm.owner.to_owned() };
        let state = match &alarm.acknowledged_by {
            Some(party) => format!("{} by {party}", alarm.state),
            None => alarm.state.to_owned(),
        };
        table.add_row([alarm.id.clone(), state, shown(&alarm.raised), owner, alarm.reason.clone()]);
    }
    output::line(&table.to_string());
}
