//! Digital Links as EPC URNs.

/// The EPC URN of a GS1 key, given how many digits its company prefix has, which a Digital Link does not say; a URN comes
/// back as it is. Nothing for any other URI, and for a key that has no EPC.
///
/// Range of `prefix_digits`: 6 to 12. Source: EPC Tag Data Standard 2.0, sections 6 and 7.
///
/// ```
/// use kervan_events::epc_urn;
///
/// let urn = epc_urn("https://id.gs1.org/01/04012345111118/21/9876", 7);
/// assert_eq!(urn.as_deref(), Some("urn:epc:id:sgtin:4012345.011111.9876"));
/// let class = epc_urn("https://shop.example/01/04012345111118", 7);
/// assert_eq!(class.as_deref(), Some("urn:epc:idpat:sgtin:4012345.011111.*"));
/// ```
pub fn epc_urn(uri: &str, prefix_digits: usize) -> Option<String> {
    if uri.starts_with("urn:epc:") {
        return super::canonical_digital_link(uri).map(|_| uri.to_owned());
    }
    let link = super::canonical_digital_link(uri)?;
    let mut segments = link.strip_prefix("https://id.gs1.org/")?.split('/');
    let (key, value) = (segments.next()?, segments.next()?);
    let qualifier = segments.next().zip(segments.next());
    if !(6..=12).contains(&prefix_digits) {
        return None;
    }
    let split = |digits: &str| {
        let (prefix, rest) = digits.split_at_checked(prefix_digits)?;
        prefix.bytes().all(|b| b.is_ascii_digit()).then(|| format!("{prefix}.{}", escaped(rest)))
    };
    let urn = match (key, qualifier) {
        ("01", Some(("21", serial))) => {
            format!("id:sgtin:{}.{}", item(value, prefix_digits)?, escaped(serial))
        }
        ("01", Some(("235", serial))) => {
            format!("id:upui:{}.{}", item(value, prefix_digits)?, escaped(serial))
        }
        ("01", Some(("10", lot))) => format!("class:lgtin:{}.{}", item(value, prefix_digits)?, escaped(lot)),
        ("01", None) => format!("idpat:sgtin:{}.*", item(value, prefix_digits)?),
        ("00", None) => {
            let (extension, rest) = value.split_at_checked(1)?;
            let (prefix, serial) = rest.get(..16)?.split_at_checked(prefix_digits)?;
            format!("id:sscc:{prefix}.{extension}{serial}")
        }
        ("414", Some(("254", extension))) => {
            format!("id:sgln:{}.{}", split(value.get(..12)?)?, escaped(extension))
        }
        ("414", None) => format!("id:sgln:{}.0", split(value.get(..12)?)?),
        ("417", None) => format!("id:pgln:{}", split(value.get(..12)?)?),
        ("8003", None) => with_serial("grai", value.get(1..)?, prefix_digits)?,
        ("253", None) => with_serial("gdti", value, prefix_digits)?,
        ("255", None) => with_serial("sgcn", value, prefix_digits)?,
        ("8004", None) => format!("id:giai:{}", split(value)?),
        ("8018", None) => format!("id:gsrn:{}", split(value.get(..17)?)?),
        ("8017", None) => format!("id:gsrnp:{}", split(value.get(..17)?)?),
        ("401", None) => format!("id:ginc:{}", split(value)?),
        ("402", None) => format!("id:gsin:{}", split(value.get(..16)?)?),
        ("8010", Some(("8011", serial))) => format!("id:cpi:{}.{}", split(value)?, escaped(serial)),
        ("8010", None) => format!("idpat:cpi:{}.*", split(value)?),
        ("8006", Some(("21", serial))) => {
            format!("id:itip:{}.{}", pieces(value, prefix_digits)?, escaped(serial))
        }
        ("8006", None) => format!("idpat:itip:{}.*", pieces(value, prefix_digits)?),
        _ => return None,
    };
    Some(format!("urn:epc:{urn}"))
}

