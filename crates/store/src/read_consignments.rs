//! Reading the projections: consignments and movements.

use crate::db::{Result as DbResult, Row, each, values};
use crate::limits::MOST_LISTED;
use crate::rows::{ConsignmentRow, MovementRow};
use crate::{Store, StoreError};
use jiff::Timestamp;
use kervan_model::{DossierId, MovementId, Reference};
use std::collections::{BTreeMap, BTreeSet};

/// One statement: a server takes longer over three than the rows of them cost. Its parts stand in no order.
const CASE: &str =
    "SELECT 0, 0, reference, dossier, state, summary, updated, NULL FROM consignment WHERE reference = ?1
  UNION ALL SELECT 1, seq, NULL, NULL, NULL, entry, NULL, NULL FROM entry
    WHERE dossier = (SELECT unhex(dossier) FROM consignment WHERE reference = ?1)
  UNION ALL SELECT 2, 0, id, reference, state, movement, updated, due FROM movement WHERE reference = ?1";

/// A consignment with everything from which it is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRows {
    /// The consignment.
    pub consignment: ConsignmentRow,
    /// The entries of its dossier in the order in which they were saved, as JSON.
    pub entries: Vec<String>,
    /// Its movements in order of travel.
    pub movements: Vec<MovementRow>,
}

impl Store {
    /// A consignment by its reference, with its dossier and its movements, all as they stood at one moment.
    pub fn find_case(&self, reference: &Reference) -> Result<Option<CaseRows>, StoreError> {
        let (mut found, mut entries, mut movements) = (None, Vec::<(i64, String)>::new(), Vec::new());
        self.with_reader("read a consignment", |db| {
            (found, entries, movements) = (None, Vec::new(), Vec::new());
            db.query(CASE, &values![reference.as_str()], |row| {
                match row.get::<i64>(0)? {
                    0 => found = Some(read_consignment(row, 2)?),
                    1 => entries.push((row.get(1)?, row.get(5)?)),
                    _ => movements.push(read_movement(row, 2)?),
                }
                Ok(())
            })
        })?;
        entries.sort_unstable_by_key(|(seq, _)| *seq);
        movements.sort_unstable_by(|one, other| one.id.as_str().cmp(other.id.as_str()));
        let entries = entries.into_iter().map(|(_, entry)| entry).collect();
        Ok(found.map(|consignment| CaseRows { consignment, entries, movements }))
    }

    /// A consignment by its reference.
    pub fn find_consignment(&self, reference: &Reference) -> Result<Option<ConsignmentRow>, StoreError> {
        let sql = "SELECT reference, dossier, state, summary, updated FROM consignment WHERE reference = ?1";
        self.find("read a consignment", sql, &values![reference.as_str()], |row| read_consignment(row, 0))
    }

    /// Consignments by their references, in the order of references; those that there are not are left out.
    pub fn find_consignments(&self, references: &[Reference]) -> Result<Vec<ConsignmentRow>, StoreError> {
        let sql = "SELECT reference, dossier, state, summary, updated FROM consignment
                   WHERE reference IN (SELECT value FROM json_each(?1)) ORDER BY reference";
        let references: Vec<&str> = references.iter().map(Reference::as_str).collect();
        self.with_reader("read consignments", |db| {
            db.query(sql, &[each(&references)?], |row| read_consignment(row, 0))
        })
    }

