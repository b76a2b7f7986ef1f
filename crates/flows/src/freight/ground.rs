//! What rides and stays take: money and hours, for one forty-foot container in one scenario.

use super::data::{FreightData, Spot, without_direction};
use super::scenario::{At, Scenario};
use crate::{LayerFile, LayerLink, LayerPlace};
use jiff::civil::{Date, date};
use kervan_codes::PlaceCode;
use kervan_model::{LinkId, Mode, TrafficClass};
use kervan_network::{Network, Process, Runs, Service, Status, TariffUnit};
use kervan_units::{Estimate, Seconds};
use std::collections::BTreeMap;

/// Length of a truck with trailer. Unit: metre. Source: Caspian ferry tariff page.
const TRUCK_METRES: f64 = 16.5;
/// Length of a container wagon over its couplers. Unit: metre.
const WAGON_METRES: f64 = 14.62;

/// A service that may be used.
#[derive(Clone, Debug)]
pub(crate) struct Ride<'n> {
    pub(crate) service: &'n Service,
    /// Unit: US dollar.
    pub(crate) usd: f64,
    /// Unit: hour.
    pub(crate) hours: f64,
    /// Whether no price is known at all.
    pub(crate) unpriced: bool,
    /// Corridors one of whose gates it rides.
    pub(crate) gates: Vec<usize>,
}

/// What a stay takes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stay {
    pub(crate) usd: f64,
    pub(crate) hours: f64,
}

/// The rides of a scenario with every stay between two of them.
pub(crate) struct Ground<'n> {
    pub(crate) network: &'n Network,
    pub(crate) rides: Vec<Ride<'n>>,
    /// For each ride those that can follow, with the stay between.
    pub(crate) next: Vec<Vec<(usize, Stay)>>,
    pub(crate) from: BTreeMap<&'n PlaceCode, Vec<usize>>,
    place_hours: Vec<(PlaceCode, f64)>,
}

impl<'n> Ground<'n> {
    pub(crate) fn new(network: &'n Network, data: &FreightData, scenario: &Scenario) -> Self {
        let day = date(scenario.year, 7, 1);
        let place_hours = scenario.hours.iter().filter_map(|(at, hours)| match at {
            At::Place(place) => Some((place.clone(), *hours)),
            At::Link(_) | At::Corridor(_) => None,
        });
        let mut ground = Self {
            network,
            rides: Vec::new(),
            next: Vec::new(),
            from: BTreeMap::new(),
            place_hours: place_hours.collect(),
        };
        for service in network.list_services().filter(|service| allows(network, scenario, service)) {
            ground.from.entry(&service.from).or_default().push(ground.rides.len());
            ground.rides.push(ride(network, data, scenario, service, day));
        }
        let follow = |number: usize| -> Vec<(usize, Stay)> {
            let ride = &ground.rides[number];
            let others = ground.from.get(&ride.service.to).into_iter().flatten();
            others
                .filter(|other| can_follow(ride.service, ground.rides[**other].service))
                .map(|other| (*other, ground.stay(&ride.service.to, Some(number), Some(*other))))
                .collect()
        };
        let next = (0..ground.rides.len()).map(follow).collect();
        ground.next = next;
        ground
    }

    /// What happens at a place between two rides, before the first or after the last.
    pub(crate) fn stay(&self, place: &PlaceCode, arriving: Option<usize>, departing: Option<usize>) -> Stay {
        let service = |number: Option<usize>| number.map(|number| self.rides[number].service);
        let (before, after) = (service(arriving), service(departing));
        let processes = self.network.processes_of_stay(place, before, after);
        let mut stay = Stay::default();
        for process in &processes {
            stay.hours += mean_hours(process.duration);
            stay.usd += process_usd(process);
        }
        if !processes.iter().any(|process| process.includes_waiting) {
            stay.hours += after.map_or(0.0, |service| wait_hours(service.runs));
        }
        let added = self.place_hours.iter().filter(|(at, _)| at == place).map(|(_, hours)| hours);
        stay.hours = (stay.hours + added.sum::<f64>()).max(0.0);
        stay
    }
}

/// Whether a service may be used: it and everything that it rides is open, was not disrupted yet, or is opened; nothing on it
/// is closed.
fn allows(network: &Network, scenario: &Scenario, service: &Service) -> bool {
    let open = |status: &Status| match status {
        Status::Open => true,
        Status::Planned { opens } => *opens <= scenario.year,
        Status::Disrupted { since, .. } => {
            let year = since.as_deref().and_then(|month| month.get(..4)?.parse::<i16>().ok());
            year.is_some_and(|year| year > scenario.year)
        }
    };
    let opened = |link: &LinkId| scenario.opened.contains(&without_direction(link));
    let any_opened = service.links.iter().any(opened);
    let links = || network.links_of_service(&service.id);
    let place_open = |code: &PlaceCode| {
        !scenario.closed_places.contains(code)
            && (any_opened || network.find_place(code).is_some_and(|place| open(&place.status)))
    };
    (any_opened || open(&service.status))
        && links().all(|link| {
            !scenario.closed_links.contains(&without_direction(&link.id))
                && (opened(&link.id) || open(&link.status))
                && place_open(&link.from)
                && place_open(&link.to)
        })
}

/// Nobody loads a container onto a truck only for the crossing, and no train turns back where it came from.
fn can_follow(service: &Service, next: &Service) -> bool {
    let on_ferry = |service: &Service| service.class == TrafficClass::Truck && service.mode == Mode::Ferry;
    let by_truck = |service: &Service| service.class == TrafficClass::Truck;
    next.to != service.from
        && (!on_ferry(service) || by_truck(next))
        && (!on_ferry(next) || by_truck(service))
}

