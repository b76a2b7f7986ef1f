//! The code on a sheet is read from pixels, and what a file carries is read back from its bytes.

use crate::sample;
use kervan_documents::{DocumentKind, PdfContents, Stamp, read_pdf, render_pdf};
use std::io::Write;
use std::process::{Command, Stdio};

/// A page as grey pixels, by poppler's renderer; `None` where it is not installed.
fn pixels(pdf: &[u8], page: usize) -> Option<(usize, usize, Vec<u8>)> {
    let page = page.to_string();
    let arguments = ["-gray", "-r", "300", "-f", &page, "-l", &page, "-"];
    let mut child = Command::new("pdftoppm")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    let bytes = pdf.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().ok()?.stdout;
    writer.join().ok()?.ok()?;
    // P5, width, height, depth, pixels.
    let header: Vec<usize> = output
        .split(|byte| byte.is_ascii_whitespace())
        .skip(1)
        .take(3)
        .filter_map(|field| str::from_utf8(field).ok()?.parse().ok())
        .collect();
    let [width, height, _] = header.as_slice() else { return None };
    let pixels = output.get(output.len().checked_sub(width * height)?..)?;
    Some((*width, *height, pixels.to_vec()))
}

#[test]
#[expect(clippy::print_stderr, reason = "says why nothing was read")]
fn the_code_on_every_sheet_is_read_from_its_pixels() {
    let (consignment, itinerary) = (sample::consignment(), sample::itinerary());
    // Some kinds stand for all: the code and its place are the same, and pixels take time.
    for kind in DocumentKind::ALL.into_iter().step_by(4) {
        let inputs = sample::inputs(&consignment, Some(&itinerary), &[]);
        let Ok(document) = sample::make(kind, &inputs) else { continue };
        let stamp = Stamp::of(&document);
        let pdf = render_pdf(&document, &stamp.to_text()).unwrap();
        let Some((width, height, grey)) = pixels(&pdf, 1) else {
            eprintln!("pdftoppm is not installed: the code is not read from pixels");
            return;
        };
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| grey[y * width + x]);
        let grids = image.detect_grids();
        let texts: Vec<String> = grids.iter().filter_map(|grid| Some(grid.decode().ok()?.1)).collect();
        assert_eq!(texts.len(), 1, "{kind}: one code on the sheet");
        assert_eq!(Stamp::read(&texts[0]).unwrap(), stamp, "{kind}");
    }
}

#[test]
fn a_file_gives_back_its_stamp_and_its_data() {
    let (consignment, itinerary) = (sample::consignment(), sample::itinerary());
    for kind in DocumentKind::ALL {
        let inputs = sample::inputs(&consignment, Some(&itinerary), &[]);
        let Ok(document) = sample::make(kind, &inputs) else { continue };
        let stamp = Stamp::of(&document);
        let pdf = render_pdf(&document, &stamp.to_text()).unwrap();
        let contents = read_pdf(&pdf).unwrap();
        assert_eq!(contents.stamps, [stamp], "{kind}");
        let data: Vec<serde_json::Value> =
            contents.files.iter().map(|file| serde_json::from_slice(file).unwrap()).collect();
        assert_eq!(data, [document.data], "{kind}");
    }
}

#[test]
fn a_file_that_is_cut_or_foreign_gives_what_it_has() {
    assert_eq!(read_pdf(b"{}"), None);
    assert_eq!(read_pdf(b"%PDF-1.7 nothing of ours"), Some(PdfContents::default()));
    let consignment = sample::consignment();
    let document = sample::make(DocumentKind::PackingList, &sample::inputs(&consignment, None, &[])).unwrap();
    let pdf = render_pdf(&document, &Stamp::of(&document).to_text()).unwrap();
    for end in (0..pdf.len()).step_by(997) {
        let contents = read_pdf(&pdf[..end]).unwrap_or_default();
        assert!(contents.files.len() <= 1 && contents.stamps.len() <= 1);
    }
}
