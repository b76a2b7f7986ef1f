//! `kervan flows`: freight in a scenario.

mod layer;

use super::network::load_network;
use super::output;
use super::{Failure, Outcome};
use crate::facts::Facts;
use crate::http::wire::{CorridorShift, FlowBase, FlowChange, FlowScenario, FlowShift, VolumeShift};
use crate::setup::load_flows;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Freight on the corridor and its rivals, bottlenecks, routes apart, and what each closure does.
#[derive(Debug, Subcommand)]
pub(super) enum FlowsCommand {
    /// Spread demand over the corridors, as it is and with something changed.
    Assign(AssignCommand),
    /// Close links, places or corridors and see what moves where.
    Close(CloseCommand),
    /// Hold the base year against published volumes, and show how volumes answer to prices and times.
    Base(BaseCommand),
    /// The most that flows between two places, and the links and places that bound it.
    Bottleneck(layer::LayerCommand),
    /// Routes between two places that share no link, or no place either.
    Disjoint(layer::DisjointCommand),
    /// What the removal of any one link or place does, the worst first.
    #[command(name = "n-1")]
    Removals(layer::LayerCommand),
    /// The cheapest flow of a volume between two places, or of a problem in a DIMACS file.
    Mincost(layer::CheapestCommand),
}

/// Spread demand over the corridors, as it is and with something changed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan flows assign
  kervan flows assign --capacity L020=2 --capacity AZALA=2
  kervan flows assign --hours AZALA=-24 --price northern=1.2 --demand 'CN-INLAND>TURKIYE=1.5'
  kervan flows assign --year 2030 --json

Factors multiply: 2 is twice, 0.5 half. Hours are added. Corridors, regions and kinds of goods are named in data/flows.")]
pub(super) struct AssignCommand {
    /// A scenario as a JSON file; what stands on the command line comes on top.
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Close a link, place or corridor; may be given again.
    #[arg(long, value_name = "ID")]
    close: Vec<String>,
    /// Use a link although it is planned or disrupted; may be given again.
    #[arg(long, value_name = "LINK")]
    open: Vec<String>,
    /// Change the capacity of a link or place by a factor.
    #[arg(long, value_name = "ID=FACTOR", value_parser = read_change)]
    capacity: Vec<FlowChange>,
    /// Add hours to a link or place.
    #[arg(long, value_name = "ID=HOURS", value_parser = read_change, allow_hyphen_values = true)]
    hours: Vec<FlowChange>,
    /// Change the prices of a link or corridor by a factor.
    #[arg(long, value_name = "ID=FACTOR", value_parser = read_change)]
    price: Vec<FlowChange>,
    /// Change demand by a factor: all, a kind of goods, a region, or FROM>TO.
    #[arg(long, value_name = "OF=FACTOR", value_parser = read_change)]
    demand: Vec<FlowChange>,
    /// The year whose links are open and whose tariffs hold; the demand stays that of its year.
    #[arg(long)]
    year: Option<i16>,
    #[command(flatten)]
    shown: Shown,
}

/// How much is shown.
#[derive(Debug, Args)]
struct Shown {
    /// Routes shown at most.
    #[arg(long, default_value_t = 10)]
    routes: usize,
    /// Links, places and countries shown at most, each.
    #[arg(long, default_value_t = 10)]
    rows: usize,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
}

/// Close links, places or corridors and see what moves where.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan flows close L020
  kervan flows close northern --json
  kervan flows close KZAAU KZKUR")]
pub(super) struct CloseCommand {
    /// Ids of links, places or corridors.
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    shown: Shown,
}

