//! Packages: number, marks, and what is packed with something else.

use super::Sheet;
use super::lists::is_of_list;
use crate::element::Element;
use std::collections::BTreeSet;

/// Kinds of goods in bulk.
const BULK: &str = "CL181";
/// Kinds of goods that are not packed.
const UNPACKED: &str = "CL182";

fn list_packaging<'a>(sheet: &Sheet<'a>) -> Vec<&'a Element> {
    sheet.items().into_iter().flat_map(|item| item.list("Packaging")).collect()
}

fn number(packaging: &Element) -> Option<u64> {
    packaging.find_value("numberOfPackages")?.parse().ok()
}

/// C0060: what a kind of package asks for.
pub(super) fn number_and_marks(sheet: &mut Sheet<'_>) {
    for packaging in list_packaging(sheet) {
        let Some(kind) = packaging.find_value("typeOfPackages") else { continue };
        let (bulk, unpacked) = (is_of_list(BULK, kind), is_of_list(UNPACKED, kind));
        match packaging.find("numberOfPackages") {
            Some(number) if bulk => {
                sheet.raise(
                    number,
                    format!("goods in bulk ({kind}) have no number of packages"),
                    "nothing",
                    number.text().trim(),
                );
            }
            None if !bulk => {
                sheet.raise_missing(
                    packaging,
                    "numberOfPackages",
                    format!("packages of kind {kind} need their number"),
                );
            }
            _ => {}
        }
        if !bulk && !unpacked && packaging.find("shippingMarks").is_none() {
            sheet.raise_missing(
                packaging,
                "shippingMarks",
                format!("packages of kind {kind} need their marks"),
            );
        }
    }
}

/// Items of which at least one packaging has 0 packages.
fn zero_items<'a>(sheet: &Sheet<'a>) -> Vec<&'a Element> {
    sheet.items().into_iter().filter(|item| has_zero(item)).collect()
}

/// R0219: one packaging of 0 makes all 0.
pub(super) fn all_zero(sheet: &mut Sheet<'_>) {
    for item in zero_items(sheet) {
        for packaging in
            item.list("Packaging").filter(|packaging| number(packaging).is_some_and(|count| count > 0))
        {
            if let Some(count) = packaging.find("numberOfPackages") {
                sheet.raise(
                    count,
                    "the item has packagings of 0 packages beside this one",
                    "0",
                    count.text().trim(),
                );
            }
        }
    }
}

/// R0220: unpacked goods are counted in pieces, never 0.
pub(super) fn unpacked_not_zero(sheet: &mut Sheet<'_>) {
    for packaging in list_packaging(sheet) {
        let kind = packaging.find("typeOfPackages");
        if let (Some(0), Some(kind)) = (number(packaging), kind)
            && is_of_list(UNPACKED, kind.text().trim())
        {
            sheet.raise(kind, "unpacked goods have 0 packages", "a kind of package", kind.text().trim());
        }
    }
}

/// Whether a mass is written and is not 0.
fn is_above_zero(item: &Element) -> bool {
    let mass = item.find_value("Commodity/GoodsMeasure/grossMass").unwrap_or_default();
    mass.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
}

fn has_zero(item: &Element) -> bool {
    item.list("Packaging").any(|packaging| number(packaging) == Some(0))
}

/// R0221: what has no package of its own has no gross mass of its own, and everything else has one.
pub(super) fn no_mass(sheet: &mut Sheet<'_>) {
    for house in sheet.houses() {
        let any_mass = house.list("ConsignmentItem").any(is_above_zero);
        for item in house.list("ConsignmentItem") {
            let Some(mass) = item.at("Commodity/GoodsMeasure/grossMass") else { continue };
            let text = mass.text().trim();
            match (has_zero(item), is_above_zero(item)) {
                (true, true) => sheet.raise(mass, "an item of 0 packages has a gross mass", "0", text),
                (true, false) if !any_mass => {
                    let message = "no other item of the house consignment has a gross mass";
                    sheet.raise(mass, message, "an item that has the packages", text);
                }
                (false, false) => {
                    let message = "an item that has packages has a gross mass";
                    sheet.raise(mass, message, "more than 0", text);
                }
                _ => {}
            }
        }
    }
}

/// R0364: an item of 0 packages is packed with one of the house consignment that has the same marks.
pub(super) fn packed_with(sheet: &mut Sheet<'_>) {
    for house in sheet.houses() {
        let all: Vec<&Element> = house.list_at("ConsignmentItem/Packaging");
        let full: BTreeSet<&str> = all
            .iter()
            .filter(|packaging| number(packaging).is_some_and(|count| count > 0))
            .filter_map(|packaging| packaging.find_value("shippingMarks"))
            .collect();
        for packaging in all {
            let marks = packaging.find("shippingMarks");
            if let (Some(0), Some(marks)) = (number(packaging), marks)
                && !full.contains(marks.text().trim())
            {
                sheet.raise(
                    marks,
                    "no other item of the house consignment has these marks and packages",
                    "the marks of the packages that hold it",
                    marks.text().trim(),
                );
            }
        }
    }
}
