//! The published lists as CSV: OFAC, European Union, United Kingdom.

use super::{Format, Reading, add_name, add_once, remark};
use crate::entity::{Birth, Entity, Identifier};
use crate::name::PartyKind;
use std::collections::BTreeMap;

/// The rows of a table by the names of their columns.
pub(super) struct Rows {
    head: BTreeMap<String, usize>,
    records: csv::StringRecordsIntoIter<std::io::Cursor<String>>,
}

pub(super) struct Row<'a> {
    head: &'a BTreeMap<String, usize>,
    record: csv::StringRecord,
}

impl Row<'_> {
    /// The text of the first of these columns that is there and not empty.
    pub(super) fn of(&self, columns: &[&str]) -> &str {
        let cells = columns.iter().filter_map(|column| self.record.get(*self.head.get(&plain(column))?));
        cells.map(str::trim).find(|cell| !cell.is_empty()).unwrap_or("")
    }
}

/// A column's name without case, spaces and signs.
fn plain(column: &str) -> String {
    column.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Rows {
    pub(super) fn open(text: &str, separator: u8) -> Self {
        let text = text.trim_start_matches('\u{feff}').to_owned();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .has_headers(false)
            .from_reader(std::io::Cursor::new(text));
        let mut head = csv::StringRecord::new();
        let _ = reader.read_record(&mut head);
        let head = head.iter().enumerate().map(|(at, name)| (plain(name), at)).collect();
        Self { head, records: reader.into_records() }
    }

    /// Hands every row with its line to `one`; a row that cannot be read is a finding.
    pub(super) fn each(mut self, reading: &mut Reading, mut one: impl FnMut(&Row, usize, &mut Reading)) {
        let head = std::mem::take(&mut self.head);
        for record in self.records {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    one(&Row { head: &head, record }, usize::try_from(line).unwrap_or(0), reading);
                }
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    reading.fault(usize::try_from(line).unwrap_or(0), kervan_model::in_plain_words(&error));
                }
            }
        }
    }
}

/// Recognizes a list by its first lines.
pub(super) fn find_format(text: &str) -> Option<Format> {
    let mut lines = text.lines();
    let (first, second) = (lines.next()?, lines.next().unwrap_or(""));
    let has = |line: &str, names: &[&str]| {
        let line = plain(line);
        names.iter().all(|name| line.contains(&plain(name)))
    };
    match () {
        () if has(first, &["fileGenerationDate", "nameAliasWholeName"]) => Some(Format::EuCsv),
        () if has(first, &["Entity_LogicalId", "NameAlias_WholeName"]) => Some(Format::EuCsv),
        () if has(first, &["Unique ID", "Name 6"]) || has(second, &["Unique ID", "Name 6"]) => {
            Some(Format::UkCsv)
        }
        () if has(second, &["Name 6", "Name 1", "Group ID"])
            || has(first, &["Name 6", "Group Type", "Group ID"]) =>
        {
            Some(Format::UkConListCsv)
        }
        () if has(first, &["id", "schema", "name", "aliases", "identifiers"]) => Some(Format::TargetsCsv),
        () if has(first, &["id", "kind", "name"]) => Some(Format::OwnCsv),
        () if first.matches(',').count() >= 11 && first.contains("-0-") => Some(Format::OfacCsv),
        () => None,
    }
}

