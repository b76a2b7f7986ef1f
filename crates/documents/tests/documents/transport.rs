//! Documents of carriage: which goes with which legs, how they hang together, and where each box stands in the data.

use crate::sample;
use kervan_documents::{
    DocumentKind, DocumentRequest, Inputs, Options, Part, SeaContract, check_carriage, generate,
    list_applicable, list_sections,
};
use kervan_model::{Consignment, Itinerary, Mode, Severity, Step};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The sample itinerary cut down to other legs.
fn way(legs: &[(Mode, &str, &str)]) -> Itinerary {
    let mut way = sample::itinerary();
    let Some(Step::Leg(pattern)) = way.steps.first().cloned() else { panic!("the sample begins with a leg") };
    let leg = |(mode, from, to): &(Mode, &str, &str)| {
        let mut leg = pattern.clone();
        (leg.mode, leg.from, leg.to) = (*mode, from.parse().unwrap(), to.parse().unwrap());
        Step::Leg(leg)
    };
    way.steps = legs.iter().map(leg).collect();
    way
}

#[test]
fn a_run_of_legs_has_the_document_of_its_law() {
    use Mode::{Ferry, InlandWater, Rail, Road, Sea};
    type Case<'a> = (&'a [(Mode, &'a str, &'a str)], &'a [(&'a str, usize, usize)]);
    let cases: [Case<'_>; 9] = [
        (&[(Rail, "CNXIA", "CNHRS"), (Rail, "CNHRS", "KZAAU")], &[("smgs", 0, 1)]),
        (
            &[
                (Rail, "CNXIA", "KZAAU"),
                (Ferry, "KZAAU", "AZALA"),
                (Rail, "AZALA", "GEPTI"),
                (Rail, "GEPTI", "TRIST"),
            ],
            &[("smgs", 0, 0), ("sea", 1, 1), ("cim-smgs", 2, 3)],
        ),
        (&[(Rail, "TRIST", "BGBOJ"), (Rail, "BGBOJ", "HUBUD")], &[("cim", 0, 1)]),
        (&[(Rail, "AZALA", "AZBAK")], &[("national-rail", 0, 0)]),
        (&[(Road, "AZALA", "GETBS"), (Road, "GETBS", "TRIST")], &[("cmr", 0, 0), ("cmr", 1, 1)]),
        (&[(Road, "CNXIA", "CNSGH")], &[("national-road", 0, 0)]),
        (&[(Sea, "GEPTI", "ROCND"), (Rail, "ROCND", "HUBUD")], &[("sea", 0, 0), ("cim", 1, 1)]),
        (&[(InlandWater, "ROCND", "HUBUD")], &[("inland-water", 0, 0)]),
        (
            // A ferry line that is open to the note is part of the run; at its end it is not.
            &[
                (Rail, "RUAAA", "RUMCX"),
                (Ferry, "RUMCX", "KZAAU"),
                (Rail, "KZAAU", "KZALA"),
                (Ferry, "KZAAU", "RUMCX"),
            ],
            &[("smgs", 0, 2), ("sea", 3, 3)],
        ),
    ];
    for (legs, expected) in cases {
        let found = list_sections(&way(legs));
        let found: Vec<_> = found.iter().map(|it| (it.document, it.first, it.last)).collect();
        assert_eq!(found, expected, "{legs:?}");
    }
}

#[test]
fn every_leg_is_under_exactly_one_document() {
    let modes = [Mode::Rail, Mode::Road, Mode::Sea, Mode::Ferry, Mode::InlandWater];
    let places = ["CNXIA", "KZAAU", "AZALA", "GEPTI", "TRIST", "ROCND", "RUMCX"];
    for seed in 0..400_usize {
        let leg = |index: usize| {
            let from = places[(seed + index) % places.len()];
            (
                modes[(seed / (index + 1) + index * 3) % modes.len()],
                from,
                places[(seed + index + 1) % places.len()],
            )
        };
        let legs: Vec<_> = (0..1 + seed % 6).map(leg).collect();
        let covered: Vec<usize> =
            list_sections(&way(&legs)).iter().flat_map(|section| section.first..=section.last).collect();
        assert_eq!(covered, (0..legs.len()).collect::<Vec<_>>(), "{legs:?}");
    }
}