/// Hold the base year against published volumes, and show how volumes answer to prices and times.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  kervan flows base")]
pub(super) struct BaseCommand {
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

fn read_change(text: &str) -> Result<FlowChange, String> {
    let (at, by) = text.rsplit_once('=').ok_or("write ID=FIGURE, such as L020=2")?;
    let by: f64 = by.parse().map_err(|_| format!("`{by}` is no figure; write ID=FIGURE, such as L020=2"))?;
    Ok(FlowChange { at: at.to_owned(), by })
}

/// Runs the command.
pub(super) fn run(command: FlowsCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        FlowsCommand::Assign(command) => {
            let scenario = scenario_of(&command)?;
            assign(facts, scenario, &command.shown)
        }
        FlowsCommand::Close(command) => {
            assign(facts, FlowScenario { close: command.ids, ..FlowScenario::default() }, &command.shown)
        }
        FlowsCommand::Base(command) => base(facts, command.json),
        FlowsCommand::Bottleneck(command) => layer::bottleneck(&command, facts),
        FlowsCommand::Disjoint(command) => layer::disjoint(&command, facts),
        FlowsCommand::Removals(command) => layer::removals(&command, facts),
        FlowsCommand::Mincost(command) => layer::cheapest(&command, facts),
    }
}

fn scenario_of(command: &AssignCommand) -> Result<FlowScenario, Failure> {
    let mut scenario = match &command.scenario {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(Failure::unread(path))?;
            serde_json::from_str(&text).map_err(|error| {
                Failure::new(format!(
                    "{} is no scenario: {}",
                    path.display(),
                    kervan_model::in_plain_words(&error)
                ))
                .remedy(r#"{"close": ["L020"], "price": [{"at": "northern", "by": 1.2}]}"#)
            })?
        }
        None => FlowScenario::default(),
    };
    scenario.year = command.year.or(scenario.year);
    scenario.close.extend(command.close.iter().cloned());
    scenario.open.extend(command.open.iter().cloned());
    scenario.capacity.extend(command.capacity.iter().cloned());
    scenario.hours.extend(command.hours.iter().cloned());
    scenario.price.extend(command.price.iter().cloned());
    scenario.demand.extend(command.demand.iter().cloned());
    Ok(scenario)
}

fn assign(facts: &Facts, scenario: FlowScenario, shown: &Shown) -> Result<Outcome, Failure> {
    let network = load_network(facts)?;
    let flows = load_flows(facts, &network)?;
    match FlowShift::compute(&network, &flows, scenario) {
        Ok(shift) if shown.json => output::json(&shift),
        Ok(shift) => show(&shift, shown),
        Err(findings) => {
            if shown.json {
                output::json(&findings);
            } else {
                output::findings(&findings);
            }
            return Ok(Outcome::FoundErrors);
        }
    }
    Ok(Outcome::Done)
}

/// Whole numbers with a gap after each thousand.
fn count(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    if value <= -0.5 { format!("-{text}") } else { text }
}

fn change(before: f64, after: f64) -> String {
    let by = after - before;
    if by.abs() < 0.5 { "0".to_owned() } else { format!("{}{}", if by > 0.0 { "+" } else { "" }, count(by)) }
}

fn show(shift: &FlowShift, shown: &Shown) {
    output::line(&format!(
        "Demand of {}, TEU a year, before and after; network {}",
        shift.demand_year, shift.network_version
    ));
    let mut table = output::table(&[
        "corridor",
        "TEU before",
        "after",
        "change",
        "USD/FEU before",
        "after",
        "days before",
        "after",
    ]);
    for corridor in &shift.corridors {
        table.add_row(corridor_row(corridor));
    }
    output::line(&table.to_string());
    show_spots(shift, shown.rows);
    show_volumes("link", &shift.links, shown.rows);
    show_volumes("country", &shift.countries, shown.rows);
    show_routes(shift, shown.routes);
    for unserved in &shift.unserved {
        output::line(&format!(
            "no route: {} TEU from {} to {} ({})",
            count(unserved.teu),
            unserved.from,
            unserved.to,
            unserved.demand
        ));
    }
    for assumption in &shift.assumptions {
        output::line(&format!("· {assumption}"));
    }
}

