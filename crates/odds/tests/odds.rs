//! Playing and computing a way must give the same; a policy must be the best of all.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own inputs fails")]

use kervan_odds::{
    Curve, Departures, Grid, Hours, Luck, Node, Onward, Part, Question, Spread, Way, find_policy, play, solve,
};
use kervan_units::{Estimate, Seconds};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::sync::Arc;

struct Dice(Xoshiro256PlusPlus);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.0.next_u64() % bound
    }

    fn spread(&mut self, most_hours: u64) -> Spread {
        let mut minutes = [0; 3].map(|_: u64| self.below(most_hours * 60));
        minutes.sort_unstable();
        let points = minutes.map(Seconds::from_minutes);
        match self.below(4) {
            0 => Spread::Triangular(Estimate::new(points[0], points[1], points[2]).unwrap()),
            1 => Spread::Even { least: points[0], most: points[2] },
            _ => Spread::Pert(Estimate::new(points[0], points[1], points[2]).unwrap()),
        }
    }

    fn hours(&mut self) -> Hours {
        let mut time = 3_600 * self.below(30);
        let stretch = |_| {
            let opens = time;
            let closes = opens + 1_800 * (1 + self.below(40));
            time = closes + 1_800 * (1 + self.below(60));
            (opens, closes)
        };
        Hours::new((0..20).map(stretch).collect())
    }

    fn departures(&mut self) -> Departures {
        match self.below(5) {
            0 => Departures::Anytime,
            1 => Departures::headway(Seconds::from_hours(1 + self.below(72))),
            2 => Departures::when_full(&self.spread(60)),
            _ => {
                let count = self.below(12);
                let mut time = 0;
                let times = (0..count).map(|_| {
                    time += 3_600 * (1 + self.below(90));
                    time
                });
                let times = times.collect();
                let (cut_off, every) = (self.below(8), 1 + self.below(200));
                Departures::timetable(times, Seconds::from_hours(cut_off), Seconds::from_hours(every))
            }
        }
    }
}

/// Five standard errors of a chance by so many samples, and what a grid adds.
fn within(chance: f64, samples: f64) -> f64 {
    5.0 * (chance * (1.0 - chance) / samples).sqrt() + 2.0 / samples
}

#[test]
fn playing_and_computing_agree_within_their_errors() {
    const SAMPLES: u32 = 4_000;
    let mut dice = Dice::new(20_261_122);
    let (mut boards, mut shut) = (0, 0);
    for case in 0..400 {
        let mut parts = Vec::new();
        for figure in 0..=dice.below(6) {
            let duration = dice.spread(80);
            parts.push(if dice.below(4) == 0 {
                shut += 1;
                Part::pass_within(2 * figure, dice.hours(), Arc::new(duration.curve()))
            } else {
                Part::pass(2 * figure, &duration)
            });
            let departures = dice.departures();
            boards += usize::from(departures != Departures::Anytime);
            parts.push(Part::board(2 * figure + 1, departures));
        }
        let way = Way::new(parts);
        let solved = solve(&way, Grid::for_way(&way));
        let played = play(&way, &mut Luck::new(case, SAMPLES));
        let samples = f64::from(SAMPLES);
        for percent in [10, 50, 90] {
            // The chance to be there by a sample quantile must be that of its rank, within noise and the grid's bounds.
            let mut sorted = played.course.samples().to_vec();
            sorted.sort_unstable();
            let at = Seconds::new(u64::from(sorted[sorted.len() * percent / 100]));
            let (least, most) = solved.chance_bounds(at);
            let found = played.course.chance_by(at.get());
            // Of ties at a departure all samples may be there, so the noise is that of the chance, not of what was found.
            let (below, above) = (least - within(least, samples), most + within(most, samples));
            assert!(below <= found && found <= above, "case {case}: {least} {found} {most}");
            let fair = solved.chance_by(at);
            assert!(least <= fair + 1e-9 && fair <= most + 1e-9, "case {case}: {least} {fair} {most}");
            let (early, late) = solved.quantile_bounds(percent as f64 / 100.0);
            let middle = solved.quantile(percent as f64 / 100.0);
            assert!(early <= middle && middle <= late, "case {case}");
        }
        // The mean lies between those of the two roundings, but for the noise of the samples.
        let noise = 5.0 * (solved.variance / samples).sqrt() + 1.0;
        let (least, most) = solved.mean_bounds();
        let found = played.course.mean();
        assert!(least - noise <= found && found <= most + noise, "case {case}: {least} {found} {most}");
        assert!(least <= solved.mean + 1e-6 && solved.mean <= most + 1e-6, "case {case}");
        let sum: f64 = solved.shares.iter().sum();
        assert!(solved.variance < 1.0 || (sum - 1.0).abs() < 1e-9, "case {case}: {sum}");
        assert!(solved.shares.iter().all(|share| (0.0..=1.0).contains(share)));
    }
    assert!(boards > 500 && shut > 200);
}