#[test]
fn what_is_not_made_here_is_a_finding_with_its_remedy() {
    let consignment = sample::consignment();
    let way = way(&[(Mode::Sea, "GEPTI", "ROCND"), (Mode::Rail, "ROCND", "HUBUD")]);
    let findings = check_carriage(&sample::inputs(&consignment, Some(&way), &[]));
    assert_eq!(findings.len(), 1);
    assert!(findings[0].message.contains("ROCND – HUBUD"), "{}", findings[0].message);
    assert_eq!(findings[0].severity, Severity::Warning);
    assert!(findings[0].remedy.is_some() && findings[0].source.is_some());
}

fn contracts(inputs: &Inputs<'_>) -> Vec<(String, Option<String>, Option<String>)> {
    let of_carriage = |request: &DocumentRequest| matches!(request.part, Part::Legs { .. });
    let mut all: Vec<_> = list_applicable(inputs).into_iter().filter(of_carriage).collect();
    all.retain(|request| request.kind != DocumentKind::CargoManifest);
    all.sort_by_key(|request| request.part);
    let row = |request: DocumentRequest| {
        let previous = request.previous.as_ref();
        let place = previous.and_then(|previous| previous.place.as_ref()).map(ToString::to_string);
        (request.number, previous.map(|previous| previous.number.clone()), place)
    };
    all.into_iter().map(row).collect()
}

/// The chain of numbers where the law of carriage changes.
#[test]
fn each_document_names_the_one_before_it_and_where_it_takes_over() {
    let consignment = sample::consignment();
    let by_rail = sample::itinerary();
    let by_road = sample::itinerary_by_road();
    let negotiable = Options { sea: SeaContract::Negotiable };
    let number = |series: &str| format!("KRV-2026-0117-{series}");
    let cases = [
        (
            &by_rail,
            Options::default(),
            vec![("SMGS", None), ("710", Some(("SMGS", "KZAAU"))), ("722", Some(("710", "AZALA")))],
        ),
        (
            &by_rail,
            negotiable,
            vec![("SMGS", None), ("705", Some(("SMGS", "KZAAU"))), ("722", Some(("705", "AZALA")))],
        ),
        (
            &by_road,
            Options::default(),
            vec![
                ("SMGS", None),
                ("710", Some(("SMGS", "KZAAU"))),
                ("730", Some(("710", "AZALA"))),
                ("730-2", Some(("730", "GE-AKHAL"))),
            ],
        ),
    ];
    for (way, options, expected) in cases {
        let inputs = Inputs { options, ..sample::inputs(&consignment, Some(way), &[]) };
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(series, previous)| {
                let before = previous.map(|(series, _)| number(series));
                (number(series), before, previous.map(|(_, place)| place.to_owned()))
            })
            .collect();
        assert_eq!(contracts(&inputs), expected);
    }
}

#[test]
fn numbers_and_names_are_unique_and_the_reference_to_an_issued_document_keeps_its_day() {
    let (consignment, way) = (sample::detailed_consignment(), sample::itinerary_by_road());
    let inputs = sample::inputs(&consignment, Some(&way), &[]);
    let all = list_applicable(&inputs);
    let numbers: BTreeSet<_> = all.iter().map(|request| (request.kind, request.number.clone())).collect();
    let names: BTreeSet<_> = all.iter().map(DocumentRequest::name).collect();
    assert_eq!((numbers.len(), names.len()), (all.len(), all.len()));
    let mut before: Vec<_> = all.iter().filter_map(|request| request.previous.clone()).collect();
    before[0].issued = "2026-11-30".parse().unwrap();
    let reissued = Inputs { previous: &before[..1], ..inputs };
    let found = list_applicable(&reissued).into_iter().find_map(|request| request.previous);
    assert_eq!(found.unwrap().issued, "2026-11-30".parse().unwrap());
}

