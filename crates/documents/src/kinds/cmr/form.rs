//! Boxes of the CMR consignment note. Numbers: the model of the International Road Transport Union, boxes 1 to 24.

use crate::carriage::is_party;
use crate::definition::Draft;
use crate::rail::texts;
use crate::run::Run;
use crate::shared::filling::Filling;
use crate::shared::text;
use crate::words::Speech;
use crate::{Inputs, Row};
use kervan_model::{Finding, GoodsItem, PartyRole, RoadVehicle};

const SOURCE: &str = "CMR Article 6";
/// The law whose parties accept the electronic note. Source: `data/documents/laws.csv`.
const ELECTRONIC: &str = "ecmr";

pub(super) fn fill(draft: &Draft<'_>, speech: &Speech) -> Filling {
    let inputs = draft.inputs;
    let run = draft.run();
    let mut filling = Filling::default();
    filling.put("number", [draft.number().to_owned()]);
    filling.put("1", texts::find_party_lines(inputs, PartyRole::Consignor));
    filling.put("2", texts::find_party_lines(inputs, PartyRole::Consignee));
    filling.put("3", [text::place_with_code(inputs, run.to()), run.to().country_letters().to_owned()]);
    filling.put("4", [text::place_with_code(inputs, run.from()), text::utc_date(run.departs()).to_string()]);
    filling.put("5", [texts::documents(draft).join("; ")]);
    goods(inputs, speech, &mut filling);
    filling.put("13", instructions(draft, speech));
    let charge = freight(inputs, &run);
    filling.put("14", charge.map(|charge| speech.word(charge.settlement.word())));
    let carriers = run.carriers();
    if let Some((first, others)) = carriers.split_first() {
        let vehicles = inputs.consignment.vehicles.iter().map(vehicle);
        let means = run.means().into_iter().map(|means| means.identification.to_owned());
        let mut known: Vec<String> = vehicles.collect();
        known.extend(
            means
                .filter(|means| !known.iter().any(|line| line.starts_with(means.as_str())))
                .collect::<Vec<_>>(),
        );
        filling.put("16", [first.name.to_owned(), known.join(" / ")]);
        filling.put("17", others.iter().map(|carrier| carrier.name.to_owned()));
    }
    filling.put("19", agreements(inputs));
    filling.put(
        "20",
        charge.map(|charge| {
            let amount = charge.amount.map(|amount| format!(": {}", text::amount_with_currency(amount)));
            format!("{}{}", speech.word(&format!("role:{}", charge.payer.word())), amount.unwrap_or_default())
        }),
    );
    filling.put("21", [format!("{}, {}", text::place(inputs, run.from()), text::utc_date(inputs.issued))]);
    filling.put("22", inputs.consignment.find_party(PartyRole::Consignor).map(|party| party.name.clone()));
    filling.put("23", carriers.first().map(|carrier| carrier.name.to_owned()));
    filling.findings.extend(vehicle_missing(inputs, &run));
    filling.findings.extend(paper_needed(&run));
    filling
}

/// `34ABC123 (TR)`.
fn vehicle(vehicle: &RoadVehicle) -> String {
    format!("{} ({})", vehicle.registration, vehicle.country)
}

/// Boxes 6 to 12. The volume is not in the dossier.
fn goods(inputs: &Inputs<'_>, speech: &Speech, filling: &mut Filling) {
    let consignment = inputs.consignment;
    let places = text::decimals(consignment.goods.iter().map(|item| item.gross_mass));
    for item in &consignment.goods {
        let cells = vec![
            vec![item.marks.clone().unwrap_or_else(|| containers_of(inputs, item))],
            vec![text::grouped(&item.packages.to_string())],
            vec![speech.package(&item.package_kind)],
            [Some(item.description.clone()), text::dangerous(item, speech)].into_iter().flatten().collect(),
            vec![item.hs.to_string()],
            vec![text::kilograms(item.gross_mass, places)],
            Vec::new(),
        ];
        filling.push("6", Row { cells, strong: false, numbered: true });
    }
    for row in texts::container_rows(inputs, speech, 7) {
        // The containers stand under the nature of the goods, where there is room.
        let mut cells = vec![Vec::new(); 7];
        if let (Some(place), Some(lines)) = (cells.get_mut(3), row.cells.into_iter().next()) {
            *place = lines;
        }
        filling.push("6", Row { cells, strong: false, numbered: false });
    }
    if !consignment.goods.is_empty() {
        let mut cells = vec![Vec::new(); 7];
        let total = [
            (1, text::grouped(&consignment.packages().to_string())),
            (3, speech.word("total")),
            (5, text::kilograms(consignment.gross_mass(), places)),
        ];
        for (index, words) in total {
            if let Some(cell) = cells.get_mut(index) {
                *cell = vec![words];
            }
        }
        filling.push("6", Row { cells, strong: true, numbered: false });
    }
}

