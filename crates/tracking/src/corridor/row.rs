//! One row of the state of a corridor, and its forms for programs.

use super::parquet::ParquetColumn;
use kervan_model::csv_cell;
use serde::Serialize;
use std::fmt::Write as _;

/// What a row speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// Stays at a place.
    Place,
    /// Rides from a place to the next.
    Ride,
    /// Rides over a link; their time is shared out by length.
    Link,
    /// Whole journeys, from ready to received.
    Route,
}

impl RowKind {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Ride => "ride",
            Self::Link => "link",
            Self::Route => "route",
        }
    }
}

/// One row: how long, how many, how reliable. Unit: hour; percentiles are absent where nothing ended in the window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CorridorRow {
    /// What it speaks of.
    pub kind: RowKind,
    /// A place, a link, or `from>to`.
    pub id: String,
    /// How many ended within the window.
    pub count: u64,
    /// The same for each day.
    pub per_day: f64,
    /// At a place: how many were there at the end of the window.
    pub queue: Option<u64>,
    /// 10 % quantile.
    pub p10_h: Option<f64>,
    /// Median.
    pub p50_h: Option<f64>,
    /// 90 % quantile.
    pub p90_h: Option<f64>,
    /// 95 % quantile.
    pub p95_h: Option<f64>,
    /// How much more than the mean must be allowed for to be in time 19 times of 20, as a share of the mean: 0 is reliable.
    /// Source: buffer index, FHWA, Travel time reliability (2006).
    pub buffer_index: Option<f64>,
}

const HEADER: &str = "kind,id,count,per_day,queue,p10_h,p50_h,p90_h,p95_h,buffer_index";

/// Rows as CSV (RFC 4180), with a header; hours and shares with three decimals.
pub fn to_csv(rows: &[CorridorRow]) -> String {
    let mut text = format!("{HEADER}\r\n");
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.3}"));
    for row in rows {
        let queue = row.queue.map_or_else(String::new, |queue| queue.to_string());
        let hours = [row.p10_h, row.p50_h, row.p90_h, row.p95_h, row.buffer_index].map(number).join(",");
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "{},{},{},{:.3},{queue},{hours}\r\n",
            row.kind.word(),
            csv_cell(&row.id),
            row.count,
            row.per_day
        );
    }
    text
}

/// Rows as the columns of a Parquet file.
pub fn columns(rows: &[CorridorRow]) -> Vec<(&'static str, ParquetColumn)> {
    let floats =
        |pick: fn(&CorridorRow) -> Option<f64>| ParquetColumn::Doubles(rows.iter().map(pick).collect());
    vec![
        ("kind", ParquetColumn::Texts(rows.iter().map(|row| row.kind.word().to_owned()).collect())),
        ("id", ParquetColumn::Texts(rows.iter().map(|row| row.id.clone()).collect())),
        ("count", ParquetColumn::Integers(rows.iter().map(|row| i64::try_from(row.count).ok()).collect())),
        ("per_day", floats(|row| Some(row.per_day))),
        (
            "queue",
            ParquetColumn::Integers(
                rows.iter().map(|row| row.queue.and_then(|queue| i64::try_from(queue).ok())).collect(),
            ),
        ),
        ("p10_h", floats(|row| row.p10_h)),
        ("p50_h", floats(|row| row.p50_h)),
        ("p90_h", floats(|row| row.p90_h)),
        ("p95_h", floats(|row| row.p95_h)),
        ("buffer_index", floats(|row| row.buffer_index)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_of_the_export_is_a_formula() {
        let row = |id: &str| CorridorRow {
            kind: RowKind::Place,
            id: id.to_owned(),
            count: 1,
            per_day: 0.5,
            queue: None,
            p10_h: Some(-1.0),
            p50_h: None,
            p90_h: None,
            p95_h: None,
            buffer_index: None,
        };
        let ids = ["=1+1", "+1", "-1+1", "-1", "@A1", "\t=1", "\r=1", "a,\"b\"", "KZAAU"];
        let text = to_csv(&ids.map(row));
        let mut read = csv::Reader::from_reader(text.as_bytes());
        let cells: Vec<String> = read.records().map(|record| record.unwrap()[1].to_owned()).collect();
        assert_eq!(cells, ["'=1+1", "'+1", "'-1+1", "-1", "'@A1", "'\t=1", "'\r=1", "a,\"b\"", "KZAAU"]);
    }
}
