//! Which of the ways are shown: those that no other beats on what is shown, and not more than asked for.

use crate::Badge;
use crate::weight::Weight;
use std::collections::BTreeSet;

/// How much covering other ground counts when a list is cut: two ways without a common link are as far apart as two that
/// differ by this share on a figure. A judgement: enough to prefer another port to another train, too little to prefer a
/// detour to a better way.
const GROUND_COUNTS: f64 = 0.15;

/// The outcome of choosing; indices into the ways that were given.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Choice {
    /// What is shown, earliest arrival first.
    pub(crate) shown: Vec<usize>,
    /// How many unbeaten ones were left out to keep the list short.
    pub(crate) cut: usize,
    /// No way that was left out is better by more than this share, on any figure, than one that is shown.
    pub(crate) within: f64,
}

/// Keeps the ways that no other beats, one of each that look the same, at most `most`.
///
/// If there are more: the best on each criterion; then one way of each corridor that has none yet; then again and again the
/// one that the kept ones stand for least: the one that gains most on some figure over the kept way that is nearest to it.
/// Corridors come in that order too, and the way that is kept of one is the one that the others of it gain least over.
/// `corridors` numbers them, way by way; `unlike` says from 0 to 1 how far two ways go over different ground. Ties go to the
/// earlier arrival.
pub(crate) fn choose(
    shown: &[Weight],
    corridors: &[usize],
    most: usize,
    unlike: &dyn Fn(usize, usize) -> f64,
) -> Choice {
    let mut unbeaten: Vec<(Weight, usize)> = shown
        .iter()
        .enumerate()
        .filter(|(_, weight)| !shown.iter().any(|other| other.beats(**weight)))
        .map(|(index, weight)| (*weight, index))
        .collect();
    unbeaten.sort();
    unbeaten.dedup_by_key(|(weight, _)| *weight);
    let kept =
        if unbeaten.len() <= most { unbeaten.clone() } else { shorten(&unbeaten, corridors, most, unlike) };
    let gain_left = |way: &(Weight, usize)| {
        kept.iter().map(|other| gain(way.0, other.0)).min_by(f64::total_cmp).unwrap_or(0.0)
    };
    Choice {
        cut: unbeaten.len() - kept.len(),
        within: unbeaten.iter().map(gain_left).max_by(f64::total_cmp).unwrap_or(0.0),
        shown: kept.into_iter().map(|(_, index)| index).collect(),
    }
}

/// A criterion, read from a weight.
type Criterion = fn(&Weight) -> u64;

/// The three criteria that people see.
const CRITERIA: [(Badge, Criterion); 3] = [
    (Badge::Fastest, |weight| weight.seconds),
    (Badge::Cheapest, |weight| weight.cents),
    (Badge::LowestEmissions, |weight| weight.grams),
];

/// The greatest share by which the one is better than the other on any criterion; zero if on none.
///
/// Missing figures are counted from one, so that a way of which all is known is twice as good as one that lacks a figure.
fn gain(one: Weight, other: Weight) -> f64 {
    let share = |mine: u64, theirs: u64| theirs as f64 / mine.max(1) as f64 - 1.0;
    let figures = CRITERIA.iter().map(|(_, of)| share(of(&one), of(&other)));
    let others = [share(one.unknown + 1, other.unknown + 1), share(one.exposure, other.exposure)];
    figures.chain(others).fold(0.0, f64::max)
}

fn shorten(
    unbeaten: &[(Weight, usize)],
    corridors: &[usize],
    most: usize,
    unlike: &dyn Fn(usize, usize) -> f64,
) -> Vec<(Weight, usize)> {
    let mut kept: Vec<(Weight, usize)> = Vec::new();
    for (_, criterion) in CRITERIA {
        if let Some(best) = best_of(unbeaten, criterion)
            && kept.len() < most
            && !kept.contains(&best)
        {
            kept.push(best);
        }
    }
    let distance = |one: &(Weight, usize), other: &(Weight, usize)| -> f64 {
        gain(one.0, other.0) + GROUND_COUNTS * unlike(one.1, other.1)
    };
    // The distance to the nearest kept way, updated as ways are kept.
    let mut gaps: Vec<f64> = unbeaten
        .iter()
        .map(|way| kept.iter().map(|other| distance(way, other)).min_by(f64::total_cmp).unwrap_or(f64::MAX))
        .collect();
    let corridor = |way: &(Weight, usize)| corridors.get(way.1).copied().unwrap_or(0);
    let mut seen: BTreeSet<usize> = kept.iter().map(corridor).collect();
    let all: BTreeSet<usize> = unbeaten.iter().map(corridor).collect();
    while kept.len() < most {
        let complete = seen.len() == all.len();
        let left = unbeaten.iter().zip(&gaps).filter(|(way, _)| !kept.contains(way));
        let left = left.filter(|(way, _)| complete || !seen.contains(&corridor(way)));
        // `rev` makes the earliest of equals win, because `max_by` keeps the last.
        let Some((next, _)) = left.rev().max_by(|(_, one), (_, other)| one.total_cmp(other)) else { break };
        let next =
            if complete { *next } else { stands_for(unbeaten, &|way| corridor(way) == corridor(next)) };
        seen.insert(corridor(&next));
        for (way, gap) in unbeaten.iter().zip(&mut gaps) {
            *gap = gap.min(distance(way, &next));
        }
        kept.push(next);
    }
    kept.sort();
    kept
}

