//! What a plan is made on: the rides that the conditions leave, and the stays between them.

use crate::PlanRequest;
use crate::boxes::Boxes;
use crate::cuts::{Conditioned, Cut, CutSet};
use crate::price::PriceInputs;
use crate::ride::Ride;
use crate::stay::StayFacts;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{LinkId, Mode};
use kervan_network::Network;
use kervan_units::{Currency, Seconds};
use std::collections::{BTreeMap, BTreeSet};

/// What a plan is made on.
pub(crate) struct Ground<'n> {
    pub(crate) network: &'n Network,
    pub(crate) from: &'n PlaceCode,
    /// The destinations: one, but where many are asked for together.
    pub(crate) to: Vec<&'n PlaceCode>,
    pub(crate) boxes: Boxes,
    pub(crate) origin: CountryCode,
    pub(crate) day: jiff::civil::Date,
    pub(crate) currency: Currency,
    /// The first instant that matters: when the goods are ready, or a horizon before they must have arrived.
    pub(crate) begins: Timestamp,
    /// Longest time from beginning to end.
    pub(crate) horizon: Seconds,
    pub(crate) rides: Vec<Ride<'n>>,
    /// Directed services of the network that are left out because they are planned or disrupted.
    pub(crate) left_out: usize,
    /// Whether the goods are dangerous.
    pub(crate) dangerous: bool,
}

impl<'n> Ground<'n> {
    /// Collects what the conditions of a request leave, but for those that are relaxed. `None` if the origin or the
    /// destination is not in the network.
    pub(crate) fn new(
        network: &'n Network,
        request: &PlanRequest,
        conditioned: &Conditioned<'_>,
        relaxed: CutSet,
        currency: Currency,
    ) -> Option<Self> {
        Self::towards(network, request, std::slice::from_ref(&request.to), conditioned, relaxed, currency)
    }

    /// The same towards many destinations; that of the request does not matter then.
    pub(crate) fn towards(
        network: &'n Network,
        request: &PlanRequest,
        to: &[PlaceCode],
        conditioned: &Conditioned<'_>,
        relaxed: CutSet,
        currency: Currency,
    ) -> Option<Self> {
        let from = network.find_place(&request.from)?;
        let find = |code| Some(&network.find_place(code)?.code);
        let to: Vec<&PlaceCode> = to.iter().map(find).collect::<Option<_>>()?;
        let only = if let [only] = to.as_slice() { Some(*only) } else { None };
        let horizon = horizon(request, conditioned, relaxed);
        let begins = match request.conditions.arrive_by {
            Some(instant) => {
                instant.checked_sub(horizon.to_duration()).unwrap_or(request.ready).max(request.ready)
            }
            None => request.ready,
        };
        let mut ground = Self {
            network,
            from: &from.code,
            to,
            boxes: Boxes::of_request(request),
            origin: from.country,
            day: begins.to_zoned(TimeZone::UTC).date(),
            currency,
            begins,
            horizon,
            rides: Vec::new(),
            left_out: 0,
            dangerous: !request.conditions.dangerous.is_empty(),
        };
        let status = conditioned.bit(Cut::Planned) | conditioned.bit(Cut::Disrupted);
        let (mut rides, mut left_out) = (Vec::new(), 0);
        let inputs = ground.price_inputs();
        for service in network.list_services() {
            let cut = conditioned.of_service(network, service) & !relaxed;
            left_out += usize::from(cut & status != 0);
            // A ride into the origin or out of the only destination is on no way between them.
            if cut == 0 && service.to != from.code && only != Some(&service.from) {
                rides.push(Ride::new(network, service, inputs, &request.conditions.exposure));
            }
        }
        ground.rides = rides;
        ground.left_out = left_out;
        Some(ground)
    }

    /// What prices depend on.
    pub(crate) fn price_inputs(&self) -> PriceInputs<'_, 'n> {
        PriceInputs {
            network: Some(self.network),
            boxes: &self.boxes,
            day: self.day,
            origin: self.origin,
            currency: self.currency,
            dangerous: self.dangerous,
        }
    }

