//! Whether the store holds together, as far as it can see by itself.

use crate::db::{Db, Result as DbResult, values};
use crate::events::{EventKey, find_captured};
use crate::limits::EVENTS_READ_AT_ONCE;
use crate::{Store, StoreError};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreFlaws {
    /// Events that were looked for through the index.
    pub events: u64,
    /// What is not as it should be: where, and what was found.
    pub found: Vec<(String, String)>,
}

/// Sums that are kept beside what they are the sums of. Each question lists those that differ.
const SUMS: &[(&str, &str)] = &[
    (
        "reserved on guarantees",
        "SELECT g.grn FROM guarantee g WHERE g.reserved <>
         (SELECT coalesce(sum(h.amount), 0) FROM guarantee_hold h WHERE h.grn = g.grn) ORDER BY g.grn",
    ),
    (
        "acts on guarantees",
        "SELECT g.grn FROM guarantee g WHERE g.reserved <> coalesce((SELECT a.reserved FROM guarantee_act a
         WHERE a.grn = g.grn ORDER BY a.seq DESC LIMIT 1), 0) ORDER BY g.grn",
    ),
    (
        "bytes of messages",
        "SELECT u.party FROM message_use u WHERE u.bytes <>
         (SELECT coalesce(sum(length(m.content)), 0) FROM message m WHERE m.party = u.party) ORDER BY u.party",
    ),
    (
        "ways of consignments",
        "SELECT x.reference FROM crossing x WHERE NOT EXISTS (SELECT 1 FROM way w WHERE w.reference = x.reference
         AND ' ' || w.things || ' ' LIKE '% ' || x.thing || ' %')
         GROUP BY x.reference ORDER BY x.reference",
    ),
];

impl Store {
    /// Looks through the file, the sums that are kept, and the index of events.
    ///
    /// Errors: the store cannot be read.
    pub fn check(&self) -> Result<StoreFlaws, StoreError> {
        let mut flaws = StoreFlaws::default();
        let runs = self.index.snapshot();
        self.with_reader("check itself", |db| {
            flaws.found.clear();
            flaws.events = 0;
            check_file(db, &mut flaws)?;
            for (part, sql) in SUMS {
                for subject in db.query(sql, &[], |row| row.get::<String>(0))? {
                    flaws.found.push(((*part).to_owned(), subject));
                }
            }
            let mut last = 0_i64;
            loop {
                let sql = "SELECT seq, hash FROM captured WHERE seq > ?1 ORDER BY seq LIMIT ?2";
                let rows: Vec<(i64, [u8; 32])> =
                    db.query(sql, &values![last, EVENTS_READ_AT_ONCE], |row| Ok((row.get(0)?, row.get(1)?)))?;
                let Some((end, _)) = rows.last() else { return Ok(()) };
                last = *end;
                flaws.events += rows.len() as u64;
                for (seq, hash) in &rows {
                    if find_captured(&runs, db, hash)? != Some(seq.cast_unsigned()) {
                        let key = EventKey::of_digest(hash).0;
                        flaws.found.push(("index of events".to_owned(), format!("event {seq} ({key:016x})")));
                    }
                }
            }
        })?;
        Ok(flaws)
    }
}

impl Store {
    /// Leaves nothing of what was written over or removed in the places where it stood: the file is written anew and its log
    /// emptied; of a server's database the tables that hold keys and secrets. It takes as long as copying the file.
    ///
    /// Errors: the store failed, or there is no room for the file beside itself.
    pub fn scrub(&self) -> Result<(), StoreError> {
        let failed = |error: crate::db::Failure| error.told("wipe what was written over");
        let db = self.open_beside()?;
        if db.is_sqlite() {
            db.batch("VACUUM").map_err(failed)?;
            return db.query("PRAGMA wal_checkpoint(TRUNCATE)", &[], |_| Ok(())).map(|_| ()).map_err(failed);
        }
        db.batch("VACUUM FULL party").map_err(failed)?;
        db.batch("VACUUM FULL event_subscription").map_err(failed)?;
        db.batch("VACUUM FULL note").map_err(failed)
    }
}

/// SQLite looks through its file; a server's administrator has tools of the server for that.
fn check_file(db: &Db, flaws: &mut StoreFlaws) -> DbResult<()> {
    if db.is_sqlite() {
        for line in db.query("PRAGMA integrity_check(100)", &[], |row| row.get::<String>(0))? {
            if line != "ok" {
                flaws.found.push(("file".to_owned(), line));
            }
        }
    }
    Ok(())
}
