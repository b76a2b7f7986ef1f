//! The UN/CEFACT Multimodal Transport Consignment Status Report, D23B, as JSON.
//!
//! Its codes are those of Recommendation 24 (UNTDID 9013 in D23B, 4405 and 9011 in UN/EDIFACT). The schema lets any part be a
//! text instead of an object, so what has not the shape is a finding and never silently nothing.

use super::dcsa::read_instant;
use super::told::{Classifier, Parts, Reading, Told, build_event};
use super::{Word, WordBook};
use crate::limits::{MOST_FINDINGS, MOST_REPORTS};
use crate::report::shorten;
use kervan_codes::{ContainerNumber, PlaceCode};
use kervan_events::mapping::ship_uri;
use kervan_model::Finding;
use serde_json::Value;

const LIST: &str = "rec24";

/// Events of a consignment that are said by the name of their member, with the code that says the same.
const OF_CONSIGNMENT: [(&str, &str); 5] = [
    ("pickUpEvent", "13"),
    ("deliveryEvent", "21"),
    ("vanningEvent", "94"),
    ("devanningEvent", "28"),
    ("storageEvent", "91"),
];
/// Events of a movement.
const OF_MOVEMENT: [(&str, &str); 4] =
    [("loadingEvent", "48"), ("unloadingEvent", "29"), ("arrivalEvent", "1"), ("departureEvent", "24")];
const MOVEMENTS: [&str; 3] = [
    "preCarriageLogisticsTransportMovement",
    "mainCarriageLogisticsTransportMovement",
    "onCarriageLogisticsTransportMovement",
];

/// Reads a status report. What is not understood is a finding; the rest stands.
pub fn read_status_report(document: &Value, book: &WordBook) -> Reading {
    let mut reading = Reading::default();
    let Some(consignments) = document.get("specifiedConsignment").and_then(Value::as_array) else {
        let message = "a status report needs the list `specifiedConsignment`";
        let finding = Finding::error("positions.status-shape", message).at("/specifiedConsignment");
        let source = "UN/CEFACT D23B, Multimodal Transport Consignment Status Report";
        reading.findings.push(finding.source(source).remedy("send the report as its schema has it"));
        return reading;
    };
    for (index, consignment) in consignments.iter().take(MOST_REPORTS).enumerate() {
        let path = format!("/specifiedConsignment/{index}");
        if !consignment.is_object() {
            let message = "the consignment is no object, so that it says nothing";
            let finding = Finding::error("positions.status-shape", message).at(path);
            reading.findings.push(finding.remedy("send the consignment itself and not a reference to it"));
            continue;
        }
        Report { consignment, book, reading: &mut reading }.read(&path);
    }
    reading.findings.truncate(MOST_FINDINGS);
    reading
}

/// The report of one consignment while it is read.
struct Report<'r> {
    consignment: &'r Value,
    book: &'r WordBook,
    reading: &'r mut Reading,
}

