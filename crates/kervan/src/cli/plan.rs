//! `kervan plan`.

use super::network::{find_place, load_network};
use super::output;
use super::plan_conditions::ConditionOptions;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::http::wire;
use crate::setup::open_node;
use clap::Args;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use kervan_codes::SizeType;
use kervan_model::{CostBasis, Itinerary, PartyId, Reference, Step, has_errors};
use kervan_network::{Network, Place};
use kervan_node::{Desk, Figures, KeptPlan, Refusal, keep_plan, load_figures, newest_figures, note_closures};
use kervan_planning::{Alternative, Badge, Learned, Plan, PlanOptions, explain, find_past};
use kervan_units::{Mass, Seconds};
use std::path::{Path, PathBuf};

/// List the ways from A to B that no other beats on arrival, cost and emissions.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan plan --from CNXIA --to TRIST --ready 2026-12-01T08:00 --equipment 2x45G1
  kervan plan --from CNXIA --to TRIST --ready 2026-12-01T08:00 --equipment 2x45G1 --deadline 2026-12-28T18:00 --day-value 300
  kervan plan --from UZTAS --to BGBOJ --ready 2026-12-02T04:00Z --equipment 6x22G1 --mass 144500 --json
  kervan plan --from CNXIA --to TRIST --arrive-by 2027-01-15T12:00 --equipment 2x45G1 --avoid sea --max-transshipments 4
  kervan plan --from CNXIA --to DEDUI --ready 2026-12-01T08:00 --equipment 1x45R1 --expose RU=5 --expose BY=5
  kervan plan --from CNXIA --to TRIST --ready 2026-12-01T08:00 --equipment 2x45G1 --dangerous 3 --require carrier:ASCO
  kervan plan --from CNXIA --to TRIST --ready 2026-12-01T08:00 --equipment 2x45G1 --data kervan-data --save --as PARTY

Waiting at places, changes of gauge, ferries and borders count, not only the time on the move. P50 is the median; one in ten
arrives before P10 and one in ten after P90. Times are shown in the zone of the place.

