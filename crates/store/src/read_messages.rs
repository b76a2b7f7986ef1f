//! Reading messages as they came in.

use crate::limits::MOST_LISTED;
use crate::rows::ReceivedRow;
use crate::{Store, StoreError};
use rusqlite::types::Type;
use rusqlite::{Row, params};
use std::str::FromStr;

const COLUMNS: &str = "hash, party, identification, code, movement, outcome, received, refusal";

impl Store {
    /// A message by the hash of its bytes, with them; the first, if several parties sent the same.
    pub fn find_message(&self, hash: &str) -> Result<Option<ReceivedRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS}, content FROM message WHERE hash = ?1 ORDER BY seq LIMIT 1");
        let rows = self.list("look a message up", &sql, [hash], |row| {
            Ok(ReceivedRow { content: row.get(8)?, ..read_row(row)? })
        })?;
        Ok(rows.into_iter().next())
    }

    /// The messages that came in, the latest first, without their bytes; all, or those about a movement, or with an outcome.
    pub fn list_received(
        &self,
        movement: Option<&str>,
        outcome: Option<&str>,
        most: u32,
    ) -> Result<Vec<ReceivedRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM message
             WHERE (?1 IS NULL OR movement = ?1) AND (?2 IS NULL OR outcome = ?2) ORDER BY seq DESC LIMIT ?3"
        );
        self.list("list messages", &sql, params![movement, outcome, most.min(MOST_LISTED)], read_row)
    }
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<ReceivedRow> {
    let movement: Option<String> = row.get(4)?;
    Ok(ReceivedRow {
        hash: row.get(0)?,
        party: parsed(1, &row.get::<_, String>(1)?)?,
        identification: row.get(2)?,
        code: row.get(3)?,
        movement: movement.map(|text| parsed(4, &text)).transpose()?,
        outcome: row.get(5)?,
        received: parsed(6, &row.get::<_, String>(6)?)?,
        content: Vec::new(),
        refusal: row.get(7)?,
    })
}

fn parsed<T: FromStr>(column: usize, text: &str) -> rusqlite::Result<T> {
    let unreadable = || format!("`{text}` is not what it was when it was written").into();
    text.parse().map_err(|_| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, unreadable()))
}
