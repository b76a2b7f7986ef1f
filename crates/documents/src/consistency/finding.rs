//! An inconsistency: a finding with both of its places.

use super::statement::Place;
use crate::Tolerance;
use kervan_model::{Finding, Severity};
use serde::Serialize;

/// The same fact said differently at two places.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Inconsistency {
    /// The finding for people. Its path is that of `theirs`.
    pub finding: Finding,
    /// The place that was read first: the consignment where it states the fact.
    pub ours: Place,
    /// The place that says otherwise.
    pub theirs: Place,
}

/// What an inconsistency weighs, where that is from, and what to do.
pub(super) struct Weight<'a> {
    pub(super) severity: Severity,
    pub(super) source: &'a str,
    pub(super) remedy: &'a str,
}

impl<'a> From<&'a Tolerance> for Weight<'a> {
    fn from(tolerance: &'a Tolerance) -> Self {
        Self { severity: tolerance.severity, source: &tolerance.source, remedy: &tolerance.remedy }
    }
}

/// Makes an inconsistency of two places.
pub(super) fn inconsistency(
    weight: &Weight<'_>,
    code: &str,
    message: String,
    ours: Place,
    theirs: Place,
) -> Inconsistency {
    let code = format!("documents.{code}");
    let finding = match weight.severity {
        Severity::Info => Finding::info(code, message),
        Severity::Warning => Finding::warning(code, message),
        Severity::Error => Finding::error(code, message),
    };
    let finding = finding.at(theirs.path.clone()).source(weight.source).remedy(weight.remedy);
    Inconsistency { finding, ours, theirs }
}
