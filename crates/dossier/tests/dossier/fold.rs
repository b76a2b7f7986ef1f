//! What the fold makes of entries: each reason to ignore one, keys, amendments, movements.

use crate::world::*;
use kervan_dossier::{Draft, Fact, KeyRevoked, Participant};
use kervan_model::{EntryId, Role, Severity};
use serde_json::json;
use std::slice::from_ref;

#[test]
fn a_whole_dossier_gives_its_state() {
    let dossier = World::new().whole();
    let state = state(&dossier);
    let consignment = state.consignment.as_ref().unwrap();
    assert_eq!(consignment.goods[0].gross_mass.grams(), 7_100_000);
    assert_eq!(state.participants.len(), PARTIES.len());
    assert_eq!(state.events.len(), 2);
    let movement = state.movements.values().next().unwrap();
    assert_eq!((movement.state.as_str(), movement.history.len()), ("accepted", 1));
    assert_eq!(movement.history[0].fact.findings.len(), 1);
    assert_eq!(movement.declared.fact.declaration["packages"], json!(140));
    assert!(state.delivery.is_some());
    assert_eq!(state.amendments.len(), 1);
    assert!(state.standing.values().all(|standing| *standing == kervan_dossier::Standing::InForce));
    assert_eq!(state.findings, []);
}

#[test]
fn authority_is_by_role_and_scope() {
    let cases: &[(&str, Fact, &str)] = &[
        ("railway", reweighed(7_000_000, 7_100_000), "dossier.outside-authority"),
        ("customs-kz", reweighed(7_000_000, 7_100_000), "dossier.outside-authority"),
        ("customs-tr", transit_decided("TR", "declared", "accepted"), "dossier.other-territory"),
        ("customs-tr", transit_decided("KZ", "declared", "accepted"), "dossier.outside-authority"),
        ("mover", transit_decided("KZ", "declared", "released"), "dossier.outside-authority"),
        ("customs-kz", transit_decided("KZ", "accepted", "released"), "dossier.stale-decision"),
        ("customs-kz", transit_decided("KZ", "declared", "accepted"), "in force"),
        ("customs-kz", event(1), "in force"),
        ("port", delivered(), "dossier.outside-authority"),
        ("railway", delivered(), "in force"),
        ("mover", transit_declared("TR"), "dossier.other-territory"),
        ("mover", transit_declared("KZ"), "in force"),
        ("railway", transit_declared("KZ"), "dossier.outside-authority"),
        ("seller", Fact::ParticipantsAdmitted { participants: vec![] }, "dossier.outside-authority"),
    ];
    for (by, fact, expected) in cases {
        let mut world = World::new();
        let mut dossier = world.start();
        world.say(&mut dossier, "mover", &transit_declared("KZ"));
        let id = world.say(&mut dossier, by, fact);
        let state = state(&dossier);
        assert_eq!(standing(&state, &id), *expected, "{by}: {fact:?}");
        assert!(!kervan_model::has_errors(&state.findings), "kept and ignored is no error: {by}");
    }
}

#[test]
fn movements_belong_to_the_consignment_and_are_declared_first() {
    let mut world = World::new();
    let mut dossier = world.start();
    let early = world.say(&mut dossier, "customs-kz", &transit_decided("KZ", "declared", "accepted"));
    let Fact::TransitDeclared(mut declared) = transit_declared("KZ") else { unreachable!() };
    declared.movement = "KRV-2026-0002/1".parse().unwrap();
    let foreign = world.say(&mut dossier, "mover", &Fact::TransitDeclared(declared));
    let state = state(&dossier);
    assert_eq!(standing(&state, &early), "dossier.movement-undeclared");
    assert_eq!(standing(&state, &foreign), "dossier.outside-authority");
}

