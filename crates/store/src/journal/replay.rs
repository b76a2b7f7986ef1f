//! Bringing a store back to a moment: a backup, and what the journal says was committed since.

use super::file::{Head, Reader, Record, list_segments};
use super::{Body, fault, find_mark, forget_mark};
use crate::copy::{CopyProgress, copy_store};
use crate::db::{Db, Failure};
use crate::limits::RECORDS_IN_COMMIT;
use crate::schema;
use crate::store::{FolderLock, Source, StoreLocation};
use crate::{StoreError, journal::Mark};
use jiff::Timestamp;
use std::path::Path;

/// Up to where a store is brought back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// To the end of the journal.
    End,
    /// To this instant, it included.
    Instant(Timestamp),
    /// To the record of this number, it included.
    Number(i64),
}

/// What was brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The number of the record at which the backup stood.
    pub backup: i64,
    /// The number of the last record that was run again.
    pub last: i64,
    /// When its commit was made; none if nothing was run.
    pub at: Option<Timestamp>,
}

/// Copies a backup to an empty folder and runs the journal again up to a moment. The copy is verified row by row, each record by its
/// hash, each statement by the number of rows that it changes. The store that was brought back writes into no journal.
///
/// Errors: the backup is of no journal or was changed since it was made, the journal is another one or does not reach back to it,
/// its version is another one; or something of it is not what was written. Then what was brought back must not be used.
pub fn restore_store(
    (backup, journal): (&Path, &Path),
    to: &Path,
    until: Until,
    tell: &mut dyn FnMut(CopyProgress<'_>),
) -> Result<Restored, StoreError> {
    let at = StoreLocation::Folder(to.to_owned());
    copy_store(&StoreLocation::Folder(backup.to_owned()), &at, true, tell)?;
    let _lock = FolderLock::take(to)?;
    let db = Source::of(&at)?.open_writer()?;
    let failed = |error: Failure| error.told("bring a store back");
    let Some(Mark { id, number: start, .. }) = find_mark(&db).map_err(failed)? else {
        let reason =
            "it was made before the journal was begun, or was changed since: no journal goes on from it";
        return Err(fault(backup, reason));
    };
    let restored = run_again(&db, journal, (&id, start), until)?;
    forget_mark(&db).map_err(failed)?;
    Ok(restored)
}

/// Whether a record goes on from the last that was run, and can be run by this version.
fn check_next(path: &Path, (head, record): (&Head, &Record), last: i64) -> Result<(), StoreError> {
    if record.number != last + 1 {
        return Err(fault(path, format!("record {} is missing", last + 1)));
    }
    if head.schema != schema::newest() {
        let number = record.number;
        let reason = format!(
            "record {number} was written under another version of the program; that version brings it back"
        );
        return Err(fault(path, reason));
    }
    Ok(())
}

fn run_again(
    db: &Db,
    journal: &Path,
    (id, start): (&str, i64),
    until: Until,
) -> Result<Restored, StoreError> {
    let failed = |error: Failure| error.told("bring a store back");
    let mut restored = Restored { backup: start, last: start, at: None };
    if let Until::Number(number) = until
        && number < start
    {
        return Err(fault(
            journal,
            format!("the backup stands at record {start}, behind {number}; take an earlier one"),
        ));
    }
    let segments = list_segments(journal)?;
    if segments.is_empty() {
        return Err(fault(journal, "there is no journal in it"));
    }
    let mut open = 0;
    'all: for path in segments {
        let mut reader = Reader::open(&path)?;
        if reader.head.id != id {
            return Err(fault(&path, "it is not the journal of this backup"));
        }
        while let Some(record) = reader.next()? {
            let beyond = match until {
                Until::End => false,
                Until::Instant(instant) => record.at > instant,
                Until::Number(number) => record.number > number,
            };
            if beyond {
                if restored.at.is_none() && record.number <= start && matches!(until, Until::Instant(_)) {
                    return Err(fault(
                        &path,
                        format!("the backup holds what was committed at {}; take an earlier one", record.at),
                    ));
                }
                break 'all;
            }
            if record.number <= start {
                continue;
            }
            check_next(&path, (&reader.head, &record), restored.last)?;
            let told = |reason: String| fault(&path, format!("record {}: {reason}", record.number));
            let body = record.body().map_err(told)?;
            if open == 0 {
                db.begin().map_err(failed)?;
            }
            let Db::Sqlite(file) = db else { return Err(fault(journal, "it is of a file")) };
            Body(&body).run(file).map_err(failed)?.map_err(told)?;
            (restored.last, restored.at, open) = (record.number, Some(record.at), open + 1);
            if until == Until::Number(record.number) {
                break 'all;
            }
            if open == RECORDS_IN_COMMIT {
                db.commit().map_err(failed)?;
                open = 0;
            }
        }
    }
    if open > 0 {
        db.commit().map_err(failed)?;
    }
    match until {
        Until::Number(number) if restored.last < number => {
            Err(fault(journal, format!("it ends with record {}", restored.last)))
        }
        Until::End | Until::Instant(_) | Until::Number(_) => Ok(restored),
    }
}
