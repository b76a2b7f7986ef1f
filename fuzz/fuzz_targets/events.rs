//! An EPCIS capture document.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = kervan_dossier::read_json(bytes) {
        let _ = kervan_events::read_capture(&document, jiff::Timestamp::UNIX_EPOCH);
    }
});