/// What stands for the marks of goods in containers: the numbers of these, as far as they are few.
fn containers_of(inputs: &Inputs<'_>, item: &GoodsItem) -> String {
    let all = inputs.consignment.equipment.iter().map(|equipment| &equipment.number);
    let own: Vec<_> =
        if item.containers.is_empty() { all.collect() } else { item.containers.iter().collect() };
    match own.as_slice() {
        [] => "—".to_owned(),
        [one] => text::container(one),
        many => format!("{} × ISO 6346", many.len()),
    }
}

/// Box 13: what the haulier is asked, temperatures, and the document that this one takes over from.
fn instructions(draft: &Draft<'_>, speech: &Speech) -> Vec<String> {
    let inputs = draft.inputs;
    let mut lines = texts::instructions(inputs);
    lines.extend(draft.request.previous.iter().map(|previous| texts::reissue(inputs, previous, speech)));
    let temperatures = inputs.consignment.goods.iter().filter_map(|item| item.temperature);
    lines.extend(temperatures.map(|range| format!("{}: {range}", speech.word("temperature"))));
    lines.dedup();
    lines
}

/// Box 19: terms of the sale, and customs procedures that bind the haulier.
fn agreements(inputs: &Inputs<'_>) -> Vec<String> {
    let terms = &inputs.consignment.terms;
    let movements = inputs
        .movements
        .iter()
        .filter_map(|movement| movement.mrn.as_ref().map(|mrn| format!("{}: {mrn}", movement.regime)));
    std::iter::once(format!("{} {}", terms.incoterm, terms.place)).chain(movements).collect()
}

/// The charge that covers the run.
fn freight<'a>(inputs: &Inputs<'a>, run: &Run<'_>) -> Option<&'a kervan_model::Charge> {
    texts::payments(inputs, run).into_iter().find_map(|payment| payment.charge).map(|(_, charge)| charge)
}

fn vehicle_missing(inputs: &Inputs<'_>, run: &Run<'_>) -> Option<Finding> {
    let is_known = !inputs.consignment.vehicles.is_empty() || !run.means().is_empty();
    (!is_known).then(|| {
        Finding::info("documents.vehicle-unknown", "box 16 names the haulier without the vehicle")
            .at("/vehicles")
            .source(SOURCE)
            .remedy("add the vehicle when the haulier names it; the note is generated anew")
    })
}

/// The electronic note alone is not enough where a country of the way has not agreed to it.
fn paper_needed(run: &Run<'_>) -> Option<Finding> {
    let day = text::utc_date(run.departs());
    let without: Vec<String> = run
        .countries()
        .iter()
        .filter(|country| !is_party(ELECTRONIC, country, day))
        .map(ToString::to_string)
        .collect();
    (!without.is_empty()).then(|| {
        let message =
            format!("the electronic note is not accepted in {}: carry the paper", without.join(", "));
        Finding::info("documents.paper-needed", message)
            .at("data/documents/laws.csv")
            .source("additional protocol to CMR concerning the electronic consignment note")
            .remedy("print the form and have it signed")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DocumentKind;
    use kervan_model::Settlement;

    #[test]
    fn settlements_have_words() {
        let speech = Speech::load(DocumentKind::Cmr).unwrap();
        for settlement in Settlement::ALL {
            assert_ne!(speech.word(settlement.word()), settlement.word());
        }
    }
}
