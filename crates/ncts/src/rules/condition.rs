//! Conditions that are data: an element is required, forbidden or of one value when others have certain values.

use super::Sheet;
use super::lists::is_of_list;
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
    /// One of these values, if it stands.
    Value(Vec<String>),
    /// Any value but these.
    Not(Vec<String>),
}

/// One test of a `when`: whether any value at the path is among the values.
#[derive(Debug)]
struct Test {
    path: String,
    values: Vec<String>,
    /// Whether a value only has to begin with one of them.
    begins: bool,
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

fn split(values: &str) -> Vec<String> {
    values.split('|').map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
}

/// A group that a condition speaks of, and the group that it stands in.
struct Place<'a> {
    element: &'a Element,
    parent: &'a Element,
}

fn list_places<'a>(root: &'a Element, at: &str) -> Vec<Place<'a>> {
    if at.is_empty() {
        return vec![Place { element: root, parent: root }];
    }
    let (above, name) = at.rsplit_once('/').map_or((None, at), |(above, name)| (Some(above), name));
    let parents = above.map_or_else(|| vec![root], |above| root.list_at(above));
    let within = |parent: &'a Element| {
        parent
            .children()
            .iter()
            .filter(move |child| child.name() == name)
            .map(move |element| Place { element, parent })
    };
    parents.into_iter().flat_map(within).collect()
}

impl Condition {
    pub(super) fn read(row: ConditionRow) -> Option<Self> {
        let values = split(&row.value);
        let demand = match row.demand.as_str() {
            "required" => Demand::Required,
            "forbidden" => Demand::Forbidden,
            "value" if !values.is_empty() => Demand::Value(values),
            "not" if !values.is_empty() => Demand::Not(values),
            _ => return None,
        };
        let when = row.when.split(" & ").map(Test::read).collect::<Option<Vec<_>>>()?;
        let words: Vec<String> = when.iter().map(Test::words).collect();
        let words = words.join(" and ");
        (!row.target.is_empty()).then_some(Self { at: row.at, target: row.target, demand, when, words })
    }

    pub(super) fn check(&self, sheet: &mut Sheet<'_>) {
        let root = sheet.root();
        for place in list_places(root, &self.at) {
            if self.when.iter().all(|test| test.holds(root, &place)) {
                self.check_at(sheet, place.element);
            }
        }
    }

    fn check_at(&self, sheet: &mut Sheet<'_>, place: &Element) {
        let (target, words) = (&self.target, &self.words);
        let found = place.find(target).map(|element| (element, element.text().trim()));
        match (&self.demand, found) {
            (Demand::Required, None) => {
                sheet.raise_missing(place, target, format!("{target} is needed: {words}"));
            }
            (Demand::Forbidden, Some((element, text))) => {
                sheet.raise(element, format!("{target} is not to be given: {words}"), "nothing", text);
            }
            (Demand::Value(values), Some((element, text))) if !values.iter().any(|value| value == text) => {
                let values = values.join(" or ");
                sheet.raise(element, format!("{target} has to be {values}: {words}"), values, text);
            }
            (Demand::Not(values), Some((element, text))) if values.iter().any(|value| value == text) => {
                let expected = format!("another than {text}");
                sheet.raise(element, format!("{target} is not to be {text}: {words}"), expected, text);
            }
            (Demand::Required | Demand::Value(_) | Demand::Not(_), Some(_))
            | (Demand::Forbidden | Demand::Value(_) | Demand::Not(_), None) => {}
        }
    }
}

impl Test {
    fn read(text: &str) -> Option<Self> {
        let (path, values) = text.trim().split_once('=')?;
        let (path, begins) = path.strip_suffix('^').map_or((path, false), |path| (path, true));
        let (path, negated) = path.strip_suffix('!').map_or((path, false), |path| (path, true));
        let values = split(values);
        (!path.is_empty()).then(|| Self { path: path.to_owned(), values, begins, negated })
    }

    /// The test in words.
    fn words(&self) -> String {
        let name = self.path.trim_start_matches("../");
        let values = self.values.join(" or ").replace('@', "a code of ");
        match (self.values.is_empty(), self.begins, self.negated) {
            (true, _, false) => format!("{name} is not given"),
            (true, _, true) => format!("{name} is given"),
            (false, false, false) => format!("{name} is {values}"),
            (false, false, true) => format!("{name} is not {values}"),
            (false, true, false) => format!("{name} begins with {values}"),
            (false, true, true) => format!("{name} does not begin with {values}"),
        }
    }

    fn matches(&self, text: &str) -> bool {
        self.values.iter().any(|value| match (value.strip_prefix('@'), self.begins) {
            (Some(list), true) => text.get(..2).is_some_and(|country| is_of_list(list, country)),
            (Some(list), false) => is_of_list(list, text),
            (None, true) => text.starts_with(value),
            (None, false) => text == value,
        })
    }

    fn holds(&self, root: &Element, place: &Place<'_>) -> bool {
        let found = match (self.path.strip_prefix('/'), self.path.strip_prefix("../")) {
            (Some(path), _) => root.list_at(path),
            (None, Some(path)) => place.parent.list_at(path),
            (None, None) => place.element.list_at(&self.path),
        };
        let mut values = found.iter().map(|element| element.text().trim()).filter(|value| !value.is_empty());
        let holds = if self.values.is_empty() {
            values.next().is_none()
        } else {
            values.any(|value| self.matches(value))
        };
        holds != self.negated
    }
}
