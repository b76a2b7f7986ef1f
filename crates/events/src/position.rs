//! Positions from devices, and whether they can be true.
//!
//! What cannot be true is kept and marked; it is never shown as where the goods are, and moves no estimate.

use crate::limits::CLOCK_TOLERANCE_S;
use jiff::{SignedDuration, Timestamp};
use kervan_model::Finding;
use kervan_units::{GeoPoint, Seconds};
use serde::{Deserialize, Serialize};

/// Where something was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    /// Where.
    pub point: GeoPoint,
    /// When.
    pub at: Timestamp,
}

/// How fast things can move, to tell a jump from a ride. Unit: kilometre per hour.
///
/// Above any freight train, truck or ship of the corridor; a device that goes by air is not with the goods.
pub const FASTEST_KM_H: u32 = 200;

/// Distance within which two positions may lie at any times: the error of a device without a clear sky. Unit: metre.
const SCATTER_M: f64 = 2_000.0;

/// What is doubtful about a position, given the last one that was believed; empty if it can be true.
///
/// `record_time` is when it was received, `fastest_km_h` the greatest speed of what carries the device.
pub fn assess_fix(last: Option<&Fix>, fix: &Fix, record_time: Timestamp, fastest_km_h: u32) -> Vec<Finding> {
    let mut findings = Vec::new();
    let latest = record_time.saturating_add(SignedDuration::from_secs(CLOCK_TOLERANCE_S));
    if latest.is_ok_and(|latest| fix.at > latest) {
        let message = format!("the position says {} and was received at {record_time}", fix.at);
        findings.push(Finding::warning(crate::CLOCK_AHEAD, message).remedy("set the clock of the device"));
    }
    let Some(last) = last else { return findings };
    let distance_m = last.point.great_circle_m(fix.point);
    let apart =
        if fix.at >= last.at { Seconds::between(last.at, fix.at) } else { Seconds::between(fix.at, last.at) };
    let possible_m = SCATTER_M + apart.as_hours_f64() * f64::from(fastest_km_h) * 1e3;
    if distance_m > possible_m {
        let (km, limit) = (distance_m / 1e3, fastest_km_h);
        let message = format!("{km:.0} km in {apart} would be faster than {limit} km/h");
        findings.push(
            Finding::warning("events.position-jump", message)
                .remedy("look whether the device left the goods"),
        );
    }
    findings
}

/// The positions that can be true, in order of time, whatever the order in which they came; a device that was offline sends
/// many at once. Each is held against the last believed one before it.
///
/// A first position that is wrong itself would make all others look like jumps; so a run of two positions that agree with
/// each other replaces a believed one that stands alone.
pub fn believable(fixes: &[Fix], record_time: Timestamp, fastest_km_h: u32) -> Vec<Fix> {
    let mut sorted: Vec<Fix> = fixes
        .iter()
        .filter(|fix| assess_fix(None, fix, record_time, fastest_km_h).is_empty())
        .copied()
        .collect();
    sorted.sort_by_key(|fix| (fix.at, fix.point));
    sorted.dedup();
    let agree = |a: &Fix, b: &Fix| assess_fix(Some(a), b, record_time, fastest_km_h).is_empty();
    let mut believed: Vec<Fix> = Vec::new();
    let mut doubted: Option<Fix> = None;
    for fix in sorted {
        match (believed.last(), doubted) {
            (None, _) => believed.push(fix),
            (Some(last), _) if agree(last, &fix) => {
                believed.push(fix);
                doubted = None;
            }
            (Some(_), Some(other)) if believed.len() == 1 && agree(&other, &fix) => {
                believed = vec![other, fix];
                doubted = None;
            }
            (Some(_), _) => doubted = Some(fix),
        }
    }
    believed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(lat: f64, lon: f64, hour: u8) -> Fix {
        let at = format!("2026-12-09T{hour:02}:00:00Z").parse().unwrap();
        Fix { point: GeoPoint::from_degrees(lat, lon).unwrap(), at }
    }

    fn noon() -> Timestamp {
        "2026-12-09T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn doubts_are_named() {
        let aktau = fix(43.6, 51.2, 6);
        for (last, next, code) in [
            (None, fix(43.6, 51.2, 12), None),
            (None, fix(43.6, 51.2, 13), Some("events.clock-ahead")),
            (Some(aktau), fix(43.61, 51.2, 6), None),
            (Some(aktau), fix(43.0, 51.0, 7), None),
            (Some(aktau), fix(60.0, 30.0, 7), Some("events.position-jump")),
            (Some(aktau), fix(60.0, 30.0, 5), Some("events.position-jump")),
        ] {
            let found = assess_fix(last.as_ref(), &next, noon(), FASTEST_KM_H);
            assert_eq!(found.first().map(|finding| finding.code.as_str()), code, "{last:?} {next:?}");
        }
    }

    #[test]
    fn one_jump_and_any_order_do_no_harm() {
        let ride = [fix(43.6, 51.2, 1), fix(43.0, 51.0, 2), fix(42.5, 50.8, 4), fix(42.0, 50.5, 5)];
        let mut sent = vec![ride[3], ride[1], fix(60.0, 30.0, 3), ride[0], ride[2], ride[1]];
        assert_eq!(believable(&sent, noon(), FASTEST_KM_H), ride);
        sent.push(fix(42.0, 50.5, 23));
        assert_eq!(believable(&sent, noon(), FASTEST_KM_H), ride, "a clock that is ahead");
    }

    #[test]
    fn a_wrong_first_position_is_outvoted() {
        let sent = [fix(60.0, 30.0, 1), fix(43.0, 51.0, 2), fix(42.5, 50.8, 3)];
        assert_eq!(believable(&sent, noon(), FASTEST_KM_H), sent[1..]);
    }
}
