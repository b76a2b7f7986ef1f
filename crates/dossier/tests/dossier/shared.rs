//! Cases that a checker in another language must judge alike: the proof page of the web checks dossiers by itself, and its test
//! reads the file that this one holds against what `verify` says. `KERVAN_WRITE_CASES=1` writes it anew.

use crate::order::{entries, fixed_steps};
use crate::world::*;
use kervan_dossier::canonical::jcs;
use kervan_dossier::{
    Dossier, Fact, GroupName, KeyRevoked, Participant, ParticipantsWithdrawn, Reader, TrustList, export,
    verify_for,
};
use kervan_model::EntryId;
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/tests/proof/cases.json");

/// What one reader is given and says.
struct Case {
    name: String,
    file: Vec<u8>,
    trust: Option<String>,
    heads: Vec<EntryId>,
}

impl Case {
    fn of(name: &str, dossier: &Dossier) -> Self {
        Self::bytes(name, export(dossier))
    }

    fn bytes(name: &str, file: Vec<u8>) -> Self {
        Self { name: name.to_owned(), file, trust: None, heads: Vec::new() }
    }

    /// The case with what `verify` says about it; the file as what differs from that of `base`, if it is about the same.
    fn judged(&self, base: Option<&[u8]>) -> Value {
        let trust = self.trust.as_deref().map(|text| TrustList::load(text).unwrap());
        let reader = Reader { trust: trust.as_ref(), heads: self.heads.clone(), now: None };
        let (report, _) = verify_for(&self.file, &table(), &reader);
        let findings: Vec<_> = report
            .findings
            .iter()
            .map(|finding| json!([finding.code, finding.severity, finding.path.clone().unwrap_or_default()]))
            .collect();
        let mut value = json!({
            "name": self.name, "verified": report.verified, "entries": report.entries, "heads": report.heads,
            "findings": findings, "known": self.heads,
        });
        if let Some(trust) = &self.trust {
            value["trust"] = json!(trust);
        }
        match base {
            None => value["file"] = json!(String::from_utf8(self.file.clone()).unwrap()),
            Some(base) => value["splice"] = splice(base, &self.file),
        }
        value
    }
}

/// `[from, to, bytes]`: what takes the place of these bytes of the base, in hexadecimal.
fn splice(base: &[u8], changed: &[u8]) -> Value {
    let from = base.iter().zip(changed).take_while(|(left, right)| left == right).count();
    let most = base.len().min(changed.len()) - from;
    let tail =
        base.iter().rev().zip(changed.iter().rev()).take(most).take_while(|(left, right)| left == right);
    let tail = tail.count();
    let new: String = changed[from..changed.len() - tail].iter().map(|byte| format!("{byte:02x}")).collect();
    json!([from, base.len() - tail, new])
}

/// Dossiers as their parties made them, honestly or not.
fn scenarios() -> Vec<Case> {
    let mut world = World::new();
    let mut cases = vec![Case::of("nearly every kind", &world.whole())];
    let names: Vec<GroupName> =
        ["prices", "parties", "declaration"].map(|name| name.parse().unwrap()).to_vec();
    let whole = world.whole();
    cases.push(Case::of("withheld groups", &whole.withhold(&names)));
    cases.push(Case::of("a copy for the railway", &whole.copy_for(&party("railway"))));
    let mut dossier = world.start();
    let id = dossier.id().clone();
    world.say(&mut dossier, "railway", &rotated(&id, "railway", 0, 1));
    cases.push(Case::of("a key rotated", &dossier));
    world.say(&mut dossier, "railway", &event(1));
    cases.push(Case::of("the old key after its rotation", &dossier));
    let mut dossier = world.start();
    let (id, heads) = (dossier.id().clone(), dossier.heads());
    for to in [1, 7] {
        dossier.insert(world.after(&id, &heads, "railway", &rotated(&id, "railway", 0, to))).unwrap();
    }
    let draft = world.draft(&id, &dossier.heads(), "railway", &event(1));
    dossier.insert(world.sign(draft, &key("railway", 1))).unwrap();
    cases.push(Case::of("two successors of one key", &dossier));
    cases.extend(strangers(&mut world));
    cases.extend(revocations(&mut world));
    cases
}

