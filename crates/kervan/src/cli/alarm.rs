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
use kervan_node::{Call, Refusal, acknowledge_alarms, list_alarms, list_alarms_of};
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

Stop the server of the same folder first, or send the same to POST /api/alarms/acknowledgements.")]
    Ack {
        /// Names of alarms.
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
            let open = alarms.iter().any(kervan_tracking::alarm::Alarm::is_open);
            Ok(if open { Outcome::FoundErrors } else { Outcome::Done })
        }
        AlarmCommand::List { consignment: None, json, data } => {
            let desk = open_node(facts, data)?.desk;
            let (digests, alarms) = list_alarms(&desk).map_err(failed)?;
            let views: Vec<_> =
                digests.iter().map(|digest| wire::AlarmDigest::new(digest, &desk.network)).collect();
            if *json {
                output::json(&views);
            } else {
                let mut table =
                    output::table(&["what", "where", "since", "owner", "consignments", "why", "alarms"]);
                for digest in &views {
                    let more = digest.alarms.len().saturating_sub(1);
                    let first = digest.alarms.first().cloned().unwrap_or_default();
                    table.add_row([
                        digest.kind.to_owned(),
                        digest.cause_name.clone(),
                        shown(&digest.since),
                        digest.owner.to_owned(),
                        digest.consignments.len().to_string(),
                        digest.reason.clone(),
                        if more == 0 { first } else { format!("{first} and {more} more") },
                    ]);
                }
                output::line(&table.to_string());
            }
            Ok(if alarms.is_empty() { Outcome::Done } else { Outcome::FoundErrors })
        }
        AlarmCommand::Ack { alarms, party, note, data } => {
            let desk = open_node(facts, data)?.desk;
            let mut salts = Random::System.salts("alarm");
            let call = Call { now: Clock::Wall.now(), actor: party.clone(), salts: &mut *salts };
            let taken = acknowledge_alarms(&desk, call, alarms, note).map_err(failed)?;
            show(&taken.iter().map(wire::Alarm::from).collect::<Vec<_>>());
            Ok(Outcome::Done)
        }
    }
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
