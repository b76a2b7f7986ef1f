//! The conditions of a request for a plan, on the wire.

use super::plan::parse;
use kervan_model::{Finding, Mode};
use kervan_planning as planning;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What ways must keep to, and what they are compared on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanConditions {
    /// The goods must have arrived then, RFC 3339; ways are sought that leave as late as they can.
    #[schema(example = "2027-01-15T12:00:00Z")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrive_by: Option<String>,
    /// Longest time from beginning to end, in days; 60 without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub horizon_days: Option<u16>,
    /// What ways are compared on: `arrival`, `cost`, `emissions`, `exposure`; the first three without it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<String>,
    /// Weights of what one would rather not rely on.
    #[serde(skip_serializing_if = "is_default")]
    pub exposure: PlanExposure,
    /// What no way may use.
    #[serde(skip_serializing_if = "is_default")]
    pub avoid: PlanSelection,
    /// What every way must use; each item by itself.
    #[serde(skip_serializing_if = "is_default")]
    pub require: PlanSelection,
    /// Classes of dangerous goods, such as `3` or `6.1`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dangerous: Vec<String>,
    /// Whether the goods travel under temperature control.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub temperature_controlled: bool,
    /// The only track gauges that may be ridden, in millimetres.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gauges_mm: Vec<u16>,
    /// Most changes of vehicle or gauge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_transshipments: Option<u8>,
    /// How much worse on every criterion a shown way may be than one left out, in thousandths.
    #[serde(skip_serializing_if = "is_default")]
    pub epsilon_permille: u16,
}

/// How many times a kilometre counts, in a territory, with a carrier or on a link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanExposure {
    /// By ISO 3166 code.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub territories: BTreeMap<String, i64>,
    /// By the carrier's name in the network.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub carriers: BTreeMap<String, i64>,
    /// By link, in one direction.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<String, i64>,
}

/// Things of the network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanSelection {
    /// Place codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// ISO 3166 codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<String>,
    /// `rail`, `road`, `sea`, `ferry` or `inland_water`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modes: Vec<String>,
    /// Carriers by their names in the network.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub carriers: Vec<String>,
    /// Links, in one direction each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// Services, in one direction each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
}

/// Whether a part says nothing.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl PlanConditions {
    /// Reads the conditions; what cannot be read is left out and among the findings.
    pub fn read(&self, findings: &mut Vec<Finding>) -> planning::Conditions {
        let instant = |text: &Option<String>, name: &str, findings: &mut Vec<Finding>| {
            parse(text.as_deref()?, &format!("/conditions/{name}"), findings)
        };
        planning::Conditions {
            arrive_by: instant(&self.arrive_by, "arrive_by", findings),
            horizon_days: self.horizon_days,
            criteria: words(&self.criteria, planning::Criterion::WORDS, "criteria", findings),
            exposure: planning::Exposure {
                territories: keys(&self.exposure.territories, "territories", findings),
                carriers: self.exposure.carriers.clone(),
                links: keys(&self.exposure.links, "links", findings),
            },
            avoid: self.avoid.read("avoid", findings),
            require: self.require.read("require", findings),
            dangerous: self.dangerous.clone(),
            temperature_controlled: self.temperature_controlled,
            gauges_mm: self.gauges_mm.clone(),
            most_transshipments: self.most_transshipments,
            epsilon_permille: self.epsilon_permille,
        }
    }
}

impl PlanSelection {
    fn read(&self, name: &str, findings: &mut Vec<Finding>) -> planning::Selection {
        let modes: Vec<(&str, Mode)> = Mode::ALL.iter().map(|mode| (mode.word(), *mode)).collect();
        let path = |kind: &str| format!("{name}/{kind}");
        planning::Selection {
            places: list(&self.places, &path("places"), findings),
            countries: list(&self.countries, &path("countries"), findings),
            modes: words(&self.modes, &modes, &path("modes"), findings),
            carriers: self.carriers.clone(),
            links: list(&self.links, &path("links"), findings),
            services: list(&self.services, &path("services"), findings),
        }
    }
}

fn list<T: std::str::FromStr<Err: std::fmt::Display + 'static>>(
    texts: &[String],
    path: &str,
    findings: &mut Vec<Finding>,
) -> Vec<T> {
    let items = texts.iter().enumerate();
    items.filter_map(|(index, text)| parse(text, &format!("/conditions/{path}/{index}"), findings)).collect()
}

fn keys<T: std::str::FromStr<Err: std::fmt::Display + 'static> + Ord>(
    weights: &BTreeMap<String, i64>,
    kind: &str,
    findings: &mut Vec<Finding>,
) -> BTreeMap<T, i64> {
    let items = weights.iter();
    items
        .filter_map(|(key, weight)| {
            Some((parse(key, &format!("/conditions/exposure/{kind}/{key}"), findings)?, *weight))
        })
        .collect()
}

fn words<T: Copy>(texts: &[String], known: &[(&str, T)], path: &str, findings: &mut Vec<Finding>) -> Vec<T> {
    let mut values = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        match known.iter().find(|(word, _)| word == text) {
            Some((_, value)) => values.push(*value),
            None => {
                let list: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
                findings.push(
                    Finding::error("request.not-a-value", format!("`{text}` is none of {}", list.join(", ")))
                        .at(format!("/conditions/{path}/{index}"))
                        .remedy("correct the value"),
                );
            }
        }
    }
    values
}
