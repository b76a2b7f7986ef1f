//! Plans that are kept: by themselves, or with the consignment that they are for. A kept plan is a value with its inputs, the
//! version of the tables and of the measurements, the seed and the author, so that it can be computed again.

use crate::{Desk, FigureVersion, Refusal, load_figures};
use jiff::Timestamp;
use kervan_model::{Finding, PartyId, Reference};
use kervan_planning::{AlternativeId, Plan, Replayed, replay_plan};
use kervan_store::{PlanRow, Write};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A plan as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptPlan {
    /// The consignment that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// Who kept it.
    pub author: PartyId,
    /// Which measurements it rests on, in words that [`FigureVersion`] reads.
    pub figures: String,
    /// The alternative that was chosen, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<AlternativeId>,
    /// The plan.
    pub plan: Plan,
}

/// A kept plan with its id and when it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPlan {
    /// Its id: `P` and the beginning of the hash of what is kept, so that the same plan has the same id.
    pub id: String,
    /// When it was kept first.
    pub kept: Timestamp,
    /// What was kept.
    pub value: KeptPlan,
}

impl KeptPlan {
    /// The row that keeps it. Errors: it cannot be written as JSON.
    pub(crate) fn row(&self, now: Timestamp) -> Result<PlanRow, Refusal> {
        let text =
            serde_json::to_string(self).map_err(|error| Refusal::broken("a plan to be kept", &error))?;
        let digest = Sha256::digest(text.as_bytes());
        let id = digest.iter().take(8).fold("P".to_owned(), |id, byte| format!("{id}{byte:02x}"));
        Ok(PlanRow {
            id,
            reference: self.reference.clone(),
            author: self.author.clone(),
            kept: now,
            plan: text,
        })
    }
}

/// Keeps a plan. The same plan of the same author is kept once. Returns it as it is found again.
///
/// Errors: it is for a consignment that is not there, or not the author's; the store failed.
pub fn keep_plan(desk: &Desk, value: KeptPlan, now: Timestamp) -> Result<FoundPlan, Refusal> {
    if let Some(reference) = &value.reference {
        let row =
            desk.store.find_consignment(reference)?.ok_or_else(|| Refusal::no_consignment(reference))?;
        let summary = crate::read_summary(&row)?;
        let places = (&value.plan.request.from, &value.plan.request.to);
        if summary.forwarder != value.author {
            return Err(Refusal::no_consignment(reference));
        }
        if places != (&summary.from, &summary.to) {
            let finding = Finding::error("node.plan-misfit", "the plan is not for this consignment");
            return Err(Refusal::invalid(
                finding.at("/consignment").remedy("plan with the consignment's own origin and destination"),
            ));
        }
    }
    let row = value.row(now)?;
    let id = row.id.clone();
    desk.save(vec![Write::Plan(Box::new(row))])?;
    find_plan(desk, &id)
}

/// A kept plan. Errors: there is none of this id, or it cannot be read any more.
pub fn find_plan(desk: &Desk, id: &str) -> Result<FoundPlan, Refusal> {
    let row = desk.store.find_plan(id)?;
    read(&row.ok_or_else(|| Refusal::NotFound { what: "plan", id: id.chars().take(40).collect() })?)
}

/// The plans that a party kept, of one consignment or of all, the newest first.
///
/// Errors: one cannot be read any more; the store failed.
pub fn list_plans(
    desk: &Desk,
    author: &PartyId,
    reference: Option<&Reference>,
    most: u32,
) -> Result<Vec<FoundPlan>, Refusal> {
    desk.store.list_plans(author, reference, most)?.iter().map(read).collect()
}

fn read(row: &PlanRow) -> Result<FoundPlan, Refusal> {
    let value = serde_json::from_str(&row.plan).map_err(|error| Refusal::broken("a kept plan", &error))?;
    Ok(FoundPlan { id: row.id.clone(), kept: row.kept, value })
}

/// Computes a kept plan again from its inputs, the measurements that it rested on among them.
///
/// Errors: its measurements are not here; its request cannot be planned any more.
pub fn replay_kept_plan(desk: &Desk, found: &FoundPlan) -> Result<Replayed, Refusal> {
    let version: FigureVersion =
        found.value.figures.parse().map_err(|error| Refusal::broken("a kept plan", &error))?;
    let figures = load_figures(desk, version)?;
    replay_plan(&desk.network, &found.value.plan, &figures.learned).map_err(Refusal::Invalid)
}
