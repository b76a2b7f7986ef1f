//! Texts of the boxes of rail notes, each in the languages of the railways that read it.

use super::LISTED_ABOVE;
use crate::definition::Draft;
use crate::run::Run;
use crate::shared::text;
use crate::stations::{country_of, find_railway, languages_of, names_of, railway_of};
use crate::words::Speech;
use crate::{Inputs, PreviousDocument, Row};
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{
    Charge, Equipment, GoodsItem, InnerPackaging, InstructionAddressee, Party, PartyRole, Wagon,
};
use kervan_units::Mass;
use std::fmt::Write;

/// Languages that the railways of a run read, those of the form's labels first.
pub(crate) fn languages(draft: &Draft<'_>, run: &Run<'_>) -> Vec<&'static str> {
    let mut languages = languages_of(&run.countries());
    let labels =
        Speech::load(draft.request.kind).map(|speech| speech.languages.as_slice()).unwrap_or_default();
    let rank = |language: &&str| labels.iter().position(|label| label == language).unwrap_or(usize::MAX);
    languages.sort_by_key(rank);
    languages
}

/// A party: name and address as registered and in its other languages, number, contact.
pub(crate) fn party_lines(party: &Party) -> Vec<String> {
    let mut lines = text::party_lines(party);
    if let Some(contact) = &party.contact {
        let parts = [Some(&contact.name), contact.phone.as_ref(), contact.email.as_ref()];
        lines.push(parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", "));
    }
    lines
}

/// The party of a part by line; empty if the copy does not show it.
pub(crate) fn find_party_lines(inputs: &Inputs<'_>, role: PartyRole) -> Vec<String> {
    inputs.consignment.find_party(role).map(party_lines).unwrap_or_default()
}

/// A party's number with the carriers: the account that a charge names, else none.
pub(crate) fn find_account(inputs: &Inputs<'_>, role: PartyRole) -> Option<String> {
    let charges = inputs.consignment.charges.iter();
    charges.filter(|charge| charge.payer == role).find_map(|charge| charge.account.clone())
}

/// A station: `Алтынколь / Altynkol`, code, railway.
pub(crate) fn station(inputs: &Inputs<'_>, place: &PlaceCode, languages: &[&str]) -> Vec<String> {
    let names = names_of(inputs, place, languages).join(" / ");
    let code = crate::stations::find_code(place).map_or_else(|| place.to_string(), str::to_owned);
    let railway = railway_of(place).map(|railway| format!(", {railway}")).unwrap_or_default();
    vec![names, format!("{code}{railway}")]
}

/// Description of a goods item in every language, its codes, marks and hazards.
pub(crate) fn goods_lines(item: &GoodsItem, speech: &Speech, languages: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let local = languages.iter().filter_map(|language| item.find_description(language));
    for description in local.chain([item.description.as_str()]) {
        if !lines.iter().any(|line| line == description) {
            lines.push(description.to_owned());
        }
    }
    lines.extend(rail_codes(item));
    lines.extend(item.packaging.as_ref().map(|inner| inner_packaging(inner, speech)));
    lines.extend(text::marks(item, speech));
    lines.extend(text::dangerous(item, speech));
    lines.extend(item.temperature.map(|range| range.to_string()));
    lines
}

/// `ГНГ 84137000 · ЕТСНГ 371017`, as far as they are known.
fn rail_codes(item: &GoodsItem) -> Option<String> {
    let codes = &item.rail_codes;
    let gng = codes.gng.as_ref().map(|code| format!("ГНГ {code}"));
    let etsng = codes.etsng.as_ref().map(|code| format!("ЕТСНГ {code}"));
    let both: Vec<String> = gng.into_iter().chain(etsng).collect();
    (!both.is_empty()).then(|| both.join(" · "))
}

/// `40 × box > 12 × carton`: what each package holds.
fn inner_packaging(inner: &InnerPackaging, speech: &Speech) -> String {
    let mut words = String::new();
    let mut level = Some(inner);
    while let Some(packaging) = level {
        let separator = if words.is_empty() { "" } else { " > " };
        // Writing to a string cannot fail.
        let _ = write!(words, "{separator}{} × {}", packaging.count, speech.package(&packaging.kind));
        level = packaging.inside.as_deref();
    }
    words
}

/// A container with its size, tare and seals.
pub(crate) fn container_lines(item: &Equipment, speech: &Speech) -> Vec<String> {
    let first = format!("{} {}, {}", speech.word("container"), text::container(&item.number), item.size_type);
    let tare = item.tare.map(|tare| format!("{} {}", speech.word("tare"), kilograms(tare)));
    let seals = (!item.seals.is_empty()).then(|| format!("{}: {}", speech.word("seals"), text::seals(item)));
    let detail: Vec<String> = tare.into_iter().chain(seals).collect();
    [first, detail.join("; ")].into_iter().filter(|line| !line.is_empty()).collect()
}

/// A mass with its unit.
pub(crate) fn kilograms(mass: Mass) -> String {
    format!("{} kg", text::kilograms(mass, text::decimals([mass])))
}

