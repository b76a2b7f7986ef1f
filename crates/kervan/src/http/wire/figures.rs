//! Figures as they stand on the wire: durations in hours, distances in kilometres, money as decimals.

use kervan_model::Provenance as ModelProvenance;
use kervan_units::{Distance, Estimate, Money as UnitMoney, Seconds};
use serde::Serialize;
use utoipa::ToSchema;

/// Source, period and confidence of a figure.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Provenance {
    /// Publication and date, or `judgement`.
    pub source: String,
    /// The period that it speaks of.
    pub period: String,
    /// `high`, `medium` or `low`.
    pub confidence: Confidence,
}

/// How far a figure can be trusted.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// A judgement, or general knowledge that nobody looked up.
    Low,
    /// One secondary source.
    Medium,
    /// An official or named source.
    High,
}

impl From<kervan_model::Confidence> for Confidence {
    fn from(confidence: kervan_model::Confidence) -> Self {
        match confidence {
            kervan_model::Confidence::Low => Self::Low,
            kervan_model::Confidence::Medium => Self::Medium,
            kervan_model::Confidence::High => Self::High,
        }
    }
}

impl From<&ModelProvenance> for Provenance {
    fn from(from: &ModelProvenance) -> Self {
        Self { source: from.source.clone(), period: from.period.clone(), confidence: from.confidence.into() }
    }
}

/// A quantity known by three points.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ThreePoints {
    /// Least.
    pub min: f64,
    /// Typical.
    pub typ: f64,
    /// Greatest.
    pub max: f64,
}

impl ThreePoints {
    /// Hours of a duration, to the hundredth.
    pub fn hours(from: Estimate<Seconds>) -> Self {
        let hours = |seconds: Seconds| (seconds.as_hours_f64() * 100.0).round() / 100.0;
        Self { min: hours(from.min()), typ: hours(from.typ()), max: hours(from.max()) }
    }

    /// Kilometres of a distance, to the tenth.
    pub fn kilometres(from: Estimate<Distance>) -> Self {
        let km = |distance: Distance| (distance.as_kilometres_f64() * 10.0).round() / 10.0;
        Self { min: km(from.min()), typ: km(from.typ()), max: km(from.max()) }
    }
}

/// An amount of money: a decimal and its currency.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Money {
    /// Exact decimal of major units.
    #[schema(example = "1200.50")]
    pub amount: String,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
}

impl From<UnitMoney> for Money {
    fn from(money: UnitMoney) -> Self {
        Self { amount: money.to_decimal(), currency: money.currency().to_string() }
    }
}
