//! The words of the Core Business Vocabulary 2.0, and the nearest right one to a typo.

mod words;

use crate::xml::WordForm;
use words::{BIZ_STEPS, BIZ_TRANSACTION_TYPES, COMPONENTS, DISPOSITIONS, MEASUREMENT_TYPES};

/// A list of standard words, with the three forms in which a word of it may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vocabulary {
    /// What step of the business it was.
    BizStep,
    /// In what state the things are.
    Disposition,
    /// What kind of business document.
    BizTransactionType,
    /// In what respect a party or place is source or destination.
    SourceDestinationType,
    /// Why an event was declared in error.
    ErrorReason,
    /// What a sensor measures.
    MeasurementType,
    /// What a sensor warns of.
    SensorAlertType,
    /// Which part of a measured vector.
    Component,
}

/// A word as read, in whichever form it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Word<'a> {
    /// A standard word, bare.
    Standard(&'a str),
    /// Claims to be a standard word and is not.
    Unknown(&'a str),
    /// The URI of another vocabulary.
    Foreign,
    /// Neither.
    Malformed,
}

impl Vocabulary {
    /// What it is called in messages: the name of the field.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BizStep => "bizStep",
            Self::Disposition => "disposition",
            Self::BizTransactionType => "business transaction type",
            Self::SourceDestinationType => "source or destination type",
            Self::ErrorReason => "error reason",
            Self::MeasurementType => "measurement type",
            Self::SensorAlertType => "sensor alert type",
            Self::Component => "component",
        }
    }

    /// Prefix of the Web URI of a word.
    pub const fn web_prefix(self) -> &'static str {
        match self {
            Self::BizStep => "https://ref.gs1.org/cbv/BizStep-",
            Self::Disposition => "https://ref.gs1.org/cbv/Disp-",
            Self::BizTransactionType => "https://ref.gs1.org/cbv/BTT-",
            Self::SourceDestinationType => "https://ref.gs1.org/cbv/SDT-",
            Self::ErrorReason => "https://ref.gs1.org/cbv/ER-",
            Self::Component => "https://ref.gs1.org/cbv/Comp-",
            Self::MeasurementType | Self::SensorAlertType => "https://gs1.org/voc/",
        }
    }

    /// Prefixes of the older or shorter forms of a word.
    const fn other_prefixes(self) -> &'static [&'static str] {
        match self {
            Self::BizStep => &["urn:epcglobal:cbv:bizstep:", "cbv:BizStep-"],
            Self::Disposition => &["urn:epcglobal:cbv:disp:", "cbv:Disp-"],
            Self::BizTransactionType => &["urn:epcglobal:cbv:btt:", "cbv:BTT-"],
            Self::SourceDestinationType => &["urn:epcglobal:cbv:sdt:", "cbv:SDT-"],
            Self::ErrorReason => &["urn:epcglobal:cbv:er:", "cbv:ER-"],
            Self::Component => &["cbv:Comp-"],
            Self::MeasurementType | Self::SensorAlertType => {
                &["https://ref.gs1.org/voc/", "https://www.gs1.org/voc/", "http://gs1.org/voc/", "gs1:"]
            }
        }
    }

    /// The bare words. Source: EPCIS 2.0 JSON schema and CBV 2.0.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::BizStep => BIZ_STEPS,
            Self::Disposition => DISPOSITIONS,
            Self::BizTransactionType => BIZ_TRANSACTION_TYPES,
            Self::SourceDestinationType => &["location", "owning_party", "possessing_party"],
            Self::ErrorReason => &["did_not_occur", "incorrect_data"],
            Self::MeasurementType => MEASUREMENT_TYPES,
            Self::SensorAlertType => &["ALARM_CONDITION", "ERROR_CONDITION"],
            Self::Component => COMPONENTS,
        }
    }

    /// The part of `text` that is meant as a bare word, if `text` has one of the forms of this vocabulary.
    fn claimed_word(self, text: &str) -> Option<&str> {
        let prefixes = std::iter::once(self.web_prefix()).chain(self.other_prefixes().iter().copied());
        prefixes
            .filter_map(|prefix| text.strip_prefix(prefix))
            .next()
            .or((!text.contains(':')).then_some(text))
    }

    pub(crate) fn read(self, text: &str) -> Word<'_> {
        match self.claimed_word(text) {
            Some(word) => match self.words().iter().find(|known| **known == word) {
                Some(known) => Word::Standard(known),
                None => Word::Unknown(text),
            },
            None if text.starts_with("urn:epcglobal:cbv:")
                || text.starts_with("https://ref.gs1.org/cbv/") =>
            {
                Word::Unknown(text)
            }
            None if crate::format::is_uri(text) => Word::Foreign,
            None => Word::Malformed,
        }
    }

    /// The bare word for indexes and questions: the standard word, or else the text itself.
    pub fn bare(self, text: &str) -> String {
        match self.read(text) {
            Word::Standard(word) => word.to_owned(),
            Word::Unknown(_) | Word::Foreign | Word::Malformed => text.to_owned(),
        }
    }

    /// The Web URI of a standard word in any form; any other text comes back as it is.
    pub fn web_uri(self, text: &str) -> String {
        match self.read(text) {
            Word::Standard(word) => format!("{}{word}", self.web_prefix()),
            Word::Unknown(_) | Word::Foreign | Word::Malformed => text.to_owned(),
        }
    }

    /// The URN of a standard word in any form; any other text comes back as it is.
    pub(crate) fn urn(self, text: &str) -> String {
        self.xml_form(text, WordForm::Urn)
    }

    /// A standard word as XML documents write it; any other text comes back as it is.
    pub(crate) fn xml_form(self, text: &str, form: WordForm) -> String {
        let urn = match self {
            Self::MeasurementType | Self::SensorAlertType => "gs1:",
            Self::Component => "cbv:Comp-",
            Self::BizStep
            | Self::Disposition
            | Self::BizTransactionType
            | Self::SourceDestinationType
            | Self::ErrorReason => self.other_prefixes().first().copied().unwrap_or_default(),
        };
        match (self.read(text), form) {
            (Word::Standard(word), WordForm::WebUri) => format!("{}{word}", self.web_prefix()),
            (Word::Standard(_), WordForm::AsCaptured) if text.contains(':') => text.to_owned(),
            (Word::Standard(word), WordForm::Urn | WordForm::AsCaptured) => format!("{urn}{word}"),
            (Word::Unknown(_) | Word::Foreign | Word::Malformed, _) => text.to_owned(),
        }
    }

    /// The standard word that `text` was probably meant to be: at most a third of its letters differ.
    pub fn nearest(self, text: &str) -> Option<&'static str> {
        let claimed = self.claimed_word(text).unwrap_or(text);
        let claimed = match claimed.contains(':') {
            true => claimed.rsplit([':', '/', '-']).next().unwrap_or(claimed),
            false => claimed,
        };
        nearest_of(self.words(), claimed)
    }
}

