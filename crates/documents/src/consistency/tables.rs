//! The tables of the check: letters, legal forms, words of commodity codes, terms of delivery, order of days, containers.

use kervan_codes::{HsCode, Incoterm, SizeType};
use kervan_model::{Confidence, DateKind, Finding, Severity};
use kervan_units::Mass;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const LETTERS: &str = include_str!("../../../../data/documents/checks/letters.csv");
const LEGAL_FORMS: &str = include_str!("../../../../data/documents/checks/legal_forms.csv");
const HS_WORDS: &str = include_str!("../../../../data/documents/checks/hs_words.csv");
const INCOTERMS: &str = include_str!("../../../../data/documents/checks/incoterms.csv");
const DATE_ORDER: &str = include_str!("../../../../data/documents/checks/date_order.csv");
const CONTAINER_TYPES: &str = include_str!("../../../../data/documents/checks/container_types.csv");

static BUILT_IN: LazyLock<Result<Tables, Vec<Finding>>> = LazyLock::new(Tables::read);

/// Every table of the check.
#[derive(Debug)]
pub(super) struct Tables {
    /// Plain Latin letters by letter.
    pub(super) letters: BTreeMap<char, String>,
    /// Legal forms, those of most words first.
    pub(super) legal_forms: Vec<LegalForm>,
    /// Words that speak for a heading or chapter.
    pub(super) hs_words: Vec<HsWords>,
    /// Who pays what, by term of delivery.
    pub(super) terms: Vec<TermCosts>,
    /// Which day comes before which.
    pub(super) date_order: Vec<DateOrder>,
    /// What containers weigh.
    pub(super) container_types: Vec<ContainerType>,
}

#[derive(Debug)]
pub(super) struct LegalForm {
    pub(super) form: String,
    pub(super) words: Vec<String>,
    pub(super) class: String,
}

#[derive(Debug)]
pub(super) struct HsWords {
    /// First digits of a commodity code: a chapter or a heading.
    pub(super) code: String,
    pub(super) confidence: Confidence,
    pub(super) words: Vec<String>,
    pub(super) source: String,
}

#[derive(Debug)]
pub(super) struct TermCosts {
    pub(super) term: Incoterm,
    pub(super) seller_pays_carriage: bool,
    pub(super) seller_insures: bool,
    pub(super) water_only: bool,
    pub(super) source: String,
}

/// Types of document that a rule of days speaks of.
#[derive(Debug)]
pub(super) enum Types {
    /// Of any document.
    Any,
    /// Of the itinerary.
    Itinerary,
    /// Of documents of these types.
    Documents(Vec<String>),
}

#[derive(Debug)]
pub(super) struct DateOrder {
    pub(super) earlier: (Types, DateKind),
    pub(super) later: (Types, DateKind),
    pub(super) severity: Severity,
    pub(super) slack_days: i32,
    pub(super) rule: String,
    pub(super) source: String,
    pub(super) remedy: String,
}

#[derive(Debug)]
pub(super) struct ContainerType {
    /// First characters of size and type.
    pub(super) prefix: String,
    pub(super) tare: (Mass, Mass),
    pub(super) gross_most: Mass,
    pub(super) source: String,
}

impl Tables {
    /// The tables as built in.
    ///
    /// Errors: every row that cannot be read.
    pub(super) fn built_in() -> Result<&'static Self, &'static [Finding]> {
        BUILT_IN.as_ref().map_err(Vec::as_slice)
    }

    fn read() -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut tables = Self {
            letters: rows(LETTERS, "letters", &mut findings, letter).into_iter().collect(),
            legal_forms: rows(LEGAL_FORMS, "legal_forms", &mut findings, legal_form),
            hs_words: rows(HS_WORDS, "hs_words", &mut findings, hs_words),
            terms: rows(INCOTERMS, "incoterms", &mut findings, term),
            date_order: rows(DATE_ORDER, "date_order", &mut findings, date_order),
            container_types: rows(CONTAINER_TYPES, "container_types", &mut findings, container_type),
        };
        // Words and longer forms first, so that `co ltd` is not read as `co` and `ltd`.
        tables
            .legal_forms
            .sort_by_key(|form| std::cmp::Reverse((form.words.len(), form.form.chars().count())));
        if findings.is_empty() { Ok(tables) } else { Err(findings) }
    }

    /// Who pays what under a term.
    pub(super) fn find_term(&self, term: Incoterm) -> Option<&TermCosts> {
        self.terms.iter().find(|row| row.term == term)
    }

    /// What containers of a size and type weigh.
    pub(super) fn find_container(&self, size_type: &SizeType) -> Option<&ContainerType> {
        self.container_types.iter().find(|row| size_type.as_str().starts_with(&row.prefix))
    }
}

impl HsWords {
    /// Whether a commodity code lies under this heading or chapter.
    pub(super) fn covers(&self, code: &HsCode) -> bool {
        code.as_str().starts_with(&self.code)
    }
}

/// A row by the names of its columns.
struct Cells<'a> {
    header: &'a csv::StringRecord,
    record: &'a csv::StringRecord,
}

