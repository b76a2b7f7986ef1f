//! Where a copy is written.

use super::find_rows;
use crate::StoreError;
use crate::db::{Db, Sqlite};
use crate::store::{FILE, FolderLock, Source, StoreLocation};
use std::path::{Path, PathBuf};

/// Name of the file until it is whole. What stands there from a copy that did not end is of no use to anybody.
const UNFINISHED: &str = "kervan.sqlite.unfinished";

/// The place of a copy that is being written.
pub(crate) struct Target {
    pub(crate) db: Db,
    /// The folder of a file; none of a database.
    folder: Option<PathBuf>,
    _lock: FolderLock,
}

impl Target {
    /// Errors: the place cannot be used, is in use, or holds a store with rows.
    pub(super) fn begin(to: &StoreLocation) -> Result<Self, StoreError> {
        let lock = FolderLock::take(to.folder())?;
        let StoreLocation::Folder(folder) = to else {
            let db = crate::commit::open_writer(&Source::of(to)?)?;
            return Ok(Self { db, folder: None, _lock: lock });
        };
        if to.may_hold_store() {
            // Opened for writing, so that nothing of it is left beside its file.
            let db = Source::of(to)?.open_writer()?;
            if let Some(table) = find_rows(&db)? {
                return Err(StoreError::NotEmpty { at: to.to_string(), table });
            }
        }
        remove(folder);
        let db =
            Sqlite::open_writer(&folder.join(UNFINISHED)).map_err(|error| error.told("open its file"))?;
        Ok(Self { db: Db::Sqlite(db), folder: Some(folder.clone()), _lock: lock })
    }

    /// Makes the copy a store: it is whole.
    pub(crate) fn finish(self) -> Result<(), StoreError> {
        let Some(folder) = self.folder.clone() else {
            if let Db::Postgres(session) = &self.db {
                session.unlock();
            }
            return Ok(());
        };
        let doing = "put the copy into its place";
        // What stands in the log comes into the file, which then is one by itself.
        let whole = self.db.query("PRAGMA wal_checkpoint(TRUNCATE)", &[], |row| row.get::<i64>(0));
        if whole.map_err(|error| error.told(doing))? != [0] {
            let reason =
                "somebody else reads the file that is not whole yet; end that program, then copy again"
                    .to_owned();
            return Err(StoreError::Database { doing, reason });
        }
        let Self { db, _lock, .. } = self;
        drop(db);
        let file = folder.join(FILE);
        let put = std::fs::rename(folder.join(UNFINISHED), &file)
            .and_then(|()| std::fs::File::open(&folder)?.sync_all());
        put.map_err(|source| StoreError::Folder { folder: folder.display().to_string(), source })
    }
}

/// Removes what a copy has left that did not end.
fn remove(folder: &Path) {
    for ending in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(folder.join(format!("{UNFINISHED}{ending}"))));
    }
}
