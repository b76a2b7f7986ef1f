//! The CIM/SMGS consignment note. Box numbers are those of the common note of the two laws of carriage by rail.

use crate::definition::Draft;
use crate::rail::findings::{self, Boxes};
use crate::rail::{LISTED_ABOVE, texts};
use crate::run::Run;
use crate::shared::filling::Filling;
use crate::shared::text;
use crate::words::Speech;
use crate::{Inputs, Row};
use kervan_model::{Finding, PartyRole, Wagon};

/// Commercial condition 6: the stations where the consignment leaves a railway.
const BORDER_CONDITION: &str = "6";
/// Status of a successive carrier in box 65.
const SUCCESSIVE_CARRIER: &str = "1";
/// Code of the declaration of payers for the railways of SMGS, in box 7.
const PAYERS_DECLARATION: &str = "22";
const SOURCE: &str = "GLV-CIM/SMGS, appendix 2";
const BOXES: Boxes =
    Boxes { stations: "11, 12 and 17", wagons: "19", goods: "20", codes: "23", payers: "7", source: SOURCE };

pub(super) fn fill(draft: &Draft<'_>, speech: &Speech) -> Filling {
    let inputs = draft.inputs;
    let consignment = inputs.consignment;
    let run = draft.run();
    let languages = texts::languages(draft, &run);
    let mut filling = Filling::default();
    filling.put("1", texts::find_party_lines(inputs, PartyRole::Consignor));
    filling.put("2", party_number(inputs, PartyRole::Consignor));
    filling.put("3", texts::find_account(inputs, PartyRole::Consignor));
    filling.put("4", texts::find_party_lines(inputs, PartyRole::Consignee));
    filling.put("5", party_number(inputs, PartyRole::Consignee));
    filling.put("6", texts::find_account(inputs, PartyRole::Consignee));
    filling.put("7", declarations(draft, &run, speech));
    let contract = consignment.prices.as_ref().and_then(|prices| prices.contract.clone());
    filling.put("8", [consignment.reference.to_string()].into_iter().chain(contract));
    filling.put("9", texts::documents(draft));
    places(inputs, &run, &languages, &mut filling);
    filling.put("15", notice(inputs, speech));
    filling.put("18", transit_invoicing(inputs, &run, speech));
    filling.put("19", wagons(inputs, speech));
    goods(inputs, speech, &languages, &mut filling);
    if consignment.goods.iter().any(|item| item.dangerous.is_some()) {
        filling.put("22", ["X".to_owned()]);
    }
    if !consignment.equipment.is_empty() {
        let count = consignment.equipment.len();
        filling.put("25", [format!("{count} × {}", speech.word("container").to_lowercase())]);
    }
    filling.put("29", [format!("{}, {}", text::place(inputs, run.from()), text::utc_date(inputs.issued))]);
    filling.put("49-57", sections(inputs, &run));
    filling.put("60", route(inputs, &run));
    filling.put("61", customs(inputs));
    carriage(inputs, &run, speech, &mut filling);
    filling.put("69", [draft.number().to_owned()]);
    filling.findings.extend(findings::list(draft, &run, &BOXES));
    filling
}

/// A party's own number, as the carrier knows it.
fn party_number(inputs: &Inputs<'_>, role: PartyRole) -> Option<String> {
    inputs.consignment.find_party(role)?.identifier.clone()
}

/// Box 7: declarations of the consignor by code: instructions, payers over SMGS railways, the note before this one.
fn declarations(draft: &Draft<'_>, run: &Run<'_>, speech: &Speech) -> Vec<String> {
    let inputs = draft.inputs;
    let mut lines = texts::instructions(inputs);
    let payers = texts::payment_lines(inputs, run, speech);
    if !payers.is_empty() {
        lines.push(format!("{PAYERS_DECLARATION} — {}", payers.join("; ")));
    }
    lines.extend(draft.request.previous.iter().map(|previous| texts::reissue(inputs, previous, speech)));
    lines
}

/// Boxes 10 to 12, 16 and 17: where the goods are taken over and delivered under this note.
fn places(inputs: &Inputs<'_>, run: &Run<'_>, languages: &[&str], filling: &mut Filling) {
    let code = |place| crate::stations::find_code(place).map_or_else(|| place.to_string(), str::to_owned);
    let names = |place| crate::stations::names_of(inputs, place, languages).join(" / ");
    filling.put("10", [names(run.to())]);
    filling.put("11", [code(run.to())]);
    let railway = crate::stations::railway_of(run.to());
    filling.put("12", [run.to().country_letters().to_owned()].into_iter().chain(railway));
    filling.put("16", [names(run.from()), text::utc_date(run.departs()).to_string()]);
    filling.put("17", [code(run.from())]);
}

/// Box 15: terms of delivery, who is to be told, and where the goods go on to.
fn notice(inputs: &Inputs<'_>, speech: &Speech) -> Vec<String> {
    let terms = &inputs.consignment.terms;
    let notify = inputs
        .consignment
        .find_party(PartyRole::Notify)
        .map(|party| format!("{}: {}, {}", speech.word("notify"), party.name, party.address));
    [Some(format!("{} {}", terms.incoterm, terms.place)), notify].into_iter().flatten().collect()
}

