//! The order of the work list without reading every movement for each page.

use jiff::Timestamp;
use kervan_customs::WorkItem;
use kervan_model::{MovementId, TerritoryId};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What decides where a movement stands in the work list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) territory: TerritoryId,
    pub(crate) goods_wait: bool,
    pub(crate) risk: u32,
    pub(crate) until: Timestamp,
}

impl From<&WorkItem> for Standing {
    fn from(item: &WorkItem) -> Self {
        Self {
            territory: item.territory.clone(),
            goods_wait: item.goods_wait,
            risk: item.risk,
            until: item.until,
        }
    }
}

/// A place in the work list: as it was ordered at an instant, after a movement. Pages of one reading rest on one instant, so that
/// what becomes overdue meanwhile neither repeats nor is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkCursor {
    /// The instant of the first page.
    pub(crate) at: Timestamp,
    pub(crate) rank: Rank,
}

/// Where a movement stands: less is more urgent.
pub(crate) type Rank = (Reverse<bool>, Reverse<u32>, Timestamp, MovementId);

impl Standing {
    pub(crate) fn rank(&self, id: &MovementId, at: Timestamp) -> Rank {
        (Reverse(self.goods_wait || self.until <= at), Reverse(self.risk), self.until, id.clone())
    }
}

impl fmt::Display for WorkCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Reverse(first), Reverse(risk), until, id) = &self.rank;
        write!(f, "{}_{}_{risk}_{}_{id}", self.at.as_second(), u8::from(*first), until.as_nanosecond())
    }
}

impl FromStr for WorkCursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(5, '_');
        let mut next = || parts.next().ok_or(());
        let at = Timestamp::from_second(next()?.parse().map_err(|_| ())?).map_err(|_| ())?;
        let first = next()? == "1";
        let risk = next()?.parse().map_err(|_| ())?;
        let until = Timestamp::from_nanosecond(next()?.parse().map_err(|_| ())?).map_err(|_| ())?;
        let id = next()?.parse().map_err(|_| ())?;
        Ok(Self { at, rank: (Reverse(first), Reverse(risk), until, id) })
    }
}

/// The standings of movements under control, as far as they were asked for; forgotten whenever a movement is saved.
#[derive(Debug, Default)]
pub(crate) struct WorkOrder(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Counts saves: what was read before one may be old.
    saves: u64,
    /// `None` where a movement is under control and needs no officer.
    standings: BTreeMap<MovementId, Option<Standing>>,
}

impl WorkOrder {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets movements that were saved.
    pub(crate) fn forget<'a>(&self, ids: impl Iterator<Item = &'a MovementId>) {
        let mut known = self.lock();
        for id in ids {
            known.saves += 1;
            known.standings.remove(id);
        }
    }

    /// The standings that are known of these movements, and the count to give back with new ones. Others are forgotten.
    pub(crate) fn find(&self, ids: &[MovementId]) -> (u64, BTreeMap<MovementId, Option<Standing>>) {
        let mut known = self.lock();
        let of = |id: &MovementId| Some((id.clone(), known.standings.get(id)?.clone()));
        let found: BTreeMap<_, _> = ids.iter().filter_map(of).collect();
        if known.standings.len() > 2 * found.len() + 1_000 {
            known.standings.clone_from(&found);
        }
        (known.saves, found)
    }

    /// Remembers standings that were read, unless something was saved since the count was taken.
    pub(crate) fn remember(&self, saves: u64, read: Vec<(MovementId, Option<Standing>)>) {
        let mut known = self.lock();
        if known.saves == saves {
            known.standings.extend(read);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Standing, WorkCursor, WorkOrder};
    use jiff::Timestamp;
    use kervan_model::MovementId;

    fn id(number: u32) -> MovementId {
        format!("KRV-2026-0001/{number}").parse().unwrap()
    }

    fn standing(goods_wait: bool, risk: u32, until: i64) -> Standing {
        Standing {
            territory: "EAEU".parse().unwrap(),
            goods_wait,
            risk,
            until: Timestamp::from_second(until).unwrap(),
        }
    }

    #[test]
    fn a_cursor_is_read_back_and_other_texts_are_none() {
        let at = Timestamp::from_second(1_796_000_000).unwrap();
        for found in [standing(true, 700, 5), standing(false, 0, 1_900_000_000)] {
            let cursor = WorkCursor { at, rank: found.rank(&id(3), at) };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for text in [
            "",
            "_",
            "1_1_1_1",
            "x_1_1_1_KRV-2026-0001/1",
            "1_1_-1_1_KRV-2026-0001/1",
            "1_1_1_1_no id",
            "99999999999999999_1_1_1_A/1",
        ] {
            assert_eq!(text.parse::<WorkCursor>(), Err(()), "{text}");
        }
    }

    #[test]
    fn goods_that_wait_stand_first_then_risk_then_time() {
        let at = Timestamp::from_second(100).unwrap();
        let ranked = [
            standing(true, 1, 500),
            standing(false, 9, 50),
            standing(false, 900, 500),
            standing(false, 9, 200),
            standing(false, 9, 300),
        ];
        let ranks: Vec<_> = ranked.iter().map(|one| one.rank(&id(1), at)).collect();
        // Overdue counts as waiting, and then risk decides.
        assert!(ranks[1] < ranks[0] && ranks[0] < ranks[2] && ranks[2] < ranks[3] && ranks[3] < ranks[4]);
    }

    #[test]
    fn what_was_read_before_a_save_is_not_remembered_after_it() {
        let order = WorkOrder::default();
        let (count, found) = order.find(&[id(1)]);
        assert!(found.is_empty());
        order.forget([id(1)].iter());
        order.remember(count, vec![(id(1), Some(standing(true, 1, 1)))]);
        assert!(order.find(&[id(1)]).1.is_empty(), "the save came between");
        let (count, _) = order.find(&[id(1)]);
        order.remember(count, vec![(id(1), Some(standing(true, 1, 1)))]);
        assert_eq!(order.find(&[id(1)]).1.len(), 1);
    }
}
