//! Reads a table over the view of the facts.

use super::node::Node;
use super::table::{DataField, DataTable};
use kervan_model::Finding;
use serde_json::Value;
use std::collections::BTreeMap;

/// What a table makes of the facts.
pub(crate) struct Projection {
    /// The message.
    pub(crate) root: Node,
    /// What became of each row.
    pub(crate) fields: Vec<Projected>,
    /// What is missing or too long.
    pub(crate) findings: Vec<Finding>,
}

/// A row with the values that it found.
pub(crate) struct Projected {
    pub(crate) row: &'static DataField,
    /// Each value with the indices of the lists on the way to it.
    pub(crate) values: Vec<(Vec<usize>, String)>,
}

/// Reads a table over a view.
pub(crate) fn project(table: &'static DataTable, view: &Value) -> Projection {
    let mut projection = Projection { root: Node::default(), fields: Vec::new(), findings: Vec::new() };
    for row in &table.fields {
        let (values, missing) = find_values(row, view);
        for (indices, text) in &values {
            if !row.path.is_empty() {
                place(&mut projection.root, &row.path, indices, text);
            }
            if row.longest > 0 && text.chars().count() > row.longest {
                projection.findings.push(too_long(table, row, view, indices, text));
            }
        }
        projection.findings.extend(missing.iter().map(|indices| empty(table, row, view, indices)));
        projection.fields.push(Projected { row, values });
    }
    projection.root.prune();
    projection
}

/// Values with the indices of their lists.
type Values = Vec<(Vec<usize>, String)>;

/// The values of a row, and where one that is required is not there.
fn find_values(row: &DataField, view: &Value) -> (Values, Vec<Vec<usize>>) {
    let (mut values, mut missing) = (Vec::new(), Vec::new());
    // A choice of facts: the first that is there.
    for (indices, found) in walk(view, &row.fact) {
        if !holds(view, &row.when, &indices) {
            continue;
        }
        match found {
            Some(text) => values.push((indices, text)),
            None if row.required => missing.push(indices),
            None => {}
        }
    }
    if values.is_empty()
        && missing.is_empty()
        && row.required
        && !row.fact.contains("[]")
        && holds(view, &row.when, &[])
    {
        missing.push(Vec::new());
    }
    // A required field of a list that is empty is missing once.
    if values.is_empty() && missing.is_empty() && row.required && row.when.is_empty() {
        missing.push(Vec::new());
    }
    (values, missing)
}

