//! What only the whole shows.

use crate::Network;
use kervan_model::Finding;

/// Every finding about the network: those of reading its tables, and those of looking at the whole.
pub fn check(network: &Network) -> Vec<Finding> {
    network.load_findings.clone()
}
