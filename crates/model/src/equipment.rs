//! Transport equipment.

use kervan_codes::{ContainerNumber, SizeType};
use kervan_units::Mass;
use serde::{Deserialize, Serialize};

/// A container of the consignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equipment {
    /// Its number.
    pub number: ContainerNumber,
    /// Its size and type.
    pub size_type: SizeType,
    /// Its own mass. Unit: gram.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tare: Option<Mass>,
    /// Seals on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seals: Vec<Seal>,
}

/// A seal on a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// The number on the seal. Shape: 1 to 20 characters.
    pub number: String,
    /// Who put it on, as a word: `consignor`, `carrier`, `customs`.
    pub affixed_by: String,
}
