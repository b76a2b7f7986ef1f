//! A consignment file held against everything that a declaration would be held against, before anybody signs it.

use crate::{Desk, Refusal};
use kervan_model::format::ConsignmentFile;
use kervan_model::{Consignment, Finding, PartyId, PartyRole};
use serde_json::Value;

/// What a check of a consignment file found.
#[derive(Clone, Debug)]
pub struct CheckedFile {
    /// Everything, errors and remarks, each with the pointer of its field. Without an error among them it can be declared.
    pub findings: Vec<Finding>,
    /// The consignment, if the file can be read as one.
    pub consignment: Option<Consignment>,
}

/// Checks a consignment file as [`declare_consignment`](crate::declare_consignment) would, and says everything at once; nothing
/// is written. `actor` is who would declare it, if anybody is signed in.
///
/// Errors: the store fails.
pub fn check_consignment(desk: &Desk, actor: Option<&PartyId>, file: Value) -> Result<CheckedFile, Refusal> {
    let consignment = match ConsignmentFile::read_value(file) {
        Ok((_, consignment)) => consignment,
        Err(findings) => return Ok(CheckedFile { findings, consignment: None }),
    };
    let mut findings = consignment.check();
    findings.extend(crate::declare::list_unknown_places(desk, &consignment));
    findings.extend(desk.rules.dangerous.check(&consignment));
    if desk.store.find_consignment(&consignment.reference)?.is_some() {
        findings.push(crate::declare::reference_taken(&consignment.reference));
    }
    findings.extend(check_parties(desk, actor, &consignment));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Ok(CheckedFile { findings, consignment: Some(consignment) })
}

/// Whether the caller is the forwarder, and who of the parties has no key here: it takes no part until it is admitted.
fn check_parties(desk: &Desk, actor: Option<&PartyId>, consignment: &Consignment) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, party) in consignment.parties.iter().enumerate() {
        let path = format!("/parties/{index}/id");
        if party.role == PartyRole::Forwarder && actor.is_some_and(|actor| *actor != party.id) {
            let message = format!("the forwarder of the file is {}, not who is signed in", party.id);
            findings.push(
                Finding::error("node.not-the-forwarder", message)
                    .at(path)
                    .remedy("name yourself as the forwarder, or let that party declare the consignment"),
            );
        } else if desk.party(&party.id).is_err() {
            let message = format!(
                "{} is not registered at this node and takes no part with a key of its own",
                party.id
            );
            findings.push(Finding::info("node.party-without-key", message).at(path));
        }
    }
    findings
}
