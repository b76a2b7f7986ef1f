//! Events come in: they are kept, folded into milestones, move the ETA and the transit movements.

use crate::case_file::{MovementFile, load_events};
use crate::clear::{CaseInputs, arrive, assess, load_case_inputs, present};
use crate::event_file::EventRows;
use crate::guarantee::retry_on_shortfall;
use crate::limits::MOST_EVENTS_IN_CAPTURE;
use crate::project::project;
use crate::scribe::Scribe;
use crate::{Call, CaseFile, Desk, Refusal, Registered};
use kervan_codes::PlaceCode;
use kervan_dossier::{ConsignmentDelivered, Dossier, EventReported, Fact};
use kervan_events::{Event, read_capture};
use kervan_model::{Finding, Reference, Role, Step};
use kervan_store::Write;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Captures an EPCIS document of the caller. Returns the hash ids of its events.
///
/// Everything that follows from it is saved at once or not at all. An event that is there already is left as it is and counts
/// as captured. Errors: every finding of the document at once.
pub fn capture_events(desk: &Desk, mut call: Call<'_>, document: &Value) -> Result<Vec<String>, Refusal> {
    let events = read_capture(document, call.now).map_err(Refusal::Invalid)?;
    let hashes = events.iter().map(|event| event.hash.to_string()).collect();
    take_events(desk, &mut call, events, Vec::new())?;
    Ok(hashes)
}

/// Takes events in, and saves what follows from them together with other writes.
pub(crate) fn take_events(
    desk: &Desk,
    call: &mut Call<'_>,
    events: Vec<Event>,
    with: Vec<Write>,
) -> Result<(), Refusal> {
    let (consigned, others) = sort_events(desk, events)?;
    let mut writes = with;
    let mut rows = EventRows::default();
    // The store keeps each event once by itself; nothing else follows from these.
    for event in &others {
        writes.push(Write::Event(rows.row(event, None, Some(&call.actor))?));
    }
    if consigned.is_empty() {
        return desk.save(writes);
    }
    let references: Vec<&Reference> = consigned.keys().collect();
    let _held = desk.hold_all(&references);
    retry_on_shortfall(|| {
        let mut all = writes.clone();
        for (reference, events) in &consigned {
            all.extend(follow(desk, call, reference, events)?);
        }
        desk.save(all)
    })
}

/// Events by consignment, without those that are there already, and events of none.
type Sorted = (BTreeMap<Reference, Vec<Event>>, Vec<Event>);

fn sort_events(desk: &Desk, events: Vec<Event>) -> Result<Sorted, Refusal> {
    if events.len() > MOST_EVENTS_IN_CAPTURE {
        let message = format!("{} events are more than {MOST_EVENTS_IN_CAPTURE}", events.len());
        let finding = Finding::error("node.capture-too-large", message).remedy("split the capture");
        return Err(Refusal::invalid(finding));
    }
    let (mut consigned, mut others) = (BTreeMap::<Reference, Vec<Event>>::new(), Vec::new());
    let (finder, mut seen) = (ReferenceFinder::of(desk, &events)?, BTreeSet::new());
    for event in events {
        match finder.find(&event) {
            None => others.push(event),
            Some(reference) => {
                let new = seen.insert(event.hash.bytes()) && !desk.store.has_event(&event.hash.bytes())?;
                if new {
                    consigned.entry(reference).or_default().push(event);
                }
            }
        }
    }
    Ok((consigned, others))
}

/// The consignments of events, all looked up at once.
struct ReferenceFinder {
    consignments: BTreeSet<Reference>,
    containers: BTreeMap<String, Reference>,
}

impl ReferenceFinder {
    fn of(desk: &Desk, events: &[Event]) -> Result<Self, Refusal> {
        let named: BTreeSet<Reference> = events.iter().flat_map(Event::consignments).collect();
        let numbers: BTreeSet<String> =
            events.iter().flat_map(Event::containers).map(|number| number.as_str().to_owned()).collect();
        let (named, numbers) = (Vec::from_iter(named), Vec::from_iter(numbers));
        let (consignments, containers) = desk.store.list_known(&named, &numbers)?;
        Ok(Self { consignments, containers })
    }

    /// The consignment that an event is about: the one it names, or the one of a container it names.
    fn find(&self, event: &Event) -> Option<Reference> {
        let named = event.consignments().into_iter().find(|reference| self.consignments.contains(reference));
        named.or_else(|| {
            event.containers().iter().find_map(|number| self.containers.get(number.as_str()).cloned())
        })
    }
}

