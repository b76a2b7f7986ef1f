//! A year of a corridor whose truth the tracker does not see: it gets events, and what an operator enters.
//!
//! The play draws the truth from itineraries whose figures were changed behind the tracker's back: some legs and dwells take
//! longer than published, some shorter, one changes in the middle of the year, and services are shut for days. Two trackers
//! look on: one that knows the published figures only, and one that learns.

use jiff::{SignedDuration, Timestamp};
use kervan_events::{Event, assess_progress, read_capture};
use kervan_model::{Itinerary, ProcessKind, Reference, ServiceId, Step};
use kervan_network::Network;
use kervan_simulation::{Outcome, Play, Script, ScriptFile, Shut, What};
use kervan_tracking::{
    Calibration, Closed, Closure, ClosureNow, EtaInputs, FigureKey, Given, Known, Learned, Missed,
    Parameters, Queues, Scored, estimate_arrival, find_open_dwell, list_measures, score,
};
use kervan_units::{Estimate, Seconds};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How large a year is, and what the tracker may use.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) consignments: u32,
    pub(crate) samples: u32,
    pub(crate) seed: u64,
    /// Whether the learning tracker looks at queues.
    pub(crate) queues: bool,
    /// Whether it moves its intervals by their score.
    pub(crate) calibrate: bool,
}

/// What came of a year.
pub(crate) struct Year {
    pub(crate) start: Timestamp,
    /// Forecasts from the published figures.
    pub(crate) published: Vec<Scored>,
    /// Forecasts of the tracker that learns.
    pub(crate) learned: Vec<Scored>,
    pub(crate) consignments: usize,
    pub(crate) delivered: usize,
    pub(crate) stuck: usize,
    pub(crate) estimates: usize,
    pub(crate) drifts: usize,
    pub(crate) book: Learned,
    pub(crate) truths: BTreeMap<FigureKey, Estimate<Seconds>>,
    pub(crate) parameters: Parameters,
}

fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))).ok()
}

pub(crate) fn parameters() -> Parameters {
    Parameters::load(|name| read(&format!("data/tracking/{name}"))).unwrap()
}

/// The consignments of the demo, again and again through a year.
fn script(consignments: u32, start: Timestamp) -> Script {
    let demo: ScriptFile = serde_norway::from_str(&read("scenarios/demo/play.yaml").unwrap()).unwrap();
    let mut file = ScriptFile { start, consignments: Vec::new() };
    let mut files = BTreeMap::new();
    for number in 0..consignments {
        let mut entry = demo.consignments[number as usize % demo.consignments.len()].clone();
        let text = read(&format!("scenarios/demo/consignments/{}.yaml", entry.file)).unwrap();
        let mut value: serde_norway::Value = serde_norway::from_str(&text).unwrap();
        let name = format!("YEAR-{number:04}");
        let hours = 30 + i64::from(number) * 365 * 24 / i64::from(consignments);
        let ready = start + SignedDuration::from_hours(hours);
        value["reference"] = name.clone().into();
        value["ready"] = ready.to_string().into();
        files.insert(name.clone(), value);
        (entry.file, entry.attach, entry.correct) = (name, None, None);
        file.consignments.push(entry);
    }
    Script::read(&file, |name| serde_norway::from_value(files.get(name)?.clone()).ok()).unwrap()
}

fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// How the truth of a leg or dwell differs from what is published: least, typical, most, as factors.
fn lie(name: &str, ferry: bool, late_in_year: bool) -> [f64; 3] {
    match hash(name) >> 7 & 7 {
        // What waits for a ferry waits long, and sometimes very long.
        _ if ferry => [1.0, 1.5, 2.2],
        0 | 1 => [1.2, 1.6, 1.8],
        2 => [0.7, 0.7, 0.8],
        3 => [1.0, 1.2, 2.5],
        4 if late_in_year => [1.3, 1.7, 1.7],
        _ => [1.0, 1.0, 1.0],
    }
}

fn changed(estimate: Estimate<Seconds>, [least, typical, most]: [f64; 3]) -> Estimate<Seconds> {
    let times = |seconds: Seconds, factor: f64| Seconds::new((seconds.get() as f64 * factor) as u64);
    let (min, typ) = (times(estimate.min(), least), times(estimate.typ(), typical));
    Estimate::new(min, typ.max(min), times(estimate.max(), most).max(typ)).unwrap()
}

