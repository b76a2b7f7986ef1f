//! Bringing a store back to a moment: a backup, and what the journal says was committed since.

use super::file::{Head, Reader, Record, list_segments};
use super::{Body, fault, find_mark, forget_mark};
use crate::copy::{CopyProgress, copy_backup};
use crate::db::{Db, Failure};
use crate::limits::RECORDS_IN_COMMIT;
use crate::schema;
use crate::store::{Source, StoreLocation};
use crate::{StoreError, journal::Mark};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

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

impl Until {
    /// Whether a record is behind the moment.
    fn is_before(self, record: &Record) -> bool {
        match self {
            Self::End => false,
            Self::Instant(instant) => record.at > instant,
            Self::Number(number) => record.number > number,
        }
    }
}

/// Copies a backup to an empty folder and runs the journal again up to a moment. The copy is verified row by row, each record by its
/// hash, each statement by the number of rows that it changes. The store that was brought back writes into no journal; it is of the
/// version of the schema that the last record was written under.
///
/// Errors: the backup is of no journal or was changed since it was made, the journal is another one or does not reach back to it,
/// or this program is older than what it should play: all of that is seen before anything is written. Or something of the journal
/// is not what was written: then nothing is left in the folder that could be taken for a store.
pub fn restore_store(
    (backup, journal): (&Path, &Path),
    to: &Path,
    until: Until,
    tell: &mut dyn FnMut(CopyProgress<'_>),
) -> Result<Restored, StoreError> {
    let (from, at) = (StoreLocation::Folder(backup.to_owned()), StoreLocation::Folder(to.to_owned()));
    let begin = find_begin(&from)?;
    let segments = plan_play(journal, &begin, until)?;
    let target = copy_backup(&from, &at, tell)?;
    let failed = |error: Failure| error.told("bring a store back");
    let restored = run_again(&target.db, &segments, begin.number, until)?;
    forget_mark(&target.db).map_err(failed)?;
    target.finish()?;
    Ok(restored)
}

/// Where a backup stands.
struct Begin {
    at: PathBuf,
    journal: String,
    number: i64,
    schema: usize,
}

/// Errors: there is no store, it is newer than this program, or no journal goes on from it.
fn find_begin(backup: &StoreLocation) -> Result<Begin, StoreError> {
    if !backup.may_hold_store() {
        return Err(StoreError::Missing { at: backup.to_string() });
    }
    let at = backup.folder().to_owned();
    let db = Source::of(backup)?.open_reader()?;
    let schema = schema::find_version(&db)?;
    let Some(Mark { id, number, .. }) = find_mark(&db)? else {
        let reason = "it was made before the journal was begun, or was changed since: no journal goes on from it; name a backup \
                      that was made after `kervan store journal begin`, or bring this one back alone with `kervan store copy`";
        return Err(fault(&at, reason));
    };
    Ok(Begin { at, journal: id, number, schema })
}

/// The segments that go on from a backup, in their order: of its journal, without a gap at their begin, and of versions that this
/// program can play one after the other. Nothing is written.
fn plan_play(journal: &Path, begin: &Begin, until: Until) -> Result<Vec<PathBuf>, StoreError> {
    if let Until::Number(number) = until
        && number < begin.number
    {
        let reason =
            format!("the backup stands at record {}, behind {number}; take an earlier one", begin.number);
        return Err(fault(journal, reason));
    }
    let mut found = Vec::new();
    for path in list_segments(journal)? {
        let reader = Reader::open(&path)?;
        if reader.head.id != begin.journal {
            return Err(fault(&path, "it is not the journal of this backup"));
        }
        found.push((path, reader));
    }
    let Some((path, first)) = found.first() else {
        return Err(fault(journal, "there is no journal in it"));
    };
    if first.head.first > begin.number + 1 {
        let reason = format!(
            "it begins with record {} and the backup stands at {}: what is between is missing; bring its files back, or take a later \
             backup",
            first.head.first, begin.number
        );
        return Err(fault(path, reason));
    }
    let behind: Vec<i64> =
        found.iter().skip(1).map(|(_, reader)| reader.head.first).chain([i64::MAX]).collect();
    let (mut play, mut schema) = (Vec::new(), begin.schema);
    for ((path, mut reader), next) in found.into_iter().zip(behind) {
        let head = reader.head.clone();
        // The backup holds all of it, so that it is read only for the instants in it.
        if next > begin.number + 1 {
            let record = reader.next()?;
            if record.as_ref().is_some_and(|record| until.is_before(record)) && head.first > begin.number {
                break;
            }
            if record.is_some() {
                check_version(&path, &head, (schema, begin))?;
                schema = head.schema;
            }
        }
        play.push(path);
    }
    Ok(play)
}

/// Whether the records of a segment can be played on a store of a version.
fn check_version(path: &Path, head: &Head, (schema, begin): (usize, &Begin)) -> Result<(), StoreError> {
    let (first, newest) = (head.first.max(begin.number + 1), schema::newest());
    if head.schema > newest {
        let reason = format!(
            "from record {first} on it was written under schema {} and this program knows up to {newest}; use the newer program, or \
             bring the store back to before it with --record {}",
            head.schema,
            first - 1
        );
        return Err(fault(path, reason));
    }
    if head.schema < schema {
        let reason = format!(
            "from record {first} on the journal is of schema {} and the backup {} is of {schema}: a newer program has opened the backup \
             since it was made; take a copy of it that none has opened, or another backup",
            head.schema,
            begin.at.display()
        );
        return Err(fault(path, reason));
    }
    Ok(())
}

/// The store on which records are played, some in one commit.
struct Play<'a> {
    db: &'a Db,
    /// Of which version it is.
    schema: usize,
    /// Records since the last commit.
    open: usize,
}

