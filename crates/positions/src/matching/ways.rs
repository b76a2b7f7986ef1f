//! How far it is between any two places through the network.

/// Shortest lengths between all pairs. Unit: metre.
#[derive(Clone, Debug)]
pub(super) struct Ways {
    places: usize,
    lengths: Vec<f64>,
}

impl Ways {
    /// Floyd and Warshall's algorithm: some tens of places, each pair asked for thousands of times.
    pub(super) fn new(places: usize, ends: &[(usize, usize, f64)]) -> Self {
        let mut ways = Self { places, lengths: vec![f64::INFINITY; places * places] };
        for place in 0..places {
            ways.set(place, place, 0.0);
        }
        for (from, to, length) in ends {
            if *length < ways.between(*from, *to) {
                ways.set(*from, *to, *length);
                ways.set(*to, *from, *length);
            }
        }
        for middle in 0..places {
            for from in 0..places {
                let first = ways.between(from, middle);
                if first.is_infinite() {
                    continue;
                }
                for to in 0..places {
                    let through = first + ways.between(middle, to);
                    if through < ways.between(from, to) {
                        ways.set(from, to, through);
                    }
                }
            }
        }
        ways
    }

    fn set(&mut self, from: usize, to: usize, length: f64) {
        if let Some(cell) = self.lengths.get_mut(from * self.places + to) {
            *cell = length;
        }
    }

    /// Infinite if there is no way.
    pub(super) fn between(&self, from: usize, to: usize) -> f64 {
        self.lengths.get(from * self.places + to).copied().unwrap_or(f64::INFINITY)
    }
}
