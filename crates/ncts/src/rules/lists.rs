//! Code lists, as far as we may know them.

use super::Sheet;
use crate::element::Element;
use crate::schema::{Group, Holds, Schema, rows};
use kervan_codes::{CountryCode, PackageKind};
use kervan_units::Currency;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

const LISTS: &str = include_str!("../../../../data/ncts/lists.csv");

#[derive(Deserialize)]
struct ListRow {
    list: String,
    code: String,
}

fn lists() -> &'static BTreeMap<String, BTreeSet<String>> {
    static FOUND: OnceLock<BTreeMap<String, BTreeSet<String>>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let mut lists: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in rows::<ListRow>("lists.csv", LISTS, &mut Vec::new()) {
            lists.entry(row.list).or_default().insert(row.code);
        }
        lists
    })
}

/// Whether a code is of a list that we hold.
pub(super) fn is_of_list(list: &str, code: &str) -> bool {
    lists().get(list).is_some_and(|codes| codes.contains(code))
}

/// Whether a code is of a code list of the procedure, such as `CL112`; nothing if we do not hold the list.
pub fn find_in_list(list: &str, code: &str) -> Option<bool> {
    // Countries are held where a list takes any country: XI and XK are codes of customs that ISO 3166 does not have.
    let country = || code.starts_with('X') || code.starts_with('Q') || code.parse::<CountryCode>().is_ok();
    match list {
        "CL008" | "CL165" | "CL248" => Some(country()),
        "CL017" => Some(code.parse::<PackageKind>().is_ok()),
        "CL048" => Some(code.parse::<Currency>().is_ok()),
        _ => lists().get(list).map(|codes| codes.contains(code)),
    }
}

/// Raises every code that is not of its list.
pub(super) fn codes(sheet: &mut Sheet<'_>) {
    let schema = Schema::published();
    if let Some(found) = schema.find_message(sheet.message.kind) {
        codes_below(sheet, schema, schema.group(found.root), sheet.root());
    }
}

fn codes_below(sheet: &mut Sheet<'_>, schema: &Schema, group: &Group, element: &Element) {
    for child in element.children() {
        let Some((_, rule)) = group.find(child.name()) else { continue };
        match (rule.holds, &rule.list) {
            (Holds::Group(id), _) => codes_below(sheet, schema, schema.group(id), child),
            (Holds::Value(_), Some(list)) => {
                let code = child.text().trim();
                if !code.is_empty() && find_in_list(list, code) == Some(false) {
                    sheet.raise(
                        child,
                        format!("{} has no code of list {list}", child.name()),
                        format!("a code of {list}"),
                        code,
                    );
                }
            }
            (Holds::Value(_), None) => {}
        }
    }
}
