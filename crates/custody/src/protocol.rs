//! The protocol of a keeper that is a program: a line asks, a line answers, in ASCII, over its standard input and output.
//!
//! | asked | answered |
//! |---|---|
//! | `hello kervan-signer 1` | `hello kervan-signer 1` |
//! | `make HOLDER` | `key KEY-ID`: a new key of the program's own |
//! | `sign HOLDER KEY-ID MESSAGE` | `signature SIGNATURE` |
//!
//! Messages and signatures are base64url without padding. Anything may be answered with `error TEXT`. There is no way to ask for a
//! private key.

use crate::limits::{LONGEST_LINE, LONGEST_MESSAGE};
use data_encoding::BASE64URL_NOPAD;
use kervan_dossier::KeyId;

/// What the two sides call the protocol.
pub const PROTOCOL: &str = "kervan-signer 1";

/// What is asked of a program that keeps keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Whether it speaks this protocol.
    Hello,
    /// To make a key for a holder.
    Make(String),
    /// To sign bytes.
    Sign {
        /// Whose key.
        holder: String,
        /// Which.
        id: KeyId,
        /// The bytes.
        message: Vec<u8>,
    },
}

/// What it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It speaks this protocol.
    Hello,
    /// The key that was made.
    Key(KeyId),
    /// A signature.
    Signature(Box<[u8; 64]>),
    /// Why not.
    Error(String),
}

impl Request {
    /// The line, without its end.
    pub fn to_line(&self) -> String {
        match self {
            Self::Hello => format!("hello {PROTOCOL}"),
            Self::Make(holder) => format!("make {holder}"),
            Self::Sign { holder, id, message } => {
                format!("sign {holder} {id} {}", BASE64URL_NOPAD.encode(message))
            }
        }
    }

    /// Reads a line.
    ///
    /// Errors: what is wrong with it, for an answer.
    pub fn parse(line: &str) -> Result<Self, String> {
        if line.len() > LONGEST_LINE {
            return Err("the line is too long".to_owned());
        }
        let line = line.trim_end();
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let words: Vec<&str> = rest.split(' ').collect();
        match (word, words.as_slice()) {
            ("hello", _) if rest == PROTOCOL => Ok(Self::Hello),
            ("hello", _) => Err(format!("this program speaks {PROTOCOL}")),
            ("make", [holder]) if is_holder(holder) => Ok(Self::Make((*holder).to_owned())),
            ("sign", [holder, id, message]) if is_holder(holder) => {
                let id = id.parse().map_err(|_| "that names no key".to_owned())?;
                let message = BASE64URL_NOPAD.decode(message.as_bytes());
                let message = message.ok().filter(|message| message.len() <= LONGEST_MESSAGE);
                let message = message.ok_or("the message is not base64url, or too long")?;
                Ok(Self::Sign { holder: (*holder).to_owned(), id, message })
            }
            _ => Err("ask hello, make HOLDER or sign HOLDER KEY-ID MESSAGE".to_owned()),
        }
    }
}

/// Whether a word may name a holder: as ids of parties are, so that it may name a file as well.
pub(crate) fn is_holder(word: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !word.is_empty() && word.len() <= 64 && !word.starts_with('.') && word.bytes().all(inner)
}

impl Answer {
    /// The line, without its end.
    pub fn to_line(&self) -> String {
        match self {
            Self::Hello => format!("hello {PROTOCOL}"),
            Self::Key(id) => format!("key {id}"),
            Self::Signature(signature) => {
                format!("signature {}", BASE64URL_NOPAD.encode(signature.as_slice()))
            }
            Self::Error(text) => format!("error {}", text.replace(['\n', '\r'], " ")),
        }
    }

    /// Reads a line. One that is no answer is an error that says so.
    pub fn parse(line: &str) -> Self {
        let unread = || Self::Error("its answer cannot be read".to_owned());
        let line = line.trim_end();
        if line.len() > LONGEST_LINE {
            return unread();
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "hello" if rest == PROTOCOL => Self::Hello,
            "key" => rest.parse().map_or_else(|_| unread(), Self::Key),
            "signature" => {
                let bytes = BASE64URL_NOPAD.decode(rest.as_bytes()).ok();
                let bytes: Option<[u8; 64]> = bytes.and_then(|bytes| bytes.try_into().ok());
                bytes.map_or_else(unread, |bytes| Self::Signature(Box::new(bytes)))
            }
            "error" => Self::Error(rest.chars().take(300).collect()),
            _ => unread(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kervan_dossier::PartyKey;

    #[test]
    fn lines_are_read_again() {
        let id = PartyKey::from_seed([7; 32]).id().clone();
        let message = vec![0, 1, 255];
        let asked = [
            Request::Hello,
            Request::Make("rail-az".to_owned()),
            Request::Sign { holder: "rail-az".to_owned(), id: id.clone(), message },
        ];
        for request in asked {
            assert_eq!(Request::parse(&format!("{}\r\n", request.to_line())), Ok(request));
        }
        let answered = [
            Answer::Hello,
            Answer::Key(id),
            Answer::Signature(Box::new([5; 64])),
            Answer::Error("not now".to_owned()),
        ];
        for answer in answered {
            assert_eq!(Answer::parse(&format!("{}\n", answer.to_line())), answer);
        }
    }

    #[test]
    fn other_lines_are_refused() {
        let long = format!("sign a {} ", "x".repeat(LONGEST_LINE));
        for line in [
            "",
            "make",
            "make ../etc",
            "make .a",
            "give rail-az",
            "hello",
            "hello kervan-signer 2",
            "sign a b c",
            &long,
        ] {
            assert!(Request::parse(line).is_err(), "{line}");
        }
        for line in ["", "key nobody", "signature AAAA", "private AAAA"] {
            assert!(matches!(Answer::parse(line), Answer::Error(_)), "{line}");
        }
    }
}
