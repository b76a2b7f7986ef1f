//! A package: the container, the manifests, the dossier in it.
#![no_main]

use libfuzzer_sys::fuzz_target;

const AUTHORITY: &str = include_str!("../../data/authority/authority.csv");

fuzz_target!(|bytes: &[u8]| {
    let Ok(table) = kervan_dossier::AuthorityTable::load(AUTHORITY) else { return };
    let _ = kervan_dossier::verify_package(bytes, &table, &kervan_dossier::Reader::default());
});
