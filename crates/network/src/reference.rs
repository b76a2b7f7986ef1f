//! What the tables share: rows, status, and the reference tables that stand beside the network.

use kervan_codes::CountryCode;
use kervan_model::{Provenance, ServiceStatus};
use kervan_units::Money;
use std::fmt;

/// The row that a thing comes from, so that every figure on the screen can be traced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowAt {
    /// File name, for example `links.csv`.
    pub file: &'static str,
    /// Line in the file, counted from 1; the header is line 1.
    pub line: u64,
}

impl fmt::Display for RowAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// Whether a place, link or service is in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// In use.
    Open,
    /// Not there yet.
    Planned {
        /// Calendar year of opening; the latest one announced.
        opens: i16,
    },
    /// There, but not to be relied on.
    Disrupted {
        /// Month since when, for example `2026-02`.
        since: Option<String>,
        /// Why.
        reason: String,
    },
}

impl Status {
    /// How far from use: 0 open, 1 disrupted, 2 planned. A service is never nearer to use than its links.
    pub(crate) fn distance_from_use(&self) -> u8 {
        match self {
            Self::Open => 0,
            Self::Disrupted { .. } => 1,
            Self::Planned { .. } => 2,
        }
    }
}

impl From<&Status> for ServiceStatus {
    fn from(status: &Status) -> Self {
        match status {
            Status::Open => Self::Open,
            Status::Planned { opens } => Self::Planned { opens: *opens },
            Status::Disrupted { reason, .. } => Self::Disrupted { reason: reason.clone() },
        }
    }
}

/// A text to show wherever the data of some files is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// What to show.
    pub text: String,
    /// Licence, for example `ODbL 1.0`.
    pub licence: String,
    /// The files it is about.
    pub files: Vec<String>,
}

/// Countries between which goods move without customs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomsUnionMember {
    /// Short name of the union.
    pub union: String,
    /// The member.
    pub country: CountryCode,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// What it is worth to have goods a day earlier, where nobody says it of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayValue {
    /// Id of the row.
    pub id: String,
    /// Per twenty-foot container; a forty-foot one counts twice.
    pub per_teu: Money,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// A yearly indicator of a border or a corridor, as published.
///
/// A speed with delay, a speed without delay and a border time of one country and year belong together:
/// 500 km / the first - 500 km / the second is the delay per 500 km.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BorderIndicator {
    /// Id of the row.
    pub id: String,
    /// Country; `None` for the mean of the region.
    pub country: Option<CountryCode>,
    /// Border crossing, or `national` for the mean of the country.
    pub crossing: String,
    /// `rail` or `road`.
    pub mode: kervan_model::Mode,
    /// `all`, `inbound` or `outbound`.
    pub direction: String,
    /// Name of the indicator.
    pub indicator: String,
    /// Calendar year.
    pub year: i16,
    /// Value as a decimal, as published.
    pub value: String,
    /// Unit, as published.
    pub unit: String,
    /// Where it comes from.
    pub provenance: Provenance,
}
