//! The members of a JSON object that says a position: the same in our own JSON and in the properties of GeoJSON.

use crate::batch::{Batch, Circumstances};
use crate::report::{DeviceId, DeviceScheme, SealState, Sensed, SensedValue, Subject, shorten};
use jiff::Timestamp;
use kervan_model::Finding;
use serde_json::{Map, Value};

/// The members of one object, with the place where it stands.
pub(crate) struct Members<'v> {
    pub(crate) object: &'v Map<String, Value>,
    /// JSON pointer to the object.
    pub(crate) path: String,
}

impl<'v> Members<'v> {
    fn at(&self, name: &str) -> String {
        format!("{}/{name}", self.path)
    }

    pub(crate) fn find(&self, names: &[&'static str]) -> Option<(&'static str, &'v Value)> {
        names.iter().find_map(|name| Some((*name, self.object.get(*name).filter(|value| !value.is_null())?)))
    }

    pub(crate) fn error(&self, name: &str, code: &str, message: impl Into<String>, remedy: &str) -> Finding {
        Finding::error(code, message).at(self.at(name)).remedy(remedy)
    }

    /// Says of each member that it is not known. A misspelt name must not pass unseen.
    pub(crate) fn refuse_others(&self, known: &[&str], batch: &mut Batch) {
        for name in self.object.keys().filter(|name| !known.contains(&name.as_str())) {
            let message = format!("`{}` is no member of a position", shorten(name));
            let remedy = format!("use {}", known.join(", "));
            batch.find(self.error(&shorten(name), "positions.unknown-member", message, &remedy));
        }
    }

    /// The instant: RFC 3339, or seconds or milliseconds since 1970.
    pub(crate) fn time(&self, names: &[&'static str], batch: &mut Batch) -> Option<Timestamp> {
        /// Seconds beyond this year 5138 are milliseconds.
        const FIRST_MILLISECOND: i64 = 100_000_000_000;
        const REMEDY: &str = "write an instant such as 2026-12-01T08:00:00Z";
        let Some((name, value)) = self.find(names) else {
            let first = names.first().copied().unwrap_or_default();
            batch.find(self.error(first, "positions.no-time", "the position says no time", REMEDY));
            return None;
        };
        let read = match value {
            Value::String(text) => text.parse::<Timestamp>().ok(),
            Value::Number(number) => {
                number.as_i64().or_else(|| Some(number.as_f64()? as i64)).and_then(|whole| {
                    if whole.abs() >= FIRST_MILLISECOND {
                        Timestamp::from_millisecond(whole).ok()
                    } else {
                        Timestamp::from_second(whole).ok()
                    }
                })
            }
            _ => None,
        };
        if read.is_none() {
            let message = format!("`{}` is no instant", shorten(&value.to_string()));
            batch.find(self.error(name, "positions.time", message, REMEDY));
        }
        read
    }

    /// The subject: a consignment, a container, a device, or else the device that sent the text.
    pub(crate) fn subject(&self, circumstances: &Circumstances, batch: &mut Batch) -> Option<Subject> {
        let names = ["consignment", "container", "device", "imei", "mmsi"];
        let Some((name, value)) = self.find(&names) else {
            if let Some(device) = &circumstances.device {
                return Some(Subject::Device(device.clone()));
            }
            let message = "the position does not say of what";
            let remedy = "name `device`, `container` or `consignment`";
            batch.find(self.error("device", "positions.no-device", message, remedy));
            return None;
        };
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let read = match name {
            "consignment" => text.parse().map(Subject::Consignment).map_err(|error| format!("{error}")),
            "container" => text.parse().map(Subject::Container).map_err(|error| format!("{error}")),
            "imei" => device(DeviceId::new(DeviceScheme::Imei, &text)),
            "mmsi" => device(DeviceId::new(DeviceScheme::Mmsi, &text)),
            _ => device(text.parse()),
        };
        read.map_err(|message| {
            batch.find(self.error(
                name,
                "positions.subject",
                message,
                "name what carries the device as it is registered",
            ));
        })
        .ok()
    }

    /// A number in a range, times `scale`, rounded.
    pub(crate) fn number(
        &self,
        name: &'static str,
        (low, high): (f64, f64),
        scale: f64,
        batch: &mut Batch,
    ) -> Option<f64> {
        let (name, value) = self.find(&[name])?;
        let number = value.as_f64().filter(|number| (low..=high).contains(number));
        if number.is_none() {
            let message = format!("`{}` is no number from {low} to {high}", shorten(&value.to_string()));
            batch.find(self.error(
                name,
                "positions.number",
                message,
                "write a number in the unit that the name ends with",
            ));
        }
        Some((number? * scale).round())
    }

    pub(crate) fn speed_and_heading(&self, batch: &mut Batch) -> (Option<u16>, Option<u16>) {
        let speed = self.number("speed_kmh", (0.0, 2_000.0), 1e5 / 3_600.0, batch);
        let heading = self.number("course_deg", (0.0, 360.0), 10.0, batch);
        (speed.map(|speed| speed as u16), heading.map(|heading| heading as u16 % 3_600))
    }

    /// What sensors read.
    pub(crate) fn sensed(&self, subject: &Subject, at: Timestamp, batch: &mut Batch) {
        if let Some(tenths) = self.number("temperature_c", (-273.0, 1_000.0), 10.0, batch) {
            let value = Sensed::Temperature(tenths as i16);
            batch.sensed.push(SensedValue { subject: subject.clone(), at, value });
        }
        let Some((name, seal)) = self.find(&["seal"]) else { return };
        let text = |member: &str| seal.get(member).and_then(Value::as_str).unwrap_or_default();
        let state = SealState::find(text("state"));
        let number = text("number");
        match state.filter(|_| (1..=20).contains(&number.len())) {
            Some(state) => {
                let value = Sensed::Seal { number: number.to_owned(), state };
                batch.sensed.push(SensedValue { subject: subject.clone(), at, value });
            }
            None => {
                let message = "a seal needs a number of 1 to 20 characters and a state";
                let remedy =
                    "write {\"number\": \"...\", \"state\": \"closed\"}; states are closed, open, broken";
                batch.find(self.error(name, "positions.seal", message, remedy));
            }
        }
    }
}

fn device(read: Result<DeviceId, crate::DeviceIdError>) -> Result<Subject, String> {
    read.map(Subject::Device).map_err(|error| error.to_string())
}

/// Parses a text. A fault of the JSON itself is one finding with line and column.
pub(crate) fn parse(text: &str, batch: &mut Batch) -> Option<Value> {
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            let finding =
                Finding::error("positions.not-json", kervan_model::in_plain_words(&error)).at(place);
            batch.find(finding.remedy("mend the JSON and send it again"));
        })
        .ok()
}
