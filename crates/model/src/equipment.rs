//! Transport equipment: containers and the wagons and road vehicles under them.

use crate::TemperatureRange;
use crate::mode::words;
use jiff::Timestamp;
use kervan_codes::{ContainerNumber, CountryCode, SizeType, WagonNumber};
use kervan_units::Mass;
use serde::{Deserialize, Serialize};
use std::fmt;

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
    /// What its refrigerating unit is set to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<TemperatureRange>,
    /// Its mass as verified before it goes on a ship.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_mass: Option<VerifiedMass>,
}

/// A seal on a container, wagon or vehicle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// The number on the seal. Shape: 1 to 20 characters.
    pub number: String,
    /// Who put it on, as a word: `consignor`, `carrier`, `customs`.
    pub affixed_by: String,
}

/// The verified gross mass of a packed container. Source: SOLAS, regulation VI/2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerifiedMass {
    /// Mass of the container with all that is in it. Unit: gram.
    pub mass: Mass,
    /// How it was found.
    pub method: WeighingMethod,
    /// Who answers for it.
    pub responsible: String,
    /// When it was found.
    pub at: Timestamp,
}

words! {
    /// How the gross mass of a packed container was found. Source: SOLAS, regulation VI/2.4.
    WeighingMethod {
        /// Method 1: the packed container was weighed.
        Weighed => "weighed",
        /// Method 2: goods, dunnage and tare were weighed and added up.
        Calculated => "calculated",
    }
}

/// A wagon that carries goods or containers of the consignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wagon {
    /// Its number: 12 digits (UIC) or 8 (1520 mm).
    pub number: WagonNumber,
    /// Its own mass. Unit: gram.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tare: Option<Mass>,
    /// What it may carry. Unit: gram.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_limit: Option<Mass>,
    /// Number of axles. Range: 2 to 32.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub axles: Option<u8>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Who provided it for this carriage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provided_by: Option<WagonProvider>,
    /// The containers on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<ContainerNumber>,
    /// Seals on the wagon itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seals: Vec<Seal>,
}

words! {
    /// Who provided a wagon. Source: SMGS, box 8 of the consignment note.
    WagonProvider {
        /// The consignor.
        Consignor => "consignor",
        /// The carrier.
        Carrier => "carrier",
    }
}

/// A road vehicle that carries goods or containers of the consignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoadVehicle {
    /// Registration number, without spaces. Shape: 1 to 20 characters.
    pub registration: String,
    /// Country of registration.
    pub country: CountryCode,
    /// What it is.
    pub kind: VehicleKind,
    /// Number of its approval for carriage under customs seal, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<String>,
}

words! {
    /// A kind of road vehicle.
    VehicleKind {
        /// Draws a semi-trailer.
        Tractor => "tractor",
        /// Carries goods itself.
        Truck => "truck",
        /// Rests on a tractor.
        SemiTrailer => "semi_trailer",
        /// Is drawn behind a truck.
        Trailer => "trailer",
    }
}
