//! Deliveries of subscriptions under crashes and failing receivers, many times over from seeds: every answer arrives, a
//! repeated delivery is the same, and what was acknowledged never comes again.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use jiff::{SignedDuration, Timestamp};
use kervan_events::subscription::{Progress, Step, Terms, read_terms};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn start() -> Timestamp {
    "2026-12-01T08:00:30Z".parse().unwrap()
}

/// Every third event answers the query.
fn answers(after: u64, until: u64) -> Vec<u64> {
    (after + 1..=until).filter(|place| place % 3 == 0).collect()
}

struct World {
    terms: Terms,
    /// What a restart finds.
    disk: String,
    now: Timestamp,
    last: u64,
    random: Xoshiro256PlusPlus,
    /// Deliveries as the receiver saw them.
    received: BTreeMap<String, Vec<u64>>,
    /// Answers whose acknowledgement is on the disk.
    settled: BTreeSet<u64>,
    empty: usize,
}

impl World {
    fn new(asked: &Value, seed: u64) -> Self {
        let terms = read_terms(asked, start()).unwrap();
        let disk = serde_json::to_string(&Progress::starting(0, &terms)).unwrap();
        let random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let (received, settled) = (BTreeMap::new(), BTreeSet::new());
        Self { terms, disk, now: start(), last: 0, random, received, settled, empty: 0 }
    }

    /// One in `of`.
    fn chance(&mut self, of: u64) -> bool {
        self.random.next_u64().is_multiple_of(of)
    }

    /// One step, which a crash may end anywhere. Returns whether there was something to do.
    fn step(&mut self, trouble: bool) -> bool {
        let mut progress: Progress = serde_json::from_str(&self.disk).unwrap();
        match progress.step(&self.terms, self.now, self.last) {
            Step::Wait(_) => return false,
            Step::NoteRun => progress.note_run(&self.terms, self.now, self.last),
            Step::Look { after, until } => {
                // A look goes some way only, as a store that is large does.
                let to = until.min(after + 1 + self.random.next_u64() % 20);
                if answers(after, to).is_empty() {
                    progress.found_nothing("s", to, self.now);
                } else {
                    progress.begin("s", to, self.now);
                }
            }
            Step::Send { after, sending } => {
                let lost = trouble && self.chance(4);
                if !lost {
                    let events = answers(after, sending.to);
                    assert!(
                        events.iter().all(|event| !self.settled.contains(event)),
                        "sent again after its acknowledgement"
                    );
                    self.empty += usize::from(events.is_empty());
                    let before = self.received.insert(sending.id.clone(), events.clone());
                    assert!(before.is_none_or(|before| before == events), "a repeated delivery changed");
                }
                // The answer may be lost as well, or the node may crash before it has noted it.
                if lost || (trouble && self.chance(4)) {
                    progress.failed(self.now);
                } else {
                    progress.acknowledged(self.now);
                }
            }
        }
        if trouble && self.chance(5) {
            return true;
        }
        self.disk = serde_json::to_string(&progress).unwrap();
        if progress.sending.is_none() {
            self.settled.extend(answers(0, progress.delivered));
        }
        true
    }

    fn run(&mut self, steps: usize) {
        for _ in 0..steps {
            if self.chance(3) {
                self.last += self.random.next_u64() % 10;
            }
            if !self.step(true) {
                self.now += SignedDuration::from_secs((self.random.next_u64() % 40).cast_signed());
            }
        }
        // In calm everything that is left arrives.
        // A schedule never ends, so calm is a number of steps.
        for _ in 0..400 {
            if !self.step(false) {
                self.now += SignedDuration::from_secs(3_601);
                if !self.step(false) {
                    break;
                }
            }
        }
        let arrived: BTreeSet<u64> = self.received.values().flatten().copied().collect();
        assert_eq!(arrived, answers(0, self.last).into_iter().collect());
    }
}

#[test]
fn every_answer_arrives_and_none_after_its_acknowledgement() {
    for seed in 0..300 {
        World::new(&json!({"dest": "https://example.com/", "stream": true}), seed).run(400);
    }
}

#[test]
fn scheduled_deliveries_arrive_with_their_schedule_and_say_so_if_there_is_nothing() {
    let asked = json!({"dest": "https://example.com/", "schedule": {"second": "0"}, "reportIfEmpty": false});
    for seed in 0..100 {
        let mut world = World::new(&asked, seed);
        world.run(400);
        assert_eq!(world.empty, 0);
    }
    let asked = json!({"dest": "https://example.com/", "schedule": {"second": "0"}, "reportIfEmpty": true});
    let mut world = World::new(&asked, 7);
    for minute in 1..=3 {
        while world.step(false) {}
        assert_eq!(world.empty, minute - 1, "one empty delivery each minute, and none before its time");
        world.now += SignedDuration::from_secs(60);
    }
}

#[test]
fn wrong_terms_are_refused_with_their_fields() {
    for (asked, path) in [
        (json!({"stream": true}), "/dest"),
        (json!({"dest": "ftp://example.com", "stream": true}), "/dest"),
        (json!({"dest": "https://example.com"}), "/stream"),
        (json!({"dest": "https://example.com", "stream": true, "schedule": {}}), "/stream"),
        (json!({"dest": "https://example.com", "schedule": {"minute": "61"}}), "/schedule/minute"),
        (json!({"dest": "https://example.com", "schedule": {"weekday": "1"}}), "/schedule"),
        (
            json!({"dest": "https://example.com", "stream": true, "initialRecordTime": "yesterday"}),
            "/initialRecordTime",
        ),
        (json!({"dest": "https://example.com", "stream": true, "reportIfEmtpy": true}), "/reportIfEmtpy"),
    ] {
        let findings = read_terms(&asked, start()).unwrap_err();
        assert_eq!(findings[0].path.as_deref(), Some(path), "{asked}");
    }
}
