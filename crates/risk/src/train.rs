//! Training: gradient boosting with exact greedy splits. The same examples give the same model, on every machine.

use crate::arithmetic::{log_odds, logistic};
use crate::limits::{DEEPEST_TREE, MOST_EXAMPLES, MOST_TREES};
use crate::model::{Model, Node, Tree};
use kervan_model::Finding;

/// The result of a control with what was known of the case before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The features, in the order of their names.
    pub values: Vec<i64>,
    /// Whether the control found something.
    pub found: bool,
}

/// How a model is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Training {
    /// Number of trees. Range: 1 to 500.
    pub trees: usize,
    /// How much of each tree's answer is taken. Range: above 0, at most 1.
    pub rate: f64,
    /// Fewest examples, weighed by their uncertainty, on each side of a question.
    pub least_weight: f64,
    /// How strongly answers are drawn to 0.
    pub calm: f64,
}

impl Default for Training {
    fn default() -> Self {
        Self { trees: 80, rate: 0.15, least_weight: 4.0, calm: 2.0 }
    }
}

/// Slope and curvature of the loss at an example.
type Gradient = (f64, f64);

/// Trains a model. Its threshold is 1000 (nothing is selected) until [`crate::fit_threshold`] sets one.
///
/// Errors: there are too few or too many examples, none or all of which found something, or their features differ in number.
pub fn train(id: &str, features: &[&str], examples: &[Example], how: &Training) -> Result<Model, Finding> {
    let fault = |text: String| {
        Finding::error("risk.examples", text).at(id).remedy("train from more results of controls")
    };
    let found = examples.iter().filter(|example| example.found).count();
    if examples.len() > MOST_EXAMPLES || found == 0 || found == examples.len() {
        let text = format!("{} examples with {found} that found something cannot teach", examples.len());
        return Err(fault(text));
    }
    if let Some(at) = examples.iter().position(|example| example.values.len() != features.len()) {
        return Err(fault(format!("example {at} does not have {} features", features.len())));
    }
    let base = (log_odds(found as f64 / examples.len() as f64) * 1e6).round() as i64;
    let orders: Vec<Vec<usize>> = (0..features.len()).map(|feature| order_of(examples, feature)).collect();
    let mut scores = vec![base as f64 / 1e6; examples.len()];
    let mut trees = Vec::new();
    for _ in 0..how.trees.min(MOST_TREES) {
        let gradients: Vec<Gradient> = scores
            .iter()
            .zip(examples)
            .map(|(score, example)| {
                let chance = logistic(*score);
                (chance - f64::from(u8::from(example.found)), chance * (1.0 - chance))
            })
            .collect();
        let mut growing =
            Growing { examples, gradients: &gradients, orders: &orders, how, nodes: Vec::new() };
        growing.grow(&vec![true; examples.len()], examples.len(), 0);
        let tree = Tree { nodes: growing.nodes };
        if tree.nodes.len() == 1 {
            break;
        }
        let one = Model {
            model: String::new(),
            features: vec![],
            base: 0,
            trees: vec![tree],
            threshold_permille: 0,
            examples: 0,
            found: 0,
        };
        for (score, example) in scores.iter_mut().zip(examples) {
            *score += one.score(&example.values) as f64 / 1e6;
        }
        trees.extend(one.trees);
    }
    let features = features.iter().map(|feature| (*feature).to_owned()).collect();
    let (examples, found) = (examples.len() as u64, found as u64);
    Model { model: id.to_owned(), features, base, trees, threshold_permille: 1_000, examples, found }.check()
}

/// Positions of examples by the value of a feature, ties in the order of the examples.
fn order_of(examples: &[Example], feature: usize) -> Vec<usize> {
    let value = |at: &usize| examples.get(*at).and_then(|example| example.values.get(feature)).copied();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    order.sort_by_key(value);
    order
}

struct Growing<'a> {
    examples: &'a [Example],
    gradients: &'a [Gradient],
    orders: &'a [Vec<usize>],
    how: &'a Training,
    nodes: Vec<Node>,
}

struct Split {
    feature: usize,
    at_most: i64,
    gain: f64,
}

impl Growing<'_> {
    /// Grows the node of the examples that are `here`, and gives its position.
    fn grow(&mut self, here: &[bool], count: usize, depth: usize) -> usize {
        let place = self.nodes.len();
        let (slope, curve) = self.sum(here);
        let cover = count as u64;
        let value = (-slope / (curve + self.how.calm) * self.how.rate * 1e6).round() as i64;
        self.nodes.push(Node::Leaf { value, cover });
        let split = if depth < DEEPEST_TREE { self.best_split(here, (slope, curve)) } else { None };
        if let Some(split) = split {
            let is_low = |at: usize| {
                self.examples
                    .get(at)
                    .and_then(|example| example.values.get(split.feature))
                    .is_some_and(|value| *value <= split.at_most)
            };
            let low: Vec<bool> = here.iter().enumerate().map(|(at, here)| *here && is_low(at)).collect();
            let high: Vec<bool> = here.iter().enumerate().map(|(at, here)| *here && !is_low(at)).collect();
            let lows = low.iter().filter(|here| **here).count();
            let low = self.grow(&low, lows, depth + 1);
            let high = self.grow(&high, count - lows, depth + 1);
            if let Some(node) = self.nodes.get_mut(place) {
                *node = Node::Split { feature: split.feature, at_most: split.at_most, low, high, cover };
            }
        }
        place
    }

    fn sum(&self, here: &[bool]) -> Gradient {
        let present = self.gradients.iter().zip(here).filter(|(_, here)| **here);
        present.fold((0.0, 0.0), |sum, ((slope, curve), _)| (sum.0 + slope, sum.1 + curve))
    }

    /// The question that lowers the loss most; of equal ones the first.
    fn best_split(&self, here: &[bool], total: Gradient) -> Option<Split> {
        let worth = |(slope, curve): Gradient| slope * slope / (curve + self.how.calm);
        let mut best: Option<Split> = None;
        for (feature, order) in self.orders.iter().enumerate() {
            let (mut low, mut last) = ((0.0, 0.0), None);
            for at in order.iter().filter(|at| here.get(**at).copied().unwrap_or(false)) {
                let Some(value) = self.examples.get(*at).and_then(|example| example.values.get(feature))
                else {
                    continue;
                };
                if let Some(at_most) = last.filter(|last| last != value) {
                    let high = (total.0 - low.0, total.1 - low.1);
                    let gain = worth(low) + worth(high) - worth(total);
                    let weighty = low.1 >= self.how.least_weight && high.1 >= self.how.least_weight;
                    if weighty && gain > best.as_ref().map_or(1e-6, |best| best.gain) {
                        best = Some(Split { feature, at_most, gain });
                    }
                }
                if let Some((slope, curve)) = self.gradients.get(*at) {
                    low = (low.0 + slope, low.1 + curve);
                }
                last = Some(*value);
            }
        }
        best
    }
}
