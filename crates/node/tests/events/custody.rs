//! Keys of parties in custody: nothing of them is left in the store, whoever has not the secret signs nothing, and what a keeper
//! outside has is asked of it.

use crate::world::{files, start};
use kervan_custody::Keeper;
use kervan_dossier::{KeyError, KeyId, PartyKey, RoleGrant};
use kervan_identity::{PasswordCost, Secret};
use kervan_model::Role;
use kervan_node::{
    Attempt, Custody, Desk, FreshSeal, PartyRecord, Refusal, Registered, change_secret, count_signing_keys,
    list_signing_keys, load_node_key, seal_clear_keys,
};
use kervan_store::{Store, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

const FRESH: FreshSeal =
    FreshSeal { salt: [1; 16], box_key: [2; 32], cost: PasswordCost { memory: 64, passes: 1, lanes: 1 } };

fn open(folder: &Path, secret: Option<&str>, keeper: Option<Arc<dyn Keeper>>) -> Result<Desk, Refusal> {
    let (network, rules) = files();
    let store = Store::open(folder).unwrap();
    let secret = secret.map(Secret::new);
    let custody = Custody::open(&store, secret.as_ref(), keeper, FRESH)?;
    Desk::with_custody(store, network, rules, custody, Box::new(|| {}))
}

fn party(id: &str, seed: u8) -> Registered {
    let record = PartyRecord {
        id: id.parse().unwrap(),
        name: id.to_owned(),
        country: "KZ".parse().unwrap(),
        roles: vec![RoleGrant { role: Role::Carrier, territory: None }],
        operates: vec![],
    };
    Registered::new(record, PartyKey::from_seed([seed; 32]), None)
}

fn by() -> Attempt<'static> {
    Attempt { by: "test", now: start() }
}

/// Whether a text, or the bytes of a seed as themselves, in base64 or in hexadecimal digits, stand in a file of a folder.
fn stands_in(folder: &Path, seed: u8) -> Vec<String> {
    let pem = PartyKey::from_seed([seed; 32]).to_pkcs8_pem().unwrap();
    let body = pem.lines().nth(1).unwrap().as_bytes().to_vec();
    let hex = format!("{seed:02x}").repeat(32).into_bytes();
    let wanted = [vec![seed; 32], body, hex];
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = if path.is_file() { std::fs::read(&path).unwrap() } else { Vec::new() };
        if wanted.iter().any(|part| bytes.windows(part.len()).any(|window| window == part)) {
            found.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found
}

fn signs(desk: &Desk, id: &str, seed: u8) -> Result<bool, KeyError> {
    let party = desk.party(&id.parse().unwrap()).unwrap();
    let signature = party.key.sign(b"text")?;
    Ok(signature == PartyKey::from_seed([seed; 32]).sign(b"text"))
}

#[test]
fn keys_that_stood_in_the_clear_are_sealed_and_leave_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = ("correct horse battery staple", "another horse battery staple");
    let desk = open(folder.path(), None, None).unwrap();
    desk.register(vec![party("rail", 0x5a), party("port", 0x6b)]).unwrap();
    load_node_key(&desk, [0x7c; 32]).unwrap();
    assert_eq!(count_signing_keys(&desk).unwrap().clear, 3);
    // They are counted once, and again when a key comes: what is written past the node is not looked for.
    let note = desk.store.find_note("node-key").unwrap().unwrap();
    let write =
        |value: &str| desk.store.save(vec![Write::Note { name: "node-key".into(), value: value.into() }]);
    write("outside nothing").unwrap();
    assert_eq!(count_signing_keys(&desk).unwrap().clear, 3);
    assert!(desk.register(vec![party("quay", 0x2c)]).is_ok() && count_signing_keys(&desk).is_err());
    write(&note).unwrap();
    assert_eq!(count_signing_keys(&desk).unwrap().clear, 4);
    drop(desk);
    let before = (stands_in(folder.path(), 0x5a), stands_in(folder.path(), 0x7c));
    assert!(!before.0.is_empty() && !before.1.is_empty(), "the search finds keys in the clear: {before:?}");

    let desk = open(folder.path(), Some(one), None).unwrap();
    assert_eq!(seal_clear_keys(&desk, &by()).unwrap(), 4);
    assert_eq!(seal_clear_keys(&desk, &by()).unwrap(), 0, "once is enough");
    let on_record = desk.store.list_audit(0, 10).unwrap();
    assert!(on_record.iter().any(|entry| entry.row.act == "keys-sealed"), "{on_record:?}");
    desk.register(vec![party("yard", 0x4d)]).unwrap();
    let counts = count_signing_keys(&desk).unwrap();
    assert_eq!((counts.clear, counts.sealed, counts.locked), (0, 5, 0));
    drop(desk);
    for seed in [0x2c, 0x5a, 0x6b, 0x7c, 0x4d] {
        assert_eq!(stands_in(folder.path(), seed), Vec::<String>::new(), "seed {seed:#x}");
    }

    assert!(
        matches!(open(folder.path(), Some(other), None), Err(Refusal::NotSigned(why)) if why.contains("secret"))
    );
    let desk = open(folder.path(), None, None).unwrap();
    let why = signs(&desk, "rail", 0x5a).unwrap_err().to_string();
    assert!(why.contains("keys.secret_file"), "it says what to do: {why}");
    assert!(
        matches!(desk.register(vec![party("late", 1)]), Err(Refusal::NotSigned(_))),
        "nothing in the clear beside it"
    );
    assert!(matches!(change_secret(&desk, &by(), &Secret::new(other), FRESH), Err(Refusal::NotSigned(_))));
    drop(desk);

    let desk = open(folder.path(), Some(one), None).unwrap();
    let fresh = FreshSeal { salt: [3; 16], box_key: [4; 32], ..FRESH };
    assert!(change_secret(&desk, &by(), &Secret::new("short"), fresh).is_err());
    assert_eq!(change_secret(&desk, &by(), &Secret::new(other), fresh).unwrap(), 5);
    drop(desk);
    assert!(open(folder.path(), Some(one), None).is_err());
    let desk = open(folder.path(), Some(other), None).unwrap();
    for (id, seed) in [("rail", 0x5a), ("port", 0x6b), ("yard", 0x4d)] {
        assert_eq!(signs(&desk, id, seed), Ok(true), "{id}");
    }
    assert_eq!(
        load_node_key(&desk, [9; 32]).unwrap().sign(b"text").unwrap(),
        PartyKey::from_seed([0x7c; 32]).sign(b"text")
    );
}

