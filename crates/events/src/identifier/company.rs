//! Company prefixes, without which a Digital Link cannot become an EPC URN.

use super::PrefixLengths;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Company prefixes that are known: because somebody wrote an EPC URN with them, or because GS1's list says their length.
///
/// Invariant: each has 6 to 12 digits. GS1 gives no prefix that begins with another, so at most one fits a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompanyPrefixes {
    shown: BTreeSet<String>,
    lengths: Arc<PrefixLengths>,
}

impl CompanyPrefixes {
    /// Prefixes of which a list says the lengths; none is shown yet.
    pub fn listed(lengths: Arc<PrefixLengths>) -> Self {
        Self { shown: BTreeSet::new(), lengths }
    }

    /// Adds a prefix; what is none is left out.
    pub fn add(&mut self, prefix: &str) {
        if (SHORTEST..=LONGEST).contains(&prefix.len()) && super::all_digits(prefix) {
            self.shown.insert(prefix.to_owned());
        }
    }

    /// The EPC URN of a GS1 key; a URN comes back as it is. Nothing for any other URI, for a key that has no EPC, and for one
    /// whose company prefix is not known.
    ///
    /// ```
    /// use kervan_events::{CompanyPrefixes, company_prefix};
    ///
    /// let mut known = CompanyPrefixes::default();
    /// known.add(company_prefix("urn:epc:id:sgtin:4012345.011111.9876").unwrap());
    /// let urn = known.epc_urn("https://id.gs1.org/00/340123451111111111");
    /// assert_eq!(urn.as_deref(), Some("urn:epc:id:sscc:4012345.3111111111"));
    /// assert_eq!(known.epc_urn("https://id.gs1.org/417/9999999999994"), None);
    /// ```
    pub fn epc_urn(&self, uri: &str) -> Option<String> {
        if uri.starts_with("urn:epc:") {
            return super::epc_urn(uri, LONGEST);
        }
        let link = super::canonical_digital_link(uri)?;
        let (key, rest) = link.strip_prefix("https://id.gs1.org/")?.split_once('/')?;
        let value = rest.split('/').next()?;
        // Where the company prefix begins. Source: EPC Tag Data Standard 2.0, section 7.
        let digits = match key {
            "00" | "01" | "8003" | "8006" => value.get(1..)?,
            _ => value,
        };
        let is_shown =
            |length: &usize| digits.get(..*length).is_some_and(|prefix| self.shown.contains(prefix));
        // What a company writes of itself counts before what is written of it.
        let length = (SHORTEST..=LONGEST).find(is_shown).or_else(|| self.lengths.find(digits))?;
        super::epc_urn(&link, length)
    }
}

/// Digits of the shortest and of the longest company prefix. Source: EPC Tag Data Standard 2.0, section 7.1.
pub(super) const SHORTEST: usize = 6;
pub(super) const LONGEST: usize = 12;

/// The company prefix that an EPC URN of a GS1 key shows. The rest of the URN is not looked into: every event has some.
pub fn company_prefix(uri: &str) -> Option<&str> {
    let mut parts = uri.strip_prefix("urn:epc:")?.splitn(3, ':');
    let (_, scheme, body) = (parts.next()?, parts.next()?, parts.next()?);
    let (prefix, _) = body.split_once('.')?;
    let whole = (SHORTEST..=LONGEST).contains(&prefix.len()) && super::all_digits(prefix);
    (whole && super::epc_urn::is_key_scheme(scheme)).then_some(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical_digital_link;

    #[test]
    fn every_kind_of_key_finds_its_prefix() {
        let mut known = CompanyPrefixes::default();
        known.add("4012345");
        known.add("12");
        for urn in [
            "urn:epc:id:sgtin:4012345.011111.98%22",
            "urn:epc:class:lgtin:4012345.012345.Lot987",
            "urn:epc:idpat:sgtin:4012345.099914.*",
            "urn:epc:id:sscc:4012345.3111111111",
            "urn:epc:id:sgln:4012345.00005.122",
            "urn:epc:id:sgln:4012345.00005.0",
            "urn:epc:id:grai:4012345.00022.334455",
            "urn:epc:id:giai:4012345.ABC345",
            "urn:epc:id:gsrn:4012345.0000006765",
            "urn:epc:id:gsrnp:4012345.0000000007",
            "urn:epc:id:gdti:4012345.00001.1618034",
            "urn:epc:id:cpi:4012345.ABC.123",
            "urn:epc:id:sgcn:4012345.99999.44",
            "urn:epc:id:ginc:4012345.xyz47",
            "urn:epc:id:gsin:4012345.222333444",
            "urn:epc:id:itip:4012345.011111.01.02.987",
            "urn:epc:id:upui:4012345.012345.AB12",
            "urn:epc:id:pgln:4012345.00225",
        ] {
            assert_eq!(company_prefix(urn), Some("4012345"), "{urn}");
            let link = canonical_digital_link(urn).unwrap();
            assert_eq!(known.epc_urn(&link).as_deref(), Some(urn), "{link}");
            assert_eq!(known.epc_urn(urn).as_deref(), Some(urn));
        }
        assert_eq!(known.epc_urn("https://id.gs1.org/01/09780345418913/21/765tz"), None);
        assert_eq!(company_prefix("urn:epc:id:bic:CSQU3054383"), None);
    }
}
