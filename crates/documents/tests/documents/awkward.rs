//! Consignments that are hard to put on paper: every document of them is valid by its published schema, or is not made and
//! says where and what to do.

use crate::published::check_data;
use crate::{datasets, sample};
use kervan_documents::{Inputs, generate, list_applicable};
use kervan_model::{Consignment, DangerousGoods, Itinerary, Severity, Step};
use kervan_units::Mass;
use std::collections::BTreeMap;

/// A change that makes a consignment awkward.
type Change = fn(&mut Consignment);

const AWKWARD: [(&str, Change); 8] = [
    ("ordinary", |_| {}),
    ("120 containers on wagons", |consignment| sample::add_equipment(consignment, 120)),
    ("dangerous goods alone", |consignment| {
        let dangerous = consignment.goods[2].dangerous.clone();
        for item in &mut consignment.goods {
            item.dangerous.clone_from(&dangerous);
        }
    }),
    ("dangerous goods of which little is known", |consignment| {
        let dangerous = consignment.goods[2].dangerous.as_mut().unwrap();
        *dangerous = DangerousGoods { packing_group: None, shipping_name: None, ..dangerous.clone() };
    }),
    ("names of 300 characters", |consignment| {
        for party in &mut consignment.parties {
            party.name = "Общество с ограниченной ответственностью ".repeat(8);
            party.address = "улица, ".repeat(45);
        }
    }),
    ("descriptions of 2,000 characters with signs of markup", |consignment| {
        for item in &mut consignment.goods {
            item.description = "Pumps <DN 100> & \"valves\" ]]> \u{1}\u{fffe}😀 ".repeat(50);
            item.marks = Some("<!-- -->".repeat(30));
        }
    }),
    ("no masses", |consignment| {
        for item in &mut consignment.goods {
            (item.gross_mass, item.net_mass) = (Mass::from_grams(0), Mass::from_grams(0));
        }
    }),
    ("nothing packed, sealed or marked", |consignment| {
        consignment.equipment.clear();
        consignment.wagons.clear();
        consignment.vehicles.clear();
        consignment.transport.clear();
        consignment.documents.clear();
        for item in &mut consignment.goods {
            item.containers.clear();
            item.marks = None;
        }
    }),
];

#[test]
#[expect(clippy::print_stderr, reason = "says why nothing was validated")]
fn every_document_is_valid_or_says_what_it_lacks() {
    let movements = [datasets::movement("common-transit")];
    let (mut validated, mut refused) = (0, 0);
    let mut checks = BTreeMap::new();
    for (name, change) in AWKWARD {
        let mut consignment = datasets::regulated();
        change(&mut consignment);
        for way in [sample::itinerary(), sample::itinerary_by_road()] {
            let inputs = Inputs { movements: &movements, ..sample::inputs(&consignment, Some(&way), &[]) };
            for request in list_applicable(&inputs) {
                let at = format!("{}, {name}", request.name());
                match generate(&request, &inputs) {
                    Ok(document) => {
                        let check = checks.entry(request.kind).or_insert_with(|| check_data(request.kind));
                        let Some(check) = check else { continue };
                        assert_eq!(check(&document.data), Vec::<String>::new(), "{at}");
                        validated += 1;
                    }
                    Err(findings) => {
                        for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
                            assert!(finding.remedy.is_some() && finding.path.is_some(), "{at}: {finding:#?}");
                        }
                        refused += 1;
                    }
                }
            }
        }
    }
    assert!(refused > 3, "{refused}");
    if validated == 0 {
        eprintln!("no published schema is at hand: nothing validated against them");
    }
}

#[test]
fn text_beyond_the_limit_of_a_field_is_a_finding_with_place_and_remedy() {
    let mut consignment = datasets::regulated();
    consignment.parties[0].name = "X".repeat(71);
    let (way, movements) = (sample::itinerary(), [datasets::movement("common-transit")]);
    let inputs = Inputs { movements: &movements, ..sample::inputs(&consignment, Some(&way), &[]) };
    let request =
        list_applicable(&inputs).into_iter().find(|one| one.kind.slug() == "ncts-declaration").unwrap();
    let findings = generate(&request, &inputs).unwrap_err();
    let finding = findings.iter().find(|finding| finding.code == "documents.field-too-long").unwrap();
    assert!(finding.message.contains("71 characters, and 70"), "{}", finding.message);
    assert_eq!(finding.path.as_deref(), Some("/parties/0/name"));
    assert!(finding.remedy.is_some() && finding.source.is_some());
}

/// A note has room for twelve legs and six sections of charges: what is beyond is said and not dropped in silence.
#[test]
fn what_a_note_has_no_room_for_is_said() {
    let mut way: Itinerary = sample::itinerary();
    let rail = way.steps[0].clone();
    way.steps.retain(|step| !matches!(step, Step::Leg(_)));
    for _ in 0..14 {
        way.steps.push(rail.clone());
    }
    let mut consignment = sample::detailed_consignment();
    consignment.to = "KZ-ALTYN".parse().unwrap();
    let inputs = sample::inputs(&consignment, Some(&way), &[]);
    let note = sample::make(kervan_documents::DocumentKind::Smgs, &inputs).unwrap();
    let codes: Vec<&str> = note.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert!(codes.contains(&"documents.too-many-legs"), "{codes:?}");
}
