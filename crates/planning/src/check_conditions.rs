//! What is wrong with the conditions of a request.

use crate::request::check_place;
use crate::ride::{carrier_matches, carriers};
use crate::{Conditions, PlanOptions, PlanRequest, Selection, limits};
use kervan_codes::CountryCode;
use kervan_model::Finding;
use kervan_network::{DangerClass, Network};
use std::collections::BTreeSet;

pub(crate) fn check_conditions(
    network: &Network,
    request: &PlanRequest,
    options: &PlanOptions,
    findings: &mut Vec<Finding>,
) {
    let conditions = &request.conditions;
    times(request, options, findings);
    numbers(conditions, findings);
    weights(network, conditions, findings);
    selection(network, &conditions.avoid, "avoid", findings);
    selection(network, &conditions.require, "require", findings);
    contradictions(request, findings);
    for (index, class) in conditions.dangerous.iter().enumerate() {
        if let Err(error) = class.parse::<DangerClass>() {
            findings.push(
                Finding::error("planning.danger-class", error.to_string())
                    .at(format!("/conditions/dangerous/{index}"))
                    .remedy("give the class or division from the transport document, such as 3 or 6.1"),
            );
        }
    }
}

fn times(request: &PlanRequest, options: &PlanOptions, findings: &mut Vec<Finding>) {
    let named = [("arrive_by", request.conditions.arrive_by)];
    for (name, instant) in named.into_iter().filter_map(|(name, instant)| Some((name, instant?))) {
        let path = format!("/conditions/{name}");
        if instant <= request.ready {
            let message = format!("{name} is {instant}, but the goods are ready at {}", request.ready);
            findings.push(
                Finding::error("planning.before-ready", message)
                    .at(&path)
                    .remedy("give an instant after the goods are ready"),
            );
        } else if let Some(now) = options.now.filter(|now| instant <= *now) {
            findings.push(
                Finding::error(
                    "planning.instant-in-the-past",
                    format!("{name} is {instant}, now it is {now}"),
                )
                .at(&path)
                .remedy("give an instant that is still to come"),
            );
        }
    }
    if let Some(days) = request.conditions.horizon_days.filter(|days| !limits::HORIZON_RANGE.contains(days)) {
        let (least, most) = (limits::HORIZON_RANGE.start(), limits::HORIZON_RANGE.end());
        findings.push(
            Finding::error("planning.horizon-out-of-range", format!("a horizon of {days} days"))
                .at("/conditions/horizon_days")
                .remedy(format!("give {least} to {most}, or leave it out for {}", limits::HORIZON_DAYS)),
        );
    }
}

fn numbers(conditions: &Conditions, findings: &mut Vec<Finding>) {
    if conditions.epsilon_permille > limits::MOST_EPSILON_PERMILLE {
        findings.push(
            Finding::error(
                "planning.epsilon-out-of-range",
                format!("an epsilon of {} thousandths", conditions.epsilon_permille),
            )
            .at("/conditions/epsilon_permille")
            .remedy(format!("give at most {}, or 0 for every way", limits::MOST_EPSILON_PERMILLE)),
        );
    }
    let mut seen = BTreeSet::new();
    if let Some(index) = conditions.criteria.iter().position(|criterion| !seen.insert(*criterion)) {
        findings.push(
            Finding::warning("planning.criterion-twice", "a criterion is named twice; it counts once")
                .at(format!("/conditions/criteria/{index}")),
        );
    }
    for (index, gauge) in conditions.gauges_mm.iter().enumerate() {
        if !limits::GAUGES_MM.contains(gauge) {
            findings.push(
                Finding::error("planning.gauge", format!("{gauge} mm is no gauge of a railway"))
                    .at(format!("/conditions/gauges_mm/{index}"))
                    .remedy("give millimetres, such as 1435 or 1520"),
            );
        }
    }
}

fn weights(network: &Network, conditions: &Conditions, findings: &mut Vec<Finding>) {
    let exposure = &conditions.exposure;
    let territories =
        exposure.territories.iter().map(|(code, weight)| ("territories", code.to_string(), *weight));
    let carriers = exposure.carriers.iter().map(|(name, weight)| ("carriers", name.clone(), *weight));
    let links = exposure.links.iter().map(|(id, weight)| ("links", id.to_string(), *weight));
    for (kind, name, weight) in territories.chain(carriers).chain(links) {
        if !(0..=limits::MOST_EXPOSURE_WEIGHT).contains(&weight) {
            let message = format!("the exposure of {name} has the weight {weight}");
            let code = if weight < 0 { "planning.negative-weight" } else { "planning.weight-out-of-range" };
            findings.push(
                Finding::error(code, message)
                    .at(format!("/conditions/exposure/{kind}/{name}"))
                    .remedy(format!("give 0 to {}; to rule it out, avoid it", limits::MOST_EXPOSURE_WEIGHT)),
            );
        }
    }
    for country in exposure.territories.keys() {
        check_country(network, *country, &format!("/conditions/exposure/territories/{country}"), findings);
    }
    for name in exposure.carriers.keys() {
        check_carrier(network, name, &format!("/conditions/exposure/carriers/{name}"), findings);
    }
    for link in exposure.links.keys().filter(|link| network.find_link(link).is_none()) {
        findings.push(unknown("link", link.as_str()).at(format!("/conditions/exposure/links/{link}")));
    }
}