fn strangers(world: &mut World) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut dossier = world.start();
    let draft = world.draft(&dossier.id().clone(), &dossier.heads(), "railway", &event(1));
    dossier.insert(world.sign(draft, &key("port", 0))).unwrap();
    cases.push(Case::of("signed by another party's key", &dossier));
    let mut dossier = world.start();
    world.say(&mut dossier, "port", &reweighed(7_000_000, 7_100_000));
    world.say(&mut dossier, "customs-tr", &transit_decided("KZ", "declared", "accepted"));
    world.say(&mut dossier, "mover", &transit_declared("KZ"));
    cases.push(Case::of("said without authority", &dossier));
    let mut dossier = world.start();
    let newcomer =
        Participant { party: party("late"), did: key("late", 0).did().clone(), ..participant("port") };
    let admitted = Fact::ParticipantsAdmitted {
        participants: vec![
            newcomer.clone(),
            Participant { did: key("railway", 3).did().clone(), ..participant("railway") },
        ],
    };
    world.say(&mut dossier, "mover", &admitted);
    let left = Fact::ParticipantsWithdrawn(ParticipantsWithdrawn {
        parties: vec![party("port")],
        reason: "moved".to_owned(),
    });
    world.say(&mut dossier, "mover", &left);
    world.say(&mut dossier, "port", &event(4));
    cases.push(Case::of("one admitted, one that left and speaks", &dossier));
    let participants = vec![participant("railway")];
    let fact = Fact::ConsignmentDeclared { consignment: consignment(), participants };
    let now = world.now();
    let first = world.sign(kervan_dossier::Draft::new(&fact, author("mover"), now), &key("mover", 0));
    let mut dossier = Dossier::start(first).unwrap();
    world.say(&mut dossier, "railway", &event(1));
    cases.push(Case::of("a first entry that does not admit its author", &dossier));
    let mut dossier = world.start();
    let (id, heads) = (dossier.id().clone(), dossier.heads());
    for number in [1, 2] {
        dossier.insert(world.after(&id, &heads, "railway", &event(number))).unwrap();
    }
    let mut draft = world.draft(&id, &dossier.heads(), "port", &event(3));
    draft.authored = "2020-01-01T00:00:00Z".parse().unwrap();
    dossier.insert(world.sign(draft, &key("port", 0))).unwrap();
    cases.push(Case::of("two things to two holders, and a clock that is wrong", &dossier));
    cases
}

fn revocations(world: &mut World) -> Vec<Case> {
    let mut dossier = world.start();
    world.say(&mut dossier, "railway", &event(1));
    let (id, heads) = (dossier.id().clone(), dossier.heads());
    let (key, reason) = (key("railway", 0).did().clone(), "stolen".to_owned());
    let revoked = Fact::KeyRevoked(KeyRevoked { party: party("railway"), key, reason });
    dossier.insert(world.after(&id, &heads, "railway", &revoked)).unwrap();
    let beside = world.after(&id, &heads, "railway", &event(2));
    dossier.insert(beside).unwrap();
    vec![Case::of("an entry beside the revocation of its key", &dossier)]
}

/// What a reader brings along changes what it says.
fn readers(world: &mut World) -> Vec<Case> {
    let dossier = world.whole();
    let row = |name: &str| {
        let author = author(name);
        let territory = author.territory.map(|territory| territory.to_string()).unwrap_or_default();
        format!("{},{name},{},{territory},,\n", key(name, 0).did(), author.role)
    };
    let list = |names: &[&str]| {
        format!(
            "did,party,role,territory,key_id,key\n{}",
            names.iter().map(|name| row(name)).collect::<String>()
        )
    };
    let all: Vec<&str> = PARTIES.iter().map(|(name, ..)| *name).collect();
    let with = |name: &str, trust: String| Case { trust: Some(trust), ..Case::of(name, &dossier) };
    let first: EntryId = dossier.id().as_str().parse().unwrap();
    vec![
        with("everybody is trusted", list(&all)),
        with("two are not trusted", list(&all[2..])),
        with("in another role", list(&all).replace(",carrier,", ",terminal,")),
        Case { heads: vec![first], ..Case::of("it has grown", &dossier) },
        Case { heads: vec!["0".repeat(64).parse().unwrap()], ..Case::of("its tail was left out", &dossier) },
    ]
}

