//! The way of an itinerary, cut at customs borders: which territory from when to when, entered where, by what mode.

use crate::Territories;
use jiff::Timestamp;
use jiff::civil::Date;
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{Finding, Itinerary, Leg, Mode, TerritoryId};
use kervan_units::{Distance, Seconds};

/// A piece of the way inside one customs territory.
#[derive(Clone, Debug)]
pub(crate) struct Stretch {
    pub(crate) territory: TerritoryId,
    pub(crate) countries: Vec<CountryCode>,
    /// First stop inside; `None` if the goods pass without stopping.
    pub(crate) first_place: Option<PlaceCode>,
    /// Last stop inside.
    pub(crate) last_place: Option<PlaceCode>,
    /// Last stop before it, on the other side of the border.
    pub(crate) place_before: Option<PlaceCode>,
    /// First stop after it.
    pub(crate) place_after: Option<PlaceCode>,
    /// Whether a customs border is crossed at its beginning, and at its end.
    pub(crate) from_outside: bool,
    pub(crate) to_outside: bool,
    pub(crate) enters: Timestamp,
    pub(crate) leaves: Timestamp,
    pub(crate) entry_mode: Mode,
    pub(crate) modes: Vec<Mode>,
    pub(crate) distance: Distance,
}

impl Stretch {
    /// The country whose border is crossed at the entry.
    pub(crate) fn first_country(&self) -> Option<CountryCode> {
        self.countries.first().copied()
    }

    /// The country whose border is crossed at the exit.
    pub(crate) fn last_country(&self) -> Option<CountryCode> {
        self.countries.last().copied()
    }

    /// The day on which it is entered, in UTC.
    pub(crate) fn day(&self) -> Date {
        day_of(self.enters)
    }
}

/// The day of an instant in UTC; the law of that day is the one that counts.
pub(crate) fn day_of(at: Timestamp) -> Date {
    at.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// One country of one leg.
struct Crossing<'a> {
    country: CountryCode,
    leg: &'a Leg,
    /// Position of the country among those of the leg, and their number.
    position: usize,
    count: usize,
}

impl Crossing<'_> {
    fn starts_here(&self) -> bool {
        self.position == 0
    }

    fn ends_here(&self) -> bool {
        self.position + 1 == self.count
    }

    /// When the country is entered; borders inside a leg are spread evenly, the last one counts at the arrival.
    fn enters(&self) -> Timestamp {
        if self.starts_here() {
            return self.leg.departs;
        }
        if self.ends_here() {
            return self.leg.arrives;
        }
        let whole = Seconds::between(self.leg.departs, self.leg.arrives).get();
        let part = whole.saturating_mul(self.position as u64) / (self.count as u64).max(1);
        self.leg.departs.checked_add(Seconds::new(part).to_duration()).unwrap_or(self.leg.arrives)
    }

    fn distance(&self) -> Distance {
        let share = self.leg.distance.typ().metres() / (self.count as u64).max(1);
        Distance::from_metres(share)
    }
}

/// Cuts the way at customs borders, with the memberships of the day on which each country is entered.
pub(crate) fn cut(
    itinerary: &Itinerary,
    territories: &Territories,
    findings: &mut Vec<Finding>,
) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for leg in itinerary.legs() {
        let count = leg.countries.len();
        for (position, country) in leg.countries.iter().copied().enumerate() {
            let crossing = Crossing { country, leg, position, count };
            let day = day_of(crossing.enters());
            let Some(territory) = territories.territory_of(country, day) else {
                findings.push(
                    Finding::warning(
                        "customs.country-unknown",
                        format!("no customs territory is known for {country}; no procedure is planned there"),
                    )
                    .at("/itinerary")
                    .remedy("add the country to data/customs/members.csv"),
                );
                continue;
            };
            match stretches.last_mut() {
                Some(last) if last.territory == territory.code => extend(last, &crossing),
                _ => {
                    let new = begin(&crossing, territory.code.clone(), stretches.last());
                    if let Some(last) = stretches.last_mut() {
                        last.to_outside = true;
                        last.place_after.clone_from(&new.first_place);
                    }
                    stretches.push(new);
                }
            }
        }
    }
    stretches
}

fn begin(crossing: &Crossing, territory: TerritoryId, before: Option<&Stretch>) -> Stretch {
    let leg = crossing.leg;
    let place = if crossing.ends_here() {
        Some(leg.to.clone())
    } else if crossing.starts_here() {
        Some(leg.from.clone())
    } else {
        None
    };
    let first_place = if crossing.starts_here() { Some(leg.from.clone()) } else { place.clone() };
    Stretch {
        territory,
        countries: vec![crossing.country],
        first_place,
        last_place: place,
        place_before: before.and_then(|stretch| stretch.last_place.clone()),
        place_after: None,
        from_outside: before.is_some(),
        to_outside: false,
        enters: crossing.enters(),
        leaves: if crossing.ends_here() { leg.arrives } else { crossing.enters() },
        entry_mode: leg.mode,
        modes: vec![leg.mode],
        distance: crossing.distance(),
    }
}

fn extend(stretch: &mut Stretch, crossing: &Crossing) {
    let leg = crossing.leg;
    if stretch.last_country() != Some(crossing.country) {
        stretch.countries.push(crossing.country);
    }
    if stretch.modes.last() != Some(&leg.mode) {
        stretch.modes.push(leg.mode);
    }
    if crossing.starts_here() {
        stretch.leaves = leg.departs;
        stretch.last_place = Some(leg.from.clone());
    }
    if crossing.ends_here() {
        stretch.leaves = leg.arrives;
        stretch.first_place.get_or_insert_with(|| leg.to.clone());
        stretch.last_place = Some(leg.to.clone());
    }
    stretch.distance =
        Distance::from_metres(stretch.distance.metres().saturating_add(crossing.distance().metres()));
}
