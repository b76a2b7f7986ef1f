//! Bills of lading, documents issued anew, consignments split and grouped, parties that leave.

use crate::world::*;
use kervan_dossier::{
    BillIssued, BillResolved, BillStanding, BillSurrendered, BillTransferred, CarriedReference,
    ConsignmentGrouped, ConsignmentSplit, DocumentCancelled, DocumentIssued, DocumentStanding, Dossier,
    Draft, Entry, Fact, GroupMember, ParticipantsWithdrawn, Quantity, SplitPart, assess_parts,
};
use kervan_model::EntryId;
use proptest::prelude::*;
use std::slice::from_ref;

fn issued() -> Fact {
    Fact::BillIssued(BillIssued { number: "BL-1".into(), holder: party("seller") })
}

fn transferred(bill: &EntryId, to: &str, pledge: bool) -> Fact {
    Fact::BillTransferred(BillTransferred { bill: bill.clone(), to: party(to), pledge })
}

fn surrendered(bill: &EntryId) -> Fact {
    Fact::BillSurrendered(BillSurrendered { bill: bill.clone() })
}

fn held(dossier: &Dossier, bill: &EntryId) -> BillStanding {
    state(dossier).bills[bill].standing.clone()
}

fn holder(name: &str, pledged: bool) -> BillStanding {
    BillStanding::Held { holder: party(name), pledged }
}

#[test]
fn control_goes_from_holder_to_holder_and_ends_with_the_carrier() {
    let mut world = World::new();
    let mut dossier = world.start();
    let bill = world.say(&mut dossier, "railway", &issued());
    assert_eq!(held(&dossier, &bill), holder("seller", false));
    for (by, fact, code) in [
        ("buyer", transferred(&bill, "buyer", false), "bill.not-holder"),
        ("railway", issued(), "bill.already-issued"),
        ("buyer", delivered(), "bill.not-surrendered"),
        (
            "railway",
            Fact::BillResolved(BillResolved {
                bill: bill.clone(),
                holder: party("buyer"),
                reason: "x".into(),
            }),
            "bill.not-frozen",
        ),
        ("seller", transferred(&bill, "mover", true), "in force"),
        ("seller", surrendered(&bill), "bill.not-holder"),
        ("mover", transferred(&bill, "seller", false), "in force"),
        ("seller", transferred(&bill, "buyer", false), "in force"),
        ("buyer", surrendered(&bill), "in force"),
        ("buyer", surrendered(&bill), "bill.surrendered"),
        ("buyer", delivered(), "in force"),
    ] {
        let entry = world.say(&mut dossier, by, &fact);
        assert_eq!(standing(&state(&dossier), &entry), code, "{by}: {fact:?}");
    }
    assert_eq!(held(&dossier, &bill), BillStanding::Surrendered);
}