    /// Which of these references consignments have, and to which of them containers belong, by their numbers; those that belong to
    /// none are left out.
    pub fn list_known(
        &self,
        references: &[Reference],
        numbers: &[String],
    ) -> Result<(BTreeSet<Reference>, BTreeMap<String, Reference>), StoreError> {
        let consignments =
            "SELECT reference, NULL FROM consignment WHERE reference IN (SELECT value FROM json_each(?1))";
        let containers =
            "SELECT reference, number FROM equipment WHERE number IN (SELECT value FROM json_each(?1))";
        let words: Vec<&str> = references.iter().map(Reference::as_str).collect();
        self.with_reader("look consignments up", |db| {
            let (words, numbered) = ([each(&words)?], [each(numbers)?]);
            let mut asked = Vec::new();
            asked.extend((!references.is_empty()).then_some((consignments, words.as_slice())));
            asked.extend((!numbers.is_empty()).then_some((containers, numbered.as_slice())));
            let (mut known, mut of) = (BTreeSet::new(), BTreeMap::new());
            db.query_several(&asked, |_, row| {
                match row.get::<Option<String>>(1)? {
                    Some(number) => drop(of.insert(number, row.parsed(0)?)),
                    None => drop(known.insert(row.parsed(0)?)),
                }
                Ok(())
            })?;
            Ok((known, of))
        })
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
        self.find("read a consignment", sql, &values![dossier.as_str()], |row| read_consignment(row, 0))
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
                self.list("list consignments", sql, &values![state, after, most], |row| {
                    read_consignment(row, 0)
                })
            }
            None => {
                let sql = "SELECT reference, dossier, state, summary, updated FROM consignment
                           WHERE reference > ?1 ORDER BY reference LIMIT ?2";
                self.list("list consignments", sql, &values![after, most], |row| read_consignment(row, 0))
            }
        }
    }

    /// The movements of a consignment in order of travel.
    pub fn list_movements_of(&self, reference: &Reference) -> Result<Vec<MovementRow>, StoreError> {
        let sql = "SELECT id, reference, state, movement, updated, due FROM movement WHERE reference = ?1 ORDER BY id";
        self.list("list movements", sql, &values![reference.as_str()], |row| read_movement(row, 0))
    }

    /// The movements of many consignments, in the order of references and within them of ids.
    pub fn list_movements_of_each(&self, references: &[Reference]) -> Result<Vec<MovementRow>, StoreError> {
        let sql = "SELECT id, reference, state, movement, updated, due FROM movement
                   WHERE reference IN (SELECT value FROM json_each(?1)) ORDER BY reference, id";
        let references: Vec<&str> = references.iter().map(Reference::as_str).collect();
        self.with_reader("list movements", |db| {
            db.query(sql, &[each(&references)?], |row| read_movement(row, 0))
        })
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
                self.list("list movements", sql, &values![state, after, most], |row| read_movement(row, 0))
            }
            None => {
                let sql = "SELECT id, reference, state, movement, updated, due FROM movement
                           WHERE id > ?1 ORDER BY id LIMIT ?2";
                self.list("list movements", sql, &values![after, most], |row| read_movement(row, 0))
            }
        }
    }

    /// Movements that the clock has to look at by now, the longest overdue first.
    pub fn list_due_movements(&self, now: Timestamp, most: u32) -> Result<Vec<MovementRow>, StoreError> {
        let sql = "SELECT id, reference, state, movement, updated, due FROM movement
                   WHERE due <= ?1 ORDER BY due, id LIMIT ?2";
        self.list("list due movements", sql, &values![now.to_string(), most.min(MOST_LISTED)], |row| {
            read_movement(row, 0)
        })
    }

    /// The movement that a reference number belongs to.
    pub fn find_movement_by_mrn(&self, mrn: &str) -> Result<Option<MovementRow>, StoreError> {
        let sql = "SELECT id, reference, state, movement, updated, due FROM movement WHERE mrn = ?1";
        self.find("look a reference number up", sql, &values![mrn], |row| read_movement(row, 0))
    }

    /// A movement by its id.
    pub fn find_movement(&self, id: &MovementId) -> Result<Option<MovementRow>, StoreError> {
        let sql = "SELECT id, reference, state, movement, updated, due FROM movement WHERE id = ?1";
        self.find("read a movement", sql, &values![id.as_str()], |row| read_movement(row, 0))
    }
}

/// Reads a consignment from a column on.
fn read_consignment(row: &Row<'_>, from: usize) -> DbResult<ConsignmentRow> {
    Ok(ConsignmentRow {
        reference: row.parsed(from)?,
        dossier: row.parsed(from + 1)?,
        state: row.get(from + 2)?,
        summary: row.get(from + 3)?,
        updated: row.parsed(from + 4)?,
    })
}

/// Reads a movement from a column on.
fn read_movement(row: &Row<'_>, from: usize) -> DbResult<MovementRow> {
    Ok(MovementRow {
        id: row.parsed(from)?,
        reference: row.parsed(from + 1)?,
        state: row.get(from + 2)?,
        movement: row.get(from + 3)?,
        updated: row.parsed(from + 4)?,
        due: row.parsed_or_none(from + 5)?,
        mrn: None,
    })
}