#[test]
fn a_common_procedure_is_noted_by_every_territory_on_its_way() {
    let mut world = World::new();
    let mut dossier = world.start();
    let Fact::TransitDeclared(mut declared) = transit_declared("KZ") else { unreachable!() };
    declared.onward = vec![territory("TR")];
    world.say(&mut dossier, "mover", &Fact::TransitDeclared(declared));
    let steps = [
        ("customs-kz", transit_decided("KZ", "declared", "released"), "in force"),
        ("customs-tr", transit_decided("KZ", "released", "arrived"), "dossier.outside-authority"),
        ("customs-tr", transit_decided("TR", "released", "arrived"), "in force"),
    ];
    for (by, fact, expected) in steps {
        let id = world.say(&mut dossier, by, &fact);
        assert_eq!(standing(&state(&dossier), &id), expected, "{fact:?}");
    }
}

#[test]
fn only_a_participant_speaks_and_only_with_its_key() {
    let mut world = World::new();
    let mut dossier = world.start();
    let (id, heads) = (dossier.id().clone(), dossier.heads());
    let forged = world.draft(&id, &heads, "customs-kz", &event(1));
    let forged = world.sign(forged, &key("mover", 0));
    let mut strange = world.draft(&id, &heads, "railway", &event(2));
    strange.author.party = party("stranger");
    let strange = world.sign(strange, &key("stranger", 0));
    let mut upstart = world.draft(&id, &heads, "railway", &event(3));
    upstart.author.role = Role::Terminal;
    let upstart = world.sign(upstart, &key("railway", 0));
    let mut abroad = world.draft(&id, &heads, "customs-kz", &event(4));
    abroad.author.territory = Some(territory("TR"));
    let abroad = world.sign(abroad, &key("customs-kz", 0));
    let ids: Vec<EntryId> = [&forged, &strange, &upstart, &abroad].map(|entry| entry.id().clone()).to_vec();
    for entry in [forged, strange, upstart, abroad] {
        dossier.insert(entry).unwrap();
    }
    let state = state(&dossier);
    let expected = [
        "dossier.wrong-author",
        "dossier.not-a-participant",
        "dossier.role-not-granted",
        "dossier.role-not-granted",
    ];
    for (id, code) in ids.iter().zip(expected) {
        assert_eq!(standing(&state, id), code);
    }
    assert!(codes(&state.findings).contains(&"dossier.fork"));
}

#[test]
fn the_first_entry_must_name_its_own_author() {
    let mut world = World::new();
    let now = world.now();
    let participants = vec![participant("railway")];
    let fact = Fact::ConsignmentDeclared { consignment: consignment(), participants };
    let first = world.sign(Draft::new(&fact, author("mover"), now), &key("mover", 0));
    let id = first.id().clone();
    let mut dossier = kervan_dossier::Dossier::start(first).unwrap();
    let next = world.say(&mut dossier, "railway", &event(1));
    let state = state(&dossier);
    assert_eq!(standing(&state, &id), "dossier.not-a-participant");
    assert_eq!(state.consignment, None);
    assert_ne!(standing(&state, &next), "in force");
}

fn revoked(by: &str, generation: u8) -> Fact {
    let key = key(by, generation).did().clone();
    Fact::KeyRevoked(KeyRevoked { party: party(by), key, reason: "stolen".to_owned() })
}

#[test]
fn a_rotated_key_ends_where_its_holder_said_so() {
    let mut world = World::new();
    let mut dossier = world.start();
    let id = dossier.id().clone();
    let before = world.say(&mut dossier, "railway", &event(1));
    let rotation = world.say(&mut dossier, "railway", &rotated(&id, "railway", 0, 1));
    let late = world.after(&id, from_ref(&rotation), "railway", &event(2));
    let concurrent = world.after(&id, from_ref(&before), "railway", &event(3));
    let draft = world.draft(&id, from_ref(&rotation), "railway", &event(4));
    let fresh = world.sign(draft, &key("railway", 1));
    let draft = world.draft(&id, from_ref(&before), "railway", &event(5));
    let too_early = world.sign(draft, &key("railway", 1));
    let expected = [
        (before, "in force"),
        (rotation, "in force"),
        (late.id().clone(), "dossier.late-key"),
        (concurrent.id().clone(), "in force"),
        (fresh.id().clone(), "in force"),
        (too_early.id().clone(), "dossier.wrong-author"),
    ];
    for entry in [late, concurrent, fresh, too_early] {
        dossier.insert(entry).unwrap();
    }
    let state = state(&dossier);
    for (id, code) in expected {
        assert_eq!(standing(&state, &id), code);
    }
}

