//! `kervan party`: the parties that a node acts for.

use super::output;
use super::people::AT_THE_MACHINE;
use super::serve::DATA;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::random::Random;
use crate::setup::{open_node, register_with};
use clap::Subcommand;
use kervan_codes::CountryCode;
use kervan_dossier::RoleGrant;
use kervan_model::{PartyId, Role, TerritoryId};
use kervan_node::{Attempt, PartyRecord, Refusal};
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
    /// List the registered parties.
    List {
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
}

/// Reads the word of a role.
pub(super) fn read_role(text: &str) -> Result<Role, String> {
    let words: Vec<_> = Role::ALL.iter().map(|role| role.word()).collect();
    let role = Role::ALL.into_iter().find(|role| role.word() == text);
    role.ok_or_else(|| format!("use one of {}", words.join(", ")))
}

fn refused(refusal: Refusal) -> Failure {
    let failure = Failure::new(refusal.to_string());
    if matches!(refusal, Refusal::NotSigned(_)) {
        return failure.remedy(
            "give the secret as the node gets it: KERVAN_KEYS_SECRET_FILE=FILE kervan party add ...",
        );
    }
    failure
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
            let now = Clock::Wall.now();
            let (party, token) = register_with(Random::System, record, now)?;
            let id = party.record.id.clone();
            desk.register_by(&Attempt { by: AT_THE_MACHINE, now }, party).map_err(refused)?;
            // A keeper that makes its own keys has given it another one.
            let did = desk.party(&id).map_err(|error| Failure::new(error.to_string()))?.did().clone();
            output::line(&format!("did:   {did}"));
            output::line(&format!("token: {token}"));
        }
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
