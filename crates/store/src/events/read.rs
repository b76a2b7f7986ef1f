//! Reading events: by place in the sequence, by time, by what they name.

use super::append::find_captured;
use super::keys::{Placed, read_marks};
use super::pack::unpack;
use super::posting::Posting;
use super::row::{EventKey, EventQuery, EventRole, EventRow, Roles, WordKind};
use super::run::Run;
use crate::db::{Cell, Db, Failure, Result as DbResult, Row, Value, each, values};
use crate::limits::{EVENTS_FOR_A_READER, LONGEST_REMEMBERED_CONTEXT, MOST_LISTED, MOST_REMEMBERED_CONTEXTS};
use crate::{OldEvent, Store, StoreError};
use jiff::Timestamp;
use kervan_model::Reference;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::{Arc, PoisonError, RwLock};

const COLUMNS: &str = "seq, hash, event_time, record_time, context, reference, body, keys";

/// Contexts that readers have met, by their ids: one is written once and never changed, and most events share a few.
#[derive(Default)]
pub(crate) struct Contexts(RwLock<BTreeMap<i64, Arc<str>>>);

impl Contexts {
    fn find(&self, db: &Db, id: i64) -> DbResult<Arc<str>> {
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok(Arc::clone(known));
        }
        let sql = "SELECT context FROM event_context WHERE id = ?1";
        let text: Option<String> = db.find(sql, &values![id], |row| row.get(0))?;
        let text: Arc<str> =
            text.ok_or_else(|| Failure::unreadable("an event whose context is gone"))?.into();
        if text.len() <= LONGEST_REMEMBERED_CONTEXT {
            let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if known.len() >= MOST_REMEMBERED_CONTEXTS {
                known.clear();
            }
            known.insert(id, Arc::clone(&text));
        }
        Ok(text)
    }
}

impl Store {
    /// Places of the events that name something, in the order asked for.
    ///
    /// Two names can share a key, so a reader who must be sure looks at the events.
    pub fn list_event_places(&self, query: &EventQuery) -> Result<Vec<u64>, StoreError> {
        let mut places: Vec<u64> = Vec::new();
        let runs = self.index.snapshot();
        for placed in Placed::list(query.key, query.roles) {
            places = join(places, walk(&runs, placed, query)?, query.latest_first);
        }
        // The first of all are among the first of each.
        places.truncate(query.most.min(MOST_LISTED) as usize);
        Ok(places)
    }

    /// The events that name something, in the order asked for.
    pub fn list_events_of(&self, query: &EventQuery) -> Result<Vec<EventRow>, StoreError> {
        let mut events = self.list_events_at(&self.list_event_places(query)?)?;
        events.retain(|event| query.meets_time(event));
        Ok(events)
    }

    /// The answers of several questions, each in the order asked for; what they name is read in one go, and once where several name it.
    pub fn list_events_of_each(&self, queries: &[EventQuery]) -> Result<Vec<Vec<Arc<EventRow>>>, StoreError> {
        let places: Vec<Vec<u64>> =
            queries.iter().map(|query| self.list_event_places(query)).collect::<Result<_, _>>()?;
        let all: BTreeSet<u64> = places.iter().flatten().copied().collect();
        let rows = self.list_events_at(&all.into_iter().collect::<Vec<_>>())?;
        let rows: BTreeMap<u64, Arc<EventRow>> =
            rows.into_iter().map(|row| (row.seq, Arc::new(row))).collect();
        let answer = |(query, places): (&EventQuery, Vec<u64>)| {
            let found = places.iter().filter_map(|place| rows.get(place));
            found.filter(|row| query.meets_time(row)).cloned().collect()
        };
        Ok(queries.iter().zip(places).map(answer).collect())
    }

    /// The events at places of the sequence, in the order of the places; places without an event are left out.
    pub fn list_events_at(&self, places: &[u64]) -> Result<Vec<EventRow>, StoreError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let readers = self.spare_readers().min(places.len() / EVENTS_FOR_A_READER).max(1);
        let mut parts = places.chunks(places.len().div_ceil(readers).max(1));
        let first = parts.next().unwrap_or_default();
        // What was captured is never changed, so readers that begin one after the other see the same events.
        std::thread::scope(|scope| {
            let others: Vec<_> = parts.map(|part| scope.spawn(|| self.fetch_events_at(part))).collect();
            let mut events = self.fetch_events_at(first)?;
            for other in others {
                events.append(&mut other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
            }
            Ok(events)
        })
    }

