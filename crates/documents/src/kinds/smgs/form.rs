//! Boxes of the SMGS consignment note. Numbers and meanings: SMGS, rules for the carriage of goods, consignment note.

use crate::definition::Draft;
use crate::rail::findings::{self, Boxes};
use crate::rail::{LISTED_ABOVE, texts};
use crate::run::Run;
use crate::shared::filling::Filling;
use crate::shared::text;
use crate::words::Speech;
use crate::{Inputs, Row};
use kervan_model::{Charge, Finding, PartyRole, Wagon, WagonProvider, WeighingMethod};

const SOURCE: &str = "SMGS: rules for the carriage of goods, consignment note";
const BOXES: Boxes =
    Boxes { stations: "2 and 5", wagons: "7 to 12", goods: "15", codes: "15", payers: "23", source: SOURCE };
/// Documents that box 24 may name. Source: the D23B schema of the note.
const MOST_DOCUMENTS: usize = 9;
/// Sections of charges that the note has room for. Source: SMGS, boxes 37 to 59.
const MOST_SECTIONS: usize = 6;

pub(super) fn fill(draft: &Draft<'_>, speech: &Speech) -> Filling {
    let inputs = draft.inputs;
    let run = draft.run();
    let languages = texts::languages(draft, &run);
    let mut filling = Filling::default();
    filling.put("1", texts::find_party_lines(inputs, PartyRole::Consignor));
    filling.put("2", texts::station(inputs, run.from(), &languages));
    filling.put("3", declarations(draft, &run, speech));
    filling.put("4", texts::find_party_lines(inputs, PartyRole::Consignee));
    filling.put("5", texts::station(inputs, run.to(), &languages));
    filling.put(
        "6",
        run.borders().into_iter().map(|place| texts::station(inputs, place, &languages).join(", ")),
    );
    wagons(inputs, speech, &mut filling);
    goods(inputs, speech, &languages, &mut filling);
    filling.put("19", seals(inputs, speech));
    filling.put("21", weighing(inputs, speech));
    filling.put("22", carriers(inputs, &run, &languages));
    filling.put("23", texts::payment_lines(inputs, &run, speech));
    documents(draft, &mut filling);
    filling.put("25", not_for_the_carrier(inputs));
    filling.put("26", [text::utc_date(inputs.issued).to_string()]);
    filling.put("28", customs(inputs));
    filling.put("29", [draft.number().to_owned()]);
    charges(inputs, &run, &mut filling);
    filling.findings.extend(findings::list(draft, &run, &BOXES));
    filling.findings.extend(left_to_the_carrier(inputs));
    filling
}

/// Box 3: what the carriers are asked, the note that this one takes over from, and where the goods go on to.
fn declarations(draft: &Draft<'_>, run: &Run<'_>, speech: &Speech) -> Vec<String> {
    let inputs = draft.inputs;
    let mut lines = texts::instructions(inputs);
    lines.extend(draft.request.previous.iter().map(|previous| texts::reissue(inputs, previous, speech)));
    if !run.ends_at_destination() {
        let to = text::place_with_code(inputs, &inputs.consignment.to);
        lines.push(format!("{}: {to}", speech.word("goes_on_to")));
    }
    let temperatures = inputs.consignment.equipment.iter().filter_map(|item| item.temperature);
    lines.extend(temperatures.map(|range| format!("{}: {range}", speech.word("temperature"))));
    lines.dedup();
    lines
}

