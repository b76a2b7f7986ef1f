//! The order of the work list without reading every movement for each page.

use crate::case_file::offices_of;
use crate::limits::MOST_OPEN_WORK;
use crate::open_list::{Held, Open, OpenList};
use crate::{Desk, MovementFile, Refusal, read_movement};
use jiff::Timestamp;
use kervan_customs::{StateKind, WorkItem, assess_work};
use kervan_model::{MovementId, Reference, TerritoryId};
use kervan_store::{MovementRow, Write};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// The state in which a movement may need an officer.
const WAITING: &str = StateKind::UnderControl.word();
/// Movements that are read at once: some 20 kB each.
const READ_AT_ONCE: u32 = 500;

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

/// The movements that need an officer; of each consignment at least one.
pub(crate) type OpenWork = OpenList<Vec<OpenMovement>>;

/// A movement that needs an officer.
#[derive(Debug)]
pub(crate) struct OpenMovement {
    pub(crate) id: MovementId,
    pub(crate) standing: Standing,
    /// The offices at which it begins and ends.
    pub(crate) offices: [String; 2],
}

impl OpenMovement {
    /// A movement as it is saved; nothing if it needs no officer.
    ///
    /// Errors: it cannot be read.
    fn of(desk: &Desk, row: &MovementRow) -> Result<Option<Self>, Refusal> {
        let file = read_movement(row)?;
        let Some(item) = assess(desk, &file) else { return Ok(None) };
        Ok(Some(Self { id: row.id.clone(), standing: Standing::from(&item), offices: offices_of(&file) }))
    }
}

/// What an officer has to do about a movement; nothing if it needs none.
pub(crate) fn assess(desk: &Desk, file: &MovementFile) -> Option<WorkItem> {
    let set = desk.rules.territories.messages_of(file.movement.regime());
    assess_work(set, &file.movement, file.decision.as_ref(), file.proposal.as_ref())
}

impl Open for Vec<OpenMovement> {
    const MOST: usize = MOST_OPEN_WORK;

    /// What is most urgent changes with the hour.
    type Order = ();

    fn order(_: &[Held<Self>]) -> Self::Order {}

    fn read_all(desk: &Desk) -> Result<(BTreeMap<Reference, Self>, bool), Refusal> {
        let mut of: BTreeMap<Reference, Self> = BTreeMap::new();
        let mut after: Option<MovementId> = None;
        loop {
            let rows = desk.store.list_movements_after(Some(WAITING), after.as_ref(), READ_AT_ONCE)?;
            let Some(last) = rows.last() else { return Ok((of, false)) };
            after = Some(last.id.clone());
            for row in &rows {
                if of.len() >= MOST_OPEN_WORK {
                    return Ok((of, true));
                }
                if let Some(open) = OpenMovement::of(desk, row)? {
                    of.entry(row.reference.clone()).or_default().push(open);
                }
            }
        }
    }

    fn read(desk: &Desk, reference: &Reference) -> Result<Option<Self>, Refusal> {
        let rows = desk.store.list_movements_of(reference)?;
        let mut of = Self::new();
        for row in rows.iter().filter(|row| row.state == WAITING) {
            of.extend(OpenMovement::of(desk, row)?);
        }
        Ok(Some(of).filter(|of| !of.is_empty()))
    }

    fn touched(write: &Write) -> Option<&Reference> {
        match write {
            Write::Movement(row) => Some(&row.reference),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Standing, WorkCursor};
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
}
