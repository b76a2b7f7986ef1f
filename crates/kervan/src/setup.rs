//! Putting a node together: store, network, rules, and the parties of a play.

use crate::cli::{AT_THE_MACHINE, Failure};
use crate::clock::Clock;
use crate::facts::{Facts, find_scenario};
use crate::random::Random;
use jiff::Timestamp;
use kervan_codes::{CountryCode, Grn};
use kervan_customs::{GuaranteeAccount, GuaranteeKind, GuaranteeStatus, RegimeCode};
use kervan_dossier::{PartyKey, RoleGrant, Signatory};
use kervan_flows::freight::FreightData;
use kervan_identity::{ApiKey, Duty, KeyOwner, Person, PersonName, Scope, Secret};
use kervan_model::format::ConsignmentFile;
use kervan_model::{Finding, PartyId, PartyRole, Role, has_errors};
use kervan_network::Network;
use kervan_node::{
    Attempt, Call, Desk, PartyRecord, Refusal, Registered, Rules, add_key, add_person, open_guarantee,
};
use kervan_rights::RightsFiles;
use kervan_store::{Store, StoreLocation};
use kervan_units::{Currency, Money};
use serde::Deserialize;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::watch;

/// A node's parts, and what ticks when something is saved.
pub struct Node {
    /// The desk.
    pub desk: Desk,
    /// What freight flows are computed from.
    pub flows: FreightData,
    /// Ticks after every batch that was saved.
    pub saved: watch::Sender<u64>,
}

/// As [`open_node`], for who only reads: a folder that is not there is an error and is not made.
pub fn open_existing_node(facts: &Facts, data: &Path) -> Result<Node, Failure> {
    match facts.store_of(data)? {
        StoreLocation::Folder(folder) if !folder.exists() => {
            let message = format!("there is no data folder {}", folder.display());
            Err(Failure::new(message)
                .remedy("name it with --data; `kervan serve` and `kervan demo` make one"))
        }
        StoreLocation::Folder(_) | StoreLocation::Postgres { .. } => open_node(facts, data),
    }
}

/// Opens the node of a data folder. Errors: the folder or the facts cannot be used; the message says why.
pub fn open_node(facts: &Facts, data: &Path) -> Result<Node, Failure> {
    let network = crate::cli::load_network(facts)?;
    let flows = load_flows(facts, &network)?;
    let rules = load_rules(facts)?;
    let store = Store::open_at(&facts.store_of(data)?).map_err(|error| Failure::new(error.to_string()))?;
    let saved = watch::Sender::new(0_u64);
    let tick = saved.clone();
    let notify = Box::new(move || tick.send_modify(|count| *count += 1));
    let failure = |error: Refusal| Failure::new(error.to_string());
    let custody = facts.keys().open(&store)?;
    let desk = Desk::with_custody(store, network, rules, custody, notify).map_err(failure)?;
    let desk = desk.with_fonts(facts.load_fonts()?);
    if facts.keys().is_strict()? {
        let by = Attempt { by: AT_THE_MACHINE, now: Clock::Wall.now() };
        let sealed = kervan_node::seal_clear_keys(&desk, &by).map_err(failure)?;
        if sealed > 0 {
            tracing::warn!(
                sealed,
                "keys stood in the clear and do no more; copies of the store from before still hold them"
            );
        }
    }
    kervan_node::keep_packs(&desk).map_err(failure)?;
    kervan_node::file_old_events(&desk).map_err(failure)?;
    kervan_node::make_circles(&desk).map_err(failure)?;
    Ok(Node { desk, flows, saved })
}

/// Takes the policies of a folder, or those of a play, in the place of those that come with the facts.
///
/// Errors: every finding of every file.
pub fn use_policies(desk: &mut Desk, files: RightsFiles) -> Result<(), Failure> {
    desk.rules.use_policies(files).map_err(|findings| broken("the policies of rights", &findings))
}

/// Loads what freight flows are computed from. Errors: every finding of every table.
pub fn load_flows(facts: &Facts, network: &Network) -> Result<FreightData, Failure> {
    let (flows, findings) = FreightData::load(|name| facts.find(&format!("flows/{name}")), network);
    if has_errors(&findings) { Err(broken("the tables of flows", &findings)) } else { Ok(flows) }
}

/// The key with which a node signs in its own name; made the first time.
pub fn node_key(desk: &Desk, random: Random) -> Result<Arc<dyn Signatory>, Failure> {
    kervan_node::load_node_key(desk, random.secret("node key"))
        .map_err(|error| Failure::new(error.to_string()))
}

