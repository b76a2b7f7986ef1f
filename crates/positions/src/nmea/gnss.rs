//! Sentences of receivers of satellites: RMC, GGA, GLL, VTG, ZDA.

use super::Place;
use super::sentence::Sentence;
use crate::batch::{Batch, Circumstances};
use crate::report::{Report, Subject};
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use kervan_model::Finding;
use kervan_units::GeoPoint;

/// A receiver while its sentences come: only some of them say a date.
pub(super) struct Receiver {
    subject: Option<Subject>,
    clock: Option<Timestamp>,
    last: Option<Report>,
    no_fix: usize,
    first_no_fix: Option<Place>,
    without_device: Option<Place>,
    other: usize,
}

/// What is wrong with a field: its name, and what stands there.
struct FieldFault<'t>(&'static str, &'t str);

impl Receiver {
    pub(super) fn new(circumstances: &Circumstances) -> Self {
        let subject = circumstances.device.clone().map(Subject::Device);
        Self {
            subject,
            clock: None,
            last: None,
            no_fix: 0,
            first_no_fix: None,
            without_device: None,
            other: 0,
        }
    }

    pub(super) fn take(&mut self, sentence: &Sentence<'_>, place: Place, batch: &mut Batch) {
        let taken = match sentence.kind {
            "RMC" => self.take_rmc(sentence, place, batch),
            "GGA" => {
                let fixed = !matches!(sentence.field(6), "" | "0");
                self.take_timed(sentence, (1, 2), fixed, place, batch)
            }
            "GLL" => {
                let fixed = sentence.field(6) == "A";
                self.take_timed(sentence, (5, 1), fixed, place, batch)
            }
            "VTG" => self.take_vtg(sentence),
            "ZDA" => self.take_zda(sentence),
            _ => {
                self.other += 1;
                Ok(())
            }
        };
        if let Err(FieldFault(name, text)) = taken {
            let message = format!("`{text}` is not {name}");
            batch.find(place.error(
                "nmea.field",
                message,
                "look at the receiver; the checksum is right and the value is not",
            ));
        }
    }

