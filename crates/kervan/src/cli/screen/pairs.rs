//! `kervan screen pairs`: two names in every row, a score and its reasons for each.

use super::super::{Failure, Outcome, output};
use super::{kind, load_tables, share, threshold};
use crate::facts::Facts;
use clap::Args;
use kervan_model::harmless_cell;
use kervan_screening::limits::MOST_PAIRS;
use kervan_screening::{PartyKind, Tables};
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Compare the names of a table: columns left, right and kind; others are kept.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan screen pairs pairs.csv
  kervan screen pairs pairs.csv --csv > scored.csv
  kervan screen pairs pairs.csv --json

A column `match` (or `label`, `expected`) with 1 or 0 is compared with the verdict: precision, recall and F1 are printed.")]
pub(super) struct PairsCommand {
    /// The table, CSV with a header.
    file: PathBuf,
    /// What the names are of where no column says it.
    #[arg(long)]
    kind: Option<String>,
    /// Least score of a match, 0 to 1.
    #[arg(long)]
    threshold: Option<f64>,
    /// Print all columns with score, verdict and reasons as CSV.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

/// The columns that matter.
struct Columns {
    left: usize,
    right: usize,
    kind: Option<usize>,
    label: Option<usize>,
}

struct Scored {
    record: csv::StringRecord,
    score: kervan_screening::Score,
    matched: bool,
    reasons: String,
    label: Option<bool>,
}

/// Precision, recall and their harmonic mean, once there are labels.
#[derive(Default)]
struct Quality {
    right: u32,
    wrong: u32,
    missed: u32,
    passed: u32,
}

impl Quality {
    fn count(rows: &[Scored]) -> Option<Self> {
        let mut quality = Self::default();
        let mut any = false;
        for row in rows {
            let Some(label) = row.label else { continue };
            any = true;
            match (row.matched, label) {
                (true, true) => quality.right += 1,
                (true, false) => quality.wrong += 1,
                (false, true) => quality.missed += 1,
                (false, false) => quality.passed += 1,
            }
        }
        any.then_some(quality)
    }

    fn of(part: u32, whole: u32) -> f64 {
        if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
    }

    fn precision(&self) -> f64 {
        Self::of(self.right, self.right + self.wrong)
    }

    fn recall(&self) -> f64 {
        Self::of(self.right, self.right + self.missed)
    }

    fn f1(&self) -> f64 {
        Self::of(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }
}

fn find_columns(head: &csv::StringRecord) -> Result<Columns, Failure> {
    let find = |names: &[&str]| {
        names.iter().find_map(|name| head.iter().position(|column| column.trim().eq_ignore_ascii_case(name)))
    };
    let left = find(&["left", "left_name", "name_left", "name1", "name_1", "name_a", "a", "query"]);
    let right = find(&["right", "right_name", "name_right", "name2", "name_2", "name_b", "b", "result"]);
    let kind = find(&["kind", "type", "schema", "entity_type"]);
    let label = find(&["match", "label", "expected", "is_match", "same", "target", "truth"]);
    match (left, right) {
        (Some(left), Some(right)) => Ok(Columns { left, right, kind, label }),
        _ => Err(Failure::new(format!(
            "the columns left and right are wanted, the header has {}",
            head.iter().collect::<Vec<_>>().join(", ")
        ))
        .remedy("a first line such as left,right,kind")),
    }
}

/// What parts the columns: a comma, or a semicolon or tabulator where the first line has no comma.
fn delimiter_of(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    match (head.contains(','), head.contains('\t'), head.contains(';')) {
        (false, true, _) => b'\t',
        (false, false, true) => b';',
        _ => b',',
    }
}

fn label_of(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "1" | "1.0" | "true" | "t" | "yes" | "y" | "match" | "same" | "positive" => Some(true),
        "0" | "0.0" | "false" | "f" | "no" | "n" | "no-match" | "no_match" | "nonmatch" | "different"
        | "negative" => Some(false),
        _ => None,
    }
}

/// Runs the command.
pub(super) fn run(command: &PairsCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let tables = load_tables(facts)?;
    let (least, default) = (threshold(command.threshold, &tables)?, kind(command.kind.as_deref())?);
    let unreadable = |error: String| Failure::new(format!("{}: {error}", command.file.display()));
    let text =
        std::fs::read(&command.file).map_err(|error| unreadable(kervan_model::in_plain_words(&error)))?;
    let text = String::from_utf8(text).map_err(|_| unreadable("it is not UTF-8".to_owned()))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).delimiter(delimiter_of(text)).from_reader(text.as_bytes());
    let head = reader.headers().map_err(|error| unreadable(kervan_model::in_plain_words(&error)))?.clone();
    let columns = find_columns(&head)?;
    let mut rows: Vec<Scored> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(kervan_model::in_plain_words(&error)))?;
        if rows.len() >= MOST_PAIRS {
            return Err(unreadable(format!("more than {MOST_PAIRS} pairs")).remedy("split the file"));
        }
        rows.push(score_row(&tables, &columns, record, default, least));
    }
    let quality = Quality::count(&rows);
    if command.json {
        print_json(&head, &columns, &rows, quality.as_ref(), share(least));
    } else if command.csv {
        print_csv(&head, &rows).map_err(|error| Failure::new(error.to_string()))?;
    } else {
        print_table(&columns, &rows, quality.as_ref());
    }
    Ok(Outcome::Done)
}

