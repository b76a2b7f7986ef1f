//! Reading events: by place in the sequence, by time, by what they name.

use super::append::{find_captured, own};
use super::pack::unpack;
use super::row::{EventKey, EventQuery, EventRole, EventRow, Roles, WordKind};
use crate::limits::MOST_LISTED;
use crate::read::parsed;
use crate::{OldEvent, Store, StoreError};
use jiff::Timestamp;
use kervan_model::Reference;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

const COLUMNS: &str = "seq, hash, event_time, record_time, context, reference, body";

/// Contexts that a reading has met.
type Contexts = BTreeMap<i64, Arc<str>>;

impl Store {
    /// Places of the events that name something, in the order asked for.
    ///
    /// Two names can share a key, so a reader who must be sure looks at the events.
    pub fn list_event_places(&self, query: &EventQuery) -> Result<Vec<u64>, StoreError> {
        let most = query.most.min(MOST_LISTED) as usize;
        let from = query.from.map_or(i64::MIN, |from| from.as_millisecond());
        // The index keeps milliseconds, so the one in which the time ends still counts; rows are looked at again.
        let until = query.until.map_or(i64::MAX, |until| until.as_millisecond());
        let mut places = Vec::new();
        if most == 0 {
            return Ok(places);
        }
        let mut see = |posting: &super::posting::Posting| {
            if query.roles.meets(posting.roles) && from <= posting.at && posting.at <= until {
                places.push(posting.seq);
            }
            if places.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let runs = self.index.snapshot();
        if query.latest_first {
            let before = if query.after == 0 { u64::MAX } else { query.after };
            for run in runs.iter().rev().filter(|run| run.span().from < before) {
                if run.visit_back(query.key.0, before, &mut see)?.is_break() {
                    break;
                }
            }
        } else {
            for run in runs.iter().filter(|run| run.span().to > query.after) {
                if run.visit(query.key.0, query.after, &mut see)?.is_break() {
                    break;
                }
            }
        }
        Ok(places)
    }

    /// The events that name something, in the order asked for.
    pub fn list_events_of(&self, query: &EventQuery) -> Result<Vec<EventRow>, StoreError> {
        let mut events = self.list_events_at(&self.list_event_places(query)?)?;
        events.retain(|event| {
            query.from.is_none_or(|from| from <= event.event_time)
                && query.until.is_none_or(|until| event.event_time < until)
        });
        Ok(events)
    }

    /// The events at places of the sequence, in the order of the places; places without an event are left out.
    pub fn list_events_at(&self, places: &[u64]) -> Result<Vec<EventRow>, StoreError> {
        self.with_reader("read events", |connection| {
            let mut contexts = Contexts::new();
            let sql = format!("SELECT {COLUMNS} FROM captured WHERE seq = ?1");
            let mut statement = connection.prepare_cached(&sql)?;
            let mut events = Vec::with_capacity(places.len());
            for place in places {
                let read = |row: &Row<'_>| read_event(connection, &mut contexts, row);
                events.extend(statement.query_row([place.cast_signed()], read).optional()?);
            }
            Ok(events)
        })
    }

    /// The event at a place of the sequence.
    pub fn find_event(&self, place: u64) -> Result<Option<EventRow>, StoreError> {
        Ok(self.list_events_at(&[place])?.pop())
    }

    /// The place of the event with a hash.
    pub fn find_event_place(&self, hash: &[u8; 32]) -> Result<Option<u64>, StoreError> {
        let runs = self.index.snapshot();
        self.with_reader("look an event up", |connection| find_captured(&runs, connection, hash))
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
        self.list_captured(&sql, params![most.min(MOST_LISTED)])
    }

    /// Events beyond a place of the sequence, in the order in which they were captured. Nothing is captured later at a
    /// place before one that was seen.
    pub fn list_events_after(&self, after: u64, most: u32) -> Result<Vec<EventRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM captured WHERE seq > ?1 ORDER BY seq LIMIT ?2");
        self.list_captured(&sql, params![after.cast_signed(), most.min(MOST_LISTED)])
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
        self.list_captured(&sql, params![from, until, after, place.cast_signed(), most.min(MOST_LISTED)])
    }

    /// The last place of the sequence; 0 if there is no event.
    pub fn last_event(&self) -> Result<u64, StoreError> {
        self.with_reader("count events", |connection| {
            connection
                .query_row("SELECT coalesce(max(seq), 0) FROM captured", [], |row| row.get::<_, i64>(0))
                .map(i64::cast_unsigned)
        })
    }

    /// Words in use, in alphabetical order, beyond a word.
    pub fn list_event_words(
        &self,
        kind: WordKind,
        after: &str,
        most: u32,
    ) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT word FROM event_word WHERE kind = ?1 AND word > ?2 ORDER BY word LIMIT ?3";
        self.list("read words of events", sql, params![kind.number(), after, most.min(MOST_LISTED)], |row| {
            row.get(0)
        })
    }

    /// Events as earlier versions kept them, which wait to be put into the sequence.
    pub fn list_old_events(&self, most: u32) -> Result<Vec<OldEvent>, StoreError> {
        let sql = "SELECT hash, reference, record_time, event FROM event ORDER BY seq LIMIT ?1";
        self.list("read events", sql, [most.min(MOST_LISTED)], |row| {
            let reference: Option<String> = row.get(1)?;
            let reference = reference.map(|text| text.parse().map_err(|_| crate::read::unreadable(1, &text)));
            Ok(OldEvent {
                hash: row.get(0)?,
                reference: reference.transpose()?,
                record_time: parsed(row, 2)?,
                document: row.get(3)?,
            })
        })
    }

    fn list_captured(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<EventRow>, StoreError> {
        self.with_reader("read events", |connection| {
            let mut contexts = Contexts::new();
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(params, |row| read_event(connection, &mut contexts, row))?;
            rows.collect()
        })
    }
}

fn read_event(connection: &Connection, contexts: &mut Contexts, row: &Row<'_>) -> rusqlite::Result<EventRow> {
    let reference: Option<String> = row.get(5)?;
    let reference = match reference {
        Some(text) => Some(text.parse().map_err(|_| crate::read::unreadable(5, &text))?),
        None => None,
    };
    let id: i64 = row.get(4)?;
    let context = match contexts.get(&id) {
        Some(known) => Arc::clone(known),
        None => {
            let text: String = connection
                .prepare_cached("SELECT context FROM event_context WHERE id = ?1")?
                .query_row([id], |row| row.get(0))?;
            let shared: Arc<str> = text.into();
            contexts.insert(id, Arc::clone(&shared));
            shared
        }
    };
    Ok(EventRow {
        seq: row.get::<_, i64>(0)?.cast_unsigned(),
        hash: row.get(1)?,
        reference,
        event_time: instant(row, 2)?,
        record_time: instant(row, 3)?,
        context,
        event: unpack(row.get_ref(6)?.as_blob().unwrap_or_default()).map_err(own)?,
        marks: Vec::new(),
        words: Vec::new(),
    })
}

fn instant(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    let microseconds: i64 = row.get(column)?;
    Timestamp::from_microsecond(microseconds)
        .map_err(|_| crate::read::unreadable(column, &microseconds.to_string()))
}
