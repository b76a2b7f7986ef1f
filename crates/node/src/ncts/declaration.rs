//! The declaration of a movement as message CC015C has it.

use super::choices::{Choice, code};
use super::civil;
use crate::guarantee::MovementGuarantee;
use kervan_codes::{DocumentType, Mrn, PlaceCode};
use kervan_customs::{
    Declaration, DeclaredEquipment, DeclaredGoods, Filing, Office, OfficeCode, OfficeRole, Territories,
    Trader,
};
use kervan_model::{Consignment, Itinerary, Mode, MovementId};
use kervan_ncts::build;
use kervan_ncts::find_in_list;
use std::collections::BTreeSet;

/// Longest identification number of a trader. Unit: character. Source: the schema of CC015C.
const LONGEST_TRADER: usize = 17;
/// Longest name of a sender or recipient. Unit: character. Source: the schema of every message.
const LONGEST_NAME: usize = 35;
/// Common transit countries, whose declarations have no combined nomenclature code (C0821). Source: the name of the list.
const COMMON_TRANSIT: &str = "CL112";
/// Export declaration. Source: UNTDID 1001.
const EXPORT_DECLARATION: &str = "830";

/// A text that an element of a length takes: one line, no spaces at its ends.
pub(super) fn fit(text: &str, longest: usize) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    let cut: String = line.join(" ").chars().take(longest).collect();
    cut.trim_end().to_owned()
}

/// What a declaration is written from, beside the movement.
pub(super) struct Source<'a> {
    pub(super) declared: &'a Declaration,
    pub(super) territories: &'a Territories,
    pub(super) itinerary: Option<&'a Itinerary>,
    pub(super) consignment: Option<&'a Consignment>,
}

impl Source<'_> {
    pub(super) fn departure(&self) -> String {
        office_number(self.territories, &self.declared.departure.code)
    }

    pub(super) fn destination(&self) -> String {
        office_number(self.territories, &self.declared.destination.code)
    }

    /// The numbers of the export declarations that the goods come from.
    pub(super) fn exports(&self) -> Vec<String> {
        let declared = self.declared.documents.iter().map(|document| (&document.type_code, &document.number));
        let named = self.consignment.iter().flat_map(|consignment| &consignment.documents);
        let all = declared.chain(named.map(|document| (&document.type_code, &document.number)));
        let exports: BTreeSet<&String> =
            all.filter(|(kind, number)| is_export(kind, number)).map(|(_, number)| number).collect();
        exports.into_iter().cloned().collect()
    }

    /// Documents of procedures before, but for export declarations: those stand at the house consignment.
    fn previous(&self) -> Vec<build::PreviousDocument> {
        let named = self.consignment.iter().flat_map(|consignment| &consignment.documents);
        let before =
            named.filter(|document| document.previous && !is_export(&document.type_code, &document.number));
        let all = before.map(|document| build::PreviousDocument {
            kind: document_kind(document.type_code.as_str()),
            reference: fit(&document.number, 70),
            ..build::PreviousDocument::default()
        });
        all.filter(|document| document.kind.len() == 4).collect()
    }

    /// Offices of transit: where each further territory is entered. An office on the way counts before one that stands in.
    fn transit(&self) -> Vec<build::TransitOffice> {
        let passed: BTreeSet<&PlaceCode> =
            self.itinerary.iter().flat_map(|itinerary| itinerary.stays()).map(|stay| &stay.place).collect();
        let mut offices: Vec<build::TransitOffice> = Vec::new();
        for territory in self.declared.territories.iter().skip(1) {
            let on_the_way = |office: &Office| {
                let faces = office.faces.iter().any(|place| passed.contains(place));
                let here = office.place.as_ref().is_some_and(|place| passed.contains(place));
                u8::from(faces) * 2 + u8::from(here)
            };
            let entries = self.territories.list_offices().iter().filter(|office| {
                office.territory == *territory
                    && office.roles.contains(&OfficeRole::Entry)
                    && (on_the_way(office) > 0 || office.is_stand_in())
            });
            // Of equals the first of the table.
            let best = entries.rev().max_by_key(|office| on_the_way(office));
            offices.extend(
                best.map(|office| build::TransitOffice { office: office.number.to_string(), arrival: None }),
            );
        }
        offices
    }
}