The way that is recommended costs least together with the value of its days, among those that meet the deadline with the wanted chance.
The odds below the table are computed, not drawn: shares of the risk sum to 100 %, and a departure counts as missed if goods come after
the one that they would catch at the median.")]
pub(super) struct PlanCommand {
    /// Place code of the origin.
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// Place code of the destination.
    #[arg(long, value_name = "PLACE")]
    to: String,
    /// When the goods are ready: local time of the origin, or an instant with an offset or Z. Not needed with --arrive-by.
    #[arg(long, visible_alias = "depart-after", value_name = "TIME", required_unless_present = "arrive_by")]
    ready: Option<String>,
    /// Containers, such as 2x45G1; may be given several times.
    #[arg(long, value_name = "NxTYPE", required = true)]
    equipment: Vec<String>,
    /// Mass of all goods in kilograms; without it an assumption per container is made and named.
    #[arg(long, value_name = "KG", allow_hyphen_values = true)]
    mass: Option<String>,
    /// Also use links that are not open yet.
    #[arg(long)]
    allow_planned: bool,
    /// Also use links that cannot be relied on today.
    #[arg(long)]
    allow_disrupted: bool,
    #[command(flatten)]
    conditions: ConditionOptions,
    /// Alternatives shown at most.
    #[arg(long, value_name = "N", default_value_t = PlanOptions::default().most_alternatives)]
    alternatives: u32,
    /// Seed of the random numbers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// When the goods must be there: local time of the destination, or an instant with an offset or Z.
    #[arg(long, value_name = "TIME")]
    deadline: Option<String>,
    /// The chance to meet the deadline that is wanted, in percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 80.0, allow_negative_numbers = true)]
    chance: f64,
    /// What a day is worth in USD, all containers together; without it an assumption per container is made and named.
    #[arg(long, value_name = "USD", allow_negative_numbers = true)]
    day_value: Option<f64>,
    /// Print why, the odds and the fallbacks: `all`, or nothing but the table of alternatives with `none`.
    #[arg(long, value_name = "WHAT", default_value = "all", value_parser = ["all", "none"])]
    why: String,
    /// Folder of a store: the durations that were measured there take the place of published ones.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Keep the plan in the store of --data; `kervan plans` lists, replays and compares what was kept.
    #[arg(long, requires = "data", requires = "party")]
    save: bool,
    /// The party that keeps it.
    #[arg(long = "as", value_name = "PARTY", requires = "save")]
    party: Option<PartyId>,
    /// The consignment that it is kept for.
    #[arg(long, value_name = "REFERENCE", requires = "save")]
    consignment: Option<Reference>,
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
    let asked = ask(command, &network, from, to)?;
    let options =
        PlanOptions { seed: command.seed, most_alternatives: command.alternatives, ..PlanOptions::default() };
    let there = command.data.as_deref().map(|data| figures_on(data, facts)).transpose()?;
    let published = Learned::default();
    let learned = there.as_ref().map_or(&published, |(_, figures)| &figures.learned);
    // What cannot be read and what cannot be planned is said in the same way.
    let explained = asked
        .read_whole(&network, &options)
        .and_then(|(request, preferences)| explain(&network, &request, &options, &preferences, learned));
    match explained {
        Ok(mut explained) => {
            let measured = there
                .as_ref()
                .map(|(desk, figures)| (figures.version, figures.note(desk, &mut explained.plan)));
            let kept = there.as_ref().map(|(desk, figures)| keep(command, desk, figures, &explained.plan));
            let kept = kept.transpose()?.flatten();
            there.iter().for_each(|(desk, _)| note_closures(desk, &mut explained.plan));
            // A store may be that of a play, whose clock is another one.
            if there.is_none() {
                explained.plan.findings.extend(find_past(&explained.plan.request, Clock::Wall.now()));
            }
            let mut shown = wire::Plan::new(asked, &explained, &network);
            if let Some((version, figures)) = &measured {
                shown = shown.with_figures(*version, figures, &network);
            }
            if command.json {
                shown = shown.with_bands(&explained.plan, &network, learned);
                output::json(&shown);
                return Ok(outcome(&explained.plan));
            }
            show(&explained.plan, &network, command.steps);
            if command.why == "all" {
                let insight = explained.insight.as_ref();
                insight.iter().for_each(|insight| super::why::show(insight, &explained.plan, &network));
            }
            show_measured(&shown);
            if let Some(id) = kept {
                output::line(&format!("kept as {id}"));
            }
            Ok(outcome(&explained.plan))
        }
        Err(findings) => {
            let say = if command.json { output::json } else { |found: &Vec<_>| output::findings(found) };
            say(&findings);
            Ok(Outcome::FoundErrors)
        }
    }
}

/// What the command asks for, as the API would be asked. Errors: an argument cannot be read.
fn ask(
    command: &PlanCommand,
    network: &Network,
    from: &Place,
    to: &Place,
) -> Result<wire::PlanRequest, Failure> {
    let equipment: Vec<_> =
        command.equipment.iter().map(|text| read_equipment(text)).collect::<Result<_, _>>()?;
    let mass = command.mass.as_deref().map(str::parse::<Mass>).transpose();
    let mass = mass.map_err(|error| Failure::new(error.to_string()).remedy("--mass 18420"))?;
    let conditions = command.conditions.read(network, to)?;
    let deadline = command.deadline.as_ref().map(|text| read_ready(text, to)).transpose()?;
    Ok(wire::PlanRequest {
        from: from.code.to_string(),
        to: to.code.to_string(),
        ready: ready(command, from, &conditions)?.to_string(),
        equipment: equipment
            .iter()
            .map(|(count, size)| wire::EquipmentCount { count: *count, size_type: size.to_string() })
            .collect(),
        gross_mass_kg: mass.map(|mass| mass.grams() as f64 / 1e3),
        allow_planned: command.allow_planned,
        allow_disrupted: command.allow_disrupted,
        seed: Some(command.seed),
        deadline: deadline.map(|deadline| deadline.to_string()),
        wanted_chance: Some(command.chance / 100.0),
        value_of_day: command.day_value,
        figures: None,
        conditions,
    })
}

