//! Moving a store, and keeping a copy of it: every row of every table, whichever database is on either side, counted and hashed on
//! both.
//!
//! The source is read in one view of its data, so that a copy of a node at work is the state of one instant. What is copied is
//! what the schema says: tables and keys are read from the migrations, so none is forgotten when one is added.

mod table;

use crate::StoreError;
use crate::db::{Db, Result as DbResult, Value};
use crate::limits::ROWS_IN_PAGE;
use crate::schema::{self, Partitions};
use crate::store::{FolderLock, Source, StoreLocation};
use sha2::{Digest, Sha256};
use table::{Table, list_tables, page_of};

/// A table of a store: how many rows, and a hash over all of them in the order of its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSum {
    /// Its name.
    pub table: String,
    /// Number of rows.
    pub rows: u64,
    /// SHA-256 over every value of every row. Shape: 64 hexadecimal digits.
    pub hash: String,
}

/// How far a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyProgress<'a> {
    /// The table at hand.
    pub table: &'a str,
    /// Rows of all tables that are done.
    pub done: u64,
    /// Rows of all tables; each is counted twice, because it is written and then verified.
    pub of: u64,
}

/// Copies a store to a place where there is none, and verifies every row of it.
///
/// `tell` is called now and then. With `online` the source may be in use by a node: the copy is its state at one instant. Without,
/// the source is locked, so that nothing that a node saves meanwhile is left behind.
///
/// Errors: a place cannot be used, the source is of another version, the target is not empty, or what was written is not what was
/// read.
pub fn copy_store(
    from: &StoreLocation,
    to: &StoreLocation,
    online: bool,
    tell: &mut dyn FnMut(CopyProgress<'_>),
) -> Result<Vec<TableSum>, StoreError> {
    if !from.may_hold_store() {
        return Err(StoreError::Missing { at: from.to_string() });
    }
    let tables = list_tables().map_err(|error| error.told("read its schema"))?;
    let (_lock, source) = open_source(from, online)?;
    let _lock = FolderLock::take(to.folder())?;
    let target = crate::commit::open_writer(&Source::of(to)?)?;
    schema::migrate(&target)?;
    let doing = "copy a store";
    let failed = |error: crate::db::Failure| error.told(doing);
    for table in &tables {
        if !table.is_of_trigger() && target.number(&table.count(), &[]).map_err(failed)? > 0 {
            return Err(StoreError::NotEmpty { at: to.to_string(), table: table.name.clone() });
        }
    }
    source.begin_view().map_err(failed)?;
    let mut of = 0;
    for table in &tables {
        of += 2 * source.number(&table.count(), &[]).map_err(failed)?.unsigned_abs();
    }
    let mut progress = Telling { tell, done: 0, of };
    let partitions = Partitions::open(&target).map_err(failed)?;
    let mut sums = Vec::new();
    for table in &tables {
        let sum = write_table(&source, &target, &partitions, table, &mut progress).map_err(failed)?;
        sums.push(sum);
    }
    if let Db::Postgres(_) = &target {
        schema::restart_sequences(&target, tables.iter().filter_map(Table::sequence)).map_err(failed)?;
    }
    for (table, sum) in tables.iter().zip(&sums) {
        let found = sum_of(&target, table, &mut progress).map_err(failed)?;
        if found != *sum {
            return Err(StoreError::NotTheSame {
                table: table.name.clone(),
                read: sum.rows,
                found: found.rows,
            });
        }
    }
    source.roll_back();
    crate::journal::leave_folder(&target).map_err(failed)?;
    if let Db::Postgres(session) = &target {
        session.unlock();
    }
    Ok(sums)
}

/// The sums of a store's tables, in the order of their names; the store may be in use.
///
/// Errors: the store cannot be read, or is of another version.
pub fn sum_store(
    at: &StoreLocation,
    tell: &mut dyn FnMut(CopyProgress<'_>),
) -> Result<Vec<TableSum>, StoreError> {
    if !at.may_hold_store() {
        return Err(StoreError::Missing { at: at.to_string() });
    }
    let failed = |error: crate::db::Failure| error.told("sum a store up");
    let tables = list_tables().map_err(failed)?;
    let (_lock, source) = open_source(at, true)?;
    source.begin_view().map_err(failed)?;
    let mut progress = Telling { tell, done: 0, of: 0 };
    tables.iter().map(|table| sum_of(&source, table, &mut progress).map_err(failed)).collect()
}

fn open_source(from: &StoreLocation, online: bool) -> Result<(Option<FolderLock>, Db), StoreError> {
    let source = Source::of(from)?;
    let (lock, db) = if online {
        (None, source.open_reader()?)
    } else {
        // A file is locked by its folder, a database by itself.
        let lock = match from {
            StoreLocation::Folder(folder) => Some(FolderLock::take(folder)?),
            StoreLocation::Postgres { .. } => None,
        };
        (lock, crate::commit::open_writer(&source)?)
    };
    let found = schema::version(&db).map_err(|error| error.told("read its version"))?;
    if found != schema::newest() {
        return Err(StoreError::OtherVersion { at: from.to_string() });
    }
    Ok((lock, db))
}

/// How far the work is, and whom to tell.
struct Telling<'a> {
    tell: &'a mut dyn FnMut(CopyProgress<'_>),
    done: u64,
    of: u64,
}

