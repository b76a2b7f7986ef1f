//! Services: chains, modes, classes, speeds, status.

use super::is_opposite;
use crate::{Link, Network, Service};
use kervan_model::{Finding, Mode, TrafficClass};

/// Plausible mean speeds by mode, stops on the way included. Unit: kilometre per hour.
fn plausible_speed(mode: Mode) -> std::ops::RangeInclusive<f64> {
    match mode {
        Mode::Rail => 5.0..=100.0,
        Mode::Road => 3.0..=90.0,
        Mode::Sea => 8.0..=45.0,
        Mode::Ferry => 8.0..=40.0,
        Mode::InlandWater => 4.0..=25.0,
    }
}

/// Rides shorter than this are border shuttles whose speed says nothing. Unit: kilometre.
const SHUTTLE_KM: f64 = 30.0;

fn mode_fits_class(class: TrafficClass, mode: Mode) -> bool {
    match class {
        TrafficClass::BlockTrain | TrafficClass::Carload => mode == Mode::Rail,
        TrafficClass::Truck => matches!(mode, Mode::Road | Mode::Ferry),
        TrafficClass::ContainerVessel => matches!(mode, Mode::Sea | Mode::InlandWater),
        TrafficClass::Ferry => mode == Mode::Ferry,
    }
}

pub(super) fn check(network: &Network, findings: &mut Vec<Finding>) {
    for service in network
        .list_services()
        .filter(|service| !is_opposite(service.id.as_str()) && service.part_of.is_none())
    {
        let links: Vec<&Link> = network.links_of_service(&service.id).collect();
        chain(service, &links, findings);
        words(service, &links, findings);
        speed(network, service, findings);
    }
}

fn chain(service: &Service, links: &[&Link], findings: &mut Vec<Finding>) {
    let mut here = &service.from;
    for link in links {
        if link.from != *here {
            let message =
                format!("{}: {} starts at {}, but the ride is at {here}", service.id, link.id, link.from);
            findings.push(
                Finding::error("network.chain-broken", message)
                    .at(format!("{}:links", service.at))
                    .remedy("list the links in the order of the ride; one ridden backwards ends in R"),
            );
            return;
        }
        here = &link.to;
    }
    if *here != service.to {
        let message = format!("{}: the links end at {here}, the service at {}", service.id, service.to);
        findings.push(
            Finding::error("network.chain-broken", message)
                .at(format!("{}:links", service.at))
                .remedy("add the missing link, or correct the end"),
        );
    }
    let gauges: Vec<u16> = links.iter().filter_map(|link| link.gauge_mm).collect();
    if let Some(gauge) = gauges.iter().zip(gauges.iter().skip(1)).find(|(one, next)| one != next) {
        let message =
            format!("{} rides over a change of gauge from {} to {} mm", service.id, gauge.0, gauge.1);
        findings.push(
            Finding::error("network.gauge-within-service", message)
                .at(format!("{}:links", service.at))
                .remedy("end the service at the place of the gauge change"),
        );
    }
}

fn words(service: &Service, links: &[&Link], findings: &mut Vec<Finding>) {
    if let Some(link) = links.iter().find(|link| link.mode != service.mode) {
        let message =
            format!("{} goes by {}, its link {} by {}", service.id, service.mode, link.id, link.mode);
        findings.push(
            Finding::error("network.mode-of-link", message)
                .at(format!("{}:mode", service.at))
                .remedy("a service has one mode; divide it where the mode changes"),
        );
    }
    if !mode_fits_class(service.class, service.mode) {
        let message = format!("{}: {} does not go by {}", service.id, service.class, service.mode);
        findings.push(
            Finding::error("network.class-of-mode", message)
                .at(format!("{}:class", service.at))
                .remedy("correct the class or the mode"),
        );
    }
    let nearer = |link: &&&Link| service.status.distance_from_use() < link.status.distance_from_use();
    if let Some(link) = links.iter().find(nearer) {
        let message = format!("{} is nearer to use than its link {}", service.id, link.id);
        findings.push(
            Finding::error("network.status-of-link", message)
                .at(format!("{}:status", service.at))
                .remedy("a service over a planned or disrupted link is planned or disrupted itself"),
        );
    }
}

fn speed(network: &Network, service: &Service, findings: &mut Vec<Finding>) {
    let km = network.distance_of_service(&service.id).typ().as_kilometres_f64();
    let hours = service.running.typ().as_hours_f64();
    let speed = km / hours.max(0.01);
    if km > SHUTTLE_KM && !plausible_speed(service.mode).contains(&speed) {
        let message = format!("{} goes {km:.0} km in {hours:.1} h, that is {speed:.0} km/h", service.id);
        findings.push(
            Finding::warning("network.speed-implausible", message)
                .at(format!("{}:running_h_typ", service.at))
                .remedy("look at the running time and at the lengths of its links"),
        );
    }
}
