//! Events looked at one by one: captured singly, found by id, and the things they name.

use crate::capture::take_events;
use crate::limits::MOST_LOOKED_AT;
use crate::sight::EventsSeen;
use crate::{Call, Desk, EventReader, Refusal, Sight};
use kervan_events::{Event, NameRole, list_names, read_capture};
use kervan_model::Finding;
use kervan_rights::Action;
use kervan_store::{EventKey, EventQuery, EventRole, Roles};
use serde_json::Value;

/// Captures a single event. Returns its id, and whether it was new.
pub fn capture_single(desk: &Desk, mut call: Call<'_>, event: &Value) -> Result<(String, bool), Refusal> {
    let mut events = read_capture(event, call.now).map_err(Refusal::Invalid)?;
    let (Some(event), true) = (events.pop(), events.is_empty()) else {
        let finding = Finding::error("events.too-few", "this takes one event");
        return Err(Refusal::invalid(finding.remedy("send several events to /epcis/capture")));
    };
    let id = event.id.clone();
    if desk.store.has_event(&event.hash.bytes())? {
        return Ok((id, false));
    }
    take_events(desk, &mut call, vec![event], Vec::new())?;
    Ok((id, true))
}

/// The events with an id: the one that reporters gave, or the hash id. More than one if an event was declared in error.
pub fn find_events_by_id<'a>(sight: impl Into<Sight<'a>>, id: &str) -> Result<Vec<Event>, Refusal> {
    let sight = sight.into();
    let desk = sight.desk;
    let query =
        EventQuery { roles: Roles::of(&[EventRole::EventId]), ..EventQuery::of(EventKey::of(id), AT_ONCE) };
    let mut rows = desk.store.list_events_of(&query)?;
    if let Some(hash) = hash_of(id)
        && let Some(place) = desk.store.find_event_place(&hash)?
    {
        rows.extend(desk.store.find_event(place)?);
    }
    let (mut reader, mut seen) = (EventReader::default(), EventsSeen::of(sight));
    let mut events = Vec::new();
    seen.look_up(&rows)?;
    for row in &rows {
        if seen.sees(row)? {
            events.push(reader.read(row)?);
        }
    }
    events.retain(|event| event.id == id || event.hash.as_str() == id);
    Ok(events)
}

/// Events with one id that are looked at.
const AT_ONCE: u32 = 1_000;

/// The hash of a hash id.
fn hash_of(id: &str) -> Option<[u8; 32]> {
    let digits = id.strip_prefix("ni:///sha-256;")?.get(..64)?;
    data_encoding::HEXLOWER.decode(digits.as_bytes()).ok()?.try_into().ok()
}

/// The place of the first event that names a thing and that the asker may read.
fn first_seen(sight: Sight<'_>, uri: &str) -> Result<Option<u64>, Refusal> {
    let store = &sight.desk.store;
    let of = |most| EventQuery { roles: Roles::THING, ..EventQuery::of(EventKey::of(uri), most) };
    if sight.permits_always(Action::GetEvent) {
        return Ok(store.list_event_places(&of(1))?.first().copied());
    }
    let mut seen = EventsSeen::of(sight);
    for place in store.list_event_places(&of(AT_ONCE))? {
        if let Some(row) = store.find_event(place)?
            && seen.sees(&row)?
        {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// Single things that events name, each once, in the order in which they were first seen; beyond a place of the sequence.
/// Returns them and the place from which to go on, if there is more.
pub fn list_epcs<'a>(
    sight: impl Into<Sight<'a>>,
    after: u64,
    most: usize,
) -> Result<(Vec<String>, Option<u64>), Refusal> {
    const THINGS: &[NameRole] =
        &[NameRole::Epc, NameRole::Parent, NameRole::Child, NameRole::Input, NameRole::Output];
    let sight = sight.into();
    let desk = sight.desk;
    let (mut epcs, mut place) = (Vec::<String>::new(), after);
    let (mut reader, mut seen) = (EventReader::default(), EventsSeen::of(sight));
    let mut looked_at = 0;
    loop {
        let rows = desk.store.list_events_after(place, AT_ONCE)?;
        if rows.is_empty() {
            return Ok((epcs, None));
        }
        seen.look_up(&rows)?;
        for row in &rows {
            place = row.seq;
            looked_at += 1;
            if !seen.sees(row)? {
                if looked_at >= MOST_LOOKED_AT {
                    return Ok((epcs, Some(place)));
                }
                continue;
            }
            let event = reader.read(row)?;
            let mut names = list_names(&event);
            names.retain(|name| THINGS.contains(&name.role));
            names.sort_unstable_by(|a, b| a.uri.cmp(&b.uri));
            names.dedup_by(|a, b| a.uri == b.uri);
            for name in names {
                if first_seen(sight, &name.uri)? == Some(row.seq) {
                    epcs.push(name.uri);
                }
            }
            // The things of one event are not torn apart, so a page may hold a few more.
            if epcs.len() >= most || looked_at >= MOST_LOOKED_AT {
                return Ok((epcs, Some(place)));
            }
        }
    }
}
