//! The search against every way there is, and against a search by others.
#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

mod against_brute_force;
mod brute;
mod named_cases;
mod oracle;
mod random;
mod roads;
