//! Limits of this room, each with its reason.

/// Most features of a model: an explanation of more is not read.
pub const MOST_FEATURES: usize = 64;
/// Most trees of a model; a score stays under 20 microseconds.
pub const MOST_TREES: usize = 500;
/// Deepest tree: three questions after another. Exact Shapley values of a tree cost two to the number of its features.
pub const DEEPEST_TREE: usize = 3;
/// Most nodes of a tree of that depth.
pub const MOST_NODES: usize = 15;
/// Most examples that a model is trained from: some years of controls of a large office.
pub const MOST_EXAMPLES: usize = 1_000_000;
