//! Measures transit decisions, messages and chains: `cargo xtask bench customs`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a program that measures"
)]

#[path = "../tests/world/mod.rs"]
mod world;

use kervan_customs::{
    CapacityRuling, Case, Content, Decision, Drawn, FEATURES, Filing, Message, Movement, MovementPlan,
    RulePack, Scored, Selection, Taking, Territories, apply_selection, decide, derive_declaration,
    features_of, plan_chains, receive, value_of,
};
use kervan_dossier::{Author, Draft, Fact, PackRef, PartyKey, TransitDecided};
use kervan_model::{Consignment, EntryId, Itinerary, Role};
use kervan_risk::{Claim, DayCase, DrawSeed, Example, Model, Training, rule_on_day, train};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use world::{LegRow, MAIN_LINE, consignment, itinerary, territories};

/// Threads of the machine that the bars are set for.
const THREADS: usize = 2;
/// Controls that the team of the office can do in a day.
const TEAM: usize = 40;
/// Workers that take decisions from the queue, for each thread of the machine.
const WORKERS_PER_THREAD: usize = 2;
/// How long one row is measured.
const ROUND: Duration = Duration::from_millis(2_500);
/// Decisions per second that are asked for, of a pack of 300 rules and one goods item.
const BAR_RATE: f64 = 5_000.0;
/// Longest decision of 99 in 100 at half of that load. Unit: millisecond.
const BAR_P99: f64 = 5.0;

fn row(case: &str, size: usize, unit: &str, value: f64, bar: Option<(f64, &str)>) {
    let met = bar.map(|(bar, better)| if better == "higher" { value >= bar } else { value <= bar });
    let row = serde_json::json!({"case": case, "size": size, "unit": unit, "value": value,
        "bar": bar.map(|bar| bar.0), "better": bar.map(|bar| bar.1), "met": met});
    println!("{row}");
}

/// A pack of `rules` rules: those of the pack file and its libraries over and over, under new ids.
fn pack_of(rules: usize, files: &BTreeMap<String, String>) -> RulePack {
    let mut file: serde_json::Value = serde_norway::from_str(&files["eaeu.yaml"]).unwrap();
    let shared: serde_json::Value = serde_norway::from_str(&files["shared.library.yaml"]).unwrap();
    let mut own: Vec<_> = shared["rules"].as_array().unwrap().clone();
    own.extend(file["rules"].as_array().unwrap().iter().cloned());
    let many = (0..rules).map(|number| {
        let mut rule = own[number % own.len()].clone();
        rule["id"] = format!("{}-{number}", rule["id"].as_str().unwrap()).into();
        rule
    });
    let many: Vec<_> = many.collect();
    let mut parameters = shared["parameters"].as_object().unwrap().clone();
    parameters.extend(file["parameters"].as_object().unwrap().clone());
    file["parameters"] = parameters.into();
    file["include"] = serde_json::json!([]);
    file["rules"] = many.into();
    RulePack::load(&serde_norway::to_string(&file).unwrap(), |_| None).unwrap()
}

/// Everything that a decision needs.
struct Office {
    pack: RulePack,
    consignment: Consignment,
    itinerary: Itinerary,
    plan: MovementPlan,
    model: Model,
    seed: DrawSeed,
    key: PartyKey,
    /// The entry that began the dossier.
    first: EntryId,
    /// The other cases of the day.
    day: Vec<DayCase>,
}

impl Office {
    fn new(rules: usize, items: usize, files: &BTreeMap<String, String>) -> Self {
        let mut consignment = consignment("CNXIA", "TRIST");
        let item = consignment.goods[0].clone();
        consignment.goods = vec![item; items];
        let examples: Vec<Example> = (0..400_i64)
            .map(|number| Example {
                values: (0..FEATURES.len() as i64).map(|feature| (number * (feature + 3)) % 101).collect(),
                found: number % 7 == 0,
            })
            .collect();
        Self {
            pack: pack_of(rules, files),
            consignment,
            itinerary: itinerary("2026-12-01T08:00:00Z", MAIN_LINE),
            plan: world::main_line_transit(),
            model: train("bench", FEATURES, &examples, &Training::default()).unwrap(),
            seed: DrawSeed::find(&"07".repeat(32)).unwrap(),
            key: PartyKey::from_seed([7; 32]),
            first: "07".repeat(32).parse().unwrap(),
            day: (0..TEAM)
                .map(|number| DayCase {
                    case: format!("KRV-2026-{number:04}/1"),
                    value: number as u32 * 7 % 1_000,
                    claim: Claim::Waiting,
                })
                .collect(),
        }
    }

