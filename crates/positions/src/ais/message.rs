//! What a message says.

use super::bits::Bits;
use crate::report::ShipStatement;
use kervan_units::GeoPoint;
use std::fmt;

/// A message that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// Where a ship is.
    Position {
        mmsi: u32,
        /// Nothing if the ship does not know.
        point: Option<GeoPoint>,
        /// Unit: centimetre per second.
        speed: Option<u16>,
        /// Unit: tenth of a degree.
        heading: Option<u16>,
        /// Second of the minute.
        second: Option<u8>,
        /// What it says of itself as well.
        ship: Option<ShipStatement>,
    },
    /// What a ship is.
    Ship(ShipStatement),
    /// A type that says neither.
    Other(u8),
}

/// What is wrong with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MessageFault {
    Armour(char),
    Short { kind: u8, bits: usize },
    OffTheGlobe { lat: i32, lon: i32 },
}

impl fmt::Display for MessageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Armour(c) => write!(f, "`{c}` is no character of a message"),
            Self::Short { kind, bits } => write!(f, "a message of type {kind} needs more than {bits} bits"),
            Self::OffTheGlobe { lat, lon } => {
                write!(
                    f,
                    "latitude {lat} and longitude {lon} ten-thousandths of a minute are not on the globe"
                )
            }
        }
    }
}

/// Reads a message. Errors: it ends too early, or its place is not on the globe.
pub(super) fn read_message(bits: &Bits) -> Result<Message, MessageFault> {
    let short = |kind: u32| MessageFault::Short { kind: kind as u8, bits: bits.len() };
    let kind = bits.unsigned(0, 6).ok_or_else(|| short(0))?;
    let mmsi = bits.unsigned(8, 30).ok_or_else(|| short(kind))?;
    let read = match kind {
        1..=3 => read_position(bits, mmsi, &CLASS_A),
        18 => read_position(bits, mmsi, &CLASS_B),
        19 => {
            read_position(bits, mmsi, &CLASS_B).map(|result| result.map(|message| with_ship(message, bits)))
        }
        27 => read_position(bits, mmsi, &LONG_RANGE),
        5 => read_class_a_ship(bits, mmsi).map(|ship| Ok(Message::Ship(ship))),
        24 => read_part_of_ship(bits, mmsi).map(|ship| Ok(Message::Ship(ship))),
        other => Some(Ok(Message::Other(other as u8))),
    };
    read.unwrap_or_else(|| Err(short(kind)))
}

/// Where the fields of a position stand: first bit and width.
struct Fields {
    speed: (usize, usize),
    lon: (usize, usize),
    lat: (usize, usize),
    heading: (usize, usize),
    second: Option<usize>,
    /// Parts of a minute in one unit of an angle.
    parts: i32,
    /// Units of speed and direction in one knot and one degree.
    fine: f64,
}

/// Source: ITU-R M.1371-5, tables 48, 67, 68 and 75.
const CLASS_A: Fields = Fields {
    speed: (50, 10),
    lon: (61, 28),
    lat: (89, 27),
    heading: (116, 12),
    second: Some(137),
    parts: 10_000,
    fine: 10.0,
};
const CLASS_B: Fields = Fields {
    speed: (46, 10),
    lon: (57, 28),
    lat: (85, 27),
    heading: (112, 12),
    second: Some(133),
    parts: 10_000,
    fine: 10.0,
};
const LONG_RANGE: Fields = Fields {
    speed: (79, 6),
    lon: (44, 18),
    lat: (62, 17),
    heading: (85, 9),
    second: None,
    parts: 10,
    fine: 1.0,
};

fn read_position(bits: &Bits, mmsi: u32, fields: &Fields) -> Option<Result<Message, MessageFault>> {
    let (lon, lat) = (bits.signed(fields.lon.0, fields.lon.1)?, bits.signed(fields.lat.0, fields.lat.1)?);
    let speed = bits.unsigned(fields.speed.0, fields.speed.1)?;
    let heading = bits.unsigned(fields.heading.0, fields.heading.1)?;
    let second = match fields.second {
        Some(start) => Some(bits.unsigned(start, 6)?),
        None => None,
    };
    let degree = 60 * fields.parts;
    // 91 and 181 degrees say that it is not known.
    let unknown = lat == 91 * degree || lon == 181 * degree;
    let degrees = |value: i32| f64::from(value) / f64::from(degree);
    let point = match GeoPoint::from_degrees(degrees(lat), degrees(lon)) {
        _ if unknown => None,
        Ok(point) => Some(point),
        Err(_) => return Some(Err(MessageFault::OffTheGlobe { lat, lon })),
    };
    // The highest value says that it is not known.
    let highest = (1_u32 << fields.speed.1) - 1;
    let speed = (speed < highest).then(|| (f64::from(speed) / fields.fine * 51.444_444).round() as u16);
    let heading = f64::from(heading) / fields.fine;
    let heading = (heading < 360.0).then(|| (heading * 10.0).round() as u16);
    let second = second.filter(|second| *second < 60).map(|second| second as u8);
    Some(Ok(Message::Position { mmsi, point, speed, heading, second, ship: None }))
}

/// A position of type 19 says the name and type of the ship as well.
fn with_ship(message: Message, bits: &Bits) -> Message {
    match message {
        Message::Position { mmsi, point, speed, heading, second, ship: _ } => {
            let ship_type = bits.unsigned(263, 8).and_then(ship_type);
            let ship =
                ShipStatement { mmsi, name: bits.text(143, 120), ship_type, ..ShipStatement::default() };
            Message::Position { mmsi, point, speed, heading, second, ship: Some(ship) }
        }
        other => other,
    }
}

/// Source: ITU-R M.1371-5, table 52.
fn read_class_a_ship(bits: &Bits, mmsi: u32) -> Option<ShipStatement> {
    /// What is needed up to the type of ship; some radios leave the end away.
    const LEAST: usize = 240;
    if bits.len() < LEAST {
        return None;
    }
    Some(ShipStatement {
        mmsi,
        imo: bits.unsigned(40, 30).filter(|imo| is_imo_number(*imo)),
        call_sign: bits.text(70, 42),
        name: bits.text(112, 120),
        ship_type: bits.unsigned(232, 8).and_then(ship_type),
        destination: bits.text(302, 120),
    })
}

/// Source: ITU-R M.1371-5, table 73: part A is the name, part B type and call sign.
fn read_part_of_ship(bits: &Bits, mmsi: u32) -> Option<ShipStatement> {
    let ship = ShipStatement { mmsi, ..ShipStatement::default() };
    match bits.unsigned(38, 2)? {
        0 if bits.len() >= 160 => Some(ShipStatement { name: bits.text(40, 120), ..ship }),
        1 if bits.len() >= 132 => {
            let ship_type = bits.unsigned(40, 8).and_then(ship_type);
            Some(ShipStatement { ship_type, call_sign: bits.text(90, 42), ..ship })
        }
        _ => None,
    }
}

fn ship_type(value: u32) -> Option<u8> {
    u8::try_from(value).ok().filter(|value| (1..=99).contains(value))
}

/// Whether the last of seven digits checks the others. Source: IMO resolution A.1117(30).
pub(crate) fn is_imo_number(number: u32) -> bool {
    let digits: Vec<u32> = (0..7).map(|at| number / 10_u32.pow(6 - at) % 10).collect();
    let sum: u32 = digits.iter().zip([7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    (1_000_000..10_000_000).contains(&number) && digits.last().is_some_and(|last| sum % 10 == *last)
}
