//! A model: trees over whole numbers whose leaves add up to log odds.

use crate::arithmetic::logistic;
use crate::limits::{MOST_FEATURES, MOST_NODES, MOST_TREES};
use crate::shapley::parts_of_tree;
use data_encoding::HEXLOWER;
use kervan_model::Finding;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A trained model. It is data: integers only, so that its canonical form can be hashed and signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    pub model: String,
    /// The features, in the order in which they are given.
    pub features: Vec<String>,
    /// Log odds before any tree. Unit: a millionth.
    pub base: i64,
    /// The trees.
    pub trees: Vec<Tree>,
    /// The chance from which a case is selected for control. Unit: a thousandth.
    pub threshold_permille: u32,
    /// Number of controls that it was trained from.
    pub examples: u64,
    /// Number of those that found something.
    pub found: u64,
}

/// A tree; the first node is its root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tree {
    /// The nodes; children stand after their parents.
    pub nodes: Vec<Node>,
}

/// A node of a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Node {
    /// A question.
    Split {
        /// Position of the feature.
        feature: usize,
        /// Cases whose value is at most this go to `low`.
        at_most: i64,
        /// Position of the child for low values.
        low: usize,
        /// Position of the child for high values.
        high: usize,
        /// Examples that came here in training.
        cover: u64,
    },
    /// An answer.
    Leaf {
        /// What it adds to the log odds. Unit: a millionth.
        value: i64,
        /// Examples that came here in training.
        cover: u64,
    },
}

impl Node {
    pub(crate) const fn cover(&self) -> u64 {
        match self {
            Self::Split { cover, .. } | Self::Leaf { cover, .. } => *cover,
        }
    }
}

/// A score with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Log odds of an average case. Unit: a millionth.
    pub average: i64,
    /// What each feature adds, the largest first; those that add nothing are left out. The parts and the average make the score.
    pub parts: Vec<Part>,
    /// Log odds of the case. Unit: a millionth.
    pub score: i64,
    /// The chance that a control finds something. Unit: a thousandth.
    pub chance_permille: u32,
}

/// What one feature adds to a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The feature.
    pub feature: String,
    /// Its value in the case.
    pub value: i64,
    /// What it adds to the log odds. Unit: a millionth.
    pub adds: i64,
}

impl Model {
    /// Reads a model. Errors: what is wrong with it; a model that was read can be asked about any case of its features.
    pub fn check(self) -> Result<Self, Finding> {
        let fault = |text: String| Err(Finding::error("risk.model", text).at(self.model.clone()));
        if self.features.len() > MOST_FEATURES || self.trees.len() > MOST_TREES {
            return fault(format!("more than {MOST_FEATURES} features or {MOST_TREES} trees"));
        }
        for (number, tree) in self.trees.iter().enumerate() {
            if tree.nodes.is_empty() || tree.nodes.len() > MOST_NODES {
                return fault(format!("tree {number} has {} nodes, not 1 to {MOST_NODES}", tree.nodes.len()));
            }
            for (place, node) in tree.nodes.iter().enumerate() {
                if let Node::Split { feature, low, high, .. } = node {
                    let inside = *low > place && *high > place && low.max(high) < &tree.nodes.len();
                    if !inside || *feature >= self.features.len() {
                        return fault(format!("node {place} of tree {number} points outside"));
                    }
                }
                if node.cover() == 0 {
                    return fault(format!("node {place} of tree {number} covers no example"));
                }
            }
        }
        Ok(self)
    }

    /// SHA-256 of its canonical JSON (RFC 8785). Shape: 64 hexadecimal digits.
    ///
    /// Errors: never for a model of ours.
    pub fn hash(&self) -> Result<String, Finding> {
        let bytes = serde_json_canonicalizer::to_vec(self)
            .map_err(|error| Finding::error("risk.model", error.to_string()))?;
        Ok(HEXLOWER.encode(&Sha256::digest(&bytes)))
    }

    /// The log odds of a case; a feature that is not given counts as 0. Unit: a millionth.
    pub fn score(&self, values: &[i64]) -> i64 {
        self.trees.iter().map(|tree| tree.answer(values)).fold(self.base, i64::saturating_add)
    }

    /// The chance that a control finds something. Unit: a thousandth.
    pub fn chance_permille(&self, values: &[i64]) -> u32 {
        chance_of(self.score(values))
    }

    /// The score with what each feature adds to it: exact Shapley values over the covers of the trees.
    pub fn explain(&self, values: &[i64]) -> Explained {
        let score = self.score(values);
        let mut average = self.base as f64;
        let mut adds = vec![0.0; self.features.len()];
        for tree in &self.trees {
            average += parts_of_tree(tree, values, &mut adds);
        }
        let average = average.round() as i64;
        let mut parts: Vec<Part> = self
            .features
            .iter()
            .zip(values.iter().copied().chain(std::iter::repeat(0)))
            .zip(&adds)
            .map(|((feature, value), adds)| Part {
                feature: feature.clone(),
                value,
                adds: adds.round() as i64,
            })
            .filter(|part| part.adds != 0)
            .collect();
        parts
            .sort_by(|left, right| (right.adds.abs(), &left.feature).cmp(&(left.adds.abs(), &right.feature)));
        // Rounding leaves some millionths over; the largest part takes them, so that the parts add up exactly.
        let rest = score - average - parts.iter().map(|part| part.adds).sum::<i64>();
        let average = match parts.first_mut() {
            Some(first) => {
                first.adds += rest;
                average
            }
            None => average + rest,
        };
        Explained { average, parts, score, chance_permille: chance_of(score) }
    }
}

impl Tree {
    fn answer(&self, values: &[i64]) -> i64 {
        let mut place = 0;
        // Children stand after their parents, so the walk ends.
        loop {
            match self.nodes.get(place) {
                Some(Node::Split { feature, at_most, low, high, .. }) => {
                    let value = values.get(*feature).copied().unwrap_or_default();
                    place = if value <= *at_most { *low } else { *high };
                }
                Some(Node::Leaf { value, .. }) => return *value,
                None => return 0,
            }
        }
    }
}

fn chance_of(score: i64) -> u32 {
    (logistic(score as f64 / 1e6) * 1_000.0).round().clamp(0.0, 1_000.0) as u32
}
