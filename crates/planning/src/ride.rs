//! A service as the planner rides it: its price, its emissions and whether it may be used.

use crate::boxes::Boxes;
use crate::ground::Ground;
use crate::price::{Price, PriceInputs, price_ride};
use crate::request::ready_year;
use crate::weight::Weight;
use crate::{Exposure, PlanRequest};
use kervan_codes::CountryCode;
use kervan_model::{Confidence, Mode, TrafficClass};
use kervan_network::{Departure, EmissionFactor, Frequency, Link, Network, Runs, Service, Status};
use kervan_units::{Carbon, Distance, Estimate, Pert, Seconds};

/// A service with everything about it that does not depend on what comes before or after.
#[derive(Clone, Debug)]
pub(crate) struct Ride<'n> {
    pub(crate) service: &'n Service,
    pub(crate) links: Vec<&'n Link>,
    pub(crate) price: Price<'n>,
    pub(crate) carbon: Carbon,
    /// Emission factors used; fewer than links if one has none.
    pub(crate) factors: Vec<&'n EmissionFactor>,
    /// Whether the emissions of a link are not known.
    pub(crate) carbon_unknown: bool,
    pub(crate) distance: Estimate<Distance>,
    /// The least confidence of the distances of its links.
    pub(crate) distance_confidence: Confidence,
    pub(crate) countries: Vec<CountryCode>,
    /// Kilometres by the weights of a request. Unit: weighted metre.
    pub(crate) exposure: u64,
}

impl<'n> Ride<'n> {
    /// Prices and weighs a service for the boxes of a request.
    pub(crate) fn new(
        network: &'n Network,
        service: &'n Service,
        inputs: PriceInputs<'_, 'n>,
        exposure: &Exposure,
    ) -> Self {
        let links: Vec<&'n Link> = network.links_of_service(&service.id).collect();
        let tariffs: Vec<_> = network.tariffs_of_service(&service.id).collect();
        let found: Vec<_> = links.iter().map(|link| (*link, network.emission_factor(link))).collect();
        Self {
            service,
            exposure: links.iter().map(|link| exposed(link, &service.operator, exposure)).sum(),
            price: price_ride(&tariffs, service, inputs),
            carbon: found
                .iter()
                .filter_map(|(link, factor)| Some(emit(link, (*factor)?, inputs.boxes)))
                .sum(),
            carbon_unknown: found.iter().any(|(_, factor)| factor.is_none()),
            factors: found.into_iter().filter_map(|(_, factor)| factor).collect(),
            distance: network.distance_of_service(&service.id),
            distance_confidence: links
                .iter()
                .map(|link| link.provenance.confidence)
                .min()
                .unwrap_or(Confidence::Low),
            countries: network.countries_of_service(&service.id),
            links,
        }
    }

    /// What the ride takes on the criteria of the search: the mean of its time, typical cost and emissions.
    pub(crate) fn weight(&self) -> Weight {
        Weight {
            seconds: mean_seconds(self.service.running),
            cents: self.price.typical(),
            grams: self.carbon.grams(),
            exposure: self.exposure,
            unknown: u64::from(!self.price.unknown.is_empty()) + u64::from(self.carbon_unknown),
        }
    }

