//! What events say of temperatures and seals. Source: EPCIS 2.0, section 7.3.7 (sensor elements); GS1 Web vocabulary.

use super::{Reading, ReadingIn, SealEvent};
use crate::report::SealState;
use jiff::Timestamp;
use kervan_codes::ContainerNumber;
use kervan_events::mapping::{BASE, NAMESPACE};
use kervan_events::{Action, Event, EventType};
use serde_json::Value;

/// Readings and seals of events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SensedEvents {
    /// Temperatures, in the order of the events, each for every container that its event names.
    pub readings: Vec<ReadingIn>,
    /// What is said of seals, in the order of the events.
    pub seals: Vec<SealEvent>,
}

/// URI of a seal, for association events: a seal is fixed to a container.
pub fn seal_uri(number: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_') { c } else { '-' };
    format!("{BASE}seal/{}", number.chars().map(safe).collect::<String>())
}

/// The number of a seal's URI; nothing for any other URI.
pub fn find_seal(uri: &str) -> Option<&str> {
    uri.strip_prefix(BASE)?.strip_prefix("seal/").filter(|number| !number.is_empty())
}

/// Reads temperatures of `sensorElementList`, whatever their unit, and what association events and sensors say of seals.
///
/// A sensor says the state of a seal in a report of type `sealState` of our namespace: the number in `uriValue`, the state in
/// `stringValue`. Events declared in error do not count.
pub fn list_sensed(events: &[Event]) -> SensedEvents {
    let mut found = SensedEvents::default();
    for event in events.iter().filter(|event| event.error_declaration.is_none()) {
        if event.event_type == EventType::Association {
            let state = match event.action {
                Some(Action::Delete) => SealState::Open,
                Some(Action::Add | Action::Observe) | None => SealState::Closed,
            };
            for number in event.epcs.iter().filter_map(|uri| find_seal(uri)) {
                let number = number.to_owned();
                found.seals.push(SealEvent { at: event.event_time, number, state, is_act: true });
            }
        }
        let containers = event.containers();
        for element in list(&event.json, "sensorElementList") {
            let of_element = element.pointer("/sensorMetadata/time").and_then(read_time);
            for report in list(element, "sensorReport") {
                let at = report.get("time").and_then(read_time).or(of_element).unwrap_or(event.event_time);
                add_report(report, at, &containers, &mut found);
            }
        }
    }
    found
}

fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn read_time(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

fn add_report(report: &Value, at: Timestamp, containers: &[ContainerNumber], found: &mut SensedEvents) {
    let text = |name: &str| report.get(name).and_then(Value::as_str).unwrap_or_default();
    let kind = text("type");
    if kind.strip_prefix(NAMESPACE).or_else(|| kind.strip_prefix("kervan:")) == Some("sealState") {
        if let (Some(number), Some(state)) =
            (find_seal(text("uriValue")), SealState::find(text("stringValue")))
        {
            found.seals.push(SealEvent { at, number: number.to_owned(), state, is_act: false });
        }
        return;
    }
    if kind.rsplit(['/', ':']).next() != Some("Temperature") {
        return;
    }
    let value = report.get("value").or_else(|| report.get("meanValue")).and_then(Value::as_f64);
    let Some(tenths) = value.and_then(|value| tenths_of(value, text("uom"))) else { return };
    let reading = Reading { at, tenths };
    if containers.is_empty() {
        found.readings.push(ReadingIn { container: None, reading });
    }
    let of_each = containers.iter().cloned().map(|number| ReadingIn { container: Some(number), reading });
    found.readings.extend(of_each);
}

/// Tenths of a degree Celsius. Source: units of UN/ECE Recommendation 20.
fn tenths_of(value: f64, unit: &str) -> Option<i16> {
    let celsius = match unit {
        "CEL" | "" => value,
        "KEL" => value - 273.15,
        "FAH" => (value - 32.0) / 1.8,
        _ => return None,
    };
    let tenths = (celsius * 10.0).round();
    (f64::from(i16::MIN)..=f64::from(i16::MAX)).contains(&tenths).then_some(tenths as i16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_turned_into_celsius() {
        for (value, unit, wanted) in [
            (4.26, "CEL", Some(43)),
            (277.15, "KEL", Some(40)),
            (41.0, "FAH", Some(50)),
            (4.0, "MTR", None),
            (1e9, "CEL", None),
        ] {
            assert_eq!(tenths_of(value, unit), wanted, "{value} {unit}");
        }
    }

    #[test]
    fn seals_have_names_that_come_back() {
        assert_eq!(find_seal(&seal_uri("KZ-881204")), Some("KZ-881204"));
        assert_eq!(find_seal("urn:epc:id:bic:CSQU3054383"), None);
    }

    #[test]
    fn events_say_temperatures_and_seals() {
        let document = serde_json::json!({
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"kervan": NAMESPACE}],
            "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-12-09T12:00:00Z",
            "epcisBody": {"eventList": [
                {"type": "ObjectEvent", "eventTime": "2026-12-09T10:00:00Z", "eventTimeZoneOffset": "+00:00", "action": "OBSERVE",
                 "epcList": ["urn:epc:id:bic:CSQU3054383"],
                 "sensorElementList": [{"sensorReport": [
                    {"type": "Temperature", "value": 277.15, "uom": "KEL", "time": "2026-12-09T09:30:00Z"},
                    {"type": "RelativeHumidity", "value": 40, "uom": "A93"}]}]},
                {"type": "AssociationEvent", "eventTime": "2026-12-09T11:00:00Z", "eventTimeZoneOffset": "+00:00", "action": "DELETE",
                 "parentID": "urn:epc:id:bic:CSQU3054383", "childEPCs": [seal_uri("A1")]}
            ]}
        });
        let events = kervan_events::read_capture(&document, "2026-12-09T12:00:00Z".parse().unwrap()).unwrap();
        let found = list_sensed(&events);
        let reading = Reading { at: "2026-12-09T09:30:00Z".parse().unwrap(), tenths: 40 };
        let container = Some("CSQU3054383".parse().unwrap());
        assert_eq!(found.readings, [ReadingIn { container, reading }]);
        assert_eq!((found.seals[0].number.as_str(), found.seals[0].state), ("A1", SealState::Open));
    }
}
