//! Why there is no way: which conditions cut it, and the fewest of them that would have to give way.

use crate::adapt::Adapted;
use crate::cuts::{Conditioned, Cut, CutSet};
use crate::ground::Ground;
use crate::ride::{Allowance, Ride, statuses};
use crate::{PlanRequest, limits};
use kervan_codes::PlaceCode;
use kervan_model::Finding;
use kervan_network::{Network, Service, Status};
use kervan_units::{Currency, Seconds};
use std::collections::{BTreeMap, BTreeSet};

/// Says why a request has no way: the smallest sets of conditions that open one if they are relaxed, or where the network
/// ends.
pub(crate) fn explain_no_way(network: &Network, request: &PlanRequest, currency: Currency) -> Vec<Finding> {
    let conditioned = Conditioned::new(request);
    let opening = smallest_relaxations(network, request, &conditioned, currency);
    if opening.is_empty() {
        if let Some(later) = too_early(network, request, currency) {
            return vec![later];
        }
        return vec![nothing_helps(network, request)];
    }
    opening.iter().map(|set| relaxation(network, request, &conditioned, *set, currency)).collect()
}

/// Whether there would be a way if it were not for the time at which the goods must have arrived.
fn too_early(network: &Network, request: &PlanRequest, currency: Currency) -> Option<Finding> {
    let wanted = request.conditions.arrive_by?;
    let mut request = request.clone();
    request.conditions.arrive_by = None;
    let conditioned = Conditioned::new(&request);
    let ground = Ground::new(network, &request, &conditioned, 0, currency)?;
    let ways =
        Adapted::new(&ground, &request, &conditioned, 0).and_then(|adapted| adapted.find_ways()).ok()?;
    let seconds = ways.iter().map(|way| way.begins.get() + way.weight.seconds).min()?;
    // To the next full hour: on mean durations nothing finer means anything.
    let hours = Seconds::from_hours(seconds.div_ceil(3_600));
    let first = ground.begins.checked_add(hours.to_duration()).ok()?;
    let message = format!(
        "no way {} is there by {wanted}; on mean durations the first is at {first}",
        from_to(network, &request)
    );
    let remedy = format!("let the goods arrive by {first} or later, or be ready earlier");
    Some(Finding::error("planning.no-way-as-asked", message).at("/conditions/arrive_by").remedy(remedy))
}

