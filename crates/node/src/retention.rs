//! How long records are kept, by kind and law, and what is removed when its time is over.
//!
//! What a hash or a signature rests on stays: entries of dossiers and the events that they name, messages whose decisions they
//! carry, the audit log. The report says so instead of leaving it out.

use crate::limits::MOST_RETENTION_MONTHS;
use crate::people::Attempt;
use crate::{Desk, Refusal};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use kervan_model::{Confidence, Finding, Reference};
use kervan_store::{Aged, MOST_LISTED, Write};
use serde::Deserialize;

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// Positions of devices.
    Positions,
    /// What sensors of devices read.
    Readings,
    /// Estimates of arrival.
    Estimates,
    /// Entries of dossiers.
    Entries,
    /// Events.
    Events,
    /// Messages of customs.
    Messages,
    /// The audit log.
    Audit,
}

impl RecordKind {
    /// Every kind, in order.
    pub const ALL: [Self; 7] = [
        Self::Positions,
        Self::Readings,
        Self::Estimates,
        Self::Entries,
        Self::Events,
        Self::Messages,
        Self::Audit,
    ];

    /// The word of the table.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Positions => "positions",
            Self::Readings => "readings",
            Self::Estimates => "estimates",
            Self::Entries => "entries",
            Self::Events => "events",
            Self::Messages => "messages",
            Self::Audit => "audit",
        }
    }

    /// Why it is never removed here; nothing if it is.
    pub const fn stays_because(self) -> Option<&'static str> {
        match self {
            Self::Positions | Self::Readings | Self::Estimates => None,
            Self::Entries => {
                Some("each names the hash of the one before; groups are withheld from copies instead")
            }
            Self::Events => Some("entries name them by hash"),
            Self::Messages => {
                Some("decisions rest on them; those that were refused lose their text by themselves")
            }
            Self::Audit => Some("each line holds the hash of the one before"),
        }
    }
}

/// Whether a law says how long at least, or how long at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetentionRule {
    /// It must be kept so long.
    Least,
    /// It must not be kept longer.
    Most,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionRow {
    /// The kind of record.
    pub kind: RecordKind,
    /// At least, or at most.
    pub rule: RetentionRule,
    /// What asks for it, in words.
    pub law: String,
    /// How long. Unit: month.
    pub months: u32,
    /// The text of the law, or `judgement`.
    pub source: String,
    /// How sure that is.
    pub confidence: Confidence,
}

/// How the source of a row begins that no law stands behind.
const JUDGEMENT: &str = "judgement";

impl RetentionRow {
    /// Whether the time is the judgement of whoever wrote the row, and no law's.
    pub fn is_judgement(&self) -> bool {
        self.source.trim_start().starts_with(JUDGEMENT)
    }

    /// What a reader could be misled by; nothing if the row says what it is.
    fn find_fault(&self) -> Option<String> {
        let low = self.confidence == Confidence::Low;
        if self.months == 0 || self.months > MOST_RETENTION_MONTHS {
            Some(format!("{} months are no time to keep anything", self.months))
        } else if self.source.trim().is_empty() {
            Some("a row names its source".to_owned())
        } else if self.is_judgement() && !low {
            Some("what is judgement has the confidence `low`".to_owned())
        } else if low && !self.is_judgement() {
            Some("of confidence `low` is only what is judgement: let the source begin with that word, or name law and article".to_owned())
        } else {
            None
        }
    }
}

/// What the table and a store say of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionLine {
    /// The kind.
    pub kind: RecordKind,
    /// How long it must be kept; nought if no law asks for it. Unit: month.
    pub least: u32,
    /// After how long it goes; nothing if it may stay. Unit: month.
    pub goes_after: Option<u32>,
    /// What is older goes.
    pub before: Option<Timestamp>,
    /// How many records are due; nothing where they are not counted because they stay.
    pub due: Option<u64>,
    /// Why it stays though it may be old.
    pub stays_because: Option<&'static str>,
    /// The laws, each with its source.
    pub laws: Vec<RetentionRow>,
}

/// Reads the table. Errors: every row that cannot be used, by its line, and why.
pub fn parse_retention(text: &str) -> Result<Vec<RetentionRow>, Vec<Finding>> {
    let (mut rows, mut findings) = (Vec::new(), Vec::new());
    for (number, row) in csv::Reader::from_reader(text.as_bytes()).deserialize::<RetentionRow>().enumerate() {
        let fault = match &row {
            Ok(row) => row.find_fault(),
            Err(error) => Some(kervan_model::in_plain_words(&error)),
        };
        match (row, fault) {
            (Ok(row), None) => rows.push(row),
            (_, fault) => {
                let (line, why) = (number + 2, fault.unwrap_or_default());
                findings.push(
                    Finding::error("retention.row", format!("retention/retention.csv line {line}: {why}"))
                        .at(format!("retention/retention.csv:{line}"))
                        .remedy("correct the row; data/retention/README.md explains the columns"),
                );
            }
        }
    }
    if findings.is_empty() { Ok(rows) } else { Err(findings) }
}

/// After how long a kind goes: the shortest of what may not be exceeded, but never before what must be kept.
fn goes_after(rows: &[RetentionRow]) -> (u32, Option<u32>) {
    let of = |rule: RetentionRule| rows.iter().filter(move |row| row.rule == rule).map(|row| row.months);
    let least = of(RetentionRule::Least).max().unwrap_or(0);
    (least, of(RetentionRule::Most).min().map(|most| most.max(least)))
}

