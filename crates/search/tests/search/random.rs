//! Random small networks with everything that a network can have.

use kervan_search::{
    Change, Departure, Line, LineStop, Network, Parts, Runs, Stay, Stop, Storage, WEIGHTS, Weights, Window,
};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Random whole numbers for building cases.
pub(crate) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    pub(crate) fn below(&mut self, sides: u32) -> u32 {
        (self.0.next_u64() % u64::from(sides)) as u32
    }

    pub(crate) fn one_in(&mut self, sides: u32) -> bool {
        self.below(sides) == 0
    }
}

/// What a random network may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) timetables_only: bool,
    pub(crate) pairs: bool,
    pub(crate) windows: bool,
    pub(crate) storage: bool,
    /// Weights are below this; small ones tie often.
    pub(crate) spread: u32,
}

impl Kind {
    pub(crate) fn of(dice: &mut Dice) -> Self {
        Self {
            timetables_only: dice.one_in(3),
            pairs: dice.one_in(2),
            windows: dice.one_in(2),
            storage: dice.one_in(2),
            spread: [1, 3, 12, 400][dice.below(4) as usize],
        }
    }
}

fn weights(dice: &mut Dice, spread: u32) -> Weights {
    let mut weights = [0; WEIGHTS];
    weights.iter_mut().for_each(|part| *part = dice.below(spread));
    weights
}

pub(crate) fn stay(dice: &mut Dice, kind: Kind) -> Stay {
    Stay { duration: dice.below(5), weights: weights(dice, kind.spread), at_any_hour: dice.one_in(2) }
}

/// Windows over the first hundred ticks or so.
fn windows(dice: &mut Dice) -> Vec<Window> {
    let mut from = dice.below(12);
    let mut windows = Vec::new();
    for _ in 0..1 + dice.below(4) {
        let until = from + 1 + dice.below(14);
        windows.push(Window { from, until });
        from = until + dice.below(18);
    }
    windows
}

fn runs(dice: &mut Dice, kind: Kind) -> Runs {
    if kind.timetables_only || dice.below(5) > 1 {
        let mut starts: Vec<Departure> = (0..2 + dice.below(5))
            .map(|_| Departure { start: dice.below(70), capacity: dice.one_in(8).then(|| dice.below(4)) })
            .collect();
        starts.sort();
        return Runs::Timetable(starts);
    }
    let open = if kind.windows && dice.one_in(2) { windows(dice) } else { Vec::new() };
    Runs::Anytime { wait: dice.below(6), open, capacity: dice.one_in(10).then(|| dice.below(4)) }
}

fn line(dice: &mut Dice, kind: Kind, stops: u32) -> Line {
    let count = 2 + dice.below(3);
    let mut clock = 0;
    let mut sequence = Vec::new();
    for index in 0..count {
        let arrives = clock;
        clock += dice.below(3);
        sequence.push(LineStop {
            boards: !dice.one_in(12),
            alights: !dice.one_in(12),
            cutoff: dice.below(4) * dice.below(2),
            release: dice.below(4) * dice.below(2),
            boarding: weights(dice, 1 + kind.spread / 2),
            alighting: weights(dice, 1 + kind.spread / 2),
            ..LineStop::at(dice.below(stops), arrives, clock)
        });
        clock += if index + 1 < count { dice.below(12) } else { 0 };
    }
    let segments = (1..count).map(|_| weights(dice, kind.spread)).collect();
    Line { stops: sequence, segments, runs: runs(dice, kind) }
}

/// A random network of a kind.
pub(crate) fn network(dice: &mut Dice, kind: Kind) -> Network {
    let count = 3 + dice.below(4);
    let lines = 5 + dice.below(9);
    let mut parts = Parts::default();
    for _ in 0..count {
        parts.stops.push(Stop {
            stay: (!dice.one_in(20)).then(|| stay(dice, kind)),
            open: if kind.windows && dice.one_in(2) { windows(dice) } else { Vec::new() },
            storage: (kind.storage && dice.one_in(2)).then(|| Storage {
                free: dice.below(8),
                period: 1 + dice.below(6),
                price: dice.below(1 + kind.spread),
            }),
        });
    }
    for _ in 0..lines {
        parts.lines.push(line(dice, kind, count));
    }
    for _ in 0..if kind.pairs { dice.below(30) } else { 0 } {
        let (arriving, departing) = (dice.below(lines), dice.below(lines));
        let stops = &parts.lines[arriving as usize].stops;
        let stop = stops[dice.below(stops.len() as u32) as usize].stop;
        let stay = (!dice.one_in(4)).then(|| stay(dice, kind));
        parts.changes.push(Change { stop, arriving, departing, stay });
    }
    Network::new(parts).unwrap()
}
