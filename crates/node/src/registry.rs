//! The parties that this node knows, and the keys that it keeps for them.

use crate::Refusal;
use jiff::Timestamp;
use kervan_codes::CountryCode;
use kervan_dossier::{Did, Participant, PartyKey, RoleGrant};
use kervan_model::{Finding, PartyId, Role, TerritoryId};
use kervan_store::{PartyRow, Store, Write};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What is registered of a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyRecord {
    /// Id.
    pub id: PartyId,
    /// Name.
    pub name: String,
    /// Country of establishment.
    pub country: CountryCode,
    /// Roles, each for a territory where it has one.
    pub roles: Vec<RoleGrant>,
    /// Words of operator names in the network that mean this party; `*` for everything that nobody else operates.
    #[serde(default)]
    pub operates: Vec<String>,
}

/// An officer of an administration, with a token of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficerRecord {
    /// The officer's number or short name at the administration; it stands in signed entries.
    pub id: String,
    /// The name that colleagues know; it stands in no entry.
    pub name: String,
    /// SHA-256 of the token.
    token_hash: String,
    /// Since when.
    pub since: Timestamp,
    /// Since when no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
}

impl OfficerRecord {
    /// An officer with the token with which they call the API. Errors: a finding if id or name is empty or too long.
    pub fn new(id: &str, name: &str, token: &str, since: Timestamp) -> Result<Self, Finding> {
        let id = id.trim();
        let written = !id.is_empty()
            && id.chars().count() <= LONGEST_OFFICER
            && id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
        let name = name.trim();
        if !written || name.is_empty() || name.chars().count() > LONGEST_OFFICER {
            let text = format!(
                "the officer's id needs 1 to {LONGEST_OFFICER} letters, digits, `-`, `_` or `.`, and the name as many characters"
            );
            return Err(Finding::error("customs.officer-name", text).at("/officer").remedy("such as 4711"));
        }
        let (id, name) = (id.to_owned(), name.to_owned());
        Ok(Self { id, name, token_hash: hash_token(token), since, ended: None })
    }
}

/// Longest id or name of an officer. Unit: character.
pub(crate) const LONGEST_OFFICER: usize = 64;
/// Most officers of one administration at one node.
const MOST_OFFICERS: usize = 10_000;

fn note_of_officers(party: &PartyId) -> String {
    format!("officers/{party}")
}

/// A registered party with its key.
#[derive(Clone, Debug)]
pub struct Registered {
    /// What is registered.
    pub record: PartyRecord,
    /// The key that the node keeps for it.
    pub key: PartyKey,
    token_hash: Option<String>,
}

impl Registered {
    /// A party with its key, and the token with which it calls the API.
    pub fn new(record: PartyRecord, key: PartyKey, token: Option<&str>) -> Self {
        Self { record, key, token_hash: token.map(hash_token) }
    }

    /// Its decentralized identifier.
    pub fn did(&self) -> &Did {
        self.key.did()
    }

    /// Whether it has a role, in any territory.
    pub fn has_role(&self, role: Role) -> bool {
        self.record.roles.iter().any(|grant| grant.role == role)
    }

    /// The territory in which it has a role.
    pub fn find_territory(&self, role: Role) -> Option<&TerritoryId> {
        self.record.roles.iter().find(|grant| grant.role == role)?.territory.as_ref()
    }

    /// The party as a dossier names it.
    pub fn to_participant(&self) -> Participant {
        Participant {
            party: self.record.id.clone(),
            name: self.record.name.clone(),
            did: self.did().clone(),
            roles: self.record.roles.clone(),
        }
    }
}

/// Every registered party.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    parties: BTreeMap<PartyId, Registered>,
    officers: BTreeMap<PartyId, Vec<OfficerRecord>>,
}

