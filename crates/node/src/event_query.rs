//! Questions about events, answered from the store in pages that stay the same while events arrive.

use crate::limits::{MOST_LOOKED_AT, MOST_SORTED};
use crate::sight::EventsSeen;
use crate::vocabulary::resolve;
use crate::{EventReader, Refusal, Sight};
use jiff::Timestamp;
use kervan_events::query::{Entry, Query};
use kervan_events::{Event, NameRole};
use kervan_model::Finding;
use kervan_store::{EventKey, EventQuery, EventRole, EventRow, Roles};
use std::collections::BTreeSet;
use std::str::FromStr;

/// Rows that are read from the store at once.
const AT_ONCE: u32 = 1_000;

/// Where a page begins. Shape as text: `TIME.PLACE.UNTIL.SKIP`, numbers in hexadecimal.
///
/// The answer is that of the moment of the first page: events captured later are not in it, whatever the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// When the last event seen happened, where the store is read by that. Unit: microsecond since 1970.
    at: i64,
    /// Its place in the sequence.
    place: u64,
    /// The last place that takes part; 0 until the first page has fixed it.
    until: u64,
    /// How many of an ordered answer were given.
    skip: u64,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:x}.{:x}.{:x}.{:x}", self.at.cast_unsigned(), self.place, self.until, self.skip)
    }
}

impl FromStr for Cursor {
    type Err = Finding;

    fn from_str(text: &str) -> Result<Self, Finding> {
        let wrong = || {
            Finding::error("events.page-token", "the token of a page is not one of ours")
                .at("/nextPageToken")
                .remedy("ask for the first page, and follow the link `next` of each answer")
        };
        let numbers: Option<Vec<u64>> =
            text.split('.').map(|part| u64::from_str_radix(part, 16).ok()).collect();
        match numbers.as_deref() {
            Some([at, place, until, skip]) => {
                Ok(Self { at: at.cast_signed(), place: *place, until: *until, skip: *skip })
            }
            _ => Err(wrong()),
        }
    }
}

impl Cursor {
    /// Only events beyond a place of the sequence, up to and with another.
    pub const fn between(after: u64, until: u64) -> Self {
        Self { at: i64::MIN, place: after, until, skip: 0 }
    }
}

/// A page of an answer.
#[derive(Clone, Debug)]
pub struct EventPage {
    /// Its events, each with its place in the sequence.
    pub events: Vec<(u64, Event)>,
    /// Where the next page begins; nothing if this is the last. A page may hold fewer events than asked for, or none, and
    /// still have a next: one request looks at a bounded number of events.
    pub next: Option<Cursor>,
}

/// Answers a question about events, from a cursor on, from those that the asker may read.
///
/// Errors: the answer cannot be ordered, or counted, because it is too large.
pub fn query_events<'a>(
    sight: impl Into<Sight<'a>>,
    query: &Query,
    cursor: Option<Cursor>,
    most: usize,
) -> Result<EventPage, Refusal> {
    let sight = sight.into();
    let cursor = match cursor {
        Some(cursor) => cursor,
        None => Cursor::between(0, sight.desk.store.last_event()),
    };
    let resolved = resolve(sight.desk, query.clone())?;
    let query = &resolved;
    if query.order.is_some() || query.most.is_some() {
        return answer_whole(sight, query, cursor, most);
    }
    let mut search = Search::new(sight, query, cursor);
    let mut events = Vec::new();
    let looked_at = search.run(MOST_LOOKED_AT, &mut |place, event| {
        events.push((place, event));
        events.len() < most
    })?;
    let next = (!looked_at.all).then_some(search.cursor);
    Ok(EventPage { events, next })
}

/// Answers between two places of the sequence, the first not included, in the order of the sequence, whatever order the
/// question has. Returns them and the place up to which it was looked.
pub(crate) fn look_in_sequence(
    sight: Sight<'_>,
    query: &Query,
    after: u64,
    until: u64,
    most: usize,
) -> Result<(Vec<(u64, Event)>, u64), Refusal> {
    let resolved = resolve(sight.desk, query.clone())?;
    let mut search = Search::new(sight, &resolved, Cursor::between(after, until));
    search.times = (None, None);
    let mut events = Vec::new();
    let looked =
        search.run(if most == usize::MAX { most } else { MOST_LOOKED_AT }, &mut |place, event| {
            events.push((place, event));
            events.len() < most
        })?;
    Ok((events, if looked.all { until } else { search.cursor.place }))
}

