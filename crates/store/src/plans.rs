//! Plans that were kept: values, found by their id, by the consignment that they are for, and by who kept them.

use crate::db::{Db, Result, Row, values};
use crate::limits::MOST_LISTED;
use crate::{Store, StoreError};
use jiff::Timestamp;
use kervan_model::{PartyId, Reference};

/// A plan as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRow {
    /// Its id.
    pub id: String,
    /// The consignment that it is for.
    pub reference: Option<Reference>,
    /// Who kept it.
    pub author: PartyId,
    /// When.
    pub kept: Timestamp,
    /// The plan with its inputs, JSON.
    pub plan: String,
}

pub(crate) fn append_plan(db: &Db, row: &PlanRow) -> Result<()> {
    let sql = "INSERT INTO plan (id, reference, author, kept, plan) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO NOTHING";
    let (reference, kept) = (row.reference.as_ref().map(Reference::as_str), row.kept.to_string());
    db.run(sql, &values![&row.id, reference, row.author.as_str(), kept, &row.plan])
}

fn read_plan(row: &Row<'_>) -> Result<PlanRow> {
    let reference: Option<String> = row.get(1)?;
    Ok(PlanRow {
        id: row.get(0)?,
        reference: match reference {
            Some(_) => Some(row.parsed(1)?),
            None => None,
        },
        author: row.parsed(2)?,
        kept: row.parsed(3)?,
        plan: row.get(4)?,
    })
}

impl Store {
    /// A kept plan.
    ///
    /// Errors: the store failed.
    pub fn find_plan(&self, id: &str) -> std::result::Result<Option<PlanRow>, StoreError> {
        let sql = "SELECT id, reference, author, kept, plan FROM plan WHERE id = ?1";
        self.find("read a plan", sql, &values![id], read_plan)
    }

    /// The plans that a party kept, of one consignment or of all, the newest first, at most so many.
    ///
    /// Errors: the store failed.
    pub fn list_plans(
        &self,
        author: &PartyId,
        reference: Option<&Reference>,
        most: u32,
    ) -> std::result::Result<Vec<PlanRow>, StoreError> {
        let most = most.min(MOST_LISTED);
        let sql = "SELECT id, reference, author, kept, plan FROM plan WHERE author = ?1 AND (?2 = '' OR reference = ?2)
                   ORDER BY seq DESC LIMIT ?3";
        let reference = reference.map_or("", Reference::as_str);
        self.list("list plans", sql, &values![author.as_str(), reference, most], read_plan)
    }
}
