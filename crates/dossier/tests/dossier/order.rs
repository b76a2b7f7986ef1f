//! The state of a dossier depends on the set of its entries only: random graphs in random orders of arrival.

use crate::world::*;
use kervan_dossier::{
    Chain, DocumentIssued, Dossier, Entry, Fact, GroupName, KeyRevoked, export, import, merge,
};
use kervan_model::EntryId;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// One step of a random history: who says what, after which of the entries so far.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    what: u8,
    parents: Vec<prop::sample::Index>,
    value: u64,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0_u8..18, prop::collection::vec(any::<prop::sample::Index>(), 1..4), 0_u64..3)
        .prop_map(|(what, parents, value)| Step { what, parents, value });
    prop::collection::vec(step, 1..14)
}

/// Histories that are the same in every run.
pub(crate) fn fixed_steps() -> Vec<Vec<Step>> {
    let mut runner = TestRunner::deterministic();
    (0..16).map(|_| steps().new_tree(&mut runner).unwrap().current()).collect()
}

/// The entries of a random history. Many of them conflict, are late, or are outside their author's authority.
pub(crate) fn entries(steps: &[Step]) -> Vec<Entry> {
    let mut world = World::new();
    let first = world.first();
    let dossier = first.id().as_str().parse().unwrap();
    let mut entries = vec![first];
    for (number, step) in steps.iter().enumerate() {
        let mut parents: Vec<EntryId> =
            step.parents.iter().map(|index| index.get(&entries).id().clone()).collect();
        parents.sort();
        parents.dedup();
        let masses = [7_000_000, 7_100_000, 7_200_000];
        let value = usize::try_from(step.value).unwrap();
        let railway_key = |generation| key("railway", generation).did().clone();
        let (by, generation, fact) = match step.what {
            0 => ("mover", 0, reweighed(masses[value], masses[(value + 1) % 3])),
            1 => ("mover", 0, reweighed(7_000_000, masses[value])),
            2 => ("railway", 0, event(value)),
            3 => ("railway", 1, event(number + 10)),
            4 => ("railway", 0, rotated(&dossier, "railway", 0, 1 + u8::from(value > 1))),
            5 => {
                let (key, reason) = (railway_key(0), "lost".to_owned());
                (
                    "railway",
                    u8::from(value > 0),
                    Fact::KeyRevoked(KeyRevoked { party: party("railway"), key, reason }),
                )
            }
            6 => ("mover", 0, transit_declared(["KZ", "TR", "KZ"][value])),
            7 => (
                "customs-kz",
                0,
                transit_decided("KZ", "declared", ["accepted", "refused", "accepted"][value]),
            ),
            8 => ("customs-kz", 0, transit_decided("KZ", "accepted", "released")),
            9 => ("buyer", 0, delivered()),
            10 => {
                let mut newcomer = participant("port");
                newcomer.party = party("ferry");
                newcomer.did = key("ferry", u8::try_from(value).unwrap()).did().clone();
                ("mover", 0, Fact::ParticipantsAdmitted { participants: vec![newcomer] })
            }
            11 => ("port", 0, reweighed(7_000_000, 7_300_000)),
            12 => ("railway", 0, carriage()),
            13 => ("vessel", 0, carriage()),
            14 | 15 => {
                (["railway", "vessel"][usize::from(step.what % 2)], 0, answered(&parents[0], value > 0))
            }
            16 => ("mover", 0, issued(number, None)),
            _ => ("mover", 0, issued(number, Some(&parents[0]))),
        };
        let draft = world.draft(&dossier, &parents, by, &fact);
        entries.push(world.sign(draft, &key(by, generation)));
    }
    entries
}

fn issued(number: usize, replaces: Option<&EntryId>) -> Fact {
    Fact::DocumentIssued(DocumentIssued {
        slug: "smgs".into(),
        type_code: "722".parse().unwrap(),
        number: format!("S-{number}"),
        issued: "2026-12-05T10:00:00Z".parse().unwrap(),
        data_sha256: "0".repeat(64),
        replaces: replaces.cloned(),
        carries: vec![],
    })
}

