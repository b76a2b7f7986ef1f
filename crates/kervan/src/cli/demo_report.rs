//! What a play came to: each consignment's timeline, and whether its dossier verifies.

use super::output;
use jiff::Timestamp;
use kervan_dossier::{TrustList, export, verify};
use kervan_model::Finding;
use kervan_node::{CaseFile, Desk, Refusal};
use kervan_simulation::Play;
use kervan_units::Seconds;
use serde::Serialize;

/// What a play came to.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// Seed of the play.
    pub seed: u64,
    /// Version of the network.
    pub network_version: String,
    /// Whether everything was delivered and every dossier verifies.
    pub verified: bool,
    /// Each consignment.
    pub consignments: Vec<Journey>,
}

/// One consignment of a play.
#[derive(Debug, Serialize)]
pub(super) struct Journey {
    pub reference: String,
    pub dossier: String,
    pub heads: Vec<String>,
    pub from: String,
    pub to: String,
    pub state: &'static str,
    pub planned_arrival: Option<Timestamp>,
    pub delivered: Option<Timestamp>,
    pub entries: usize,
    pub ignored_entries: usize,
    pub verified: bool,
    pub findings: Vec<Finding>,
    pub timeline: Vec<Happening>,
}

/// Something in the timeline of a consignment, as its dossier has it.
#[derive(Debug, Serialize)]
pub(super) struct Happening {
    pub at: Timestamp,
    pub what: String,
    pub by: String,
}

/// Collects what a play came to. Every dossier is exported and checked as a stranger would, with the keys that the node
/// knows of as the trust list.
pub(super) fn report(desk: &Desk, play: &Play, seed: u64) -> Result<Report, Refusal> {
    let trust = trust_list(desk)?;
    let mut consignments = Vec::new();
    for told in &play.timeline().consignments {
        consignments.push(journey(desk, &CaseFile::load(desk, &told.reference)?, &trust));
    }
    let verified = consignments.iter().all(|journey| journey.verified && journey.delivered.is_some());
    Ok(Report { seed, network_version: desk.network.version().to_owned(), verified, consignments })
}

fn trust_list(desk: &Desk) -> Result<TrustList, Refusal> {
    let mut trust = TrustList::default();
    desk.with_registry(|registry| {
        for party in registry.list() {
            for grant in &party.record.roles {
                let added = trust.trust(party.did().clone(), party.record.id.clone(), grant.clone());
                added.map_err(|reason| Refusal::broken("the trust list", &reason))?;
            }
        }
        Ok::<(), Refusal>(())
    })?;
    Ok(trust)
}

fn journey(desk: &Desk, case: &CaseFile, trust: &TrustList) -> Journey {
    let checked = verify(&export(&case.dossier), &desk.rules.authority, Some(trust));
    let ignored = case.state.standing.values();
    let ignored =
        ignored.filter(|standing| matches!(standing, kervan_dossier::Standing::Ignored { .. })).count();
    let summary = &case.summary;
    Journey {
        reference: summary.reference.to_string(),
        dossier: case.dossier.id().to_string(),
        heads: case.dossier.heads().iter().map(ToString::to_string).collect(),
        from: summary.from.to_string(),
        to: summary.to.to_string(),
        state: summary.state.word(),
        planned_arrival: summary.planned_arrival,
        delivered: summary.delivered,
        entries: case.dossier.len(),
        ignored_entries: ignored,
        verified: checked.verified,
        findings: checked.findings,
        timeline: timeline(case),
    }
}

fn timeline(case: &CaseFile) -> Vec<Happening> {
    use kervan_dossier::Fact;
    case.dossier
        .list_entries()
        .into_iter()
        .map(|entry| {
            let header = entry.header();
            let what = match entry.fact() {
                Ok(Fact::TransitDeclared(fact)) => {
                    format!("declared {} in {}", fact.movement, fact.territory)
                }
                Ok(Fact::TransitDecided(fact)) => {
                    format!("{} of {} in {}: {}", fact.message, fact.movement, fact.territory, fact.to_state)
                }
                Ok(Fact::EventReported(fact)) => {
                    let step = fact.biz_step.as_deref().unwrap_or(&fact.event_type);
                    let step = step.rsplit('/').next().unwrap_or(step);
                    let place = fact.place.as_ref().map_or("?", |place| place.as_str());
                    format!("{step} at {place}")
                }
                Ok(Fact::DocumentIssued(fact)) => format!("issued {} {}", fact.slug, fact.number),
                Ok(Fact::DocumentAttached(fact)) => {
                    format!("attached document {} {}", fact.type_code, fact.number)
                }
                Ok(Fact::ConsignmentAmended { reason, .. }) => format!("amended: {reason}"),
                Ok(_) | Err(_) => header.kind.word().replace('_', " "),
            };
            Happening { at: header.authored, what, by: header.author.party.to_string() }
        })
        .collect()
}

impl Report {
    /// Prints the result as a table.
    pub(super) fn print(&self) {
        let mut table = output::table(&[
            "consignment",
            "way",
            "delivered",
            "against plan",
            "entries",
            "dossier",
            "verifies",
        ]);
        for journey in &self.consignments {
            let late = match (journey.planned_arrival, journey.delivered) {
                (Some(planned), Some(delivered)) if delivered > planned => {
                    format!("{} late", Seconds::between(planned, delivered))
                }
                (Some(planned), Some(delivered)) => format!("{} early", Seconds::between(delivered, planned)),
                _ => "-".to_owned(),
            };
            table.add_row([
                journey.reference.clone(),
                format!("{} - {}", journey.from, journey.to),
                journey.delivered.map_or_else(|| journey.state.to_owned(), |at| at.to_string()),
                late,
                journey.entries.to_string(),
                journey.dossier.chars().take(12).collect(),
                if journey.verified { "yes" } else { "NO" }.to_owned(),
            ]);
        }
        output::line(&table.to_string());
        for journey in self.consignments.iter().filter(|journey| !journey.verified) {
            output::line(&format!("{}:", journey.reference));
            output::findings(&journey.findings);
        }
        output::line(
            "Export one with `kervan dossier export ID --out dossier.json` and check it with `kervan verify`.",
        );
    }
}
