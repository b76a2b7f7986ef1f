//! Stations and railways as the notes write them: names in the languages of the notes, codes where they are known.

use crate::Inputs;
use crate::table;
use kervan_codes::{CountryCode, PlaceCode};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const STATIONS: &str = include_str!("../../../data/documents/stations.csv");
const RAILWAYS: &str = include_str!("../../../data/documents/railways.csv");

static BY_PLACE: LazyLock<BTreeMap<PlaceCode, Station>> = LazyLock::new(|| {
    table::read::<Station>(STATIONS)
        .into_iter()
        .filter_map(|station| Some((station.find("place")?.parse().ok()?, station)))
        .collect()
});
static BY_COUNTRY: LazyLock<BTreeMap<CountryCode, Railway>> = LazyLock::new(|| {
    table::read(RAILWAYS).into_iter().map(|railway: Railway| (railway.country, railway)).collect()
});

/// A station by the columns of its table; `name_XX` is its name in language XX.
#[derive(Debug, Deserialize)]
struct Station(BTreeMap<String, String>);

impl Station {
    fn find(&self, column: &str) -> Option<&str> {
        self.0.get(column).map(String::as_str).filter(|text| !text.is_empty())
    }
}

/// The railway of a country.
#[derive(Debug, Deserialize)]
pub(crate) struct Railway {
    country: CountryCode,
    /// Number of the country of the railway. Source: UIC 920-14.
    pub(crate) number: String,
    /// Abbreviation of it in the notes.
    pub(crate) abbreviation: String,
    /// Name of it in English.
    pub(crate) name: String,
    /// Language that it has notes made out in; empty if it demands none.
    language: String,
}

/// The railway of a country, if it is in the table.
pub(crate) fn find_railway(country: &CountryCode) -> Option<&'static Railway> {
    BY_COUNTRY.get(country)
}

/// The railway's own code of a station, if it is known.
pub(crate) fn find_code(place: &PlaceCode) -> Option<&'static str> {
    BY_PLACE.get(place)?.find("code")
}

/// Languages that notes of these countries' railways are made out in, in order, each once.
pub(crate) fn languages_of(countries: &[CountryCode]) -> Vec<&'static str> {
    let mut languages: Vec<&'static str> = Vec::new();
    for railway in countries.iter().filter_map(find_railway) {
        if !railway.language.is_empty() && !languages.contains(&railway.language.as_str()) {
            languages.push(&railway.language);
        }
    }
    languages
}

/// The country of a place.
pub(crate) fn country_of(place: &PlaceCode) -> Option<CountryCode> {
    place.country_letters().parse().ok()
}

/// `КЗХ 27`: railway of a place and number of its country, as far as they are known.
pub(crate) fn railway_of(place: &PlaceCode) -> Option<String> {
    let railway = find_railway(&country_of(place)?)?;
    let name = if railway.abbreviation.is_empty() { &railway.name } else { &railway.abbreviation };
    Some(format!("{name} {}", railway.number))
}

/// Names of a place: in each of the languages that has one, then as the network calls it; each once.
pub(crate) fn names_of(inputs: &Inputs<'_>, place: &PlaceCode, languages: &[&str]) -> Vec<String> {
    let station = BY_PLACE.get(place);
    let mut names: Vec<String> = Vec::new();
    let local =
        languages.iter().filter_map(|language| station?.find(&format!("name_{language}")).map(str::to_owned));
    for name in local.chain([(inputs.place_name)(place)]) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_read() {
        let stations = table::read_strictly::<Station>(STATIONS).unwrap();
        assert_eq!(stations.len(), BY_PLACE.len(), "a place stands twice");
        assert!(stations.iter().all(|station| station.find("source").is_some()));
        let railways = table::read_strictly::<Railway>(RAILWAYS).unwrap();
        assert_eq!(railways.len(), BY_COUNTRY.len(), "a country stands twice");
        assert!(railways.iter().all(|railway| matches!(railway.language.len(), 0 | 2)));
    }
}
