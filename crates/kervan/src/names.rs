//! Names and sentences of the program in other languages: of places and territories, of services, regimes and offices, and the
//! reasons that it gives.
//!
//! They are made in English, deep in crates that know of no reader, and stand in answers and entries as they are. Whoever shows
//! them holds them against these rows: a name is itself, a sentence has numbered holes (`held at {1}: {2}`), and what stands in a
//! hole may be a name again. What no row knows stays English.

use crate::facts::Facts;
use crate::http::wire::NameWords;
use kervan_codes::PlaceCode;
use kervan_model::LanguageTag;
use kervan_network::Network;

/// Names of places, by their code.
const PLACES: &str = "names/places.csv";
/// Everything else, by its English.
const SENTENCES: &str = "names/sentences.csv";

/// All names and sentences that have words in a language; none for a language that no column is of.
pub fn list_names(facts: &Facts, network: &Network, language: &LanguageTag) -> Vec<NameWords> {
    let english = |code: &str| {
        let place = network.find_place(&code.parse::<PlaceCode>().ok()?)?;
        Some(place.name.clone())
    };
    let places = read_column(facts, PLACES, language)
        .into_iter()
        .filter_map(|(code, told)| Some((english(&code)?, told)));
    let sentences = read_column(facts, SENTENCES, language).into_iter();
    places.chain(sentences).map(|(english, told)| NameWords { english, told }).collect()
}

/// The first column of a table beside that of a language, where the language has something to say.
fn read_column(facts: &Facts, path: &str, language: &LanguageTag) -> Vec<(String, String)> {
    let text = facts.find(path).unwrap_or_default();
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let language = language.to_string();
    let column = table.headers().ok().and_then(|head| head.iter().position(|name| name == language));
    let Some(column) = column else { return Vec::new() };
    let pair = |row: csv::StringRecord| {
        let told = row.get(column).filter(|told| !told.is_empty())?;
        Some((row.get(0)?.to_owned(), told.to_owned()))
    };
    table.records().filter_map(Result::ok).filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const LANGUAGES: [&str; 7] = ["ru", "tr", "az", "kk", "uz", "ka", "zh"];

    fn network(facts: &Facts) -> Network {
        facts.load_network().map(|(network, _)| network).unwrap_or_else(|error| panic!("{error}"))
    }

    fn names(language: &str) -> Vec<NameWords> {
        let facts = Facts::default();
        list_names(&facts, &network(&facts), &language.parse().expect("a tag"))
    }

    /// The numbers of the holes of a text; what a hole takes (`{2:span}`) is said in English only.
    fn holes(text: &str) -> BTreeSet<char> {
        text.match_indices('{').filter_map(|(at, _)| text[at + 1..].chars().next()).collect()
    }

    #[test]
    fn every_place_has_a_name_in_every_language() {
        let network = network(&Facts::default());
        for language in LANGUAGES {
            let names = names(language);
            let lacking: Vec<_> = network
                .list_places()
                .filter(|place| names.iter().all(|name| name.english != place.name))
                .collect();
            assert!(lacking.is_empty(), "{language}: {lacking:?}");
        }
    }

    #[test]
    fn a_sentence_fills_in_what_the_english_gives() {
        for language in LANGUAGES {
            let names = names(language);
            assert!(names.len() > 200, "{language}: {} rows", names.len());
            for name in names {
                // The name of a rule is for machines: `{2}` of a step is not told again.
                let (given, told) = (holes(&name.english), holes(&name.told));
                let may_lack = name.english.contains("; rule {2}: ");
                assert!(told.is_subset(&given) && (told == given || may_lack), "{language}: {name:?}");
            }
        }
    }

    #[test]
    fn a_language_that_no_table_speaks_has_no_names() {
        assert!(names("en").is_empty());
        assert!(names("fr").is_empty());
    }
}
