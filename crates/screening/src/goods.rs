//! Goods that must not pass: by heading of the Harmonized System or by a word of their description.

use crate::entity::hash_lines;
use crate::score::{Ground, Reason, Score};
use crate::screen::Hit;
use crate::tables::Tables;
use kervan_model::Finding;
use serde::{Deserialize, Serialize};

/// A rule of a list of goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoodsRule {
    /// First digits of the commodity code; empty for any.
    pub prefix: String,
    /// Words that must all stand in the description; none if only the code matters.
    pub words: Vec<String>,
    /// What is the matter with such goods.
    pub title: String,
    /// The law.
    pub source: String,
}

/// Reads a list of goods: columns `hs,words,title,source`; `words` are separated by spaces.
///
/// # Errors
/// Every row that has neither a code nor a word, or no source.
pub fn read_goods_list(name: &str, text: &str) -> Result<Vec<GoodsRule>, Vec<Finding>> {
    let (mut rules, mut findings) = (Vec::new(), Vec::new());
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let head = reader.headers().cloned().unwrap_or_default();
    let column = |name: &str| head.iter().position(|column| column == name);
    let (hs, words, title, source) = (column("hs"), column("words"), column("title"), column("source"));
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                findings.push(
                    Finding::error("screening.goods-row", kervan_model::in_plain_words(&error)).at(name),
                );
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or("").trim().to_owned();
        let prefix: String = cell(hs).chars().filter(char::is_ascii_digit).collect();
        let words: Vec<String> = cell(words).split_whitespace().map(str::to_owned).collect();
        let (title, source) = (cell(title), cell(source));
        if (prefix.is_empty() && words.is_empty()) || source.is_empty() {
            let message = "a row needs a code or a word, and a source";
            findings.push(Finding::error("screening.goods-row", message).at(format!("{name}:{line}")));
            continue;
        }
        rules.push(GoodsRule { prefix, words, title, source });
    }
    if findings.is_empty() { Ok(rules) } else { Err(findings) }
}

/// A list of goods that the operator has loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoodsList {
    /// The name that the operator gave it.
    pub name: String,
    /// Hash of its content.
    pub version: String,
    /// Its rules.
    pub rules: Vec<GoodsRule>,
}

impl GoodsList {
    /// A list by its name and text. Errors: every row that cannot be read.
    pub fn read(name: &str, text: &str) -> Result<Self, Vec<Finding>> {
        let (rules, version) = (read_goods_list(name, text)?, hash_lines(std::iter::once(text.to_owned())));
        Ok(Self { name: name.to_owned(), version, rules })
    }

    /// Whether a file is a list of goods, by its header.
    pub fn is_one(text: &str) -> bool {
        let head = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
        let columns: Vec<&str> = head.split(',').map(str::trim).collect();
        ["hs", "words", "title", "source"].iter().all(|column| columns.contains(column))
    }

    /// The rules that a goods item fits, each as a hit: it is decided once and remembered like any other.
    pub fn screen(&self, tables: &Tables, hs: &str, description: &str) -> Vec<Hit> {
        let question = hash_lines([format!("goods {hs}"), description.to_lowercase()].into_iter());
        let fitting = self.rules.iter().filter(|rule| rule.fits(tables, hs, description));
        fitting
            .map(|rule| Hit {
                asked: description.to_owned(),
                question: question.clone(),
                list: self.name.clone(),
                version: self.version.clone(),
                entity: rule.id(),
                material: hash_lines([rule.id(), rule.title.clone(), rule.source.clone()].into_iter()),
                name: rule.title.clone(),
                score: Score::FULL,
                reasons: vec![Reason {
                    ground: Ground::Goods,
                    left: hs.to_owned(),
                    right: rule.id(),
                    likeness: Score::FULL,
                }],
            })
            .collect()
    }
}

impl GoodsRule {
    /// What names it on its list: its code and its words.
    pub fn id(&self) -> String {
        [self.prefix.as_str()]
            .into_iter()
            .chain(self.words.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join(" ")
            .trim()
            .to_owned()
    }

    /// Whether a goods item fits; words are compared in any script.
    fn fits(&self, tables: &Tables, hs: &str, description: &str) -> bool {
        let digits: String = hs.chars().filter(char::is_ascii_digit).collect();
        let said: Vec<String> = tables.words(description).into_iter().map(|word| word.latin).collect();
        let has = |word: &String| tables.words(word).iter().all(|part| said.contains(&part.latin));
        digits.starts_with(&self.prefix) && self.words.iter().all(has)
    }
}

/// The findings of goods against a list of goods; words are compared in any script.
pub fn screen_goods(
    tables: &Tables,
    rules: &[GoodsRule],
    hs: &str,
    description: &str,
    path: &str,
) -> Vec<Finding> {
    let digits: String = hs.chars().filter(char::is_ascii_digit).collect();
    rules
        .iter()
        .filter(|rule| rule.fits(tables, hs, description))
        .map(|rule| {
            let what =
                if rule.prefix.is_empty() { "words".to_owned() } else { format!("code {}", rule.prefix) };
            let message =
                format!("`{description}` ({digits}) is on a list of goods by its {what}: {}", rule.title);
            Finding::error("screening.goods", message)
                .at(path)
                .source(rule.source.clone())
                .remedy("a licence is shown, or the goods do not pass")
        })
        .collect()
}
