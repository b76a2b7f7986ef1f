//! Guarantee accounts as SQL. What is reserved never exceeds the reference amount: the condition stands in the statement that
//! reserves, inside the one writing db, so that no two callers can use the same money.

use crate::StoreError;
use crate::db::{Db, Result, values};
use crate::rows::{GuaranteeRow, GuaranteeUse};

/// Opens an account or changes its registration. A reference amount below what is reserved is kept: nothing more can be
/// reserved until enough is free.
pub(crate) fn put_guarantee(db: &Db, row: &GuaranteeRow) -> Result<()> {
    let known = "SELECT reserved FROM guarantee WHERE grn = ?1";
    let known: Option<i64> = db.find(known, &values![row.grn.as_str()], |found| found.get(0))?;
    let sql = "INSERT INTO guarantee (grn, holder, record, reference_amount, open, updated)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (grn) DO UPDATE SET holder = ?2, record = ?3, reference_amount = ?4, open = ?5, updated = ?6";
    let (grn, holder, at) = (row.grn.as_str(), row.holder.as_str(), row.updated.to_string());
    db.run(sql, &values![grn, holder, &row.record, row.reference_amount, row.open, &at])?;
    let sql = "INSERT INTO guarantee_act (grn, act, movement, amount, reserved, at, actor, why)
               VALUES (?1, ?2, NULL, ?3, ?4, ?5, ?6, ?7)";
    let act = if known.is_some() { "change" } else { "open" };
    let reserved = known.unwrap_or(0);
    db.run(sql, &values![grn, act, row.reference_amount, reserved, at, row.actor.as_str(), &row.why])
}

pub(crate) fn reserve(db: &Db, item: &GuaranteeUse) -> Result<()> {
    let sql = "UPDATE guarantee SET reserved = reserved + ?2, updated = ?3
               WHERE grn = ?1 AND open = 1 AND ?2 >= 0 AND reserved + ?2 <= reference_amount";
    let (grn, movement, at) = (item.grn.as_str(), item.movement.as_str(), item.at.to_string());
    if db.execute(sql, &values![grn, item.amount, &at])? != 1 {
        return Err(StoreError::Shortfall { grn: item.grn.clone() }.into());
    }
    // A second reservation for the same movement on the same account breaks the primary key, and with it the batch.
    let sql = "INSERT INTO guarantee_hold (movement, grn, amount, since) VALUES (?1, ?2, ?3, ?4)";
    db.run(sql, &values![movement, grn, item.amount, &at])?;
    note(db, item, "reserve", item.amount)
}

pub(crate) fn release(db: &Db, item: &GuaranteeUse) -> Result<()> {
    let sql = "DELETE FROM guarantee_hold WHERE movement = ?1 AND grn = ?2 RETURNING amount";
    let (grn, movement) = (item.grn.as_str(), item.movement.as_str());
    let held: Option<i64> = db.find(sql, &values![movement, grn], |row| row.get(0))?;
    let Some(amount) = held else {
        return Ok(());
    };
    let sql = "UPDATE guarantee SET reserved = reserved - ?2, updated = ?3 WHERE grn = ?1";
    db.run(sql, &values![grn, amount, item.at.to_string()])?;
    note(db, item, "release", amount)
}

fn note(db: &Db, item: &GuaranteeUse, act: &str, amount: i64) -> Result<()> {
    let sql = "INSERT INTO guarantee_act (grn, act, movement, amount, reserved, at, actor, why)
               SELECT ?1, ?2, ?3, ?4, reserved, ?5, ?6, ?7 FROM guarantee WHERE grn = ?1";
    let (grn, movement, at) = (item.grn.as_str(), item.movement.as_str(), item.at.to_string());
    db.run(sql, &values![grn, act, movement, amount, at, item.actor.as_str(), &item.why])
}
