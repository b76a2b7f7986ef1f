//! Problems of flow in the text format of the first DIMACS challenge (1990), which every solver reads.

use crate::{Arc, Graph, GraphError};
use std::fmt::Write;

/// A problem read from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// `p min`: supplies to be brought to demands at least cost.
    MinCost {
        /// The graph; vertex 1 of the file is vertex 0.
        graph: Graph,
        /// Supply of each vertex, demands negative.
        supply: Vec<i64>,
    },
    /// `p max`: as much as possible from one vertex to another.
    MaxFlow {
        /// The graph; vertex 1 of the file is vertex 0, costs are zero.
        graph: Graph,
        /// Where the flow starts.
        source: usize,
        /// Where it ends.
        sink: usize,
    },
}

/// Why a text is no problem that can be solved here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DimacsError {
    /// A line that is not as the format says.
    #[error("line {line}: {reason}")]
    Line {
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// No `p` line, or no source and sink.
    #[error("{0}")]
    Incomplete(&'static str),
    /// The arcs make no graph.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

/// What is known while lines are read.
#[derive(Default)]
struct Reading {
    least_cost: Option<bool>,
    vertices: usize,
    supply: Vec<(usize, i64)>,
    source: Option<usize>,
    sink: Option<usize>,
    arcs: Vec<Arc>,
}

/// Reads a problem of least cost or of greatest flow. Lower bounds on arcs must be zero.
pub fn read_dimacs(text: &str) -> Result<Problem, DimacsError> {
    let mut reading = Reading::default();
    for (number, line) in (1..).zip(text.lines()) {
        reading.read_line(line).map_err(|reason| DimacsError::Line { line: number, reason })?;
    }
    let least_cost =
        reading.least_cost.ok_or(DimacsError::Incomplete("there is no line `p min` or `p max`"))?;
    let graph = Graph::new(reading.vertices, reading.arcs)?;
    if least_cost {
        let mut supply = vec![0; reading.vertices];
        for (vertex, units) in reading.supply {
            *supply.get_mut(vertex).ok_or(GraphError::NoVertex { arc: 0, vertex })? = units;
        }
        return Ok(Problem::MinCost { graph, supply });
    }
    match (reading.source, reading.sink) {
        (Some(source), Some(sink)) => Ok(Problem::MaxFlow { graph, source, sink }),
        _ => Err(DimacsError::Incomplete("source `n ... s` or sink `n ... t` is missing")),
    }
}

impl Reading {
    fn read_line(&mut self, line: &str) -> Result<(), &'static str> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [] | ["c", ..] => Ok(()),
            ["p", kind, vertices, _arcs] => {
                self.least_cost = Some(match *kind {
                    "min" => true,
                    "max" => false,
                    _ => return Err("only `p min` and `p max` are read"),
                });
                self.vertices = vertices.parse().map_err(|_| "the number of vertices is no number")?;
                Ok(())
            }
            ["n", vertex, what] => {
                let vertex = vertex_of(vertex)?;
                match *what {
                    "s" => self.source = Some(vertex),
                    "t" => self.sink = Some(vertex),
                    units => self.supply.push((vertex, number(units)?)),
                }
                Ok(())
            }
            ["a", from, to, least, most, cost] => {
                if number(least)? != 0 {
                    return Err("a lower bound other than 0 is not taken");
                }
                self.push_arc(from, to, most, number(cost)?)
            }
            ["a", from, to, most] => self.push_arc(from, to, most, 0),
            _ => Err("neither a comment nor a line of kind p, n or a"),
        }
    }

    fn push_arc(&mut self, from: &str, to: &str, most: &str, cost: i64) -> Result<(), &'static str> {
        let (from, to) = (vertex_of(from)?, vertex_of(to)?);
        self.arcs.push(Arc { from, to, capacity: number(most)?, cost });
        Ok(())
    }
}

fn vertex_of(word: &str) -> Result<usize, &'static str> {
    let vertex: usize = word.parse().map_err(|_| "a vertex is no number")?;
    vertex.checked_sub(1).ok_or("vertices are numbered from 1")
}

fn number(word: &str) -> Result<i64, &'static str> {
    word.parse().map_err(|_| "a figure is no whole number")
}

/// Writes a problem so that other solvers read it.
pub fn write_dimacs(problem: &Problem) -> String {
    let (kind, graph) = match problem {
        Problem::MinCost { graph, .. } => ("min", graph),
        Problem::MaxFlow { graph, .. } => ("max", graph),
    };
    let mut text = format!("p {kind} {} {}\n", graph.vertices(), graph.arcs().len());
    // Writing into a String cannot fail.
    let _ = match problem {
        Problem::MinCost { supply, .. } => (1..)
            .zip(supply)
            .filter(|(_, units)| **units != 0)
            .try_for_each(|(vertex, units)| writeln!(text, "n {vertex} {units}")),
        Problem::MaxFlow { source, sink, .. } => {
            writeln!(text, "n {} s\nn {} t", source + 1, sink + 1)
        }
    };
    for arc in graph.arcs() {
        let (from, to) = (arc.from + 1, arc.to + 1);
        let _ = match problem {
            Problem::MinCost { .. } => writeln!(text, "a {from} {to} 0 {} {}", arc.capacity, arc.cost),
            Problem::MaxFlow { .. } => writeln!(text, "a {from} {to} {}", arc.capacity),
        };
    }
    text
}
