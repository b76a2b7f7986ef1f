//! The pages about the documents say what the tables say. `cargo run -p kervan-documents --example document_pages` writes them.

use kervan_documents::{DocumentKind, explain};
use std::path::Path;

#[test]
fn every_kind_has_its_page_and_the_page_is_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/documents");
    for kind in DocumentKind::ALL {
        let page = explain(kind).unwrap();
        let found = std::fs::read_to_string(folder.join(format!("{kind}.md"))).unwrap_or_default();
        let hint = "run `cargo run -p kervan-documents --example document_pages`";
        assert!(found == page, "docs/documents/{kind}.md is not current; {hint}");
    }
    let index = std::fs::read_to_string(folder.join("README.md")).unwrap();
    for kind in DocumentKind::ALL {
        assert!(index.contains(&format!("({kind}.md)")), "docs/documents/README.md does not name {kind}");
    }
}
