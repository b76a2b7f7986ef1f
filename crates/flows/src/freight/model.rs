//! Demand spread over routes at equilibrium, as it is and in a scenario.

use super::data::{FreightData, Spot, without_direction};
use super::ground::Ground;
use super::scenario::{At, Of, Scenario};
use super::ways::{Way, find_ways, way_of};
use crate::{Delay, Demand, DemandRoute, cost_at, find_equilibrium, path_sizes};
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{LinkId, ServiceId};
use kervan_network::Network;
use std::collections::{BTreeMap, BTreeSet};

/// Demand between two places, as it stands in the model.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Key {
    /// Row of the demand table, by number.
    pub(crate) row: usize,
    pub(crate) from: PlaceCode,
    pub(crate) to: PlaceCode,
}

/// The numbers that an equilibrium is found for, and what they stand for.
pub(crate) struct Model<'d> {
    pub(crate) data: &'d FreightData,
    pub(crate) delays: Vec<Delay>,
    pub(crate) demands: Vec<Demand>,
    pub(crate) keys: Vec<Key>,
    pub(crate) ways: Vec<Vec<Way>>,
    pub(crate) unserved: Vec<Unserved>,
}

/// Demand for which there is no route at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Unserved {
    /// Row of the demand table, by number.
    pub row: usize,
    /// Origin.
    pub from: PlaceCode,
    /// Destination.
    pub to: PlaceCode,
    /// Volume. Unit: TEU a year.
    pub teu: f64,
}

/// How full a link or place is.
#[derive(Clone, Debug, PartialEq)]
pub struct SpotLoad {
    /// Where.
    pub spot: Spot,
    /// Volume of the model. Unit: TEU a year.
    pub teu: f64,
    /// Volume of others. Unit: TEU a year.
    pub other_teu: f64,
    /// What it is made for. Unit: TEU a year.
    pub capacity_teu: f64,
    /// What the volume adds to the time it takes empty. Unit: hour.
    pub added_hours: f64,
}

/// Volume, mean price and mean time of the routes of a corridor.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CorridorVolume {
    /// Unit: TEU a year.
    pub teu: f64,
    /// Mean price of a forty-foot container. Unit: US dollar.
    pub usd: f64,
    /// Mean time with delays. Unit: day.
    pub days: f64,
}

/// The volume on one route of one demand.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteVolume {
    /// Row of the demand table, by number.
    pub row: usize,
    /// The route.
    pub way: Way,
    /// Unit: TEU a year.
    pub teu: f64,
    /// Time with delays. Unit: hour.
    pub hours: f64,
}

/// How all demand spreads.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// By corridor, in the order of the table; last what uses no gate.
    pub corridors: Vec<CorridorVolume>,
    /// By directed link.
    pub links: BTreeMap<LinkId, f64>,
    /// By place where goods get on, change or get off.
    pub places: BTreeMap<PlaceCode, f64>,
    /// By country that a route touches.
    pub countries: BTreeMap<CountryCode, f64>,
    /// Links and places with a capacity, in the order of the table.
    pub spots: Vec<SpotLoad>,
    /// Every route that takes a tenth of a TEU or more, largest first.
    pub routes: Vec<RouteVolume>,
    /// What finds no route.
    pub unserved: Vec<Unserved>,
    /// Share of demand that its costs would put elsewhere.
    pub gap: f64,
    /// Steps of the search.
    pub steps: usize,
}

/// The same routes before and after a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// Nothing changed.
    pub before: Assignment,
    /// With the scenario.
    pub after: Assignment,
}

/// Chains of services that a pair of places can use, by pair.
type Chains = BTreeMap<(PlaceCode, PlaceCode), BTreeSet<Vec<ServiceId>>>;

fn collect_chains(ground: &Ground<'_>, data: &FreightData, chains: &mut Chains) {
    for (from, to) in list_pairs(data) {
        let found = find_ways(ground, data, &from, &to).into_iter().map(|way| way.services);
        chains.entry((from, to)).or_default().extend(found);
    }
}

fn list_pairs(data: &FreightData) -> BTreeSet<(PlaceCode, PlaceCode)> {
    let mut pairs = BTreeSet::new();
    for row in &data.demand {
        for (from, _) in &data.regions[row.from].places {
            pairs.extend(data.regions[row.to].places.iter().map(|(to, _)| (from.clone(), to.clone())));
        }
    }
    pairs.retain(|(from, to)| from != to);
    pairs
}

