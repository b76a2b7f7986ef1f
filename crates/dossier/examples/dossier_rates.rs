//! How fast entries are signed, verified and folded here: `cargo xtask bench dossier`.
//!
//! One dossier of each size is made, exported, verified and folded. The entries are the usual mix: mostly events, some
//! decisions, now and then an amendment.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a measurement prints what a clock says")]
#![allow(clippy::unwrap_used, reason = "the input is made here")]

use jiff::Timestamp;
use kervan_dossier::{
    Author, AuthorityTable, Change, Dossier, Draft, EventReported, Fact, Participant, PartyKey, RoleGrant,
    TransitDecided, TransitDeclared, export, fold, import, verify,
};
use kervan_model::{Role, TerritoryId};
use serde_json::json;
use std::time::{Duration, Instant};

const AUTHORITY: &str = include_str!("../../../data/authority/authority.csv");

fn author(role: Role) -> Author {
    let territory: Option<TerritoryId> = (role == Role::Customs).then(|| "EAEU".parse().unwrap());
    Author { party: role.word().parse().unwrap(), role, territory }
}

fn key(role: Role) -> PartyKey {
    let number = Role::ALL.iter().position(|other| *other == role).unwrap();
    PartyKey::from_seed([u8::try_from(number).unwrap() + 1; 32])
}

fn declared() -> Fact {
    let participants = Role::ALL
        .into_iter()
        .map(|role| {
            let Author { party, role, territory } = author(role);
            let did = key(role).did().clone();
            Participant {
                party,
                name: role.word().to_owned(),
                did,
                roles: vec![RoleGrant { role, territory }],
            }
        })
        .collect();
    let consignment = serde_json::from_value(json!({
        "reference": "KRV-2026-0001", "from": "CNXIA", "to": "TRIST", "ready": "2026-12-01T08:00:00Z",
        "terms": {"incoterm": "FCA", "place": "Xi'an"},
        "equipment": [{"number": "CSQU3054383", "size_type": "45G1"}],
        "goods": [{"description": "Washing machines", "hs": "845011", "origin": "CN", "packages": 100,
            "package_kind": "CT", "gross_mass": 7_000_000, "net_mass": 6_500_000}],
        "parties": [
            {"role": "consignor", "id": "consignor", "name": "Seller", "address": "1 Road", "country": "CN"},
            {"role": "consignee", "id": "consignee", "name": "Buyer", "address": "2 Road", "country": "TR"},
            {"role": "forwarder", "id": "forwarder", "name": "Mover", "address": "3 Road", "country": "KZ"}],
        "prices": {"invoice_number": "INV-1", "invoice_date": "2026-11-20",
            "items": [{"minor": 2_100_000, "currency": "USD"}]}
    }))
    .unwrap();
    Fact::ConsignmentDeclared { consignment, participants }
}

fn fact(number: usize) -> (Role, Fact) {
    let movement = "KRV-2026-0001/1".parse().unwrap();
    let territory = "EAEU".parse().unwrap();
    match number {
        1 => {
            let declaration = json!({"gross_mass": 7_000_000, "goods": [{"hs": "845011", "packages": 100}]});
            let (office_of_departure, office_of_destination) = ("KZ000001".to_owned(), "KZ000002".to_owned());
            let regime = "eaeu_transit".to_owned();
            let fact = TransitDeclared {
                movement,
                territory,
                onward: vec![],
                regime,
                declaration,
                office_of_departure,
                office_of_destination,
            };
            (Role::Forwarder, Fact::TransitDeclared(fact))
        }
        _ if number % 50 == 2 => {
            let gross = |number: usize| json!(7_000_000 + number / 50 * 1_000);
            let (was, value) = (gross(number), gross(number + 50));
            let changes = vec![Change { path: "/goods/0/gross_mass".to_owned(), was, value }];
            (Role::Forwarder, Fact::ConsignmentAmended { reason: "weighed".to_owned(), changes })
        }
        _ if number % 10 == 3 => {
            let (from_state, to_state) = ("declared".to_owned(), "declared".to_owned());
            let (message, findings) = ("presentation".to_owned(), vec![]);
            let fact = TransitDecided {
                movement,
                territory,
                message,
                from_state,
                to_state,
                mrn: None,
                outcome: None,
                findings,
                rule_pack: None,
                decided: None,
                case: serde_json::Value::Null,
                selection: serde_json::Value::Null,
                officers: vec![],
            };
            (Role::Customs, Fact::TransitDecided(fact))
        }
        _ => {
            let event_hash = format!("ni:///sha-256;{number:064x}?ver=CBV2.0");
            let at = Timestamp::from_second(1_796_000_000 + i64::try_from(number).unwrap()).unwrap();
            let (biz_step, place) = (Some("departing".to_owned()), Some("KZAAU".parse().unwrap()));
            let event_type = "ObjectEvent".to_owned();
            (
                Role::Carrier,
                Fact::EventReported(EventReported { event_hash, event_type, biz_step, place, at }),
            )
        }
    }
}