#[test]
fn shares_of_a_chain_without_departures_are_its_variances() {
    let mut dice = Dice::new(3);
    for _ in 0..50 {
        let spreads: Vec<Spread> = (0..5).map(|_| dice.spread(200)).collect();
        let way = Way::new(spreads.iter().enumerate().map(|(at, one)| Part::pass(at as u64, one)).collect());
        let solved = solve(&way, Grid::new(Seconds::new(300)));
        let sum: f64 = spreads.iter().map(|spread| spread.curve().variance()).sum();
        assert!((solved.variance / sum - 1.0).abs() < 0.01);
        for (spread, share) in spreads.iter().zip(&solved.shares) {
            assert!((share - spread.curve().variance() / sum).abs() < 0.01);
        }
    }
}

#[test]
fn a_delay_that_is_caught_up_counts_nothing_and_one_that_misses_a_ship_counts_all() {
    let train = Spread::Even { least: Seconds::from_hours(10), most: Seconds::from_hours(30) };
    let sea = Spread::Even { least: Seconds::from_hours(20), most: Seconds::from_hours(22) };
    let solved = |first_sailing: u64| {
        let sailings = vec![first_sailing * 3_600, (first_sailing + 168) * 3_600];
        let way = Way::new(vec![
            Part::pass(1, &train),
            Part::board(2, Departures::timetable(sailings, Seconds::ZERO, Seconds::from_hours(168))),
            Part::pass(3, &sea),
        ]);
        solve(&way, Grid::new(Seconds::new(900)))
    };
    let early = solved(40);
    assert!(early.shares[0] < 1e-9 && early.shares[2] > 0.999 && early.connections[0].missed == Some(0.0));
    let tight = solved(25);
    assert!(tight.shares[0] > 0.99);
    let connection = tight.connections[0];
    assert!((connection.missed.unwrap() - 0.25).abs() < 0.02, "{connection:?}");
    assert!((connection.costs.unwrap() / 3_600.0 - 168.0).abs() < 1.0, "{connection:?}");
    assert_eq!(connection.planned, Some(Seconds::from_hours(25)));
}

/// A duration of a few whole steps with chances, as the brute force sees it.
fn few(dice: &mut Dice, least: u64) -> (Arc<Curve>, Vec<(u64, f64)>) {
    let from = least + dice.below(3);
    let to = from + 1 + dice.below(3);
    if dice.below(3) == 0 {
        return (Arc::new(Curve::exactly(from as f64)), vec![(from, 1.0)]);
    }
    let curve =
        Curve::of_quantiles(&[(0.0, from as f64), (0.25, from as f64), (0.25, to as f64), (1.0, to as f64)]);
    (Arc::new(curve), vec![(from, 0.25), (to, 0.75)])
}

struct Few {
    opens: Hours,
    stay: Vec<(u64, f64)>,
    departures: Departures,
    wait: Vec<(u64, f64)>,
    ride: Vec<(u64, f64)>,
    to: usize,
    toll: f64,
}

