//! Corrections of the consignment, each judged by what its author knew.
//!
//! An amendment names the value it saw. It takes effect only if that was the value in force in its own causal past, and if
//! the consignment is sound afterwards. Of amendments that did not know of one another the later one in causal order
//! (ties by entry id) has the last word, on every node.

use crate::facts::Change;
use crate::graph::{Bits, Mark};
use crate::limits::{MOST_AMENDED_BYTES, MOST_CHANGES, MOST_CHANGES_IN_FORCE};
use crate::pointer::{find_rest, overlap, set};
use kervan_model::{Consignment, Finding, Severity};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// Parts of the consignment that nothing may change: other ids are derived from them.
const FIXED: [&str; 1] = ["/reference"];

/// Parts that a copy may withhold, with the group that holds them.
const WITHHELD_PARTS: [&str; 2] = ["parties", "prices"];

/// The consignment while amendments are applied to it.
pub(crate) struct Amendments {
    declared: Value,
    current: Value,
    faults: BTreeSet<(String, Option<String>)>,
    withheld: Vec<&'static str>,
    applied: Vec<Applied>,
    bytes: usize,
    spent: usize,
}

/// A change that took effect.
struct Applied {
    mark: Mark,
    change: Change,
    /// Whether it is in force for somebody who knows everything.
    in_force: bool,
}

/// An amendment: its mark, what its author knew, what it changes, and whether it takes effect.
pub(crate) struct Made<'a> {
    pub(crate) mark: Mark,
    pub(crate) past: &'a Bits,
    /// Amendments in that past which wanted consent there, so that they changed nothing for the author.
    pub(crate) not_in_force: &'a BTreeSet<Mark>,
    pub(crate) changes: &'a [Change],
    /// Whether it takes effect; one that waits for consent is checked and remembered only.
    pub(crate) takes_effect: bool,
}

impl Made<'_> {
    fn believes(&self, applied: &Applied) -> bool {
        self.past.contains(applied.mark) && !self.not_in_force.contains(&applied.mark)
    }
}

/// What an amendment did.
pub(crate) struct Effect {
    /// The consignment with the amendment; it is so now if the amendment takes effect.
    pub(crate) consignment: Consignment,
    /// Remarks: other amendments that did not know of this one, parts that this copy withholds.
    pub(crate) remarks: Vec<Finding>,
}

impl Amendments {
    /// Begins with the declared consignment, which is `bytes` long without its parties and prices; `is_withheld` says which
    /// groups of the declaration this copy lacks.
    pub(crate) fn new(consignment: &Consignment, bytes: usize, is_withheld: impl Fn(&str) -> bool) -> Self {
        let declared = serde_json::to_value(consignment).unwrap_or_default();
        let withheld = WITHHELD_PARTS.into_iter().filter(|part| is_withheld(part)).collect();
        let current = declared.clone();
        let faults = list_faults(consignment);
        Self { declared, current, faults, withheld, applied: Vec::new(), bytes, spent: 0 }
    }

    /// Applies an amendment, all of it or nothing.
    ///
    /// Errors: the reason why it is ignored.
    pub(crate) fn apply(&mut self, made: &Made<'_>) -> Result<Effect, Finding> {
        let changes = made.changes;
        if changes.is_empty() || changes.len() > MOST_CHANGES {
            let message = format!("an amendment needs 1 to {MOST_CHANGES} changes");
            return Err(Finding::warning("dossier.amendment-invalid", message));
        }
        self.spent = self.spent.saturating_add(self.bytes);
        if self.spent > MOST_AMENDED_BYTES || self.applied.len() + changes.len() > MOST_CHANGES_IN_FORCE {
            let message = "the consignment was amended more often than it may be";
            return Err(
                Finding::warning("dossier.too-many-amendments", message).remedy("declare a new consignment")
            );
        }
        let mut remarks = Vec::new();
        let mut next = self.current.clone();
        let mut own: Vec<&Change> = Vec::new();
        let unknown =
            self.applied.iter().filter(|applied| applied.in_force && !made.past.contains(applied.mark));
        let unknown: Vec<&Change> = unknown.map(|applied| &applied.change).collect();
        for change in changes {
            if let Some(part) = self.find_withheld(&change.path) {
                let message =
                    format!("whether `{}` changes cannot be seen: `{part}` is not in this copy", change.path);
                remarks.push(Finding::info("dossier.withheld", message));
                continue;
            }
            self.check_change(change, made, &own)?;
            remarks.extend(unknown.iter().rev().find_map(|other| assess_concurrent(change, other)));
            set(&mut next, &change.path, &change.value)
                .map_err(|reason| Finding::warning("dossier.amendment-invalid", reason))?;
            own.push(change);
        }
        let consignment = self.check_whole(&next)?;
        if made.takes_effect {
            self.faults = list_faults(&consignment);
            self.current = next;
        } else {
            remarks.clear();
        }
        let (mark, in_force) = (made.mark, made.takes_effect);
        self.applied.extend(own.into_iter().map(|change| Applied { mark, change: change.clone(), in_force }));
        Ok(Effect { consignment, remarks })
    }

