//! Which office stands at the beginning and at the end of a piece of the way.

use crate::way::Stretch;
use crate::{Office, OfficeRole, Territories};
use kervan_codes::{CountryCode, PlaceCode};

/// A chosen office.
pub(crate) struct Choice<'a> {
    pub(crate) office: &'a Office,
    /// Where one was looked for, in words.
    pub(crate) near: String,
}

/// The office where a piece of the way begins: at the origin, or where the border is crossed inward.
pub(crate) fn choose_first<'a>(territories: &'a Territories, stretch: &Stretch) -> Option<Choice<'a>> {
    let (role, before) = match stretch.from_outside {
        true => (OfficeRole::Entry, stretch.place_before.as_ref()),
        false => (OfficeRole::Departure, None),
    };
    choose(territories, stretch.first_country()?, role, stretch.first_place.as_ref(), before)
}

/// The office where a piece of the way ends: at the destination, or where the border is crossed outward.
pub(crate) fn choose_last<'a>(territories: &'a Territories, stretch: &Stretch) -> Option<Choice<'a>> {
    let (role, after) = match stretch.to_outside {
        true => (OfficeRole::Exit, stretch.place_after.as_ref()),
        false => (OfficeRole::Destination, None),
    };
    choose(territories, stretch.last_country()?, role, stretch.last_place.as_ref(), after)
}

/// The office of destination at a place.
pub(crate) fn choose_at<'a>(
    territories: &'a Territories,
    stretch: &Stretch,
    place: &PlaceCode,
) -> Option<Choice<'a>> {
    choose(territories, stretch.last_country()?, OfficeRole::Destination, Some(place), None)
}

/// The office of a country with a role: one that faces the other side counts two, one at the own place one; of equals
/// the first of the table. Where there is neither, the stand-in of the country.
fn choose<'a>(
    territories: &'a Territories,
    country: CountryCode,
    role: OfficeRole,
    place: Option<&PlaceCode>,
    other_side: Option<&PlaceCode>,
) -> Option<Choice<'a>> {
    let score = |office: &Office| {
        let faces = other_side.is_some_and(|other| office.faces.contains(other));
        let here = place.is_some() && office.place.as_ref() == place;
        u8::from(faces) * 2 + u8::from(here)
    };
    let mut best: Option<&Office> = None;
    for office in territories.list_offices() {
        let fits = office.country == country && office.roles.contains(&role);
        let usable = fits && (score(office) > 0 || office.is_stand_in());
        if usable && best.is_none_or(|other| score(office) > score(other)) {
            best = Some(office);
        }
    }
    let near = place.or(other_side).map_or_else(|| country.to_string(), ToString::to_string);
    best.map(|office| Choice { office, near })
}
