//! Whether a store says what its facts say: every entry is what its author signed, every dossier folds, every event is found by the index,
//! and every projection is what the facts give when it is made again.

use crate::case_file::{load_dossier, load_events, read_movement, read_summary};
use crate::circle::circle_of;
use crate::project::summarize;
use crate::scribe::to_text;
use crate::store_check_tracking::compare_tracking;
use crate::{Desk, Refusal, Summary, clear};
use jiff::Timestamp;
use kervan_dossier::fold;
use kervan_events::assess_progress;
use kervan_model::Reference;
use kervan_store::{CircleRow, ConsignmentRow, MOST_LISTED, MovementRow, Write};

/// Something in the store that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreDifference {
    /// What it is about: a consignment, a movement, the store itself.
    pub subject: String,
    /// Which part of it.
    pub part: String,
    /// What is stored, or what was found.
    pub stored: String,
    /// What the facts give; nothing if they cannot say.
    pub rebuilt: Option<String>,
    /// Whether writing the projections again mends it.
    pub mendable: bool,
}

/// What was looked at, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreReport {
    /// Dossiers that were folded.
    pub dossiers: u64,
    /// Entries in them, each held against its signature.
    pub entries: u64,
    /// Events, each looked for through the index.
    pub events: u64,
    /// Movements.
    pub movements: u64,
    /// Everything that is not what it should be.
    pub differences: Vec<StoreDifference>,
    /// Rows that were written again.
    pub mended: u64,
}

/// Looks through the whole store. With `rebuild`, projections are made again from the facts and compared; with `repair` as well, those
/// that differ are written. `tell` is called after each consignment.
///
/// What a projection holds that moves with the clock (the estimate, the last position, the share of the way) is not compared.
///
/// Errors: the store failed, or could not be written.
pub fn check_store(
    desk: &Desk,
    (rebuild, repair): (bool, bool),
    tell: &mut dyn FnMut(u64),
) -> Result<StoreReport, Refusal> {
    let mut report = StoreReport::default();
    let flaws = desk.store.check()?;
    report.events = flaws.events;
    report.differences.extend(flaws.found.into_iter().map(|(part, stored)| StoreDifference {
        subject: "store".to_owned(),
        part,
        stored,
        rebuilt: None,
        mendable: false,
    }));
    let mut after: Option<Reference> = None;
    loop {
        let rows = desk.store.list_consignments(None, after.as_ref(), MOST_LISTED)?;
        let Some(last) = rows.last() else { return Ok(report) };
        after = Some(last.reference.clone());
        for row in &rows {
            let mut writes = Vec::new();
            let found = check_consignment(desk, row, rebuild, &mut report, &mut writes);
            if let Err(refusal) = found {
                report.differences.push(broken(row, "dossier", &refusal.to_string()));
            }
            if repair && !writes.is_empty() {
                report.mended += writes.len() as u64;
                desk.save(writes)?;
            }
            tell(report.dossiers);
        }
    }
}

fn broken(row: &ConsignmentRow, part: &str, stored: &str) -> StoreDifference {
    StoreDifference {
        subject: row.reference.to_string(),
        part: part.to_owned(),
        stored: stored.to_owned(),
        rebuilt: None,
        mendable: false,
    }
}

