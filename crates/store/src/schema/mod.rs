//! The schema, as forward-only migrations.
//!
//! They are written for SQLite. PostgreSQL begins with the schema as it was after the thirteenth, with partitions
//! (`postgres.sql`), and takes every later one in its own words for the types; one that cannot be put in its words by rule has a
//! text of its own in `APART`.

mod partitions;
mod translate;

pub(crate) use partitions::Partitions;

use crate::StoreError;
use crate::db::{Db, Failure, Result};
use translate::translated;

/// The number of the first migration that PostgreSQL knows.
const FIRST_OF_POSTGRES: usize = 13;

/// The schema of PostgreSQL as it begins.
const POSTGRES: &str = include_str!("postgres.sql");

/// The migration that gives long rows numbers, which only SQLite has: without them it reads a whole row for each comparison of a key.
const ROWS_IN_NUMBERS: usize = 19;

/// Migrations that PostgreSQL needs in other words than SQLite, by their numbers.
const APART: &[(usize, &str)] = &[(ROWS_IN_NUMBERS, ""), (WORDS_FOR_POSTGRES, UNHEX)];

/// The migration that gives PostgreSQL a word that SQLite has.
const WORDS_FOR_POSTGRES: usize = 20;

/// The dossier of a consignment stands as text, its entries under the bytes of that.
const UNHEX: &str =
    "CREATE FUNCTION unhex(digits text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS 'SELECT decode(digits, ''hex'')';";

