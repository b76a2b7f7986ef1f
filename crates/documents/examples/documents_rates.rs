//! How long documents take: all of a consignment as data, and one printed form when the fonts are warm.
//!
//! One JSON row per line: `cargo xtask bench documents`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a benchmark measures time and prints"
)]

#[path = "../tests/documents/sample/mod.rs"]
#[expect(clippy::unwrap_used, reason = "the sample is right, as the tests show")]
mod sample;

use kervan_documents::{DocumentKind, Inputs, Stamp, generate, list_applicable, render_pdf};
use kervan_model::{Consignment, Itinerary};
use std::error::Error;
use std::time::Instant;

/// All documents of a consignment as data. Unit: millisecond.
const BAR_ALL: f64 = 5.0;
/// One printed form, warm. Unit: millisecond.
const BAR_PDF: f64 = 60.0;
/// Runs of which the median counts.
const RUNS: usize = 21;

fn main() -> Result<(), Box<dyn Error>> {
    let way = sample::itinerary();
    for containers in [1, 20, 120] {
        let consignment = consignment(3, containers);
        measure("all-documents-by-containers", containers, &consignment, &way)?;
    }
    for items in [1, 50, 999] {
        let consignment = consignment(items, 2);
        measure("all-documents-by-goods", items, &consignment, &way)?;
    }
    for (items, containers) in [(1, 1), (50, 20), (999, 120)] {
        measure_pdf(items, &consignment(items, containers), &way)?;
    }
    Ok(())
}

/// A consignment with goods items and containers on wagons.
fn consignment(items: usize, containers: usize) -> Consignment {
    let mut consignment = sample::large_consignment(items);
    consignment.equipment.truncate(containers);
    let missing = containers.saturating_sub(consignment.equipment.len());
    sample::add_equipment(&mut consignment, missing);
    consignment
}

fn measure(
    case: &str,
    size: usize,
    consignment: &Consignment,
    way: &Itinerary,
) -> Result<(), Box<dyn Error>> {
    let inputs = sample::inputs(consignment, Some(way), &[]);
    let count = make_all(&inputs)?;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let begun = Instant::now();
        make_all(&inputs)?;
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    eprintln!("{case}, {size}: {count} documents");
    print(case, size, times, BAR_ALL);
    Ok(())
}

fn make_all(inputs: &Inputs<'_>) -> Result<usize, Box<dyn Error>> {
    let requests = list_applicable(inputs);
    for request in &requests {
        generate(request, inputs).map_err(|findings| format!("{findings:#?}"))?;
    }
    Ok(requests.len())
}

fn measure_pdf(items: usize, consignment: &Consignment, way: &Itinerary) -> Result<(), Box<dyn Error>> {
    let inputs = sample::inputs(consignment, Some(way), &[]);
    let document = sample::make(DocumentKind::Smgs, &inputs).map_err(|findings| format!("{findings:#?}"))?;
    let code = Stamp::of(&document).to_text();
    render_pdf(&document, &code)?;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let begun = Instant::now();
        render_pdf(&document, &code)?;
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    print("smgs-pdf-by-goods", items, times, BAR_PDF);
    Ok(())
}

fn print(case: &str, size: usize, mut times: Vec<f64>, bar: f64) {
    times.sort_by(f64::total_cmp);
    let value = times[times.len() / 2];
    let met = value <= bar;
    println!(
        r#"{{"case":"{case}","size":{size},"unit":"ms","value":{value:.3},"bar":{bar:.1},"better":"lower","met":{met}}}"#
    );
}
