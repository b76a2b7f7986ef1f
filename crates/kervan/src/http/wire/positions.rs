//! Positions, devices and tracks on the wire.

use super::Finding;
use jiff::Timestamp;
use kervan_node::{Intake, Mounting, Track as NodeTrack};
use kervan_positions::Observation;
use kervan_store::MountingRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What came of a batch of positions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PositionsTaken {
    /// Positions kept; those that were there already count as well.
    pub kept: usize,
    /// Values of sensors kept.
    pub sensed: usize,
    /// How many of the positions are doubted: kept, marked, and never a reason to move an estimate.
    pub doubted: usize,
    /// What was wrong with the text, and what is doubtful.
    pub findings: Vec<Finding>,
}

impl PositionsTaken {
    /// From what was kept, and the findings of reading it.
    pub fn new(intake: &Intake, read: &[kervan_model::Finding]) -> Self {
        let findings = read.iter().chain(&intake.findings).map(Finding::from).collect();
        Self { kept: intake.kept, sensed: intake.sensed, doubted: intake.doubted, findings }
    }
}

/// What a device is put on: one of the members.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MountDevice {
    /// Container number.
    pub container: Option<String>,
    /// Wagon number, 8 or 12 digits.
    pub wagon: Option<String>,
    /// IMO number of a ship.
    pub vessel: Option<String>,
    /// Registration of a road vehicle, without spaces.
    pub vehicle: Option<String>,
    /// URI of a conveyance, as events name it.
    pub conveyance: Option<String>,
    /// Since when, RFC 3339.
    pub since: String,
    /// Until when; nothing if it still is.
    pub until: Option<String>,
}

/// A thing and the time that a device is on it; without an end it still is.
pub(crate) type MountedFor = (Mounting, (Timestamp, Option<Timestamp>));

impl MountDevice {
    /// Reads the request. Errors: every finding at once.
    pub fn read(&self) -> Result<MountedFor, Vec<kervan_model::Finding>> {
        use super::requests::note;
        let mut findings = Vec::new();
        let mut named = Vec::new();
        if let Some(text) = &self.container {
            named.push(note(text.parse(), "/container", &mut findings).map(Mounting::Container));
        }
        if let Some(text) = &self.wagon {
            named.push(note(text.parse(), "/wagon", &mut findings).map(Mounting::Wagon));
        }
        named.extend(self.vessel.clone().map(|number| Some(Mounting::Vessel(number))));
        named.extend(self.vehicle.clone().map(|text| Some(Mounting::Vehicle(text))));
        named.extend(self.conveyance.clone().map(|uri| Some(Mounting::Conveyance(uri))));
        if named.len() != 1 {
            let message = "a device is on one thing at a time";
            let finding = kervan_model::Finding::error("node.device-mounting", message).at("");
            findings.push(finding.remedy("name one of container, wagon, vessel, vehicle, conveyance"));
        }
        let since = note(self.since.parse(), "/since", &mut findings);
        let until = self.until.as_ref().map(|text| note(text.parse(), "/until", &mut findings));
        match (named.pop().flatten(), since) {
            (Some(on), Some(since)) if findings.is_empty() => Ok((on, (since, until.flatten()))),
            _ => Err(findings),
        }
    }
}

/// What a device was on, over a time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeviceMounting {
    /// The device.
    pub device: String,
    /// URI of the thing.
    pub thing: String,
    /// Since when, RFC 3339.
    #[schema(value_type = String)]
    pub since: Timestamp,
    /// Until when; nothing if it still is.
    #[schema(value_type = Option<String>)]
    pub until: Option<Timestamp>,
    /// Id of the party that said so.
    pub stated_by: String,
}

impl From<MountingRow> for DeviceMounting {
    fn from(row: MountingRow) -> Self {
        let MountingRow { device, thing, since, until, stated_by } = row;
        Self { device, thing, since, until, stated_by: stated_by.to_string() }
    }
}

/// The track of a consignment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Track {
    /// Positions in order of time.
    pub points: Vec<TrackPoint>,
    /// What they let one observe, in order of time.
    pub observations: Vec<TrackObservation>,
    /// Arrivals and departures that positions let one suppose; none of them is a report.
    pub derived: Vec<DerivedMilestone>,
}

/// A position of a track.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TrackPoint {
    /// The device, or the URI of the thing that reported itself.
    pub device: String,
    /// When, RFC 3339.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// Latitude in degrees, as reported.
    pub lat: f64,
    /// Longitude in degrees, as reported.
    pub lon: f64,
    /// Marks, such as `jump` or `late`.
    pub marks: Vec<String>,
    /// Whether it is believed: none of the marks is a doubt.
    pub believed: bool,
    /// Where on the network it is.
    pub on: Option<OnLink>,
}

/// Where on the network a position is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OnLink {
    /// The link, in the direction of travel as far as it can be told.
    pub link: String,
    /// Mode of the link.
    pub mode: String,
    /// How far along it. Range: 0 to 1.
    pub share: f64,
    /// How far off its course. Unit: kilometre.
    pub off_km: f64,
    /// Latitude of the point of the course.
    pub lat: f64,
    /// Longitude of the point of the course.
    pub lon: f64,
}

/// Something that positions or sensors let one observe.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TrackObservation {
    /// `entered`, `left`, `deviated`, `route_not_taken`, `doubted`, `excursion` or `seal_chain_broken`.
    pub kind: String,
    /// When it began, RFC 3339.
    #[schema(value_type = String)]
    pub since: Timestamp,
    /// Its particulars, by kind.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

impl From<&Observation> for TrackObservation {
    fn from(observation: &Observation) -> Self {
        let detail = serde_json::to_value(observation).unwrap_or_default();
        Self { kind: observation.word().to_owned(), since: observation.since(), detail }
    }
}

/// An arrival or departure that positions let one suppose.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DerivedMilestone {
    /// `arrived` or `departed`.
    pub code: String,
    /// Place code.
    pub place: String,
    /// When, most likely, RFC 3339.
    #[schema(value_type = String)]
    pub estimated: Timestamp,
    /// Not before.
    #[schema(value_type = String)]
    pub earliest: Timestamp,
    /// Not after.
    #[schema(value_type = String)]
    pub latest: Timestamp,
}

impl From<&NodeTrack> for Track {
    fn from(track: &NodeTrack) -> Self {
        let rounded = |value: f64, digits: f64| (value * digits).round() / digits;
        let points = track.points.iter().map(|point| TrackPoint {
            device: point.device.clone(),
            at: point.fix.at,
            lat: point.fix.point.lat(),
            lon: point.fix.point.lon(),
            marks: point.marks.list().map(|mark| mark.word().to_owned()).collect(),
            believed: point.marks.is_believed(),
            on: point.on.as_ref().map(|on| OnLink {
                link: on.link.to_string(),
                mode: on.mode.to_string(),
                share: rounded(on.share, 1e4),
                off_km: rounded(on.off_m / 1e3, 1e2),
                lat: on.point.lat(),
                lon: on.point.lon(),
            }),
        });
        let derived = track.derived.iter().map(|stone| DerivedMilestone {
            code: stone.code.to_string(),
            place: stone.place.to_string(),
            estimated: stone.estimated,
            earliest: stone.earliest,
            latest: stone.latest,
        });
        Self {
            points: points.collect(),
            observations: track.observations.iter().map(TrackObservation::from).collect(),
            derived: derived.collect(),
        }
    }
}
