//! Terms of delivery of Incoterms 2020.

use crate::CodeError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A term of delivery. Source: Incoterms 2020 (UN/ECE Recommendation 5), codes only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the codes are the names; the texts belong to their publisher")]
pub enum Incoterm {
    Exw,
    Fca,
    Cpt,
    Cip,
    Dap,
    Dpu,
    Ddp,
    Fas,
    Fob,
    Cfr,
    Cif,
}

impl Incoterm {
    /// Every term, in the order of the publication.
    pub const ALL: [Self; 11] = [
        Self::Exw,
        Self::Fca,
        Self::Cpt,
        Self::Cip,
        Self::Dap,
        Self::Dpu,
        Self::Ddp,
        Self::Fas,
        Self::Fob,
        Self::Cfr,
        Self::Cif,
    ];
}

impl FromStr for Incoterm {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|term| term.to_string() == text).ok_or_else(|| {
            CodeError::new(
                text,
                "a term of Incoterms 2020",
                "it needs one of EXW FCA CPT CIP DAP DPU DDP FAS FOB CFR CIF",
            )
        })
    }
}

impl fmt::Display for Incoterm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{self:?}").to_uppercase())
    }
}
