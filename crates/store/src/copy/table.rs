//! The tables of a store, as the migrations make them.

use crate::db::{Cell, Db, Result, Row, Sqlite, Value, values};
use crate::limits::ROWS_IN_PAGE;
use crate::schema::{self, Partitions};
use jiff::Timestamp;

/// A table.
pub(super) struct Table {
    pub(super) name: String,
    columns: Vec<String>,
    /// Places of the columns of its key, in the order of the key.
    key: Vec<usize>,
    /// Whether its key is a number that the database gives.
    numbered: bool,
}

/// Every table of a version of the schema, in the order of their names.
pub(super) fn list_tables(version: usize) -> Result<Vec<Table>> {
    let db = Db::Sqlite(Sqlite::in_memory()?);
    schema::migrate_to(&db, version)?;
    let sql =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let names: Vec<String> = db.query(sql, &[], |row| row.get(0))?;
    names.into_iter().map(|name| describe(&db, name)).collect()
}

fn describe(db: &Db, name: String) -> Result<Table> {
    let sql = "SELECT name, type, pk FROM pragma_table_info(?1) ORDER BY cid";
    let columns: Vec<(String, String, i64)> =
        db.query(sql, &values![&name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let mut key: Vec<(i64, usize)> = columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.2 > 0)
        .map(|(at, column)| (column.2, at))
        .collect();
    key.sort_unstable();
    let numbered =
        matches!(key.as_slice(), [(_, at)] if columns.get(*at).is_some_and(|column| column.1 == "INTEGER"));
    let key = key.into_iter().map(|(_, at)| at).collect();
    Ok(Table { name, columns: columns.into_iter().map(|column| column.0).collect(), key, numbered })
}

/// The rows of a table after a key, in the order of the key.
pub(super) fn page_of(
    db: &Db,
    table: &Table,
    after: Option<&[Value<'static>]>,
) -> Result<Vec<Vec<Value<'static>>>> {
    let (columns, key) = (table.columns.join(", "), table.key_columns());
    let mut values = after.map(<[_]>::to_vec).unwrap_or_default();
    let places: Vec<String> = (1..=values.len()).map(|place| format!("?{place}")).collect();
    let beyond =
        if places.is_empty() { String::new() } else { format!("WHERE ({key}) > ({})", places.join(", ")) };
    values.push(ROWS_IN_PAGE.into());
    let sql = format!("SELECT {columns} FROM {} {beyond} ORDER BY {key} LIMIT ?{}", table.name, values.len());
    db.query(&sql, &values, |row| (0..table.columns.len()).map(|column| value_of(row, column)).collect())
}

fn value_of(row: &Row<'_>, column: usize) -> Result<Value<'static>> {
    Ok(match row.cell(column)? {
        Cell::Null => Value::Null,
        Cell::Int(number) => Value::Int(number),
        Cell::Text(text) => text.to_owned().into(),
        Cell::Bytes(bytes) => Value::from(bytes).into_owned(),
    })
}

impl Table {
    /// Whether a trigger of the database writes it.
    pub(super) fn is_of_trigger(&self) -> bool {
        self.name == "message_use"
    }

    pub(super) fn count(&self) -> String {
        format!("SELECT count(*) FROM {}", self.name)
    }

    pub(super) fn insert(&self) -> String {
        let places: Vec<String> = (1..=self.columns.len()).map(|place| format!("?{place}")).collect();
        format!("INSERT INTO {} ({}) VALUES ({})", self.name, self.columns.join(", "), places.join(", "))
    }

    fn key_columns(&self) -> String {
        let names: Vec<&str> =
            self.key.iter().filter_map(|at| self.columns.get(*at)).map(String::as_str).collect();
        names.join(", ")
    }

    pub(super) fn key_of(&self, row: &[Value<'static>]) -> Vec<Value<'static>> {
        self.key.iter().filter_map(|at| row.get(*at)).cloned().collect()
    }

    /// The table and the column that PostgreSQL numbers by itself.
    pub(super) fn sequence(&self) -> Option<(&str, &str)> {
        let column = self.columns.get(*self.key.first()?)?;
        self.numbered.then_some((self.name.as_str(), column.as_str()))
    }

    /// Sees to it that there is a partition for a row.
    pub(super) fn make_partition(&self, db: &Db, partitions: &Partitions, row: &[Value<'_>]) -> Result<()> {
        let number = |name: &str| {
            let at = self.columns.iter().position(|column| column == name)?;
            if let Some(Value::Int(number)) = row.get(at) { Some(*number) } else { None }
        };
        if let (true, Some(seq)) = (self.numbered, number("seq")) {
            return partitions.make_stretch(db, &self.name, seq);
        }
        if let ("fix" | "sensed", Some(at)) = (self.name.as_str(), number("at")) {
            let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
            let received = number("received").and_then(|second| Timestamp::from_second(second).ok());
            return partitions.make_month(db, &self.name, at, received.unwrap_or(at));
        }
        Ok(())
    }
}
