//! The index fields of an event that has been checked.

use super::checker::Checker;
use super::syntax::parse_instant;
use crate::event::{Action, ErrorDeclaration};
use crate::hash::{Namespaces, hash_fields};
use crate::limits::CLOCK_TOLERANCE_S;
use crate::vocabulary::Vocabulary;
use crate::{Event, EventHash, EventType};
use jiff::{SignedDuration, Timestamp};
use kervan_model::Finding;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Where the hash of an event comes from.
pub(super) enum Identity<'a> {
    /// It is computed under these namespaces.
    Computed(&'a Namespaces),
    /// It was computed before.
    Known(EventHash),
}

impl Identity<'_> {
    fn hash(self, fields: &Map<String, Value>) -> EventHash {
        match self {
            Self::Computed(namespaces) => hash_fields(fields, namespaces).1,
            Self::Known(hash) => hash,
        }
    }
}

/// Makes an event again from what was kept of it, without checking it anew; nothing if it is no event.
///
/// `hash` and `record_time` are those it was captured with; so is its context.
pub fn restore_event(
    json: Value,
    context: Arc<Value>,
    hash: EventHash,
    record_time: Timestamp,
) -> Option<Event> {
    let mut checker = Checker::default();
    let fields = json.as_object()?;
    let event_type = EventType::of_word(text(fields, "type")?);
    let identity = Identity::Known(hash);
    let mut event = extract(&mut checker, &Value::Null, fields, event_type, identity, &context, record_time)?;
    event.findings = checker.into_findings();
    event.json = json;
    Some(event)
}

/// Makes the event; nothing only if a required field is missing after all.
pub(super) fn extract(
    checker: &mut Checker<'_>,
    json: &Value,
    fields: &Map<String, Value>,
    event_type: EventType,
    identity: Identity<'_>,
    context: &Arc<Value>,
    record_time: Timestamp,
) -> Option<Event> {
    let event_time = instant(fields, "eventTime")?;
    mark_clock_ahead(checker, event_time, record_time);
    let hash = identity.hash(fields);
    let word = |name: &str, vocabulary: Vocabulary| text(fields, name).map(|word| vocabulary.bare(word));
    let mut epcs = texts(fields, "epcList");
    epcs.extend(texts(fields, "childEPCs"));
    Some(Event {
        id: text(fields, "eventID").unwrap_or(hash.as_str()).to_owned(),
        hash,
        json: json.clone(),
        context: Arc::clone(context),
        event_type,
        event_time,
        record_time,
        action: text(fields, "action").and_then(Action::find),
        biz_step: word("bizStep", Vocabulary::BizStep),
        disposition: word("disposition", Vocabulary::Disposition),
        read_point: place(fields, "readPoint"),
        biz_location: place(fields, "bizLocation"),
        parent: text(fields, "parentID").map(str::to_owned),
        epcs,
        inputs: texts(fields, "inputEPCList"),
        outputs: texts(fields, "outputEPCList"),
        biz_transactions: transactions(fields),
        error_declaration: error_declaration(fields),
        findings: Vec::new(),
    })
}

fn mark_clock_ahead(checker: &mut Checker<'_>, event_time: Timestamp, record_time: Timestamp) {
    let latest = record_time.saturating_add(SignedDuration::from_secs(CLOCK_TOLERANCE_S));
    if latest.is_ok_and(|latest| event_time > latest) {
        let message = format!(
            "the event says {event_time} and was captured at {record_time}: the reporter's clock is ahead"
        );
        checker.add(
            Finding::warning(crate::CLOCK_AHEAD, message).remedy("set the clock and report the event again"),
        );
    }
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str)
}

fn instant(fields: &Map<String, Value>, name: &str) -> Option<Timestamp> {
    text(fields, name).and_then(parse_instant)
}

fn texts(fields: &Map<String, Value>, name: &str) -> Vec<String> {
    let items = fields.get(name).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn place(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name).and_then(|place| place.get("id")).and_then(Value::as_str).map(str::to_owned)
}

fn transactions(fields: &Map<String, Value>) -> Vec<(String, String)> {
    let items = fields.get("bizTransactionList").and_then(Value::as_array).into_iter().flatten();
    items
        .filter_map(|item| {
            let kind = item.get("type").and_then(Value::as_str).unwrap_or_default();
            let uri = item.get("bizTransaction").and_then(Value::as_str)?;
            Some((Vocabulary::BizTransactionType.bare(kind), uri.to_owned()))
        })
        .collect()
}

fn error_declaration(fields: &Map<String, Value>) -> Option<ErrorDeclaration> {
    let declaration = fields.get("errorDeclaration")?.as_object()?;
    Some(ErrorDeclaration {
        declared: instant(declaration, "declarationTime")?,
        reason: text(declaration, "reason").map(|reason| Vocabulary::ErrorReason.bare(reason)),
        corrected_by: texts(declaration, "correctiveEventIDs"),
    })
}
