//! Documents follow the dossier: issued anew after an amendment, withdrawn by another way, waiting for a carrier's consent.

use crate::world::{World, days, start};
use kervan_customs::StateKind;
use kervan_documents::DocumentKind;
use kervan_dossier::{BillStanding, DocumentStanding, DossierState, Standing, canonical};
use kervan_model::Reference;
use kervan_node::{
    CaseFile, Refusal, WantedChange, accept_carriage, amend_consignment, answer_amendment, document,
    issued_by, list_package_files, state_fact,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn accepted(world: &World, name: &str, regimes: &[&str]) -> Reference {
    world.guarantee_everything();
    let reference = world.declare(name, days(5));
    let way = world.ways(&reference, regimes).remove(0);
    world.accept(&reference, &way, start()).unwrap();
    reference
}

fn amend(world: &World, reference: &Reference, path: &str, value: Value) -> Result<CaseFile, Refusal> {
    let wanted = [WantedChange { path: path.to_owned(), value }];
    world.call("silkline", days(1), |call| {
        amend_consignment(&world.desk, call, reference, "weighed again", &wanted)
    })
}

fn load(world: &World, reference: &Reference) -> CaseFile {
    CaseFile::load(&world.desk, reference).unwrap()
}

fn numbers(state: &DossierState) -> BTreeSet<String> {
    state.list_current().map(|stated| stated.fact.number.clone()).collect()
}

/// Every issued document, in force or not, is made again with the data that was signed.
fn assert_reprints(world: &World, case: &CaseFile) {
    for stated in &case.state.documents {
        let made = issued_by(world.desk.press(), &case.dossier, &case.state, &stated.entry).unwrap();
        let hash = canonical::sha256_hex(&canonical::jcs(&made.data).unwrap());
        assert_eq!(hash, stated.fact.data_sha256, "{}", stated.fact.number);
        let replaced = stated.fact.replaces.is_some();
        assert_eq!(made.replaces.is_some(), replaced, "{}", stated.fact.number);
    }
}

#[test]
fn an_amendment_issues_anew_what_says_it_and_nothing_else() {
    let world = World::new();
    let reference = accepted(&world, "KRV-2026-0501", &["common-transit"]);
    let before = load(&world, &reference);
    assert!(before.state.documents.len() > 4);
    let mass = before.state.consignment.as_ref().unwrap().goods[0].gross_mass.grams();
    let after = amend(&world, &reference, "/goods/0/gross_mass", json!(mass + 40_000)).unwrap();
    assert_reprints(&world, &after);
    let (old, new) = (numbers(&before.state), numbers(&after.state));
    let renewed: Vec<&String> = new.difference(&old).collect();
    assert!(!renewed.is_empty() && renewed.iter().all(|number| number.ends_with("-R2")), "{renewed:?}");
    let chains = after.state.list_chains();
    assert_eq!(chains.len(), old.len(), "every first issue has its chain");
    for chain in &chains {
        let last = chain.find_current().unwrap();
        assert_eq!(chain.links.len() == 2, renewed.contains(&&last.fact.number));
        if let [first, second] = chain.links.as_slice() {
            let (first, second) = (&first.document.fact, &second.document.fact);
            assert_eq!(second.number, format!("{}-R2", first.number));
            assert!(second.carries.iter().any(|carried| carried.number == first.number));
        }
    }
    // What a customs office is told are the papers in force.
    for movement in after.state.movements.values() {
        let declared = movement.declared.fact.declaration.to_string();
        for number in &renewed {
            let stale = format!("\"{}\"", number.trim_end_matches("-R2"));
            assert!(declared.contains(number.as_str()) && !declared.contains(&stale), "{stale}");
        }
    }
    // What the invoice says and the packing list does not leaves the packing list as it is.
    let place = amend(&world, &reference, "/terms/place", json!("Xi'an")).unwrap();
    let changed: BTreeSet<String> = numbers(&place.state).difference(&new).cloned().collect();
    let is_of = |slug: &str| {
        let issued = place.state.list_current().find(|stated| stated.fact.slug == slug);
        changed.contains(&issued.unwrap().fact.number)
    };
    assert!(is_of("commercial-invoice") && !is_of("packing-list"), "{changed:?}");
    // The form says whose place it takes, and either is found under its number.
    let number = renewed[0];
    let replacing = document(&world.desk, &place, number).unwrap();
    let replaced = replacing.replaces.unwrap().number;
    assert_eq!(document(&world.desk, &place, &replaced).unwrap().number, replaced);
    let files = list_package_files(world.desk.press(), &place.dossier, &place.state);
    assert_eq!(files.len(), 2 * numbers(&place.state).len());
}

#[test]
fn another_way_replaces_issues_and_withdraws() {
    let world = World::new();
    world.guarantee_everything();
    let reference = world.declare("KRV-2026-0502", days(5));
    let ways = world.ways(&reference, &["common-transit"]);
    let slugs = |case: &CaseFile| -> Vec<String> {
        case.state.list_current().map(|stated| stated.fact.slug.clone()).collect()
    };
    let first = world.accept(&reference, &ways[0], start()).unwrap();
    let mut seen = BTreeSet::from([slugs(&first)]);
    for way in &ways[1..] {
        let case = world.accept(&reference, way, days(1)).unwrap();
        seen.insert(slugs(&case));
        assert_reprints(&world, &case);
        let (all, current) = (&case.state.documents, numbers(&case.state));
        let distinct: BTreeSet<_> = all.iter().map(|stated| &stated.fact.number).collect();
        assert_eq!(distinct.len(), all.len(), "no number is given twice");
        assert!(case.state.findings.iter().all(|finding| !finding.code.starts_with("dossier.document")));
        let open = case.state.movements.values().filter(|movement| movement.state != "refused");
        for movement in open {
            for stated in all.iter().filter(|stated| !current.contains(&stated.fact.number)) {
                let stale = format!("\"{}\"", stated.fact.number);
                assert!(!movement.declared.fact.declaration.to_string().contains(&stale), "{stale}");
            }
        }
    }
    assert!(seen.len() > 1, "the ways differ in their papers");
    let case = load(&world, &reference);
    let ended = |wanted: fn(&DocumentStanding) -> bool| case.state.document_standing.values().any(wanted);
    assert!(ended(|standing| matches!(standing, DocumentStanding::Superseded { .. })));
    assert!(ended(|standing| matches!(standing, DocumentStanding::Cancelled { .. })));
}

#[test]
fn after_acceptance_an_amendment_waits_for_the_carrier_and_nothing_follows_until_then() {
    let world = World::new();
    let reference = accepted(&world, "KRV-2026-0503", &["common-transit"]);
    let not_yet = world.call("silkline", days(1), |call| {
        accept_carriage(&world.desk, call, &reference, None, None).map(|_| ())
    });
    assert!(not_yet.is_err(), "a forwarder is no carrier");
    let is_contract = |slug: &str| DocumentKind::find(slug).is_some_and(DocumentKind::is_contract);
    let note = load(&world, &reference).state.list_current().find(|one| is_contract(&one.fact.slug)).cloned();
    let note = note.unwrap().fact.number;
    world
        .call("rail", days(1), |call| accept_carriage(&world.desk, call, &reference, Some(&note), None))
        .unwrap();
    let before = load(&world, &reference);
    let pending = amend(&world, &reference, "/goods/0/packages", json!(321)).unwrap();
    assert_eq!(pending.state.consignment, before.state.consignment);
    assert_eq!(numbers(&pending.state), numbers(&before.state));
    assert_eq!(pending.state.movements, before.state.movements);
    let entry = pending.state.proposals[0].entry.clone();
    assert!(matches!(pending.state.standing[&entry], Standing::Proposed { .. }));

    let answer = |actor: &str, agreed: bool| {
        world.call(actor, days(2), |call| {
            let id = entry.as_str().get(..10).unwrap();
            answer_amendment(&world.desk, call, &reference, id, (agreed, "counted"))
        })
    };
    assert!(answer("silkline", true).is_err());
    let agreed = answer("rail", true).unwrap();
    assert_eq!(agreed.state.consignment.as_ref().unwrap().goods[0].packages, 321);
    assert!(numbers(&agreed.state).contains(&format!("{note}-R2")), "{:?}", numbers(&agreed.state));
    assert_reprints(&world, &agreed);
    let lodged = agreed.movements.iter().filter(|file| file.movement.state.kind() != StateKind::Planned);
    for file in lodged {
        let declared = &agreed.state.movements[&file.movement.id].declared.fact.declaration;
        assert!(declared.to_string().contains(&format!("{note}-R2")), "{}", file.movement.id);
    }
    assert!(answer("rail", true).is_err(), "nothing waits any more");

    // A refusal is a fact too, and changes nothing.
    let refused = amend(&world, &reference, "/goods/0/packages", json!(322)).unwrap();
    let entry = refused.state.proposals[1].entry.clone();
    let refused = world
        .call("rail", days(3), |call| {
            answer_amendment(&world.desk, call, &reference, entry.as_str(), (false, "not on the wagon"))
        })
        .unwrap();
    assert_eq!(refused.state.consignment.unwrap().goods[0].packages, 321);
    assert!(matches!(refused.state.standing[&entry], Standing::Ignored { .. }));
}

#[test]
fn a_bill_takes_the_place_of_the_waybill_and_goes_from_holder_to_holder() {
    let world = World::new();
    world.guarantee_everything();
    let reference = world.declare("KRV-2026-0504", days(5));
    let by_sea = |case: &CaseFile| case.state.list_current().any(|one| one.fact.slug == "sea-waybill");
    let ways = world.ways(&reference, &[]);
    let case = ways.iter().find_map(|way| {
        let case = world.accept(&reference, way, start()).ok()?;
        by_sea(&case).then_some(case)
    });
    let Some(case) = case else { panic!("some way goes by sea") };
    let say = |actor: &str, kind: &str, body: Value| {
        world.call(actor, days(1), |call| state_fact(&world.desk, call, &reference, kind, None, &body))
    };
    let waybill = case.state.list_current().find(|one| one.fact.slug == "sea-waybill").unwrap();
    let holder = "qinling-appliances";
    let case = say("rail", "bill_issued", json!({ "number": "BL-1", "holder": holder })).unwrap();
    let bill = case.state.bills.keys().next().unwrap().to_string();
    let current = case.state.list_current().find(|one| one.fact.slug == "bill-of-lading").unwrap();
    let superseded = DocumentStanding::Superseded { by: current.entry.clone() };
    assert_eq!(case.state.document_standing[&waybill.entry], superseded);
    assert_reprints(&world, &case);
    let given = say(holder, "bill_transferred", json!({ "bill": bill, "to": "bogazici-beyaz" })).unwrap();
    let standing = |case: &CaseFile| case.state.bills.values().next().unwrap().standing.clone();
    let held = BillStanding::Held { holder: "bogazici-beyaz".parse().unwrap(), pledged: false };
    assert_eq!(standing(&given), held);
    assert!(say(holder, "bill_surrendered", json!({ "bill": bill })).is_err());
    let done = say("bogazici-beyaz", "bill_surrendered", json!({ "bill": bill })).unwrap();
    assert_eq!(standing(&done), BillStanding::Surrendered);
}
