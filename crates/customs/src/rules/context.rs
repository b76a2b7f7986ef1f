//! The values that the expressions of a rule see, built once per case. Their shape is [`super::schema`].

use super::values::{Record, bool, int, list, maybe_int, maybe_text, record, text};
use crate::{AttachedFacts, Case, Declaration, DeclaredEquipment, DeclaredGoods, Filing, OfficeAt, Trader};
use cel::common::types::{CelInt, CelList, CelString};
use cel::common::value::Val;
use jiff::Timestamp;
use kervan_model::{Finding, Severity};
use kervan_units::Mass;

/// The values of a case.
#[derive(Debug)]
pub(crate) struct CaseValues {
    pub(crate) declaration: Record,
    pub(crate) departure: Record,
    pub(crate) destination: Record,
    pub(crate) parties: Record,
    pub(crate) goods: Vec<Record>,
    pub(crate) equipment: Vec<Record>,
    pub(crate) documents: Vec<Record>,
    pub(crate) attachments: Vec<Record>,
    pub(crate) consistency: Vec<Record>,
    requirements: Record,
    lodged: i64,
    now: i64,
}

impl CaseValues {
    pub(crate) fn new(case: &Case, now: Timestamp) -> Self {
        let declared = &case.declaration;
        Self {
            declaration: declaration(declared),
            departure: office(&declared.departure),
            destination: office(&declared.destination),
            parties: Record::new([
                ("holder", declared.holder.as_ref().and_then(trader)),
                ("consignor", declared.consignor.as_ref().and_then(trader)),
                ("consignee", declared.consignee.as_ref().and_then(trader)),
            ]),
            goods: declared.goods.iter().map(goods).collect(),
            equipment: declared.equipment.iter().map(equipment).collect(),
            documents: declared
                .documents
                .iter()
                .map(|document| {
                    Record::new([
                        ("type_code", text(document.type_code.as_str())),
                        ("number", text(document.number.as_str())),
                    ])
                })
                .collect(),
            attachments: case.attachments.iter().map(attachment).collect(),
            consistency: case.consistency.iter().map(finding).collect(),
            requirements: Record::new(
                declared.requirements.iter().map(|(code, value)| (code.as_str().to_owned(), int(*value))),
            ),
            lodged: case.lodged.as_second(),
            now: now.as_second(),
        }
    }

    /// Every variable with its value, besides the records that are offered field by field.
    pub(crate) fn variables(&self) -> Vec<(&'static str, Box<dyn Val>)> {
        vec![
            ("parties", Box::new(self.parties.clone())),
            ("goods", records(&self.goods)),
            ("equipment", records(&self.equipment)),
            ("documents", records(&self.documents)),
            ("attachments", records(&self.attachments)),
            ("consistency", records(&self.consistency)),
            ("requirements", Box::new(self.requirements.clone())),
            ("lodged", Box::new(CelInt::from(self.lodged))),
            ("now", Box::new(CelInt::from(self.now))),
        ]
    }
}

fn records(values: &[Record]) -> Box<dyn Val> {
    let values: Vec<Box<dyn Val>> =
        values.iter().map(|value| Box::new(value.clone()) as Box<dyn Val>).collect();
    Box::new(CelList::from(values))
}

fn texts<'a>(values: impl Iterator<Item = &'a str>) -> Option<Box<dyn Val>> {
    list(values.map(|value| Some(Box::new(CelString::from(value.to_owned())) as Box<dyn Val>)))
}

fn declaration(declared: &Declaration) -> Record {
    let net: Mass = declared.goods.iter().map(|item| item.net_mass).sum();
    let currency = declared.value.map(|value| value.currency());
    Record::new([
        ("reference", text(declared.reference.as_str())),
        ("number", int(declared.number)),
        ("procedure", text(declared.procedure.word())),
        ("regime", text(declared.regime.as_str())),
        ("territory", text(declared.territory.as_str())),
        ("territories", texts(declared.territories.iter().map(|code| code.as_str()))),
        ("countries", texts(declared.countries_of_routing.iter().map(|code| code.as_str()))),
        ("modes", texts(declared.modes.iter().map(|mode| mode.word()))),
        ("entry_mode", text(declared.entry_mode.word())),
        ("prelodged", bool(declared.filing == Filing::Prelodged)),
        ("enters", int(declared.enters.as_second())),
        ("lodge_by", int(declared.lodge_by.as_second())),
        ("dispatch", maybe_text(declared.country_of_dispatch.map(|code| code.to_string()))),
        ("arrival", maybe_text(declared.country_of_destination.map(|code| code.to_string()))),
        ("gross_mass", int(declared.gross_mass.grams())),
        ("net_mass", int(net.grams())),
        ("packages", int(declared.packages)),
        ("value", maybe_int(declared.value.map(|value| value.minor()))),
        ("currency", maybe_text(currency.map(|currency| currency.to_string()))),
    ])
}

