//! Rules that speak of two messages: the one that is checked and an earlier one about the same movement.

use super::Sheet;
use crate::element::Element;
use crate::message::Message;
use crate::message_type::MessageType;
use kervan_codes::MrnProcedure;
use std::collections::BTreeSet;

/// A rule of two messages.
pub(super) struct Pair {
    pub(super) rule: &'static str,
    /// What the other message may be; none means any.
    pub(super) other: &'static [MessageType],
    pub(super) check: fn(&mut Sheet<'_>, &Message),
}

/// A declaration, as it was lodged or amended last.
const DECLARATION: &[MessageType] = &[MessageType::Cc015c, MessageType::Cc013c];
/// What may be unloaded.
const PERMISSION: &[MessageType] = &[MessageType::Cc043c];

/// The rules, by number.
pub(super) const PAIRS: &[Pair] = &[
    Pair { rule: "C0170", other: DECLARATION, check: inland_mode },
    Pair { rule: "C0404", other: DECLARATION, check: place_of_loading },
    Pair { rule: "C0440", other: PERMISSION, check: state_of_seals },
    Pair { rule: "C0600", other: DECLARATION, check: mode_at_border },
    Pair { rule: "C0807", other: DECLARATION, check: means_at_border },
    Pair { rule: "C0808", other: DECLARATION, check: conveyance },
    Pair { rule: "C0824", other: DECLARATION, check: container_indicator },
    Pair { rule: "C0840", other: DECLARATION, check: limit_date },
    Pair { rule: "R0008", other: &[], check: correlation },
    Pair { rule: "R0054", other: PERMISSION, check: house_numbers },
    Pair { rule: "R0055", other: PERMISSION, check: item_numbers },
    Pair { rule: "R0410", other: DECLARATION, check: letter_of_number },
    Pair { rule: "R0520", other: DECLARATION, check: amended },
    Pair { rule: "R0790", other: DECLARATION, check: several_means },
];

fn is_secured(declaration: &Message) -> bool {
    declaration.find_value("TransitOperation/security").is_some_and(|security| security != "0")
}

/// Raises an element of the consignment that is missing.
fn want(sheet: &mut Sheet<'_>, name: &str, why: &str) {
    if let Some(consignment) = sheet.root().at("Consignment")
        && consignment.find(name).is_none()
    {
        sheet.raise_missing(consignment, name, format!("{name} is needed: {why}"));
    }
}

fn inland_mode(sheet: &mut Sheet<'_>, declaration: &Message) {
    if declaration.find_value("TransitOperation/reducedDatasetIndicator") == Some("1")
        && let Some(element) = sheet.root().at("Consignment/inlandModeOfTransport")
    {
        let message = "the inland mode is not given: the declaration has the reduced data set";
        sheet.raise(element, message, "nothing", element.text().trim());
    }
}

fn place_of_loading(sheet: &mut Sheet<'_>, declaration: &Message) {
    if declaration.root.at("Consignment/PlaceOfLoading").is_none() {
        want(sheet, "PlaceOfLoading", "the declaration has none");
    }
}

fn mode_at_border(sheet: &mut Sheet<'_>, declaration: &Message) {
    if is_secured(declaration) {
        want(sheet, "modeOfTransportAtTheBorder", "the declaration is a summary declaration as well");
    }
}

fn means_at_border(sheet: &mut Sheet<'_>, declaration: &Message) {
    if is_secured(declaration) {
        want(sheet, "ActiveBorderTransportMeans", "the declaration is a summary declaration as well");
    }
}

fn conveyance(sheet: &mut Sheet<'_>, declaration: &Message) {
    let by_air = sheet.message.find_value("Consignment/modeOfTransportAtTheBorder") == Some("4");
    if !by_air || !is_secured(declaration) {
        return;
    }
    for means in sheet.root().list_at("Consignment/ActiveBorderTransportMeans") {
        if means.find("conveyanceReferenceNumber").is_none() {
            let message =
                "the number of the flight is needed: the declaration is a summary declaration as well";
            sheet.raise_missing(means, "conveyanceReferenceNumber", message);
        }
    }
}

fn container_indicator(sheet: &mut Sheet<'_>, declaration: &Message) {
    if declaration.find_value("Consignment/containerIndicator").is_none() {
        want(sheet, "containerIndicator", "the declaration has none");
    }
}

/// Type of the authorisation of an authorised consignor. Source: condition C0839.
const AUTHORISED_CONSIGNOR: &str = "C521";

fn limit_date(sheet: &mut Sheet<'_>, declaration: &Message) {
    let authorised = declaration
        .root
        .list_at("Authorisation/type")
        .iter()
        .any(|kind| kind.text().trim() == AUTHORISED_CONSIGNOR);
    if !authorised && let Some(element) = sheet.root().at("TransitOperation/limitDate") {
        let message = "a limit date is given by authorised consignors only, and the declaration names no such authorisation";
        sheet.raise(element, message, "nothing", element.text().trim());
    }
}

fn several_means(sheet: &mut Sheet<'_>, declaration: &Message) {
    if declaration.root.find("CustomsOfficeOfTransitDeclared").is_some() {
        return;
    }
    for means in sheet.root().list_at("Consignment/ActiveBorderTransportMeans").into_iter().skip(1) {
        sheet.raise(means, "a second means at the border, and no office of transit is declared", "one", "");
    }
}

fn state_of_seals(sheet: &mut Sheet<'_>, permission: &Message) {
    let Some(remark) = sheet.root().find("UnloadingRemark") else { return };
    let sealed = !permission.root.list_at("Consignment/TransportEquipment/Seal").is_empty();
    match (sealed, remark.find("stateOfSeals")) {
        (true, None) => sheet.raise_missing(
            remark,
            "stateOfSeals",
            "the state of the seals is needed: the permission names seals",
        ),
        (false, Some(element)) => {
            sheet.raise(
                element,
                "there are no seals in the permission to say the state of",
                "nothing",
                element.text().trim(),
            );
        }
        _ => {}
    }
}

/// Raises numbers that the other message does not have, unless they go on after its last.
fn numbers(sheet: &mut Sheet<'_>, other: &Message, path: &str, what: &str) {
    let read = |root: &Element| -> BTreeSet<u32> {
        root.list_at(path).iter().filter_map(|element| element.text().trim().parse().ok()).collect()
    };
    let known = read(&other.root);
    let last = known.last().copied().unwrap_or(0);
    let mut next = last.saturating_add(1);
    for element in sheet.root().list_at(path) {
        let Ok(number) = element.text().trim().parse::<u32>() else { continue };
        if number == next {
            next = next.saturating_add(1);
        } else if number > last || !known.contains(&number) {
            let message =
                format!("the permission to unload has no {what} {number}, and {next} is the next new one");
            sheet.raise(
                element,
                message,
                format!("a number of the permission, or {next}"),
                element.text().trim(),
            );
        }
    }
}

fn house_numbers(sheet: &mut Sheet<'_>, permission: &Message) {
    numbers(sheet, permission, "Consignment/HouseConsignment/sequenceNumber", "house consignment");
}

fn item_numbers(sheet: &mut Sheet<'_>, permission: &Message) {
    let path = "Consignment/HouseConsignment/ConsignmentItem/declarationGoodsItemNumber";
    numbers(sheet, permission, path, "item");
}

fn correlation(sheet: &mut Sheet<'_>, other: &Message) {
    if let (Some(element), Some(identification)) =
        (sheet.root().find("correlationIdentifier"), other.find_identification())
        && element.text().trim() != identification
    {
        let message = "the correlation identifier is not the identification of the other message";
        sheet.raise(element, message, identification, element.text().trim());
    }
}

/// The letter of the reference number says which summary declarations are part of the declaration.
fn letter_of_number(sheet: &mut Sheet<'_>, declaration: &Message) {
    let procedure = match declaration.find_value("TransitOperation/security") {
        Some("0") => MrnProcedure::Transit,
        Some("1") => MrnProcedure::TransitWithEntry,
        Some("2") => MrnProcedure::TransitWithExit,
        Some("3") => MrnProcedure::TransitWithBoth,
        _ => return,
    };
    let Some(element) = sheet.root().at("TransitOperation/MRN") else { return };
    let text = element.text().trim();
    if text.chars().nth(16).is_some_and(|letter| letter != procedure.letter()) {
        let letter = procedure.letter();
        sheet.raise(element, format!("the letter of the MRN should be {letter}"), letter.to_string(), text);
    }
}

/// What an amendment leaves as it is.
const FIXED: [&str; 5] = [
    "HolderOfTheTransitProcedure",
    "Representative",
    "CustomsOfficeOfDeparture",
    "TransitOperation/declarationType",
    "TransitOperation/TIRCarnetNumber",
];

fn amended(sheet: &mut Sheet<'_>, declaration: &Message) {
    for path in FIXED {
        let (now, before) = (sheet.root().at(path), declaration.root.at(path));
        if now == before {
            continue;
        }
        let at = now.unwrap_or(sheet.root());
        let message = format!("an amendment leaves {path} as it was declared");
        sheet.raise(at, message, before.map_or("nothing", |before| before.text().trim()), at.text().trim());
    }
}
