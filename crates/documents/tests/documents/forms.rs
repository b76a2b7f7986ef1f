//! The printed forms: what stands in the boxes, which boxes must be filled, and the files.

use crate::sample;
use kervan_documents::{DocumentKind, Fonts, Inputs, Stamp, render_pdf, render_pdf_with};
use kervan_model::{Consignment, Finding, PartyRole, has_errors};
use std::fmt::Write;

fn errors(kind: DocumentKind, consignment: &Consignment) -> Vec<Finding> {
    let itinerary = sample::itinerary();
    sample::make(kind, &sample::inputs(consignment, Some(&itinerary), &[])).err().unwrap_or_default()
}

#[test]
fn boxes_of_every_form() {
    let (consignment, itinerary) = (sample::consignment(), sample::itinerary());
    let attachments = [sample::supplier_invoice(), sample::certificate_of_origin()];
    for kind in sample::always_kinds() {
        let document =
            sample::make(kind, &sample::inputs(&consignment, Some(&itinerary), &attachments)).unwrap();
        let mut text = String::new();
        for form_box in document.form.boxes.iter().chain(&document.form.closing) {
            writeln!(text, "{}: {}", form_box.id, form_box.lines.join(" | ")).unwrap();
        }
        for table in &document.form.tables {
            for row in &table.rows {
                let cells: Vec<String> = row.cells.iter().map(|cell| cell.join(" | ")).collect();
                writeln!(text, "{} > {}", table.id, cells.join(" || ")).unwrap();
            }
        }
        insta::assert_snapshot!(format!("{}-form", kind.slug()), text.replace('\u{a0}', "~"));
        assert!(!has_errors(&document.findings), "{:?}", document.findings);
    }
}

type Change = fn(&mut Consignment);

/// What is taken away, from which document, and the boxes that are then named as empty.
const REQUIRED: [(&str, Change, DocumentKind, &[&str]); 12] = [
    ("nothing", |_| (), DocumentKind::CimSmgs, &[]),
    ("parties", |c| c.parties.clear(), DocumentKind::CimSmgs, &["box 1 ", "box 4 "]),
    ("parties", |c| c.parties.clear(), DocumentKind::CommercialInvoice, &["box seller ", "box buyer "]),
    ("parties", |c| c.parties.clear(), DocumentKind::PackingList, &["box consignor ", "box consignee "]),
    (
        "consignee",
        |c| c.parties.retain(|p| p.role != PartyRole::Consignee),
        DocumentKind::CimSmgs,
        &["box 4 "],
    ),
    ("prices", |c| c.prices = None, DocumentKind::CimSmgs, &[]),
    ("prices", |c| c.prices = None, DocumentKind::PackingList, &[]),
    (
        "prices",
        |c| c.prices = None,
        DocumentKind::CommercialInvoice,
        &["box number ", "box date ", "box amount ", "box amount ", "box amount ", "box total "],
    ),
    ("goods", |c| c.goods.clear(), DocumentKind::CimSmgs, &["box 20 "]),
    ("goods", |c| c.goods.clear(), DocumentKind::PackingList, &["box goods "]),
    ("equipment", |c| c.equipment.clear(), DocumentKind::CimSmgs, &[]),
    ("equipment", |c| c.equipment.clear(), DocumentKind::PackingList, &[]),
];

#[test]
fn a_required_box_that_is_empty_is_named_with_its_remedy() {
    for (what, change, kind, boxes) in REQUIRED {
        let mut consignment = sample::consignment();
        change(&mut consignment);
        let findings = errors(kind, &consignment);
        let mut named: Vec<&Finding> =
            findings.iter().filter(|finding| finding.code == "documents.box-empty").collect();
        assert_eq!(named.len(), boxes.len(), "{kind} without {what}: {findings:#?}");
        for expected in boxes {
            let place = named.iter().position(|finding| finding.message.starts_with(expected));
            let finding =
                named.remove(place.unwrap_or_else(|| panic!("{kind} without {what}: no {expected}")));
            assert!(finding.remedy.is_some() && finding.path.is_some() && finding.rule.is_some());
        }
    }
}

#[test]
fn prices_that_do_not_fit_the_goods_are_refused() {
    let mut consignment = sample::consignment();
    consignment.prices.as_mut().unwrap().items.pop();
    let findings = errors(DocumentKind::CommercialInvoice, &consignment);
    assert!(findings.iter().any(|finding| finding.code == "documents.prices-do-not-fit"), "{findings:?}");
}

