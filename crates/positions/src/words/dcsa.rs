//! Events of DCSA Track & Trace 2: one, a list, or an answer with `events`.

use super::told::{Classifier, Parts, Reading, Told, build_event};
use super::{Word, WordBook};
use crate::limits::{MOST_FINDINGS, MOST_REPORTS};
use crate::report::shorten;
use jiff::Timestamp;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::{Offset, TimeZone};
use kervan_codes::PlaceCode;
use kervan_events::mapping::ship_uri;
use kervan_model::Finding;
use serde_json::Value;

/// Reads DCSA events. What is not understood is a finding; the rest stands.
pub fn read_dcsa(document: &Value, book: &WordBook) -> Reading {
    let mut reading = Reading::default();
    match document {
        Value::Array(events) => read_list(events, "", book, &mut reading),
        _ => match document.get("events").and_then(Value::as_array) {
            Some(events) => read_list(events, "/events", book, &mut reading),
            None => read_event(document, "", book, &mut reading),
        },
    }
    reading.findings.truncate(MOST_FINDINGS);
    reading
}

fn read_list(events: &[Value], path: &str, book: &WordBook, reading: &mut Reading) {
    for (index, event) in events.iter().take(MOST_REPORTS).enumerate() {
        read_event(event, &format!("{path}/{index}"), book, reading);
    }
}

/// The member that holds the word of a type of event, and the list of the word.
const TYPES: [(&str, &str, &str); 3] = [
    ("TRANSPORT", "transportEventTypeCode", "dcsa-transport"),
    ("EQUIPMENT", "equipmentEventTypeCode", "dcsa-equipment"),
    ("SHIPMENT", "shipmentEventTypeCode", "dcsa-shipment"),
];

fn read_event(event: &Value, path: &str, book: &WordBook, reading: &mut Reading) {
    let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut fault =
        |name: &str, finding: Finding| reading.findings.push(finding.at(format!("{path}/{name}")));
    let kind = TYPES.iter().find(|(kind, ..)| *kind == text("eventType"));
    let Some((_, member, list)) = kind else {
        let message = format!("`{}` is no type of a DCSA event", shorten(text("eventType")));
        let finding = Finding::error("positions.dcsa-type", message).source("DCSA Track & Trace 2.2");
        return fault("eventType", finding.remedy("write TRANSPORT, EQUIPMENT or SHIPMENT"));
    };
    let word = book.look_up(list, text(member)).map_err(|finding| fault(member, finding)).ok();
    let classifier = match text("eventClassifierCode") {
        "PLN" => Some(Classifier::Planned),
        "EST" | "REQ" => Some(Classifier::Estimated),
        "ACT" => Some(Classifier::Actual),
        other => {
            let message = format!("`{}` is neither PLN, EST nor ACT", shorten(other));
            let finding =
                Finding::error("positions.dcsa-classifier", message).source("DCSA Track & Trace 2.2");
            fault("eventClassifierCode", finding.remedy("say whether it is planned, estimated or actual"));
            None
        }
    };
    let at = read_instant(text("eventDateTime"));
    if at.is_none() {
        let message = format!("`{}` is no instant with offset", shorten(text("eventDateTime")));
        let finding = Finding::error("positions.time", message);
        fault("eventDateTime", finding.remedy("write an instant such as 2026-12-01T08:00:00+06:00"));
    }
    let mut containers = Vec::new();
    if let Some(number) = event.get("equipmentReference").and_then(Value::as_str) {
        match number.parse() {
            Ok(container) => containers.push(container),
            Err(error) => fault(
                "equipmentReference",
                Finding::warning(
                    "positions.container",
                    format!("the number of the container cannot be read: {error}"),
                ),
            ),
        }
    }
    let (Some(word), Some(classifier), Some((at, offset))) = (word, classifier, at) else { return };
    let place = find_place(event);
    if place.is_none() && word.biz_step.is_some() {
        let message = "the event names no UN/LOCODE";
        fault(
            "eventLocation/UNLocationCode",
            Finding::warning("positions.no-place", message).remedy("send the code of the place"),
        );
    }
    reading.told.push(told(event, path, word, classifier, (at, offset), place, containers));
}

fn told(
    event: &Value,
    path: &str,
    word: &Word,
    classifier: Classifier,
    (at, offset): (Timestamp, Offset),
    place: Option<PlaceCode>,
    containers: Vec<kervan_codes::ContainerNumber>,
) -> Told {
    let consignment = find_reference(event);
    let is_of_papers = word.list == "dcsa-shipment" && !is_of_customs(event);
    let is_fact = classifier == Classifier::Actual && !is_of_papers;
    let conveyance = ["/transportCall/vessel/vesselIMONumber", "/vessel/vesselIMONumber"];
    let conveyance = conveyance.iter().find_map(|path| match event.pointer(path)? {
        Value::String(text) => ship_uri(text),
        Value::Number(number) => ship_uri(&number.to_string()),
        _ => None,
    });
    let built = word.biz_step.as_deref().filter(|_| is_fact).and_then(|step| {
        build_event(&Parts {
            step,
            disposition: word.disposition.as_deref(),
            at,
            offset,
            place: place.as_ref(),
            containers: &containers,
            consignment: consignment.as_deref(),
            conveyance,
        })
    });
    Told {
        path: path.to_owned(),
        word: (word.list.clone(), word.code.clone()),
        classifier,
        milestone: word.milestone.filter(|_| word.list != "dcsa-shipment" || is_of_customs(event)),
        at,
        place,
        containers,
        consignment,
        event: built,
    }
}

/// Whether a shipment event speaks of the customs document: only its hold and release are those of the goods.
fn is_of_customs(event: &Value) -> bool {
    event.get("documentTypeCode").and_then(Value::as_str) == Some("CUS")
}

