//! How fast flows are computed, beside LEMON's network simplex on the same files in the same run.
//!
//! `cargo xtask bench flows`, or `cargo run --release -p kervan-flows --example flows_rates`. The program `dimacs-solver` is
//! of the Debian package liblemon-utils; where it is not there, its rows say so. Solve times are compared: both without
//! reading the file, ours with making the tree and reading off the result.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "an example measures time and prints"
)]

#[path = "flows_rates/lemon.rs"]
mod lemon;
#[path = "flows_rates/networks.rs"]
mod networks;

use kervan_flows::freight::{FreightData, Scenario, assign, elasticities, layer_of_network};
use kervan_flows::{
    Graph, Layer, Problem, assess_removals, check_min_cost, max_flow, max_flow_without, min_cost_flow,
    min_cost_without,
};
use kervan_network::Network;
use std::error::Error;
use std::time::Instant;

/// Runs of each case; the fastest counts, for both programs.
const RUNS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    least_cost()?;
    greatest_flow()?;
    removals()?;
    corridor()?;
    Ok(())
}

/// One row of the shape that every benchmark prints.
fn row(case: &str, size: usize, unit: &str, value: f64, bar: Option<f64>) {
    let (bar, better, met) = match bar {
        Some(bar) => (bar.to_string(), "\"lower\"", (value <= bar).to_string()),
        None => ("null".to_owned(), "null", "null".to_owned()),
    };
    println!(
        r#"{{"case":"{case}","size":{size},"unit":"{unit}","value":{value:.4},"bar":{bar},"better":{better},"met":{met}}}"#
    );
}

/// The fastest of some runs. Unit: second.
fn fastest(runs: usize, mut run: impl FnMut()) -> f64 {
    let times = (0..runs).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    });
    times.fold(f64::INFINITY, f64::min)
}

type Make = fn(usize, u64) -> (Graph, Vec<i64>);

fn least_cost() -> Result<(), Box<dyn Error>> {
    let families: [(&str, Make); 2] = [("random", networks::random), ("grid", networks::grid)];
    for (family, make) in families {
        let mut growth: Option<(usize, f64)> = None;
        for vertices in [1_000, 3_000, 10_000, 30_000] {
            let (graph, supply) = make(vertices, 1);
            let best = min_cost_flow(&graph, &supply)?;
            check_min_cost(&graph, &supply, &best)?;
            let ours = fastest(RUNS, || drop(min_cost_flow(&graph, &supply)));
            row(&format!("min-cost flow, {family}"), graph.arcs().len(), "ms", ours * 1e3, None);
            eprintln!(
                "{family} {vertices}/{}: {} pivots, {:.2} ms",
                graph.arcs().len(),
                best.pivots,
                ours * 1e3
            );
            if let Some((before, time)) = growth {
                let power = (ours / time).ln() / (vertices as f64 / before as f64).ln();
                eprintln!("  grows with the size to the power of {power:.2}");
            }
            growth = Some((vertices, ours));
            let size = graph.arcs().len();
            let case = format!("min-cost flow, {family}: time over LEMON's");
            match lemon::solve(&Problem::MinCost { graph, supply }, RUNS)? {
                Some(theirs) => {
                    if theirs.optimum != best.cost {
                        return Err(format!("optimum {} here, {} there", best.cost, theirs.optimum).into());
                    }
                    eprintln!("  LEMON {:.2} ms, equal optimum {}", theirs.seconds * 1e3, best.cost);
                    let bar = (vertices >= 10_000).then_some(1.5);
                    row(&case, size, "times", ours / theirs.seconds, bar);
                }
                None => eprintln!("  {case}: not compared, dimacs-solver is not installed"),
            }
        }
    }
    Ok(())
}

