//! Canonical JSON: what passes is what the canonical writer writes.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if kervan_dossier::canonical_text::check_canonical(bytes).is_ok() {
        let value: serde_json::Value = serde_json::from_slice(bytes).expect("canonical text is JSON");
        assert_eq!(kervan_dossier::canonical::jcs_of_integers(&value).expect("integers only"), bytes);
    }
    let _ = kervan_dossier::read_json(bytes);
});
