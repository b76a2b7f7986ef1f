//! Points on the earth.

use serde::{Deserialize, Serialize};

/// Mean radius of the earth (IUGG). Unit: metre.
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A point in WGS 84. Unit: 1e-7 degree. Range: latitude -90 to 90, longitude -180 to 180.
///
/// Integers, so that a position can stand in something that is hashed or signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct GeoPoint {
    lat_e7: i32,
    lon_e7: i32,
}

impl GeoPoint {
    /// From degrees. Errors: [`PointOutOfRange`] outside the globe or for not-a-number.
    pub fn from_degrees(lat: f64, lon: f64) -> Result<Self, PointOutOfRange> {
        if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
            return Err(PointOutOfRange);
        }
        Ok(Self { lat_e7: (lat * 1e7).round() as i32, lon_e7: (lon * 1e7).round() as i32 })
    }

    /// Latitude in degrees, north positive.
    pub fn lat(self) -> f64 {
        f64::from(self.lat_e7) / 1e7
    }

    /// Longitude in degrees, east positive.
    pub fn lon(self) -> f64 {
        f64::from(self.lon_e7) / 1e7
    }

    /// Great-circle distance. Unit: metre. Source: haversine on the IUGG mean radius; within 0.6 % of the ellipsoid.
    pub fn great_circle_m(self, other: Self) -> f64 {
        let (lat1, lat2) = (self.lat().to_radians(), other.lat().to_radians());
        let half_dlat = (lat2 - lat1) / 2.0;
        let half_dlon = (other.lon() - self.lon()).to_radians() / 2.0;
        let chord = half_dlat.sin().powi(2) + lat1.cos() * lat2.cos() * half_dlon.sin().powi(2);
        2.0 * EARTH_RADIUS_M * chord.sqrt().min(1.0).asin()
    }

    /// The point at `share` (0 to 1) of the straight map line to `other`; exact enough between neighbouring course points.
    pub fn towards(self, other: Self, share: f64) -> Self {
        let share = share.clamp(0.0, 1.0);
        let mix = |a: i32, b: i32| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as i32;
        Self { lat_e7: mix(self.lat_e7, other.lat_e7), lon_e7: mix(self.lon_e7, other.lon_e7) }
    }
}

/// The coordinates are not on the globe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a point needs latitude -90 to 90 and longitude -180 to 180")]
pub struct PointOutOfRange;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn great_circle_agrees_with_a_published_distance() {
        // Turkmenbashi to Alat: 303 km great circle in the corridor tables.
        let turkmenbashi = GeoPoint::from_degrees(40.0, 53.0).unwrap();
        let alat = GeoPoint::from_degrees(39.976, 49.441).unwrap();
        assert!((turkmenbashi.great_circle_m(alat) / 1e3 - 303.0).abs() < 1.0);
    }

    #[test]
    fn points_off_the_globe_are_refused() {
        assert!(GeoPoint::from_degrees(91.0, 0.0).is_err());
        assert!(GeoPoint::from_degrees(f64::NAN, 0.0).is_err());
    }
}