/// Box 18: who is invoiced for the railways in transit.
fn transit_invoicing(inputs: &Inputs<'_>, run: &Run<'_>, speech: &Speech) -> Vec<String> {
    let transit = run.transit_countries();
    let payments = texts::payments(inputs, run).into_iter();
    let charges = payments.filter(|it| transit.contains(&it.country)).filter_map(|it| it.charge);
    let mut lines: Vec<String> =
        charges.map(|(_, charge)| speech.word(&format!("role:{}", charge.payer.word()))).collect();
    lines.dedup();
    lines
}

/// Box 19: number, load limit, axles and tare of each wagon.
fn wagons(inputs: &Inputs<'_>, speech: &Speech) -> Vec<String> {
    let all = &inputs.consignment.wagons;
    if all.len() > LISTED_ABOVE {
        return vec![format!("{} — {}", all.len(), speech.word("see_wagons"))];
    }
    let line = |wagon: &Wagon| {
        let parts = [
            Some(wagon.number.to_string()),
            wagon.load_limit.map(texts::kilograms),
            wagon.axles.map(|axles| axles.to_string()),
            wagon.tare.map(texts::kilograms),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" / ")
    };
    all.iter().map(line).collect()
}

fn goods(inputs: &Inputs<'_>, speech: &Speech, languages: &[&str], filling: &mut Filling) {
    let consignment = inputs.consignment;
    let places = text::decimals(consignment.goods.iter().map(|item| item.gross_mass));
    for item in &consignment.goods {
        let mut description = texts::goods_lines(item, speech, languages);
        description.insert(1.min(description.len()), text::packages(item, speech));
        let cells = vec![
            description,
            vec![item.rail_codes.gng.clone().unwrap_or_else(|| item.hs.to_string())],
            vec![text::kilograms(item.gross_mass, places)],
        ];
        filling.push("20", Row { cells, strong: false, numbered: true });
    }
    for row in texts::container_rows(inputs, speech, 3) {
        filling.push("20", row);
    }
    if consignment.goods.is_empty() {
        return;
    }
    let packages = text::grouped(&consignment.packages().to_string());
    let first = format!("{}: {packages} {}", speech.word("total"), speech.word("packages"));
    let cells = vec![vec![first], Vec::new(), vec![text::kilograms(consignment.gross_mass(), places)]];
    filling.push("20", Row { cells, strong: true, numbered: false });
}

/// Boxes 49 to 57: sections of charges with who pays and how much.
fn sections(inputs: &Inputs<'_>, run: &Run<'_>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (_, charge) in texts::payments(inputs, run).into_iter().filter_map(|payment| payment.charge) {
        let amount = charge.amount.map(|amount| format!(", {}", text::amount_with_currency(amount)));
        let line = format!(
            "{} – {}: {}{}",
            text::place(inputs, &charge.from),
            text::place(inputs, &charge.to),
            charge.settlement.word(),
            amount.unwrap_or_default()
        );
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// Box 60: the way under this note, over its border stations; empty before one is accepted.
fn route(inputs: &Inputs<'_>, run: &Run<'_>) -> Option<String> {
    inputs.itinerary?;
    let places = [run.from()].into_iter().chain(run.borders()).chain([run.to()]);
    Some(places.map(|place| text::place(inputs, place)).collect::<Vec<_>>().join(" – "))
}

/// Box 61: previous customs documents and the numbers of the procedures.
fn customs(inputs: &Inputs<'_>) -> Vec<String> {
    let papers = inputs.consignment.documents.iter().filter(|paper| paper.previous);
    let papers = papers.map(|paper| format!("{} {}", paper.type_code, paper.number));
    let movements = inputs.movements.iter().filter_map(|movement| {
        movement.mrn.as_ref().map(|mrn| format!("{} {}: {mrn}", movement.territory, movement.regime))
    });
    papers.chain(movements).collect()
}

/// Boxes 13, 65 and 66a: where the consignment crosses, and who carries it.
fn carriage(inputs: &Inputs<'_>, run: &Run<'_>, speech: &Speech, filling: &mut Filling) {
    let borders = run.borders();
    if !borders.is_empty() {
        let names: Vec<String> = borders.iter().map(|code| text::place(inputs, code)).collect();
        filling.put("13", [format!("{BORDER_CONDITION} — {}: {}", speech.word("border"), names.join(" · "))]);
    }
    let carriers = run.carriers();
    // The carrier that takes the goods over makes the contract; the ones after it are its successors.
    if let Some((first, others)) = carriers.split_first() {
        let section = |from, to| format!("{} – {}", text::place(inputs, from), text::place(inputs, to));
        filling.put("66a", [first.name.to_owned(), section(first.from, first.to)]);
        let others = others
            .iter()
            .map(|it| format!("{}: {} ({SUCCESSIVE_CARRIER})", it.name, section(it.from, it.to)));
        filling.put("65", others);
    } else {
        filling.findings.push(
            Finding::info(
                "documents.no-itinerary",
                "no itinerary is accepted, so boxes 13, 65 and 66a are empty",
            )
            .at("/itinerary")
            .remedy("accept an itinerary before the note is printed"),
        );
    }
}
