//! The parties that this node knows, and the keys that it keeps for them.

use crate::Refusal;
use kervan_codes::CountryCode;
use kervan_dossier::{Did, Participant, PartyKey, RoleGrant};
use kervan_model::{PartyId, Role, TerritoryId};
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
}

fn hash_token(token: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

impl Registry {
    /// Reads the registry from the store.
    pub fn load(store: &Store) -> Result<Self, Refusal> {
        let mut parties = BTreeMap::new();
        for row in store.list_parties()? {
            let record: PartyRecord = serde_json::from_str(&row.record)
                .map_err(|error| Refusal::broken("a party's record", &error))?;
            let pem = row.key_pem.as_deref().unwrap_or_default();
            let key =
                PartyKey::from_pkcs8_pem(pem).map_err(|error| Refusal::broken("a party's key", &error))?;
            parties.insert(row.id, Registered { record, key, token_hash: row.token_hash });
        }
        Ok(Self { parties })
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
