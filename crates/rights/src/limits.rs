//! Limits of the room, each with its reason.

/// Most bytes of one file of policies: a hundred times the policies that come with the program.
pub(crate) const MOST_POLICY_BYTES: usize = 512 * 1024;

/// Most policies of a folder: people have to be able to read them.
pub(crate) const MOST_POLICIES: usize = 1_000;

/// Decisions that are remembered; there are fewer combinations of standing, roles, action and relations than this at any
/// node. Beyond it the memory is emptied, so that it stays a few megabytes.
pub(crate) const MOST_REMEMBERED: usize = 20_000;
