//! What a question means for one event, and in which order events answer it.

use super::custom::{as_number, elements_of, holds, value_of};
use super::test::{Comparison, Field, Test, Things, TimeField};
use super::units::{comparable, order};
use super::{OrderBy, Pattern, Query};
use crate::format::parse_instant;
use crate::vocabulary::Vocabulary;
use crate::{Event, canonical_name};
use jiff::Timestamp;
use serde_json::Value;
use std::cmp::Ordering;

impl Query {
    /// Whether an event answers the question.
    pub fn matches(&self, event: &Event) -> bool {
        self.tests.iter().all(|test| passes(test, event))
    }

    /// Which of two events comes first in the answer; equal ones stand in the order of capture, given by their places.
    pub fn compare(&self, a: (u64, &Event), b: (u64, &Event)) -> Ordering {
        let Some(asked) = &self.order else { return a.0.cmp(&b.0) };
        let by_field = match &asked.by {
            OrderBy::EventTime => a.1.event_time.cmp(&b.1.event_time),
            OrderBy::RecordTime => a.1.record_time.cmp(&b.1.record_time),
            OrderBy::Extension(name) => compare_values(value_of(a.1, name), value_of(b.1, name)),
        };
        let both = by_field.then(a.0.cmp(&b.0));
        if asked.descending { both.reverse() } else { both }
    }
}

/// Numbers by size, times by time, texts by their letters; what has no value comes first.
fn compare_values(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(a), Some(b)) => {
            let numbers = as_number(a).zip(as_number(b)).map(|(a, b)| a.total_cmp(&b));
            let time = |value: &Value| value.as_str().and_then(parse_instant);
            let times = || time(a).zip(time(b)).map(|(a, b)| a.cmp(&b));
            let texts = || a.as_str().unwrap_or_default().cmp(b.as_str().unwrap_or_default());
            numbers.or_else(times).unwrap_or_else(texts)
        }
    }
}

fn passes(test: &Test, event: &Event) -> bool {
    match test {
        Test::In(field, wanted) => has_word(event, *field, wanted),
        Test::Place { location, within, names } => {
            let place = if *location { &event.biz_location } else { &event.read_point };
            place.as_ref().is_some_and(|place| is_at(&canonical_name(place), names, *within))
        }
        Test::Things(things, patterns) => has_thing(event, *things, patterns),
        Test::Quantity(comparison, asked) => quantities(event).any(|held| meets(*comparison, held, *asked)),
        Test::Listed { list, item, kind, names } => has_listed(event, list, item, kind, names),
        Test::Time { field, before, at } => {
            times(event, *field).into_iter().any(|held| if *before { held < *at } else { held >= *at })
        }
        Test::ErrorDeclared => event.error_declaration.is_some(),
        Test::Measured { field, comparison, value, unit } => {
            reports(event).any(|report| was_measured(report, field, *comparison, *value, unit.as_deref()))
        }
        Test::Truth(asked) => {
            reports(event).any(|report| report.get("booleanValue").and_then(Value::as_bool) == Some(*asked))
        }
        Test::Described { field, names, .. } => {
            let is_one = |held: &String| names.binary_search(held).is_ok();
            elements_of(event, field).iter().any(is_one)
        }
        Test::Custom { part, inner, name, wanted } => holds(event, *part, *inner, name, wanted),
    }
}

fn meets(comparison: Comparison, held: f64, asked: f64) -> bool {
    order(held, asked).is_some_and(|order| comparison.holds(order))
}

/// Whether a place is one of these, in order, or part of one by its name: an extension of a GLN, or a path below a URI.
pub(super) fn is_at(place: &str, names: &[String], within: bool) -> bool {
    let is_one = |place: &str| names.binary_search_by(|name| name.as_str().cmp(place)).is_ok();
    is_one(place)
        || (within && place.match_indices('/').any(|(end, _)| is_one(place.get(..end).unwrap_or_default())))
}