/// `sdn.csv` has no header. Columns: number, name, type, programme, title, call sign, vessel type, tonnage, GRT, flag, owner,
/// remarks. Source: OFAC, data formats of the legacy lists.
pub(super) fn read_ofac(text: &str, companions: &[(&str, &str)], reading: &mut Reading) {
    let columns = "id,name,kind,programme,title,call,vessel,tonnage,grt,flag,owner,remarks\n";
    Rows::open(&format!("{columns}{text}"), b',').each(reading, |row, line, reading| {
        let (id, name) = (clean(row.of(&["id"])), clean(row.of(&["name"])));
        if id.is_empty() || id == "\u{1a}" {
            return;
        }
        if id.parse::<u64>().is_err() {
            return reading.fault(line.saturating_sub(1), format!("`{id}` is not the number of an entity"));
        }
        let Some(entity) = reading.entity(&id) else { return };
        entity.kind = match clean(row.of(&["kind"])).as_str() {
            "individual" => Some(PartyKind::Person),
            "vessel" => Some(PartyKind::Vessel),
            _ => Some(PartyKind::Organisation),
        };
        add_name(entity, &name);
        add_once(&mut entity.programmes, &clean(row.of(&["programme"])));
        add_once(&mut entity.countries, &clean(row.of(&["flag"])));
        entity.identifiers.extend(Identifier::new("call sign", &clean(row.of(&["call"]))));
        read_remarks(entity, &clean(row.of(&["remarks"])));
    });
    for (name, text) in companions {
        let alt = name.to_lowercase().contains("alt");
        let columns =
            if alt { "id,alt,type,name,remarks\n" } else { "id,add,address,city,country,remarks\n" };
        Rows::open(&format!("{columns}{text}"), b',').each(reading, |row, _, reading| {
            let id = clean(row.of(&["id"]));
            let Some(entity) = reading.entities.get_mut(&id) else { return };
            add_name(entity, &clean(row.of(&["name"])));
            add_once(&mut entity.countries, &clean(row.of(&["country"])));
        });
    }
}

/// A field without the mark for nothing.
fn clean(field: &str) -> String {
    let field = field.trim();
    if field == "-0-" { String::new() } else { field.to_owned() }
}

/// `DOB 12 Mar 1960; Passport 123 (Somewhere); ...`
fn read_remarks(entity: &mut Entity, remarks: &str) {
    for part in remarks.trim_end_matches('.').split(';').map(str::trim) {
        let lower = part.to_lowercase();
        if lower.contains("dob ") {
            entity.births.extend(Birth::find(part));
        } else if let Some(alias) = part.strip_prefix("a.k.a. ") {
            add_name(entity, alias.trim_matches(['\'', '"']));
        } else if let Some(country) = lower.strip_prefix("nationality ").or(lower.strip_prefix("citizen ")) {
            add_once(&mut entity.countries, country);
        } else if let Some(number) =
            part.split_whitespace().find(|word| word.bytes().any(|b| b.is_ascii_digit()))
        {
            let scheme = part.split(number).next().unwrap_or("");
            let known = ["passport", "imo", "mmsi", "tax", "registration", "identification", "national"];
            if known.iter().any(|word| lower.contains(word)) {
                entity.identifiers.extend(Identifier::new(scheme, number));
            }
        }
    }
    entity.remark = remark(remarks);
}

/// Columns named `Entity_LogicalId`, `NameAlias_WholeName` and so on, separated by semicolons.
pub(super) fn read_eu(text: &str, reading: &mut Reading) {
    let first = text.lines().next().unwrap_or("");
    let separator = if first.matches(';').count() > first.matches(',').count() { b';' } else { b',' };
    Rows::open(text, separator).each(reading, |row, line, reading| {
        let id = row.of(&["Entity_EU_ReferenceNumber", "Entity_LogicalId"]).to_owned();
        if id.is_empty() {
            return reading.fault(line, "Entity_LogicalId is empty");
        }
        let published = row.of(&["fileGenerationDate"]).to_owned();
        if !published.is_empty() {
            reading.published = Some(published);
        }
        let Some(entity) = reading.entity(&id) else { return };
        let kind = row.of(&["Entity_SubjectType", "Entity_SubjectType_ClassificationCode"]);
        entity.kind = entity.kind.or_else(|| PartyKind::find(kind));
        add_name(entity, row.of(&["NameAlias_WholeName"]));
        entity.births.extend(Birth::find(row.of(&["BirthDate_BirthDate", "BirthDate_Year"])));
        entity.births.dedup();
        for column in ["Citizenship_CountryIso2Code", "Address_CountryIso2Code", "BirthDate_CountryIso2Code"]
        {
            add_once(&mut entity.countries, row.of(&[column]));
        }
        let scheme = row.of(&["Identification_TypeDescription", "Identification_TypeCode"]);
        entity.identifiers.extend(Identifier::new(scheme, row.of(&["Identification_Number"])));
        add_once(&mut entity.programmes, row.of(&["Entity_Regulation_Programme"]));
    });
}