    fn take_rmc<'t>(
        &mut self,
        sentence: &Sentence<'t>,
        place: Place,
        batch: &mut Batch,
    ) -> Result<(), FieldFault<'t>> {
        if sentence.field(2) != "A" {
            self.miss(place);
            return Ok(());
        }
        let time = read_time(sentence.field(1))?;
        let date = read_short_date(sentence.field(9))?;
        let at = instant(date, time).ok_or(FieldFault("a date", sentence.field(9)))?;
        let point = read_point(sentence, 3)?;
        self.clock = Some(at);
        let speed = read_knots(sentence.field(7))?;
        let heading = read_heading(sentence.field(8))?;
        self.keep(Known { at, point, speed, heading }, place, batch);
        Ok(())
    }

    /// A sentence that says a time and no date. `fields` are those of the time and of the latitude.
    fn take_timed<'t>(
        &mut self,
        sentence: &Sentence<'t>,
        fields: (usize, usize),
        fixed: bool,
        place: Place,
        batch: &mut Batch,
    ) -> Result<(), FieldFault<'t>> {
        if !fixed {
            self.miss(place);
            return Ok(());
        }
        let time = read_time(sentence.field(fields.0))?;
        let point = read_point(sentence, fields.1)?;
        let Some(clock) = self.clock else {
            let message =
                format!("a {} says a time of day, and no sentence before it says the day", sentence.kind);
            batch.find(place.warning("nmea.no-date", message, "let the receiver send RMC or ZDA as well"));
            return Ok(());
        };
        let Some(at) = nearest_day(clock, time) else { return Ok(()) };
        self.clock = Some(at);
        self.keep(Known { at, point, speed: None, heading: None }, place, batch);
        Ok(())
    }

    fn take_vtg<'t>(&mut self, sentence: &Sentence<'t>) -> Result<(), FieldFault<'t>> {
        let heading = read_heading(sentence.field(1))?;
        let speed = read_knots(sentence.field(5))?;
        if let Some(last) = &mut self.last {
            last.speed = last.speed.or(speed);
            last.heading = last.heading.or(heading);
        }
        Ok(())
    }

    fn take_zda<'t>(&mut self, sentence: &Sentence<'t>) -> Result<(), FieldFault<'t>> {
        let time = read_time(sentence.field(1))?;
        let fault = FieldFault("a year", sentence.field(4));
        let year: i16 = sentence.field(4).parse().map_err(|_| fault)?;
        let day = number(sentence.field(2), "a day")?;
        let month = number(sentence.field(3), "a month")?;
        let date = Date::new(year, month, day).map_err(|_| FieldFault("a day", sentence.field(2)))?;
        self.clock = instant(date, time);
        Ok(())
    }

    fn miss(&mut self, place: Place) {
        self.no_fix += 1;
        self.first_no_fix.get_or_insert(place);
    }

    fn keep(&mut self, known: Known, place: Place, batch: &mut Batch) {
        let Some(subject) = &self.subject else {
            self.without_device.get_or_insert(place);
            return;
        };
        // Receivers say one fix in several sentences.
        if let Some(last) = self.last.as_mut().filter(|last| last.at == known.at && last.point == known.point)
        {
            last.speed = last.speed.or(known.speed);
            last.heading = last.heading.or(known.heading);
            return;
        }
        let Known { at, point, speed, heading } = known;
        let report = Report { subject: subject.clone(), at, point, speed, heading };
        if let Some(before) = self.last.replace(report) {
            batch.keep(before);
        }
    }

    /// Hands over what is held back, and says what all sentences have in common.
    pub(super) fn finish(self, batch: &mut Batch) {
        if let Some(last) = self.last {
            batch.keep(last);
        }
        if let Some(place) = self.without_device {
            let message = "the sentences do not say which device sent them";
            batch.find(place.error(
                "positions.no-device",
                message,
                "name the device: `?device=imei:...`, `--device`",
            ));
        }
        if let Some(place) = self.first_no_fix {
            let message = format!("{} sentences say that the receiver had no fix", self.no_fix);
            batch.find(Finding::info("nmea.no-fix", message).at(format!("line {}", place.line)));
        }
        if self.other > 0 {
            let message = format!("{} sentences of other types say nothing of a position", self.other);
            batch.find(Finding::info("nmea.other-types", message));
        }
    }
}

struct Known {
    at: Timestamp,
    point: GeoPoint,
    speed: Option<u16>,
    heading: Option<u16>,
}

fn instant(date: Date, time: Time) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(DateTime::from_parts(date, time)).ok()
}

/// The instant with a time of day that is nearest to what the clock said last: sentences come around midnight too.
fn nearest_day(clock: Timestamp, time: Time) -> Option<Timestamp> {
    let today = clock.to_zoned(TimeZone::UTC).date();
    let days = [today.yesterday().ok(), Some(today), today.tomorrow().ok()];
    days.into_iter()
        .flatten()
        .filter_map(|day| instant(day, time))
        .min_by_key(|at| at.duration_since(clock).abs())
        .filter(|at| at.duration_since(clock).abs() <= SignedDuration::from_hours(12))
}

/// `hhmmss` with or without decimals.
fn read_time(text: &str) -> Result<Time, FieldFault<'_>> {
    let fault = || FieldFault("a time of day", text);
    let part = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<i8>().ok());
    let (hour, minute, second) = (part(0..2), part(2..4), part(4..6));
    let (hour, minute, second) =
        hour.zip(minute).zip(second).map(|((h, m), s)| (h, m, s)).ok_or_else(fault)?;
    let millis = match text.get(6..).unwrap_or_default() {
        "" => 0,
        rest => {
            let digits = rest.strip_prefix('.').ok_or_else(fault)?;
            if digits.len() > 9 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(fault());
            }
            let padded = format!("{digits:0<3}");
            padded.get(..3).and_then(|three| three.parse::<i32>().ok()).ok_or_else(fault)?
        }
    };
    // A leap second is told as 60; the clock of the world has it as the second before.
    Time::new(hour, minute, second.min(59), millis * 1_000_000).map_err(|_| fault())
}