fn ride<'n>(
    network: &'n Network,
    data: &FreightData,
    scenario: &Scenario,
    service: &'n Service,
    day: Date,
) -> Ride<'n> {
    let usd = ride_usd(network, service, day);
    let mut ride = Ride {
        service,
        usd: usd.unwrap_or(0.0),
        hours: mean_hours(service.running),
        unpriced: usd.is_none(),
        gates: Vec::new(),
    };
    let rides_link = |link: &LinkId| service.links.iter().any(|one| without_direction(one) == *link);
    for (at, factor) in &scenario.price {
        ride.usd *= if matches!(at, At::Link(link) if rides_link(link)) { *factor } else { 1.0 };
    }
    for (at, hours) in &scenario.hours {
        ride.hours += if matches!(at, At::Link(link) if rides_link(link)) { *hours } else { 0.0 };
    }
    ride.hours = ride.hours.max(0.0);
    let gates =
        |corridor: &super::Corridor| corridor.gates.iter().any(|gate| rides_link(&without_direction(gate)));
    ride.gates = (0..data.corridors.len()).filter(|number| gates(&data.corridors[*number])).collect();
    ride
}

/// The price of a ride for one forty-foot container, by the tariff that is nearest to it. `None`: there is none in dollars.
fn ride_usd(network: &Network, service: &Service, day: Date) -> Option<f64> {
    let units = [
        (TariffUnit::Feu, 1.0),
        (TariffUnit::Teu, 2.0),
        (TariffUnit::Truck, 1.0),
        (TariffUnit::TruckMetre, TRUCK_METRES),
        (TariffUnit::WagonMetre, WAGON_METRES),
    ];
    units.into_iter().find_map(|(unit, times)| {
        let held = network.find_tariff(&service.id, unit, day);
        let any = || {
            network.tariffs_of_service(&service.id).find(|tariff| tariff.per == unit && tariff.is_general())
        };
        let tariff = held.or_else(any).filter(|tariff| tariff.currency.as_str() == "USD")?;
        let (min, typ, max) = (tariff.amount.min(), tariff.amount.typ(), tariff.amount.max());
        Some((min as f64 + 4.0 * typ as f64 + max as f64) / 600.0 * times)
    })
}

fn process_usd(process: &Process) -> f64 {
    let Some(cost) = process.cost.as_ref().filter(|cost| cost.currency.as_str() == "USD") else { return 0.0 };
    let times = match cost.per {
        TariffUnit::Feu | TariffUnit::Truck => 1.0,
        TariffUnit::Teu => 2.0,
        TariffUnit::TruckMetre => TRUCK_METRES,
        TariffUnit::WagonMetre => WAGON_METRES,
    };
    cost.amount.typ() as f64 / 100.0 * times
}

/// Mean of a PERT distribution. Unit: hour.
fn mean_hours(estimate: Estimate<Seconds>) -> f64 {
    let (min, typ, max) = (estimate.min(), estimate.typ(), estimate.max());
    (min.as_hours_f64() + 4.0 * typ.as_hours_f64() + max.as_hours_f64()) / 6.0
}

/// Mean wait for the next departure. Unit: hour.
fn wait_hours(runs: Runs) -> f64 {
    match runs {
        Runs::Headway { every } => every.as_hours_f64() / 2.0,
        Runs::LeavesWhenFull { wait } => mean_hours(wait),
        Runs::OnDemand => 0.0,
    }
}

/// The open links of a scenario as a layer for the exact algorithms.
///
/// A link costs half of what the cheapest service asks for a forty-foot container, shared among its links by length: US dollars for
/// a TEU, as capacities are counted in TEU; where no price is known, a dollar per kilometre for two. It takes what the table of
/// capacities says less what others use; where the table says nothing, no limit is known.
pub fn layer_of_network(network: &Network, data: &FreightData, scenario: &Scenario) -> LayerFile {
    let day = date(scenario.year, 7, 1);
    let room = |spot: &Spot| {
        let found = data.capacities.iter().find(|capacity| capacity.spot == *spot)?;
        Some((found.delay.capacity - found.delay.other).max(0.0) as i64)
    };
    let mut cheapest: BTreeMap<LinkId, f64> = BTreeMap::new();
    for service in network.list_services().filter(|service| allows(network, scenario, service)) {
        let whole = network.distance_of_service(&service.id).typ().metres() as f64;
        let usd = ride_usd(network, service, day).unwrap_or(whole / 1e3);
        for link in network.links_of_service(&service.id) {
            let part = usd * link.distance.typ().metres() as f64 / whole.max(1.0);
            let least = cheapest.entry(without_direction(&link.id)).or_insert(f64::INFINITY);
            *least = least.min(part);
        }
    }
    let links = cheapest.into_iter().filter_map(|(id, usd)| {
        let link = network.find_link(&id)?;
        Some(LayerLink {
            id: id.to_string(),
            name: String::new(),
            from: link.from.to_string(),
            to: link.to.to_string(),
            capacity: room(&Spot::Link(id)),
            cost: (usd / 2.0).round() as i64,
            both_ways: link.two_way,
        })
    });
    let places = network.list_places().map(|place| LayerPlace {
        id: place.code.to_string(),
        name: place.name.clone(),
        capacity: room(&Spot::Place(place.code.clone())),
    });
    LayerFile { places: places.collect(), links: links.collect() }
}
