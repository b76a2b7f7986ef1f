//! Reading messages as they came in.

use crate::apply::FORGOTTEN;
use crate::db::{Result as DbResult, Row, values};
use crate::limits::MOST_LISTED;
use crate::rows::ReceivedRow;
use crate::{Store, StoreError};
use jiff::Timestamp;
use kervan_model::PartyId;

const COLUMNS: &str = "hash, party, identification, code, movement, outcome, received, refusal";

impl Store {
    /// A message by the hash of its bytes, with them; the first, if several parties sent the same.
    pub fn find_message(&self, hash: &str) -> Result<Option<ReceivedRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS}, content FROM message WHERE hash = ?1 ORDER BY seq LIMIT 1");
        let rows = self.list("look a message up", &sql, &values![hash], |row| {
            Ok(ReceivedRow { content: row.get(8)?, ..read_row(row)? })
        })?;
        Ok(rows.into_iter().next())
    }

    /// How many bytes of messages of a party are kept. Unit: byte.
    pub fn bytes_of_messages(&self, party: &PartyId) -> Result<u64, StoreError> {
        let sql = "SELECT bytes FROM message_use WHERE party = ?1";
        let rows =
            self.list("count the bytes of messages", sql, &values![party.as_str()], |row| row.get::<i64>(0))?;
        Ok(rows.into_iter().next().and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0))
    }

    /// Whether bytes of messages that came in before an instant and changed nothing are still kept.
    pub fn has_originals_before(&self, before: Timestamp) -> Result<bool, StoreError> {
        let sql = format!("SELECT 1 FROM message WHERE {FORGOTTEN} AND received < ?1 LIMIT 1");
        Ok(!self.list("look for old messages", &sql, &values![before.to_string()], |_| Ok(()))?.is_empty())
    }

    /// The messages that came in, the latest first, without their bytes; all, or those about a movement, or with an outcome.
    pub fn list_received(
        &self,
        movement: Option<&str>,
        outcome: Option<&str>,
        most: u32,
    ) -> Result<Vec<ReceivedRow>, StoreError> {
        let rows = self.list_received_before(movement, outcome, None, most)?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// The messages that came in before a number of theirs, the latest first, with their numbers and without their bytes; all,
    /// or those about a movement, or with an outcome.
    pub fn list_received_before(
        &self,
        movement: Option<&str>,
        outcome: Option<&str>,
        before: Option<i64>,
        most: u32,
    ) -> Result<Vec<(i64, ReceivedRow)>, StoreError> {
        // A question of its own for each case, so that each has its index.
        let (condition, mut values) = match (movement, outcome) {
            (None, None) => ("", Vec::new()),
            (Some(movement), None) => ("movement = ?1 AND", values![movement].to_vec()),
            (None, Some(outcome)) => ("outcome = ?1 AND", values![outcome].to_vec()),
            (Some(movement), Some(outcome)) => {
                ("movement = ?1 AND outcome = ?2 AND", values![movement, outcome].to_vec())
            }
        };
        values.extend_from_slice(&values![before.unwrap_or(i64::MAX), most.min(MOST_LISTED)]);
        let (last, limit) = (values.len() - 1, values.len());
        let sql = format!(
            "SELECT {COLUMNS}, seq FROM message WHERE {condition} seq < ?{last} ORDER BY seq DESC LIMIT ?{limit}"
        );
        self.list("list messages", &sql, &values, |row| Ok((row.get(8)?, read_row(row)?)))
    }
}

fn read_row(row: &Row<'_>) -> DbResult<ReceivedRow> {
    Ok(ReceivedRow {
        hash: row.get(0)?,
        party: row.parsed(1)?,
        identification: row.get(2)?,
        code: row.get(3)?,
        movement: row.parsed_or_none(4)?,
        outcome: row.get(5)?,
        received: row.parsed(6)?,
        content: Vec::new(),
        refusal: row.get(7)?,
    })
}
