//! The CIM/SMGS consignment note. Box numbers are those of the common note of the two laws of carriage by rail.

use crate::definition::Draft;
use crate::shared::filling::Filling;
use crate::shared::text;
use crate::words::Speech;
use crate::{Inputs, Row};
use kervan_codes::PlaceCode;
use kervan_model::{Finding, Itinerary, Leg, Mode, PartyRole, ProcessKind};
use std::collections::BTreeSet;

/// Commercial condition 6: the stations where the consignment leaves a railway.
const BORDER_CONDITION: &str = "6";
/// Status of a successive carrier in box 65.
const SUCCESSIVE_CARRIER: &str = "1";

pub(super) fn fill(draft: &Draft<'_>, speech: &Speech) -> Filling {
    let inputs = draft.inputs;
    let consignment = inputs.consignment;
    let mut filling = Filling::default();
    filling.put("1", text::find_party_lines(inputs, PartyRole::Consignor));
    filling.put("4", text::find_party_lines(inputs, PartyRole::Consignee));
    let contract = consignment.prices.as_ref().and_then(|prices| prices.contract.clone());
    filling.put("8", [consignment.reference.to_string()].into_iter().chain(contract));
    filling.put("9", attached(inputs));
    filling.put("10", [text::place(inputs, &consignment.to)]);
    filling.put("11", [consignment.to.to_string()]);
    filling.put("12", [consignment.to.country_letters().to_owned()]);
    filling.put("15", notice(inputs, speech));
    let departs = inputs.itinerary.map_or(consignment.ready, |itinerary| itinerary.departs);
    filling.put("16", [text::place(inputs, &consignment.from), text::utc_date(departs).to_string()]);
    filling.put("17", [consignment.from.to_string()]);
    goods(inputs, speech, &mut filling);
    containers(inputs, speech, &mut filling);
    total(inputs, speech, &mut filling);
    if consignment.goods.iter().any(|item| item.dangerous.is_some()) {
        filling.put("22", ["X".to_owned()]);
    }
    if !consignment.equipment.is_empty() {
        filling.put(
            "25",
            [format!("{} × {}", consignment.equipment.len(), speech.word("container").to_lowercase())],
        );
    }
    filling.put(
        "29",
        [format!("{}, {}", text::place(inputs, &consignment.from), text::utc_date(inputs.issued))],
    );
    if let Some(itinerary) = inputs.itinerary {
        carriage(inputs, itinerary, speech, &mut filling);
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
    filling.put("69", [draft.number().to_owned()]);
    filling.findings.push(station_codes());
    filling
}

fn station_codes() -> Finding {
    Finding::info(
        "documents.station-code-unknown",
        "boxes 11, 12 and 17 carry the place code; the railway's own station code is not in the dossier",
    )
    .source("GLV-CIM/SMGS boxes 11, 12, 17")
    .remedy("the accepting railway adds its station code")
}

/// Box 9: type, number and date of everything that travels with the goods.
fn attached(inputs: &Inputs<'_>) -> Vec<String> {
    let theirs = inputs
        .attachments
        .iter()
        .map(|attachment| format!("{} № {}, {}", attachment.type_code, attachment.number, attachment.issued));
    let ours = inputs
        .consignment
        .prices
        .as_ref()
        .map(|prices| format!("380 № {}, {}", prices.invoice_number, prices.invoice_date));
    // The invoice of the consignment may be attached as well: it is listed once.
    let mut lines: Vec<String> = Vec::new();
    for line in ours.into_iter().chain(theirs) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// Box 15: terms of delivery and who is to be told.
fn notice(inputs: &Inputs<'_>, speech: &Speech) -> Vec<String> {
    let terms = &inputs.consignment.terms;
    let notify = inputs
        .consignment
        .find_party(PartyRole::Notify)
        .map(|party| format!("{}: {}, {}", speech.word("notify"), party.name, party.address));
    [Some(format!("{} {}", terms.incoterm, terms.place)), notify].into_iter().flatten().collect()
}

fn goods(inputs: &Inputs<'_>, speech: &Speech, filling: &mut Filling) {
    let consignment = inputs.consignment;
    let places = text::decimals(consignment.goods.iter().map(|item| item.gross_mass));
    for item in &consignment.goods {
        let more =
            [Some(text::packages(item, speech)), text::marks(item, speech), text::dangerous(item, speech)];
        let cells = vec![
            text::descriptions(item).into_iter().chain(more.into_iter().flatten()).collect(),
            vec![item.hs.to_string()],
            vec![text::kilograms(item.gross_mass, places)],
        ];
        filling.push("20", Row { cells, strong: false, numbered: true });
    }
}

fn containers(inputs: &Inputs<'_>, speech: &Speech, filling: &mut Filling) {
    for item in &inputs.consignment.equipment {
        let first =
            format!("{} {}, {}", speech.word("container"), text::container(&item.number), item.size_type);
        let tare = item.tare.map(|tare| {
            format!("{} {} kg", speech.word("tare"), text::kilograms(tare, text::decimals([tare])))
        });
        let seals =
            (!item.seals.is_empty()).then(|| format!("{}: {}", speech.word("seals"), text::seals(item)));
        let detail: Vec<String> = tare.into_iter().chain(seals).collect();
        let lines = [first, detail.join("; ")].into_iter().filter(|line| !line.is_empty());
        filling.push(
            "20",
            Row { cells: vec![lines.collect(), Vec::new(), Vec::new()], strong: false, numbered: false },
        );
    }
}

fn total(inputs: &Inputs<'_>, speech: &Speech, filling: &mut Filling) {
    let consignment = inputs.consignment;
    if consignment.goods.is_empty() {
        return;
    }
    let places = text::decimals(consignment.goods.iter().map(|item| item.gross_mass));
    let packages = text::grouped(&consignment.packages().to_string());
    let first = format!("{}: {packages} {}", speech.word("total"), speech.word("packages"));
    let cells = vec![vec![first], Vec::new(), vec![text::kilograms(consignment.gross_mass(), places)]];
    filling.push("20", Row { cells, strong: true, numbered: false });
}

/// Boxes 13, 65 and 66a: where the consignment crosses, and who carries it.
fn carriage(inputs: &Inputs<'_>, itinerary: &Itinerary, speech: &Speech, filling: &mut Filling) {
    let borders = border_places(itinerary);
    if !borders.is_empty() {
        let names: Vec<String> = borders.iter().map(|code| text::place(inputs, code)).collect();
        filling.put("13", [format!("{BORDER_CONDITION} — {}: {}", speech.word("border"), names.join(" · "))]);
    }
    let legs: Vec<&Leg> = itinerary.legs().filter(|leg| is_under_the_note(leg.mode)).collect();
    let section =
        |leg: &Leg| format!("{} – {}", text::place(inputs, &leg.from), text::place(inputs, &leg.to));
    // The carrier that takes the goods over makes the contract; the ones after it are its successors.
    if let Some((first, others)) = legs.split_first() {
        filling.put("66a", [first.operator.clone(), section(first)]);
        let others =
            others.iter().map(|leg| format!("{}: {} ({SUCCESSIVE_CARRIER})", leg.operator, section(leg)));
        filling.put("65", others);
    }
    let by_water = legs.iter().filter(|leg| leg.mode != Mode::Rail);
    filling.findings.extend(by_water.map(|leg| sea_leg(inputs, leg)));
    if legs.iter().all(|leg| leg.mode != Mode::Rail) {
        filling.findings.push(
            Finding::warning(
                "documents.no-rail-leg",
                "the itinerary has no leg by rail, which the note is made for",
            )
            .at("/itinerary/steps")
            .source("CIM Article 1, SMGS Article 3")
            .remedy("issue the document of the mode that carries the goods"),
        );
    }
}

/// The common note covers a leg by water only where the railways have opened that line to it.
fn sea_leg(inputs: &Inputs<'_>, leg: &Leg) -> Finding {
    let (from, to) = (text::place(inputs, &leg.from), text::place(inputs, &leg.to));
    let message =
        format!("the leg {from} – {to} is carried by {} over water and stands in box 65", leg.operator);
    Finding::info("documents.leg-by-water", message)
        .at("/itinerary/steps")
        .source("SMGS: rules for rail-ferry lines are published line by line")
        .remedy("issue a bill of lading or ferry manifest unless the line is open to the note")
}

/// Rail, and the ferries and ships between two railways; a road leg needs its own note.
fn is_under_the_note(mode: Mode) -> bool {
    match mode {
        Mode::Rail | Mode::Ferry | Mode::Sea => true,
        Mode::Road | Mode::InlandWater => false,
    }
}

/// Places where border formalities happen, each once, in order of travel.
fn border_places(itinerary: &Itinerary) -> Vec<PlaceCode> {
    let mut seen = BTreeSet::new();
    itinerary
        .stays()
        .filter(|stay| stay.processes.iter().any(|process| process.kind == ProcessKind::Border))
        .filter(|stay| seen.insert(stay.place.clone()))
        .map(|stay| stay.place.clone())
        .collect()
}
