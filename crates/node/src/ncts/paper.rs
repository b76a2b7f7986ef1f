//! The declaration of a transit movement as a paper: the same message that is lodged.

use super::choices::{Choice, code};
use super::civil;
use super::declaration::{Source, trader_name, write_declaration};
use super::refuse::identify;
use crate::guarantee::MovementGuarantee;
use kervan_customs::{Declaration, Territories};
use kervan_documents::{DocumentKind, DocumentRequest, Inputs, Part};
use kervan_model::{Finding, MovementId};
use kervan_ncts::build::{Envelope, declaration};
use kervan_ncts::{Layer, Phase, check_message, write};

/// Message CC015C for a paper that is one; nothing for any other paper. `cover` is the guarantee of the movement, once it has one.
///
/// Errors: every fault by the published schema.
pub fn declaration_xml(
    territories: &Territories,
    request: &DocumentRequest,
    inputs: &Inputs<'_>,
    cover: Option<&MovementGuarantee>,
) -> Option<Result<String, Vec<Finding>>> {
    let Part::Movement(index) = request.part else { return None };
    let facts = inputs.movements.get(index).filter(|_| request.kind == DocumentKind::NctsDeclaration)?;
    let declared: Declaration = serde_json::from_value(facts.declaration.clone()).ok()?;
    let id: MovementId = facts.id.parse().ok()?;
    let consignment = Some(inputs.consignment);
    let source = Source { declared: &declared, territories, itinerary: inputs.itinerary, consignment };
    let envelope = Envelope {
        sender: trader_name(declared.holder.as_ref()),
        recipient: format!("{}.{}", code(Choice::TransitApplication), declared.departure.country),
        prepared: civil(inputs.issued),
        identification: identify(&[id.as_str()]),
        correlation: None,
        phase: Phase::Ncts6,
    };
    let message = declaration(&envelope, &write_declaration(&source, &id, cover));
    let report = check_message(&message);
    if !report.is_schema_valid() {
        let faults = report.faults.into_iter().filter(|fault| fault.layer != Layer::Rule);
        return Some(Err(faults.map(|fault| fault.finding).collect()));
    }
    Some(Ok(String::from_utf8_lossy(&write(&message)).into_owned()))
}