/// Makes a dossier of one chain and gives the time spent signing.
fn make(size: usize) -> (Dossier, Duration) {
    let start = Timestamp::from_second(1_796_000_000).unwrap();
    let mut salt = 0_u128;
    let mut salts = || {
        salt += 1;
        salt.to_be_bytes()
    };
    let clock = Instant::now();
    let first = Draft::new(&declared(), author(Role::Forwarder), start)
        .sign(&key(Role::Forwarder), &mut salts)
        .unwrap();
    let mut last = first.id().clone();
    let mut dossier = Dossier::start(first).unwrap();
    let id = dossier.id().clone();
    for number in 1..size {
        let (role, fact) = fact(number);
        let draft = Draft::following(id.clone(), vec![last], &fact, author(role), start);
        let entry = draft.sign(&key(role), &mut salts).unwrap();
        last = entry.id().clone();
        dossier.insert(entry).unwrap();
    }
    (dossier, clock.elapsed())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let clock = Instant::now();
    let result = work();
    (result, clock.elapsed())
}

/// The best of several runs: what the code takes, without what else the machine does.
fn best<T>(runs: usize, work: impl Fn() -> T) -> Duration {
    (0..runs).map(|_| timed(&work).1).min().unwrap_or_default()
}

fn rate_row(case: &str, size: usize, count: usize, time: Duration, bar: Option<f64>) {
    let value = count as f64 / time.as_secs_f64();
    row(case, size, "entries/s", value.round(), bar, "higher", bar.map(|bar| value >= bar));
}

fn time_row(case: &str, size: usize, time: Duration, bar: Option<f64>) {
    let value = time.as_secs_f64() * 1e3;
    row(case, size, "ms", (value * 1e4).round() / 1e4, bar, "lower", bar.map(|bar| value < bar));
}

fn row(case: &str, size: usize, unit: &str, value: f64, bar: Option<f64>, better: &str, met: Option<bool>) {
    let better = bar.map(|_| better);
    let row = json!({"case": case, "size": size, "unit": unit, "value": value, "bar": bar, "better": better, "met": met});
    println!("{row}");
}

fn main() {
    let table = AuthorityTable::load(AUTHORITY).unwrap();
    for size in [1, 100, 200, 10_000] {
        let runs = if size < 1_000 { 30 } else { 5 };
        let ((dossier, _), signing) = (make(size), (0..runs.min(10)).map(|_| make(size).1).min().unwrap());
        rate_row("append and sign", size, size, signing, None);
        let bytes = export(&dossier);
        rate_row("export", size, size, best(runs, || export(&dossier)), None);
        assert!(verify(&bytes, &table, None).verified);
        let bar = (size >= 100).then_some(15_000.0);
        rate_row("verify", size, size, best(runs, || verify(&bytes, &table, None)), bar);
        let import = || import(&bytes, &kervan_dossier::ResolvedKeys::default()).unwrap();
        let cold = (0..runs)
            .map(|_| {
                let imported = import();
                timed(|| fold(&imported, &table)).1
            })
            .min()
            .unwrap();
        time_row("fold, first time", size, cold, (size == 200).then_some(1.0));
        let imported = import();
        time_row("fold, again", size, best(runs, || fold(&imported, &table)), (size == 200).then_some(1.0));
    }
}