fn check_consignment(
    desk: &Desk,
    row: &ConsignmentRow,
    rebuild: bool,
    report: &mut StoreReport,
    writes: &mut Vec<Write>,
) -> Result<(), Refusal> {
    // Reading a dossier holds every entry against its id, its signature and its parents.
    let dossier = load_dossier(desk, &row.dossier)?;
    report.dossiers += 1;
    report.entries += dossier.len() as u64;
    let state = fold(&dossier, &desk.rules.authority);
    let rows = desk.store.list_movements_of(&row.reference)?;
    report.movements += rows.len() as u64;
    let movements = rows.iter().map(read_movement).collect::<Result<Vec<_>, _>>()?;
    let events = load_events(desk, &row.reference)?;
    if !rebuild {
        return read_summary(row).map(|_| ());
    }
    for (row, file) in rows.iter().zip(&movements) {
        let made = clear::to_row(desk, file, &row.reference, row.updated)?;
        compare_movement(row, &made, report, writes);
    }
    compare_circle(desk, circle_of(&row.reference, &state, &movements), report, writes)?;
    let itinerary = state.itinerary.as_ref().map(|stated| &stated.fact);
    let progress = itinerary.map(|itinerary| assess_progress(itinerary, &events));
    if let (Some(itinerary), Some(progress)) = (itinerary, &progress) {
        let (found, mending) = compare_tracking(desk, &row.reference, itinerary, progress)?;
        report.differences.extend(found);
        writes.extend(mending);
    }
    let made = summarize(&desk.network, &state, &movements, progress.as_ref())?;
    compare_summary(row, made, report, writes)
}

fn compare_movement(
    row: &MovementRow,
    made: &MovementRow,
    report: &mut StoreReport,
    writes: &mut Vec<Write>,
) {
    let due = |row: &MovementRow| row.due.as_ref().map(Timestamp::to_string).unwrap_or_default();
    let parts = [
        ("state", row.state.clone(), made.state.clone()),
        ("id", row.id.to_string(), made.id.to_string()),
        ("due", due(row), due(made)),
    ];
    if keep_differences(&row.id.to_string(), parts, report) {
        writes.push(Write::Movement(made.clone()));
    }
}

/// Rights rest on the circle: whoever is in it and should not be sees what is not theirs.
fn compare_circle(
    desk: &Desk,
    mut made: CircleRow,
    report: &mut StoreReport,
    writes: &mut Vec<Write>,
) -> Result<(), Refusal> {
    made.members.sort();
    let told = |circle: &CircleRow| {
        let moves = if circle.moves { " with movements" } else { "" };
        let lines = circle.members.iter().map(|(who, bits)| format!("{who} {bits}{moves}"));
        lines.collect::<Vec<_>>().join(", ")
    };
    let stored = desk.store.find_circle(&made.reference)?;
    let parts = [("circle", told(&stored), told(&made))];
    if keep_differences(made.reference.as_str(), parts, report) {
        writes.push(Write::Circle(made));
    }
    Ok(())
}

fn compare_summary(
    row: &ConsignmentRow,
    made: Summary,
    report: &mut StoreReport,
    writes: &mut Vec<Write>,
) -> Result<(), Refusal> {
    // A summary that cannot be read is made again without what moves with the clock.
    let stored = read_summary(row).ok();
    let made = match &stored {
        Some(stored) => Summary {
            eta: stored.eta,
            position: stored.position,
            progress_permille: stored.progress_permille,
            ..made
        },
        None => made,
    };
    let text = to_text(&made)?;
    let stored = stored.map_or_else(|| Ok(row.summary.clone()), |stored| to_text(&stored))?;
    let parts =
        [("state", row.state.clone(), made.state.word().to_owned()), ("summary", stored, text.clone())];
    if keep_differences(row.reference.as_str(), parts, report) {
        let state = made.state.word().to_owned();
        writes.push(Write::Consignment(ConsignmentRow { state, summary: text, ..row.clone() }));
    }
    Ok(())
}

/// Keeps what differs. Returns whether anything does.
fn keep_differences<const N: usize>(
    subject: &str,
    parts: [(&str, String, String); N],
    report: &mut StoreReport,
) -> bool {
    let before = report.differences.len();
    for (part, stored, rebuilt) in parts {
        if stored != rebuilt {
            report.differences.push(StoreDifference {
                subject: subject.to_owned(),
                part: part.to_owned(),
                stored,
                rebuilt: Some(rebuilt),
                mendable: true,
            });
        }
    }
    report.differences.len() > before
}