impl Report<'_> {
    fn read(&mut self, path: &str) {
        let consignment = self.consignment;
        self.check_containers(path);
        for (at, status) in items(consignment, "reportedLogisticsStatus") {
            let path = format!("{path}/{at}");
            let code = status.get("conditionCode").and_then(content).unwrap_or_default();
            let Some(word) = self.look_up(code, &format!("{path}/conditionCode")) else { continue };
            let place = status.get("specifiedLogisticsLocation").map(first).and_then(place_of);
            self.tell(
                &word,
                Classifier::Actual,
                status.get("referenceDateTime"),
                place,
                (&path, "referenceDateTime"),
                None,
            );
        }
        for (at, event) in items(consignment, "transportEvent") {
            let path = format!("{path}/{at}");
            let code = event.get("typeCode").and_then(content).unwrap_or_default();
            let Some(word) = self.look_up(code, &format!("{path}/typeCode")) else { continue };
            self.tell_event(&word, event, &path, None);
        }
        for (member, code) in OF_CONSIGNMENT {
            self.read_named(consignment, member, code, path, None);
        }
        for member in MOVEMENTS {
            for (at, movement) in items(consignment, member) {
                let means = movement.pointer("/usedLogisticsTransportMeans/id").and_then(content);
                let ship = means.map(|id| id.trim_start_matches("IMO").trim_start()).and_then(ship_uri);
                for (event, code) in OF_MOVEMENT {
                    self.read_named(movement, event, code, &format!("{path}/{at}"), ship.clone());
                }
            }
        }
    }

    fn read_named(&mut self, of: &Value, member: &str, code: &str, path: &str, ship: Option<String>) {
        for (at, event) in items(of, member) {
            let path = format!("{path}/{at}");
            if let Some(word) = self.look_up(code, &path) {
                self.tell_event(&word, event, &path, ship.clone());
            }
        }
    }

    fn look_up(&mut self, code: &str, path: &str) -> Option<Word> {
        let found = self.book.look_up(LIST, code).cloned();
        found.map_err(|finding| self.reading.findings.push(finding.at(path))).ok()
    }

    /// Every time that an event has: as scheduled, as expected, as it was.
    fn tell_event(&mut self, word: &Word, event: &Value, path: &str, ship: Option<String>) {
        let place = event.get("occurrenceLogisticsLocation").map(first).and_then(place_of);
        let times = [
            ("scheduledOccurrenceDateTime", Classifier::Planned),
            ("estimatedOccurrenceDateTime", Classifier::Estimated),
            ("actualOccurrenceDateTime", Classifier::Actual),
        ];
        let before = self.reading.told.len() + self.reading.findings.len();
        for (name, classifier) in times {
            if let Some(time) = event.get(name) {
                self.tell(word, classifier, Some(time), place.clone(), (path, name), ship.clone());
            }
        }
        if self.reading.told.len() + self.reading.findings.len() == before {
            let finding = Finding::warning("positions.no-time", "the event says no time").at(path);
            self.reading.findings.push(finding.remedy("send when it is scheduled, expected, or was"));
        }
    }

    fn tell(
        &mut self,
        word: &Word,
        classifier: Classifier,
        time: Option<&Value>,
        place: Option<PlaceCode>,
        (path, member): (&str, &str),
        ship: Option<String>,
    ) {
        let Some((at, offset)) = time.and_then(content).and_then(read_instant) else {
            let shown = shorten(&time.unwrap_or(&Value::Null).to_string());
            let finding = Finding::error("positions.time", format!("`{shown}` is no instant with offset"));
            let finding = finding.at(format!("{path}/{member}"));
            self.reading.findings.push(finding.remedy("write an instant such as 2026-12-01T08:00:00+06:00"));
            return;
        };
        let containers = self.containers();
        let names = ["freightForwarderAssignedId", "consignorAssignedId", "id"];
        let consignment =
            names.iter().find_map(|name| self.consignment.get(*name).and_then(content)).map(str::to_owned);
        let step = word.biz_step.as_deref().filter(|_| classifier == Classifier::Actual);
        let event = step.and_then(|step| {
            build_event(&Parts {
                step,
                disposition: word.disposition.as_deref(),
                at,
                offset,
                place: place.as_ref(),
                containers: &containers,
                consignment: consignment.as_deref(),
                conveyance: ship,
            })
        });
        let word_told = (word.list.clone(), word.code.clone());
        let milestone = word.milestone;
        let path = path.to_owned();
        self.reading.told.push(Told {
            path,
            word: word_told,
            classifier,
            milestone,
            at,
            place,
            containers,
            consignment,
            event,
        });
    }

    fn containers(&self) -> Vec<ContainerNumber> {
        let equipment = items(self.consignment, "utilizedLogisticsTransportEquipment");
        equipment.filter_map(|(_, item)| item.get("id").and_then(content)?.parse().ok()).collect()
    }

    fn check_containers(&mut self, path: &str) {
        for (at, item) in items(self.consignment, "utilizedLogisticsTransportEquipment") {
            let number = item.get("id").and_then(content).unwrap_or_default();
            if let Err(error) = number.parse::<ContainerNumber>() {
                let finding = Finding::warning("positions.container", error.to_string());
                self.reading.findings.push(finding.at(format!("{path}/{at}/id")));
            }
        }
    }
}

/// The objects of a member that is one or a list, each with its path.
fn items<'v>(value: &'v Value, member: &str) -> impl Iterator<Item = (String, &'v Value)> {
    let found = value.get(member);
    let (list, one) = match found {
        Some(Value::Array(list)) => (list.as_slice(), None),
        other => (&[][..], other),
    };
    let member = member.to_owned();
    let single = one.filter(|value| value.is_object()).map(|value| (member.clone(), value));
    let many = list.iter().enumerate().map(move |(index, value)| (format!("{member}/{index}"), value));
    single.into_iter().chain(many.filter(|(_, value)| value.is_object()))
}

fn first(value: &Value) -> &Value {
    value.as_array().and_then(|list| list.first()).unwrap_or(value)
}

