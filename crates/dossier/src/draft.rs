//! Drafts: entries before they are signed.

use crate::canonical::CanonicalError;
use crate::eddsa::{Proof, ProofError};
use crate::entry::{Entry, to_bytes};
use crate::facts::Fact;
use crate::groups::{Disclosed, GroupName, Salt};
use crate::header::{Author, Header, Kind, Unsigned};
use crate::limits::MOST_GROUP_BYTES;
use crate::signatory::Signatory;
use jiff::Timestamp;
use kervan_model::{DossierId, EntryId, EntryKind, Finding, IdError, PartyId};
use serde_json::Value;
use std::collections::BTreeMap;

/// Why an entry cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DossierError {
    /// Something in it must not be signed.
    #[error("group `{group}`: {error}")]
    Content {
        /// The group.
        group: GroupName,
        /// What is wrong with it.
        error: CanonicalError,
    },
    /// A group is too long.
    #[error("group `{group}` has {bytes} bytes, more than {MOST_GROUP_BYTES}")]
    GroupTooLong {
        /// The group.
        group: GroupName,
        /// Its length. Unit: byte.
        bytes: usize,
    },
    /// The header has a shape that no reader would accept.
    #[error("{}", .0.message)]
    Shape(Finding),
    /// The proof cannot be made.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The hash is not an id.
    #[error(transparent)]
    Id(#[from] IdError),
}

/// An entry before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The dossier; `None` for its first entry.
    pub dossier: Option<DossierId>,
    /// What kind of fact it is.
    pub kind: EntryKind,
    /// Who says it.
    pub author: Author,
    /// When, by the author's clock.
    pub authored: Timestamp,
    /// The heads that the author knows, in any order.
    pub parents: Vec<EntryId>,
    /// Who may read the body, in any order; empty means every participant.
    pub audience: Vec<PartyId>,
    /// The body.
    pub groups: BTreeMap<GroupName, Value>,
}

impl Draft {
    /// The first entry of a dossier, or any other one if `dossier` and `parents` are set afterwards.
    pub fn new(fact: &Fact, author: Author, authored: Timestamp) -> Self {
        let groups = fact.to_groups();
        Self { dossier: None, kind: fact.kind(), author, authored, parents: vec![], audience: vec![], groups }
    }

    /// An entry that follows these heads of a dossier.
    pub fn following(
        dossier: DossierId,
        parents: Vec<EntryId>,
        fact: &Fact,
        author: Author,
        authored: Timestamp,
    ) -> Self {
        Self { dossier: Some(dossier), parents, ..Self::new(fact, author, authored) }
    }

    /// Signs the entry. `salts` gives 16 fresh random bytes for each group, in the order of their names.
    ///
    /// Errors: [`DossierError`] if the content holds a float or is too long, the header has a shape that no reader
    /// would accept, or whoever keeps the key does not sign.
    pub fn sign(
        self,
        key: &dyn Signatory,
        salts: &mut dyn FnMut() -> [u8; 16],
    ) -> Result<Entry, DossierError> {
        let mut body = BTreeMap::new();
        let mut groups = BTreeMap::new();
        for (group, content) in self.groups {
            let disclosed = Disclosed::new(Salt::from_bytes(salts()), &content)
                .map_err(|error| DossierError::Content { group: group.clone(), error })?;
            let bytes = disclosed.text().len();
            if bytes > MOST_GROUP_BYTES {
                return Err(DossierError::GroupTooLong { group, bytes });
            }
            groups.insert(group.clone(), disclosed.commitment(&group));
            body.insert(group, disclosed);
        }
        let (mut parents, mut audience) = (self.parents, self.audience);
        parents.sort();
        parents.dedup();
        audience.sort();
        audience.dedup();
        let kind = Kind::from(self.kind);
        let unsigned = Unsigned {
            audience: &audience,
            author: &self.author,
            authored: self.authored,
            dossier: self.dossier.as_ref(),
            groups: &groups,
            kind: &kind,
            parents: &parents,
        };
        let proof = Proof::sign(&to_bytes(&unsigned)?, self.authored.to_string(), key)?;
        let (dossier, author, authored) = (self.dossier, self.author, self.authored);
        let header = Header { audience, author, authored, dossier, groups, kind, parents, proof };
        if let Some(finding) = header.check_shape().into_iter().next() {
            return Err(DossierError::Shape(finding));
        }
        let bytes = to_bytes(&header)?;
        Ok(Entry::from_author(header, bytes, body)?)
    }
}