/// The base with one value changed and written canonically again, and with bytes changed.
fn tampered(base: &[u8]) -> Vec<Case> {
    let file: Value = serde_json::from_slice(base).unwrap();
    let mut cases = Vec::new();
    let mut edit = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut value = file.clone();
        change(&mut value);
        let mut bytes = jcs(&value).unwrap();
        bytes.push(b'\n');
        cases.push(Case::bytes(name, bytes));
    };
    for [pointer, new, ..] in crate::tamper::REPLACED {
        edit(&format!("{pointer} = {new}"), &|value| {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            value.pointer_mut(parent).unwrap()[name] = serde_json::from_str(new).unwrap();
        });
    }
    let entries = |value: &mut Value| value["entries"].as_array_mut().unwrap().clone();
    for at in 0..3 {
        edit(&format!("without entry {at}"), &|value| {
            value["entries"].as_array_mut().unwrap().remove(at);
        });
    }
    edit("without its last entry", &|value| drop(value["entries"].as_array_mut().unwrap().pop()));
    edit("two swapped", &|value| value["entries"].as_array_mut().unwrap().swap(1, 2));
    edit("one twice", &|value| {
        let first = entries(value)[0].clone();
        value["entries"].as_array_mut().unwrap().insert(1, first);
    });
    edit("a body of another entry", &|value| {
        let body = entries(value)[4]["body"].clone();
        value["entries"][1]["body"] = body;
    });
    edit("participants withheld", &|value| {
        value["entries"][0]["body"].as_object_mut().unwrap().remove("participants");
    });
    for step in 0..40 {
        let position = step * (base.len() - 1) / 39;
        let mut bytes = base.to_vec();
        bytes[position] ^= if step % 3 == 0 { 0x20 } else { 1 };
        cases.push(Case::bytes(&format!("byte {position} changed"), bytes));
    }
    for (name, bytes) in [
        ("nothing", b"".as_slice()),
        ("an empty object", b"{}\n"),
        ("no line feed", b"{}"),
        ("a fraction", b"{\"a\":1.5}\n"),
        ("a member twice", b"{\"a\":1,\"a\":2}\n"),
        ("out of order", b"{\"b\":1,\"a\":2}\n"),
        ("not UTF-8", b"{\"a\":\"\xff\"}\n"),
        ("cut", &base[..base.len() / 2]),
        ("more behind", &[base, b"\n"].concat()),
    ] {
        cases.push(Case::bytes(name, bytes.to_vec()));
    }
    cases
}

#[test]
fn cases_for_other_checkers_say_what_this_one_says() {
    let mut all: Vec<Value> = scenarios().iter().map(|case| case.judged(None)).collect();
    for (number, steps) in fixed_steps().iter().enumerate() {
        let entries = entries(steps);
        let mut dossier = Dossier::new(entries[0].id().as_str().parse().unwrap());
        for entry in entries {
            let _ = dossier.insert(entry);
        }
        all.push(Case::of(&format!("random {number}"), &dossier).judged(None));
    }
    let base = export(&World::new().whole());
    all[0] = Case::bytes("nearly every kind", base.clone()).judged(None);
    all.extend(tampered(&base).iter().map(|case| case.judged(Some(&base))));
    all.extend(readers(&mut World::new()).iter().map(|case| case.judged(Some(&base))));
    let lines: Vec<String> = all.iter().map(Value::to_string).collect();
    let text = format!("[\n{}\n]\n", lines.join(",\n"));
    if std::env::var_os("KERVAN_WRITE_CASES").is_some() {
        std::fs::create_dir_all(std::path::Path::new(FILE).parent().unwrap()).unwrap();
        std::fs::write(FILE, &text).unwrap();
    }
    // As values: the order in a map of JSON is no part of them.
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    assert!(kept == Value::Array(all), "{FILE} is not what verify says: KERVAN_WRITE_CASES=1 writes it anew");
}
