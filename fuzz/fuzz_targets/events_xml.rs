//! An EPCIS document in XML: what can be read is written and read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(document) = kervan_events::json_of_xml(text) {
        let _ = kervan_events::read_capture(&document, jiff::Timestamp::UNIX_EPOCH);
        let _ = kervan_events::xml_of_json(&document);
    }
});
