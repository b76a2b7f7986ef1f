//! The parties that this node knows, and the keys that it keeps for them.

use crate::Refusal;
use crate::custody::Custody;
use crate::people_book::{PeopleBook, write_of_key};
use kervan_codes::CountryCode;
use kervan_custody::Kept;
use kervan_dossier::{Did, Participant, PartyKey, RoleGrant, Signatory};
use kervan_identity::ApiKey;
use kervan_model::{PartyId, Role, TerritoryId};
use kervan_rights::Caller;
use kervan_store::{PartyRow, Store, Write};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// The key with which it signs, wherever it is kept.
    pub key: Arc<dyn Signatory>,
    /// How it is kept.
    pub(crate) kept: Option<Kept>,
    /// A key that was just made, until it is kept.
    fresh: Option<PartyKey>,
    /// The first key of the API that its system shows.
    pub(crate) first: Option<ApiKey>,
}

impl Registered {
    /// A party with a new key, and the key with which its system calls the API. A keeper that makes its own keys gives the party
    /// another one when it is registered.
    pub fn new(record: PartyRecord, key: PartyKey, first: Option<ApiKey>) -> Self {
        Self { record, key: Arc::new(key.clone()), kept: None, fresh: Some(key), first }
    }

    /// Its decentralized identifier.
    pub fn did(&self) -> &Did {
        self.key.id().did()
    }

    /// Whether it has a role, in any territory.
    pub fn has_role(&self, role: Role) -> bool {
        self.record.roles.iter().any(|grant| grant.role == role)
    }

    /// The territory in which it has a role.
    pub fn find_territory(&self, role: Role) -> Option<&TerritoryId> {
        self.record.roles.iter().find(|grant| grant.role == role)?.territory.as_ref()
    }

    /// The party's own system as policies know it.
    pub fn to_caller(&self) -> Caller {
        let roles = self.record.roles.iter().map(|grant| grant.role).collect();
        Caller::party(self.record.id.clone(), roles, self.find_territory(Role::Customs).cloned())
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

/// Every registered party, its people, and the keys and sessions that they show.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    pub(crate) parties: BTreeMap<PartyId, Registered>,
    pub(crate) people: PeopleBook,
}

impl Registry {
    /// Reads the registry from the store. A key whose secret or keeper was not given is known and does not sign.
    pub fn load(store: &Store, custody: &Custody) -> Result<Self, Refusal> {
        let mut parties = BTreeMap::new();
        for row in store.list_parties()? {
            let record: PartyRecord = serde_json::from_str(&row.record)
                .map_err(|error| Refusal::broken("a party's record", &error))?;
            let kept = custody.read(row.key_pem.as_deref().unwrap_or_default())?;
            let key = custody.take(row.id.as_str(), &kept)?;
            parties.insert(row.id, Registered { record, key, kept: Some(kept), fresh: None, first: None });
        }
        let people = PeopleBook::load(store, parties.keys())?;
        Ok(Self { parties, people })
    }

    /// Saves parties, with what the audit log says of it, and adds them.
    pub fn register(
        &mut self,
        store: &Store,
        custody: &Custody,
        mut parties: Vec<Registered>,
        records: Vec<Write>,
    ) -> Result<(), Refusal> {
        let mut writes = records;
        for party in &mut parties {
            if let Some(fresh) = party.fresh.take() {
                let kept = custody.keep(party.record.id.as_str(), fresh)?;
                party.key = custody.take(party.record.id.as_str(), &kept)?;
                party.kept = Some(kept);
            }
            let key_pem = party.kept.as_ref().map(Kept::to_text);
            let record = serde_json::to_string(&party.record)
                .map_err(|error| Refusal::broken("a party's record", &error))?;
            writes.push(Write::Party(PartyRow { id: party.record.id.clone(), record, key_pem }));
            if let Some(key) = &party.first {
                writes.push(write_of_key(key)?);
            }
        }
        store.save(writes)?;
        for key in parties.iter().filter_map(|party| party.first.as_ref()) {
            self.people.put_key(key.clone());
        }
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
