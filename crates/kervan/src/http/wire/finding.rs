//! Findings on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A coded remark for people.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// Stable code.
    pub code: String,
    /// `info`, `warning` or `error`.
    pub severity: String,
    /// One sentence.
    pub message: String,
    /// Where in the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The legal or technical source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl From<&kervan_model::Finding> for Finding {
    fn from(finding: &kervan_model::Finding) -> Self {
        let severity = match finding.severity {
            kervan_model::Severity::Info => "info",
            kervan_model::Severity::Warning => "warning",
            kervan_model::Severity::Error => "error",
        };
        Self {
            code: finding.code.clone(),
            severity: severity.to_owned(),
            message: finding.message.clone(),
            path: finding.path.clone(),
            rule: finding.rule.clone(),
            source: finding.source.clone(),
            remedy: finding.remedy.clone(),
        }
    }
}
