//! A dossier run through its regimes without a node: which procedures, what each declaration lacks, what each administration
//! would decide, which guarantee it takes. Pure: nothing is lodged, reserved or signed.

use crate::clear::{derive, read_case_inputs};
use crate::{Refusal, Rules};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kervan_customs::{
    Case, Decision, Filing, GuaranteeNeed, GuaranteedGoods, MovementPlan, Procedure, assess_guarantee,
    decide_alone, plan_movements,
};
use kervan_dossier::DossierState;
use kervan_model::{Finding, MovementId};
use serde::Serialize;

/// What clearance comes to.
#[derive(Clone, Debug, Serialize)]
pub struct ClearanceReport {
    /// The consignment.
    pub consignment: String,
    /// As of when.
    pub at: Timestamp,
    /// The procedures in order of travel.
    pub movements: Vec<ClearedMovement>,
    /// What could not be planned, or rests on a stand-in.
    pub findings: Vec<Finding>,
}

/// One procedure with what would be decided on it.
#[derive(Clone, Debug, Serialize)]
pub struct ClearedMovement {
    /// What is planned.
    pub plan: MovementPlan,
    /// Its id.
    pub movement: MovementId,
    /// Where it stands in the dossier; none if it is not declared there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stands: Option<String>,
    /// Whether the law allows it to be lodged by now.
    pub may_lodge: bool,
    /// The guarantee it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<GuaranteeNeed>,
    /// What the administration decides, with its findings; none where no pack is in force or nothing is decided (import).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// What the declaration lacks, and what is missing to decide.
    pub findings: Vec<Finding>,
}

/// Runs a dossier through its regimes as of an instant.
///
/// Errors: the dossier holds no readable consignment or no accepted itinerary.
pub fn clear_dossier(rules: &Rules, state: &DossierState, at: Timestamp) -> Result<ClearanceReport, Refusal> {
    let inputs = read_case_inputs(rules, state);
    let Some(consignment) = &inputs.consignment else {
        return Err(Refusal::Broken("the dossier holds no readable consignment".into()));
    };
    let Some(itinerary) = inputs.itinerary() else {
        let finding = Finding::error("node.no-itinerary", "no itinerary is accepted in this dossier");
        return Err(Refusal::conflict(finding.remedy("accept an alternative of a plan first")));
    };
    let plan = plan_movements(consignment, itinerary, &rules.territories);
    let packs = rules.packs();
    let day = at.to_zoned(TimeZone::UTC).date();
    let mut movements = Vec::new();
    for planned in plan.procedures {
        let movement: MovementId = format!("{}/{}", consignment.reference, planned.number)
            .parse()
            .map_err(|error| Refusal::broken("a movement id", &error))?;
        let mut findings = Vec::new();
        let mut decision = None;
        if planned.procedure != Procedure::Import
            && let Some(declaration) = derive(&inputs, &planned, Filing::Prelodged)
        {
            findings.extend(declaration.check_completeness());
            let case = Case {
                declaration,
                lodged: at,
                attachments: inputs.attachments.clone(),
                consistency: inputs.consistency.clone(),
            };
            match packs.find_for(&planned.territory, planned.procedure, day) {
                Some(pack) => decision = Some(decide_alone(pack, &case, at)),
                None => findings.push(
                    Finding::warning(
                        "customs.no-pack",
                        format!("no rule pack of {} is in force on {day}", planned.territory),
                    )
                    .remedy("add one under data/rules"),
                ),
            }
        }
        let goods = GuaranteedGoods::from(consignment);
        let guarantee = match planned.procedure {
            Procedure::Transit => assess_guarantee(rules.territories.guarantees(), &planned, &goods),
            Procedure::Export | Procedure::Import => None,
        };
        movements.push(ClearedMovement {
            stands: state.movements.get(&movement).map(|stated| stated.state.clone()),
            may_lodge: planned.lodge_from.is_none_or(|from| from <= at),
            movement,
            guarantee,
            decision,
            findings,
            plan: planned,
        });
    }
    Ok(ClearanceReport {
        consignment: consignment.reference.to_string(),
        at,
        movements,
        findings: plan.findings,
    })
}
