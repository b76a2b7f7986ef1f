//! Every limit of this room, with its reason.

/// Shortest secret under which keys are sealed. Unit: character. A file of 32 random bytes in base64 has 44; four words have 20.
pub const SHORTEST_SECRET: usize = 20;

/// Longest secret. Unit: byte. A longer one gains nothing.
pub const LONGEST_SECRET: usize = 4_096;

/// Longest line of a keeper's protocol. Unit: byte. The longest that is sent is 64 bytes to be signed and a name.
pub const LONGEST_LINE: usize = 8_192;

/// Longest message that a keeper is asked to sign. Unit: byte. What parties sign is two hashes; what the node signs is a few headers.
pub const LONGEST_MESSAGE: usize = 4_096;
