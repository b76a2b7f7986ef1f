//! Amendments before and after a carrier has accepted the goods: what needs its consent, and what its answer does.

use crate::world::*;
use kervan_dossier::{Dossier, Entry, Fact, ProposalStanding, Standing};
use kervan_model::EntryId;
use proptest::prelude::*;
use serde_json::json;

fn mass(dossier: &Dossier) -> u64 {
    state(dossier).consignment.unwrap().goods[0].gross_mass.grams()
}

fn renamed() -> Fact {
    amended(vec![change("/terms/place", json!("Xi'an"), json!("Xi'an Port"))])
}

#[test]
fn an_amendment_is_free_before_acceptance_and_waits_for_the_carrier_after_it() {
    let mut world = World::new();
    let mut dossier = world.start();
    world.say(&mut dossier, "mover", &reweighed(7_000_000, 7_100_000));
    assert_eq!(mass(&dossier), 7_100_000);
    world.say(&mut dossier, "railway", &carriage());

    let proposed = world.say(&mut dossier, "mover", &reweighed(7_100_000, 7_200_000));
    let folded = state(&dossier);
    assert_eq!(folded.standing[&proposed], Standing::Proposed { waits_for: vec![party("railway")] });
    assert_eq!((mass(&dossier), folded.amendments.len()), (7_100_000, 1));
    assert!(codes(&folded.findings).contains(&"dossier.amendment-pending"));

    // What no contract of carriage rests on is amended freely.
    let free = world.say(&mut dossier, "mover", &renamed());
    assert_eq!(standing(&state(&dossier), &free), "in force");

    for (by, fact, code) in [
        ("buyer", answered(&proposed, true), "dossier.outside-authority"),
        ("vessel", answered(&proposed, true), "dossier.answer-not-asked"),
        ("railway", answered(&free, true), "dossier.answer-not-asked"),
        ("railway", answered(dossier.clone().heads().first().unwrap(), true), "dossier.answer-not-asked"),
        ("railway", answered(&proposed, true), "in force"),
        ("railway", answered(&proposed, false), "dossier.answer-not-asked"),
    ] {
        let entry = world.say(&mut dossier, by, &fact);
        assert_eq!(standing(&state(&dossier), &entry), code, "{by}: {fact:?}");
    }
    let folded = state(&dossier);
    assert_eq!(standing(&folded, &proposed), "in force");
    assert_eq!(folded.proposals[0].fact.standing, ProposalStanding::Agreed);
    assert_eq!(mass(&dossier), 7_200_000);
}

#[test]
fn a_refusal_ends_the_proposal_and_another_may_be_made() {
    let mut world = World::new();
    let mut dossier = world.start();
    world.say(&mut dossier, "railway", &carriage());
    let first = world.say(&mut dossier, "mover", &reweighed(7_000_000, 7_100_000));
    let no = world.say(&mut dossier, "railway", &answered(&first, false));
    let late = world.say(&mut dossier, "railway", &answered(&first, true));
    let folded = state(&dossier);
    assert_eq!(standing(&folded, &first), "dossier.amendment-refused");
    assert_eq!(folded.proposals[0].fact.standing, ProposalStanding::Refused { by: no });
    assert_eq!(standing(&folded, &late), "dossier.answer-not-asked");
    assert_eq!(mass(&dossier), 7_000_000);
    let second = world.say(&mut dossier, "mover", &reweighed(7_000_000, 7_050_000));
    world.say(&mut dossier, "railway", &answered(&second, true));
    assert_eq!(mass(&dossier), 7_050_000);
}

