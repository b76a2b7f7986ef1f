//! Timelines: everything that was seen of a consignment, container, wagon, vessel, seal or place, and what was in what.

use crate::event_file::{list_events_of, list_events_of_each};
use crate::project::name;
use crate::{Desk, Refusal, Sight, load_events};
use jiff::Timestamp;
use kervan_events::containment::{Containment, Timeline};
use kervan_events::{Action, Event};
use kervan_model::Reference;
use kervan_store::{EventQuery, EventRole, Roles};
use kervan_tracking::Subject;
use std::collections::{BTreeMap, BTreeSet};

/// Things that carried another one and whose own events are shown with it.
const MOST_HOLDERS: usize = 12;

/// One line of a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineLine {
    /// When it happened.
    pub at: Timestamp,
    /// The business step, or the type of the event if it names none.
    pub step: String,
    /// What begins or ends with it.
    pub action: Option<Action>,
    /// Code of the place, if it is one of the network.
    pub place: Option<String>,
    /// Its name.
    pub place_name: Option<String>,
    /// The containing or parent thing that it names.
    pub parent: Option<String>,
    /// How many things it names.
    pub things: usize,
    /// The consignments that it names.
    pub consignments: Vec<Reference>,
    /// What carried the subject, if the event names only that: a ship that arrives with the container on board.
    pub through: Option<String>,
    /// Hash id of the event.
    pub event: String,
}

/// The timeline of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineReport {
    /// What it is of.
    pub subject: Subject,
    /// What was seen, in order of time.
    pub lines: Vec<TimelineLine>,
    /// What it was in or on, and what was in or on it, over time.
    pub containment: Vec<Containment>,
    /// Whether there is more than is shown.
    pub cut: bool,
}

impl TimelineReport {
    /// What was in or on it at an instant, and what it was in or on, from the nearest to the outermost.
    pub fn at(&self, at: Timestamp) -> (Vec<String>, Vec<String>) {
        let uri = self.subject.uri();
        let holds = |span: &&Containment| span.from <= at && span.until.is_none_or(|until| at < until);
        let spans = || self.containment.iter().filter(holds);
        let inside = spans().filter(|span| span.parent == uri).map(|span| span.child.clone()).collect();
        let mut holders: Vec<String> = Vec::new();
        let mut inner = uri.clone();
        while let Some(span) = spans().find(|span| span.child == inner && !holders.contains(&span.parent)) {
            inner.clone_from(&span.parent);
            holders.push(inner.clone());
        }
        (inside, holders)
    }
}

/// The thing that a text means here: the first of what its shape may be that is known.
///
/// Errors: nothing of the kind is known.
pub fn find_subject<'a>(sight: impl Into<Sight<'a>>, text: &str) -> Result<Subject, Refusal> {
    let sight = sight.into();
    let desk = sight.desk;
    for subject in Subject::candidates(text) {
        let known = match &subject {
            Subject::Consignment(reference) => {
                desk.store.has_consignment(reference)? && sight.sees_consignment(reference)?
            }
            Subject::Place(code) => desk.network.find_place(code).is_some(),
            Subject::Container(number) => {
                let carried = desk.store.find_consignment_of_container(number.as_str())?;
                let seen = carried.map(|reference| sight.sees_consignment(&reference)).transpose()?;
                seen == Some(true) || is_named(sight, &subject)?
            }
            Subject::Wagon(_) | Subject::Vessel(_) | Subject::Seal(_) => is_named(sight, &subject)?,
        };
        if known {
            return Ok(subject);
        }
    }
    Err(Refusal::NotFound {
        what: "consignment, container, wagon, vessel, seal or place",
        id: text.to_owned(),
    })
}

/// How many events of a thing are looked at for one that the asker may read: first a few, since most see all of a thing or nothing.
const LOOKED_AT: [u32; 2] = [2, 1_000];

