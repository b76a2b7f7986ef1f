//! The script of a play: what the parties of its consignments do, and when.

use crate::limits::MOST_CONSIGNMENTS;
use jiff::Timestamp;
use jiff::civil::Date;
use kervan_codes::PlaceCode;
use kervan_model::format::ConsignmentFile;
use kervan_model::{Consignment, Finding, PartyId, PartyRole, has_errors};
use kervan_planning::Badge;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The script as it stands in its file; [`Script::read`] joins it with the consignments it names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptFile {
    /// When the play begins.
    pub start: Timestamp,
    /// The consignments in any order.
    pub consignments: Vec<ScriptEntry>,
}

/// One consignment of a [`ScriptFile`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptEntry {
    /// Name of the consignment's file, without folder and extension.
    pub file: String,
    /// Which way its forwarder takes.
    pub choose: Choose,
    /// A document that the consignor attaches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attach: Option<Attach>,
    /// What the forwarder corrects when the goods are held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correct: Option<Correct>,
}

/// Which alternative of the plan a forwarder accepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choose {
    /// What it looks at.
    pub prefer: Badge,
    /// Places that the way has to stop at, in any order. If no alternative does, the preferred one of all is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<PlaceCode>,
}

/// A document that the consignor attaches one hour after the declaration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attach {
    /// Kind of document, UNTDID 1001.
    pub type_code: String,
    /// Its number.
    pub number: String,
    /// Its date.
    pub issued: Date,
    /// What the bytes are.
    pub media_type: String,
    /// The bytes, as text; their hash goes into the dossier.
    pub text: String,
    /// What it states.
    pub facts: AttachFacts,
}

/// What an attached document states, as people write it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachFacts {
    /// Gross mass. Unit: kilogram, as a decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross_mass_kg: Option<String>,
    /// Net mass. Unit: kilogram, as a decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_mass_kg: Option<String>,
    /// Number of packages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packages: Option<u64>,
    /// Total amount, as a decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<String>,
    /// Currency of `total`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// What the forwarder does when its goods are held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correct {
    /// How long after it first heard of the hold. Unit: hour.
    pub after_hours: u32,
    /// Why, as it stands in the entry.
    pub reason: String,
    /// What.
    pub changes: Vec<CorrectedField>,
}

/// A field and its new value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectedField {
    /// JSON pointer into the consignment file.
    pub path: String,
    /// The new value.
    pub value: serde_json::Value,
}

/// A script that can be played. Invariant: references are unique and in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    pub(crate) start: Timestamp,
    pub(crate) consignments: Vec<ScriptedConsignment>,
}

/// One consignment of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptedConsignment {
    pub(crate) file: ConsignmentFile,
    pub(crate) consignment: Consignment,
    pub(crate) actors: Actors,
    pub(crate) choose: Choose,
    pub(crate) attach: Option<Attach>,
    pub(crate) correct: Option<Correct>,
}

/// Who acts for a consignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Actors {
    pub(crate) forwarder: PartyId,
    pub(crate) consignor: PartyId,
    pub(crate) consignee: PartyId,
}

impl Actors {
    fn find(consignment: &Consignment) -> Option<Self> {
        let id = |role| consignment.find_party(role).map(|party| party.id.clone());
        Some(Self {
            forwarder: id(PartyRole::Forwarder)?,
            consignor: id(PartyRole::Consignor)?,
            consignee: id(PartyRole::Consignee)?,
        })
    }
}

impl ScriptedConsignment {
    /// The file as its forwarder sends it.
    pub fn file(&self) -> &ConsignmentFile {
        &self.file
    }

    /// What it says.
    pub fn consignment(&self) -> &Consignment {
        &self.consignment
    }
}

impl Script {
    /// Joins a script with the consignment files that it names; `find` gives the file of a name.
    ///
    /// Errors: every finding at once: files that are missing or wrong, and consignments that stand in it twice.
    pub fn read(
        script: &ScriptFile,
        find: impl Fn(&str) -> Option<ConsignmentFile>,
    ) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut error = |code: &str, message: String, index: usize, remedy: &str| {
            let path = format!("/consignments/{index}");
            findings.push(Finding::error(code, message).at(path).remedy(remedy));
        };
        if script.consignments.len() > MOST_CONSIGNMENTS {
            let message = format!("a script holds at most {MOST_CONSIGNMENTS} consignments");
            error("simulation.too-many", message, MOST_CONSIGNMENTS, "split the script");
        }
        let mut consignments = Vec::new();
        let mut seen = BTreeSet::new();
        for (index, entry) in script.consignments.iter().enumerate().take(MOST_CONSIGNMENTS) {
            let Some(file) = find(&entry.file) else {
                let message = format!("there is no consignment file `{}`", entry.file);
                error("simulation.no-file", message, index, "name a file of the scenario");
                continue;
            };
            let consignment = match file.read() {
                Ok(consignment) => consignment,
                Err(wrong) => {
                    for finding in wrong {
                        let message = format!("{}: {}", entry.file, finding.message);
                        error(&finding.code, message, index, "mend the consignment file");
                    }
                    continue;
                }
            };
            let reference = &consignment.reference;
            if !seen.insert(reference.clone()) {
                let message = format!("{reference} stands in the script twice");
                error("simulation.twice", message, index, "leave one of them out");
                continue;
            }
            let Some(actors) = Actors::find(&consignment) else {
                let message = format!("{reference} needs a consignor, a consignee and a forwarder");
                error("simulation.no-party", message, index, "name all three in the consignment file");
                continue;
            };
            let (choose, attach, correct) =
                (entry.choose.clone(), entry.attach.clone(), entry.correct.clone());
            consignments.push(ScriptedConsignment { file, consignment, actors, choose, attach, correct });
        }
        consignments.sort_by(|one, other| one.consignment.reference.cmp(&other.consignment.reference));
        if has_errors(&findings) { Err(findings) } else { Ok(Self { start: script.start, consignments }) }
    }

    /// When the play begins.
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// Its consignments, by reference.
    pub fn consignments(&self) -> &[ScriptedConsignment] {
        &self.consignments
    }
}