/// The text of an identifier or code: its `content`, or itself.
fn content(value: &Value) -> Option<&str> {
    let value = first(value);
    value.as_str().or_else(|| value.get("content")?.as_str())
}

fn place_of(location: &Value) -> Option<PlaceCode> {
    location.get("id").and_then(content)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::table::tests::book;
    use serde_json::json;

    fn report() -> Value {
        json!({"specifiedConsignment": [{
            "freightForwarderAssignedId": {"content": "KRV-2026-0001"},
            "utilizedLogisticsTransportEquipment": [{"id": {"content": "CSQU3054383"}}],
            "reportedLogisticsStatus": [{"conditionCode": {"content": "24", "listAgencyId": "6"},
                "referenceDateTime": "2026-12-09T10:00:00+05:00",
                "specifiedLogisticsLocation": [{"id": [{"content": "KZAAU", "schemeAgencyId": "6"}]}]}],
            "mainCarriageLogisticsTransportMovement": [{"usedLogisticsTransportMeans": {"id": {"content": "9074729"}},
                "arrivalEvent": {"estimatedOccurrenceDateTime": "2026-12-11T10:00:00+04:00",
                    "occurrenceLogisticsLocation": {"id": [{"content": "AZALA"}]}},
                "loadingEvent": {"actualOccurrenceDateTime": "2026-12-09T08:00:00+05:00",
                    "occurrenceLogisticsLocation": {"id": [{"content": "KZAAU"}]}}}],
        }]})
    }

    #[test]
    fn statuses_and_events_are_told() {
        let reading = read_status_report(&report(), &book());
        assert!(reading.findings.is_empty(), "{:?}", reading.findings);
        let told: Vec<_> = reading
            .told
            .iter()
            .map(|told| {
                (
                    told.word.1.as_str(),
                    told.classifier.word(),
                    told.place.as_ref().unwrap().as_str(),
                    told.event.is_some(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("24", "actual", "KZAAU", true),
                ("48", "actual", "KZAAU", true),
                ("1", "estimated", "AZALA", false)
            ]
        );
        let now = "2026-12-10T00:00:00Z".parse().unwrap();
        let events = kervan_events::read_capture(&reading.capture(now), now).unwrap();
        assert_eq!(events[0].consignments()[0].as_str(), "KRV-2026-0001");
        assert_eq!(events[1].parent.as_deref(), Some("urn:epc:id:imovn:9074729"));
    }

    #[test]
    fn what_has_not_the_shape_is_a_finding() {
        let mut broken = report();
        broken["specifiedConsignment"][0]["reportedLogisticsStatus"][0]["conditionCode"]["content"] =
            "2444".into();
        broken["specifiedConsignment"][0]["mainCarriageLogisticsTransportMovement"][0]["arrivalEvent"] =
            json!({});
        broken["specifiedConsignment"].as_array_mut().unwrap().push("a text".into());
        let reading = read_status_report(&broken, &book());
        let found: Vec<_> = reading.findings.iter().map(|f| f.path.clone().unwrap_or_default()).collect();
        let base = "/specifiedConsignment/0";
        assert_eq!(
            found,
            [
                format!("{base}/reportedLogisticsStatus/0/conditionCode"),
                format!("{base}/mainCarriageLogisticsTransportMovement/0/arrivalEvent"),
                "/specifiedConsignment/1".to_owned(),
            ]
        );
        assert_eq!(read_status_report(&json!({}), &book()).findings[0].code, "positions.status-shape");
    }

    #[test]
    #[expect(clippy::print_stderr, reason = "a test says what it could not look at")]
    fn the_codes_are_those_of_the_published_schema() {
        let path =
            "../../../shared/conformance/uncefact-d23b/UNECE-MultimodalTransportConsignmentStatusReport.json";
        let Ok(text) = std::fs::read_to_string(path) else {
            eprintln!("{path} is not there; the codes are not compared");
            return;
        };
        let schema: Value = serde_json::from_str(&text).unwrap();
        let codes = schema.pointer("/$defs/codeList/$defs/UNTDID9013Type/oneOf").unwrap().as_array().unwrap();
        let book = book();
        for code in codes {
            let word = book.look_up(LIST, code["const"].as_str().unwrap()).unwrap();
            assert_eq!(word.name, code["title"].as_str().unwrap());
        }
        assert_eq!(book.words().filter(|word| word.list == LIST).count(), codes.len());
    }
}
