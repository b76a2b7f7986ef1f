//! Conditions that stand in events themselves: seals that came off, containers that stand open.

use super::{AlarmKind, Condition};
use kervan_codes::ContainerNumber;
use kervan_events::mapping::find_container;
use kervan_events::{Action, Event, EventType};
use std::collections::BTreeMap;

/// Disposition of a container that stands open. Source: CBV 2.0, section 7.2.3.
const OPEN: &str = "container_open";

/// A seal that was taken off and not replaced, and a container that was reported open: the chain is broken until a new seal is
/// put on. The events are in order of time.
pub fn find_conditions(events: &[&Event]) -> Vec<Condition> {
    let mut broken: BTreeMap<String, Condition> = BTreeMap::new();
    for event in events {
        let place = event.place().map_or_else(String::new, |place| place.to_string());
        let parent = event.parent.as_deref().and_then(find_container);
        let fixed = event.event_type == EventType::Association;
        match (fixed, parent, event.action) {
            (true, Some(container), Some(Action::Add)) => {
                broken.remove(container.as_str());
            }
            (true, Some(container), Some(Action::Delete)) => {
                let seals = event.epcs.iter().map(|seal| last_part(seal)).collect::<Vec<_>>().join(", ");
                let reason = format!("seal {seals} came off {container} and no other was put on");
                broken.insert(container.to_string(), condition(&container, event, place, reason));
            }
            _ if event.disposition.as_deref() == Some(OPEN) => {
                for container in event.containers() {
                    let reason = format!("{container} was reported open");
                    let found = condition(&container, event, place.clone(), reason);
                    broken.insert(container.to_string(), found);
                }
            }
            _ => {}
        }
    }
    broken.into_values().collect()
}

fn condition(container: &ContainerNumber, event: &Event, cause: String, reason: String) -> Condition {
    let occasion = format!("{container}@{}", event.event_time.as_second());
    Condition { kind: AlarmKind::Seal, occasion, cause, reason }
}

fn last_part(uri: &str) -> &str {
    uri.rsplit(['/', ':']).next().unwrap_or(uri)
}
