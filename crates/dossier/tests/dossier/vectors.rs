//! The published test vectors of `eddsa-jcs-2022`, and our own.

use kervan_dossier::canonical::{jcs, sha256_hex};
use kervan_dossier::eddsa::{ProofError, check_document, sign_document};
use kervan_dossier::{Author, Draft, Entry, KeyId, PartyKey, ResolvedKeys};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The folder of the published vectors, if it stands beside the repository.
fn find_vectors() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
    let folder = root.parent()?.join("shared/conformance/eddsa/TestVectors");
    folder.is_dir().then_some(folder)
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap().trim().to_owned()
}

fn read_json(folder: &Path, name: &str) -> Value {
    serde_json::from_str(&read(folder, name)).unwrap()
}

/// The private key of the vectors: multicodec 0x1300 and the seed, in base 58.
fn read_key(folder: &Path) -> PartyKey {
    let pair = read_json(folder, "keyPair.json");
    let multibase = pair["privateKeyMultibase"].as_str().unwrap().strip_prefix('z').unwrap().to_owned();
    let bytes = bs58::decode(multibase).into_vec().unwrap();
    let seed: [u8; 32] = bytes.strip_prefix(&[0x80, 0x26]).unwrap().try_into().unwrap();
    let key = PartyKey::from_seed(seed);
    assert_eq!(Value::from(key.public().to_multikey()), pair["publicKeyMultibase"]);
    key
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that cannot run says so")]
fn the_published_vectors_agree() {
    let Some(folder) = find_vectors() else {
        eprintln!("the published eddsa-jcs-2022 vectors are not here; only our own are checked");
        return;
    };
    let suite = folder.join("eddsa-jcs-2022");
    let unsigned = read_json(&folder, "unsigned.json");
    let canonical = jcs(&unsigned).unwrap();
    assert_eq!(String::from_utf8(canonical.clone()).unwrap(), read(&suite, "canonDocJCS.txt"));
    assert_eq!(sha256_hex(&canonical), read(&suite, "docHashJCS.txt"));
    let config = jcs(&read_json(&suite, "proofConfigJCS.json")).unwrap();
    assert_eq!(String::from_utf8(config.clone()).unwrap(), read(&suite, "proofCanonJCS.txt"));
    assert_eq!(sha256_hex(&config), read(&suite, "proofHashJCS.txt"));
    let combined = format!("{}{}", sha256_hex(&config), sha256_hex(&canonical));
    assert_eq!(combined, read(&suite, "combinedHashJCS.txt"));

    let key = read_key(&folder);
    let signed = sign_document(&unsigned, "2023-02-24T23:36:38Z", &key).unwrap();
    assert_eq!(signed, read_json(&suite, "signedJCS.json"));
    assert_eq!(signed["proof"]["proofValue"], Value::from(read(&suite, "sigBTC58JCS.txt")));
    assert_eq!(check_document(&signed, &ResolvedKeys::default()).as_ref(), Ok(key.id()));

    // Other suites of the same publisher are not ours, and must not pass as ours.
    let other = read_json(&folder, "eddsa-rdfc-2022/signedDataInt.json");
    let needs = "eddsa-jcs-2022";
    let expected = ProofError::Member { member: "cryptosuite", needs };
    assert_eq!(check_document(&other, &ResolvedKeys::default()), Err(expected));
}

#[test]
fn our_vector_of_a_document_holds() {
    let key = PartyKey::from_seed([0x42; 32]);
    let document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:example:1", "weight": 18420.5, "marks": ["ქართული", "中文", "\u{1f6a2}"]
    });
    let signed = sign_document(&document, "2026-12-01T08:00:00Z", &key).unwrap();
    let committed: Value = serde_json::from_str(include_str!("vectors/document.json")).unwrap();
    assert_eq!(signed, committed);
    assert_eq!(check_document(&signed, &ResolvedKeys::default()).as_ref(), Ok(key.id()));

    // A reader that has resolved a did:web checks it in the same way.
    let id: KeyId = "did:web:rail.example#k1".parse().unwrap();
    let by_web =
        sign_document(&document, "2026-12-01T08:00:00Z", &key.clone().named(id.clone()).unwrap()).unwrap();
    let mut resolved = ResolvedKeys::default();
    assert!(matches!(check_document(&by_web, &resolved), Err(ProofError::Key(_))));
    resolved.add(id.clone(), key.public());
    assert_eq!(check_document(&by_web, &resolved), Ok(id));
}

