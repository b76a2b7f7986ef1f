//! What callers send.

use super::document_facts::DocumentFacts;
use super::plan::PlanRequest;
use jiff::civil::Date;
use kervan_codes::DocumentType;
use kervan_dossier::AttachedDocument;
use kervan_model::{Finding, PartyId};
use kervan_node::WantedChange;
use kervan_units::Mass;
use serde::Deserialize;
use serde_json::Value;
use std::fmt::Display;
use std::str::FromStr;
use utoipa::ToSchema;

/// Which alternative of which plan is accepted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptItinerary {
    /// The plan's request, with its seed.
    pub plan: PlanRequest,
    /// The alternative, such as `A1`.
    #[schema(example = "A1")]
    pub alternative: String,
}

/// A correction of a consignment.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    /// Why.
    pub reason: String,
    /// What.
    pub changes: Vec<AmendedValue>,
}

/// One corrected value.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendedValue {
    /// Path as in the consignment file, such as `/goods/0/gross_mass_kg`.
    #[schema(example = "/goods/0/gross_mass_kg")]
    pub path: String,
    /// The new value as in the consignment file.
    #[schema(value_type = Value)]
    pub value: Value,
}

impl Amendment {
    /// Reads the changes from the words of the consignment file into those of the consignment.
    pub fn read(&self) -> Result<Vec<WantedChange>, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut wanted = Vec::new();
        for (index, change) in self.changes.iter().enumerate() {
            let Some(path) = change.path.strip_suffix("_mass_kg") else {
                wanted.push(WantedChange { path: change.path.clone(), value: change.value.clone() });
                continue;
            };
            let text = change.value.as_str().map_or_else(|| change.value.to_string(), str::to_owned);
            let at = format!("/changes/{index}/value");
            if let Some(mass) = note(Mass::from_kilogram_decimal(&text), &at, &mut findings) {
                wanted.push(WantedChange { path: format!("{path}_mass"), value: mass.grams().into() });
            }
        }
        if findings.is_empty() { Ok(wanted) } else { Err(findings) }
    }
}

/// A document of the caller's own, with its key facts.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachDocument {
    /// UNTDID 1001 code.
    #[schema(example = "380")]
    pub type_code: String,
    /// Number.
    pub number: String,
    /// Date as it stands on it.
    #[schema(example = "2026-11-26")]
    pub issued: String,
    /// Who issued it, by party id; the caller if it is absent.
    #[serde(default)]
    pub issuer: Option<String>,
    /// SHA-256 of the file, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Media type of the file.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// What it says.
    #[serde(default)]
    pub facts: DocumentFacts,
}

impl AttachDocument {
    /// Reads the document. Errors: every finding at once.
    pub fn read(&self, caller: &PartyId) -> Result<AttachedDocument, Vec<Finding>> {
        let mut findings = Vec::new();
        let type_code = note(self.type_code.parse::<DocumentType>(), "/type_code", &mut findings);
        let issued = note(self.issued.parse::<Date>(), "/issued", &mut findings);
        let issuer = match &self.issuer {
            Some(text) => note(text.parse::<PartyId>(), "/issuer", &mut findings),
            None => Some(caller.clone()),
        };
        if self.sha256.len() != 64 || !self.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            findings.push(refuse("/sha256", "a SHA-256 needs 64 lower-case hexadecimal digits"));
        }
        let facts = self.facts.read(&mut findings);
        match (type_code, issued, issuer) {
            (Some(type_code), Some(issued), Some(issuer)) if findings.is_empty() => Ok(AttachedDocument {
                type_code,
                number: self.number.clone(),
                issued,
                issuer,
                sha256: self.sha256.clone(),
                media_type: self.media_type.clone(),
                facts,
            }),
            _ => Err(findings),
        }
    }
}

/// A position as a device reports it. It names a device, a container or a consignment; if none, that of the request.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct PositionReport {
    /// The device: `imei:...`, `mmsi:...` or `tracker:...`.
    pub device: Option<String>,
    /// Container number.
    pub container: Option<String>,
    /// Reference of a consignment.
    pub consignment: Option<String>,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// When, RFC 3339.
    pub at: String,
    /// Speed over ground. Unit: kilometre per hour.
    pub speed_kmh: Option<f64>,
    /// Direction. Unit: degree from north.
    pub course_deg: Option<f64>,
    /// Temperature at the device. Unit: degree Celsius.
    pub temperature_c: Option<f64>,
    /// State of a seal that the device watches.
    pub seal: Option<SealReport>,
}

/// The state of a seal as a device reports it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct SealReport {
    /// Number on the seal.
    pub number: String,
    /// `closed`, `open` or `broken`.
    pub state: String,
}

pub(super) fn note<T, E: Display + 'static>(
    result: Result<T, E>,
    path: &str,
    findings: &mut Vec<Finding>,
) -> Option<T> {
    result.map_err(|error| findings.push(refuse(path, &kervan_model::words_of(&error)))).ok()
}

fn refuse(path: &str, message: &str) -> Finding {
    Finding::error("request.not-a-value", message).at(path).remedy("correct the value")
}

/// Parses a piece of an address such as a reference.
pub fn parse_part<T: FromStr<Err: Display + 'static>>(text: &str, path: &str) -> Result<T, Vec<Finding>> {
    let mut findings = Vec::new();
    note(text.parse(), path, &mut findings).ok_or(findings)
}
