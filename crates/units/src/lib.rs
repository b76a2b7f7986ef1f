//! Quantities that every other room uses: mass, distance, durations, money, carbon, points on the earth.
//!
//! All of them are integers in one base unit, so that sums are exact and anything that is hashed or signed holds no
//! float. Floats appear only inside search, statistics and physics: through the `as_*_f64` accessors, and in [`Pert`], from
//! which estimates are sampled.
//!
//! ```
//! use kervan_units::{Mass, Money, Currency, Seconds, Estimate};
//!
//! let gross = Mass::from_kilograms(18_420);
//! assert_eq!(gross.grams(), 18_420_000);
//!
//! let dwell = Estimate::new(Seconds::from_hours(4), Seconds::from_hours(24), Seconds::from_hours(78)).unwrap();
//! assert_eq!(dwell.typ().to_string(), "1d");
//!
//! let usd: Currency = "USD".parse().unwrap();
//! assert_eq!(Money::from_minor(120_050, usd).to_string(), "1200.50 USD");
//! ```

mod carbon;
mod currency;
mod distance;
mod estimate;
mod geo;
mod mass;
mod money;
mod sampling;
mod seconds;

pub use carbon::Carbon;
pub use currency::{Currency, UnknownCurrency};
pub use distance::Distance;
pub use estimate::{Estimate, EstimateOutOfOrder};
pub use geo::{GeoPoint, PointOutOfRange};
pub use mass::{Mass, MassParseError};
pub use money::{CurrencyMismatch, Money, MoneyParseError};
pub use sampling::Pert;
pub use seconds::Seconds;