    fn fetch_events_at(&self, places: &[u64]) -> Result<Vec<EventRow>, StoreError> {
        // The bounds say nothing new, but by them PostgreSQL knows which stretches of the sequence it need not look into.
        let sql = format!(
            "SELECT {COLUMNS} FROM captured WHERE seq IN (SELECT value FROM json_each(?1)) AND seq >= ?2 AND seq <= ?3"
        );
        let order: BTreeMap<u64, usize> = places.iter().copied().zip(0..).collect();
        let ends = [order.first_key_value(), order.last_key_value()];
        let [first, last] = ends.map(|end| end.map_or(0, |(place, _)| place.cast_signed()));
        let seqs: Vec<i64> = places.iter().map(|place| place.cast_signed()).collect();
        let mut events = self.with_reader("read events", |db| {
            db.query(&sql, &[each(&seqs)?, first.into(), last.into()], |row| {
                read_event(db, &self.contexts, row)
            })
        })?;
        events.sort_by_key(|event| order.get(&event.seq).copied());
        Ok(events)
    }

    /// The event at a place of the sequence.
    pub fn find_event(&self, place: u64) -> Result<Option<EventRow>, StoreError> {
        Ok(self.list_events_at(&[place])?.pop())
    }

    /// The place of the event with a hash.
    pub fn find_event_place(&self, hash: &[u8; 32]) -> Result<Option<u64>, StoreError> {
        let runs = self.index.snapshot();
        self.with_reader("look an event up", |db| find_captured(&runs, db, hash))
    }

    /// Whether an event with this hash is there.
    pub fn has_event(&self, hash: &[u8; 32]) -> Result<bool, StoreError> {
        Ok(self.find_event_place(hash)?.is_some())
    }

    /// The events of a consignment in the order in which they happened.
    pub fn list_events(&self, reference: &Reference) -> Result<Vec<EventRow>, StoreError> {
        let query = EventQuery {
            roles: Roles::of(&[EventRole::Consignment]),
            ..EventQuery::of(EventKey::of(reference.as_str()), MOST_LISTED)
        };
        let mut events = self.list_events_of(&query)?;
        events.retain(|event| event.reference.as_ref() == Some(reference));
        events.sort_by_key(|event| (event.event_time, event.seq));
        Ok(events)
    }

    /// Events of all consignments, those that happened last first.
    pub fn list_latest_events(&self, most: u32) -> Result<Vec<EventRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM captured ORDER BY event_time DESC, seq DESC LIMIT ?1");
        self.list_captured(&sql, &values![most.min(MOST_LISTED)])
    }

    /// Events beyond a place of the sequence, in the order in which they were captured. Nothing is captured later at a
    /// place before one that was seen.
    pub fn list_events_after(&self, after: u64, most: u32) -> Result<Vec<EventRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM captured WHERE seq > ?1 ORDER BY seq LIMIT ?2");
        self.list_captured(&sql, &values![after.cast_signed(), most.min(MOST_LISTED)])
    }

    /// Events that happened in a time, from one instant up to but without another, in the order in which they happened;
    /// beyond the last one seen, given by its time and place.
    pub fn list_events_between(
        &self,
        from: Timestamp,
        until: Timestamp,
        after: Option<(Timestamp, u64)>,
        most: u32,
    ) -> Result<Vec<EventRow>, StoreError> {
        let (after, place) = after.map_or((i64::MIN, 0), |(at, place)| (at.as_microsecond(), place));
        let sql = format!(
            "SELECT {COLUMNS} FROM captured WHERE event_time >= ?1 AND event_time < ?2 AND (event_time, seq) > (?3, ?4)
             ORDER BY event_time, seq LIMIT ?5"
        );
        let (from, until) = (from.as_microsecond().max(after), until.as_microsecond());
        self.list_captured(&sql, &values![from, until, after, place.cast_signed(), most.min(MOST_LISTED)])
    }

    /// The last place of the sequence; 0 if there is no event.
    pub fn last_event(&self) -> u64 {
        // The index has what a commit brought before its batch is acknowledged.
        self.index.snapshot().last().map_or(0, |run| run.span().to)
    }

    /// Words in use, in alphabetical order, beyond a word.
    pub fn list_event_words(
        &self,
        kind: WordKind,
        after: &str,
        most: u32,
    ) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT word FROM event_word WHERE kind = ?1 AND word > ?2 ORDER BY word LIMIT ?3";
        self.list("read words of events", sql, &values![kind.number(), after, most.min(MOST_LISTED)], |row| {
            row.get(0)
        })
    }

    /// Events as earlier versions kept them, which wait to be put into the sequence.
    pub fn list_old_events(&self, most: u32) -> Result<Vec<OldEvent>, StoreError> {
        let sql = "SELECT hash, reference, record_time, event FROM event ORDER BY seq LIMIT ?1";
        self.list("read events", sql, &values![most.min(MOST_LISTED)], |row| {
            Ok(OldEvent {
                hash: row.get(0)?,
                reference: row.parsed_or_none(1)?,
                record_time: row.parsed(2)?,
                document: row.get(3)?,
            })
        })
    }

    fn list_captured(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<EventRow>, StoreError> {
        self.with_reader("read events", |db| db.query(sql, values, |row| read_event(db, &self.contexts, row)))
    }
}

