//! What the notes of carriage by rail share: texts in parallel languages, wagons, payers, and their data.

pub(crate) mod data;
pub(crate) mod findings;
pub(crate) mod list_data;
pub(crate) mod list_form;
pub(crate) mod texts;

/// How many wagons or containers a note names itself; more stand in a list. Judgement: what the boxes hold legibly.
pub(crate) const LISTED_ABOVE: usize = 4;
