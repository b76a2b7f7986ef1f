//! Prices and emissions that are lacking.

use super::is_opposite;
use crate::{Network, Service, Tariff, TariffUnit};
use kervan_model::{Finding, Severity, TrafficClass};

pub(super) fn check(network: &Network, findings: &mut Vec<Finding>) {
    for service in network.list_services().filter(|service| service.part_of.is_none()) {
        price(network, service, findings);
    }
    for link in network.list_links().filter(|link| !is_opposite(link.id.as_str())) {
        if network.emission_factor(link).is_none() {
            findings.push(
                Finding::warning(
                    "network.emission-factor-missing",
                    format!("no emission factor fits {}", link.id),
                )
                .at(format!("{}:traction", link.at))
                .remedy("add a row for the mode to emission_factors.csv"),
            );
        }
    }
}

/// A service needs a price for the unit in which its class carries containers, now and in both directions.
fn price(network: &Network, service: &Service, findings: &mut Vec<Finding>) {
    let units: &[TariffUnit] = match service.class {
        TrafficClass::Truck => &[TariffUnit::Truck, TariffUnit::TruckMetre],
        TrafficClass::BlockTrain
        | TrafficClass::Carload
        | TrafficClass::ContainerVessel
        | TrafficClass::Ferry => &[TariffUnit::Feu],
    };
    let usable = |tariff: &&Tariff| units.contains(&tariff.per) && tariff.is_general();
    let mut of_service = network.tariffs_of_service(&service.id).filter(usable).peekable();
    let (severity, message) = if of_service.peek().is_none() {
        (Severity::Warning, format!("{} has no price for what it carries", service.id))
    } else if of_service.all(|tariff| tariff.valid_to.is_some()) {
        (Severity::Info, format!("every price of {} has a last day", service.id))
    } else {
        return;
    };
    let mut finding = Finding::warning("network.price-missing", message)
        .at(format!("{}:id", service.at))
        .remedy("add a row to tariffs.csv, or a per-kilometre default for its mode and class");
    finding.severity = severity;
    findings.push(finding);
}
