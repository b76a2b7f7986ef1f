//! The scenario of the demo against a node that says yes to everything, or holds one consignment until it is corrected.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its own inputs fails")]

use jiff::Timestamp;
use kervan_events::course::nearest_on_course;
use kervan_events::{Event, assess_progress, read_capture};
use kervan_model::{Itinerary, PartyId, Reference, Step};
use kervan_network::Network;
use kervan_planning::plan_alternative;
use kervan_simulation::{Act, Outcome, Play, Progress, Script, ScriptFile, Timeline, What, limits};
use kervan_units::GeoPoint;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

const HELD: &str = "KRV-2026-0002";

fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))).ok()
}

static NETWORK: LazyLock<Arc<Network>> = LazyLock::new(|| {
    let (network, findings) = Network::load(|name| read(&format!("data/network/{name}"))).unwrap();
    assert!(!kervan_model::has_errors(&findings), "{findings:?}");
    Arc::new(network)
});

fn script_file() -> ScriptFile {
    serde_norway::from_str(&read("scenarios/demo/play.yaml").unwrap()).unwrap()
}

fn script(file: &ScriptFile) -> Script {
    let find =
        |name: &str| serde_norway::from_str(&read(&format!("scenarios/demo/consignments/{name}.yaml"))?).ok();
    Script::read(file, find).unwrap()
}

/// A carrier by the first letters of the operator, so that different operators are different parties.
fn carrier(operator: &str) -> Option<PartyId> {
    let plain: String = operator.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    format!("carrier-{plain}").parse().ok()
}

/// How a node answers questions for release.
#[derive(Clone, Copy, PartialEq)]
enum Customs {
    /// Always yes.
    Open,
    /// One consignment is held at every place until it is amended.
    HoldOne,
}

/// Everything that a play did.
struct Run {
    acts: Vec<Act>,
    itineraries: BTreeMap<Reference, Itinerary>,
    timeline: Timeline,
    progress: Progress,
}

fn play(file: &ScriptFile, seed: u64, customs: Customs) -> Run {
    let mut play = Play::new(script(file), NETWORK.clone(), carrier, seed);
    let mut run = Run {
        acts: Vec::new(),
        itineraries: BTreeMap::new(),
        timeline: Timeline::default(),
        progress: play.progress(),
    };
    let mut amended = BTreeSet::new();
    while let Some(act) = play.next_act() {
        assert!(run.acts.len() < 50_000, "the play does not end");
        assert_eq!(play.next_act().as_ref(), Some(&act), "an act stays until it is told");
        let outcome = match &act.what {
            What::Accept { request, options, alternative } => {
                let itinerary = plan_alternative(&NETWORK, request, options, *alternative).unwrap();
                run.itineraries.insert(act.reference.clone(), itinerary.clone());
                Outcome::Accepted { itinerary: Box::new(itinerary) }
            }
            What::AskRelease { .. }
                if customs == Customs::HoldOne
                    && act.reference.as_str() == HELD
                    && !amended.contains(&act.reference) =>
            {
                Outcome::Held
            }
            What::AskRelease { .. } => Outcome::Released,
            What::Amend { .. } => {
                amended.insert(act.reference.clone());
                Outcome::Done
            }
            What::Declare { .. } | What::Attach(_) | What::Capture { .. } | What::Position { .. } => {
                Outcome::Done
            }
        };
        play.tell(outcome);
        play.tell(Outcome::Held);
        run.acts.push(act);
    }
    assert!(play.is_done());
    (run.timeline, run.progress) = (play.timeline(), play.progress());
    run
}

static RUN: LazyLock<Run> = LazyLock::new(|| play(&script_file(), 1, Customs::HoldOne));

fn acts_of(reference: &Reference) -> impl Iterator<Item = &'static Act> {
    RUN.acts.iter().filter(move |act| act.reference == *reference)
}

fn events_of(reference: &Reference) -> Vec<Event> {
    let mut events = Vec::new();
    for act in acts_of(reference) {
        if let What::Capture { document } = &act.what {
            events.extend(
                read_capture(document, act.at).unwrap_or_else(|wrong| panic!("{}: {wrong:?}", act.key)),
            );
        }
    }
    events
}

#[test]
fn every_consignment_of_the_demo_is_delivered() {
    assert_eq!(RUN.progress.stuck, []);
    assert_eq!((RUN.progress.delivered, RUN.progress.consignments), (12, 12));
    for line in &RUN.timeline.consignments {
        let ends = [line.declared, line.accepted, line.departed, line.delivered];
        assert!(ends.is_sorted() && ends[0].is_some(), "{line:?}");
    }
}

