//! Rows of positions, devices and what they are on.

use jiff::Timestamp;
use kervan_model::{PartyId, Reference};

/// Positions of one device, and what is carried to its next report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceFixes {
    /// Name of the device: `imei:...`, or the URI of the thing that the report names itself.
    pub device: String,
    /// What is carried to its next report, JSON. Nothing leaves it as it is.
    pub state: Option<String>,
    /// The positions.
    pub fixes: Vec<FixRow>,
}

/// A position of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FixRow {
    /// When it was there; kept to the millisecond.
    pub at: Timestamp,
    /// Latitude. Unit: 1e-7 degree.
    pub lat_e7: i32,
    /// Longitude. Unit: 1e-7 degree.
    pub lon_e7: i32,
    /// When it was received; kept to the second.
    pub received: Timestamp,
    /// Marks of doubt, a bit each; what each means is not known here.
    pub marks: u16,
    /// Unit: centimetre per second.
    pub speed: Option<u16>,
    /// Unit: tenth of a degree from north.
    pub heading: Option<u16>,
}

/// What a sensor read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SensedRow {
    /// When; kept to the millisecond.
    pub at: Timestamp,
    /// What: `temperature`, or `seal` with its number after a colon.
    pub what: String,
    /// The value, in the unit of what it is.
    pub value: i64,
}

/// What a sensor read, and what its device was on then.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SensedOn {
    /// The URI of the thing: a container, a wagon, the consignment itself.
    pub thing: String,
    /// What was read.
    pub row: SensedRow,
}

/// What a device was on, over a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MountingRow {
    /// Name of the device.
    pub device: String,
    /// URI of the thing that it was on.
    pub thing: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; nothing if it still is.
    pub until: Option<Timestamp>,
    /// Who said so.
    pub stated_by: PartyId,
}

/// What carried a consignment, over a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarriageRow {
    /// The consignment.
    pub reference: Reference,
    /// URI of the thing that carried it.
    pub thing: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; nothing if it still does.
    pub until: Option<Timestamp>,
}

/// A position of a consignment: of whichever device was on what carried it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackRow {
    /// Name of the device.
    pub device: String,
    /// URI of the thing that it was on.
    pub thing: String,
    /// The position.
    pub fix: FixRow,
}