#[test]
fn a_double_transfer_stops_control_until_the_carrier_decides() {
    let mut world = World::new();
    let mut dossier = world.start();
    let (id, bill) = (dossier.id().clone(), world.say(&mut dossier, "railway", &issued()));
    let one = world.after(&id, from_ref(&bill), "seller", &transferred(&bill, "buyer", false));
    let other = world.after(&id, from_ref(&bill), "seller", &transferred(&bill, "mover", false));
    // Each receiver passes on what it believes to hold.
    let further = world.after(&id, from_ref(one.id()), "buyer", &surrendered(&bill));
    for entry in [&one, &other, &further] {
        dossier.insert(entry.clone()).unwrap();
    }
    let BillStanding::Frozen { mut acts } = held(&dossier, &bill) else { panic!("control stands still") };
    acts.sort();
    let mut both = vec![one.id().clone(), other.id().clone()];
    both.sort();
    assert_eq!(acts, both);
    assert!(codes(&state(&dossier).findings).contains(&"bill.double-transfer"));
    let stuck = world.say(&mut dossier, "buyer", &transferred(&bill, "seller", false));
    assert_eq!(standing(&state(&dossier), &stuck), "bill.frozen");
    let goods = world.say(&mut dossier, "buyer", &delivered());
    assert_eq!(standing(&state(&dossier), &goods), "bill.not-surrendered");
    let resolve = |holder: &str| {
        Fact::BillResolved(BillResolved {
            bill: bill.clone(),
            holder: party(holder),
            reason: "first in time".into(),
        })
    };
    let foreign = world.say(&mut dossier, "mover", &resolve("mover"));
    assert_eq!(standing(&state(&dossier), &foreign), "bill.not-issuer");
    world.say(&mut dossier, "railway", &resolve("buyer"));
    assert_eq!(held(&dossier, &bill), holder("buyer", false));
    world.say(&mut dossier, "buyer", &surrendered(&bill));
    assert_eq!(held(&dossier, &bill), BillStanding::Surrendered);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Random acts on a bill after random entries: one holder at most, whatever order the entries come in; and a party that
    /// never held the bill never disposes of it.
    #[test]
    fn a_bill_has_one_holder_at_most(
        steps in prop::collection::vec((0_usize..3, 0_usize..4, prop::collection::vec(any::<prop::sample::Index>(), 1..3)), 1..10),
        keys in prop::collection::vec(any::<u32>(), 12),
    ) {
        let names = ["seller", "buyer", "mover"];
        let mut world = World::new();
        let mut dossier = world.start();
        let id = dossier.id().clone();
        let bill = world.say(&mut dossier, "railway", &issued());
        let mut entries: Vec<Entry> = dossier.list_entries().into_iter().cloned().collect();
        let from = entries.len();
        for (by, what, parents) in steps {
            let later = &entries[1..];
            let mut parents: Vec<EntryId> = parents.iter().map(|index| index.get(later).id().clone()).collect();
            parents.sort();
            parents.dedup();
            let (by, fact) = match what {
                3 => ("railway", Fact::BillResolved(BillResolved { bill: bill.clone(), holder: party(names[by]), reason: "r".into() })),
                to => (names[by], if to == by { surrendered(&bill) } else { transferred(&bill, names[to], false) }),
            };
            entries.push(world.after(&id, &parents, by, &fact));
        }
        for entry in &entries[from..] {
            dossier.insert(entry.clone()).unwrap();
        }
        let expected = state(&dossier);
        let mut shuffled: Vec<(u32, &Entry)> = keys.iter().copied().chain(0..).zip(&entries).collect();
        shuffled.sort_by_key(|(key, entry)| (*key, entry.id().clone()));
        let mut other = Dossier::new(id);
        for (_, entry) in shuffled {
            other.insert(entry.clone()).unwrap();
        }
        prop_assert_eq!(&state(&other), &expected);
        // An act is in force only where its author held the bill, for all that it knew: folding its own past says so.
        for entry in &entries[from..] {
            let Ok(Fact::BillTransferred(_) | Fact::BillSurrendered(_)) = entry.fact() else { continue };
            let mut past = Dossier::new(other.id().clone());
            let mut open: Vec<EntryId> = entry.header().parents.clone();
            while let Some(next) = open.pop() {
                let known = other.find_entry(&next).unwrap();
                open.extend(known.header().parents.clone());
                past.insert(known.clone()).unwrap();
            }
            let author = entry.header().author.party.clone();
            let believed = state(&past).bills.get(&bill).map(|bill| bill.standing.clone());
            let held = believed == Some(BillStanding::Held { holder: author, pledged: false });
            prop_assert_eq!(standing(&expected, entry.id()) == "in force", held);
        }
    }
}

fn document(slug: &str, number: &str, replaces: Option<&EntryId>, carries: &[&str]) -> Fact {
    Fact::DocumentIssued(DocumentIssued {
        slug: slug.into(),
        type_code: "722".parse().unwrap(),
        number: number.into(),
        issued: "2026-12-05T10:00:00Z".parse().unwrap(),
        data_sha256: "0".repeat(64),
        replaces: replaces.cloned(),
        carries: carries
            .iter()
            .map(|number| CarriedReference {
                type_code: "722".parse().unwrap(),
                number: (*number).into(),
                issued: "2026-12-05".parse().unwrap(),
            })
            .collect(),
    })
}

#[test]
fn documents_that_take_the_place_of_others_form_a_chain() {
    let mut world = World::new();
    let mut dossier = world.start();
    let rail = world.say(&mut dossier, "mover", &document("smgs", "S-1", None, &[]));
    let sea = world.say(&mut dossier, "mover", &document("bill-of-lading", "B-1", Some(&rail), &["S-1"]));
    let road = world.say(&mut dossier, "mover", &document("cmr", "C-1", Some(&sea), &[]));
    let again = world.say(&mut dossier, "mover", &document("cmr", "C-2", Some(&sea), &["B-1"]));
    let cancelled =
        Fact::DocumentCancelled(DocumentCancelled { document: road.clone(), reason: "misprint".into() });
    let cancel = world.say(&mut dossier, "mover", &cancelled);
    let folded = state(&dossier);
    assert_eq!(folded.document_standing[&rail], DocumentStanding::Superseded { by: sea.clone() });
    assert_eq!(folded.document_standing[&sea], DocumentStanding::Superseded { by: road.clone() });
    assert_eq!(folded.document_standing[&road], DocumentStanding::Cancelled { by: cancel });
    assert_eq!(standing(&folded, &again), "dossier.not-current");
    assert!(codes(&folded.findings).contains(&"dossier.reference-lost"));
}

