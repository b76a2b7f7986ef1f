//! EPC URNs: their syntax, and the Digital Link of each.

use super::{all_digits, check_digit};
use kervan_codes::ContainerNumber;

/// Schemes whose URNs are the same in `urn:epc:id:` and are not GS1 keys with a Digital Link.
const OTHER_SCHEMES: &[&str] = &["adi", "bic", "gid", "imovn", "usdod"];

/// Schemes of GS1 keys.
const KEY_SCHEMES: &[&str] = &[
    "cpi", "gdti", "giai", "ginc", "grai", "gsin", "gsrn", "gsrnp", "itip", "pgln", "sgcn", "sgln", "sgtin",
    "sscc", "upui",
];

/// What is wrong with an EPC URN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EpcFault {
    /// The scheme is not one of the EPC Tag Data Standard.
    UnknownScheme { nearest: Option<&'static str> },
    /// The parts do not have the form of the scheme.
    Malformed(String),
}

/// Whether a scheme is that of a GS1 key or of a class of it, so that its URN begins with a company prefix.
pub(super) fn is_key_scheme(scheme: &str) -> bool {
    scheme == "lgtin" || KEY_SCHEMES.contains(&scheme)
}

/// Looks into a text that may be an EPC URN; any other text has no fault here.
pub(crate) fn check_epc(uri: &str) -> Result<(), EpcFault> {
    let Some(rest) = uri.strip_prefix("urn:epc:id:") else { return Ok(()) };
    let (scheme, body) = rest.split_once(':').unwrap_or((rest, ""));
    if scheme == "bic" {
        let number = body.parse::<ContainerNumber>();
        return number.map(|_| ()).map_err(|error| EpcFault::Malformed(error.reason().to_owned()));
    }
    if KEY_SCHEMES.contains(&scheme) {
        let reason = || {
            format!(
                "the parts of a {scheme} have a company prefix of 6 to 12 digits and a fixed total length"
            )
        };
        return convert("id", scheme, body).map(|_| ()).ok_or_else(|| EpcFault::Malformed(reason()));
    }
    if OTHER_SCHEMES.contains(&scheme) {
        return if body.is_empty() {
            Err(EpcFault::Malformed("it names nothing".to_owned()))
        } else {
            Ok(())
        };
    }
    let nearest = crate::vocabulary::nearest_of(KEY_SCHEMES, scheme);
    Err(EpcFault::UnknownScheme {
        nearest: nearest.or_else(|| crate::vocabulary::nearest_of(OTHER_SCHEMES, scheme)),
    })
}

/// The Digital Link of `id:sgtin:...`, `class:lgtin:...` or `idpat:sgtin:...`.
pub(super) fn to_digital_link(rest: &str) -> Option<String> {
    let mut parts = rest.splitn(3, ':');
    let (family, scheme, body) = (parts.next()?, parts.next()?, parts.next()?);
    Some(format!("https://id.gs1.org/{}", convert(family, scheme, body)?))
}

/// Key and qualifiers of an EPC, without the domain.
fn convert(family: &str, scheme: &str, body: &str) -> Option<String> {
    let (prefix, rest) = body.split_once('.')?;
    if !(6..=12).contains(&prefix.len()) || !all_digits(prefix) {
        return None;
    }
    match (family, scheme) {
        ("id", "sgtin") => trade_item(prefix, rest, "21", 20),
        ("id", "upui") => trade_item(prefix, rest, "235", 28),
        ("class", "lgtin") => trade_item(prefix, rest, "10", 20),
        ("idpat", "sgtin" | "upui") => Some(format!("01/{}", gtin(prefix, rest.strip_suffix(".*")?)?)),
        ("id", "itip") => {
            let (pieces, serial) = item_pieces(prefix, rest)?;
            Some(format!("8006/{pieces}/21/{}", serial_text(serial, 20)?))
        }
        ("idpat", "itip") => item_pieces(prefix, rest)
            .filter(|(_, serial)| *serial == "*")
            .map(|(pieces, _)| format!("8006/{pieces}")),
        ("id", "sscc") => extended(prefix, rest, 17).map(|key| format!("00/{key}")),
        ("id", "gsrn") => plain(prefix, rest, 17).map(|key| format!("8018/{key}")),
        ("id", "gsrnp") => plain(prefix, rest, 17).map(|key| format!("8017/{key}")),
        ("id", "gsin") => plain(prefix, rest, 16).map(|key| format!("402/{key}")),
        ("id", "pgln") => plain(prefix, rest, 12).map(|key| format!("417/{key}")),
        ("id", "sgln") => location(prefix, rest),
        ("id" | "idpat", "grai" | "gdti" | "sgcn") => with_serial(family, scheme, prefix, rest),
        ("id", "giai") => serial_text(rest, 30 - prefix.len()).map(|asset| format!("8004/{prefix}{asset}")),
        ("id", "ginc") => {
            serial_text(rest, 30 - prefix.len()).map(|reference| format!("401/{prefix}{reference}"))
        }
        ("id", "cpi") => {
            let (part, serial) = rest.rsplit_once('.')?;
            let serial_ok = (1..=12).contains(&serial.len()) && all_digits(serial);
            (serial_ok && is_part(part)).then(|| format!("8010/{prefix}{part}/8011/{serial}"))
        }
        ("idpat", "cpi") => {
            rest.strip_suffix(".*").filter(|part| is_part(part)).map(|part| format!("8010/{prefix}{part}"))
        }
        _ => None,
    }
}

