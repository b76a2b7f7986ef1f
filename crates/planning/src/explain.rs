//! Why there is no way, and the smallest thing that would open one.

use crate::PlanRequest;
use crate::ground::Ground;
use crate::request::ready_year;
use crate::ride::{Allowance, Ride, statuses};
use crate::search::{Weight, find_front};
use kervan_model::Finding;
use kervan_network::{Network, Status};
use kervan_units::Currency;

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
    let (name, _) = names(network, request);
    let leaves = network.services_from(&request.from).next().is_some();
    let arrives = network.list_services().any(|service| service.to == request.to);
    let (reason, remedy) = match (leaves, arrives) {
        (false, _) => ("no service leaves the origin", "choose a terminal with services as origin"),
        (_, false) => {
            ("no service reaches the destination", "choose a terminal with services as destination")
        }
        _ => ("no chain of services connects the two", "add the missing service to the network"),
    };
    Finding::error("planning.no-way", format!("no way {name}: {reason}")).at("/to").remedy(remedy)
}

/// `from A to B`, and whatever the names are.
fn names(network: &Network, request: &PlanRequest) -> (String, ()) {
    let name = |code| network.find_place(code).map_or("?", |place| place.name.as_str());
    (format!("from {} to {}", name(&request.from), name(&request.to)), ())
}

/// The services not allowed today that the way with the fewest of them would use; empty if there is none either.
fn least_blocked<'n>(
    network: &'n Network,
    request: &PlanRequest,
    today: Allowance,
    wider: Allowance,
    currency: Currency,
) -> Vec<&'n kervan_network::Service> {
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

fn relaxation(network: &Network, request: &PlanRequest, blocked: &[&kervan_network::Service]) -> Finding {
    let (name, ()) = names(network, request);
    let mut opening = None;
    let mut disrupted = false;
    let mut described = Vec::new();
    for service in blocked {
        let worst = statuses(network, service).filter(|status| match status {
            Status::Open => false,
            Status::Planned { opens } => !request.allow_planned && *opens > ready_year(request),
            Status::Disrupted { .. } => !request.allow_disrupted,
        });
        let mut reasons = Vec::new();
        for status in worst {
            let reason = match status {
                Status::Open => continue,
                Status::Planned { opens } => {
                    opening = opening.max(Some(*opens));
                    format!("planned for {opens}")
                }
                Status::Disrupted { reason, .. } => {
                    disrupted = true;
                    format!("disrupted: {reason}")
                }
            };
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        described.push(format!("{} ({})", service.name, reasons.join("; ")));
    }
    let message = format!("no way {name} on what is open; the nearest one uses {}", described.join(", "));
    let remedy = match (opening, disrupted) {
        (Some(year), false) => format!("allow planned services, or be ready in {year} or later"),
        (None, _) => "allow disrupted services".to_owned(),
        (Some(year), true) => {
            format!("allow disrupted services, and planned ones too or be ready in {year} or later")
        }
    };
    Finding::error("planning.no-open-way", message).at("/to").remedy(remedy)
}