impl Telling<'_> {
    fn on(&mut self, table: &Table, rows: usize) {
        self.done += rows as u64;
        (self.tell)(CopyProgress { table: &table.name, done: self.done, of: self.of });
    }
}

fn write_table(
    source: &Db,
    target: &Db,
    partitions: &Partitions,
    table: &Table,
    progress: &mut Telling<'_>,
) -> DbResult<TableSum> {
    let insert = table.insert();
    walk(source, table, progress, |rows| {
        if table.is_of_trigger() {
            return Ok(());
        }
        target.begin()?;
        for row in rows {
            table.make_partition(target, partitions, row)?;
            target.run(&insert, row)?;
        }
        target.commit()?;
        partitions.keep();
        Ok(())
    })
}

fn sum_of(db: &Db, table: &Table, progress: &mut Telling<'_>) -> DbResult<TableSum> {
    walk(db, table, progress, |_| Ok(()))
}

/// Walks through a table page by page in the order of its key, and sums it up.
fn walk(
    db: &Db,
    table: &Table,
    progress: &mut Telling<'_>,
    mut see: impl FnMut(&[Vec<Value<'static>>]) -> DbResult<()>,
) -> DbResult<TableSum> {
    let (mut hash, mut count) = (Sha256::new(), 0);
    let mut last: Option<Vec<Value<'static>>> = None;
    loop {
        let rows = page_of(db, table, last.as_deref())?;
        see(&rows)?;
        for row in &rows {
            row.iter().for_each(|value| add(&mut hash, value));
        }
        count += rows.len() as u64;
        progress.on(table, rows.len());
        let short = rows.len() < ROWS_IN_PAGE as usize;
        last = rows.last().map(|row| table.key_of(row));
        if short {
            let hash = data_encoding::HEXLOWER.encode(&hash.finalize());
            return Ok(TableSum { table: table.name.clone(), rows: count, hash });
        }
    }
}

/// Adds a value to a hash: what it is, how long it is, and itself, so that no two rows look alike.
fn add(hash: &mut Sha256, value: &Value<'_>) {
    let (kind, bytes): (u8, &[u8]) = match value {
        Value::Null => (0, &[]),
        Value::Int(number) => {
            hash.update([1]);
            hash.update(number.to_be_bytes());
            return;
        }
        Value::Text(text) => (2, text.as_bytes()),
        Value::Bytes(bytes) => (3, bytes),
    };
    hash.update([kind]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}
