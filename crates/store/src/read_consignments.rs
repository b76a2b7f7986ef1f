//! Reading the projections: consignments and movements.

use crate::db::{Result as DbResult, Row, each, values};
use crate::limits::MOST_LISTED;
use crate::rows::{ConsignmentRow, MovementRow};
use crate::{Store, StoreError};
use jiff::Timestamp;
use kervan_model::{DossierId, MovementId, Reference};
use std::collections::{BTreeMap, BTreeSet};

impl Store {
    /// A consignment by its reference.
    pub fn find_consignment(&self, reference: &Reference) -> Result<Option<ConsignmentRow>, StoreError> {
        let sql = "SELECT reference, dossier, state, summary, updated FROM consignment WHERE reference = ?1";
        self.find("read a consignment", sql, &values![reference.as_str()], read_consignment)
    }

    /// Consignments by their references, in the order of references; those that there are not are left out.
    pub fn find_consignments(&self, references: &[Reference]) -> Result<Vec<ConsignmentRow>, StoreError> {
        let sql = "SELECT reference, dossier, state, summary, updated FROM consignment
                   WHERE reference IN (SELECT value FROM json_each(?1)) ORDER BY reference";
        let references: Vec<&str> = references.iter().map(Reference::as_str).collect();
        self.with_reader("read consignments", |db| db.query(sql, &[each(&references)?], read_consignment))
    }

    /// Which of these references consignments have.
    pub fn list_known(&self, references: &[Reference]) -> Result<BTreeSet<Reference>, StoreError> {
        let sql = "SELECT reference FROM consignment WHERE reference IN (SELECT value FROM json_each(?1))";
        let references: Vec<&str> = references.iter().map(Reference::as_str).collect();
        let found = self.with_reader("look consignments up", |db| {
            db.query(sql, &[each(&references)?], |row| row.parsed(0))
        })?;
        Ok(found.into_iter().collect())
    }

    /// The consignments to which containers belong, by their numbers; those that belong to none are left out.
    pub fn find_consignments_of_containers(
        &self,
        numbers: &[String],
    ) -> Result<BTreeMap<String, Reference>, StoreError> {
        let sql = "SELECT number, reference FROM equipment WHERE number IN (SELECT value FROM json_each(?1))";
        let found = self.with_reader("look containers up", |db| {
            db.query(sql, &[each(numbers)?], |row| Ok((row.get(0)?, row.parsed(1)?)))
        })?;
        Ok(found.into_iter().collect())
    }

    /// Whether there is a consignment with a reference.
    pub fn has_consignment(&self, reference: &Reference) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM consignment WHERE reference = ?1";
        let found = self.find("look a consignment up", sql, &values![reference.as_str()], |_| Ok(()))?;
        Ok(found.is_some())
    }

    /// A consignment by its dossier.
    pub fn find_consignment_of(&self, dossier: &DossierId) -> Result<Option<ConsignmentRow>, StoreError> {
        let sql = "SELECT reference, dossier, state, summary, updated FROM consignment WHERE dossier = ?1";
        self.find("read a consignment", sql, &values![dossier.as_str()], read_consignment)
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
                self.list("list consignments", sql, &values![state, after, most], read_consignment)
            }
            None => {
                let sql = "SELECT reference, dossier, state, summary, updated FROM consignment
                           WHERE reference > ?1 ORDER BY reference LIMIT ?2";
                self.list("list consignments", sql, &values![after, most], read_consignment)
            }
        }
    }

    /// The movements of a consignment in order of travel.
    pub fn list_movements_of(&self, reference: &Reference) -> Result<Vec<MovementRow>, StoreError> {
        let sql = "SELECT id, reference, state, movement, updated, due FROM movement WHERE reference = ?1 ORDER BY id";
        self.list("list movements", sql, &values![reference.as_str()], read_movement)
    }

    /// The movements of many consignments, in the order of references and within them of ids.
    pub fn list_movements_of_each(&self, references: &[Reference]) -> Result<Vec<MovementRow>, StoreError> {
        let sql = "SELECT id, reference, state, movement, updated, due FROM movement
                   WHERE reference IN (SELECT value FROM json_each(?1)) ORDER BY reference, id";
        let references: Vec<&str> = references.iter().map(Reference::as_str).collect();
        self.with_reader("list movements", |db| db.query(sql, &[each(&references)?], read_movement))
    }

    /// Movements of all consignments, all or those in one state.
    pub fn list_movements(&self, state: Option<&str>, most: u32) -> Result<Vec<MovementRow>, StoreError> {
        self.list_movements_after(state, None, most)
    }

    /// Movements of all consignments after an id in the order of ids, all or those in one state.
    pub fn list_movements_after(
        &self,
        state: Option<&str>,
        after: Option<&MovementId>,
        most: u32,
    ) -> Result<Vec<MovementRow>, StoreError> {
        let (after, most) = (after.map_or("", MovementId::as_str), most.min(MOST_LISTED));
        match state {
            Some(state) => {
                let sql = "SELECT id, reference, state, movement, updated, due FROM movement
                           WHERE state = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
                self.list("list movements", sql, &values![state, after, most], read_movement)
            }
            None => {
                let sql = "SELECT id, reference, state, movement, updated, due FROM movement
                           WHERE id > ?1 ORDER BY id LIMIT ?2";
                self.list("list movements", sql, &values![after, most], read_movement)
            }
        }
    }

    /// Movements that the clock has to look at by now, the longest overdue first.
    pub fn list_due_movements(&self, now: Timestamp, most: u32) -> Result<Vec<MovementRow>, StoreError> {
        let sql = "SELECT id, reference, state, movement, updated, due FROM movement
                   WHERE due <= ?1 ORDER BY due, id LIMIT ?2";
        self.list("list due movements", sql, &values![now.to_string(), most.min(MOST_LISTED)], read_movement)
    }

    /// The movement that a reference number belongs to.
    pub fn find_movement_by_mrn(&self, mrn: &str) -> Result<Option<MovementRow>, StoreError> {
        let sql = "SELECT id, reference, state, movement, updated, due FROM movement WHERE mrn = ?1";
        self.find("look a reference number up", sql, &values![mrn], read_movement)
    }

    /// A movement by its id.
    pub fn find_movement(&self, id: &MovementId) -> Result<Option<MovementRow>, StoreError> {
        let sql = "SELECT id, reference, state, movement, updated, due FROM movement WHERE id = ?1";
        self.find("read a movement", sql, &values![id.as_str()], read_movement)
    }
}

fn read_consignment(row: &Row<'_>) -> DbResult<ConsignmentRow> {
    Ok(ConsignmentRow {
        reference: row.parsed(0)?,
        dossier: row.parsed(1)?,
        state: row.get(2)?,
        summary: row.get(3)?,
        updated: row.parsed(4)?,
    })
}

fn read_movement(row: &Row<'_>) -> DbResult<MovementRow> {
    Ok(MovementRow {
        id: row.parsed(0)?,
        reference: row.parsed(1)?,
        state: row.get(2)?,
        movement: row.get(3)?,
        updated: row.parsed(4)?,
        due: row.parsed_or_none(5)?,
        mrn: None,
    })
}
