//! What a device says: where it was and when, and what its sensors read.

use jiff::Timestamp;
use kervan_codes::ContainerNumber;
use kervan_model::Reference;
use kervan_units::GeoPoint;
use std::fmt;
use std::str::FromStr;

/// The kind of a device's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceScheme {
    /// International mobile equipment identity of a tracker with a modem. Shape: 15 digits, the last a check digit.
    Imei,
    /// Maritime mobile service identity of a ship's radio. Shape: 9 digits. Source: ITU-R M.585.
    Mmsi,
    /// A number that its maker or owner gave it. Shape: 1 to 40 letters, digits, `-`, `_`, `.`.
    Tracker,
}

impl DeviceScheme {
    /// Every scheme.
    pub const ALL: [Self; 3] = [Self::Imei, Self::Mmsi, Self::Tracker];

    /// The word before the colon.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Imei => "imei",
            Self::Mmsi => "mmsi",
            Self::Tracker => "tracker",
        }
    }
}

/// A device that reports positions. Shape: `imei:356938035643809`, `mmsi:273456789`, `tracker:NW-17`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId {
    scheme: DeviceScheme,
    number: String,
}

impl DeviceId {
    /// The device of a ship's radio. Errors: the number has more than nine digits, or is none that a ship's radio may have.
    pub fn of_mmsi(mmsi: u32) -> Result<Self, DeviceIdError> {
        Self::new(DeviceScheme::Mmsi, &format!("{mmsi:09}"))
    }

    /// A device. Errors: the number has not the shape of its scheme, or a wrong check digit.
    pub fn new(scheme: DeviceScheme, number: &str) -> Result<Self, DeviceIdError> {
        let error = || DeviceIdError { text: format!("{}:{}", scheme.word(), shorten(number)) };
        let digits = number.bytes().all(|byte| byte.is_ascii_digit());
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        let valid = match scheme {
            DeviceScheme::Imei => number.len() == 15 && digits && luhn_sum(number).is_multiple_of(10),
            DeviceScheme::Mmsi => number.len() == 9 && digits && number != "000000000",
            DeviceScheme::Tracker => (1..=40).contains(&number.len()) && number.bytes().all(plain),
        };
        if valid { Ok(Self { scheme, number: number.to_owned() }) } else { Err(error()) }
    }

    /// What kind of number it is.
    pub fn scheme(&self) -> DeviceScheme {
        self.scheme
    }

    /// The number alone.
    pub fn number(&self) -> &str {
        &self.number
    }
}

/// Sum of the Luhn algorithm, the check digit included. Source: ISO/IEC 7812-1, annex B.
fn luhn_sum(digits: &str) -> u32 {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let digits = digits.bytes().rev().map(|byte| u32::from(byte.wrapping_sub(b'0')));
    digits.enumerate().map(|(at, digit)| if at % 2 == 1 { doubled(digit) } else { digit }).sum()
}

pub(crate) fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}

impl FromStr for DeviceId {
    type Err = DeviceIdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || DeviceIdError { text: shorten(text) };
        let (word, number) = text.split_once(':').ok_or_else(error)?;
        let scheme = DeviceScheme::ALL.into_iter().find(|scheme| scheme.word() == word).ok_or_else(error)?;
        Self::new(scheme, number)
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scheme.word(), self.number)
    }
}

/// A text that names no device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no device: write imei: and 15 digits with a right check digit, mmsi: and 9 digits, or tracker: and a number"
)]
pub struct DeviceIdError {
    text: String,
}

/// What a report is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A device; the registry knows what it is on.
    Device(DeviceId),
    /// A container.
    Container(ContainerNumber),
    /// A consignment.
    Consignment(Reference),
}

/// Where something was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What was there.
    pub subject: Subject,
    /// When.
    pub at: Timestamp,
    /// Where.
    pub point: GeoPoint,
    /// How fast it went over ground. Unit: centimetre per second.
    pub speed: Option<u16>,
    /// In which direction. Unit: tenth of a degree from north. Range: 0 to 3599.
    pub heading: Option<u16>,
}

/// A temperature or a state of a seal that a device measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SensedValue {
    /// Where the device is.
    pub subject: Subject,
    /// When.
    pub at: Timestamp,
    /// What was measured.
    pub value: Sensed,
}

/// What a sensor measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sensed {
    /// Temperature of the goods or of the air around them. Unit: tenth of a degree Celsius.
    Temperature(i16),
    /// State of a seal.
    Seal {
        /// Number on the seal.
        number: String,
        /// Its state.
        state: SealState,
    },
}

/// The state of a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SealState {
    /// Closed and whole.
    Closed,
    /// Opened or taken off as it is meant to be.
    Open,
    /// Broken, cut or tampered with.
    Broken,
}

impl SealState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Closed, Self::Open, Self::Broken];

    /// The word in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::Broken => "broken",
        }
    }

    /// The state of a word.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// What a ship's radio says of the ship.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShipStatement {
    /// Maritime mobile service identity.
    pub mmsi: u32,
    /// IMO number, if it says one with a right check digit.
    pub imo: Option<u32>,
    /// Name.
    pub name: Option<String>,
    /// Call sign.
    pub call_sign: Option<String>,
    /// Type of ship. Range: 0 to 99. Source: ITU-R M.1371-5, table 53.
    pub ship_type: Option<u8>,
    /// Where it says it is going.
    pub destination: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_checked_at_the_border() {
        for (text, good) in [
            ("imei:356938035643809", true),
            ("imei:356938035643808", false),
            ("imei:35693803564380", false),
            ("mmsi:273456789", true),
            ("mmsi:27345678", false),
            ("mmsi:000000000", false),
            ("tracker:NW-17.b_2", true),
            ("tracker:", false),
            ("tracker:a b", false),
            ("phone:1", false),
            ("imei", false),
        ] {
            let read = text.parse::<DeviceId>();
            assert_eq!(read.is_ok(), good, "{text}: {read:?}");
            if let Ok(device) = read {
                assert_eq!(device.to_string(), text);
            }
        }
    }
}
