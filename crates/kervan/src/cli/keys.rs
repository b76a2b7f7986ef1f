//! `kervan keys`: the keys that programs show to the API.

use super::output;
use super::people::{AT_THE_MACHINE, refused, wrong};
use super::serve::DATA;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::random::Random;
use crate::setup::{key_of, open_node};
use clap::Subcommand;
use jiff::{SignedDuration, Timestamp};
use kervan_identity::{KeyFault, KeyOwner, Scope};
use kervan_model::Finding;
use kervan_node::{Attempt, KnownKey, add_key, revoke_key};
use kervan_rights::Group;
use std::path::PathBuf;

/// Make, list and take back keys of the API.
#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Make a key for a party's own system or for a person; prints its token, which is shown once and kept only as a hash.
    #[command(after_help = "Examples:
  kervan keys add silkline --label 'order system'
  kervan keys add silkline --label 'dashboard' --scope read --days 90
  kervan keys add rail-az --label 'gate scanner' --scope report,ask
  kervan keys add 4711@customs-ge --label 'own scripts'

A key never has more rights than its owner. Stop the server of the same folder first.")]
    Add {
        /// A party, or a person as ID@PARTY.
        #[arg(value_parser = read_owner)]
        owner: KeyOwner,
        /// What it is for.
        #[arg(long)]
        label: String,
        /// What it may be used for: `all`, `read` for what changes nothing, or groups of actions (docs/rights-table.md).
        #[arg(long, default_value = "all", value_parser = read_scope)]
        scope: Scope,
        /// After how many days it is worth nothing; without it only when it is taken back.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=3_650))]
        days: Option<u32>,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// List the keys: whose, what for, until when, when used last. Never their tokens.
    #[command(after_help = "Examples:\n  kervan keys list\n  kervan keys list --owner silkline --json")]
    List {
        /// Those of this party or person only.
        #[arg(long, value_parser = read_owner)]
        owner: Option<KeyOwner>,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// Take a key back; it is worth nothing from then on.
    #[command(after_help = "Example:\n  kervan keys revoke 3f9a01c27be4")]
    Revoke {
        /// The id of the key, as the list and the token show it.
        id: String,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
}

fn read_owner(text: &str) -> Result<KeyOwner, String> {
    if text.contains('@') {
        return super::people::read_name(text).map(KeyOwner::Person);
    }
    text.parse().map(KeyOwner::Party).map_err(|error| format!("{error}"))
}

fn read_scope(text: &str) -> Result<Scope, String> {
    let scope: Scope = text.parse().map_err(|finding: Finding| finding.message)?;
    check_scope(&scope)?;
    Ok(scope)
}

/// Whether the groups of a scope are groups. Errors: which is none.
pub fn check_scope(scope: &Scope) -> Result<(), String> {
    let Scope::Groups(groups) = scope else { return Ok(()) };
    let known = |word: &str| Group::ALL.iter().any(|group| group.word() == word);
    match groups.iter().find(|word| !known(word)) {
        None => Ok(()),
        Some(word) => {
            let words: Vec<&str> = Group::ALL.iter().map(|group| group.word()).collect();
            Err(format!("`{word}` is no group of actions; there are {}", words.join(", ")))
        }
    }
}

/// Runs the command.
pub(super) fn run(command: KeysCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let by = Attempt { by: AT_THE_MACHINE, now: Clock::Wall.now() };
    match command {
        KeysCommand::Add { owner, label, scope, days, data } => {
            let expires = days
                .and_then(|days| by.now.checked_add(SignedDuration::from_hours(24 * i64::from(days))).ok());
            let (key, token) =
                key_of(Random::System, owner, &label, scope, (by.now, expires)).map_err(wrong)?;
            let id = key.id.clone();
            add_key(&open_node(facts, &data)?.desk, &by, key).map_err(refused)?;
            output::line(&format!("id:    {id}"));
            output::line(&format!("token: {}", token.reveal()));
        }
        KeysCommand::List { owner, json, data } => {
            let desk = open_node(facts, &data)?.desk;
            let keys: Vec<KnownKey> = desk.with_registry(|registry| {
                let all = registry.people().list_keys();
                all.filter(|known| owner.as_ref().is_none_or(|owner| known.key.owner == *owner))
                    .cloned()
                    .collect()
            });
            list(&keys, json, by.now);
        }
        KeysCommand::Revoke { id, data } => {
            let revoked = revoke_key(&open_node(facts, &data)?.desk, &by, &id, None);
            revoked.map_err(|refusal| refused(refusal).remedy("kervan keys list"))?;
            output::line(&format!("{id} is worth nothing any more"));
        }
    }
    Ok(Outcome::Done)
}

fn list(keys: &[KnownKey], json: bool, now: Timestamp) {
    let state = |known: &KnownKey| match known.key.assess(now) {
        Ok(()) => "good",
        Err(KeyFault::Revoked) => "revoked",
        Err(KeyFault::Expired) => "expired",
    };
    if json {
        let line = |known: &KnownKey| {
            let key = &known.key;
            serde_json::json!({
                "id": key.id, "owner": key.owner.to_string(), "label": key.label, "scope": key.scope, "made": key.made,
                "expires": key.expires, "revoked": key.revoked, "used": known.used, "state": state(known),
            })
        };
        return output::json(&keys.iter().map(line).collect::<Vec<_>>());
    }
    let shown = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
    let mut table =
        output::table(&["id", "owner", "label", "scope", "state", "made", "expires", "used last"]);
    for known in keys {
        let key = &known.key;
        table.add_row([
            key.id.clone(),
            key.owner.to_string(),
            key.label.clone(),
            key.scope.to_string(),
            state(known).to_owned(),
            key.made.to_string(),
            shown(key.expires),
            shown(known.used),
        ]);
    }
    output::line(&table.to_string());
}
