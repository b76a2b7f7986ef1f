//! Who takes part in a dossier, in which roles, and under which keys.

use crate::did::Did;
use kervan_model::{PartyId, Role, TerritoryId};
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
