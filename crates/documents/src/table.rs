//! Reads the small tables of facts that are built into the program.

use serde::de::DeserializeOwned;

/// The rows of a table. A row that cannot be read is left out; the tests read every table with [`read_strictly`].
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Vec<T> {
    csv::Reader::from_reader(text.as_bytes()).into_deserialize().filter_map(Result::ok).collect()
}

/// The rows of a table.
///
/// Errors: the first row that cannot be read.
#[cfg(test)]
pub(crate) fn read_strictly<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, csv::Error> {
    csv::Reader::from_reader(text.as_bytes()).into_deserialize().collect()
}