#[test]
fn a_revoked_key_counts_only_for_what_came_before() {
    let mut world = World::new();
    let mut dossier = world.start();
    let id = dossier.id().clone();
    let before = world.say(&mut dossier, "railway", &event(1));
    let rotation = world.say(&mut dossier, "railway", &rotated(&id, "railway", 0, 1));
    // The thief of the old key backdates an event and rotates to a key of its own, both beside the honest rotation.
    let backdated = world.after(&id, from_ref(&before), "railway", &event(2));
    let stolen = world.after(&id, from_ref(&before), "railway", &rotated(&id, "railway", 0, 7));
    let draft = world.draft(&id, from_ref(stolen.id()), "railway", &event(3));
    let by_thief = world.sign(draft, &key("railway", 7));
    let draft = world.draft(&id, from_ref(&rotation), "railway", &revoked("railway", 0));
    let revocation = world.sign(draft, &key("railway", 1));
    let draft = world.draft(&id, from_ref(revocation.id()), "railway", &event(4));
    let after = world.sign(draft, &key("railway", 1));
    let late = world.after(&id, from_ref(revocation.id()), "railway", &event(5));
    let expected = [
        (before, "in force"),
        (rotation, "in force"),
        (revocation.id().clone(), "in force"),
        (after.id().clone(), "in force"),
        (backdated.id().clone(), "dossier.late-key"),
        (stolen.id().clone(), "dossier.late-key"),
        (by_thief.id().clone(), "dossier.wrong-author"),
        (late.id().clone(), "dossier.late-key"),
    ];
    for entry in [backdated, stolen, by_thief, revocation, after, late] {
        dossier.insert(entry).unwrap();
    }
    let state = state(&dossier);
    for (id, code) in expected {
        assert_eq!(standing(&state, &id), code, "{id}");
    }
}

#[test]
fn nobody_silences_or_replaces_another_party() {
    let mut world = World::new();
    let mut dossier = world.start();
    let id = dossier.id().clone();
    let revocation = world.say(&mut dossier, "mover", &revoked("customs-kz", 0));
    let rotation = world.say(&mut dossier, "mover", &rotated(&id, "customs-kz", 0, 1));
    let impostor = Participant { did: key("customs-kz", 9).did().clone(), ..participant("customs-kz") };
    let thief = Participant { party: party("newcomer"), ..participant("railway") };
    let admission =
        world.say(&mut dossier, "mover", &Fact::ParticipantsAdmitted { participants: vec![impostor, thief] });
    let decision = world.say(&mut dossier, "customs-kz", &event(1));
    let state = state(&dossier);
    assert_eq!(standing(&state, &revocation), "dossier.outside-authority");
    assert_eq!(standing(&state, &rotation), "dossier.outside-authority");
    assert_eq!(standing(&state, &admission), "in force");
    assert_eq!(standing(&state, &decision), "in force");
    assert_eq!(state.participants.len(), PARTIES.len(), "neither is admitted");
    let codes = codes(&state.findings);
    assert!(
        codes.contains(&"dossier.participant-known") && codes.contains(&"dossier.key-taken"),
        "{codes:?}"
    );
}

#[test]
fn a_party_admitted_later_speaks_from_then_on() {
    let mut world = World::new();
    let mut dossier = world.start();
    let (id, first) = (dossier.id().clone(), dossier.heads());
    let newcomer =
        Participant { party: party("ferry"), did: key("ferry", 0).did().clone(), ..participant("railway") };
    let fact = Fact::ParticipantsAdmitted { participants: vec![newcomer] };
    let admission = world.say(&mut dossier, "mover", &fact);
    let mut speak = |parents: &[EntryId], number| {
        let mut draft = world.draft(&id, parents, "railway", &event(number));
        draft.author.party = party("ferry");
        world.sign(draft, &key("ferry", 0))
    };
    let (early, late) = (speak(&first, 1), speak(&[admission], 2));
    let ids = [early.id().clone(), late.id().clone()];
    dossier.insert(early).unwrap();
    dossier.insert(late).unwrap();
    let state = state(&dossier);
    assert_eq!(standing(&state, &ids[0]), "dossier.not-a-participant");
    assert_eq!(standing(&state, &ids[1]), "in force");
}

