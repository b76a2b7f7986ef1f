//! What somebody with a key, or with the file in hand, could try. Each attack has its finding; `THREATS.md` lists them.

use crate::world::*;
use kervan_dossier::canonical::jcs;
use kervan_dossier::eddsa::sign_document;
use kervan_dossier::{
    Dossier, Draft, Entry, Fact, KeyRotated, Participant, Reader, TrustList, VerifyReport, export, verify,
    verify_for,
};
use kervan_model::{EntryId, Finding, Severity};
use serde_json::{Value, json};
use std::slice::from_ref;

fn check(dossier: &Dossier) -> VerifyReport {
    verify(&export(dossier), &table(), None)
}

fn errors(report: &VerifyReport) -> Vec<&Finding> {
    report.findings.iter().filter(|finding| finding.severity == Severity::Error).collect()
}

/// Signs a header again after it was changed, as a careless or hostile author could.
fn forge(
    entry: &Entry,
    by: &kervan_dossier::PartyKey,
    change: impl FnOnce(&mut Value),
) -> Result<Entry, Vec<Finding>> {
    let mut value: Value = serde_json::from_slice(&entry.to_bytes()).unwrap();
    value["header"].as_object_mut().unwrap().remove("proof");
    change(&mut value);
    let created = value["header"]["authored"].as_str().unwrap().to_owned();
    value["header"] = sign_document(&value["header"], &created, by).unwrap();
    let entry = Entry::read(&jcs(&value).unwrap()).map_err(|finding| vec![finding])?;
    entry.check(&kervan_dossier::ResolvedKeys::default())
}

#[test]
fn a_tail_that_was_left_out_is_missed_by_whoever_knows_a_later_entry() {
    let mut world = World::new();
    let mut dossier = world.start();
    let kept = world.say(&mut dossier, "railway", &event(1));
    let early = export(&dossier);
    let late = world.say(&mut dossier, "port", &event(2));
    let reader = |head: &EntryId| Reader { heads: vec![head.clone()], ..Reader::default() };
    let (report, _) = verify_for(&early, &table(), &reader(&late));
    assert!(!report.verified);
    assert_eq!(errors(&report)[0].code, "dossier.other-head");
    let (report, _) = verify_for(&export(&dossier), &table(), &reader(&kept));
    assert!(report.verified && codes(&report.findings).contains(&"dossier.grown"), "{report:?}");
}

#[test]
fn an_author_that_says_two_things_to_two_holders_is_found_out() {
    let mut world = World::new();
    let mut dossier = world.start();
    let (id, heads) = (dossier.id().clone(), dossier.heads());
    for number in [1, 2] {
        let entry = world.after(&id, &heads, "railway", &event(number));
        dossier.insert(entry).unwrap();
    }
    let report = check(&dossier);
    assert!(report.verified, "both are what the railway signed");
    assert!(codes(&report.findings).contains(&"dossier.author-fork"), "{:?}", report.findings);
    // Two parties that did not know of each other did nothing wrong.
    let mut other = world.start();
    let (id, heads) = (other.id().clone(), other.heads());
    for by in ["railway", "port"] {
        let entry = world.after(&id, &heads, by, &event(3));
        other.insert(entry).unwrap();
    }
    assert!(!codes(&check(&other).findings).contains(&"dossier.author-fork"));
}

#[test]
fn one_content_under_two_signatures_is_remarked_on() {
    let mut world = World::new();
    let mut dossier = world.start();
    let draft = world.draft(&dossier.id().clone(), &dossier.heads(), "railway", &event(1));
    let salts = || {
        let mut count = 0_u128;
        move || {
            count += 1;
            count.to_be_bytes()
        }
    };
    for generation in [0, 1] {
        dossier.insert(draft.clone().sign(&key("railway", generation), &mut salts()).unwrap()).unwrap();
    }
    assert!(codes(&check(&dossier).findings).contains(&"dossier.twin"));
}

#[test]
fn copied_commitments_and_salts_are_remarked_on() {
    let mut world = World::new();
    let mut dossier = world.start();
    let first = world.say(&mut dossier, "railway", &event(1));
    let commitment = dossier.find_entry(&first).unwrap().header().groups.values().next().unwrap().to_string();
    // The port commits to what it cannot read, to open it when the railway does.
    let honest = world.after(&dossier.id().clone(), &dossier.heads(), "port", &event(2));
    let copied = forge(&honest, &key("port", 0), |entry| {
        entry["header"]["groups"]["event"] = json!(commitment);
        entry["body"] = json!({});
    });
    let mut with_copy = dossier.clone();
    with_copy.insert(copied.unwrap()).unwrap();
    let report = check(&with_copy);
    assert!(codes(&report.findings).contains(&"dossier.salt-reused"), "{:?}", report.findings);
    let draft = world.draft(&dossier.id().clone(), &dossier.heads(), "mover", &transit_declared("KZ"));
    dossier.insert(draft.sign(&key("mover", 0), &mut || [7; 16]).unwrap()).unwrap();
    assert!(codes(&check(&dossier).findings).contains(&"dossier.salt-reused"));
}