fn is_named(sight: Sight<'_>, subject: &Subject) -> Result<bool, Refusal> {
    for most in LOOKED_AT {
        let latest = |key| EventQuery { latest_first: true, ..EventQuery::of(key, most) };
        if !list_events_of(sight, &subject.uri(), latest)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The timeline of a thing, at most so many lines, the latest of them. Events that were declared in error, or come from a clock
/// that is ahead, are left out.
pub fn list_timeline<'a>(
    sight: impl Into<Sight<'a>>,
    subject: &Subject,
    most: u32,
) -> Result<TimelineReport, Refusal> {
    let sight = sight.into();
    let desk = sight.desk;
    let uri = subject.uri();
    let mut events = match subject {
        Subject::Consignment(reference) if sight.sees_consignment(reference)? => {
            load_events(desk, reference)?
        }
        Subject::Consignment(_) => Vec::new(),
        _ => {
            list_events_of(sight, &uri, |key| EventQuery { latest_first: true, ..EventQuery::of(key, most) })?
                .into_iter()
                .map(|(_, event)| event)
                .collect()
        }
    };
    let cut = events.len() >= most as usize;
    let mut lines: BTreeMap<(Timestamp, String), TimelineLine> = BTreeMap::new();
    let mut spans = Timeline::of(&events).list_spans().to_vec();
    for event in kervan_events::assess_standing(&events).events {
        lines.insert((event.event_time, event.hash.to_string()), line(desk, event, None));
    }
    let own: Vec<Containment> = spans.iter().filter(|span| span.child == uri).cloned().collect();
    let latest: Vec<&Containment> = own.iter().rev().take(MOST_HOLDERS).collect();
    let holders: Vec<&str> = latest.iter().map(|span| span.parent.as_str()).collect();
    // What was put into the carrier or taken out of it is the matter of those things: a train or a ship holds hundreds.
    let of_holders = list_events_of_each(sight, &holders, |at, key| EventQuery {
        roles: Roles::ALL.without(&[EventRole::Parent]),
        from: latest.get(at).map(|span| span.from),
        until: latest.get(at).and_then(|span| span.until),
        ..EventQuery::of(key, most)
    })?;
    for (span, during) in latest.into_iter().zip(of_holders) {
        let during: Vec<Event> = during.into_iter().map(|(_, event)| event).collect();
        spans.extend(
            Timeline::of(&during).list_spans().iter().filter(|other| other.child == span.parent).cloned(),
        );
        for event in kervan_events::assess_standing(&during).events {
            // That the carrier itself was put onto another one is told by the spans.
            if event.parent.is_none() {
                let key = (event.event_time, event.hash.to_string());
                lines.entry(key).or_insert_with(|| line(desk, event, Some(&span.parent)));
            }
        }
    }
    events.clear();
    spans.sort();
    spans.dedup();
    if !matches!(subject, Subject::Consignment(_) | Subject::Place(_)) {
        let touches = |span: &Containment| {
            span.child == uri || span.parent == uri || own.iter().any(|own| own.parent == span.child)
        };
        spans.retain(touches);
    }
    let mut lines: Vec<TimelineLine> = lines.into_values().collect();
    let named: BTreeSet<Reference> =
        lines.iter().flat_map(|line| line.consignments.iter().cloned()).collect();
    let seen = sight.sees_consignments(named.into_iter().collect())?;
    for line in &mut lines {
        line.consignments.retain(|reference| seen.contains(reference));
    }
    Ok(TimelineReport { subject: subject.clone(), lines, containment: spans, cut })
}

fn line(desk: &Desk, event: &Event, through: Option<&str>) -> TimelineLine {
    let place = event.place();
    let step = event.biz_step.as_deref().unwrap_or_else(|| event.event_type.word());
    TimelineLine {
        at: event.event_time,
        step: step.rsplit('/').next().unwrap_or(step).to_owned(),
        action: event.action,
        place_name: place.as_ref().map(|code| name(&desk.network, code)),
        place: place.map(|code| code.to_string()),
        parent: event.parent.clone(),
        things: event.things().count(),
        consignments: event.consignments(),
        through: through.map(str::to_owned),
        event: event.hash.to_string(),
    }
}
