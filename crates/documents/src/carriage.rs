//! Which law of carriage governs which legs of an itinerary, and so which document goes with them.
//!
//! Nothing here knows a country: who is a party to which law stands in `data/documents/laws.csv`, which document follows
//! in `carriage.csv`, and the ferry lines that a rail note may cross in `ferry-lines.csv`.

use crate::shared::text::{self, utc_date};
use crate::{Inputs, Part, table};
use jiff::civil::Date;
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{Finding, Itinerary, Leg, Mode};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

const LAWS: &str = include_str!("../../../data/documents/laws.csv");
const RULES: &str = include_str!("../../../data/documents/carriage.csv");
const FERRY_LINES: &str = include_str!("../../../data/documents/ferry-lines.csv");

static MEMBERS: LazyLock<Vec<Member>> = LazyLock::new(|| table::read(LAWS));
static CARRIAGE: LazyLock<Vec<Rule>> = LazyLock::new(|| table::read(RULES));
static LINES: LazyLock<Vec<FerryLine>> = LazyLock::new(|| table::read(FERRY_LINES));

/// A country that is a party to a law of carriage.
#[derive(Debug, Deserialize)]
struct Member {
    law: String,
    country: CountryCode,
    since: Date,
    until: Option<Date>,
}

/// The document of a run of legs; the first row that fits counts.
#[derive(Debug, Deserialize)]
struct Rule {
    document: String,
    modes: String,
    /// Laws of which every country of the run is a party to at least one.
    every: String,
    /// A law to which at least one country of the run is a party.
    some: String,
    /// Whether the run crosses a border: `yes`, `no`, `any`.
    international: String,
    remedy: String,
    source: String,
}

/// A line by water that a rail note may cross without being made out anew.
#[derive(Debug, Deserialize)]
struct FerryLine {
    from: PlaceCode,
    to: PlaceCode,
    since: Date,
}

/// Legs under one document of carriage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The document, as the table of carriage names it.
    pub document: &'static str,
    /// The first leg, counted from 0.
    pub first: usize,
    /// The last leg, itself included.
    pub last: usize,
    /// What to do when it is a document that is not made here; empty if it is.
    pub remedy: &'static str,
    /// Why this document.
    pub source: &'static str,
}

/// Whether a country is a party to a law on a day.
pub(crate) fn is_party(law: &str, country: &CountryCode, day: Date) -> bool {
    MEMBERS.iter().any(|member| {
        member.law == law
            && member.country == *country
            && member.since <= day
            && member.until.is_none_or(|until| day <= until)
    })
}

/// Countries of legs in order of travel, each once for each entry.
pub(crate) fn countries_of(legs: &[&Leg]) -> Vec<CountryCode> {
    let mut countries: Vec<CountryCode> = Vec::new();
    for leg in legs {
        let ends = [leg.from.country_letters().parse().ok(), leg.to.country_letters().parse().ok()];
        let [from, to] = ends;
        let all = from.into_iter().chain(leg.countries.iter().cloned()).chain(to);
        for country in all {
            if countries.last() != Some(&country) {
                countries.push(country);
            }
        }
    }
    countries
}

/// The sections of an itinerary in order of travel; every leg is in exactly one.
pub fn list_sections(itinerary: &Itinerary) -> Vec<Section> {
    let legs: Vec<&Leg> = itinerary.legs().collect();
    let day = utc_date(itinerary.departs);
    let mut sections = Vec::new();
    let mut first = 0;
    while let Some(leg) = legs.get(first) {
        let alike = legs.iter().skip(first + 1).take_while(|next| continues(leg.mode, next, day));
        let mut last = first + alike.count();
        // A run by rail ends on rail: a ferry at its end has a document of its own.
        while last > first && legs.get(last).is_some_and(|end| end.mode != leg.mode) {
            last -= 1;
        }
        if let Some(run) = legs.get(first..=last) {
            sections.extend(section_of(run, leg.mode, first, last, day));
        }
        first = last + 1;
    }
    sections
}

