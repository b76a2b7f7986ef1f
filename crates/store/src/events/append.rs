//! The writer's side: events at the end of the sequence, each once.

use super::index::{Index, Merger};
use super::keys::read_keys;
use super::pack::Packed;
use super::posting::Posting;
use super::row::{EventKey, EventRole, EventWord};
use super::run::{Run, Span};
use crate::StoreError;
use crate::db::{Db, Result, values};
use crate::limits::MOST_REMEMBERED_WORDS;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

/// What the writer remembers of events between and during transactions.
pub(crate) struct Appender {
    index: Arc<Index>,
    merger: Merger,
    /// The place of the next event that is committed.
    next: u64,
    pending: Pending,
    contexts: BTreeMap<Arc<str>, i64>,
    words: BTreeSet<EventWord>,
}

/// What the transaction at hand has appended.
#[derive(Default)]
struct Pending {
    runs: Vec<Arc<Run>>,
    postings: Vec<Posting>,
    hashes: BTreeSet<[u8; 32]>,
    events: u64,
    open: bool,
}

impl Appender {
    pub(crate) fn new(index: Arc<Index>, db: &Db) -> std::result::Result<Self, StoreError> {
        let last =
            db.number("SELECT max(seq) FROM captured", &[]).map_err(|error| error.told("count events"))?;
        let merger = Merger::start(Arc::clone(&index))?;
        merger.wake();
        Ok(Self {
            index,
            merger,
            next: last.cast_unsigned() + 1,
            pending: Pending::default(),
            contexts: BTreeMap::new(),
            words: BTreeSet::new(),
        })
    }

    /// Takes in events that were committed without this value's knowledge: in a commit whose answer was lost.
    pub(crate) fn catch_up(&mut self, db: &Db) -> Result<()> {
        self.index.rebuild(db, &mut self.next)?;
        self.merger.wake();
        Ok(())
    }

    /// Forgets what an earlier transaction left, which has not been committed.
    pub(crate) fn begin(&mut self) {
        if self.pending.open {
            // They may have been written in what was rolled back.
            self.contexts.clear();
            self.words.clear();
        }
        self.pending = Pending { runs: self.index.snapshot(), open: true, ..Pending::default() };
    }

    /// Shows readers what was committed.
    pub(crate) fn publish(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        if pending.events == 0 {
            return;
        }
        let span = Span { from: self.next, to: self.next + pending.events - 1 };
        self.next += pending.events;
        if self.index.publish(span, pending.postings) {
            self.merger.wake();
        }
    }

    /// Appends an event; one whose hash is there already is left as it is.
    pub(crate) fn append(&mut self, db: &Db, event: &Packed) -> Result<()> {
        if self.pending.hashes.contains(&event.hash) || self.is_captured(db, &event.hash)? {
            return Ok(());
        }
        let context = self.context(db, &event.context)?;
        for word in &event.words {
            self.note_word(db, word)?;
        }
        let seq = self.next + self.pending.events;
        let reference = event.reference.as_ref().map(|reference| reference.as_str());
        let sql = "INSERT INTO captured (seq, hash, event_time, record_time, context, reference, keys, body)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let values = values![
            seq.cast_signed(),
            &event.hash,
            event.event_time,
            event.record_time,
            context,
            reference,
            &event.keys,
            &event.body
        ];
        db.run(sql, &values)?;
        let at = event.event_time.div_euclid(1_000);
        read_keys(&event.keys, EventKey::of_digest(&event.hash).0, seq, at, &mut self.pending.postings);
        self.pending.hashes.insert(event.hash);
        self.pending.events += 1;
        Ok(())
    }

    fn is_captured(&self, db: &Db, hash: &[u8; 32]) -> Result<bool> {
        find_captured(&self.pending.runs, db, hash).map(|found| found.is_some())
    }

    fn context(&mut self, db: &Db, context: &Arc<str>) -> Result<i64> {
        if let Some(id) = self.contexts.get(context) {
            return Ok(*id);
        }
        let digest: [u8; 32] = Sha256::digest(context.as_bytes()).into();
        let insert = "INSERT INTO event_context (digest, context) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        db.run(insert, &values![&digest, context.as_ref()])?;
        let id = db.number("SELECT id FROM event_context WHERE digest = ?1", &values![&digest])?;
        if self.contexts.len() >= MOST_REMEMBERED_WORDS {
            self.contexts.clear();
        }
        self.contexts.insert(Arc::clone(context), id);
        Ok(id)
    }

    fn note_word(&mut self, db: &Db, word: &EventWord) -> Result<()> {
        if self.words.contains(word) {
            return Ok(());
        }
        let insert = "INSERT INTO event_word (kind, word) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        db.run(insert, &values![word.kind.number(), &word.word])?;
        if self.words.len() >= MOST_REMEMBERED_WORDS {
            self.words.clear();
        }
        self.words.insert(word.clone());
        Ok(())
    }
}

/// The place of the event with a hash.
pub(crate) fn find_captured(runs: &[Arc<Run>], db: &Db, hash: &[u8; 32]) -> Result<Option<u64>> {
    let key = EventKey::of_digest(hash).0;
    let (mut places, mut bytes) = (Vec::new(), Vec::new());
    for run in runs.iter().rev().filter(|run| run.may_hold(key)) {
        let shown = run.visit(key, 0, &mut bytes, &mut |posting| {
            if posting.roles & EventRole::Hash as u16 != 0 {
                places.push(posting.seq);
            }
            ControlFlow::Continue(())
        });
        // Every posting was seen: the closure never stops.
        let _ = shown?;
    }
    for seq in places {
        let sql = "SELECT hash FROM captured WHERE seq = ?1";
        let found: Option<[u8; 32]> = db.find(sql, &values![seq.cast_signed()], |row| row.get(0))?;
        if found.as_ref() == Some(hash) {
            return Ok(Some(seq));
        }
    }
    Ok(None)
}
