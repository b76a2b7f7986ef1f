//! The event hash: one canonical string per event, whatever the spelling, and its SHA-256.
//!
//! Source: GS1 CBV 2.0, section 8.9.2, and the published reference implementation's expected strings. Where the two differ,
//! the expected strings decide, because other programs were tested against them: the certification stands behind the time
//! zone offset, the type of a business transaction stands before its id, and destinations stand before sources.

mod context;
mod prehash;
mod value;

pub(crate) use context::Namespaces;

use crate::EventHash;
use crate::limits::MOST_LEVELS;
use serde_json::Value;

/// The canonical string of an event and its hash. Compact URIs are expanded by the event's own `@context`.
///
/// Errors: [`HashError`] if the value is no event or is nested too deeply. What the standard leaves out of the hash (record
/// time, event id, error declaration) does not change it.
///
/// ```
/// let event = serde_json::json!({
///     "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "departing",
///     "eventTime": "2026-12-01T14:00:00+06:00", "eventTimeZoneOffset": "+06:00",
///     "epcList": ["urn:epc:id:bic:CSQU3054383"],
/// });
/// let (prehash, hash) = kervan_events::event_hash(&event).unwrap();
/// assert!(prehash.starts_with("eventType=ObjectEventeventTime=2026-12-01T08:00:00.000Z"));
/// assert!(hash.as_str().starts_with("ni:///sha-256;") && hash.as_str().ends_with("?ver=CBV2.0"));
/// ```
pub fn event_hash(event: &Value) -> Result<(String, EventHash), HashError> {
    event_hash_in(event, &Value::Null)
}

/// Why a value has no event hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// It is not a JSON object.
    #[error("an event must be an object")]
    NotAnEvent,
    /// It is nested deeper than [`MOST_LEVELS`].
    #[error("an event may be nested {MOST_LEVELS} levels deep")]
    TooDeep,
}

/// The same for an event of a document, whose `@context` declares prefixes for all of its events.
pub fn event_hash_in(event: &Value, context: &Value) -> Result<(String, EventHash), HashError> {
    let fields = event.as_object().ok_or(HashError::NotAnEvent)?;
    if depth(event) > MOST_LEVELS {
        return Err(HashError::TooDeep);
    }
    let mut namespaces = Namespaces::of(context);
    if let Some(own) = fields.get("@context") {
        namespaces.add(own);
    }
    Ok(hash_fields(fields, &namespaces))
}

/// The same with the namespaces at hand, for many events of one document.
pub(crate) fn hash_fields(
    fields: &serde_json::Map<String, Value>,
    namespaces: &Namespaces,
) -> (String, EventHash) {
    let prehash = prehash::canonical_string(fields, namespaces);
    let hash = EventHash::of_prehash(&prehash);
    (prehash, hash)
}

/// How many levels of lists and objects a value has, counted no further than one beyond the limit.
pub(crate) fn depth(value: &Value) -> usize {
    fn below(value: &Value, budget: usize) -> usize {
        if budget == 0 {
            return 0;
        }
        match value {
            Value::Array(items) => 1 + items.iter().map(|item| below(item, budget - 1)).max().unwrap_or(0),
            Value::Object(fields) => {
                1 + fields.values().map(|field| below(field, budget - 1)).max().unwrap_or(0)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
        }
    }
    below(value, MOST_LEVELS + 1)
}
