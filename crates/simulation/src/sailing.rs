//! Sailings: ships and ferries that several consignments share.

use crate::limits::{CUT_OFF, LOADING, LONGEST_ON_QUAY};
use crate::luck::{Luck, after, before};
use jiff::Timestamp;
use kervan_events::mapping::conveyance_uri;
use kervan_model::{Leg, Mode, ServiceId};
use kervan_units::Seconds;
use std::collections::BTreeMap;

/// One departure of a ship or ferry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sailing {
    /// Its URI as the thing that containers are loaded onto.
    pub(crate) conveyance: String,
    /// Its name for people.
    pub(crate) name: String,
    pub(crate) departs: Timestamp,
    pub(crate) arrives: Timestamp,
}

/// Every sailing so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sailings {
    by_service: BTreeMap<ServiceId, Vec<Sailing>>,
    shut: Vec<Shut>,
}

/// A time in which a service does not depart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shut {
    /// The service.
    pub service: ServiceId,
    /// Since when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// Whether a leg is ridden on a ship that others share.
pub(crate) fn is_afloat(leg: &Leg) -> bool {
    match leg.mode {
        Mode::Sea | Mode::Ferry | Mode::InlandWater => true,
        Mode::Rail | Mode::Road => false,
    }
}

impl Sailings {
    /// Sailings that know when their services are shut.
    pub(crate) fn with_shut(shut: Vec<Shut>) -> Self {
        Self { by_service: BTreeMap::new(), shut }
    }

    /// When goods that are ready to depart can depart.
    pub(crate) fn opens(&self, service: &ServiceId, at: Timestamp) -> Timestamp {
        let mut shut = self.shut.iter().filter(|shut| shut.service == *service);
        shut.find(|shut| (shut.from..shut.until).contains(&at)).map_or(at, |shut| shut.until)
    }

    /// Takes goods on board that stand on the quay from `quay` on and would wait `lead` more on their own.
    ///
    /// The first on the quay fixes the sailing; whoever stands there before the cut-off goes along.
    pub(crate) fn board(&mut self, leg: &Leg, quay: Timestamp, lead: Seconds, luck: Luck) -> Sailing {
        let departs = self.opens(&leg.service, after(quay, lead.max(CUT_OFF)));
        let sailings = self.by_service.entry(leg.service.clone()).or_default();
        let (first, last) = (after(quay, CUT_OFF), after(quay, LONGEST_ON_QUAY));
        let next = sailings.iter().filter(|sailing| (first..=last).contains(&sailing.departs));
        if let Some(sailing) = next.min_by_key(|sailing| sailing.departs) {
            return sailing.clone();
        }
        let service = leg.service.as_str();
        let number = departs.as_second().unsigned_abs();
        let running = luck.duration(leg.running, luck.week(service, departs), &["sailing", service], number);
        let sailing = Sailing {
            conveyance: conveyance_uri(&leg.service, &departs.strftime("%Y-%m-%dT%H%MZ").to_string()),
            name: format!("{}, {}", leg.name, departs.strftime("%Y-%m-%d")),
            departs,
            arrives: after(departs, running),
        };
        sailings.push(sailing.clone());
        sailing
    }
}

impl Sailing {
    /// When goods that stand on the quay from `quay` on are loaded.
    pub(crate) fn loads(&self, quay: Timestamp) -> Timestamp {
        before(self.departs, LOADING).max(quay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kervan_model::{Confidence, Provenance, ServiceStatus, TrafficClass};
    use kervan_units::{Carbon, Distance, Estimate};

    fn leg() -> Leg {
        let hours = Seconds::from_hours;
        let departs: Timestamp = "2026-12-10T00:00:00Z".parse().unwrap();
        Leg {
            service: "S020".parse().unwrap(),
            name: "Feeder".to_owned(),
            operator: "A line".to_owned(),
            class: TrafficClass::ContainerVessel,
            mode: Mode::Sea,
            from: "KZAAU".parse().unwrap(),
            to: "AZALA".parse().unwrap(),
            departs,
            arrives: departs,
            running: Estimate::new(hours(18), hours(24), hours(36)).unwrap(),
            distance: Estimate::exactly(Distance::from_metres(450_000)),
            countries: Vec::new(),
            cost: None,
            carbon: Carbon::default(),
            status: ServiceStatus::Open,
            provenance: Provenance {
                source: "a test".to_owned(),
                period: "2026".to_owned(),
                confidence: Confidence::Low,
            },
        }
    }

    #[test]
    fn who_stands_on_the_quay_before_the_cut_off_goes_along() {
        let start: Timestamp = "2026-12-10T00:00:00Z".parse().unwrap();
        let hour = |hour: u64| after(start, Seconds::from_hours(hour));
        // When it reaches the quay, how long it would wait on its own, when it departs. Unit: hour from the start.
        let cases = [
            (0, 12, 12),  // the first fixes the sailing
            (2, 1, 12),   // one that could leave earlier on its own goes along
            (11, 18, 12), // at the cut-off
            (12, 5, 17),  // missed
            (0, 0, 12),   // asked later, there before
        ];
        let mut sailings = Sailings::default();
        let mut by_departure = BTreeMap::new();
        for (quay, lead, departs) in cases {
            let sailing = sailings.board(&leg(), hour(quay), Seconds::from_hours(lead), Luck { seed: 1 });
            assert_eq!(sailing.departs, hour(departs), "{quay} {lead}");
            assert!(sailing.loads(hour(quay)) >= hour(quay) && sailing.loads(hour(quay)) < sailing.departs);
            let same = by_departure.entry(departs).or_insert_with(|| sailing.clone());
            assert_eq!(*same, sailing, "one ship, one arrival");
        }
        // Nobody waits for a ship of the day after next.
        let far = sailings.board(&leg(), hour(40), Seconds::from_hours(18), Luck { seed: 1 });
        assert_eq!(far.departs, hour(58));
        let own = sailings.board(&leg(), hour(30), Seconds::from_hours(2), Luck { seed: 1 });
        assert_eq!(own.departs, hour(32));
    }
}