/// Keeps the plan, if that is asked for; returns its id.
fn keep(
    command: &PlanCommand,
    desk: &Desk,
    figures: &Figures,
    plan: &Plan,
) -> Result<Option<String>, Failure> {
    let Some(party) = command.party.as_ref().filter(|_| command.save) else { return Ok(None) };
    let known = desk.party(party).map_err(|refusal| Failure::new(refusal.to_string()))?;
    let value = KeptPlan {
        reference: command.consignment.clone(),
        author: known.record.id,
        figures: figures.version.to_string(),
        chosen: None,
        plan: plan.clone(),
    };
    let kept = keep_plan(desk, value, Clock::Wall.now());
    Ok(Some(kept.map_err(|refusal| Failure::new(refusal.to_string()))?.id))
}

/// What was measured in a store, as it counts now.
fn figures_on(data: &Path, facts: &Facts) -> Result<(Desk, Figures), Failure> {
    let desk = open_node(facts, data)?.desk;
    let failed = |refusal: Refusal| Failure::new(refusal.to_string());
    let version = newest_figures(&desk, Clock::Wall.now()).map_err(failed)?;
    let figures = load_figures(&desk, version).map_err(failed)?;
    Ok((desk, figures))
}

/// What was measured of the ways, those that have drifted first.
fn show_measured(plan: &wire::Plan) {
    const MOST_SHOWN: usize = 12;
    let Some(version) = &plan.request.figures else { return };
    if plan.measured.is_empty() {
        output::line("Nothing of these ways was measured there: every duration is the published one.");
        return;
    }
    let mut table = output::table(&[
        "measured there",
        "times",
        "published h",
        "now h P50",
        "P95",
        "published counts",
        "drifted since",
    ]);
    // A wait that takes no time by either tells nobody anything.
    let tells = |one: &&wire::FigureUse| one.published_h.max > 0.0 || one.p95_h > 0.0;
    let mut rows: Vec<_> = plan.measured.iter().filter(tells).collect();
    rows.sort_by_key(|one| (one.drifted_since.is_none(), std::cmp::Reverse(one.measured)));
    for one in rows.iter().take(MOST_SHOWN) {
        table.add_row([
            one.name.clone(),
            one.measured.to_string(),
            format!("{} to {}", one.published_h.min, one.published_h.max),
            one.median_h.to_string(),
            one.p95_h.to_string(),
            format!("{:.0} %", one.published_share * 100.0),
            one.drifted_since.as_ref().map_or_else(String::new, |at| at.chars().take(10).collect()),
        ]);
    }
    output::line(&table.to_string());
    let more = rows.len().saturating_sub(MOST_SHOWN);
    let rest = if more > 0 { format!("; {more} more with --json") } else { String::new() };
    output::line(&format!("figures {version}{rest}"));
}

fn outcome(plan: &Plan) -> Outcome {
    if plan.alternatives.is_empty() || has_errors(&plan.findings) {
        Outcome::FoundErrors
    } else {
        Outcome::Done
    }
}

/// When the goods are ready; a horizon before they must have arrived, if it is not said.
fn ready(
    command: &PlanCommand,
    origin: &Place,
    conditions: &wire::PlanConditions,
) -> Result<Timestamp, Failure> {
    if let Some(text) = &command.ready {
        return read_ready(text, origin);
    }
    let arrive_by = conditions.arrive_by.as_deref().and_then(|text| text.parse::<Timestamp>().ok());
    let days = conditions.horizon_days.unwrap_or(kervan_planning::limits::HORIZON_DAYS);
    let before =
        arrive_by.and_then(|at| at.checked_sub(jiff::SignedDuration::from_hours(24 * i64::from(days))).ok());
    before.ok_or_else(|| Failure::new("when are the goods ready?").remedy("--ready 2026-12-01T08:00"))
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
    read_time(text, origin, "--ready")
}

/// An instant, or a civil time in the zone of a place.
pub(super) fn read_time(text: &str, place: &Place, option: &str) -> Result<Timestamp, Failure> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let failure =
        || Failure::new(format!("`{text}` is no time")).remedy(format!("{option} 2026-12-01T08:00"));
    let civil: DateTime = text.parse().map_err(|_| failure())?;
    let zone = TimeZone::get(&place.zone).map_err(|_| failure())?;
    zone.to_timestamp(civil).map_err(|_| failure())
}

pub(super) fn show(plan: &Plan, network: &Network, steps: bool) {
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
    if !plan.alternatives.is_empty() {
        output::line(&table.to_string());
    }
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
pub(super) fn local(instant: Timestamp, place: Option<&Place>) -> String {
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
