//! Means of transport.

use super::Sheet;
use crate::element::Element;

/// Kinds of means at departure whose identification has no lower case.
const CAPITALS: [&str; 8] = ["10", "20", "21", "30", "31", "40", "41", "80"];
/// The same at the border.
const CAPITALS_AT_BORDER: [&str; 6] = ["10", "21", "30", "40", "41", "80"];
/// Modes of transport that the rules speak of.
const RAIL: &str = "2";
const ROAD: &str = "3";
const AIR: &str = "4";

/// Means at departure, by the level at which they stand.
fn departures<'a>(sheet: &Sheet<'a>) -> Vec<Vec<&'a Element>> {
    let mut levels = vec![sheet.root().list_at("Consignment/DepartureTransportMeans")];
    levels
        .extend(sheet.houses().iter().map(|house| house.list("DepartureTransportMeans").collect::<Vec<_>>()));
    levels.retain(|means| !means.is_empty());
    levels
}

fn inland_mode<'a>(sheet: &Sheet<'a>) -> Option<&'a str> {
    sheet.message.find_value("Consignment/inlandModeOfTransport")
}

/// R0472: the kind of means begins with the mode.
pub(super) fn kind_and_mode(sheet: &mut Sheet<'_>) {
    let Some(mode) = inland_mode(sheet).filter(|mode| matches!(*mode, "1" | "2" | "3" | "4" | "8")) else {
        return;
    };
    for kind in departures(sheet).iter().flatten().filter_map(|means| means.find("typeOfIdentification")) {
        let text = kind.text().trim();
        if !text.starts_with(mode) {
            sheet.raise(
                kind,
                format!("a means of kind {text} does not go by inland mode {mode}"),
                format!("a kind that begins with {mode}"),
                text,
            );
        }
    }
}

/// R0474: by road the tractor comes first.
pub(super) fn tractor_first(sheet: &mut Sheet<'_>) {
    by_road(sheet, true);
}

/// R0476: then trailers.
pub(super) fn trailers_after(sheet: &mut Sheet<'_>) {
    by_road(sheet, false);
}

fn by_road(sheet: &mut Sheet<'_>, first: bool) {
    if inland_mode(sheet) != Some(ROAD) {
        return;
    }
    let (expected, message) = match first {
        true => ("30", "the first means by road is a tractor"),
        false => ("31", "after the tractor come trailers"),
    };
    for level in departures(sheet) {
        let (skipped, most) = if first { (0, 1) } else { (1, usize::MAX) };
        for kind in
            level.iter().skip(skipped).take(most).filter_map(|means| means.find("typeOfIdentification"))
        {
            if kind.text().trim() != expected {
                sheet.raise(kind, message, expected, kind.text().trim());
            }
        }
    }
}

/// R0315: by air the conveyance reference is a flight number: airline of up to 3, number of up to 4 digits, a letter at most.
pub(super) fn flight(sheet: &mut Sheet<'_>) {
    if sheet.message.find_value("Consignment/modeOfTransportAtTheBorder") != Some(AIR) {
        return;
    }
    for reference in sheet.root().list_at("Consignment/ActiveBorderTransportMeans/conveyanceReferenceNumber")
    {
        let text = reference.text().trim();
        if !is_flight(text) {
            sheet.raise(reference, "the conveyance reference is no flight number", "such as TK0123", text);
        }
    }
}

fn is_flight(text: &str) -> bool {
    let text = text.strip_suffix(|last: char| last.is_ascii_alphabetic()).unwrap_or(text);
    (1..=3).any(|length| {
        let (airline, number) = (text.get(..length), text.get(length..));
        airline.is_some_and(|airline| airline.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            && number.is_some_and(|number| {
                (1..=4).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
            })
    })
}

/// R0855: how many means a mode has.
pub(super) fn how_many(sheet: &mut Sheet<'_>) {
    let most = match inland_mode(sheet) {
        None | Some(RAIL) => return,
        Some(ROAD) => 3,
        Some(_) => 1,
    };
    for level in departures(sheet) {
        if let Some(beyond) = level.get(most) {
            let found = level.len().to_string();
            sheet.raise(
                beyond,
                "the mode of transport has no so many means at departure",
                format!("at most {most}"),
                &found,
            );
        }
    }
}

fn capitals(sheet: &mut Sheet<'_>, means: &[&Element], kinds: &[&str]) {
    for one in means {
        let (Some(kind), Some(number)) =
            (one.find_value("typeOfIdentification"), one.find("identificationNumber"))
        else {
            continue;
        };
        if kinds.contains(&kind) && number.text().chars().any(char::is_lowercase) {
            let message = format!("the identification of a means of kind {kind} has lower case");
            sheet.raise(number, message, number.text().trim().to_uppercase(), number.text().trim());
        }
    }
}

/// R0473: at departure.
pub(super) fn capitals_at_departure(sheet: &mut Sheet<'_>) {
    for level in departures(sheet) {
        capitals(sheet, &level, &CAPITALS);
    }
}

/// R0076: at the border.
pub(super) fn capitals_at_border(sheet: &mut Sheet<'_>) {
    let means = sheet.root().list_at("Consignment/ActiveBorderTransportMeans");
    capitals(sheet, &means, &CAPITALS_AT_BORDER);
}

/// R0789: several means at the border need an office of transit.
pub(super) fn border_means(sheet: &mut Sheet<'_>) {
    let means = sheet.root().list_at("Consignment/ActiveBorderTransportMeans");
    if let (Some(second), None) = (means.get(1), sheet.root().find("CustomsOfficeOfTransitDeclared")) {
        sheet.raise(
            second,
            "several means at the border, and no office of transit",
            "one means",
            &means.len().to_string(),
        );
    }
}
