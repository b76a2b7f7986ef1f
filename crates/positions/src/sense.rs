//! Whether a position can be true.
//!
//! What cannot be true is kept and marked with the reason; it is never shown as where the goods are, and moves no estimate. The
//! state that is carried from report to report is small, so that a device may be silent for a year between two of them.

use crate::limits::{CLOCK_TOLERANCE_S, OLDEST_S};
use jiff::{SignedDuration, Timestamp};
use kervan_model::Finding;
use kervan_units::{GeoPoint, Seconds};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where something was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fix {
    /// When.
    pub at: Timestamp,
    /// Where.
    pub point: GeoPoint,
}

/// Why a position is doubted, or how it came. The number is what the store keeps: a bit each; never give one another meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Its clock is ahead of ours.
    ClockAhead = 0,
    /// Nothing that carries it is so fast.
    Jump = 1,
    /// It came after one that is later; true all the same.
    Late = 2,
    /// The device says the same place to the last digit for hours: it repeats what it knew last.
    Frozen = 3,
    /// Latitude and longitude nought: what devices say that know nothing.
    NoughtNought = 4,
    /// The device was elsewhere at the same instant.
    TwoPlaces = 5,
    /// Its clock is more than a year behind ours.
    ClockBehind = 6,
    /// The first that is believed again after a jump that others confirmed.
    BelievedAgain = 7,
}

impl Mark {
    /// Every mark.
    pub const ALL: [Self; 8] = [
        Self::ClockAhead,
        Self::Jump,
        Self::Late,
        Self::Frozen,
        Self::NoughtNought,
        Self::TwoPlaces,
        Self::ClockBehind,
        Self::BelievedAgain,
    ];

    /// The word in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ClockAhead => "clock_ahead",
            Self::Jump => "jump",
            Self::Late => "late",
            Self::Frozen => "frozen",
            Self::NoughtNought => "nought_nought",
            Self::TwoPlaces => "two_places",
            Self::ClockBehind => "clock_behind",
            Self::BelievedAgain => "believed_again",
        }
    }

    /// Whether a position with this mark is not to be believed.
    pub const fn is_doubt(self) -> bool {
        !matches!(self, Self::Late | Self::BelievedAgain)
    }

    /// Why, for people.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::ClockAhead => "the clock of the device is ahead of ours",
            Self::Jump => "nothing that carries the device is so fast",
            Self::Late => "it came after a later one",
            Self::Frozen => "the device repeats the same place to the last digit",
            Self::NoughtNought => "latitude and longitude nought is what devices say that know nothing",
            Self::TwoPlaces => "the device was elsewhere at the same instant",
            Self::ClockBehind => "the clock of the device is more than a year behind ours",
            Self::BelievedAgain => "others confirmed the new place of the device",
        }
    }
}

/// The marks of one position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u16);

impl Marks {
    /// The bits that the store keeps.
    pub fn bits(self) -> u16 {
        self.0
    }

    /// From the bits that the store keeps; bits of no mark are kept as they are.
    pub fn of_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// Sets a mark.
    pub fn set(&mut self, mark: Mark) {
        self.0 |= 1 << mark as u16;
    }

    /// Whether a mark is set.
    pub fn has(self, mark: Mark) -> bool {
        self.0 & 1 << mark as u16 != 0
    }

    /// The marks that are set, in order.
    pub fn list(self) -> impl Iterator<Item = Mark> {
        Mark::ALL.into_iter().filter(move |mark| self.has(*mark))
    }

    /// Whether the position is to be believed: none of its marks is a doubt.
    pub fn is_believed(self) -> bool {
        !self.list().any(Mark::is_doubt)
    }
}

impl fmt::Display for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.list().map(Mark::word).collect();
        f.write_str(&words.join(" "))
    }
}

/// Distance within which two positions may lie at any times: the error of a device without a clear sky. Unit: metre.
const SCATTER_M: f64 = 2_000.0;

