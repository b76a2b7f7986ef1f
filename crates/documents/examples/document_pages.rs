//! Writes `docs/documents/`: a page for each kind of document, made from its tables, and their list.

use kervan_documents::{DocumentKind, explain};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/documents");
    std::fs::create_dir_all(&folder)?;
    let mut index = String::from(
        "# Documents\n\nEvery document is made from the consignment; nobody types one. `kervan document list FILE` says which a \
         consignment needs,\n`kervan document render` makes one, `kervan document check` says what is missing and what contradicts \
         what.\n\n| document | type |\n|---|---|\n",
    );
    for kind in DocumentKind::ALL {
        let page = explain(kind).map_err(|findings| format!("{findings:?}"))?;
        std::fs::write(folder.join(format!("{kind}.md")), page)?;
        index.push_str(&format!("| [{}]({kind}.md) | {} |\n", kind.title(), kind.type_code()));
    }
    std::fs::write(folder.join("README.md"), index)?;
    Ok(())
}
