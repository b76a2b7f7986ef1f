//! A text of reports as it was read, with every finding; and which form it has.

use crate::ais::Awaiting;
use crate::limits::{MOST_BYTES, MOST_FINDINGS, MOST_REPORTS};
use crate::report::{DeviceId, Report, SensedValue, ShipStatement};
use jiff::Timestamp;
use kervan_model::Finding;

/// What a text cannot say of itself.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// The device that sent it, for forms that do not name it.
    pub device: Option<DeviceId>,
    /// When it was received; messages of ships say only the second of the minute.
    pub received: Timestamp,
}

/// A form of a text of positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// NMEA 0183 sentences, AIS among them.
    Nmea,
    /// GeoJSON.
    GeoJson,
    /// Our own JSON: a list of reports.
    Json,
}

impl Form {
    /// The form of a media type such as `application/geo+json; charset=utf-8`; nothing for one that is unknown.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        match media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "text/plain" | "application/nmea" | "application/vnd.nmea" | "text/nmea" => Some(Self::Nmea),
            "application/geo+json" | "application/vnd.geo+json" => Some(Self::GeoJson),
            "application/json" | "" => Some(Self::Json),
            _ => None,
        }
    }

    /// The form that a text has by its looks.
    pub fn guess(text: &str) -> Self {
        let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        if text.starts_with('[') {
            Self::Json
        } else if text.starts_with('{') {
            Self::GeoJson
        } else {
            Self::Nmea
        }
    }
}

/// What was read. Findings of severity error speak of what is left out; the rest stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Positions, in the order of the text.
    pub reports: Vec<Report>,
    /// Values of sensors, in the order of the text.
    pub sensed: Vec<SensedValue>,
    /// What ships say of themselves, in the order of the text.
    pub ships: Vec<ShipStatement>,
    /// Everything that is wrong, at most [`MOST_FINDINGS`].
    pub findings: Vec<Finding>,
    /// Number of the sentences, features or objects that were looked at.
    pub looked_at: usize,
}

impl Batch {
    pub(crate) fn find(&mut self, finding: Finding) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding);
        }
    }

    /// Keeps a report. Returns false once there are too many, with a finding for the first that is not kept.
    pub(crate) fn keep(&mut self, report: Report) -> bool {
        if self.reports.len() < MOST_REPORTS {
            self.reports.push(report);
            return true;
        }
        if !self.findings.iter().any(|finding| finding.code == TOO_MANY) {
            // Says more than any other, so it stands first and is never left out.
            let message = format!("only the first {MOST_REPORTS} positions are taken");
            self.findings.insert(0, Finding::error(TOO_MANY, message).remedy("split the text"));
        }
        false
    }
}

const TOO_MANY: &str = "positions.too-many";

/// Reads a text of positions of any form, with every finding.
///
/// ```
/// use kervan_positions::{Circumstances, Form, read};
///
/// let text = "$GPRMC,220516,A,5133.82,N,00042.24,W,173.8,231.8,130694,004.2,W*70\r\n";
/// let circumstances = Circumstances {
///     device: Some("imei:356938035643809".parse().unwrap()),
///     received: "1994-06-13T22:06:00Z".parse().unwrap(),
/// };
/// let batch = read(text, Form::Nmea, &circumstances);
/// assert_eq!(batch.reports[0].at.to_string(), "1994-06-13T22:05:16Z");
/// assert!(batch.findings.is_empty());
/// ```
pub fn read(text: &str, form: Form, circumstances: &Circumstances) -> Batch {
    let mut awaiting = Awaiting::default();
    let mut batch = read_on(text, form, circumstances, &mut awaiting);
    crate::ais::give_up(&awaiting, &mut batch);
    batch
}

/// Reads a text that goes on where an earlier one of the same source ended: a message of a ship's radio that needs several
/// sentences may begin in one and end in the next. `awaiting` is what the earlier one left unfinished, and then what this one
/// does; keep it only if the batch was kept, so that a text that is sent again finds it as it was.
pub fn read_on(text: &str, form: Form, circumstances: &Circumstances, awaiting: &mut Awaiting) -> Batch {
    if text.len() > MOST_BYTES {
        let message = format!("{} bytes are more than {MOST_BYTES}", text.len());
        let finding = Finding::error("positions.too-large", message).remedy("split the text");
        return Batch { findings: vec![finding], ..Batch::default() };
    }
    let mut batch = Batch::default();
    match form {
        Form::Nmea => crate::nmea::read(text, circumstances, awaiting, &mut batch),
        Form::GeoJson => crate::geojson::read(text, circumstances, &mut batch),
        Form::Json => crate::json::read(text, circumstances, &mut batch),
    }
    batch
}
