//! Putting a node together: store, network, rules, and the parties of a play.

use crate::cli::Failure;
use crate::facts::{Facts, find_scenario};
use crate::random::Random;
use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use kervan_codes::{CountryCode, Grn};
use kervan_customs::{GuaranteeAccount, GuaranteeKind, GuaranteeStatus, RegimeCode};
use kervan_dossier::{PartyKey, RoleGrant};
use kervan_model::format::ConsignmentFile;
use kervan_model::{Finding, PartyId, PartyRole, Role};
use kervan_node::{Call, Desk, OfficerRecord, PartyRecord, Refusal, Registered, Rules, open_guarantee};
use kervan_store::Store;
use kervan_units::{Currency, Money};
use serde::Deserialize;
use std::path::Path;
use tokio::sync::watch;

/// A node's parts, and what ticks when something is saved.
pub struct Node {
    /// The desk.
    pub desk: Desk,
    /// Ticks after every batch that was saved.
    pub saved: watch::Sender<u64>,
}

/// Opens the node of a data folder. Errors: the folder or the facts cannot be used; the message says why.
pub fn open_node(facts: &Facts, data: &Path) -> Result<Node, Failure> {
    let network = crate::cli::load_network(facts)?;
    let rules = load_rules(facts)?;
    let store = Store::open(data).map_err(|error| Failure::new(error.to_string()))?;
    let saved = watch::Sender::new(0_u64);
    let tick = saved.clone();
    let notify = Box::new(move || tick.send_modify(|count| *count += 1));
    let failure = |error: Refusal| Failure::new(error.to_string());
    let desk = Desk::new(store, network, rules, notify).map_err(failure)?.with_fonts(facts.load_fonts()?);
    kervan_node::keep_packs(&desk).map_err(failure)?;
    kervan_node::file_old_events(&desk).map_err(failure)?;
    Ok(Node { desk, saved })
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
    let cast: PartiesFile = serde_norway::from_str(&text)
        .map_err(|error| Failure::new(format!("scenarios/demo/parties.yaml cannot be read: {error}")))?;
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
    let parties = records.into_iter().map(|record| register_with(random, record).0).collect();
    desk.register(parties).map_err(|error: Refusal| Failure::new(error.to_string()))?;
    for party in administrations {
        let officer = |line: &OfficerLine| {
            let token = token_of_officer(random, &party, &line.id);
            OfficerRecord::new(&line.id, &line.name, &token, start)
        };
        let officers = cast.officers.iter().map(officer).collect::<Result<Vec<_>, _>>();
        let officers = officers.map_err(|finding| Failure::new(finding.message))?;
        desk.put_officers(&party, officers).map_err(|error| Failure::new(error.to_string()))?;
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
    let file: GuaranteesFile = serde_norway::from_str(&text)
        .map_err(|error| Failure::new(format!("scenarios/demo/guarantees.yaml cannot be read: {error}")))?;
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

/// A party with a new key and a new API token.
pub fn register_with(random: Random, record: PartyRecord) -> (Registered, String) {
    let token = token_of(random, &record.id);
    let key = PartyKey::from_seed(random.secret(&format!("key {}", record.id)));
    (Registered::new(record, key, Some(&token)), token)
}

/// The API token of a party. With a seeded source it can be computed again, which only a play may do.
pub fn token_of(random: Random, party: &PartyId) -> String {
    BASE64URL_NOPAD.encode(&random.secret(&format!("token {party}")))
}

/// The API token of an officer of a party. With a seeded source it can be computed again, which only a play may do.
pub fn token_of_officer(random: Random, party: &PartyId, officer: &str) -> String {
    BASE64URL_NOPAD.encode(&random.secret(&format!("token {party} officer {officer}")))
}
