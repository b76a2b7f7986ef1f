//! The words inside the boxes, in the languages of the form.

use crate::{DocumentKind, Form};
use kervan_codes::PackageKind;
use kervan_model::{Consignment, Finding};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// By key: one word for each language of the header that has one.
static WORDS: LazyLock<BTreeMap<String, BTreeMap<String, String>>> =
    LazyLock::new(|| read_words(include_str!("../../../data/documents/words.csv")));

/// By slug of the kind.
static SPEECHES: LazyLock<BTreeMap<String, Speech>> =
    LazyLock::new(|| read_speeches(include_str!("../../../data/documents/forms.csv")));

/// How a form speaks. Source: `data/documents/forms.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Speech {
    /// Whether it is an official form with a grid of numbered boxes.
    pub(crate) official: bool,
    /// Languages of labels and of the words of the form, in order.
    pub(crate) languages: Vec<String>,
    /// Languages of the words that describe goods; fewer, where the room is small.
    pub(crate) goods_languages: Vec<String>,
}

impl Speech {
    /// How the form of a kind speaks.
    ///
    /// Errors: a finding if the table has no row for it.
    pub(crate) fn load(kind: DocumentKind) -> Result<&'static Self, Vec<Finding>> {
        SPEECHES.get(kind.slug()).ok_or_else(|| {
            vec![
                Finding::error("documents.layout-unreadable", format!("there is no form {kind}"))
                    .at("data/documents/forms.csv:1")
                    .remedy("add a row for it"),
            ]
        })
    }

    /// As it speaks on the papers of a consignment: languages of the countries that it leaves and reaches are added, or
    /// stand in the place of another. Source: `data/documents/languages.csv`.
    pub(crate) fn among(&self, kind: DocumentKind, consignment: &Consignment) -> Self {
        self.among_named(kind.slug(), consignment)
    }

    /// As [`Self::among`], for a form that is not of a kind of document.
    pub(crate) fn among_named(&self, form: &str, consignment: &Consignment) -> Self {
        let mut speech = self.clone();
        let ends = [consignment.from.country_letters(), consignment.to.country_letters()];
        let called = CALLS.iter().filter(|call| call.form == form && ends.contains(&call.country.as_str()));
        for call in called {
            for languages in [&mut speech.languages, &mut speech.goods_languages] {
                if languages.contains(&call.language) {
                    continue;
                }
                if call.replaces.is_empty() {
                    languages.push(call.language.clone());
                } else if let Some(other) = languages.iter_mut().find(|language| **language == call.replaces)
                {
                    other.clone_from(&call.language);
                }
            }
        }
        speech
    }

    /// In languages that somebody chose; as it is, if none are given. An official form keeps its first language, which its law
    /// asks for.
    ///
    /// Errors: findings, if the form of the kind is not printed in one of them.
    pub(crate) fn in_languages(
        mut self,
        kind: DocumentKind,
        wanted: &[String],
    ) -> Result<Self, Vec<Finding>> {
        if wanted.is_empty() {
            return Ok(self);
        }
        let own = Self::load(kind)?;
        let called = CALLS.iter().filter(|call| call.form == kind.slug()).map(|call| &call.language);
        let mut known: Vec<&String> = Vec::new();
        for language in own.languages.iter().chain(called) {
            if !known.contains(&language) {
                known.push(language);
            }
        }
        let unknown = wanted.iter().filter(|language| !known.contains(language));
        let findings: Vec<Finding> = unknown
            .map(|language| {
                let known: Vec<&str> = known.iter().map(|known| known.as_str()).collect();
                Finding::error("documents.language", format!("the {kind} is not printed in `{language}`"))
                    .at("data/documents/forms.csv")
                    .remedy(format!("choose among {}", known.join(", ")))
            })
            .collect();
        if !findings.is_empty() {
            return Err(findings);
        }
        let mut chosen: Vec<String> = Vec::new();
        let required = own.languages.first().filter(|_| own.official);
        for language in required.into_iter().chain(wanted) {
            if !chosen.contains(language) {
                chosen.push(language.clone());
            }
        }
        let goods = self.goods_languages.iter().filter(|language| chosen.contains(language));
        let goods: Vec<String> = goods.cloned().collect();
        self.goods_languages = if goods.is_empty() { chosen.clone() } else { goods };
        self.languages = chosen;
        Ok(self)
    }

    /// How a form speaks that is not of a kind of document, such as the package.
    pub(crate) fn named(form: &str) -> Option<&'static Self> {
        SPEECHES.get(form)
    }

    /// As [`Self::load`], in languages that were chosen before.
    pub(crate) fn of_form(kind: DocumentKind, form: &Form) -> Result<Self, Vec<Finding>> {
        Ok(Self { languages: form.languages.clone(), ..Self::load(kind)?.clone() })
    }

    /// A word in the languages of the form, as `Total / Всего`.
    pub(crate) fn word(&self, key: &str) -> String {
        word(key, &self.languages)
    }

    /// A text in each language of the form that has it, apart.
    pub(crate) fn texts(&self, key: &str) -> Vec<String> {
        let Some(words) = WORDS.get(key) else { return vec![key.to_owned()] };
        self.languages.iter().filter_map(|language| words.get(language).cloned()).collect()
    }

    /// A word in the languages of the goods.
    pub(crate) fn goods_word(&self, key: &str) -> String {
        word(key, &self.goods_languages)
    }

    /// A kind of package in the languages of the goods; its English name or code if the table does not have it.
    pub(crate) fn package(&self, kind: &PackageKind) -> String {
        let key = format!("package:{kind}");
        let found = self.goods_word(&key);
        if found == key { kind.name().to_owned() } else { found }
    }
}

