//! What goes wrong below the store, before it is told in the store's words.

use crate::StoreError;

/// The outcome of something asked of a database.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// A failure of a database, or of our own on its way through it.
#[derive(Debug)]
pub(crate) enum Failure {
    Sqlite(rusqlite::Error),
    Postgres(tokio_postgres::Error),
    /// The session with the server is gone, and with it all that was not committed.
    Lost(String),
    /// The session was lost while a commit was under way, and the server could not be asked what became of it.
    Unsure(String),
    /// Raised by the store itself.
    Own(StoreError),
}

impl Failure {
    /// A stored value that is not what it was when it was written.
    pub(crate) fn unreadable(text: &str) -> Self {
        Self::Own(StoreError::Unreadable(text.chars().take(80).collect()))
    }

    /// Whether the session with the server is gone.
    pub(crate) fn is_lost(&self) -> bool {
        matches!(self, Self::Lost(_) | Self::Unsure(_))
    }

    /// Whether it may be that what is spoken of was saved all the same.
    pub(crate) fn is_unsure(&self) -> bool {
        matches!(self, Self::Unsure(_))
    }

    /// Whether there is no room for what should be written: the disk is full, or a quota or limit of the process is reached.
    pub(crate) fn is_full(&self) -> bool {
        match self {
            // A quota and a limit come as a write that fails, and so does a disk that is about to break: the remedy begins alike.
            Self::Sqlite(rusqlite::Error::SqliteFailure(told, _)) => {
                told.code == rusqlite::ErrorCode::DiskFull
                    || told.extended_code == rusqlite::ffi::SQLITE_IOERR_WRITE
            }
            // Class of SQLSTATE: 53100 disk full.
            Self::Postgres(error) => error.code().is_some_and(|code| code.code() == "53100"),
            Self::Own(own) => matches!(own, StoreError::Full(_)),
            _ => false,
        }
    }

    /// As the answer to a batch.
    pub(crate) fn not_saved(self) -> StoreError {
        match self {
            full if full.is_full() => full.told("save"),
            Self::Sqlite(_) | Self::Postgres(_) => StoreError::NotSaved(self.to_string()),
            other => other.told("save"),
        }
    }

    /// As the store's own error, saying what was being done.
    pub(crate) fn told(self, doing: &'static str) -> StoreError {
        match self {
            Self::Own(own) => own,
            Self::Lost(reason) => StoreError::Unreachable { doing, reason },
            Self::Unsure(reason) => StoreError::Unsure(reason),
            full if full.is_full() => StoreError::Full(full.to_string()),
            other => StoreError::Database { doing, reason: other.to_string() },
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Own(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        // Classes of SQLSTATE: 08 connection, 57P operator intervention (the server stops or starts).
        let lost =
            error.code().is_some_and(|code| code.code().starts_with("08") || code.code().starts_with("57P"));
        if lost || error.is_closed() || (error.as_db_error().is_none() && is_of_transport(&error)) {
            Self::Lost(words_of(&error))
        } else {
            Self::Postgres(error)
        }
    }
}

/// Whether the socket failed, and not a value on its way into a statement.
fn is_of_transport(error: &tokio_postgres::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if inner.is::<std::io::Error>() {
            return true;
        }
        cause = inner.source();
    }
    false
}

/// What the server said, or why it could not.
fn words_of(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(said) => match said.detail() {
            Some(detail) => format!("{} ({detail})", said.message()),
            None => said.message().to_owned(),
        },
        None => match std::error::Error::source(error) {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        },
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(error) => write!(f, "{error}"),
            Self::Postgres(error) => write!(f, "{}", words_of(error)),
            Self::Lost(reason) | Self::Unsure(reason) => write!(f, "{reason}"),
            Self::Own(own) => write!(f, "{own}"),
        }
    }
}
