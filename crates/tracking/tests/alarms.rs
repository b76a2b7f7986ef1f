//! Alarms over a simulated corridor: none twice, each comes to an end, and a storm is told as one.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

use jiff::{SignedDuration, Timestamp};
use kervan_codes::PlaceCode;
use kervan_events::{assess_progress, assess_standing, read_capture};
use kervan_model::Reference;
use kervan_network::Network;
use kervan_simulation::{Outcome, Play, Script, ScriptEntry, ScriptFile, Shut, What};
use kervan_tracking::alarm::{
    Alarm, AlarmChange, AlarmKind, AlarmOrder, AlarmState, Alarms, Digest, Gathered, Owner, Watched, gather,
    watch,
};
use kervan_tracking::{EtaInputs, Known, Learned, Parameters, Queues, estimate_arrival};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))).ok()
}

static PARAMETERS: LazyLock<Parameters> =
    LazyLock::new(|| Parameters::load(|name| read(&format!("data/tracking/{name}"))).unwrap());

/// What happened to the alarms of a play.
struct Watch {
    raised: Vec<(Timestamp, Alarm)>,
    changes: Vec<(Timestamp, AlarmChange)>,
    last: BTreeMap<Reference, Alarms>,
    most_digests: usize,
    most_open: usize,
}

/// A dozen consignments over one sea within a day, under names of their own.
fn script() -> Script {
    let demo: ScriptFile = serde_norway::from_str(&read("scenarios/demo/play.yaml").unwrap()).unwrap();
    let first = demo.consignments.first().unwrap();
    let text = read(&format!("scenarios/demo/consignments/{}.yaml", first.file)).unwrap();
    let names: Vec<String> = (0..12).map(|number| format!("STORM-{number:02}")).collect();
    let entries = names.iter().map(|name| ScriptEntry { file: name.clone(), ..first.clone() });
    let file = ScriptFile { start: demo.start, consignments: entries.collect() };
    let find = |name: &str| {
        let mut value: serde_norway::Value = serde_norway::from_str(&text).unwrap();
        value["reference"] = name.into();
        serde_norway::from_value(value).ok()
    };
    Script::read(&file, find).unwrap()
}

/// Plays them with every ship shut for three weeks, and looks at every consignment every six hours.
fn play() -> Watch {
    let (network, _) = Network::load(|name| read(&format!("data/network/{name}"))).unwrap();
    let network = Arc::new(network);
    let script = script();
    let mut next_look = script.start();
    let from: Timestamp = "2026-12-05T00:00:00Z".parse().unwrap();
    let shut = network
        .list_services()
        .filter(|service| !matches!(service.mode, kervan_model::Mode::Rail | kervan_model::Mode::Road))
        .map(|service| Shut {
            service: service.id.clone(),
            from,
            until: from + SignedDuration::from_hours(21 * 24),
        });
    let mut play =
        Play::new(script, network.clone(), |_| "carrier".parse().ok(), 4).with_shut(shut.collect());
    let mut itineraries = BTreeMap::new();
    let mut events: BTreeMap<Reference, Vec<_>> = BTreeMap::new();
    let mut watching = Watch {
        raised: Vec::new(),
        changes: Vec::new(),
        last: BTreeMap::new(),
        most_digests: 0,
        most_open: 0,
    };
    while let Some(act) = play.next_act() {
        while next_look <= act.at {
            for (reference, itinerary) in &itineraries {
                look(&mut watching, reference, itinerary, &events[reference], next_look);
            }
            tally(&mut watching);
            next_look += SignedDuration::from_hours(6);
        }
        let outcome = match &act.what {
            What::Accept { .. } => {
                itineraries.insert(act.reference.clone(), play.proposed().unwrap().clone());
                events.insert(act.reference.clone(), Vec::new());
                Outcome::Done
            }
            What::Capture { document } => {
                let of = events.get_mut(&act.reference).unwrap();
                of.extend(read_capture(document, act.at).unwrap());
                look(
                    &mut watching,
                    &act.reference,
                    &itineraries[&act.reference],
                    &events[&act.reference],
                    act.at,
                );
                Outcome::Done
            }
            What::AskRelease { .. } => Outcome::Released,
            What::Declare { .. } | What::Attach(_) | What::Position { .. } | What::Amend { .. } => {
                Outcome::Done
            }
        };
        play.tell(outcome);
    }
    assert!(play.is_done());
    watching
}

fn tally(watching: &mut Watch) {
    let open: Vec<&Alarm> =
        watching.last.values().flat_map(Alarms::list).filter(|alarm| alarm.is_open()).collect();
    let digests = digests_of(&open);
    watching.most_digests = watching.most_digests.max(digests.len());
    watching.most_open = watching.most_open.max(open.len());
}

fn look(
    watching: &mut Watch,
    reference: &Reference,
    itinerary: &kervan_model::Itinerary,
    events: &[kervan_events::Event],
    now: Timestamp,
) {
    let progress = assess_progress(itinerary, events);
    let (learned, queues) = (Learned::default(), Queues::default());
    let known = Known {
        learned: &learned,
        parameters: &PARAMETERS,
        closures: &[],
        queues: &queues,
        missed: None,
        calibration: None,
    };
    let place_name = |place: &PlaceCode| place.to_string();
    let eta = estimate_arrival(&EtaInputs {
        itinerary,
        progress: &progress,
        holds: &[],
        position: None,
        now,
        seed: 1,
        samples: 60,
        previous: None,
        known,
        place_name: &place_name,
    });
    let standing = assess_standing(events);
    let watched = Watched {
        reference,
        itinerary,
        progress: &progress,
        events: &standing.events,
        eta: &eta,
        learned: &learned,
        found: &[],
        parameters: &PARAMETERS,
        now,
        place_name: &place_name,
    };
    let changes = watching.last.entry(reference.clone()).or_default().take(&watched, &watch(&watched));
    for change in changes {
        if let AlarmChange::Raised(alarm) = &change {
            watching.raised.push((now, alarm.clone()));
        }
        watching.changes.push((now, change));
    }
}

