//! What can be read from a case without CEL, by the name that expressions have for it. A test compares each with CEL.

use super::pack::Each;
use crate::{AttachedFacts, Case, DeclaredDocument, DeclaredEquipment, DeclaredGoods, Filing, Trader};
use kervan_model::{Finding, Seal, Severity};
use kervan_units::{Currency, Mass};

/// The element that a rule looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum It<'a> {
    None,
    Goods(&'a DeclaredGoods),
    Equipment(&'a DeclaredEquipment),
    Document(&'a DeclaredDocument),
    Attachment(&'a AttachedFacts),
    Seal(&'a Seal),
    Finding(&'a Finding),
    Text(&'a str),
}

/// A value that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quick<'a> {
    Int(i64),
    Text(&'a str),
    Bool(bool),
    Currency(Currency),
    /// It is absent or cannot be told.
    Unknown,
}

/// Reads a value.
pub(crate) type Read = for<'a> fn(&'a Case, It<'a>) -> Quick<'a>;

fn int<'a>(value: impl TryInto<i64>) -> Quick<'a> {
    Quick::Int(value.try_into().unwrap_or(i64::MAX))
}

fn maybe<'a, T: TryInto<i64>>(value: Option<T>) -> Quick<'a> {
    value.map_or(Quick::Unknown, int)
}

fn mass<'a>(value: Mass) -> Quick<'a> {
    int(value.grams())
}

fn goods<'a>(it: It<'a>, read: impl FnOnce(&'a DeclaredGoods) -> Quick<'a>) -> Quick<'a> {
    match it {
        It::Goods(item) => read(item),
        _ => Quick::Unknown,
    }
}

fn box_of<'a>(it: It<'a>, read: impl FnOnce(&'a DeclaredEquipment) -> Quick<'a>) -> Quick<'a> {
    match it {
        It::Equipment(item) => read(item),
        _ => Quick::Unknown,
    }
}

fn paper<'a>(it: It<'a>, read: impl FnOnce(&'a AttachedFacts) -> Quick<'a>) -> Quick<'a> {
    match it {
        It::Attachment(item) => read(item),
        _ => Quick::Unknown,
    }
}

fn document<'a>(it: It<'a>, read: impl FnOnce(&'a DeclaredDocument) -> Quick<'a>) -> Quick<'a> {
    match it {
        It::Document(item) => read(item),
        _ => Quick::Unknown,
    }
}

/// Whether a trader has a number; it cannot be told of no trader.
fn has_number<'a>(trader: Option<&Trader>) -> Quick<'a> {
    trader.map_or(Quick::Unknown, |trader| Quick::Bool(trader.identifier.is_some()))
}

/// What the elements of a list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    Listed(Each),
    Seal,
    Finding,
    Text,
}

/// How a term of the whole case is read, if it can be.
pub(crate) fn find_read(term: &str) -> Option<Read> {
    OF_CASE.iter().find(|(name, _)| *name == term).map(|(_, read)| *read)
}

/// How a term of an element is read, if it can be; the element is called `it` in it.
pub(crate) fn find_element_read(term: &str, element: Element) -> Option<Read> {
    let terms = match element {
        Element::Listed(Each::Goods) => OF_GOODS,
        Element::Listed(Each::Equipment) => OF_EQUIPMENT,
        Element::Listed(Each::Documents) => OF_DOCUMENTS,
        Element::Listed(Each::Attachments) => OF_ATTACHMENTS,
        Element::Seal => OF_SEALS,
        Element::Finding => OF_FINDINGS,
        Element::Text => OF_TEXTS,
    };
    terms.iter().find(|(name, _)| *name == term).map(|(_, read)| *read)
}

/// The elements of a list.
pub(crate) type ReadList = for<'a> fn(&'a Case, It<'a>) -> Vec<It<'a>>;

/// How a list is read, if it can be, and what its elements are.
pub(crate) fn find_list(term: &str) -> Option<(Element, ReadList)> {
    LISTS.iter().find(|(name, ..)| *name == term).map(|(_, element, read)| (*element, *read))
}

const LISTS: &[(&str, Element, ReadList)] = &[
    ("goods", Element::Listed(Each::Goods), |case, _| case.declaration.goods.iter().map(It::Goods).collect()),
    ("equipment", Element::Listed(Each::Equipment), |case, _| {
        case.declaration.equipment.iter().map(It::Equipment).collect()
    }),
    ("documents", Element::Listed(Each::Documents), |case, _| {
        case.declaration.documents.iter().map(It::Document).collect()
    }),
    ("attachments", Element::Listed(Each::Attachments), |case, _| {
        case.attachments.iter().map(It::Attachment).collect()
    }),
    ("consistency", Element::Finding, |case, _| case.consistency.iter().map(It::Finding).collect()),
    ("declaration.countries", Element::Text, |case, _| {
        case.declaration.countries_of_routing.iter().map(|code| It::Text(code.as_str())).collect()
    }),
    ("declaration.territories", Element::Text, |case, _| {
        case.declaration.territories.iter().map(|code| It::Text(code.as_str())).collect()
    }),
    ("declaration.modes", Element::Text, |case, _| {
        case.declaration.modes.iter().map(|mode| It::Text(mode.word())).collect()
    }),
    ("it.containers", Element::Text, |_, it| match it {
        It::Goods(item) => item.containers.iter().map(|number| It::Text(number.as_str())).collect(),
        It::Attachment(item) => {
            item.facts.containers.iter().map(|number| It::Text(number.as_str())).collect()
        }
        _ => Vec::new(),
    }),
    ("it.seals", Element::Seal, |_, it| match it {
        It::Equipment(item) => item.seals.iter().map(It::Seal).collect(),
        _ => Vec::new(),
    }),
];

const OF_SEALS: &[(&str, Read)] = &[
    ("it.number", |_, it| match it {
        It::Seal(seal) => Quick::Text(seal.number.as_str()),
        _ => Quick::Unknown,
    }),
    ("it.affixed_by", |_, it| match it {
        It::Seal(seal) => Quick::Text(seal.affixed_by.as_str()),
        _ => Quick::Unknown,
    }),
];

const OF_FINDINGS: &[(&str, Read)] = &[
    ("it.code", |_, it| match it {
        It::Finding(finding) => Quick::Text(&finding.code),
        _ => Quick::Unknown,
    }),
    ("it.severity", |_, it| match it {
        It::Finding(finding) => Quick::Text(match finding.severity {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }),
        _ => Quick::Unknown,
    }),
];

const OF_TEXTS: &[(&str, Read)] = &[("it", |_, it| match it {
    It::Text(text) => Quick::Text(text),
    _ => Quick::Unknown,
})];

/// Terms of the whole case.
pub(crate) const OF_CASE: &[(&str, Read)] = &[
    ("declaration.number", |case, _| int(case.declaration.number)),
    ("declaration.procedure", |case, _| Quick::Text(case.declaration.procedure.word())),
    ("declaration.regime", |case, _| Quick::Text(case.declaration.regime.as_str())),
    ("declaration.territory", |case, _| Quick::Text(case.declaration.territory.as_str())),
    ("declaration.entry_mode", |case, _| Quick::Text(case.declaration.entry_mode.word())),
    ("declaration.prelodged", |case, _| Quick::Bool(case.declaration.filing == Filing::Prelodged)),
    ("declaration.enters", |case, _| Quick::Int(case.declaration.enters.as_second())),
    ("declaration.lodge_by", |case, _| Quick::Int(case.declaration.lodge_by.as_second())),
    ("declaration.gross_mass", |case, _| mass(case.declaration.gross_mass)),
    ("declaration.net_mass", |case, _| mass(case.declaration.goods.iter().map(|item| item.net_mass).sum())),
    ("declaration.packages", |case, _| int(case.declaration.packages)),
    ("declaration.value", |case, _| maybe(case.declaration.value.map(|value| value.minor()))),
    ("declaration.currency", |case, _| {
        let value = case.declaration.value.as_ref();
        value.map_or(Quick::Unknown, |value| Quick::Currency(value.currency()))
    }),
    ("has(declaration.value)", |case, _| Quick::Bool(case.declaration.value.is_some())),
    ("has(declaration.currency)", |case, _| Quick::Bool(case.declaration.value.is_some())),
    ("has(declaration.dispatch)", |case, _| Quick::Bool(case.declaration.country_of_dispatch.is_some())),
    ("has(declaration.arrival)", |case, _| Quick::Bool(case.declaration.country_of_destination.is_some())),
    ("declaration.dispatch", |case, _| {
        case.declaration
            .country_of_dispatch
            .as_ref()
            .map_or(Quick::Unknown, |code| Quick::Text(code.as_str()))
    }),
    ("declaration.arrival", |case, _| {
        case.declaration
            .country_of_destination
            .as_ref()
            .map_or(Quick::Unknown, |code| Quick::Text(code.as_str()))
    }),
    ("has(parties.holder.identifier)", |case, _| has_number(case.declaration.holder.as_ref())),
    ("has(parties.consignor.identifier)", |case, _| has_number(case.declaration.consignor.as_ref())),
    ("has(parties.consignee.identifier)", |case, _| has_number(case.declaration.consignee.as_ref())),
    ("size(parties.holder.identifier)", |case, _| {
        let number = case.declaration.holder.as_ref().and_then(|trader| trader.identifier.as_ref());
        maybe(number.map(|number| number.chars().count()))
    }),
    ("parties.consignor.country", |case, _| {
        case.declaration
            .consignor
            .as_ref()
            .map_or(Quick::Unknown, |trader| Quick::Text(trader.country.as_str()))
    }),
    ("has(parties.holder)", |case, _| Quick::Bool(case.declaration.holder.is_some())),
    ("has(parties.consignor)", |case, _| Quick::Bool(case.declaration.consignor.is_some())),
    ("has(parties.consignee)", |case, _| Quick::Bool(case.declaration.consignee.is_some())),
    ("departure.stand_in", |case, _| Quick::Bool(case.declaration.departure.stand_in)),
    ("destination.stand_in", |case, _| Quick::Bool(case.declaration.destination.stand_in)),
    ("departure.code", |case, _| Quick::Text(case.declaration.departure.code.as_str())),
    ("destination.code", |case, _| Quick::Text(case.declaration.destination.code.as_str())),
    ("departure.country", |case, _| Quick::Text(case.declaration.departure.country.as_str())),
    ("destination.country", |case, _| Quick::Text(case.declaration.destination.country.as_str())),
    ("departure.territory", |case, _| Quick::Text(case.declaration.departure.territory.as_str())),
    ("destination.territory", |case, _| Quick::Text(case.declaration.destination.territory.as_str())),
    ("size(goods)", |case, _| int(case.declaration.goods.len())),
    ("size(equipment)", |case, _| int(case.declaration.equipment.len())),
    ("size(documents)", |case, _| int(case.declaration.documents.len())),
    ("size(attachments)", |case, _| int(case.attachments.len())),
    ("size(consistency)", |case, _| int(case.consistency.len())),
    ("lodged", |case, _| Quick::Int(case.lodged.as_second())),
];

/// Terms of a goods item.
pub(crate) const OF_GOODS: &[(&str, Read)] = &[
    ("it.item", |_, it| goods(it, |item| int(item.item))),
    ("it.hs", |_, it| goods(it, |item| Quick::Text(item.hs.as_str()))),
    ("size(it.hs)", |_, it| goods(it, |item| int(item.hs.as_str().chars().count()))),
    ("it.hs6", |_, it| goods(it, |item| Quick::Text(item.hs.six_digits()))),
    ("it.heading", |_, it| {
        goods(it, |item| item.hs.six_digits().get(..4).map_or(Quick::Unknown, Quick::Text))
    }),
    ("it.chapter", |_, it| goods(it, |item| int(item.hs.chapter()))),
    ("it.origin", |_, it| goods(it, |item| Quick::Text(item.origin.as_str()))),
    ("it.packages", |_, it| goods(it, |item| int(item.packages))),
    ("it.package_kind", |_, it| goods(it, |item| Quick::Text(item.package_kind.as_str()))),
    ("has(it.marks)", |_, it| goods(it, |item| Quick::Bool(item.marks.is_some()))),
    ("it.gross_mass", |_, it| goods(it, |item| mass(item.gross_mass))),
    ("it.net_mass", |_, it| goods(it, |item| mass(item.net_mass))),
    ("it.dangerous", |_, it| goods(it, |item| Quick::Bool(item.dangerous.is_some()))),
    ("it.description", |_, it| goods(it, |item| Quick::Text(&item.description))),
    ("size(it.description)", |_, it| goods(it, |item| int(item.description.chars().count()))),
    ("it.un_number", |_, it| {
        goods(it, |item| maybe(item.dangerous.as_ref().map(|dangerous| dangerous.un_number)))
    }),
    ("has(it.un_number)", |_, it| goods(it, |item| Quick::Bool(item.dangerous.is_some()))),
    ("it.hazard_class", |_, it| {
        goods(it, |item| {
            item.dangerous.as_ref().map_or(Quick::Unknown, |dangerous| Quick::Text(&dangerous.class))
        })
    }),
    ("has(it.hazard_class)", |_, it| goods(it, |item| Quick::Bool(item.dangerous.is_some()))),
    ("size(it.containers)", |_, it| goods(it, |item| int(item.containers.len()))),
    ("has(it.value)", |_, it| goods(it, |item| Quick::Bool(item.value.is_some()))),
    ("it.value", |_, it| goods(it, |item| maybe(item.value.map(|value| value.minor())))),
];

/// Terms of a container.
pub(crate) const OF_EQUIPMENT: &[(&str, Read)] = &[
    ("it.number", |_, it| box_of(it, |item| Quick::Text(item.number.as_str()))),
    ("it.size_type", |_, it| box_of(it, |item| Quick::Text(item.size_type.as_str()))),
    ("it.feet", |_, it| box_of(it, |item| int(item.size_type.length_feet()))),
    ("it.temperature_controlled", |_, it| {
        box_of(it, |item| Quick::Bool(item.size_type.is_temperature_controlled()))
    }),
    ("size(it.seals)", |_, it| box_of(it, |item| int(item.seals.len()))),
];

/// Terms of a document.
pub(crate) const OF_DOCUMENTS: &[(&str, Read)] = &[
    ("it.type_code", |_, it| document(it, |item| Quick::Text(item.type_code.as_str()))),
    ("it.number", |_, it| document(it, |item| Quick::Text(&item.number))),
];

/// Terms of an attached document.
pub(crate) const OF_ATTACHMENTS: &[(&str, Read)] = &[
    ("it.type_code", |_, it| paper(it, |item| Quick::Text(item.type_code.as_str()))),
    ("it.number", |_, it| paper(it, |item| Quick::Text(&item.number))),
    ("it.issuer", |_, it| paper(it, |item| Quick::Text(&item.issuer))),
    ("it.gross_mass", |_, it| paper(it, |item| maybe(item.facts.gross_mass.map(Mass::grams)))),
    ("has(it.gross_mass)", |_, it| paper(it, |item| Quick::Bool(item.facts.gross_mass.is_some()))),
    ("it.net_mass", |_, it| paper(it, |item| maybe(item.facts.net_mass.map(Mass::grams)))),
    ("has(it.net_mass)", |_, it| paper(it, |item| Quick::Bool(item.facts.net_mass.is_some()))),
    ("it.packages", |_, it| paper(it, |item| maybe(item.facts.packages))),
    ("has(it.packages)", |_, it| paper(it, |item| Quick::Bool(item.facts.packages.is_some()))),
    ("it.total", |_, it| paper(it, |item| maybe(item.facts.total.map(|total| total.minor())))),
    ("has(it.total)", |_, it| paper(it, |item| Quick::Bool(item.facts.total.is_some()))),
    ("it.currency", |_, it| {
        paper(it, |item| {
            item.facts.total.as_ref().map_or(Quick::Unknown, |total| Quick::Currency(total.currency()))
        })
    }),
    ("has(it.currency)", |_, it| paper(it, |item| Quick::Bool(item.facts.total.is_some()))),
    ("size(it.containers)", |_, it| paper(it, |item| int(item.facts.containers.len()))),
];
