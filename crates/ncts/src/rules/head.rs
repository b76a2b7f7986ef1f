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
