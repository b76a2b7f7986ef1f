//! An exported dossier: read, checked, folded; what verifies goes out as it came in.
#![no_main]

use libfuzzer_sys::fuzz_target;

const AUTHORITY: &str = include_str!("../../data/authority/authority.csv");

fuzz_target!(|bytes: &[u8]| {
    let Ok(table) = kervan_dossier::AuthorityTable::load(AUTHORITY) else { return };
    let reader = kervan_dossier::Reader::default();
    let (report, dossier) = kervan_dossier::verify_for(bytes, &table, &reader);
    if let Some(dossier) = dossier.filter(|_| report.verified) {
        assert_eq!(kervan_dossier::export(&dossier), bytes);
    }
});
