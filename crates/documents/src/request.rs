//! Which documents a consignment needs: every kind is asked, and those of carriage are linked into a chain.

use crate::{DocumentKind, Inputs};
use jiff::civil::Date;
use kervan_codes::PlaceCode;
use serde::{Deserialize, Serialize};

/// The part of a consignment or of its carriage that one document covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// All of it.
    Whole,
    /// Legs of the itinerary.
    Legs {
        /// The first leg, counted among the legs from 0.
        first: usize,
        /// The last leg, itself included.
        last: usize,
    },
    /// A movement under a customs procedure, by its place in [`Inputs::movements`].
    Movement(usize),
    /// A piece of equipment, by its place in the consignment.
    Equipment(usize),
    /// A goods item, by its place in the consignment.
    Goods(usize),
}

/// An earlier document of the chain, which the next one names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviousDocument {
    /// Its kind, by slug.
    pub slug: String,
    /// Its type. Source: UNTDID 1001.
    pub type_code: String,
    /// Its number.
    pub number: String,
    /// The day on which it was issued.
    pub issued: Date,
    /// Where its carriage ends and the next document is issued.
    pub place: Option<PlaceCode>,
}

/// A document whose place another one takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplacedDocument {
    /// Its number.
    pub number: String,
    /// The day on which it was issued.
    pub issued: Date,
}

/// One document that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRequest {
    /// Its kind.
    pub kind: DocumentKind,
    /// What it covers.
    pub part: Part,
    /// Which one of its kind, from 1.
    pub sequence: usize,
    /// Its number.
    pub number: String,
    /// The contract of carriage that it takes over from.
    pub previous: Option<PreviousDocument>,
    /// The document whose place it takes; its printed form says so.
    pub replaces: Option<ReplacedDocument>,
}

impl DocumentRequest {
    /// A document of the whole consignment.
    pub fn of_whole(kind: DocumentKind, number: impl Into<String>) -> Self {
        Self { kind, part: Part::Whole, sequence: 1, number: number.into(), previous: None, replaces: None }
    }

    /// The number of the document when it is issued for the `revision`th time, counted from 1: from the second time on it has
    /// a suffix of its own, as `KRV-2026-0001-722-R2`.
    pub fn number_of(number: &str, revision: usize) -> String {
        if revision <= 1 { number.to_owned() } else { format!("{number}-R{revision}") }
    }

    /// Whether `issued` is this number, or that of a later issue under it. Pure; the inverse of [`Self::number_of`].
    pub fn is_issue_of(issued: &str, number: &str) -> bool {
        issued.strip_prefix(number).is_some_and(|rest| {
            let revision = rest.strip_prefix("-R").and_then(|digits| digits.parse::<usize>().ok());
            rest.is_empty() || revision.is_some_and(|revision| Self::number_of(number, revision) == issued)
        })
    }

    /// The name used in addresses: the slug, and from the second of a kind on its sequence, as `smgs-2`.
    pub fn name(&self) -> String {
        if self.sequence == 1 {
            self.kind.slug().to_owned()
        } else {
            format!("{}-{}", self.kind.slug(), self.sequence)
        }
    }
}

/// Every document that the consignment needs, by the rules of each kind, in the order in which a package lists them.
///
/// The numbers follow from the reference alone: the first of a kind is `REFERENCE-720`, the second `REFERENCE-720-2`. A
/// contract of carriage names the one whose carriage ends where its own begins.
pub fn list_applicable(inputs: &Inputs<'_>) -> Vec<DocumentRequest> {
    let requests = DocumentKind::ALL.into_iter().flat_map(|kind| list_of_kind(inputs, kind));
    let mut requests: Vec<DocumentRequest> = requests.collect();
    let earlier = requests.clone();
    for request in &mut requests {
        request.previous = find_previous(inputs, request, &earlier);
    }
    requests
}

/// The document of a name as in [`DocumentRequest::name`], if the consignment needs it.
pub fn find_applicable(inputs: &Inputs<'_>, name: &str) -> Option<DocumentRequest> {
    list_applicable(inputs).into_iter().find(|request| request.name() == name)
}

fn list_of_kind(inputs: &Inputs<'_>, kind: DocumentKind) -> Vec<DocumentRequest> {
    let definition = kind.definition();
    let parts = (definition.list_parts)(inputs).into_iter().enumerate();
    let request = |(index, part): (usize, Part)| {
        let suffix = if index == 0 { String::new() } else { format!("-{}", index + 1) };
        let number = (definition.find_number)(inputs)
            .unwrap_or_else(|| format!("{}-{}{suffix}", inputs.consignment.reference, definition.series));
        DocumentRequest { kind, part, sequence: index + 1, number, previous: None, replaces: None }
    };
    parts.map(request).collect()
}

/// The contract whose last leg comes right before the first leg of this one.
fn find_previous(
    inputs: &Inputs<'_>,
    request: &DocumentRequest,
    all: &[DocumentRequest],
) -> Option<PreviousDocument> {
    let Part::Legs { first, .. } = request.part else { return None };
    let before = first.checked_sub(1)?;
    let ends_before = |other: &&DocumentRequest| {
        other.kind.definition().is_contract && matches!(other.part, Part::Legs { last, .. } if last == before)
    };
    let previous = all.iter().find(ends_before)?;
    let place = inputs.itinerary.and_then(|itinerary| itinerary.legs().nth(first));
    let issued = inputs
        .previous
        .iter()
        .find(|document| document.slug == previous.kind.slug() && document.number == previous.number);
    Some(PreviousDocument {
        slug: previous.kind.slug().to_owned(),
        type_code: previous.kind.type_code().to_owned(),
        number: previous.number.clone(),
        issued: issued
            .map_or_else(|| crate::shared::text::utc_date(inputs.issued), |document| document.issued),
        place: place.map(|leg| leg.from.clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_issue_has_a_number_of_its_own() {
        for (number, revision, issued) in
            [("K-722", 1, "K-722"), ("K-722", 2, "K-722-R2"), ("K-722-2", 12, "K-722-2-R12")]
        {
            assert_eq!(DocumentRequest::number_of(number, revision), issued);
            assert!(DocumentRequest::is_issue_of(issued, number));
        }
        for (issued, number) in [
            ("K-722-2", "K-722"),
            ("K-722-R1", "K-722"),
            ("K-722-R02", "K-722"),
            ("K-722-Rx", "K-722"),
            ("K-722", "K-722-R2"),
            ("K-7221", "K-722"),
        ] {
            assert!(!DocumentRequest::is_issue_of(issued, number), "{issued} {number}");
        }
    }
}
