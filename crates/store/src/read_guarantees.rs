//! Reading guarantee accounts.

use crate::limits::MOST_LISTED;
use crate::read::parsed;
use crate::rows::{GuaranteeAct, GuaranteeRow, GuaranteeUse};
use crate::{Store, StoreError};
use kervan_codes::Grn;
use kervan_model::{MovementId, PartyId};
use rusqlite::{OptionalExtension, Row, params};

const ACCOUNT: &str =
    "SELECT g.grn, g.holder, g.record, g.reference_amount, g.reserved, g.open, g.updated, a.actor, a.why
                       FROM guarantee g JOIN guarantee_act a
                       ON a.seq = (SELECT max(seq) FROM guarantee_act WHERE grn = g.grn)";

impl Store {
    /// Guarantee accounts by number, all or those of one holder.
    pub fn list_guarantees(&self, holder: Option<&PartyId>) -> Result<Vec<GuaranteeRow>, StoreError> {
        let sql = format!("{ACCOUNT} WHERE ?1 IS NULL OR g.holder = ?1 ORDER BY g.grn LIMIT ?2");
        let holder = holder.map(PartyId::as_str);
        self.list("list guarantees", &sql, params![holder, MOST_LISTED], read_account)
    }

    /// A guarantee account.
    pub fn find_guarantee(&self, grn: &Grn) -> Result<Option<GuaranteeRow>, StoreError> {
        let sql = format!("{ACCOUNT} WHERE g.grn = ?1");
        self.with_reader("read a guarantee", |connection| {
            connection.prepare_cached(&sql)?.query_row([grn.as_str()], read_account).optional()
        })
    }

    /// The history of a guarantee account, the first act first.
    pub fn list_guarantee_acts(&self, grn: &Grn) -> Result<Vec<GuaranteeAct>, StoreError> {
        let sql = "SELECT grn, act, movement, amount, reserved, at, actor, why FROM guarantee_act
                   WHERE grn = ?1 ORDER BY seq LIMIT ?2";
        self.list("read a guarantee's history", sql, params![grn.as_str(), MOST_LISTED], read_act)
    }

    /// What is reserved for a movement now.
    pub fn list_reservations_of(&self, movement: &MovementId) -> Result<Vec<GuaranteeUse>, StoreError> {
        let sql = "SELECT h.grn, h.movement, h.amount, h.since, g.holder FROM guarantee_hold h
                   JOIN guarantee g ON g.grn = h.grn WHERE h.movement = ?1 ORDER BY h.grn";
        self.list("read reservations", sql, [movement.as_str()], |row| {
            Ok(GuaranteeUse {
                grn: parsed(row, 0)?,
                movement: parsed(row, 1)?,
                amount: row.get(2)?,
                at: parsed(row, 3)?,
                actor: parsed(row, 4)?,
                why: String::new(),
            })
        })
    }
}

fn read_account(row: &Row<'_>) -> rusqlite::Result<GuaranteeRow> {
    Ok(GuaranteeRow {
        grn: parsed(row, 0)?,
        holder: parsed(row, 1)?,
        record: row.get(2)?,
        reference_amount: row.get(3)?,
        reserved: row.get(4)?,
        open: row.get(5)?,
        updated: parsed(row, 6)?,
        actor: parsed(row, 7)?,
        why: row.get(8)?,
    })
}

fn read_act(row: &Row<'_>) -> rusqlite::Result<GuaranteeAct> {
    let movement: Option<String> = row.get(2)?;
    let movement = movement.map(|_| parsed(row, 2)).transpose()?;
    Ok(GuaranteeAct {
        grn: parsed(row, 0)?,
        act: row.get(1)?,
        movement,
        amount: row.get(3)?,
        reserved: row.get(4)?,
        at: parsed(row, 5)?,
        actor: parsed(row, 6)?,
        why: row.get(7)?,
    })
}

#[cfg(test)]
mod tests {
    use crate::{GuaranteeRow, GuaranteeUse, Store, StoreError, Write};
    use kervan_codes::Grn;

    fn grn() -> Grn {
        Grn::issue(2026, "KZ".parse().unwrap(), 7)
    }

    fn account(reference_amount: i64) -> Write {
        Write::Guarantee(GuaranteeRow {
            grn: grn(),
            holder: "mover".parse().unwrap(),
            record: "{}".into(),
            reference_amount,
            reserved: 999,
            open: true,
            updated: "2026-12-01T08:00:00Z".parse().unwrap(),
            actor: "customs".parse().unwrap(),
            why: "a test".into(),
        })
    }

    fn item(number: usize, amount: i64) -> GuaranteeUse {
        GuaranteeUse {
            grn: grn(),
            movement: format!("KRV-{number}/1").parse().unwrap(),
            amount,
            at: "2026-12-01T08:00:00Z".parse().unwrap(),
            actor: "mover".parse().unwrap(),
            why: "accepted".into(),
        }
    }

    /// A thousand movements want 7 each of 1,000: exactly 142 get it, from however many threads they come.
    #[test]
    fn no_money_is_used_twice_by_many_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        store.save(vec![account(1_000)]).unwrap();
        let won: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..20)
                .map(|thread| {
                    let store = &store;
                    scope.spawn(move || {
                        (0..50)
                            .filter(|number| {
                                match store.save(vec![Write::Reserve(item(thread * 50 + number, 7))]) {
                                    Ok(()) => true,
                                    Err(StoreError::Shortfall { grn: short }) if short == grn() => false,
                                    Err(other) => panic!("{other}"),
                                }
                            })
                            .count()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(won, 142);
        let row = store.find_guarantee(&grn()).unwrap().unwrap();
        assert_eq!(row.reserved, 994);
        let acts = store.list_guarantee_acts(&grn()).unwrap();
        assert_eq!(acts.len(), 143, "one opening, one reservation for each that got it, none for the others");
        assert!(acts.iter().all(|act| act.reserved <= 1_000));
        let held: Vec<_> = acts.iter().filter_map(|act| act.movement.clone()).collect();
        for movement in held {
            store.save(vec![Write::Release(GuaranteeUse { movement, ..item(0, 0) })]).unwrap();
        }
        assert_eq!(store.find_guarantee(&grn()).unwrap().unwrap().reserved, 0);
    }

    #[test]
    fn a_batch_that_falls_short_saves_nothing_of_itself() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        store.save(vec![account(10)]).unwrap();
        let note = |name: &str| Write::Note { name: name.into(), value: "x".into() };
        let batch =
            vec![note("before"), Write::Reserve(item(1, 6)), Write::Reserve(item(2, 6)), note("after")];
        assert!(matches!(store.save(batch), Err(StoreError::Shortfall { .. })));
        assert_eq!(store.find_note("before").unwrap(), None);
        assert_eq!(store.find_guarantee(&grn()).unwrap().unwrap().reserved, 0);
        // The same movement cannot reserve twice, and what was released can be used again.
        store.save(vec![Write::Reserve(item(1, 4))]).unwrap();
        assert!(store.save(vec![Write::Reserve(item(1, 4))]).is_err());
        store
            .save(vec![Write::Release(item(1, 0)), Write::Release(item(1, 0)), Write::Reserve(item(2, 10))])
            .unwrap();
        assert_eq!(store.list_reservations_of(&item(2, 0).movement).unwrap().len(), 1);
        assert!(store.list_reservations_of(&item(1, 0).movement).unwrap().is_empty());
    }
}