#[test]
fn what_nobody_signed_says_so_in_the_languages_that_were_chosen() {
    let (consignment, itinerary) = (sample::consignment(), sample::itinerary());
    for (kind, languages, said) in [
        (DocumentKind::CommercialInvoice, &["en", "ru"][..], &["nobody has signed", "неподписанного"][..]),
        (DocumentKind::PackingList, &["ru"], &["неподписанного"]),
    ] {
        let languages: Vec<String> = languages.iter().map(|language| (*language).to_owned()).collect();
        let signed = Inputs { languages: &languages, ..sample::inputs(&consignment, Some(&itinerary), &[]) };
        let statement = |inputs: &Inputs<'_>| {
            let form = sample::make(kind, inputs).unwrap().form;
            assert_eq!(form.languages, languages);
            form.find_box("statement").unwrap().lines.clone()
        };
        assert!(statement(&signed).iter().all(|line| !line.contains("nobody") && !line.contains("неподпис")));
        let lines = statement(&Inputs { dossier: "", head: "", ..signed });
        assert_eq!(lines.len(), said.len(), "{lines:?}");
        assert!(lines.iter().zip(said).all(|(line, said)| line.contains(said)), "{lines:?}");
    }
    let languages = ["ka".to_owned()];
    let inputs = Inputs { languages: &languages, ..sample::inputs(&consignment, None, &[]) };
    let findings = sample::make(DocumentKind::CommercialInvoice, &inputs).unwrap_err();
    assert_eq!(findings[0].code, "documents.language");
}

#[test]
fn letters_without_a_glyph_are_a_finding_and_the_sheet_says_so() {
    let mut consignment = sample::consignment();
    consignment.goods[0].description = "ཆུ་ centrifugal pumps".into();
    let inputs = sample::inputs(&consignment, None, &[]);
    let document = sample::make(DocumentKind::PackingList, &inputs).unwrap();
    let finding = document.findings.iter().find(|finding| finding.code == "documents.glyph-missing").unwrap();
    assert!(finding.message.contains("ཆ (U+0F46)"), "{}", finding.message);
    assert!(finding.message.contains("U+0F74"), "{}", finding.message);
    assert!(render_pdf(&document, "code").is_ok());
}

#[test]
fn without_a_chinese_font_the_finding_names_the_way_to_one_and_the_rest_is_printed() {
    let mut consignment = sample::consignment();
    consignment.goods[0].description = "离心泵 pumps".into();
    let document = sample::make(DocumentKind::PackingList, &sample::inputs(&consignment, None, &[])).unwrap();
    let finding = document.findings.iter().find(|finding| finding.code == "documents.glyph-missing").unwrap();
    assert!(finding.message.contains("离 (U+79BB)"), "{}", finding.message);
    let remedy = finding.remedy.as_deref().unwrap_or_default();
    assert!(remedy.contains("cargo xtask ui") && remedy.contains("--font"), "{remedy}");
    assert!(document.form.languages.iter().any(|language| language == "zh"), "{:?}", document.form.languages);
    assert!(render_pdf(&document, "code").is_ok());
}

fn count(bytes: &[u8], pattern: &[u8]) -> usize {
    bytes.windows(pattern.len()).filter(|window| *window == pattern).count()
}

#[test]
fn files_are_whole_and_the_same_every_time() {
    let itinerary = sample::itinerary();
    for (consignment, pages) in [(sample::consignment(), 1..=2), (sample::large_consignment(40), 1..=5)] {
        for kind in sample::always_kinds() {
            let inputs = sample::inputs(&consignment, Some(&itinerary), &[]);
            let document = sample::make(kind, &inputs).unwrap();
            let code = Stamp::of(&document).to_text();
            let bytes = render_pdf(&document, &code).unwrap();
            assert!(bytes.starts_with(b"%PDF-1.7"), "{kind}");
            assert!(bytes.ends_with(b"%%EOF") || bytes.ends_with(b"%%EOF\n"), "{kind}");
            let sheets = document.form.sheets.len().max(1);
            let found = count(&bytes, b"/Type/Page/");
            assert!(
                found.is_multiple_of(sheets) && pages.contains(&(found / sheets)),
                "{kind}: {found} pages"
            );
            assert_eq!(count(&bytes, b"<pdfaid:part>3</pdfaid:part>"), 1, "{kind} is PDF/A-3");
            assert!(bytes.len() < 150_000 + 80_000 * sheets, "{kind}: {} bytes", bytes.len());
            assert_eq!(bytes, render_pdf(&document, &code).unwrap(), "{kind} twice");
            assert_ne!(bytes, render_pdf(&document, "another code").unwrap(), "{kind} with another code");
        }
    }
}

#[test]
fn a_code_that_is_too_long_and_bytes_that_are_no_font_are_refused() {
    let consignment = sample::consignment();
    let document = sample::make(DocumentKind::PackingList, &sample::inputs(&consignment, None, &[])).unwrap();
    assert!(render_pdf(&document, &"x".repeat(4_000)).is_err());
    assert!(Fonts::with_more(&[b"no font"]).is_none());
    assert!(render_pdf_with(&document, "code", Fonts::built_in()).is_ok());
}
