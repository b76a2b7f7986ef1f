//! What a question asks of master data, answered before events are looked at.

use super::Query;
use super::custom::is_described;
use super::matches::is_at;
use super::test::Test;
use crate::canonical_name;
use crate::master_data::MasterData;
use std::collections::BTreeSet;

impl Query {
    /// Whether the question means other events when master data change: it asks what lies in a place, or what an attribute
    /// of an element says.
    pub fn asks_master_data(&self) -> bool {
        self.tests
            .iter()
            .any(|test| matches!(test, Test::Place { within: true, .. } | Test::Described { .. }))
    }

    /// The question with what master data answer of it put in. Without this, a place has only what lies in it by its name,
    /// and no element has attributes.
    #[must_use]
    pub fn with_master_data(mut self, data: &MasterData) -> Self {
        for test in &mut self.tests {
            match test {
                Test::Place { within: true, names, .. } => *names = data.descendants(names),
                Test::Described { wanted, names, .. } => {
                    *names = data.having(|id, value| is_described(id, value, wanted));
                }
                _ => {}
            }
        }
        self
    }

    /// Whether the question asks what lies in a read point, and in a business location.
    pub fn asks_within(&self) -> [bool; 2] {
        [false, true].map(|wanted| {
            let asks = |test: &Test| matches!(test, Test::Place { location, within: true, .. } if *location == wanted);
            self.tests.iter().any(asks)
        })
    }

    /// The question with the places that are in use put in, which must be all of them: then the events of each are found by
    /// its name instead of being looked at one by one.
    #[must_use]
    pub fn with_places(mut self, of_locations: bool, in_use: &[String]) -> Self {
        for test in &mut self.tests {
            if let Test::Place { location, within, names } = test
                && *within
                && *location == of_locations
            {
                let meant = in_use.iter().map(|place| canonical_name(place));
                let meant: BTreeSet<String> = meant.filter(|place| is_at(place, names, true)).collect();
                *names = meant.into_iter().collect();
                *within = false;
            }
        }
        self
    }
}
