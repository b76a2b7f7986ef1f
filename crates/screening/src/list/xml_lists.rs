//! The published lists in XML: OFAC, European Union, United Nations, United Kingdom.

use super::xml::{Element, each_record};
use super::{Reading, add_name, add_once, remark};
use crate::entity::{Birth, Identifier};
use crate::name::PartyKind;
use kervan_model::Finding;

/// Reads records and turns a fault of the whole file into a finding.
fn each(text: &str, wanted: &[&str], reading: &mut Reading, mut one: impl FnMut(&Element, &mut Reading)) {
    let mut first = true;
    let result = each_record(text.trim_start_matches('\u{feff}'), wanted, |element| {
        if std::mem::take(&mut first) {
            let day = ["generationDate", "dateGenerated"].map(|name| element.attribute(name).to_owned());
            reading.published = day.into_iter().find(|day| !day.is_empty());
        } else {
            one(element, reading);
        }
    });
    if let Err((line, reason)) = result {
        reading.findings.push(not_well_formed(&reading.file, line, reason));
    }
}

/// The finding of a file that is no XML.
pub(super) fn not_well_formed(file: &str, line: usize, reason: String) -> Finding {
    Finding::error("screening.list-xml", reason)
        .at(format!("{file}:{line}"))
        .source("W3C XML 1.0")
        .remedy("load the file again")
}

/// The first text that is not empty.
fn first<'a>(texts: &[&'a str]) -> &'a str {
    texts.iter().find(|text| !text.is_empty()).copied().unwrap_or("")
}