    /// Drawn, scored, and ruled on against the others of its day.
    fn select(&self, movement: &str, case: &Case, decision: &Decision) -> Selection {
        let chance_permille = self.model.chance_permille(&features_of(case, decision));
        let mut selection = Selection {
            draw: Some(Drawn {
                period: "2026-12".into(),
                commitment: String::new(),
                rate_permille: 20,
                drawn: self.seed.draws(movement, 20),
            }),
            score: Some(Scored {
                model: "bench".into(),
                hash: String::new(),
                chance_permille,
                threshold_permille: 1,
                selected: true,
            }),
            ..Selection::default()
        };
        if let Some(value) = value_of(decision, &selection) {
            let ruling = rule_on_day(movement, value, &self.day, TEAM);
            selection.capacity = Some(CapacityRuling {
                team: "EAEU".into(),
                day: "2026-12-01".parse().unwrap(),
                controls: TEAM as u32,
                taken: ruling.taken as u32,
                ahead: ruling.ahead as u32,
                value,
                room: ruling.room,
            });
        }
        selection
    }

    /// A whole decision: derived, checked, asked of every rule, scored and drawn, signed. Gives the bytes that are kept.
    fn decide(&self, number: u64) -> Vec<u8> {
        let declaration =
            derive_declaration(&self.consignment, &self.itinerary, &self.plan, Filing::Prelodged, &[]);
        let consistency = declaration.check_completeness();
        let lodged = self.plan.lodge_by;
        let case = Case { declaration, lodged, attachments: vec![], consistency };
        let mut decision = decide(&self.pack, &case, lodged);
        let movement = format!("KRV-2026-0001/{}", number % 9 + 1);
        let selection = self.select(&movement, &case, &decision);
        apply_selection(&mut decision, &selection);
        let fact = Fact::TransitDecided(TransitDecided {
            movement: movement.parse().unwrap(),
            territory: self.plan.territory.clone(),
            message: "release".into(),
            from_state: "accepted".into(),
            to_state: "released".into(),
            mrn: None,
            outcome: Some(decision.outcome.word().to_owned()),
            findings: decision.findings,
            rule_pack: Some(PackRef {
                id: decision.rule_pack.id,
                version: decision.rule_pack.version,
                hash: decision.rule_pack.hash,
            }),
            decided: Some(lodged),
            case: serde_json::to_value(&case).unwrap(),
            selection: serde_json::to_value(&selection).unwrap(),
            officers: vec![],
        });
        let author = Author {
            party: "customs".parse().unwrap(),
            role: Role::Customs,
            territory: Some(self.plan.territory.clone()),
        };
        let mut salt = number;
        let mut salts = || {
            salt = salt.wrapping_add(1);
            u128::from(salt).to_be_bytes()
        };
        let (dossier, parent) = (self.first.as_str().parse().unwrap(), self.first.clone());
        Draft::following(dossier, vec![parent], &fact, author, lodged)
            .sign(&self.key, &mut salts)
            .unwrap()
            .to_bytes()
    }
}

/// Does `work` on each thread for a round. Gives how often in a second.
fn rate(threads: usize, work: impl Fn(u64) + Sync) -> f64 {
    let begun = Instant::now();
    let one = |thread: usize| {
        let mut done = 0_u64;
        while begun.elapsed() < ROUND {
            work(done * threads as u64 + thread as u64);
            done += 1;
        }
        done
    };
    let one = &one;
    let done: u64 = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|thread| scope.spawn(move || one(thread))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    done as f64 / begun.elapsed().as_secs_f64()
}

/// What the process has used of its processors. Unit: second. 0 where the system does not tell.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = |at: usize| after_name.split_whitespace().nth(at).and_then(|text| text.parse::<f64>().ok());
    // A tick is a hundredth of a second on every Linux of today.
    ticks(11).zip(ticks(12)).map_or(0.0, |(user, system)| (user + system) / 100.0)
}

/// What became of a decision under an even load.
struct Answer {
    /// When it was due, from the beginning of the round.
    due: Duration,
    /// From then until it was made.
    waited: Duration,
    /// What it took of a processor.
    ran: Duration,
}

/// How long the calling thread has had a processor. Zero where the system does not tell.
fn ran() -> Duration {
    // The first figure of schedstat, in nanoseconds.
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let spent = text.split_whitespace().next().and_then(|figure| figure.parse().ok());
    Duration::from_nanos(spent.unwrap_or(0))
}

/// How long decisions with these processor times wait on as many free processors as there are threads.
fn replay(answers: &[Answer]) -> Vec<Duration> {
    let mut free = [Duration::ZERO; THREADS];
    let mut by_due: Vec<_> = answers.iter().collect();
    by_due.sort_by_key(|answer| answer.due);
    let one = |answer: &Answer| {
        free.sort_unstable();
        free[0] = free[0].max(answer.due) + answer.ran;
        free[0] - answer.due
    };
    by_due.into_iter().map(one).collect()
}