impl Cells<'_> {
    fn text(&self, name: &str) -> Result<&str, String> {
        let column = self.header.iter().position(|column| column == name);
        column.and_then(|column| self.record.get(column)).ok_or_else(|| format!("there is no column {name}"))
    }

    fn one_of<T: Copy>(&self, name: &str, choices: &[(&str, T)]) -> Result<T, String> {
        let text = self.text(name)?;
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        found.ok_or_else(|| format!("{name} is not known: {text}"))
    }

    fn number<T: std::str::FromStr>(&self, name: &str) -> Result<T, String> {
        let text = self.text(name)?;
        text.parse().map_err(|_| format!("{name} is not a whole number: {text}"))
    }
}

fn rows<T>(
    text: &str,
    name: &str,
    findings: &mut Vec<Finding>,
    read: impl Fn(&Cells<'_>) -> Result<T, String>,
) -> Vec<T> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let mut values = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let row = record.map_err(|error| kervan_model::in_plain_words(&error));
        match row.and_then(|record| read(&Cells { header: &header, record: &record })) {
            Ok(value) => values.push(value),
            Err(message) => findings.push(
                Finding::error("documents.table-unreadable", message)
                    .at(format!("data/documents/checks/{name}.csv:{}", index + 2))
                    .remedy("correct the row; data/documents/README.md explains the columns"),
            ),
        }
    }
    values
}

fn letter(cells: &Cells<'_>) -> Result<(char, String), String> {
    let text = cells.text("letter")?;
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Ok((letter, cells.text("latin")?.to_owned())),
        _ => Err(format!("`{text}` is not one letter")),
    }
}

fn legal_form(cells: &Cells<'_>) -> Result<LegalForm, String> {
    let form = cells.text("form")?.to_owned();
    let words = form.split(' ').map(str::to_owned).collect();
    Ok(LegalForm { form, words, class: cells.text("class")?.to_owned() })
}

const CONFIDENCE: [(&str, Confidence); 3] =
    [("high", Confidence::High), ("medium", Confidence::Medium), ("low", Confidence::Low)];

fn hs_words(cells: &Cells<'_>) -> Result<HsWords, String> {
    let code = cells.text("code")?.to_owned();
    if !matches!(code.len(), 2 | 4) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("{code} is neither a chapter nor a heading"));
    }
    // Every column between these and the source is a language; the check does not ask which.
    let known = ["code", "confidence", "source"];
    let columns = cells.header.iter().zip(cells.record).filter(|(name, _)| !known.contains(name));
    let words = columns.flat_map(|(_, text)| text.split('|')).map(|word| word.trim().to_lowercase());
    Ok(HsWords {
        code,
        confidence: cells.one_of("confidence", &CONFIDENCE)?,
        words: words.filter(|word| !word.is_empty()).collect(),
        source: cells.text("source")?.to_owned(),
    })
}

fn term(cells: &Cells<'_>) -> Result<TermCosts, String> {
    let seller = |name: &str| cells.one_of(name, &[("seller", true), ("buyer", false), ("none", false)]);
    Ok(TermCosts {
        term: cells.text("term")?.parse().map_err(|error: kervan_codes::CodeError| error.to_string())?,
        seller_pays_carriage: seller("main_carriage")?,
        seller_insures: seller("insurance")?,
        water_only: cells.one_of("water_only", &[("yes", true), ("no", false)])?,
        source: cells.text("source")?.to_owned(),
    })
}

fn types(text: &str) -> Types {
    match text {
        "*" => Types::Any,
        "itinerary" => Types::Itinerary,
        codes => Types::Documents(codes.split(' ').map(str::to_owned).collect()),
    }
}

const SEVERITIES: [(&str, Severity); 3] =
    [("info", Severity::Info), ("warning", Severity::Warning), ("error", Severity::Error)];

fn date_order(cells: &Cells<'_>) -> Result<DateOrder, String> {
    let kinds: Vec<_> = DateKind::ALL.iter().map(|kind| (kind.word(), *kind)).collect();
    Ok(DateOrder {
        earlier: (types(cells.text("earlier_types")?), cells.one_of("earlier", &kinds)?),
        later: (types(cells.text("later_types")?), cells.one_of("later", &kinds)?),
        severity: cells.one_of("severity", &SEVERITIES)?,
        slack_days: cells.number("slack_days")?,
        rule: cells.text("rule")?.to_owned(),
        source: cells.text("source")?.to_owned(),
        remedy: cells.text("remedy")?.to_owned(),
    })
}

fn container_type(cells: &Cells<'_>) -> Result<ContainerType, String> {
    let mass = |name: &str| cells.number(name).map(Mass::from_kilograms);
    Ok(ContainerType {
        prefix: cells.text("size_type")?.to_owned(),
        tare: (mass("tare_least_kg")?, mass("tare_most_kg")?),
        gross_most: mass("gross_most_kg")?,
        source: cells.text("source")?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_reads() {
        let tables = Tables::built_in().unwrap();
        assert!(tables.letters.len() > 150 && tables.legal_forms.len() > 50 && tables.hs_words.len() > 90);
        assert_eq!(tables.terms.len(), 11);
        assert!(
            tables.container_types.iter().all(|row| row.tare.0 < row.tare.1 && row.tare.1 < row.gross_most)
        );
    }

    #[test]
    fn a_bad_row_is_named_by_its_line() {
        let mut findings = Vec::new();
        let bad = INCOTERMS.replacen("CPT,seller", "CPT,nobody", 1);
        assert_eq!(rows(&bad, "incoterms", &mut findings, term).len(), 10);
        assert_eq!(findings[0].path.as_deref(), Some("data/documents/checks/incoterms.csv:4"));
    }
}
