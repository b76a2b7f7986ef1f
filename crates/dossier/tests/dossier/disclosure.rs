//! What a copy discloses, to whom, and whom its reader believes.

use crate::world::*;
use kervan_dossier::{
    Dossier, Entry, GroupName, ResolvedKeys, RoleGrant, TrustList, VerifyReport, diff, export, verify,
};
use kervan_model::{EntryId, Role};
use serde_json::json;

fn check(bytes: &[u8]) -> VerifyReport {
    verify(bytes, &table(), None)
}

fn group(name: &str) -> GroupName {
    name.parse().unwrap()
}

#[test]
fn withheld_groups_still_verify() {
    let dossier = World::new().whole();
    let bank = dossier.copy_for(&party("buyer"));
    assert_eq!(bank, dossier, "an empty audience means everybody");
    let mut partial = Dossier::new(dossier.id().clone());
    for entry in dossier.list_entries() {
        let names: Vec<GroupName> = ["prices", "parties", "participants", "findings"].map(group).to_vec();
        partial.insert(entry.withhold(&names)).unwrap();
    }
    let report = check(&export(&partial));
    assert!(report.verified, "{:?}", report.findings);
    let state = state(&partial);
    let consignment = state.consignment.unwrap();
    assert_eq!((consignment.prices, consignment.parties), (None, vec![]));
    assert_eq!(consignment.goods[0].gross_mass.grams(), 7_100_000);
    assert!(state.movements.values().all(|movement| movement.history[0].fact.findings.is_empty()));
    let first: EntryId = dossier.id().as_str().parse().unwrap();
    let withheld: Vec<String> =
        partial.find_entry(&first).unwrap().list_withheld().map(|group| group.to_string()).collect();
    assert_eq!(withheld, ["parties", "prices"], "who takes part is never withheld");
    assert_eq!(partial.heads(), dossier.heads(), "ids do not depend on what is disclosed");

    let difference = diff(&dossier, &partial);
    assert_eq!(difference.disclosed_left.len(), 2);
    assert!(difference.disclosed_right.is_empty() && difference.only_left.is_empty());
    assert_eq!(partial.merge(&dossier), Ok(2));
    assert_eq!(partial, dossier);
    assert!(diff(&dossier, &partial).is_empty());
}

#[test]
fn bodies_go_to_their_audience_only() {
    let mut world = World::new();
    let mut dossier = world.start();
    let mut draft =
        world.draft(&dossier.id().clone(), &dossier.heads(), "mover", &reweighed(7_000_000, 7_100_000));
    draft.audience = vec![party("customs-kz"), party("buyer")];
    let entry = world.sign(draft, &key("mover", 0));
    let id = entry.id().clone();
    dossier.insert(entry).unwrap();
    for (reader, discloses) in [("customs-kz", true), ("buyer", true), ("mover", true), ("port", false)] {
        let copy = dossier.copy_for(&party(reader));
        assert_eq!(!copy.find_entry(&id).unwrap().body().is_empty(), discloses, "{reader}");
        assert!(check(&export(&copy)).verified, "{reader}");
        let state = state(&copy);
        assert_eq!(standing(&state, &id), "in force");
        assert_eq!(codes(&state.findings).contains(&"dossier.withheld"), !discloses, "{reader}");
    }
}

#[test]
fn amendments_of_withheld_parts_are_passed_over() {
    let mut world = World::new();
    let mut dossier = world.start();
    let prices = change("/prices/items/0/minor", json!(2_100_000), json!(2_000_000));
    let mass = change("/goods/0/gross_mass", json!(7_000_000), json!(7_100_000));
    world.say(&mut dossier, "mover", &amended(vec![prices, mass]));
    // Prices are withheld where they are declared, and shown where they are amended, or the other way round.
    for withhold in [vec![0], vec![1], vec![0, 1]] {
        let mut copy = Dossier::new(dossier.id().clone());
        for (index, entry) in dossier.list_entries().into_iter().enumerate() {
            let names = if withhold.contains(&index) { vec![group("prices")] } else { vec![] };
            copy.insert(entry.withhold(&names)).unwrap();
        }
        let state = state(&copy);
        let consignment = state.consignment.unwrap();
        assert_eq!(consignment.goods[0].gross_mass.grams(), 7_100_000, "{withhold:?}");
        assert_eq!(consignment.prices.is_some(), !withhold.contains(&0));
        assert!(!kervan_model::has_errors(&state.findings));
    }
}

