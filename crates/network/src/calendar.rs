//! Days on which something happens: weekdays, exceptions, and from when to when they hold.

use jiff::civil::{Date, Weekday};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// Days of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Every day.
    pub const DAILY: Self = Self(0b111_1111);

    /// Each day with its word in the tables, Monday first.
    pub const WORDS: &'static [(&'static str, Weekday)] = &[
        ("mon", Weekday::Monday),
        ("tue", Weekday::Tuesday),
        ("wed", Weekday::Wednesday),
        ("thu", Weekday::Thursday),
        ("fri", Weekday::Friday),
        ("sat", Weekday::Saturday),
        ("sun", Weekday::Sunday),
    ];

    /// These days and one more.
    #[must_use]
    pub fn with(self, day: Weekday) -> Self {
        Self(self.0 | bit(day))
    }

    /// Whether the day is one of them.
    pub fn holds(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }

    /// How many days of a week.
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }
}

fn bit(day: Weekday) -> u8 {
    1 << day.to_monday_zero_offset()
}

/// The text names no days of the week.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no days of the week (write `daily`, or days such as `mon;thu`)")]
pub struct NoWeekdays(String);

impl FromStr for Weekdays {
    type Err = NoWeekdays;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "daily" {
            return Ok(Self::DAILY);
        }
        text.split(';').try_fold(Self::default(), |days, word| {
            let found = Self::WORDS.iter().find(|(known, _)| *known == word.trim());
            found.map(|(_, day)| days.with(*day)).ok_or_else(|| NoWeekdays(text.to_owned()))
        })
    }
}

impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::DAILY {
            return f.pad("daily");
        }
        let words: Vec<&str> =
            Self::WORDS.iter().filter(|(_, day)| self.holds(*day)).map(|(word, _)| *word).collect();
        f.pad(&words.join(";"))
    }
}

/// The days from one to another, both included; an open end has no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

impl Validity {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Whether some day lies in both.
    pub fn overlaps(&self, other: &Self) -> bool {
        let before = |end: Option<Date>, start: Option<Date>| matches!((end, start), (Some(end), Some(start)) if end < start);
        !before(self.to, other.from) && !before(other.to, self.from)
    }
}

/// On which days something happens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Days of the week.
    pub weekdays: Weekdays,
    /// From when to when the weekdays hold.
    pub validity: Validity,
    /// Days on which it does not happen all the same.
    pub except: BTreeSet<Date>,
    /// Days on which it happens besides.
    pub also: BTreeSet<Date>,
}

impl Calendar {
    /// Whether it happens on a day.
    pub fn runs_on(&self, day: Date) -> bool {
        self.also.contains(&day)
            || (self.validity.holds_on(day)
                && self.weekdays.holds(day.weekday())
                && !self.except.contains(&day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn weekdays_are_read_and_written() {
        for text in ["daily", "mon", "mon;thu", "sat;sun"] {
            assert_eq!(text.parse::<Weekdays>().unwrap().to_string(), text);
        }
        assert_eq!("mon;tue;wed;thu;fri;sat;sun".parse::<Weekdays>().unwrap(), Weekdays::DAILY);
        for text in ["", "monday", "mon,thu", "mon;"] {
            assert!(text.parse::<Weekdays>().is_err(), "{text}");
        }
    }

    #[test]
    fn exceptions_go_before_weekdays_and_extra_days_before_all() {
        let calendar = Calendar {
            weekdays: "tue;fri".parse().unwrap(),
            validity: Validity { from: Some(date(2026, 12, 1)), to: Some(date(2026, 12, 31)) },
            except: [date(2026, 12, 25)].into(),
            also: [date(2026, 12, 26), date(2027, 1, 2)].into(),
        };
        let runs: Vec<i8> = (1..=31).filter(|day| calendar.runs_on(date(2026, 12, *day))).collect();
        // The first of December 2026 is a Tuesday.
        assert_eq!(runs, [1, 4, 8, 11, 15, 18, 22, 26, 29]);
        assert!(!calendar.runs_on(date(2026, 11, 27)) && !calendar.runs_on(date(2027, 1, 1)));
        assert!(calendar.runs_on(date(2027, 1, 2)));
    }

    #[test]
    fn validities_overlap_where_they_share_a_day() {
        let of = |from: Option<i8>, to: Option<i8>| Validity {
            from: from.map(|day| date(2026, 1, day)),
            to: to.map(|day| date(2026, 1, day)),
        };
        let cases = [
            (of(Some(1), Some(5)), of(Some(5), Some(9)), true),
            (of(Some(1), Some(4)), of(Some(5), Some(9)), false),
            (of(None, Some(4)), of(Some(5), None), false),
            (of(None, None), of(Some(5), Some(9)), true),
        ];
        for (one, other, overlaps) in cases {
            assert_eq!(
                (one.overlaps(&other), other.overlaps(&one)),
                (overlaps, overlaps),
                "{one:?} {other:?}"
            );
        }
    }
}
