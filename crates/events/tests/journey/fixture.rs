//! An itinerary with a border, a change of gauge, a ferry and a delivery, and the reports of a journey along it.

use jiff::{SignedDuration, Timestamp};
use kervan_codes::{ContainerNumber, PlaceCode};
use kervan_events::report::{self, Sighting};
use kervan_events::{Event, MilestoneCode, plan_milestones, read_capture};
use kervan_model::{
    ArrivalOdds, Confidence, Cost, Itinerary, Leg, Mode, PlanInputs, ProcessKind, ProcessStay, Provenance,
    Reference, ServiceStatus, Stay, Step, TrafficClass,
};
use kervan_units::{Carbon, Currency, Distance, Estimate, Mass, Money, Seconds};
use serde_json::Value;

pub(crate) const START: &str = "2026-12-01T08:00:00Z";

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn after(hours: i64) -> Timestamp {
    instant(START) + SignedDuration::from_hours(hours)
}

fn hours(least: u64, typical: u64, most: u64) -> Estimate<Seconds> {
    let [least, typical, most] = [least, typical, most].map(Seconds::from_hours);
    Estimate::new(least, typical, most).unwrap()
}

fn judged() -> Provenance {
    Provenance { source: "made up for a test".into(), period: "2026".into(), confidence: Confidence::Low }
}

fn stay(place: &str, at: &mut i64, processes: &[(ProcessKind, [u64; 3])]) -> Step {
    let arrives = after(*at);
    *at += processes.iter().map(|(_, [_, typical, _])| *typical as i64).sum::<i64>();
    let process = |(kind, [least, typical, most]): &(ProcessKind, [u64; 3])| ProcessStay {
        kind: *kind,
        duration: hours(*least, *typical, *most),
        includes_waiting: false,
        provenance: judged(),
    };
    let processes = processes.iter().map(process).collect();
    Step::Stay(Stay { place: place.parse().unwrap(), arrives, leaves: after(*at), processes })
}

fn leg(service: &str, mode: Mode, from: &str, to: &str, at: &mut i64, running: [u64; 3]) -> Step {
    let departs = after(*at);
    *at += running[1] as i64;
    Step::Leg(Leg {
        service: service.parse().unwrap(),
        name: service.to_owned(),
        operator: "someone".into(),
        class: if mode == Mode::Rail { TrafficClass::BlockTrain } else { TrafficClass::Ferry },
        mode,
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        departs,
        arrives: after(*at),
        running: hours(running[0], running[1], running[2]),
        distance: Estimate::exactly(Distance::from_kilometres(500)),
        countries: vec!["KZ".parse().unwrap()],
        cost: None,
        carbon: Carbon::default(),
        status: ServiceStatus::Open,
        provenance: judged(),
    })
}

/// Xi'an - Altynkol (border and gauge) - Aktau - Alat - Istanbul. Typical hours: 12, 60, 8 + 10, 72, 48, 24, 6, 90, 12.
pub(crate) fn itinerary() -> Itinerary {
    let at = &mut 0;
    let steps = vec![
        stay("CNXIA", at, &[(ProcessKind::Formation, [6, 12, 30])]),
        leg("S001", Mode::Rail, "CNXIA", "KZ-ALTYN", at, [48, 60, 96]),
        stay("KZ-ALTYN", at, &[(ProcessKind::Border, [4, 8, 48]), (ProcessKind::GaugeChange, [6, 10, 24])]),
        leg("S002", Mode::Rail, "KZ-ALTYN", "KZAAU", at, [60, 72, 120]),
        stay("KZAAU", at, &[(ProcessKind::Transfer, [24, 48, 168])]),
        leg("S003", Mode::Ferry, "KZAAU", "AZALT", at, [18, 24, 40]),
        stay("AZALT", at, &[(ProcessKind::Border, [2, 6, 24])]),
        leg("S004", Mode::Rail, "AZALT", "TRIST", at, [72, 90, 160]),
        stay("TRIST", at, &[(ProcessKind::Delivery, [6, 12, 36])]),
    ];
    let usd: Currency = "USD".parse().unwrap();
    let none = Money::from_minor(0, usd);
    let arrives = after(*at);
    Itinerary {
        inputs: PlanInputs {
            network_version: "0".repeat(16),
            seed: 1,
            samples: 1_000,
            equipment: vec![(1, "45G1".parse().unwrap())],
            gross_mass: Mass::from_kilograms(20_000),
            figures: None,
        },
        departs: after(0),
        arrives: ArrivalOdds { p10: arrives, p50: arrives, p90: arrives },
        distance: Distance::from_kilometres(2_000),
        countries: vec!["CN".parse().unwrap(), "KZ".parse().unwrap()],
        confidence: Confidence::Low,
        cost: Cost { total: none, low: none, high: none, published: none, judged: none, unknown: Vec::new() },
        carbon: Carbon::default(),
        steps,
    }
}

/// The report of one milestone, `late` hours after its planned time.
pub(crate) fn report_of(code: MilestoneCode, place: &PlaceCode, at: Timestamp) -> Value {
    let consignment: Reference = "KRV-2026-0001".parse().unwrap();
    let containers: [ContainerNumber; 1] = ["CSQU3054383".parse().unwrap()];
    let sighting = Sighting {
        consignment: &consignment,
        containers: &containers,
        place,
        at,
        offset: jiff::tz::offset(5),
    };
    let ship = kervan_events::mapping::ship_uri("9176187").unwrap();
    let movement = "KRV-2026-0001/1".parse().unwrap();
    match code {
        MilestoneCode::Ready => report::ready(&sighting),
        MilestoneCode::Arrived => report::arriving(&sighting),
        MilestoneCode::Unloaded => report::unloading(&sighting, &ship),
        MilestoneCode::GaugeChanged => report::changing_gauge(&sighting),
        MilestoneCode::Released => report::releasing(&sighting, &movement),
        MilestoneCode::Loaded => report::loading(&sighting, &ship),
        MilestoneCode::Departed => report::departing(&sighting, &"S001".parse().unwrap(), place),
        MilestoneCode::Delivered => report::delivered(&sighting),
    }
}

/// The reports of the first `count` milestones, each `late` hours after its planned time.
pub(crate) fn reports(count: usize, late: i64) -> Vec<Value> {
    let milestones = plan_milestones(&itinerary());
    let late = SignedDuration::from_hours(late);
    milestones.iter().take(count).map(|m| report_of(m.code, &m.place, m.planned + late)).collect()
}

/// The events of these reports, captured long after.
pub(crate) fn captured(reports: &[Value]) -> Vec<Event> {
    let now = after(10_000);
    read_capture(&report::document(reports, now), now).unwrap()
}
