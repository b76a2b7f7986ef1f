//! Builds the events of a journey, as a carrier, a terminal or an authority reports them.
//!
//! The simulation and the adapters of real carriers call the same functions, and what they build is read like any other
//! capture. [`document`] wraps events into a capture.
//!
//! ```
//! use kervan_events::report::{self, Sighting};
//!
//! let consignment = "KRV-2026-0001".parse().unwrap();
//! let containers = ["CSQU3054383".parse().unwrap()];
//! let sighting = Sighting {
//!     consignment: &consignment,
//!     containers: &containers,
//!     place: &"KZAAU".parse().unwrap(),
//!     at: "2026-12-09T10:00:00Z".parse().unwrap(),
//!     offset: jiff::tz::offset(5),
//! };
//! let event = report::departing(&sighting, &"S020".parse().unwrap(), &"AZALT".parse().unwrap());
//! let capture = report::document(&[event], sighting.at);
//! let events = kervan_events::read_capture(&capture, sighting.at).unwrap();
//! assert_eq!(events[0].biz_step.as_deref(), Some("departing"));
//! assert_eq!(events[0].place().unwrap().as_str(), "KZAAU");
//! ```

use crate::mapping::{self, consignment_uri, container_uri, movement_uri, place_uri};
use jiff::Timestamp;
use jiff::tz::Offset;
use kervan_codes::{ContainerNumber, PlaceCode};
use kervan_model::{MovementId, Reference, ServiceId};
use serde_json::{Value, json};

/// Who saw what, where and when: what every report has in common.
#[derive(Clone, Copy, Debug)]
pub struct Sighting<'a> {
    /// The consignment.
    pub consignment: &'a Reference,
    /// Those of its containers that were seen.
    pub containers: &'a [ContainerNumber],
    /// Where.
    pub place: &'a PlaceCode,
    /// When.
    pub at: Timestamp,
    /// Offset of the place at that time. Range: -14 to +14 hours, as the standard allows; others are moved to the nearer end.
    pub offset: Offset,
}

/// The goods are packed, and wait at the origin.
pub fn ready(sighting: &Sighting<'_>) -> Value {
    sighting.observed("staging_outbound", "container_closed", true)
}

/// The goods leave a place on a service towards the next place.
pub fn departing(sighting: &Sighting<'_>, service: &ServiceId, towards: &PlaceCode) -> Value {
    let mut event = sighting.observed("departing", "in_transit", false);
    set(&mut event, "destinationList", json!([{"type": "location", "destination": place_uri(towards)}]));
    set(&mut event, "kervan:service", service.as_str().into());
    event
}

/// The goods arrive at a place.
pub fn arriving(sighting: &Sighting<'_>) -> Value {
    sighting.observed("arriving", "in_progress", true)
}

/// The goods cross a border without a stop of their own.
pub fn crossing(sighting: &Sighting<'_>) -> Value {
    sighting.observed("entering_exiting", "in_transit", false)
}

/// The containers are put on a train, truck or ship; `conveyance` is a URI of [`mapping::conveyance_uri`] or
/// [`mapping::ship_uri`].
pub fn loading(sighting: &Sighting<'_>, conveyance: &str) -> Value {
    sighting.grouped("ADD", "loading", conveyance)
}

/// The containers are taken off it.
pub fn unloading(sighting: &Sighting<'_>, conveyance: &str) -> Value {
    sighting.grouped("DELETE", "unloading", conveyance)
}

/// The containers were moved to another gauge, or their wagons' bogies were changed.
pub fn changing_gauge(sighting: &Sighting<'_>) -> Value {
    sighting.observed(mapping::CHANGING_GAUGE, "in_progress", true)
}

/// The containers wait at a place for the next service.
pub fn storing(sighting: &Sighting<'_>) -> Value {
    sighting.observed("storing", "in_progress", true)
}

/// An authority holds the goods under a movement until it has controlled them.
pub fn holding(sighting: &Sighting<'_>, movement: &MovementId) -> Value {
    sighting.under_movement("holding", "unavailable", movement)
}