#[test]
fn clocks_that_cannot_be_right_are_remarked_on() {
    let mut world = World::new();
    let mut dossier = world.start();
    let mut draft = world.draft(&dossier.id().clone(), &dossier.heads(), "railway", &event(1));
    draft.authored = "2020-01-01T00:00:00Z".parse().unwrap();
    dossier.insert(world.sign(draft, &key("railway", 0))).unwrap();
    assert!(codes(&check(&dossier).findings).contains(&"dossier.clock"));
    let now = Some("2020-01-02T00:00:00Z".parse().unwrap());
    let (report, _) = verify_for(&export(&dossier), &table(), &Reader { now, ..Reader::default() });
    let future: Vec<_> = report.findings.iter().filter(|finding| finding.code == "dossier.future").collect();
    assert_eq!(future.len(), 1, "the first entry, and not the backdated one");
}

#[test]
fn two_successors_of_one_key_are_both_doubted_until_the_party_is_admitted_again() {
    let mut world = World::new();
    let mut dossier = world.start();
    let (id, heads) = (dossier.id().clone(), dossier.heads());
    let honest = world.after(&id, &heads, "railway", &rotated(&id, "railway", 0, 1));
    let thief = world.after(&id, &heads, "railway", &rotated(&id, "railway", 0, 7));
    let mut say = |parent: &EntryId, generation, number| {
        let draft = world.draft(&id, from_ref(parent), "railway", &event(number));
        world.sign(draft, &key("railway", generation))
    };
    let said = [say(honest.id(), 1, 1), say(thief.id(), 7, 2)];
    for entry in [honest, thief].into_iter().chain(said.clone()) {
        dossier.insert(entry).unwrap();
    }
    let folded = state(&dossier);
    for entry in &said {
        assert_eq!(standing(&folded, entry.id()), "dossier.key-fork");
    }
    assert!(!check(&dossier).verified);
    let fresh = Participant { did: key("railway", 2).did().clone(), ..participant("railway") };
    world.say(&mut dossier, "mover", &Fact::ParticipantsAdmitted { participants: vec![fresh] });
    let draft = world.draft(&id, &dossier.heads(), "railway", &event(3));
    let again = world.sign(draft, &key("railway", 2));
    dossier.insert(again.clone()).unwrap();
    assert_eq!(standing(&state(&dossier), again.id()), "in force");
}

#[test]
fn nobody_rotates_to_a_key_that_it_does_not_hold() {
    let mut world = World::new();
    let mut dossier = world.start();
    let id = dossier.id().clone();
    let honest = KeyRotated::new(
        &id,
        party("railway"),
        key("railway", 0).did().clone(),
        &key("railway", 1),
        "2026-12-05T10:00:00Z".parse().unwrap(),
    );
    let honest = honest.unwrap();
    let other_dossier = "0".repeat(64).parse().unwrap();
    let Fact::KeyRotated(replayed) = rotated(&other_dossier, "railway", 0, 1) else { panic!("a rotation") };
    for stolen in [
        KeyRotated { to: key("ferry", 0).did().clone(), ..honest.clone() },
        KeyRotated { party: party("port"), ..honest.clone() },
        replayed,
    ] {
        let entry = world.after(&id, &dossier.heads(), "railway", &Fact::KeyRotated(stolen));
        let unread = Entry::read(&entry.to_bytes()).unwrap();
        assert_eq!(codes(&dossier.insert(unread).unwrap_err()), ["dossier.key-not-possessed"]);
    }
    world.say(&mut dossier, "railway", &Fact::KeyRotated(honest));
    assert!(check(&dossier).verified);
}

#[test]
fn no_party_uses_up_the_amendments_of_the_others() {
    let mut world = World::new();
    let mut dossier = world.start();
    for _ in 0..kervan_dossier::limits::MOST_MARKS_OF_PARTY + 5 {
        world.say(&mut dossier, "port", &reweighed(7_000_000, 7_100_000));
    }
    let honest = world.say(&mut dossier, "mover", &reweighed(7_000_000, 7_200_000));
    let folded = state(&dossier);
    assert_eq!(standing(&folded, &honest), "in force");
    assert!(codes(&folded.findings).contains(&"dossier.too-many-marks"));
}

