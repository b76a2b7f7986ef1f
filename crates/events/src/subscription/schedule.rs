//! Schedules as EPCIS writes them. Source: EPCIS 2.0, section 8.2.5.3. All times are UTC.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// When a query is asked again. A field that is left out means every value, if a finer one is given, and else its first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Schedule {
    /// 0 to 59.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<String>,
    /// 0 to 59.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minute: Option<String>,
    /// 0 to 23.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hour: Option<String>,
    /// 1 to 31.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_of_month: Option<String>,
    /// 1 to 12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// 1, Monday, to 7, Sunday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_of_week: Option<String>,
}

/// Days that are looked at for the next time: the 29th of February that is a Monday comes every 28 years, and 2100 has none.
const FARTHEST_DAYS: usize = 366 * 41;

impl Schedule {
    /// Looks whether the schedule can be read and ever comes. Errors: why not, with the field.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        self.read().map(|_| ())?;
        if self.next_after(Timestamp::UNIX_EPOCH).is_none() {
            return Err(("dayOfMonth", "such a day never comes".to_owned()));
        }
        Ok(())
    }

    /// The next time after an instant; nothing if it never comes.
    pub fn next_after(&self, at: Timestamp) -> Option<Timestamp> {
        let read = self.read().ok()?;
        let now = at.to_zoned(TimeZone::UTC).datetime();
        let mut day = now.date();
        for _ in 0..FARTHEST_DAYS {
            if read.holds(day)
                && let Some(next) = read.times(day).find(|time| *time > now)
            {
                return next.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
            }
            day = day.checked_add(1.day()).ok()?;
        }
        None
    }

    fn read(&self) -> Result<Read, (&'static str, String)> {
        let finest =
            [&self.second, &self.minute, &self.hour].iter().position(|field| field.is_some()).unwrap_or(3);
        let field = |name, text: &Option<String>, level: usize, least: i8, most: i8| match text {
            Some(text) => values(text, least, most).map_err(|why| (name, why)),
            None if level < finest => Ok(BTreeSet::from([least])),
            None => Ok((least..=most).collect()),
        };
        Ok(Read {
            seconds: field("second", &self.second, 0, 0, 59)?,
            minutes: field("minute", &self.minute, 1, 0, 59)?,
            hours: field("hour", &self.hour, 2, 0, 23)?,
            days: field("dayOfMonth", &self.day_of_month, 3, 1, 31)?,
            months: field("month", &self.month, 3, 1, 12)?,
            weekdays: field("dayOfWeek", &self.day_of_week, 3, 1, 7)?,
        })
    }
}

struct Read {
    seconds: BTreeSet<i8>,
    minutes: BTreeSet<i8>,
    hours: BTreeSet<i8>,
    days: BTreeSet<i8>,
    months: BTreeSet<i8>,
    weekdays: BTreeSet<i8>,
}

impl Read {
    /// The times of a day, in order.
    fn times(&self, day: Date) -> impl Iterator<Item = DateTime> {
        let minutes =
            self.hours.iter().flat_map(|hour| self.minutes.iter().map(move |minute| (*hour, *minute)));
        minutes.flat_map(move |(hour, minute)| {
            self.seconds.iter().filter_map(move |second| {
                jiff::civil::Time::new(hour, minute, *second, 0).ok().map(|time| day.to_datetime(time))
            })
        })
    }

    fn holds(&self, day: Date) -> bool {
        self.months.contains(&day.month())
            && self.days.contains(&day.day())
            && self.weekdays.contains(&day.weekday().to_monday_one_offset())
    }
}

/// Numbers, and ranges in brackets, between commas.
fn values(text: &str, least: i8, most: i8) -> Result<BTreeSet<i8>, String> {
    let wrong = || {
        format!(
            "`{text}` is not a list of numbers from {least} to {most}, or ranges such as [{least}-{most}]"
        )
    };
    let number =
        |part: &str| part.trim().parse::<i8>().ok().filter(|n| (least..=most).contains(n)).ok_or_else(wrong);
    let mut values = BTreeSet::new();
    for part in text.split(',') {
        let range = part.trim().strip_prefix('[').and_then(|part| part.strip_suffix(']'));
        match range.unwrap_or(part).split_once('-') {
            Some((from, to)) => values.extend(number(from)?..=number(to)?),
            None => {
                values.insert(number(part)?);
            }
        }
    }
    if values.is_empty() { Err(wrong()) } else { Ok(values) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(json: serde_json::Value) -> Schedule {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn the_next_time_is_the_first_that_fits() {
        for (json, after, next) in [
            (serde_json::json!({"hour": "1", "minute": "5"}), "2026-12-01T01:04:59Z", "2026-12-01T01:05:00Z"),
            (serde_json::json!({"hour": "1", "minute": "5"}), "2026-12-01T01:05:00Z", "2026-12-02T01:05:00Z"),
            (serde_json::json!({"minute": "[0-10],30"}), "2026-12-01T07:10:00Z", "2026-12-01T07:30:00Z"),
            (serde_json::json!({"second": "0"}), "2026-12-31T23:59:00.5Z", "2027-01-01T00:00:00Z"),
            (serde_json::json!({"dayOfWeek": "1"}), "2026-12-01T00:00:00Z", "2026-12-07T00:00:00Z"),
            (
                serde_json::json!({"dayOfMonth": "29", "month": "2"}),
                "2026-12-01T00:00:00Z",
                "2028-02-29T00:00:00Z",
            ),
        ] {
            let next: Timestamp = next.parse().unwrap();
            assert_eq!(
                schedule(json.clone()).next_after(after.parse().unwrap()),
                Some(next),
                "{json} {after}"
            );
        }
    }

    #[test]
    fn what_is_no_schedule_is_refused_with_its_field() {
        for (json, field) in [
            (serde_json::json!({"minute": "60"}), "minute"),
            (serde_json::json!({"hour": "a"}), "hour"),
            (serde_json::json!({"dayOfWeek": "0"}), "dayOfWeek"),
            (serde_json::json!({"second": "[9-3]"}), "second"),
            (serde_json::json!({"dayOfMonth": "31", "month": "2"}), "dayOfMonth"),
        ] {
            assert_eq!(schedule(json.clone()).check().unwrap_err().0, field, "{json}");
        }
    }
}
