//! The boxes and rows of the cargo manifest.

use crate::definition::Draft;
use crate::sea::voyage;
use crate::shared::filling::Filling;
use crate::shared::text;
use crate::words::Speech;
use crate::{Inputs, Row, list_applicable};
use kervan_model::{Consignment, Finding, PartyRole};
use kervan_units::Mass;

pub(super) fn fill(draft: &Draft<'_>, speech: &Speech) -> Filling {
    let inputs = draft.inputs;
    let voyage = voyage(draft);
    let run = &voyage.run;
    let mut filling = Filling::default();
    filling.put("number", [draft.number().to_owned()]);
    filling.put("vessel", voyage.describe());
    filling.put("carrier", run.carriers().first().map(|carrier| carrier.name.to_owned()));
    filling.put("loading", [text::place_with_code(inputs, run.from())]);
    filling.put("discharge", [text::place_with_code(inputs, run.to())]);
    filling.put("departs", [text::utc_date(run.departs()).to_string()]);
    let on_board: Vec<&Consignment> = on_board(inputs);
    for (index, consignment) in on_board.iter().enumerate() {
        let cells = cells(draft, speech, index, consignment);
        filling.push("consignments", Row { cells, strong: false, numbered: true });
    }
    let mass: Mass = on_board.iter().map(|consignment| consignment.gross_mass()).sum();
    let packages: u64 = on_board.iter().map(|consignment| consignment.packages()).sum();
    let containers: usize = on_board.iter().map(|consignment| consignment.equipment.len()).sum();
    filling.put(
        "total",
        [format!(
            "{} · {containers} × {} · {} {} · {} kg",
            on_board.len(),
            speech.word("container").to_lowercase(),
            text::grouped(&packages.to_string()),
            speech.word("packages"),
            text::kilograms(mass, text::decimals([mass]))
        )],
    );
    filling.put("statement", draft.statement(speech, "statement_manifest"));
    if inputs.companions.is_empty() {
        let message = "the manifest lists this consignment only: no other of the same voyage was given";
        filling.findings.push(
            Finding::info("documents.manifest-of-one", message)
                .at("/transport")
                .remedy("the carrier brings the consignments of the voyage together"),
        );
    }
    filling
}

/// This consignment and the others of the voyage.
pub(super) fn on_board<'a>(inputs: &Inputs<'a>) -> Vec<&'a Consignment> {
    std::iter::once(inputs.consignment).chain(inputs.companions.iter().copied()).collect()
}

fn cells(draft: &Draft<'_>, speech: &Speech, index: usize, consignment: &Consignment) -> Vec<Vec<String>> {
    let most = 6;
    let name = |role| consignment.find_party(role).map(|party| party.name.clone());
    let mut containers: Vec<String> =
        consignment.equipment.iter().take(most).map(|item| text::container(&item.number)).collect();
    let more = consignment.equipment.len().saturating_sub(most);
    if more > 0 {
        containers.push(format!("+ {more}"));
    }
    let goods = consignment.goods.iter().take(3).map(|item| item.description.clone());
    let hazards = consignment.goods.iter().filter_map(|item| text::dangerous(item, speech));
    let mass = consignment.gross_mass();
    vec![
        vec![(index + 1).to_string()],
        [Some(consignment.reference.to_string()), contract_of(draft, index)].into_iter().flatten().collect(),
        [PartyRole::Consignor, PartyRole::Consignee].into_iter().filter_map(name).collect(),
        containers,
        goods.chain(hazards).collect(),
        vec![text::grouped(&consignment.packages().to_string())],
        vec![text::kilograms(mass, text::decimals([mass]))],
    ]
}

/// The document of carriage by sea of this consignment; those of the others are in their own dossiers.
fn contract_of(draft: &Draft<'_>, index: usize) -> Option<String> {
    if index > 0 {
        return None;
    }
    let all = list_applicable(draft.inputs).into_iter();
    let is_contract = |kind: crate::DocumentKind| kind.definition().is_contract;
    let mut of_leg = all.filter(|other| other.part == draft.request.part && is_contract(other.kind));
    of_leg.next().map(|contract| contract.number)
}
