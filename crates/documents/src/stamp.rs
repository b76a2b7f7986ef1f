//! What a sheet says about itself to a machine: which document it is and what to hold it against.
//!
//! The text fits a QR code that scans from a crumpled sheet: `KRV1:KIND:NUMBER:DOSSIER:ENTRY:DATA:SIGNATURE`, in the 45
//! characters that a QR code packs densest. Hashes are whole, in base 32; the signature is its first eight bytes, enough to
//! tell one from another and not enough to check: for that there is the dossier.

use crate::Document;
use data_encoding::BASE32_NOPAD;
use kervan_dossier::canonical;
use kervan_model::Finding;
use std::fmt::Write;

/// How the text begins: name of the format and its version.
const PREFIX: &str = "KRV1:";
/// Characters that stand for themselves in the number; the others of a QR code's set separate or escape.
const PLAIN: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $*+-./";
/// Bytes of the signature that are shown.
const SIGNATURE_BYTES: usize = 8;
/// Longest text that is read. Unit: byte. Reason: the largest QR code holds 4,296 characters.
const LONGEST_TEXT: usize = 8 * 1024;

/// What a sheet says about itself to a machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// Kind of document, by slug.
    pub slug: String,
    /// Number of the document.
    pub number: String,
    /// Id of the dossier. Shape: 64 hexadecimal digits.
    pub dossier: String,
    /// The entry that issued the document, or the head of a draft. Shape: 64 hexadecimal digits.
    pub entry: String,
    /// SHA-256 of the document's data in canonical form. Shape: 64 hexadecimal digits.
    pub data_sha256: String,
    /// The first bytes of the signature of the entry. Shape: 16 hexadecimal digits, or empty.
    pub signature: String,
}

impl Stamp {
    /// The stamp of a document.
    pub fn of(document: &Document) -> Self {
        let data = canonical::jcs(&document.data).unwrap_or_default();
        Self {
            slug: document.kind.slug().to_owned(),
            number: document.number.clone(),
            dossier: document.dossier.clone(),
            entry: document.issue.as_ref().map_or(&document.head, |issue| &issue.entry).clone(),
            data_sha256: canonical::sha256_hex(&data),
            signature: document.issue.as_ref().map(|issue| Self::short(&issue.signature)).unwrap_or_default(),
        }
    }

    /// What a stamp shows of a signature.
    pub fn short(signature: &[u8]) -> String {
        hex(signature.get(..SIGNATURE_BYTES).unwrap_or(signature))
    }

    /// The text of the QR code.
    pub fn to_text(&self) -> String {
        let hash = |text: &str| BASE32_NOPAD.encode(&unhex(text).unwrap_or_default());
        [
            PREFIX.trim_end_matches(':'),
            &escape(&self.slug.to_ascii_uppercase()),
            &escape(&self.number),
            &hash(&self.dossier),
            &hash(&self.entry),
            &hash(&self.data_sha256),
            &hash(&self.signature),
        ]
        .join(":")
    }

    /// Reads the text of a QR code as a camera gives it: whatever stands before it and after it is skipped.
    ///
    /// Errors: a finding that says what is wrong with the text.
    pub fn read(text: &str) -> Result<Self, Finding> {
        let bad = |message: &str| {
            Finding::error("documents.stamp-unreadable", message.to_owned())
                .remedy("photograph the code again, or type the text under the code of the package")
        };
        if text.len() > LONGEST_TEXT {
            return Err(bad("the text is longer than any code"));
        }
        let start = text
            .find(PREFIX)
            .ok_or_else(|| bad("the text does not hold KRV1:, the mark of a Kervan paper"))?;
        let body = text.get(start + PREFIX.len()..).unwrap_or_default();
        let end = body.find(|c: char| !(PLAIN.contains(c) || c == ':' || c == '%')).unwrap_or(body.len());
        let fields: Vec<&str> = body.get(..end).unwrap_or_default().trim_end().split(':').collect();
        let [slug, number, dossier, entry, data, signature] = fields.as_slice() else {
            return Err(bad(&format!("the text has {} fields after KRV1, not 6", fields.len())));
        };
        let hash = |name: &str, text: &str, length: usize| {
            let bytes = BASE32_NOPAD.decode(text.as_bytes()).ok().filter(|bytes| bytes.len() == length);
            bytes.map(|bytes| hex(&bytes)).ok_or_else(|| bad(&format!("the {name} is not whole")))
        };
        let read =
            |name: &str, text: &str| unescape(text).ok_or_else(|| bad(&format!("the {name} is not whole")));
        Ok(Self {
            slug: read("kind", slug)?.to_ascii_lowercase(),
            number: read("number", number)?,
            dossier: hash("dossier", dossier, 32)?,
            entry: hash("entry", entry, 32)?,
            data_sha256: hash("hash of the data", data, 32)?,
            signature: if signature.is_empty() {
                String::new()
            } else {
                hash("signature", signature, SIGNATURE_BYTES)?
            },
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()
}

/// Writes what a QR code cannot pack densely as `%` and two digits for each byte.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        if PLAIN.contains(letter) {
            escaped.push(letter);
        } else {
            for byte in letter.to_string().bytes() {
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
    }
    escaped
}

fn unescape(text: &str) -> Option<String> {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        bytes.push(u8::from_str_radix(piece.get(..2)?, 16).ok()?);
        bytes.extend_from_slice(piece.get(2..)?.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stamp(number: &str) -> Stamp {
        Stamp {
            slug: "cim-smgs".into(),
            number: number.into(),
            dossier: "3f".repeat(32),
            entry: "9c".repeat(32),
            data_sha256: "00".repeat(32),
            signature: "a1b2c3d4e5f60718".into(),
        }
    }

    #[test]
    fn a_stamp_is_read_as_it_was_written() {
        for number in ["KRV-2026-0117-722", "HT-2026/1187", "№ 12:34%", "счёт 7", ""] {
            let stamp = stamp(number);
            let text = stamp.to_text();
            assert_eq!(Stamp::read(&text).unwrap(), stamp);
            assert_eq!(Stamp::read(&format!("photo:\n{text}\n(scanned)")).unwrap(), stamp);
            assert!(text.len() <= 300, "{} characters: {text}", text.len());
            let draft = Stamp { signature: String::new(), ..stamp };
            assert_eq!(Stamp::read(&draft.to_text()).unwrap(), draft);
        }
    }

    #[test]
    fn a_text_that_is_cut_or_foreign_says_what_is_wrong() {
        let text = stamp("1").to_text();
        for (bad, what) in [
            ("https://example.org", "does not hold KRV1"),
            (&text[..80], "fields after KRV1, not 6"),
            (&text[..text.len() - 3], "the signature is not whole"),
            (&text.replacen('A', "1", 1), "not whole"),
            (&"x".repeat(10_000), "longer than any code"),
        ] {
            let finding = Stamp::read(bad).unwrap_err();
            assert!(finding.message.contains(what), "{bad}: {}", finding.message);
            assert!(finding.remedy.is_some());
        }
    }

    proptest! {
        #[test]
        fn any_number_comes_back(number in "\\PC{0,24}") {
            prop_assert_eq!(Stamp::read(&stamp(&number).to_text()).unwrap().number, number);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,200}") {
            let _ = Stamp::read(&format!("KRV1:{text}"));
        }
    }
}
