//! Matrices and isochrones on the wire.

use super::figures::Money;
use super::finding::Finding;
use super::plan::{PlanRequest, name_of};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_model::Itinerary as ModelItinerary;
use kervan_network::Network;
use kervan_planning as planning;
use kervan_units::Seconds;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Samples of each pair: a matrix shows three quantiles of a day or more, which needs fewer than a plan does.
const SAMPLES: u32 = 400;

/// Many origins, many destinations.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MatrixRequest {
    /// What is asked of each pair; its own `from` and `to` are replaced by each pair's.
    pub plan: PlanRequest,
    /// Place codes of the origins.
    pub from: Vec<String>,
    /// Place codes of the destinations.
    pub to: Vec<String>,
}

/// How far goods get from a place.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IsochroneRequest {
    /// What is asked; its `to` does not matter.
    pub plan: PlanRequest,
    /// The time, in days.
    #[schema(example = 15.0)]
    pub within_days: f64,
}

/// What was asked of each pair, and what the plans say.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Matrix {
    /// Version of the network.
    pub network_version: String,
    /// When the goods are ready.
    #[schema(value_type = String)]
    pub ready: Timestamp,
    /// One for each pair, origin by origin.
    pub pairs: Vec<MatrixPair>,
}

/// What the plan of a pair says in short; `POST /api/plans` says the rest.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MatrixPair {
    /// Place code of the origin.
    pub from: String,
    /// Place code of the destination.
    pub to: String,
    /// Days to the arrival of the fastest way, with odds; none if there is no way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<DayOdds>,
    /// Typical cost of the fastest way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Money>,
    /// Typical cost of the cheapest way, as far as it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_cost: Option<Money>,
    /// Median days of the cheapest way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_cost_days: Option<f64>,
    /// Emissions of the way that has the least, in kilograms of CO2e.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_co2e_kg: Option<f64>,
    /// Ways that no other one beats.
    pub ways: usize,
    /// Why there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// Days from the readiness of the goods to their arrival: one in ten is earlier than `p10`, one in ten later than `p90`.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct DayOdds {
    /// One in ten arrives before.
    pub p10: f64,
    /// Half arrive before.
    pub p50: f64,
    /// Nine in ten arrive before.
    pub p90: f64,
}

/// An isochrone as GeoJSON (RFC 7946): the ground as polygons by parts of the time, places as points, rides as lines.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IsochroneFeatures {
    /// `FeatureCollection`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is and what it is not.
    pub note: String,
    /// Places that are reached later, or not at all.
    pub beyond: usize,
    /// Areas, the widest first, then places nearest first, then rides in order of departure.
    pub features: Vec<IsochroneFeature>,
}

/// A place that is reached, or a ride as far as it is done.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IsochroneFeature {
    /// `Feature`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where.
    pub geometry: IsochroneGeometry,
    /// What.
    pub properties: IsochroneProperties,
}

/// A point, a line with two ends, or polygons.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IsochroneGeometry {
    /// `Point`, `LineString` or `MultiPolygon`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Longitude and latitude; of a line a list of two of them, of polygons their closed rings.
    #[schema(value_type = Vec<Value>)]
    pub coordinates: Value,
}

impl IsochroneGeometry {
    fn point([lon, lat]: [f64; 2]) -> Self {
        Self { kind: "Point".to_owned(), coordinates: serde_json::json!([lon, lat]) }
    }

    fn polygons(polygons: &[planning::Polygon]) -> Self {
        Self { kind: "MultiPolygon".to_owned(), coordinates: serde_json::json!(polygons) }
    }

    fn line(from: [f64; 2], to: [f64; 2]) -> Self {
        Self { kind: "LineString".to_owned(), coordinates: serde_json::json!([from, to]) }
    }
}

/// What a feature of an isochrone is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum IsochroneProperties {
    /// The ground that is reached within a part of the time.
    Area {
        /// The part, in days.
        within_days: f64,
    },
    /// Where the goods are ready.
    Origin {
        /// Place code.
        code: String,
        /// Its name.
        name: String,
    },
    /// A place that is reached.
    Place {
        /// Place code.
        code: String,
        /// Its name.
        name: String,
        /// Days to the arrival of the fastest way.
        days: DayOdds,
    },
    /// A ride towards one, or beyond.
    Ride {
        /// Its service.
        service: String,
        /// Name of the service.
        name: String,
        /// Place code where it begins.
        from: String,
        /// Place code where it ends.
        to: String,
        /// Median days to its departure.
        departs_days: f64,
        /// Median days to its arrival.
        arrives_days: f64,
        /// How much of it is done within the time, at an even pace along a straight line between its places: from 0 to 1.
        done: f64,
    },
}

fn days(seconds: Seconds) -> f64 {
    (seconds.as_hours_f64() / 24.0 * 100.0).round() / 100.0
}

fn days_of(itinerary: &ModelItinerary) -> DayOdds {
    let after = |instant| days(Seconds::between(itinerary.departs, instant));
    let odds = itinerary.arrives;
    DayOdds { p10: after(odds.p10), p50: after(odds.p50), p90: after(odds.p90) }
}

fn read_places(codes: &[String], field: &str) -> Result<Vec<PlaceCode>, Vec<kervan_model::Finding>> {
    let mut findings = Vec::new();
    let mut places = Vec::new();
    for (index, code) in codes.iter().enumerate() {
        match code.parse::<PlaceCode>() {
            Ok(place) => places.push(place),
            Err(error) => findings.push(
                kervan_model::Finding::error("request.not-a-value", error.to_string())
                    .at(format!("/{field}/{index}"))
                    .remedy("correct the value"),
            ),
        }
    }
    if findings.is_empty() { Ok(places) } else { Err(findings) }
}

