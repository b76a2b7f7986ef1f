//! A page about a kind of document, made from its tables: its boxes and fields, and where each comes from.

use crate::dataset::{DataField, DataTable, list_data_tables};
use crate::{DocumentKind, Placement, PlacementKind, list_placements};
use kervan_model::Finding;
use std::fmt::Write;

/// The page in Markdown.
///
/// Errors: the tables cannot be read.
pub fn explain(kind: DocumentKind) -> Result<String, Vec<Finding>> {
    let mut page = String::new();
    // Writing into a string cannot fail.
    let _ = writeln!(page, "# {}\n", kind.title());
    let _ =
        writeln!(page, "<!-- Made from data/documents by the tests of crates/documents; do not edit. -->\n");
    let _ = writeln!(
        page,
        "Command: `kervan document render FILE --kind {kind} -o {kind}.pdf`. Type {} of UNTDID 1001.",
        kind.type_code()
    );
    if let Some(schema) = kind.find_schema() {
        let _ = writeln!(page, "The data follows `{schema}` of UN/CEFACT D23B.");
    }
    if kind.waits() {
        let _ = writeln!(
            page,
            "It is made when it is asked for and complete; acceptance of an itinerary does not wait for it."
        );
    }
    let rows = list_placements(kind)?;
    let boxes = rows.iter().filter(|row| {
        matches!(
            row.kind,
            PlacementKind::Box | PlacementKind::Closing | PlacementKind::Column | PlacementKind::Reverse
        )
    });
    let _ = writeln!(
        page,
        "\n## Printed form\n\n| box | what | from | required | who says so |\n|---|---|---|---|---|"
    );
    for row in boxes {
        let _ = writeln!(page, "{}", placement_row(row));
    }
    let tables = list_data_tables().map_err(<[Finding]>::to_vec)?;
    for table in tables.iter().filter(|table| table.kind == kind.slug()) {
        fields(&mut page, table);
    }
    Ok(page)
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn placement_row(row: &Placement) -> String {
    let label = row.labels.first().map_or("", |label| label.text.as_str());
    let id = if row.table.is_empty() { row.id.clone() } else { format!("{}.{}", row.table, row.id) };
    let required = if row.required { "yes" } else { "" };
    let path = match (row.path.as_str(), row.filled_by.as_str()) {
        ("", "") => String::new(),
        ("", who) => format!("left to the {who}"),
        (path, _) => format!("`{path}`"),
    };
    format!("| {} | {} | {path} | {required} | {} |", cell(&id), cell(label), cell(&row.source))
}

fn fields(page: &mut String, table: &DataTable) {
    let regime = if table.regime.is_empty() { String::new() } else { format!(" (`{}`)", table.regime) };
    let _ = writeln!(page, "\n## {}{regime}\n", table.title);
    let _ = writeln!(page, "Source of the shape: {}.\n", table.source);
    let _ = writeln!(
        page,
        "| field | what | in the message | fact | declared at | required |\n|---|---|---|---|---|---|"
    );
    for field in &table.fields {
        let _ = writeln!(page, "{}", field_row(field));
    }
}

fn field_row(field: &DataField) -> String {
    let code = |text: &str| if text.is_empty() { String::new() } else { format!("`{}`", cell(text)) };
    let label = field.labels.first().map_or("", |(_, text)| text.as_str());
    let fact = if field.when.is_empty() {
        code(&field.fact)
    } else {
        format!("{} if {}", code(&field.fact), code(&field.when))
    };
    let required = if field.required { "yes" } else { "" };
    format!(
        "| {} | {} | {} | {fact} | {} | {required} |",
        cell(&field.id),
        cell(label),
        code(&field.path),
        code(&field.declared)
    )
}