#[test]
fn the_carrier_under_way_is_asked_and_not_the_one_before() {
    let mut world = World::new();
    let mut dossier = world.start();
    world.say(&mut dossier, "railway", &carriage());
    let old = world.say(&mut dossier, "mover", &reweighed(7_000_000, 7_100_000));
    world.say(&mut dossier, "vessel", &carriage());
    // The vessel took the goods while the proposal was open: it has not agreed to it.
    let Standing::Proposed { waits_for } = state(&dossier).standing[&old].clone() else { panic!("it waits") };
    assert_eq!(waits_for, vec![party("vessel")]);
    let late = world.say(&mut dossier, "railway", &answered(&old, true));
    assert_eq!(standing(&state(&dossier), &late), "dossier.answer-not-asked");
    world.say(&mut dossier, "vessel", &answered(&old, true));
    assert_eq!(mass(&dossier), 7_100_000);
    // Whoever takes the goods over after that takes them as amended.
    world.say(&mut dossier, "railway", &carriage());
    assert_eq!(standing(&state(&dossier), &old), "in force");
    assert_eq!(mass(&dossier), 7_100_000);
}

#[test]
fn leaving_the_acceptance_out_of_what_one_knows_gains_nothing() {
    let mut world = World::new();
    let mut dossier = world.start();
    let (id, first) = (dossier.id().clone(), dossier.heads());
    let taken = world.after(&id, &first, "railway", &carriage());
    let hidden = world.after(&id, &first, "mover", &reweighed(7_000_000, 7_100_000));
    // Built on the hidden one, by somebody who believes it.
    let further = world.after(&id, &[hidden.id().clone()], "mover", &reweighed(7_100_000, 7_200_000));
    dossier.insert(hidden.clone()).unwrap();
    dossier.insert(further.clone()).unwrap();
    assert_eq!(mass(&dossier), 7_200_000, "nobody has accepted yet, as far as this copy knows");
    dossier.insert(taken).unwrap();
    assert_eq!(mass(&dossier), 7_000_000);
    for entry in [&hidden, &further] {
        assert_eq!(standing(&state(&dossier), entry.id()), "proposed");
    }
    world.say(&mut dossier, "railway", &answered(further.id(), true));
    assert_eq!(mass(&dossier), 7_200_000);
    assert_eq!(standing(&state(&dossier), hidden.id()), "proposed");
}

#[test]
fn who_says_yes_here_and_no_there_has_not_agreed_and_a_late_no_undoes_nothing() {
    let mut world = World::new();
    let mut dossier = world.start();
    let id = dossier.id().clone();
    world.say(&mut dossier, "railway", &carriage());
    let proposed = world.say(&mut dossier, "mover", &reweighed(7_000_000, 7_100_000));
    let yes = world.after(&id, std::slice::from_ref(&proposed), "railway", &answered(&proposed, true));
    let no = world.after(&id, std::slice::from_ref(&proposed), "railway", &answered(&proposed, false));
    let mut torn = dossier.clone();
    for entry in [&yes, &no] {
        torn.insert(entry.clone()).unwrap();
    }
    assert_eq!(standing(&state(&torn), &proposed), "dossier.amendment-refused");
    assert!(codes(&state(&torn).findings).contains(&"dossier.author-fork"));

    // The vessel takes the goods over as amended; the refusal that it did not know of comes too late.
    let taken = world.after(&id, &[yes.id().clone()], "vessel", &carriage());
    for entry in [&yes, &taken, &no] {
        dossier.insert(entry.clone()).unwrap();
    }
    assert_eq!(standing(&state(&dossier), &proposed), "in force");
    assert_eq!(mass(&dossier), 7_100_000);
}

