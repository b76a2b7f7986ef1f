//! What is agreed with a receiver.

use super::Schedule;
use crate::EpcFormat;
use crate::format::parse_instant;
use jiff::Timestamp;
use kervan_model::Finding;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is agreed with a receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Where deliveries go.
    pub dest: Destination,
    /// With what they are signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// When they go.
    pub trigger: Trigger,
    /// Whether a scheduled delivery without events goes as well.
    #[serde(default)]
    pub report_if_empty: bool,
    /// Events captured since then are delivered; those from the subscription on if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial_record_time: Option<Timestamp>,
    /// In which form identifiers are told.
    #[serde(default)]
    pub epc_format: EpcFormat,
    /// When it was agreed.
    pub created: Timestamp,
}

/// Where deliveries go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Destination {
    /// An address of http or https that is called.
    Address(String),
    /// A socket that the subscriber opens and holds.
    Websocket,
}

/// How a socket is written where an address stands.
const WEBSOCKET: &str = "websocket";

impl From<String> for Destination {
    fn from(text: String) -> Self {
        if text == WEBSOCKET { Self::Websocket } else { Self::Address(text) }
    }
}

impl From<Destination> for String {
    fn from(dest: Destination) -> Self {
        match dest {
            Destination::Address(address) => address,
            Destination::Websocket => WEBSOCKET.to_owned(),
        }
    }
}

/// When deliveries go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// As soon as there is something.
    Stream,
    /// At certain times.
    Schedule(Schedule),
}

/// Longest address and secret. Unit: byte. No receiver needs more.
const LONGEST: usize = 2_000;

const FIELDS: &[&str] =
    &["dest", "signatureToken", "stream", "schedule", "reportIfEmpty", "initialRecordTime", "epcFormat"];

/// Reads the parameters with which a socket is opened: `stream`, or the fields of a schedule; `reportIfEmpty` and
/// `initialRecordTime`. Source: the OpenAPI description of EPCIS 2.0, `/queries/{queryName}/events`.
///
/// Errors: everything that is wrong, each with its parameter.
pub fn read_socket_terms(pairs: &[(String, String)], now: Timestamp) -> Result<Terms, Vec<Finding>> {
    let (mut asked, mut schedule) = (serde_json::Map::new(), serde_json::Map::new());
    for (name, value) in pairs {
        let field = match (name.as_str(), value.as_str()) {
            ("stream" | "reportIfEmpty", "true") => Value::Bool(true),
            ("stream" | "reportIfEmpty", "false") => Value::Bool(false),
            _ => Value::from(value.as_str()),
        };
        let place = if SCHEDULED.contains(&name.as_str()) { &mut schedule } else { &mut asked };
        if place.insert(name.clone(), field).is_some() {
            let why = format!("`{name}` is given twice");
            return Err(vec![Finding::error("events.subscription", why).at(format!("/{name}"))]);
        }
    }
    if !schedule.is_empty() {
        asked.insert("schedule".to_owned(), Value::Object(schedule));
    }
    read(&Value::Object(asked), Some(Destination::Websocket), now)
}

/// Fields of a schedule.
const SCHEDULED: &[&str] = &["second", "minute", "hour", "dayOfMonth", "month", "dayOfWeek"];

/// Reads what a subscriber asks for. Errors: everything that is wrong, each with its field.
pub fn read_terms(asked: &Value, now: Timestamp) -> Result<Terms, Vec<Finding>> {
    read(asked, None, now)
}

fn read(asked: &Value, dest: Option<Destination>, now: Timestamp) -> Result<Terms, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut fault = |field: &str, why: String| {
        findings.push(
            Finding::error("events.subscription", why)
                .at(format!("/{field}"))
                .source("GS1 EPCIS 2.0, section 12.7"),
        );
    };
    for field in asked.as_object().into_iter().flatten().map(|(name, _)| name) {
        if !FIELDS.contains(&field.as_str()) {
            fault(field, format!("`{field}` is no field of a subscription"));
        }
    }
    let text = |field: &str| asked.get(field).and_then(Value::as_str).filter(|text| text.len() <= LONGEST);
    let given = text("dest").filter(|dest| dest.starts_with("http://") || dest.starts_with("https://"));
    let dest = dest.or_else(|| given.map(|address| Destination::Address(address.to_owned())));
    if dest.is_none() {
        fault("dest", "`dest` is an address that begins with https:// or http://".to_owned());
    }
    let stream = asked.get("stream").and_then(Value::as_bool).unwrap_or(false);
    let trigger = match (stream, asked.get("schedule")) {
        (true, None) => Some(Trigger::Stream),
        (false, Some(schedule)) => match serde_json::from_value::<Schedule>(schedule.clone()) {
            Err(error) => {
                fault(
                    "schedule",
                    format!("the schedule cannot be read: {}", kervan_model::in_plain_words(&error)),
                );
                None
            }
            Ok(schedule) => {
                if let Err((field, why)) = schedule.check() {
                    fault(&format!("schedule/{field}"), why);
                }
                Some(Trigger::Schedule(schedule))
            }
        },
        _ => {
            fault("stream", "a subscription has either a `schedule`, or `stream` set to true".to_owned());
            None
        }
    };
    let initial = asked.get("initialRecordTime").map(|value| value.as_str().and_then(parse_instant));
    if initial == Some(None) {
        fault(
            "initialRecordTime",
            "this is a time with an offset, such as `2026-12-01T08:00:00Z`".to_owned(),
        );
    }
    let format = asked.get("epcFormat").map(|value| value.as_str().and_then(EpcFormat::find));
    if format == Some(None) {
        let words = EpcFormat::ALL.map(EpcFormat::word).join(", ");
        fault("epcFormat", format!("`epcFormat` is one of {words}"));
    }
    for field in ["stream", "reportIfEmpty"] {
        if asked.get(field).is_some_and(|value| !value.is_boolean()) {
            fault(field, format!("`{field}` is true or false"));
        }
    }
    match (dest, trigger) {
        (Some(dest), Some(trigger)) if findings.is_empty() => Ok(Terms {
            dest,
            secret: text("signatureToken").map(str::to_owned),
            trigger,
            report_if_empty: asked.get("reportIfEmpty").and_then(Value::as_bool).unwrap_or(false),
            initial_record_time: initial.flatten(),
            epc_format: format.flatten().unwrap_or_default(),
            created: now,
        }),
        _ => Err(findings),
    }
}
