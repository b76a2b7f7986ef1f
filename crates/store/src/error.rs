//! What can go wrong with the store.

/// A failure of the store. Nothing of the batch it speaks of was saved.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused, for example because the disk is full or the file is damaged.
    #[error("the store could not {doing}: {source}")]
    Sqlite {
        /// What was being done.
        doing: &'static str,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The folder or file could not be made.
    #[error("the data folder {folder} cannot be used: {source}")]
    Folder {
        /// The folder.
        folder: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another process holds the data folder.
    #[error(
        "the data folder {folder} is in use by another kervan process; stop it or choose another folder with --data"
    )]
    InUse {
        /// The folder.
        folder: String,
    },
    /// The file was written by a newer version.
    #[error("the store has schema {found}, this program knows up to {known}; use the newer program")]
    TooNew {
        /// Version in the file.
        found: i64,
        /// Newest version known.
        known: i64,
    },
    /// A batch is larger than the limit.
    #[error("a batch of {0} writes is larger than the limit; split it")]
    TooLarge(usize),
    /// A stored value cannot be read back.
    #[error("the store holds a value that cannot be read: {0}")]
    Unreadable(String),
    /// Less than a batch wants to reserve is free on a guarantee account, or the account is closed or unknown.
    #[error("guarantee {grn} does not cover the reservation")]
    Shortfall {
        /// The account.
        grn: kervan_codes::Grn,
    },
    /// Another batch was quicker on the control team of the day.
    #[error("the controls of {team} on {day} have changed meanwhile")]
    Outrun {
        /// The office or territory.
        team: String,
        /// The day.
        day: String,
    },
    /// The batch failed in the writer.
    #[error("the batch was not saved: {0}")]
    NotSaved(String),
    /// The writer has stopped.
    #[error("the store is closed")]
    Closed,
}
