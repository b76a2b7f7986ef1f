//! EPC patterns: which identifiers a MATCH parameter means.

use crate::{canonical_name, epc_urn};

/// What a thing must be to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// The same identifier, in whatever form.
    Exact(String),
    /// Part by part of an EPC URN.
    Parts {
        /// The scheme, such as `sgtin`.
        scheme: String,
        /// The parts: a text, `*`, or a range of numbers.
        parts: Vec<Part>,
        /// The class that the pattern stands for, if it stands for one as a whole.
        class: Option<String>,
    },
    /// Everything under a Digital Link or another URI with `/*` at its end.
    Under(String),
}

/// One part of an EPC pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// This.
    Text(String),
    /// Anything.
    Any,
    /// A number from the first to the last.
    Range(u64, u64),
}

impl Pattern {
    /// Reads a value of a MATCH parameter. Errors: why it is none.
    pub fn read(text: &str) -> Result<Self, String> {
        if let Some(rest) =
            text.strip_prefix("urn:epc:idpat:").or_else(|| text.strip_prefix("urn:epc:classpat:"))
        {
            let (scheme, body) = rest.split_once(':').ok_or("a pattern has a scheme and parts")?;
            let parts = body.split('.').map(read_part).collect::<Result<_, _>>()?;
            let class = Some(canonical_name(text)).filter(|name| name.starts_with("https://id.gs1.org/"));
            return Ok(Self::Parts { scheme: scheme.to_owned(), parts, class });
        }
        if let Some(stem) = text.strip_suffix("/*") {
            return Ok(Self::Under(canonical_name(stem)));
        }
        if text.is_empty() || text.chars().any(char::is_whitespace) {
            return Err("it is no URI".to_owned());
        }
        Ok(Self::Exact(canonical_name(text)))
    }

    /// The one name that is meant, if it is one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Exact(name) => Some(name),
            Self::Parts { .. } | Self::Under(_) => None,
        }
    }

    /// Whether an identifier is meant.
    pub fn matches(&self, uri: &str) -> bool {
        match self {
            Self::Exact(name) => *name == canonical_name(uri),
            Self::Under(stem) => {
                let name = canonical_name(uri);
                name.strip_prefix(stem.as_str()).is_some_and(|rest| rest.starts_with('/'))
            }
            Self::Parts { scheme, parts, class } => {
                class.as_ref().is_some_and(|class| *class == canonical_name(uri)) || meets(scheme, parts, uri)
            }
        }
    }
}

fn read_part(text: &str) -> Result<Part, String> {
    if text == "*" {
        return Ok(Part::Any);
    }
    match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(range) => {
            let ends = range.split_once('-').and_then(|(from, to)| from.parse().ok().zip(to.parse().ok()));
            let (from, to) = ends.ok_or_else(|| format!("`{text}` is no range of numbers"))?;
            Ok(Part::Range(from, to))
        }
        None if text.contains(['*', '[', ']']) => Err(format!("`{text}` is no part of a pattern")),
        None => Ok(Part::Text(text.to_owned())),
    }
}

fn meets(scheme: &str, parts: &[Part], uri: &str) -> bool {
    // A Digital Link does not say where its company prefix ends; the pattern does, or any place will do.
    let digits = match parts.first() {
        Some(Part::Text(prefix)) => prefix.len(),
        // The shortest: what follows may be letters, in a key of an asset or a part.
        Some(Part::Any | Part::Range(..)) | None => 6,
    };
    let Some(urn) = epc_urn(uri, digits).or_else(|| uri.starts_with("urn:epc:").then(|| uri.to_owned()))
    else {
        return false;
    };
    let body = ["id", "class", "idpat"].iter().find_map(|family| {
        urn.strip_prefix("urn:epc:")?.strip_prefix(family)?.strip_prefix(':')?.split_once(':')
    });
    let Some((found, body)) = body else { return false };
    let held: Vec<&str> = body.split('.').collect();
    found == scheme
        && held.len() == parts.len()
        && held.iter().zip(parts).all(|(held, part)| match part {
            Part::Any => true,
            Part::Text(text) => text == held,
            Part::Range(from, to) => held.parse::<u64>().is_ok_and(|number| (*from..=*to).contains(&number)),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urns_links_and_patterns_mean_the_same_things() {
        let link = "https://id.gs1.org/01/04012345111118/21/9876";
        let urn = "urn:epc:id:sgtin:4012345.011111.9876";
        for (pattern, uri, expected) in [
            (urn, link, true),
            (link, urn, true),
            ("https://shop.example/gtin/04012345111118/ser/9876", urn, true),
            ("urn:epc:idpat:sgtin:4012345.011111.*", link, true),
            ("urn:epc:idpat:sgtin:4012345.*.*", link, true),
            ("urn:epc:idpat:sgtin:4012346.*.*", link, false),
            ("urn:epc:idpat:sgtin:*.*.*", link, true),
            ("urn:epc:idpat:sgtin:4012345.011111.[9000-9999]", link, true),
            ("urn:epc:idpat:sgtin:4012345.011111.[1-9]", urn, false),
            ("urn:epc:idpat:sscc:4012345.*", link, false),
            ("urn:epc:idpat:sgtin:4012345.011111.*", "https://id.gs1.org/01/04012345111118", true),
            ("https://id.gs1.org/01/04012345111118/*", urn, true),
            ("https://id.gs1.org/01/04012345111118/21/*", urn, true),
            ("urn:epc:id:bic:CSQU3054383", "urn:epc:id:bic:CSQU3054383", true),
            ("urn:epc:idpat:giai:*.*", "https://id.gs1.org/8004/401234ABC", true),
            ("urn:epc:idpat:bic:*", "urn:epc:id:bic:CSQU3054383", true),
            ("https://example.com/a/*", "https://example.com/a/b", true),
            ("https://example.com/a/*", "https://example.com/ab", false),
        ] {
            assert_eq!(Pattern::read(pattern).unwrap().matches(uri), expected, "{pattern} {uri}");
        }
        for wrong in [
            "",
            "a b",
            "urn:epc:idpat:sgtin",
            "urn:epc:idpat:sgtin:4012345.[9-x].*",
            "urn:epc:idpat:sgtin:4*.1.*",
        ] {
            assert!(Pattern::read(wrong).is_err(), "{wrong}");
        }
    }
}