/// The first places of one key of the index, in the order asked for.
fn walk(runs: &[Arc<Run>], placed: Placed, query: &EventQuery) -> Result<Vec<u64>, StoreError> {
    let most = query.most.min(MOST_LISTED) as usize;
    let from = query.from.map_or(i64::MIN, |from| from.as_millisecond());
    // The index keeps milliseconds, so the one in which the time ends still counts; rows are looked at again.
    let until = query.until.map_or(i64::MAX, |until| until.as_millisecond());
    let mut places = Vec::new();
    if most == 0 {
        return Ok(places);
    }
    let mut see = |posting: &Posting| {
        if placed.roles.meets(posting.roles) && from <= posting.at && posting.at <= until {
            places.push(posting.seq);
        }
        if places.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let mut bytes = Vec::new();
    let may_hold =
        |run: &Run| run.times().meet(from, until) && (!placed.is_filtered() || run.may_hold(placed.key));
    let runs = runs.iter().filter(|run| may_hold(run));
    if query.latest_first {
        let before = if query.after == 0 { u64::MAX } else { query.after };
        for run in runs.rev().filter(|run| run.span().from < before) {
            if run.visit_back(placed.key, before, &mut bytes, &mut see)?.is_break() {
                break;
            }
        }
    } else {
        for run in runs.filter(|run| run.span().to > query.after) {
            if run.visit(placed.key, query.after, &mut bytes, &mut see)?.is_break() {
                break;
            }
        }
    }
    Ok(places)
}

/// Two lists of places in one order as one, each place once.
fn join(one: Vec<u64>, other: Vec<u64>, latest_first: bool) -> Vec<u64> {
    if one.is_empty() || other.is_empty() {
        return if one.is_empty() { other } else { one };
    }
    let mut places = [one, other].concat();
    places.sort_unstable();
    places.dedup();
    if latest_first {
        places.reverse();
    }
    places
}

fn read_event(db: &Db, contexts: &Contexts, row: &Row<'_>) -> DbResult<EventRow> {
    let context = contexts.find(db, row.get(4)?)?;
    let event = match row.cell(6)? {
        Cell::Bytes(body) => unpack(body)?,
        _ => return Err(Failure::unreadable("the body of an event")),
    };
    Ok(EventRow {
        seq: row.get::<i64>(0)?.cast_unsigned(),
        hash: row.get(1)?,
        reference: row.parsed_or_none(5)?,
        event_time: instant(row, 2)?,
        record_time: instant(row, 3)?,
        context,
        event,
        marks: match row.cell(7)? {
            Cell::Bytes(keys) => read_marks(keys),
            _ => return Err(Failure::unreadable("the keys of an event")),
        },
        words: Vec::new(),
    })
}

fn instant(row: &Row<'_>, column: usize) -> DbResult<Timestamp> {
    let microseconds: i64 = row.get(column)?;
    Timestamp::from_microsecond(microseconds).map_err(|_| Failure::unreadable(&microseconds.to_string()))
}