/// Spreads demand in a scenario.
pub fn assign(network: &Network, data: &FreightData, scenario: &Scenario) -> Assignment {
    Model::of_scenario(network, data, scenario).assignment()
}

/// Spreads demand as it is and in a scenario. Each choice has the same routes on both sides, but for those that are closed.
pub fn assign_both(network: &Network, data: &FreightData, scenario: &Scenario) -> Shift {
    let base = Ground::new(network, data, &Scenario::unchanged(data));
    let changed = Ground::new(network, data, scenario);
    let mut chains = Chains::new();
    collect_chains(&base, data, &mut chains);
    collect_chains(&changed, data, &mut chains);
    Shift {
        before: Model::new(&base, data, &Scenario::unchanged(data), &chains).assignment(),
        after: Model::new(&changed, data, scenario, &chains).assignment(),
    }
}

impl<'d> Model<'d> {
    pub(crate) fn of_scenario(network: &Network, data: &'d FreightData, scenario: &Scenario) -> Self {
        let ground = Ground::new(network, data, scenario);
        let mut chains = Chains::new();
        collect_chains(&ground, data, &mut chains);
        Self::new(&ground, data, scenario, &chains)
    }

    fn new(ground: &Ground<'_>, data: &'d FreightData, scenario: &Scenario, chains: &Chains) -> Self {
        let mut model = Self {
            data,
            delays: delays_of(data, scenario),
            demands: Vec::new(),
            keys: Vec::new(),
            ways: Vec::new(),
            unserved: Vec::new(),
        };
        let rides: BTreeMap<&ServiceId, usize> =
            ground.rides.iter().enumerate().map(|(number, ride)| (&ride.service.id, number)).collect();
        for row in 0..data.demand.len() {
            let volume = data.demand[row].teu * demand_factor(data, scenario, row);
            for (from, from_share) in &data.regions[data.demand[row].from].places {
                for (to, to_share) in &data.regions[data.demand[row].to].places {
                    let key = Key { row, from: from.clone(), to: to.clone() };
                    let known = chains.get(&(from.clone(), to.clone())).into_iter().flatten();
                    let usable = known.filter_map(|chain| {
                        chain
                            .iter()
                            .map(|service| rides.get(service).copied())
                            .collect::<Option<Vec<usize>>>()
                    });
                    let ways = usable.map(|rides| way_of(ground, &rides)).collect();
                    model.push(ground, scenario, key, volume * from_share * to_share, ways);
                }
            }
        }
        model
    }

    fn push(&mut self, ground: &Ground<'_>, scenario: &Scenario, key: Key, teu: f64, ways: Vec<Way>) {
        if teu <= 0.0 || key.from == key.to {
            return;
        }
        if ways.is_empty() {
            self.unserved.push(Unserved { row: key.row, from: key.from, to: key.to, teu });
            return;
        }
        let commodity = &self.data.commodities[self.data.demand[key.row].commodity];
        let hour_value = commodity.usd_per_day / 24.0;
        let sizes = path_sizes(&ways.iter().map(|way| parts(ground, way)).collect::<Vec<_>>());
        let routes = ways.iter().zip(sizes).map(|(way, size)| DemandRoute {
            cost: self.price(scenario, way) + self.constant(way) + hour_value * way.hours,
            delays: self.delays_on(way),
            size: size.powf(commodity.overlap),
        });
        let routes = routes.collect();
        self.demands.push(Demand { volume: teu, hour_value, scale: commodity.scale, routes });
        self.keys.push(key);
        self.ways.push(ways);
    }

    /// Makes every route of a corridor dearer.
    pub(crate) fn add_to_corridor(&mut self, corridor: usize, usd: f64) {
        for (demand, ways) in self.demands.iter_mut().zip(&self.ways) {
            for (route, _) in
                demand.routes.iter_mut().zip(ways).filter(|(_, way)| way.corridor == Some(corridor))
            {
                route.cost += usd;
            }
        }
    }

    fn constant(&self, way: &Way) -> f64 {
        way.corridor.map_or(0.0, |corridor| self.data.corridors[corridor].constant_usd)
    }

    fn price(&self, scenario: &Scenario, way: &Way) -> f64 {
        let of_corridor = |at: &At| matches!(at, At::Corridor(corridor) if Some(*corridor) == way.corridor);
        scenario.price.iter().filter(|(at, _)| of_corridor(at)).fold(way.usd, |usd, (_, factor)| usd * factor)
    }

