//! What is common to all is said once, at the highest level.

use super::Sheet;
use crate::element::Element;
use std::collections::BTreeSet;

/// Elements that stand at the level that they are common to.
const SHARED: [&str; 3] = ["countryOfDispatch", "countryOfDestination", "referenceNumberUCR"];

/// Raises an element that stands at the consignment and again at a house consignment.
fn at_both(sheet: &mut Sheet<'_>, name: &str) {
    if sheet.root().at("Consignment").is_some_and(|consignment| consignment.find(name).is_some()) {
        for house in sheet.houses() {
            if let Some(element) = house.find(name) {
                sheet.raise(
                    element,
                    format!("{name} stands at the consignment already"),
                    "nothing",
                    element.text().trim(),
                );
            }
        }
    }
}

/// Raises an element that stands at two of the three levels.
fn on_the_way(sheet: &mut Sheet<'_>, name: &str) {
    at_both(sheet, name);
    let above = sheet.root().at("Consignment").is_some_and(|consignment| consignment.find(name).is_some());
    for house in sheet.houses() {
        if !above && house.find(name).is_none() {
            continue;
        }
        for item in house.list("ConsignmentItem") {
            if let Some(element) = item.find(name) {
                sheet.raise(
                    element,
                    format!("{name} stands above the item already"),
                    "nothing",
                    element.text().trim(),
                );
            }
        }
    }
}

/// C0001: the consignee.
pub(super) fn consignee(sheet: &mut Sheet<'_>) {
    at_both(sheet, "Consignee");
}

/// C0542: the consignor.
pub(super) fn consignor(sheet: &mut Sheet<'_>) {
    at_both(sheet, "Consignor");
    let plain = sheet.message.find_value("TransitOperation/security") == Some("0")
        && sheet.message.find_value("TransitOperation/reducedDatasetIndicator") == Some("1");
    if plain {
        for element in sheet.list_all(&["Consignment/Consignor", "Consignment/HouseConsignment/Consignor"]) {
            sheet.raise(
                element,
                "the consignor is not given with the reduced data set and without security",
                "nothing",
                "",
            );
        }
    }
}

/// C0343: the country of destination; each item has one, at one of the levels.
pub(super) fn destination(sheet: &mut Sheet<'_>) {
    const NAME: &str = "countryOfDestination";
    on_the_way(sheet, NAME);
    if sheet.root().at("Consignment").is_none_or(|consignment| consignment.find(NAME).is_some()) {
        return;
    }
    for house in sheet.houses().into_iter().filter(|house| house.find(NAME).is_none()) {
        for item in house.list("ConsignmentItem").filter(|item| item.find(NAME).is_none()) {
            sheet.raise_missing(item, NAME, "the item has no country of destination, at no level");
        }
    }
}

/// C0909: the country of dispatch.
pub(super) fn dispatch(sheet: &mut Sheet<'_>) {
    on_the_way(sheet, "countryOfDispatch");
}

/// C0502: the unique consignment reference.
pub(super) fn reference(sheet: &mut Sheet<'_>) {
    on_the_way(sheet, "referenceNumberUCR");
}

/// C0826: means of transport at departure.
pub(super) fn means(sheet: &mut Sheet<'_>) {
    const NAME: &str = "DepartureTransportMeans";
    at_both(sheet, NAME);
    if sheet.message.find_value("Consignment/inlandModeOfTransport") == Some("5") {
        let all =
            ["Consignment/DepartureTransportMeans", "Consignment/HouseConsignment/DepartureTransportMeans"];
        for element in sheet.list_all(&all) {
            sheet.raise(element, "mail (mode 5) has no means of transport at departure", "nothing", "");
        }
    }
}

/// Raises the values of elements that all have, and all have alike.
fn alike(sheet: &mut Sheet<'_>, among: &[&Element], above: &str) {
    if among.len() < 2 {
        return;
    }
    for name in SHARED {
        let values: Option<BTreeSet<&str>> = among.iter().map(|one| one.find_value(name)).collect();
        let Some(values) = values.filter(|values| values.len() == 1) else { continue };
        if let Some(first) = among.first().and_then(|one| one.find(name)) {
            let value = values.first().copied().unwrap_or_default();
            sheet.raise(
                first,
                format!("{name} is the same at all {} and belongs to the {above}", among.len()),
                "one value above",
                value,
            );
        }
    }
}

/// R0506: house consignments.
pub(super) fn same_in_houses(sheet: &mut Sheet<'_>) {
    let houses = sheet.houses();
    alike(sheet, &houses, "consignment");
}

/// R0507: items of a house consignment.
pub(super) fn same_in_items(sheet: &mut Sheet<'_>) {
    for house in sheet.houses() {
        let items: Vec<&Element> = house.list("ConsignmentItem").collect();
        alike(sheet, &items, "house consignment");
    }
}
