//! Every limit of this room, with its reason.

/// Containers in one request. A block train of this corridor carries about 55 forty-foot containers; two trains are
/// planned as two consignments.
pub const MOST_CONTAINERS: u32 = 120;

/// Lines of equipment in one request: more than there are size types in use.
pub const MOST_EQUIPMENT_LINES: usize = 24;

/// Heaviest request. Unit: tonne. Two long trains.
pub const MOST_TONNES: u64 = 6_000;

/// Fewest Monte Carlo samples: below it the 10 % and 90 % quantiles are noise.
pub const FEWEST_SAMPLES: u32 = 100;

/// Most Monte Carlo samples: the quantiles of 100,000 are exact to a few minutes in a month.
pub const MOST_SAMPLES: u32 = 100_000;

/// Most alternatives that can be asked for: people compare a handful, programs can plot more.
pub const MOST_ALTERNATIVES: u32 = 100;

/// Most pairs of places in one matrix: every origin to every place of the corridor, some milliseconds each.
pub const MOST_PAIRS: usize = 2_500;

/// Ways that go into the Monte Carlo step. The search of the corridor finds tens.
pub(crate) const MOST_WAYS_SAMPLED: usize = 400;

/// Partial ways that one search may hold, about 200 MB. The corridor needs some thousand.
pub(crate) const MOST_LABELS: usize = 2_000_000;

/// How far a plan looks ahead if the request does not say it. Unit: day. The slowest way that anyone chooses takes a month
/// and a half.
pub const HORIZON_DAYS: u16 = 60;

/// Horizons that can be asked for. Unit: day. Beyond half a year no timetable holds.
pub const HORIZON_RANGE: std::ops::RangeInclusive<u16> = 1..=180;

/// Largest epsilon. Unit: thousandth. Half as bad again is no list of good ways.
pub const MOST_EPSILON_PERMILLE: u16 = 500;

/// Largest weight of exposure: a kilometre that counts a thousandfold is as good as avoided.
pub const MOST_EXPOSURE_WEIGHT: i64 = 1_000;

/// Things that one request may require: each doubles the states of the search.
pub const MOST_REQUIRED: usize = 6;

/// Things that one request may avoid: more than that are another network. With what is required they fit in one word of bits.
pub const MOST_AVOIDED: usize = 40;

/// Gauges of railways that carry goods. Unit: millimetre.
pub(crate) const GAUGES_MM: std::ops::RangeInclusive<u16> = 600..=2_000;

/// Most conditions that are relaxed together when there is no way: who must give up four things asks again.
pub(crate) const MOST_RELAXED: usize = 3;

/// Sets of conditions of one size that are searched: each is a search of its own.
pub(crate) const MOST_RELAXATIONS_TRIED: usize = 60;

/// Smallest relaxations that are named.
pub(crate) const RELAXATIONS_SHOWN: usize = 3;

/// Nearest places named when a place is not known.
pub(crate) const SUGGESTED_PLACES: usize = 5;

/// Years for which plans are made: tariffs and figures say nothing of others, and instants stay far from their ends.
pub(crate) const READY_YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

/// Ways among which fallbacks are looked for; what goods may turn to is nearly always among the best of them.
pub(crate) const FALLBACK_WAYS: usize = 60;

/// Figures that are shown to carry a result: people read a dozen.
pub(crate) const MOST_SWINGS: usize = 12;

/// Fallbacks with a chance below this are not worth reading. Range: 0 to 1.
pub(crate) const LEAST_CHANCE: f64 = 0.005;

/// A turn that is likelier than this is no fallback but another plan, which stands among the alternatives with all that is known
/// of it. Range: 0 to 1.
pub(crate) const LIKELIEST_FALLBACK: f64 = 0.5;

/// How far a truck gets in a day on the last miles around a place that is reached: half a day's driving time on ordinary roads,
/// there and not back. A judgement, and said with every area.
pub const ROAD_KM_PER_DAY: f64 = 300.0;

/// How far an area reaches around a place at most: beyond it nobody would call it the place's hinterland.
pub const AREA_REACH_KM: f64 = 200.0;

/// Half the width of the strip along a ride, and the least reach around a place: thin enough to keep lines apart, wide enough to
/// be seen on a map of a continent.
pub const AREA_STRIP_KM: f64 = 35.0;

/// Knots between which the outline of an area is traced; half a strip and less, so that none is torn.
pub(crate) const AREA_STEP_DEGREES: f64 = 0.2;

/// Most knots of that grid, some 4 MB; a wider area is traced more coarsely.
pub(crate) const MOST_AREA_CELLS: usize = 500_000;

/// Areas of an isochrone, each within an even part of the time.
pub(crate) const AREA_BANDS: u64 = 3;

/// Days after which goods that lie somewhere are charged for if they ever are.
pub(crate) const LONGEST_STORAGE_DAYS: u32 = 3_650;