fn collect<'a>(dossier: &Dossier, entries: impl Iterator<Item = &'a Entry>) -> Dossier {
    let mut copy = Dossier::new(dossier.id().clone());
    for entry in entries {
        copy.insert(entry.clone()).unwrap();
    }
    copy
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_arrival_does_not_matter(
        steps in steps(),
        keys in prop::collection::vec(any::<u32>(), 15),
        split in any::<prop::sample::Index>(),
    ) {
        let entries = entries(&steps);
        let mut straight = Dossier::start(entries[0].clone()).unwrap();
        for entry in &entries {
            straight.insert(entry.clone()).unwrap();
        }
        let expected = state(&straight);

        let mut shuffled: Vec<(u32, &Entry)> = keys.iter().copied().zip(&entries).collect();
        shuffled.sort_by_key(|(key, entry)| (*key, entry.id().clone()));
        let other = collect(&straight, shuffled.iter().map(|(_, entry)| *entry));
        prop_assert_eq!(&state(&other), &expected);
        prop_assert_eq!(export(&other), export(&straight));

        // Two copies that grew apart and meet again, either way round.
        let at = split.index(shuffled.len());
        let mut left = collect(&straight, shuffled[..at].iter().map(|(_, entry)| *entry));
        let mut right = collect(&straight, shuffled[at..].iter().map(|(_, entry)| *entry));
        let before = left.clone();
        left.merge(&right).unwrap();
        right.merge(&before).unwrap();
        prop_assert_eq!(&left, &right);
        prop_assert_eq!(left.merge(&right), Ok(0));
        prop_assert_eq!(&state(&left), &expected);

        // Every document is in one chain, and every chain ends with one that is in force or cancelled.
        let chains = expected.list_chains();
        prop_assert_eq!(chains.iter().map(|chain| chain.links.len()).sum::<usize>(), expected.documents.len());
        prop_assert_eq!(chains.iter().filter_map(Chain::find_current).count(), expected.list_current().count());

        // What is in force is sound: the amended consignment always satisfies its invariants.
        prop_assert_eq!(expected.consignment.unwrap().check(), vec![]);
    }

    /// Three copies, each with some of the entries and some of their groups.
    #[test]
    fn copies_merge_alike_in_any_order(
        steps in steps(),
        held in prop::collection::vec((1_u8..8, 0_u8..8), 15),
    ) {
        let entries = entries(&steps);
        let whole = Dossier::start(entries[0].clone()).unwrap();
        let names: Vec<GroupName> =
            ["prices", "parties", "changes", "event", "declaration", "findings"].map(|name| name.parse().unwrap()).to_vec();
        let copy = |bit: u8| {
            let part = entries.iter().zip(&held).filter(|(_, (who, _))| who & bit != 0);
            let mut copy = Dossier::new(whole.id().clone());
            for (entry, (_, withheld)) in part {
                let entry = if withheld & bit != 0 { entry.withhold(&names) } else { entry.clone() };
                copy.insert(entry).unwrap();
            }
            copy
        };
        let (a, b, c) = (copy(1), copy(2), copy(4));
        let ab = merge(&a, &b).unwrap();
        prop_assert_eq!(&ab, &merge(&b, &a).unwrap());
        let abc = merge(&ab, &c).unwrap();
        prop_assert_eq!(&abc, &merge(&a, &merge(&b, &c).unwrap()).unwrap());
        prop_assert_eq!(&merge(&abc, &abc).unwrap(), &abc);
        prop_assert_eq!(&merge(&abc, &b).unwrap(), &abc);
        prop_assert_eq!(state(&abc), state(&merge(&c, &merge(&b, &a).unwrap()).unwrap()));
        let again = import(&export(&abc), &Default::default()).unwrap();
        prop_assert_eq!(&merge(&again, &again).unwrap(), &abc);
    }
}
