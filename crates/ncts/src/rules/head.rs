//! The head of a message, and its dates.

use super::Sheet;

/// The message type in the head is that of the root.
pub(super) fn message_type(sheet: &mut Sheet<'_>) {
    let code = sheet.message.kind.code();
    if let Some(element) = sheet.root().find("messageType")
        && element.text().trim() != code
    {
        sheet.raise(element, "the head names another message", code, element.text().trim());
    }
}

/// Pairs of dates of which the first is not after the second. Shape: both as ISO 8601 without zone, of which only the day counts.
const ORDER: [(&str, &str); 4] = [
    ("TransitOperation/amendmentSubmissionDateAndTime", "TransitOperation/amendmentAcceptanceDateAndTime"),
    ("Invalidation/requestDateAndTime", "Invalidation/decisionDateAndTime"),
    ("TransitOperation/declarationAcceptanceDate", "TransitOperation/releaseDate"),
    ("TransitOperation/declarationAcceptanceDate", "preparationDateAndTime"),
];

/// What comes first is not dated later.
pub(super) fn dates(sheet: &mut Sheet<'_>) {
    for (before, after) in ORDER {
        let (Some(first), Some(second)) = (sheet.root().at(before), sheet.root().at(after)) else { continue };
        let (one, other) = (first.text().trim(), second.text().trim());
        // The schema has them as year, month, day: the order of texts is that of days.
        if let (Some(day), Some(next)) = (one.get(..10), other.get(..10))
            && day > next
        {
            let message = format!("{} of {day} is after {} of {next}", first.name(), second.name());
            sheet.raise(first, message, format!("a day not after {next}"), one);
        }
    }
}

/// R0004: an office of transit is reached after the release.
pub(super) fn after_release(sheet: &mut Sheet<'_>) {
    arrivals_after(sheet, "TransitOperation/releaseDate");
}

/// R0005: an office of transit is reached after the message was prepared.
pub(super) fn after_preparation(sheet: &mut Sheet<'_>) {
    arrivals_after(sheet, "preparationDateAndTime");
}

fn arrivals_after(sheet: &mut Sheet<'_>, path: &str) {
    let Some(before) = sheet.message.find_value(path) else { return };
    for arrival in sheet.root().list_at("CustomsOfficeOfTransitDeclared/arrivalDateAndTimeEstimated") {
        let text = arrival.text().trim();
        // Both have one shape, so the order of texts is that of instants; a day is before every instant in it.
        if text <= before {
            let message = format!("the office of transit is reached at {text}, not after {before}");
            sheet.raise(arrival, message, format!("a time after {before}"), text);
        }
    }
}