/// Where each box stands in the data. Source: `tests/documents/pointers.csv`.
fn pointers() -> BTreeMap<String, Vec<(String, String)>> {
    let mut pointers: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for line in include_str!("pointers.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [kind, id, pointer] = cells.as_slice() else { panic!("{line}") };
        pointers.entry((*kind).to_owned()).or_default().push(((*id).to_owned(), (*pointer).to_owned()));
    }
    pointers
}

#[test]
fn every_claimed_box_is_filled_in_the_form_and_in_the_data() {
    let mut many = sample::consignment();
    sample::add_equipment(&mut many, 6);
    let detailed = sample::detailed_consignment();
    let (rail, road) = (sample::itinerary(), sample::itinerary_by_road());
    let previous = sample::movements();
    for (slug, boxes) in pointers() {
        let kind = DocumentKind::find(&slug).unwrap();
        let way = if kind == DocumentKind::Cmr { &road } else { &rail };
        let sea =
            if kind == DocumentKind::BillOfLading { SeaContract::Negotiable } else { SeaContract::Waybill };
        let is_list = matches!(kind, DocumentKind::WagonList | DocumentKind::ContainerList);
        let consignment = if is_list { &many } else { &detailed };
        let inputs = Inputs {
            options: Options { sea },
            movements: &previous,
            ..sample::inputs(consignment, Some(way), &[])
        };
        let request = list_applicable(&inputs).into_iter().find(|request| request.kind == kind).unwrap();
        let document = generate(&request, &inputs).unwrap();
        for (id, pointer) in boxes {
            let in_table = document.form.tables.iter().any(|table| {
                let place = table.columns.iter().position(|column| column.id == id);
                place.is_some_and(|place| table.rows.iter().any(|row| !row.cells[place].is_empty()))
            });
            let in_box = document.form.find_box(&id).is_some_and(|form_box| !form_box.lines.is_empty());
            assert!(in_table || in_box, "{kind} box {id} is empty on the form");
            let value = document.data.pointer(&pointer).and_then(Value::as_str);
            assert!(value.is_some_and(|text| !text.is_empty()), "{kind} box {id}: nothing at {pointer}");
        }
    }
}

/// The waybill has no schema with parties; it is written as the bill is, so the bill's schema accepts it but for its type.
#[test]
#[expect(clippy::print_stderr, reason = "says why nothing was validated")]
fn detailed_documents_fit_the_published_schemas() {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/uncefact-d23b");
    if !folder.is_dir() {
        eprintln!("the UN/CEFACT schemas are not at hand: nothing validated against them");
        return;
    }
    let consignment = sample::detailed_consignment();
    let movements = sample::movements();
    for way in [sample::itinerary(), sample::itinerary_by_road()] {
        for sea in [SeaContract::Waybill, SeaContract::Negotiable] {
            let inputs = Inputs {
                options: Options { sea },
                movements: &movements,
                ..sample::inputs(&consignment, Some(&way), &[])
            };
            let of_carriage = |request: &DocumentRequest| matches!(request.part, Part::Legs { .. });
            for request in list_applicable(&inputs).into_iter().filter(of_carriage) {
                let is_waybill = request.kind == DocumentKind::SeaWaybill;
                let schema = if is_waybill { DocumentKind::BillOfLading } else { request.kind }.find_schema();
                let Some(schema) = schema.filter(|name| folder.join(name).is_file()) else { continue };
                let mut data = generate(&request, &inputs).unwrap().data;
                if is_waybill {
                    data["exchangedDocument"]["typeCode"]["content"] = "706".into();
                }
                let schema = std::fs::read_to_string(folder.join(schema)).unwrap();
                let schema: Value = serde_json::from_str(&schema).unwrap();
                let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
                let faults: Vec<String> =
                    validator.iter_errors(&data).map(|error| error.instance_path().to_string()).collect();
                assert_eq!(faults, Vec::<String>::new(), "{}", request.name());
            }
        }
    }
}