#[test]
fn a_chain_that_forks_is_named_and_has_one_end() {
    let mut world = World::new();
    let mut dossier = world.start();
    let id = dossier.id().clone();
    let first = world.say(&mut dossier, "mover", &document("smgs", "S-1", None, &[]));
    let one =
        world.after(&id, from_ref(&first), "mover", &document("smgs", "S-1-R2", Some(&first), &["S-1"]));
    let other =
        world.after(&id, from_ref(&first), "railway", &document("smgs", "S-9", Some(&first), &["S-1"]));
    for entry in [&one, &other] {
        dossier.insert(entry.clone()).unwrap();
    }
    let folded = state(&dossier);
    let standings = [standing(&folded, one.id()), standing(&folded, other.id())];
    assert!(standings.contains(&"in force".to_owned()), "{standings:?}");
    assert!(standings.contains(&"dossier.document-fork".to_owned()), "{standings:?}");
    let chains = folded.list_chains();
    let [chain] = chains.as_slice() else { panic!("one chain: {chains:?}") };
    assert_eq!(chain.links.len(), 2);
    assert_eq!(chain.links[0].document.entry, first);
    // The one that stands can be replaced by the other again; then nothing is lost.
    let stands = chain.find_current().unwrap().entry.clone();
    let joined =
        world.say(&mut dossier, "mover", &document("smgs", "S-1-R3", Some(&stands), &["S-1-R2", "S-9"]));
    let folded = state(&dossier);
    let last: Vec<_> = folded.list_current().map(|stated| stated.entry.clone()).collect();
    assert_eq!(last, [joined]);
    assert_eq!(folded.list_chains()[0].links.len(), 3);
}

#[test]
fn a_bank_holds_a_bill_as_a_pledge_and_gives_it_back() {
    let mut world = World::new();
    let mut dossier = world.start();
    let bill = world.say(&mut dossier, "railway", &issued());
    for (by, fact, holds) in [
        ("seller", transferred(&bill, "lender", true), holder("lender", true)),
        ("lender", transferred(&bill, "buyer", false), holder("buyer", false)),
        ("buyer", surrendered(&bill), BillStanding::Surrendered),
    ] {
        let entry = world.say(&mut dossier, by, &fact);
        assert_eq!(standing(&state(&dossier), &entry), "in force", "{by}");
        assert_eq!(held(&dossier, &bill), holds);
    }
    let late = world.say(&mut dossier, "lender", &reweighed(7_000_000, 7_100_000));
    assert_eq!(standing(&state(&dossier), &late), "dossier.outside-authority");
}

#[test]
fn a_split_gives_everything_away_once_and_a_group_says_its_sum() {
    let mut world = World::new();
    let mut dossier = world.start();
    let part = |reference: &str, packages: [u64; 2], grams: [u64; 2], boxed: bool| SplitPart {
        reference: reference.parse().unwrap(),
        dossier: None,
        goods: packages
            .into_iter()
            .zip(grams)
            .map(|(packages, gross_mass)| Quantity { packages, gross_mass })
            .collect(),
        equipment: if boxed { vec!["CSQU3054383".parse().unwrap()] } else { vec![] },
    };
    let split = |parts| Fact::ConsignmentSplit(ConsignmentSplit { reason: "two buyers".into(), parts });
    let half = part("KRV-2026-0001-A", [60, 40], [4_000_000, 900_000], true);
    for (parts, code) in [
        (vec![half.clone(), part("KRV-2026-0001-B", [40, 0], [3_000_000, 0], false)], "in force"),
        (
            vec![half.clone(), part("KRV-2026-0001-B", [41, 0], [3_000_000, 0], false)],
            "dossier.split-not-conserved",
        ),
        (
            vec![half.clone(), part("KRV-2026-0001-B", [40, 0], [2_999_999, 0], false)],
            "dossier.split-not-conserved",
        ),
        (
            vec![half.clone(), part("KRV-2026-0001-B", [40, 0], [3_000_000, 0], true)],
            "dossier.split-not-conserved",
        ),
        (vec![half], "dossier.split-not-conserved"),
    ] {
        let entry = world.say(&mut dossier, "mover", &split(parts));
        assert_eq!(standing(&state(&dossier), &entry), code);
    }
    let quantity = |packages, gross_mass| Quantity { packages, gross_mass };
    let member = |digit: &str, quantity| GroupMember {
        dossier: digit.repeat(64).parse().unwrap(),
        head: digit.repeat(64).parse().unwrap(),
        quantity,
    };
    let members = vec![member("1", quantity(10, 100)), member("2", quantity(5, 50))];
    for (total, code) in [(quantity(15, 150), "in force"), (quantity(15, 151), "dossier.group-sum")] {
        let fact = ConsignmentGrouped { number: "M-1".into(), members: members.clone(), total };
        let entry = world.say(&mut dossier, "mover", &Fact::ConsignmentGrouped(fact));
        assert_eq!(standing(&state(&dossier), &entry), code);
    }
}