/// Prefix and reference with a check digit, together `digits` long before it.
fn plain(prefix: &str, reference: &str, digits: usize) -> Option<String> {
    if prefix.len() + reference.len() != digits || !all_digits(reference) {
        return None;
    }
    let key = format!("{prefix}{reference}");
    let check = check_digit(&key);
    Some(key + check.encode_utf8(&mut [0; 4]))
}

/// As [`plain`], with the first digit of the reference moved to the front (indicator or extension digit).
fn extended(prefix: &str, reference: &str, digits: usize) -> Option<String> {
    if prefix.len() + reference.len() != digits || !all_digits(reference) {
        return None;
    }
    let (first, others) = reference.split_at_checked(1)?;
    let key = format!("{first}{prefix}{others}");
    let check = check_digit(&key);
    Some(key + check.encode_utf8(&mut [0; 4]))
}

fn gtin(prefix: &str, reference: &str) -> Option<String> {
    extended(prefix, reference, 13)
}

fn trade_item(prefix: &str, rest: &str, qualifier: &str, longest: usize) -> Option<String> {
    let (reference, serial) = rest.split_once('.')?;
    Some(format!("01/{}/{qualifier}/{}", gtin(prefix, reference)?, serial_text(serial, longest)?))
}

/// GTIN, piece and total of an individual trade item piece, and what follows.
fn item_pieces<'a>(prefix: &str, rest: &'a str) -> Option<(String, &'a str)> {
    let mut parts = rest.splitn(4, '.');
    let (reference, piece, total, serial) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let two_digits = |text: &str| text.len() == 2 && all_digits(text);
    (two_digits(piece) && two_digits(total)).then_some(())?;
    Some((format!("{}{piece}{total}", gtin(prefix, reference)?), serial))
}

fn location(prefix: &str, rest: &str) -> Option<String> {
    let (reference, extension) = rest.split_once('.')?;
    let key = plain(prefix, reference, 12)?;
    match extension {
        "0" => Some(format!("414/{key}")),
        _ => Some(format!("414/{key}/254/{}", serial_text(extension, 20)?)),
    }
}

/// Keys of 13 digits with the serial number written behind them; a pattern has none.
fn with_serial(family: &str, scheme: &str, prefix: &str, rest: &str) -> Option<String> {
    let (reference, serial) = rest.split_once('.')?;
    let key = plain(prefix, reference, 12)?;
    let (key, longest) = match scheme {
        "grai" => (format!("8003/0{key}"), 16),
        "gdti" => (format!("253/{key}"), 20),
        _ => (format!("255/{key}"), 12),
    };
    if family == "idpat" {
        return (serial == "*").then_some(key);
    }
    if scheme == "sgcn" && !all_digits(serial) {
        return None;
    }
    Some(key + &serial_text(serial, longest)?)
}

/// Characters of a component part reference.
fn is_part(text: &str) -> bool {
    let plain = text.replace("%23", "").replace("%2F", "").replace("%2f", "");
    !text.is_empty() && plain.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || b == b'-')
}

/// A serial number with the characters escaped that a Digital Link needs escaped; nothing if it is empty, too long or
/// holds characters that no EPC may hold.
fn serial_text(text: &str, longest: usize) -> Option<String> {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = 0;
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        characters += 1;
        rest = after;
        match byte {
            b'%' => {
                let (hex, after) = rest.split_at_checked(2)?;
                hex.iter().all(u8::is_ascii_hexdigit).then_some(())?;
                escaped.push('%');
                hex.iter().for_each(|digit| escaped.push(char::from(*digit)));
                rest = after;
            }
            b'!' | b'(' | b')' | b'*' | b'+' | b',' | b':' => escaped.push_str(&format!("%{byte:02X}")),
            b'\'' | b'-' | b'.' | b';' | b'=' | b'_' => escaped.push(char::from(*byte)),
            _ if byte.is_ascii_alphanumeric() => escaped.push(char::from(*byte)),
            _ => return None,
        }
    }
    (1..=longest).contains(&characters).then_some(escaped)
}
