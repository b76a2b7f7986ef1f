//! Flows on the wire: freight shifted by a scenario.

use super::Provenance;
use kervan_codes::{CountryCode, PlaceCode};
use kervan_flows::freight::{
    self, Assignment, CorridorVolume, FreightData, ScenarioText, Shift, Spot, assign_both, read_scenario,
};
use kervan_model::LinkId;
use kervan_network::Network;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// One figure changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowChange {
    /// A link, a place or a corridor; for demand `all`, a kind of goods, a region, or `FROM>TO`.
    #[schema(example = "L020")]
    pub at: String,
    /// Times this; for hours this many more or fewer.
    pub by: f64,
}

/// A scenario of freight flows; empty: the base year as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FlowScenario {
    /// The year whose links are open and whose tariffs hold; without it that of the demand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
    /// Links, places and corridors that nothing passes.
    pub close: Vec<String>,
    /// Links that are used although they are planned or disrupted.
    pub open: Vec<String>,
    /// Capacities of links and places, times a factor.
    pub capacity: Vec<FlowChange>,
    /// Hours added to links and places.
    pub hours: Vec<FlowChange>,
    /// Prices of links and corridors, times a factor.
    pub price: Vec<FlowChange>,
    /// Demand, times a factor.
    pub demand: Vec<FlowChange>,
}

impl From<FlowScenario> for ScenarioText {
    fn from(scenario: FlowScenario) -> Self {
        let changes = |changes: Vec<FlowChange>| {
            changes.into_iter().map(|change| freight::Change { at: change.at, by: change.by }).collect()
        };
        Self {
            year: scenario.year,
            close: scenario.close,
            open: scenario.open,
            capacity: changes(scenario.capacity),
            hours: changes(scenario.hours),
            price: changes(scenario.price),
            demand: changes(scenario.demand),
        }
    }
}

/// Volume, mean price and mean time of a corridor.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CorridorFlow {
    /// TEU a year.
    pub teu: f64,
    /// Mean price of a forty-foot container in US dollars; absent without volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usd_per_feu: Option<f64>,
    /// Mean days, delays included; absent without volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<f64>,
}

impl From<CorridorVolume> for CorridorFlow {
    fn from(volume: CorridorVolume) -> Self {
        let there = |value: f64| (volume.teu > 0.0).then_some(value);
        Self { teu: volume.teu, usd_per_feu: there(volume.usd), days: there(volume.days) }
    }
}

/// A corridor before and after.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CorridorShift {
    /// Id; `none` for what uses no gate of any corridor.
    pub id: String,
    /// Name.
    pub name: String,
    /// As it is.
    pub before: CorridorFlow,
    /// In the scenario.
    pub after: CorridorFlow,
}

/// A volume before and after.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VolumeShift {
    /// Id of the directed link, the place or the country.
    pub id: String,
    /// Name.
    pub name: String,
    /// TEU a year as it is.
    pub before_teu: f64,
    /// TEU a year in the scenario.
    pub after_teu: f64,
}

/// How full a link or place is, before and after.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SpotShift {
    /// Id of the directed link or place.
    pub id: String,
    /// Name.
    pub name: String,
    /// TEU a year that it is made for, in the scenario.
    pub capacity_teu: f64,
    /// TEU a year of others, which the model does not move.
    pub other_teu: f64,
    /// TEU a year as it is.
    pub before_teu: f64,
    /// TEU a year in the scenario.
    pub after_teu: f64,
    /// Hours that volume adds as it is.
    pub before_added_hours: f64,
    /// Hours that volume adds in the scenario.
    pub after_added_hours: f64,
    /// Where the capacity comes from.
    pub provenance: Provenance,
}

/// A route of one demand, before and after.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RouteShift {
    /// Row of the demand table.
    pub demand: String,
    /// Kind of goods.
    pub commodity: String,
    /// Corridor; `none` if it uses no gate.
    pub corridor: String,
    /// Names of the places where goods get on, change and get off.
    pub stops: Vec<String>,
    /// Services in order.
    pub services: Vec<String>,
    /// TEU a year as it is.
    pub before_teu: f64,
    /// TEU a year in the scenario.
    pub after_teu: f64,
    /// Price of a forty-foot container in US dollars.
    pub usd_per_feu: f64,
    /// Days with delays.
    pub days: f64,
    /// Rides on it without any known price; they count as free.
    pub unpriced_rides: usize,
}

/// Demand that finds no route in the scenario.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnservedDemand {
    /// Row of the demand table.
    pub demand: String,
    /// Origin.
    pub from: String,
    /// Destination.
    pub to: String,
    /// TEU a year.
    pub teu: f64,
}