impl Play<'_> {
    fn run(&mut self, path: &Path, head: &Head, record: &Record) -> Result<(), StoreError> {
        let failed = |error: Failure| error.told("bring a store back");
        let told = |reason: String| fault(path, format!("record {}: {reason}", record.number));
        let body = record.body().map_err(told)?;
        // What came before was written under the version before; the migrations do now what they did then.
        if self.schema < head.schema {
            self.commit()?;
            schema::migrate_to(self.db, head.schema)?;
            self.schema = head.schema;
        }
        if self.open == 0 {
            self.db.begin().map_err(failed)?;
        }
        let Db::Sqlite(file) = self.db else { return Err(fault(path, "it is of a file")) };
        Body(&body).run(file).map_err(failed)?.map_err(told)?;
        self.open += 1;
        if self.open == RECORDS_IN_COMMIT { self.commit() } else { Ok(()) }
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        if self.open > 0 {
            self.db.commit().map_err(|error| error.told("bring a store back"))?;
            self.open = 0;
        }
        Ok(())
    }
}

fn run_again(db: &Db, segments: &[PathBuf], start: i64, until: Until) -> Result<Restored, StoreError> {
    let mut restored = Restored { backup: start, last: start, at: None };
    let mut play = Play { db, schema: schema::find_version(db)?, open: 0 };
    'all: for path in segments {
        let mut reader = Reader::open(path)?;
        while let Some(record) = reader.next()? {
            if until.is_before(&record) {
                if restored.at.is_none() && record.number <= start && matches!(until, Until::Instant(_)) {
                    return Err(fault(
                        path,
                        format!("the backup holds what was committed at {}; take an earlier one", record.at),
                    ));
                }
                break 'all;
            }
            if record.number <= start {
                continue;
            }
            if record.number != restored.last + 1 {
                let reason = format!("record {} is missing; bring its file back", restored.last + 1);
                return Err(fault(path, reason));
            }
            play.run(path, &reader.head, &record)?;
            (restored.last, restored.at) = (record.number, Some(record.at));
            if until == Until::Number(record.number) {
                break 'all;
            }
        }
    }
    play.commit()?;
    match until {
        Until::Number(number) if restored.last < number => Err(fault(
            segments.last().map_or(Path::new(""), PathBuf::as_path),
            format!("it ends with record {}", restored.last),
        )),
        Until::End | Until::Instant(_) | Until::Number(_) => Ok(restored),
    }
}
