//! Screening of everybody who has a part in a consignment.

use crate::decision::{Decision, Standing, standing_of};
use crate::index::Index;
use crate::screen::{Hit, Question};
use crate::tables::Tables;
use kervan_model::Finding;
use serde::{Deserialize, Serialize};

/// Somebody who has a part, with the place in the data where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// JSON pointer into the consignment.
    pub path: String,
    /// Who.
    pub question: Question,
}

/// A hit with where it was found and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyHit {
    /// JSON pointer into the consignment.
    pub path: String,
    /// The hit.
    pub hit: Hit,
    /// How it stands.
    pub standing: Standing,
}

/// Asks about everybody and looks up what has been decided.
pub fn screen_parties(
    tables: &Tables,
    index: &Index,
    asked: &[Asked],
    decisions: &[Decision],
) -> Vec<PartyHit> {
    let mut hits = Vec::new();
    for one in asked {
        for hit in index.screen(tables, &one.question, tables.threshold()) {
            let standing = standing_of(&hit, decisions);
            hits.push(PartyHit { path: one.path.clone(), hit, standing });
        }
    }
    hits
}

/// The findings of the hits that do not let the goods pass.
pub fn findings_of(hits: &[PartyHit]) -> Vec<Finding> {
    hits.iter().filter(|hit| !hit.standing.lets_pass()).map(to_finding).collect()
}

fn to_finding(found: &PartyHit) -> Finding {
    let mut finding = found.hit.finding(&found.path);
    match &found.standing {
        Standing::Open => {}
        Standing::Changed { decision } => {
            let (verdict, at) = (decision.verdict.word(), decision.at);
            finding.message.push_str(&format!("; {verdict} at {at}, the entity has changed since"));
        }
        Standing::Decided { decision } => {
            finding.message.push_str(&format!("; confirmed by {}: {}", decision.by, decision.reason));
            finding = finding
                .remedy("the goods are not released; the officer refuses or asks the competent authority");
        }
    }
    finding
}
