//! Temperatures that goods want.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The temperatures between which goods are to be kept.
///
/// Unit: tenth of a degree Celsius. Range: -1000 to 1000. Invariant after [`Consignment::check`](crate::Consignment::check):
/// `min` is at most `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemperatureRange {
    /// Not colder than this.
    pub min: i16,
    /// Not warmer than this.
    pub max: i16,
}

impl TemperatureRange {
    /// Whether both ends can be meant and stand in order.
    pub fn is_sound(self) -> bool {
        self.min <= self.max && self.min >= -1000 && self.max <= 1000
    }

    /// Whether a measured temperature keeps to it. Unit: tenth of a degree Celsius.
    pub fn contains(self, measured: i16) -> bool {
        (self.min..=self.max).contains(&measured)
    }
}

impl fmt::Display for TemperatureRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let degrees = |tenths: i16| {
            let sign = if tenths < 0 { "-" } else { "" };
            format!("{sign}{}.{}", tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10)
        };
        f.pad(&format!("{} to {} \u{b0}C", degrees(self.min), degrees(self.max)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_are_written_as_degrees() {
        let range = TemperatureRange { min: -185, max: -5 };
        assert_eq!(range.to_string(), "-18.5 to -0.5 \u{b0}C");
        assert!(range.contains(-180) && !range.contains(0));
        assert!(!TemperatureRange { min: 1, max: 0 }.is_sound());
    }
}