/// Boxes 7 to 12, one line for each wagon; a long list stands in the list of wagons.
fn wagons(inputs: &Inputs<'_>, speech: &Speech, filling: &mut Filling) {
    let all = &inputs.consignment.wagons;
    if all.len() > LISTED_ABOVE {
        filling.put("7", [format!("{} — {}", all.len(), speech.word("see_wagons"))]);
        return;
    }
    let name = |wagon: &Wagon| {
        let owner = wagon.owner.as_ref().map(|owner| format!(", {owner}")).unwrap_or_default();
        format!("{}{owner}", wagon.number)
    };
    let provider = |wagon: &Wagon| {
        wagon.provided_by.map(|provider| match provider {
            WagonProvider::Consignor => "О".to_owned(),
            WagonProvider::Carrier => "П".to_owned(),
        })
    };
    let tonnes =
        |grams: u64| text::grouped(&format!("{}.{}", grams / 1_000_000, grams % 1_000_000 / 100_000));
    let listed = texts::wagons(inputs);
    filling.put("7", listed.iter().map(name));
    filling.put("8", listed.iter().filter_map(provider));
    filling.put("9", listed.iter().filter_map(|wagon| Some(tonnes(wagon.load_limit?.grams()))));
    filling.put("10", listed.iter().filter_map(|wagon| Some(wagon.axles?.to_string())));
    filling.put("11", listed.iter().filter_map(|wagon| Some(text::kilograms(wagon.tare?, 0))));
}

/// Boxes 15 to 18: goods, then the containers that hold them, then the sum.
fn goods(inputs: &Inputs<'_>, speech: &Speech, languages: &[&str], filling: &mut Filling) {
    let consignment = inputs.consignment;
    let places = text::decimals(consignment.goods.iter().map(|item| item.gross_mass));
    for item in &consignment.goods {
        let cells = vec![
            texts::goods_lines(item, speech, languages),
            vec![speech.package(&item.package_kind)],
            vec![text::grouped(&item.packages.to_string())],
            vec![text::kilograms(item.gross_mass, places)],
        ];
        filling.push("15", Row { cells, strong: false, numbered: true });
    }
    for row in texts::container_rows(inputs, speech, 4) {
        filling.push("15", row);
    }
    if !consignment.goods.is_empty() {
        let cells = vec![
            vec![speech.word("total")],
            Vec::new(),
            vec![text::grouped(&consignment.packages().to_string())],
            vec![text::kilograms(consignment.gross_mass(), places)],
        ];
        filling.push("15", Row { cells, strong: true, numbered: false });
    }
}

/// Box 19: how many seals there are, and their marks.
fn seals(inputs: &Inputs<'_>, speech: &Speech) -> Vec<String> {
    let consignment = inputs.consignment;
    let of_containers = consignment.equipment.iter().flat_map(|item| &item.seals);
    let all: Vec<_> = of_containers.chain(consignment.wagons.iter().flat_map(|wagon| &wagon.seals)).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let count = all.len().to_string();
    if all.len() > 2 * LISTED_ABOVE {
        return vec![count, speech.word("see_containers")];
    }
    let marks: Vec<String> =
        all.iter().map(|seal| format!("{} ({})", seal.number, seal.affixed_by)).collect();
    vec![count, marks.join(", ")]
}

/// Box 21: how the mass was found, where every container says it.
fn weighing(inputs: &Inputs<'_>, speech: &Speech) -> Option<String> {
    let mut methods = inputs.consignment.equipment.iter().map(|item| item.verified_mass.as_ref());
    let first = methods.next()??.method;
    methods.all(|mass| mass.is_some_and(|mass| mass.method == first)).then(|| {
        speech.word(match first {
            WeighingMethod::Weighed => "weighed",
            WeighingMethod::Calculated => "calculated",
        })
    })
}

/// Box 22: carriers with their sections.
fn carriers(inputs: &Inputs<'_>, run: &Run<'_>, languages: &[&str]) -> Vec<String> {
    let section = |place| crate::stations::names_of(inputs, place, languages).remove(0);
    run.carriers()
        .iter()
        .map(|carrier| format!("{}: {} – {}", carrier.name, section(carrier.from), section(carrier.to)))
        .collect()
}

fn documents(draft: &Draft<'_>, filling: &mut Filling) {
    let lines = texts::documents(draft);
    if lines.len() > MOST_DOCUMENTS {
        let message = format!("box 24 names {} documents; the data may hold {MOST_DOCUMENTS}", lines.len());
        filling.findings.push(
            Finding::warning("documents.too-many-documents", message)
                .at("/documents")
                .source(SOURCE)
                .remedy("bring papers of one kind together under one number, or attach a list of them"),
        );
    }
    filling.put("24", lines);
}

