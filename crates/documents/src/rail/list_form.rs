//! The boxes that both lists have around their table.

use crate::definition::Draft;
use crate::rail::texts;
use crate::shared::filling::Filling;
use crate::shared::text;
use crate::words::Speech;
use crate::{Inputs, list_applicable};
use kervan_codes::ContainerNumber;
use kervan_model::PartyRole;

/// Number, day, stations, parties and sums; `count` is that of what is listed.
pub(crate) fn fill(draft: &Draft<'_>, speech: &Speech, count: usize) -> Filling {
    let inputs = draft.inputs;
    let run = draft.run();
    let languages = texts::languages(draft, &run);
    let mut filling = Filling::default();
    filling.put("number", [draft.number().to_owned()]);
    filling.put("date", [text::utc_date(inputs.issued).to_string()]);
    filling.put("note", find_note(draft));
    filling.put("consignor", texts::find_party_lines(inputs, PartyRole::Consignor));
    filling.put("consignee", texts::find_party_lines(inputs, PartyRole::Consignee));
    filling.put("from", texts::station(inputs, run.from(), &languages));
    filling.put("to", texts::station(inputs, run.to(), &languages));
    filling.put("borders", run.borders().into_iter().map(|place| text::place(inputs, place)));
    let mass = texts::kilograms(inputs.consignment.gross_mass());
    let packages = text::grouped(&inputs.consignment.packages().to_string());
    filling.put("total", [format!("{count} · {packages} {} · {mass}", speech.word("packages"))]);
    filling
}

/// The note of the same legs, which the list belongs to.
fn find_note(draft: &Draft<'_>) -> Option<String> {
    let all = list_applicable(draft.inputs);
    let is_note = |kind: crate::DocumentKind| kind.definition().is_contract;
    let note = all.into_iter().find(|other| is_note(other.kind) && other.part == draft.request.part)?;
    Some(format!("{} № {}", note.kind.title(), note.number))
}

/// Gross mass and packages of the goods in a container, where every one of them says which container holds it.
pub(crate) fn goods_in(inputs: &Inputs<'_>, number: &ContainerNumber) -> Option<(kervan_units::Mass, u64)> {
    let goods = &inputs.consignment.goods;
    if goods.iter().any(|item| item.containers.len() != 1) {
        return None;
    }
    let inside = || goods.iter().filter(|item| item.containers.contains(number));
    let mass = inside().map(|item| item.gross_mass).sum();
    Some((mass, inside().map(|item| u64::from(item.packages)).sum()))
}
