//! What can be tracked, recognized by the shape of its number.

use kervan_codes::{ContainerNumber, PlaceCode, WagonNumber};
use kervan_events::mapping;
use kervan_model::Reference;
use std::fmt;

/// Something that events name and that has a timeline.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A consignment.
    Consignment(Reference),
    /// A container.
    Container(ContainerNumber),
    /// A wagon.
    Wagon(WagonNumber),
    /// A ship by its IMO number, or a departure of a ship, ferry or train by its URI.
    Vessel(String),
    /// A seal.
    Seal(String),
    /// A place.
    Place(PlaceCode),
}

/// Beginnings of the URIs of things that no GS1 scheme names.
const WAGON: &str = "wagon/";
const SEAL: &str = "seal/";
const CONVEYANCE: &str = "conveyance/";

impl Subject {
    /// What a text may mean, the most telling shape first: a number with a check digit before a name, a name before a
    /// reference, which may be almost anything. Whether such a thing exists is for the caller to see.
    ///
    /// Shapes: `CSQU3054383`, `IMO 9176187`, `3166 4321 562` (wagon, 8 or 12 digits), `seal:AB-12`, `KZAAU`, a URI of an event,
    /// `KRV-2026-0001`. A seal has no shape of its own, so that a text is taken for one last.
    pub fn candidates(text: &str) -> Vec<Self> {
        let text = text.trim();
        let mut found = Vec::new();
        if let Some(rest) = text.strip_prefix("seal:") {
            return vec![Self::Seal(rest.trim().to_owned())];
        }
        if text.contains("://") || text.starts_with("urn:") {
            return Self::of_uri(text).into_iter().collect();
        }
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        found.extend(plain.parse().ok().map(Self::Container));
        found.extend(imo_number(&plain).map(|number| Self::Vessel(number.to_owned())));
        found.extend(plain.parse().ok().map(Self::Wagon));
        found.extend(plain.parse().ok().map(Self::Place));
        found.extend(text.parse().ok().map(Self::Consignment));
        let is_seal = !plain.is_empty() && plain.len() <= 35 && plain.chars().all(|c| c.is_ascii_graphic());
        found.extend(is_seal.then_some(Self::Seal(plain)));
        found
    }

    /// A thing of a kind by its word: `consignment`, `container`, `wagon`, `vessel`, `seal`, `place`.
    pub fn of_kind(kind: &str, id: &str) -> Option<Self> {
        match kind {
            "consignment" => id.parse().ok().map(Self::Consignment),
            "container" => id.parse().ok().map(Self::Container),
            "wagon" => id.parse().ok().map(Self::Wagon),
            "place" => id.parse().ok().map(Self::Place),
            "seal" if !id.is_empty() => Some(Self::Seal(id.to_owned())),
            "vessel" => match imo_number(id) {
                Some(number) => Some(Self::Vessel(number.to_owned())),
                None => id.contains(':').then(|| Self::Vessel(id.to_owned())),
            },
            _ => None,
        }
    }

    /// The thing that a URI of an event names, if it is one of ours.
    pub fn of_uri(uri: &str) -> Option<Self> {
        if let Some(container) = mapping::find_container(uri) {
            return Some(Self::Container(container));
        }
        if let Some(number) = uri.strip_prefix("urn:epc:id:imovn:") {
            return imo_number(number).map(|number| Self::Vessel(number.to_owned()));
        }
        let own = uri.strip_prefix(mapping::BASE)?;
        if let Some(number) = own.strip_prefix(WAGON) {
            return number.parse().ok().map(Self::Wagon);
        }
        if let Some(number) = own.strip_prefix(SEAL) {
            return Some(Self::Seal(number.to_owned()));
        }
        if own.starts_with(CONVEYANCE) {
            return Some(Self::Vessel(uri.to_owned()));
        }
        mapping::find_place(uri)
            .map(Self::Place)
            .or_else(|| mapping::find_consignment(uri).map(Self::Consignment))
    }

    /// The URI under which events name it.
    pub fn uri(&self) -> String {
        match self {
            Self::Consignment(reference) => mapping::consignment_uri(reference),
            Self::Container(number) => mapping::container_uri(number),
            Self::Wagon(number) => format!("{}{WAGON}{number}", mapping::BASE),
            Self::Vessel(uri) if uri.contains(':') => uri.clone(),
            Self::Vessel(number) => mapping::ship_uri(number).unwrap_or_default(),
            Self::Seal(number) => format!("{}{SEAL}{number}", mapping::BASE),
            Self::Place(code) => mapping::place_uri(code),
        }
    }

    /// The word of its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Consignment(_) => "consignment",
            Self::Container(_) => "container",
            Self::Wagon(_) => "wagon",
            Self::Vessel(_) => "vessel",
            Self::Seal(_) => "seal",
            Self::Place(_) => "place",
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Consignment(reference) => write!(f, "{reference}"),
            Self::Container(number) => write!(f, "{number}"),
            Self::Wagon(number) => write!(f, "{number}"),
            Self::Vessel(number) | Self::Seal(number) => f.write_str(number),
            Self::Place(code) => write!(f, "{code}"),
        }
    }
}

/// Seven digits whose last is the check digit, with or without `IMO` before them.
///
/// Source: IMO resolution A.1117(30): the sum of the first six digits times 7 to 2 ends with the seventh.
fn imo_number(text: &str) -> Option<&str> {
    let digits = text.strip_prefix("IMO").unwrap_or(text);
    if digits.len() != 7 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let values: Vec<u32> = digits.bytes().map(|byte| u32::from(byte - b'0')).collect();
    let sum: u32 = values.iter().zip((2..=7).rev()).map(|(digit, weight)| digit * weight).sum();
    (values.last() == Some(&(sum % 10))).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_known_by_its_shape() {
        for (text, kind) in [
            ("CSQU3054383", "container"),
            ("CSQU 305438 3", "container"),
            ("IMO 9176187", "vessel"),
            ("9176187", "vessel"),
            ("KZAAU", "place"),
            ("KRV-2026-0001", "consignment"),
            ("seal:AB 12", "seal"),
            ("https://id.kervan.example/conveyance/S020/2026-12-04", "vessel"),
            ("https://id.kervan.example/place/KZAAU", "place"),
        ] {
            let first = Subject::candidates(text).into_iter().next().unwrap();
            assert_eq!(first.kind(), kind, "{text}");
            assert_eq!(Subject::of_uri(&first.uri()), Some(first.clone()), "{text}");
            assert_eq!(Subject::of_kind(kind, &first.to_string()), Some(first), "{text}");
        }
        assert_eq!(Subject::candidates("9176188").first().map(Subject::kind), Some("consignment"));
        assert!(Subject::candidates("").is_empty() && Subject::of_uri("urn:epc:id:sgtin:1.2.3").is_none());
    }
}
