//! The rows of a decision table in a CSV file beside the pack.

use super::file::Parameter;
use super::reading::Reading;
use super::table::RowFile;

/// Reads rows: the columns before `gives` are the keys in order, `gives` is the answer, `source` where it comes from.
///
/// Errors: what is wrong, in words.
pub(super) fn read_rows(name: &str, reading: &Reading<'_>) -> Result<Vec<RowFile>, String> {
    let text = reading.text(name).ok_or_else(|| format!("the file `{name}` is missing"))?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader
        .headers()
        .map_err(|error| format!("{name}: {}", kervan_model::in_plain_words(&error)))?
        .clone();
    let place = |wanted: &str| {
        header
            .iter()
            .position(|column| column == wanted)
            .ok_or_else(|| format!("{name}: there is no column `{wanted}`"))
    };
    let (gives, source) = (place("gives")?, place("source")?);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| format!("{name}: {}", kervan_model::in_plain_words(&error)))?;
        let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
        let answer = cell(gives);
        rows.push(RowFile {
            when: (0..gives).map(cell).collect(),
            gives: answer.parse().map_or(Parameter::Text(answer), Parameter::Int),
            source: cell(source),
        });
    }
    Ok(rows)
}