/// Freight before and after a scenario: the same demand and routes on both sides, but for what the scenario changes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FlowShift {
    /// What was asked.
    pub scenario: FlowScenario,
    /// The year of the demand.
    pub demand_year: i16,
    /// Version of the network.
    pub network_version: String,
    /// By corridor.
    pub corridors: Vec<CorridorShift>,
    /// By link and direction, largest change first.
    pub links: Vec<VolumeShift>,
    /// By place where goods get on, change or get off.
    pub places: Vec<VolumeShift>,
    /// By country that routes touch.
    pub countries: Vec<VolumeShift>,
    /// Links and places with a known capacity, fullest after first.
    pub spots: Vec<SpotShift>,
    /// The routes that change most, at most two hundred.
    pub routes: Vec<RouteShift>,
    /// Demand without a route in the scenario.
    pub unserved: Vec<UnservedDemand>,
    /// Share of demand that its costs would put elsewhere: zero at the equilibrium.
    pub gap: f64,
    /// What the figures rest on.
    pub assumptions: Vec<String>,
}

/// What every answer says of itself.
const ASSUMPTIONS: [&str; 4] = [
    "demand is given and does not grow or shrink with cost; its rows are judgements where no count is published",
    "worth of time, logit scale and delays are judgements; data/flows says why, row by row",
    "constants of the Middle Corridor and the northern route are fitted so that the base year has their published volumes",
    "a forty-foot container is two TEU; rides without a published or derived price count as free and are named",
];

/// The id of a corridor by number, or `none`.
fn corridor_id(data: &FreightData, corridor: Option<usize>) -> String {
    corridor.and_then(|number| data.corridors.get(number)).map_or("none".to_owned(), |one| one.id.clone())
}

/// Name of a place of the network.
pub(crate) fn place_name(network: &Network, code: &PlaceCode) -> String {
    network.find_place(code).map_or_else(|| code.to_string(), |place| place.name.clone())
}

/// Name of a link: its ends and mode.
pub(crate) fn link_name(network: &Network, id: &LinkId) -> String {
    network.find_link(id).map_or_else(
        || id.to_string(),
        |link| {
            format!("{} - {}, {}", place_name(network, &link.from), place_name(network, &link.to), link.mode)
        },
    )
}