/// A dossier of its own for a part, with one goods item of this many packages and grams.
fn own_dossier(world: &mut World, reference: &str, packages: u32, grams: u64) -> Dossier {
    let Fact::ConsignmentDeclared { mut consignment, participants } = declared() else { unreachable!() };
    consignment.reference = reference.parse().unwrap();
    consignment.goods.truncate(1);
    consignment.goods[0].packages = packages;
    consignment.goods[0].gross_mass = serde_json::from_value(grams.into()).unwrap();
    let at = world.now();
    let draft = Draft::new(&Fact::ConsignmentDeclared { consignment, participants }, author("mover"), at);
    Dossier::start(world.sign(draft, &key("mover", 0))).unwrap()
}

#[test]
fn parts_and_members_are_held_against_their_own_dossiers() {
    let mut world = World::new();
    let mut whole = world.start();
    let honest = own_dossier(&mut world, "KRV-2026-0001-A", 60, 4_000_000);
    let short = own_dossier(&mut world, "KRV-2026-0001-B", 39, 3_000_000);
    let part = |reference: &str, packages, gross_mass, rest: (u64, u64), dossier| SplitPart {
        reference: reference.parse().unwrap(),
        dossier,
        goods: vec![Quantity { packages, gross_mass }, Quantity { packages: rest.0, gross_mass: rest.1 }],
        equipment: vec![],
    };
    let parts = vec![
        part("KRV-2026-0001-A", 60, 4_000_000, (0, 0), Some(honest.id().clone())),
        part("KRV-2026-0001-B", 40, 3_000_000, (40, 900_000), None),
    ];
    let split = Fact::ConsignmentSplit(ConsignmentSplit { reason: "two buyers".into(), parts });
    let entry = world.say(&mut whole, "mover", &split);
    assert_eq!(standing(&state(&whole), &entry), "in force");
    let found = |files: &[(&str, &Dossier)]| -> Vec<(String, Option<String>)> {
        assess_parts(files, &table()).into_iter().map(|finding| (finding.code, finding.path)).collect()
    };
    assert_eq!(found(&[("whole", &whole)]), [], "parts that are not at hand are not judged");
    assert_eq!(found(&[("whole", &whole), ("a", &honest)]), []);
    // One package was lost, and the second goods item with it; the part is found by its reference.
    let lost = [("dossier.split-differs".to_owned(), Some("b".to_owned()))];
    assert_eq!(found(&[("whole", &whole), ("a", &honest), ("b", &short)]), lost);

    let member = |dossier: &Dossier, head: EntryId, packages, gross_mass| GroupMember {
        dossier: dossier.id().clone(),
        head,
        quantity: Quantity { packages, gross_mass },
    };
    let members = vec![
        member(&honest, honest.heads()[0].clone(), 60, 4_000_000),
        member(&short, honest.heads()[0].clone(), 40, 3_000_000),
    ];
    let total = Quantity { packages: 100, gross_mass: 7_000_000 };
    let group = Fact::ConsignmentGrouped(ConsignmentGrouped { number: "M-1".into(), members, total });
    let mut master = world.start();
    world.say(&mut master, "mover", &group);
    // The second member has one package less than it brings, and lacks the entry at which it was known.
    let differs = || ("dossier.member-differs".to_owned(), Some("b".to_owned()));
    assert_eq!(found(&[("master", &master), ("a", &honest), ("b", &short)]), [differs(), differs()]);
}

#[test]
fn a_party_that_left_says_nothing_more() {
    let mut world = World::new();
    let mut dossier = world.start();
    let before = world.say(&mut dossier, "port", &event(1));
    let leave = |name: &str| {
        Fact::ParticipantsWithdrawn(ParticipantsWithdrawn {
            parties: vec![party(name)],
            reason: "another port".into(),
        })
    };
    for (by, whom, code) in [
        ("railway", "port", "dossier.outside-authority"),
        ("mover", "mover", "dossier.withdrawal-invalid"),
        ("mover", "port", "in force"),
        ("railway", "railway", "in force"),
    ] {
        let entry = world.say(&mut dossier, by, &leave(whom));
        assert_eq!(standing(&state(&dossier), &entry), code, "{by} {whom}");
    }
    let after = world.say(&mut dossier, "port", &event(2));
    world.say(&mut dossier, "mover", &Fact::ParticipantsAdmitted { participants: vec![participant("port")] });
    let again = world.say(&mut dossier, "port", &event(3));
    let folded = state(&dossier);
    for (entry, code) in [(&before, "in force"), (&after, "dossier.withdrawn"), (&again, "in force")] {
        assert_eq!(standing(&folded, entry), code);
    }
}
