//! Identifiers of things: EPC URNs and GS1 Digital Link URIs, and the one canonical form of both.

mod company;
mod digital_link;
mod epc_urn;
mod prefix_lengths;
mod to_urn;
mod translate;

pub use company::{CompanyPrefixes, company_prefix};
pub(crate) use epc_urn::{EpcFault, check_epc};
pub use prefix_lengths::{PrefixLengths, PrefixListFault};
pub use to_urn::epc_urn;
pub use translate::{EpcFormat, NotTranslated, shown_prefixes, translate_event, translate_identifier};

/// The constrained canonical GS1 Digital Link of a GS1 key, whether it is written as EPC URN, EPC class, EPC pattern or
/// Digital Link on any domain; nothing for any other text.
///
/// Source: CBV 2.0, section 8.9.2; GS1 Digital Link URI syntax 1.2, section 4.11; EPC Tag Data Standard 2.0, section 6.
///
/// ```
/// use kervan_events::canonical_digital_link;
///
/// let link = canonical_digital_link("urn:epc:id:sgtin:4012345.011111.9876");
/// assert_eq!(link.as_deref(), Some("https://id.gs1.org/01/04012345111118/21/9876"));
/// assert_eq!(canonical_digital_link("urn:epc:id:bic:CSQU3054383"), None);
/// ```
pub fn canonical_digital_link(uri: &str) -> Option<String> {
    match uri.strip_prefix("urn:epc:") {
        Some(rest) => epc_urn::to_digital_link(rest),
        None => digital_link::canonical(uri),
    }
}

/// The check digit of a GS1 key: weights 3 and 1 from the right. Source: GS1 General Specifications, section 7.9.
fn check_digit(digits: &str) -> char {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, byte)| u32::from(byte.wrapping_sub(b'0')) * if index % 2 == 0 { 3 } else { 1 })
        .sum();
    char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0')
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_one_canonical_form() {
        for (uri, link) in [
            ("urn:epc:id:sgtin:4012345.011111.98%22", "01/04012345111118/21/98%22"),
            ("urn:epc:id:sgtin:415056789012.0.987654", "01/04150567890128/21/987654"),
            ("urn:epc:id:sgtin:0614141.812345.6789%2F!()", "01/80614141123458/21/6789%2F%21%28%29"),
            ("urn:epc:id:sscc:4012345.3111111111", "00/340123451111111111"),
            ("urn:epc:id:sgln:4012345.00005.122", "414/4012345000054/254/122"),
            ("urn:epc:id:sgln:4012345.00005.0", "414/4012345000054"),
            ("urn:epc:id:grai:4012345.00022.334455", "8003/04012345000221334455"),
            ("urn:epc:id:giai:4012345.ABC345", "8004/4012345ABC345"),
            ("urn:epc:id:gsrn:4012345.0000006765", "8018/401234500000067657"),
            ("urn:epc:id:gsrnp:4012345.0000000007", "8017/401234500000000074"),
            ("urn:epc:id:gdti:987659999999..9", "253/98765999999929"),
            (
                "urn:epc:id:cpi:0614141.11111111111111-A%23%2F.1234",
                "8010/061414111111111111111-A%23%2F/8011/1234",
            ),
            ("urn:epc:id:sgcn:4012345.99999.44", "255/401234599999044"),
            ("urn:epc:id:ginc:0614141.xyz47%2F11", "401/0614141xyz47%2F11"),
            ("urn:epc:id:gsin:4012345.222333444", "402/40123452223334442"),
            ("urn:epc:id:itip:4012345.011111.01.02.987", "8006/040123451111180102/21/987"),
            ("urn:epc:id:upui:4012345.012345.AB12", "01/04012345123456/235/AB12"),
            ("urn:epc:id:pgln:999999999999.", "417/9999999999994"),
            ("urn:epc:class:lgtin:4012345.012345.Lot987", "01/04012345123456/10/Lot987"),
            ("urn:epc:idpat:sgtin:4054739.099914.*", "01/04054739999148"),
            ("urn:epc:idpat:itip:4012345.012345.01.02.*", "8006/040123451234560102"),
            ("urn:epc:idpat:cpi:4012345.ABC.*", "8010/4012345ABC"),
            ("https://id.gs1.org/gtin/09780345418913", "01/09780345418913"),
            ("https://example.com/gtin/09780345418913/21/765tz?abc=211121", "01/09780345418913/21/765tz"),
            ("https://example.com/a/b/01/09780345418913/10/L1/21/S2", "01/09780345418913/21/S2"),
            ("https://example.com/01/9780345418913", "01/09780345418913"),
            ("http://example.com:8080/414/4012345000054/254/x#part", "414/4012345000054/254/x"),
        ] {
            assert_eq!(canonical_digital_link(uri), Some(format!("https://id.gs1.org/{link}")), "{uri}");
        }
        for uri in [
            "",
            "01",
            "https://example.com/",
            "https://example.com/01/12",
            "https://id.kervan.example/place/KZAAU",
            "urn:epc:id:sgtin:4012345.01111.9876",
            "urn:epc:id:sscc:4012345.31111111110",
            "urn:epc:id:bic:CSQU3054383",
            "urn:epc:idpat:sgtin:4054739.*.*",
            "geo:50.9,6.9",
        ] {
            assert_eq!(canonical_digital_link(uri), None, "{uri}");
        }
    }
}
