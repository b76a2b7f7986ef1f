//! Simple tables: our own, and `targets.simple.csv`.

use super::csv_lists::Rows;
use super::{Reading, add_name, add_once, remark};
use crate::entity::{Birth, Identifier};
use crate::name::PartyKind;

/// Our own table. `aliases`, `country`, `born` and `identifiers` hold several separated by semicolons; an identifier is
/// `scheme:number`.
pub(super) fn read_own(text: &str, reading: &mut Reading) {
    Rows::open(text, b',').each(reading, |row, line, reading| {
        let (id, kind) = (row.of(&["id"]).to_owned(), row.of(&["kind"]).to_owned());
        if id.is_empty() {
            return reading.fault(line, "id is empty");
        }
        let known = PartyKind::find(&kind);
        if known.is_none() && !kind.is_empty() {
            reading.fault(line, format!("kind: `{kind}` is none of person, organisation, vessel"));
        }
        for born in row.of(&["born"]).split(';').filter(|born| !born.trim().is_empty()) {
            if Birth::find(born).is_none() {
                reading.fault(line, format!("born: `{}` is no year or day", born.trim()));
            }
        }
        let Some(entity) = reading.entity(&id) else { return };
        entity.kind = known;
        add_name(entity, row.of(&["name"]));
        for alias in row.of(&["aliases", "alias"]).split(';') {
            add_name(entity, alias);
        }
        for country in row.of(&["country", "countries"]).split(';') {
            add_once(&mut entity.countries, country);
        }
        entity.births.extend(row.of(&["born"]).split(';').filter_map(Birth::find));
        for part in row.of(&["identifiers", "identifier"]).split(';').filter(|part| !part.is_empty()) {
            let (scheme, value) = part.split_once(':').unwrap_or(("other", part));
            entity.identifiers.extend(Identifier::new(scheme, value));
        }
        add_once(&mut entity.programmes, row.of(&["programme", "program"]));
        entity.remark = remark(row.of(&["remark"]));
    });
}

/// Columns `id, schema, name, aliases, birth_date, countries, addresses, identifiers, sanctions, ...`.
pub(super) fn read_targets(text: &str, reading: &mut Reading) {
    Rows::open(text, b',').each(reading, |row, line, reading| {
        let id = row.of(&["id"]).to_owned();
        if id.is_empty() {
            return reading.fault(line, "id is empty");
        }
        let published = row.of(&["last_change"]).to_owned();
        if reading.published.as_ref().is_none_or(|known| *known < published) && !published.is_empty() {
            reading.published = Some(published);
        }
        let Some(entity) = reading.entity(&id) else { return };
        entity.kind = PartyKind::find(row.of(&["schema"]));
        add_name(entity, row.of(&["name"]));
        for alias in row.of(&["aliases"]).split(';') {
            add_name(entity, alias);
        }
        for country in row.of(&["countries"]).split(';') {
            add_once(&mut entity.countries, country);
        }
        entity.births.extend(row.of(&["birth_date"]).split(';').filter_map(Birth::find));
        let scheme = if entity.kind == Some(PartyKind::Vessel) { "imo" } else { "other" };
        for number in row.of(&["identifiers"]).split(';') {
            entity.identifiers.extend(Identifier::new(scheme, number));
        }
        add_once(&mut entity.programmes, row.of(&["program_ids", "dataset"]));
        entity.remark = remark(row.of(&["sanctions"]));
    });
}
