//! Document type codes of UNTDID 1001.

use crate::CodeError;
use crate::text_code::text_code;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// The type of a document. Shape: 1 to 3 digits of UNTDID 1001, such as 380 (commercial invoice).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentType(String);
text_code!(DocumentType);

/// The types that a package of the corridor uses, with their names. Source: UNTDID 1001, D23B.
const NAMES: [(&str, &str); 20] = [
    ("271", "Packing list"),
    ("325", "Proforma invoice"),
    ("380", "Commercial invoice"),
    ("705", "Bill of lading"),
    ("710", "Sea waybill"),
    ("720", "Rail consignment note"),
    ("722", "Road list-SMGS"),
    ("730", "Road consignment note"),
    ("785", "Cargo manifest"),
    ("788", "Container manifest"),
    ("821", "Transit declaration T1"),
    ("830", "Goods declaration for exportation"),
    ("851", "Phytosanitary certificate"),
    ("861", "Certificate of origin"),
    ("864", "Preference certificate of origin"),
    ("890", "Dangerous goods declaration"),
    ("916", "Related document"),
    ("950", "Transit declaration"),
    ("952", "TIR carnet"),
    ("955", "ATA carnet"),
];

impl DocumentType {
    /// The name of the type in English, if it is one that the corridor uses.
    pub fn find_name(&self) -> Option<&'static str> {
        NAMES.iter().find(|(code, _)| *code == self.0).map(|(_, name)| *name)
    }
}

impl FromStr for DocumentType {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.trim();
        if (1..=3).contains(&plain.len()) && plain.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Self(plain.to_owned()));
        }
        Err(CodeError::new(text, "a document type of UNTDID 1001", "it needs 1 to 3 digits, such as 380"))
    }
}