#[test]
fn the_way_goes_where_the_script_wants_it_or_a_note_says_why_not() {
    for entry in script_file().consignments {
        let line =
            RUN.timeline.consignments.iter().find(|line| line.reference.as_str() == entry.file).unwrap();
        let stops: Vec<_> = RUN.itineraries[&line.reference].stays().map(|stay| &stay.place).collect();
        let fits = entry.choose.via.iter().all(|place| stops.contains(&place));
        assert_eq!(line.notes.is_empty(), fits, "{line:?}");
    }
}

#[test]
fn acts_come_in_order_of_time_with_keys_of_their_own() {
    let keys: BTreeSet<&str> = RUN.acts.iter().map(|act| act.key.as_str()).collect();
    assert_eq!(keys.len(), RUN.acts.len());
    assert!(RUN.acts.is_sorted_by_key(|act| act.at));
    assert!(RUN.acts.first().is_some_and(|act| act.at >= script_file().start));
}

#[test]
fn captures_are_valid_and_reach_every_milestone_in_order() {
    for (reference, itinerary) in &RUN.itineraries {
        let events = events_of(reference);
        assert!(events.is_sorted_by_key(|event| event.event_time), "{reference}");
        let progress = assess_progress(itinerary, &events);
        assert_eq!(progress.findings, [], "{reference}");
        let missing: Vec<_> =
            progress.milestones.iter().filter(|milestone| milestone.actual.is_none()).collect();
        assert!(missing.is_empty(), "{reference}: {missing:?}");
        assert!(progress.milestones.is_sorted_by_key(|milestone| milestone.actual), "{reference}");
        assert_eq!(
            progress.delivered(),
            RUN.timeline.consignments.iter().find(|line| line.reference == *reference).unwrap().delivered
        );
    }
}

#[test]
fn each_party_reports_its_own() {
    for act in &RUN.acts {
        let What::Capture { document } = &act.what else { continue };
        let event = &document["epcisBody"]["eventList"][0];
        let by_carrier = act.actor.as_str().starts_with("carrier-");
        let step = event["bizStep"].as_str().unwrap();
        assert_eq!(by_carrier, !matches!(step, "staging_outbound" | "receiving"), "{}", act.key);
    }
}

#[test]
fn times_are_told_in_the_offset_of_the_place() {
    let cases = [("CNXIA", "+08:00"), ("KZAAU", "+05:00"), ("TRIST", "+03:00"), ("DEDUI", "+01:00")];
    for (place, offset) in cases {
        let uri = format!("https://id.kervan.example/place/{place}");
        let mut seen = 0;
        for act in &RUN.acts {
            let What::Capture { document } = &act.what else { continue };
            let event = &document["epcisBody"]["eventList"][0];
            if event["readPoint"]["id"] == uri.as_str() {
                assert_eq!(event["eventTimeZoneOffset"], offset, "{}", act.key);
                seen += 1;
            }
        }
        assert!(seen > 0, "nothing happened at {place}");
    }
}

#[test]
fn the_truth_keeps_to_the_estimates_and_is_not_the_plan() {
    let mut late = 0;
    for (reference, itinerary) in &RUN.itineraries {
        let progress = assess_progress(itinerary, &events_of(reference));
        for (index, step) in itinerary.steps.iter().enumerate() {
            let Step::Leg(leg) = step else { continue };
            let of = |code: &str| {
                let found =
                    progress.milestones.iter().find(|one| one.step == index && one.code.word() == code);
                found.unwrap().actual.unwrap()
            };
            let rode = between(of("departed"), of("arrived"));
            let (least, most) = (leg.running.min().get() as i64 - 60, leg.running.max().get() as i64 + 60);
            assert!((least..=most).contains(&rode), "{reference} {}: {rode}", leg.name);
        }
        let delivered = progress.delivered().unwrap();
        assert_ne!(delivered, itinerary.arrives.p50);
        late += usize::from(delivered > itinerary.arrives.p50);
    }
    assert!((1..12).contains(&late), "{late} of 12 are later than planned");
}

/// Unit: second.
fn between(earlier: Timestamp, later: Timestamp) -> i64 {
    later.duration_since(earlier).as_secs()
}

