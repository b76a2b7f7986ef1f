//! The chains of issued documents: from the first of each to the one that stands now.

use crate::document_facts::{DocumentIssued, DocumentStanding};
use crate::state::{DossierState, Stated};
use kervan_model::EntryId;
use std::collections::BTreeSet;

/// A document and everything that took its place, from the first to the last.
///
/// Invariant: every link but the last is superseded by the next one; the last is current or cancelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain<'a> {
    /// The documents, the first one first.
    pub links: Vec<Link<'a>>,
}

/// A document of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link<'a> {
    /// The document.
    pub document: &'a Stated<DocumentIssued>,
    /// What it is worth.
    pub standing: &'a DocumentStanding,
}

impl<'a> Chain<'a> {
    /// The document that stands now, unless the last one was cancelled.
    pub fn find_current(&self) -> Option<&'a Stated<DocumentIssued>> {
        let last = self.links.last()?;
        (*last.standing == DocumentStanding::Current).then_some(last.document)
    }
}

impl DossierState {
    /// What an issued document is worth.
    pub fn find_standing(&self, document: &EntryId) -> Option<&DocumentStanding> {
        self.document_standing.get(document)
    }

    /// The documents in force, in causal order of their issue.
    pub fn list_current(&self) -> impl Iterator<Item = &Stated<DocumentIssued>> {
        let current = |stated: &&Stated<DocumentIssued>| {
            self.find_standing(&stated.entry) == Some(&DocumentStanding::Current)
        };
        self.documents.iter().filter(current)
    }

    /// Every chain of documents, in causal order of their first ones.
    pub fn list_chains(&self) -> Vec<Chain<'_>> {
        let find = |entry: &EntryId| {
            let document = self.documents.iter().find(|stated| stated.entry == *entry)?;
            Some(Link { document, standing: self.find_standing(entry)? })
        };
        let later: BTreeSet<&EntryId> =
            self.documents.iter().filter_map(|stated| stated.fact.replaces.as_ref()).collect();
        // What replaces a document that this copy does not show begins a chain of its own.
        let begins = |stated: &&Stated<DocumentIssued>| {
            stated.fact.replaces.as_ref().is_none_or(|replaced| find(replaced).is_none())
        };
        let chain = |first: &Stated<DocumentIssued>| {
            let mut links: Vec<Link<'_>> = Vec::new();
            let mut next = Some(first.entry.clone());
            while let Some(link) = next.and_then(|entry| find(&entry)) {
                next = match link.standing {
                    DocumentStanding::Superseded { by } if later.contains(&link.document.entry) => {
                        Some(by.clone())
                    }
                    _ => None,
                };
                links.push(link);
            }
            Chain { links }
        };
        self.documents.iter().filter(begins).map(chain).collect()
    }
}