/// An answer that must be known as a whole before its first event can be given.
fn answer_whole(sight: Sight<'_>, query: &Query, cursor: Cursor, most: usize) -> Result<EventPage, Refusal> {
    let too_large = |why: String| {
        let finding = Finding::error("events.query-too-large", why);
        Refusal::invalid(finding.remedy("narrow the query, for example by GE_eventTime and LT_eventTime"))
    };
    let mut all = Vec::new();
    let mut search = Search::new(sight, query, Cursor::between(0, cursor.until));
    let ceiling =
        query.most.map_or(MOST_SORTED, |most| MOST_SORTED.min(usize::try_from(most).unwrap_or(usize::MAX)));
    let seen = search.run(usize::MAX, &mut |place, event| {
        all.push((place, event));
        all.len() <= ceiling
    })?;
    if all.len() > ceiling || !seen.all {
        return Err(too_large(format!("more than {ceiling} events answer the query")));
    }
    all.sort_by(|a, b| query.compare((a.0, &a.1), (b.0, &b.1)));
    if let Some(limit) = query.limit {
        all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    let skip = usize::try_from(cursor.skip).unwrap_or(usize::MAX);
    let more = all.len() > skip.saturating_add(most);
    let events: Vec<_> = all.into_iter().skip(skip).take(most).collect();
    let next = more.then_some(Cursor { skip: cursor.skip + events.len() as u64, ..cursor });
    Ok(EventPage { events, next })
}

/// How far a search came.
struct Looked {
    /// Whether every candidate was looked at.
    all: bool,
}

struct Search<'a> {
    sight: Sight<'a>,
    query: &'a Query,
    cursor: Cursor,
    entry: Option<Entry>,
    times: (Option<Timestamp>, Option<Timestamp>),
    reader: EventReader,
    seen: EventsSeen<'a>,
}

impl<'a> Search<'a> {
    fn new(sight: Sight<'a>, query: &'a Query, cursor: Cursor) -> Self {
        let (entry, times) = (query.entry(), query.event_times());
        let (reader, seen) = (EventReader::default(), EventsSeen::of(sight));
        Self { sight, query, cursor, entry, times, reader, seen }
    }

    /// Shows the answers beyond the cursor until told to stop, or until so many candidates were looked at.
    fn run(&mut self, most: usize, show: &mut dyn FnMut(u64, Event) -> bool) -> Result<Looked, Refusal> {
        let mut looked_at = 0_usize;
        loop {
            let rows = self.candidates()?;
            if rows.is_empty() {
                return Ok(Looked { all: true });
            }
            self.seen.look_up(&rows)?;
            for row in rows {
                let by_time = self.entry.is_none() && self.times != (None, None);
                if row.seq > self.cursor.until && !by_time {
                    return Ok(Looked { all: true });
                }
                self.cursor.at = row.event_time.as_microsecond();
                self.cursor.place = row.seq;
                looked_at += 1;
                if row.seq > self.cursor.until {
                    continue;
                }
                let event = self.reader.read(&row)?;
                if self.query.matches(&event) && self.seen.sees(&row)? && !show(row.seq, event) {
                    return Ok(Looked { all: false });
                }
            }
            if looked_at >= most {
                return Ok(Looked { all: false });
            }
        }
    }

    /// The next candidates beyond the cursor, in the order of the search.
    fn candidates(&self) -> Result<Vec<EventRow>, Refusal> {
        let store = &self.sight.desk.store;
        if let Some(entry) = &self.entry {
            return Ok(store.list_events_at(&self.places(entry)?)?);
        }
        if self.times == (None, None) {
            return Ok(store.list_events_after(self.cursor.place, AT_ONCE)?);
        }
        let (from, until) = self.times;
        let (from, until) = (from.unwrap_or(Timestamp::MIN), until.unwrap_or(Timestamp::MAX));
        let after = Timestamp::from_microsecond(self.cursor.at).ok().filter(|_| self.cursor.at != i64::MIN);
        Ok(store.list_events_between(from, until, after.map(|at| (at, self.cursor.place)), AT_ONCE)?)
    }

    /// The next places at which one of the names stands, each once.
    fn places(&self, entry: &Entry) -> Result<Vec<u64>, Refusal> {
        let roles: Vec<EventRole> = entry.roles.iter().map(|role| role_of(*role)).collect();
        let mut places = BTreeSet::new();
        // Where a list was cut off, places of other lists beyond its end must wait.
        let mut whole_until = u64::MAX;
        for name in &entry.names {
            let key = EventKey::of(name);
            let (from, until) = self.times;
            let query = EventQuery {
                roles: Roles::of(&roles),
                after: self.cursor.place,
                from,
                until,
                ..EventQuery::of(key, AT_ONCE)
            };
            let found = self.sight.desk.store.list_event_places(&query)?;
            if let Some(last) = found.last().filter(|_| found.len() >= AT_ONCE as usize) {
                whole_until = whole_until.min(*last);
            }
            places.extend(found);
        }
        Ok(places.into_iter().take_while(|place| *place <= whole_until).collect())
    }
}

/// The role of a name in the store's words.
pub(crate) const fn role_of(role: NameRole) -> EventRole {
    match role {
        NameRole::Epc => EventRole::Epc,
        NameRole::Parent => EventRole::Parent,
        NameRole::Child => EventRole::Child,
        NameRole::Input => EventRole::Input,
        NameRole::Output => EventRole::Output,
        NameRole::Class => EventRole::Class,
        NameRole::ReadPoint => EventRole::ReadPoint,
        NameRole::BizLocation => EventRole::BizLocation,
        NameRole::Transaction => EventRole::Transaction,
        NameRole::Party => EventRole::Party,
        NameRole::EventId => EventRole::EventId,
        NameRole::Transformation => EventRole::Transformation,
        NameRole::Word => EventRole::Word,
    }
}
