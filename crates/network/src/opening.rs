//! Opening hours of borders and terminals, in the local time of the place.

use crate::limits::LONGEST_WAIT_DAYS;
use crate::{Calendar, Network, RowAt};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use kervan_codes::PlaceCode;
use kervan_model::{Mode, ProcessKind, Provenance};

/// A time of the day at which something at a place is open on given days.
///
/// Rows about the same thing add up; the rows that name the case most closely count. What has no row is taken to be open
/// always.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningHours {
    /// Id of the row.
    pub id: String,
    /// Where.
    pub place: PlaceCode,
    /// The process that can begin then; `None` for any.
    pub process: Option<ProcessKind>,
    /// The mode that it is about, arriving or departing; `None` for any.
    pub mode: Option<Mode>,
    /// On which days; its exceptions are the days when it is closed.
    pub calendar: Calendar,
    /// When it opens, local time.
    pub opens: Time,
    /// When it closes, local time, on the next day if it is not after `opens`; `None` for the end of the day.
    pub closes: Option<Time>,
    /// Zone of the place.
    pub zone: TimeZone,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Remark for people; empty if there is none.
    pub note: String,
    /// Its row.
    pub at: RowAt,
}

/// The opening hours that apply to one case.
#[derive(Clone, Debug, Default)]
pub struct Opening<'n> {
    rows: Vec<&'n OpeningHours>,
}

impl<'n> Opening<'n> {
    /// The rows that apply; empty if nothing is known, which is taken as always open.
    pub fn rows(&self) -> &[&'n OpeningHours] {
        &self.rows
    }

    /// The first instant, at the given one or later, at which it is open; `None` if it stays closed for two months.
    pub fn find_open(&self, at: Timestamp) -> Option<Timestamp> {
        let Some(zone) = self.rows.first().map(|row| &row.zone) else { return Some(at) };
        let first = at.to_zoned(zone.clone()).date();
        // From the day before, for hours that pass midnight.
        let days = first.checked_sub(1.day()).unwrap_or(first).series(1.day());
        days.take(usize::try_from(LONGEST_WAIT_DAYS).unwrap_or(0)).find_map(|day| self.open_on(day, at, zone))
    }

    /// The stretches of time in which it is open, from one instant to another: in order, apart from one another.
    pub fn list_windows(&self, from: Timestamp, until: Timestamp) -> Vec<(Timestamp, Timestamp)> {
        let Some(zone) = self.rows.first().map(|row| &row.zone) else { return vec![(from, until)] };
        let first = from.to_zoned(zone.clone()).date();
        let days = first.checked_sub(1.day()).unwrap_or(first).series(1.day());
        let mut windows: Vec<(Timestamp, Timestamp)> = Vec::new();
        for day in days.take(crate::limits::LONGEST_LOOK_DAYS as usize) {
            if zone.to_timestamp(day.to_datetime(Time::midnight())).is_ok_and(|midnight| midnight >= until) {
                break;
            }
            windows.extend(self.hours_of(day, zone));
        }
        windows.sort();
        let mut joined: Vec<(Timestamp, Timestamp)> = Vec::new();
        for (opens, closes) in windows.into_iter().map(|(opens, closes)| (opens.max(from), closes.min(until)))
        {
            match joined.last_mut() {
                Some((_, last)) if opens <= *last => *last = closes.max(*last),
                _ if opens < closes => joined.push((opens, closes)),
                _ => {}
            }
        }
        joined
    }

    /// The first instant at or after `at` at which it is open in the hours that begin on a day.
    fn open_on(&self, day: Date, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let open = self.hours_of(day, zone).into_iter().filter(|(_, closes)| at < *closes);
        open.map(|(opens, _)| at.max(opens)).min()
    }

    /// The hours that begin on a day; the whole day if nothing is known of it.
    fn hours_of(&self, day: Date, zone: &TimeZone) -> Vec<(Timestamp, Timestamp)> {
        let instant = |day: Date, time: Time| zone.to_timestamp(day.to_datetime(time)).ok();
        let Ok(next) = day.checked_add(1.day()) else { return Vec::new() };
        let whole_day = || Some((instant(day, Time::midnight())?, instant(next, Time::midnight())?));
        if !self.rows.iter().any(|row| row.calendar.validity.holds_on(day)) {
            return whole_day().into_iter().collect();
        }
        let open = self.rows.iter().filter(|row| row.calendar.runs_on(day)).filter_map(|row| {
            let closes = match row.closes {
                None => instant(next, Time::midnight())?,
                Some(closes) if closes > row.opens => instant(day, closes)?,
                Some(closes) => instant(next, closes)?,
            };
            Some((instant(day, row.opens)?, closes))
        });
        open.collect()
    }
}

impl Network {
    /// The opening hours of a process at a place for goods that change between two modes.
    pub fn opening_of(
        &self,
        place: &PlaceCode,
        process: ProcessKind,
        modes: [Option<Mode>; 2],
    ) -> Opening<'_> {
        let fits = |row: &&OpeningHours| {
            row.process.is_none_or(|kind| kind == process)
                && row.mode.is_none_or(|mode| modes.contains(&Some(mode)))
        };
        let rows: Vec<&OpeningHours> =
            self.opening_hours.get(place).into_iter().flatten().filter(fits).collect();
        let closeness =
            |row: &OpeningHours| usize::from(row.process.is_some()) + usize::from(row.mode.is_some());
        let closest = rows.iter().map(|row| closeness(row)).max();
        Opening { rows: rows.into_iter().filter(|row| Some(closeness(row)) == closest).collect() }
    }

    /// Every row of opening hours, by place.
    pub fn list_opening_hours(&self) -> impl Iterator<Item = &OpeningHours> {
        self.opening_hours.values().flatten()
    }
}
