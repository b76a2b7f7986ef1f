//! Dossiers on the wire.

use super::finding::Finding;
use kervan_dossier::{DossierState, Entry, Standing, VerifyReport as DossierReport};
use kervan_node::CaseFile;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A dossier with its entries in causal order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Dossier {
    /// Its id.
    pub id: String,
    /// The entries that stand for all of it.
    pub heads: Vec<String>,
    /// Entries in causal order.
    pub entries: Vec<EntryView>,
    /// Remarks of the fold.
    pub findings: Vec<Finding>,
}

/// An entry as a page shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EntryView {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Who signed it.
    pub author: EntryAuthor,
    /// When its author signed it.
    pub at: String,
    /// The entries it follows.
    pub parents: Vec<String>,
    /// Who may read its body; empty means every participant.
    pub audience: Vec<String>,
    /// `in_force`, `proposed` or `ignored`.
    pub standing: &'static str,
    /// The carriers whose consent a proposed amendment waits for, by party id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waits_for: Vec<String>,
    /// Why it is ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Finding>,
    /// The key that signed it.
    pub verification_method: String,
    /// Its body by group.
    pub groups: Vec<GroupView>,
}

/// Who signed an entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EntryAuthor {
    /// Party id.
    pub party: String,
    /// Its name, as the dossier has it.
    pub party_name: String,
    /// In which role.
    pub role: &'static str,
    /// For which territory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
}

/// A group of an entry's body.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GroupView {
    /// Name.
    pub name: String,
    /// Whether this copy holds its content.
    pub disclosed: bool,
    /// Its content.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = serde_json::Value)]
    pub content: Option<serde_json::Value>,
}

impl Dossier {
    /// The dossier of a consignment.
    pub fn new(case: &CaseFile) -> Self {
        Self::of(&case.dossier, &case.state)
    }

    /// A dossier with its state.
    pub fn of(dossier: &kervan_dossier::Dossier, state: &DossierState) -> Self {
        Self {
            id: dossier.id().to_string(),
            heads: dossier.heads().iter().map(ToString::to_string).collect(),
            entries: dossier.list_entries().into_iter().map(|entry| EntryView::new(entry, state)).collect(),
            findings: state.findings.iter().map(Finding::from).collect(),
        }
    }
}

impl EntryView {
    fn new(entry: &Entry, state: &DossierState) -> Self {
        let header = entry.header();
        let (standing, why, waits_for) = match state.standing.get(entry.id()) {
            Some(Standing::Ignored { why }) => ("ignored", Some(Finding::from(why)), &[][..]),
            Some(Standing::Proposed { waits_for }) => ("proposed", None, waits_for.as_slice()),
            Some(Standing::InForce) | None => ("in_force", None, &[][..]),
        };
        let participant = state.participants.iter().find(|stated| stated.fact.party == header.author.party);
        Self {
            id: entry.id().to_string(),
            kind: header.kind.word().to_owned(),
            author: EntryAuthor {
                party: header.author.party.to_string(),
                party_name: participant
                    .map_or_else(|| header.author.party.to_string(), |stated| stated.fact.name.clone()),
                role: header.author.role.word(),
                territory: header.author.territory.as_ref().map(ToString::to_string),
            },
            at: header.authored.to_string(),
            parents: header.parents.iter().map(ToString::to_string).collect(),
            audience: header.audience.iter().map(ToString::to_string).collect(),
            standing,
            waits_for: waits_for.iter().map(ToString::to_string).collect(),
            why,
            verification_method: header.proof.verification_method.to_string(),
            groups: header
                .groups
                .keys()
                .map(|name| GroupView {
                    name: name.as_str().to_owned(),
                    disclosed: entry.body().contains_key(name),
                    content: entry.body().get(name).map(|disclosed| disclosed.content()),
                })
                .collect(),
        }
    }
}

/// What a check of an exported dossier found.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct VerifyReport {
    /// Whether every byte is as its author signed it.
    pub verified: bool,
    /// The dossier, if the file could be read so far.
    pub dossier: Option<String>,
    /// How many entries the file holds.
    pub entries: usize,
    /// The entries that stand for all of it.
    pub heads: Vec<String>,
    /// Everything worth saying.
    pub findings: Vec<Finding>,
}

impl From<&DossierReport> for VerifyReport {
    fn from(report: &DossierReport) -> Self {
        Self {
            verified: report.verified,
            dossier: report.dossier.as_ref().map(ToString::to_string),
            entries: report.entries,
            heads: report.heads.iter().map(ToString::to_string).collect(),
            findings: report.findings.iter().map(Finding::from).collect(),
        }
    }
}

/// What two copies of a dossier do not have in common.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Difference {
    /// The two dossiers, if they are not the same one; then nothing else is compared.
    pub other_dossier: Option<(String, String)>,
    /// Entries that only the first copy holds.
    pub only_left: Vec<String>,
    /// Entries that only the second copy holds.
    pub only_right: Vec<String>,
    /// Entries of both of which only the first copy discloses groups.
    pub disclosed_left: Vec<MoreDisclosed>,
    /// Entries of both of which only the second copy discloses groups.
    pub disclosed_right: Vec<MoreDisclosed>,
}

/// Groups of an entry that one copy discloses and the other does not.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MoreDisclosed {
    /// The entry.
    pub entry: String,
    /// The groups.
    pub groups: Vec<String>,
}

impl From<&kervan_dossier::Difference> for Difference {
    fn from(difference: &kervan_dossier::Difference) -> Self {
        let ids = |entries: &[kervan_model::EntryId]| entries.iter().map(ToString::to_string).collect();
        let more = |entries: &[(kervan_model::EntryId, Vec<kervan_dossier::GroupName>)]| {
            let more = entries.iter().map(|(entry, groups)| MoreDisclosed {
                entry: entry.to_string(),
                groups: groups.iter().map(ToString::to_string).collect(),
            });
            more.collect()
        };
        Self {
            other_dossier: difference
                .other_dossier
                .as_ref()
                .map(|(one, other)| (one.to_string(), other.to_string())),
            only_left: ids(&difference.only_left),
            only_right: ids(&difference.only_right),
            disclosed_left: more(&difference.disclosed_left),
            disclosed_right: more(&difference.disclosed_right),
        }
    }
}

/// A fact that a party states.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The kind of the entry.
    #[schema(example = "document_attached")]
    pub kind: String,
    /// In which role, if the party has several.
    #[serde(default)]
    pub role: Option<String>,
    /// The groups of the kind by name, or the content alone where the kind has one group.
    #[schema(value_type = Object)]
    pub body: serde_json::Value,
}

/// What became of a dossier that was brought in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Imported {
    /// Its id.
    pub dossier: String,
    /// The consignment's reference.
    pub reference: String,
    /// How many entries were new here.
    pub added: usize,
    /// Of how many known entries more is disclosed now.
    pub disclosed: usize,
    /// How many entries there are now.
    pub entries: usize,
    /// The entries that stand for all of it.
    pub heads: Vec<String>,
}

impl From<&kervan_node::Imported> for Imported {
    fn from(imported: &kervan_node::Imported) -> Self {
        let dossier = &imported.case.dossier;
        Self {
            dossier: dossier.id().to_string(),
            reference: imported.case.row.reference.to_string(),
            added: imported.added,
            disclosed: imported.disclosed,
            entries: dossier.len(),
            heads: dossier.heads().iter().map(ToString::to_string).collect(),
        }
    }
}
