//! A thin layer over the two databases, so that every statement of the store stands once.
//!
//! Statements are written as SQLite has them (`?1`, `ON CONFLICT`, `max(a, b)`); PostgreSQL gets `$1` for `?1` and `= ANY($1)` for
//! `IN (SELECT value FROM json_each(?1))`, and its schema has functions for the few words it lacks. Values are whole numbers, text
//! and bytes: nothing else is stored. Where the two really differ the difference stands here and in `schema`: types of columns,
//! partitions, how a commit is made and what a lost connection means.

mod failure;
mod postgres;
mod sqlite;
mod tls;
mod value;

pub(crate) use failure::{Failure, Result};
pub(crate) use postgres::{Postgres, PostgresTarget};
pub(crate) use sqlite::Sqlite;
pub(crate) use value::{Cell, Row, Value, each, values};

/// A connection to either database.
pub(crate) enum Db {
    /// A file.
    Sqlite(Sqlite),
    /// A session with a server.
    Postgres(Box<Postgres>),
}

impl Db {
    /// Runs a statement whose outcome nobody looks at. PostgreSQL may be told later, in one go with others; what goes wrong then
    /// is said by a later call, at the latest by `commit`.
    pub(crate) fn run(&self, sql: &str, values: &[Value<'_>]) -> Result<()> {
        match self {
            Self::Sqlite(db) => db.execute(sql, values).map(|_| ()),
            Self::Postgres(db) => db.defer(sql, values),
        }
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        match self {
            Self::Sqlite(db) => db.execute(sql, values),
            Self::Postgres(db) => db.execute(sql, values),
        }
    }

    /// The rows of a statement.
    pub(crate) fn query<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        match self {
            Self::Sqlite(db) => db.query(sql, values, &mut read),
            Self::Postgres(db) => {
                db.query(sql, values)?.iter().map(|row| read(&Row::Postgres(row))).collect()
            }
        }
    }

    /// The first row of a statement, if it has one.
    pub(crate) fn find<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        match self {
            Self::Sqlite(db) => db.find(sql, values, &mut read),
            Self::Postgres(db) => {
                db.query(sql, values)?.first().map(|row| read(&Row::Postgres(row))).transpose()
            }
        }
    }

    /// The whole number that a statement gives; nought if it gives none.
    pub(crate) fn number(&self, sql: &str, values: &[Value<'_>]) -> Result<i64> {
        Ok(self.find(sql, values, |row| row.get::<Option<i64>>(0))?.flatten().unwrap_or(0))
    }

    /// The rows of one statement for many sets of values, in their order. PostgreSQL is asked for all at once.
    pub(crate) fn query_each<T>(
        &self,
        sql: &str,
        sets: &[Vec<Value<'_>>],
        mut read: impl FnMut(usize, &Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        match self {
            Self::Sqlite(db) => {
                let _one_view = db.begin_view()?;
                for (index, values) in sets.iter().enumerate() {
                    found.extend(db.query(sql, values, &mut |row| read(index, row))?);
                }
            }
            Self::Postgres(db) => {
                for (index, rows) in db.query_each(sql, sets)?.iter().enumerate() {
                    for row in rows {
                        found.push(read(index, &Row::Postgres(row))?);
                    }
                }
            }
        }
        Ok(found)
    }

    /// The rows of several statements, each read with the number of its statement. PostgreSQL is asked for all at once.
    pub(crate) fn query_several(
        &self,
        asked: &[(&str, &[Value<'_>])],
        mut read: impl FnMut(usize, &Row<'_>) -> Result<()>,
    ) -> Result<()> {
        match self {
            Self::Sqlite(db) => {
                let _one_view = db.begin_view()?;
                for (index, (sql, values)) in asked.iter().enumerate() {
                    db.query(sql, values, &mut |row| read(index, row))?;
                }
            }
            Self::Postgres(db) => {
                for (index, rows) in db.query_several(asked)?.iter().enumerate() {
                    for row in rows {
                        read(index, &Row::Postgres(row))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Runs statements that have no values and stand in no cache, one after the other.
    pub(crate) fn batch(&self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(db) => db.batch(sql),
            Self::Postgres(db) => db.batch(sql),
        }
    }

    /// Begins to see the data as it is now, until `roll_back`, whatever others write meanwhile.
    pub(crate) fn begin_view(&self) -> Result<()> {
        match self {
            Self::Sqlite(db) => db.batch("BEGIN"),
            Self::Postgres(db) => {
                db.begin_as("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
                Ok(())
            }
        }
    }

    /// Begins a transaction that will write.
    pub(crate) fn begin(&self) -> Result<()> {
        match self {
            Self::Sqlite(db) => db.batch("BEGIN IMMEDIATE"),
            Self::Postgres(db) => {
                db.begin();
                Ok(())
            }
        }
    }

    /// Commits; when it returns well, what was written is on the disk.
    pub(crate) fn commit(&self) -> Result<()> {
        match self {
            Self::Sqlite(db) => db.batch("COMMIT"),
            Self::Postgres(db) => db.commit(),
        }
    }

    /// Forgets what the transaction wrote; good if none is open.
    pub(crate) fn roll_back(&self) {
        match self {
            Self::Sqlite(db) => db.roll_back(),
            Self::Postgres(db) => db.roll_back(),
        }
    }

    /// Whether it is the embedded one.
    pub(crate) const fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}
