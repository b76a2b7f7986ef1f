//! Reading guarantee accounts.

use crate::db::{Result as DbResult, Row, values};
use crate::limits::MOST_LISTED;
use crate::rows::{GuaranteeAct, GuaranteeRow, GuaranteeUse};
use crate::{Store, StoreError};
use kervan_codes::Grn;
use kervan_model::{MovementId, PartyId};

const ACCOUNT: &str =
    "SELECT g.grn, g.holder, g.record, g.reference_amount, g.reserved, g.open, g.updated, a.actor, a.why
                       FROM guarantee g JOIN guarantee_act a
                       ON a.seq = (SELECT max(seq) FROM guarantee_act WHERE grn = g.grn)";

impl Store {
    /// Guarantee accounts by number, all or those of one holder.
    pub fn list_guarantees(&self, holder: Option<&PartyId>) -> Result<Vec<GuaranteeRow>, StoreError> {
        match holder {
            Some(holder) => {
                let sql = format!("{ACCOUNT} WHERE g.holder = ?1 ORDER BY g.grn LIMIT ?2");
                self.list("list guarantees", &sql, &values![holder.as_str(), MOST_LISTED], read_account)
            }
            None => {
                let sql = format!("{ACCOUNT} ORDER BY g.grn LIMIT ?1");
                self.list("list guarantees", &sql, &values![MOST_LISTED], read_account)
            }
        }
    }

    /// A guarantee account.
    pub fn find_guarantee(&self, grn: &Grn) -> Result<Option<GuaranteeRow>, StoreError> {
        let sql = format!("{ACCOUNT} WHERE g.grn = ?1");
        self.find("read a guarantee", &sql, &values![grn.as_str()], read_account)
    }

    /// The history of a guarantee account, the first act first.
    pub fn list_guarantee_acts(&self, grn: &Grn) -> Result<Vec<GuaranteeAct>, StoreError> {
        let sql = "SELECT grn, act, movement, amount, reserved, at, actor, why FROM guarantee_act
                   WHERE grn = ?1 ORDER BY seq LIMIT ?2";
        self.list("read a guarantee's history", sql, &values![grn.as_str(), MOST_LISTED], read_act)
    }

    /// The accounts that somebody has opened: whoever did the first act.
    ///
    /// Errors: the store failed.
    pub fn list_guarantees_opened_by(&self, actor: &PartyId) -> Result<Vec<Grn>, StoreError> {
        let sql = "SELECT a.grn FROM guarantee_act a WHERE a.actor = ?1
                   AND a.seq = (SELECT min(b.seq) FROM guarantee_act b WHERE b.grn = a.grn) ORDER BY a.grn";
        self.list("list guarantees", sql, &values![actor.as_str()], |row| row.parsed(0))
    }

    /// What is reserved for a movement now.
    pub fn list_reservations_of(&self, movement: &MovementId) -> Result<Vec<GuaranteeUse>, StoreError> {
        let sql = "SELECT h.grn, h.movement, h.amount, h.since, g.holder FROM guarantee_hold h
                   JOIN guarantee g ON g.grn = h.grn WHERE h.movement = ?1 ORDER BY h.grn";
        self.list("read reservations", sql, &values![movement.as_str()], |row| {
            Ok(GuaranteeUse {
                grn: row.parsed(0)?,
                movement: row.parsed(1)?,
                amount: row.get(2)?,
                at: row.parsed(3)?,
                actor: row.parsed(4)?,
                why: String::new(),
            })
        })
    }
}

fn read_account(row: &Row<'_>) -> DbResult<GuaranteeRow> {
    Ok(GuaranteeRow {
        grn: row.parsed(0)?,
        holder: row.parsed(1)?,
        record: row.get(2)?,
        reference_amount: row.get(3)?,
        reserved: row.get(4)?,
        open: row.get(5)?,
        updated: row.parsed(6)?,
        actor: row.parsed(7)?,
        why: row.get(8)?,
    })
}

fn read_act(row: &Row<'_>) -> DbResult<GuaranteeAct> {
    Ok(GuaranteeAct {
        grn: row.parsed(0)?,
        act: row.get(1)?,
        movement: row.parsed_or_none(2)?,
        amount: row.get(3)?,
        reserved: row.get(4)?,
        at: row.parsed(5)?,
        actor: row.parsed(6)?,
        why: row.get(7)?,
    })
}