/// An authority looks into the goods.
pub fn inspecting(sighting: &Sighting<'_>, movement: &MovementId) -> Value {
    sighting.under_movement("inspecting", "in_progress", movement)
}

/// An authority lets the goods go.
pub fn releasing(sighting: &Sighting<'_>, movement: &MovementId) -> Value {
    sighting.under_movement(mapping::RELEASING, "available", movement)
}

/// The border lets the goods go, as the carrier was told; the authority's own report is [`releasing`].
pub fn cleared(sighting: &Sighting<'_>) -> Value {
    sighting.observed(mapping::RELEASING, "available", true)
}

/// The consignee has received the goods.
pub fn delivered(sighting: &Sighting<'_>) -> Value {
    sighting.observed("receiving", "completeness_inferred", true)
}

/// The same event declared in error: it did not happen, or not so. `corrected_by` are the ids of events in its place.
pub fn declaring_error(
    event: &Value,
    declared: Timestamp,
    did_not_occur: bool,
    corrected_by: &[String],
) -> Value {
    let reason = if did_not_occur { "did_not_occur" } else { "incorrect_data" };
    let mut event = event.clone();
    let mut declaration = json!({"declarationTime": instant(declared), "reason": reason});
    if !corrected_by.is_empty() {
        set(&mut declaration, "correctiveEventIDs", corrected_by.into());
    }
    set(&mut event, "errorDeclaration", declaration);
    event
}

/// A capture document of these events, with the contexts of the standard and of our extension fields.
pub fn document(events: &[Value], created: Timestamp) -> Value {
    json!({
        "@context": [STANDARD_CONTEXT, {"kervan": mapping::NAMESPACE}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": instant(created),
        "epcisBody": {"eventList": events},
    })
}

const STANDARD_CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

impl Sighting<'_> {
    fn event(&self, event_type: &str, action: &str, step: &str, disposition: &str) -> Value {
        json!({
            "type": event_type,
            "eventTime": instant(self.at),
            "eventTimeZoneOffset": offset(self.offset),
            "action": action,
            "bizStep": step,
            "disposition": disposition,
            "readPoint": {"id": place_uri(self.place)},
            "bizTransactionList": [
                {"type": mapping::CONSIGNMENT_TYPE, "bizTransaction": consignment_uri(self.consignment)},
            ],
        })
    }

    fn things(&self) -> Value {
        self.containers.iter().map(container_uri).collect::<Vec<_>>().into()
    }

    /// The containers were seen; `stays` says that they are at the place afterwards as well.
    fn observed(&self, step: &str, disposition: &str, stays: bool) -> Value {
        let mut event = self.event("ObjectEvent", "OBSERVE", step, disposition);
        set(&mut event, "epcList", self.things());
        if stays {
            set(&mut event, "bizLocation", json!({"id": place_uri(self.place)}));
        }
        event
    }

    /// The containers were put into or taken out of a conveyance.
    fn grouped(&self, action: &str, step: &str, conveyance: &str) -> Value {
        let mut event = self.event("AggregationEvent", action, step, "in_progress");
        set(&mut event, "parentID", conveyance.into());
        set(&mut event, "childEPCs", self.things());
        event
    }

    /// An authority acted on the containers under a transit movement.
    fn under_movement(&self, step: &str, disposition: &str, movement: &MovementId) -> Value {
        let mut event = self.observed(step, disposition, true);
        set(
            &mut event,
            "bizTransactionList",
            json!([
                {"type": mapping::CONSIGNMENT_TYPE, "bizTransaction": consignment_uri(self.consignment)},
                {"type": mapping::MOVEMENT_TYPE, "bizTransaction": movement_uri(movement)},
            ]),
        );
        event
    }
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

/// An instant in UTC with milliseconds, the precision that the event hash keeps.
fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

fn offset(offset: Offset) -> String {
    let minutes = (offset.seconds() / 60).clamp(-14 * 60, 14 * 60);
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}
