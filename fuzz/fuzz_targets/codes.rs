//! Codes: what is read is written in a form that reads as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;

fn check<T: std::str::FromStr + std::fmt::Display>(text: &str) {
    if let Ok(code) = text.parse::<T>() {
        let shown = code.to_string();
        let again = shown.parse::<T>().map(|code| code.to_string());
        assert_eq!(again.ok(), Some(shown));
    }
}

fuzz_target!(|text: &str| {
    check::<kervan_codes::ContainerNumber>(text);
    check::<kervan_codes::CountryCode>(text);
    check::<kervan_codes::DocumentType>(text);
    check::<kervan_codes::HsCode>(text);
    check::<kervan_codes::Mrn>(text);
    check::<kervan_codes::PlaceCode>(text);
    check::<kervan_codes::SizeType>(text);
});