/// Whether a document is the MRN of an export declaration (R0416): one of export, with an exit summary, or to special territories.
fn is_export(kind: &DocumentType, number: &str) -> bool {
    let check = Mrn::check_digit_of(number).map(|digit| digit.to_string());
    kind.as_str() == EXPORT_DECLARATION
        && number.len() == 18
        && matches!(number.as_bytes().get(16), Some(b'A' | b'B' | b'E'))
        && check.as_deref() == number.get(17..)
}

/// The number of an office as messages have it, from the table of offices; its own code where the table has it no more.
pub fn office_number(territories: &Territories, code: &OfficeCode) -> String {
    territories.find_office(code).map_or(code, |office| &office.number).to_string()
}

/// A trader: by its number where that is one of the exchange, else by name and address.
fn party(trader: &Trader) -> build::Party {
    // R0850: two letters of the country, and up to 15 more.
    let number = trader.identifier.as_deref().map(str::trim).filter(|number| {
        (3..=LONGEST_TRADER).contains(&number.len())
            && number.bytes().take(2).all(|sign| sign.is_ascii_uppercase())
            && number.bytes().all(|sign| sign.is_ascii_alphanumeric())
    });
    match number {
        Some(number) => build::Party { identification: Some(number.to_owned()), ..build::Party::default() },
        None => named(trader),
    }
}

/// A trader by name and address.
fn named(trader: &Trader) -> build::Party {
    let (street, city) = trader.address.rsplit_once(',').unwrap_or((&trader.address, &trader.address));
    build::Party {
        name: Some(fit(&trader.name, 70)),
        address: Some(build::PostalAddress {
            street: fit(street, 70),
            postcode: None,
            city: fit(city, 35),
            country: trader.country.to_string(),
        }),
        ..build::Party::default()
    }
}

/// The holder by name and address, with the number where there is one: results of a control have it so.
pub(super) fn named_holder(declared: &Declaration) -> build::Holder {
    let identification = holder(declared).party.identification;
    let party = declared.holder.as_ref().map(named).unwrap_or_default();
    build::Holder { party: build::Party { identification, ..party }, tir_identification: None }
}

/// The holder of the procedure.
pub(super) fn holder(declared: &Declaration) -> build::Holder {
    let party = declared.holder.as_ref().map(party).unwrap_or_default();
    build::Holder { party, tir_identification: None }
}

/// The number of a trader, if it has one of the exchange.
pub(super) fn find_number(trader: Option<&Trader>) -> Option<String> {
    trader.map(party)?.identification
}

/// How a trader is called as sender or recipient of a message: by its number, or its name.
pub(super) fn trader_name(trader: Option<&Trader>) -> String {
    let found = trader.map(party).unwrap_or_default();
    found.identification.or(found.name).map(|text| fit(&text, LONGEST_NAME)).unwrap_or_default()
}

/// Mode of transport. Source: UN/ECE Recommendation 19.
fn mode(mode: Mode) -> String {
    match mode {
        Mode::Sea | Mode::Ferry => "1",
        Mode::Rail => "2",
        Mode::Road => "3",
        Mode::InlandWater => "8",
    }
    .to_owned()
}

/// The declaration as the message has it.
pub(super) fn write_declaration(
    source: &Source<'_>,
    id: &MovementId,
    cover: Option<&MovementGuarantee>,
) -> build::Declaration {
    let declared = source.declared;
    let prelodged = declared.filing == Filing::Prelodged;
    let country = |country: Option<kervan_codes::CountryCode>| country.map(|country| country.to_string());
    let (transport_documents, documents) = documents(declared);
    build::Declaration {
        lrn: id.to_string(),
        declaration_type: code(Choice::DeclarationType).into(),
        pre_lodged: prelodged,
        presentation: prelodged.then(|| civil(declared.enters)),
        security: code(Choice::Security).into(),
        departure: source.departure(),
        destination: source.destination(),
        transit: source.transit(),
        holder: holder(declared),
        guarantees: vec![guarantee(cover)],
        destination_country: country(declared.country_of_destination),
        containers: Some(!declared.equipment.is_empty()),
        inland_mode: declared.modes.first().copied().map(mode),
        border_mode: Some(mode(declared.entry_mode)),
        gross: Some(declared.gross_mass),
        ucr: Some(fit(declared.reference.as_str(), 35)),
        consignor: declared.consignor.as_ref().map(party),
        consignee: declared.consignee.as_ref().map(party),
        equipment: declared.equipment.iter().map(|found| equipment(found, &declared.goods)).collect(),
        location: Some((code(Choice::LocationType).into(), build::Location::Office(source.departure()))),
        loading: Some(build::Place {
            un_locode: None,
            country: Some(declared.departure.country.to_string()),
            name: Some(fit(&declared.departure.name, 35)),
        }),
        routing: declared.countries_of_routing.iter().map(ToString::to_string).collect(),
        previous: source.previous(),
        documents,
        transport_documents,
        houses: vec![house(source)],
        ..build::Declaration::default()
    }
}