fn shifts<K: Ord + Clone>(
    before: &BTreeMap<K, f64>,
    after: &BTreeMap<K, f64>,
    name: impl Fn(&K) -> (String, String),
) -> Vec<VolumeShift> {
    let keys: BTreeSet<&K> = before.keys().chain(after.keys()).collect();
    let of = |side: &BTreeMap<K, f64>, key: &K| side.get(key).copied().unwrap_or(0.0);
    let mut rows: Vec<VolumeShift> = keys
        .into_iter()
        .map(|key| {
            let (id, name) = name(key);
            VolumeShift { id, name, before_teu: of(before, key), after_teu: of(after, key) }
        })
        .collect();
    let change = |row: &VolumeShift| (row.after_teu - row.before_teu).abs();
    rows.sort_by(|one, other| {
        (change(other), other.before_teu)
            .partial_cmp(&(change(one), one.before_teu))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    rows
}

impl FlowShift {
    /// Computes a scenario. Errors: every finding of the scenario.
    pub fn compute(
        network: &Network,
        data: &FreightData,
        scenario: FlowScenario,
    ) -> Result<Self, Vec<kervan_model::Finding>> {
        let known = read_scenario(&scenario.clone().into(), network, data)?;
        Ok(Self::new(network, data, scenario, &assign_both(network, data, &known)))
    }

    fn new(network: &Network, data: &FreightData, scenario: FlowScenario, shift: &Shift) -> Self {
        let (before, after) = (&shift.before, &shift.after);
        let corridors = before.corridors.iter().zip(&after.corridors).enumerate();
        let corridors = corridors.map(|(number, (before, after))| CorridorShift {
            id: corridor_id(data, Some(number)),
            name: data
                .corridors
                .get(number)
                .map_or("No corridor (within a region)".to_owned(), |one| one.name.clone()),
            before: (*before).into(),
            after: (*after).into(),
        });
        Self {
            scenario,
            demand_year: data.year,
            network_version: network.version().to_owned(),
            corridors: corridors.collect(),
            links: shifts(&before.links, &after.links, |id: &LinkId| {
                (id.to_string(), link_name(network, id))
            }),
            places: shifts(&before.places, &after.places, |code: &PlaceCode| {
                (code.to_string(), place_name(network, code))
            }),
            countries: shifts(&before.countries, &after.countries, |country: &CountryCode| {
                (country.to_string(), country.to_string())
            }),
            spots: spots(network, data, before, after),
            routes: routes(network, data, before, after),
            unserved: after
                .unserved
                .iter()
                .map(|one| UnservedDemand {
                    demand: data.demand.get(one.row).map_or(String::new(), |row| row.id.clone()),
                    from: place_name(network, &one.from),
                    to: place_name(network, &one.to),
                    teu: one.teu,
                })
                .collect(),
            gap: before.gap.max(after.gap),
            assumptions: ASSUMPTIONS.map(str::to_owned).to_vec(),
        }
    }
}

fn spots(network: &Network, data: &FreightData, before: &Assignment, after: &Assignment) -> Vec<SpotShift> {
    let pairs = data.capacities.iter().zip(before.spots.iter().zip(&after.spots));
    let mut spots: Vec<SpotShift> = pairs
        .map(|(capacity, (before, after))| SpotShift {
            id: match &capacity.spot {
                Spot::Link(link) => link.to_string(),
                Spot::Place(place) => place.to_string(),
            },
            name: match &capacity.spot {
                Spot::Link(link) => link_name(network, link),
                Spot::Place(place) => place_name(network, place),
            },
            capacity_teu: after.capacity_teu,
            other_teu: after.other_teu,
            before_teu: before.teu,
            after_teu: after.teu,
            before_added_hours: before.added_hours,
            after_added_hours: after.added_hours,
            provenance: Provenance::from(&capacity.provenance),
        })
        .collect();
    let full = |spot: &SpotShift| (spot.after_teu + spot.other_teu) / spot.capacity_teu;
    spots.sort_by(|one, other| full(other).total_cmp(&full(one)));
    spots
}

fn routes(network: &Network, data: &FreightData, before: &Assignment, after: &Assignment) -> Vec<RouteShift> {
    /// Routes listed: those that change least are cut.
    const MOST: usize = 200;
    let mut rows: BTreeMap<(usize, Vec<String>), RouteShift> = BTreeMap::new();
    for (is_after, one) in
        before.routes.iter().map(|one| (false, one)).chain(after.routes.iter().map(|one| (true, one)))
    {
        let Some(demand) = data.demand.get(one.row) else { continue };
        let services: Vec<String> = one.way.services.iter().map(ToString::to_string).collect();
        let row = rows.entry((one.row, services.clone())).or_insert_with(|| RouteShift {
            demand: demand.id.clone(),
            commodity: data.commodities.get(demand.commodity).map_or(String::new(), |one| one.name.clone()),
            corridor: corridor_id(data, one.way.corridor),
            stops: one.way.stops.iter().map(|code| place_name(network, code)).collect(),
            services,
            before_teu: 0.0,
            after_teu: 0.0,
            usd_per_feu: one.way.usd,
            days: one.hours / 24.0,
            unpriced_rides: one.way.unpriced,
        });
        if is_after { row.after_teu += one.teu } else { row.before_teu += one.teu }
    }
    let mut rows: Vec<RouteShift> = rows.into_values().collect();
    let weight = |row: &RouteShift| ((row.after_teu - row.before_teu).abs(), row.after_teu);
    rows.sort_by(|one, other| weight(other).partial_cmp(&weight(one)).unwrap_or(std::cmp::Ordering::Equal));
    rows.truncate(MOST);
    rows
}

/// A published volume beside the model's.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PublishedVolume {
    /// Id of the row.
    pub id: String,
    /// What was counted.
    pub name: String,
    /// TEU a year, as published.
    pub published_teu: f64,
    /// TEU a year of the model.
    pub model_teu: f64,
    /// Whether a constant was fitted on it; if not, it was held out.
    pub fitted: bool,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// How a corridor's volume answers to a corridor's prices and times: percent per percent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CorridorElasticity {
    /// The corridor whose routes get dearer or slower.
    pub of: String,
    /// The corridor whose volume answers.
    pub on: String,
    /// To the price.
    pub price: f64,
    /// To the time.
    pub time: f64,
}

/// The base year: what is published beside what the model says, and elasticities.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FlowBase {
    /// The year.
    pub year: i16,
    /// Published volumes.
    pub published: Vec<PublishedVolume>,
    /// Elasticities of the corridors.
    pub elasticities: Vec<CorridorElasticity>,
}

impl FlowBase {
    /// Computes the base year.
    pub fn compute(network: &Network, data: &FreightData) -> Self {
        let held = freight::compare_published(network, data);
        let published = held.iter().filter_map(|held| {
            let row = data.published.get(held.row)?;
            Some(PublishedVolume {
                id: row.id.clone(),
                name: row.name.clone(),
                published_teu: row.teu,
                model_teu: held.model_teu,
                fitted: row.fitted,
                provenance: Provenance::from(&row.provenance),
            })
        });
        let elasticities = freight::elasticities(network, data, &freight::Scenario::unchanged(data));
        let elasticities = elasticities.into_iter().map(|one| CorridorElasticity {
            of: corridor_id(data, Some(one.of)),
            on: corridor_id(data, Some(one.on)),
            price: one.price,
            time: one.time,
        });
        Self { year: data.year, published: published.collect(), elasticities: elasticities.collect() }
    }
}
