//! The form in which people write rule packs: YAML files of `data/rules`.

use super::table::TableFile;
use crate::{Act, Procedure};
use jiff::civil::Date;
use kervan_model::{Confidence, TerritoryId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A rule pack as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackFile {
    /// Id of the pack.
    pub(crate) pack: String,
    /// Version; another content needs another version.
    pub(crate) version: String,
    /// What it is, in a sentence.
    pub(crate) title: String,
    /// The territory whose administration decides by it.
    pub(crate) territory: TerritoryId,
    /// For which procedures.
    pub(crate) procedures: Vec<Procedure>,
    /// First day on which it is in force.
    pub(crate) since: Date,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Date>,
    /// Libraries whose rules it takes over, before its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) include: Vec<String>,
    /// The languages that its rules speak besides English; a rule that lacks one is reported by a check.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) languages: Vec<String>,
    /// Acts of officers that need a second officer, whatever the rules say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) four_eyes: Vec<String>,
    /// Its decision tables; they replace those of the libraries.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) tables: BTreeMap<String, TableFile>,
    /// Its numbers and lists; they replace those of the libraries.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) parameters: BTreeMap<String, Parameter>,
    /// Rules of the libraries that it does not take over, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) without: Vec<String>,
    /// Its own rules.
    #[serde(default)]
    pub(crate) rules: Vec<RuleFile>,
    /// Its risk profiles, after those of the libraries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) profiles: Vec<ProfileFile>,
}

/// A risk profile as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileFile {
    /// Its id, unique among the rules and profiles of the pack.
    pub(crate) id: String,
    /// What it looks for, in a sentence.
    pub(crate) title: String,
    /// What it asks for: `note`, `documents`, `control` or `hold`.
    pub(crate) outcome: Act,
    /// The points from which it asks.
    pub(crate) threshold: i32,
    /// Its conditions with their weights.
    pub(crate) conditions: Vec<WeighedFile>,
    /// Where it comes from.
    pub(crate) source: String,
    /// How sure we are of it.
    pub(crate) confidence: Confidence,
    /// First day of entry for which it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<Date>,
    /// Last day of entry for which it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Date>,
}

/// A condition of a profile as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WeighedFile {
    /// Its id, unique in the profile.
    pub(crate) id: String,
    /// What it says, in a few words.
    pub(crate) title: String,
    /// The list it is asked for; it holds if it holds for some element, which is `it`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) each: Option<String>,
    /// The condition.
    pub(crate) when: String,
    /// What it adds if it holds; below nothing it speaks against a control.
    pub(crate) weight: i32,
}

/// A library: rules that packs may take over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LibraryFile {
    /// Id of the library.
    pub(crate) library: String,
    /// What it is, in a sentence.
    pub(crate) title: String,
    /// Parameters, unless the pack has its own.
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, Parameter>,
    /// Decision tables, unless the pack has its own.
    #[serde(default)]
    pub(crate) tables: BTreeMap<String, TableFile>,
    /// Its rules.
    #[serde(default)]
    pub(crate) rules: Vec<RuleFile>,
    /// Its risk profiles.
    #[serde(default)]
    pub(crate) profiles: Vec<ProfileFile>,
}

/// A parameter of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Parameter {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
    /// A list of whole numbers.
    Ints(Vec<i64>),
    /// A list of texts.
    Texts(Vec<String>),
}

/// A rule as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFile {
    /// Its id, unique in the pack.
    pub(crate) id: String,
    /// What it demands, in a sentence.
    pub(crate) title: String,
    /// The list it is asked for, element by element; the element is `it`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) each: Option<String>,
    /// When it fires.
    pub(crate) when: String,
    /// What it then leads to.
    pub(crate) outcome: Act,
    /// Code of its finding.
    pub(crate) code: String,
    /// Message of its finding, with `{expressions}`.
    pub(crate) message: String,
    /// Where in the consignment, as a JSON pointer with `{expressions}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// The law, or `judgement: ...` with the reason.
    pub(crate) source: String,
    /// What to do, with `{expressions}`.
    pub(crate) remedy: String,
    /// How sure we are that the law says so.
    pub(crate) confidence: Confidence,
    /// Whether what an officer does about it needs a second officer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) four_eyes: bool,
    /// Its texts in other languages, by language tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) words: BTreeMap<String, Words>,
    /// First day of entry for which it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<Date>,
    /// Last day of entry for which it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Date>,
}

/// The texts of a rule in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    /// What it demands.
    pub(crate) title: String,
    /// Message of its finding, with `{expressions}`.
    pub(crate) message: String,
    /// What to do, with `{expressions}`.
    pub(crate) remedy: String,
}

/// The texts of rules in one language: `TAG.words.yaml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WordsFile {
    /// The language tag (BCP 47).
    pub(crate) language: String,
    /// Texts by the id of the rule.
    pub(crate) rules: BTreeMap<String, Words>,
}

/// The content that the hash of a pack covers: the pack with the rules, parameters, tables and words of its libraries in
/// place. It is a whole: nothing else is needed to decide by it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resolved {
    pub(crate) pack: String,
    pub(crate) version: String,
    pub(crate) title: String,
    pub(crate) territory: TerritoryId,
    pub(crate) procedures: Vec<Procedure>,
    pub(crate) since: Date,
    pub(crate) until: Option<Date>,
    pub(crate) languages: Vec<String>,
    pub(crate) four_eyes: Vec<String>,
    pub(crate) parameters: BTreeMap<String, Parameter>,
    pub(crate) tables: BTreeMap<String, TableFile>,
    pub(crate) rules: Vec<RuleFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) profiles: Vec<ProfileFile>,
    /// Version of what expressions can see; a change of its meaning changes every hash.
    pub(crate) vocabulary: u32,
}
