//! Places: offices of transit, location of goods, loading and unloading.

use super::Sheet;
use super::lists::is_of_list;
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

/// Parties to the Convention on a common transit procedure, other than the Union.
const COMMON_TRANSIT: &str = "CL112";
const TRANSIT: &str = "CustomsOfficeOfTransitDeclared";

fn country_of<'a>(sheet: &Sheet<'a>, office: &str) -> Option<&'a str> {
    sheet.message.find_value(&format!("{office}/referenceNumber"))?.get(..2)
}

/// C0030: where offices of transit are declared, and where not.
pub(super) fn transit_needed(sheet: &mut Sheet<'_>) {
    let root = sheet.root();
    let kind = sheet.message.find_value("TransitOperation/declarationType").unwrap_or_default();
    if matches!(kind, "TIR" | "T2SM") {
        for office in root.list(TRANSIT) {
            sheet.raise(office, format!("there is no office of transit under {kind}"), "nothing", "");
        }
        return;
    }
    let (Some(from), Some(to)) = (
        country_of(sheet, "CustomsOfficeOfDeparture"),
        country_of(sheet, "CustomsOfficeOfDestinationDeclared"),
    ) else {
        return;
    };
    let item_t2 =
        || sheet.items().iter().any(|item| kind == "T" && item.find_value("declarationType") == Some("T2"));
    let routed = || {
        let routing = root.list_at("Consignment/CountryOfRoutingOfConsignment/country");
        routing.iter().any(|country| is_of_list(COMMON_TRANSIT, country.text().trim()))
    };
    let why = if root.find(TRANSIT).is_some() || from == to {
        return;
    } else if kind == "T2" || item_t2() {
        "for internal transit (T2) from one country to another"
    } else if is_of_list(COMMON_TRANSIT, from) || is_of_list(COMMON_TRANSIT, to) {
        "to or from a common transit country"
    } else if routed() {
        "through a common transit country"
    } else if root.find("CustomsOfficeOfExitForTransitDeclared").is_some() {
        "after an office of exit for transit"
    } else {
        return;
    };
    sheet.raise_missing(root, TRANSIT, format!("an office of transit is needed {why}"));
}

/// R0006: an office of transit in the country of destination.
pub(super) fn transit_at_destination(sheet: &mut Sheet<'_>) {
    let Some(to) = country_of(sheet, "CustomsOfficeOfDestinationDeclared") else { return };
    let offices = sheet.root().list_at(&format!("{TRANSIT}/referenceNumber"));
    let there = offices.iter().any(|office| office.text().trim().starts_with(to));
    if let (Some(last), false, true) = (offices.last(), there, is_of_list(COMMON_TRANSIT, to)) {
        let message = format!("no office of transit is in {to}, the country of destination");
        sheet.raise(last, message, format!("an office of {to}"), last.text().trim());
    }
}

/// R0103: an office of exit for transit is no other office of the way.
pub(super) fn exit_offices(sheet: &mut Sheet<'_>) {
    let root = sheet.root();
    let mut others = root.list_at(&format!("{TRANSIT}/referenceNumber"));
    others.extend(root.at("CustomsOfficeOfDestinationDeclared/referenceNumber"));
    for exit in root.list_at("CustomsOfficeOfExitForTransitDeclared/referenceNumber") {
        if others.iter().any(|other| other.text().trim() == exit.text().trim()) {
            let message = "the office of exit for transit is an office of transit or of destination as well";
            sheet.raise(exit, message, "another office", exit.text().trim());
        }
    }
}

/// R0509: transit after export begins where the export ends.
pub(super) fn one_office(sheet: &mut Sheet<'_>) {
    let root = sheet.root();
    let exit = root.at("CustomsOfficeOfExit/referenceNumber");
    if let (Some(exit), Some(departure)) =
        (exit, sheet.message.find_value("CustomsOfficeOfDeparture/referenceNumber"))
        && exit.text().trim() != departure
    {
        sheet.raise(exit, "the office of exit is not the office of departure", departure, exit.text().trim());
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

/// The qualifier of a place at a customs office.
const AT_OFFICE: &str = "V";

fn qualified(sheet: &mut Sheet<'_>, location: &Element) {
    let Some(qualifier) = location.find_value("qualifierOfIdentification") else { return };
    let Some((_, wanted)) = QUALIFIED.iter().find(|(letter, _)| *letter == qualifier) else { return };
    if location.find(wanted).is_none() {
        sheet.raise_missing(location, wanted, format!("qualifier {qualifier} needs {wanted}"));
    }
    // At a customs office there is nobody else to ask.
    let contact = (qualifier == AT_OFFICE).then_some("ContactPerson");
    let others = QUALIFIED.iter().map(|(_, name)| *name).filter(|name| name != wanted);
    for name in others.chain(contact) {
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
