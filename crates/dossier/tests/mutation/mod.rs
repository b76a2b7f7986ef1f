//! Random changes of an exported dossier.

use kervan_dossier::{
    Author, AuthorityTable, Dossier, Draft, EventReported, Fact, Participant, PartyKey, RoleGrant, export,
    verify,
};
use kervan_model::Role;
use serde_json::json;

/// A small generator of numbers (splitmix64): the same seed gives the same numbers everywhere.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(most.max(1)).unwrap()).unwrap()
    }
}

fn table() -> AuthorityTable {
    AuthorityTable::load(include_str!("../../../../data/authority/authority.csv")).unwrap()
}

fn file() -> Vec<u8> {
    let (key, at) = (PartyKey::from_seed([7; 32]), "2026-12-01T08:00:00Z".parse().unwrap());
    let author = Author { party: "mover".parse().unwrap(), role: Role::Forwarder, territory: None };
    let consignment = serde_json::from_value(json!({
        "reference": "KRV-2026-0001", "from": "CNXIA", "to": "TRIST", "ready": "2026-12-01T08:00:00Z",
        "terms": {"incoterm": "FCA", "place": "Xi'an"},
        "equipment": [{"number": "CSQU3054383", "size_type": "45G1"}],
        "goods": [{"description": "Чай, ჩაი, 茶", "hs": "090210", "origin": "CN", "packages": 40,
            "package_kind": "CT", "gross_mass": 900_000, "net_mass": 800_000}]
    }));
    let participants = vec![Participant {
        party: author.party.clone(),
        name: "Mover".to_owned(),
        did: key.did().clone(),
        roles: vec![RoleGrant { role: Role::Forwarder, territory: None }],
    }];
    let fact = Fact::ConsignmentDeclared { consignment: consignment.unwrap(), participants };
    let mut salt = 0_u128;
    let mut salts = || {
        salt += 1;
        salt.to_be_bytes()
    };
    let first = Draft::new(&fact, author.clone(), at).sign(&key, &mut salts).unwrap();
    let mut dossier = Dossier::start(first).unwrap();
    for number in 0..2 {
        let fact = Fact::EventReported(EventReported {
            event_hash: format!("ni:///sha-256;{number:064x}?ver=CBV2.0"),
            event_type: "ObjectEvent".to_owned(),
            biz_step: None,
            place: None,
            at,
        });
        let draft = Draft::following(dossier.id().clone(), dossier.heads(), &fact, author.clone(), at);
        dossier.insert(draft.sign(&key, &mut salts).unwrap()).unwrap();
    }
    export(&dossier)
}

fn edit(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    if bytes.is_empty() {
        // An earlier edit took the last byte; nothing is left to change.
        return;
    }
    let at = numbers.below(bytes.len());
    match numbers.below(6) {
        0 => bytes[at] = u8::try_from(numbers.below(256)).unwrap(),
        1 => bytes.insert(at, b"{}[],:\"\\ 0\n\xff"[numbers.below(12)]),
        2 => drop(bytes.remove(at)),
        3 => bytes[at] ^= 1 << numbers.below(8),
        4 => {
            let end = (at + 1 + numbers.below(40)).min(bytes.len());
            let stretch = bytes[at..end].to_vec();
            let to = numbers.below(bytes.len());
            bytes.splice(to..to, stretch);
        }
        _ => bytes.truncate(at.max(1)),
    }
}

/// Changes a dossier this often and gives how many were really changed. Panics if one of them verifies.
pub(crate) fn run(count: u64, seed: u64) -> u64 {
    let (good, table, mut numbers) = (file(), table(), Numbers(seed));
    assert!(verify(&good, &table, None).verified);
    let mut changed = 0;
    for number in 0..count {
        let mut bytes = good.clone();
        for _ in 0..=numbers.below(4) {
            edit(&mut bytes, &mut numbers);
        }
        if bytes != good {
            changed += 1;
            let report = verify(&bytes, &table, None);
            assert!(!report.verified, "change {number} of seed {seed} verifies");
            assert!(!report.findings.is_empty());
        }
    }
    changed
}
