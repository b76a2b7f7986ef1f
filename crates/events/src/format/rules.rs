//! Rules that tie the fields of an event together.
//!
//! Source: EPCIS 2.0, sections 7.4.2 to 7.4.6; where the JSON schema is laxer than the text, the text decides if an event
//! could not be understood otherwise.

use super::checker::{Checker, Step};
use crate::event::{Action, EventType};
use kervan_model::Finding;
use serde_json::{Map, Value};

type Fields = Map<String, Value>;

/// Checks what no single field shows.
pub(super) fn check_event<'a>(checker: &mut Checker<'a>, event_type: &EventType, event: &'a Fields) {
    match event_type {
        EventType::Object => check_object_event(checker, event),
        EventType::Aggregation => {
            check_members(checker, event);
            if matches!(action(event), Some(Action::Add | Action::Delete)) && !event.contains_key("parentID")
            {
                checker.error(
                    "events.parent-missing",
                    "an aggregation that is made or ended needs `parentID`; only one that is observed may do without",
                );
            }
        }
        EventType::Association => check_members(checker, event),
        EventType::Transaction => check_transaction_event(checker, event),
        EventType::Transformation => check_transformation_event(checker, event),
        EventType::Extended(_) => {}
    }
    if let Some(disposition) = event.get("persistentDisposition").and_then(Value::as_object)
        && !disposition.contains_key("set")
        && !disposition.contains_key("unset")
    {
        checker.within(Step::Field("persistentDisposition"), |c| {
            c.error("events.missing-field", "`set` or `unset` is missing");
        });
    }
}

fn action(event: &Fields) -> Option<Action> {
    event.get("action").and_then(Value::as_str).and_then(Action::find)
}

/// Whether a field is a list with something in it.
fn has_items(event: &Fields, name: &str) -> bool {
    event.get(name).and_then(Value::as_array).is_some_and(|items| !items.is_empty())
}

fn is_empty_list(event: &Fields, name: &str) -> bool {
    event.get(name).and_then(Value::as_array).is_some_and(Vec::is_empty)
}

fn check_object_event<'a>(checker: &mut Checker<'a>, event: &'a Fields) {
    let sensed = has_items(event, "sensorElementList") && event.contains_key("readPoint");
    if !event.contains_key("epcList") && !has_items(event, "quantityList") && !sensed {
        checker.error_with(
            "events.nothing-named",
            "an ObjectEvent needs `epcList` or `quantityList`, or `sensorElementList` with a `readPoint`",
            "name the things that the event is about",
        );
    } else if is_empty_list(event, "epcList") && !has_items(event, "quantityList") && !sensed {
        checker.add(Finding::warning("events.nothing-named", "the event names no thing at all"));
    }
    if event.contains_key("ilmd") && matches!(action(event), Some(Action::Observe | Action::Delete)) {
        checker.within(Step::Field("ilmd"), |c| {
            c.error(
                "events.ilmd",
                "master data of an instance or lot may stand only in an event with action ADD",
            );
        });
    }
}

fn check_members(checker: &mut Checker<'_>, event: &Fields) {
    let named = has_items(event, "childEPCs") || has_items(event, "childQuantityList");
    if !named && matches!(action(event), Some(Action::Observe | Action::Add)) {
        checker.error_with(
            "events.nothing-named",
            "`childEPCs` or `childQuantityList` must name the children; only DELETE may leave them out, and then means all",
            "name the children",
        );
    }
}

fn check_transaction_event(checker: &mut Checker<'_>, event: &Fields) {
    let named = event.contains_key("epcList") || has_items(event, "quantityList");
    if !named && matches!(action(event), Some(Action::Observe | Action::Add)) {
        checker.error(
            "events.nothing-named",
            "a TransactionEvent needs `epcList` or `quantityList`, except for DELETE",
        );
    }
}

fn check_transformation_event(checker: &mut Checker<'_>, event: &Fields) {
    let inputs = has_items(event, "inputEPCList") || has_items(event, "inputQuantityList");
    let outputs = has_items(event, "outputEPCList") || has_items(event, "outputQuantityList");
    let complete = match event.contains_key("transformationID") {
        true => inputs || outputs,
        false => inputs && outputs,
    };
    if !complete {
        checker.error(
            "events.nothing-named",
            "a TransformationEvent needs inputs and outputs, or one of them and a `transformationID`",
        );
    }
}
