//! What needs an officer at this node, and how clearance goes.

use crate::replay::list_decided;
use crate::scribe::to_text;
use crate::{Desk, MovementFile, Refusal, read_movement};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use kervan_customs::{
    Cleared, ClearedStep, Measures, StateKind, WorkItem, assess_work, measure_clearance, sort_work,
};
use kervan_model::TerritoryId;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The movements that need an officer of a territory, or of any, most urgent first.
///
/// Errors: the store failed, or a movement cannot be read.
pub fn list_work(
    desk: &Desk,
    territory: Option<&TerritoryId>,
    now: Timestamp,
) -> Result<Vec<(WorkItem, String)>, Refusal> {
    let mut items = Vec::new();
    let mut versions = BTreeMap::new();
    for row in desk.store.list_movements(Some(StateKind::UnderControl.word()), u32::MAX)? {
        let file = read_movement(&row)?;
        let item = assess_work(&file.movement, file.decision.as_ref(), file.proposal.as_ref());
        if let Some(item) = item.filter(|item| territory.is_none_or(|territory| item.territory == *territory))
        {
            versions.insert(item.movement.clone(), version_of(&file)?);
            items.push(item);
        }
    }
    sort_work(&mut items, now);
    let with_version = |item: WorkItem| {
        let version = versions.get(&item.movement).cloned().unwrap_or_default();
        (item, version)
    };
    Ok(items.into_iter().map(with_version).collect())
}

/// The version of a movement: an officer who acts names the one that was seen, and is told if it is no longer that.
///
/// Errors: never for a movement of ours.
pub fn version_of(file: &MovementFile) -> Result<String, Refusal> {
    let digest = Sha256::digest(to_text(file)?.as_bytes());
    Ok(HEXLOWER.encode(digest.get(..8).unwrap_or_default()))
}

/// How clearance goes at this node: of every movement, from its signed steps.
///
/// Errors: the store failed, or an entry cannot be read.
pub fn measure(desk: &Desk) -> Result<Measures, Refusal> {
    let mut steps: BTreeMap<String, Vec<ClearedStep>> = BTreeMap::new();
    for (entry, fact) in list_decided(desk)? {
        steps.entry(fact.movement.to_string()).or_default().push(ClearedStep {
            at: entry.header().authored,
            message: fact.message,
            findings: fact.findings,
        });
    }
    let mut movements = Vec::new();
    for row in desk.store.list_movements(None, u32::MAX)? {
        let file = read_movement(&row)?;
        let steps = steps.remove(row.id.as_str()).unwrap_or_default();
        let territory = file.movement.territory().to_string();
        movements.push(Cleared { territory, presented: file.movement.presented, steps });
    }
    Ok(measure_clearance(&movements))
}
