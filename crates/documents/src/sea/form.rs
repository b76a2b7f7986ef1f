//! The boxes of a bill of lading and of a sea waybill, which differ in who may claim the goods.

use super::{Voyage, voyage};
use crate::definition::Draft;
use crate::rail::texts;
use crate::shared::filling::Filling;
use crate::shared::text;
use crate::words::Speech;
use crate::{Inputs, Row};
use kervan_model::{Charge, Equipment, Finding, GoodsItem, PartyRole};

/// Fills the boxes. `consignee` is what stands in its box: a name, or to whose order.
pub(crate) fn fill(draft: &Draft<'_>, speech: &Speech, consignee: Vec<String>, statement: &str) -> Filling {
    let inputs = draft.inputs;
    let consignment = inputs.consignment;
    let voyage = voyage(draft);
    let run = &voyage.run;
    let mut filling = Filling::default();
    filling.put("number", [draft.number().to_owned()]);
    filling.put("reference", [consignment.reference.to_string()]);
    filling.put("shipper", texts::find_party_lines(inputs, PartyRole::Consignor));
    filling.put("consignee", consignee);
    filling.put("notify", notified(inputs));
    filling.put("carrier", run.carriers().first().map(|carrier| carrier.name.to_owned()));
    filling.put("vessel", voyage.describe());
    filling.put("receipt", [text::place_with_code(inputs, &consignment.from)]);
    filling.put("loading", [text::place_with_code(inputs, run.from())]);
    filling.put("discharge", [text::place_with_code(inputs, run.to())]);
    filling.put("delivery", [text::place_with_code(inputs, &consignment.to)]);
    filling.put(
        "previous",
        draft.request.previous.iter().map(|previous| texts::reissue(inputs, previous, speech)),
    );
    goods(inputs, speech, &mut filling);
    filling.put("freight", freight(inputs, &voyage, speech));
    filling.put("instructions", texts::instructions(inputs));
    filling
        .put("issued", [format!("{}, {}", text::place(inputs, run.from()), text::utc_date(inputs.issued))]);
    filling.put("onboard", [text::utc_date(run.departs()).to_string()]);
    filling.put("statement", speech.texts(statement));
    filling.findings.extend(findings(inputs, &voyage));
    filling
}

/// Whom the carrier tells of arrival: the notify party, else the consignee.
fn notified(inputs: &Inputs<'_>) -> Vec<String> {
    let lines = texts::find_party_lines(inputs, PartyRole::Notify);
    if lines.is_empty() { texts::find_party_lines(inputs, PartyRole::Consignee) } else { lines }
}

fn goods(inputs: &Inputs<'_>, speech: &Speech, filling: &mut Filling) {
    let consignment = inputs.consignment;
    let places = text::decimals(consignment.goods.iter().map(|item| item.gross_mass));
    for item in &consignment.goods {
        let description = [
            Some(item.description.clone()),
            Some(format!("HS {}", item.hs)),
            text::dangerous(item, speech),
            item.temperature.map(|range| range.to_string()),
        ];
        let cells = vec![
            marks(inputs, item),
            vec![text::packages(item, speech)],
            description.into_iter().flatten().collect(),
            vec![text::kilograms(item.gross_mass, places)],
        ];
        filling.push("goods", Row { cells, strong: false, numbered: true });
    }
    if !consignment.goods.is_empty() {
        let packages = text::grouped(&consignment.packages().to_string());
        let cells = vec![
            vec![speech.word("total")],
            vec![format!("{packages} {}", speech.word("packages"))],
            Vec::new(),
            vec![text::kilograms(consignment.gross_mass(), places)],
        ];
        filling.push("goods", Row { cells, strong: true, numbered: false });
    }
    for item in &consignment.equipment {
        filling.push("equipment", Row { cells: container(item), strong: false, numbered: true });
    }
}

fn marks(inputs: &Inputs<'_>, item: &GoodsItem) -> Vec<String> {
    let most = 4;
    let all = inputs.consignment.equipment.iter().map(|equipment| &equipment.number);
    let own: Vec<_> =
        if item.containers.is_empty() { all.collect() } else { item.containers.iter().collect() };
    let numbers = if own.len() > most {
        vec![format!("{} × ISO 6346", own.len())]
    } else {
        own.into_iter().map(text::container).collect()
    };
    item.marks.iter().cloned().chain(numbers).collect()
}

fn container(item: &Equipment) -> Vec<Vec<String>> {
    let mass = |mass: Option<kervan_units::Mass>| mass.map(|mass| text::kilograms(mass, 0));
    let verified = item.verified_mass.as_ref().map(|verified| verified.mass);
    vec![
        vec![text::container(&item.number)],
        vec![item.size_type.to_string()],
        item.seals.iter().map(|seal| format!("{} ({})", seal.number, seal.affixed_by)).collect(),
        mass(item.tare).into_iter().collect(),
        mass(verified).into_iter().collect(),
        item.temperature.iter().map(ToString::to_string).collect(),
    ]
}

/// The charge of the leg by sea: who pays, when, how much.
pub(crate) fn find_charge<'a>(inputs: &Inputs<'a>, voyage: &Voyage<'_>) -> Option<&'a Charge> {
    let (from, to) = (voyage.run.from(), voyage.run.to());
    let charges = inputs.consignment.charges.iter();
    charges.clone().find(|charge| charge.from == *from && charge.to == *to).or_else(|| {
        let through =
            |charge: &&Charge| charge.from == inputs.consignment.from && charge.to == inputs.consignment.to;
        inputs.consignment.charges.iter().find(through)
    })
}

fn freight(inputs: &Inputs<'_>, voyage: &Voyage<'_>, speech: &Speech) -> Option<String> {
    let charge = find_charge(inputs, voyage)?;
    let amount = charge.amount.map(|amount| format!(", {}", text::amount_with_currency(amount)));
    let payer = speech.word(&format!("role:{}", charge.payer.word()));
    Some(format!("{} ({payer}){}", speech.word(charge.settlement.word()), amount.unwrap_or_default()))
}

fn findings(inputs: &Inputs<'_>, voyage: &Voyage<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if voyage.ship.is_none() {
        findings.push(
            Finding::info("documents.vessel-unknown", "the ship and the voyage are not known yet")
                .at("/transport")
                .source("Hague-Visby Rules Article III")
                .remedy("add the ship by its IMO number when the carrier names it"),
        );
    }
    let unweighed = inputs.consignment.equipment.iter().position(|item| item.verified_mass.is_none());
    if let Some(index) = unweighed {
        let message = "a container has no verified gross mass, without which it is not loaded";
        findings.push(
            Finding::warning("documents.mass-not-verified", message)
                .at(format!("/equipment/{index}/verified_mass"))
                .source("SOLAS regulation VI/2")
                .remedy("have it weighed, or add up what is in it, and state the mass with its method"),
        );
    }
    findings
}