fn greatest_flow() -> Result<(), Box<dyn Error>> {
    for vertices in [1_000, 10_000, 30_000] {
        let (graph, _) = networks::random(vertices, 2);
        let (source, sink) = (0, vertices - 1);
        let most = max_flow(&graph, source, sink)?;
        let ours = fastest(RUNS, || drop(max_flow(&graph, source, sink)));
        let size = graph.arcs().len();
        row("max-flow and cut, random", size, "ms", ours * 1e3, None);
        let problem = Problem::MaxFlow { graph, source, sink };
        match lemon::solve(&problem, RUNS)? {
            Some(theirs) => {
                if theirs.optimum != i128::from(most.value) {
                    return Err(format!("greatest flow {} here, {} there", most.value, theirs.optimum).into());
                }
                row("max-flow, random: time over LEMON's", size, "times", ours / theirs.seconds, None);
            }
            None => eprintln!("  max-flow: not compared, dimacs-solver is not installed"),
        }
    }
    Ok(())
}

/// N-1 over every arc, beside computing each anew.
fn removals() -> Result<(), Box<dyn Error>> {
    for vertices in [300, 1_000, 3_000] {
        let (graph, supply) = networks::grid(vertices, 3);
        let groups: Vec<Vec<usize>> = (0..graph.arcs().len()).map(|arc| vec![arc]).collect();
        let sink = graph.vertices() / 2;
        let time = fastest(1, || drop(max_flow_without(&graph, 0, sink, &groups)));
        row("N-1 on max-flow, grid, every arc", graph.arcs().len(), "ms", time * 1e3, None);
        let best = min_cost_flow(&graph, &supply)?;
        let time = fastest(1, || drop(min_cost_without(&graph, &supply, &best, &groups)));
        row("N-1 on cost, grid, every arc", graph.arcs().len(), "ms", time * 1e3, None);
        let anew = fastest(1, || drop(min_cost_flow(&graph, &supply)));
        eprintln!(
            "  {} arcs: N-1 on cost {:.1} ms; anew for each arc {:.0} ms",
            groups.len(),
            time * 1e3,
            anew * 1e3 * groups.len() as f64
        );
    }
    Ok(())
}

/// The corridor: N-1 of its links and places, and the equilibrium of its freight.
fn corridor() -> Result<(), Box<dyn Error>> {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/");
    let read = |name: String| std::fs::read_to_string(format!("{data}{name}")).ok();
    let (network, _) = Network::load(|name| read(format!("network/{name}")))?;
    let (freight, _) = FreightData::load(|name| read(format!("flows/{name}")), &network);
    let base = Scenario::unchanged(&freight);
    let layer = Layer::new(layer_of_network(&network, &freight, &base))?;
    let ends = [layer.find_place("CNXIA"), layer.find_place("TRIST")];
    if let [Some(from), Some(to)] = ends {
        let time = fastest(RUNS, || drop(assess_removals(&layer, from, to, 1_000)));
        row("N-1 on the corridor, links and places", layer.parts.len(), "ms", time * 1e3, None);
    }
    for times in [1_usize, 2, 4] {
        let mut larger = freight.clone();
        let rows = larger.demand.clone();
        larger.demand = (0..times).flat_map(|_| rows.iter().cloned()).collect();
        for demand in &mut larger.demand {
            demand.teu /= times as f64;
        }
        let found = assign(&network, &larger, &base);
        let time = fastest(RUNS, || drop(assign(&network, &larger, &base)));
        eprintln!(
            "equilibrium: {} demand rows, {} steps, gap {:.1e}",
            larger.demand.len(),
            found.steps,
            found.gap
        );
        row("equilibrium with its routes", larger.demand.len(), "ms", time * 1e3, None);
        row("equilibrium, steps", larger.demand.len(), "steps", found.steps as f64, None);
    }
    let time = fastest(RUNS, || drop(elasticities(&network, &freight, &base)));
    row("elasticities of every corridor to every corridor", freight.corridors.len(), "ms", time * 1e3, None);
    Ok(())
}
