//! Values on their way into statements and out of rows.

use super::{Failure, Result};
use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::borrow::Cow;
use tokio_postgres::types::{IsNull, ToSql, Type};

/// A value of a statement: everything that is stored is one of these.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value<'a> {
    Null,
    Int(i64),
    Text(Cow<'a, str>),
    Bytes(Cow<'a, [u8]>),
}

impl Value<'_> {
    /// The same, without borrowing.
    pub(crate) fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Int(number) => Value::Int(number),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Bytes(bytes) => Value::Bytes(Cow::Owned(bytes.into_owned())),
        }
    }
}

/// The values of a statement, in the order of their numbers.
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::db::Value::from($value)),*] };
}
pub(crate) use values;

/// Values of which a column may be each, for `IN (SELECT value FROM json_each(?1))`: a row is found by any of them, in no order.
pub(crate) fn each<T: serde::Serialize>(values: &[T]) -> Result<Value<'static>> {
    let text = serde_json::to_string(values).map_err(|error| Failure::unreadable(&error.to_string()))?;
    Ok(Value::Text(Cow::Owned(text)))
}

macro_rules! whole_numbers {
    ($($kind:ty),*) => { $(
        impl From<$kind> for Value<'_> {
            fn from(number: $kind) -> Self { Self::Int(i64::from(number)) }
        }
        impl From<&$kind> for Value<'_> {
            fn from(number: &$kind) -> Self { Self::Int(i64::from(*number)) }
        }
    )* };
}
whole_numbers!(i64, i32, i16, u32, u16, u8, bool);

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&&'a str> for Value<'a> {
    fn from(text: &&'a str) -> Self {
        Self::Text(Cow::Borrowed(*text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(Cow::Borrowed(bytes))
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(Cow::Borrowed(bytes))
    }
}

impl<'a> From<&'a [u8; 32]> for Value<'a> {
    fn from(bytes: &'a [u8; 32]) -> Self {
        Self::Bytes(Cow::Borrowed(bytes))
    }
}

impl From<[u8; 32]> for Value<'_> {
    fn from(bytes: [u8; 32]) -> Self {
        Self::Bytes(Cow::Owned(bytes.to_vec()))
    }
}

macro_rules! optional {
    ($($kind:ty),*) => { $(
        impl<'a> From<Option<$kind>> for Value<'a> {
            fn from(value: Option<$kind>) -> Self { value.map_or(Self::Null, Self::from) }
        }
    )* };
}
optional!(i64, i32, i16, u32, u16, u8, String, &'a str);

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(value: &'a Option<String>) -> Self {
        value.as_deref().map_or(Self::Null, Self::from)
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match (self, kind) {
            (Self::Null, _) => return Ok(IsNull::Yes),
            (Self::Int(number), &Type::INT8) => out.extend_from_slice(&number.to_be_bytes()),
            (Self::Int(number), &Type::INT4) => out.extend_from_slice(&i32::try_from(*number)?.to_be_bytes()),
            (Self::Text(text), &Type::TEXT) => out.extend_from_slice(text.as_bytes()),
            (Self::Text(text), &Type::TEXT_ARRAY) => {
                return serde_json::from_str::<Vec<String>>(text)?.to_sql(kind, out);
            }
            (Self::Text(text), &Type::INT8_ARRAY) => {
                return serde_json::from_str::<Vec<i64>>(text)?.to_sql(kind, out);
            }
            (Self::Bytes(bytes), &Type::BYTEA) => out.extend_from_slice(bytes),
            (value, kind) => return Err(format!("{value:?} does not go into a column of {kind}").into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

/// A row of either database.
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

/// A value of a row.
pub(crate) enum Cell<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl Row<'_> {
    /// The value of a column. Errors: it is not of this type.
    pub(crate) fn get<T: Column>(&self, column: usize) -> Result<T> {
        T::read(self.cell(column)?)
    }

    /// A column that holds the text form of a value.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, column: usize) -> Result<T> {
        match self.cell(column)? {
            Cell::Text(text) => text.parse().map_err(|_| Failure::unreadable(text)),
            _ => Err(Failure::unreadable("a value where text should be")),
        }
    }

    /// A column that holds the text form of a value, or nothing.
    pub(crate) fn parsed_or_none<T: std::str::FromStr>(&self, column: usize) -> Result<Option<T>> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            _ => self.parsed(column).map(Some),
        }
    }

    pub(crate) fn cell(&self, column: usize) -> Result<Cell<'_>> {
        match self {
            Self::Sqlite(row) => Ok(match row.get_ref(column)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(number) => Cell::Int(number),
                ValueRef::Text(text) => Cell::Text(
                    std::str::from_utf8(text).map_err(|_| Failure::unreadable("text that is none"))?,
                ),
                ValueRef::Blob(bytes) => Cell::Bytes(bytes),
                ValueRef::Real(number) => return Err(Failure::unreadable(&number.to_string())),
            }),
            Self::Postgres(row) => {
                let kind = row.columns().get(column).map(tokio_postgres::Column::type_);
                Ok(match kind {
                    Some(&Type::INT8) => row.try_get::<_, Option<i64>>(column)?.map_or(Cell::Null, Cell::Int),
                    Some(&Type::INT4) => row
                        .try_get::<_, Option<i32>>(column)?
                        .map_or(Cell::Null, |number| Cell::Int(i64::from(number))),
                    Some(&Type::TEXT) => {
                        row.try_get::<_, Option<&str>>(column)?.map_or(Cell::Null, Cell::Text)
                    }
                    Some(&Type::BYTEA) => {
                        row.try_get::<_, Option<&[u8]>>(column)?.map_or(Cell::Null, Cell::Bytes)
                    }
                    other => return Err(Failure::unreadable(&format!("a column of {other:?}"))),
                })
            }
        }
    }
}

/// What a column can be read as.
pub(crate) trait Column: Sized {
    fn read(cell: Cell<'_>) -> Result<Self>;
}

impl<T: Column> Column for Option<T> {
    fn read(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Null => Ok(None),
            other => T::read(other).map(Some),
        }
    }
}

impl Column for String {
    fn read(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Text(text) => Ok(text.to_owned()),
            _ => Err(Failure::unreadable("a value where text should be")),
        }
    }
}

impl Column for Vec<u8> {
    fn read(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Bytes(bytes) => Ok(bytes.to_vec()),
            _ => Err(Failure::unreadable("a value where bytes should be")),
        }
    }
}

impl Column for [u8; 32] {
    fn read(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Bytes(bytes) => {
                bytes.try_into().map_err(|_| Failure::unreadable("a hash of another length"))
            }
            _ => Err(Failure::unreadable("a value where a hash should be")),
        }
    }
}

impl Column for bool {
    fn read(cell: Cell<'_>) -> Result<Self> {
        i64::read(cell).map(|number| number != 0)
    }
}

impl Column for i64 {
    fn read(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Int(number) => Ok(number),
            _ => Err(Failure::unreadable("a value where a number should be")),
        }
    }
}

macro_rules! narrow_numbers {
    ($($kind:ty),*) => { $(
        impl Column for $kind {
            fn read(cell: Cell<'_>) -> Result<Self> {
                let number = i64::read(cell)?;
                Self::try_from(number).map_err(|_| Failure::unreadable(&number.to_string()))
            }
        }
    )* };
}
narrow_numbers!(i32, i16, u32, u16, u8);
