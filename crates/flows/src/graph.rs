//! The graph that flows run on: vertices by number, arcs with a capacity and a cost.

use crate::limits;

/// A directed arc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arc {
    /// Vertex where it starts. Range: below the number of vertices of its graph.
    pub from: usize,
    /// Vertex where it ends. Range: as `from`.
    pub to: usize,
    /// Units it takes. Range: 0 to [`limits::MOST_CAPACITY`].
    pub capacity: i64,
    /// Cost of one unit. Range: up to [`limits::MOST_COST`], either sign.
    pub cost: i64,
}

/// Vertices and arcs within the limits. Parallel arcs, loops and opposite arcs are allowed.
///
/// It says nothing of what a vertex is: a place, a bus of a power system, a landing point of a cable. Whoever makes it
/// keeps the names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    vertices: usize,
    arcs: Vec<Arc>,
}

/// Why arcs make no graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// More vertices or arcs than [`limits`] allow.
    #[error("{count} {what}, at most {most} are taken")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many may be.
        most: usize,
    },
    /// An arc starts or ends at a vertex that the graph does not have.
    #[error("arc {arc} has an end at vertex {vertex}, which is not there")]
    NoVertex {
        /// Number of the arc.
        arc: usize,
        /// The vertex named.
        vertex: usize,
    },
    /// A capacity below zero or above the limit.
    #[error("arc {arc} has the capacity {capacity}")]
    Capacity {
        /// Number of the arc.
        arc: usize,
        /// Its capacity.
        capacity: i64,
    },
    /// A cost beyond the limit.
    #[error("arc {arc} has the cost {cost}")]
    Cost {
        /// Number of the arc.
        arc: usize,
        /// Its cost.
        cost: i64,
    },
}

impl Graph {
    /// A graph of `vertices` vertices, numbered from 0. Errors: the first arc outside of the limits.
    pub fn new(vertices: usize, arcs: Vec<Arc>) -> Result<Self, GraphError> {
        let sizes = [("vertices", vertices, limits::MOST_VERTICES), ("arcs", arcs.len(), limits::MOST_ARCS)];
        for (what, count, most) in sizes {
            if count > most {
                return Err(GraphError::TooLarge { what, count, most });
            }
        }
        for (number, arc) in arcs.iter().enumerate() {
            if let Some(vertex) = [arc.from, arc.to].into_iter().find(|vertex| *vertex >= vertices) {
                return Err(GraphError::NoVertex { arc: number, vertex });
            }
            if !(0..=limits::MOST_CAPACITY).contains(&arc.capacity) {
                return Err(GraphError::Capacity { arc: number, capacity: arc.capacity });
            }
            if !(-limits::MOST_COST..=limits::MOST_COST).contains(&arc.cost) {
                return Err(GraphError::Cost { arc: number, cost: arc.cost });
            }
        }
        Ok(Self { vertices, arcs })
    }

    /// Number of vertices.
    pub fn vertices(&self) -> usize {
        self.vertices
    }

    /// Every arc, by number.
    pub fn arcs(&self) -> &[Arc] {
        &self.arcs
    }

    /// Whether there is such a vertex.
    pub fn has(&self, vertex: usize) -> bool {
        vertex < self.vertices
    }
}
