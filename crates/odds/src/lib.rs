//! When goods will be there, with odds: durations as distributions, departures that can be missed, and what to do then.
//!
//! A way is a chain of parts: durations that pass and departures that are waited for. A late arrival misses its cut-off and
//! takes the next departure. [`play`] draws such a way some thousand times; [`solve`] computes the same on a grid of time,
//! with a bound on the error of the grid, and says besides which part settles how much of the variance and how likely each
//! connection is missed. [`find_policy`] looks for what to do at every place and moment, so that the expected arrival is
//! earliest.
//!
//! Statistics, so floats are allowed here; nothing of this room is hashed or signed. Nothing here knows what a place, a
//! service or a country is, and no clock or randomness is read: seeds are arguments.
//!
//! Files: `spread` names a duration and its family, `curve` is its distribution function, `fit` fits families to samples,
//! `departures` says when something leaves, `luck` plays, `grid` and `solve` compute, `policy` decides.
//!
//! ```
//! use kervan_odds::{Departures, Grid, Luck, Part, Spread, Way, play, solve};
//! use kervan_units::{Estimate, Seconds};
//!
//! let hours = |min, typ, max| {
//!     let points = [min, typ, max].map(Seconds::from_hours);
//!     Spread::Pert(Estimate::new(points[0], points[1], points[2]).unwrap())
//! };
//! // A train of 60 to 100 hours, and a ship that leaves 80 and 248 hours after the start and takes a day.
//! let sailings = [80, 248].map(|hour| hour * 3_600).to_vec();
//! let way = Way::new(vec![
//!     Part::pass(1, &hours(60, 72, 100)),
//!     Part::board(2, Departures::timetable(sailings, Seconds::from_hours(4), Seconds::from_hours(168))),
//!     Part::pass(3, &hours(20, 24, 48)),
//! ]);
//! let solved = solve(&way, Grid::for_way(&way));
//! let played = play(&way, &mut Luck::new(1, 10_000));
//! let ship_missed = solved.connections[0].missed.unwrap();
//! assert!((0.2..0.5).contains(&ship_missed));
//! assert!((ship_missed - played.missed[1].unwrap()).abs() < 0.02);
//! ```

mod curve;
mod departures;
mod fit;
mod grid;
mod known;
mod luck;
mod policy;
mod solve;
mod spread;
mod way;

pub mod limits;

pub use curve::Curve;
pub use departures::{Departures, Leaving};
pub use fit::{Fit, Fitted, fit_samples, points_uncertainty};
pub use grid::{Grid, Mass};
pub use luck::{Course, Luck, Played, Quantiles, play, play_until};
pub use policy::{NoPolicy, Node, Onward, Policy, Question, Switch, Unrolled, Use, find_policy};
pub use solve::{Connection, Solved, solve};
pub use spread::{Family, Spread};
pub use way::{Hours, Part, Way, What};
