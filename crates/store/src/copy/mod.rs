//! Moving a store, and keeping a copy of it: every row of every table, whichever database is on either side, counted and hashed on
//! both.
//!
//! The source is read in one view of its data, so that a copy of a node at work is the state of one instant. What is copied is
//! what the schema says: tables and keys are read from the migrations, so none is forgotten when one is added. A copy in a file has
//! another name until it is whole, so that half a copy is never taken for a store.

mod table;
mod target;

use crate::StoreError;
use crate::db::{Db, Result as DbResult, Value};
use crate::limits::ROWS_IN_PAGE;
use crate::schema::{self, Partitions};
use crate::store::{FolderLock, Source, StoreLocation};
use sha2::{Digest, Sha256};
use table::{Table, list_tables, page_of};
pub(crate) use target::Target;

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
    let newest = schema::newest();
    let (_lock, source, found) = open_source(from, online)?;
    if found != newest {
        return Err(StoreError::OtherVersion { at: from.to_string(), found, known: newest });
    }
    let target = Target::begin(to)?;
    let sums = copy_rows(&source, (to, &target.db), newest, tell)?;
    crate::journal::leave_folder(&target.db).map_err(|error| error.told(DOING))?;
    target.finish()?;
    Ok(sums)
}

/// Copies a backup, which may be of an older version, as it is to a place where there is none; the copy is of that version.
///
/// Errors: as of [`copy_store`]; the target is not finished.
pub(crate) fn copy_backup(
    from: &StoreLocation,
    to: &StoreLocation,
    tell: &mut dyn FnMut(CopyProgress<'_>),
) -> Result<Target, StoreError> {
    let (_lock, source, version) = open_source(from, true)?;
    let target = Target::begin(to)?;
    copy_rows(&source, (to, &target.db), version, tell)?;
    crate::journal::leave_folder(&target.db).map_err(|error| error.told(DOING))?;
    Ok(target)
}

/// What is being done, for errors.
const DOING: &str = "copy a store";

fn copy_rows(
    source: &Db,
    (to, target): (&StoreLocation, &Db),
    version: usize,
    tell: &mut dyn FnMut(CopyProgress<'_>),
) -> Result<Vec<TableSum>, StoreError> {
    let failed = |error: crate::db::Failure| error.told(DOING);
    let tables = list_tables(version).map_err(|error| error.told("read its schema"))?;
    schema::migrate_to(target, version)?;
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
    let partitions = Partitions::open(target).map_err(failed)?;
    let mut sums = Vec::new();
    for table in &tables {
        let sum = write_table(source, target, &partitions, table, &mut progress).map_err(failed)?;
        sums.push(sum);
    }
    if let Db::Postgres(_) = &target {
        schema::restart_sequences(target, tables.iter().filter_map(Table::sequence)).map_err(failed)?;
    }
    for (table, sum) in tables.iter().zip(&sums) {
        let found = sum_of(target, table, &mut progress).map_err(failed)?;
        if found != *sum {
            return Err(StoreError::NotTheSame {
                table: table.name.clone(),
                read: sum.rows,
                found: found.rows,
            });
        }
    }
    source.roll_back();
    Ok(sums)
}

/// Whether any table of a store has rows, and which.
fn find_rows(db: &Db) -> Result<Option<String>, StoreError> {
    let failed = |error: crate::db::Failure| error.told(DOING);
    let version = schema::find_version(db)?;
    for table in list_tables(version).map_err(failed)? {
        if !table.is_of_trigger() && db.number(&table.count(), &[]).map_err(failed)? > 0 {
            return Ok(Some(table.name));
        }
    }
    Ok(None)
}

/// The sums of a store's tables, in the order of their names; the store may be in use.
///
/// Errors: the store cannot be read, or is of a newer version.
pub fn sum_store(
    at: &StoreLocation,
    tell: &mut dyn FnMut(CopyProgress<'_>),
) -> Result<Vec<TableSum>, StoreError> {
    let failed = |error: crate::db::Failure| error.told("sum a store up");
    let (_lock, source, version) = open_source(at, true)?;
    let tables = list_tables(version).map_err(failed)?;
    source.begin_view().map_err(failed)?;
    let mut progress = Telling { tell, done: 0, of: 0 };
    tables.iter().map(|table| sum_of(&source, table, &mut progress).map_err(failed)).collect()
}

/// Opens a store to read all of it, and says of which version it is.
///
/// Errors: there is none, it cannot be read, or its version is newer than this program knows.
fn open_source(from: &StoreLocation, online: bool) -> Result<(Option<FolderLock>, Db, usize), StoreError> {
    if !from.may_hold_store() {
        return Err(StoreError::Missing { at: from.to_string() });
    }
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
    let found = schema::find_version(&db)?;
    Ok((lock, db, found))
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
