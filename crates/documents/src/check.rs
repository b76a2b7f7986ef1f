//! Everything that can be said against the papers of a consignment: what each lacks, and where they contradict each other.

use crate::{
    CompareNames, Document, DocumentRequest, Inconsistency, Inputs, Papers, Statement, Tolerances,
    check_papers, generate, list_applicable,
};
use kervan_model::{Finding, Severity, has_errors};

/// One paper that the consignment needs, and what was found while it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedDocument {
    /// Which one.
    pub request: DocumentRequest,
    /// Whether it could be made.
    pub is_complete: bool,
    /// What is missing or worth knowing.
    pub findings: Vec<Finding>,
}

/// The result of a check of all papers.
#[derive(Clone, Debug, PartialEq)]
pub struct PaperCheck {
    /// Every paper that the consignment needs, in the order of a package.
    pub documents: Vec<CheckedDocument>,
    /// Where papers contradict each other or the consignment.
    pub inconsistencies: Vec<Inconsistency>,
}

impl PaperCheck {
    /// Whether anything is an error: of a contradiction, or of a paper that does not wait for somebody.
    pub fn has_errors(&self) -> bool {
        let contradicts = self.inconsistencies.iter().any(|one| one.finding.severity == Severity::Error);
        let lacks =
            |checked: &CheckedDocument| !checked.request.kind.waits() && has_errors(&checked.findings);
        contradicts || self.documents.iter().any(lacks)
    }
}

/// Makes every paper that the consignment needs and holds them against each other, documents of others, and `statements`:
/// events, lodged declarations, foreign messages. `names` compares two writings of a party's name;
/// [`compare_names`](crate::compare_names) is the built-in way.
pub fn check_all(
    inputs: &Inputs<'_>,
    statements: &[Statement],
    tolerances: &Tolerances,
    names: CompareNames<'_>,
) -> PaperCheck {
    let mut made: Vec<Document> = Vec::new();
    let mut documents = Vec::new();
    for request in list_applicable(inputs) {
        let (is_complete, findings) = match generate(&request, inputs) {
            Ok(document) => {
                let findings = document.findings.clone();
                made.push(document);
                (true, findings)
            }
            Err(findings) => (false, findings),
        };
        documents.push(CheckedDocument { request, is_complete, findings });
    }
    let papers = Papers {
        consignment: inputs.consignment,
        itinerary: inputs.itinerary,
        attachments: inputs.attachments,
        documents: &made,
        statements,
    };
    PaperCheck { documents, inconsistencies: check_papers(&papers, tolerances, names) }
}
