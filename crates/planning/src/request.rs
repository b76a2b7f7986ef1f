//! What is asked for, and what is wrong with it.

use crate::check_conditions::check_conditions;
use crate::{Conditions, limits};
use jiff::{Timestamp, tz::TimeZone};
use kervan_codes::{PlaceCode, SizeType};
use kervan_model::Finding;
use kervan_network::Network;
use kervan_units::Mass;
use serde::{Deserialize, Serialize};

/// What a forwarder asks: from where, to where, when, with what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRequest {
    /// Where the goods are.
    pub from: PlaceCode,
    /// Where they shall go.
    pub to: PlaceCode,
    /// When they are ready at the origin.
    pub ready: Timestamp,
    /// Containers by number, size and type. Range: 1 to [`limits::MOST_CONTAINERS`] in all.
    pub equipment: Vec<(u32, SizeType)>,
    /// Gross mass of the goods, all containers together; without it an assumption per container is made and named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross_mass: Option<Mass>,
    /// Whether services may be used that are not open yet in the year of `ready`.
    #[serde(default)]
    pub allow_planned: bool,
    /// Whether services may be used that are there but not to be relied on.
    #[serde(default)]
    pub allow_disrupted: bool,
    /// What ways must keep to, and what they are compared on.
    #[serde(default, skip_serializing_if = "Conditions::is_default")]
    pub conditions: Conditions,
}

impl PlanRequest {
    /// A request without any condition.
    pub fn new(from: PlaceCode, to: PlaceCode, ready: Timestamp, equipment: Vec<(u32, SizeType)>) -> Self {
        Self {
            from,
            to,
            ready,
            equipment,
            gross_mass: None,
            allow_planned: false,
            allow_disrupted: false,
            conditions: Conditions::default(),
        }
    }
}

/// How the plan is computed. The same request, options and network give the same plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanOptions {
    /// Seed of the random numbers.
    pub seed: u64,
    /// Monte Carlo samples. Range: [`limits::FEWEST_SAMPLES`] to [`limits::MOST_SAMPLES`].
    pub samples: u32,
    /// Alternatives shown at most. Range: 1 to [`limits::MOST_ALTERNATIVES`].
    pub most_alternatives: u32,
    /// The present, if goods that were ready before it shall be refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Timestamp>,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self { seed: 1, samples: 2_000, most_alternatives: 8, now: None }
    }
}

/// Everything that is wrong with a request, at once; empty if nothing is. Paths point into [`PlanRequest`].
pub fn check_request(network: &Network, request: &PlanRequest, options: &PlanOptions) -> Vec<Finding> {
    let mut findings = Vec::new();
    check_place(network, &request.from, "/from", &mut findings);
    check_place(network, &request.to, "/to", &mut findings);
    if request.from == request.to {
        findings.push(
            Finding::error(
                "planning.same-place",
                format!("origin and destination are both {}", request.from),
            )
            .at("/to")
            .remedy("give two different places"),
        );
    }
    check_ready(request, options, &mut findings);
    check_equipment(request, &mut findings);
    check_mass(request, &mut findings);
    check_conditions(network, request, options, &mut findings);
    check_options(options, &mut findings);
    findings
}

pub(crate) fn check_place(network: &Network, code: &PlaceCode, path: &str, findings: &mut Vec<Finding>) {
    if network.find_place(code).is_some() {
        return;
    }
    let nearest: Vec<String> = network
        .suggest_places(code.as_str(), limits::SUGGESTED_PLACES)
        .into_iter()
        .map(|place| format!("{} ({})", place.code, place.name))
        .collect();
    let remedy = match nearest.as_slice() {
        [] => "use a place of the network".to_owned(),
        places => format!("did you mean {}?", places.join(", ")),
    };
    findings.push(
        Finding::error("planning.unknown-place", format!("{code} is no place of the network"))
            .at(path)
            .remedy(remedy),
    );
}