fn join(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

/// `sdnList/sdnEntry`. Source: OFAC, SDN XSD.
pub(super) fn read_ofac(text: &str, reading: &mut Reading) {
    each(text, &["sdnEntry", "publshInformation"], reading, |entry, reading| {
        if entry.name == "publshInformation" {
            reading.published = Some(entry.text_of("Publish_Date").to_owned());
            return;
        }
        let id = entry.text_of("uid").to_owned();
        if id.is_empty() {
            reading.fault(entry.line, "sdnEntry/uid is missing");
            return;
        }
        let Some(entity) = reading.entity(&id) else { return };
        entity.kind = match entry.text_of("sdnType").to_lowercase().as_str() {
            "individual" => Some(PartyKind::Person),
            "vessel" => Some(PartyKind::Vessel),
            "entity" => Some(PartyKind::Organisation),
            _ => None,
        };
        add_name(entity, &join(&[entry.text_of("firstName"), entry.text_of("lastName")]));
        for aka in entry.below("aka") {
            add_name(entity, &join(&[aka.text_of("firstName"), aka.text_of("lastName")]));
        }
        for program in entry.below("program") {
            add_once(&mut entity.programmes, &program.text);
        }
        for birth in entry.below("dateOfBirth") {
            entity.births.extend(Birth::find(&birth.text));
        }
        for country in entry.below("country") {
            add_once(&mut entity.countries, &country.text);
        }
        for id in entry.below("id") {
            entity.identifiers.extend(Identifier::new(id.text_of("idType"), id.text_of("idNumber")));
        }
        for call in entry.below("callSign") {
            entity.identifiers.extend(Identifier::new("call sign", &call.text));
        }
        entity.remark = remark(entry.text_of("remarks"));
    });
}

/// `export/sanctionEntity`. Source: European Commission, FSF schema 1.1.
pub(super) fn read_eu(text: &str, reading: &mut Reading) {
    each(text, &["sanctionEntity"], reading, |record, reading| {
        let id = first(&[record.attribute("euReferenceNumber"), record.attribute("logicalId")]).to_owned();
        if id.is_empty() {
            reading.fault(record.line, "sanctionEntity has neither euReferenceNumber nor logicalId");
            return;
        }
        let Some(entity) = reading.entity(&id) else { return };
        let kind = record.find("subjectType").map_or("", |kind| kind.attribute("code"));
        entity.kind = PartyKind::find(kind);
        for alias in record.all("nameAlias") {
            let parts = ["firstName", "middleName", "lastName"].map(|name| alias.attribute(name));
            let whole = alias.attribute("wholeName");
            add_name(entity, if whole.is_empty() { join(&parts) } else { whole.to_owned() }.as_str());
        }
        for birth in record.all("birthdate") {
            let day = first(&[birth.attribute("birthdate"), birth.attribute("year")]);
            entity.births.extend(Birth::find(day));
            add_once(&mut entity.countries, birth.attribute("countryIso2Code"));
        }
        for place in record.all("citizenship").chain(record.all("address")) {
            add_once(&mut entity.countries, place.attribute("countryIso2Code"));
        }
        for number in record.all("identification") {
            let scheme = first(&[
                number.attribute("identificationTypeDescription"),
                number.attribute("identificationTypeCode"),
            ]);
            entity.identifiers.extend(Identifier::new(scheme, number.attribute("number")));
        }
        for regulation in record.all("regulation") {
            add_once(&mut entity.programmes, regulation.attribute("programme"));
        }
        entity.remark = remark(record.text_of("remark"));
    });
}

/// `CONSOLIDATED_LIST/INDIVIDUALS/INDIVIDUAL` and `ENTITIES/ENTITY`. Source: United Nations, consolidated list XSD.
pub(super) fn read_un(text: &str, reading: &mut Reading) {
    each(text, &["INDIVIDUAL", "ENTITY"], reading, |record, reading| {
        let id = first(&[record.text_of("REFERENCE_NUMBER"), record.text_of("DATAID")]).to_owned();
        if id.is_empty() {
            reading.fault(record.line, format!("{} has neither REFERENCE_NUMBER nor DATAID", record.name));
            return;
        }
        let Some(entity) = reading.entity(&id) else { return };
        let person = record.name == "INDIVIDUAL";
        entity.kind = Some(if person { PartyKind::Person } else { PartyKind::Organisation });
        let parts =
            ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"].map(|name| record.text_of(name));
        add_name(entity, &join(&parts));
        add_name(entity, record.text_of("NAME_ORIGINAL_SCRIPT"));
        for alias in record.all("INDIVIDUAL_ALIAS").chain(record.all("ENTITY_ALIAS")) {
            add_name(entity, alias.text_of("ALIAS_NAME"));
        }
        for birth in record.all("INDIVIDUAL_DATE_OF_BIRTH") {
            let day = first(&[birth.text_of("DATE"), birth.text_of("YEAR"), birth.text_of("FROM_YEAR")]);
            entity.births.extend(Birth::find(day));
        }
        for nationality in record.all("NATIONALITY") {
            for value in nationality.all("VALUE") {
                add_once(&mut entity.countries, &value.text);
            }
        }
        for address in record.all("ENTITY_ADDRESS").chain(record.all("INDIVIDUAL_ADDRESS")) {
            add_once(&mut entity.countries, address.text_of("COUNTRY"));
        }
        for document in record.all("INDIVIDUAL_DOCUMENT") {
            let scheme = document.text_of("TYPE_OF_DOCUMENT");
            entity.identifiers.extend(Identifier::new(scheme, document.text_of("NUMBER")));
        }
        add_once(&mut entity.programmes, record.text_of("UN_LIST_TYPE"));
        entity.remark = remark(record.text_of("COMMENTS1"));
    });
}

/// `Designations/Designation`. Source: FCDO, UK Sanctions List schema.
pub(super) fn read_uk(text: &str, reading: &mut Reading) {
    each(text, &["Designation", "DateGenerated"], reading, |record, reading| {
        if record.name == "DateGenerated" {
            reading.published = Some(record.text.trim().to_owned());
            return;
        }
        let id = first(&[record.text_of("UniqueID"), record.text_of("OFSIGroupID")]).to_owned();
        if id.is_empty() {
            reading.fault(record.line, "Designation/UniqueID is missing");
            return;
        }
        let Some(entity) = reading.entity(&id) else { return };
        let kind = first(&[record.text_of("IndividualEntityShip"), record.text_of("DesignationType")]);
        entity.kind = PartyKind::find(kind);
        for name in record.find("Names").map(|names| names.below("Name")).unwrap_or_default() {
            let parts = ["Name1", "Name2", "Name3", "Name4", "Name5", "Name6"].map(|part| name.text_of(part));
            add_name(entity, &join(&parts));
        }
        for name in record.below("NameNonLatinScript") {
            add_name(entity, &name.text);
        }
        for birth in record.below("DOB") {
            entity.births.extend(Birth::find(&birth.text));
        }
        for place in ["AddressCountry", "Nationality", "CurrentFlagOfShip", "CurrentBelievedFlagOfShip"] {
            for country in record.below(place) {
                add_once(&mut entity.countries, &country.text);
            }
        }
        for (element, scheme) in [
            ("IMONumber", "imo"),
            ("PassportNumber", "passport"),
            ("NationalIdentifierNumber", "national identity"),
            ("BusinessRegistrationNumber", "registration"),
        ] {
            for number in record.below(element) {
                entity.identifiers.extend(Identifier::new(scheme, &number.text));
            }
        }
        add_once(&mut entity.programmes, record.text_of("RegimeName"));
        entity.remark = remark(record.text_of("OtherInformation"));
    });
}
