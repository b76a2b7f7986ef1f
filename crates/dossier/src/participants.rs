//! Who takes part in a dossier, in which roles, and under which keys.

use crate::did::{Did, KeyReader};
use crate::eddsa::{Proof, ProofError};
use crate::entry::to_bytes;
use crate::signatory::Signatory;
use jiff::Timestamp;
use kervan_model::{DossierId, PartyId, Role, TerritoryId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A party that takes part in a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Participant {
    /// Its id.
    pub party: PartyId,
    /// Its name, for people.
    pub name: String,
    /// The identifier under which it signs.
    pub did: Did,
    /// What it may act as.
    pub roles: Vec<RoleGrant>,
}

/// A role that a party may act in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleGrant {
    /// The role.
    pub role: Role,
    /// The territory it holds for, where the role has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<TerritoryId>,
}

impl fmt::Display for RoleGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.territory {
            Some(territory) => write!(f, "{} of {territory}", self.role),
            None => write!(f, "{}", self.role),
        }
    }
}

/// A key takes the place of another one of the same party, from this point of the graph on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRotated {
    /// Whose keys.
    pub party: PartyId,
    /// The key that ends.
    pub from: Did,
    /// The key that takes its place.
    pub to: Did,
    /// The new key's own signature of all of this and of the dossier: that it is held by who says so.
    pub possession: Proof,
}

/// What the new key signs. The members are declared in canonical order.
#[derive(Serialize)]
struct Rotation<'a> {
    dossier: &'a DossierId,
    from: &'a Did,
    party: &'a PartyId,
    to: &'a Did,
}

impl KeyRotated {
    /// The rotation of a party's key to another one, which signs that it is held.
    ///
    /// Errors: [`ProofError`] if the signature cannot be made.
    pub fn new(
        dossier: &DossierId,
        party: PartyId,
        from: Did,
        key: &dyn Signatory,
        at: Timestamp,
    ) -> Result<Self, ProofError> {
        let to = key.id().did().clone();
        let bytes = to_bytes(&Rotation { dossier, from: &from, party: &party, to: &to })?;
        let possession = Proof::sign(&bytes, at.to_string(), key)?;
        Ok(Self { party, from, to, possession })
    }

    /// Checks that the new key signed this rotation in this dossier.
    pub(crate) fn check_possession(
        &self,
        dossier: &DossierId,
        keys: &mut KeyReader<'_>,
    ) -> Result<(), ProofError> {
        if *self.possession.verification_method.did() != self.to {
            return Err(ProofError::Signature);
        }
        let bytes = to_bytes(&Rotation { dossier, from: &self.from, party: &self.party, to: &self.to })?;
        self.possession.check(&bytes, keys)
    }
}

/// A key is no longer to be trusted for any entry that does not come before this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRevoked {
    /// Whose key.
    pub party: PartyId,
    /// The key.
    pub key: Did,
    /// Why, in words.
    pub reason: String,
}
