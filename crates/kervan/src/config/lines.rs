//! On which line of a file of TOML a key stands, as the reader of TOML itself found it: in quotes, with dots, in an inline table.

use toml::de::{DeTable, DeValue};

/// The keys of a file with where they stand.
pub(super) struct Lines<'a> {
    text: &'a str,
    /// Nothing where the text is no TOML.
    table: Option<DeTable<'a>>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, table: DeTable::parse(text).ok().map(toml::Spanned::into_inner) }
    }

    /// The line of a key of a table, or of the table's own name.
    pub(super) fn find(&self, table: &str, key: Option<&str>) -> Option<usize> {
        let (name, value) = self.table.as_ref()?.iter().find(|(name, _)| name.get_ref() == table)?;
        let start = match (key, value.get_ref()) {
            (None, _) => name.span().start,
            (Some(key), DeValue::Table(keys)) => {
                keys.iter().find(|(name, _)| name.get_ref() == key)?.0.span().start
            }
            (Some(_), _) => return None,
        };
        Some(line_at(self.text, start))
    }
}

/// The line of a place in a text. Unit: the place is a byte.
pub(super) fn line_at(text: &str, start: usize) -> usize {
    1 + text.get(..start).unwrap_or_default().matches('\n').count()
}
