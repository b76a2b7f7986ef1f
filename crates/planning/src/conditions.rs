//! What a way must keep to, and what it is compared on, beyond from where to where.

use jiff::Timestamp;
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{LinkId, Mode, ServiceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Times, criteria and hard conditions of a request. The default asks for nothing special.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Conditions {
    /// The goods must have arrived at this instant, by mean durations; ways are then sought that leave as late as they can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrive_by: Option<Timestamp>,
    /// Longest time from beginning to end. Unit: day. Without it [`crate::limits::HORIZON_DAYS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub horizon_days: Option<u16>,
    /// What ways are compared on; empty for arrival, cost and emissions, and exposure if any weight is given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<Criterion>,
    /// How much a kilometre here or there counts as exposed.
    #[serde(skip_serializing_if = "Exposure::is_empty")]
    pub exposure: Exposure,
    /// What no way may use.
    #[serde(skip_serializing_if = "Selection::is_empty")]
    pub avoid: Selection,
    /// What every way must use; each item by itself.
    #[serde(skip_serializing_if = "Selection::is_empty")]
    pub require: Selection,
    /// Classes of dangerous goods among the goods, such as `3` or `6.1`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dangerous: Vec<String>,
    /// Whether the goods travel under temperature control. Reefer containers do in any case.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub temperature_controlled: bool,
    /// The only track gauges that may be ridden; empty for any. Unit: millimetre.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gauges_mm: Vec<u16>,
    /// Most changes of vehicle or gauge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_transshipments: Option<u8>,
    /// For a shorter list: how much worse on every criterion a shown way may be than one left out. Unit: thousandth.
    #[serde(skip_serializing_if = "is_zero")]
    pub epsilon_permille: u16,
}

fn is_zero(value: &u16) -> bool {
    *value == 0
}

impl Conditions {
    /// Whether nothing special is asked for.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Whether ways are compared on a criterion.
    pub fn compares(&self, criterion: Criterion) -> bool {
        match self.criteria.as_slice() {
            [] => criterion != Criterion::Exposure || !self.exposure.is_empty(),
            criteria => criteria.contains(&criterion),
        }
    }
}

/// What ways are compared on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Arrival; the departure, where the arrival is given.
    Arrival,
    /// Cost.
    Cost,
    /// Greenhouse gas.
    Emissions,
    /// Kilometres, weighted by [`Exposure`].
    Exposure,
}

impl Criterion {
    /// Every criterion with its word.
    pub const WORDS: &'static [(&'static str, Criterion)] = &[
        ("arrival", Self::Arrival),
        ("cost", Self::Cost),
        ("emissions", Self::Emissions),
        ("exposure", Self::Exposure),
    ];
}

/// Weights of what one would rather not rely on. Each kilometre counts so many times: in a territory (a link through several
/// counts the mean of theirs), with a carrier, on a link; the weights of one kilometre are added. 0 counts nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Exposure {
    /// By country or territory.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub territories: BTreeMap<CountryCode, i64>,
    /// By carrier, as the network names it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub carriers: BTreeMap<String, i64>,
    /// By link, in one direction.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<LinkId, i64>,
}

impl Exposure {
    /// Whether no weight is given.
    pub fn is_empty(&self) -> bool {
        self.territories.is_empty() && self.carriers.is_empty() && self.links.is_empty()
    }
}

/// Things of the network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Selection {
    /// Places where goods begin, stop or change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<PlaceCode>,
    /// Countries or territories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<CountryCode>,
    /// Modes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modes: Vec<Mode>,
    /// Carriers, as the network names them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub carriers: Vec<String>,
    /// Links, in one direction each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkId>,
    /// Services, in one direction each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceId>,
}

impl Selection {
    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
