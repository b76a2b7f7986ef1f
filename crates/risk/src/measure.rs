//! How good a model is on controls that it has not seen.

use crate::Model;
use crate::train::Example;
use serde::Serialize;

/// How good a model is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quality {
    /// Number of examples.
    pub examples: usize,
    /// Number that found something.
    pub found: usize,
    /// The chance that of a case with and one without a find the first has the higher score. Range: 0 to 1, 0.5 is chance.
    pub auc: f64,
    /// Share of finds among the tenth of highest scores. Range: 0 to 1.
    pub hit_rate_of_top_tenth: f64,
    /// Share of finds among all. Range: 0 to 1.
    pub hit_rate_of_all: f64,
}

/// Measures a model.
pub fn assess_quality(model: &Model, examples: &[Example]) -> Quality {
    let mut scored: Vec<(i64, bool)> =
        examples.iter().map(|example| (model.score(&example.values), example.found)).collect();
    scored.sort_unstable();
    let found = scored.iter().filter(|(_, found)| *found).count();
    let (mut ranks, mut at) = (0.0, 0);
    while at < scored.len() {
        let score = scored.get(at).map(|(score, _)| *score);
        let tied = scored.iter().skip(at).take_while(|(other, _)| Some(*other) == score);
        let (tied, hits) =
            tied.fold((0, 0), |(count, hits), (_, found)| (count + 1, hits + usize::from(*found)));
        // Ranks count from 1; cases of one score share the middle of theirs.
        ranks += hits as f64 * (at as f64 + (tied as f64 + 1.0) / 2.0);
        at += tied;
    }
    let (hits, misses) = (found as f64, (scored.len() - found) as f64);
    let auc = if found == 0 || found == scored.len() {
        0.5
    } else {
        (ranks - hits * (hits + 1.0) / 2.0) / (hits * misses)
    };
    let top = (scored.len() / 10).max(1);
    let in_top = scored.iter().rev().take(top).filter(|(_, found)| *found).count();
    Quality {
        examples: scored.len(),
        found,
        auc,
        hit_rate_of_top_tenth: in_top as f64 / top as f64,
        hit_rate_of_all: hits / scored.len().max(1) as f64,
    }
}
