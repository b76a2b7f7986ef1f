//! Claims on the control team of a day. A batch that writes one names the count of claims that it has seen; if another batch was
//! quicker the whole batch fails, so that two decisions never take the last place of a day together.

use crate::db::{Db, Result, values};
use crate::limits::MOST_LISTED;
use crate::rows::ControlClaimRow;
use crate::{Store, StoreError};
use kervan_model::MovementId;

pub(crate) fn put_claim(db: &Db, row: &ControlClaimRow) -> Result<()> {
    let sql = "INSERT INTO control_day (team, day, seen) VALUES (?1, ?2, 1)
               ON CONFLICT (team, day) DO UPDATE SET seen = control_day.seen + 1 RETURNING seen";
    let seen = db.number(sql, &values![&row.team, &row.day])?;
    if seen != row.seen.saturating_add(1) {
        return Err(StoreError::Outrun { team: row.team.clone(), day: row.day.clone() }.into());
    }
    match &row.claim {
        Some(claim) => db.run(
            "INSERT INTO control_claim (movement, team, day, value, claim) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (movement) DO UPDATE SET team = excluded.team, day = excluded.day,
             value = excluded.value, claim = excluded.claim",
            &values![row.movement.as_str(), &row.team, &row.day, row.value, claim],
        ),
        None => db.run("DELETE FROM control_claim WHERE movement = ?1", &values![row.movement.as_str()]),
    }
}

impl Store {
    /// The claims on a team on a day, by movement, and how many were ever written.
    ///
    /// Errors: the store failed.
    pub fn list_control_claims(
        &self,
        team: &str,
        day: &str,
    ) -> std::result::Result<(i64, Vec<ControlClaimRow>), StoreError> {
        let sql = "SELECT seen FROM control_day WHERE team = ?1 AND day = ?2";
        let seen = self.with_reader("read a day of controls", |db| db.number(sql, &values![team, day]))?;
        let sql = "SELECT movement, value, claim FROM control_claim WHERE team = ?1 AND day = ?2
                   ORDER BY movement LIMIT ?3";
        let claims = self.list("list claims on a day", sql, &values![team, day, MOST_LISTED], |row| {
            let (team, day) = (team.to_owned(), day.to_owned());
            Ok(ControlClaimRow {
                movement: row.parsed(0)?,
                team,
                day,
                value: row.get(1)?,
                claim: row.get(2)?,
                seen,
            })
        })?;
        Ok((seen, claims))
    }

    /// The claim of a movement.
    ///
    /// Errors: the store failed.
    pub fn find_control_claim(
        &self,
        movement: &MovementId,
    ) -> std::result::Result<Option<ControlClaimRow>, StoreError> {
        let sql = "SELECT c.movement, c.team, c.day, c.value, c.claim, d.seen FROM control_claim c
                   JOIN control_day d ON d.team = c.team AND d.day = c.day WHERE c.movement = ?1";
        self.find("read a claim", sql, &values![movement.as_str()], |row| {
            Ok(ControlClaimRow {
                movement: row.parsed(0)?,
                team: row.get(1)?,
                day: row.get(2)?,
                value: row.get(3)?,
                claim: row.get(4)?,
                seen: row.get(5)?,
            })
        })
    }
}