/// Decisions at an even load: one queue from which every free worker takes the next,
/// as the blocking pool of a node does. A worker that the system takes the processor from holds up its own decision and none
/// behind it, which is why there are more workers than processors.
fn answer_at(office: &Office, per_second: f64) -> Vec<Answer> {
    let step = Duration::from_secs_f64(1.0 / per_second);
    let next = AtomicU32::new(0);
    let begun = Instant::now();
    let one = || {
        let mut answers = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let due = step * number;
            if due >= ROUND {
                return answers;
            }
            std::thread::sleep(due.saturating_sub(begun.elapsed()));
            let before = ran();
            black_box(office.decide(u64::from(number)));
            let waited = begun.elapsed().saturating_sub(due);
            answers.push(Answer { due, waited, ran: ran().saturating_sub(before) });
        }
    };
    let one = &one;
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS * WORKERS_PER_THREAD).map(|_| scope.spawn(one)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

/// The value that 99 in 100 stay under. Unit: millisecond.
fn p99(times: impl Iterator<Item = Duration>) -> f64 {
    let mut times: Vec<_> = times.collect();
    times.sort_unstable();
    times[(times.len() - 1) * 99 / 100].as_secs_f64() * 1_000.0
}

/// A pack holds at most 1,000 rules (`limits::MOST_RULES`), so the largest is of 900.
fn measure_decisions(files: &BTreeMap<String, String>) {
    for (rules, items) in [(30, 1), (300, 1), (900, 1), (300, 50), (300, 999)] {
        let office = Office::new(rules, items, files);
        let promised = (rules, items) == (300, 1);
        let (name, size) = if items == 1 { ("rules", rules) } else { ("goods items, 300 rules", items) };
        let (used, begun) = (processor_seconds(), Instant::now());
        let found = rate(THREADS, |number| {
            black_box(office.decide(number));
        });
        let decided = found * begun.elapsed().as_secs_f64();
        // On a machine that does other work too, this says what two free processors would do.
        let each = (processor_seconds() - used) / decided * 1e6;
        let bar = promised.then_some((THREADS as f64 * 1e6 / BAR_RATE, "lower"));
        row(&format!("processor time of a decision by {name}"), size, "us", each, bar);
        let bar = promised.then_some((BAR_RATE, "higher"));
        row(&format!("transit decision by {name}"), size, "decisions/s on two threads", found, bar);
        let load = if promised { BAR_RATE / 2.0 } else { found / 2.0 };
        let bar = promised.then_some((BAR_P99, "lower"));
        let answers = answer_at(&office, load);
        let waited = p99(answers.iter().map(|answer| answer.waited));
        row(&format!("transit decision by {name}, p99 at half load"), size, "ms", waited, bar);
        // The rest of the tail above is time in which other programs had the processors.
        let alone = p99(replay(&answers).into_iter());
        row(&format!("the same by {name}, replayed on two free processors"), size, "ms", alone, None);
    }
}

/// A movement under common transit that is accepted, and `count` messages about it.
fn measure_messages(territories: &Territories) {
    let plan = world::main_line_transit();
    let set = territories.find_message_set("ncts").unwrap();
    let start = plan.enters;
    let message = |number: usize, content: Content| Message {
        id: format!("M{number}"),
        sent: start + Duration::from_secs(number as u64),
        content,
    };
    let parts = kervan_codes::MrnParts { year: 2026, country: plan.departure.country, serial: 1 };
    let mrn = kervan_codes::Mrn::issue(parts);
    for count in [3, 10, 100] {
        let mut messages = vec![
            message(0, Content::Declaration),
            message(1, Content::MrnAllocated { mrn: mrn.clone() }),
            message(2, Content::Release),
        ];
        let incident =
            |number| message(number, Content::Incident { description: "delay".into(), incidents: vec![] });
        messages.extend((3..count).map(incident));
        let now = start + Duration::from_secs(3_600);
        let taken = |id: usize| {
            let id = format!("KRV-2026-0001/{}", id % 9 + 1).parse().unwrap();
            let mut movement = Movement::plan(id, plan.clone(), Filing::Present, start);
            for message in &messages {
                let reception = receive(set, movement, message, now);
                assert!(matches!(reception.taking, Taking::Applied(_)), "{:?}", reception.taking);
                movement = reception.movement;
            }
            movement
        };
        let whole = rate(1, |number| {
            black_box(taken(number as usize));
        });
        row("messages applied to one movement", count, "messages/s", whole * messages.len() as f64, None);
    }
}

fn measure_chains(territories: &Territories) {
    let consignment = consignment("CNXIA", "TRIST");
    let short: &[LegRow] = &MAIN_LINE[..2];
    let road: &[LegRow] = &[
        ("CNKSS", "KG-TORUGART", "road", "CN KG", 20, 400),
        ("KG-TORUGART", "KZAAU", "road", "KG KZ", 80, 3_000),
        ("KZAAU", "AZALA", "ferry", "KZ AZ", 24, 468),
        ("AZALA", "GETBS", "road", "AZ GE", 14, 520),
        ("GETBS", "TRIST", "road", "GE TR", 40, 1_700),
    ];
    for legs in [short, road, MAIN_LINE] {
        let way = itinerary("2026-12-01T08:00:00Z", legs);
        let found = rate(1, |_| {
            black_box(plan_chains(&consignment, &way, territories));
        });
        row("chains of procedures planned by legs", legs.len(), "plans/s", found, None);
    }
}

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/rules");
    let paths = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let files: BTreeMap<String, String> = paths
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    eprintln!("decisions: derive, check, rules, score and draw, sign; {THREADS} threads");
    measure_decisions(&files);
    let territories = territories();
    measure_messages(&territories);
    measure_chains(&territories);
}
