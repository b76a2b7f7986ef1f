//! From the network and a request to the graph that the search runs on.

use crate::PlanRequest;
use crate::boxes::Boxes;
use crate::price::PriceInputs;
use crate::ride::{Allowance, Ride};
use crate::search::{Graph, Ride as Edge, Weight};
use crate::stay::StayFacts;
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::LinkId;
use kervan_network::Network;
use kervan_units::Currency;
use std::collections::BTreeMap;

/// What a plan is made on: the usable rides, and the graph over them.
pub(crate) struct Ground<'n> {
    pub(crate) network: &'n Network,
    pub(crate) from: &'n PlaceCode,
    pub(crate) to: &'n PlaceCode,
    pub(crate) boxes: Boxes,
    pub(crate) origin: CountryCode,
    pub(crate) day: jiff::civil::Date,
    pub(crate) currency: Currency,
    pub(crate) rides: Vec<Ride<'n>>,
    pub(crate) graph: Graph,
    /// Directed services of the network that are not allowed.
    pub(crate) left_out: usize,
}

impl<'n> Ground<'n> {
    /// Collects what the allowance lets a request use. `None` if the origin or the destination is not in the network.
    pub(crate) fn new(
        network: &'n Network,
        request: &PlanRequest,
        allowance: Allowance,
        currency: Currency,
    ) -> Option<Self> {
        let (from, to) = (network.find_place(&request.from)?, network.find_place(&request.to)?);
        let mut ground = Self {
            network,
            from: &from.code,
            to: &to.code,
            boxes: Boxes::of_request(request),
            origin: from.country,
            day: request.ready.to_zoned(jiff::tz::TimeZone::UTC).date(),
            currency,
            rides: Vec::new(),
            graph: Graph::default(),
            left_out: 0,
        };
        let inputs = ground.price_inputs();
        let left_out =
            network.list_services().filter(|service| !allowance.allows_service(network, service)).count();
        let allowed = network.list_services().filter(|service| allowance.allows_service(network, service));
        let rides = allowed
            // A ride into the origin or out of the destination is on no way between them.
            .filter(|service| service.to != from.code && service.from != to.code)
            .map(|service| Ride::new(network, service, inputs))
            .collect();
        ground.rides = rides;
        ground.left_out = left_out;
        ground.graph = ground.build_graph();
        Some(ground)
    }

    /// What prices depend on.
    pub(crate) fn price_inputs(&self) -> PriceInputs<'_> {
        PriceInputs { boxes: &self.boxes, day: self.day, origin: self.origin, currency: self.currency }
    }

    /// The stay between two rides, given by number.
    pub(crate) fn stay(&self, arriving: Option<usize>, departing: Option<usize>) -> Option<StayFacts<'n>> {
        let ride = |index: Option<usize>| index.and_then(|index| self.rides.get(index));
        let (arriving, departing) = (ride(arriving), ride(departing));
        let place = departing.map(|ride| &ride.service.from).or(arriving.map(|ride| &ride.service.to))?;
        StayFacts::new(self.network, place, arriving, departing)
    }

    /// How far two ways go over different ground: 0 for the same links, 1 for none in common.
    pub(crate) fn unlike(&self, one: &[usize], other: &[usize]) -> f64 {
        let lengths = |way: &[usize]| -> BTreeMap<&LinkId, u64> {
            let links = way.iter().filter_map(|index| self.rides.get(*index)).flat_map(|ride| &ride.links);
            links.map(|link| (&link.id, link.distance.typ().metres())).collect()
        };
        let (one, other) = (lengths(one), lengths(other));
        let common: u64 =
            one.iter().filter(|(id, _)| other.contains_key(*id)).map(|(_, metres)| metres).sum();
        let all = one.values().sum::<u64>() + other.values().sum::<u64>() - common;
        if all == 0 { 0.0 } else { 1.0 - common as f64 / all as f64 }
    }

    fn build_graph(&self) -> Graph {
        let numbers: BTreeMap<&PlaceCode, usize> =
            self.network.list_places().enumerate().map(|(number, place)| (&place.code, number)).collect();
        let number = |code: &PlaceCode| numbers.get(code).copied().unwrap_or(usize::MAX);
        let mut graph = Graph { places: numbers.len(), ..Graph::default() };
        let mut leaving: BTreeMap<&PlaceCode, Vec<usize>> = BTreeMap::new();
        for (index, ride) in self.rides.iter().enumerate() {
            graph.rides.push(Edge { from: number(&ride.service.from), to: number(&ride.service.to) });
            leaving.entry(&ride.service.from).or_default().push(index);
        }
        for (index, ride) in self.rides.iter().enumerate() {
            let ends = ride.service.to == *self.to;
            graph.ends.push(if ends { self.stay_weight(Some(index), None) } else { None });
            let next = leaving.get(&ride.service.to).filter(|_| !ends).into_iter().flatten();
            graph.follows.push(next.filter_map(|next| self.step(index, *next)).collect());
        }
        for index in leaving.get(self.from).into_iter().flatten() {
            if let (Some(stay), Some(ride)) = (self.stay_weight(None, Some(*index)), self.rides.get(*index)) {
                graph.starts.push((*index, stay.plus(ride.weight())));
            }
        }
        graph
    }

    /// The stay after a ride and the next ride, if goods can go from one to the other.
    fn step(&self, index: usize, next: usize) -> Option<(usize, Weight)> {
        let (arriving, departing) = (self.rides.get(index)?, self.rides.get(next)?);
        let turns_back = departing.service.to == arriving.service.from;
        if turns_back || !arriving.can_be_followed_by(departing) {
            return None;
        }
        Some((next, self.stay_weight(Some(index), Some(next))?.plus(departing.weight())))
    }

    fn stay_weight(&self, arriving: Option<usize>, departing: Option<usize>) -> Option<Weight> {
        Some(self.stay(arriving, departing)?.weight(self.price_inputs()))
    }
}
