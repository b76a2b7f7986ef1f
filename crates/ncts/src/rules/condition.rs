//! Conditions that are data: an element is required, forbidden or of one value when others have certain values.

use super::Sheet;
use crate::element::Element;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct ConditionRow {
    pub(super) rule: String,
    pub(super) at: String,
    pub(super) target: String,
    pub(super) demand: String,
    pub(super) value: String,
    pub(super) when: String,
}

/// What is demanded of the target.
#[derive(Debug)]
enum Demand {
    Required,
    Forbidden,
    Value(String),
}

/// One test of a `when`: whether any value at the path is among the values.
#[derive(Debug)]
struct Test {
    path: String,
    values: Vec<String>,
    /// Whether none may be among them.
    negated: bool,
}

/// A condition.
#[derive(Debug)]
pub(super) struct Condition {
    at: String,
    target: String,
    demand: Demand,
    when: Vec<Test>,
    words: String,
}

impl Condition {
    pub(super) fn read(row: ConditionRow) -> Option<Self> {
        let demand = match row.demand.as_str() {
            "required" => Demand::Required,
            "forbidden" => Demand::Forbidden,
            "value" if !row.value.is_empty() => Demand::Value(row.value),
            _ => return None,
        };
        let when = row.when.split(" & ").map(Test::read).collect::<Option<Vec<_>>>()?;
        let words = row
            .when
            .replace('|', " or ")
            .replace("!=", " is not ")
            .replace('=', " is ")
            .replace(" & ", " and ");
        (!row.target.is_empty()).then_some(Self { at: row.at, target: row.target, demand, when, words })
    }

    pub(super) fn check(&self, sheet: &mut Sheet<'_>) {
        let root = sheet.root();
        let places = if self.at.is_empty() { vec![root] } else { root.list_at(&self.at) };
        for place in places {
            if !self.when.iter().all(|test| test.holds(root, place)) {
                continue;
            }
            let found = place.find(&self.target);
            match (&self.demand, found) {
                (Demand::Required, None) => {
                    sheet.raise_missing(
                        place,
                        &self.target,
                        format!("{} is needed, for {}", self.target, self.words.trim_end()),
                    );
                }
                (Demand::Forbidden, Some(element)) => {
                    let message =
                        format!("{} is not to be given, for {}", self.target, self.words.trim_end());
                    sheet.raise(element, message, "nothing", element.text().trim());
                }
                (Demand::Value(value), Some(element)) if element.text().trim() != value => {
                    let message = format!("{} has to be {value}, for {}", self.target, self.words.trim_end());
                    sheet.raise(element, message, value.clone(), element.text().trim());
                }
                (Demand::Required | Demand::Value(_), Some(_))
                | (Demand::Forbidden | Demand::Value(_), None) => {}
            }
        }
    }
}

impl Test {
    fn read(text: &str) -> Option<Self> {
        let (path, values) = text.trim().split_once('=')?;
        let negated = path.ends_with('!');
        let path = path.trim_end_matches('!').to_owned();
        let values = values
            .split('|')
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
            .collect();
        (!path.is_empty()).then_some(Self { path, values, negated })
    }

    fn holds(&self, root: &Element, place: &Element) -> bool {
        let found = match self.path.strip_prefix('/') {
            Some(path) => root.list_at(path),
            None => place.list_at(&self.path),
        };
        let mut values = found.iter().map(|element| element.text().trim()).filter(|value| !value.is_empty());
        let holds = if self.values.is_empty() {
            values.next().is_none()
        } else {
            values.any(|value| self.values.iter().any(|one| one == value))
        };
        holds != self.negated
    }
}