fn has_word(event: &Event, field: Field, wanted: &[String]) -> bool {
    let is_wanted = |word: &str| wanted.iter().any(|wanted| wanted == word);
    let listed = |path: &str, vocabulary: Vocabulary| {
        let words = event.json.pointer(path).and_then(Value::as_array).into_iter().flatten();
        words.filter_map(Value::as_str).any(|word| is_wanted(&vocabulary.bare(word)))
    };
    match field {
        Field::EventType => is_wanted(event.event_type.word()),
        Field::Action => event.action.is_some_and(|action| is_wanted(action.word())),
        Field::BizStep => event.biz_step.as_deref().is_some_and(is_wanted),
        Field::Disposition => event.disposition.as_deref().is_some_and(is_wanted),
        Field::DispositionSet => listed("/persistentDisposition/set", Vocabulary::Disposition),
        Field::DispositionUnset => listed("/persistentDisposition/unset", Vocabulary::Disposition),
        Field::EventId => is_wanted(&event.id) || is_wanted(event.hash.as_str()),
        Field::TransformationId => {
            let id = event.json.get("transformationID").and_then(Value::as_str);
            id.is_some_and(|id| is_wanted(&canonical_name(id)))
        }
        Field::ErrorReason => event
            .error_declaration
            .as_ref()
            .is_some_and(|declared| declared.reason.as_deref().is_some_and(is_wanted)),
        Field::CorrectiveEventId => event
            .error_declaration
            .as_ref()
            .is_some_and(|declared| declared.corrected_by.iter().any(|id| is_wanted(id))),
        Field::Sensor(name) => {
            let word = |value: &Value| match (name, value.as_str()) {
                ("type", Some(text)) => is_wanted(&Vocabulary::MeasurementType.bare(text)),
                (_, Some(text)) => is_wanted(text),
                (_, None) => false,
            };
            metadata(event).chain(reports(event)).filter_map(|part| part.get(name)).any(word)
        }
    }
}

fn has_thing(event: &Event, things: Things, patterns: &[Pattern]) -> bool {
    let is_meant = |uri: &String| patterns.iter().any(|pattern| pattern.matches(uri));
    let classes = |lists: &[&str]| {
        let items = lists.iter().filter_map(|list| event.json.get(*list)?.as_array()).flatten();
        let mut uris = items.filter_map(|item| item.get("epcClass")?.as_str());
        uris.any(|uri| patterns.iter().any(|pattern| pattern.matches(uri)))
    };
    match things {
        Things::Epc => event.epcs.iter().any(is_meant),
        Things::Parent => event.parent.iter().any(is_meant),
        Things::Input => event.inputs.iter().any(is_meant),
        Things::Output => event.outputs.iter().any(is_meant),
        Things::Any => event.things().any(|uri| patterns.iter().any(|pattern| pattern.matches(uri))),
        Things::Class => classes(&["quantityList", "childQuantityList"]),
        Things::InputClass => classes(&["inputQuantityList"]),
        Things::OutputClass => classes(&["outputQuantityList"]),
        Things::AnyClass => classes(QUANTITY_LISTS),
    }
}

const QUANTITY_LISTS: &[&str] =
    &["quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"];

fn quantities(event: &Event) -> impl Iterator<Item = f64> {
    let items = QUANTITY_LISTS.iter().filter_map(|list| event.json.get(*list)?.as_array()).flatten();
    items.filter_map(|item| item.get("quantity")?.as_f64())
}

fn has_listed(event: &Event, list: &str, item: &str, kind: &str, names: &[String]) -> bool {
    let vocabulary = match item {
        "bizTransaction" => Vocabulary::BizTransactionType,
        _ => Vocabulary::SourceDestinationType,
    };
    let mut items = event.json.get(list).and_then(Value::as_array).into_iter().flatten();
    items.any(|held| {
        let is_kind =
            held.get("type").and_then(Value::as_str).is_some_and(|held| vocabulary.bare(held) == kind);
        let uri = held.get(item).and_then(Value::as_str).map(canonical_name);
        is_kind && uri.is_some_and(|uri| names.contains(&uri))
    })
}

fn times(event: &Event, field: TimeField) -> Vec<Timestamp> {
    match field {
        TimeField::Event => vec![event.event_time],
        TimeField::Record => vec![event.record_time],
        TimeField::ErrorDeclaration => {
            event.error_declaration.iter().map(|declared| declared.declared).collect()
        }
        TimeField::Sensor(name) => {
            metadata(event).filter_map(|part| parse_instant(part.get(name)?.as_str()?)).collect()
        }
    }
}

fn elements(event: &Event) -> impl Iterator<Item = &Value> {
    event.json.get("sensorElementList").and_then(Value::as_array).into_iter().flatten()
}

fn metadata(event: &Event) -> impl Iterator<Item = &Value> {
    elements(event).filter_map(|element| element.get("sensorMetadata"))
}

fn reports(event: &Event) -> impl Iterator<Item = &Value> {
    elements(event).filter_map(|element| element.get("sensorReport")?.as_array()).flatten()
}

fn was_measured(report: &Value, field: &str, comparison: Comparison, asked: f64, unit: Option<&str>) -> bool {
    let Some(held) = report.get(field).and_then(Value::as_f64) else { return false };
    let order = match unit {
        None => order(held, asked),
        Some(unit) => {
            let held_unit = report.get("uom").and_then(Value::as_str).unwrap_or_default();
            comparable((held, held_unit), (asked, unit), field == "sDev")
        }
    };
    order.is_some_and(|order| comparison.holds(order))
}
