//! Guarantee accounts as SQL. What is reserved never exceeds the reference amount: the condition stands in the statement that
//! reserves, inside the one writing transaction, so that no two callers can use the same money.

use crate::StoreError;
use crate::apply::run;
use crate::rows::{GuaranteeRow, GuaranteeUse};
use rusqlite::{OptionalExtension, Result, Transaction};

/// Opens an account or changes its registration. A reference amount below what is reserved is kept: nothing more can be
/// reserved until enough is free.
pub(crate) fn put_guarantee(transaction: &Transaction<'_>, row: &GuaranteeRow) -> Result<()> {
    let known = transaction
        .prepare_cached("SELECT reserved FROM guarantee WHERE grn = ?1")?
        .query_row([row.grn.as_str()], |found| found.get::<_, i64>(0))
        .optional()?;
    let sql = "INSERT INTO guarantee (grn, holder, record, reference_amount, open, updated)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (grn) DO UPDATE SET holder = ?2, record = ?3, reference_amount = ?4, open = ?5, updated = ?6";
    let (grn, holder, at) = (row.grn.as_str(), row.holder.as_str(), row.updated.to_string());
    run(transaction, sql, (grn, holder, &row.record, row.reference_amount, row.open, &at))?;
    let sql = "INSERT INTO guarantee_act (grn, act, movement, amount, reserved, at, actor, why)
               VALUES (?1, ?2, NULL, ?3, ?4, ?5, ?6, ?7)";
    let act = if known.is_some() { "change" } else { "open" };
    let reserved = known.unwrap_or(0);
    run(transaction, sql, (grn, act, row.reference_amount, reserved, at, row.actor.as_str(), &row.why))
}

pub(crate) fn reserve(transaction: &Transaction<'_>, item: &GuaranteeUse) -> Result<()> {
    let sql = "UPDATE guarantee SET reserved = reserved + ?2, updated = ?3
               WHERE grn = ?1 AND open = 1 AND ?2 >= 0 AND reserved + ?2 <= reference_amount";
    let (grn, movement, at) = (item.grn.as_str(), item.movement.as_str(), item.at.to_string());
    if transaction.prepare_cached(sql)?.execute((grn, item.amount, &at))? != 1 {
        let short = StoreError::Shortfall { grn: item.grn.clone() };
        return Err(rusqlite::Error::ToSqlConversionFailure(Box::new(short)));
    }
    // A second reservation for the same movement on the same account breaks the primary key, and with it the batch.
    let sql = "INSERT INTO guarantee_hold (movement, grn, amount, since) VALUES (?1, ?2, ?3, ?4)";
    run(transaction, sql, (movement, grn, item.amount, &at))?;
    note(transaction, item, "reserve", item.amount)
}

pub(crate) fn release(transaction: &Transaction<'_>, item: &GuaranteeUse) -> Result<()> {
    let sql = "DELETE FROM guarantee_hold WHERE movement = ?1 AND grn = ?2 RETURNING amount";
    let (grn, movement) = (item.grn.as_str(), item.movement.as_str());
    let held: Option<i64> =
        transaction.prepare_cached(sql)?.query_row((movement, grn), |row| row.get(0)).optional()?;
    let Some(amount) = held else {
        return Ok(());
    };
    let sql = "UPDATE guarantee SET reserved = reserved - ?2, updated = ?3 WHERE grn = ?1";
    run(transaction, sql, (grn, amount, item.at.to_string()))?;
    note(transaction, item, "release", amount)
}

fn note(transaction: &Transaction<'_>, item: &GuaranteeUse, act: &str, amount: i64) -> Result<()> {
    let sql = "INSERT INTO guarantee_act (grn, act, movement, amount, reserved, at, actor, why)
               SELECT ?1, ?2, ?3, ?4, reserved, ?5, ?6, ?7 FROM guarantee WHERE grn = ?1";
    let (grn, movement, at) = (item.grn.as_str(), item.movement.as_str(), item.at.to_string());
    run(transaction, sql, (grn, act, movement, amount, at, item.actor.as_str(), &item.why))
}
