//! The algorithms against plainer ones on thousands of random small networks.
#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

mod apart;
mod cost;
mod freight;
mod layers;
mod most;
mod plain;
mod spread;
