//! Means of transport.

use super::Sheet;
use crate::element::Element;

/// Kinds of means whose identification has no lower case.
const CAPITALS: [&str; 8] = ["10", "20", "21", "30", "31", "40", "41", "80"];
/// Modes of transport that the rules speak of.
const RAIL: &str = "2";
const ROAD: &str = "3";

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

/// R0474: by road the tractor comes first, then trailers.
pub(super) fn tractor_first(sheet: &mut Sheet<'_>) {
    if inland_mode(sheet) != Some(ROAD) {
        return;
    }
    for level in departures(sheet) {
        for (index, means) in level.iter().enumerate() {
            let expected = if index == 0 { "30" } else { "31" };
            if let Some(kind) = means.find("typeOfIdentification")
                && kind.text().trim() != expected
            {
                let message = if index == 0 {
                    "the first means by road is a tractor"
                } else {
                    "after the tractor come trailers"
                };
                sheet.raise(kind, message, expected, kind.text().trim());
            }
        }
    }
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

fn capitals(sheet: &mut Sheet<'_>, means: &[&Element]) {
    for one in means {
        let (Some(kind), Some(number)) =
            (one.find_value("typeOfIdentification"), one.find("identificationNumber"))
        else {
            continue;
        };
        if CAPITALS.contains(&kind) && number.text().chars().any(char::is_lowercase) {
            let message = format!("the identification of a means of kind {kind} has lower case");
            sheet.raise(number, message, number.text().trim().to_uppercase(), number.text().trim());
        }
    }
}

/// R0473: at departure.
pub(super) fn capitals_at_departure(sheet: &mut Sheet<'_>) {
    for level in departures(sheet) {
        capitals(sheet, &level);
    }
}

/// R0076: at the border.
pub(super) fn capitals_at_border(sheet: &mut Sheet<'_>) {
    let means = sheet.root().list_at("Consignment/ActiveBorderTransportMeans");
    capitals(sheet, &means);
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
