//! Reference numbers with check digits: MRN, GRN, containers.

use super::Sheet;
use crate::element::Element;
use crate::shape;
use kervan_codes::{ContainerNumber, Grn, Mrn};

/// R0028: the check digit of every MRN of transit in the message.
pub(super) fn mrn(sheet: &mut Sheet<'_>) {
    for path in ["TransitOperation/MRN", "Header/MRN", "TransitMovement/MRN"] {
        for element in sheet.root().list_at(path) {
            check_mrn(sheet, element);
        }
    }
}

fn check_mrn(sheet: &mut Sheet<'_>, element: &Element) {
    let text = element.text().trim();
    if !shape::is_mrn(text, b'J'..=b'M') {
        return;
    }
    let check = Mrn::check_digit_of(text).map(|digit| digit.to_string());
    if check.as_deref() != text.get(17..) {
        let expected = check.map_or_else(String::new, |digit| format!("check digit {digit}"));
        sheet.raise(element, "the check digit of the MRN is wrong", expected, text);
    }
}

/// R0416: the MRN of an export declaration in a previous document.
pub(super) fn export_mrn(sheet: &mut Sheet<'_>) {
    for document in sheet.root().list_at("Consignment/HouseConsignment/PreviousDocument") {
        let Some(reference) = document.find("referenceNumber") else { continue };
        if document.find_value("type") != Some("N830") {
            continue;
        }
        let text = reference.text().trim();
        // A export, B export and exit summary, E dispatch to special fiscal territories.
        let exported = matches!(text.as_bytes().get(16), Some(b'A' | b'B' | b'E'));
        if !shape::is_mrn(text, b'A'..=b'E') || !exported {
            sheet.raise(
                reference,
                "the previous document is no MRN of an export declaration",
                "an MRN of export",
                text,
            );
        } else if Mrn::check_digit_of(text).map(|digit| digit.to_string()).as_deref() != text.get(17..) {
            sheet.raise(reference, "the check digit of the export declaration's MRN is wrong", "", text);
        }
    }
}

fn list_grns<'a>(sheet: &Sheet<'a>) -> Vec<&'a Element> {
    sheet.list_all(&["Guarantee/GuaranteeReference/GRN", "GuaranteeReference/GRN"])
}

/// The check digit of every GRN.
pub(super) fn grn(sheet: &mut Sheet<'_>) {
    for element in list_grns(sheet) {
        let text = element.text().trim();
        let check = Grn::check_digit_of(text).filter(|_| shape::is_grn(text)).map(|digit| digit.to_string());
        if check.is_some() && check.as_deref() != text.get(16..17) {
            let expected = check.map_or_else(String::new, |digit| format!("check digit {digit}"));
            sheet.raise(element, "the check digit of the GRN is wrong", expected, text);
        }
    }
}

/// R0318: the GRN of a voucher has 24 characters, any other 17.
pub(super) fn grn_length(sheet: &mut Sheet<'_>) {
    for guarantee in sheet.root().list("Guarantee") {
        let Some(kind) = guarantee.find_value("guaranteeType") else { continue };
        let length = if kind == "4" { 24 } else { 17 };
        for element in guarantee.list_at("GuaranteeReference/GRN") {
            let text = element.text().trim();
            if shape::is_grn(text) && text.len() != length {
                let message = format!("the GRN of a guarantee of type {kind} has {} characters", text.len());
                sheet.raise(element, message, format!("{length} characters"), text);
            }
        }
    }
}

/// Container numbers that have the form of ISO 6346.
pub(super) fn container(sheet: &mut Sheet<'_>) {
    for element in sheet.root().list_at("Consignment/TransportEquipment/containerIdentificationNumber") {
        let text = element.text().trim();
        let formed = text.len() == 11
            && text.bytes().take(4).all(|byte| byte.is_ascii_uppercase())
            && text.bytes().skip(4).all(|byte| byte.is_ascii_digit());
        if let (true, Err(error)) = (formed, text.parse::<ContainerNumber>()) {
            sheet.raise(
                element,
                format!("the container number is not of ISO 6346: {}", error.reason()),
                "",
                text,
            );
        }
    }
}
