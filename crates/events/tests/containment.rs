//! What was in what, from the reports of loading and unloading.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

use jiff::Timestamp;
use kervan_events::containment::Timeline;
use kervan_events::report::{self, Sighting};
use kervan_events::{Event, read_capture};
use serde_json::Value;

fn at(hour: u8) -> Timestamp {
    format!("2026-12-09T{hour:02}:00:00Z").parse().unwrap()
}

fn event(action: &str, parent: &str, children: &[&str], hour: u8) -> Value {
    let place = "KZAAU".parse().unwrap();
    let consignment = "KRV-2026-0001".parse().unwrap();
    let sighting = Sighting {
        consignment: &consignment,
        containers: &[],
        place: &place,
        at: at(hour),
        offset: jiff::tz::offset(5),
    };
    let mut event = match action {
        "ADD" => report::loading(&sighting, parent),
        _ => report::unloading(&sighting, parent),
    };
    event["childEPCs"] = children.into();
    event
}

fn timeline(reports: &[Value]) -> Timeline {
    let events: Vec<Event> = read_capture(&report::document(reports, at(23)), at(23)).unwrap();
    Timeline::of(&events)
}

const BOX: &str = "urn:epc:id:bic:CSQU3054383";
const OTHER: &str = "urn:epc:id:bic:MSKU1234565";
const WAGON: &str = "https://id.kervan.example/conveyance/S002/1";
const FERRY: &str = "urn:epc:id:imovn:9176187";

#[test]
fn the_chain_of_holders_is_followed_through_time() {
    let reports = [
        event("ADD", WAGON, &[BOX, OTHER], 1),
        event("ADD", FERRY, &[WAGON], 5),
        event("DELETE", FERRY, &[WAGON], 15),
        event("DELETE", WAGON, &[BOX], 17),
        event("DELETE", WAGON, &[], 18),
    ];
    let mut backwards = reports.clone();
    backwards.reverse();
    for timeline in [timeline(&reports), timeline(&backwards)] {
        assert_eq!(timeline.holders_at(BOX, at(0)), [""; 0]);
        assert_eq!(timeline.holders_at(BOX, at(2)), [WAGON]);
        assert_eq!(timeline.holders_at(BOX, at(6)), [WAGON, FERRY]);
        assert_eq!(timeline.holders_at(BOX, at(16)), [WAGON]);
        assert_eq!(timeline.holders_at(BOX, at(17)), [""; 0]);
        assert_eq!(timeline.contents_at(WAGON, at(17)), [OTHER].into());
        assert_eq!(timeline.contents_at(WAGON, at(18)), [].into());
        assert_eq!(timeline.list_spans().len(), 3);
    }
}

#[test]
fn loading_into_another_ends_the_containment_before() {
    let timeline = timeline(&[
        event("ADD", WAGON, &[BOX], 1),
        event("ADD", FERRY, &[BOX], 5),
        event("ADD", FERRY, &[BOX], 6),
    ]);
    assert_eq!(timeline.holders_at(BOX, at(4)), [WAGON]);
    assert_eq!(timeline.holders_at(BOX, at(7)), [FERRY]);
    assert_eq!(timeline.list_spans().iter().map(|span| span.from).max(), Some(at(5)));
}

#[test]
fn a_circle_of_wrong_events_ends() {
    let timeline = timeline(&[event("ADD", WAGON, &[FERRY], 1), event("ADD", FERRY, &[WAGON], 2)]);
    assert_eq!(timeline.holders_at(WAGON, at(3)), [FERRY]);
}

#[test]
fn loading_declared_in_error_never_was() {
    let loading = event("ADD", WAGON, &[BOX], 1);
    let error = report::declaring_error(&loading, at(4), true, &[]);
    assert_eq!(timeline(&[loading, error]).list_spans(), []);
}
