//! Collects findings while a document is walked, and knows where in the document it is.

use crate::limits::MOST_FINDINGS;
use kervan_model::{Finding, Severity};
use serde_json::Value;

/// Source given with every finding of this module.
const SOURCE: &str = "GS1 EPCIS 2.0";

/// One step of the path into the document.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Field(&'a str),
    Item(usize),
}

/// The findings so far and the path to the value being looked at.
#[derive(Default)]
pub(super) struct Checker<'a> {
    path: Vec<Step<'a>>,
    findings: Vec<Finding>,
    dropped: usize,
    errors: usize,
}

impl<'a> Checker<'a> {
    /// A checker of its own for the value at this path, so that its findings can be told from those of others.
    pub(super) fn beneath(path: &[&'static str], index: Option<usize>) -> Self {
        let fields = path.iter().map(|name| Step::Field(name));
        Self { path: fields.chain(index.map(Step::Item)).collect(), ..Self::default() }
    }

    /// Looks at a part of the value with the path one step longer.
    pub(super) fn within<T>(&mut self, step: Step<'a>, look: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let result = look(self);
        self.path.pop();
        result
    }

    /// JSON pointer to the value being looked at. Source: RFC 6901.
    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.path {
            pointer.push('/');
            match step {
                Step::Field(name) => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
                Step::Item(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }

    /// How deep the value being looked at lies.
    pub(super) fn depth(&self) -> usize {
        self.path.len()
    }

    /// How many errors were found so far.
    pub(super) fn errors(&self) -> usize {
        self.errors
    }

    pub(super) fn error(&mut self, code: &str, message: impl Into<String>) {
        self.add(Finding::error(code, message));
    }

    pub(super) fn error_with(&mut self, code: &str, message: impl Into<String>, remedy: impl Into<String>) {
        self.add(Finding::error(code, message).remedy(remedy));
    }

    pub(super) fn add(&mut self, finding: Finding) {
        self.errors += usize::from(finding.severity == Severity::Error);
        if self.findings.len() >= MOST_FINDINGS {
            self.dropped += 1;
            return;
        }
        let mut finding = finding.at(self.pointer());
        finding.source.get_or_insert_with(|| SOURCE.to_owned());
        self.findings.push(finding);
    }

    /// A value of another type than the field has.
    pub(super) fn wrong_type(&mut self, value: &Value, wanted: &str) {
        self.error("events.wrong-type", format!("this must be {wanted} and is {}", type_name(value)));
    }

    pub(super) fn into_findings(mut self) -> Vec<Finding> {
        if self.dropped > 0 {
            let message = format!("{} more findings are not listed", self.dropped);
            self.findings.push(Finding::error("events.more-findings", message));
        }
        self.findings
    }
}

/// What a JSON value is, in words.
fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The beginning of a foreign text, enough to recognise it in a message.
pub(super) fn shown(text: &str) -> String {
    const SHOWN_CHARS: usize = 60;
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