#[test]
fn a_signature_has_one_form_only() {
    let mut world = World::new();
    let entry = world.first();
    let mut value: Value = serde_json::from_slice(&entry.to_bytes()).unwrap();
    let proof = value["header"]["proof"]["proofValue"].as_str().unwrap().to_owned();
    let mut signature = bs58::decode(&proof[1..]).into_vec().unwrap();
    // The order of the group, little-endian: S + L fits the same equation.
    let order = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10_u8,
    ];
    let mut carry = 0_u16;
    for (byte, more) in signature[32..].iter_mut().zip(order) {
        carry += u16::from(*byte) + u16::from(more);
        *byte = u8::try_from(carry & 0xff).unwrap();
        carry >>= 8;
    }
    for changed in [
        format!("z{}", bs58::encode(&signature).into_string()),
        format!("z1{}", &proof[1..]),
        proof[1..].to_owned(),
        format!("{proof} "),
    ] {
        value["header"]["proof"]["proofValue"] = json!(changed);
        let entry = Entry::read(&jcs(&value).unwrap()).unwrap();
        let findings = entry.check(&kervan_dossier::ResolvedKeys::default()).unwrap_err();
        assert!(
            ["dossier.bad-signature", "dossier.bad-proof"].contains(&findings[0].code.as_str()),
            "{findings:?}"
        );
    }
}

#[test]
fn groups_do_not_move_between_entries() {
    let mut world = World::new();
    let mut dossier = world.start();
    let (one, other) =
        (world.say(&mut dossier, "railway", &event(1)), world.say(&mut dossier, "railway", &event(2)));
    let mut file: Value = serde_json::from_slice(&export(&dossier)).unwrap();
    let (one_body, other_body) = (file["entries"][1]["body"].clone(), file["entries"][2]["body"].clone());
    (file["entries"][1]["body"], file["entries"][2]["body"]) = (other_body, one_body);
    let mut bytes = jcs(&file).unwrap();
    bytes.push(b'\n');
    let report = verify(&bytes, &table(), None);
    let found: Vec<_> = errors(&report).iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(found, ["dossier.body-mismatch"; 2], "{one} {other}");
}

#[test]
fn a_did_web_has_one_key_under_one_name() {
    let (one, other) = (key("ferry", 0).public().to_multikey(), key("ferry", 1).public().to_multikey());
    let row = |key: &str| format!("did:web:ferry.example,ferry,carrier,,did:web:ferry.example#k1,{key}\n");
    let text = format!("did,party,role,territory,key_id,key\n{}{}", row(&one), row(&other));
    assert_eq!(codes(&TrustList::load(&text).unwrap_err()), ["trust.row"]);
}

/// A dossier in one chain, so that everything builds on what is changed.
fn chain(length: usize) -> Dossier {
    let mut world = World::new();
    let mut dossier = world.start();
    for number in 1..length {
        world.say(&mut dossier, if number % 3 == 0 { "port" } else { "railway" }, &event(number));
    }
    dossier
}

#[test]
fn one_changed_byte_is_named_once() {
    let dossier = chain(52);
    let bytes = export(&dossier);
    let table = table();
    for step in 0..400 {
        let position = step * (bytes.len() - 1) / 399;
        let mut changed = bytes.clone();
        changed[position] ^= 1;
        let report = verify(&changed, &table, None);
        let errors = errors(&report);
        assert_eq!(errors.len(), 1, "byte {position}: {errors:?}");
    }
    let mut file: Value = serde_json::from_slice(&bytes).unwrap();
    file["entries"][3]["header"]["author"]["role"] = json!("consignee");
    let mut changed = jcs(&file).unwrap();
    changed.push(b'\n');
    let report = verify(&changed, &table, None);
    let message = &errors(&report)[0].message;
    assert!(message.ends_with("; 48 entries that build on it do not count either"), "{message}");
    file = serde_json::from_slice(&bytes).unwrap();
    file["entries"].as_array_mut().unwrap().remove(3);
    let mut changed = jcs(&file).unwrap();
    changed.push(b'\n');
    let report = verify(&changed, &table, None);
    assert_eq!(errors(&report).len(), 1, "{:?}", report.findings);
    assert_eq!(errors(&report)[0].path.as_deref(), Some("/entries/3/header/parents"));
}

#[test]
fn a_first_entry_that_does_not_count_is_named_once() {
    let mut world = World::new();
    let now = world.now();
    let fact =
        Fact::ConsignmentDeclared { consignment: consignment(), participants: vec![participant("railway")] };
    let first = world.sign(Draft::new(&fact, author("mover"), now), &key("mover", 0));
    let mut dossier = Dossier::start(first).unwrap();
    for number in 1..20 {
        world.say(&mut dossier, "railway", &event(number));
    }
    let report = check(&dossier);
    assert_eq!(errors(&report).len(), 1, "{:?}", report.findings);
    assert!(errors(&report)[0].message.ends_with("; 19 entries that build on it do not count either"));
}
