//! Decisions of the past, decided again.

use crate::{Desk, Refusal, Sight};
use kervan_customs::rules::PastCase;
use kervan_customs::{Case, Decision, RulePack, Selection, apply_selection, decide};
use kervan_dossier::{Dossier, Entry, Fact, TransitDecided};
use kervan_model::{EntryId, EntryKind, Finding, MovementId};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// What came of deciding again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Replay {
    /// The entry that holds the decision.
    pub entry: EntryId,
    /// Whether the decision is the same, byte for byte.
    pub same: bool,
    /// The decision as it was signed, canonical JSON.
    pub signed: String,
    /// The decision as it comes out now, canonical JSON.
    pub again: String,
    /// Where they differ.
    pub findings: Vec<Finding>,
}

/// The decisions on a movement that carry the case they were taken on, in the order of the dossier.
pub fn list_decisions(dossier: &Dossier, movement: &MovementId) -> Vec<(EntryId, TransitDecided)> {
    let entries = dossier.list_entries().into_iter();
    let facts = entries.filter_map(|entry| match entry.fact() {
        Ok(Fact::TransitDecided(fact)) if fact.movement == *movement && !fact.case.is_null() => {
            Some((entry.id().clone(), fact.clone()))
        }
        _ => None,
    });
    facts.collect()
}

/// The case of a decision as it was signed, with its instant.
fn read_case(fact: &TransitDecided) -> Result<(Case, jiff::Timestamp), Finding> {
    let withheld = || {
        Finding::error(
            "rules.case-withheld",
            "this copy of the dossier does not hold the case of the decision",
        )
        .remedy("ask for a copy that discloses the group `case`")
    };
    let decided = fact.decided.ok_or_else(withheld)?;
    let case = serde_json::from_value(fact.case.clone())
        .map_err(|error| Finding::error("rules.case-unreadable", kervan_model::in_plain_words(&error)))?;
    Ok((case, decided))
}

/// Decides a signed decision again by its pack.
///
/// Errors: a finding: the pack is another one, or the case is withheld.
pub fn replay(entry: &EntryId, fact: &TransitDecided, pack: &RulePack) -> Result<Replay, Finding> {
    let named = fact.rule_pack.as_ref().map(|named| named.hash.as_str()).unwrap_or_default();
    if named != pack.reference().hash {
        let text = format!("the decision names the pack {named}, this one is {}", pack.reference().hash);
        return Err(
            Finding::error("rules.other-pack", text).remedy("give the folder of packs as they were then")
        );
    }
    let (case, decided) = read_case(fact)?;
    let mut decision = decide(pack, &case, decided);
    if !fact.selection.is_null() {
        let selection: Selection = serde_json::from_value(fact.selection.clone()).map_err(|error| {
            Finding::error("rules.selection-unreadable", kervan_model::in_plain_words(&error))
        })?;
        apply_selection(&mut decision, &selection);
    }
    let signed = bytes(fact.outcome.as_deref().unwrap_or_default(), &fact.findings, decided);
    let again = bytes(decision.outcome.word(), &decision.findings, decision.at);
    let same = signed == again;
    let mut findings = Vec::new();
    if !same {
        let text = "the decision does not come out as it was signed".to_owned();
        findings.push(Finding::error("rules.replay-differs", text).remedy("compare `signed` with `again`"));
    }
    Ok(Replay { entry: entry.clone(), same, signed, again, findings })
}

/// The part of a decision that is compared; findings and instants in canonical JSON.
fn bytes(outcome: &str, findings: &[Finding], at: jiff::Timestamp) -> String {
    let value = serde_json::json!({"at": at, "findings": findings, "outcome": outcome});
    // Members are written in order, findings serialize in a fixed order, and there are no floats.
    serde_json::to_string(&value).unwrap_or_default()
}

/// Every decision and step of every movement at this node, in the order in which they were signed here.
///
/// Errors: the store failed, or an entry cannot be read.
pub(crate) fn list_decided(desk: &Desk) -> Result<Vec<(Entry, TransitDecided)>, Refusal> {
    let mut facts = Vec::new();
    for text in desk.store.list_entries_of_kind(EntryKind::TransitDecided, u32::MAX)?.into_iter().rev() {
        let entry = Entry::read(text.as_bytes())
            .map_err(|finding| Refusal::broken("a stored entry", &finding.message))?;
        if let Ok(Fact::TransitDecided(fact)) = entry.fact() {
            let fact = fact.clone();
            facts.push((entry, fact));
        }
    }
    Ok(facts)
}

/// The last declarations that were decided at this node, each by its latest decision, the latest first.
///
/// Errors: the store failed, or an entry cannot be read.
pub fn list_past_cases<'a>(sight: impl Into<Sight<'a>>, last: u32) -> Result<Vec<PastCase>, Refusal> {
    let sight = sight.into();
    let mut cases: Vec<PastCase> = Vec::new();
    let mut seen = BTreeSet::new();
    for (_, fact) in list_decided(sight.desk)?.into_iter().rev() {
        if cases.len() >= usize::try_from(last).unwrap_or(usize::MAX) {
            break;
        }
        let movement = fact.movement.to_string();
        if fact.case == Value::Null
            || !seen.insert(movement.clone())
            || !sight.sees_movement(&fact.movement)?
        {
            continue;
        }
        let (case, decided) = read_case(&fact).map_err(Refusal::invalid)?;
        cases.push(PastCase { movement, decided, case });
    }
    Ok(cases)
}

/// The selection of a decision as a dossier holds it; `null` if only the rules decided.
pub(crate) fn selection_of(decision: Option<&Decision>) -> Result<Value, Refusal> {
    match decision.and_then(|decision| decision.selection.as_ref()) {
        Some(selection) => {
            serde_json::to_value(selection).map_err(|error| Refusal::broken("a selection", &error))
        }
        None => Ok(Value::Null),
    }
}
