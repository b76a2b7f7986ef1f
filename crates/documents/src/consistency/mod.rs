//! The same fact said differently anywhere is a finding with both places.
//!
//! Each document is brought to a [`Statement`]: its facts, each with the place where it stands. The consignment comes first,
//! then what it refers to, the itinerary, documents of others and, if asked for, our own. The first that says a fact is the
//! measure; every other one that says it is held against it. A fact that a document does not say is not compared: a copy
//! without prices, an invoice without masses.
//!
//! Tolerances, the order of days, who pays what under which term of delivery, the words that speak for a commodity code, the
//! letters and legal forms of names and the masses of containers are data: `data/documents/tolerances.csv` and
//! `data/documents/checks/`.

mod compare;
mod dates;
mod equipment;
mod finding;
mod goods;
mod names;
mod reading;
mod seals;
mod sets;
mod statement;
mod states;
mod tables;
mod terms;

pub use compare::CompareNames;
pub use finding::Inconsistency;
pub use names::{NameComparison, NameMatch, compare_names};
pub use reading::{read_statement, state_document};
pub use seals::{SealAct, SealSighting, state_seals};
pub use statement::{Place, Said, StatedFact, Statement};
pub use states::{state_attached, state_consignment, state_invoice, state_itinerary, state_references};

use crate::{AttachedDocument, Document, Tolerances};
use compare::Comparison;
use kervan_model::{Consignment, Finding, Itinerary};
use tables::Tables;

/// Everything that is held against each other.
#[derive(Clone, Copy)]
pub struct Papers<'a> {
    /// The consignment.
    pub consignment: &'a Consignment,
    /// The itinerary that was accepted, if there is one.
    pub itinerary: Option<&'a Itinerary>,
    /// Documents of others.
    pub attachments: &'a [AttachedDocument],
    /// Documents of ours, as generated.
    pub documents: &'a [Document],
    /// What else states facts: events, lodged declarations, foreign messages.
    pub statements: &'a [Statement],
}

impl<'a> Papers<'a> {
    /// A consignment and documents of others.
    pub const fn new(consignment: &'a Consignment, attachments: &'a [AttachedDocument]) -> Self {
        Self { consignment, itinerary: None, attachments, documents: &[], statements: &[] }
    }

    /// Every statement in the order in which they are the measure.
    pub fn list_statements(&self) -> Vec<Statement> {
        let mut statements = vec![state_consignment(self.consignment)];
        statements.extend(state_invoice(self.consignment));
        statements.extend(state_references(self.consignment));
        statements.extend(self.itinerary.map(state_itinerary));
        let attached = self.attachments.iter().enumerate();
        statements.extend(attached.map(|(index, one)| state_attached(&format!("/attachments/{index}"), one)));
        statements.extend(self.statements.iter().cloned());
        statements.extend(self.documents.iter().map(state_document));
        statements
    }
}

/// Holds statements against each other, with both places of each inconsistency. `names` compares two writings of a name;
/// [`compare_names`] is the built-in way.
pub fn compare_statements(
    statements: &[Statement],
    tolerances: &Tolerances,
    names: CompareNames<'_>,
) -> Vec<Inconsistency> {
    let comparison = Comparison { statements, tolerances, names };
    let mut found = comparison.all();
    if let Ok(tables) = Tables::built_in() {
        found.extend(comparison.container_masses(tables));
        found.extend(comparison.descriptions(tables));
        found.extend(comparison.charges(tables));
        found.extend(comparison.days(tables));
    }
    found
}

/// Holds the papers of a consignment against each other. `names` as in [`compare_statements`].
pub fn check_papers(
    papers: &Papers<'_>,
    tolerances: &Tolerances,
    names: CompareNames<'_>,
) -> Vec<Inconsistency> {
    compare_statements(&papers.list_statements(), tolerances, names)
}

/// Compares every attached document with the consignment and with each other. `names` as in [`compare_statements`].
///
/// Each finding has a code `documents.*`, the pointer of the fact in the attachment as its path
/// (`/attachments/0/facts/gross_mass`), both places and values in its message, the tolerance as its rule, and a remedy.
pub fn check_consistency(
    consignment: &Consignment,
    attachments: &[AttachedDocument],
    tolerances: &Tolerances,
    names: CompareNames<'_>,
) -> Vec<Finding> {
    let found = check_papers(&Papers::new(consignment, attachments), tolerances, names);
    found.into_iter().map(|inconsistency| inconsistency.finding).collect()
}