/// Reports with the same place to the last digit, and over how long, before they count as frozen. A receiver that sees
/// satellites is never still to the centimetre. Unit: report; second.
const FROZEN_RUN: u32 = 6;
const FROZEN_S: i64 = 3_600;

/// Reports that agree with each other, and over how long, before they outweigh the one that was believed. Unit: report; second.
const CONFIRMING_RUN: u32 = 4;
const CONFIRMING_S: i64 = 900;

/// What is carried from one report of a device to its next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenseState {
    /// The last position that was believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub believed: Option<Fix>,
    /// How many agreed with it before.
    #[serde(default)]
    run: u32,
    /// The first and the last of those that jumped and agree with each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    elsewhere: Option<(Fix, Fix)>,
    /// How many these are.
    #[serde(default)]
    elsewhere_run: u32,
    /// Since when the device says the same place, and how often it said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    still_since: Option<Fix>,
    #[serde(default)]
    still_run: u32,
}

/// The greatest speed of what carries a device, and when its report came.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Unit: kilometre per hour.
    pub fastest_km_h: u32,
    /// When the report was received.
    pub received: Timestamp,
}

impl SenseState {
    /// Takes the next report of the device, in whatever order they come, and says how it is to be marked.
    pub fn take(&mut self, fix: Fix, bounds: Bounds) -> Marks {
        let mut marks = Marks::default();
        let age = fix.at.duration_since(bounds.received).as_secs();
        if age > CLOCK_TOLERANCE_S {
            marks.set(Mark::ClockAhead);
        }
        if age < -OLDEST_S {
            marks.set(Mark::ClockBehind);
        }
        if fix.point.lat().abs() < 1e-3 && fix.point.lon().abs() < 1e-3 {
            marks.set(Mark::NoughtNought);
        }
        if !marks.is_believed() {
            return marks;
        }
        let Some(believed) = self.believed else {
            self.believe(fix);
            return marks;
        };
        if fix.at == believed.at && fix.point != believed.point {
            let apart = fix.point.great_circle_m(believed.point);
            // A report that says the instant only to the second may come twice with a few metres between.
            marks.set(if apart > SCATTER_M { Mark::TwoPlaces } else { Mark::Late });
            return marks;
        }
        if fix.at < believed.at {
            marks.set(Mark::Late);
        }
        if is_possible(&believed, &fix, bounds.fastest_km_h) {
            if fix.at > believed.at {
                self.keep_still(fix, &mut marks);
                if marks.is_believed() {
                    self.believe(fix);
                }
            }
        } else {
            self.doubt(fix, bounds.fastest_km_h, &mut marks);
        }
        marks
    }

    fn believe(&mut self, fix: Fix) {
        self.believed = Some(fix);
        self.run = self.run.saturating_add(1);
        self.elsewhere = None;
        self.elsewhere_run = 0;
    }

    fn keep_still(&mut self, fix: Fix, marks: &mut Marks) {
        match self.still_since.filter(|since| since.point == fix.point) {
            Some(since) => {
                self.still_run = self.still_run.saturating_add(1);
                if self.still_run >= FROZEN_RUN && fix.at.duration_since(since.at).as_secs() >= FROZEN_S {
                    marks.set(Mark::Frozen);
                }
            }
            None => {
                self.still_since = Some(fix);
                self.still_run = 1;
            }
        }
    }

