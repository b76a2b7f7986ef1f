//! The declaration of a movement as message CC015C has it.

use super::civil;
use crate::MovementFile;
use data_encoding::HEXUPPER;
use kervan_customs::{Declaration, DeclaredEquipment, DeclaredGoods, Filing, OfficeCode, Trader};
use kervan_model::Mode;
use kervan_ncts::build;
use sha2::{Digest, Sha256};

/// Declaration type: goods under external transit. Every goods item here comes from outside of the customs territories that
/// the Convention joins; internal transit (T2) begins with a status of the goods that no dossier states yet.
const EXTERNAL_TRANSIT: &str = "T1";
/// Type of the location of goods: a designated place. Source: code list 347.
const DESIGNATED: &str = "A";
/// Guarantee type of a movement that no account covers: individual, in cash or other means. Source: code list 251.
const INDIVIDUAL_IN_CASH: &str = "3";
/// Longest identification number of a trader. Unit: character. Source: the schema of CC015C.
const LONGEST_TRADER: usize = 17;

/// A text that an element of a length takes: one line, no spaces at its ends.
pub(super) fn fit(text: &str, longest: usize) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    let cut: String = line.join(" ").chars().take(longest).collect();
    cut.trim_end().to_owned()
}

/// The number of an office as messages have it. An office whose number of the common list no reference gives has a stand-in: its
/// country, a `Z`, and five digits of the digest of our own code.
pub fn office_number(code: &OfficeCode) -> String {
    if !code.is_private() {
        return code.to_string();
    }
    let country: String = code.as_str().chars().take(2).collect();
    let digest = HEXUPPER.encode(&Sha256::digest(code.as_str().as_bytes()));
    let five: String = digest.chars().take(5).collect();
    format!("{country}Z{five}")
}

/// A trader: by its number where that is one of the exchange, else by name and address.
fn party(trader: &Trader) -> build::Party {
    let number = trader.identifier.as_deref().map(str::trim).filter(|number| {
        !number.is_empty()
            && number.len() <= LONGEST_TRADER
            && number.chars().all(|sign| sign.is_ascii_alphanumeric())
    });
    if let Some(number) = number {
        return build::Party { identification: Some(number.to_owned()), ..build::Party::default() };
    }
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

/// The holder of the procedure.
pub(super) fn holder(declared: &Declaration) -> build::Holder {
    let party = declared.holder.as_ref().map(party).unwrap_or_default();
    build::Holder { party, tir_identification: None }
}

/// The number under which a trader answers for the goods at their destination: its own, or its name.
pub(super) fn trader_number(trader: Option<&Trader>) -> String {
    let found = trader.map(party).unwrap_or_default();
    found.identification.or(found.name).map(|text| fit(&text, LONGEST_TRADER)).unwrap_or_default()
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
pub(super) fn write_declaration(declared: &Declaration, file: &MovementFile) -> build::Declaration {
    let prelodged = declared.filing == Filing::Prelodged;
    let country = |country: Option<kervan_codes::CountryCode>| country.map(|country| country.to_string());
    let (transport_documents, documents) = documents(declared);
    build::Declaration {
        lrn: file.movement.id.to_string(),
        declaration_type: EXTERNAL_TRANSIT.into(),
        pre_lodged: prelodged,
        presentation: prelodged.then(|| civil(declared.enters)),
        security: "0".into(),
        departure: office_number(&declared.departure.code),
        destination: office_number(&declared.destination.code),
        holder: holder(declared),
        guarantees: vec![guarantee(file)],
        dispatch_country: country(declared.country_of_dispatch),
        destination_country: country(declared.country_of_destination),
        containers: Some(!declared.equipment.is_empty()),
        inland_mode: declared.modes.first().copied().map(mode),
        border_mode: Some(mode(declared.entry_mode)),
        gross: Some(declared.gross_mass),
        ucr: Some(fit(declared.reference.as_str(), 35)),
        consignor: declared.consignor.as_ref().map(party),
        consignee: declared.consignee.as_ref().map(party),
        equipment: declared.equipment.iter().map(|found| equipment(found, &declared.goods)).collect(),
        location: Some((DESIGNATED.into(), build::Location::Office(office_number(&declared.departure.code)))),
        loading: Some(build::Place {
            un_locode: None,
            country: Some(declared.departure.country.to_string()),
            name: Some(fit(&declared.departure.name, 35)),
        }),
        routing: declared.countries_of_routing.iter().map(ToString::to_string).collect(),
        documents,
        transport_documents,
        houses: vec![build::HouseConsignment {
            items: declared.goods.iter().map(item).collect(),
            ..build::HouseConsignment::default()
        }],
        ..build::Declaration::default()
    }
}

fn guarantee(file: &MovementFile) -> build::Guarantee {
    let cover = file.guarantee.as_ref();
    let Some(held) = cover.and_then(|cover| cover.reservation.as_ref()) else {
        let amount = cover.map(|cover| cover.need.amount);
        let references =
            amount.map(|amount| build::GuaranteeReference { grn: None, access_code: None, amount });
        return build::Guarantee {
            kind: INDIVIDUAL_IN_CASH.into(),
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

fn item(declared: &DeclaredGoods) -> build::ConsignmentItem {
    let code = declared.hs.as_str();
    build::ConsignmentItem {
        description: fit(&declared.description, 512),
        harmonized_system: Some(declared.hs.six_digits().to_owned()),
        combined_nomenclature: code.get(6..8).map(str::to_owned),
        dangerous: declared.dangerous.iter().map(|goods| format!("{:04}", goods.un_number)).collect(),
        gross: declared.gross_mass,
        net: Some(declared.net_mass),
        packages: vec![build::Packaging {
            kind: declared.package_kind.to_string(),
            number: Some(declared.packages),
            marks: declared.marks.as_deref().map(|marks| fit(marks, 512)),
        }],
        ..build::ConsignmentItem::default()
    }
}

/// Transport documents and the others. A document type of UNTDID 1001 stands behind an `N`; those of transport begin with 7.
fn documents(declared: &Declaration) -> (Vec<build::Document>, Vec<build::Document>) {
    let all = declared.documents.iter().map(|document| build::Document {
        kind: format!("N{}", document.type_code),
        reference: fit(&document.number, 70),
        ..build::Document::default()
    });
    all.filter(|document| document.kind.len() == 4).partition(|document| document.kind.starts_with("N7"))
}
