//! A consignment file held against everything that a declaration would be held against, before anybody signs it.

use crate::{Desk, Refusal};
use kervan_model::format::ConsignmentFile;
use kervan_model::{Consignment, Finding, PartyId, PartyRole};
use serde_json::{Map, Value, json};

/// What a check of a consignment file found.
#[derive(Clone, Debug)]
pub struct CheckedFile {
    /// Everything, errors and remarks, each with the pointer of its field. Without an error among them it can be declared.
    pub findings: Vec<Finding>,
    /// The consignment, if the file can be read as one.
    pub consignment: Option<Consignment>,
}

/// Fields that a file must have, with what stands in for one that is not there, so that all are found missing at once.
const TOP: &[(&str, Stand)] = &[
    ("reference", Stand::Text),
    ("from", Stand::Text),
    ("to", Stand::Text),
    ("ready", Stand::Text),
    ("terms", Stand::Object(&[("incoterm", Stand::Text), ("place", Stand::Text)])),
    (
        "parties",
        Stand::List(&[
            ("id", Stand::Text),
            ("name", Stand::Text),
            ("address", Stand::Text),
            ("country", Stand::Text),
        ]),
    ),
    (
        "goods",
        Stand::List(&[
            ("description", Stand::Text),
            ("hs", Stand::Text),
            ("origin", Stand::Text),
            ("packages", Stand::Zero),
            ("package_kind", Stand::Text),
            ("gross_mass_kg", Stand::Text),
            ("net_mass_kg", Stand::Text),
            ("value", Stand::Text),
        ]),
    ),
    ("equipment", Stand::List(&[("number", Stand::Text), ("size_type", Stand::Text)])),
    ("invoice", Stand::Object(&[("number", Stand::Text), ("date", Stand::Text), ("currency", Stand::Text)])),
];

#[derive(Clone, Copy)]
enum Stand {
    Text,
    Zero,
    Object(&'static [(&'static str, Self)]),
    List(&'static [(&'static str, Self)]),
}

/// Checks a consignment file as [`declare_consignment`](crate::declare_consignment) would, and says everything at once; nothing
/// is written. `actor` is who would declare it, if anybody is signed in.
///
/// Errors: the store fails.
pub fn check_consignment(
    desk: &Desk,
    actor: Option<&PartyId>,
    mut file: Value,
) -> Result<CheckedFile, Refusal> {
    fill(&mut file, TOP);
    let read: ConsignmentFile = match serde_json::from_value(file) {
        Ok(read) => read,
        Err(error) => {
            let finding = Finding::error("consignment.unreadable", error.to_string())
                .remedy(kervan_model::format::SCHEMA_HINT);
            return Ok(CheckedFile { findings: vec![finding], consignment: None });
        }
    };
    let consignment = match read.read() {
        Ok(consignment) => consignment,
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

/// Puts in what is missing, so that reading the file reports each missing field at its place.
fn fill(value: &mut Value, fields: &[(&str, Stand)]) {
    let Value::Object(members) = value else {
        *value = Value::Object(Map::new());
        return fill(value, fields);
    };
    for (name, stand) in fields {
        let given = members.get(*name).is_some_and(|given| !given.is_null());
        if !given {
            members.insert((*name).to_owned(), blank(*stand));
        }
        match (stand, members.get_mut(*name)) {
            (Stand::Object(inner), Some(object)) => fill(object, inner),
            (Stand::List(inner), Some(Value::Array(items))) => {
                items.iter_mut().for_each(|item| fill(item, inner))
            }
            _ => {}
        }
    }
}

fn blank(stand: Stand) -> Value {
    match stand {
        Stand::Text => json!(""),
        Stand::Zero => json!(0),
        Stand::Object(_) => json!({}),
        Stand::List(_) => json!([]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_found_all_at_once() {
        let mut file = json!({"reference": "A-1", "goods": [{"hs": "845011"}], "parties": [], "terms": null});
        fill(&mut file, TOP);
        let read: ConsignmentFile = serde_json::from_value(file).unwrap();
        let paths: Vec<_> = read.read().unwrap_err().into_iter().filter_map(|finding| finding.path).collect();
        for path in [
            "/from",
            "/to",
            "/ready",
            "/terms/incoterm",
            "/goods/0/origin",
            "/goods/0/gross_mass_kg",
            "/invoice/currency",
        ] {
            assert!(paths.iter().any(|found| found == path), "{path} is not in {paths:?}");
        }
    }

    #[test]
    fn what_is_no_object_is_an_empty_file() {
        for mut file in [json!(null), json!([1]), json!("x")] {
            fill(&mut file, TOP);
            assert!(serde_json::from_value::<ConsignmentFile>(file).is_ok());
        }
    }
}