    /// A jump. Several that agree with each other outweigh one that stands alone at once, and one that others agreed with
    /// after a while: devices are moved to other goods, and first positions are wrong.
    fn doubt(&mut self, fix: Fix, fastest_km_h: u32, marks: &mut Marks) {
        marks.set(Mark::Jump);
        let agrees =
            self.elsewhere.filter(|(_, last)| last.at < fix.at && is_possible(last, &fix, fastest_km_h));
        let Some((first, _)) = agrees else {
            if self.elsewhere.is_none_or(|(_, last)| last.at < fix.at) {
                (self.elsewhere, self.elsewhere_run) = (Some((fix, fix)), 1);
            }
            return;
        };
        self.elsewhere = Some((first, fix));
        self.elsewhere_run = self.elsewhere_run.saturating_add(1);
        let lasted = fix.at.duration_since(first.at).as_secs() >= CONFIRMING_S;
        let outweighs = if self.run <= 1 {
            self.elsewhere_run >= 2
        } else {
            self.elsewhere_run >= CONFIRMING_RUN && lasted
        };
        if outweighs && self.believed.is_some_and(|believed| fix.at > believed.at) {
            *marks = Marks::default();
            marks.set(Mark::BelievedAgain);
            self.run = self.elsewhere_run;
            (self.still_since, self.still_run) = (Some(fix), 1);
            self.believe(fix);
        }
    }
}

/// Whether something with a greatest speed may have been at both.
fn is_possible(one: &Fix, other: &Fix, fastest_km_h: u32) -> bool {
    let apart = Seconds::between(one.at.min(other.at), one.at.max(other.at));
    let possible_m = SCATTER_M + apart.as_hours_f64() * f64::from(fastest_km_h) * 1e3;
    one.point.great_circle_m(other.point) <= possible_m
}

/// What is doubtful about a position, for people.
pub fn explain(fix: &Fix, marks: Marks, bounds: Bounds) -> Vec<Finding> {
    let finding = |mark: Mark| {
        let code = match mark {
            Mark::ClockAhead => kervan_events::CLOCK_AHEAD,
            Mark::Jump => "positions.jump",
            Mark::Late => "positions.late",
            Mark::Frozen => "positions.frozen",
            Mark::NoughtNought => "positions.nought-nought",
            Mark::TwoPlaces => "positions.two-places",
            Mark::ClockBehind => "positions.clock-behind",
            Mark::BelievedAgain => "positions.believed-again",
        };
        let message = match mark {
            Mark::Jump => format!(
                "at {}: {} than {} km/h",
                fix.at, "the way from the last position is faster", bounds.fastest_km_h
            ),
            Mark::ClockAhead | Mark::ClockBehind => {
                format!("the position says {} and was received at {}", fix.at, bounds.received)
            }
            other => format!("at {}: {}", fix.at, other.reason()),
        };
        let remedy = match mark {
            Mark::ClockAhead | Mark::ClockBehind => "set the clock of the device",
            Mark::Jump | Mark::TwoPlaces | Mark::BelievedAgain => "look whether the device left the goods",
            Mark::Frozen | Mark::NoughtNought => "look whether the device sees the sky",
            Mark::Late => "nothing: a device that was offline sends late",
        };
        let make = if mark.is_doubt() { Finding::warning } else { Finding::info };
        make(code, message).remedy(remedy)
    };
    marks.list().map(finding).collect()
}

