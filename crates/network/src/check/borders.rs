//! Borders, gauges and modes that meet at a place without a process for it.

use super::is_opposite;
use crate::{Network, Place, Service};
use kervan_model::{Finding, Mode, ProcessKind};
use std::collections::BTreeSet;

pub(super) fn check(network: &Network, findings: &mut Vec<Finding>) {
    borders(network, findings);
    for place in network.list_places() {
        let ways: Vec<Way> = ways_at(network, place);
        gauges(place, &ways, findings);
        modes(place, &ways, findings);
    }
}

/// A link over land from one customs territory into another needs a border at one of its ends.
fn borders(network: &Network, findings: &mut Vec<Finding>) {
    let crosses = |place: Option<&Place>| {
        place.is_some_and(|place| {
            place.processes.iter().any(|p| matches!(p.kind, ProcessKind::Border | ProcessKind::GaugeChange))
        })
    };
    for link in network.list_links().filter(|link| !is_opposite(link.id.as_str())) {
        let over_land = matches!(link.mode, Mode::Rail | Mode::Road | Mode::InlandWater);
        let pairs = link.countries.iter().zip(link.countries.iter().skip(1));
        let change = pairs.clone().find(|(one, next)| !network.share_customs_union(**one, **next));
        let Some((one, next)) = change.filter(|_| over_land) else { continue };
        if !crosses(network.find_place(&link.from)) && !crosses(network.find_place(&link.to)) {
            let message =
                format!("{} goes from {one} into {next}, but no end of it has a border process", link.id);
            findings.push(
                Finding::warning("network.border-missing", message)
                    .at(format!("{}:countries", link.at))
                    .remedy("add the border to processes.csv with its duration"),
            );
        }
    }
}

/// How a service meets a place.
struct Way {
    mode: Mode,
    gauge_mm: Option<u16>,
}

fn ways_at(network: &Network, place: &Place) -> Vec<Way> {
    let way = |service: &Service| Way { mode: service.mode, gauge_mm: network.gauge_at_start(service) };
    let leaving = network.services_from(&place.code).map(way);
    let arriving = network
        .list_services()
        .filter(|service| service.to == place.code)
        .map(|service| Way { mode: service.mode, gauge_mm: network.gauge_at_end(service) });
    leaving.chain(arriving).collect()
}

fn gauges(place: &Place, ways: &[Way], findings: &mut Vec<Finding>) {
    let gauges: BTreeSet<u16> = ways.iter().filter_map(|way| way.gauge_mm).collect();
    let changes = place.processes.iter().any(|process| process.kind == ProcessKind::GaugeChange);
    if gauges.len() > 1 && !changes {
        let listed: Vec<String> = gauges.iter().map(u16::to_string).collect();
        let message =
            format!("{} has tracks of {} mm, but no gauge change", place.code, listed.join(" and "));
        findings.push(
            Finding::error("network.gauge-change-missing", message)
                .at(format!("{}:code", place.at))
                .remedy("add the gauge change to processes.csv, or correct the gauge of a link"),
        );
    }
}

fn modes(place: &Place, ways: &[Way], findings: &mut Vec<Finding>) {
    let modes: BTreeSet<Mode> = ways.iter().map(|way| way.mode).collect();
    let transfers = place.processes.iter().any(|process| process.kind == ProcessKind::Transfer);
    if modes.len() > 1 && !transfers {
        let listed: Vec<&str> = modes.iter().map(|mode| mode.word()).collect();
        let message =
            format!("{} joins {}, but the transfer has no duration", place.code, listed.join(" and "));
        findings.push(
            Finding::warning("network.transfer-missing", message)
                .at(format!("{}:code", place.at))
                .remedy("add the transfer to processes.csv; a plan takes it for nothing as it stands"),
        );
    }
}
