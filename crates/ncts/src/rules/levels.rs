//! What is common to all is said once, at the highest level.

use super::Sheet;
use super::lists::is_of_list;
use crate::element::Element;

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

/// Statement that there is no consignee yet: a negotiable bill of lading.
const NEGOTIABLE: &str = "30600";

/// Countries of common transit. Source: `lists.csv`.
const COMMON_TRANSIT: &str = "CL009";

/// C0001: the consignee; with an exit summary declaration, and for goods that stay in the common transit area, each house
/// consignment has one, at one of the levels.
pub(super) fn consignee(sheet: &mut Sheet<'_>) {
    const NAME: &str = "Consignee";
    at_both(sheet, NAME);
    let exit = matches!(sheet.message.find_value("TransitOperation/security"), Some("2" | "3"));
    let stated =
        ["Consignment/AdditionalInformation/code", "Consignment/HouseConsignment/AdditionalInformation/code"];
    let negotiable = sheet.list_all(&stated).iter().any(|code| code.text().trim() == NEGOTIABLE);
    let above = sheet.root().at("Consignment").is_none_or(|consignment| consignment.find(NAME).is_some());
    if above {
        return;
    }
    let country = |element: &Element| {
        element.find_value("countryOfDestination").is_some_and(|code| is_of_list(COMMON_TRANSIT, code))
    };
    let all_stay = sheet.root().at("Consignment").is_some_and(country);
    let stays = |house: &Element| all_stay || country(house) || house.list("ConsignmentItem").any(country);
    let needed = |house: &Element| if exit { !negotiable } else { stays(house) };
    for house in sheet.houses().into_iter().filter(|house| house.find(NAME).is_none() && needed(house)) {
        let message = "the house consignment has no consignee, at no level";
        sheet.raise_missing(house, NAME, message);
    }
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
    raise_lacking(sheet, NAME, "the item has no country of destination, at no level");
}

/// C0909: the country of dispatch: under TIR each item has one, at one of the levels; else none has.
pub(super) fn dispatch(sheet: &mut Sheet<'_>) {
    const NAME: &str = "countryOfDispatch";
    if sheet.message.find_value("TransitOperation/declarationType") == Some("TIR") {
        on_the_way(sheet, NAME);
        raise_lacking(sheet, NAME, "the item has no country of dispatch, at no level");
        return;
    }
    let all = [
        "Consignment/countryOfDispatch",
        "Consignment/HouseConsignment/countryOfDispatch",
        "Consignment/HouseConsignment/ConsignmentItem/countryOfDispatch",
    ];
    for element in sheet.list_all(&all) {
        let message = "the country of dispatch is declared under TIR only";
        sheet.raise(element, message, "nothing", element.text().trim());
    }
}

/// C0502: the unique consignment reference; without any transport document each item has one, at one of the levels.
pub(super) fn reference(sheet: &mut Sheet<'_>) {
    const NAME: &str = "referenceNumberUCR";
    on_the_way(sheet, NAME);
    let documents = [
        "Consignment/TransportDocument",
        "Consignment/HouseConsignment/TransportDocument",
        "Consignment/HouseConsignment/ConsignmentItem/TransportDocument",
    ];
    if sheet.list_all(&documents).is_empty() {
        raise_lacking(sheet, NAME, "without a transport document the item needs a unique reference");
    }
}

/// Raises every item that has an element at none of the three levels.
fn raise_lacking(sheet: &mut Sheet<'_>, name: &str, message: &str) {
    if sheet.root().at("Consignment").is_none_or(|consignment| consignment.find(name).is_some()) {
        return;
    }
    for house in sheet.houses().into_iter().filter(|house| house.find(name).is_none()) {
        for item in house.list("ConsignmentItem").filter(|item| item.find(name).is_none()) {
            sheet.raise_missing(item, name, message);
        }
    }
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

/// Raises the first of elements that all have under a name, if all have the same.
fn alike(sheet: &mut Sheet<'_>, among: &[&Element], names: &[&str], above: &str) {
    if among.len() < 2 {
        return;
    }
    for name in names {
        let has: Option<Vec<Vec<String>>> = among
            .iter()
            .map(|one| {
                let said: Vec<String> = one.list(name).map(said).collect();
                (!said.is_empty()).then_some(said)
            })
            .collect();
        let same = has.is_some_and(|all| all.windows(2).all(|pair| pair.first() == pair.last()));
        if let (true, Some(first)) = (same, among.first().and_then(|one| one.find(name))) {
            sheet.raise(
                first,
                format!("{name} is the same at all {} and belongs to the {above}", among.len()),
                "it stands once, above",
                first.text().trim(),
            );
        }
    }
}

/// What an element says, without its place in a list and without layout.
fn said(element: &Element) -> String {
    let mut text = format!("{}={}", element.name(), element.text().trim());
    for child in element.children().iter().filter(|child| child.name() != "sequenceNumber") {
        text.push('/');
        text.push_str(&said(child));
    }
    text
}

/// R0506: house consignments.
pub(super) fn same_in_houses(sheet: &mut Sheet<'_>) {
    let houses = sheet.houses();
    let groups = ["Consignor", "Consignee", "DepartureTransportMeans", "TransportCharges"];
    alike(sheet, &houses, &SHARED, "consignment");
    alike(sheet, &houses, &groups, "consignment");
}

/// R0507: items of a house consignment, and the declaration type of all items.
pub(super) fn same_in_items(sheet: &mut Sheet<'_>) {
    for house in sheet.houses() {
        let items: Vec<&Element> = house.list("ConsignmentItem").collect();
        alike(sheet, &items, &SHARED, "house consignment");
    }
    let items = sheet.items();
    alike(sheet, &items, &["declarationType"], "declaration");
}