/// The instant up to which a report is not from the future, for those who ask before they take it.
pub fn latest_believable(received: Timestamp) -> Timestamp {
    received.saturating_add(SignedDuration::from_secs(CLOCK_TOLERANCE_S)).unwrap_or(received)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BOUNDS: fn() -> Bounds =
        || Bounds { fastest_km_h: 130, received: "2026-12-10T00:00:00Z".parse().unwrap() };

    fn fix(lat: f64, lon: f64, minute: i64) -> Fix {
        let start: Timestamp = "2026-12-09T00:00:00Z".parse().unwrap();
        let at = start.saturating_add(SignedDuration::from_mins(minute)).unwrap();
        Fix { point: GeoPoint::from_degrees(lat, lon).unwrap(), at }
    }

    fn marks_of(fixes: &[Fix]) -> (Vec<String>, SenseState) {
        let mut state = SenseState::default();
        (fixes.iter().map(|fix| state.take(*fix, BOUNDS()).to_string()).collect(), state)
    }

    #[test]
    fn each_doubt_is_named() {
        let there = fix(43.6, 51.2, 0);
        for (next, mark) in [
            (fix(43.7, 51.2, 30), ""),
            (fix(43.65, 51.2, -30), "late"),
            (fix(43.601, 51.2, 0), "late"),
            (fix(60.0, 30.0, 30), "jump"),
            (fix(60.0, 30.0, -30), "late jump"),
            (fix(60.0, 30.0, 0), "two_places"),
            (fix(0.0, 0.0, 60 * 23), "nought_nought"),
            (fix(43.6, 51.2, 60 * 25), "clock_ahead"),
            (fix(43.6, 51.2, -60 * 24 * 1024 * 7), "clock_behind"),
        ] {
            let (marks, state) = marks_of(&[there, next]);
            let mut words: Vec<_> = marks[1].split(' ').collect();
            let mut wanted: Vec<_> = mark.split(' ').collect();
            words.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(words, wanted, "{next:?}");
            assert_eq!(state.believed, Some(if mark.is_empty() { next } else { there }), "{next:?}");
            for finding in explain(&next, Marks::of_bits(0xff), BOUNDS()) {
                assert!(finding.remedy.is_some());
            }
        }
    }

    #[test]
    fn a_device_that_repeats_itself_is_frozen_until_it_moves() {
        let mut ride: Vec<_> = (0..12).map(|step| fix(43.6, 51.2, step * 20)).collect();
        ride.push(fix(43.62, 51.2, 300));
        let (marks, state) = marks_of(&ride);
        assert!(marks[..5].iter().all(String::is_empty), "{marks:?}");
        assert!(marks[7..12].iter().all(|mark| mark == "frozen"), "{marks:?}");
        assert_eq!((marks[12].as_str(), state.believed), ("", Some(ride[12])));
    }

    #[test]
    fn one_jump_is_forgotten_and_many_that_agree_are_believed() {
        let ride = [fix(43.6, 51.2, 0), fix(43.7, 51.2, 10), fix(60.0, 30.0, 20), fix(43.8, 51.2, 30)];
        let (marks, state) = marks_of(&ride);
        assert_eq!((marks[2].as_str(), state.believed), ("jump", Some(ride[3])));

        let mut moved = vec![fix(43.6, 51.2, 0), fix(43.7, 51.2, 10)];
        moved.extend((0..6).map(|step| fix(60.0, 30.0 + step as f64 / 100.0, 20 + step * 10)));
        let (marks, _) = marks_of(&moved);
        assert_eq!(marks[2..6], ["jump", "jump", "jump", "believed_again"]);
        assert_eq!(marks[6..], ["", ""]);

        let wrong_first = [fix(60.0, 30.0, 0), fix(43.0, 51.0, 60), fix(43.1, 51.0, 70)];
        assert_eq!(marks_of(&wrong_first).0, ["", "jump", "believed_again"]);
    }

    #[test]
    fn the_state_survives_being_written() {
        let (_, state) = marks_of(&[fix(43.6, 51.2, 0), fix(60.0, 30.0, 20)]);
        let text = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<SenseState>(&text).unwrap(), state);
    }

    proptest! {
        /// What is believed is possible from what was believed before it, unless others confirmed it.
        #[test]
        fn nothing_impossible_is_believed(steps in prop::collection::vec((-80.0_f64..80.0, -170.0_f64..170.0, -100_i64..1000), 1..60)) {
            let mut state = SenseState::default();
            for (lat, lon, minute) in steps {
                let (before, next) = (state.believed, fix(lat, lon, minute));
                let marks = state.take(next, BOUNDS());
                if let (Some(before), Some(now)) = (before, state.believed)
                    && before != now
                {
                    prop_assert!(now.at > before.at);
                    prop_assert!(is_possible(&before, &now, 130) || marks.has(Mark::BelievedAgain));
                }
            }
        }
    }
}