/// Whether the condition of a row holds, in the same items of the same lists.
fn holds(view: &Value, when: &str, indices: &[usize]) -> bool {
    let (path, wanted) = when.strip_prefix('!').map_or((when, true), |path| (path, false));
    if path.is_empty() {
        return true;
    }
    let (path, equal) = path.split_once('=').map_or((path, None), |(path, text)| (path, Some(text)));
    let mut here = Some(view);
    let mut indices = indices.iter();
    for name in path.split('/') {
        let value = here.and_then(|value| value.get(name.trim_end_matches("[]")));
        here = if name.ends_with("[]") { indices.next().and_then(|index| value?.get(*index)) } else { value };
    }
    let text = here.and_then(scalar);
    let there = match equal {
        Some(equal) => text.as_deref() == Some(equal),
        None => text.is_some() || here.is_some_and(|value| value.is_array() || value.is_object()),
    };
    there == wanted
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(if *flag { "1" } else { "0" }.to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Every value of a fact, with the indices of the lists on the way; `None` where an item of a list does not have it.
fn walk(view: &Value, fact: &str) -> Vec<(Vec<usize>, Option<String>)> {
    let mut here: Vec<(Vec<usize>, Option<&Value>)> = vec![(Vec::new(), Some(view))];
    let names: Vec<&str> = if fact.is_empty() { Vec::new() } else { fact.split('/').collect() };
    for name in names {
        if name == "#" {
            let count = |indices: Vec<usize>| {
                let number = indices.last().map_or(1, |index| index + 1);
                (indices, Some(number.to_string()))
            };
            return here.into_iter().map(|(indices, _)| count(indices)).collect();
        }
        // The rest is a text, whatever signs it holds.
        if let Some((_, text)) = fact.split_once('=').filter(|_| name.starts_with('=')) {
            return here.into_iter().map(|(indices, _)| (indices, Some(text.to_owned()))).collect();
        }
        let mut next = Vec::new();
        for (indices, value) in here {
            let value = value.and_then(|value| value.get(name.trim_end_matches("[]")));
            if !name.ends_with("[]") {
                next.push((indices, value));
                continue;
            }
            for (index, item) in value.and_then(Value::as_array).into_iter().flatten().enumerate() {
                let indices = indices.iter().copied().chain([index]).collect();
                next.push((indices, Some(item)));
            }
        }
        here = next;
    }
    here.into_iter().map(|(indices, value)| (indices, value.and_then(scalar))).collect()
}

/// Puts a value at its place in the tree.
fn place(root: &mut Node, path: &str, indices: &[usize], text: &str) {
    let mut here = root;
    let mut indices = indices.iter();
    for name in path.split('/') {
        here = if let Some(name) = name.strip_suffix("[]") {
            here.child_at(name, indices.next().copied().unwrap_or(0), true)
        } else if let Some(name) = name.strip_suffix("[1]") {
            here.child_at(name, 0, true)
        } else {
            here.child_at(name, 0, false)
        };
    }
    text.clone_into(&mut here.text);
}

fn items(indices: &[usize]) -> String {
    if indices.is_empty() {
        return String::new();
    }
    let numbers: Vec<String> = indices.iter().map(|index| (index + 1).to_string()).collect();
    format!(" (item {})", numbers.join("."))
}

/// Where the fact of a row is declared: the very party and its field, or the item of a list by its place in the consignment,
/// which a list of the dangerous goods alone counts otherwise.
fn declared_at(row: &DataField, view: &Value, indices: &[usize]) -> String {
    let (who, what) = row.fact.split_once('/').unwrap_or((&row.fact, ""));
    let facts = view.get(who.trim_end_matches("[]"));
    let party = facts.and_then(|party| party.get("declared_at")).and_then(Value::as_str);
    if let Some(party) = party.filter(|_| row.declared == "/parties") {
        return match what {
            "name" => format!("{party}/name"),
            "address" | "street" | "town" | "postcode" => format!("{party}/address"),
            "contact/name" | "contact/phone" | "contact/email" => format!("{party}/{what}"),
            _ => party.to_owned(),
        };
    }
    let Some(index) = indices.first() else { return row.declared.clone() };
    let declared = facts.and_then(|list| list.get(*index)?.get("declared_at")?.as_u64());
    row.declared.replace('*', &declared.map_or(index.to_string(), |place| place.to_string()))
}

fn label(row: &DataField) -> &str {
    row.labels.first().map_or("", |(_, text)| text.as_str())
}

fn empty(table: &DataTable, row: &DataField, view: &Value, indices: &[usize]) -> Finding {
    let message =
        format!("field {} ({}) of the {} is empty{}", row.id, label(row), table.title, items(indices));
    Finding::error("documents.field-empty", message)
        .at(declared_at(row, view, indices))
        .rule(format!("required field {} of data/documents/datasets/{}.csv", row.id, table.name))
        .source(row.source.clone())
        .remedy(row.remedy.clone())
}

fn too_long(table: &DataTable, row: &DataField, view: &Value, indices: &[usize], text: &str) -> Finding {
    let (length, most) = (text.chars().count(), row.longest);
    let message = format!(
        "field {} ({}) of the {} has {length} characters, and {most} are allowed{}",
        row.id,
        label(row),
        table.title,
        items(indices)
    );
    Finding::error("documents.field-too-long", message)
        .at(declared_at(row, view, indices))
        .rule(format!("length of field {} of data/documents/datasets/{}.csv", row.id, table.name))
        .source(row.source.clone())
        .remedy(format!(
            "shorten it to {most} characters; nothing is cut here, since a cut name is another name"
        ))
}

impl Projected {
    /// The values by line; those of lists with the number of their item.
    pub(crate) fn lines(&self) -> Vec<String> {
        if let [(_, only)] = self.values.as_slice() {
            return vec![only.clone()];
        }
        let line = |(indices, text): &(Vec<usize>, String)| {
            let numbers: Vec<String> = indices.iter().map(|index| (index + 1).to_string()).collect();
            format!("{}: {text}", numbers.join("."))
        };
        self.values.iter().map(line).collect()
    }
}

impl Projection {
    /// Lines by box of the printed form.
    pub(crate) fn boxes(&self) -> BTreeMap<String, Vec<String>> {
        let mut boxes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for field in &self.fields {
            if !field.row.print.is_empty() && !field.row.print.contains('.') {
                let lines = field.values.iter().map(|(_, text)| text.clone());
                boxes.entry(field.row.print.clone()).or_default().extend(lines);
            }
        }
        boxes
    }

    /// Rows by table of the printed form: a cell holds the lines of a column for one item of the outermost list.
    pub(crate) fn rows(&self) -> BTreeMap<String, Vec<Vec<Vec<String>>>> {
        let mut tables: BTreeMap<String, Vec<Vec<Vec<String>>>> = BTreeMap::new();
        let mut widths: BTreeMap<&str, usize> = BTreeMap::new();
        let placed = || {
            self.fields.iter().filter_map(|field| {
                let (table, column) = field.row.print.split_once('.')?;
                Some((field, table, column.parse::<usize>().ok()?.checked_sub(1)?))
            })
        };
        for (_, table, column) in placed() {
            let width = widths.entry(table).or_default();
            *width = (*width).max(column + 1);
        }
        for (field, table, column) in placed() {
            let width = widths.get(table).copied().unwrap_or_default();
            let rows = tables.entry(table.to_owned()).or_default();
            for (indices, text) in &field.values {
                let row = indices.first().copied().unwrap_or_default();
                if rows.len() <= row {
                    rows.resize(row + 1, vec![Vec::new(); width]);
                }
                if let Some(cell) = rows.get_mut(row).and_then(|cells| cells.get_mut(column)) {
                    cell.push(text.clone());
                }
            }
        }
        tables
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn facts_are_walked_through_lists() {
        let view = json!({ "a": [{ "b": [{ "c": "1" }, {}] }, { "b": [{ "c": "3" }] }], "d": "x" });
        let texts = |fact: &str| -> Vec<String> {
            let show = |(indices, text): (Vec<usize>, Option<String>)| {
                format!("{indices:?} {}", text.unwrap_or("-".into()))
            };
            walk(&view, fact).into_iter().map(show).collect()
        };
        assert_eq!(texts("a[]/b[]/c"), ["[0, 0] 1", "[0, 1] -", "[1, 0] 3"]);
        assert_eq!(texts("a[]/#"), ["[0] 1", "[1] 2"]);
        assert_eq!(texts("a[]/=T/1"), ["[0] T/1", "[1] T/1"]);
        assert_eq!(texts("d"), ["[] x"]);
        assert_eq!(texts("=y"), ["[] y"]);
        assert_eq!(texts("e/f"), ["[] -"]);
        for (when, indices, expected) in [
            ("a[]/b[]/c", &[0, 1][..], false),
            ("a[]/b[]/c", &[1, 0], true),
            ("!d", &[], false),
            ("d=x", &[], true),
            ("d=z", &[], false),
            ("", &[], true),
        ] {
            assert_eq!(holds(&view, when, indices), expected, "{when} {indices:?}");
        }
    }
}
