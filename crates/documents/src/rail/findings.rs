//! What is missing in a note by rail: languages, station codes, payers, wagons. Nothing of it keeps the note from being made.

use super::data::STAGES;
use super::texts::{languages, payments};
use crate::Inputs;
use crate::definition::Draft;
use crate::run::Run;
use crate::shared::text;
use crate::stations::{find_code, find_railway};
use kervan_codes::PlaceCode;
use kervan_model::Finding;

/// Everything that the railways will ask for and the dossier does not hold. `boxes` names the boxes of the note.
pub(crate) fn list(draft: &Draft<'_>, run: &Run<'_>, boxes: &Boxes) -> Vec<Finding> {
    let inputs = draft.inputs;
    let mut findings = station_codes(inputs, &[run.from(), run.to()], boxes);
    findings.extend(missing_languages(draft, run, boxes));
    findings.extend(missing_payers(inputs, run, boxes));
    findings.extend(missing_codes(inputs, boxes));
    findings.extend(too_many(run, boxes));
    if inputs.consignment.wagons.is_empty() {
        let message = format!("no wagon is known, so boxes {} stay empty", boxes.wagons);
        findings.push(
            Finding::info("documents.wagon-unknown", message)
                .at("/wagons")
                .source(boxes.source)
                .remedy("add the wagons when the carrier names them; the note is generated anew"),
        );
    }
    findings
}

/// The boxes of a note that findings speak of.
pub(crate) struct Boxes {
    /// Boxes of the station codes.
    pub(crate) stations: &'static str,
    /// Boxes of the wagons.
    pub(crate) wagons: &'static str,
    /// Box of the description of the goods.
    pub(crate) goods: &'static str,
    /// Box of the commodity code of the railways.
    pub(crate) codes: &'static str,
    /// Box of the payers.
    pub(crate) payers: &'static str,
    /// The rules of the note.
    pub(crate) source: &'static str,
}

/// What the data of a note has no room for.
fn too_many(run: &Run<'_>, boxes: &Boxes) -> Option<Finding> {
    let legs = run.legs.len();
    let message = format!("the note is of {legs} legs, and its data has stages for {}", STAGES.len());
    (legs > STAGES.len()).then(|| {
        Finding::warning("documents.too-many-legs", message)
            .at(format!("/itinerary/legs/{}", STAGES.len()))
            .source(boxes.source)
            .remedy("make two notes out of it, at a station where the carrier changes")
    })
}

fn station_codes(inputs: &Inputs<'_>, places: &[&PlaceCode], boxes: &Boxes) -> Vec<Finding> {
    let unknown: Vec<String> = places
        .iter()
        .filter(|place| find_code(place).is_none())
        .map(|place| text::place(inputs, place))
        .collect();
    if unknown.is_empty() {
        return Vec::new();
    }
    let message = format!(
        "boxes {} carry the place code: the railway's own code of {} is not known",
        boxes.stations,
        unknown.join(" and ")
    );
    vec![
        Finding::info("documents.station-code-unknown", message)
            .at("data/documents/stations.csv")
            .source(boxes.source)
            .remedy("add the code to the table with its source, or have the accepting railway write it"),
    ]
}

fn missing_languages(draft: &Draft<'_>, run: &Run<'_>, boxes: &Boxes) -> Vec<Finding> {
    let goods = &draft.inputs.consignment.goods;
    let without = |language: &str| {
        let missing: Vec<usize> = (0..goods.len())
            .filter(|index| goods.get(*index).is_some_and(|item| item.find_description(language).is_none()))
            .collect();
        let first = *missing.first()?;
        let message = format!(
            "{} of {} goods items have no description in the language {language}, which box {} asks for",
            missing.len(),
            goods.len(),
            boxes.goods
        );
        Some(
            Finding::warning("documents.language-missing", message)
                .at(format!("/goods/{first}/descriptions"))
                .source(boxes.source)
                .remedy(format!(
                    "add a description with the language {language}; nothing is translated here"
                )),
        )
    };
    languages(draft, run).into_iter().filter_map(without).collect()
}

fn missing_payers(inputs: &Inputs<'_>, run: &Run<'_>, boxes: &Boxes) -> Vec<Finding> {
    // A copy that withholds the charges says nothing about who pays.
    let transit = run.transit_countries();
    let unpaid: Vec<String> = payments(inputs, run)
        .iter()
        .filter(|payment| payment.charge.is_none() && transit.contains(&payment.country))
        .map(|payment| {
            find_railway(&payment.country).map_or(payment.country.to_string(), |it| it.name.clone())
        })
        .collect();
    if unpaid.is_empty() {
        return Vec::new();
    }
    let message = format!("box {} does not say who pays on the way over {}", boxes.payers, unpaid.join(", "));
    vec![
        Finding::warning("documents.payer-unknown", message)
            .at("/charges")
            .source(boxes.source)
            .remedy("add a freight charge over that section with its payer and the payer's account"),
    ]
}

fn missing_codes(inputs: &Inputs<'_>, boxes: &Boxes) -> Option<Finding> {
    let goods = &inputs.consignment.goods;
    let missing = goods.iter().filter(|item| item.rail_codes.gng.is_none()).count();
    let first = goods.iter().position(|item| item.rail_codes.gng.is_none())?;
    let message = format!(
        "{missing} of {} goods items have no code of the railways; box {} carries the first six digits from the HS code",
        goods.len(),
        boxes.codes
    );
    Some(
        Finding::info("documents.rail-code-missing", message)
            .at(format!("/goods/{first}/rail_codes/gng"))
            .source(boxes.source)
            .remedy("add the eight digits of GNG/NHM, and the six of ETSNG for the 1520 mm railways"),
    )
}
