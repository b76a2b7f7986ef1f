//! The audit log: entries that each hold the hash of the one before, so that none can be changed, taken out or put elsewhere unseen.
//!
//! The one writer of the store gives each entry its number and the hash before it, inside of the transaction that it belongs to. What
//! is hashed: the line `kervan audit 1` and a line feed; the number, as 8 bytes; the 32 bytes of the hash before, 32 zeros for the
//! first; then instant, actor, act, about and detail, each as its length in 8 bytes and its UTF-8. Numbers are big-endian.
//!
//! Whoever may write into the database can write the whole log anew. What they cannot do is reach the hash that somebody else has
//! written down: [`AuditHead`] is for that.

use crate::db::{Db, Result, Row, values};
use crate::limits::{AUDIT_READ_AT_ONCE, MOST_AUDIT_FLAWS, MOST_LISTED};
use crate::{Store, StoreError};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// What is put on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// When.
    pub at: Timestamp,
    /// Who: a person, a party, or the program on the machine itself.
    pub actor: String,
    /// What, in one word such as `sign-in`.
    pub act: String,
    /// To whom or what.
    pub about: String,
    /// What else there is to say, JSON. Never a secret, never goods, owners or prices.
    pub detail: String,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number. Range: from 1, without a gap.
    pub seq: i64,
    /// What is on record.
    pub row: AuditRow,
    /// The hash of the entry before.
    pub previous: [u8; 32],
    /// Its own hash.
    pub hash: [u8; 32],
}

/// The end of the log at an instant, to be written down elsewhere. Shape: `12:6f2c…`, the number and 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// The number of the last entry; 0 where there is none.
    pub seq: i64,
    /// Its hash.
    pub hash: [u8; 32],
}

impl std::fmt::Display for AuditHead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.seq, HEXLOWER.encode(&self.hash))
    }
}

impl std::str::FromStr for AuditHead {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let says = "write it as NUMBER:HASH, as kervan audit check prints it";
        let (seq, hash) = text.trim().split_once(':').ok_or(says)?;
        let hash =
            HEXLOWER.decode(hash.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(says)?;
        Ok(Self { seq: seq.parse().ok().filter(|seq| *seq >= 0).ok_or(says)?, hash })
    }
}

/// What is wrong with the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditFlaw {
    /// An entry says something else than what was put on record.
    Changed {
        /// The entry.
        seq: i64,
    },
    /// An entry stands in another place than where it was written.
    Moved {
        /// Where it stands.
        seq: i64,
        /// Where it was written.
        from: i64,
    },
    /// Entries are not there.
    Missing {
        /// The first.
        from: i64,
        /// The last.
        to: i64,
    },
    /// An entry does not follow the one before it, although both are whole: one of them was written anew.
    Unlinked {
        /// The entry.
        seq: i64,
    },
    /// The log is whole but is not the one whose end was written down.
    OtherHead {
        /// The entry whose hash differs.
        seq: i64,
    },
}

/// What looking through the log has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditCheck {
    /// Number of entries.
    pub entries: u64,
    /// The end of the log.
    pub head: AuditHead,
    /// What is wrong, in the order of the log; the first of them where there are many.
    pub flaws: Vec<AuditFlaw>,
}

const NOTHING: AuditHead = AuditHead { seq: 0, hash: [0; 32] };

fn hash_of(seq: i64, previous: &[u8; 32], row: &AuditRow) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"kervan audit 1\n");
    hash.update(seq.to_be_bytes());
    hash.update(previous);
    let at = row.at.to_string();
    for text in [&at, &row.actor, &row.act, &row.about, &row.detail] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().into()
}

fn head(db: &Db) -> Result<AuditHead> {
    let sql = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
    let found = db.find(sql, &[], |row| Ok(AuditHead { seq: row.get(0)?, hash: row.get(1)? }))?;
    Ok(found.unwrap_or(NOTHING))
}

pub(crate) fn append_audit(db: &Db, row: &AuditRow) -> Result<()> {
    let before = head(db)?;
    let seq = before.seq.saturating_add(1);
    let hash = hash_of(seq, &before.hash, row);
    db.run(
        "INSERT INTO audit (seq, at, actor, act, about, detail, previous, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &values![seq, row.at.to_string(), &row.actor, &row.act, &row.about, &row.detail, before.hash, hash],
    )
}

