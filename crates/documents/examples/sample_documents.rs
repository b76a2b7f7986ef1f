//! Writes the sample consignment's documents into a folder: `cargo run --example sample_documents -- FOLDER`.

#[path = "../tests/documents/sample/mod.rs"]
#[expect(clippy::unwrap_used, reason = "the sample is right, as the tests show")]
mod sample;

use kervan_documents::{Copies, DocumentKind, Fonts, Package, Stamp, render_package, render_pdf};
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    let itinerary = sample::itinerary();
    let attachments = [sample::supplier_invoice(), sample::certificate_of_origin()];
    write_package(&folder)?;
    let samples = [
        ("", sample::consignment()),
        ("detailed-", sample::detailed_consignment()),
        ("large-", sample::large_consignment(40)),
    ];
    for (name, consignment) in samples {
        let inputs = sample::inputs(&consignment, Some(&itinerary), &attachments);
        for kind in sample::always_kinds() {
            let document = sample::make(kind, &inputs).map_err(|findings| format!("{findings:#?}"))?;
            std::fs::write(
                folder.join(format!("{name}{kind}.pdf")),
                render_pdf(&document, &Stamp::of(&document).to_text())?,
            )?;
            std::fs::write(
                folder.join(format!("{name}{kind}.json")),
                serde_json::to_vec_pretty(&document.data)?,
            )?;
        }
    }
    Ok(())
}

fn write_package(folder: &std::path::Path) -> Result<(), Box<dyn Error>> {
    let (consignment, itinerary) = (sample::consignment(), sample::itinerary());
    let attachments = [sample::supplier_invoice(), sample::certificate_of_origin()];
    let inputs = sample::inputs(&consignment, Some(&itinerary), &attachments);
    let documents: Vec<_> =
        DocumentKind::ALL.into_iter().filter_map(|kind| sample::make(kind, &inputs).ok()).collect();
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
    std::fs::write(folder.join("package.pdf"), render_package(&package, Fonts::built_in())?)?;
    Ok(())
}