#[test]
fn amendments_are_judged_one_by_one() {
    let gross = "/goods/0/gross_mass";
    let cases = [
        (vec![change(gross, json!(7_000_000), json!(7_200_000))], "in force"),
        (vec![change(gross, json!(1), json!(7_200_000))], "dossier.stale-amendment"),
        (vec![change(gross, json!(7_000_000), json!(6_000_000))], "dossier.amendment-invalid"),
        (vec![change(gross, json!(7_000_000), json!("heavy"))], "dossier.amendment-invalid"),
        (vec![change("/goods/0/hs", json!("845011"), json!("8450.11"))], "dossier.amendment-invalid"),
        (vec![change("/goods/0/hs", json!("845011"), json!("84501"))], "dossier.amendment-invalid"),
        (
            vec![change("/equipment/0/number", json!("CSQU3054383"), json!("CSQU3054384"))],
            "dossier.amendment-invalid",
        ),
        (vec![change("/reference", json!("KRV-2026-0001"), json!("X"))], "dossier.amendment-invalid"),
        (vec![change("", json!(null), json!({}))], "dossier.amendment-invalid"),
        (vec![change("/colour", json!(null), json!("red"))], "dossier.amendment-invalid"),
        (vec![], "dossier.amendment-invalid"),
        (vec![change("/prices/items/0/minor", json!(2_100_000), json!(2_000_000))], "in force"),
        (vec![change("/parties/1/name", json!("Buyer"), json!("Alıcı A.Ş."))], "in force"),
        (vec![change("/goods/0/marks", json!(null), json!("N/M"))], "in force"),
        (vec![change("/goods/1", json!(null), json!(null))], "dossier.stale-amendment"),
        (
            vec![
                change(gross, json!(7_000_000), json!(7_200_000)),
                change(gross, json!(7_200_000), json!(7_300_000)),
            ],
            "in force",
        ),
        (
            vec![
                change(gross, json!(7_000_000), json!(7_200_000)),
                change("/to", json!("TRMER"), json!("GEPTI")),
            ],
            "dossier.stale-amendment",
        ),
        (
            vec![change(
                "/equipment/0/seals",
                json!(null),
                json!([{"number": "A1", "affixed_by": "customs"}]),
            )],
            "in force",
        ),
    ];
    for (changes, expected) in cases {
        let mut world = World::new();
        let mut dossier = world.start();
        let id = world.say(&mut dossier, "mover", &amended(changes.clone()));
        let state = state(&dossier);
        assert_eq!(standing(&state, &id), expected, "{changes:?}: {:?}", state.findings);
        let changed = state.consignment != Some(consignment());
        assert_eq!(changed, expected == "in force", "all or nothing: {changes:?}");
    }
}

#[test]
fn concurrent_amendments_resolve_alike_everywhere() {
    let mut world = World::new();
    let mut dossier = world.start();
    let (id, first) = (dossier.id().clone(), dossier.heads());
    let left = world.after(&id, &first, "mover", &reweighed(7_000_000, 7_100_000));
    let right = world.after(&id, &first, "mover", &reweighed(7_000_000, 7_200_000));
    let last = std::cmp::max_by_key(&left, &right, |entry| entry.id().clone()).clone();
    let value = if last == left { 7_100_000 } else { 7_200_000 };
    dossier.insert(left.clone()).unwrap();
    dossier.insert(right.clone()).unwrap();
    let forked = state(&dossier);
    assert_eq!(standing(&forked, left.id()), "in force");
    assert_eq!(standing(&forked, right.id()), "in force");
    assert_eq!(forked.consignment.unwrap().goods[0].gross_mass.grams(), value);
    let codes: Vec<_> = codes(&forked.findings).into_iter().map(str::to_owned).collect();
    assert!(codes.contains(&"dossier.concurrent-amendment".to_owned()), "{codes:?}");
    assert!(codes.contains(&"dossier.fork".to_owned()), "{codes:?}");
    let remarks = forked.findings.iter().filter(|finding| finding.code != "dossier.author-fork");
    assert!(remarks.into_iter().all(|finding| finding.severity == Severity::Info));

    // Whoever knows one branch only amends from the value of that branch.
    let on_left = world.after(&id, from_ref(left.id()), "mover", &reweighed(7_100_000, 7_300_000));
    // Whoever knows both sees the resolved value.
    let both = vec![on_left.id().clone(), right.id().clone()];
    dossier.insert(on_left.clone()).unwrap();
    let resolved = state(&dossier).consignment.unwrap().goods[0].gross_mass.grams();
    let join = world.after(&id, &both, "mover", &reweighed(resolved, 7_400_000));
    let join_id = join.id().clone();
    dossier.insert(join).unwrap();
    let joined = state(&dossier);
    assert_eq!(standing(&joined, on_left.id()), "in force");
    assert_eq!(standing(&joined, &join_id), "in force");
    assert_eq!(joined.consignment.unwrap().goods[0].gross_mass.grams(), 7_400_000);
}