fn check_ready(request: &PlanRequest, options: &PlanOptions, findings: &mut Vec<Finding>) {
    let year = ready_year(request);
    if !limits::READY_YEARS.contains(&year) {
        findings.push(
            Finding::error("planning.ready-out-of-range", format!("ready in the year {year}"))
                .at("/ready")
                .remedy(format!(
                    "give an instant between {} and {}",
                    limits::READY_YEARS.start(),
                    limits::READY_YEARS.end()
                )),
        );
    }
    if let Some(now) = options.now.filter(|now| request.ready < *now) {
        findings.push(
            Finding::error(
                "planning.ready-in-the-past",
                format!("ready at {}, now it is {now}", request.ready),
            )
            .at("/ready")
            .remedy("give an instant that is still to come"),
        );
    }
}

/// A remark if goods would have been ready before now: nothing forbids to plan the past, but few mean to.
pub fn find_past(request: &PlanRequest, now: Timestamp) -> Option<Finding> {
    (request.ready < now).then(|| {
        Finding::warning(
            "planning.ready-in-the-past",
            format!("ready at {}, and now it is {now}: this is a plan of the past", request.ready),
        )
        .at("/ready")
        .remedy("give an instant that is still to come")
    })
}

fn check_equipment(request: &PlanRequest, findings: &mut Vec<Finding>) {
    for (line, (count, size)) in request.equipment.iter().enumerate() {
        if *count == 0 {
            findings.push(
                Finding::error("planning.no-containers", format!("0 containers of {size}"))
                    .at(format!("/equipment/{line}/0"))
                    .remedy("give the number, or leave the line out"),
            );
        }
    }
    let containers: u64 = request.equipment.iter().map(|(count, _)| u64::from(*count)).sum();
    if request.equipment.is_empty() {
        findings.push(
            Finding::error("planning.no-containers", "no containers")
                .at("/equipment")
                .remedy("give at least one, such as 2x45G1"),
        );
    }
    if containers > u64::from(limits::MOST_CONTAINERS)
        || request.equipment.len() > limits::MOST_EQUIPMENT_LINES
    {
        findings.push(
            Finding::error(
                "planning.too-many-containers",
                match request.equipment.len() {
                    1 => format!("{containers} containers"),
                    lines => format!("{containers} containers in {lines} lines"),
                },
            )
            .at("/equipment")
            .remedy(format!(
                "plan at most {} containers in {} lines at once; more than that are several trains",
                limits::MOST_CONTAINERS,
                limits::MOST_EQUIPMENT_LINES
            )),
        );
    }
}

fn check_mass(request: &PlanRequest, findings: &mut Vec<Finding>) {
    let Some(mass) = request.gross_mass else { return };
    if mass == Mass::ZERO || mass > Mass::from_tonnes(limits::MOST_TONNES) {
        findings.push(
            Finding::error(
                "planning.mass-out-of-range",
                format!("{} kg of goods", mass.to_kilogram_decimal()),
            )
            .at("/gross_mass")
            .remedy(format!("give more than nothing and at most {} t, or leave it out", limits::MOST_TONNES)),
        );
    }
}

fn check_options(options: &PlanOptions, findings: &mut Vec<Finding>) {
    let ranges = [
        ("samples", options.samples, limits::FEWEST_SAMPLES, limits::MOST_SAMPLES),
        ("most_alternatives", options.most_alternatives, 1, limits::MOST_ALTERNATIVES),
    ];
    for (name, value, least, most) in ranges {
        if !(least..=most).contains(&value) {
            findings.push(
                Finding::error("planning.option-out-of-range", format!("{name} is {value}"))
                    .at(format!("/options/{name}"))
                    .remedy(format!("give {least} to {most}")),
            );
        }
    }
}

/// The calendar year in which the goods are ready, in UTC: what a planned opening is compared with.
pub(crate) fn ready_year(request: &PlanRequest) -> i16 {
    request.ready.to_zoned(TimeZone::UTC).year()
}
