//! One entry: read, checked, its fact read.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(entry) = kervan_dossier::Entry::read(bytes) {
        assert_eq!(entry.to_bytes(), bytes);
        let _ = entry.fact();
        let _ = entry.check(&kervan_dossier::ResolvedKeys::default());
    }
});