#[test]
fn a_stranger_need_not_take_the_forwarders_word() {
    let dossier = World::new().whole();
    let bytes = export(&dossier);
    let mut rows = String::from("did,party,role,territory,key_id,key\n");
    for (name, role, territory) in PARTIES {
        let did = key(name, 0).did().clone();
        rows.push_str(&format!("{did},{name},{role},{},,\n", territory.unwrap_or_default()));
    }
    let trust = TrustList::load(&rows).unwrap();
    let report = verify(&bytes, &table(), Some(&trust));
    assert!(report.verified && report.findings.is_empty(), "{:?}", report.findings);

    let without_port: String =
        rows.lines().filter(|row| !row.contains(",port,")).map(|row| format!("{row}\n")).collect();
    let report = verify(&bytes, &table(), Some(&TrustList::load(&without_port).unwrap()));
    assert!(!report.verified);
    assert_eq!(codes(&report.findings), ["dossier.untrusted-key"]);

    let other_role = rows.replace(",port,terminal,", ",port,carrier,");
    let report = verify(&bytes, &table(), Some(&TrustList::load(&other_role).unwrap()));
    assert_eq!(codes(&report.findings), ["dossier.untrusted-role"]);

    for bad in [
        "did,party,role,territory,key_id,key\nnonsense,a,carrier,,,\n".to_owned(),
        rows.replace(",port,terminal,,,", ",port,terminal,,did:web:a.example#k,"),
        format!("{rows}{},other,carrier,,,\n", key("port", 0).did()),
    ] {
        assert_eq!(codes(&TrustList::load(&bad).unwrap_err()), ["trust.row"]);
    }
    let mut list = TrustList::default();
    let grant = RoleGrant { role: Role::Carrier, territory: None };
    assert!(list.trust(key("port", 0).did().clone(), party("port"), grant.clone()).is_ok());
    assert!(list.trust(key("port", 0).did().clone(), party("railway"), grant).is_err());
}

#[test]
fn a_did_web_author_is_checked_with_its_resolved_key() {
    let mut world = World::new();
    let mut dossier = world.start();
    let web = key("ferry", 0).named("did:web:ferry.example#k1".parse().unwrap()).unwrap();
    let mut newcomer = participant("railway");
    (newcomer.party, newcomer.did) = (party("ferry"), web.did().clone());
    let fact = kervan_dossier::Fact::ParticipantsAdmitted { participants: vec![newcomer] };
    world.say(&mut dossier, "mover", &fact);
    let mut draft = world.draft(&dossier.id().clone(), &dossier.heads(), "railway", &event(1));
    draft.author.party = party("ferry");
    let entry = world.sign(draft, &web);
    let unread = Entry::read(&entry.to_bytes()).unwrap();
    assert_eq!(codes(&dossier.insert(unread.clone()).unwrap_err()), ["dossier.unresolved-key"]);
    let mut resolved = ResolvedKeys::default();
    resolved.add(web.id().clone(), web.public());
    dossier.insert(unread.check(&resolved).unwrap()).unwrap();
    assert_eq!(standing(&state(&dossier), entry.id()), "in force");

    let bytes = export(&dossier);
    assert!(codes(&check(&bytes).findings).contains(&"dossier.unresolved-key"));
    let mut rows = String::from("did,party,role,territory,key_id,key\n");
    for (name, role, territory) in PARTIES {
        let did = key(name, 0).did().clone();
        rows.push_str(&format!("{did},{name},{role},{},,\n", territory.unwrap_or_default()));
    }
    rows.push_str(&format!("{},ferry,carrier,,{},{}\n", web.did(), web.id(), web.public().to_multikey()));
    let report = verify(&bytes, &table(), Some(&TrustList::load(&rows).unwrap()));
    assert!(report.verified, "{:?}", report.findings);
}
