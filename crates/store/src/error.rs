//! What can go wrong with the store.

/// A failure of the store. Nothing of the batch it speaks of was saved.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused, for example because the disk is full or the file is damaged.
    #[error("the store could not {doing}: {reason}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What the database said.
        reason: String,
    },
    /// There is no room left where the store is. What was saved before stays, can be read, and more is saved as soon as there is
    /// room again.
    #[error(
        "there is no room left for the store ({0}); nothing of it was saved: make room on its disk, then send it again"
    )]
    Full(String),
    /// The session with the server was lost, and it did not come back in time.
    #[error(
        "the store could not {doing}: PostgreSQL does not answer ({reason}); nothing of it was saved; start the server, then try again"
    )]
    Unreachable {
        /// What was being done.
        doing: &'static str,
        /// What was seen.
        reason: String,
    },
    /// The server went away while it committed, and could not be asked what became of it. The one case in which a batch may be
    /// saved although this is an error: a request under an idempotency key may be sent again.
    #[error(
        "PostgreSQL went away while it saved ({0}); it is not known whether the batch was saved: look, or send the request \
         again under its idempotency key"
    )]
    Unsure(String),
    /// The server came back without what it had acknowledged: an older copy, or one that did not write what it said. Nothing more
    /// is saved there.
    #[error(
        "PostgreSQL came back without a transaction that it had acknowledged; nothing more is saved: compare the server with \
         its backups, then start the node again"
    )]
    Regressed,
    /// Nobody answers where the server should be.
    #[error("PostgreSQL cannot be reached ({at}): {reason}; start it, or mend the URL given with --store")]
    NoServer {
        /// The database and where it should be.
        at: String,
        /// What was seen.
        reason: String,
    },
    /// The server is too old.
    #[error("the PostgreSQL server ({at}) is version {found}; version {oldest} or newer is needed")]
    OldServer {
        /// The database and where it is.
        at: String,
        /// Its version.
        found: String,
        /// The oldest that is good.
        oldest: i64,
    },
    /// The database is used for something else.
    #[error(
        "the database holds tables that are not Kervan's ({tables}); make one of its own: createdb kervan"
    )]
    ForeignTables {
        /// Some of them.
        tables: String,
    },
    /// The URL of the store cannot be read.
    #[error("the URL of the store cannot be read: {reason}; it looks like postgres://user@host/database")]
    Url {
        /// Why.
        reason: String,
    },
    /// There is no store at a place.
    #[error("there is no store in {at}")]
    Missing {
        /// The place.
        at: String,
    },
    /// A store that should be copied is older than this program.
    #[error(
        "the store in {at} has schema {found} and this program makes {known}; copy it with the program that wrote it, or stop its \
         node and bring it up to date with this one, for example by `kervan store check`"
    )]
    OtherVersion {
        /// The place.
        at: String,
        /// Its version.
        found: usize,
        /// The version of this program.
        known: usize,
    },
    /// Something is there already where a store should be copied to.
    #[error("{at} holds a store already (there are rows in `{table}`); choose an empty place")]
    NotEmpty {
        /// The place.
        at: String,
        /// A table that has rows.
        table: String,
    },
    /// What was written is not what was read.
    #[error(
        "the copy of `{table}` is not what was read ({found} rows of {read}): it must not be used; remove it and copy again"
    )]
    NotTheSame {
        /// The table.
        table: String,
        /// Rows that were read.
        read: u64,
        /// Rows that are there.
        found: u64,
    },
    /// Another node holds the database.
    #[error(
        "the database ({at}) is in use by another kervan process; stop it or choose another with --store"
    )]
    Held {
        /// The database and where it is.
        at: String,
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
    /// The journal cannot be written or read, or it and a store do not belong together.
    #[error("the journal ({at}): {reason}")]
    Journal {
        /// A file or folder.
        at: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The writer has stopped.
    #[error("the store is closed")]
    Closed,
}