/// Company prefix, and indicator with item reference, of a trade item number of 14 digits.
fn item(gtin: &str, prefix_digits: usize) -> Option<String> {
    let (indicator, rest) = gtin.split_at_checked(1)?;
    let (prefix, reference) = rest.get(..12)?.split_at_checked(prefix_digits)?;
    Some(format!("{prefix}.{indicator}{reference}"))
}

fn pieces(value: &str, prefix_digits: usize) -> Option<String> {
    let item = item(value.get(..14)?, prefix_digits)?;
    Some(format!("{item}.{}.{}", value.get(14..16)?, value.get(16..18)?))
}

/// Keys of twelve digits, a check digit and a serial number.
fn with_serial(scheme: &str, value: &str, prefix_digits: usize) -> Option<String> {
    let (prefix, reference) = value.get(..12)?.split_at_checked(prefix_digits)?;
    Some(format!("id:{scheme}:{prefix}.{reference}.{}", escaped(value.get(13..)?)))
}

/// A part in the escapes of a URN: a Digital Link escapes more characters.
fn escaped(part: &str) -> String {
    const ESCAPED: &[u8] = b"\"%&/<>?#";
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let code = match (first, more) {
            (b'%', [high, low, ..]) => char::from(*high).to_digit(16).zip(char::from(*low).to_digit(16)),
            _ => None,
        };
        rest = match code {
            Some(_) => more.get(2..).unwrap_or_default(),
            None => more,
        };
        bytes.push(code.map_or(*first, |(high, low)| (high * 16 + low) as u8));
    }
    let mut text = String::with_capacity(part.len());
    for byte in bytes {
        if byte.is_ascii_graphic() && !ESCAPED.contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical_digital_link;

    #[test]
    fn every_urn_comes_back_from_its_link() {
        for (urn, digits) in [
            ("urn:epc:id:sgtin:4012345.011111.98%22", 7),
            ("urn:epc:id:sgtin:415056789012.0.987654", 12),
            ("urn:epc:id:sgtin:0614141.812345.6789%2F!()", 7),
            ("urn:epc:id:sscc:4012345.3111111111", 7),
            ("urn:epc:id:sgln:4012345.00005.122", 7),
            ("urn:epc:id:sgln:4012345.00005.0", 7),
            ("urn:epc:id:grai:4012345.00022.334455", 7),
            ("urn:epc:id:giai:4012345.ABC345", 7),
            ("urn:epc:id:gsrn:4012345.0000006765", 7),
            ("urn:epc:id:gsrnp:4012345.0000000007", 7),
            ("urn:epc:id:gdti:987659999999..9", 12),
            ("urn:epc:id:cpi:0614141.11111111111111-A%23%2F.1234", 7),
            ("urn:epc:id:sgcn:4012345.99999.44", 7),
            ("urn:epc:id:ginc:0614141.xyz47%2F11", 7),
            ("urn:epc:id:gsin:4012345.222333444", 7),
            ("urn:epc:id:itip:4012345.011111.01.02.987", 7),
            ("urn:epc:id:upui:4012345.012345.AB12", 7),
            ("urn:epc:id:pgln:999999999999.", 12),
            ("urn:epc:class:lgtin:4012345.012345.Lot987", 7),
            ("urn:epc:idpat:sgtin:4054739.099914.*", 7),
            ("urn:epc:idpat:itip:4012345.012345.01.02.*", 7),
            ("urn:epc:idpat:cpi:4012345.ABC.*", 7),
        ] {
            let link = canonical_digital_link(urn).unwrap();
            assert_eq!(epc_urn(&link, digits).as_deref(), Some(urn), "{link}");
            assert_eq!(epc_urn(urn, digits).as_deref(), Some(urn));
        }
        for uri in ["", "https://example.com/", "urn:epc:id:bic:CSQU3054383", "https://id.gs1.org/01/1"] {
            assert_eq!(epc_urn(uri, 7), None, "{uri}");
        }
        assert_eq!(epc_urn("https://id.gs1.org/00/340123451111111111", 5), None);
    }
}