    fn find_withheld(&self, path: &str) -> Option<&'static str> {
        let first = path.split('/').nth(1);
        self.withheld.iter().copied().find(|part| Some(*part) == first)
    }

    fn check_change(&self, change: &Change, made: &Made<'_>, own: &[&Change]) -> Result<(), Finding> {
        if FIXED.iter().any(|fixed| overlap(fixed, &change.path)) {
            let message = format!("`{}` cannot be amended", change.path);
            return Err(
                Finding::warning("dossier.amendment-invalid", message).remedy("declare another consignment")
            );
        }
        let seen = self.value_in_past(&change.path, made, own);
        if seen != change.was {
            let (was, seen) = (shown(&change.was), shown(&seen));
            let message = format!(
                "the amendment of `{}` saw {was}, but {seen} was in force for its author",
                change.path
            );
            return Err(Finding::warning("dossier.stale-amendment", message)
                .remedy("amend again, from the value in force"));
        }
        Ok(())
    }

    /// The value in force for the author, after the changes it made itself so far; `null` if there is none.
    fn value_in_past(&self, path: &str, made: &Made<'_>, own: &[&Change]) -> Value {
        let count = self.applied.len() + own.len();
        let known = |at: usize| match self.applied.get(at) {
            Some(applied) => Some(&applied.change).filter(|_| made.believes(applied)),
            None => own.get(at - self.applied.len()).copied(),
        };
        // The last change at the place or around it decides; what came later can only have changed parts of it.
        let covers = |at: &usize| known(*at).is_some_and(|change| find_rest(path, &change.path).is_some());
        let covering = (0..count).rev().find(covers);
        let mut value = match covering.and_then(known) {
            Some(change) => {
                let rest = find_rest(path, &change.path).unwrap_or_default();
                change.value.pointer(rest).cloned().unwrap_or_default()
            }
            None => self.declared.pointer(path).cloned().unwrap_or_default(),
        };
        for change in (covering.map_or(0, |at| at + 1)..count).filter_map(known) {
            if let Some(rest) = find_rest(&change.path, path) {
                // What was applied once can be applied here as well, unless a concurrent amendment made room for it.
                let _ = set(&mut value, rest, &change.value);
            }
        }
        value
    }

    fn check_whole(&self, next: &Value) -> Result<Consignment, Finding> {
        let invalid = |message: String| Finding::warning("dossier.amendment-invalid", message);
        let consignment = Consignment::deserialize(next).map_err(|error| {
            invalid(format!(
                "the consignment cannot be read afterwards: {}",
                kervan_model::in_plain_words(&error)
            ))
        })?;
        if serde_json::to_value(&consignment).ok().as_ref() != Some(next) {
            return Err(invalid(
                "a value is not written in its only form, such as a code with spaces".to_owned(),
            ));
        }
        for finding in consignment.check() {
            let fault = (finding.code.clone(), finding.path.clone());
            if finding.severity == Severity::Error && !self.faults.contains(&fault) {
                let path = finding.path.unwrap_or_default();
                return Err(invalid(format!(
                    "the consignment would be unsound at `{path}`: {}",
                    finding.message
                )));
            }
        }
        Ok(consignment)
    }
}

/// Remarks on a change at a place that another one changed which its author did not know.
fn assess_concurrent(change: &Change, other: &Change) -> Option<Finding> {
    if !overlap(&other.path, &change.path) {
        return None;
    }
    let (value, over) = (shown(&change.value), shown(&other.value));
    let message = format!(
        "`{}` was amended by two entries that did not know of each other; this one, with {value}, has the last word over {over}",
        change.path
    );
    let finding = Finding::info("dossier.concurrent-amendment", message);
    Some(finding.remedy("amend once more if the other value is right"))
}

/// A value in a message: enough to recognise it, too little to flood a report.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 80 { text } else { text.chars().take(80).chain("...".chars()).collect() }
}

/// The errors a consignment has; an amendment need not mend those that it did not make.
fn list_faults(consignment: &Consignment) -> BTreeSet<(String, Option<String>)> {
    consignment.check().into_iter().map(|finding| (finding.code, finding.path)).collect()
}
