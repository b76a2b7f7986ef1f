//! `kervan plan`.

use super::network::{find_place, load_network};
use super::output;
use super::{Failure, Outcome};
use crate::facts::Facts;
use crate::http::wire;
use clap::Args;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use kervan_codes::SizeType;
use kervan_model::{CostBasis, Itinerary, Step, has_errors};
use kervan_network::{Network, Place};
use kervan_planning::{Alternative, Badge, Plan, PlanOptions, PlanRequest, plan};
use kervan_units::{Mass, Seconds};

/// List the ways from A to B that no other beats on arrival, cost and emissions.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan plan --from CNXIA --to TRIST --ready 2026-12-01T08:00 --equipment 2x45G1
  kervan plan --from UZTAS --to BGBOJ --ready 2026-12-02T04:00Z --equipment 6x22G1 --mass 144500 --json

Waiting at places, changes of gauge, ferries and borders count, not only the time on the move. P50 is the median; one in ten
arrives before P10 and one in ten after P90. Times are shown in the zone of the place.")]
pub(super) struct PlanCommand {
    /// Place code of the origin.
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// Place code of the destination.
    #[arg(long, value_name = "PLACE")]
    to: String,
    /// When the goods are ready: local time of the origin, or an instant with an offset or Z.
    #[arg(long, value_name = "TIME")]
    ready: String,
    /// Containers, such as 2x45G1; may be given several times.
    #[arg(long, value_name = "NxTYPE", required = true)]
    equipment: Vec<String>,
    /// Mass of all goods in kilograms; without it an assumption per container is made and named.
    #[arg(long, value_name = "KG")]
    mass: Option<String>,
    /// Also use links that are not open yet.
    #[arg(long)]
    allow_planned: bool,
    /// Also use links that cannot be relied on today.
    #[arg(long)]
    allow_disrupted: bool,
    /// Seed of the random numbers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print every step of every alternative.
    #[arg(long)]
    steps: bool,
    /// Print the plan as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(command: &PlanCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let network = load_network(facts)?;
    let from = find_place(&network, &command.from)?;
    let to = find_place(&network, &command.to)?;
    let equipment: Vec<_> =
        command.equipment.iter().map(|text| read_equipment(text)).collect::<Result<_, _>>()?;
    let gross_mass = command.mass.as_deref().map(str::parse::<Mass>).transpose();
    let gross_mass = gross_mass.map_err(|error| Failure::new(error.to_string()).remedy("--mass 18420"))?;
    let request = PlanRequest {
        from: from.code.clone(),
        to: to.code.clone(),
        ready: read_ready(&command.ready, from)?,
        equipment,
        gross_mass,
        allow_planned: command.allow_planned,
        allow_disrupted: command.allow_disrupted,
    };
    let options = PlanOptions { seed: command.seed, ..PlanOptions::default() };
    match plan(&network, &request, &options) {
        Ok(plan) if command.json => {
            output::json(&wire::Plan::new(wire_request(&request, command.seed), &plan, &network));
            Ok(outcome(&plan))
        }
        Ok(plan) => {
            show(&plan, &network, command.steps);
            Ok(outcome(&plan))
        }
        Err(findings) => {
            if command.json {
                output::json(&findings);
            } else {
                output::findings(&findings);
            }
            Ok(Outcome::FoundErrors)
        }
    }
}

fn outcome(plan: &Plan) -> Outcome {
    if plan.alternatives.is_empty() || has_errors(&plan.findings) {
        Outcome::FoundErrors
    } else {
        Outcome::Done
    }
}

fn wire_request(request: &PlanRequest, seed: u64) -> wire::PlanRequest {
    wire::PlanRequest {
        from: request.from.to_string(),
        to: request.to.to_string(),
        ready: request.ready.to_string(),
        equipment: request
            .equipment
            .iter()
            .map(|(count, size)| wire::EquipmentCount { count: *count, size_type: size.to_string() })
            .collect(),
        gross_mass_kg: request.gross_mass.map(|mass| mass.grams() as f64 / 1e3),
        allow_planned: request.allow_planned,
        allow_disrupted: request.allow_disrupted,
        seed: Some(seed),
    }
}

pub(super) fn read_equipment(text: &str) -> Result<(u32, SizeType), Failure> {
    let failure = |reason: String| Failure::new(format!("`{text}`: {reason}")).remedy("--equipment 2x45G1");
    let (count, size) = text.split_once(['x', 'X']).unwrap_or(("1", text));
    let count = count.parse().map_err(|_| failure("the number before the x is no whole number".into()))?;
    let size = size.parse::<SizeType>().map_err(|error| failure(error.to_string()))?;
    Ok((count, size))
}