fn selection(network: &Network, selection: &Selection, name: &str, findings: &mut Vec<Finding>) {
    let path = |kind: &str, index: usize| format!("/conditions/{name}/{kind}/{index}");
    for (index, place) in selection.places.iter().enumerate() {
        check_place(network, place, &path("places", index), findings);
    }
    for (index, country) in selection.countries.iter().enumerate() {
        check_country(network, *country, &path("countries", index), findings);
    }
    for (index, carrier) in selection.carriers.iter().enumerate() {
        check_carrier(network, carrier, &path("carriers", index), findings);
    }
    for (index, link) in
        selection.links.iter().enumerate().filter(|(_, link)| network.find_link(link).is_none())
    {
        findings.push(unknown("link", link.as_str()).at(path("links", index)));
    }
    for (index, service) in selection.services.iter().enumerate() {
        if network.find_service(service).is_none() {
            findings.push(unknown("service", service.as_str()).at(path("services", index)));
        }
    }
    let items = items(selection);
    let most = if name == "require" { limits::MOST_REQUIRED } else { limits::MOST_AVOIDED };
    if items > most {
        findings.push(
            Finding::error("planning.too-many-conditions", format!("{items} things to {name}"))
                .at(format!("/conditions/{name}"))
                .remedy(format!("name at most {most}")),
        );
    }
}

fn items(selection: &Selection) -> usize {
    selection.places.len()
        + selection.countries.len()
        + selection.modes.len()
        + selection.carriers.len()
        + selection.links.len()
        + selection.services.len()
}

/// Something that is to be avoided and required, or that is an end of the way.
fn contradictions(request: &PlanRequest, findings: &mut Vec<Finding>) {
    let (avoid, require) = (&request.conditions.avoid, &request.conditions.require);
    let mut say = |kind: &str, index: usize, what: String| {
        findings.push(
            Finding::error("planning.contradiction", what)
                .at(format!("/conditions/avoid/{kind}/{index}"))
                .remedy("take one of the two back"),
        );
    };
    for (index, place) in avoid.places.iter().enumerate() {
        if *place == request.from || *place == request.to {
            say("places", index, format!("{place} is to be avoided, and is an end of the way"));
        }
        if require.places.contains(place) {
            say("places", index, format!("{place} is to be avoided and required"));
        }
    }
    for (index, country) in avoid.countries.iter().enumerate().filter(|(_, c)| require.countries.contains(c))
    {
        say("countries", index, format!("{country} is to be avoided and required"));
    }
    for (index, mode) in avoid.modes.iter().enumerate().filter(|(_, mode)| require.modes.contains(mode)) {
        say("modes", index, format!("{mode} is to be avoided and required"));
    }
    for (index, carrier) in avoid.carriers.iter().enumerate().filter(|(_, c)| require.carriers.contains(c)) {
        say("carriers", index, format!("{carrier} is to be avoided and required"));
    }
}

fn check_country(network: &Network, country: CountryCode, path: &str, findings: &mut Vec<Finding>) {
    if !network.list_links().any(|link| link.countries.contains(&country)) {
        let known: BTreeSet<CountryCode> = network.list_places().map(|place| place.country).collect();
        let known: Vec<String> = known.iter().map(ToString::to_string).collect();
        findings.push(
            Finding::error("planning.unknown-country", format!("the network does not touch {country}"))
                .at(path)
                .remedy(format!("use one of {}", known.join(", "))),
        );
    }
}

fn check_carrier(network: &Network, name: &str, path: &str, findings: &mut Vec<Finding>) {
    if network.list_services().any(|service| carrier_matches(&service.operator, name)) {
        return;
    }
    let mut known: BTreeSet<&str> =
        network.list_services().flat_map(|service| carriers(&service.operator)).collect();
    let first: String = name.chars().take(1).flat_map(char::to_lowercase).collect();
    known.retain(|carrier| carrier.to_lowercase().starts_with(&first));
    let near: Vec<&str> = known.into_iter().take(limits::SUGGESTED_PLACES).collect();
    let remedy = if near.is_empty() {
        "`kervan network show PLACE` names the carriers of its services".to_owned()
    } else {
        format!("did you mean {}?", near.join(", "))
    };
    findings.push(
        Finding::error("planning.unknown-carrier", format!("no service is run by {name}"))
            .at(path)
            .remedy(remedy),
    );
}

fn unknown(kind: &str, id: &str) -> Finding {
    Finding::error(format!("planning.unknown-{kind}"), format!("{id} is no {kind} of the network"))
        .remedy(format!("correct the id; a {kind} in the opposite direction ends in R"))
}