/// What the table says of a store now: each kind, its laws, and how many records are due.
///
/// Errors: the store failed.
pub fn assess_retention(
    desk: &Desk,
    rows: &[RetentionRow],
    now: Timestamp,
) -> Result<Vec<RetentionLine>, Refusal> {
    let mut lines = sum_up_retention(rows);
    for line in &mut lines {
        line.before = line.goes_after.and_then(|months| {
            let zoned = now.to_zoned(TimeZone::UTC).checked_sub(Span::new().months(i64::from(months)));
            zoned.ok().map(|zoned| zoned.timestamp())
        });
        if let Some(before) = line.before {
            let mut due = 0;
            walk(desk, line.kind, &mut |aged| {
                due += desk.store.count_aged(&aged, before)?;
                Ok(())
            })?;
            line.due = Some(due);
        }
    }
    Ok(lines)
}

/// What the table says of every kind, without a store: nothing is counted.
pub fn sum_up_retention(rows: &[RetentionRow]) -> Vec<RetentionLine> {
    let line = |kind: RecordKind| {
        let laws: Vec<RetentionRow> = rows.iter().filter(|row| row.kind == kind).cloned().collect();
        let (least, goes_after) = goes_after(&laws);
        let stays_because = kind.stays_because();
        let goes_after = goes_after.filter(|_| stays_because.is_none());
        RetentionLine { kind, least, goes_after, before: None, due: None, stays_because, laws }
    };
    RecordKind::ALL.into_iter().map(line).collect()
}

/// Removes what is due, and puts it on record. Returns how many records were removed.
///
/// Errors: the store failed; what was removed before stays removed and can be told again.
pub fn apply_retention(desk: &Desk, by: &Attempt<'_>, lines: &[RetentionLine]) -> Result<u64, Refusal> {
    let mut removed = 0;
    for line in lines {
        let (Some(before), Some(due @ 1..)) = (line.before, line.due) else { continue };
        walk(desk, line.kind, &mut |aged| {
            if desk.store.count_aged(&aged, before)? > 0 {
                desk.store.save(vec![Write::RemoveAged { aged, before }])?;
            }
            Ok(())
        })?;
        let (number, until) = (due.to_string(), before.to_string());
        let detail = [("records", number.as_str()), ("before", until.as_str())];
        desk.store.save(vec![by.record("retention-applied", line.kind.word(), &detail)])?;
        removed += due;
    }
    if removed > 0 {
        desk.store.scrub()?;
    }
    Ok(removed)
}

/// Whatever of a kind a store may hold: by device, or by consignment.
fn walk(
    desk: &Desk,
    kind: RecordKind,
    see: &mut dyn FnMut(Aged) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    match kind {
        RecordKind::Positions | RecordKind::Readings => {
            let mut after = 0;
            loop {
                let devices = desk.store.list_devices(after)?;
                let Some((last, _)) = devices.last() else { return Ok(()) };
                after = *last;
                for (_, name) in devices {
                    see(if kind == RecordKind::Positions {
                        Aged::Positions(name)
                    } else {
                        Aged::Readings(name)
                    })?;
                }
            }
        }
        RecordKind::Estimates => {
            let mut after: Option<Reference> = None;
            loop {
                let rows = desk.store.list_consignments(None, after.as_ref(), MOST_LISTED)?;
                let Some(last) = rows.last() else { return Ok(()) };
                after = Some(last.reference.clone());
                for row in rows {
                    see(Aged::Estimates(row.reference))?;
                }
            }
        }
        RecordKind::Entries | RecordKind::Events | RecordKind::Messages | RecordKind::Audit => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duty_to_keep_stands_before_a_duty_to_erase() {
        let cases = [
            ("positions,most,a,12,s,high\npositions,most,b,24,s,high", (0, Some(12))),
            ("positions,least,a,36,s,high\npositions,most,b,24,judgement: x,low", (36, Some(36))),
            ("positions,least,a,36,s,high\npositions,least,b,12,s,medium", (36, None)),
            ("", (0, None)),
        ];
        for (rows, expected) in cases {
            let rows = parse_retention(&format!("kind,rule,law,months,source,confidence\n{rows}\n")).unwrap();
            assert_eq!(goes_after(&rows), expected, "{rows:?}");
        }
    }

    #[test]
    fn rows_that_say_nothing_are_named() {
        let text = "kind,rule,law,months,source,confidence
gossip,most,a,12,s,low
positions,most,a,0,s,low
positions,most,a,9999,s,low
positions,most,a,12, ,low
positions,most,a,12,s,sure
positions,most,a,12,judgement: usual,medium
positions,most,a,12,some law,low
";
        let faults = parse_retention(text).unwrap_err();
        assert_eq!(faults.len(), 7, "{faults:?}");
        for (fault, line) in faults.iter().zip(2..) {
            let message = &fault.message;
            assert!(message.starts_with(&format!("retention/retention.csv line {line}: ")), "{message}");
        }
    }

    #[test]
    fn the_table_that_comes_with_the_program_is_whole() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/retention/retention.csv");
        let rows = parse_retention(&std::fs::read_to_string(file).unwrap()).unwrap();
        for kind in RecordKind::ALL {
            assert!(rows.iter().any(|row| row.kind == kind), "{kind:?}");
        }
        // What is no judgement names a text of law and the article in it.
        for row in rows.iter().filter(|row| !row.is_judgement()) {
            assert!(row.source.contains("No ") && row.source.contains("article "), "{row:?}");
        }
    }
}