#[test]
fn what_lacks_a_parent_waits_for_it() {
    let mut world = World::new();
    let mut full = world.start();
    let middle = world.say(&mut full, "railway", &event(1));
    let last = world.say(&mut full, "railway", &event(2));
    let mut partial = kervan_dossier::Dossier::new(full.id().clone());
    partial.insert(full.find_entry(&last).unwrap().clone()).unwrap();
    let nothing = state(&partial);
    assert_eq!(standing(&nothing, &last), "dossier.missing-parent");
    assert_eq!(partial.list_missing(), [middle]);
    let first: EntryId = full.id().as_str().parse().unwrap();
    partial.insert(full.find_entry(&first).unwrap().clone()).unwrap();
    assert_eq!(standing(&state(&partial), &last), "dossier.missing-parent");
    partial.merge(&full).unwrap();
    assert_eq!(state(&partial), state(&full));
    assert_eq!(partial, full);
}

#[test]
fn what_is_said_twice_counts_once() {
    let mut world = World::new();
    let mut dossier = world.start();
    world.say(&mut dossier, "railway", &event(1));
    let again = world.say(&mut dossier, "port", &event(1));
    world.say(&mut dossier, "buyer", &delivered());
    let delivered_again = world.say(&mut dossier, "railway", &delivered());
    let state = state(&dossier);
    assert_eq!(standing(&state, &again), "dossier.duplicate-fact");
    assert_eq!(standing(&state, &delivered_again), "dossier.duplicate-fact");
    assert_eq!(state.events.len(), 1);
}

#[test]
fn an_unsound_consignment_is_remarked_on() {
    let mut world = World::new();
    let mut unsound = consignment();
    unsound.goods[0].net_mass = kervan_units::Mass::from_tonnes(900);
    let participants = PARTIES.iter().map(|(name, ..)| participant(name)).collect();
    let now = world.now();
    let fact = Fact::ConsignmentDeclared { consignment: unsound, participants };
    let first = world.sign(Draft::new(&fact, author("mover"), now), &key("mover", 0));
    let mut dossier = kervan_dossier::Dossier::start(first).unwrap();
    // An amendment elsewhere need not mend it.
    let id = world.say(&mut dossier, "mover", &reweighed(7_000_000, 7_100_000));
    let state = state(&dossier);
    assert!(codes(&state.findings).contains(&"consignment.net-above-gross"));
    assert_eq!(standing(&state, &id), "in force");
}

#[test]
fn endless_amendments_come_to_an_end() {
    let mut world = World::new();
    let mut dossier = world.start();
    let mut mass = 7_000_000;
    for _ in 0..12 {
        let changes: Vec<_> = (mass..mass + 1_000)
            .map(|grams| change("/goods/0/gross_mass", json!(grams), json!(grams + 1)))
            .collect();
        mass += 1_000;
        world.say(&mut dossier, "mover", &amended(changes));
    }
    let state = state(&dossier);
    assert_eq!(state.amendments.len(), 10);
    assert_eq!(codes(&state.findings), ["dossier.too-many-amendments"; 2]);
}
