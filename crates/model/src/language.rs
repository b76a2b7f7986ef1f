//! The same words in other languages: papers of this corridor carry a field in two or three of them.

use crate::LanguageTag;
use serde::{Deserialize, Serialize};

/// A text in a language other than that of the field it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalText {
    /// The language.
    pub language: LanguageTag,
    /// The text in it.
    pub text: String,
}

/// A party's name and address in another language or script, as the party writes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalName {
    /// The language.
    pub language: LanguageTag,
    /// The name in it.
    pub name: String,
    /// The address in it, if it is written differently too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}
