//! What is left of a graph under a flow: each arc as two halves, forth with what it still takes, back with what it carries.

use crate::Graph;

/// The halves of all arcs with their room, grouped by the vertex they leave.
///
/// Half `2a` goes along arc `a`, half `2a + 1` against it, so that the opposite of `h` is `h ^ 1`.
#[derive(Clone, Debug)]
pub(crate) struct Residual {
    /// Vertex where a half ends.
    pub(crate) head: Vec<u32>,
    /// Units a half still takes.
    pub(crate) room: Vec<i64>,
    first: Vec<u32>,
    leaving: Vec<u32>,
}

impl Residual {
    /// The graph without any flow.
    pub(crate) fn new(graph: &Graph) -> Self {
        Self::of(graph.vertices(), graph.arcs().iter().map(|arc| (arc.from, arc.to, arc.capacity)))
    }

    /// Vertices and arcs of their own: tail, head and capacity.
    pub(crate) fn of(vertices: usize, arcs: impl Iterator<Item = (usize, usize, i64)>) -> Self {
        let (mut head, mut room) = (Vec::new(), Vec::new());
        let mut first = vec![0_u32; vertices + 1];
        for (from, to, capacity) in arcs {
            first[from + 1] += 1;
            first[to + 1] += 1;
            head.extend([to as u32, from as u32]);
            room.extend([capacity, 0]);
        }
        for vertex in 0..vertices {
            first[vertex + 1] += first[vertex];
        }
        let mut next = first.clone();
        let mut leaving = vec![0_u32; head.len()];
        for half in 0..head.len() {
            let tail = head[half ^ 1] as usize;
            leaving[next[tail] as usize] = half as u32;
            next[tail] += 1;
        }
        Self { head, room, first, leaving }
    }

    /// The graph under a flow, one figure for each arc.
    pub(crate) fn under(graph: &Graph, flow: &[i64]) -> Self {
        let mut residual = Self::new(graph);
        for (arc, carried) in flow.iter().enumerate() {
            residual.push(2 * arc, *carried);
        }
        residual
    }

    /// Number of vertices.
    pub(crate) fn vertices(&self) -> usize {
        self.first.len() - 1
    }

    /// The halves that leave a vertex.
    pub(crate) fn leaving(&self, vertex: usize) -> &[u32] {
        &self.leaving[self.first[vertex] as usize..self.first[vertex + 1] as usize]
    }

    /// Sends units along a half.
    pub(crate) fn push(&mut self, half: usize, units: i64) {
        self.room[half] -= units;
        self.room[half ^ 1] += units;
    }

    /// Units that an arc carries.
    pub(crate) fn flow(&self, arc: usize) -> i64 {
        self.room[2 * arc + 1]
    }

    /// Takes an arc out: neither what it still takes nor what it carries counts from now on.
    pub(crate) fn close(&mut self, arc: usize) {
        self.room[2 * arc] = 0;
        self.room[2 * arc + 1] = 0;
    }

    /// Which vertices are reached from some over halves with room.
    pub(crate) fn reached_from(&self, start: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut reached = vec![false; self.vertices()];
        let mut stack: Vec<usize> = start.into_iter().collect();
        for vertex in &stack {
            reached[*vertex] = true;
        }
        while let Some(vertex) = stack.pop() {
            for half in self.leaving(vertex) {
                let (half, head) = (*half as usize, self.head[*half as usize] as usize);
                if self.room[half] > 0 && !reached[head] {
                    reached[head] = true;
                    stack.push(head);
                }
            }
        }
        reached
    }
}
