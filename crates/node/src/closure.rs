//! Closures: an operator says that a place, link or service does not work for a time, and signs it.

use crate::crossing::follow_closures;
use crate::limits::{LONGEST_REASON, MOST_CROSSED_AT_ONCE};
use crate::scribe::{Scribe, to_text};
use crate::{Call, Desk, Refusal};
use jiff::Timestamp;
use kervan_dossier::eddsa::sign_document;
use kervan_model::{Finding, PartyId, Role};
use kervan_network::Network;
use kervan_store::{ClosureRow, Topic, TrackingWrite, Write};
use kervan_tracking::limits::MOST_CLOSURES;
use kervan_tracking::{Closed, Closure, ClosureNow};
use kervan_units::Estimate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A closure as it is kept: what was said, by whom, and the proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedClosure {
    /// What was said.
    pub closure: Closure,
    /// By whom.
    pub by: PartyId,
    /// When it was said, or lifted.
    pub at: Timestamp,
    /// The closure with a Data Integrity proof (`eddsa-jcs-2022`) of the party's key.
    pub signed: Value,
}

/// What an operator says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedClosure {
    /// What is closed.
    pub what: Closed,
    /// Since when.
    pub from: Timestamp,
    /// When it opens again: earliest, most likely, latest.
    pub until: Estimate<Timestamp>,
    /// Why.
    pub reason: String,
}

/// A closure with the services that it stops.
pub(crate) fn in_force(network: &Network, closure: Closure) -> ClosureNow {
    let (name, services) = match &closure.what {
        Closed::Place(code) => (crate::project::name(network, code), Default::default()),
        Closed::Link(link) => {
            let over = network.list_services().filter(|service| service.links.contains(link));
            (format!("link {link}"), over.map(|service| service.id.clone()).collect())
        }
        Closed::Service(id) => {
            let name =
                network.find_service(id).map_or_else(|| id.to_string(), |service| service.name.clone());
            (name, [id.clone()].into())
        }
    };
    ClosureNow { closure, services, name }
}

/// Enters a closure. Estimates of those whose way it crosses are given anew before this returns, as far as they are
/// [`MOST_CROSSED_AT_ONCE`](crate::limits::MOST_CROSSED_AT_ONCE); the rest by [`crate::follow_closures`].
///
/// Errors: the caller runs nothing and forwards nothing; the thing is unknown; the times are out of order.
pub fn close(desk: &Desk, mut call: Call<'_>, wanted: WantedClosure) -> Result<SignedClosure, Refusal> {
    check(desk, &wanted, call.now)?;
    // Two at once must not get one number.
    let held = desk.hold_closures();
    let number = desk.store.list_closures(false)?.len() + 1;
    let id = format!("closure-{}-{number}", call.now.strftime("%Y%m%d"));
    let WantedClosure { what, from, until, reason } = wanted;
    let kept = keep(desk, &mut call, Closure { id, what, from, until, reason, lifted: None })?;
    drop(held);
    follow(desk, &mut call);
    Ok(kept)
}

/// Looks at the first of those in the way. The closure is kept, and a consignment that cannot be looked at now must not make it
/// look refused: the watch over the corridor comes to that one and tells its operator.
fn follow(desk: &Desk, call: &mut Call<'_>) {
    follow_closures(desk, call, MOST_CROSSED_AT_ONCE).unwrap_or_default();
}

/// Says that something is open again, from now on.
///
/// Errors: there is no such closure; or another party has said that it is closed: what somebody says is theirs to take back.
pub fn reopen(desk: &Desk, mut call: Call<'_>, id: &str) -> Result<SignedClosure, Refusal> {
    let open = desk.store.list_closures(true)?;
    let row = open
        .iter()
        .find(|row| row.id == id)
        .ok_or_else(|| Refusal::NotFound { what: "closure", id: id.to_owned() })?;
    let signed: SignedClosure =
        serde_json::from_str(&row.closure).map_err(|error| Refusal::broken("a stored closure", &error))?;
    if signed.by != call.actor {
        let text =
            format!("{} has said that this is closed, and lifts it; {} does not", signed.by, call.actor);
        return Err(Refusal::NotAllowed(text));
    }
    let closure = Closure { lifted: Some(call.now), ..signed.closure };
    let kept = keep(desk, &mut call, closure)?;
    follow(desk, &mut call);
    Ok(kept)
}

/// Closures, the latest first: those that stand, or all.
pub fn list_closures(desk: &Desk, only_open: bool) -> Result<Vec<SignedClosure>, Refusal> {
    let rows = desk.store.list_closures(only_open)?;
    rows.iter()
        .map(|row| {
            serde_json::from_str(&row.closure).map_err(|error| Refusal::broken("a stored closure", &error))
        })
        .collect()
}

fn check(desk: &Desk, wanted: &WantedClosure, now: Timestamp) -> Result<(), Refusal> {
    let mut findings = Vec::new();
    let known = match &wanted.what {
        Closed::Place(code) => desk.network.find_place(code).is_some(),
        Closed::Link(link) => desk.network.find_link(link).is_some(),
        Closed::Service(id) => desk.network.find_service(id).is_some(),
    };
    if !known {
        let message = "the network has no such place, link or service";
        findings.push(
            Finding::error("node.closure-unknown", message).at("/what").remedy("kervan network show CODE"),
        );
    }
    if wanted.until.min() <= wanted.from || wanted.until.max() <= now {
        let message = "a closure ends after it begins, and not in the past";
        findings.push(Finding::error("node.closure-time", message).at("/until"));
    }
    if wanted.reason.trim().is_empty() || wanted.reason.chars().count() > LONGEST_REASON {
        let message = format!("a reason has 1 to {LONGEST_REASON} characters");
        findings.push(Finding::error("node.closure-reason", message).at("/reason"));
    }
    if desk.store.list_closures(true)?.len() >= MOST_CLOSURES {
        let message = format!("{MOST_CLOSURES} closures stand already");
        findings.push(Finding::error("node.closure-many", message).remedy("lift those that are over"));
    }
    if findings.is_empty() { Ok(()) } else { Err(Refusal::Invalid(findings)) }
}

fn keep(desk: &Desk, call: &mut Call<'_>, closure: Closure) -> Result<SignedClosure, Refusal> {
    let party = desk.party(&call.actor)?;
    if ![Role::Carrier, Role::Terminal, Role::Forwarder, Role::Customs]
        .into_iter()
        .any(|role| party.has_role(role))
    {
        let name = &party.record.name;
        return Err(Refusal::NotAllowed(format!("{name} runs nothing that could be closed")));
    }
    let (at, by) = (call.now, call.actor.clone());
    let document = json!({ "type": "Closure", "closure": closure, "by": by });
    let signed = sign_document(&document, &at.to_string(), &*party.key)
        .map_err(|error| Refusal::broken("the signature of a closure", &error))?;
    let kept = SignedClosure { closure, by, at, signed };
    let mut scribe = Scribe::new(desk, call);
    scribe.writes.push(Write::Tracking(TrackingWrite::Closure(ClosureRow {
        id: kept.closure.id.clone(),
        entered: at,
        open: kept.closure.lifted.is_none(),
        closure: to_text(&kept)?,
    })));
    scribe.tell(Topic::Closure, &kept.closure)?;
    scribe.save()?;
    Ok(kept)
}
