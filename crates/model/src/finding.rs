//! Remarks for people: what is wrong, where, by which rule, and what to do.

use serde::{Deserialize, Serialize};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// To be looked at; nothing is refused because of it.
    Warning,
    /// Wrong; the thing it speaks of is not accepted as it is.
    Error,
}

/// A coded remark for people. A check returns all of its findings, never only the first.
///
/// Shape: `code` is `room.what` in lower case with hyphens and is stable; `path` is a JSON pointer into the data, or a
/// file with line and column. What a library said of a text that it cannot read is told by [`crate::in_plain_words`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// Stable code, for example `network.min-above-typ`.
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// One sentence for people.
    pub message: String,
    /// Where in the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The rule that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The legal or technical source of the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Finding {
    fn new(severity: Severity, code: impl Into<String>, message: impl Into<String>) -> Self {
        let (code, message) = (code.into(), message.into());
        Self { code, severity, message, path: None, rule: None, source: None, remedy: None }
    }

    /// A finding that refuses what it speaks of.
    pub fn error(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A finding to be looked at.
    pub fn warning(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A finding worth knowing.
    pub fn info(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Info, code, message)
    }

    /// Says where in the data.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Names the rule.
    #[must_use]
    pub fn rule(mut self, rule: impl Into<String>) -> Self {
        self.rule = Some(rule.into());
        self
    }

    /// Names the legal or technical source.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The one to tell where there is room for one: the first of those that weigh most.
    pub fn gravest(findings: &[Self]) -> Option<&Self> {
        findings.iter().rev().max_by_key(|finding| finding.severity)
    }
}

/// Whether any of the findings is an error.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_one_is_told_it_is_the_first_of_the_gravest() {
        let [note, held, also] =
            [Finding::info("a.note", "n"), Finding::warning("a.held", "h"), Finding::warning("a.also", "a")];
        for (findings, told) in [
            (vec![note.clone(), held.clone(), also.clone()], Some(&held)),
            (vec![also.clone(), note.clone(), held.clone()], Some(&also)),
            (vec![note.clone()], Some(&note)),
            (Vec::new(), None),
        ] {
            assert_eq!(Finding::gravest(&findings), told);
        }
    }
}