/// The itinerary as it truly is.
fn truth_of(published: &Itinerary, late_in_year: bool) -> Itinerary {
    let mut truth = published.clone();
    let afloat: BTreeSet<String> = published
        .legs()
        .filter(|leg| !matches!(leg.mode, kervan_model::Mode::Rail | kervan_model::Mode::Road))
        .map(|leg| leg.from.to_string())
        .collect();
    for step in &mut truth.steps {
        match step {
            Step::Leg(leg) => {
                leg.running = changed(leg.running, lie(leg.service.as_str(), false, late_in_year));
            }
            Step::Stay(stay) => {
                for process in &mut stay.processes {
                    let ferry = process.kind == ProcessKind::Transfer && afloat.contains(stay.place.as_str());
                    let name = format!("{}{}", stay.place, process.kind);
                    process.duration = changed(process.duration, lie(&name, ferry, late_in_year));
                }
            }
        }
    }
    truth
}

/// Services that are shut for two to five days every few weeks: ships first, as wind does.
fn shut(network: &Network, start: Timestamp) -> Vec<Shut> {
    let mut shut = Vec::new();
    let afloat = network
        .list_services()
        .filter(|service| !matches!(service.mode, kervan_model::Mode::Rail | kervan_model::Mode::Road));
    for service in afloat {
        for number in 0..14_u64 {
            let luck = hash(&format!("{}{number}", service.id));
            let from = start + SignedDuration::from_hours((number * 28 * 24 + luck % (20 * 24)) as i64);
            let until = from + SignedDuration::from_hours((48 + luck / 7 % 72) as i64);
            shut.push(Shut { service: service.id.clone(), from, until });
        }
    }
    shut
}

/// What an operator enters when something is shut: it does not know the end, but has a fair idea.
fn entered(shut: &Shut) -> ClosureNow {
    let truly = Seconds::between(shut.from, shut.until).get();
    let guess = 86_400 * (1 + hash(&shut.from.to_string()) % 5);
    let at = |seconds: u64| shut.from + SignedDuration::from_secs(seconds as i64);
    let typical = (truly + guess) / 2;
    ClosureNow {
        closure: Closure {
            id: format!("{}@{}", shut.service, shut.from),
            what: Closed::Service(shut.service.clone()),
            from: shut.from,
            until: Estimate::new(at(typical / 3), at(typical), at(typical * 2)).unwrap(),
            reason: "wind".to_owned(),
            lifted: None,
        },
        services: [shut.service.clone()].into(),
        name: shut.service.to_string(),
    }
}

/// One consignment as the trackers know it.
struct Tracked {
    published: Itinerary,
    events: Vec<Event>,
    open: Option<FigureKey>,
    given: [Vec<Given>; 2],
    route: String,
}

/// What the learning tracker knows.
struct Desk<'a> {
    size: Size,
    parameters: &'a Parameters,
    network: &'a Network,
    shut: Vec<Shut>,
    book: Learned,
    nothing: Learned,
    tracked: BTreeMap<Reference, Tracked>,
    departures: BTreeMap<ServiceId, Timestamp>,
    calibration: Calibration,
    calibrated: Timestamp,
    published: Vec<Scored>,
    learned: Vec<Scored>,
    estimates: usize,
    drifts: usize,
}

impl Desk<'_> {
    fn estimate(&mut self, reference: &Reference, now: Timestamp) {
        let none = Queues::default();
        let open: Vec<FigureKey> = self.tracked.values().filter_map(|one| one.open.clone()).collect();
        let queues = match self.size.queues {
            true => Queues::count(&open, &self.book, self.parameters, now),
            false => Queues::default(),
        };
        let closures: Vec<ClosureNow> =
            self.shut.iter().filter(|shut| shut.from <= now && now < shut.until).map(entered).collect();
        let Some(tracked) = self.tracked.get_mut(reference) else { return };
        let progress = assess_progress(&tracked.published, &tracked.events);
        let missed = missed(&tracked.published, &progress, &self.departures, self.network);
        let blind = Known {
            learned: &self.nothing,
            parameters: self.parameters,
            closures: &[],
            queues: &none,
            missed: None,
            calibration: None,
        };
        let knowing = Known {
            learned: &self.book,
            closures: &closures,
            queues: &queues,
            missed: missed.as_ref(),
            calibration: self.size.calibrate.then_some(&self.calibration),
            ..blind
        };
        for (given, known) in tracked.given.iter_mut().zip([blind, knowing]) {
            let eta = estimate_arrival(&EtaInputs {
                itinerary: &tracked.published,
                progress: &progress,
                holds: &[],
                position: None,
                now,
                seed: hash(reference.as_str()),
                samples: self.size.samples,
                previous: None,
                known,
                place_name: &|place| place.to_string(),
            });
            self.estimates += 1;
            given.push(Given { at: now, band: eta.band.unwrap(), levels: eta.levels });
        }
    }

    fn capture(&mut self, reference: &Reference, document: &serde_json::Value, now: Timestamp) {
        let Some(tracked) = self.tracked.get_mut(reference) else { return };
        tracked.events.extend(read_capture(document, now).unwrap());
        let progress = assess_progress(&tracked.published, &tracked.events);
        for measure in list_measures(reference, &tracked.published, &progress, self.parameters) {
            self.drifts += usize::from(self.book.take(&measure, &self.parameters.learning).is_some());
        }
        if let Some(last) = progress.last().filter(|last| last.code == kervan_events::MilestoneCode::Departed)
            && let Some(Step::Leg(leg)) = tracked.published.steps.get(last.step)
        {
            self.departures.insert(leg.service.clone(), now);
        }
        tracked.open = find_open_dwell(&tracked.published, &progress).map(|(key, _)| key);
        match progress.delivered() {
            None => self.estimate(reference, now),
            Some(actual) => {
                let scoring = &self.parameters.scoring;
                self.published.extend(score(scoring, &tracked.route, &tracked.given[0], actual));
                self.learned.extend(score(scoring, &tracked.route, &tracked.given[1], actual));
                if now > self.calibrated + SignedDuration::from_hours(7 * 24) {
                    self.calibration = Calibration::of(scoring, &self.learned);
                    self.calibrated = now;
                }
            }
        }
    }
}

