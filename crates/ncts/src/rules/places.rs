//! Places: offices of transit, location of goods, loading and unloading.

use super::Sheet;
use crate::element::Element;
use std::collections::BTreeSet;

/// R0003: an office of transit stands once.
pub(super) fn transit_offices(sheet: &mut Sheet<'_>) {
    let mut seen = BTreeSet::new();
    for office in sheet.root().list_at("CustomsOfficeOfTransitDeclared/referenceNumber") {
        if !seen.insert(office.text().trim()) {
            sheet.raise(
                office,
                "the office of transit stands already",
                "another office",
                office.text().trim(),
            );
        }
    }
}

/// The element that each qualifier of identification asks for.
const QUALIFIED: [(&str, &str); 7] = [
    ("T", "PostcodeAddress"),
    ("U", "UNLocode"),
    ("V", "CustomsOffice"),
    ("W", "GNSS"),
    ("X", "EconomicOperator"),
    ("Y", "authorisationNumber"),
    ("Z", "Address"),
];

fn qualified(sheet: &mut Sheet<'_>, location: &Element) {
    let Some(qualifier) = location.find_value("qualifierOfIdentification") else { return };
    let Some((_, wanted)) = QUALIFIED.iter().find(|(letter, _)| *letter == qualifier) else { return };
    if location.find(wanted).is_none() {
        sheet.raise_missing(location, wanted, format!("qualifier {qualifier} needs {wanted}"));
    }
    for (_, name) in QUALIFIED.iter().filter(|(_, name)| name != wanted) {
        if let Some(element) = location.find(name) {
            sheet.raise(
                element,
                format!("{name} does not go with qualifier {qualifier}"),
                format!("{wanted} only"),
                "",
            );
        }
    }
}

/// C0394: the location of goods.
pub(super) fn location_of_goods(sheet: &mut Sheet<'_>) {
    for location in sheet.root().list_at("Consignment/LocationOfGoods") {
        qualified(sheet, location);
    }
}

/// C0460: the location of an incident.
pub(super) fn location_of_incident(sheet: &mut Sheet<'_>) {
    for location in sheet.root().list_at("Consignment/Incident/Location") {
        qualified(sheet, location);
    }
}

/// C0387: a place without UN/LOCODE has country and name.
pub(super) fn loading(sheet: &mut Sheet<'_>) {
    for place in sheet.list_all(&["Consignment/PlaceOfLoading", "Consignment/PlaceOfUnloading"]) {
        if place.find("UNLocode").is_some() {
            continue;
        }
        for name in ["country", "location"] {
            if place.find(name).is_none() {
                sheet.raise_missing(place, name, format!("{} without UN/LOCODE needs {name}", place.name()));
            }
        }
    }
}