fn score_row(
    tables: &Tables,
    columns: &Columns,
    record: csv::StringRecord,
    default: Option<PartyKind>,
    least: kervan_screening::Score,
) -> Scored {
    let cell = |at: usize| record.get(at).unwrap_or("");
    let kind = columns.kind.and_then(|at| PartyKind::find(cell(at))).or(default);
    let compared = tables.compare_texts(cell(columns.left), cell(columns.right), kind);
    let reasons: Vec<String> = compared.reasons.iter().map(ToString::to_string).collect();
    let label = columns.label.and_then(|at| label_of(cell(at)));
    let matched = compared.score >= least;
    Scored { score: compared.score, matched, reasons: reasons.join("; "), label, record }
}

fn verdict(matched: bool) -> &'static str {
    if matched { "match" } else { "no-match" }
}

fn print_json(
    head: &csv::StringRecord,
    columns: &Columns,
    rows: &[Scored],
    quality: Option<&Quality>,
    threshold: f64,
) {
    let pairs: Vec<Value> = rows
        .iter()
        .map(|row| {
            let mut pair = Map::new();
            for (at, name) in head.iter().enumerate() {
                let name = match at {
                    at if at == columns.left => "left",
                    at if at == columns.right => "right",
                    _ => name,
                };
                pair.insert(name.to_owned(), row.record.get(at).unwrap_or("").into());
            }
            pair.insert("score".to_owned(), share(row.score).into());
            pair.insert("verdict".to_owned(), verdict(row.matched).into());
            pair.insert("reasons".to_owned(), row.reasons.split("; ").collect::<Vec<_>>().into());
            Value::Object(pair)
        })
        .collect();
    let quality = quality.map(|quality| {
        json!({
            "precision": quality.precision(), "recall": quality.recall(), "f1": quality.f1(),
            "true_positives": quality.right, "false_positives": quality.wrong,
            "false_negatives": quality.missed, "true_negatives": quality.passed
        })
    });
    output::json(&json!({ "threshold": threshold, "pairs": pairs, "quality": quality }));
}

fn print_csv(head: &csv::StringRecord, rows: &[Scored]) -> Result<(), csv::Error> {
    write_csv(std::io::stdout().lock(), head, rows)
}

/// What stood in the file of others goes on as cells with which no spreadsheet computes.
fn write_csv(out: impl std::io::Write, head: &csv::StringRecord, rows: &[Scored]) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(out);
    let names = head.iter().chain(["score", "verdict", "reasons"]).map(harmless_cell);
    writer.write_record(names.map(|name| name.into_owned()))?;
    for row in rows {
        let score = row.score.to_string();
        let cells = (0..head.len()).map(|at| row.record.get(at).unwrap_or(""));
        let cells = cells.chain([score.as_str(), verdict(row.matched), &row.reasons]).map(harmless_cell);
        writer.write_record(cells.map(|cell| cell.into_owned()))?;
    }
    writer.flush()?;
    Ok(())
}

fn print_table(columns: &Columns, rows: &[Scored], quality: Option<&Quality>) {
    let mut table = output::table(&["score", "verdict", "left", "right", "reasons"]);
    for row in rows {
        let mut word = verdict(row.matched).to_owned();
        if row.label.is_some_and(|label| label != row.matched) {
            word.push_str("\n(labelled otherwise)");
        }
        let cell = |at: usize| row.record.get(at).unwrap_or("").to_owned();
        let reasons = row.reasons.replace("; ", "\n");
        table.add_row([row.score.to_string(), word, cell(columns.left), cell(columns.right), reasons]);
    }
    output::line(&table.to_string());
    output::line(&format!("{} pairs", rows.len()));
    if let Some(quality) = quality {
        output::line(&format!(
            "precision {:.3}, recall {:.3}, F1 {:.3}; {} matches right, {} wrong, {} missed",
            quality.precision(),
            quality.recall(),
            quality.f1(),
            quality.right,
            quality.wrong,
            quality.missed
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_that_goes_on_is_a_formula() {
        let head = csv::StringRecord::from(vec!["left", "right", "@note"]);
        let record = csv::StringRecord::from(vec!["=HYPERLINK(\"http://x\")", "Altyn Jol", "-1+1"]);
        let mut out = Vec::new();
        let row = Scored {
            record,
            score: kervan_screening::Score::default(),
            matched: false,
            reasons: "+x".into(),
            label: None,
        };
        write_csv(&mut out, &head, &[row]).unwrap();
        let mut read = csv::Reader::from_reader(out.as_slice());
        assert_eq!(read.headers().unwrap().get(2), Some("'@note"));
        let cells: Vec<String> = read.records().next().unwrap().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(
            [&cells[0], &cells[1], &cells[2], &cells[5]],
            ["'=HYPERLINK(\"http://x\")", "Altyn Jol", "'-1+1", "'+x"]
        );
    }
}