/// The last departure that left while the goods waited for one.
fn missed(
    itinerary: &Itinerary,
    progress: &kervan_events::Progress,
    departures: &BTreeMap<ServiceId, Timestamp>,
    network: &Network,
) -> Option<Missed> {
    let (key, since) = find_open_dwell(itinerary, progress)?;
    let FigureKey::Stay { towards: Some(service), .. } = key else { return None };
    let at = departures.get(&service).copied().filter(|at| *at > since)?;
    let _ = network;
    Some(Missed { name: service.to_string(), service, at, every: None })
}

/// Plays a year.
pub(crate) fn play(size: Size) -> Year {
    let start: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
    let (network, _) = Network::load(|name| read(&format!("data/network/{name}"))).unwrap();
    let network = Arc::new(network);
    let parameters = parameters();
    let shut = shut(&network, start);
    let script = script(size.consignments, start);
    let mut play =
        Play::new(script, network.clone(), |_| "carrier".parse().ok(), size.seed).with_shut(shut.clone());
    let mut truths = BTreeMap::new();
    let mut desk = Desk {
        size,
        parameters: &parameters,
        network: &network,
        shut,
        book: Learned::default(),
        nothing: Learned::default(),
        tracked: BTreeMap::new(),
        departures: BTreeMap::new(),
        calibration: Calibration::default(),
        calibrated: start,
        published: Vec::new(),
        learned: Vec::new(),
        estimates: 0,
        drifts: 0,
    };
    while let Some(act) = play.next_act() {
        let outcome = match &act.what {
            What::Accept { .. } => {
                let published = play.proposed().unwrap().clone();
                let truth = truth_of(&published, act.at > start + SignedDuration::from_hours(183 * 24));
                truths.extend(truth.legs().map(|leg| (FigureKey::Ride(leg.service.clone()), leg.running)));
                let ends = (published.steps.first(), published.steps.last());
                let name = |step: Option<&Step>| match step {
                    Some(Step::Stay(stay)) => stay.place.to_string(),
                    _ => String::new(),
                };
                let route = format!("{}>{}", name(ends.0), name(ends.1));
                let tracked =
                    Tracked { published, events: Vec::new(), open: None, given: Default::default(), route };
                desk.tracked.insert(act.reference.clone(), tracked);
                desk.estimate(&act.reference, act.at);
                Outcome::Accepted { itinerary: Box::new(truth) }
            }
            What::Capture { document } => {
                desk.capture(&act.reference, document, act.at);
                Outcome::Done
            }
            What::AskRelease { .. } => Outcome::Released,
            What::Declare { .. } | What::Attach(_) | What::Position { .. } | What::Amend { .. } => {
                Outcome::Done
            }
        };
        play.tell(outcome);
    }
    let progress = play.progress();
    Year {
        start,
        consignments: progress.consignments,
        delivered: progress.delivered,
        stuck: progress.stuck.len(),
        published: desk.published,
        learned: desk.learned,
        estimates: desk.estimates,
        drifts: desk.drifts,
        book: desk.book,
        truths,
        parameters,
    }
}