/// A language that a country calls for on a form.
#[derive(Clone, Debug)]
struct Call {
    form: String,
    country: String,
    language: String,
    /// The language that gives way; empty if none does.
    replaces: String,
}

static CALLS: LazyLock<Vec<Call>> =
    LazyLock::new(|| read_calls(include_str!("../../../data/documents/languages.csv")));

fn read_calls(text: &str) -> Vec<Call> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().filter_map(|row| {
        let row = row.ok()?;
        let cell = |index: usize| row.get(index).map(str::to_owned);
        Some(Call { form: cell(0)?, country: cell(1)?, language: cell(2)?, replaces: cell(3)? })
    });
    rows.collect()
}

fn read_speeches(text: &str) -> BTreeMap<String, Speech> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let split = |text: &str| text.split(' ').map(str::to_owned).collect();
    let rows = reader.records().filter_map(|row| {
        let row = row.ok()?;
        let speech = Speech {
            official: row.get(1)? == "yes",
            languages: split(row.get(2)?),
            goods_languages: split(row.get(3)?),
        };
        Some((row.get(0)?.to_owned(), speech))
    });
    rows.collect()
}

fn read_words(text: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> =
        reader.headers().map(|header| header.iter().map(str::to_owned).collect()).unwrap_or_default();
    let rows = reader.records().filter_map(|record| {
        let record = record.ok()?;
        let words = header.iter().zip(&record).skip(1).filter(|(_, word)| !word.is_empty());
        let words = words.map(|(language, word)| (language.clone(), word.to_owned())).collect();
        Some((record.get(0)?.to_owned(), words))
    });
    rows.collect()
}

/// A word of a language, to see in which script it is written; none if no word is held.
pub(crate) fn find_sample(language: &str) -> Option<&'static str> {
    WORDS.values().find_map(|words| words.get(language)).map(String::as_str)
}

fn word(key: &str, languages: &[String]) -> String {
    let Some(words) = WORDS.get(key) else { return key.to_owned() };
    let mut found: Vec<&str> = Vec::new();
    for word in languages.iter().filter_map(|language| words.get(language)) {
        if !found.contains(&word.as_str()) {
            found.push(word);
        }
    }
    if found.is_empty() { key.to_owned() } else { found.join(" / ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_speaks_and_words_come_in_its_order() {
        for kind in DocumentKind::ALL {
            assert!(Speech::load(kind).is_ok(), "{kind}");
        }
        let invoice = Speech::load(DocumentKind::CommercialInvoice).unwrap();
        let note = Speech::load(DocumentKind::CimSmgs).unwrap();
        assert_eq!(invoice.word("total"), "Total / Всего");
        assert_eq!(note.word("total"), "Всего / Total");
        assert_eq!(invoice.word("no such key"), "no such key");
        assert_eq!(invoice.package(&"CT".parse().unwrap()), "carton");
        assert_eq!(note.package(&"1A".parse().unwrap()), "1A");
    }

    #[test]
    fn languages_are_chosen_among_those_of_the_form() {
        let choose = |kind, wanted: &[&str]| {
            let wanted: Vec<String> = wanted.iter().map(|language| (*language).to_owned()).collect();
            let chosen = Speech::load(kind).unwrap().clone().in_languages(kind, &wanted);
            chosen.map(|speech| speech.languages.join(" ")).map_err(|findings| findings.len())
        };
        for (kind, wanted, chosen) in [
            (DocumentKind::CommercialInvoice, &[][..], Ok("en ru")),
            (DocumentKind::CommercialInvoice, &["ru"], Ok("ru")),
            (DocumentKind::CommercialInvoice, &["zh", "en", "zh"], Ok("zh en")),
            // The law of the note asks for Russian.
            (DocumentKind::CimSmgs, &["de"], Ok("ru de")),
            (DocumentKind::CimSmgs, &["ka", "de", "tr"], Err(2)),
        ] {
            assert_eq!(choose(kind, wanted), chosen.map(str::to_owned), "{kind} {wanted:?}");
        }
    }
}
