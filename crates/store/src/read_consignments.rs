//! Reading the projections: consignments and movements.

use crate::limits::MOST_LISTED;
use crate::read::parsed;
use crate::rows::{ConsignmentRow, MovementRow};
use crate::{Store, StoreError};
use jiff::Timestamp;
use kervan_model::{DossierId, MovementId, Reference};
use rusqlite::{OptionalExtension, Row, params};

impl Store {
    /// A consignment by its reference.
    pub fn find_consignment(&self, reference: &Reference) -> Result<Option<ConsignmentRow>, StoreError> {
        let sql = "SELECT reference, dossier, state, summary, updated FROM consignment WHERE reference = ?1";
        self.with_reader("read a consignment", |connection| {
            connection.prepare_cached(sql)?.query_row([reference.as_str()], read_consignment).optional()
        })
    }

    /// Whether there is a consignment with a reference.
    pub fn has_consignment(&self, reference: &Reference) -> Result<bool, StoreError> {
        self.with_reader("look a consignment up", |connection| {
            connection
                .prepare_cached("SELECT 1 FROM consignment WHERE reference = ?1")?
                .query_row([reference.as_str()], |_| Ok(()))
                .optional()
                .map(|found| found.is_some())
        })
    }

    /// A consignment by its dossier.
    pub fn find_consignment_of(&self, dossier: &DossierId) -> Result<Option<ConsignmentRow>, StoreError> {
        let sql = "SELECT reference, dossier, state, summary, updated FROM consignment WHERE dossier = ?1";
        self.with_reader("read a consignment", |connection| {
            connection.prepare_cached(sql)?.query_row([dossier.as_str()], read_consignment).optional()
        })
    }

    /// Consignments after a reference in the order of references, all or those in one state.
    pub fn list_consignments(
        &self,
        state: Option<&str>,
        after: Option<&Reference>,
        most: u32,
    ) -> Result<Vec<ConsignmentRow>, StoreError> {
        let after = after.map_or("", Reference::as_str);
        let most = most.min(MOST_LISTED);
        match state {
            Some(state) => {
                let sql = "SELECT reference, dossier, state, summary, updated FROM consignment
                           WHERE state = ?1 AND reference > ?2 ORDER BY reference LIMIT ?3";
                self.list("list consignments", sql, params![state, after, most], read_consignment)
            }
            None => {
                let sql = "SELECT reference, dossier, state, summary, updated FROM consignment
                           WHERE reference > ?1 ORDER BY reference LIMIT ?2";
                self.list("list consignments", sql, params![after, most], read_consignment)
            }
        }
    }

    /// The movements of a consignment in order of travel.
    pub fn list_movements_of(&self, reference: &Reference) -> Result<Vec<MovementRow>, StoreError> {
        let sql = "SELECT id, reference, state, movement, updated, due FROM movement WHERE reference = ?1 ORDER BY id";
        self.list("list movements", sql, [reference.as_str()], read_movement)
    }

    /// Movements of all consignments, all or those in one state.
    pub fn list_movements(&self, state: Option<&str>, most: u32) -> Result<Vec<MovementRow>, StoreError> {
        let most = most.min(MOST_LISTED);
        match state {
            Some(state) => {
                let sql = "SELECT id, reference, state, movement, updated, due FROM movement WHERE state = ?1 ORDER BY id LIMIT ?2";
                self.list("list movements", sql, params![state, most], read_movement)
            }
            None => {
                let sql =
                    "SELECT id, reference, state, movement, updated, due FROM movement ORDER BY id LIMIT ?1";
                self.list("list movements", sql, params![most], read_movement)
            }
        }
    }

    /// Movements that the clock has to look at by now, the longest overdue first.
    pub fn list_due_movements(&self, now: Timestamp, most: u32) -> Result<Vec<MovementRow>, StoreError> {
        let sql = "SELECT id, reference, state, movement, updated, due FROM movement
                   WHERE due <= ?1 ORDER BY due, id LIMIT ?2";
        self.list("list due movements", sql, params![now.to_string(), most.min(MOST_LISTED)], read_movement)
    }

    /// The movement that a reference number belongs to.
    pub fn find_movement_by_mrn(&self, mrn: &str) -> Result<Option<MovementRow>, StoreError> {
        let sql = "SELECT id, reference, state, movement, updated, due FROM movement WHERE mrn = ?1";
        self.with_reader("look a reference number up", |connection| {
            connection.prepare_cached(sql)?.query_row([mrn], read_movement).optional()
        })
    }

    /// A movement by its id.
    pub fn find_movement(&self, id: &MovementId) -> Result<Option<MovementRow>, StoreError> {
        let sql = "SELECT id, reference, state, movement, updated, due FROM movement WHERE id = ?1";
        self.with_reader("read a movement", |connection| {
            connection.prepare_cached(sql)?.query_row([id.as_str()], read_movement).optional()
        })
    }
}

fn read_consignment(row: &Row<'_>) -> rusqlite::Result<ConsignmentRow> {
    Ok(ConsignmentRow {
        reference: parsed(row, 0)?,
        dossier: parsed(row, 1)?,
        state: row.get(2)?,
        summary: row.get(3)?,
        updated: parsed(row, 4)?,
    })
}

fn read_movement(row: &Row<'_>) -> rusqlite::Result<MovementRow> {
    Ok(MovementRow {
        id: parsed(row, 0)?,
        reference: parsed(row, 1)?,
        state: row.get(2)?,
        movement: row.get(3)?,
        updated: parsed(row, 4)?,
        due: row.get::<_, Option<String>>(5)?.map(|_| parsed(row, 5)).transpose()?,
        mrn: None,
    })
}