#[test]
fn a_copy_that_withholds_what_is_changed_shows_who_is_asked_all_the_same() {
    let mut world = World::new();
    let mut dossier = world.start();
    world.say(&mut dossier, "railway", &carriage());
    let proposed = world.say(&mut dossier, "mover", &reweighed(7_000_000, 7_100_000));
    let answer = world.say(&mut dossier, "railway", &answered(&proposed, true));
    let copy = dossier.withhold(&["changes".parse().unwrap()]);
    assert_eq!(standing(&state(&copy), &answer), "in force");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Random acceptances, amendments and answers after random entries. Held against the definition, with the fold of each
    /// acceptance's own past as witness: an amendment is in force if every carrier whose acceptance no later one knew took
    /// the goods with it, or agreed.
    #[test]
    fn an_amendment_is_in_force_as_far_as_the_carriers_under_way_agree(
        steps in prop::collection::vec((0_u8..5, any::<bool>(), prop::collection::vec(any::<prop::sample::Index>(), 1..3)), 1..12),
        keys in prop::collection::vec(any::<u32>(), 14),
    ) {
        let mut world = World::new();
        let first = world.first();
        let id = first.id().as_str().parse().unwrap();
        let mut entries = vec![first];
        for (what, flag, parents) in steps {
            let mut parents: Vec<EntryId> = parents.iter().map(|index| index.get(&entries).id().clone()).collect();
            parents.sort();
            parents.dedup();
            let carrier = if flag { "railway" } else { "vessel" };
            let mut amendments = entries.iter().filter(|entry| matches!(entry.fact(), Ok(Fact::ConsignmentAmended { .. })));
            let last = amendments.next_back().map_or(entries[0].id(), Entry::id).clone();
            let (by, fact) = match what {
                0 => (carrier, carriage()),
                1 => ("mover", reweighed(7_000_000, 7_100_000)),
                2 => ("mover", reweighed(7_000_000, if flag { 7_200_000 } else { 7_300_000 })),
                3 => (carrier, answered(&last, true)),
                _ => (carrier, answered(&last, !flag)),
            };
            entries.push(world.after(&id, &parents, by, &fact));
        }
        let mut shuffled: Vec<(u32, &Entry)> = keys.iter().copied().chain(0..).zip(&entries).collect();
        let mut dossier = Dossier::new(id);
        let mut other = dossier.clone();
        for entry in &entries {
            dossier.insert(entry.clone()).unwrap();
        }
        shuffled.sort_by_key(|(key, entry)| (*key, entry.id().clone()));
        for (_, entry) in shuffled {
            other.insert(entry.clone()).unwrap();
        }
        let folded = state(&dossier);
        prop_assert_eq!(&state(&other), &folded);

        let knows = |one: &EntryId, what: &EntryId| dossier.past_of(one).find_entry(what).is_some();
        let counts = |entry: &&Entry| folded.standing[entry.id()] == Standing::InForce;
        let taken: Vec<&Entry> = entries.iter().filter(|entry| matches!(entry.fact(), Ok(Fact::CarriageAccepted(_)))).filter(counts).collect();
        let last = taken.iter().filter(|one| !taken.iter().any(|later| knows(later.id(), one.id())));
        let last: Vec<&&Entry> = last.collect();
        let answers = |amendment: &EntryId, by: &Entry, wanted: bool| entries.iter().filter(counts).any(|entry| {
            matches!(entry.fact(), Ok(Fact::AmendmentAnswered(answer)) if answer.amendment == *amendment && answer.agreed == wanted)
                && entry.header().author.party == by.header().author.party
        });
        for entry in entries.iter().filter(|entry| matches!(entry.fact(), Ok(Fact::ConsignmentAmended { .. }))) {
            let amendment = entry.id();
            let agreed = last.iter().all(|one| {
                let with = state(&dossier.past_of(one.id())).standing.get(amendment) == Some(&Standing::InForce);
                with || (answers(amendment, one, true) && !answers(amendment, one, false))
            });
            match &folded.standing[amendment] {
                Standing::InForce => prop_assert!(agreed),
                Standing::Proposed { .. } => prop_assert!(!agreed),
                Standing::Ignored { why } if why.code == "dossier.amendment-refused" => prop_assert!(!agreed),
                Standing::Ignored { why } => prop_assert_eq!(why.code.as_str(), "dossier.stale-amendment"),
            }
        }
    }
}
