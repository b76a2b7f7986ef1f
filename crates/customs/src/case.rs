//! The case: everything a decision is taken on.

use crate::Declaration;
use crate::limits::{MOST_ATTACHMENTS, MOST_EQUIPMENT, MOST_GOODS};
use jiff::Timestamp;
use kervan_codes::DocumentType;
use kervan_model::{Finding, KeyFacts};
use serde::{Deserialize, Serialize};

/// Everything a decision is taken on: the declaration, the facts of attached documents, and what other checks found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The declaration.
    pub declaration: Declaration,
    /// When it was lodged, or amended last.
    pub lodged: Timestamp,
    /// Facts of documents that somebody else wrote and attached, in the order of the dossier.
    #[serde(default)]
    pub attachments: Vec<AttachedFacts>,
    /// Findings of checks made elsewhere, such as the comparison of documents; rules may look at their codes.
    #[serde(default)]
    pub consistency: Vec<Finding>,
}

/// The key facts of an attached document; what the document does not state is absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedFacts {
    /// Its type.
    pub type_code: DocumentType,
    /// Its number.
    pub number: String,
    /// Who wrote it, as the dossier names the party.
    pub issuer: String,
    /// What it states; in the signed case the facts stand beside the rest.
    #[serde(flatten)]
    pub facts: KeyFacts,
}

impl Case {
    /// The limit that the case exceeds, in words, if it does; such a case is not decided by rules.
    pub(crate) fn find_excess(&self) -> Option<String> {
        let counts = [
            ("goods items", self.declaration.goods.len(), MOST_GOODS),
            ("containers", self.declaration.equipment.len(), MOST_EQUIPMENT),
            ("attached documents", self.attachments.len(), MOST_ATTACHMENTS),
        ];
        counts
            .into_iter()
            .find(|(_, count, most)| count > most)
            .map(|(what, count, most)| format!("{count} {what} are more than {most}"))
    }
}