/// `ddmmyy`. Receivers were not sold before 1980.
fn read_short_date(text: &str) -> Result<Date, FieldFault<'_>> {
    let fault = || FieldFault("a date", text);
    if text.len() != 6 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(fault());
    }
    let part = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<i16>().ok());
    let (day, month, year) = (part(0..2), part(2..4), part(4..6));
    let (day, month, year) = day.zip(month).zip(year).map(|((d, m), y)| (d, m, y)).ok_or_else(fault)?;
    let year = if year >= 80 { 1900 + year } else { 2000 + year };
    Date::new(year, month as i8, day as i8).map_err(|_| fault())
}

fn number<'t>(text: &'t str, name: &'static str) -> Result<i8, FieldFault<'t>> {
    text.parse().map_err(|_| FieldFault(name, text))
}

/// Latitude, its side, longitude, its side, from field `first` on.
fn read_point<'t>(sentence: &Sentence<'t>, first: usize) -> Result<GeoPoint, FieldFault<'t>> {
    let lat = read_angle(sentence.field(first), sentence.field(first + 1), ("N", "S"), "a latitude")?;
    let lon = read_angle(sentence.field(first + 2), sentence.field(first + 3), ("E", "W"), "a longitude")?;
    GeoPoint::from_degrees(lat, lon).map_err(|_| FieldFault("a latitude", sentence.field(first)))
}

/// `dddmm.mmmm`: the last two digits before the point are minutes.
fn read_angle<'t>(
    text: &'t str,
    side: &'t str,
    (plus, minus): (&str, &str),
    name: &'static str,
) -> Result<f64, FieldFault<'t>> {
    let fault = || FieldFault(name, text);
    let whole = text.split('.').next().unwrap_or_default();
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let cut = whole.len().checked_sub(2).filter(|_| plain && whole.len() <= 5).ok_or_else(fault)?;
    let (degrees, minutes) = text.split_at_checked(cut).ok_or_else(fault)?;
    let degrees: f64 = if degrees.is_empty() { 0.0 } else { degrees.parse().map_err(|_| fault())? };
    let minutes: f64 = minutes.parse().map_err(|_| fault())?;
    if !(0.0..60.0).contains(&minutes) {
        return Err(fault());
    }
    let angle = degrees + minutes / 60.0;
    match side {
        side if side == plus => Ok(angle),
        side if side == minus => Ok(-angle),
        _ => Err(FieldFault("a side of the globe", side)),
    }
}

/// Knots as centimetres per second; nothing if the field is empty.
fn read_knots(text: &str) -> Result<Option<u16>, FieldFault<'_>> {
    if text.is_empty() {
        return Ok(None);
    }
    let knots: f64 = text.parse().map_err(|_| FieldFault("a speed", text))?;
    let speed = (knots * 51.444_444).round();
    if (0.0..=f64::from(u16::MAX)).contains(&speed) {
        Ok(Some(speed as u16))
    } else {
        Err(FieldFault("a speed", text))
    }
}

/// Degrees as tenths of a degree; nothing if the field is empty.
fn read_heading(text: &str) -> Result<Option<u16>, FieldFault<'_>> {
    if text.is_empty() {
        return Ok(None);
    }
    let degrees: f64 = text.parse().map_err(|_| FieldFault("a direction", text))?;
    if (0.0..=360.0).contains(&degrees) {
        Ok(Some((degrees * 10.0).round() as u16 % 3_600))
    } else {
        Err(FieldFault("a direction", text))
    }
}
