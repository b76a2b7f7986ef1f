//! Why there is no way, and the smallest thing that would open one.

use crate::PlanRequest;
use crate::ground::Ground;
use crate::ride::{Allowance, Ride, statuses};
use crate::search::{Weight, find_front};
use kervan_model::Finding;
use kervan_network::{Network, Service, Status};
use kervan_units::Currency;
use std::collections::BTreeSet;

/// Says why a request has no way: what would have to be allowed, or where the network ends.
pub(crate) fn explain_no_way(network: &Network, request: &PlanRequest, currency: Currency) -> Finding {
    let today = Allowance::of_request(request);
    let wider = [
        Allowance { planned: true, ..today },
        Allowance { disrupted: true, ..today },
        Allowance { planned: true, disrupted: true, ..today },
    ];
    for allowance in wider.into_iter().filter(|allowance| *allowance != today) {
        let blocked = least_blocked(network, request, today, allowance, currency);
        if !blocked.is_empty() {
            return relaxation(network, request, &blocked);
        }
    }
    let from_to = from_to(network, request);
    let leaves = network.services_from(&request.from).next().is_some();
    let arrives = network.list_services().any(|service| service.to == request.to);
    let (reason, remedy) = match (leaves, arrives) {
        (false, _) => ("no service leaves the origin", "choose a terminal with services as origin"),
        (_, false) => {
            ("no service reaches the destination", "choose a terminal with services as destination")
        }
        _ => ("no chain of services connects the two", "add the missing service to the network"),
    };
    Finding::error("planning.no-way", format!("no way {from_to}: {reason}")).at("/to").remedy(remedy)
}

/// `from A to B`, by name.
fn from_to(network: &Network, request: &PlanRequest) -> String {
    let name = |code| network.find_place(code).map_or("?", |place| place.name.as_str());
    format!("from {} to {}", name(&request.from), name(&request.to))
}

/// The services not allowed today that the way with the fewest of them would use; empty if there is none either.
fn least_blocked<'n>(
    network: &'n Network,
    request: &PlanRequest,
    today: Allowance,
    wider: Allowance,
    currency: Currency,
) -> Vec<&'n Service> {
    let Some(ground) = Ground::new(network, request, wider, currency) else { return Vec::new() };
    let is_blocked = |ride: &Ride<'_>| !today.allows_service(network, ride.service);
    let count = |index: usize| u64::from(ground.rides.get(index).is_some_and(is_blocked));
    // The number of blocked services takes the place of time, and time that of cost; the first way has the fewest.
    let mut graph = ground.graph.clone();
    let steps = graph.starts.iter_mut().chain(graph.follows.iter_mut().flatten());
    for (index, weight) in steps {
        *weight = Weight { seconds: count(*index), cents: weight.seconds, ..Weight::default() };
    }
    for weight in graph.ends.iter_mut().flatten() {
        *weight = Weight::default();
    }
    let ways = find_front(&graph).unwrap_or_default();
    let rides =
        ways.first().into_iter().flat_map(|way| &way.rides).filter_map(|index| ground.rides.get(*index));
    rides.filter(|ride| is_blocked(ride)).map(|ride| ride.service).collect()
}

/// Names the services that block the way, why each is not used, and what to allow.
fn relaxation(network: &Network, request: &PlanRequest, blocked: &[&Service]) -> Finding {
    let today = Allowance::of_request(request);
    let mut opening: Option<i16> = None;
    let mut disrupted = false;
    let mut described = Vec::new();
    for service in blocked {
        let mut reasons = BTreeSet::new();
        for status in statuses(network, service).filter(|status| !today.allows(status)) {
            match status {
                Status::Open => {}
                Status::Planned { opens } => {
                    opening = opening.max(Some(*opens));
                    reasons.insert(format!("planned for {opens}"));
                }
                Status::Disrupted { reason, .. } => {
                    disrupted = true;
                    reasons.insert(format!("disrupted: {reason}"));
                }
            }
        }
        let reasons: Vec<String> = reasons.into_iter().collect();
        described.push(format!("{} ({})", service.name, reasons.join("; ")));
    }
    let message = format!(
        "no way {} on what is open; the one that needs least uses {}",
        from_to(network, request),
        described.join(", ")
    );
    let remedy = match (opening, disrupted) {
        (Some(year), false) => format!("allow planned services, or be ready in {year} or later"),
        (None, _) => "allow disrupted services".to_owned(),
        (Some(year), true) => {
            format!("allow disrupted services, and planned ones too or be ready in {year} or later")
        }
    };
    Finding::error("planning.no-open-way", message).at("/to").remedy(remedy)
}
