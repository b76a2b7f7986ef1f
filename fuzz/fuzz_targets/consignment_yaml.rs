//! A consignment file in YAML.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(file) = serde_norway::from_slice::<kervan_model::format::ConsignmentFile>(bytes) {
        let _ = file.read();
    }
});
