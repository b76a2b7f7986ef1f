//! Where a journal is: its lock, and whether the file that is open is still the one that stands under its name.

use super::fault;
use super::file::told;
use crate::StoreError;
use crate::store::FolderLock;
use std::fs::Metadata;
use std::io;
use std::path::Path;

/// Which file a name stands for. A disk that was taken away, or a file that was removed, leaves an open file where nobody finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place(Option<(u64, u64)>);

impl Place {
    #[cfg(unix)]
    pub(super) fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self(Some((metadata.dev(), metadata.ino())))
    }

    /// Where files have no number it is only seen whether the name is there.
    #[cfg(not(unix))]
    pub(super) fn of(_: &Metadata) -> Self {
        Self(None)
    }

    /// Whether the file stands under a name.
    pub(super) fn is_at(self, path: &Path) -> bool {
        std::fs::metadata(path).is_ok_and(|metadata| Self::of(&metadata) == self)
    }
}

/// Keeps other processes out of the folder of a journal. The folder is not made: that of a disk that is not mounted would be another.
///
/// Errors: it is not there, or another process writes it.
pub(super) fn lock(folder: &Path) -> Result<FolderLock, StoreError> {
    if !folder.is_dir() {
        return Err(fault(
            folder,
            "the folder is not there: bring its disk back, or go on without it (kervan store journal end)",
        ));
    }
    match FolderLock::take(folder) {
        Err(StoreError::InUse { .. }) => Err(fault(
            folder,
            "another kervan process writes it, for this store or for a copy of it; stop that one first",
        )),
        Err(StoreError::Folder { source, .. }) => Err(unwritten(folder, &source)),
        outcome => outcome,
    }
}

/// What is said when the journal cannot be written.
pub(super) fn unwritten(at: &Path, error: &io::Error) -> StoreError {
    match told(at, error) {
        StoreError::Journal { at, reason } => {
            StoreError::Journal { at, reason: format!("{reason}; {REMEDY}") }
        }
        other => other,
    }
}

/// What is said when the file is not where it was.
pub(super) fn gone(at: &Path) -> StoreError {
    fault(at, format!("it is not there any more; {REMEDY}"))
}

const REMEDY: &str = "nothing is saved until it can be written: bring its disk back, the next request tries again; or stop the node \
                      and go on without it (kervan store journal end)";
