//! The body of a record: the statements of one commit, as bytes.
//!
//! Statement: 4 bytes length and the text of it; 1 byte whether it gave rows; 8 bytes how many rows it changed or gave; 2 bytes how
//! many values; each value as 1 byte kind (0 nothing, 1 whole number, 2 text, 3 bytes), then 8 bytes, or 4 bytes length and the
//! bytes. Numbers are big-endian.

use crate::db::{Result, Sqlite, Value};
use std::borrow::Cow;
use std::cell::RefCell;

/// What is recorded of the transaction at hand.
#[derive(Default)]
pub(crate) struct Recorder(RefCell<Option<Vec<u8>>>);

impl Recorder {
    /// Begins a transaction.
    pub(crate) fn begin(&self) {
        *self.0.borrow_mut() = Some(Vec::new());
    }

    /// Whether nothing is recorded.
    pub(crate) fn is_off(&self) -> bool {
        self.0.borrow().is_none()
    }

    /// Notes a statement that was run. `gave`: whether it gives rows, as one with `RETURNING` does.
    pub(crate) fn note(&self, sql: &str, values: &[Value<'_>], gave: bool, rows: u64) {
        let mut recorded = self.0.borrow_mut();
        let Some(bytes) = recorded.as_mut() else { return };
        put_bytes(bytes, sql.as_bytes());
        bytes.push(u8::from(gave));
        bytes.extend(rows.to_be_bytes());
        bytes.extend(u16::try_from(values.len()).unwrap_or(u16::MAX).to_be_bytes());
        for value in values {
            match value {
                Value::Null => bytes.push(0),
                Value::Int(number) => {
                    bytes.push(1);
                    bytes.extend(number.to_be_bytes());
                }
                Value::Text(text) => {
                    bytes.push(2);
                    put_bytes(bytes, text.as_bytes());
                }
                Value::Bytes(content) => {
                    bytes.push(3);
                    put_bytes(bytes, content);
                }
            }
        }
    }

    /// What was recorded; nothing is recorded from now on.
    pub(crate) fn take(&self) -> Vec<u8> {
        self.0.borrow_mut().take().unwrap_or_default()
    }
}

/// SQLite holds no text or blob of more than 1 GB, so that four bytes are enough.
fn put_bytes(bytes: &mut Vec<u8>, content: &[u8]) {
    bytes.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
    bytes.extend(content);
}

/// A statement as it was recorded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Statement<'a> {
    pub(crate) sql: &'a str,
    pub(crate) gave: bool,
    pub(crate) rows: u64,
    pub(crate) values: Vec<Value<'a>>,
}

/// The statements of a record, one after the other.
pub(crate) struct Body<'a>(pub(crate) &'a [u8]);

impl<'a> Body<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = u32::from_be_bytes(self.number()?);
        self.take(usize::try_from(length).ok()?)
    }

    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    fn value(&mut self) -> Option<Value<'a>> {
        Some(match self.number::<1>()? {
            [0] => Value::Null,
            [1] => Value::Int(i64::from_be_bytes(self.number()?)),
            [2] => Value::Text(Cow::Borrowed(self.text()?)),
            [3] => Value::Bytes(Cow::Borrowed(self.bytes()?)),
            _ => return None,
        })
    }

    fn statement(&mut self) -> Option<Statement<'a>> {
        let sql = self.text()?;
        let [gave] = self.number()?;
        let rows = u64::from_be_bytes(self.number()?);
        let count = u16::from_be_bytes(self.number()?);
        let values = (0..count).map(|_| self.value()).collect::<Option<_>>()?;
        Some(Statement { sql, gave: gave != 0, rows, values })
    }

    /// Runs every statement again.
    ///
    /// Errors: the bytes are no statements, or one does not do what it did: the state is another one.
    pub(crate) fn run(mut self, db: &Sqlite) -> Result<std::result::Result<(), String>> {
        while !self.0.is_empty() {
            let Some(statement) = self.statement() else {
                return Ok(Err("a statement of it cannot be read".to_owned()));
            };
            let rows = if statement.gave {
                db.query(statement.sql, &statement.values, &mut |_| Ok(()))?.len() as u64
            } else {
                db.execute(statement.sql, &statement.values)?
            };
            if rows != statement.rows {
                let begin: String = statement.sql.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
                let reason = format!("`{begin} …` changed {} rows and changes {rows} now", statement.rows);
                return Ok(Err(reason));
            }
        }
        Ok(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::values;

    #[test]
    fn statements_come_back_from_their_bytes() {
        let recorder = Recorder::default();
        recorder.note("SELECT 1", &[], false, 0);
        assert!(recorder.take().is_empty(), "outside of a transaction nothing is recorded");
        recorder.begin();
        let bytes = vec![0_u8, 255];
        let values = values!["text", 7_i64, &bytes, None::<i64>];
        recorder.note("INSERT INTO a VALUES (?1, ?2, ?3, ?4)", &values, false, 1);
        recorder.note("DELETE FROM a RETURNING b", &[], true, 3);
        let bytes = recorder.take();
        let mut body = Body(&bytes);
        let first = body.statement().unwrap();
        assert_eq!((first.values.as_slice(), first.gave, first.rows), (&values[..], false, 1));
        let second = body.statement().unwrap();
        assert_eq!((second.sql, second.gave, second.rows), ("DELETE FROM a RETURNING b", true, 3));
        assert!(body.0.is_empty());
        for end in 1..bytes.len() {
            let mut torn = Body(&bytes[..end]);
            while torn.statement().is_some() {}
        }
    }
}
