//! The spanning tree of the network simplex, as a list in preorder.

/// What a vertex knows of the way up.
#[derive(Clone, Copy)]
struct Above {
    parent: u32,
    arc: u32,
    /// Whether the arc leads from the vertex to its parent.
    upward: bool,
}

/// What a vertex knows of its subtree, which stands in the list without a gap.
#[derive(Clone, Copy)]
struct Below {
    /// Vertices of the subtree.
    size: u32,
    /// Its last one in the list.
    last: u32,
}

/// A tree over the vertices and a root, which has the highest number. The list is a ring: after the last comes the root.
pub(super) struct Tree {
    above: Vec<Above>,
    below: Vec<Below>,
    after: Vec<u32>,
    before: Vec<u32>,
}

impl Tree {
    /// Every vertex under the root, by arcs numbered from `first_arc`.
    pub(super) fn star(vertices: usize, first_arc: usize, upward: impl Fn(usize) -> bool) -> Self {
        let root = vertices as u32;
        let mut above: Vec<Above> = (0..vertices)
            .map(|vertex| Above { parent: root, arc: (first_arc + vertex) as u32, upward: upward(vertex) })
            .collect();
        above.push(Above { parent: root, arc: u32::MAX, upward: false });
        let mut below: Vec<Below> = (0..root).map(|vertex| Below { size: 1, last: vertex }).collect();
        below.push(Below { size: root + 1, last: root.saturating_sub(1) });
        let ring = root + 1;
        let after = (0..ring).map(|vertex| (vertex + 1) % ring).collect();
        let before = (0..ring).map(|vertex| (vertex + ring - 1) % ring).collect();
        Self { above, below, after, before }
    }

    /// Parent, arc to it, and whether the arc leads upward.
    #[inline]
    pub(super) fn above(&self, vertex: usize) -> (usize, usize, bool) {
        let above = self.above[vertex];
        (above.parent as usize, above.arc as usize, above.upward)
    }

    /// The arc between a vertex and its parent.
    pub(super) fn arc_to_parent(&self, vertex: usize) -> usize {
        self.above[vertex].arc as usize
    }

    /// The lowest vertex above both.
    pub(super) fn join(&self, mut one: usize, mut other: usize) -> usize {
        while one != other {
            if self.below[one].size < self.below[other].size {
                one = self.above[one].parent as usize;
            } else {
                other = self.above[other].parent as usize;
            }
        }
        one
    }

    /// Cuts the subtree of `cut` off and hangs it under `stays` by its vertex `moved`, over `arc`.
    pub(super) fn move_subtree(&mut self, cut: usize, moved: usize, stays: usize, arc: usize, upward: bool) {
        let (old_parent, size) = (self.above[cut].parent as usize, self.below[cut].size);
        let old_last = self.below[cut].last;
        let neighbour = self.before[cut];
        let tail = self.turn_round(cut, moved, arc, upward);
        self.above[moved].parent = stays as u32;
        self.forget(old_parent, old_last, neighbour);
        self.insert(moved as u32, tail, stays);
        self.resize(old_parent, stays, size);
    }

    /// Makes `moved` the top of the subtree of `cut`: takes the pieces of the stem out of the list, from `moved` upward, and
    /// chains them in the new order. Returns the last vertex of the chain.
    fn turn_round(&mut self, cut: usize, moved: usize, arc: usize, upward: bool) -> u32 {
        let total = self.below[cut].size;
        let mut tail = self.below[moved].last;
        let mut gap_before = self.unlink(moved as u32, tail);
        let (mut child, mut child_below) = (moved, self.below[moved]);
        let mut hook = Above { parent: u32::MAX, arc: arc as u32, upward };
        let mut vertex = self.above[moved].parent as usize;
        let mut child_above = std::mem::replace(&mut self.above[moved], hook);
        self.below[moved].size = total;
        while child != cut {
            let own = self.below[vertex];
            let last = if own.last == child_below.last { gap_before } else { own.last };
            gap_before = self.unlink(vertex as u32, last);
            self.after[tail as usize] = vertex as u32;
            self.before[vertex] = tail;
            tail = last;
            // The arc between the two now leads to the child that was.
            hook = Above { parent: child as u32, arc: child_above.arc, upward: !child_above.upward };
            self.below[vertex].size = total - child_below.size;
            let next = self.above[vertex].parent as usize;
            child_above = std::mem::replace(&mut self.above[vertex], hook);
            (child, child_below) = (vertex, own);
            vertex = next;
        }
        // Each vertex of the stem now has the rest of the chain below it.
        let mut vertex = cut;
        while vertex != moved {
            self.below[vertex].last = tail;
            vertex = self.above[vertex].parent as usize;
        }
        self.below[moved].last = tail;
        tail
    }

    /// Takes a stretch out of the list; returns what stood before it.
    fn unlink(&mut self, first: u32, last: u32) -> u32 {
        let (before, after) = (self.before[first as usize], self.after[last as usize]);
        self.after[before as usize] = after;
        self.before[after as usize] = before;
        before
    }

    /// Puts a chain right after a vertex, as its first subtree.
    fn insert(&mut self, first: u32, last: u32, under: usize) {
        let next = self.after[under];
        self.after[under] = first;
        self.before[first as usize] = under as u32;
        self.after[last as usize] = next;
        self.before[next as usize] = last;
        if self.below[under].last == under as u32 {
            self.forget(under, under as u32, last);
        }
    }

    /// From a vertex upward, as long as the subtree ends with `was`, it now ends with `is`.
    fn forget(&mut self, from: usize, was: u32, is: u32) {
        let mut vertex = from;
        while self.below[vertex].last == was {
            self.below[vertex].last = is;
            let parent = self.above[vertex].parent as usize;
            if parent == vertex {
                break;
            }
            vertex = parent;
        }
    }

    /// Counts a subtree of `size` vertices out of the one way up and into the other, as far as they differ.
    fn resize(&mut self, old: usize, new: usize, size: u32) {
        let (mut old, mut new) = (old, new);
        while old != new {
            // The subtree that was cut off still counts on the old way, so equal sizes on both ways cannot nest.
            if self.below[old].size - size < self.below[new].size {
                self.below[old].size -= size;
                old = self.above[old].parent as usize;
            } else {
                self.below[new].size += size;
                new = self.above[new].parent as usize;
            }
        }
    }

    /// Adds to the potentials of the subtree of a vertex, or takes from all others, whichever are fewer: only differences
    /// count. They are kept modulo 2^64, so that the drift of the whole cannot overflow.
    pub(super) fn shift_potentials(&self, top: usize, change: i64, potential: &mut [i64]) {
        let Below { size, last } = self.below[top];
        let everything = self.after.len() as u32;
        let (start, count, change) = if 2 * size <= everything {
            (top as u32, size, change)
        } else {
            (self.after[last as usize], everything - size, change.wrapping_neg())
        };
        let mut vertex = start as usize;
        for _ in 0..count {
            potential[vertex] = potential[vertex].wrapping_add(change);
            vertex = self.after[vertex] as usize;
        }
    }
}