/// Every smallest set of conditions without which there is a way, at most [`limits::RELAXATIONS_SHOWN`].
fn smallest_relaxations(
    network: &Network,
    request: &PlanRequest,
    conditioned: &Conditioned<'_>,
    currency: Currency,
) -> Vec<CutSet> {
    let connected = Connections::new(network, request, conditioned);
    let count = conditioned.cuts.len();
    let all = (0..count).fold(0, |set, bit| set | (1 << bit));
    if !connected.reaches(all) {
        return Vec::new();
    }
    for size in 1..=count.min(limits::MOST_RELAXED) {
        let mut found = Vec::new();
        let mut tried = 0;
        subsets(count, size, &mut |set| {
            if found.len() >= limits::RELAXATIONS_SHOWN
                || !connected.reaches(set)
                || tried >= limits::MOST_RELAXATIONS_TRIED
            {
                return;
            }
            tried += 1;
            if opens(network, request, conditioned, set, currency) {
                found.push(set);
            }
        });
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// Whether there is a way without the conditions of a set.
fn opens(
    network: &Network,
    request: &PlanRequest,
    conditioned: &Conditioned<'_>,
    set: CutSet,
    currency: Currency,
) -> bool {
    let ground = Ground::new(network, request, conditioned, set, currency);
    ground.is_some_and(|ground| Adapted::new(&ground, request, conditioned, set).is_ok_and(Adapted::has_way))
}

/// Calls a function with every set of `size` of the first `count` bits, in order.
fn subsets(count: usize, size: usize, call: &mut dyn FnMut(CutSet)) {
    fn choose(first: usize, count: usize, left: usize, set: CutSet, call: &mut dyn FnMut(CutSet)) {
        if left == 0 {
            return call(set);
        }
        for bit in first..count {
            choose(bit + 1, count, left - 1, set | (1 << bit), call);
        }
    }
    choose(0, count, size, 0, call);
}

/// What follows what, and what each service is cut by: enough to say that there can be no way.
struct Connections<'n> {
    from: &'n PlaceCode,
    to: &'n PlaceCode,
    services: Vec<(&'n Service, CutSet)>,
    leaving: BTreeMap<&'n PlaceCode, Vec<usize>>,
}

impl<'n> Connections<'n> {
    fn new(network: &'n Network, request: &'n PlanRequest, conditioned: &Conditioned<'_>) -> Self {
        let services: Vec<(&Service, CutSet)> = network
            .list_services()
            .map(|service| (service, conditioned.of_service(network, service)))
            .collect();
        let mut leaving: BTreeMap<&PlaceCode, Vec<usize>> = BTreeMap::new();
        for (index, (service, _)) in services.iter().enumerate() {
            leaving.entry(&service.from).or_default().push(index);
        }
        Self { from: &request.from, to: &request.to, services, leaving }
    }

    /// Whether services that only the conditions of a set cut, or none, lead from the origin to the destination.
    fn reaches(&self, relaxed: CutSet) -> bool {
        let mut seen = BTreeSet::from([self.from]);
        let mut open = vec![self.from];
        while let Some(place) = open.pop() {
            let services =
                self.leaving.get(place).into_iter().flatten().filter_map(|index| self.services.get(*index));
            for (service, _) in services.filter(|(_, cut)| cut & !relaxed == 0) {
                if service.to == *self.to {
                    return true;
                }
                if seen.insert(&service.to) {
                    open.push(&service.to);
                }
            }
        }
        false
    }
}

/// Where the network itself ends.
fn nothing_helps(network: &Network, request: &PlanRequest) -> Finding {
    let leaves = network.services_from(&request.from).next().is_some();
    let arrives = network.list_services().any(|service| service.to == request.to);
    let (reason, remedy) = match (leaves, arrives) {
        (false, _) => ("no service leaves the origin", "choose a terminal with services as origin"),
        (_, false) => {
            ("no service reaches the destination", "choose a terminal with services as destination")
        }
        _ => ("no chain of services connects the two", "add the missing service to the network"),
    };
    let message = format!("no way {}: {reason}", from_to(network, request));
    Finding::error("planning.no-way", message).at("/to").remedy(remedy)
}

/// `from A to B`, by name.
fn from_to(network: &Network, request: &PlanRequest) -> String {
    let name = |code| network.find_place(code).map_or("?", |place| place.name.as_str());
    format!("from {} to {}", name(&request.from), name(&request.to))
}

/// Names the services that a set of conditions blocks on the quickest way without them, and what to relax.
fn relaxation(
    network: &Network,
    request: &PlanRequest,
    conditioned: &Conditioned<'_>,
    set: CutSet,
    currency: Currency,
) -> Finding {
    let cuts: Vec<Cut> =
        conditioned.cuts.iter().copied().filter(|cut| conditioned.bit(*cut) & set != 0).collect();
    let ground = Ground::new(network, request, conditioned, set, currency);
    let blocked: Vec<&Service> =
        ground.iter().flat_map(|ground| blocked(ground, request, conditioned, set)).collect();
    let described: Vec<String> = blocked
        .iter()
        .map(|service| match closed(network, request, service) {
            reasons if reasons.is_empty() => service.name.clone(),
            reasons => format!("{} ({})", service.name, reasons.join("; ")),
        })
        .collect();
    let uses =
        if described.is_empty() { String::new() } else { format!("; it would use {}", described.join(", ")) };
    let needs: Vec<String> = cuts.iter().map(|cut| conditioned.relaxation(*cut)).collect();
    let message = format!(
        "no way {} as asked; the smallest change that opens one: {}{uses}",
        from_to(network, request),
        needs.join(", and ")
    );
    let opens: Vec<i16> = blocked
        .iter()
        .flat_map(|service| statuses(network, service))
        .filter_map(|status| match status {
            Status::Planned { opens } if *opens > crate::request::ready_year(request) => Some(*opens),
            Status::Planned { .. } | Status::Open | Status::Disrupted { .. } => None,
        })
        .collect();
    let later = opens.iter().max().map_or(String::new(), |year| format!(", or be ready in {year} or later"));
    let code = if cuts.iter().all(|cut| matches!(cut, Cut::Planned | Cut::Disrupted)) {
        "planning.no-open-way"
    } else {
        "planning.no-way-as-asked"
    };
    let path = cuts.first().map_or("/to".to_owned(), |cut| conditioned.path(*cut));
    Finding::error(code, message).at(path).remedy(format!("{}{later}", needs.join(", and ")))
}

/// The services of the best way that the conditions of a set keep out.
fn blocked<'n>(
    ground: &Ground<'n>,
    request: &PlanRequest,
    conditioned: &Conditioned<'_>,
    set: CutSet,
) -> Vec<&'n Service> {
    let ways = Adapted::new(ground, request, conditioned, set)
        .and_then(|adapted| adapted.find_ways())
        .unwrap_or_default();
    let cut = |ride: &&Ride<'n>| conditioned.of_service(ground.network, ride.service) & set != 0;
    let of_way = |rides: &[usize]| -> Vec<&'n Service> {
        rides
            .iter()
            .filter_map(|index| ground.rides.get(*index))
            .filter(cut)
            .map(|ride| ride.service)
            .collect()
    };
    ways.iter().map(|way| of_way(&way.rides)).min_by_key(Vec::len).unwrap_or_default()
}

/// Why a service is not in use, with until or since when.
fn closed(network: &Network, request: &PlanRequest, service: &Service) -> Vec<String> {
    let today = Allowance::of_request(request);
    let mut reasons = BTreeSet::new();
    for status in statuses(network, service).filter(|status| !today.allows(status)) {
        match status {
            Status::Open => {}
            Status::Planned { opens } => {
                reasons.insert(format!("planned for {opens}"));
            }
            Status::Disrupted { reason, since } => {
                let since = since.as_ref().map_or(String::new(), |month| format!(" since {month}"));
                reasons.insert(format!("disrupted{since}: {reason}"));
            }
        }
    }
    reasons.into_iter().collect()
}