fn findings_of(change: fn(&mut Consignment), kind: DocumentKind) -> Vec<(String, String)> {
    let mut consignment = sample::detailed_consignment();
    change(&mut consignment);
    let way = sample::itinerary();
    let inputs = sample::inputs(&consignment, Some(&way), &[]);
    let request = list_applicable(&inputs).into_iter().find(|request| request.kind == kind).unwrap();
    let findings = generate(&request, &inputs).unwrap().findings;
    findings.into_iter().map(|finding| (finding.code, finding.path.unwrap_or_default())).collect()
}

#[test]
fn what_the_railways_will_ask_for_is_named_with_its_path() {
    type Change = fn(&mut Consignment);
    let (smgs, common) = (DocumentKind::Smgs, DocumentKind::CimSmgs);
    let cases: [(DocumentKind, Change, &str, &str); 5] = [
        (smgs, |it| it.goods[1].descriptions.clear(), "documents.language-missing", "/goods/1/descriptions"),
        (common, |it| it.charges.clear(), "documents.payer-unknown", "/charges"),
        (
            smgs,
            |it| it.goods[2].rail_codes.gng = None,
            "documents.rail-code-missing",
            "/goods/2/rail_codes/gng",
        ),
        (common, |it| it.wagons.clear(), "documents.wagon-unknown", "/wagons"),
        (
            smgs,
            |it| it.equipment[1].verified_mass = None,
            "documents.weighing-unknown",
            "/equipment/1/verified_mass",
        ),
    ];
    for (kind, change, code, path) in cases {
        let whole = findings_of(|_| (), kind);
        assert!(whole.iter().all(|(found, _)| found != code), "{code} without cause: {whole:?}");
        let found = findings_of(change, kind);
        assert!(found.contains(&(code.to_owned(), path.to_owned())), "{code}: {found:?}");
    }
}

#[test]
fn a_long_train_is_listed_apart_and_its_note_refers_to_the_lists() {
    let mut consignment = sample::consignment();
    sample::add_equipment(&mut consignment, 118);
    let way = sample::itinerary();
    let inputs = sample::inputs(&consignment, Some(&way), &[]);
    let all = list_applicable(&inputs);
    let of = |kind: DocumentKind| all.iter().filter(|request| request.kind == kind).collect::<Vec<_>>();
    // One list for each note by rail.
    assert_eq!((of(DocumentKind::WagonList).len(), of(DocumentKind::ContainerList).len()), (2, 2));
    let list = generate(of(DocumentKind::ContainerList)[1], &inputs).unwrap();
    assert_eq!(list.form.tables[0].rows.len(), 120);
    assert!(list.form.find_box("note").unwrap().lines[0].ends_with("-722"));
    let note = generate(of(DocumentKind::Smgs)[0], &inputs).unwrap();
    assert!(note.form.find_box("7").unwrap().lines[0].contains("ведомость вагонов"));
    assert_eq!(
        note.data["specifiedConsignment"][0]["utilizedLogisticsTransportEquipment"].as_array().unwrap().len(),
        118
    );
}

#[test]
fn a_manifest_takes_the_consignments_of_the_voyage() {
    let (ours, theirs, way) = (sample::consignment(), sample::large_consignment(7), sample::itinerary());
    let companions = [&theirs];
    let inputs = Inputs { companions: &companions, ..sample::inputs(&ours, Some(&way), &[]) };
    let manifest = sample::make(DocumentKind::CargoManifest, &inputs).unwrap();
    assert_eq!(manifest.form.tables[0].rows.len(), 2);
    assert_eq!(manifest.data["specifiedConsignment"].as_array().unwrap().len(), 2);
    assert!(manifest.findings.iter().all(|finding| finding.code != "documents.manifest-of-one"));
}
