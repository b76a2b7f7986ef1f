//! `kervan party`: who may call a node, and the officers of administrations.

use super::output;
use super::serve::DATA;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::random::Random;
use crate::setup::{open_node, register_with, token_of_officer};
use clap::Subcommand;
use kervan_codes::CountryCode;
use kervan_dossier::RoleGrant;
use kervan_model::{PartyId, Role, TerritoryId};
use kervan_node::{OfficerRecord, PartyRecord, Refusal};
use std::path::PathBuf;

/// Register the parties that a node acts for.
#[derive(Debug, Subcommand)]
pub(super) enum PartyCommand {
    /// Register a party; prints the token with which it calls the API. The token is shown once and kept only as a hash.
    #[command(after_help = "Examples:
  kervan party add silkline --name 'Silkline Forwarding LLP' --country KZ --role forwarder
  kervan party add customs-ge --name 'Revenue Service' --country GE --role customs --territory GE
  kervan party add rail-az --name 'Azerbaijan Railways' --country AZ --role carrier --operates ADY

Stop the server of the same folder first.")]
    Add {
        /// Id of the party.
        id: PartyId,
        /// Registered name.
        #[arg(long)]
        name: String,
        /// Country of establishment, two letters.
        #[arg(long)]
        country: CountryCode,
        /// What it does: forwarder, consignor, consignee, carrier, terminal or customs.
        #[arg(long, value_parser = read_role)]
        role: Role,
        /// The customs territory, for customs.
        #[arg(long, required_if_eq("role", "customs"))]
        territory: Option<TerritoryId>,
        /// A word of operator names in the network that means this carrier; may be given several times.
        #[arg(long, value_name = "WORD")]
        operates: Vec<String>,
        /// Folder of the store; made if it is missing.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// The officers of a customs administration: people, each with a token of their own.
    #[command(subcommand)]
    Officer(OfficerCommand),
    /// List the registered parties.
    List {
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
}

/// The officers of an administration.
#[derive(Debug, Subcommand)]
pub(super) enum OfficerCommand {
    /// Register an officer; prints the token with which they sign in. The token is shown once and kept only as a hash.
    #[command(after_help = "Examples:
  kervan party officer add customs-ge 4711 --name 'N. Beridze'
  kervan party officer add customs-ge 4711 --name 'N. Beridze' --data kervan-data

An officer who is there already gets a new token; the old one is worth nothing. The id stands in what the officer signs,
the name in no entry. Stop the server of the same folder first.")]
    Add {
        /// Id of the administration.
        party: PartyId,
        /// Number or short name of the officer at the administration.
        id: String,
        /// Name that colleagues know.
        #[arg(long)]
        name: String,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// End the token of an officer who has left; what they signed stays.
    #[command(after_help = "Example:\n  kervan party officer end customs-ge 4711")]
    End {
        /// Id of the administration.
        party: PartyId,
        /// The officer.
        id: String,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// List the officers of an administration.
    #[command(after_help = "Example:\n  kervan party officer list customs-ge --json")]
    List {
        /// Id of the administration.
        party: PartyId,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
}

fn run_officer(command: OfficerCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let failure = |error: Refusal| Failure::new(error.to_string());
    match command {
        OfficerCommand::Add { party, id, name, data } => {
            let desk = open_node(facts, &data)?.desk;
            let token = token_of_officer(Random::System, &party, &id);
            let officer = OfficerRecord::new(&id, &name, &token, Clock::Wall.now())
                .map_err(|finding| Failure::new(finding.message))?;
            desk.put_officers(&party, vec![officer]).map_err(failure)?;
            output::line(&format!("token: {token}"));
        }
        OfficerCommand::End { party, id, data } => {
            let desk = open_node(facts, &data)?.desk;
            let known = desk.with_registry(|registry| registry.list_officers(&party).to_vec());
            let found = known.into_iter().find(|officer| officer.id == id);
            let mut officer = found.ok_or_else(|| {
                Failure::new(format!("{party} has no officer `{id}`"))
                    .remedy(format!("kervan party officer list {party}"))
            })?;
            officer.ended.get_or_insert(Clock::Wall.now());
            desk.put_officers(&party, vec![officer]).map_err(failure)?;
            output::line(&format!("{party}: officer {id} can sign in no more"));
        }
        OfficerCommand::List { party, json, data } => {
            let desk = open_node(facts, &data)?.desk;
            desk.party(&party).map_err(failure)?;
            let known = desk.with_registry(|registry| registry.list_officers(&party).to_vec());
            if json {
                let line = |one: &OfficerRecord| {
                    let (id, name) = (&one.id, &one.name);
                    serde_json::json!({ "id": id, "name": name, "since": one.since, "ended": one.ended })
                };
                output::json(&known.iter().map(line).collect::<Vec<_>>());
            } else {
                let mut table = output::table(&["officer", "name", "since", "until"]);
                for one in known {
                    let until = one.ended.map_or_else(String::new, |ended| ended.to_string());
                    table.add_row([one.id, one.name, one.since.to_string(), until]);
                }
                output::line(&table.to_string());
            }
        }
    }
    Ok(Outcome::Done)
}

/// Reads the word of a role.
pub(super) fn read_role(text: &str) -> Result<Role, String> {
    let words: Vec<_> = Role::ALL.iter().map(|role| role.word()).collect();
    let role = Role::ALL.into_iter().find(|role| role.word() == text);
    role.ok_or_else(|| format!("use one of {}", words.join(", ")))
}

/// Runs the command.
pub(super) fn run(command: PartyCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        PartyCommand::Add { id, name, country, role, territory, operates, data } => {
            let desk = open_node(facts, &data)?.desk;
            if desk.with_registry(|registry| registry.find(&id).is_some()) {
                return Err(
                    Failure::new(format!("there is a party `{id}` already")).remedy("choose another id")
                );
            }
            let record =
                PartyRecord { id, name, country, roles: vec![RoleGrant { role, territory }], operates };
            let (party, token) = register_with(Random::System, record);
            let did = party.did().clone();
            desk.register(vec![party]).map_err(|error| Failure::new(error.to_string()))?;
            output::line(&format!("did:   {did}"));
            output::line(&format!("token: {token}"));
        }
        PartyCommand::Officer(command) => return run_officer(command, facts),
        PartyCommand::List { data } => {
            let desk = open_node(facts, &data)?.desk;
            let mut table = output::table(&["party", "name", "country", "roles", "did"]);
            desk.with_registry(|registry| {
                for party in registry.list() {
                    let roles: Vec<_> = party.record.roles.iter().map(ToString::to_string).collect();
                    table.add_row([
                        party.record.id.to_string(),
                        party.record.name.clone(),
                        party.record.country.to_string(),
                        roles.join(", "),
                        party.did().to_string(),
                    ]);
                }
            });
            output::line(&table.to_string());
        }
    }
    Ok(Outcome::Done)
}