/// Loads the rules. Errors: every finding of every file.
pub fn load_rules(facts: &Facts) -> Result<Rules, Failure> {
    Rules::load(|path| facts.find(path), &facts.list("rules/"))
        .map_err(|findings| broken("the rules", &findings))
}

fn broken(what: &str, findings: &[Finding]) -> Failure {
    let lines: Vec<_> = findings
        .iter()
        .map(|finding| format!("{}: {}", finding.path.as_deref().unwrap_or("?"), finding.message))
        .collect();
    Failure::new(format!("{what} cannot be loaded:\n  {}", lines.join("\n  ")))
        .remedy("mend the rows named above; nothing was loaded half")
}

/// The parties of the demo that no consignment file names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartiesFile {
    parties: Vec<PartyLine>,
    /// The officers that every administration has.
    #[serde(default)]
    officers: Vec<OfficerLine>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfficerLine {
    id: String,
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartyLine {
    id: PartyId,
    name: String,
    country: CountryCode,
    roles: Vec<Role>,
    #[serde(default)]
    operates: Vec<String>,
}

/// Registers everybody who plays in the demo: forwarders, carriers, one customs administration for each territory with its
/// officers, and the consignors and consignees of the files.
pub fn register_cast(
    desk: &Desk,
    random: Random,
    files: &[&ConsignmentFile],
    start: Timestamp,
) -> Result<(), Failure> {
    let text = find_scenario("demo/parties.yaml").unwrap_or_default();
    let cast: PartiesFile = serde_norway::from_str(&text).map_err(|error| {
        Failure::new(format!(
            "scenarios/demo/parties.yaml cannot be read: {}",
            kervan_model::in_plain_words(&error)
        ))
    })?;
    let mut records: Vec<PartyRecord> = cast
        .parties
        .into_iter()
        .map(|line| PartyRecord {
            id: line.id,
            name: line.name,
            country: line.country,
            roles: line.roles.into_iter().map(|role| RoleGrant { role, territory: None }).collect(),
            operates: line.operates,
        })
        .collect();
    records.extend(list_customs(desk)?);
    for party in files.iter().flat_map(|file| &file.parties) {
        let role = match party.role {
            PartyRole::Consignor => Role::Consignor,
            PartyRole::Consignee | PartyRole::Notify => Role::Consignee,
            PartyRole::Bank => Role::Bank,
            PartyRole::Forwarder
            | PartyRole::Declarant
            | PartyRole::Payer
            | PartyRole::Carrier
            | PartyRole::Guarantor => continue,
        };
        let failure = |error: &dyn std::fmt::Display| Failure::new(format!("party {}: {error}", party.id));
        records.push(PartyRecord {
            id: party.id.parse().map_err(|error| failure(&error))?,
            name: party.name.clone(),
            country: party.country.parse().map_err(|error| failure(&error))?,
            roles: vec![RoleGrant { role, territory: None }],
            operates: vec![],
        });
    }
    let of_customs =
        records.iter().filter(|record| record.roles.iter().any(|grant| grant.role == Role::Customs));
    let administrations: Vec<PartyId> = of_customs.map(|record| record.id.clone()).collect();
    let parties = records.into_iter().map(|record| Ok(register_with(random, record, start)?.0));
    let parties = parties.collect::<Result<Vec<_>, Failure>>()?;
    desk.register(parties).map_err(|error: Refusal| Failure::new(error.to_string()))?;
    for party in administrations {
        for line in &cast.officers {
            register_officer(desk, random, &party, line, start)?;
        }
    }
    Ok(())
}

/// The guarantee accounts of the demo.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GuaranteesFile {
    guarantees: Vec<GuaranteeLine>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GuaranteeLine {
    holder: PartyId,
    serial: u64,
    country: CountryCode,
    office: PartyId,
    guarantor: String,
    reference: String,
    currency: Currency,
    regimes: Vec<RegimeCode>,
}

/// Opens the guarantee accounts of the demo's forwarders, from its first day on.
pub fn open_guarantees(desk: &Desk, random: Random, start: Timestamp) -> Result<(), Failure> {
    let text = find_scenario("demo/guarantees.yaml").unwrap_or_default();
    let file: GuaranteesFile = serde_norway::from_str(&text).map_err(|error| {
        Failure::new(format!(
            "scenarios/demo/guarantees.yaml cannot be read: {}",
            kervan_model::in_plain_words(&error)
        ))
    })?;
    let day = start.to_zoned(jiff::tz::TimeZone::UTC).date();
    for line in file.guarantees {
        let reference = Money::from_decimal(&line.reference, line.currency);
        let account = GuaranteeAccount {
            grn: Grn::issue(day.year(), line.country, line.serial),
            kind: GuaranteeKind::Comprehensive,
            holder: line.holder,
            guarantor: line.guarantor,
            regimes: line.regimes,
            reference: reference.map_err(|error| Failure::new(error.to_string()))?,
            valid_from: day,
            valid_until: None,
            status: GuaranteeStatus::Open,
        };
        let mut salts = random.salts(&format!("guarantee {}", account.grn));
        let call = Call { now: start, actor: line.office, salts: &mut *salts };
        open_guarantee(desk, &call, &account, "accepted by the office of guarantee")
            .map_err(|error| Failure::new(format!("guarantee {}: {error}", account.grn)))?;
    }
    Ok(())
}

/// One administration for each customs territory of the facts.
fn list_customs(desk: &Desk) -> Result<Vec<PartyRecord>, Failure> {
    let territories = &desk.rules.territories;
    let mut records = Vec::new();
    for territory in territories.list_territories() {
        let office = territories.list_offices().iter().find(|office| office.territory == territory.code);
        let Some(country) = office.map(|office| office.country) else {
            continue;
        };
        let id = format!("customs-{}", territory.code.as_str().to_lowercase());
        records.push(PartyRecord {
            id: id.parse().map_err(|error| Failure::new(format!("{error}")))?,
            name: format!("Customs of {}", territory.name),
            country,
            roles: vec![RoleGrant { role: Role::Customs, territory: Some(territory.code.clone()) }],
            operates: vec![],
        });
    }
    Ok(records)
}

fn register_officer(
    desk: &Desk,
    random: Random,
    party: &PartyId,
    line: &OfficerLine,
    start: Timestamp,
) -> Result<(), Failure> {
    let said = |finding: Finding| Failure::new(finding.message);
    let failed = |refusal: Refusal| Failure::new(refusal.to_string());
    let name = PersonName::new(&line.id, Some(party.clone())).map_err(said)?;
    let by = Attempt { by: "play", now: start };
    let person = Person::new(name.clone(), &line.name, Duty::Member, start).map_err(said)?;
    add_person(desk, &by, person).map_err(failed)?;
    let (key, _) = first_key(random, KeyOwner::Person(name), start).map_err(said)?;
    add_key(desk, &by, key).map_err(failed)
}

/// A party with a new key to sign with, and a new key of the API with its token.
pub fn register_with(
    random: Random,
    record: PartyRecord,
    since: Timestamp,
) -> Result<(Registered, String), Failure> {
    let (first, token) = first_key(random, KeyOwner::Party(record.id.clone()), since)
        .map_err(|finding| Failure::new(finding.message))?;
    let key = PartyKey::from_seed(random.secret(&format!("key {}", record.id)));
    Ok((Registered::new(record, key, Some(first)), token.reveal().to_owned()))
}

/// A new key of the API. With a seeded source it is the same for the same owner, which only a play may do.
pub fn key_of(
    random: Random,
    owner: KeyOwner,
    label: &str,
    scope: Scope,
    times: (Timestamp, Option<Timestamp>),
) -> Result<(ApiKey, Secret), Finding> {
    let [a, b, c, d, e, f, ..] = random.secret(&format!("name of a key {owner}"));
    let secret = random.secret(&format!("token {owner}"));
    ApiKey::make(owner, label, scope, times, ([a, b, c, d, e, f], &secret))
}

fn first_key(random: Random, owner: KeyOwner, since: Timestamp) -> Result<(ApiKey, Secret), Finding> {
    key_of(random, owner, "key of the registration", Scope::All, (since, None))
}

/// The token of a party's first key in a play, computed again from its seed; only its hash is kept.
pub fn token_of(random: Random, party: &PartyId) -> String {
    token_of_owner(random, KeyOwner::Party(party.clone()))
}

/// The token of an officer's first key in a play.
pub fn token_of_officer(random: Random, party: &PartyId, officer: &str) -> String {
    let name = PersonName::new(officer, Some(party.clone()));
    name.map(|name| token_of_owner(random, KeyOwner::Person(name))).unwrap_or_default()
}

fn token_of_owner(random: Random, owner: KeyOwner) -> String {
    first_key(random, owner, Timestamp::UNIX_EPOCH)
        .map(|(_, token)| token.reveal().to_owned())
        .unwrap_or_default()
}
