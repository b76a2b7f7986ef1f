//! A consignment file in JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = kervan_dossier::read_json(bytes) else { return };
    if let Ok(file) = serde_json::from_value::<kervan_model::format::ConsignmentFile>(value) {
        let _ = file.read();
    }
});