/// Nodes whose options lead to later nodes only; the last one is the goal.
fn small_network(dice: &mut Dice, tolls: bool) -> (Question, Vec<Vec<Few>>) {
    let count = 3 + dice.below(2) as usize;
    let (mut nodes, mut few_nodes) = (Vec::new(), Vec::new());
    for node in 0..count {
        let (mut onward, mut few_onward) = (Vec::new(), Vec::new());
        let options = if node + 1 == count { 0 } else { 1 + dice.below(3) };
        for _ in 0..options {
            let to = node + 1 + dice.below((count - node - 1) as u64) as usize;
            let ((stay, stay_few), (ride, ride_few)) = (few(dice, 0), few(dice, 1));
            let (departures, wait) = match dice.below(3) {
                0 => (Departures::Anytime, vec![(0, 1.0)]),
                1 => {
                    // Two steps of interval, seen at the gate: its kernel on the grid is a quarter, a half, a quarter.
                    (Departures::headway(Seconds::new(2)), vec![(0, 0.25), (1, 0.5), (2, 0.25)])
                }
                _ => {
                    let mut time = 0;
                    let times = (0..1 + dice.below(4)).map(|_| {
                        time += 1 + dice.below(9);
                        time
                    });
                    (
                        Departures::timetable(times.collect(), Seconds::new(dice.below(2)), Seconds::new(7)),
                        Vec::new(),
                    )
                }
            };
            let toll = if tolls { dice.below(12) as f64 } else { 0.0 };
            // At times it opens and shuts some times, and is open from then on.
            let shut = dice.below(3) == 0;
            let mut time = dice.below(4);
            let stretches = (0..if shut { 1 + dice.below(3) } else { 0 }).map(|_| {
                let opens = time + dice.below(5);
                time = opens + 1 + dice.below(6);
                (opens, time)
            });
            let opens = Hours::new(stretches.collect());
            few_onward.push(Few {
                opens: opens.clone(),
                stay: stay_few,
                departures: departures.clone(),
                wait,
                ride: ride_few,
                to,
                toll,
            });
            onward.push(Onward { opens, stay, departures, ride, to, toll });
        }
        nodes.push(Node { onward, planned: None });
        few_nodes.push(few_onward);
    }
    let grid = Grid::new(Seconds::new(1));
    (Question { nodes, may_turn: true, turning: 0.0, grid, horizon: Seconds::new(400) }, few_nodes)
}

/// Every outcome of every choice, spelled out: no table, no grid, no horizon.
struct BruteForce<'a>(&'a [Vec<Few>], bool, f64);

impl BruteForce<'_> {
    fn best(&self, node: usize, at: u64) -> f64 {
        if self.0[node].is_empty() {
            return at as f64;
        }
        let choices = (0..self.0[node].len()).map(|option| self.stay(node, option, at, self.1));
        choices.fold(f64::INFINITY, f64::min)
    }

    fn stay(&self, node: usize, option: usize, at: u64, may_turn: bool) -> f64 {
        let one = &self.0[node][option];
        let at = one.opens.enter(at);
        one.stay.iter().map(|(stay, chance)| chance * self.gate(node, option, at + stay, may_turn)).sum()
    }

    fn gate(&self, node: usize, option: usize, at: u64, may_turn: bool) -> f64 {
        let one = &self.0[node][option];
        let seen = one.departures != Departures::Anytime;
        let others = (0..self.0[node].len()).filter(|other| *other != option && may_turn && seen);
        let turned =
            others.map(|other| self.stay(node, other, at, false)).fold(f64::INFINITY, f64::min) + self.2;
        let after = |departs: u64| -> f64 {
            let then: f64 =
                one.ride.iter().map(|(ride, chance)| chance * self.best(one.to, departs + ride)).sum();
            one.toll + then
        };
        match one.departures.next(at) {
            Some(next) => after(next).min(turned),
            None => one.wait.iter().map(|(wait, chance)| chance * after(at + wait).min(turned)).sum(),
        }
    }
}

