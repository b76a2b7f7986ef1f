//! The check of all papers on the wire.

use super::finding::Finding;
use kervan_documents::{CheckedDocument, Inconsistency, PaperCheck, Place};
use serde::Serialize;
use utoipa::ToSchema;

/// What every paper of a consignment lacks, and where they contradict each other.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Papers {
    /// Whether anything is an error that does not wait for somebody else.
    pub has_errors: bool,
    /// Every paper that the consignment needs.
    pub documents: Vec<Paper>,
    /// Contradictions, each with both places.
    pub inconsistencies: Vec<Contradiction>,
}

/// A paper that the consignment needs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Paper {
    /// Its name in addresses.
    #[schema(example = "smgs-2")]
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Whether it can be made from what is known.
    pub complete: bool,
    /// Whether it waits for somebody else: an authority, a terminal, a guarantor.
    pub waits: bool,
    /// What is missing or worth knowing.
    pub findings: Vec<Finding>,
}

/// The same fact said differently at two places.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Contradiction {
    /// The finding.
    pub finding: Finding,
    /// The place that was read first.
    pub ours: PaperPlace,
    /// The place that says otherwise.
    pub theirs: PaperPlace,
}

/// A place in a paper, and what it says there.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaperPlace {
    /// What the paper is called.
    pub document: String,
    /// JSON pointer.
    pub path: String,
    /// What it says.
    pub value: String,
}

impl Papers {
    /// From the check.
    pub fn new(check: &PaperCheck) -> Self {
        Self {
            has_errors: check.has_errors(),
            documents: check.documents.iter().map(Paper::new).collect(),
            inconsistencies: check.inconsistencies.iter().map(Contradiction::new).collect(),
        }
    }
}

impl Paper {
    fn new(checked: &CheckedDocument) -> Self {
        let kind = checked.request.kind;
        Self {
            name: checked.request.name(),
            kind: kind.slug().to_owned(),
            title: kind.title().to_owned(),
            number: checked.request.number.clone(),
            complete: checked.is_complete,
            waits: kind.waits(),
            findings: checked.findings.iter().map(Finding::from).collect(),
        }
    }
}

impl Contradiction {
    fn new(found: &Inconsistency) -> Self {
        Self {
            finding: Finding::from(&found.finding),
            ours: PaperPlace::new(&found.ours),
            theirs: PaperPlace::new(&found.theirs),
        }
    }
}

impl PaperPlace {
    fn new(place: &Place) -> Self {
        Self { document: place.document.clone(), path: place.path.clone(), value: place.value.clone() }
    }
}
