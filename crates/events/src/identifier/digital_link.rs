//! GS1 Digital Links on any domain, brought to the canonical domain and the finest level of identification.

use super::all_digits;

/// Application identifiers of primary keys, with the short names that older links use.
const KEYS: &[(&str, &str)] = &[
    ("00", "sscc"),
    ("01", "gtin"),
    ("253", "gdti"),
    ("255", "gcn"),
    ("401", "ginc"),
    ("402", "gsin"),
    ("414", "gln"),
    ("417", "party"),
    ("8003", "grai"),
    ("8004", "giai"),
    ("8006", "itip"),
    ("8010", "cpid"),
    ("8017", "gsrnp"),
    ("8018", "gsrn"),
];

/// Qualifiers that a canonical link keeps, the finest first.
fn qualifiers(key: &str) -> &'static [(&'static str, &'static str)] {
    match key {
        "01" => &[("21", "ser"), ("235", "tpx"), ("10", "lot")],
        "8006" => &[("21", "ser"), ("10", "lot")],
        "414" => &[("254", "glnx")],
        "8010" => &[("8011", "cpsn")],
        _ => &[],
    }
}

/// The canonical form of a Digital Link; nothing for any other URI.
pub(super) fn canonical(uri: &str) -> Option<String> {
    let rest = uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://"))?;
    let path = rest.split(['?', '#']).next()?;
    // Most URIs are none; this spares them the list of segments.
    if !path
        .split('/')
        .skip(1)
        .any(|segment| KEYS.iter().any(|(key, short)| *key == segment || *short == segment))
    {
        return None;
    }
    let segments: Vec<&str> = path.trim_end_matches('/').split('/').skip(1).collect();
    (0..segments.len()).find_map(|start| link_at(segments.get(start..)?))
}

/// The link that begins with these segments: key, value, and pairs of qualifiers.
fn link_at(segments: &[&str]) -> Option<String> {
    let (name, rest) = segments.split_first()?;
    let (value, rest) = rest.split_first()?;
    let (key, _) = KEYS.iter().find(|(key, short)| key == name || short == name)?;
    if rest.len() % 2 != 0 {
        return None;
    }
    let value = key_value(key, value)?;
    let finest = qualifiers(key).iter().find_map(|(qualifier, short)| {
        let pair = rest
            .chunks_exact(2)
            .find(|pair| pair.first() == Some(qualifier) || pair.first() == Some(short))?;
        Some(format!("/{qualifier}/{}", pair.get(1)?))
    });
    Some(format!("https://id.gs1.org/{key}/{value}{}", finest.unwrap_or_default()))
}

/// The value of a key if it has the form of that key; trade item numbers are filled to 14 digits.
fn key_value(key: &str, value: &str) -> Option<String> {
    let digits = |count: usize| value.len() == count && all_digits(value);
    let digits_and_more = |count: usize| {
        let (fixed, more) = value.split_at_checked(count)?;
        (all_digits(fixed) && more.len() <= 51).then_some(())
    };
    match key {
        "01" => {
            let known = matches!(value.len(), 8 | 12 | 13 | 14) && all_digits(value);
            return known.then(|| format!("{value:0>14}"));
        }
        "00" | "8006" | "8017" | "8018" => digits(18).then_some(())?,
        "402" => digits(17).then_some(())?,
        "414" | "417" => digits(13).then_some(())?,
        "253" | "255" => digits_and_more(13)?,
        "8003" => digits_and_more(14)?,
        // Company prefixes begin with at least four digits; this keeps other paths from being taken for keys.
        _ => digits_and_more(4)?,
    }
    Some(value.to_owned())
}