static WATCH: LazyLock<Watch> = LazyLock::new(play);

#[test]
fn no_alarm_is_raised_twice() {
    let names: BTreeSet<&str> = WATCH.raised.iter().map(|(_, alarm)| alarm.id.as_str()).collect();
    assert_eq!(names.len(), WATCH.raised.len());
    let kinds: BTreeSet<AlarmKind> = WATCH.raised.iter().map(|(_, alarm)| alarm.kind).collect();
    assert!(kinds.contains(&AlarmKind::Late) && kinds.contains(&AlarmKind::Dwell), "{kinds:?}");
    assert!(WATCH.raised.iter().all(|(at, alarm)| alarm.raised == *at && !alarm.reason.is_empty()));
}

#[test]
fn every_alarm_is_over_when_the_goods_are_there() {
    for alarm in WATCH.last.values().flat_map(Alarms::list) {
        assert!(matches!(alarm.state, AlarmState::Resolved { .. }), "{alarm:?}");
    }
    let resolved = WATCH.changes.iter().filter(|(_, change)| matches!(change, AlarmChange::Resolved(_)));
    assert_eq!(resolved.count(), WATCH.raised.len());
}

#[test]
fn what_nobody_acknowledged_goes_to_the_next_owner_once() {
    let escalated: Vec<&Alarm> = WATCH
        .changes
        .iter()
        .filter_map(|(_, change)| match change {
            AlarmChange::Escalated(alarm) => Some(alarm),
            AlarmChange::Raised(_) | AlarmChange::Resolved(_) => None,
        })
        .collect();
    let names: BTreeSet<&str> = escalated.iter().map(|alarm| alarm.id.as_str()).collect();
    assert!(!escalated.is_empty() && names.len() == escalated.len());
    let marks = &PARAMETERS.alarms;
    assert!(escalated.iter().all(|alarm| alarm.owner == marks.owners[&alarm.kind].escalates_to));
}

#[test]
fn a_storm_is_told_as_few() {
    let (open, told) = (WATCH.most_open, WATCH.most_digests);
    assert!(open >= 12 && told * 2 <= open, "{open} open alarms, {told} told");
}

fn alarm(number: usize, hours: i64, cause: &str) -> Alarm {
    let raised: Timestamp = "2026-12-09T00:00:00Z".parse().unwrap();
    let reference: Reference = format!("KRV-{number}").parse().unwrap();
    Alarm {
        id: Alarm::name(&reference, AlarmKind::Dwell, "x"),
        reference,
        kind: AlarmKind::Dwell,
        severity: kervan_model::Severity::Warning,
        cause: cause.to_owned(),
        reason: "a reason".to_owned(),
        raised: raised + SignedDuration::from_hours(hours),
        owner: Owner::Forwarder,
        state: AlarmState::Raised,
        escalated: false,
    }
}

/// What is told together of open alarms, the gravest and earliest first.
fn digests_of(alarms: &[&Alarm]) -> Vec<Digest> {
    let order = AlarmOrder::of(alarms);
    let mut gathered = gather(order.by_likeness(), &PARAMETERS.alarms);
    gathered.sort_by_key(Gathered::rank);
    gathered.iter().filter_map(|one| one.to_digest(|at| alarms.get(at).copied())).collect()
}

/// Causes and hours of alarms, and how many alarms each digest holds.
type Case = (&'static [(&'static str, i64)], &'static [usize]);

#[test]
fn digests_go_by_cause_and_time() {
    let cases: [Case; 4] = [
        (&[("KZAAU", 0), ("KZAAU", 1), ("KZAAU", 2)], &[1, 1, 1]),
        (&[("KZAAU", 0), ("KZAAU", 9), ("KZAAU", 20), ("KZAAU", 40)], &[4]),
        (&[("KZAAU", 0), ("KZAAU", 1), ("AZALA", 2), ("KZAAU", 3), ("KZAAU", 4)], &[4, 1]),
        (&[("KZAAU", 0), ("KZAAU", 1), ("KZAAU", 100), ("KZAAU", 101)], &[1, 1, 1, 1]),
    ];
    for (alarms, sizes) in cases {
        let alarms: Vec<Alarm> =
            alarms.iter().enumerate().map(|(number, (cause, hours))| alarm(number, *hours, cause)).collect();
        let found: Vec<usize> =
            digests_of(&alarms.iter().collect::<Vec<_>>()).iter().map(|digest| digest.alarms.len()).collect();
        assert_eq!(found, sizes, "{alarms:?}");
    }
    let taken =
        alarm(1, 0, "KZAAU").acknowledge("silkline".parse().unwrap(), Timestamp::UNIX_EPOCH, String::new());
    assert!(taken.is_open() && matches!(taken.state, AlarmState::Acknowledged { .. }));
}