/// An entry with its instant as it is written, so that an instant written otherwise is seen.
fn read_entry(row: &Row<'_>) -> Result<(AuditEntry, bool)> {
    let written: String = row.get(1)?;
    let at: Option<Timestamp> = written.parse().ok();
    let same = at.is_some_and(|at| at.to_string() == written);
    let (actor, act, about, detail) = (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
    let row_of = AuditRow { at: at.unwrap_or(Timestamp::UNIX_EPOCH), actor, act, about, detail };
    Ok((AuditEntry { seq: row.get(0)?, row: row_of, previous: row.get(6)?, hash: row.get(7)? }, same))
}

const COLUMNS: &str = "seq, at, actor, act, about, detail, previous, hash";

impl Store {
    /// Entries of the log after a number, in their order, at most so many.
    ///
    /// Errors: the store failed.
    pub fn list_audit(&self, after: i64, most: u32) -> std::result::Result<Vec<AuditEntry>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2");
        self.list("read the audit log", &sql, &values![after, most.min(MOST_LISTED)], |row| {
            Ok(read_entry(row)?.0)
        })
    }

    /// The end of the log.
    ///
    /// Errors: the store failed.
    pub fn audit_head(&self) -> std::result::Result<AuditHead, StoreError> {
        self.with_reader("read the end of the audit log", head)
    }

    /// Looks through the whole log; `known` is an end of it that was written down before.
    ///
    /// Errors: the store failed.
    pub fn check_audit(&self, known: Option<AuditHead>) -> std::result::Result<AuditCheck, StoreError> {
        self.with_reader("check the audit log", |db| {
            let mut walk =
                Walk { check: AuditCheck { entries: 0, head: NOTHING, flaws: Vec::new() }, torn: Vec::new() };
            let mut seen_known = known.is_none_or(|known| known == NOTHING);
            loop {
                let sql = format!("SELECT {COLUMNS} FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2");
                let rows = db.query(&sql, &values![walk.check.head.seq, AUDIT_READ_AT_ONCE], read_entry)?;
                if rows.is_empty() {
                    break;
                }
                for (entry, same) in rows {
                    seen_known |=
                        known.is_some_and(|known| known.seq == entry.seq && known.hash == entry.hash);
                    walk.see(entry, same);
                }
            }
            walk.name_moved();
            if let Some(known) = known.filter(|_| !seen_known) {
                let last = walk.check.head.seq;
                walk.note(if known.seq > last {
                    AuditFlaw::Missing { from: last + 1, to: known.seq }
                } else {
                    AuditFlaw::OtherHead { seq: known.seq }
                });
            }
            Ok(walk.check)
        })
    }
}

/// How far a look through the log is.
struct Walk {
    check: AuditCheck,
    /// Entries that are not what their hash says.
    torn: Vec<AuditEntry>,
}

impl Walk {
    fn note(&mut self, flaw: AuditFlaw) {
        if self.check.flaws.len() < MOST_AUDIT_FLAWS {
            self.check.flaws.push(flaw);
        }
    }

    fn see(&mut self, entry: AuditEntry, same: bool) {
        let before = self.check.head;
        let gap = entry.seq > before.seq.saturating_add(1);
        if gap {
            self.note(AuditFlaw::Missing { from: before.seq + 1, to: entry.seq - 1 });
        }
        let whole = same && hash_of(entry.seq, &entry.previous, &entry.row) == entry.hash;
        let linked = entry.previous == before.hash;
        self.check.entries += 1;
        self.check.head = AuditHead { seq: entry.seq, hash: entry.hash };
        if !whole {
            self.note(AuditFlaw::Changed { seq: entry.seq });
            if self.torn.len() < MOST_AUDIT_FLAWS {
                self.torn.push(entry);
            }
        } else if !linked && !gap && self.torn.last().is_none_or(|torn| torn.seq != before.seq) {
            // After a gap or a torn entry the link is broken by what was named already.
            self.note(AuditFlaw::Unlinked { seq: entry.seq });
        }
    }

    /// An entry that is whole under the number of another torn one was moved from there.
    fn name_moved(&mut self) {
        let places: Vec<i64> = self.torn.iter().map(|entry| entry.seq).collect();
        for entry in &self.torn {
            let from =
                places.iter().find(|place| hash_of(**place, &entry.previous, &entry.row) == entry.hash);
            let torn = AuditFlaw::Changed { seq: entry.seq };
            if let (Some(from), Some(flaw)) = (from, self.check.flaws.iter_mut().find(|flaw| **flaw == torn))
            {
                *flaw = AuditFlaw::Moved { seq: entry.seq, from: *from };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes that are hashed are a promise to whoever checks a log with a program of their own.
    #[test]
    fn the_hash_is_over_the_bytes_that_the_header_says() {
        let row = AuditRow {
            at: "2026-12-01T08:00:00Z".parse().unwrap(),
            actor: "aygul".into(),
            act: "sign-in".into(),
            about: "aygul".into(),
            detail: "{}".into(),
        };
        let mut bytes = b"kervan audit 1\n".to_vec();
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 7]);
        bytes.extend([9; 32]);
        for text in ["2026-12-01T08:00:00Z", "aygul", "sign-in", "aygul", "{}"] {
            bytes.extend([0, 0, 0, 0, 0, 0, 0, u8::try_from(text.len()).unwrap()]);
            bytes.extend(text.as_bytes());
        }
        assert_eq!(hash_of(7, &[9; 32], &row), <[u8; 32]>::from(Sha256::digest(&bytes)));
    }

    #[test]
    fn an_end_is_written_and_read() {
        let head = AuditHead { seq: 12, hash: [0xab; 32] };
        assert_eq!(head.to_string().parse(), Ok(head));
        for text in ["", "12", "12:ab", "-1:00", "x:y"] {
            assert!(text.parse::<AuditHead>().is_err(), "{text}");
        }
    }
}