/// The containers as rows without a number, or one row that names the list.
pub(crate) fn container_rows(inputs: &Inputs<'_>, speech: &Speech, columns: usize) -> Vec<Row> {
    let equipment = &inputs.consignment.equipment;
    let row = |lines: Vec<String>| {
        let mut cells = vec![lines];
        cells.resize(columns, Vec::new());
        Row { cells, strong: false, numbered: false }
    };
    if equipment.len() > LISTED_ABOVE {
        let line =
            format!("{} × {}: {}", equipment.len(), speech.word("container"), speech.word("see_containers"));
        return vec![row(vec![line])];
    }
    equipment.iter().map(|item| row(container_lines(item, speech))).collect()
}

/// Wagons that the note names itself; none if there is a list.
pub(crate) fn wagons<'a>(inputs: &Inputs<'a>) -> &'a [Wagon] {
    let wagons = inputs.consignment.wagons.as_slice();
    if wagons.len() > LISTED_ABOVE { &[] } else { wagons }
}

/// Everything that travels with the goods: the note before this one, the invoice, papers of the consignment, attachments.
pub(crate) fn documents(draft: &Draft<'_>) -> Vec<String> {
    let inputs = draft.inputs;
    let previous = draft
        .request
        .previous
        .iter()
        .map(|document| format!("{} № {}, {}", document.type_code, document.number, document.issued));
    let invoice = inputs.consignment.prices.iter();
    let invoice = invoice.map(|prices| format!("380 № {}, {}", prices.invoice_number, prices.invoice_date));
    let papers = inputs.consignment.documents.iter().map(|paper| {
        let day = paper.issued.map(|day| format!(", {day}")).unwrap_or_default();
        format!("{} № {}{day}", paper.type_code, paper.number)
    });
    let attached = inputs
        .attachments
        .iter()
        .map(|attached| format!("{} № {}, {}", attached.type_code, attached.number, attached.issued));
    // The invoice of the consignment may be attached as well: it is listed once.
    let mut lines: Vec<String> = Vec::new();
    for line in previous.chain(invoice).chain(papers).chain(attached) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// What the carriers are asked to do, with the code of the declaration where it has one.
pub(crate) fn instructions(inputs: &Inputs<'_>) -> Vec<String> {
    let asked = inputs.consignment.instructions.iter();
    let of_carrier = asked.filter(|instruction| instruction.to == InstructionAddressee::Carrier);
    let line = |code: Option<&String>, text: &str| match code {
        Some(code) => format!("{code} — {text}"),
        None => text.to_owned(),
    };
    of_carrier.map(|instruction| line(instruction.code.as_ref(), &instruction.text)).collect()
}

/// `Взамен / In place of: 722 № K-1-SMGS, 2026-12-01, Alat`: the note that this one takes over from.
pub(crate) fn reissue(inputs: &Inputs<'_>, previous: &PreviousDocument, speech: &Speech) -> String {
    let place = previous.place.as_ref().map(|place| format!(", {}", text::place(inputs, place)));
    format!(
        "{}: {} № {}, {}{}",
        speech.word("previous_document"),
        previous.type_code,
        previous.number,
        previous.issued,
        place.unwrap_or_default()
    )
}

/// Who pays the railway of each country of a run.
pub(crate) struct Payment<'a> {
    /// The country.
    pub(crate) country: CountryCode,
    /// The charge that covers it, if any does.
    pub(crate) charge: Option<(usize, &'a Charge)>,
}

/// The payer of each railway of the run, in order of travel.
pub(crate) fn payments<'a>(inputs: &Inputs<'a>, run: &Run<'_>) -> Vec<Payment<'a>> {
    let countries = run.countries();
    let charges: &'a [Charge] = &inputs.consignment.charges;
    let place = |place: &PlaceCode| {
        let country = country_of(place)?;
        countries.iter().position(|other| *other == country)
    };
    let covers = |charge: &Charge, index: usize| {
        // A charge that begins before the run or ends after it covers the run from its edge.
        let first = place(&charge.from).unwrap_or(0);
        let last = place(&charge.to).unwrap_or(countries.len());
        let touches = charge.to != *run.from() && charge.from != *run.to();
        touches
            && (place(&charge.from).is_some() || place(&charge.to).is_some())
            && (first..=last).contains(&index)
    };
    let payment = |(index, country): (usize, &CountryCode)| Payment {
        country: *country,
        charge: charges.iter().enumerate().find(|(_, charge)| covers(charge, index)),
    };
    countries.iter().enumerate().map(payment).collect()
}

/// Box 23 of the SMGS note and declarations of the common one: railway by railway, who pays and under which account.
pub(crate) fn payment_lines(inputs: &Inputs<'_>, run: &Run<'_>, speech: &Speech) -> Vec<String> {
    let payments = payments(inputs, run);
    let paid = payments.iter().filter_map(|payment| Some((&payment.country, payment.charge?.1)));
    let line = |(country, charge): (&CountryCode, &Charge)| {
        let railway = find_railway(country).map_or(country.as_str(), |railway| {
            if railway.abbreviation.is_empty() { &railway.name } else { &railway.abbreviation }
        });
        let payer = inputs.consignment.find_party(charge.payer).map(|party| format!(" ({})", party.name));
        let account = charge.account.as_ref().map(|account| format!(", {account}"));
        format!(
            "{railway}: {}{}{}",
            speech.word(&format!("role:{}", charge.payer.word())),
            payer.unwrap_or_default(),
            account.unwrap_or_default()
        )
    };
    paid.map(line).collect()
}
