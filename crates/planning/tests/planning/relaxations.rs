//! No way as asked: the smallest change that opens one, proved smallest by trying every smaller one.

use crate::shared::{network, plan_all, request};
use kervan_network::Network;
use kervan_planning::{PlanOptions, PlanRequest, list_chains, plan};

/// A change that takes one condition back.
type Relax = fn(&mut PlanRequest);

/// From, to, the conditions, and each condition with the words that name it and how to take it back.
struct Case {
    ends: (&'static str, &'static str),
    ask: fn(&mut PlanRequest),
    conditions: &'static [(&'static str, Relax)],
}

const DISRUPTED: (&str, Relax) = ("allow disrupted services", |r| r.allow_disrupted = true);
const PLANNED: (&str, Relax) = ("allow planned services", |r| r.allow_planned = true);

const CASES: &[Case] = &[
    Case { ends: ("CNXIA", "IRBND"), ask: |_| {}, conditions: &[DISRUPTED, PLANNED] },
    Case { ends: ("CNXIA", "AM-MEGHRI"), ask: |_| {}, conditions: &[DISRUPTED, PLANNED] },
    Case {
        ends: ("CNXIA", "TRIST"),
        ask: |r| {
            r.conditions
                .avoid
                .countries
                .extend(["KZ".parse::<kervan_codes::CountryCode>().unwrap(), "KG".parse().unwrap()]);
            r.conditions.avoid.modes.push(kervan_model::Mode::Sea);
        },
        conditions: &[
            DISRUPTED,
            PLANNED,
            ("do not avoid the territory KZ", |r| {
                r.conditions.avoid.countries.retain(|country| country.as_str() != "KZ")
            }),
            ("do not avoid the territory KG", |r| {
                r.conditions.avoid.countries.retain(|country| country.as_str() != "KG")
            }),
            ("do not avoid the mode sea", |r| r.conditions.avoid.modes.clear()),
        ],
    },
    Case {
        ends: ("TRKSY", "TRKPU"),
        ask: |r| {
            r.conditions.dangerous.push("3".to_owned());
            r.conditions.avoid.modes.extend([
                kervan_model::Mode::Sea,
                kervan_model::Mode::Ferry,
                kervan_model::Mode::Road,
            ]);
        },
        conditions: &[
            DISRUPTED,
            PLANNED,
            ("send the dangerous goods of class 3 on their own", |r| r.conditions.dangerous.clear()),
            ("do not avoid the mode sea", |r| {
                r.conditions.avoid.modes.retain(|mode| *mode != kervan_model::Mode::Sea)
            }),
            // From Georgia a ferry goes around the straits.
            ("do not avoid the mode ferry", |r| {
                r.conditions.avoid.modes.retain(|mode| *mode != kervan_model::Mode::Ferry)
            }),
            ("do not avoid the mode road", |r| {
                r.conditions.avoid.modes.retain(|mode| *mode != kervan_model::Mode::Road)
            }),
        ],
    },
    Case {
        ends: ("CNXIA", "TRIST"),
        ask: |r| r.conditions.horizon_days = Some(3),
        conditions: &[
            ("look further ahead than 3 days", |r| r.conditions.horizon_days = None),
            DISRUPTED,
            PLANNED,
        ],
    },
    Case {
        ends: ("CNXIA", "TRIST"),
        ask: |r| r.conditions.most_transshipments = Some(0),
        conditions: &[
            ("allow more transshipments", |r| r.conditions.most_transshipments = None),
            DISRUPTED,
            PLANNED,
        ],
    },
    Case {
        ends: ("KZAAU", "AZALA"),
        ask: |r| {
            r.conditions.require.carriers.push("UTLC ERA".to_owned());
            r.conditions.avoid.countries.push("RU".parse().unwrap());
        },
        conditions: &[
            DISRUPTED,
            PLANNED,
            ("do not require the carrier UTLC ERA", |r| r.conditions.require.carriers.clear()),
            ("do not avoid the territory RU", |r| r.conditions.avoid.countries.clear()),
        ],
    },
];

fn has_way(network: &Network, request: &PlanRequest) -> bool {
    !list_chains(network, request, &PlanOptions::default()).unwrap().is_empty()
}

#[test]
fn the_smallest_relaxation_is_named_and_no_smaller_one_opens_a_way() {
    let network = network();
    for (number, case) in CASES.iter().enumerate() {
        let mut asked = request(case.ends.0, case.ends.1);
        (case.ask)(&mut asked);
        let found = plan(&network, &asked, &PlanOptions { samples: 100, ..PlanOptions::default() }).unwrap();
        assert!(found.alternatives.is_empty(), "case {number} has a way");
        let relaxed = |set: u32| {
            let mut request = asked.clone();
            let chosen = case.conditions.iter().enumerate().filter(|(index, _)| set & (1 << index) != 0);
            chosen.for_each(|(_, (_, relax))| relax(&mut request));
            request
        };
        let opening: Vec<u32> =
            (0..1 << case.conditions.len()).filter(|set| has_way(&network, &relaxed(*set))).collect();
        let smallest = opening.iter().map(|set| set.count_ones()).min().unwrap();
        let remedies: Vec<&str> =
            found.findings.iter().filter_map(|finding| finding.remedy.as_deref()).collect();
        assert!(!remedies.is_empty(), "case {number}: {:?}", found.findings);
        for remedy in &remedies {
            let named = case.conditions.iter().enumerate().filter(|(_, (words, _))| remedy.contains(words));
            let set = named.fold(0_u32, |set, (index, _)| set | (1 << index));
            assert!(opening.contains(&set), "case {number}: {remedy} opens nothing; {opening:?} do");
            assert_eq!(set.count_ones(), smallest, "case {number}: {remedy}");
        }
        for finding in &found.findings {
            assert!(finding.path.is_some(), "case {number}: {finding:?}");
        }
    }
}

#[test]
fn what_is_closed_is_named_with_since_or_until_when() {
    let network = network();
    let message = |to: &str| {
        let found = plan(&network, &request("CNXIA", to), &PlanOptions::default()).unwrap();
        found.findings.first().map(|finding| format!("{} {}", finding.code, finding.message)).unwrap()
    };
    let disrupted = message("IRBND");
    assert!(
        disrupted.contains("planning.no-open-way") && disrupted.contains("disrupted since 2026-0"),
        "{disrupted}"
    );
    let planned = message("AM-MEGHRI");
    assert!(planned.contains("planning.no-open-way") && planned.contains("planned for 2030"), "{planned}");
}

#[test]
fn who_must_arrive_too_early_is_told_when_the_first_is_there() {
    let mut request = request("UZTAS", "TRIST");
    request.conditions.arrive_by = Some("2026-12-03T08:00:00Z".parse().unwrap());
    let plan = plan_all(&network(), &request);
    let finding = plan.findings.iter().find(|finding| finding.code == "planning.no-way-as-asked").unwrap();
    assert_eq!(finding.path.as_deref(), Some("/conditions/arrive_by"));
    // Asked again for the time that is named, there is a way.
    let named = finding.remedy.as_deref().unwrap().split_whitespace().find_map(|word| word.parse().ok());
    request.conditions.arrive_by = Some(named.unwrap());
    assert!(!plan_all(&network(), &request).alternatives.is_empty());
}
