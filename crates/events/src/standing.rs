//! Which events count: each once, none that was declared in error, none whose time cannot be relied on.

use crate::Event;
use kervan_model::Finding;
use std::collections::{BTreeMap, BTreeSet};

/// The events that count, in order of time, and remarks on those that do not.
#[derive(Clone, Debug, Default)]
pub struct Standing<'a> {
    /// Events in order of event time; ties by hash, so that the order of arrival never matters.
    pub events: Vec<&'a Event>,
    /// Why others are left out.
    pub findings: Vec<Finding>,
}

/// Sorts out the events that count, whatever the order in which they came and however often.
///
/// An event with the same content or the same id as one that carries an error declaration does not count, nor does an event
/// whose reporter's clock is ahead. A duplicate is left out in silence: to send again after a lost answer is right.
pub fn assess_standing(events: &[Event]) -> Standing<'_> {
    let declared = || events.iter().filter(|event| event.error_declaration.is_some());
    let void_hashes: BTreeSet<&str> = declared().map(|event| event.hash.as_str()).collect();
    let void_ids: BTreeSet<&str> = declared().map(|event| event.id.as_str()).collect();
    let mut unique: BTreeMap<(jiff::Timestamp, &str), &Event> = BTreeMap::new();
    let mut findings = BTreeSet::new();
    let mut by_id: BTreeMap<&str, &str> = BTreeMap::new();
    for event in events {
        let hash = event.hash.as_str();
        if void_hashes.contains(hash) || void_ids.contains(event.id.as_str()) {
            if event.error_declaration.is_none() {
                let message = format!("the event `{}` was declared in error and does not count", event.id);
                findings.insert(Finding::info("events.declared-in-error", message));
            }
        } else if event.is_clock_ahead() {
            let message =
                format!("the event `{}` comes from a clock that is ahead and does not count", event.id);
            findings.insert(Finding::warning(crate::CLOCK_AHEAD, message));
        } else {
            if by_id.insert(&event.id, hash).is_some_and(|other| other != hash) {
                let message =
                    format!("two events with different content have the id `{}`; both count", event.id);
                let remedy = "declare the wrong one in error";
                findings.insert(Finding::warning("events.same-id", message).remedy(remedy));
            }
            unique.insert((event.event_time, hash), event);
        }
    }
    Standing { events: unique.into_values().collect(), findings: findings.into_iter().collect() }
}