#[test]
fn every_change_of_a_document_is_refused() {
    let signed: Value = serde_json::from_str(include_str!("vectors/document.json")).unwrap();
    let other_key = PartyKey::from_seed([9; 32]).id().to_string();
    for (pointer, value) in [
        ("/id", json!("urn:example:2")),
        ("/weight", json!(18420)),
        ("/marks/1", json!("中")),
        ("/@context", json!(["https://www.w3.org/ns/credentials/v1"])),
        ("/@context", json!(["https://other.example", "https://www.w3.org/ns/credentials/v2"])),
        ("/proof/created", json!("2026-12-01T08:00:01Z")),
        ("/proof/created", json!("yesterday")),
        ("/proof/proofPurpose", json!("authentication")),
        ("/proof/cryptosuite", json!("eddsa-rdfc-2022")),
        ("/proof/type", json!("Ed25519Signature2020")),
        ("/proof/verificationMethod", json!(other_key)),
        ("/proof/proofValue", json!("z")),
        ("/proof/proofValue", json!("m1234")),
        ("/proof/@context", json!([])),
        ("/proof", json!([])),
        ("/proof", json!("")),
    ] {
        let mut changed = signed.clone();
        *changed.pointer_mut(pointer).unwrap() = value.clone();
        assert!(check_document(&changed, &ResolvedKeys::default()).is_err(), "{pointer} = {value}");
    }
    // By the rules a document may gain context behind what was signed; the signature is over the proof's own.
    let mut longer = signed;
    longer["@context"].as_array_mut().unwrap().push(json!("https://other.example"));
    assert!(check_document(&longer, &ResolvedKeys::default()).is_ok());
}

#[test]
fn a_signature_of_small_order_is_refused() {
    // R of small order and s = 0 verify under lax rules for keys of small order; here neither is accepted.
    let signed: Value = serde_json::from_str(include_str!("vectors/document.json")).unwrap();
    let mut bytes = [0_u8; 64];
    bytes[0] = 1;
    let mut changed = signed.clone();
    changed["proof"]["proofValue"] = json!(format!("z{}", bs58::encode(bytes).into_string()));
    assert_eq!(check_document(&changed, &ResolvedKeys::default()), Err(ProofError::Signature));
    // s + L instead of s: the same signature in another encoding.
    let text = signed["proof"]["proofValue"].as_str().unwrap().strip_prefix('z').unwrap();
    let mut bytes = bs58::decode(text).into_vec().unwrap();
    let order = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0_u16;
    for (byte, more) in bytes[32..].iter_mut().zip(order) {
        carry += u16::from(*byte) + more;
        *byte = carry.to_le_bytes()[0];
        carry >>= 8;
    }
    let mut changed = signed;
    changed["proof"]["proofValue"] = json!(format!("z{}", bs58::encode(bytes).into_string()));
    assert_eq!(check_document(&changed, &ResolvedKeys::default()), Err(ProofError::Signature));
}

#[test]
fn our_vector_of_an_entry_holds() {
    let groups = BTreeMap::from([
        (
            "event".parse().unwrap(),
            json!({"at": "2026-12-05T10:00:00Z", "event_hash": "x", "event_type": "ObjectEvent"}),
        ),
        ("note".parse().unwrap(), json!({"ж": [1, -2, true, null], "é": "\u{7}"})),
    ]);
    let draft = Draft {
        dossier: Some("0".repeat(64).parse().unwrap()),
        kind: kervan_model::EntryKind::EventReported,
        author: Author {
            party: "railway".parse().unwrap(),
            role: kervan_model::Role::Carrier,
            territory: Some("KZ".parse().unwrap()),
        },
        authored: "2026-12-05T10:00:00.25Z".parse().unwrap(),
        parents: vec!["f".repeat(64).parse().unwrap(), "e".repeat(64).parse().unwrap()],
        audience: vec!["b".parse().unwrap(), "a".parse().unwrap()],
        groups,
    };
    let mut salt = 0;
    let entry = draft
        .sign(&PartyKey::from_seed([0x42; 32]), &mut || {
            salt += 1;
            [salt; 16]
        })
        .unwrap();
    let committed = include_str!("vectors/entry.json").trim_end();
    assert_eq!(String::from_utf8(entry.to_bytes()).unwrap(), committed);
    let read = Entry::read(committed.as_bytes()).unwrap().check(&ResolvedKeys::default()).unwrap();
    assert_eq!(read, entry);

    // The entry follows the general rules: its header is a secured document, its id and commitments are plain hashes.
    let value: Value = serde_json::from_str(committed).unwrap();
    assert_eq!(String::from_utf8(jcs(&value).unwrap()).unwrap(), committed);
    assert!(check_document(&value["header"], &ResolvedKeys::default()).is_ok());
    assert_eq!(sha256_hex(&jcs(&value["header"]).unwrap()), entry.id().as_str());
    for (name, disclosed) in value["body"].as_object().unwrap() {
        let whole = json!({"content": disclosed["content"], "group": name, "salt": disclosed["salt"]});
        assert_eq!(value["header"]["groups"][name], Value::from(sha256_hex(&jcs(&whole).unwrap())));
    }
}
