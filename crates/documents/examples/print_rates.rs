//! How fast forms are printed: `cargo run --release -p kervan-documents --example print_rates`. One JSON row per line.
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

#[path = "../tests/documents/sample/mod.rs"]
#[expect(clippy::unwrap_used, reason = "the sample is right, as the tests show")]
mod sample;

use kervan_documents::{Copies, Document, DocumentKind, Fonts, Package, Stamp, print_pdf, render_package};
use std::error::Error;
use std::io::Write;
use std::time::Instant;

/// Runs of each case; the median counts.
const RUNS: usize = 15;
/// Longest time of one warm PDF. Unit: millisecond.
const BAR: f64 = 60.0;

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout();
    for items in [3, 40, 200] {
        let consignment = if items == 3 { sample::consignment() } else { sample::large_consignment(items) };
        let itinerary = sample::itinerary();
        let inputs = sample::inputs(&consignment, Some(&itinerary), &[]);
        let documents: Vec<Document> =
            DocumentKind::ALL.into_iter().filter_map(|kind| sample::make(kind, &inputs).ok()).collect();
        for document in &documents {
            for (name, copies) in [("first sheet", Copies::First), ("all sheets", Copies::All)] {
                let code = Stamp::of(document).to_text();
                let taken =
                    median(|| print_pdf(document, &code, Fonts::built_in(), copies).map(|pdf| pdf.len()))?;
                let case = format!("{} {name}", document.kind);
                let bar = (items == 3 && copies == Copies::First).then_some(BAR);
                row(&mut out, &case, items, taken, bar)?;
            }
        }
        let package = Package {
            consignment: &consignment,
            itinerary: Some(&itinerary),
            place_name: &sample::place_name,
            issued: inputs.issued,
            dossier: inputs.dossier,
            head: inputs.head,
            documents: &documents,
            missing: &[],
            entries: &[],
            copies: Copies::First,
        };
        let taken = median(|| render_package(&package, Fonts::built_in()).map(|pdf| pdf.len()))?;
        row(&mut out, &format!("package of {} documents", documents.len()), items, taken, None)?;
    }
    Ok(())
}

/// Time of a run in milliseconds, after one that warms the fonts.
fn median<T, E>(mut work: impl FnMut() -> Result<T, E>) -> Result<f64, E> {
    work()?;
    let mut taken = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let start = Instant::now();
        work()?;
        taken.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    taken.sort_by(f64::total_cmp);
    Ok(taken.get(RUNS / 2).copied().unwrap_or_default())
}

fn row(out: &mut impl Write, case: &str, size: usize, value: f64, bar: Option<f64>) -> std::io::Result<()> {
    let met = bar.map(|bar| value <= bar);
    let line = serde_json::json!({
        "case": case, "size": size, "unit": "ms", "value": (value * 100.0).round() / 100.0, "bar": bar,
        "better": "lower", "met": met,
    });
    writeln!(out, "{line}")
}