/// Each migration brings the store from its index to the next version. Never edit one that has been released; add one.
const MIGRATIONS: &[&str] = &["
CREATE TABLE party (
  id TEXT PRIMARY KEY, record TEXT NOT NULL, key_pem TEXT, token_hash TEXT UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, dossier TEXT NOT NULL, kind TEXT NOT NULL, author TEXT NOT NULL,
  authored TEXT NOT NULL, entry TEXT NOT NULL
) STRICT;
CREATE INDEX entry_by_dossier ON entry (dossier, seq);

CREATE TABLE event (
  seq INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, reference TEXT, event_type TEXT NOT NULL, biz_step TEXT,
  read_point TEXT, event_time TEXT NOT NULL, record_time TEXT NOT NULL, event TEXT NOT NULL
) STRICT;
CREATE INDEX event_by_reference ON event (reference, event_time) WHERE reference IS NOT NULL;
CREATE INDEX event_by_time ON event (event_time);

CREATE TABLE position (
  seq INTEGER PRIMARY KEY, reference TEXT NOT NULL, at TEXT NOT NULL, lat_e7 INTEGER NOT NULL, lon_e7 INTEGER NOT NULL,
  link TEXT
) STRICT;
CREATE INDEX position_by_reference ON position (reference, seq);

CREATE TABLE eta (
  seq INTEGER PRIMARY KEY, reference TEXT NOT NULL, given TEXT NOT NULL, p10 TEXT NOT NULL, p50 TEXT NOT NULL,
  p90 TEXT NOT NULL, because TEXT NOT NULL, estimate TEXT NOT NULL
) STRICT;
CREATE INDEX eta_by_reference ON eta (reference, seq);

CREATE TABLE consignment (
  reference TEXT PRIMARY KEY, dossier TEXT NOT NULL UNIQUE, state TEXT NOT NULL, summary TEXT NOT NULL,
  updated TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX consignment_by_state ON consignment (state, reference);

CREATE TABLE movement (
  id TEXT PRIMARY KEY, reference TEXT NOT NULL, state TEXT NOT NULL, movement TEXT NOT NULL, updated TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX movement_by_reference ON movement (reference, id);
CREATE INDEX movement_by_state ON movement (state, id);

CREATE TABLE equipment (number TEXT PRIMARY KEY, reference TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE change (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, payload TEXT NOT NULL
) STRICT;

CREATE TABLE answer (
  party TEXT NOT NULL, key TEXT NOT NULL, request_hash TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (party, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
", "
CREATE TABLE rule_pack (
  hash TEXT PRIMARY KEY, pack TEXT NOT NULL, version TEXT NOT NULL, territory TEXT NOT NULL, content TEXT NOT NULL,
  signature TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_by_kind ON entry (kind, seq);
", "
CREATE TABLE guarantee (
  grn TEXT PRIMARY KEY, holder TEXT NOT NULL, record TEXT NOT NULL, reference_amount INTEGER NOT NULL,
  reserved INTEGER NOT NULL DEFAULT 0, open INTEGER NOT NULL, updated TEXT NOT NULL,
  CHECK (reserved >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX guarantee_by_holder ON guarantee (holder, grn);

CREATE TABLE guarantee_hold (
  movement TEXT NOT NULL, grn TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount >= 0), since TEXT NOT NULL,
  PRIMARY KEY (movement, grn)
) STRICT, WITHOUT ROWID;
CREATE INDEX guarantee_hold_by_grn ON guarantee_hold (grn, movement);

CREATE TABLE guarantee_act (
  seq INTEGER PRIMARY KEY, grn TEXT NOT NULL, act TEXT NOT NULL, movement TEXT, amount INTEGER NOT NULL,
  reserved INTEGER NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL, why TEXT NOT NULL
) STRICT;
CREATE INDEX guarantee_act_by_grn ON guarantee_act (grn, seq);

ALTER TABLE movement ADD COLUMN due TEXT;
CREATE INDEX movement_by_due ON movement (due) WHERE due IS NOT NULL;
ALTER TABLE movement ADD COLUMN mrn TEXT;
CREATE INDEX movement_by_mrn ON movement (mrn) WHERE mrn IS NOT NULL;
", "
CREATE TABLE screening_decision (
  seq INTEGER PRIMARY KEY, territory TEXT NOT NULL, question TEXT NOT NULL, reference TEXT NOT NULL, decided TEXT NOT NULL,
  decision TEXT NOT NULL
) STRICT;
CREATE INDEX screening_decision_by_question ON screening_decision (territory, question, seq);
", "
ALTER TABLE entry RENAME TO entry_by_text;
DROP INDEX entry_by_dossier;
DROP INDEX entry_by_kind;
CREATE TABLE entry (
  seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, dossier BLOB NOT NULL, kind TEXT NOT NULL, author TEXT NOT NULL,
  authored TEXT NOT NULL, entry TEXT NOT NULL, CHECK (length(id) = 32 AND length(dossier) = 32)
) STRICT;
INSERT INTO entry (seq, id, dossier, kind, author, authored, entry)
  SELECT seq, unhex(id), unhex(dossier), kind, author, authored, entry FROM entry_by_text ORDER BY seq;
CREATE INDEX entry_by_dossier ON entry (dossier, seq);
CREATE INDEX entry_by_kind ON entry (kind, seq);
DROP TABLE entry_by_text;
", "
CREATE TABLE captured (
  seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, event_time INTEGER NOT NULL, record_time INTEGER NOT NULL,
  context INTEGER NOT NULL, reference TEXT, keys BLOB NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX captured_by_time ON captured (event_time);
CREATE TABLE event_context (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, context TEXT NOT NULL) STRICT;
CREATE TABLE capture_job (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, party TEXT NOT NULL, running INTEGER NOT NULL, job TEXT NOT NULL,
  document TEXT
) STRICT;
CREATE INDEX capture_job_running ON capture_job (seq) WHERE running = 1;
CREATE TABLE event_query (name TEXT PRIMARY KEY, party TEXT NOT NULL, definition TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE event_subscription (
  id TEXT PRIMARY KEY, query TEXT NOT NULL, party TEXT NOT NULL, terms TEXT NOT NULL, progress TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX event_subscription_by_query ON event_subscription (query);
CREATE TABLE event_word (kind INTEGER NOT NULL, word TEXT NOT NULL, PRIMARY KEY (kind, word)) STRICT, WITHOUT ROWID;
", "
CREATE TABLE device (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, state TEXT) STRICT;

CREATE TABLE fix (
  device INTEGER NOT NULL, at INTEGER NOT NULL, lat_e7 INTEGER NOT NULL, lon_e7 INTEGER NOT NULL, received INTEGER NOT NULL,
  marks INTEGER NOT NULL, speed INTEGER, heading INTEGER,
  PRIMARY KEY (device, at, lat_e7, lon_e7)
) STRICT, WITHOUT ROWID;

CREATE TABLE sensed (
  device INTEGER NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL, value INTEGER NOT NULL,
  PRIMARY KEY (device, at, what)
) STRICT, WITHOUT ROWID;

CREATE TABLE mounting (
  thing TEXT NOT NULL, device TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, stated_by TEXT NOT NULL,
  PRIMARY KEY (thing, device, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX mounting_by_device ON mounting (device, since);

CREATE TABLE carriage (
  reference TEXT NOT NULL, thing TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
  PRIMARY KEY (reference, thing, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX carriage_by_thing ON carriage (thing, since);

INSERT INTO carriage SELECT reference, 'https://id.kervan.example/consignment/' || reference, 0, 9223372036854775807 FROM consignment;
INSERT INTO carriage SELECT reference, 'urn:epc:id:bic:' || number, 0, 9223372036854775807 FROM equipment;
INSERT INTO mounting SELECT DISTINCT thing, thing, 0, 9223372036854775807, 'self' FROM carriage;
INSERT INTO device (name) SELECT DISTINCT 'https://id.kervan.example/consignment/' || reference FROM position;
INSERT OR IGNORE INTO fix
  SELECT device.id, unixepoch(at) * 1000, lat_e7, lon_e7, unixepoch(at), 0, NULL, NULL
  FROM position JOIN device ON device.name = 'https://id.kervan.example/consignment/' || reference;
DROP TABLE position;
", "
CREATE TABLE control_claim (
  movement TEXT PRIMARY KEY, team TEXT NOT NULL, day TEXT NOT NULL, value INTEGER NOT NULL, claim TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX control_claim_by_day ON control_claim (team, day, movement);
CREATE TABLE control_day (team TEXT NOT NULL, day TEXT NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY (team, day)) STRICT, WITHOUT ROWID;
", "
CREATE TABLE message (
  seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, party TEXT NOT NULL, identification TEXT, code TEXT, movement TEXT,
  outcome TEXT NOT NULL, received TEXT NOT NULL, content BLOB NOT NULL, refusal TEXT
) STRICT;
CREATE UNIQUE INDEX message_by_hash ON message (hash, party);
CREATE INDEX message_by_movement ON message (movement, seq) WHERE movement IS NOT NULL;
", "
CREATE TABLE measured (
  seq INTEGER PRIMARY KEY, key TEXT NOT NULL, instance TEXT NOT NULL, at TEXT NOT NULL, seconds INTEGER NOT NULL,
  published TEXT NOT NULL, UNIQUE (key, instance)
) STRICT;
CREATE TABLE scored (
  seq INTEGER PRIMARY KEY, reference TEXT NOT NULL, horizon INTEGER NOT NULL, scored TEXT NOT NULL,
  UNIQUE (reference, horizon)
) STRICT;
CREATE TABLE closure (
  id TEXT PRIMARY KEY, entered TEXT NOT NULL, open INTEGER NOT NULL, closure TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE alarm (
  id TEXT PRIMARY KEY, reference TEXT NOT NULL, open INTEGER NOT NULL, raised INTEGER NOT NULL, alarm TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX alarm_by_reference ON alarm (reference, raised);
CREATE INDEX alarm_open ON alarm (raised, id) WHERE open = 1;
CREATE TABLE dwelling (reference TEXT PRIMARY KEY, key TEXT NOT NULL, since TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE departed (service TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX consignment_by_update ON consignment (updated) WHERE state IN ('planned', 'in_transit', 'held');
", "
CREATE TABLE way (reference TEXT PRIMARY KEY, things TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE crossing (thing TEXT NOT NULL, reference TEXT NOT NULL, PRIMARY KEY (thing, reference)) STRICT, WITHOUT ROWID;
", "
CREATE TABLE message_use (party TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT;
INSERT INTO message_use SELECT party, sum(length(content)) FROM message GROUP BY party;
CREATE TRIGGER message_kept AFTER INSERT ON message BEGIN
  INSERT INTO message_use VALUES (new.party, length(new.content))
  ON CONFLICT (party) DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER message_forgotten AFTER UPDATE OF content ON message BEGIN
  UPDATE message_use SET bytes = bytes + length(new.content) - length(old.content) WHERE party = new.party;
END;
CREATE INDEX message_to_forget ON message (received) WHERE outcome NOT IN ('applied', 'waiting') AND length(content) > 0;
", "
CREATE TABLE event_vocabulary (
  party TEXT NOT NULL, vocabulary TEXT NOT NULL, id TEXT NOT NULL, element TEXT NOT NULL,
  PRIMARY KEY (party, vocabulary, id)
) STRICT, WITHOUT ROWID;
", "
CREATE INDEX message_by_outcome ON message (outcome, seq);
", "
CREATE TABLE circle (
  who TEXT NOT NULL, reference TEXT NOT NULL, relations INTEGER NOT NULL, PRIMARY KEY (who, reference)
) STRICT, WITHOUT ROWID;
CREATE INDEX circle_by_reference ON circle (reference);
", "
CREATE TABLE plan (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, reference TEXT, author TEXT NOT NULL, kept TEXT NOT NULL, plan TEXT NOT NULL
) STRICT;
CREATE INDEX plan_by_reference ON plan (reference, seq) WHERE reference IS NOT NULL;
CREATE INDEX plan_by_author ON plan (author, seq);
", "
CREATE TABLE person (name TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE api_key (
  id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, record TEXT NOT NULL, used TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO api_key (id, hash, record)
  SELECT substr(token_hash, 1, 12), token_hash, '{\"id\":\"' || substr(token_hash, 1, 12) || '\",\"owner\":{\"party\":\"' || id ||
  '\"},\"label\":\"key of the registration\",\"scope\":\"all\",\"made\":\"1970-01-01T00:00:00Z\",\"hash\":\"' || token_hash || '\"}'
  FROM party WHERE token_hash IS NOT NULL;
UPDATE party SET token_hash = NULL;
CREATE TABLE session (
  hash TEXT PRIMARY KEY, person TEXT NOT NULL, way TEXT NOT NULL, began TEXT NOT NULL, seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_person ON session (person, seen);
CREATE INDEX session_by_use ON session (seen);
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, act TEXT NOT NULL, about TEXT NOT NULL, detail TEXT NOT NULL,
  previous BLOB NOT NULL, hash BLOB NOT NULL
) STRICT;
", "
ALTER TABLE circle ADD COLUMN moves INTEGER NOT NULL DEFAULT 0;
UPDATE circle SET moves = 1 WHERE reference IN (SELECT reference FROM movement);
CREATE INDEX circle_moving ON circle (who, reference) WHERE moves = 1;
", "
ALTER TABLE consignment RENAME TO consignment_before;
DROP INDEX consignment_by_state;
DROP INDEX consignment_by_update;
CREATE TABLE consignment (
  reference TEXT NOT NULL PRIMARY KEY, dossier TEXT NOT NULL UNIQUE, state TEXT NOT NULL, summary TEXT NOT NULL,
  updated TEXT NOT NULL
) STRICT;
INSERT INTO consignment (reference, dossier, state, summary, updated)
  SELECT reference, dossier, state, summary, updated FROM consignment_before ORDER BY reference;
CREATE INDEX consignment_by_state ON consignment (state, reference);
CREATE INDEX consignment_by_update ON consignment (updated) WHERE state IN ('planned', 'in_transit', 'held');
DROP TABLE consignment_before;
ALTER TABLE movement RENAME TO movement_before;
DROP INDEX movement_by_reference;
DROP INDEX movement_by_state;
DROP INDEX movement_by_due;
DROP INDEX movement_by_mrn;
CREATE TABLE movement (
  id TEXT NOT NULL PRIMARY KEY, reference TEXT NOT NULL, state TEXT NOT NULL, movement TEXT NOT NULL, updated TEXT NOT NULL,
  due TEXT, mrn TEXT
) STRICT;
INSERT INTO movement (id, reference, state, movement, updated, due, mrn)
  SELECT id, reference, state, movement, updated, due, mrn FROM movement_before ORDER BY id;
CREATE INDEX movement_by_reference ON movement (reference, id);
CREATE INDEX movement_by_state ON movement (state, id);
CREATE INDEX movement_by_due ON movement (due) WHERE due IS NOT NULL;
CREATE INDEX movement_by_mrn ON movement (mrn) WHERE mrn IS NOT NULL;
DROP TABLE movement_before;
", ""];

/// Brings the store to the newest version.
///
/// Errors: it is of a newer version, or holds tables of something else.
pub(crate) fn migrate(db: &Db) -> std::result::Result<(), StoreError> {
    migrate_to(db, newest())
}

/// Brings the store to a version; one that is there already is left as it is.
///
/// Errors: it is of a newer version than this program knows, or holds tables of something else.
pub(crate) fn migrate_to(db: &Db, version: usize) -> std::result::Result<(), StoreError> {
    let found = find_version(db)?;
    if found == 0 && !db.is_sqlite() {
        refuse_foreign_tables(db)?;
    }
    if found >= version {
        return Ok(());
    }
    let outcome = write_migrations(db, found, version);
    if outcome.is_err() {
        db.roll_back();
    }
    outcome.map_err(|error| error.told("bring its schema up to date"))
}

/// The version of a store that this program can read or bring up to date.
///
/// Errors: it is of a newer one.
pub(crate) fn find_version(db: &Db) -> std::result::Result<usize, StoreError> {
    let found = version(db).map_err(|error| error.told("read its version"))?;
    if found > newest() {
        let number = |version: usize| i64::try_from(version).unwrap_or(i64::MAX);
        return Err(StoreError::TooNew { found: number(found), known: number(newest()) });
    }
    Ok(found)
}

/// The version of the store; 0 if there is nothing in it yet.
fn version(db: &Db) -> Result<usize> {
    let number = match db {
        Db::Sqlite(_) => db.number("PRAGMA user_version", &[])?,
        Db::Postgres(session) => {
            let there = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'kervan_schema'";
            match session.word(there)?.as_deref() {
                Some("0") | None => 0,
                Some(_) => db.number("SELECT max(version) FROM kervan_schema", &[])?,
            }
        }
    };
    usize::try_from(number).map_err(|_| Failure::unreadable(&number.to_string()))
}

fn write_migrations(db: &Db, found: usize, wanted: usize) -> Result<()> {
    db.begin()?;
    for (index, sqlite) in MIGRATIONS.iter().enumerate().take(wanted).skip(found) {
        match db {
            Db::Sqlite(_) => db.batch(sqlite)?,
            Db::Postgres(_) => db.batch(&postgres_text(index + 1, sqlite))?,
        }
    }
    match db {
        Db::Sqlite(_) => db.batch(&format!("PRAGMA user_version = {wanted}"))?,
        Db::Postgres(_) => {
            db.batch("CREATE TABLE IF NOT EXISTS kervan_schema (version bigint PRIMARY KEY)")?;
            db.batch(&format!("INSERT INTO kervan_schema VALUES ({wanted})"))?;
        }
    }
    db.commit()
}

/// Lets the stream of changes go on without a gap after a transaction that was rolled back: numbers that PostgreSQL gave out are
/// gone, but there is one writer, so they can be given out again.
pub(crate) fn rewind(db: &Db) -> Result<()> {
    match db {
        Db::Sqlite(_) => Ok(()),
        Db::Postgres(session) => {
            let sql =
                "SELECT setval('change_seq', greatest(max(seq), 1), max(seq) IS NOT NULL)::text FROM change";
            session.word(sql).map(|_| ())
        }
    }
}

/// The version that this program makes.
pub(crate) fn newest() -> usize {
    MIGRATIONS.len()
}

/// Lets the numbers of tables go on after the last that is there, where rows were written with numbers of their own.
pub(crate) fn restart_sequences<'a>(db: &Db, tables: impl Iterator<Item = (&'a str, &'a str)>) -> Result<()> {
    for (table, column) in tables {
        let sql = format!("SELECT pg_get_serial_sequence('{table}', '{column}')::text");
        // The sequence of events is counted by the writer itself.
        let named: Option<String> = db.find(&sql, &[], |row| row.get::<Option<String>>(0))?.flatten();
        if named.is_some() {
            db.number(
                &format!(
                    "SELECT setval(pg_get_serial_sequence('{table}', '{column}'),
                     greatest(max({column}), 1), max({column}) IS NOT NULL) FROM {table}"
                ),
                &[],
            )?;
        }
    }
    Ok(())
}

/// A migration as PostgreSQL takes it.
fn postgres_text(number: usize, sqlite: &str) -> String {
    match APART.iter().find(|(apart, _)| *apart == number) {
        Some((_, text)) => (*text).to_owned(),
        None if number < FIRST_OF_POSTGRES => String::new(),
        None if number == FIRST_OF_POSTGRES => translated(POSTGRES),
        None => translated(sqlite),
    }
}

/// A database that somebody uses for something else is left alone.
fn refuse_foreign_tables(db: &Db) -> std::result::Result<(), StoreError> {
    let sql = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename LIMIT 3";
    let found: Vec<String> =
        db.query(sql, &[], |row| row.get(0)).map_err(|error| error.told("look at its tables"))?;
    if found.is_empty() { Ok(()) } else { Err(StoreError::ForeignTables { tables: found.join(", ") }) }
}

#[cfg(test)]
mod tests {
    use super::{MIGRATIONS, ROWS_IN_NUMBERS, migrate};
    use crate::db::{Db, Sqlite};
    use rusqlite::Connection;

    /// A file of the version before ids stood as bytes is opened with everything in it.
    #[test]
    fn ids_written_as_text_are_found_after_the_migration() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("old.sqlite");
        let connection = Connection::open(&file).unwrap();
        for migration in MIGRATIONS.iter().take(4) {
            connection.execute_batch(migration).unwrap();
        }
        connection.pragma_update(None, "user_version", 4).unwrap();
        let id = |number: i64| format!("{number:064x}");
        for number in 1..=3_i64 {
            let sql = "INSERT INTO entry (id, dossier, kind, author, authored, entry) VALUES (?1, ?2, 'event', 'a', 't', ?3)";
            connection.execute(sql, (id(number), id(0), format!("entry {number}"))).unwrap();
        }
        migrate(&Db::Sqlite(Sqlite::open_writer(&file).unwrap())).unwrap();
        let sql = "SELECT seq, lower(hex(id)), entry FROM entry WHERE dossier = unhex(?1) ORDER BY seq";
        let mut statement = connection.prepare(sql).unwrap();
        let found: Vec<(i64, String, String)> = statement
            .query_map([id(0)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let expected: Vec<_> =
            (1..=3).map(|number| (number, id(number), format!("entry {number}"))).collect();
        assert_eq!(found, expected);
    }

    /// Long rows as they were kept without numbers: each is there with all its columns, and the indexes are made again.
    #[test]
    fn long_rows_are_there_after_they_were_given_numbers() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("old.sqlite");
        let connection = Connection::open(&file).unwrap();
        for migration in MIGRATIONS.iter().take(ROWS_IN_NUMBERS - 1) {
            connection.execute_batch(migration).unwrap();
        }
        connection.pragma_update(None, "user_version", 18).unwrap();
        let names = || -> Vec<String> {
            let sql = "SELECT name FROM sqlite_schema WHERE tbl_name IN ('consignment', 'movement') AND sql IS NOT NULL ORDER BY name";
            let mut statement = connection.prepare(sql).unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        let before = names();
        connection
            .execute_batch(
                "INSERT INTO consignment VALUES ('KRV-2', 'd2', 'planned', '{}', 'u2'), ('KRV-1', 'd1', 'held', '[]', 'u1');
                 INSERT INTO movement VALUES ('KRV-1/1', 'KRV-1', 'held', '{\"a\":1}', 'u', 'due', NULL);",
            )
            .unwrap();
        migrate(&Db::Sqlite(Sqlite::open_writer(&file).unwrap())).unwrap();
        let text = |sql: &str| -> String { connection.query_row(sql, [], |row| row.get(0)).unwrap() };
        let rows = "SELECT group_concat(concat_ws('|', rowid, reference, dossier, state, summary, updated)) FROM consignment";
        assert_eq!(text(rows), "1|KRV-1|d1|held|[]|u1,2|KRV-2|d2|planned|{}|u2");
        let rows =
            "SELECT concat_ws('|', rowid, id, reference, state, movement, updated, due, mrn) FROM movement";
        assert_eq!(text(rows), "1|KRV-1/1|KRV-1|held|{\"a\":1}|u|due");
        assert_eq!(names(), before);
    }

    /// Tokens of parties as they were kept before keys had a table: each goes on as a key of its party.
    #[test]
    fn tokens_of_parties_go_on_as_keys() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("old.sqlite");
        let connection = Connection::open(&file).unwrap();
        for migration in MIGRATIONS.iter().take(16) {
            connection.execute_batch(migration).unwrap();
        }
        connection.pragma_update(None, "user_version", 16).unwrap();
        let hash = "0123456789abcdef".repeat(4);
        let sql = "INSERT INTO party (id, record, token_hash) VALUES (?1, '{}', ?2)";
        connection.execute(sql, ("rail-az", Some(&hash))).unwrap();
        connection.execute(sql, ("silent", None::<String>)).unwrap();
        migrate(&Db::Sqlite(Sqlite::open_writer(&file).unwrap())).unwrap();
        let found: (String, String, String) = connection
            .query_row("SELECT id, hash, record FROM api_key", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .unwrap();
        let record = format!(
            "{{\"id\":\"0123456789ab\",\"owner\":{{\"party\":\"rail-az\"}},\"label\":\"key of the registration\",\
             \"scope\":\"all\",\"made\":\"1970-01-01T00:00:00Z\",\"hash\":\"{hash}\"}}"
        );
        assert_eq!(found, ("0123456789ab".to_owned(), hash, record));
    }
}