    /// The departures that matter to a plan, if the service has a timetable when the plan begins.
    pub(crate) fn departures(&self, ground: &Ground<'n>) -> Option<Vec<Departure<'n>>> {
        if ground.network.frequency_on(self.service, ground.day) != Frequency::Timetabled {
            return None;
        }
        let until = ground.begins.checked_add(ground.horizon.to_duration()).ok()?;
        Some(ground.network.list_departures(self.service, ground.begins, until))
    }

    /// Whether the ride is a truck on board a ferry.
    fn is_truck_on_ferry(&self) -> bool {
        self.service.class == TrafficClass::Truck && self.service.mode != Mode::Road
    }

    /// Whether goods can go from this ride to the next one.
    ///
    /// A truck on a ferry is driven aboard and ashore: nobody loads a container onto a truck only for the crossing.
    pub(crate) fn can_be_followed_by(&self, next: &Self) -> bool {
        let by_truck = |ride: &Self| ride.service.class == TrafficClass::Truck;
        (!self.is_truck_on_ferry() || by_truck(next)) && (!next.is_truck_on_ferry() || by_truck(self))
    }
}

/// The carriers that a service names: `KTZ / UTY` are two.
pub(crate) fn carriers(operator: &str) -> impl Iterator<Item = &str> {
    operator.split(['/', ',']).map(str::trim).filter(|name| !name.is_empty())
}

/// Whether a carrier is among those that a service names, whatever the case of the letters.
pub(crate) fn carrier_matches(operator: &str, name: &str) -> bool {
    operator.eq_ignore_ascii_case(name)
        || carriers(operator).any(|carrier| carrier.eq_ignore_ascii_case(name))
}

/// The metres of a link by the weights of a request. Through several territories they count the mean of their weights,
/// because no table says how far the link goes in each.
fn exposed(link: &Link, operator: &str, exposure: &Exposure) -> u64 {
    let weight = |weight: &i64| u64::try_from(*weight).unwrap_or(0);
    let territories: u64 =
        link.countries.iter().filter_map(|country| exposure.territories.get(country)).map(weight).sum();
    let carriers: u64 = exposure
        .carriers
        .iter()
        .filter(|(name, _)| carrier_matches(operator, name))
        .map(|(_, w)| weight(w))
        .sum();
    let own = exposure.links.get(&link.id).map_or(0, weight);
    let metres = link.distance.typ().metres();
    let of_territories = metres.saturating_mul(territories) / (link.countries.len() as u64).max(1);
    of_territories.saturating_add(metres.saturating_mul(carriers + own))
}

fn emit(link: &Link, factor: &EmissionFactor, boxes: &Boxes) -> Carbon {
    /// Milligram-metre-gram in a gram-kilometre-tonne.
    const SCALE: u128 = 1_000 * 1_000 * 1_000_000;
    let product = u128::from(factor.mg_per_tkm.typ())
        .saturating_mul(u128::from(link.distance.typ().metres()))
        .saturating_mul(u128::from(boxes.mass.grams()));
    Carbon::from_grams(u64::try_from((product + SCALE / 2) / SCALE).unwrap_or(u64::MAX))
}

/// Mean of a PERT distribution in whole seconds.
pub(crate) fn mean_seconds(estimate: Estimate<Seconds>) -> u64 {
    Pert::from(estimate).mean().round() as u64
}

/// Mean wait for the next departure. Unit: second.
pub(crate) fn mean_wait(runs: Runs) -> u64 {
    match runs {
        Runs::Headway { every } => every.get() / 2,
        Runs::LeavesWhenFull { wait } => mean_seconds(wait),
        Runs::OnDemand => 0,
    }
}

/// What may be used of a network that is partly planned and partly disrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// Planned things that open in this year or before may be used.
    pub(crate) year: i16,
    /// All planned things may be used.
    pub(crate) planned: bool,
    /// Disrupted things may be used.
    pub(crate) disrupted: bool,
}

impl Allowance {
    /// What a request allows.
    pub(crate) fn of_request(request: &PlanRequest) -> Self {
        Self { year: ready_year(request), planned: request.allow_planned, disrupted: request.allow_disrupted }
    }

    /// Whether something of this status may be used.
    pub(crate) fn allows(self, status: &Status) -> bool {
        match status {
            Status::Open => true,
            Status::Planned { opens } => self.planned || *opens <= self.year,
            Status::Disrupted { .. } => self.disrupted,
        }
    }
}

/// The status of a service, of its links and of the places at its ends.
pub(crate) fn statuses<'n>(network: &'n Network, service: &'n Service) -> impl Iterator<Item = &'n Status> {
    let ends = [&service.from, &service.to].into_iter().filter_map(|code| network.find_place(code));
    std::iter::once(&service.status)
        .chain(network.links_of_service(&service.id).map(|link| &link.status))
        .chain(ends.map(|place| &place.status))
}
