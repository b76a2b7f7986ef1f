//! Who stands how to a consignment: a projection of its dossier and movements, so that rights are decided without reading them.

use crate::db::{Db, Result, each, values};
use crate::limits::MOST_LISTED;
use crate::{Store, StoreError};
use kervan_model::Reference;
use std::collections::BTreeMap;

/// Those who stand in a relation to a consignment, all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CircleRow {
    /// The consignment.
    pub reference: Reference,
    /// Who, each with its relations as a set of bits, in order. Shape: `party:ID` or `territory:CODE`.
    pub members: Vec<(String, u16)>,
    /// Whether the consignment has movements: a list of movements of somebody passes over those that have none.
    pub moves: bool,
}

impl CircleRow {
    /// The circle of a consignment with nobody in it.
    const fn empty(reference: Reference) -> Self {
        Self { reference, members: Vec::new(), moves: false }
    }
}

pub(crate) fn put_circle(db: &Db, row: &CircleRow) -> Result<()> {
    let reference = row.reference.as_str();
    let mut members = row.members.clone();
    members.sort();
    let moves = i64::from(row.moves);
    let sql = "SELECT who, relations, moves FROM circle WHERE reference = ?1 ORDER BY who";
    let known = db.query(sql, &values![reference], |row| {
        Ok((row.get::<String>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?))
    })?;
    // Written with every event, and nearly always as it was.
    let same = known.iter().map(|(who, bits, moves)| (who.as_str(), *bits, *moves));
    if same.eq(members.iter().map(|(who, bits)| (who.as_str(), i64::from(*bits), moves))) {
        return Ok(());
    }
    db.run("DELETE FROM circle WHERE reference = ?1", &values![reference])?;
    for (who, relations) in &members {
        let sql = "INSERT INTO circle (who, reference, relations, moves) VALUES (?1, ?2, ?3, ?4)";
        db.run(sql, &values![who, reference, *relations, moves])?;
    }
    Ok(())
}

/// A set of bits as it stands in a column.
fn bits(number: i64) -> u16 {
    u16::try_from(number).unwrap_or_default()
}

impl Store {
    /// The relations of each of these to a consignment, as sets of bits.
    pub fn find_relations(
        &self,
        reference: &Reference,
        who: &[String],
    ) -> std::result::Result<Vec<(String, u16)>, StoreError> {
        let sql = "SELECT relations FROM circle WHERE who = ?1 AND reference = ?2";
        let mut found = Vec::new();
        for one in who {
            let known = self
                .find("look relations up", sql, &values![one, reference.as_str()], |row| row.get::<i64>(0))?;
            found.extend(known.map(|number| (one.clone(), bits(number))));
        }
        Ok(found)
    }

    /// The relations of any of these to each of many consignments, as sets of bits; nothing where there are none.
    pub fn find_relations_of(
        &self,
        references: &[Reference],
        who: &[String],
    ) -> std::result::Result<BTreeMap<Reference, u16>, StoreError> {
        let sql = "SELECT reference, relations FROM circle WHERE who = ?1 AND reference IN (SELECT value FROM json_each(?2))";
        let mut found = BTreeMap::new();
        self.with_reader("look relations up", |db| {
            let references: Vec<&str> = references.iter().map(Reference::as_str).collect();
            let references = each(&references)?;
            for one in who {
                let of = db.query(sql, &[one.into(), references.clone()], |row| {
                    Ok((row.parsed::<Reference>(0)?, bits(row.get(1)?)))
                })?;
                for (reference, bits) in of {
                    *found.entry(reference).or_insert(0) |= bits;
                }
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// The consignments to which one stands in a relation, after a reference, in the order of references.
    pub fn list_circle(
        &self,
        who: &str,
        after: Option<&Reference>,
        most: u32,
    ) -> std::result::Result<Vec<(Reference, u16)>, StoreError> {
        let sql = "SELECT reference, relations FROM circle WHERE who = ?1 AND reference > ?2 ORDER BY reference LIMIT ?3";
        let after = after.map_or("", Reference::as_str);
        self.list("list relations", sql, &values![who, after, most.min(MOST_LISTED)], |row| {
            Ok((row.parsed(0)?, bits(row.get(1)?)))
        })
    }

    /// The consignments with movements to which one stands in a relation, after a reference, in the order of references, each with
    /// its relations as a set of bits.
    pub fn list_moving_circle(
        &self,
        who: &str,
        after: Option<&Reference>,
        most: u32,
    ) -> std::result::Result<Vec<(Reference, u16)>, StoreError> {
        let sql = "SELECT reference, relations FROM circle WHERE who = ?1 AND moves = 1 AND reference > ?2
                   ORDER BY reference LIMIT ?3";
        let after = after.map_or("", Reference::as_str);
        self.list("list relations", sql, &values![who, after, most.min(MOST_LISTED)], |row| {
            Ok((row.parsed(0)?, bits(row.get(1)?)))
        })
    }

    /// The circle of a consignment; one with nobody in it if it has none.
    pub fn find_circle(&self, reference: &Reference) -> std::result::Result<CircleRow, StoreError> {
        let of_one = self.find_circles(std::slice::from_ref(reference))?.pop();
        Ok(of_one.unwrap_or_else(|| CircleRow::empty(reference.clone())))
    }

    /// The circles of consignments, one for each, in their order.
    pub fn find_circles(&self, references: &[Reference]) -> std::result::Result<Vec<CircleRow>, StoreError> {
        let sql = "SELECT reference, who, relations, moves FROM circle
                   WHERE reference IN (SELECT value FROM json_each(?1)) ORDER BY reference, who";
        let mut circles: BTreeMap<Reference, CircleRow> = BTreeMap::new();
        self.with_reader("read circles", |db| {
            for part in references.chunks(MOST_LISTED as usize) {
                let names: Vec<&str> = part.iter().map(Reference::as_str).collect();
                let rows = db.query(sql, &[each(&names)?], |row| {
                    let member = (row.get::<String>(1)?, bits(row.get(2)?));
                    Ok((row.parsed::<Reference>(0)?, member, row.get::<i64>(3)? == 1))
                })?;
                for (reference, member, moves) in rows {
                    let circle =
                        circles.entry(reference).or_insert_with_key(|of| CircleRow::empty(of.clone()));
                    circle.members.push(member);
                    circle.moves = moves;
                }
            }
            Ok(())
        })?;
        let of = |reference: &Reference| {
            circles.get(reference).cloned().unwrap_or_else(|| CircleRow::empty(reference.clone()))
        };
        Ok(references.iter().map(of).collect())
    }
}