/// Of some ways, the one over which the others gain least on any figure.
fn stands_for(ways: &[(Weight, usize)], some: &dyn Fn(&(Weight, usize)) -> bool) -> (Weight, usize) {
    let some: Vec<&(Weight, usize)> = ways.iter().filter(|way| some(way)).collect();
    let lost = |way: &(Weight, usize)| some.iter().map(|other| gain(other.0, way.0)).fold(0.0, f64::max);
    let best = some.iter().min_by(|one, other| lost(one).total_cmp(&lost(other)));
    best.map_or((Weight::default(), 0), |way| **way)
}

/// The best on one criterion of those of which most is known.
fn best_of(ways: &[(Weight, usize)], criterion: Criterion) -> Option<(Weight, usize)> {
    ways.iter().min_by_key(|(weight, _)| (weight.unknown, criterion(weight), *weight)).copied()
}

/// What each of the ways is best at.
pub(crate) fn badges(shown: &[Weight]) -> Vec<Vec<Badge>> {
    let ways: Vec<(Weight, usize)> = shown.iter().copied().zip(0..).collect();
    let best = CRITERIA.map(|(badge, criterion)| (badge, best_of(&ways, criterion)));
    let of = |index: usize| {
        best.iter()
            .filter(|(_, way)| way.is_some_and(|(_, best)| best == index))
            .map(|(badge, _)| *badge)
            .collect()
    };
    (0..shown.len()).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(seconds: u64, cents: u64, grams: u64) -> Weight {
        Weight { seconds, cents, grams, ..Weight::default() }
    }

    #[test]
    fn beaten_and_equal_ways_are_left_out() {
        let ways = [weight(5, 5, 5), weight(4, 4, 4), weight(4, 4, 4), weight(3, 9, 9), weight(4, 5, 4)];
        assert_eq!(choose(&ways, &[], 8, &|_, _| 0.0), Choice { shown: vec![3, 1], cut: 0, within: 0.0 });
        assert_eq!(choose(&[], &[], 8, &|_, _| 0.0), Choice::default());
    }

    #[test]
    fn a_way_is_not_beaten_by_one_of_which_less_is_known() {
        let cheap_because_unknown = Weight { unknown: 1, ..weight(4, 1, 4) };
        let ways = [weight(5, 5, 5), cheap_because_unknown];
        assert_eq!(choose(&ways, &[], 8, &|_, _| 0.0).shown, [1, 0]);
        assert_eq!(badges(&ways), [Badge::ALL.to_vec(), vec![]]);
    }

    #[test]
    fn a_short_list_keeps_the_extremes_and_spreads() {
        // Twenty ways on a line from fast and dear to slow and cheap, one of them cleanest.
        let mut ways: Vec<Weight> = (0..20).map(|i| weight(100 + i, 200 - i, 50)).collect();
        ways[7].grams = 1;
        let choice = choose(&ways, &[], 4, &|_, _| 0.0);
        assert_eq!((choice.cut, choice.shown.len()), (16, 4));
        for extreme in [0, 7, 19] {
            assert!(choice.shown.contains(&extreme), "{choice:?}");
        }
        assert_eq!(choose(&ways, &[], 1, &|_, _| 0.0).shown, [0]);
        // Of ways that differ only in the ground they cover, the one on other ground is kept.
        let alike = |one: usize, other: usize| if (one == 12) == (other == 12) { 0.0 } else { 1.0 };
        assert!(choose(&ways, &[], 4, &alike).shown.contains(&12));
        assert_eq!(choose(&ways, &[], 20, &|_, _| 0.0).cut, 0);
    }

    /// Whole numbers that look drawn, without a generator: a linear congruence, upper bits.
    fn drawn(state: &mut u64, below: u64) -> u64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) % below
    }

    #[test]
    fn every_corridor_is_there_before_a_second_way_of_one() {
        let mut state = 7;
        let (mut cut, mut all_there) = (0, 0);
        for case in 0..2_000 {
            let count = 2 + drawn(&mut state, 40) as usize;
            let ways: Vec<Weight> = (0..count)
                .map(|_| weight(drawn(&mut state, 90), drawn(&mut state, 90), drawn(&mut state, 90)))
                .collect();
            let many = 1 + drawn(&mut state, 9);
            let corridors: Vec<usize> = (0..count).map(|_| drawn(&mut state, many) as usize).collect();
            let most = 1 + drawn(&mut state, 10) as usize;
            let choice = choose(&ways, &corridors, most, &|_, _| 0.0);
            let front = choose(&ways, &corridors, usize::MAX, &|_, _| 0.0).shown;
            let of = |list: &[usize]| -> BTreeSet<usize> { list.iter().map(|way| corridors[*way]).collect() };
            assert!(choice.shown.iter().all(|way| front.contains(way)), "case {case}");
            assert_eq!(choice.shown.len(), front.len().min(most), "case {case}");
            // Two ways of one corridor, one of them no best on a criterion, only when no corridor lacks one.
            let best: BTreeSet<usize> =
                badges(&choice.shown.iter().map(|way| ways[*way]).collect::<Vec<_>>())
                    .iter()
                    .zip(&choice.shown)
                    .filter(|(badges, _)| !badges.is_empty())
                    .map(|(_, way)| *way)
                    .collect();
            let others: Vec<usize> = choice.shown.iter().copied().filter(|way| !best.contains(way)).collect();
            let twice = of(&others).len() < others.len()
                || others.iter().any(|way| best.iter().any(|one| corridors[*one] == corridors[*way]));
            let complete = of(&choice.shown) == of(&front);
            assert!(complete || !twice, "case {case}: {corridors:?} {:?} of {front:?}", choice.shown);
            cut += usize::from(choice.cut > 0);
            all_there += usize::from(complete && choice.cut > 0);
        }
        assert!(cut > 500 && all_there > 200 && cut > all_there, "{cut} {all_there}");
    }
}
