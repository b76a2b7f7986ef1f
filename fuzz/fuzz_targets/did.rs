//! Identifiers, names of keys, multikeys, PEM, trust lists.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(did) = text.parse::<kervan_dossier::Did>() {
        assert_eq!(did.as_str(), text);
    }
    if let Ok(id) = text.parse::<kervan_dossier::KeyId>() {
        assert_eq!(id.to_string(), text);
        let _ = id.public_key(&kervan_dossier::ResolvedKeys::default());
    }
    if let Ok(key) = kervan_dossier::PublicKey::from_multikey(text) {
        assert_eq!(key.to_multikey(), text);
    }
    let _ = kervan_dossier::PartyKey::from_pkcs8_pem(text);
    let _ = kervan_dossier::TrustList::load(text);
});
