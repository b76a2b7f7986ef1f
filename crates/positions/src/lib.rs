//! Positions and sensors: what devices say, whether it can be true, and what it means.
//!
//! A text of a device is [`read`] in its form (NMEA 0183 with AIS, GeoJSON, our own JSON) with every finding at once. Each
//! position is marked by [`SenseState::take`]: what cannot be true is kept, and moves nothing. [`Matcher`] says on which link of
//! the network positions lie and how far along it, [`Fences`] at which places goods were, [`route`] whether they go the way of
//! the plan, [`sensor`] whether they were too warm and whether their seals are whole. All of that comes out as an
//! [`Observation`]: plain facts, of which others make alarms. [`words`] turns the event words of shipping lines, UN/CEFACT and
//! railways into ours, by tables.
//!
//! Pure: no clock, no randomness, no sockets. Absent here: storage, the registry of devices, alarms.
//!
//! ```
//! use kervan_positions::{Circumstances, Form, read};
//!
//! let text = r#"[{"device": "tracker:NW-17", "lat": 43.6, "lon": 51.2, "at": "2026-12-09T10:00:00Z"}]"#;
//! let circumstances = Circumstances { device: None, received: "2026-12-09T10:00:05Z".parse().unwrap() };
//! let batch = read(text, Form::Json, &circumstances);
//! assert!(batch.findings.is_empty());
//! assert_eq!(batch.reports[0].point.lat(), 43.6);
//! ```

mod ais;
mod batch;
mod fence;
mod geojson;
mod json;
mod matching;
mod members;
mod nmea;
mod observation;
mod report;
mod sense;
mod tables;

pub mod limits;
pub mod route;
pub mod sensor;
pub mod words;

pub use ais::Awaiting;
pub use batch::{Batch, Circumstances, Form, read, read_on};
pub use fence::{Fences, Visit};
pub use matching::{Matcher, OnLink};
pub use observation::{Crossing, DerivedMilestone, Deviation, Excursion, Observation, list_doubts};
pub use report::{
    DeviceId, DeviceIdError, DeviceScheme, Report, SealState, Sensed, SensedValue, ShipStatement, Subject,
};
pub use sense::{Bounds, Fix, Mark, Marks, SenseState, explain, latest_believable};
pub use tables::{Fence, Figures, Motion};
