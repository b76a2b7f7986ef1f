//! Documents as tables: each row of `data/documents/datasets/` says which field of a message comes from which fact, whether it
//! is required, and in which box of the printed form it stands.
//!
//! [`view`] gathers the facts of a consignment under plain names; [`project`] reads a table over that view and makes a tree,
//! which is written as JSON or XML, and a finding for each required field that no fact fills. So a declaration of another
//! administration is a file, not a program.

mod node;
mod origin;
mod project;
mod table;
mod view;

pub(crate) use origin::find_origin_form;
pub(crate) use project::{Projection, project};
pub(crate) use table::find_data_table;
pub use table::{DataField, DataTable, list_data_tables};
pub(crate) use view::{find_carnet, view};

use crate::definition::Draft;
use crate::shared::filling::Filling;
use crate::words::Speech;
use crate::{DocumentKind, DocumentRequest, Inputs, Part, Row};
use kervan_model::{Finding, has_errors};
use serde_json::Value;

/// Projects the draft by the table of its kind: that of its movement's regime, or that of the form of its countries.
fn apply(draft: &Draft<'_>) -> Option<(&'static DataTable, Projection)> {
    let variant = match draft.request.part {
        Part::Movement(index) => draft.inputs.movements.get(index).map(|movement| movement.regime.as_str()),
        _ => find_origin_form(draft.inputs.consignment),
    };
    let table = find_data_table(draft.request.kind.slug(), variant.unwrap_or_default())?;
    Some((table, project(table, &view(draft, &table.needed))))
}

/// The movements whose regime has a table of a kind.
pub(crate) fn list_movements(slug: &str, inputs: &Inputs<'_>) -> Vec<Part> {
    let movements = inputs.movements.iter().enumerate();
    let declared = movements.filter(|(_, movement)| find_data_table(slug, &movement.regime).is_some());
    declared.map(|(index, _)| Part::Movement(index)).collect()
}

/// The data of a document whose kind is a table, where [`fill`] has not given it already.
pub(crate) fn write(draft: &Draft<'_>) -> Value {
    apply(draft).map_or(Value::Null, |(_, projection)| projection.root.to_json())
}

/// The boxes of a document whose kind is a table. Fields without a box of their own stand in the table `fields`.
pub(crate) fn fill(draft: &Draft<'_>, speech: &Speech) -> Filling {
    let mut filling = Filling::default();
    let Some((table, projection)) = apply(draft) else {
        filling.findings.push(no_table(draft.request.kind));
        return filling;
    };
    if table.lists_fields {
        filling.put("form", [table.title.clone()]);
        for field in &projection.fields {
            let label = field.row.label(&speech.languages);
            let cells = vec![vec![field.row.id.clone()], vec![label], field.lines()];
            let printed = Row { cells, strong: false, numbered: true };
            if !field.values.is_empty() {
                filling.push("fields", printed);
            }
        }
    }
    for (id, lines) in projection.boxes() {
        filling.put(id, lines);
    }
    for (id, rows) in projection.rows() {
        for cells in rows {
            filling.push(id.clone(), Row { cells, strong: false, numbered: true });
        }
    }
    filling.findings.extend(projection.findings);
    filling.data = Some(projection.root.to_json());
    filling
}

/// The document as XML, if its table has a published XML shape.
///
/// Errors: every finding, as [`generate`](crate::generate) gives them.
pub fn generate_xml(request: &DocumentRequest, inputs: &Inputs<'_>) -> Result<Option<String>, Vec<Finding>> {
    let Some((table, projection)) = apply(&Draft { inputs, request }) else { return Ok(None) };
    let Some(shape) = &table.xml else { return Ok(None) };
    if has_errors(&projection.findings) {
        return Err(projection.findings);
    }
    Ok(Some(shape.write(&projection.root)))
}

fn no_table(kind: DocumentKind) -> Finding {
    Finding::error(
        "documents.no-data-set",
        format!("there is no table of the {} for this procedure", kind.title()),
    )
    .at("data/documents/datasets.csv")
    .remedy("add a row that names the table of the procedure")
}