#[test]
fn the_held_consignment_waits_is_corrected_and_goes_on() {
    let reference: Reference = HELD.parse().unwrap();
    let line = RUN.timeline.consignments.iter().find(|line| line.reference == reference).unwrap();
    let [span] = line.held.as_slice() else { panic!("{line:?}") };
    let (corrected, released) = (line.corrected.unwrap(), span.until.unwrap());
    assert_eq!(between(span.since, corrected), 18 * 3_600);
    assert!((0..=3 * 3_600).contains(&between(corrected, released)));
    let while_held = acts_of(&reference).filter(|act| act.at > span.since && act.at < released);
    assert!(
        while_held.into_iter().all(|act| matches!(act.what, What::AskRelease { .. } | What::Amend { .. }))
    );
    for other in RUN.timeline.consignments.iter().filter(|line| line.reference != reference) {
        assert_eq!((other.held.as_slice(), other.corrected), ([].as_slice(), None));
    }
}

#[test]
fn what_nobody_releases_is_stuck_in_the_end() {
    let mut file = script_file();
    file.consignments.retain(|entry| entry.file == HELD);
    file.consignments[0].correct = None;
    let run = play(&file, 1, Customs::HoldOne);
    let [(reference, because)] = run.progress.stuck.as_slice() else { panic!("{:?}", run.progress) };
    assert_eq!(reference.as_str(), HELD);
    assert!(because.starts_with("held at"), "{because}");
    let asked = run.acts.iter().filter(|act| matches!(act.what, What::AskRelease { .. })).count() as u64;
    assert_eq!(asked, limits::LONGEST_HOLD.get() / limits::BETWEEN_QUESTIONS.get() + 1);
}

#[test]
fn positions_lie_near_the_course_four_times_a_day() {
    let mut seen = 0;
    for (reference, itinerary) in &RUN.itineraries {
        let courses: Vec<Vec<GeoPoint>> =
            itinerary.legs().map(|leg| NETWORK.course_of_service(&leg.service)).collect();
        let mut last: Option<Timestamp> = None;
        for act in acts_of(reference) {
            let What::Position { point } = act.what else { continue };
            let off =
                courses.iter().filter_map(|course| nearest_on_course(course, point)).map(|near| near.off_m);
            let off = off.fold(f64::INFINITY, f64::min);
            assert!(off < 500.0, "{}: {off} m", act.key);
            assert!(
                last.is_none_or(|last| act.at.as_second() - last.as_second() >= 6 * 3_600),
                "{}",
                act.key
            );
            last = Some(act.at);
            seen += 1;
        }
    }
    assert!(seen > 300, "{seen}");
}

#[test]
fn containers_are_loaded_onto_the_ship_they_are_unloaded_from() {
    let mut loads = 0;
    for reference in RUN.itineraries.keys() {
        let mut aboard: Option<String> = None;
        for event in events_of(reference) {
            let parent = event.json["parentID"].as_str().map(str::to_owned);
            match event.biz_step.as_deref() {
                Some("loading") => {
                    assert_eq!(aboard, None);
                    aboard = parent;
                    loads += 1;
                }
                Some("unloading") => assert_eq!(aboard.take(), parent),
                _ => {}
            }
        }
        assert_eq!(aboard, None, "{reference}");
    }
    assert!(loads >= 5, "{loads}");
}

#[test]
fn a_seed_gives_one_play_and_another_seed_another() {
    let again = play(&script_file(), 1, Customs::HoldOne);
    assert!(again.acts == RUN.acts);
    assert_eq!(again.timeline, RUN.timeline);
    let other = play(&script_file(), 2, Customs::Open);
    assert_eq!(other.progress.delivered, 12);
    assert!(other.timeline.consignments.iter().all(|line| line.held.is_empty()));
    assert!(other.timeline != RUN.timeline);
}

#[test]
fn a_script_that_cannot_be_played_says_everything_that_is_wrong() {
    let mut file = script_file();
    file.consignments.truncate(2);
    file.consignments[1].file = "KRV-0000-0000".to_owned();
    file.consignments.push(file.consignments[0].clone());
    let find =
        |name: &str| serde_norway::from_str(&read(&format!("scenarios/demo/consignments/{name}.yaml"))?).ok();
    let findings = Script::read(&file, find).unwrap_err();
    let codes: Vec<_> =
        findings.iter().map(|finding| (finding.code.as_str(), finding.path.as_deref())).collect();
    let expected =
        [("simulation.no-file", Some("/consignments/1")), ("simulation.twice", Some("/consignments/2"))];
    assert_eq!(codes, expected);
}