fn uk_names(row: &Row) -> String {
    let parts = ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6"].map(|part| row.of(&[part]));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// `ConList.csv`: a line with the date, then the header. Source: OFSI, guide to the consolidated list.
pub(super) fn read_con_list(text: &str, reading: &mut Reading) {
    let head = text.lines().next().unwrap_or("");
    let dated = !head.contains("Group ID");
    if dated {
        reading.published = head.split(',').nth(1).map(str::to_owned);
    }
    let table = if dated { text.split_once('\n').map_or("", |(_, rest)| rest) } else { text };
    Rows::open(table, b',').each(reading, |row, line, reading| {
        let id = row.of(&["Group ID"]).to_owned();
        if id.is_empty() {
            return reading.fault(line + usize::from(dated), "Group ID is empty");
        }
        let Some(entity) = reading.entity(&id) else { return };
        entity.kind = PartyKind::find(row.of(&["Group Type"]));
        add_name(entity, &uk_names(row));
        add_name(entity, row.of(&["Name Non-Latin Script"]));
        entity.births.extend(Birth::find(row.of(&["DOB"])));
        entity.births.dedup();
        for column in ["Nationality", "Country"] {
            add_once(&mut entity.countries, row.of(&[column]));
        }
        entity.identifiers.extend(Identifier::new("passport", row.of(&["Passport Number"])));
        entity
            .identifiers
            .extend(Identifier::new("national identity", row.of(&["National Identification Number"])));
        add_once(&mut entity.programmes, row.of(&["Regime"]));
        entity.remark = remark(row.of(&["Other Information"]));
    });
}

/// The UK Sanctions List as CSV: a line with the date may stand before the header. Source: FCDO.
pub(super) fn read_uk(text: &str, reading: &mut Reading) {
    let dated = !text.lines().next().unwrap_or("").contains("Unique ID");
    let table = if dated { text.split_once('\n').map_or("", |(_, rest)| rest) } else { text };
    if dated {
        reading.published = text.lines().next().map(|line| line.trim_matches([',', '"']).to_owned());
    }
    Rows::open(table, b',').each(reading, |row, line, reading| {
        let id = row.of(&["Unique ID"]).to_owned();
        if id.is_empty() {
            return reading.fault(line + usize::from(dated), "Unique ID is empty");
        }
        let Some(entity) = reading.entity(&id) else { return };
        entity.kind = PartyKind::find(row.of(&["Designation Type", "Individual, Entity, Ship"]));
        add_name(entity, &uk_names(row));
        add_name(entity, row.of(&["Name non-latin script"]));
        entity.births.extend(Birth::find(row.of(&["D.O.B", "DOB"])));
        entity.births.dedup();
        for column in ["Nationality(/ies)", "Address Country", "Current believed flag of ship"] {
            add_once(&mut entity.countries, row.of(&[column]));
        }
        for (column, scheme) in [
            ("IMO number", "imo"),
            ("Passport number", "passport"),
            ("National Identifier number", "national identity"),
            ("Business registration number (s)", "registration"),
        ] {
            entity.identifiers.extend(Identifier::new(scheme, row.of(&[column])));
        }
        add_once(&mut entity.programmes, row.of(&["Regime Name"]));
        entity.remark = remark(row.of(&["Other Information"]));
    });
}
