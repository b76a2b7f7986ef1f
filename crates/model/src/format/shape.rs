//! The shape of a consignment file: what is missing or has another form is found at its place, all of it at once.

use crate::format::consignment_file::{ConsignmentFile, SCHEMA_HINT};
use crate::{Consignment, Finding};
use serde_json::{Value, json};
use serde_path_to_error::Segment;

/// Most faults of form that are told of one file; the next ones are told when these are mended.
const MOST_FAULTS: usize = 100;

/// What stands in for a field that must be there and is not, so that reading goes on.
#[derive(Clone, Copy)]
enum Stand {
    Text,
    Zero,
    Role,
    Object(&'static [(&'static str, Self)]),
    List(&'static [(&'static str, Self)]),
}

/// Fields that a file must have.
const TOP: &[(&str, Stand)] = &[
    ("reference", Stand::Text),
    ("from", Stand::Text),
    ("to", Stand::Text),
    ("ready", Stand::Text),
    ("terms", Stand::Object(&[("incoterm", Stand::Text), ("place", Stand::Text)])),
    (
        "parties",
        Stand::List(&[
            ("role", Stand::Role),
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

impl ConsignmentFile {
    /// Reads a file from what YAML or JSON gave, and then as [`Self::read`] does.
    ///
    /// Errors: every finding at once, each with the JSON pointer of the field: what is missing, what has another form, what is wrong.
    pub fn read_value(value: Value) -> Result<(Self, Consignment), Vec<Finding>> {
        let (file, mut findings) = shape(value);
        let Some(file) = file else { return Err(findings) };
        let wrong = match file.read() {
            Ok(consignment) if findings.is_empty() => return Ok((file, consignment)),
            Ok(_) => Vec::new(),
            Err(wrong) => wrong,
        };
        // What stands in for a field is wrong for that reason alone, and who the parties are is not known before each has its role.
        let told: Vec<_> = findings.iter().filter_map(|finding| finding.path.clone()).collect();
        let follows = |finding: &Finding| {
            let path = finding.path.as_deref().unwrap_or_default();
            let of_parties = path == "/parties" && told.iter().any(|told| told.starts_with("/parties"));
            of_parties
                || told.iter().any(|told| {
                    path.strip_prefix(told).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                })
        };
        findings.extend(wrong.into_iter().filter(|finding| !follows(finding)));
        Err(findings)
    }
}

/// The file with stands for what is missing or of another form, and a finding for each of them.
fn shape(mut value: Value) -> (Option<ConsignmentFile>, Vec<Finding>) {
    let mut findings = Vec::new();
    if !value.is_object() {
        let message = "the file cannot be read as a consignment: it is no group of fields";
        findings.push(Finding::error("consignment.unreadable", message).at("/").remedy(SCHEMA_HINT));
        return (None, findings);
    }
    fill(&mut value, TOP, "", &mut findings);
    while findings.len() < MOST_FAULTS {
        match serde_path_to_error::deserialize::<_, ConsignmentFile>(&value) {
            Ok(file) => return (Some(file), findings),
            Err(error) => {
                let mut path: Vec<String> = error.path().iter().filter_map(name).collect();
                let message = said(error.inner());
                if let Some(named) = named(&message)
                    && path.last() != Some(&named)
                {
                    path.push(named);
                }
                let place = pointer(&path);
                findings.push(fault(&message).at(&place));
                if !set_aside(&mut value, path) {
                    return (None, findings);
                }
            }
        }
    }
    (None, findings)
}

/// What the reader says, in its own words: they name fields. [`fault`] tells it in words of people.
pub(super) fn said(reader: &dyn std::fmt::Display) -> String {
    reader.to_string()
}

/// The finding of a field that is missing or has another form.
pub(super) fn fault(message: &str) -> Finding {
    let (said, remedy) = if message.starts_with("missing field") {
        return Finding::error("consignment.missing", "this field is missing").remedy("fill it in");
    } else if message.starts_with("unknown field") {
        (message, "correct its name or remove it")
    } else if message.starts_with("unknown variant") {
        (message, "write one of them")
    } else if message.starts_with("invalid type") && message.contains("expected a string") {
        (message, "write text; put what looks like a number into quotes")
    } else {
        (message, SCHEMA_HINT)
    };
    Finding::error("consignment.form", crate::in_plain_words(&said)).remedy(remedy)
}

/// The field that a message names as missing or unknown.
pub(super) fn named(message: &str) -> Option<String> {
    let rest = message.strip_prefix("missing field `").or_else(|| message.strip_prefix("unknown field `"))?;
    rest.split_once('`').map(|(name, _)| name.to_owned())
}

pub(super) fn name(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

/// Source: RFC 6901.
pub(super) fn pointer(path: &[String]) -> String {
    path.iter().map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1"))).collect()
}

/// Puts a stand at the place of a fault if the field must be there, and takes it away otherwise, with what it belongs to if need be.
fn set_aside(value: &mut Value, mut path: Vec<String>) -> bool {
    while let Some(last) = path.pop() {
        let names: Vec<&str> = path.iter().map(String::as_str).chain([last.as_str()]).collect();
        let stand = find_stand(&names);
        if let Some(Value::Object(members)) = value.pointer_mut(&pointer(&path)) {
            let taken = members.remove(&last).is_some();
            if let Some(stand) = stand {
                members.insert(last, blank(stand));
                return true;
            }
            if taken {
                return true;
            }
        }
    }
    false
}

/// What stands in for the field of a path, if it must be there.
fn find_stand(path: &[&str]) -> Option<Stand> {
    let mut fields = TOP;
    let mut found = None;
    for part in path {
        if found.is_some_and(|found| matches!(found, Stand::List(_))) && part.parse::<usize>().is_ok() {
            found = Some(Stand::Object(fields));
            continue;
        }
        let (_, stand) = fields.iter().find(|(name, _)| name == part)?;
        fields = match stand {
            Stand::Object(inner) | Stand::List(inner) => inner,
            Stand::Text | Stand::Zero | Stand::Role => &[],
        };
        found = Some(*stand);
    }
    found
}

/// Puts in what is missing, with a finding for each.
fn fill(value: &mut Value, fields: &[(&str, Stand)], path: &str, findings: &mut Vec<Finding>) {
    let Value::Object(members) = value else { return };
    for (name, stand) in fields {
        let place = format!("{path}/{name}");
        let given = members.get(*name).is_some_and(|given| !given.is_null());
        if !given {
            findings.push(fault("missing field").at(&place));
            members.insert((*name).to_owned(), whole(*stand));
            continue;
        }
        match (stand, members.get_mut(*name)) {
            (Stand::Object(inner), Some(object)) => fill(object, inner, &place, findings),
            (Stand::List(inner), Some(Value::Array(items))) => {
                for (index, item) in items.iter_mut().enumerate() {
                    fill(item, inner, &format!("{place}/{index}"), findings);
                }
            }
            _ => {}
        }
    }
}

/// A stand with everything in it that must be there.
fn whole(stand: Stand) -> Value {
    match stand {
        Stand::Object(fields) => {
            Value::Object(fields.iter().map(|(name, stand)| ((*name).to_owned(), whole(*stand))).collect())
        }
        other => blank(other),
    }
}

fn blank(stand: Stand) -> Value {
    match stand {
        Stand::Text => json!(""),
        Stand::Zero => json!(0),
        Stand::Role => json!("notify"),
        Stand::Object(_) => whole(stand),
        Stand::List(_) => json!([]),
    }
}
