//! What only the whole shows: geometry, speeds, chains, borders, gauges, reachability, schedules, prices.

mod borders;
mod charges;
mod courses;
mod prices;
mod reach;
mod schedules;
mod services;

use crate::Network;
use kervan_model::Finding;

/// Every finding about the network: those of reading its tables, and those of looking at the whole.
///
/// Both directions of a row are looked at once. Findings are in a fixed order: by table, then as they are found.
pub fn check(network: &Network) -> Vec<Finding> {
    let mut findings = network.load_findings.clone();
    places(network, &mut findings);
    courses::check(network, &mut findings);
    services::check(network, &mut findings);
    schedules::check(network, &mut findings);
    borders::check(network, &mut findings);
    reach::check(network, &mut findings);
    prices::check(network, &mut findings);
    charges::check(network, &mut findings);
    findings
}

/// Zones that do not exist, and codes that speak of another country than the row.
fn places(network: &Network, findings: &mut Vec<Finding>) {
    for place in network.list_places() {
        if jiff::tz::TimeZone::get(&place.zone).is_err() {
            findings.push(
                Finding::error(
                    "network.zone-unknown",
                    format!("`{}` is no time zone of the IANA database", place.zone),
                )
                .at(format!("{}:zone", place.at))
                .remedy("write a zone such as Asia/Aqtau"),
            );
        }
        if place.code.country_letters() != place.country.as_str() {
            let message = format!("`{}` is a code of another country than {}", place.code, place.country);
            findings.push(
                Finding::warning("network.code-of-other-country", message)
                    .at(format!("{}:code", place.at))
                    .remedy(
                        "look whether the list has the place under its own country, else give a private code",
                    ),
            );
        }
    }
}

/// Whether an id names the opposite direction of a row, which is looked at with the row itself.
fn is_opposite(id: &str) -> bool {
    id.ends_with('R')
}