/// Findings of a matrix as those of an isochrone, whose one origin stands in the plan.
fn of_plan(mut findings: Vec<kervan_model::Finding>) -> Vec<kervan_model::Finding> {
    for finding in findings.iter_mut().filter(|finding| finding.path.as_deref() == Some("/from/0")) {
        finding.path = Some("/plan/from".to_owned());
    }
    findings
}

fn options_of(plan: &PlanRequest) -> planning::PlanOptions {
    planning::PlanOptions { samples: SAMPLES, ..plan.options() }
}

impl MatrixRequest {
    /// Plans every pair. Errors: every finding at once.
    pub fn answer(
        &self,
        network: &Network,
        learned: &planning::Learned,
    ) -> Result<Matrix, Vec<kervan_model::Finding>> {
        let (from, to) = (read_places(&self.from, "from")?, read_places(&self.to, "to")?);
        let request = self.plan.read()?;
        let pairs = planning::plan_matrix(network, &request, &from, &to, &options_of(&self.plan), learned)?;
        Ok(Matrix {
            network_version: network.version().to_owned(),
            ready: request.ready,
            pairs: pairs.iter().map(MatrixPair::from).collect(),
        })
    }
}

impl From<&planning::Reached> for MatrixPair {
    fn from(reached: &planning::Reached) -> Self {
        let cheapest = reached.cheapest.as_ref();
        Self {
            from: reached.from.to_string(),
            to: reached.to.to_string(),
            days: reached.fastest.as_ref().map(days_of),
            cost: reached.fastest.as_ref().map(|way| way.cost.total.into()),
            least_cost: cheapest.map(|way| way.cost.total.into()),
            least_cost_days: cheapest.map(|way| days_of(way).p50),
            least_co2e_kg: reached.cleanest.as_ref().map(|way| (way.carbon.grams() as f64 / 1e3).round()),
            ways: reached.ways,
            findings: reached.findings.iter().map(Finding::from).collect(),
        }
    }
}

impl IsochroneRequest {
    /// Plans to every place. Errors: every finding at once.
    pub fn answer(
        &self,
        network: &Network,
        learned: &planning::Learned,
    ) -> Result<IsochroneFeatures, Vec<kervan_model::Finding>> {
        if !(0.0..=365.0).contains(&self.within_days) {
            let message = format!("{} days are no time to reach a place in", self.within_days);
            return Err(vec![
                kervan_model::Finding::error("planning.within", message)
                    .at("/within_days")
                    .remedy("give a number of days up to 365"),
            ]);
        }
        let request = self.plan.read()?;
        let within = Seconds::new((self.within_days * 86_400.0).round() as u64);
        let options = options_of(&self.plan);
        let isochrone =
            planning::plan_isochrone(network, &request, within, &options, learned).map_err(of_plan)?;
        Ok(IsochroneFeatures::new(&isochrone, network))
    }
}

impl IsochroneFeatures {
    fn new(isochrone: &planning::Isochrone, network: &Network) -> Self {
        let point =
            |code: &PlaceCode| network.find_place(code).map(|place| [place.point.lon(), place.point.lat()]);
        let feature =
            |geometry, properties| IsochroneFeature { kind: "Feature".to_owned(), geometry, properties };
        let name = |code: &PlaceCode| (code.to_string(), name_of(network, code));
        let (code, origin) = name(&isochrone.from);
        let mut features = Vec::new();
        for area in isochrone.areas.iter().rev().filter(|area| !area.polygons.is_empty()) {
            let properties = IsochroneProperties::Area { within_days: days(area.within) };
            features.push(feature(IsochroneGeometry::polygons(&area.polygons), properties));
        }
        features.extend(point(&isochrone.from).map(|at| {
            feature(IsochroneGeometry::point(at), IsochroneProperties::Origin { code, name: origin })
        }));
        for reached in &isochrone.places {
            let ((code, name), Some(fastest)) = (name(&reached.to), reached.fastest.as_ref()) else {
                continue;
            };
            let properties = IsochroneProperties::Place { code, name, days: days_of(fastest) };
            features.extend(point(&reached.to).map(|at| feature(IsochroneGeometry::point(at), properties)));
        }
        for part in &isochrone.rides {
            let (Some([x, y]), Some([u, v])) = (point(&part.leg.from), point(&part.leg.to)) else { continue };
            let done = f64::from(part.done) / 1e3;
            let end = [x + (u - x) * done, y + (v - y) * done];
            let properties = IsochroneProperties::Ride {
                service: part.leg.service.to_string(),
                name: part.leg.name.clone(),
                from: part.leg.from.to_string(),
                to: part.leg.to.to_string(),
                departs_days: days(part.departs_after),
                arrives_days: days(part.arrives_after),
                done,
            };
            features.push(feature(IsochroneGeometry::line([x, y], end), properties));
        }
        Self {
            kind: "FeatureCollection".to_owned(),
            note: format!(
                "Days are medians of the fastest way of each place. Lines join the places of a ride straight and at an even pace; \
                 where the time ends within a ride, the end of its line is interpolated. Areas lie around places as far as a truck \
                 gets in the time that is left ({} km a day, {} km at most: a judgement) and {} km along rides, where goods are \
                 under way and cannot be had.",
                planning::limits::ROAD_KM_PER_DAY,
                planning::limits::AREA_REACH_KM,
                planning::limits::AREA_STRIP_KM
            ),
            beyond: isochrone.beyond,
            features,
        }
    }
}
