//! Facts as people write them: a kind and a body in YAML or JSON, before anything is signed.

use crate::did::Did;
use crate::facts::{Change, Fact};
use crate::groups::GroupName;
use crate::header::Author;
use crate::participants::RoleGrant;
use crate::state::DossierState;
use kervan_model::{AttachedDocument, EntryKind, Finding, Role};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// An amendment as people write it: `was` may be left out and is then the value in force.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AmendmentFile {
    reason: String,
    changes: Vec<ChangeFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeFile {
    path: String,
    value: Value,
    was: Option<Value>,
}

/// Finds a kind by its word.
///
/// Errors: a finding that lists the words.
pub fn find_kind(word: &str) -> Result<EntryKind, Finding> {
    let word = word.replace('-', "_");
    EntryKind::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| {
        let words: Vec<_> = EntryKind::ALL.iter().map(|kind| kind.word()).collect();
        Finding::error("dossier.no-such-kind", format!("`{word}` is no kind of entry"))
            .at("/kind")
            .remedy(format!("use one of {}", words.join(", ")))
    })
}

/// Reads a fact: the groups of its kind by name, or the content alone where the kind has one group. An amendment has `reason`
/// and `changes`; an attached document stands as it is.
///
/// Errors: a finding that says what does not fit.
pub fn read_fact(kind: EntryKind, body: &Value, state: &DossierState) -> Result<Fact, Finding> {
    let malformed = |reason: String| {
        Finding::error("dossier.malformed-fact", format!("this is no `{kind}`: {reason}"))
            .at("/body")
            .remedy("see docs/dossier.md for the body of each kind")
    };
    match kind {
        EntryKind::ConsignmentAmended => {
            let file = AmendmentFile::deserialize(body)
                .map_err(|error| malformed(kervan_model::in_plain_words(&error)))?;
            let current = serde_json::to_value(&state.consignment).unwrap_or_default();
            let changes = file.changes.into_iter().map(|change| {
                let was = change.was.or_else(|| current.pointer(&change.path).cloned()).unwrap_or_default();
                Change { path: change.path, value: change.value, was }
            });
            return Ok(Fact::ConsignmentAmended { reason: file.reason, changes: changes.collect() });
        }
        EntryKind::DocumentAttached => {
            if let Ok(document) = AttachedDocument::deserialize(body) {
                return Ok(Fact::DocumentAttached(document));
            }
        }
        _ => {}
    }
    let by_group = body.as_object().and_then(|members| {
        let named =
            members.iter().map(|(name, content)| Some((name.parse::<GroupName>().ok()?, content.clone())));
        named.collect::<Option<BTreeMap<_, _>>>()
    });
    let whole = || single_group(kind).map(|name| BTreeMap::from([(name, body.clone())]));
    let attempts = [whole(), by_group];
    let mut last = "it needs a mapping of groups".to_owned();
    for groups in attempts.into_iter().flatten() {
        match Fact::from_groups(kind, &groups) {
            Ok(fact) => return Ok(fact),
            Err(error) => last = error.to_string(),
        }
    }
    if kind == EntryKind::DocumentAttached
        && let Err(error) = AttachedDocument::deserialize(body)
    {
        last = kervan_model::in_plain_words(&error);
    }
    Err(malformed(last))
}

/// The group of a kind that has one.
fn single_group(kind: EntryKind) -> Option<GroupName> {
    let name = match kind {
        EntryKind::ParticipantsAdmitted => "participants",
        EntryKind::KeyRotated | EntryKind::KeyRevoked => "key",
        EntryKind::ItineraryAccepted => "itinerary",
        EntryKind::DocumentIssued => "document",
        EntryKind::EventReported => "event",
        EntryKind::ConsignmentDelivered => "delivery",
        EntryKind::ParticipantsWithdrawn => "withdrawal",
        EntryKind::DocumentCancelled => "cancellation",
        EntryKind::BillIssued
        | EntryKind::BillTransferred
        | EntryKind::BillSurrendered
        | EntryKind::BillResolved => "bill",
        EntryKind::ConsignmentSplit => "split",
        EntryKind::ConsignmentGrouped => "consolidation",
        EntryKind::CarriageAccepted => "carriage",
        EntryKind::AmendmentAnswered => "answer",
        EntryKind::ConsignmentDeclared
        | EntryKind::ConsignmentAmended
        | EntryKind::DocumentAttached
        | EntryKind::TransitDeclared
        | EntryKind::TransitDecided => return None,
    };
    name.parse().ok()
}

/// As whom the holder of a key may speak in a dossier: its party, and the role that was asked for or its only one.
///
/// Errors: a finding, if no participant has the key, or the role is not one of its own, or it has several.
pub fn find_author(state: &DossierState, did: &Did, role: Option<Role>) -> Result<Author, Finding> {
    let admitted: Vec<_> = state.participants.iter().map(|stated| &stated.fact).collect();
    let Some(party) = state.keys.get(did).cloned() else {
        let message = format!("{did} is no key of a participant of this dossier");
        return Err(Finding::error("dossier.not-a-participant", message)
            .remedy("let the forwarder admit the party with this key, or use the key it was admitted with"));
    };
    let grants = admitted.iter().filter(|participant| participant.party == party);
    let mut grants: Vec<&RoleGrant> = grants.flat_map(|participant| &participant.roles).collect();
    grants.sort();
    grants.dedup();
    grants.retain(|grant| role.is_none_or(|role| grant.role == role));
    match grants.as_slice() {
        [grant] => Ok(Author { party, role: grant.role, territory: grant.territory.clone() }),
        [] => {
            let role = role.map_or_else(|| "any role".to_owned(), |role| role.to_string());
            Err(Finding::error("dossier.role-not-granted", format!("{party} was not admitted as {role}")))
        }
        several => {
            let words: Vec<_> = several.iter().map(ToString::to_string).collect();
            let message = format!("{party} takes part as {}", words.join(" and as "));
            Err(Finding::error("dossier.role-not-granted", message).remedy("say in which role it speaks"))
        }
    }
}
