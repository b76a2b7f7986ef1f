//! What is known of an incident on the way, beside the words about it.

use serde::{Deserialize, Serialize};

/// An incident, as the office that registered it tells of it. Texts are those of the message: its check looked at their codes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// Which kind. Source: code list CL019.
    pub code: String,
    /// What happened, in words.
    pub text: String,
    /// Where.
    pub location: IncidentLocation,
    /// Which authority has confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endorsement: Option<Endorsement>,
    /// Containers and seals as they are since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equipment: Vec<IncidentEquipment>,
    /// Onto what the goods were loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transhipment: Option<Transhipment>,
}

/// Where an incident was: by one of place code, point and address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentLocation {
    /// In which way it is said. Source: code list CL038.
    pub qualifier: String,
    /// The country.
    pub country: String,
    /// UN/LOCODE.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Latitude and longitude. Unit: degree, as text: what is signed holds no floats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<(String, String)>,
    /// Street and number, postcode if there is one, city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<(String, Option<String>, String)>,
}

/// The authority that has confirmed an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endorsement {
    /// The day.
    pub date: String,
    /// Its name.
    pub authority: String,
    /// Where.
    pub place: String,
    /// The country.
    pub country: String,
}

/// A container or its seals after an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentEquipment {
    /// Its number; none for goods without a container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// How many seals are on it, where that is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number_of_seals: Option<String>,
    /// The seals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seals: Vec<String>,
    /// The goods in it, by their number in the declaration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goods: Vec<String>,
}

/// Onto what goods were loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transhipment {
    /// Whether they are in containers. Source: code list CL027.
    pub in_containers: String,
    /// What the means is identified by. Source: code list CL750.
    pub kind: String,
    /// Its identification.
    pub identification: String,
    /// Its nationality.
    pub nationality: String,
}
