//! Which cases a control team looks at: as many as it can, those of highest expected value first, and some by lot.

use crate::DrawSeed;
use serde::Serialize;
use std::collections::BTreeSet;

/// A case that may be controlled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its name.
    pub case: String,
    /// The chance that a control finds something. Unit: a thousandth.
    pub chance_permille: u32,
    /// What a find is worth, such as the duty at stake; 1 where all are worth the same.
    pub worth: u64,
    /// Whether rules ask for the control anyhow; it then takes its place before all others.
    pub asked_by_rules: bool,
}

/// What a control team can do in a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Controls a day.
    pub controls: usize,
    /// The share of them that is kept for the lot. Unit: a thousandth.
    pub by_lot_permille: u32,
    /// The chance below which a score selects nothing. Unit: a thousandth.
    pub threshold_permille: u32,
}

/// What a score or a draw can lead to. There is no refusal here, and none can be made from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Selected {
    /// The rules ask for the control.
    ByRules,
    /// The score is among the highest.
    ByScore,
    /// The lot fell on it.
    ByLot,
}

/// A case that is to be controlled, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chosen {
    /// The case.
    pub case: String,
    /// Why.
    pub why: Selected,
}

/// Chooses the controls of a day. Cases that rules ask for come first, even beyond the capacity: the law does not ask how many
/// officers there are. Of what is left, a share goes to the lot and the rest to the highest expected values.
pub fn choose_controls(candidates: &[Candidate], capacity: Capacity, seed: &DrawSeed) -> Vec<Chosen> {
    let mut chosen: Vec<Chosen> = candidates
        .iter()
        .filter(|candidate| candidate.asked_by_rules)
        .map(|candidate| Chosen { case: candidate.case.clone(), why: Selected::ByRules })
        .collect();
    let left = capacity.controls.saturating_sub(chosen.len());
    let by_lot = (left * capacity.by_lot_permille as usize).div_ceil(1_000).min(left);
    let mut ranked: Vec<&Candidate> = candidates
        .iter()
        .filter(|candidate| {
            !candidate.asked_by_rules && candidate.chance_permille >= capacity.threshold_permille
        })
        .collect();
    ranked.sort_by_key(|candidate| {
        (
            std::cmp::Reverse(u128::from(candidate.chance_permille) * u128::from(candidate.worth)),
            candidate.case.clone(),
        )
    });
    chosen.extend(
        ranked
            .into_iter()
            .take(left - by_lot)
            .map(|candidate| Chosen { case: candidate.case.clone(), why: Selected::ByScore }),
    );
    let taken: BTreeSet<&str> = chosen.iter().map(|chosen| chosen.case.as_str()).collect();
    let rest =
        candidates.iter().map(|candidate| candidate.case.as_str()).filter(|case| !taken.contains(case));
    let lot = seed.shuffle(rest);
    let lot: Vec<Chosen> = lot
        .into_iter()
        .take(by_lot)
        .map(|case| Chosen { case: case.to_owned(), why: Selected::ByLot })
        .collect();
    chosen.extend(lot);
    chosen
}

/// The chance from which a score selects, so that of past cases as many were selected a day as a team can control. A case
/// that comes alone, before its day is known, is selected by this threshold. Unit: a thousandth.
pub fn fit_threshold(past_chances: &[u32], days: u32, controls_a_day: u32) -> u32 {
    let mut chances = past_chances.to_vec();
    chances.sort_unstable_by(|left, right| right.cmp(left));
    let room = usize::try_from(u64::from(days) * u64::from(controls_a_day)).unwrap_or(usize::MAX);
    // The first chance that no longer has room; one above it everything fits.
    chances.get(room).map_or(0, |chance| chance + 1)
}