    fn delays_on(&self, way: &Way) -> Vec<usize> {
        let on = |spot: &Spot| match spot {
            Spot::Link(link) => way.links.contains(link),
            Spot::Place(place) => way.stops.contains(place),
        };
        let capacities = self.data.capacities.iter().enumerate();
        capacities.filter(|(_, capacity)| on(&capacity.spot)).map(|(number, _)| number).collect()
    }

    pub(crate) fn assignment(&self) -> Assignment {
        let found = find_equilibrium(&self.delays, &self.demands, None);
        let mut assignment = Assignment {
            corridors: vec![CorridorVolume::default(); self.data.corridors.len() + 1],
            links: BTreeMap::new(),
            places: BTreeMap::new(),
            countries: BTreeMap::new(),
            spots: Vec::new(),
            routes: Vec::new(),
            unserved: self.unserved.clone(),
            gap: found.gap,
            steps: found.steps,
        };
        for (number, volumes) in found.volumes.iter().enumerate() {
            for (route, teu) in volumes.iter().enumerate() {
                self.add(&mut assignment, &found.loads, (number, route), *teu);
            }
        }
        for corridor in assignment.corridors.iter_mut().filter(|corridor| corridor.teu > 0.0) {
            corridor.usd /= corridor.teu;
            corridor.days /= corridor.teu;
        }
        let capacities = self.data.capacities.iter().zip(&self.delays).zip(&found.loads);
        assignment.spots.extend(capacities.map(|((capacity, delay), teu)| SpotLoad {
            spot: capacity.spot.clone(),
            teu: *teu,
            other_teu: delay.other,
            capacity_teu: delay.capacity,
            added_hours: delay.at(*teu),
        }));
        assignment.routes.sort_by(|one, other| other.teu.total_cmp(&one.teu));
        assignment
    }

    fn add(&self, sum: &mut Assignment, loads: &[f64], (number, route): (usize, usize), teu: f64) {
        /// Below this a route is not listed.
        const LEAST_LISTED: f64 = 0.1;
        let (demand, way) = (&self.demands[number], &self.ways[number][route]);
        let taken = &demand.routes[route];
        let delay_hours = (cost_at(&self.delays, loads, demand, taken) - taken.cost) / demand.hour_value;
        let hours = way.hours + delay_hours;
        if let Some(corridor) = sum.corridors.get_mut(way.corridor.unwrap_or(self.data.corridors.len())) {
            corridor.teu += teu;
            corridor.usd += teu * way.usd;
            corridor.days += teu * hours / 24.0;
        }
        for link in &way.links {
            *sum.links.entry(link.clone()).or_default() += teu;
        }
        for place in &way.stops {
            *sum.places.entry(place.clone()).or_default() += teu;
        }
        for country in &way.countries {
            *sum.countries.entry(*country).or_default() += teu;
        }
        if teu >= LEAST_LISTED {
            sum.routes.push(RouteVolume { row: self.keys[number].row, way: way.clone(), teu, hours });
        }
    }
}

/// Links with their lengths, whatever the direction.
fn parts(ground: &Ground<'_>, way: &Way) -> Vec<(LinkId, f64)> {
    let length = |link: &LinkId| {
        ground.network.find_link(link).map_or(0.0, |link| link.distance.typ().metres() as f64 / 1e3)
    };
    way.links.iter().map(|link| (without_direction(link), length(link))).collect()
}

fn delays_of(data: &FreightData, scenario: &Scenario) -> Vec<Delay> {
    let changed = |capacity: &super::Capacity| {
        let here = |at: &At| match (at, &capacity.spot) {
            (At::Link(link), Spot::Link(own)) => *link == without_direction(own),
            (At::Place(place), Spot::Place(own)) => place == own,
            _ => false,
        };
        let factor: f64 =
            scenario.capacity.iter().filter(|(at, _)| here(at)).map(|(_, factor)| factor).product();
        Delay { capacity: capacity.delay.capacity * factor, ..capacity.delay }
    };
    data.capacities.iter().map(changed).collect()
}

fn demand_factor(data: &FreightData, scenario: &Scenario, row: usize) -> f64 {
    let demand = &data.demand[row];
    let of = |of: &Of| match of {
        Of::All => true,
        Of::Commodity(commodity) => demand.commodity == *commodity,
        Of::Region(region) => demand.from == *region || demand.to == *region,
        Of::Pair(from, to) => demand.from == *from && demand.to == *to,
    };
    scenario.demand.iter().filter(|(what, _)| of(what)).map(|(_, factor)| factor).product()
}
