//! The open alarms of the node, as [`OpenList`] holds them.

use crate::limits::MOST_OPEN_ALARMS;
use crate::open_list::{Held, Open, OpenList};
use crate::{Desk, Refusal};
use kervan_model::Reference;
use kervan_store::{MOST_LISTED, TrackingWrite, Write};
use kervan_tracking::alarm::{Alarm, by_likeness};
use std::collections::BTreeMap;

/// The open alarms; of each consignment at least one.
pub(crate) type OpenAlarms = OpenList<Vec<Alarm>>;

impl Open for Vec<Alarm> {
    const MOST: usize = MOST_OPEN_ALARMS;

    /// Places of consignments and of their alarms, those side by side that are told together.
    type Order = Vec<(usize, usize)>;

    fn order(all: &[Held<Self>]) -> Self::Order {
        let of = |(at, held): (usize, &Held<Self>)| (0..held.things.len()).map(move |alarm| (at, alarm));
        let mut order: Vec<(usize, usize)> = all.iter().enumerate().flat_map(of).collect();
        let alarm = |(at, alarm): (usize, usize)| all.get(at).and_then(|held| held.things.get(alarm));
        order.sort_unstable_by(|one, other| match (alarm(*one), alarm(*other)) {
            (Some(one), Some(other)) => by_likeness(one, other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        });
        order
    }

    fn read_all(desk: &Desk) -> Result<(BTreeMap<Reference, Self>, bool), Refusal> {
        let mut of: BTreeMap<Reference, Self> = BTreeMap::new();
        let (mut after, mut count) = (None, 0);
        while count < MOST_OPEN_ALARMS {
            let at = after.as_ref().map(|(raised, id): &(_, String)| (*raised, id.as_str()));
            let alarms = read_all(&desk.store.list_open_alarms(at, MOST_LISTED)?)?;
            let Some(last) = alarms.last() else { return Ok((of, false)) };
            after = Some((last.raised, last.id.clone()));
            count += alarms.len();
            for alarm in alarms {
                of.entry(alarm.reference.clone()).or_default().push(alarm);
            }
        }
        Ok((of, true))
    }

    fn read(desk: &Desk, reference: &Reference) -> Result<Option<Self>, Refusal> {
        let mut alarms = read_all(&desk.store.list_alarms_of(reference)?)?;
        alarms.retain(Alarm::is_open);
        Ok(Some(alarms).filter(|alarms| !alarms.is_empty()))
    }

    fn touched(write: &Write) -> Option<&Reference> {
        match write {
            Write::Tracking(TrackingWrite::Alarm(row)) => Some(&row.reference),
            _ => None,
        }
    }
}

/// Alarms as the store keeps them.
pub(crate) fn read_all(texts: &[String]) -> Result<Vec<Alarm>, Refusal> {
    texts
        .iter()
        .map(|text| serde_json::from_str(text).map_err(|error| Refusal::broken("a stored alarm", &error)))
        .collect()
}
