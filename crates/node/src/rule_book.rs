//! Rule packs as a node keeps them: by hash for as long as decisions name them, signed by their administrations, and
//! replaced all at once.

use crate::{Desk, Refusal};
use jiff::Timestamp;
use kervan_customs::{RulePack, RulePacks};
use kervan_dossier::eddsa::{check_document, sign_document};
use kervan_dossier::{PartyKey, ResolvedKeys};
use kervan_model::Finding;
use kervan_store::{RulePackRow, Write};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How the name of a signature ends; it stands beside the pack whose file has the same beginning.
const SIGNATURE: &str = ".signature.json";

fn statement(pack: &RulePack) -> Value {
    let reference = pack.reference();
    json!({
        "hash": reference.hash, "pack": reference.id, "territory": pack.territory(), "version": reference.version,
    })
}

/// Signs a pack: id, version, hash and territory, with a Data Integrity proof (`eddsa-jcs-2022`).
///
/// Errors: the statement cannot be signed.
pub fn sign_pack(pack: &RulePack, key: &PartyKey, now: Timestamp) -> Result<Value, Refusal> {
    sign_document(&statement(pack), &now.to_string(), key)
        .map_err(|error| Refusal::broken("the signature of a pack", &error))
}

/// Checks the signature of a pack and gives the name of the key. Whether that key is the administration's is for the caller.
///
/// Errors: a finding: the signature speaks of another pack, or does not fit.
pub fn check_signature(pack: &RulePack, signature: &Value) -> Result<String, Finding> {
    let mut signed = signature.clone();
    if let Value::Object(members) = &mut signed {
        members.remove("proof");
    }
    let id = &pack.reference().id;
    if signed != statement(pack) {
        let text = format!("the signature beside `{id}` is of another content");
        return Err(Finding::error("rules.signature-other", text)
            .at(id.clone())
            .remedy("have the pack signed as it is"));
    }
    let key = check_document(signature, &ResolvedKeys::default()).map_err(|error| {
        Finding::error("rules.signature-wrong", error.to_string())
            .at(id.clone())
            .remedy("have the pack signed again")
    })?;
    Ok(key.to_string())
}

/// Loads packs with the signatures beside them; each must be by the administration of its territory, as this node knows it.
fn load_signed(
    desk: &Desk,
    files: &BTreeMap<String, String>,
) -> Result<(RulePacks, BTreeMap<String, String>), Vec<Finding>> {
    let packs = RulePacks::load(files)?;
    let (mut findings, mut signatures) = (Vec::new(), BTreeMap::new());
    for pack in packs.list() {
        let id = &pack.reference().id;
        let Some(text) = files.get(&format!("{id}{SIGNATURE}")) else { continue };
        let checked = serde_json::from_str::<Value>(text)
            .map_err(|error| {
                Finding::error("rules.signature-wrong", kervan_model::in_plain_words(&error)).at(id.clone())
            })
            .and_then(|signature| check_signature(pack, &signature));
        match checked {
            Ok(key) if desk.is_key_of_customs(pack, &key) => {
                signatures.insert(pack.reference().hash.clone(), text.clone());
            }
            Ok(key) => findings.push(
                Finding::error(
                    "rules.signature-foreign",
                    format!("`{id}` is signed with {key}, which is not its administration's"),
                )
                .at(id.clone())
                .remedy(format!("have it signed by the customs administration of {}", pack.territory())),
            ),
            Err(finding) => findings.push(finding),
        }
    }
    if findings.is_empty() { Ok((packs, signatures)) } else { Err(findings) }
}

impl Desk {
    fn is_key_of_customs(&self, pack: &RulePack, key: &str) -> bool {
        self.with_registry(|registry| {
            registry.find_customs(pack.territory()).is_some_and(|customs| customs.key.id().to_string() == key)
        })
    }
}

/// Keeps the packs in force by their hashes, so that what is decided by them can be decided again when they are not.
///
/// Errors: the store failed.
pub fn keep_packs(desk: &Desk) -> Result<(), Refusal> {
    keep(desk, &desk.rules.packs(), &BTreeMap::new())
}

fn keep(desk: &Desk, packs: &RulePacks, signatures: &BTreeMap<String, String>) -> Result<(), Refusal> {
    let mut writes = Vec::new();
    for pack in packs.list() {
        let reference = pack.reference();
        // Who only looks at a store, such as a backup, must not change it: a commit takes a copy out of the line of its journal.
        if desk.store.find_rule_pack(&reference.hash)?.is_some() {
            continue;
        }
        let content = pack.canonical().map_err(Refusal::invalid)?;
        writes.push(Write::RulePack(RulePackRow {
            hash: reference.hash.clone(),
            pack: reference.id.clone(),
            version: reference.version.clone(),
            territory: pack.territory().to_string(),
            content,
            signature: signatures.get(&reference.hash).cloned(),
        }));
    }
    desk.store.save(writes)?;
    Ok(())
}

/// Puts the packs of a folder in the place of all packs. Decisions under way end by the packs that they began with.
///
/// Errors: every finding of every file; then nothing has changed.
pub fn reload_packs(desk: &Desk, files: &BTreeMap<String, String>) -> Result<(), Refusal> {
    let (packs, signatures) = load_signed(desk, files).map_err(Refusal::Invalid)?;
    keep(desk, &packs, &signatures)?;
    desk.rules.replace_packs(packs);
    Ok(())
}

/// A pack by its hash: of those in force, or of those that were.
///
/// Errors: the store failed, or what it kept is not what its hash says.
pub fn find_pack(desk: &Desk, hash: &str) -> Result<Option<RulePack>, Refusal> {
    let Some(row) = desk.store.find_rule_pack(hash)? else { return Ok(None) };
    let pack = RulePack::load_canonical(&row.content).map_err(Refusal::Invalid)?;
    if pack.reference().hash != hash {
        return Err(Refusal::Broken(format!("the pack kept under {hash} has another content")));
    }
    Ok(Some(pack))
}
