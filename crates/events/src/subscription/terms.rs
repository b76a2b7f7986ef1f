//! What is agreed with a receiver.

use super::Schedule;
use crate::format::parse_instant;
use jiff::Timestamp;
use kervan_model::Finding;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is agreed with a receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Where deliveries go: an address of http or https.
    pub dest: String,
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
    /// When it was agreed.
    pub created: Timestamp,
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

/// Reads what a subscriber asks for. Errors: everything that is wrong, each with its field.
pub fn read_terms(asked: &Value, now: Timestamp) -> Result<Terms, Vec<Finding>> {
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
    let dest = text("dest").filter(|dest| dest.starts_with("http://") || dest.starts_with("https://"));
    if dest.is_none() {
        fault("dest", "`dest` is an address that begins with https:// or http://".to_owned());
    }
    let stream = asked.get("stream").and_then(Value::as_bool).unwrap_or(false);
    let trigger = match (stream, asked.get("schedule")) {
        (true, None) => Some(Trigger::Stream),
        (false, Some(schedule)) => match serde_json::from_value::<Schedule>(schedule.clone()) {
            Err(error) => {
                fault("schedule", format!("the schedule cannot be read: {error}"));
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
    match (dest, trigger) {
        (Some(dest), Some(trigger)) if findings.is_empty() => Ok(Terms {
            dest: dest.to_owned(),
            secret: text("signatureToken").map(str::to_owned),
            trigger,
            report_if_empty: asked.get("reportIfEmpty").and_then(Value::as_bool).unwrap_or(false),
            initial_record_time: initial.flatten(),
            created: now,
        }),
        _ => Err(findings),
    }
}
