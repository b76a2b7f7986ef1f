//! Temperatures: excursions and the mean kinetic temperature.

use crate::observation::{Excursion, Observation};
use jiff::Timestamp;
use kervan_model::TemperatureRange;

/// A temperature that was read. Unit: tenth of a degree Celsius.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reading {
    /// When.
    pub at: Timestamp,
    /// What. Unit: tenth of a degree Celsius.
    pub tenths: i16,
}

/// Heat of activation over the gas constant. Unit: kelvin. Source: Haynes 1971; USP <1079.2>: 83.144 kJ/mol over 8.3144 J/(mol K).
const ACTIVATION_K: f64 = 10_000.0;
/// Nought degrees Celsius. Unit: kelvin.
const ZERO_CELSIUS_K: f64 = 273.15;

/// The times outside of a range. A single reading outside is an excursion: what it means for the goods is not ours to say.
pub fn assess_temperature(range: TemperatureRange, readings: &[Reading]) -> Vec<Observation> {
    let mut sorted = readings.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut found = Vec::new();
    let mut outside: Vec<Reading> = Vec::new();
    for reading in sorted {
        if !range.contains(reading.tenths) {
            outside.push(reading);
            continue;
        }
        found.extend(excursion(range, &outside, Some(reading.at)));
        outside.clear();
    }
    found.extend(excursion(range, &outside, None));
    found
}

fn excursion(range: TemperatureRange, outside: &[Reading], until: Option<Timestamp>) -> Option<Observation> {
    let first = outside.first()?;
    let beyond = |reading: &Reading| {
        let tenths = i32::from(reading.tenths);
        (tenths - i32::from(range.max)).max(i32::from(range.min) - tenths)
    };
    // Of equal peaks the first.
    let peak = outside.iter().rev().max_by_key(|reading| beyond(reading))?;
    Some(Observation::Excursion(Excursion {
        container: None,
        since: first.at,
        until,
        peak: peak.tenths,
        peak_at: peak.at,
        mean_kinetic: mean_kinetic_temperature(outside, until)?,
        range,
        readings: u32::try_from(outside.len()).unwrap_or(u32::MAX),
    }))
}

/// The one temperature that would do to goods what the readings did, each weighed by the time to the next; the last by the time
/// to `until`, or like the one before it. Unit: tenth of a degree Celsius. Nothing without a reading.
///
/// ```
/// use kervan_positions::sensor::{Reading, mean_kinetic_temperature};
///
/// let reading = |at: &str, tenths| Reading { at: at.parse().unwrap(), tenths };
/// let readings = [reading("2026-12-01T00:00:00Z", 50), reading("2026-12-01T12:00:00Z", 250)];
/// let mean = mean_kinetic_temperature(&readings, Some("2026-12-02T00:00:00Z".parse().unwrap()));
/// assert_eq!(mean, Some(197)); // warmer than the mean of 15: warmth weighs more
/// ```
pub fn mean_kinetic_temperature(readings: &[Reading], until: Option<Timestamp>) -> Option<i16> {
    let mut weights: Vec<f64> = readings
        .iter()
        .zip(readings.iter().skip(1))
        .map(|(one, next)| (next.at.duration_since(one.at).as_secs() as f64).max(0.0))
        .collect();
    let last = readings.last()?;
    let before = weights.last().copied().unwrap_or(1.0);
    weights.push(until.map_or(before, |until| (until.duration_since(last.at).as_secs() as f64).max(0.0)));
    let whole: f64 = weights.iter().sum();
    let kelvin = |tenths: i16| f64::from(tenths) / 10.0 + ZERO_CELSIUS_K;
    let rate = |tenths: i16| (-ACTIVATION_K / kelvin(tenths).max(1.0)).exp();
    let weighed = readings.iter().zip(&weights);
    let sum: f64 = if whole > 0.0 {
        weighed.map(|(reading, weight)| rate(reading.tenths) * weight / whole).sum()
    } else {
        readings.iter().map(|reading| rate(reading.tenths)).sum::<f64>() / readings.len() as f64
    };
    let mean = ACTIVATION_K / -sum.ln();
    Some(((mean - ZERO_CELSIUS_K) * 10.0).round() as i16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    fn readings(tenths: &[i16]) -> Vec<Reading> {
        let start: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
        let at = |hour: usize| start.saturating_add(SignedDuration::from_hours(hour as i64)).unwrap();
        tenths.iter().enumerate().map(|(hour, tenths)| Reading { at: at(hour), tenths: *tenths }).collect()
    }

    #[test]
    fn excursions_have_begin_end_and_peak() {
        let range = TemperatureRange { min: 20, max: 80 };
        for (tenths, wanted) in [
            (&[30, 50, 80, 20][..], &[][..]),
            (&[30, 90, 110, 95, 60], &[(1, Some(4), 110, 3)][..]),
            (&[10, -5, 30, 120], &[(0, Some(2), -5, 2), (3, None, 120, 1)]),
        ] {
            let all = readings(tenths);
            let mut shuffled = all.clone();
            shuffled.reverse();
            let found = assess_temperature(range, &shuffled);
            let shown: Vec<_> = found
                .iter()
                .map(|found| match found {
                    Observation::Excursion(found) => {
                        let hour = |at: Timestamp| all.iter().position(|reading| reading.at == at).unwrap();
                        (hour(found.since), found.until.map(hour), found.peak, found.readings)
                    }
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(shown, wanted, "{tenths:?}");
        }
    }

    #[test]
    fn the_mean_kinetic_temperature_lies_between_mean_and_peak() {
        assert_eq!(mean_kinetic_temperature(&[], None), None);
        assert_eq!(mean_kinetic_temperature(&readings(&[50, 50, 50]), None), Some(50));
        let mean = mean_kinetic_temperature(&readings(&[20, 80, 200, 50]), None).unwrap();
        assert!((88..200).contains(&mean), "{mean}");
    }
}
