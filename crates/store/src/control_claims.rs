//! Claims on the control team of a day. A batch that writes one names the count of claims that it has seen; if another batch was
//! quicker the whole batch fails, so that two decisions never take the last place of a day together.

use crate::apply::run;
use crate::limits::MOST_LISTED;
use crate::read::parsed;
use crate::rows::ControlClaimRow;
use crate::{Store, StoreError};
use kervan_model::MovementId;
use rusqlite::{OptionalExtension, Result, Transaction, params};

pub(crate) fn put_claim(transaction: &Transaction<'_>, row: &ControlClaimRow) -> Result<()> {
    let sql = "INSERT INTO control_day (team, day, seen) VALUES (?1, ?2, 1)
               ON CONFLICT (team, day) DO UPDATE SET seen = seen + 1 RETURNING seen";
    let seen: i64 =
        transaction.prepare_cached(sql)?.query_row((&row.team, &row.day), |found| found.get(0))?;
    if seen != row.seen.saturating_add(1) {
        let outrun = StoreError::Outrun { team: row.team.clone(), day: row.day.clone() };
        return Err(rusqlite::Error::ToSqlConversionFailure(Box::new(outrun)));
    }
    match &row.claim {
        Some(claim) => run(
            transaction,
            "INSERT OR REPLACE INTO control_claim (movement, team, day, value, claim) VALUES (?1, ?2, ?3, ?4, ?5)",
            (row.movement.as_str(), &row.team, &row.day, row.value, claim),
        ),
        None => run(transaction, "DELETE FROM control_claim WHERE movement = ?1", [row.movement.as_str()]),
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
        let seen: Option<i64> = self.with_reader("read a day of controls", |connection| {
            connection.prepare_cached(sql)?.query_row([team, day], |row| row.get(0)).optional()
        })?;
        let seen = seen.unwrap_or(0);
        let sql = "SELECT movement, value, claim FROM control_claim WHERE team = ?1 AND day = ?2
                   ORDER BY movement LIMIT ?3";
        let claims = self.list("list claims on a day", sql, params![team, day, MOST_LISTED], |row| {
            let (team, day) = (team.to_owned(), day.to_owned());
            Ok(ControlClaimRow {
                movement: parsed(row, 0)?,
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
        self.with_reader("read a claim", |connection| {
            connection
                .prepare_cached(sql)?
                .query_row([movement.as_str()], |row| {
                    Ok(ControlClaimRow {
                        movement: parsed(row, 0)?,
                        team: row.get(1)?,
                        day: row.get(2)?,
                        value: row.get(3)?,
                        claim: row.get(4)?,
                        seen: row.get(5)?,
                    })
                })
                .optional()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Write;

    fn claim(movement: &str, seen: i64, claim: Option<&str>) -> Write {
        Write::ControlClaim(ControlClaimRow {
            movement: movement.parse().unwrap(),
            team: "AB".into(),
            day: "2026-12-01".into(),
            value: 500,
            claim: claim.map(str::to_owned),
            seen,
        })
    }

    #[test]
    fn the_second_of_two_that_saw_the_same_is_refused_whole() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        store.save(vec![claim("KRV-2026-0001/1", 0, Some("waiting"))]).unwrap();
        let note = Write::Note { name: "n".into(), value: "v".into() };
        let late = store.save(vec![note, claim("KRV-2026-0002/1", 0, Some("waiting"))]);
        assert!(matches!(late, Err(StoreError::Outrun { .. })), "{late:?}");
        assert_eq!(store.find_note("n").unwrap(), None);
        store.save(vec![claim("KRV-2026-0002/1", 1, Some("kept"))]).unwrap();
        let (seen, claims) = store.list_control_claims("AB", "2026-12-01").unwrap();
        assert_eq!((seen, claims.len()), (2, 2));
        store.save(vec![claim("KRV-2026-0001/1", 2, None)]).unwrap();
        assert_eq!(store.find_control_claim(&"KRV-2026-0001/1".parse().unwrap()).unwrap(), None);
    }
}
