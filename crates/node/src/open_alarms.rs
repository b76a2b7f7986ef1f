//! The open alarms of the node, as [`OpenList`] holds them.

use crate::limits::MOST_OPEN_ALARMS;
use crate::open_list::{Held, Open, OpenList, Snapshot};
use crate::{Desk, Refusal};
use kervan_model::Reference;
use kervan_store::{MOST_LISTED, TrackingWrite, Write};
use kervan_tracking::alarm::{Alarm, AlarmOrder};
use std::collections::BTreeMap;

/// The open alarms; of each consignment at least one.
pub(crate) type OpenAlarms = OpenList<Vec<Alarm>>;

/// All open alarms in the orders in which they are told.
#[derive(Debug)]
pub(crate) struct AlarmsInOrder {
    /// Of each the place of its consignment, and its own among those of the consignment.
    at: Vec<(usize, usize)>,
    pub(crate) order: AlarmOrder,
}

impl Snapshot<Vec<Alarm>> {
    /// The alarm of a place in the order.
    pub(crate) fn alarm(&self, at: usize) -> Option<&Alarm> {
        let (held, alarm) = self.order.at.get(at)?;
        self.all.get(*held)?.things.get(*alarm)
    }

    /// The place of its consignment.
    pub(crate) fn place_of_consignment(&self, at: usize) -> Option<usize> {
        self.order.at.get(at).map(|(held, _)| *held)
    }
}

impl Open for Vec<Alarm> {
    const MOST: usize = MOST_OPEN_ALARMS;

    type Order = AlarmsInOrder;

    fn order(all: &[Held<Self>]) -> Self::Order {
        let of = |(held, open): (usize, &Held<Self>)| (0..open.things.len()).map(move |alarm| (held, alarm));
        let at = all.iter().enumerate().flat_map(of).collect();
        let alarms: Vec<&Alarm> = all.iter().flat_map(|open| &open.things).collect();
        AlarmsInOrder { at, order: AlarmOrder::of(&alarms) }
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
