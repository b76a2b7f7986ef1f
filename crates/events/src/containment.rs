//! What was in what, and when: containers on a train, trains on a ferry, seals on a container.

use crate::standing::assess_standing;
use crate::{Action, Event, EventType};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// One thing in another over a time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Containment {
    /// The thing inside, as the URI of its events.
    pub child: String,
    /// What it was in or on.
    pub parent: String,
    /// Since when.
    pub from: Timestamp,
    /// Until when; nothing if it still is.
    pub until: Option<Timestamp>,
}

impl Containment {
    fn holds_at(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// Containment over time, from aggregation and association events in whatever order they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    spans: Vec<Containment>,
}

/// Longest chain of containment that is followed: goods, pallet, container, wagon, train, ferry, and room for more. It also
/// ends a circle, which only wrong events can make.
const LONGEST_CHAIN: usize = 16;

impl Timeline {
    /// Folds events: ADD begins a containment, DELETE ends it, DELETE without children ends all of the parent, and putting a
    /// thing into another of the same kind of event takes it out of the one before. Events declared in error do not count.
    pub fn of(events: &[Event]) -> Self {
        let mut open: BTreeMap<(bool, &str), (&str, Timestamp)> = BTreeMap::new();
        let mut spans = Vec::new();
        let mut close = |child: &str, parent: &str, from, until| {
            spans.push(Containment { child: child.to_owned(), parent: parent.to_owned(), from, until });
        };
        for event in assess_standing(events).events {
            // A seal fixed to a container does not take the container's contents out of it, so the two kinds stand apart.
            let fixed = event.event_type == EventType::Association;
            if !fixed && event.event_type != EventType::Aggregation {
                continue;
            }
            let Some(parent) = event.parent.as_deref() else { continue };
            let at = event.event_time;
            match event.action {
                Some(Action::Add) => {
                    for child in &event.epcs {
                        if let Some((before, from)) = open.insert((fixed, child), (parent, at)) {
                            if before == parent {
                                open.insert((fixed, child), (parent, from));
                            } else {
                                close(child, before, from, Some(at));
                            }
                        }
                    }
                }
                Some(Action::Delete) => {
                    let all = event.epcs.is_empty();
                    let ended: Vec<_> = open
                        .iter()
                        .filter(|((kind, child), (holder, _))| {
                            *kind == fixed
                                && *holder == parent
                                && (all || event.epcs.iter().any(|epc| epc == child))
                        })
                        .map(|(key, _)| *key)
                        .collect();
                    for key in ended {
                        if let Some((holder, from)) = open.remove(&key) {
                            close(key.1, holder, from, Some(at));
                        }
                    }
                }
                Some(Action::Observe) | None => {}
            }
        }
        for ((_, child), (parent, from)) in open {
            close(child, parent, from, None);
        }
        spans.sort();
        Self { spans }
    }

    /// Every containment, in order of child, parent and time.
    pub fn list_spans(&self) -> &[Containment] {
        &self.spans
    }

    /// What was directly in or on `parent` at an instant.
    pub fn contents_at(&self, parent: &str, at: Timestamp) -> BTreeSet<&str> {
        self.spans
            .iter()
            .filter(|span| span.parent == parent && span.holds_at(at))
            .map(|span| span.child.as_str())
            .collect()
    }

    /// What `child` was in at an instant, from the nearest to the outermost: its container, wagon, train, ferry.
    pub fn holders_at(&self, child: &str, at: Timestamp) -> Vec<&str> {
        let mut holders: Vec<&str> = Vec::new();
        let mut inner = child;
        while holders.len() < LONGEST_CHAIN {
            let Some(span) = self.spans.iter().find(|span| span.child == inner && span.holds_at(at)) else {
                break;
            };
            if holders.contains(&span.parent.as_str()) || span.parent == child {
                break;
            }
            holders.push(&span.parent);
            inner = &span.parent;
        }
        holders
    }
}
