//! Temperatures of a consignment, container by container: one that is too warm is not made good by another that is not.

use super::{Reading, assess_temperature};
use crate::observation::Observation;
use kervan_codes::ContainerNumber;
use kervan_model::{Consignment, TemperatureRange};
use std::collections::{BTreeMap, BTreeSet};

/// A temperature and the container in which it was read; nothing if it speaks of the whole consignment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadingIn {
    /// The container.
    pub container: Option<ContainerNumber>,
    /// The reading.
    pub reading: Reading,
}

/// The times outside of what was agreed, for each container against what it is set to and what the goods in it want. Readings
/// that name no container are held against everything that was agreed; those of other containers say nothing.
pub fn assess_cargo_temperatures(consignment: &Consignment, readings: &[ReadingIn]) -> Vec<Observation> {
    let only = match consignment.equipment.as_slice() {
        [only] => Some(&only.number),
        _ => None,
    };
    let mut series: BTreeMap<Option<&ContainerNumber>, Vec<Reading>> = BTreeMap::new();
    for one in readings {
        series.entry(one.container.as_ref().or(only)).or_default().push(one.reading);
    }
    let mut found = Vec::new();
    for (container, readings) in series {
        for (min, max) in ranges_of(consignment, container) {
            let range = TemperatureRange { min, max };
            found.extend(assess_temperature(range, &readings).into_iter().map(|seen| match seen {
                Observation::Excursion(mut outside) => {
                    outside.container = container.cloned();
                    Observation::Excursion(outside)
                }
                other => other,
            }));
        }
    }
    found
}

/// What was agreed for a container; for everything without one.
fn ranges_of(consignment: &Consignment, container: Option<&ContainerNumber>) -> BTreeSet<(i16, i16)> {
    let own =
        consignment.equipment.iter().filter(|item| container.is_none_or(|number| item.number == *number));
    let is_own =
        container.is_none_or(|number| consignment.equipment.iter().any(|item| item.number == *number));
    let goods = consignment.goods.iter().filter(|item| {
        is_own
            && container.is_none_or(|number| item.containers.is_empty() || item.containers.contains(number))
    });
    let of_own = own.filter_map(|item| item.temperature);
    let of_goods = goods.filter_map(|item| item.temperature);
    of_own.chain(of_goods).map(|range| (range.min, range.max)).collect()
}