fn corridor_row(corridor: &CorridorShift) -> [String; 8] {
    let (before, after) = (&corridor.before, &corridor.after);
    let optional = |value: Option<f64>, digits: usize| match value {
        Some(value) if digits == 0 => count(value),
        Some(value) => format!("{value:.digits$}"),
        None => "-".to_owned(),
    };
    [
        format!("{} ({})", corridor.name, corridor.id),
        count(before.teu),
        count(after.teu),
        change(before.teu, after.teu),
        optional(before.usd_per_feu, 0),
        optional(after.usd_per_feu, 0),
        optional(before.days, 1),
        optional(after.days, 1),
    ]
}

fn show_spots(shift: &FlowShift, most: usize) {
    let mut table = output::table(&[
        "fullest",
        "TEU before",
        "after",
        "of others",
        "capacity",
        "full after",
        "hours added before",
        "after",
    ]);
    for spot in shift.spots.iter().take(most) {
        table.add_row([
            format!("{} ({})", spot.name, spot.id),
            count(spot.before_teu),
            count(spot.after_teu),
            count(spot.other_teu),
            count(spot.capacity_teu),
            format!("{:.0} %", 100.0 * (spot.after_teu + spot.other_teu) / spot.capacity_teu),
            format!("{:.1}", spot.before_added_hours),
            format!("{:.1}", spot.after_added_hours),
        ]);
    }
    output::line(&table.to_string());
}

fn show_volumes(what: &str, rows: &[VolumeShift], most: usize) {
    let moved: Vec<&VolumeShift> =
        rows.iter().filter(|row| (row.after_teu - row.before_teu).abs() >= 0.5).collect();
    if moved.is_empty() {
        return;
    }
    let mut table = output::table(&[what, "TEU before", "after", "change"]);
    for row in moved.iter().take(most) {
        let name = if row.name == row.id { row.id.clone() } else { format!("{} ({})", row.name, row.id) };
        table.add_row([
            name,
            count(row.before_teu),
            count(row.after_teu),
            change(row.before_teu, row.after_teu),
        ]);
    }
    output::line(&table.to_string());
}

fn show_routes(shift: &FlowShift, most: usize) {
    let mut table = output::table(&["route", "corridor", "demand", "TEU before", "after", "USD/FEU", "days"]);
    for route in shift.routes.iter().take(most) {
        let note = if route.unpriced_rides > 0 {
            format!(", {} rides unpriced", route.unpriced_rides)
        } else {
            String::new()
        };
        table.add_row([
            route.stops.join(" - "),
            route.corridor.clone(),
            format!("{}, {}", route.demand, route.commodity),
            count(route.before_teu),
            count(route.after_teu),
            format!("{}{note}", count(route.usd_per_feu)),
            format!("{:.1}", route.days),
        ]);
    }
    output::line(&table.to_string());
}

fn base(facts: &Facts, json: bool) -> Result<Outcome, Failure> {
    let network = load_network(facts)?;
    let flows = load_flows(facts, &network)?;
    let base = FlowBase::compute(&network, &flows);
    if json {
        output::json(&base);
        return Ok(Outcome::Done);
    }
    let mut table = output::table(&["published", "TEU", "model", "difference", "use", "source"]);
    for row in &base.published {
        table.add_row([
            format!("{} ({})", row.name, row.id),
            count(row.published_teu),
            count(row.model_teu),
            format!("{:+.0} %", 100.0 * (row.model_teu / row.published_teu - 1.0)),
            if row.fitted { "fitted on it" } else { "held out" }.to_owned(),
            format!("{} ({:?})", row.provenance.source, row.provenance.confidence).to_lowercase(),
        ]);
    }
    output::line(&table.to_string());
    let mut table = output::table(&["dearer or slower by 1 %", "volume of", "to price, %", "to time, %"]);
    for row in &base.elasticities {
        table.add_row([
            row.of.clone(),
            row.on.clone(),
            format!("{:+.3}", row.price),
            format!("{:+.3}", row.time),
        ]);
    }
    output::line(&table.to_string());
    Ok(Outcome::Done)
}
