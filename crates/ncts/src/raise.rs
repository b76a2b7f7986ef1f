//! Collecting faults while a tree is looked at, and naming their places afterwards.

use crate::element::Element;
use crate::limits::{MOST_FAULTS, MOST_FAULTS_PER_CODE, SHOWN_CHARS};
use crate::report::{Fault, Layer};
use crate::schema::{Group, Holds, Schema};
use kervan_model::{Finding, Severity};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A fault whose place is still an element of the tree.
#[derive(Clone, Debug)]
pub(crate) struct Raised {
    layer: Layer,
    finding: Finding,
    expected: Option<String>,
    found: Option<String>,
    /// Name of an element that is missing below the place.
    below: Option<String>,
}

impl Raised {
    pub(crate) fn new(layer: Layer, code: &str, message: impl Into<String>) -> Self {
        Self { layer, finding: Finding::error(code, message), expected: None, found: None, below: None }
    }

    pub(crate) fn expected(mut self, text: impl Into<String>) -> Self {
        self.expected = Some(text.into());
        self
    }

    pub(crate) fn found(mut self, text: &str) -> Self {
        self.found = Some(shown(text));
        self
    }

    pub(crate) fn below(mut self, name: &str) -> Self {
        self.below = Some(name.to_owned());
        self
    }

    pub(crate) fn remedy(mut self, text: impl Into<String>) -> Self {
        self.finding.remedy = Some(text.into());
        self
    }

    pub(crate) fn rule(mut self, rule: &str, source: &str, severity: Severity) -> Self {
        self.finding.rule = Some(rule.to_owned());
        self.finding.source = Some(source.to_owned());
        self.finding.severity = severity;
        self
    }

    /// The fault at a place of the file, without an element.
    pub(crate) fn at_file(self, path: &str, line: Option<u32>, column: Option<u32>) -> Fault {
        let Self { layer, mut finding, expected, found, .. } = self;
        finding.path = Some(path.to_owned());
        Fault { layer, finding, line, column, expected, found }
    }
}

/// Foreign text, cut to what is enough to recognise it.
pub(crate) fn shown(text: &str) -> String {
    let mut cut: String = text.chars().take(SHOWN_CHARS).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// Faults by the element that they speak of. The tree does not move while it is looked at, so an address names an element.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    by_element: BTreeMap<*const Element, Vec<Raised>>,
    by_code: BTreeMap<String, usize>,
    kept: usize,
    more: usize,
}

impl Faults {
    pub(crate) fn raise(&mut self, at: &Element, raised: Raised) {
        let count = self.by_code.entry(raised.finding.code.clone()).or_default();
        *count += 1;
        if self.kept >= MOST_FAULTS || *count > MOST_FAULTS_PER_CODE {
            self.more += usize::from(raised.finding.severity == Severity::Error);
            return;
        }
        self.kept += 1;
        self.by_element.entry(std::ptr::from_ref(at)).or_default().push(raised);
    }

    /// The faults in the order of the tree, each with its path, and how many more there are.
    pub(crate) fn place(
        mut self,
        root: &Element,
        group: &Group,
        lines: Option<&Lines<'_>>,
    ) -> (Vec<Fault>, usize) {
        let mut placed = Vec::with_capacity(self.kept);
        if self.kept > 0 {
            let mut path = format!("/{}", root.name());
            self.place_below(root, Some(group), &mut path, lines, &mut placed);
        }
        (placed, self.more)
    }

    fn place_below(
        &mut self,
        element: &Element,
        group: Option<&Group>,
        path: &mut String,
        lines: Option<&Lines<'_>>,
        placed: &mut Vec<Fault>,
    ) {
        for raised in self.by_element.remove(&std::ptr::from_ref(element)).unwrap_or_default() {
            let below = raised.below.as_ref().map(|name| format!("{path}/{name}"));
            let position = lines.map(|lines| lines.position(element.offset)).unzip();
            placed.push(raised.at_file(below.as_ref().unwrap_or(path), position.0, position.1));
        }
        if self.by_element.is_empty() {
            return;
        }
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for child in element.children() {
            let rule = group.and_then(|group| group.find(child.name())).map(|(_, rule)| rule);
            let index = seen.entry(child.name()).or_default();
            *index += 1;
            let length = path.len();
            path.push('/');
            path.push_str(child.name());
            if *index > 1 || rule.is_some_and(|rule| rule.most > 1) {
                let _ = write!(path, "[{index}]");
            }
            let inner = match rule.map(|rule| rule.holds) {
                Some(Holds::Group(id)) => Some(Schema::published().group(id)),
                Some(Holds::Value(_)) | None => None,
            };
            self.place_below(child, inner, path, lines, placed);
            path.truncate(length);
        }
    }
}

/// Where lines begin in a text.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1));
        Self { text, starts }
    }

    /// Line and character in it of a byte, both from 1.
    pub(crate) fn position(&self, offset: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        (small(line), small(column))
    }
}
