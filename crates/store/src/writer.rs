//! The one writing thread: group commit, acknowledgement only after the flush.

use crate::apply::apply;
use crate::events::{Appender, Index, Packed};
use crate::limits::{MOST_BATCHES_IN_COMMIT, MOST_WAITING_BATCHES, MOST_WRITES_IN_BATCH};
use crate::rows::Write;
use crate::{StoreError, schema};
use rusqlite::{Connection, TransactionBehavior};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// A batch on its way to the disk, and where its acknowledgement goes.
struct Waiting {
    writes: Vec<Ready>,
    acknowledge: SyncSender<Result<(), StoreError>>,
}

/// A write with everything done to it that the caller's thread can do.
enum Ready {
    Event(Packed),
    Other(Write),
}

impl From<Write> for Ready {
    fn from(write: Write) -> Self {
        match write {
            Write::Event(row) => Self::Event(Packed::of(row)),
            other => Self::Other(other),
        }
    }
}

/// The writing thread. Dropping it finishes what is waiting and closes the file.
pub(crate) struct Writer {
    queue: Mutex<Option<SyncSender<Waiting>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(crate) fn start(connection: Connection, index: Arc<Index>) -> Result<Self, StoreError> {
        schema::prepare_writer(&connection)
            .map_err(|source| StoreError::Sqlite { doing: "open for writing", source })?;
        let appender = Appender::new(index, &connection)?;
        let (queue, waiting) = sync_channel(MOST_WAITING_BATCHES);
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || run(connection, appender, &waiting))
            .map_err(|source| StoreError::Folder { folder: "writer thread".into(), source })?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)) })
    }

    /// Saves a batch; returns when it is on the disk.
    pub(crate) fn save(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        if writes.len() > MOST_WRITES_IN_BATCH {
            return Err(StoreError::TooLarge(writes.len()));
        }
        if writes.is_empty() {
            return Ok(());
        }
        let writes = writes.into_iter().map(Ready::from).collect();
        let (acknowledge, acknowledged) = sync_channel(1);
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone();
        queue
            .ok_or(StoreError::Closed)?
            .send(Waiting { writes, acknowledge })
            .map_err(|_| StoreError::Closed)?;
        acknowledged.recv().map_err(|_| StoreError::Closed)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A writer that panicked has acknowledged nothing that it did not save.
            let _ = thread.join();
        }
    }
}

fn run(mut connection: Connection, mut appender: Appender, waiting: &Receiver<Waiting>) {
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        while group.len() < MOST_BATCHES_IN_COMMIT {
            match waiting.try_recv() {
                Ok(next) => group.push(next),
                Err(_) => break,
            }
        }
        commit_group(&mut connection, &mut appender, group);
    }
}

/// Commits a group in one transaction. If any batch of it fails, each is tried alone, so that one bad batch does not
/// take the others with it.
fn commit_group(connection: &mut Connection, appender: &mut Appender, group: Vec<Waiting>) {
    if commit(connection, appender, group.iter().map(|waiting| waiting.writes.as_slice())).is_ok() {
        for waiting in group {
            let _ = waiting.acknowledge.send(Ok(()));
        }
        return;
    }
    for waiting in group {
        let result =
            commit(connection, appender, std::iter::once(waiting.writes.as_slice())).map_err(to_store_error);
        let _ = waiting.acknowledge.send(result);
    }
}

/// A failure that a write raised by itself comes back as it was raised.
fn to_store_error(error: rusqlite::Error) -> StoreError {
    match error {
        rusqlite::Error::ToSqlConversionFailure(own) => match own.downcast::<StoreError>() {
            Ok(own) => *own,
            Err(other) => StoreError::NotSaved(other.to_string()),
        },
        other => StoreError::NotSaved(other.to_string()),
    }
}

fn commit<'a>(
    connection: &mut Connection,
    appender: &mut Appender,
    batches: impl Iterator<Item = &'a [Ready]>,
) -> Result<(), rusqlite::Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    appender.begin();
    for write in batches.flatten() {
        match write {
            Ready::Event(event) => appender.append(&transaction, event)?,
            Ready::Other(write) => apply(&transaction, write)?,
        }
    }
    transaction.commit()?;
    appender.publish();
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{DeviceFixes, FixRow, Store, StoreError, Write};
    use jiff::Timestamp;

    fn position(number: i32) -> Write {
        let at = Timestamp::from_second(1_796_000_000).unwrap();
        let fix =
            FixRow { at, lat_e7: number, lon_e7: 0, received: at, marks: 0, speed: None, heading: None };
        Write::Fixes(DeviceFixes { device: "tracker:A".into(), state: None, fixes: vec![fix] })
    }

    #[test]
    fn batches_from_many_threads_are_all_there_after_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let store = &store;
                scope.spawn(move || {
                    for number in 0..50 {
                        store.save(vec![position(thread * 1_000 + number)]).unwrap();
                    }
                });
            }
        });
        drop(store);
        let store = Store::open(folder.path()).unwrap();
        let mut seen: Vec<_> =
            store.list_fixes("tracker:A", 1_000).unwrap().into_iter().map(|row| row.lat_e7).collect();
        seen.sort_unstable();
        let expected: Vec<_> =
            (0..8).flat_map(|thread| (0..50).map(move |number| thread * 1_000 + number)).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_batch_over_the_limit_is_refused_whole() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let batch = vec![position(1); crate::MOST_WRITES_IN_BATCH + 1];
        assert!(matches!(store.save(batch), Err(StoreError::TooLarge(_))));
        assert!(store.list_fixes("tracker:A", 10).unwrap().is_empty());
    }

    #[test]
    fn a_second_process_is_kept_out() {
        let folder = tempfile::tempdir().unwrap();
        let _store = Store::open(folder.path()).unwrap();
        assert!(matches!(Store::open(folder.path()), Err(StoreError::InUse { .. })));
    }
}
