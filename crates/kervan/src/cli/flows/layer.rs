//! `kervan flows bottleneck`, `disjoint`, `n-1`, `mincost`: exact questions to links.

use super::count;
use crate::cli::network::load_network;
use crate::cli::{Failure, Outcome, output};
use crate::facts::Facts;
use crate::http::wire::{Asked, LayerQuestion, LayerRoute, PartUnits};
use crate::setup::load_flows;
use clap::Args;
use kervan_flows::{LayerFile, MinCostError, Problem, max_flow, min_cost_flow, read_dimacs};
use kervan_model::Finding;
use std::path::{Path, PathBuf};

/// Between which places, over which links.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan flows bottleneck --from CNXIA --to TRIST --avoid northern --avoid southern --avoid sea
  kervan flows n-1 --from CNXIA --to TRIST --units 20000
  kervan flows bottleneck --from a --to d --graph cables.json

A graph of your own is a JSON file: {\"places\": [{\"id\", \"name\", \"capacity\"}], \"links\": [{\"id\", \"name\", \"from\", \"to\",
\"capacity\", \"cost\", \"both_ways\"}]}. Without one: the links of the network that are open in the year, units TEU a year, costs US
dollars for a TEU; a link or place without a known capacity has no limit.")]
pub(crate) struct LayerCommand {
    /// Id of the place where it starts.
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// Id of the place where it ends.
    #[arg(long, value_name = "PLACE")]
    to: String,
    /// Do not use a link, place or corridor; may be given again.
    #[arg(long, value_name = "ID")]
    avoid: Vec<String>,
    /// Use a link although it is planned or disrupted; may be given again.
    #[arg(long, value_name = "LINK")]
    open: Vec<String>,
    /// The year whose links are open.
    #[arg(long)]
    year: Option<i16>,
    /// Units to bring, where their cost is asked for.
    #[arg(long, allow_hyphen_values = true)]
    units: Option<i64>,
    /// Ask a graph of your own instead of the network.
    #[arg(long, value_name = "FILE")]
    graph: Option<PathBuf>,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

/// Routes that share nothing.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan flows disjoint --from CNXIA --to TRIST --count 3
  kervan flows disjoint --from UZTAS --to TRIST --no-place-shared")]
pub(crate) struct DisjointCommand {
    #[command(flatten)]
    layer: LayerCommand,
    /// Routes asked for.
    #[arg(long, default_value_t = 2)]
    count: usize,
    /// They share no place either, not only no link.
    #[arg(long)]
    no_place_shared: bool,
}

/// The cheapest flow.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan flows mincost --from CNXIA --to TRIST --units 50000 --avoid sea
  kervan flows mincost --dimacs problem.min")]
pub(crate) struct CheapestCommand {
    /// A problem in the format of DIMACS (`p min` or `p max`) instead of two places.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "to"])]
    dimacs: Option<PathBuf>,
    /// Id of the place where it starts.
    #[arg(long, value_name = "PLACE", required_unless_present = "dimacs")]
    from: Option<String>,
    /// Id of the place where it ends.
    #[arg(long, value_name = "PLACE", required_unless_present = "dimacs")]
    to: Option<String>,
    /// Units to bring.
    #[arg(long, default_value_t = 1, allow_hyphen_values = true)]
    units: i64,
    /// Do not use a link, place or corridor; may be given again.
    #[arg(long, value_name = "ID")]
    avoid: Vec<String>,
    /// Use a link although it is planned or disrupted; may be given again.
    #[arg(long, value_name = "LINK")]
    open: Vec<String>,
    /// The year whose links are open.
    #[arg(long)]
    year: Option<i16>,
    /// Ask a graph of your own instead of the network.
    #[arg(long, value_name = "FILE")]
    graph: Option<PathBuf>,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

fn question_of(command: &LayerCommand) -> LayerQuestion {
    LayerQuestion {
        from: command.from.clone(),
        to: command.to.clone(),
        avoid: command.avoid.clone(),
        open: command.open.clone(),
        year: command.year,
        units: command.units,
        count: None,
        no_place_shared: false,
    }
}

fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(Failure::unread(path))
}

/// The layer of a question: a file, or the open links of the network.
fn ask(
    question: &LayerQuestion,
    graph: Option<&Path>,
    facts: &Facts,
) -> Result<Result<Asked, Vec<Finding>>, Failure> {
    if let Some(path) = graph {
        let file: LayerFile = serde_json::from_str(&read_text(path)?).map_err(|error| {
            Failure::new(format!("{} is no graph: {}", path.display(), kervan_model::in_plain_words(&error)))
                .remedy("kervan flows bottleneck --help shows the shape")
        })?;
        return Ok(Asked::of_file(file, question));
    }
    let network = load_network(facts)?;
    let flows = load_flows(facts, &network)?;
    Ok(Asked::of_network(&network, &flows, question))
}

fn refuse(findings: &[Finding], json: bool) -> Outcome {
    if json {
        output::json(&findings);
    } else {
        output::findings(findings);
    }
    Outcome::FoundErrors
}

/// Asks, and shows the answer or the findings.
fn answer<T: serde::Serialize>(
    (question, graph, json): (&LayerQuestion, Option<&Path>, bool),
    facts: &Facts,
    compute: impl FnOnce(&Asked) -> Result<T, Vec<Finding>>,
    show: impl FnOnce(&T),
) -> Result<Outcome, Failure> {
    let found = ask(question, graph, facts)?.and_then(|asked| compute(&asked));
    match found {
        Ok(value) if json => output::json(&value),
        Ok(value) => show(&value),
        Err(findings) => return Ok(refuse(&findings, json)),
    }
    Ok(Outcome::Done)
}

/// What the figures of a layer count.
#[derive(Clone, Copy)]
struct Words {
    units: &'static str,
    cost: &'static str,
}

impl Words {
    fn of(graph: Option<&Path>) -> Self {
        match graph {
            Some(_) => Self { units: "units", cost: "cost" },
            None => Self { units: "TEU a year", cost: "USD" },
        }
    }

    /// The currency of a sum; that of a graph of somebody's own is not known.
    fn currency(self) -> &'static str {
        if self.cost == "USD" { " USD" } else { "" }
    }

    /// Says of the network which links it was asked about.
    fn basis(self, graph: Option<&Path>, year: Option<i16>) {
        if graph.is_none() {
            let year = year.map_or_else(
                || "open in the year of the demand (--year for another one)".to_owned(),
                |year| format!("open in {year}"),
            );
            output::line(&format!("Links that are {year}; USD for a TEU, half of a forty-foot container."));
        }
    }
}

/// `kervan flows bottleneck`.
pub(super) fn bottleneck(command: &LayerCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let question = question_of(command);
    let words = Words::of(command.graph.as_deref());
    let parts = |title: &str, parts: &[PartUnits]| {
        let mut table = output::table(&[title, "takes"]);
        for part in parts {
            table.add_row([part.name.clone(), count(part.units as f64)]);
        }
        output::line(&table.to_string());
    };
    answer((&question, command.graph.as_deref(), command.json), facts, Asked::bottleneck, |found| match found
        .units
    {
        Some(units) => {
            let (units, of) = (count(units as f64), words.units);
            output::line(&format!("At most {units} {of} flow from {} to {}.", command.from, command.to));
            let ids = |parts: &[PartUnits]| parts.iter().map(|part| part.id.clone()).collect::<Vec<_>>();
            parts("what bounds it", &found.bottleneck);
            if ids(&found.bottleneck) != ids(&found.last_bottleneck) {
                parts("and what bounds it as much, nearer to the end", &found.last_bottleneck);
            }
        }
        None => output::line(
            "No known capacity bounds it: some way has none that is known. Avoid other corridors, such as --avoid sea.",
        ),
    })
}

fn show_routes(routes: &[LayerRoute], words: Words) {
    let cost = format!("{} for one", words.cost);
    let mut table = output::table(&["route", "links", words.units, &cost]);
    for route in routes {
        table.add_row([
            route.places.join(" - "),
            route.links.join(" "),
            route.units.map_or("-".to_owned(), |units| count(units as f64)),
            count(route.cost as f64),
        ]);
    }
    output::line(&table.to_string());
}

/// `kervan flows disjoint`.
pub(super) fn disjoint(command: &DisjointCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let question = LayerQuestion {
        count: Some(command.count),
        no_place_shared: command.no_place_shared,
        ..question_of(&command.layer)
    };
    let layer = &command.layer;
    answer(
        (&question, layer.graph.as_deref(), layer.json),
        facts,
        |asked| asked.disjoint(&question),
        |found| {
            let words = Words::of(layer.graph.as_deref());
            show_routes(&found.routes, words);
            words.basis(layer.graph.as_deref(), layer.year);
            if !found.shared.is_empty() {
                output::line(&format!(
                    "There are no more: every route uses one of {}.",
                    found.shared.join(", ")
                ));
            } else if found.routes.is_empty() {
                output::line("No way leads there.");
            }
        },
    )
}

/// `kervan flows n-1`.
pub(super) fn removals(command: &LayerCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let question = question_of(command);
    answer(
        (&question, command.graph.as_deref(), command.json),
        facts,
        |asked| asked.removals(&question),
        |found| {
            let words = Words::of(command.graph.as_deref());
            let units = command.units.unwrap_or(1);
            let dearer = format!("{} {} dearer by, {}", count(units as f64), words.units, words.cost);
            // Without any known limit the two columns about it would only say so in every row.
            let limited = found.iter().any(|removal| removal.left.is_some());
            let limits: &[&str] = if limited { &["still flows at most", "less by"] } else { &[] };
            let header: Vec<&str> =
                ["without"].iter().chain(limits).copied().chain([dearer.as_str()]).collect();
            let mut table = output::table(&header);
            for removal in found {
                let mut cells = vec![removal.name.clone()];
                if limited {
                    let left = removal.left.map(|units| count(units as f64));
                    cells.push(left.unwrap_or("no known limit".to_owned()));
                    cells.push(removal.lost.map_or("-".to_owned(), |lost| count(lost as f64)));
                }
                cells.push(match removal.dearer_by {
                    Some(by) => count(by as f64),
                    None => format!("{} find no way", count(removal.unsent as f64)),
                });
                table.add_row(cells);
            }
            output::line(&table.to_string());
            output::line("Links and places that are not listed change nothing when they are gone.");
            words.basis(command.graph.as_deref(), command.year);
        },
    )
}

/// `kervan flows mincost`.
pub(super) fn cheapest(command: &CheapestCommand, facts: &Facts) -> Result<Outcome, Failure> {
    if let Some(path) = &command.dimacs {
        return solve_file(path, command.json);
    }
    let question = LayerQuestion {
        from: command.from.clone().unwrap_or_default(),
        to: command.to.clone().unwrap_or_default(),
        avoid: command.avoid.clone(),
        open: command.open.clone(),
        year: command.year,
        units: Some(command.units),
        count: None,
        no_place_shared: false,
    };
    answer(
        (&question, command.graph.as_deref(), command.json),
        facts,
        |asked| asked.cheapest(&question),
        |found| {
            let words = Words::of(command.graph.as_deref());
            show_routes(&found.routes, words);
            let (units, cost) = (count(command.units as f64), count(found.cost as f64));
            output::line(&format!("{units} {} cost {cost}{} together.", words.units, words.currency()));
            words.basis(command.graph.as_deref(), command.year);
        },
    )
}

fn solve_file(path: &Path, json: bool) -> Result<Outcome, Failure> {
    let problem = read_dimacs(&read_text(path)?).map_err(|error| {
        Failure::new(format!("{}: {error}", path.display())).remedy("`p min` and `p max` problems are read")
    })?;
    let (value, flow) = match problem {
        Problem::MinCost { graph, supply } => match min_cost_flow(&graph, &supply) {
            Ok(best) => (best.cost, best.flow),
            Err(MinCostError::Infeasible(shortage)) => {
                let inside = shortage
                    .inside
                    .iter()
                    .map(|vertex| (vertex + 1).to_string())
                    .collect::<Vec<_>>()
                    .join(" ");
                let message = format!(
                    "{} units find no way: the vertices {inside} supply {} and the arcs out of them take {}",
                    shortage.unsent, shortage.supply, shortage.capacity
                );
                let finding = Finding::error("flows.no-way", message)
                    .remedy("raise the capacities of the arcs out of them");
                return Ok(refuse(&[finding], json));
            }
            Err(error) => return Err(Failure::new(format!("{}: {error}", path.display()))),
        },
        Problem::MaxFlow { graph, source, sink } => {
            let most = max_flow(&graph, source, sink)
                .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
            (i128::from(most.value), most.flow)
        }
    };
    if json {
        let value = i64::try_from(value).unwrap_or(i64::MAX);
        output::json(&serde_json::json!({ "value": value, "flow": flow }));
        return Ok(Outcome::Done);
    }
    output::line(&format!("s {value}"));
    for (arc, units) in flow.iter().enumerate().filter(|(_, units)| **units > 0) {
        output::line(&format!("f {} {units}", arc + 1));
    }
    Ok(Outcome::Done)
}