/// The sections under one document of the table, as parts.
pub(crate) fn parts_under(inputs: &Inputs<'_>, document: &str) -> Vec<Part> {
    let sections = inputs.itinerary.map(list_sections).unwrap_or_default().into_iter();
    let under = sections.filter(|section| section.document == document);
    under.map(|Section { first, last, .. }| Part::Legs { first, last }).collect()
}

/// The sections under a note by rail that is made here, as parts.
pub(crate) fn rail_parts(inputs: &Inputs<'_>) -> Vec<Part> {
    let mut parts = parts_under(inputs, "smgs");
    parts.extend(parts_under(inputs, "cim-smgs"));
    parts.sort_unstable();
    parts
}

/// Legs whose document of carriage is not made here, each with what to do about it.
pub fn check_carriage(inputs: &Inputs<'_>) -> Vec<Finding> {
    let Some(itinerary) = inputs.itinerary else { return Vec::new() };
    let legs: Vec<&Leg> = itinerary.legs().collect();
    let finding = |section: Section| {
        let (from, to) = (legs.get(section.first)?, legs.get(section.last)?);
        let message = format!(
            "no document is made for the carriage {} – {}: the law of carriage table says {}",
            text::place(inputs, &from.from),
            text::place(inputs, &to.to),
            section.document
        );
        Some(
            Finding::warning("documents.carriage-not-covered", message)
                .at(format!("/itinerary/legs/{}", section.first))
                .rule("data/documents/carriage.csv")
                .source(section.source)
                .remedy(section.remedy),
        )
    };
    let open = list_sections(itinerary).into_iter().filter(|section| !section.remedy.is_empty());
    open.filter_map(finding).collect()
}

/// Whether a leg is carried on under the document of a run that began by a mode. Ships and trucks change at every leg.
fn continues(mode: Mode, next: &Leg, day: Date) -> bool {
    match mode {
        Mode::Rail => next.mode == Mode::Rail || is_open_to_rail_notes(next, day),
        Mode::Road | Mode::Sea | Mode::Ferry | Mode::InlandWater => false,
    }
}

fn is_open_to_rail_notes(leg: &Leg, day: Date) -> bool {
    let either_way = |line: &FerryLine| {
        (line.from == leg.from && line.to == leg.to) || (line.from == leg.to && line.to == leg.from)
    };
    leg.mode == Mode::Ferry && LINES.iter().any(|line| line.since <= day && either_way(line))
}

fn section_of(run: &[&Leg], mode: Mode, first: usize, last: usize, day: Date) -> Option<Section> {
    let countries: BTreeSet<CountryCode> = countries_of(run).into_iter().collect();
    let fits = |rule: &&Rule| {
        let party = |laws: &str, country: &CountryCode| {
            laws.split_whitespace().any(|law| is_party(law, country, day))
        };
        let crosses = match rule.international.as_str() {
            "yes" => countries.len() > 1,
            "no" => countries.len() == 1,
            _ => true,
        };
        rule.modes.split_whitespace().any(|word| word == mode.word())
            && crosses
            && (rule.every.is_empty() || countries.iter().all(|country| party(&rule.every, country)))
            && (rule.some.is_empty() || countries.iter().any(|country| party(&rule.some, country)))
    };
    CARRIAGE.iter().find(fits).map(|rule| Section {
        document: &rule.document,
        first,
        last,
        remedy: &rule.remedy,
        source: &rule.source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_read() {
        assert!(table::read_strictly::<Member>(LAWS).unwrap().len() > 100);
        assert!(table::read_strictly::<FerryLine>(FERRY_LINES).unwrap().len() > 1);
        let rules = table::read_strictly::<Rule>(RULES).unwrap();
        for rule in &rules {
            assert!(matches!(rule.international.as_str(), "yes" | "no" | "any"), "{rule:?}");
            let laws = rule.every.split_whitespace().chain(rule.some.split_whitespace());
            for law in laws {
                assert!(MEMBERS.iter().any(|member| member.law == law), "{law}");
            }
            for word in rule.modes.split_whitespace() {
                assert!(Mode::ALL.iter().any(|mode| mode.word() == word), "{word}");
            }
        }
    }
}