    /// The stay between two rides, given by number.
    pub(crate) fn stay(&self, arriving: Option<usize>, departing: Option<usize>) -> Option<StayFacts<'n>> {
        let ride = |index: Option<usize>| index.and_then(|index| self.rides.get(index));
        let (arriving, departing) = (ride(arriving), ride(departing));
        let place = departing.map(|ride| &ride.service.from).or(arriving.map(|ride| &ride.service.to))?;
        StayFacts::new(self.network, place, arriving, departing, self.day)
    }

    /// Whether goods can go from one ride to the next.
    pub(crate) fn may_follow(&self, arriving: &Ride<'_>, departing: &Ride<'_>) -> bool {
        let turns_back = departing.service.to == arriving.service.from;
        !turns_back && arriving.can_be_followed_by(departing)
    }

    /// The rides that leave each place, by number.
    pub(crate) fn leaving(&self) -> BTreeMap<&'n PlaceCode, Vec<usize>> {
        let mut leaving: BTreeMap<&PlaceCode, Vec<usize>> = BTreeMap::new();
        for (index, ride) in self.rides.iter().enumerate() {
            leaving.entry(&ride.service.from).or_default().push(index);
        }
        leaving
    }

    /// The corridor of a way: which borders it crosses, each by rail, by road or by water. Ways of one corridor differ in
    /// trains, terminals and border stations; of two, in whose territory the goods pass or in how they get there.
    pub(crate) fn corridor(&self, way: &[usize]) -> BTreeSet<Crossing> {
        let country = |code: &PlaceCode| self.network.find_place(code).map(|place| place.country);
        let mut crossings = BTreeSet::new();
        for ride in way.iter().filter_map(|index| self.rides.get(*index)) {
            let by = match ride.service.mode {
                Mode::Sea | Mode::Ferry | Mode::InlandWater => By::Water,
                Mode::Rail => By::Rail,
                _ => By::Road,
            };
            // A ship passes no territory between its ports.
            let ends =
                || [country(&ride.service.from), country(&ride.service.to)].into_iter().flatten().collect();
            let territories = if by == By::Water { ends() } else { ride.countries.clone() };
            let pairs = territories.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?)));
            crossings.extend(pairs.filter(|(from, to)| from != to).map(|(from, to)| Crossing {
                from,
                to,
                by,
            }));
        }
        crossings
    }

    /// The links of a way with their lengths.
    pub(crate) fn lengths(&self, way: &[usize]) -> Lengths<'n> {
        let links = way.iter().filter_map(|index| self.rides.get(*index)).flat_map(|ride| &ride.links);
        let mut links: Vec<(&LinkId, u64)> =
            links.map(|link| (&link.id, link.distance.typ().metres())).collect();
        links.sort_unstable();
        links.dedup_by_key(|(id, _)| *id);
        let all = links.iter().map(|(_, metres)| metres).sum();
        Lengths { links, all }
    }
}

/// The links of a way in order of their ids, each once, with their lengths. Unit: metre.
pub(crate) struct Lengths<'n> {
    links: Vec<(&'n LinkId, u64)>,
    all: u64,
}

impl Lengths<'_> {
    /// How far two ways go over different ground: 0 for the same links, 1 for none in common.
    pub(crate) fn unlike(&self, other: &Self) -> f64 {
        let mut theirs = other.links.iter().peekable();
        let mut common = 0;
        for (id, metres) in &self.links {
            while theirs.next_if(|(their, _)| their < id).is_some() {}
            common += theirs.next_if(|(their, _)| their == id).map_or(0, |_| *metres);
        }
        let all = self.all + other.all - common;
        if all == 0 { 0.0 } else { 1.0 - common as f64 / all as f64 }
    }
}

/// Where a way leaves one territory for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Crossing {
    from: CountryCode,
    to: CountryCode,
    by: By,
}

/// How goods cross.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    Rail,
    Road,
    Water,
}

/// How far a request looks ahead; the furthest that can be, where that is relaxed.
fn horizon(request: &PlanRequest, conditioned: &Conditioned<'_>, relaxed: CutSet) -> Seconds {
    let days = if relaxed & conditioned.bit(Cut::Horizon) != 0 {
        *crate::limits::HORIZON_RANGE.end()
    } else {
        request.conditions.horizon_days.unwrap_or(crate::limits::HORIZON_DAYS)
    };
    Seconds::from_hours(24 * u64::from(days))
}
