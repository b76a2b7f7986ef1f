//! Events between the store and the rules: rows with their names, and events read back from rows.

use crate::event_query::role_of;
use crate::scribe::to_text;
use crate::sight::EventsSeen;
use crate::{Desk, Refusal, Sight};
use kervan_events::{
    Event, EventHash, Name, canonical_name, has_name, list_names, read_capture, restore_event, shown_prefixes,
};
use kervan_model::{PartyId, Reference};
use kervan_store::{EventKey, EventMark, EventQuery, EventRole, EventRow, EventWord, WordKind, Write};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Events as earlier versions kept them that are put into the sequence at once.
const OLD_EVENTS_AT_ONCE: u32 = 1_000;

/// Writes rows of events that share contexts, each of which is put into words once.
#[derive(Default)]
pub(crate) struct EventRows {
    contexts: Vec<(Arc<Value>, Arc<str>)>,
}

impl EventRows {
    /// The row of an event.
    pub(crate) fn row(
        &mut self,
        event: &Event,
        reference: Option<&Reference>,
        reporter: Option<&PartyId>,
    ) -> Result<EventRow, Refusal> {
        let by = reporter.map(captured_by);
        Ok(EventRow {
            seq: 0,
            hash: event.hash.bytes(),
            reference: reference.cloned(),
            event_time: event.event_time,
            record_time: event.record_time,
            context: self.context(&event.context)?,
            event: to_text(&event.json)?,
            marks: list_names(event).iter().map(mark).chain(by).collect(),
            words: words(event),
        })
    }

    fn context(&mut self, context: &Arc<Value>) -> Result<Arc<str>, Refusal> {
        let known = self.contexts.iter().find(|(known, _)| Arc::ptr_eq(known, context));
        if let Some((_, text)) = known {
            return Ok(Arc::clone(text));
        }
        let text: Arc<str> = to_text(context.as_ref())?.into();
        self.contexts.push((Arc::clone(context), Arc::clone(&text)));
        Ok(text)
    }
}

/// The mark of the events that a party captured. No event names it, so no question about names meets it.
pub(crate) fn captured_by(party: &PartyId) -> EventMark {
    EventMark { key: EventKey::of(&format!("captured by {party}")), role: EventRole::Party }
}

fn mark(name: &Name) -> EventMark {
    EventMark { key: EventKey::of(&name.uri), role: role_of(name.role) }
}

fn words(event: &Event) -> Vec<EventWord> {
    let words = [
        (WordKind::EventType, Some(event.event_type.word())),
        (WordKind::BizStep, event.biz_step.as_deref()),
        (WordKind::Disposition, event.disposition.as_deref()),
        (WordKind::ReadPoint, event.read_point.as_deref()),
        (WordKind::BizLocation, event.biz_location.as_deref()),
    ];
    let words = words.into_iter().filter_map(|(kind, word)| Some(EventWord { kind, word: word?.to_owned() }));
    words.chain(prefixes(event)).collect()
}

/// The company prefixes that the EPC URNs of an event show, in most events one.
fn prefixes(event: &Event) -> impl Iterator<Item = EventWord> {
    let shown = shown_prefixes(&event.json).into_iter();
    shown.map(|word| EventWord { kind: WordKind::CompanyPrefix, word: word.to_owned() })
}

/// Reads events back from their rows. They were checked when they were captured.
#[derive(Default)]
pub struct EventReader {
    contexts: BTreeMap<Arc<str>, Arc<Value>>,
}

impl EventReader {
    /// The event of a row.
    pub fn read(&mut self, row: &EventRow) -> Result<Event, Refusal> {
        let broken = |error: &dyn std::fmt::Display| Refusal::broken("a stored event", &error.to_string());
        let context = match self.contexts.get(&row.context) {
            Some(context) => Arc::clone(context),
            None => {
                let context: Value = serde_json::from_str(&row.context)
                    .map_err(|error| broken(&kervan_model::in_plain_words(&error)))?;
                let context = Arc::new(context);
                self.contexts.insert(Arc::clone(&row.context), Arc::clone(&context));
                context
            }
        };
        let json = serde_json::from_str(&row.event)
            .map_err(|error| broken(&kervan_model::in_plain_words(&error)))?;
        let hash = EventHash::of_bytes(&row.hash);
        restore_event(json, context, hash, row.record_time).ok_or_else(|| broken(&"it is no event"))
    }
}

/// The events that name a thing, place, transaction or class, however it is written there, each with its place in the
/// sequence. `ask` makes the query of the name's key.
///
/// ```ignore
/// list_events_of(desk, "urn:epc:id:bic:CSQU3054383", |key| EventQuery::of(key, 100))?
/// ```
pub fn list_events_of<'a>(
    sight: impl Into<Sight<'a>>,
    name: &str,
    ask: impl Fn(EventKey) -> EventQuery,
) -> Result<Vec<(u64, Event)>, Refusal> {
    let mut found = list_events_of_each(sight.into(), &[name], |_, key| ask(key))?;
    Ok(found.pop().unwrap_or_default())
}

/// The same for several names, of which what they name is read in one go. `ask` makes the query of the key of the name at a place of
/// the list.
pub(crate) fn list_events_of_each(
    sight: Sight<'_>,
    names: &[&str],
    ask: impl Fn(usize, EventKey) -> EventQuery,
) -> Result<Vec<Vec<(u64, Event)>>, Refusal> {
    let names: Vec<String> = names.iter().map(|name| canonical_name(name)).collect();
    let queries: Vec<EventQuery> =
        names.iter().enumerate().map(|(at, name)| ask(at, EventKey::of(name))).collect();
    let found = sight.desk.store.list_events_of_each(&queries)?;
    let (mut seen, mut reader) = (EventsSeen::of(sight), EventReader::default());
    seen.look_up(found.iter().flatten().map(Arc::as_ref))?;
    let mut answers = Vec::with_capacity(names.len());
    for (name, found) in names.iter().zip(found) {
        let mut events = Vec::with_capacity(found.len());
        for row in found {
            if !seen.sees(&row)? {
                continue;
            }
            let event = reader.read(&row)?;
            // Two names can share a key, if somebody takes the trouble.
            if has_name(&event, name) {
                events.push((row.seq, event));
            }
        }
        answers.push(events);
    }
    Ok(answers)
}

/// Puts events that an earlier version kept into the sequence. Returns how many there were.
pub fn file_old_events(desk: &Desk) -> Result<usize, Refusal> {
    let mut filed = 0;
    loop {
        let old = desk.store.list_old_events(OLD_EVENTS_AT_ONCE)?;
        if old.is_empty() {
            return Ok(filed);
        }
        filed += old.len();
        let (mut rows, mut writes) = (EventRows::default(), Vec::new());
        for event in old {
            let document = serde_json::from_str(&event.document)
                .map_err(|error| Refusal::broken("a stored event", &error))?;
            let read = read_capture(&document, event.record_time)
                .map_err(|_| Refusal::broken("a stored event", &event.hash))?;
            for read in &read {
                writes.push(Write::Event(rows.row(read, event.reference.as_ref(), None)?));
            }
            writes.push(Write::OldEventFiled(event.hash));
        }
        desk.save(writes)?;
    }
}