fn find_place(event: &Value) -> Option<PlaceCode> {
    const PATHS: [&str; 4] = [
        "/eventLocation/UNLocationCode",
        "/transportCall/location/UNLocationCode",
        "/transportCall/UNLocationCode",
        "/location/UNLocationCode",
    ];
    PATHS.iter().find_map(|path| event.pointer(path)?.as_str()?.parse().ok())
}

/// The reference of the shipment: the booking's or the transport document's.
fn find_reference(event: &Value) -> Option<String> {
    let list = |name: &str| event.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let of = |item: &Value, kind: &str, value: &str| {
        Some((item.get(kind)?.as_str()?.to_owned(), item.get(value)?.as_str()?.to_owned()))
    };
    let references = list("references").iter().filter_map(|item| of(item, "referenceType", "referenceValue"));
    let documents = list("documentReferences")
        .iter()
        .filter_map(|item| of(item, "documentReferenceType", "documentReferenceValue"));
    let all: Vec<_> = references.chain(documents).collect();
    // The forwarder's own reference names our consignment; a booking or bill of lading is the carrier's.
    ["FF", "SI", "SPO", "CR", "BKG", "TRD"]
        .iter()
        .find_map(|wanted| all.iter().find(|(kind, _)| kind == wanted))
        .map(|(_, value)| value.clone())
}

/// An instant with offset; the offset is where the event was.
pub(super) fn read_instant(text: &str) -> Option<(Timestamp, Offset)> {
    static PARSER: DateTimeParser = DateTimeParser::new();
    let pieces = PARSER.parse_pieces(text).ok()?;
    let offset = pieces.to_numeric_offset()?;
    let civil = pieces.date().to_datetime(pieces.time()?);
    let at = TimeZone::fixed(offset).to_timestamp(civil).ok()?;
    Some((at, offset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::table::tests::book;
    use serde_json::json;

    fn equipment(code: &str, classifier: &str) -> Value {
        json!({
            "eventID": "6832920321", "eventType": "EQUIPMENT", "eventDateTime": "2026-12-09T15:41:00+05:00",
            "eventCreatedDateTime": "2026-12-09T12:00:00Z", "eventClassifierCode": classifier,
            "equipmentEventTypeCode": code, "equipmentReference": "CSQU3054383", "ISOEquipmentCode": "42G1",
            "documentReferences": [{"documentReferenceType": "BKG", "documentReferenceValue": "ABC123"}],
            "eventLocation": {"locationName": "Aktau", "UNLocationCode": "KZAAU"},
            "transportCall": {"vessel": {"vesselIMONumber": 9074729}},
        })
    }

    #[test]
    fn what_was_becomes_an_event_that_reads_back() {
        let now = "2026-12-10T00:00:00Z".parse().unwrap();
        let reading =
            read_dcsa(&json!({"events": [equipment("LOAD", "ACT"), equipment("GTIN", "ACT")]}), &book());
        assert!(reading.findings.is_empty(), "{:?}", reading.findings);
        let events = kervan_events::read_capture(&reading.capture(now), now).unwrap();
        assert_eq!(events[0].parent.as_deref(), Some("urn:epc:id:imovn:9074729"));
        assert_eq!(events[0].event_time.to_string(), "2026-12-09T10:41:00Z");
        let steps: Vec<_> = events.iter().map(|event| event.biz_step.clone().unwrap()).collect();
        assert_eq!(steps, ["loading", "arriving"]);
        assert!(events.iter().all(|event| event.place().unwrap().as_str() == "KZAAU"));
    }

    #[test]
    fn what_is_planned_is_a_milestone_and_no_event() {
        for (classifier, wanted) in [("PLN", Classifier::Planned), ("EST", Classifier::Estimated)] {
            let reading = read_dcsa(&equipment("DISC", classifier), &book());
            let told = &reading.told[0];
            assert_eq!((told.classifier, told.milestone), (wanted, Some(MilestoneCode::Unloaded)));
            assert_eq!(told.event, None);
        }
    }

    use kervan_events::MilestoneCode;

    #[test]
    fn a_release_of_a_document_is_not_a_release_of_goods() {
        let mut event = equipment("LOAD", "ACT");
        event["eventType"] = "SHIPMENT".into();
        event["shipmentEventTypeCode"] = "RELS".into();
        event["documentTypeCode"] = "TRD".into();
        assert_eq!(read_dcsa(&event, &book()).told[0].milestone, None);
        event["documentTypeCode"] = "CUS".into();
        let reading = read_dcsa(&event, &book());
        assert_eq!(reading.told[0].milestone, Some(MilestoneCode::Released));
        assert!(reading.told[0].event.is_some());
    }

    #[test]
    fn every_fault_has_its_path() {
        let broken = json!([{"eventType": "TRANSPORT", "transportEventTypeCode": "ARIR", "eventClassifierCode": "WAS",
            "eventDateTime": "2026-12-09T15:41:00"}, {"eventType": "WEATHER"}, 7]);
        let reading = read_dcsa(&broken, &book());
        let found: Vec<_> = reading
            .findings
            .iter()
            .map(|f| (f.code.as_str(), f.path.as_deref().unwrap_or_default()))
            .collect();
        assert_eq!(
            found,
            [
                ("positions.unknown-word", "/0/transportEventTypeCode"),
                ("positions.dcsa-classifier", "/0/eventClassifierCode"),
                ("positions.time", "/0/eventDateTime"),
                ("positions.dcsa-type", "/1/eventType"),
                ("positions.dcsa-type", "/2/eventType"),
            ]
        );
        assert_eq!(reading.told.len(), 0);
    }
}
