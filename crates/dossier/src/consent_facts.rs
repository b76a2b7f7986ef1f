//! Facts about the contract of carriage: that a carrier has accepted the goods, and what it says to a later amendment.

use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_model::EntryId;
use serde::{Deserialize, Serialize};

/// A carrier has accepted the goods for carriage. From now on they move under its contract, which rests on the particulars
/// that it knew. A carrier that accepts later, and knows of the one before, takes over from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarriageAccepted {
    /// When.
    pub at: Timestamp,
    /// Where the goods were taken over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceCode>,
    /// The entry that issued the document of carriage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<EntryId>,
}

/// A carrier consents to an amendment of what its contract rests on, or refuses it. The first answer binds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmendmentAnswered {
    /// The entry that amends.
    pub amendment: EntryId,
    /// Whether it consents.
    pub agreed: bool,
    /// Why, in words; may be empty where it consents.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}
