//! Figures of the node that nobody publishes: parameters with their provenance.

use kervan_model::{Confidence, Finding, Provenance};
use kervan_units::{Estimate, Seconds};
use serde::Deserialize;

/// Parameters, from `data/node/parameters.json`.
#[derive(Clone, Debug)]
pub struct Parameters {
    /// How long a customs control holds goods. Unit: second.
    pub customs_hold: Estimate<Seconds>,
    /// Where that comes from.
    pub customs_hold_provenance: Provenance,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    customs_hold_hours: Hours,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hours {
    min: u64,
    typ: u64,
    max: u64,
    source: String,
    period: String,
    confidence: Confidence,
}

impl Parameters {
    /// Reads the parameters. Errors: one finding that says what is wrong with the file.
    pub fn load(text: &str) -> Result<Self, Vec<Finding>> {
        let broken = |reason: String| {
            let message = format!("node/parameters.json cannot be read: {reason}");
            vec![Finding::error("node.parameters", message).at("node/parameters.json")]
        };
        let file: File =
            serde_json::from_str(text).map_err(|error| broken(kervan_model::in_plain_words(&error)))?;
        let Hours { min, typ, max, source, period, confidence } = file.customs_hold_hours;
        let customs_hold = Estimate::new(min, typ, max).map_err(|error| broken(error.to_string()))?;
        Ok(Self {
            customs_hold: customs_hold.map(Seconds::from_hours),
            customs_hold_provenance: Provenance { source, period, confidence },
        })
    }
}
