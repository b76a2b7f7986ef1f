//! People, keys of the API and sessions. They are few, and known when a node starts.
//!
//! What people and keys are is text of other rooms. Sessions are no facts: they end, and are forgotten.

use crate::audit::{AuditRow, append_audit};
use crate::db::{Db, Result, Row, values};
use crate::{Store, StoreError};
use jiff::Timestamp;

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// The name with which they sign in.
    pub name: String,
    /// What is registered of them, JSON.
    pub record: String,
}

/// A key of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyRow {
    /// Its name in lists.
    pub id: String,
    /// SHA-256 of the token, hexadecimal.
    pub hash: String,
    /// What is registered of it, JSON.
    pub record: String,
    /// When it was used last, roughly. Kept as it is when a key is written again.
    pub used: Option<Timestamp>,
}

/// A session of a person at a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of its token, hexadecimal.
    pub hash: String,
    /// Whose it is.
    pub person: String,
    /// How they signed in, in a word.
    pub by: String,
    /// Since when.
    pub began: Timestamp,
    /// When it was used last, roughly.
    pub seen: Timestamp,
}

/// One change to people, keys, sessions or the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityWrite {
    /// Registers a person, or changes what is registered.
    Person(PersonRow),
    /// Keeps a key, or changes what is registered of it; when it was used stays.
    ApiKey(ApiKeyRow),
    /// Notes that a key was used.
    KeyUsed {
        /// The key.
        id: String,
        /// When.
        at: Timestamp,
    },
    /// Begins a session.
    Session(SessionRow),
    /// Notes that a session was used; nothing if it has ended.
    SessionSeen {
        /// The session.
        hash: String,
        /// When.
        at: Timestamp,
    },
    /// Ends a session; nothing if it has ended.
    EndSession(String),
    /// Ends every session of a person, but for one if it is named.
    EndSessionsOf {
        /// The person.
        person: String,
        /// The one that goes on.
        but: Option<String>,
    },
    /// Forgets sessions that nobody has used since an instant.
    ForgetSessions(Timestamp),
    /// Appends to the audit log.
    Audit(AuditRow),
}

pub(crate) fn apply_identity(db: &Db, write: &IdentityWrite) -> Result<()> {
    match write {
        IdentityWrite::Person(row) => db.run(
            "INSERT INTO person (name, record) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET record = excluded.record",
            &values![&row.name, &row.record],
        ),
        IdentityWrite::ApiKey(row) => db.run(
            "INSERT INTO api_key (id, hash, record, used) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET record = excluded.record",
            &values![&row.id, &row.hash, &row.record, row.used.map(|used| used.to_string())],
        ),
        IdentityWrite::KeyUsed { id, at } => {
            db.run("UPDATE api_key SET used = ?2 WHERE id = ?1", &values![id, at.to_string()])
        }
        IdentityWrite::Session(row) => db.run(
            "INSERT INTO session (hash, person, way, began, seen) VALUES (?1, ?2, ?3, ?4, ?5)",
            &values![&row.hash, &row.person, &row.by, row.began.to_string(), row.seen.as_second()],
        ),
        IdentityWrite::SessionSeen { hash, at } => {
            db.run("UPDATE session SET seen = ?2 WHERE hash = ?1", &values![hash, at.as_second()])
        }
        IdentityWrite::EndSession(hash) => db.run("DELETE FROM session WHERE hash = ?1", &values![hash]),
        IdentityWrite::EndSessionsOf { person, but } => db.run(
            "DELETE FROM session WHERE person = ?1 AND hash <> ?2",
            &values![person, but.as_deref().unwrap_or_default()],
        ),
        IdentityWrite::ForgetSessions(before) => {
            db.run("DELETE FROM session WHERE seen < ?1", &values![before.as_second()])
        }
        IdentityWrite::Audit(row) => append_audit(db, row),
    }
}

fn read_session(row: &Row<'_>) -> Result<SessionRow> {
    let seen: i64 = row.get(4)?;
    let seen = Timestamp::from_second(seen).unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(SessionRow { hash: row.get(0)?, person: row.get(1)?, by: row.get(2)?, began: row.parsed(3)?, seen })
}

impl Store {
    /// Every person, by name.
    ///
    /// Errors: the store failed.
    pub fn list_people(&self) -> std::result::Result<Vec<PersonRow>, StoreError> {
        self.list("read people", "SELECT name, record FROM person ORDER BY name", &[], |row| {
            Ok(PersonRow { name: row.get(0)?, record: row.get(1)? })
        })
    }

    /// Every key, by id.
    ///
    /// Errors: the store failed.
    pub fn list_api_keys(&self) -> std::result::Result<Vec<ApiKeyRow>, StoreError> {
        self.list("read keys", "SELECT id, hash, record, used FROM api_key ORDER BY id", &[], |row| {
            let used: Option<String> = row.get(3)?;
            let used = match used {
                Some(_) => Some(row.parsed(3)?),
                None => None,
            };
            Ok(ApiKeyRow { id: row.get(0)?, hash: row.get(1)?, record: row.get(2)?, used })
        })
    }

    /// Every session, by its hash; those that nobody has used for long are forgotten.
    ///
    /// Errors: the store failed.
    pub fn list_sessions(&self) -> std::result::Result<Vec<SessionRow>, StoreError> {
        let sql = "SELECT hash, person, way, began, seen FROM session ORDER BY hash";
        self.list("read sessions", sql, &[], read_session)
    }
}
