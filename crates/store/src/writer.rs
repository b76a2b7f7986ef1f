//! The one writing thread: group commit, acknowledgement only after the flush.

use crate::StoreError;
use crate::commit::{Committer, Ready};
use crate::db::Failure;
use crate::figures::Counts;
use crate::limits::{
    MOST_BATCHES_IN_COMMIT, MOST_WAITING_BATCHES, MOST_WRITES_IN_BATCH, MOST_WRITES_IN_COMMIT,
};
use crate::rows::Write;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

/// A batch on its way to the disk, and where its acknowledgement goes.
struct Waiting {
    writes: Vec<Ready>,
    acknowledge: SyncSender<Result<(), StoreError>>,
}

/// The writing thread. Dropping it finishes what is waiting and closes the store.
pub(crate) struct Writer {
    queue: Mutex<Option<SyncSender<Waiting>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    pub(crate) counts: Arc<Counts>,
}

impl Writer {
    pub(crate) fn start(committer: Committer) -> Result<Self, StoreError> {
        let counts = Arc::new(Counts::default());
        let counted = Arc::clone(&counts);
        let (queue, waiting) = sync_channel(MOST_WAITING_BATCHES);
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || run(committer, &waiting, &counted))
            .map_err(|source| StoreError::Folder { folder: "writer thread".into(), source })?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)), counts })
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
        let queue = queue.ok_or(StoreError::Closed)?;
        self.counts.waiting.fetch_add(1, Ordering::Relaxed);
        let sent = queue.send(Waiting { writes, acknowledge });
        let answer = sent.ok().and_then(|()| acknowledged.recv().ok());
        self.counts.waiting.fetch_sub(1, Ordering::Relaxed);
        answer.ok_or(StoreError::Closed)?
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

fn run(mut committer: Committer, waiting: &Receiver<Waiting>, counts: &Counts) {
    while let Ok(first) = waiting.recv() {
        let mut writes = first.writes.len();
        let mut group = vec![first];
        while group.len() < MOST_BATCHES_IN_COMMIT && writes < MOST_WRITES_IN_COMMIT {
            match waiting.try_recv() {
                Ok(next) => {
                    writes += next.writes.len();
                    group.push(next);
                }
                Err(_) => break,
            }
        }
        let (batches, begun) = (group.len(), now());
        commit_group(&mut committer, group);
        counts.committed(batches, writes, begun.elapsed());
    }
}

#[expect(clippy::disallowed_methods, reason = "how long the disk takes is counted, and decides nothing")]
fn now() -> Instant {
    Instant::now()
}

/// Commits a group in one transaction. If any batch of it fails, each is tried alone, so that one bad batch does not
/// take the others with it.
fn commit_group(committer: &mut Committer, group: Vec<Waiting>) {
    let outcome = committer.commit(group.iter().map(|waiting| waiting.writes.as_slice()));
    match outcome {
        Ok(()) => {
            for waiting in group {
                let _ = waiting.acknowledge.send(Ok(()));
            }
        }
        // The server is gone for all of them alike.
        Err(failure) if failure.is_lost() => {
            for waiting in group {
                let told = if failure.is_unsure() {
                    StoreError::Unsure(failure.to_string())
                } else {
                    StoreError::Unreachable { doing: "save", reason: failure.to_string() }
                };
                let _ = waiting.acknowledge.send(Err(told));
            }
        }
        // A small batch may find room where the whole has none; each is told by itself.
        Err(_) => {
            for waiting in group {
                let alone = committer.commit(std::iter::once(waiting.writes.as_slice()));
                let _ = waiting.acknowledge.send(alone.map_err(Failure::not_saved));
            }
        }
    }
}