/// What follows from events of a consignment: entries, milestones, movements, an ETA. The caller holds the consignment.
fn follow(
    desk: &Desk,
    call: &mut Call<'_>,
    reference: &Reference,
    events: &[Event],
) -> Result<Vec<Write>, Refusal> {
    let mut case = CaseFile::load(desk, reference)?;
    let party = desk.party(&call.actor)?;
    let role = reporting_role(&party)?;
    let mut all = load_events(desk, reference)?;
    let mut scribe = Scribe::new(desk, call);
    let inputs = load_case_inputs(desk, &case.state);
    let mut rows = EventRows::default();
    for event in events {
        scribe.writes.push(Write::Event(rows.row(event, Some(reference), Some(&party.record.id))?));
        let fact = Fact::EventReported(EventReported {
            event_hash: event.hash.to_string(),
            event_type: event.event_type.word().to_owned(),
            biz_step: event.biz_step.clone(),
            place: event.place(),
            at: event.event_time,
        });
        scribe.assert(&mut case.dossier, &party, role, None, &fact)?;
        if let Some(place) = event.place() {
            let mut clearing = Clearing { dossier: &mut case.dossier, inputs: &inputs };
            clearing.act_on(&mut scribe, &mut case.movements, event, &place)?;
            if role == Role::Consignee && place == case.summary.to {
                let fact = Fact::ConsignmentDelivered(ConsignmentDelivered { at: event.event_time, place });
                scribe.assert(&mut case.dossier, &party, role, None, &fact)?;
            }
        }
    }
    all.extend(events.iter().cloned());
    let state = scribe.fold(&case.dossier)?;
    project(&mut scribe, reference, &case.dossier, &state, &case.movements, &all, Some(&case.summary))?;
    Ok(scribe.writes)
}

fn reporting_role(party: &Registered) -> Result<Role, Refusal> {
    [Role::Carrier, Role::Terminal, Role::Consignee, Role::Consignor, Role::Forwarder]
        .into_iter()
        .find(|role| party.has_role(*role))
        .ok_or_else(|| Refusal::NotAllowed(format!("{} has no role that reports events", party.record.name)))
}

/// What events do to transit movements.
struct Clearing<'a> {
    dossier: &'a mut Dossier,
    inputs: &'a CaseInputs,
}

impl Clearing<'_> {
    fn act_on(
        &mut self,
        scribe: &mut Scribe<'_, '_>,
        files: &mut [MovementFile],
        event: &Event,
        place: &PlaceCode,
    ) -> Result<(), Refusal> {
        let departing = event.biz_step.as_deref() == Some("departing");
        if departing {
            // Pre-arrival: the goods have left for the next office, which decides on the data it has.
            let next = self.next_places(place);
            for file in
                files.iter_mut().filter(|file| file.decision.is_none() && next.contains(&file.entry_place))
            {
                assess(scribe, self.dossier, file, self.inputs)?;
            }
        }
        // A border without a stop on the itinerary is behind the goods when they are at a later stop.
        for file in files.iter_mut() {
            if !departing && self.is_reached(&file.exit_place, place) {
                arrive(scribe, self.dossier, file)?;
            }
        }
        for file in files.iter_mut().filter(|file| file.entry_place == *place) {
            present(scribe, self.dossier, file, self.inputs)?;
        }
        Ok(())
    }

    /// Whether goods that are at a place have reached, or passed, a stop of the itinerary.
    fn is_reached(&self, stop: &PlaceCode, place: &PlaceCode) -> bool {
        let order =
            |wanted: &PlaceCode| self.inputs.itinerary()?.stays().position(|stay| stay.place == *wanted);
        stop == place || order(stop).zip(order(place)).is_some_and(|(stop, place)| stop < place)
    }

    /// Where the legs that leave a place lead to.
    fn next_places(&self, place: &PlaceCode) -> Vec<PlaceCode> {
        let itinerary = self.inputs.itinerary();
        let steps = itinerary.map(|itinerary| itinerary.steps.as_slice()).unwrap_or_default();
        steps
            .iter()
            .filter_map(|step| match step {
                Step::Leg(leg) if leg.from == *place => Some(leg.to.clone()),
                Step::Leg(_) | Step::Stay(_) => None,
            })
            .collect()
    }
}
