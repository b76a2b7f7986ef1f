//! Links: the way between two places, whoever rides it.

use crate::{RowAt, Status};
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{LinkId, Mode, Provenance};
use kervan_units::{Distance, Estimate, GeoPoint};

/// A directed link. A row for both directions gives two: `L020` and `L020R`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Id; ends in `R` for the opposite direction of a row.
    pub id: LinkId,
    /// Where it starts.
    pub from: PlaceCode,
    /// Where it ends.
    pub to: PlaceCode,
    /// Mode.
    pub mode: Mode,
    /// Length of the way. Unit: metre.
    pub distance: Estimate<Distance>,
    /// Track gauge, for rail and rail ferries. Unit: millimetre.
    pub gauge_mm: Option<u16>,
    /// What pulls the train or which ship sails.
    pub traction: Option<Traction>,
    /// Countries in travel order, ends included.
    pub countries: Vec<CountryCode>,
    /// The simplified real course, in travel direction, from place to place. At least two points.
    pub course: Vec<GeoPoint>,
    /// Where the course comes from; `None` if it is only the straight line.
    pub course_licence: Option<CourseLicence>,
    /// Whether it is in use.
    pub status: Status,
    /// Who runs it, in words.
    pub operator: String,
    /// Whether the opposite direction is a link too.
    pub two_way: bool,
    /// Where the distance comes from.
    pub provenance: Provenance,
    /// Remark for people; empty if there is none.
    pub note: String,
    /// Its row.
    pub at: RowAt,
}

impl Link {
    /// The country, if the whole link lies in one.
    pub fn only_country(&self) -> Option<CountryCode> {
        let first = *self.countries.first()?;
        self.countries.iter().all(|country| *country == first).then_some(first)
    }

    /// Length of the course. Unit: metre.
    pub fn course_length_m(&self) -> f64 {
        course_length_m(&self.course)
    }
}

/// Length of a line of points on the great circle. Unit: metre.
pub(crate) fn course_length_m(course: &[GeoPoint]) -> f64 {
    course.iter().zip(course.iter().skip(1)).map(|(a, b)| a.great_circle_m(*b)).sum()
}

/// Under which terms a course stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CourseLicence {
    /// Free of share-alike terms: Natural Earth, searoute, hand-placed points.
    Free,
    /// Contains lines or points of OpenStreetMap: ODbL 1.0.
    OpenDatabase,
}

/// What pulls the train, or which kind of ship sails: what the emissions depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Traction {
    /// Electric locomotive.
    Electric,
    /// Diesel locomotive.
    Diesel,
    /// Partly electric, partly diesel, or not known.
    Mixed,
    /// Container feeder of a closed or narrow sea.
    FeederShip,
    /// Large container ship of the ocean trades.
    DeepSeaShip,
}

impl Traction {
    /// Every traction with its word in the tables.
    pub const WORDS: &'static [(&'static str, Traction)] = &[
        ("electric", Self::Electric),
        ("diesel", Self::Diesel),
        ("mixed", Self::Mixed),
        ("feeder_ship", Self::FeederShip),
        ("deep_sea_ship", Self::DeepSeaShip),
    ];
}
