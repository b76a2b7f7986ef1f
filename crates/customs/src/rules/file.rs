//! The form in which people write rule packs: YAML files of `data/rules`.

use crate::{Outcome, Procedure};
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
    /// Its numbers and lists; they replace those of the libraries.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) parameters: BTreeMap<String, Parameter>,
    /// Rules of the libraries that it does not take over, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) without: Vec<String>,
    /// Its own rules.
    #[serde(default)]
    pub(crate) rules: Vec<RuleFile>,
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
    /// Its rules.
    pub(crate) rules: Vec<RuleFile>,
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

/// What a rule leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RuleOutcome {
    /// Worth saying; decides nothing.
    Note,
    /// Somebody has to look.
    Control,
    /// The goods must not go.
    Refuse,
}

impl RuleOutcome {
    pub(crate) const fn outcome(self) -> Outcome {
        match self {
            Self::Note => Outcome::Release,
            Self::Control => Outcome::Control,
            Self::Refuse => Outcome::Refuse,
        }
    }
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
    pub(crate) outcome: RuleOutcome,
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
    /// First day of entry for which it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<Date>,
    /// Last day of entry for which it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Date>,
}

/// The content that the hash of a pack covers: the pack with the rules and parameters of its libraries in place.
#[derive(Serialize)]
pub(crate) struct Resolved<'a> {
    pub(crate) pack: &'a str,
    pub(crate) version: &'a str,
    pub(crate) title: &'a str,
    pub(crate) territory: &'a TerritoryId,
    pub(crate) procedures: &'a [Procedure],
    pub(crate) since: Date,
    pub(crate) until: Option<Date>,
    pub(crate) parameters: &'a BTreeMap<String, Parameter>,
    pub(crate) rules: &'a [RuleFile],
    /// Version of what expressions can see; a change of its meaning changes every hash.
    pub(crate) vocabulary: u32,
}
