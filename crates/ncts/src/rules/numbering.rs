//! Numbers that count: sequence numbers and goods item numbers.

use super::Sheet;
use crate::element::Element;
use std::collections::BTreeMap;

/// R0987: repeated groups are numbered from 1 without gap, in their order.
pub(super) fn sequences(sheet: &mut Sheet<'_>) {
    sequences_below(sheet, sheet.root());
}

fn sequences_below(sheet: &mut Sheet<'_>, element: &Element) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for child in element.children() {
        if let Some(number) = child.find("sequenceNumber") {
            let count = counts.entry(child.name()).or_default();
            *count += 1;
            expect(sheet, number, *count, child.name());
        }
        if !child.children().is_empty() {
            sequences_below(sheet, child);
        }
    }
}

fn expect(sheet: &mut Sheet<'_>, number: &Element, count: usize, name: &str) {
    let text = number.text().trim();
    if text != count.to_string() {
        sheet.raise(
            number,
            format!("the {} {name} is numbered {text}", ordinal(count)),
            count.to_string(),
            text,
        );
    }
}

fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (1, rest) if rest != 11 => "st",
        (2, rest) if rest != 12 => "nd",
        (3, rest) if rest != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// R0988: goods items are numbered from 1 within their house consignment.
pub(super) fn house_items(sheet: &mut Sheet<'_>) {
    for house in sheet.houses() {
        for (index, item) in house.list("ConsignmentItem").enumerate() {
            if let Some(number) = item.find("goodsItemNumber") {
                expect(sheet, number, index + 1, "goods item of its house consignment");
            }
        }
    }
}

/// R0007: goods items are numbered from 1 through the declaration.
pub(super) fn declaration_items(sheet: &mut Sheet<'_>) {
    for (index, item) in sheet.items().into_iter().enumerate() {
        if let Some(number) = item.find("declarationGoodsItemNumber") {
            expect(sheet, number, index + 1, "goods item of the declaration");
        }
    }
}