/// The one of `words` that `text` was probably meant to be: at most a third of its letters differ.
pub(crate) fn nearest_of<'w>(words: &[&'w str], text: &str) -> Option<&'w str> {
    // Longer texts are no typos, and the comparison is quadratic.
    const LONGEST: usize = 60;
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let plain = plain(text);
    let (distance, word) = words.iter().map(|word| (edits(&plain, &self::plain(word)), *word)).min()?;
    (distance <= (plain.len() / 3).max(1)).then_some(word)
}

/// The text without case and separators, so that `In-Transit` differs from `in_transit` in nothing.
fn plain(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How many insertions, deletions, replacements and swaps of neighbours lie between two texts (optimal string alignment).
fn edits(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX - 1);
            let replaced = at(&last, j) + usize::from(x != y);
            let mut least = replaced.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = j > 0 && previous == Some(y) && b.get(j - 1) == Some(x);
            if swapped && i > 0 {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
        previous = Some(x);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_gets_the_word_that_was_meant() {
        for (vocabulary, typo, meant) in [
            (Vocabulary::BizStep, "departng", Some("departing")),
            (Vocabulary::BizStep, "urn:epcglobal:cbv:bizstep:ariving", Some("arriving")),
            (Vocabulary::BizStep, "https://ref.gs1.org/cbv/BizStep-Loading", Some("loading")),
            (Vocabulary::BizStep, "inspectign", Some("inspecting")),
            (Vocabulary::Disposition, "in-transit", Some("in_transit")),
            (Vocabulary::Disposition, "InTransit", Some("in_transit")),
            (Vocabulary::Disposition, "on_the_moon", None),
            (Vocabulary::MeasurementType, "temperature", Some("Temperature")),
        ] {
            assert_eq!(vocabulary.nearest(typo), meant, "{typo}");
        }
    }

    #[test]
    fn all_forms_of_a_word_are_one_word() {
        for text in [
            "departing",
            "cbv:BizStep-departing",
            "urn:epcglobal:cbv:bizstep:departing",
            "https://ref.gs1.org/cbv/BizStep-departing",
        ] {
            assert_eq!(Vocabulary::BizStep.bare(text), "departing");
            assert_eq!(Vocabulary::BizStep.web_uri(text), "https://ref.gs1.org/cbv/BizStep-departing");
        }
        assert_eq!(Vocabulary::BizStep.read("https://example.com/steps/x"), Word::Foreign);
        assert_eq!(
            Vocabulary::BizStep.read("https://ref.gs1.org/cbv/Disp-x"),
            Word::Unknown("https://ref.gs1.org/cbv/Disp-x")
        );
        assert_eq!(Vocabulary::BizStep.read("two words: and"), Word::Malformed);
    }
}