/// Box 25: what concerns the parties only.
fn not_for_the_carrier(inputs: &Inputs<'_>) -> Vec<String> {
    let consignment = inputs.consignment;
    let contract = consignment.prices.as_ref().and_then(|prices| prices.contract.clone());
    let terms = format!("{} {}", consignment.terms.incoterm, consignment.terms.place);
    let parts = [Some(consignment.reference.to_string()), contract, Some(terms)];
    vec![parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")]
}

/// Box 28: procedures of customs with their numbers, and previous customs documents.
fn customs(inputs: &Inputs<'_>) -> Vec<String> {
    let movements = inputs.movements.iter().filter_map(|movement| {
        movement.mrn.as_ref().map(|mrn| format!("{} {}: {mrn}", movement.territory, movement.regime))
    });
    let papers = inputs.consignment.documents.iter().filter(|paper| paper.previous);
    let papers = papers.map(|paper| format!("{} {}", paper.type_code, paper.number));
    papers.chain(movements).collect()
}

/// Boxes 37 to 63: a line for each section that has a charge, and what each side pays in all.
fn charges(inputs: &Inputs<'_>, run: &Run<'_>, filling: &mut Filling) {
    let mut sections: Vec<&Charge> = Vec::new();
    for (_, charge) in texts::payments(inputs, run).into_iter().filter_map(|payment| payment.charge) {
        if !sections.contains(&charge) {
            sections.push(charge);
        }
    }
    let place = |place| text::place(inputs, place);
    let listed = sections.get(..MOST_SECTIONS).unwrap_or(&sections);
    if sections.len() > MOST_SECTIONS {
        let message =
            format!("{} sections are charged; the note has room for {MOST_SECTIONS}", sections.len());
        filling.findings.push(
            Finding::warning("documents.too-many-sections", message)
                .at("/charges")
                .source(SOURCE)
                .remedy("bring sections of one payer together, or attach a list of them"),
        );
    }
    filling.put("37", listed.iter().map(|charge| format!("{} – {}", place(&charge.from), place(&charge.to))));
    filling
        .put("42", inputs.consignment.goods.iter().filter_map(|item| item.rail_codes.etsng.clone()).take(1));
    let amounts = listed.iter().filter_map(|charge| charge.amount);
    filling.put("44", amounts.clone().map(|amount| amount.currency().to_string()));
    filling.put("48-59", amounts.map(text::amount_with_currency));
    for (id, role) in [("60", PartyRole::Consignor), ("62", PartyRole::Consignee)] {
        let of_role = listed.iter().filter(|charge| charge.payer == role).filter_map(|charge| charge.amount);
        let sum = of_role.map(Some).reduce(|sum, amount| sum?.checked_add(amount?).ok());
        filling.put(id, sum.flatten().map(text::amount_with_currency));
    }
}

/// Boxes that nobody but the carrier can fill.
fn left_to_the_carrier(inputs: &Inputs<'_>) -> Vec<Finding> {
    let finding = |code: &str, message: &str, path: &str, remedy: &str| {
        Finding::info(format!("documents.{code}"), message).at(path).source(SOURCE).remedy(remedy)
    };
    let mut findings = vec![finding(
        "loader-unknown",
        "box 20 is empty: who loads is not in the dossier",
        "/equipment",
        "the accepting railway writes it when it takes the goods over",
    )];
    let unweighed = inputs.consignment.equipment.iter().position(|item| item.verified_mass.is_none());
    if let Some(index) = unweighed {
        findings.push(finding(
            "weighing-unknown",
            "box 21 is empty: how the mass was found is not stated for every container",
            &format!("/equipment/{index}/verified_mass"),
            "state the verified mass with its method",
        ));
    }
    findings
}
