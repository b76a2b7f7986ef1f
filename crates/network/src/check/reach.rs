//! Places that cannot be reached.

use crate::Network;
use kervan_codes::PlaceCode;
use kervan_model::Finding;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(network: &Network, findings: &mut Vec<Finding>) {
    let leaves =
        |code: &PlaceCode| -> Vec<PlaceCode> { network.services_from(code).map(|s| s.to.clone()).collect() };
    let mut from: BTreeMap<&PlaceCode, Vec<PlaceCode>> = BTreeMap::new();
    for service in network.list_services() {
        from.entry(&service.to).or_default().push(service.from.clone());
    }
    let back = |code: &PlaceCode| -> Vec<PlaceCode> { from.get(code).cloned().unwrap_or_default() };
    // The place with most services stands for the body of the network.
    let Some(hub) = network.list_places().max_by_key(|place| network.services_from(&place.code).count())
    else {
        return;
    };
    let (to_reach, to_leave) = (walk(&hub.code, leaves), walk(&hub.code, back));
    for place in network.list_places() {
        let how = match (to_reach.contains(&place.code), to_leave.contains(&place.code)) {
            (true, true) => continue,
            (false, false) => "neither reached nor left",
            (false, true) => "left, but not reached",
            (true, false) => "reached, but not left",
        };
        let message = format!("{} ({}) can be {how} from {}", place.code, place.name, hub.name);
        findings.push(
            Finding::error("network.unreachable-place", message)
                .at(format!("{}:code", place.at))
                .remedy("add the missing link with its service, or remove the place"),
        );
    }
    let ridden: BTreeSet<&kervan_model::LinkId> =
        network.list_services().flat_map(|service| &service.links).collect();
    let forth = network.list_links().filter(|link| !super::is_opposite(link.id.as_str()));
    for link in forth.filter(|link| !ridden.contains(&link.id)) {
        findings.push(
            Finding::warning("network.link-unused", format!("no service rides {}", link.id))
                .at(format!("{}:id", link.at))
                .remedy("add a service to services.csv, or remove the link"),
        );
    }
}

/// Every place that can be reached by steps.
fn walk(start: &PlaceCode, steps: impl Fn(&PlaceCode) -> Vec<PlaceCode>) -> BTreeSet<PlaceCode> {
    let mut seen = BTreeSet::from([start.clone()]);
    let mut open = vec![start.clone()];
    while let Some(place) = open.pop() {
        for next in steps(&place) {
            if seen.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    seen
}