fn hash_token(token: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

impl Registry {
    /// Reads the registry from the store.
    pub fn load(store: &Store) -> Result<Self, Refusal> {
        let (mut parties, mut officers) = (BTreeMap::new(), BTreeMap::new());
        for row in store.list_parties()? {
            let record: PartyRecord = serde_json::from_str(&row.record)
                .map_err(|error| Refusal::broken("a party's record", &error))?;
            let pem = row.key_pem.as_deref().unwrap_or_default();
            let key =
                PartyKey::from_pkcs8_pem(pem).map_err(|error| Refusal::broken("a party's key", &error))?;
            if let Some(text) = store.find_note(&note_of_officers(&row.id))? {
                let known = serde_json::from_str(&text)
                    .map_err(|error| Refusal::broken("the officers of a party", &error))?;
                officers.insert(row.id.clone(), known);
            }
            parties.insert(row.id, Registered { record, key, token_hash: row.token_hash });
        }
        Ok(Self { parties, officers })
    }

    /// Saves parties and adds them.
    pub fn register(&mut self, store: &Store, parties: Vec<Registered>) -> Result<(), Refusal> {
        let mut writes = Vec::new();
        for party in &parties {
            let pem = party.key.to_pkcs8_pem().map_err(|error| Refusal::broken("a party's key", &error))?;
            let record = serde_json::to_string(&party.record)
                .map_err(|error| Refusal::broken("a party's record", &error))?;
            writes.push(Write::Party(PartyRow {
                id: party.record.id.clone(),
                record,
                key_pem: Some(pem),
                token_hash: party.token_hash.clone(),
            }));
        }
        store.save(writes)?;
        self.parties.extend(parties.into_iter().map(|party| (party.record.id.clone(), party)));
        Ok(())
    }

    /// A party by its id.
    pub fn find(&self, id: &PartyId) -> Option<&Registered> {
        self.parties.get(id)
    }

    /// Every party, by id.
    pub fn list(&self) -> impl Iterator<Item = &Registered> {
        self.parties.values()
    }

    /// The party that a token belongs to.
    pub fn find_by_token(&self, token: &str) -> Option<&Registered> {
        // Hashes of secrets with full entropy are compared, so the time of the comparison tells nothing of use.
        let hash = hash_token(token);
        self.parties.values().find(|party| party.token_hash.as_deref() == Some(hash.as_str()))
    }

    /// Saves officers of an administration and adds them; one that is there already is changed.
    ///
    /// Errors: the party is no customs administration, there are too many, or the store failed.
    pub fn put_officers(
        &mut self,
        store: &Store,
        party: &PartyId,
        officers: Vec<OfficerRecord>,
    ) -> Result<(), Refusal> {
        let not_found = || Refusal::NotFound { what: "party", id: party.to_string() };
        if !self.parties.get(party).ok_or_else(not_found)?.has_role(Role::Customs) {
            return Err(Refusal::NotAllowed(format!(
                "{party} is no customs administration and has no officers"
            )));
        }
        let mut known = self.officers.get(party).cloned().unwrap_or_default();
        for officer in officers {
            known.retain(|one| one.id != officer.id);
            known.push(officer);
        }
        known.sort_by(|a, b| a.id.cmp(&b.id));
        if known.len() > MOST_OFFICERS {
            return Err(Refusal::NotAllowed(format!("{party} has more than {MOST_OFFICERS} officers")));
        }
        let value = serde_json::to_string(&known)
            .map_err(|error| Refusal::broken("the officers of a party", &error))?;
        store.save(vec![Write::Note { name: note_of_officers(party), value }])?;
        self.officers.insert(party.clone(), known);
        Ok(())
    }

    /// The officers of an administration, by id.
    pub fn list_officers(&self, party: &PartyId) -> &[OfficerRecord] {
        self.officers.get(party).map(Vec::as_slice).unwrap_or_default()
    }

    /// The officer that a token belongs to, with the administration; one who has left is nobody.
    pub fn find_officer_by_token(&self, token: &str) -> Option<(&Registered, &OfficerRecord)> {
        let hash = hash_token(token);
        self.officers.iter().find_map(|(party, officers)| {
            let found =
                officers.iter().find(|officer| officer.ended.is_none() && officer.token_hash == hash)?;
            Some((self.parties.get(party)?, found))
        })
    }

    /// The customs administration of a territory.
    pub fn find_customs(&self, territory: &TerritoryId) -> Option<&Registered> {
        self.parties.values().find(|party| {
            party
                .record
                .roles
                .iter()
                .any(|grant| grant.role == Role::Customs && grant.territory.as_ref() == Some(territory))
        })
    }

    /// The carrier that an operator of the network means: the one with the earliest matching word in the name.
    pub fn find_carrier(&self, operator: &str) -> Option<&Registered> {
        let carriers = self.parties.values().filter(|party| party.has_role(Role::Carrier));
        let mut found: Option<(usize, &Registered)> = None;
        for carrier in carriers {
            for word in &carrier.record.operates {
                let position = if word == "*" { Some(usize::MAX) } else { operator.find(word.as_str()) };
                if let Some(position) = position
                    && found.is_none_or(|(earliest, _)| position < earliest)
                {
                    found = Some((position, carrier));
                }
            }
        }
        found.map(|(_, carrier)| carrier)
    }
}
