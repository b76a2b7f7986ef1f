//! What each feature adds to the answer of a tree: exact Shapley values.
//!
//! The worth of a set of features is the answer of the tree when only these are known; at a question about another one both
//! ways are taken, weighed by the examples that took them (the path-dependent expectation of TreeSHAP). A tree has few
//! features, so every subset is counted.

use crate::model::{Node, Tree};

/// Adds what each feature adds to `adds`, and gives the answer of the tree when nothing is known.
pub(crate) fn parts_of_tree(tree: &Tree, values: &[i64], adds: &mut [f64]) -> f64 {
    let mut features: Vec<usize> = tree
        .nodes
        .iter()
        .filter_map(|node| match node {
            Node::Split { feature, .. } => Some(*feature),
            Node::Leaf { .. } => None,
        })
        .collect();
    features.sort_unstable();
    features.dedup();
    let count = features.len();
    let worth: Vec<f64> =
        (0..1_usize << count).map(|known| expect(tree, 0, values, &features, known)).collect();
    let at = |set: usize| worth.get(set).copied().unwrap_or_default();
    for (bit, feature) in features.iter().enumerate() {
        let one = 1_usize << bit;
        let mut part = 0.0;
        for set in (0..1_usize << count).filter(|set| set & one == 0) {
            part += share(set.count_ones(), count) * (at(set | one) - at(set));
        }
        if let Some(slot) = adds.get_mut(*feature) {
            *slot += part;
        }
    }
    at(0)
}

/// The share of the orders in which exactly this set comes before the feature: `s! (n - s - 1)! / n!`.
fn share(before: u32, count: usize) -> f64 {
    let factorial = |number: usize| (1..=number).map(|factor| factor as f64).product::<f64>();
    let before = before as usize;
    factorial(before) * factorial(count - before - 1) / factorial(count)
}

fn expect(tree: &Tree, place: usize, values: &[i64], features: &[usize], known: usize) -> f64 {
    match tree.nodes.get(place) {
        Some(Node::Leaf { value, .. }) => *value as f64,
        Some(Node::Split { feature, at_most, low, high, .. }) => {
            let bit = features.iter().position(|one| one == feature).unwrap_or_default();
            if known & (1 << bit) != 0 {
                let value = values.get(*feature).copied().unwrap_or_default();
                return expect(tree, if value <= *at_most { *low } else { *high }, values, features, known);
            }
            let cover = |place: usize| tree.nodes.get(place).map_or(0.0, |node| node.cover() as f64);
            let (left, right) = (cover(*low), cover(*high));
            let (first, second) =
                (expect(tree, *low, values, features, known), expect(tree, *high, values, features, known));
            (first * left + second * right) / (left + right).max(1.0)
        }
        None => 0.0,
    }
}