/// An instant, or a civil time in the zone of the origin.
pub(super) fn read_ready(text: &str, origin: &Place) -> Result<Timestamp, Failure> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let failure = || Failure::new(format!("`{text}` is no time")).remedy("--ready 2026-12-01T08:00");
    let civil: DateTime = text.parse().map_err(|_| failure())?;
    let zone = TimeZone::get(&origin.zone).map_err(|_| failure())?;
    zone.to_timestamp(civil).map_err(|_| failure())
}

fn show(plan: &Plan, network: &Network, steps: bool) {
    let mut table = output::table(&[
        "",
        "via",
        "days P10/P50/P90",
        "arrives P50",
        "cost USD",
        "of it judged",
        "CO2e",
        "figures",
    ]);
    for way in &plan.alternatives {
        let itinerary = &way.itinerary;
        let days = |until: Timestamp| Seconds::between(itinerary.departs, until).as_hours_f64() / 24.0;
        let unknown = itinerary.cost.unknown.len();
        table.add_row([
            format!("{}\n{}", way.id, badges(way).join("\n")),
            way.via.iter().map(|code| wire::name_of(network, code)).collect::<Vec<_>>().join(" - "),
            format!(
                "{:.1} / {:.1} / {:.1}",
                days(itinerary.arrives.p10),
                days(itinerary.arrives.p50),
                days(itinerary.arrives.p90)
            ),
            local(itinerary.arrives.p50, network.find_place(&plan.request.to)),
            format!(
                "{}\n{} to {}",
                itinerary.cost.total.to_decimal(),
                itinerary.cost.low.to_decimal(),
                itinerary.cost.high.to_decimal()
            ),
            format!("{}\n+ {unknown} unknown", itinerary.cost.judged.to_decimal()),
            itinerary.carbon.to_string(),
            format!("{:?} confidence", itinerary.confidence).to_lowercase(),
        ]);
    }
    output::line(&table.to_string());
    for way in &plan.alternatives {
        let countries: Vec<_> = way.itinerary.countries.iter().map(ToString::to_string).collect();
        output::line(&format!("{}  countries {}, {}", way.id, countries.join(" "), way.itinerary.distance));
        if !way.itinerary.cost.unknown.is_empty() {
            output::line(&format!("    not in the cost: {}", way.itinerary.cost.unknown.join(", ")));
        }
        output::findings(&way.findings);
        if steps {
            output::line(&steps_table(&way.itinerary, network).to_string());
        }
    }
    for assumption in &plan.assumptions {
        output::line(&format!(
            "assumed: {}: {} ({})",
            assumption.name, assumption.value, assumption.provenance.source
        ));
    }
    output::findings(&plan.findings);
    if !steps && !plan.alternatives.is_empty() {
        output::line("Add --steps for every leg, wait and source, or --json for machines.");
    }
}

fn badges(way: &Alternative) -> Vec<&'static str> {
    way.badges
        .iter()
        .map(|badge| match badge {
            Badge::Fastest => "fastest",
            Badge::Cheapest => "cheapest",
            Badge::LowestEmissions => "least CO2e",
        })
        .collect()
}

/// An instant in the zone of a place.
fn local(instant: Timestamp, place: Option<&Place>) -> String {
    let zone = place.and_then(|place| TimeZone::get(&place.zone).ok()).unwrap_or(TimeZone::UTC);
    instant.to_zoned(zone).strftime("%a %d %b %H:%M").to_string()
}

fn steps_table(itinerary: &Itinerary, network: &Network) -> comfy_table::Table {
    let mut table = output::table(&["local time", "step", "min / typical / max", "cost", "source"]);
    for step in &itinerary.steps {
        match step {
            Step::Stay(stay) => {
                let place = network.find_place(&stay.place);
                for process in &stay.processes {
                    let duration = process.duration;
                    table.add_row([
                        local(stay.arrives, place),
                        format!(
                            "{}: {}",
                            wire::name_of(network, &stay.place),
                            process.kind.word().replace('_', " ")
                        ),
                        format!("{} / {} / {}", duration.min(), duration.typ(), duration.max()),
                        String::new(),
                        process.provenance.source.clone(),
                    ]);
                }
            }
            Step::Leg(leg) => {
                let cost = leg.cost.as_ref().map_or_else(
                    || "unknown".to_owned(),
                    |cost| {
                        let basis = match cost.basis {
                            CostBasis::Published => "published",
                            CostBasis::Derived => "derived",
                            CostBasis::Judgement => "judgement",
                        };
                        format!("{} ({basis})", cost.typical)
                    },
                );
                table.add_row([
                    local(leg.departs, network.find_place(&leg.from)),
                    format!("{} ({}, {})", leg.name, leg.operator, leg.mode),
                    format!("{} / {} / {}", leg.running.min(), leg.running.typ(), leg.running.max()),
                    cost,
                    leg.provenance.source.clone(),
                ]);
            }
        }
    }
    table
}