#[test]
fn a_policy_is_the_best_of_every_outcome_spelled_out() {
    let mut dice = Dice::new(11);
    let (mut turns, mut differs) = (0, 0);
    for case in 0..600 {
        let tolls = case % 2 == 1;
        let turning = if case % 3 == 0 { 0.5 } else { 0.0 };
        let (question, few) = small_network(&mut dice, tolls);
        let question = Question { turning, ..question };
        let policy = find_policy(question.clone()).unwrap();
        for start in [0, 3] {
            let (found, expected) = (
                policy.expected(0, Seconds::new(start)).unwrap(),
                BruteForce(&few, true, turning).best(0, start),
            );
            assert!((found - expected).abs() < 1e-9, "case {case}: {found}, not {expected}");
        }
        let without = find_policy(Question { may_turn: false, ..question.clone() }).unwrap();
        let (found, expected) =
            (without.expected(0, Seconds::ZERO).unwrap(), BruteForce(&few, false, turning).best(0, 0));
        assert!((found - expected).abs() < 1e-9, "case {case}: {found}, not {expected}");
        // Following it gives what it promises.
        let unrolled = policy.unroll(0, Seconds::ZERO);
        assert!(tolls || promise_kept(unrolled.mean, &policy, turning * turned_by(&unrolled)), "case {case}");
        assert!(unrolled.beyond < 1e-9);
        turns += usize::from(unrolled.uses.iter().any(|used| !used.switches.is_empty()));
        differs += usize::from(policy.expected(0, Seconds::ZERO) < without.expected(0, Seconds::ZERO));
    }
    assert!(turns > 40 && differs > 12, "{turns} {differs}");
}

/// How often goods turned.
fn turned_by(unrolled: &kervan_odds::Unrolled) -> f64 {
    unrolled.uses.iter().flat_map(|used| &used.switches).map(|switch| switch.chance).sum()
}

/// The promise is the mean arrival and what the turns cost.
fn promise_kept(mean: f64, policy: &kervan_odds::Policy, turned: f64) -> bool {
    (mean + turned - policy.expected(0, Seconds::ZERO).unwrap()).abs() < 1e-6
}

/// Every chain of options from the first node to the goal.
fn chains(
    question: &Question,
    node: usize,
    so_far: &mut Vec<usize>,
    all: &mut Vec<Vec<(usize, usize)>>,
    at: &mut Vec<usize>,
) {
    if question.nodes[node].onward.is_empty() {
        all.push(at.iter().copied().zip(so_far.iter().copied()).collect());
        return;
    }
    for (option, onward) in question.nodes[node].onward.iter().enumerate() {
        so_far.push(option);
        at.push(node);
        chains(question, onward.to, so_far, all, at);
        so_far.pop();
        at.pop();
    }
}

#[test]
fn a_policy_is_never_later_than_any_fixed_way() {
    let mut dice = Dice::new(12);
    let mut compared = 0;
    for case in 0..120 {
        let (question, _) = small_network(&mut dice, false);
        let policy = find_policy(question.clone()).unwrap();
        let promised = policy.expected(0, Seconds::ZERO).unwrap();
        let mut all = Vec::new();
        chains(&question, 0, &mut Vec::new(), &mut all, &mut Vec::new());
        for chain in all {
            let mut parts = Vec::new();
            for (node, option) in &chain {
                let onward = &question.nodes[*node].onward[*option];
                parts.push(Part::pass_within(1, onward.opens.clone(), Arc::clone(&onward.stay)));
                parts.push(Part::board(2, onward.departures.clone()));
                parts.push(Part::pass_curve(3, Arc::clone(&onward.ride)));
            }
            let fixed = solve(&Way::new(parts), question.grid).mean;
            assert!(promised <= fixed + 1e-9, "case {case}: {promised} {fixed}");
            // The planned way with turning allowed lies between the two.
            let mut planned = question.clone();
            for (node, option) in &chain {
                planned.nodes[*node].planned = Some(*option);
            }
            let mended = find_policy(planned).unwrap().expected(0, Seconds::ZERO).unwrap();
            assert!(promised <= mended + 1e-9 && mended <= fixed + 1e-9, "case {case}: {mended}");
            compared += 1;
        }
    }
    assert!(compared > 300, "{compared}");
}
