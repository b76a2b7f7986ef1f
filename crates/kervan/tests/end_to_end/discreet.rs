//! The log of a node names no owner of goods, no goods, no price and no token, however much is logged.

use kervan::random::Random;
use kervan::setup::{token_of, token_of_officer};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// Members of the scenario's files whose texts nobody finds in a log.
const KEPT_BACK: &[&str] = &["name", "description", "address", "value", "marks", "contract", "identifier"];

/// Names of the scenario that are names of other things as well, such as of a railway that is a service of the network.
const SHORTEST: usize = 6;

/// Fails if a log says what it must not; `seed` is that of the play whose tokens are looked for.
pub(crate) fn assert_discreet(log: &str, seed: u64) {
    let mut secrets = BTreeSet::new();
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/demo");
    let consignments =
        std::fs::read_dir(scenario.join("consignments")).unwrap().map(|file| file.unwrap().path());
    for file in consignments.chain([scenario.join("parties.yaml")]) {
        let text = std::fs::read_to_string(&file).unwrap();
        collect(&serde_norway::from_str::<Value>(&text).unwrap(), "", seed, &mut secrets);
    }
    assert!(secrets.len() > 100, "{} secrets", secrets.len());
    let told: Vec<&String> = secrets.iter().filter(|secret| log.contains(secret.as_str())).collect();
    let line = told.first().and_then(|secret| log.lines().find(|line| line.contains(secret.as_str())));
    assert!(told.is_empty(), "the log says {told:?}, such as in: {}", line.unwrap_or_default());
}

fn collect(value: &Value, member: &str, seed: u64, secrets: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| collect(value, name, seed, secrets))
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, member, seed, secrets)),
        Value::String(text) if member == "id" => {
            if let Ok(party) = text.parse() {
                secrets.insert(token_of(Random::Seeded(seed), &party));
                secrets.insert(token_of_officer(Random::Seeded(seed), &party, "101"));
            }
        }
        Value::String(text) if KEPT_BACK.contains(&member) && text.chars().count() >= SHORTEST => {
            secrets.insert(text.clone());
        }
        _ => {}
    }
}

#[test]
#[should_panic(expected = "Silkline Forwarding LLP")]
fn a_name_in_the_log_is_found() {
    assert_discreet("INFO declared by Silkline Forwarding LLP", 1);
}