fn house(source: &Source<'_>) -> build::HouseConsignment {
    let departure = source.departure();
    let common =
        departure.get(..2).is_some_and(|country| find_in_list(COMMON_TRANSIT, country) == Some(true));
    let previous = |reference: String| build::PreviousDocument {
        kind: document_kind(EXPORT_DECLARATION),
        reference,
        ..build::PreviousDocument::default()
    };
    build::HouseConsignment {
        items: source.declared.goods.iter().map(|goods| item(goods, common)).collect(),
        previous: source.exports().into_iter().map(previous).collect(),
        ..build::HouseConsignment::default()
    }
}

fn guarantee(cover: Option<&MovementGuarantee>) -> build::Guarantee {
    let Some(held) = cover.and_then(|cover| cover.reservation.as_ref()) else {
        let amount = cover.map(|cover| cover.need.amount);
        let references =
            amount.map(|amount| build::GuaranteeReference { grn: None, access_code: None, amount });
        return build::Guarantee {
            kind: code(Choice::UncoveredGuarantee).into(),
            other_reference: None,
            references: references.into_iter().collect(),
        };
    };
    build::Guarantee {
        kind: held.kind.ncts().into(),
        other_reference: None,
        references: vec![build::GuaranteeReference {
            grn: Some(held.grn.to_string()),
            access_code: None,
            amount: held.amount,
        }],
    }
}

fn equipment(found: &DeclaredEquipment, goods: &[DeclaredGoods]) -> build::Equipment {
    // Goods that name no container are in all of them.
    let inside =
        goods.iter().filter(|item| item.containers.is_empty() || item.containers.contains(&found.number));
    build::Equipment {
        container: Some(found.number.to_string()),
        seals: found.seals.iter().map(|seal| fit(&seal.number, 20)).collect(),
        goods: inside.map(|item| item.item).collect(),
    }
}

/// `common`: whether it departs from a common transit country.
fn item(declared: &DeclaredGoods, common: bool) -> build::ConsignmentItem {
    let nomenclature = declared.hs.as_str().get(6..8).filter(|_| !common);
    build::ConsignmentItem {
        description: fit(&declared.description, 512),
        harmonized_system: Some(declared.hs.six_digits().to_owned()),
        combined_nomenclature: nomenclature.map(str::to_owned),
        dangerous: declared.dangerous.iter().map(|goods| format!("{:04}", goods.un_number)).collect(),
        gross: declared.gross_mass,
        net: Some(declared.net_mass),
        packages: vec![build::Packaging {
            kind: declared.package_kind.to_string(),
            number: Some(declared.packages),
            marks: Some(fit(declared.marks.as_deref().unwrap_or(code(Choice::NoMarks)), 512)),
        }],
        ..build::ConsignmentItem::default()
    }
}

/// A document type of UNTDID 1001 stands behind an `N`.
fn document_kind(type_code: &str) -> String {
    format!("N{type_code}")
}

/// Transport documents, whose type begins with 7, and the others but for export declarations, which go before.
fn documents(declared: &Declaration) -> (Vec<build::Document>, Vec<build::Document>) {
    let others =
        declared.documents.iter().filter(|document| !is_export(&document.type_code, &document.number));
    let all = others.map(|document| build::Document {
        kind: document_kind(document.type_code.as_str()),
        reference: fit(&document.number, 70),
        ..build::Document::default()
    });
    all.filter(|document| document.kind.len() == 4).partition(|document| document.kind.starts_with("N7"))
}
