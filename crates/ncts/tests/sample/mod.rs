//! A declaration of containers by rail, as a forwarder would lodge it, with as many goods items as asked for.

#![allow(dead_code, reason = "each test uses a part of it")]

use jiff::civil::{DateTime, date};
use kervan_codes::{Mrn, MrnParts};
use kervan_ncts::Phase;
use kervan_ncts::build::{
    Answer, Arrival, ArrivalCase, ConsignmentItem, Contact, Declaration, Document, Envelope, Equipment,
    ExportCase, Guarantee, GuaranteeReference, Holder, HouseConsignment, Location, Means, Packaging, Party,
    Place, PostalAddress, PreviousDocument, Representative, TransitOffice,
};
use kervan_units::{Currency, Mass, Money};

pub(crate) fn now() -> DateTime {
    date(2026, 11, 22).at(9, 30, 0, 0)
}

pub(crate) fn mrn() -> Mrn {
    Mrn::issue(MrnParts { year: 2026, country: "GE".parse().unwrap(), serial: 4_711 })
}

pub(crate) fn envelope(identification: &str) -> Envelope {
    Envelope {
        sender: "NTA.GE".into(),
        recipient: "NTA.TR".into(),
        prepared: now(),
        identification: identification.into(),
        correlation: None,
        phase: Phase::Ncts6,
    }
}

fn address(country: &str, city: &str) -> PostalAddress {
    PostalAddress {
        street: "Harbour street 7".into(),
        postcode: Some("0100".into()),
        city: city.into(),
        country: country.into(),
    }
}

pub(crate) fn holder() -> Holder {
    let party = Party { identification: Some("GE400123456".into()), ..Party::default() };
    Holder { party, tir_identification: None }
}

pub(crate) fn item(number: usize) -> ConsignmentItem {
    ConsignmentItem {
        description: format!("Laptop computers, batch {number}"),
        harmonized_system: Some("847130".into()),
        gross: Mass::from_grams(1_250_500),
        net: Some(Mass::from_kilograms(1_100)),
        packages: vec![Packaging {
            kind: "CT".into(),
            number: Some(40),
            marks: Some(format!("XA-{number} & Co")),
        }],
        documents: vec![Document {
            kind: "N380".into(),
            reference: format!("INV-2026-{number}"),
            line: Some(1),
            complement: None,
        }],
        ..ConsignmentItem::default()
    }
}

/// A declaration of `items` goods items in one house consignment.
pub(crate) fn declaration_of(items: usize) -> Declaration {
    let party = |name: &str, country: &str, city: &str| Party {
        name: Some(name.into()),
        address: Some(address(country, city)),
        ..Party::default()
    };
    let euro: Currency = "EUR".parse().unwrap();
    let reference = GuaranteeReference {
        grn: Some("24GB0000010000163".into()),
        access_code: Some("AC01".into()),
        amount: Money::from_minor(1_200_000, euro),
    };
    Declaration {
        lrn: "KRV-2026-000017".into(),
        declaration_type: "T1".into(),
        security: "0".into(),
        departure: "GE000001".into(),
        destination: "TR341200".into(),
        transit: vec![TransitOffice { office: "TR080100".into(), arrival: None }],
        holder: holder(),
        representative: Some(Representative {
            identification: "GE400999888".into(),
            status: "2".into(),
            contact: Some(Contact {
                name: "N. Beridze".into(),
                phone: "+995 32 200 00 00".into(),
                email: None,
            }),
        }),
        guarantees: vec![Guarantee { kind: "1".into(), other_reference: None, references: vec![reference] }],
        destination_country: Some("TR".into()),
        containers: Some(true),
        inland_mode: Some("2".into()),
        consignor: Some(party("Xi'an Export Co", "CN", "Xi'an")),
        consignee: Some(party("Anadolu Ithalat AS", "TR", "Istanbul")),
        equipment: vec![Equipment {
            container: Some("CSQU3054383".into()),
            seals: vec!["GE77001".into()],
            goods: Vec::new(),
        }],
        location: Some(("A".into(), Location::UnLocode("GETBS".into()))),
        means: vec![Means {
            kind: "20".into(),
            identification: "218124712173".into(),
            nationality: "GE".into(),
            ..Means::default()
        }],
        loading: Some(Place { un_locode: Some("GETBS".into()), ..Place::default() }),
        transport_documents: vec![Document {
            kind: "N720".into(),
            reference: "CIM-SMGS 9912345".into(),
            ..Document::default()
        }],
        houses: vec![HouseConsignment {
            items: (1..=items).map(item).collect(),
            ..HouseConsignment::default()
        }],
        ..Declaration::default()
    }
}

pub(crate) fn answer(identification: &str) -> Answer {
    Answer {
        envelope: Envelope { recipient: "GE400123456".into(), ..envelope(identification) },
        lrn: "KRV-2026-000017".into(),
        mrn: Some(mrn().as_str().into()),
        office: "GE000001".into(),
        holder: holder(),
        representative: declaration_of(1).representative,
    }
}

/// A holder by name and address, as results of a control have it.
pub(crate) fn named_holder() -> Holder {
    let party = Party {
        name: Some("Silk Line LLC".into()),
        address: Some(address("GE", "Tbilisi")),
        ..holder().party
    };
    Holder { party, tir_identification: None }
}

pub(crate) fn export_case(identification: &str) -> ExportCase {
    ExportCase {
        envelope: Envelope { recipient: "NECA.GE".into(), ..envelope(identification) },
        mrn: mrn().as_str().into(),
        departure: "GE000001".into(),
        destination: "TR341200".into(),
        exports: vec![export_mrn()],
    }
}

/// The number of an export declaration.
pub(crate) fn export_mrn() -> String {
    let body = "26GE000000004711A";
    let digit = Mrn::check_digit_of(&format!("{body}0")).unwrap();
    format!("{body}{digit}")
}

pub(crate) fn arrival_case(identification: &str) -> ArrivalCase {
    ArrivalCase {
        envelope: envelope(identification),
        mrn: mrn().as_str().into(),
        office: "TR341200".into(),
        trader: "TR1234567890".into(),
    }
}

pub(crate) fn arrival() -> Arrival {
    Arrival {
        at: now(),
        simplified: false,
        authorisations: Vec::new(),
        location: ("A".into(), Location::Office("TR341200".into())),
    }
}

pub(crate) fn previous() -> PreviousDocument {
    PreviousDocument { kind: "N337".into(), reference: "ENS 1".into(), item: None, complement: None }
}
