//! Every limit of this room, with its reason.

/// Longest id or name of a person. Unit: character. Names of people are shorter; what is longer is a mistake of a program.
pub const LONGEST_NAME: usize = 64;

/// Longest issuer or subject of a link to a provider. Unit: byte. Source: OpenID Connect Core 1.0, section 2, for the subject.
pub const LONGEST_LINKED: usize = 255;

/// Most offices of one officer. Territories have some dozens.
pub const MOST_OFFICES: usize = 100;

/// Longest reference number of an office. Unit: byte. Those of common transit have 8.
pub const LONGEST_OFFICE: usize = 35;

/// Shortest password. Unit: character. Source: NIST SP 800-63B-4, 3.1.1.2, for a password that is the only proof.
pub const SHORTEST_PASSWORD: usize = 15;

/// Longest password. Unit: byte. A longer one gains nothing and costs whoever hashes it.
pub const LONGEST_PASSWORD: usize = 1_024;

/// Longest token that is looked at. Unit: byte. Ours have 60.
pub const LONGEST_TOKEN: usize = 256;

/// Longest label of a key. Unit: character.
pub const LONGEST_LABEL: usize = 80;

/// Most names and networks whose failed sign-ins are remembered; beyond it the oldest are forgotten.
pub const MOST_THROTTLED: usize = 50_000;

/// Largest document of a provider of OpenID Connect: its description or its keys. Unit: byte. Real ones have some 10 KiB.
pub const LARGEST_PROVIDER_DOCUMENT: usize = 256 * 1_024;

/// Largest ID token. Unit: byte. One with hundreds of groups fits.
pub const LARGEST_ID_TOKEN: usize = 64 * 1_024;

/// Most keys of a provider.
pub const MOST_PROVIDER_KEYS: usize = 64;

/// How far the clocks of a provider and of the node may be apart. Unit: second.
pub const CLOCK_SKEW: i64 = 60;

/// How long a login at a provider may take, from the button to the way back. Unit: second.
pub const LOGIN_WITHIN: i64 = 600;

/// Most rules that say who somebody of a provider is.
pub const MOST_MAPPINGS: usize = 1_000;