/// A module of hardware: it makes its keys and gives none out.
#[derive(Debug, Default)]
struct Module {
    keys: Mutex<Vec<(String, PartyKey)>>,
    away: Mutex<bool>,
}

impl Keeper for Module {
    fn keep(&self, holder: &str, _fresh: PartyKey) -> Result<KeyId, KeyError> {
        let mut keys = self.keys.lock().unwrap();
        let key = PartyKey::from_seed([200 + u8::try_from(keys.len()).unwrap(); 32]);
        keys.push((holder.to_owned(), key.clone()));
        Ok(key.id().clone())
    }

    fn takes_keys(&self) -> bool {
        false
    }

    fn sign(&self, holder: &str, id: &KeyId, message: &[u8]) -> Result<[u8; 64], KeyError> {
        if *self.away.lock().unwrap() {
            return Err(KeyError::NotSigned("the module is away".to_owned()));
        }
        let keys = self.keys.lock().unwrap();
        let found = keys.iter().find(|(whose, key)| whose == holder && key.id() == id);
        Ok(found.ok_or_else(|| KeyError::NotSigned("no such key".to_owned()))?.1.sign(message))
    }

    fn shown(&self) -> String {
        "the module".to_owned()
    }
}

#[test]
fn a_module_makes_the_keys_and_signs_and_the_store_knows_their_names_alone() {
    let folder = tempfile::tempdir().unwrap();
    let module = Arc::new(Module::default());
    let desk = open(folder.path(), None, Some(module.clone())).unwrap();
    desk.register(vec![party("rail", 0x5a)]).unwrap();
    let id = PartyKey::from_seed([200; 32]).id().to_string();
    let line = list_signing_keys(&desk).unwrap().remove(0);
    assert_eq!((line.id, line.kept), (id, "outside"));
    assert_eq!(signs(&desk, "rail", 200), Ok(true), "the module's key, not the one that was offered");
    *module.away.lock().unwrap() = true;
    assert!(signs(&desk, "rail", 200).unwrap_err().to_string().contains("away"));
    drop(desk);
    assert_eq!(stands_in(folder.path(), 0x5a), Vec::<String>::new());
    assert_eq!(stands_in(folder.path(), 200), Vec::<String>::new());
    let desk = open(folder.path(), None, None).unwrap();
    assert_eq!(count_signing_keys(&desk).unwrap().locked, 1);
    assert!(signs(&desk, "rail", 200).unwrap_err().to_string().contains("keys.signer"));
}
