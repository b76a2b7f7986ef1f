//! The header of an entry: what every participant sees.

use crate::eddsa::Proof;
use crate::groups::{Commitment, GroupName};
use crate::limits::{MOST_AUDIENCE, MOST_GROUPS, MOST_PARENTS};
use jiff::Timestamp;
use kervan_model::{DossierId, EntryId, EntryKind, Finding, PartyId, Role, TerritoryId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The party that says something, and in which role.
///
/// The members are declared in canonical order, so that the plain serializer writes canonical JSON.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Author {
    /// Who.
    pub party: PartyId,
    /// As what.
    pub role: Role,
    /// For which territory, where the role has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<TerritoryId>,
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.territory {
            Some(territory) => write!(f, "{} ({} of {territory})", self.party, self.role),
            None => write!(f, "{} ({})", self.party, self.role),
        }
    }
}

/// The kind of an entry as it stands in the header. A kind that this version does not know is kept, shown and ignored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Kind {
    /// A kind of this version.
    Known(EntryKind),
    /// Another one. Shape: 1 to 40 lower-case letters and underscores.
    Unknown(String),
}

impl Kind {
    /// The kind, if this version knows it.
    pub fn find(&self) -> Option<EntryKind> {
        match self {
            Self::Known(kind) => Some(*kind),
            Self::Unknown(_) => None,
        }
    }

    /// The word in the header.
    pub fn word(&self) -> &str {
        match self {
            Self::Known(kind) => kind.word(),
            Self::Unknown(word) => word,
        }
    }
}

impl From<EntryKind> for Kind {
    fn from(kind: EntryKind) -> Self {
        Self::Known(kind)
    }
}

impl TryFrom<String> for Kind {
    type Error = String;
    fn try_from(word: String) -> Result<Self, Self::Error> {
        if let Some(kind) = EntryKind::ALL.into_iter().find(|kind| kind.word() == word) {
            return Ok(Self::Known(kind));
        }
        let allowed = |b: u8| b.is_ascii_lowercase() || b == b'_';
        if (1..=40).contains(&word.len()) && word.bytes().all(allowed) {
            return Ok(Self::Unknown(word));
        }
        Err("a kind needs 1 to 40 lower-case letters and underscores".to_owned())
    }
}

impl From<Kind> for String {
    fn from(kind: Kind) -> Self {
        kind.word().to_owned()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// A header without its proof: the document that is signed. The members are declared in canonical order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Unsigned<'a> {
    pub(crate) audience: &'a [PartyId],
    pub(crate) author: &'a Author,
    pub(crate) authored: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dossier: Option<&'a DossierId>,
    pub(crate) groups: &'a BTreeMap<GroupName, Commitment>,
    pub(crate) kind: &'a Kind,
    pub(crate) parents: &'a [EntryId],
}

/// The signed header of an entry. The members are declared in canonical order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Who may read the body, ascending; empty means every participant.
    pub audience: Vec<PartyId>,
    /// Who says it.
    pub author: Author,
    /// When, by the author's own clock.
    pub authored: Timestamp,
    /// The dossier; absent in its first entry only, whose id it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dossier: Option<DossierId>,
    /// A commitment to each group of the body.
    pub groups: BTreeMap<GroupName, Commitment>,
    /// What kind of fact it is.
    pub kind: Kind,
    /// The heads of the dossier that the author knew, ascending.
    pub parents: Vec<EntryId>,
    /// The signature over all of this.
    pub proof: Proof,
}

impl Header {
    /// Whether this is the first entry of a dossier.
    pub fn is_first(&self) -> bool {
        self.dossier.is_none()
    }

    pub(crate) fn unsigned(&self) -> Unsigned<'_> {
        Unsigned {
            audience: &self.audience,
            author: &self.author,
            authored: self.authored,
            dossier: self.dossier.as_ref(),
            groups: &self.groups,
            kind: &self.kind,
            parents: &self.parents,
        }
    }

    /// Checks what the types cannot: order, counts, and that exactly a first entry stands alone.
    pub(crate) fn check_shape(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut wrong = |path: &str, message: String| {
            findings.push(Finding::error("dossier.malformed-header", message).at(path));
        };
        for (path, count, most) in [
            ("/header/parents", self.parents.len(), MOST_PARENTS),
            ("/header/audience", self.audience.len(), MOST_AUDIENCE),
            ("/header/groups", self.groups.len(), MOST_GROUPS),
        ] {
            if count > most {
                wrong(path, format!("{count} are more than {most}"));
            }
        }
        if !self.parents.is_sorted_by(|a, b| a < b) {
            wrong("/header/parents", "the parents are not in ascending order".to_owned());
        }
        if !self.audience.is_sorted_by(|a, b| a < b) {
            wrong("/header/audience", "the audience is not in ascending order".to_owned());
        }
        let first_kind = self.kind == Kind::Known(EntryKind::ConsignmentDeclared);
        if self.is_first() != first_kind || self.is_first() != self.parents.is_empty() {
            let message = "exactly the entry that declares the consignment has no dossier and no parents";
            wrong("/header/dossier", message.to_owned());
        }
        if self.proof.created != self.authored.to_string() {
            wrong("/header/proof/created", "the proof was not made when the entry was authored".to_owned());
        }
        findings
    }
}
