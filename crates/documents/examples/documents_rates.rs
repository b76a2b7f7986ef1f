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

use kervan_documents::{
    Copies, Document, DocumentKind, Fonts, Inputs, Package, Stamp, generate, list_applicable, print_pdf,
    render_package,
};
use kervan_model::{Consignment, Itinerary};
use std::error::Error;
use std::time::Instant;

/// All documents of a consignment as data. Unit: millisecond.
const BAR_ALL: f64 = 5.0;
/// One printed form, warm. Unit: millisecond.
const BAR_PDF: f64 = 60.0;
/// Runs of which the median counts.
const RUNS: usize = 15;

fn main() -> Result<(), Box<dyn Error>> {
    let way = sample::itinerary();
    for containers in [1, 20, 120] {
        let consignment = consignment(3, containers);
        measure_data("all-documents-by-containers", containers, &consignment, &way)?;
        let weighed = weighed(consignment);
        measure_data("all-documents-by-weighed-containers", containers, &weighed, &way)?;
    }
    for items in [1, 50, 999] {
        let consignment = packed(consignment(items, 2));
        measure_data("all-documents-by-goods", items, &consignment, &way)?;
    }
    for (items, containers) in [(1, 1), (50, 20), (200, 120)] {
        measure_pdfs(items, &packed(consignment(items, containers)), &way)?;
    }
    Ok(())
}

/// A consignment with goods items and containers on wagons.
fn consignment(items: usize, containers: usize) -> Consignment {
    let mut consignment = sample::large_consignment(items);
    for item in &mut consignment.goods {
        if let Some(dangerous) = &mut item.dangerous {
            dangerous.shipping_name = Some("PAINT".into());
            dangerous.emergency_contact = Some("+862986001122".into());
        }
    }
    consignment.equipment.truncate(containers);
    let missing = containers.saturating_sub(consignment.equipment.len());
    sample::add_equipment(&mut consignment, missing);
    consignment
}

/// The same with each goods item in one of the containers.
fn packed(mut consignment: Consignment) -> Consignment {
    let numbers: Vec<_> = consignment.equipment.iter().map(|item| item.number.clone()).collect();
    for (item, number) in consignment.goods.iter_mut().zip(numbers.iter().cycle()) {
        item.containers = vec![number.clone()];
    }
    consignment
}

/// The same with a verified mass of each container, which is a document for each.
fn weighed(mut consignment: Consignment) -> Consignment {
    let detailed = sample::detailed_consignment();
    let verified = detailed.equipment.first().and_then(|item| item.verified_mass.clone());
    for item in &mut consignment.equipment {
        item.verified_mass.clone_from(&verified);
    }
    consignment
}

fn measure_data(
    case: &str,
    size: usize,
    consignment: &Consignment,
    way: &Itinerary,
) -> Result<(), Box<dyn Error>> {
    let inputs = sample::inputs(consignment, Some(way), &[]);
    let count = make_all(&inputs)?.len();
    eprintln!("{case}, {size}: {count} documents");
    print(case, size, median(|| make_all(&inputs).map(|made| made.len()))?, Some(BAR_ALL));
    Ok(())
}

fn make_all(inputs: &Inputs<'_>) -> Result<Vec<Document>, Box<dyn Error>> {
    let make = |request| {
        generate(&request, inputs).map_err(|findings| format!("{}: {findings:#?}", request.name()).into())
    };
    list_applicable(inputs).into_iter().map(make).collect()
}

/// Every kind of document as a PDF of its first sheet, the notes in all of their sheets, and the package of all of them.
fn measure_pdfs(items: usize, consignment: &Consignment, way: &Itinerary) -> Result<(), Box<dyn Error>> {
    let inputs = sample::inputs(consignment, Some(way), &[]);
    let makes = |kind| sample::make(kind, &inputs).ok();
    let documents: Vec<Document> = DocumentKind::ALL.into_iter().filter_map(makes).collect();
    for document in &documents {
        let code = Stamp::of(document).to_text();
        let set = |copies| print_pdf(document, &code, Fonts::built_in(), copies).map(|pdf| pdf.len());
        print(&format!("pdf {}", document.kind), items, median(|| set(Copies::First))?, Some(BAR_PDF));
        if document.form.sheets.len() > 1 {
            let case = format!("pdf {}, {} sheets", document.kind, document.form.sheets.len());
            print(&case, items, median(|| set(Copies::All))?, Some(BAR_PDF));
        }
    }
    let package = Package {
        consignment,
        itinerary: Some(way),
        place_name: &sample::place_name,
        issued: inputs.issued,
        dossier: inputs.dossier,
        head: inputs.head,
        documents: &documents,
        missing: &[],
        entries: &[],
        copies: Copies::First,
    };
    let case = format!("pdf package of {} documents", documents.len());
    print(&case, items, median(|| render_package(&package, Fonts::built_in()).map(|pdf| pdf.len()))?, None);
    Ok(())
}

/// Time of a run, after one that warms the tables and fonts. Unit: millisecond.
fn median<T, E>(mut work: impl FnMut() -> Result<T, E>) -> Result<f64, E> {
    work()?;
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let begun = Instant::now();
        work()?;
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(RUNS / 2).copied().unwrap_or_default())
}

fn print(case: &str, size: usize, value: f64, bar: Option<f64>) {
    let met = bar.map_or("null".to_owned(), |bar| (value <= bar).to_string());
    let bar = bar.map_or("null".to_owned(), |bar| format!("{bar:.1}"));
    println!(
        r#"{{"case":"{case}","size":{size},"unit":"ms","value":{value:.3},"bar":{bar},"better":"lower","met":{met}}}"#
    );
}
