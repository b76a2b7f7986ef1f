//! A list of keys that a reader trusts of its own knowledge, so that it need not rely on the forwarder's word for who
//! took part.

use crate::did::{Did, KeyId, PublicKey, ResolvedKeys};
use crate::participants::{Participant, RoleGrant};
use kervan_model::{Finding, PartyId, Role, TerritoryId};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Whose keys a reader trusts, and for which roles.
#[derive(Clone, Debug, Default)]
pub struct TrustList {
    parties: BTreeMap<Did, Trusted>,
    resolved: ResolvedKeys,
}

#[derive(Clone, Debug)]
struct Trusted {
    party: PartyId,
    roles: BTreeSet<RoleGrant>,
}

#[derive(Deserialize)]
struct RowFile {
    did: Did,
    party: PartyId,
    role: Role,
    territory: Option<TerritoryId>,
    key_id: Option<KeyId>,
    key: Option<String>,
}

impl TrustList {
    /// Reads the list: CSV with the columns `did`, `party`, `role`, `territory`, `key_id`, `key`; a row for each role. The
    /// last three may be empty; `key_id` and `key` (a multikey) give the looked-up key of a `did:web`.
    ///
    /// Errors: all findings, if a row cannot be read or contradicts another.
    pub fn load(text: &str) -> Result<Self, Vec<Finding>> {
        let mut list = Self::default();
        let mut findings = Vec::new();
        for (index, row) in csv::Reader::from_reader(text.as_bytes()).deserialize::<RowFile>().enumerate() {
            let added =
                row.map_err(|error| kervan_model::in_plain_words(&error)).and_then(|row| list.add(row));
            if let Err(reason) = added {
                let message = format!("the row cannot be used: {reason}");
                findings.push(Finding::error("trust.row", message).at(format!("trust list:{}", index + 2)));
            }
        }
        if findings.is_empty() { Ok(list) } else { Err(findings) }
    }

    fn add(&mut self, row: RowFile) -> Result<(), String> {
        match (row.key_id, row.key) {
            (None, None) => {}
            (Some(id), Some(key)) if *id.did() == row.did => {
                let key = PublicKey::from_multikey(&key).map_err(|error| error.to_string())?;
                if self.resolved.find(&id).is_some_and(|known| *known != key) {
                    return Err(format!("`{id}` has another key in another row"));
                }
                self.resolved.add(id, key);
            }
            _ => return Err("`key_id` and `key` belong together, and to the row's `did`".to_owned()),
        }
        self.trust(row.did, row.party, RoleGrant { role: row.role, territory: row.territory })
    }

    /// Trusts a key of a party for a role.
    ///
    /// Errors: a sentence, if the key is already trusted as another party's.
    pub fn trust(&mut self, did: Did, party: PartyId, grant: RoleGrant) -> Result<(), String> {
        let trusted = self
            .parties
            .entry(did)
            .or_insert_with(|| Trusted { party: party.clone(), roles: BTreeSet::new() });
        if trusted.party != party {
            return Err(format!("the key is that of `{}` in another row", trusted.party));
        }
        trusted.roles.insert(grant);
        Ok(())
    }

    /// The listed parties as participants that a dossier could admit, one for each key; the name is the party's id.
    pub fn list_participants(&self) -> Vec<Participant> {
        let participant = |(did, trusted): (&Did, &Trusted)| Participant {
            party: trusted.party.clone(),
            name: trusted.party.to_string(),
            did: did.clone(),
            roles: trusted.roles.iter().cloned().collect(),
        };
        self.parties.iter().map(participant).collect()
    }

    /// The looked-up keys of `did:web` identifiers.
    pub fn resolved(&self) -> &ResolvedKeys {
        &self.resolved
    }

    /// What the list does not confirm of a participant.
    pub(crate) fn assess(&self, participant: &Participant) -> Vec<Finding> {
        let remedy = "ask the party itself for its key, and add it to the trust list if it is right";
        let Some(trusted) = self.parties.get(&participant.did).filter(|row| row.party == participant.party)
        else {
            let message = format!(
                "the trust list does not know `{}` as a key of {}",
                participant.did, participant.party
            );
            return vec![Finding::error("dossier.untrusted-key", message).remedy(remedy)];
        };
        participant
            .roles
            .iter()
            .filter(|grant| !trusted.roles.contains(grant))
            .map(|grant| {
                let message = format!("the trust list does not know {} as {grant}", participant.party);
                Finding::error("dossier.untrusted-role", message).remedy(remedy)
            })
            .collect()
    }
}