fn office(office: &OfficeAt) -> Record {
    Record::new([
        ("code", text(office.code.as_str())),
        ("name", text(office.name.as_str())),
        ("country", text(office.country.as_str())),
        ("territory", text(office.territory.as_str())),
        ("stand_in", bool(office.stand_in)),
        ("place", maybe_text(office.place.as_ref().map(|place| place.as_str()))),
    ])
}

fn trader(trader: &Trader) -> Option<Box<dyn Val>> {
    record(Record::new([
        ("name", text(trader.name.as_str())),
        ("address", text(trader.address.as_str())),
        ("country", text(trader.country.as_str())),
        ("identifier", maybe_text(trader.identifier.as_deref())),
    ]))
}

fn goods(item: &DeclaredGoods) -> Record {
    let dangerous = item.dangerous.as_ref();
    let six = item.hs.six_digits();
    Record::new([
        ("item", int(item.item)),
        ("description", text(item.description.as_str())),
        ("hs", text(item.hs.as_str())),
        ("hs6", text(six)),
        ("heading", text(six.get(..4).unwrap_or_default())),
        ("chapter", int(item.hs.chapter())),
        ("origin", text(item.origin.as_str())),
        ("packages", int(item.packages)),
        ("package_kind", text(item.package_kind.as_str())),
        ("marks", maybe_text(item.marks.as_deref())),
        ("gross_mass", int(item.gross_mass.grams())),
        ("net_mass", int(item.net_mass.grams())),
        ("dangerous", bool(dangerous.is_some())),
        ("un_number", maybe_int(dangerous.map(|dangerous| dangerous.un_number))),
        ("hazard_class", maybe_text(dangerous.map(|dangerous| dangerous.class.as_str()))),
        ("packing_group", maybe_text(dangerous.and_then(|dangerous| dangerous.packing_group.as_deref()))),
        ("containers", texts(item.containers.iter().map(|number| number.as_str()))),
        ("value", maybe_int(item.value.map(|value| value.minor()))),
        ("currency", maybe_text(item.value.map(|value| value.currency().to_string()))),
    ])
}

fn equipment(item: &DeclaredEquipment) -> Record {
    let seals = item.seals.iter().map(|seal| {
        record(Record::new([
            ("number", text(seal.number.as_str())),
            ("affixed_by", text(seal.affixed_by.as_str())),
        ]))
    });
    Record::new([
        ("number", text(item.number.as_str())),
        ("size_type", text(item.size_type.as_str())),
        ("feet", int(item.size_type.length_feet())),
        ("temperature_controlled", bool(item.size_type.is_temperature_controlled())),
        ("seals", list(seals)),
    ])
}

fn attachment(paper: &AttachedFacts) -> Record {
    let facts = &paper.facts;
    Record::new([
        ("type_code", text(paper.type_code.as_str())),
        ("type_name", text(paper.type_code.find_name().unwrap_or("document"))),
        ("number", text(paper.number.as_str())),
        ("issuer", text(paper.issuer.as_str())),
        ("gross_mass", maybe_int(facts.gross_mass.map(Mass::grams))),
        ("net_mass", maybe_int(facts.net_mass.map(Mass::grams))),
        ("packages", maybe_int(facts.packages)),
        ("total", maybe_int(facts.total.map(|total| total.minor()))),
        ("currency", maybe_text(facts.total.map(|total| total.currency().to_string()))),
        ("containers", texts(facts.containers.iter().map(|number| number.as_str()))),
    ])
}

fn finding(finding: &Finding) -> Record {
    let severity = match finding.severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    Record::new([
        ("code", text(finding.code.as_str())),
        ("severity", text(severity)),
        ("message", text(finding.message.as_str())),
    ])
}
