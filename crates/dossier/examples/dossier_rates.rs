//! How fast entries are signed, verified and folded here: `cargo run --release --example dossier_rates -- 10000 200`.
//!
//! The arguments are numbers of entries; for each, one dossier of that size is made, exported, verified and folded. The
//! entries are the usual mix: mostly events, some decisions, now and then an amendment.
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

fn main() {
    let table = AuthorityTable::load(AUTHORITY).unwrap();
    let rate = |size: usize, time: Duration| (size as f64 / time.as_secs_f64()).round();
    for argument in std::env::args().skip(1) {
        let size: usize = argument.parse().unwrap();
        let (dossier, signing) = make(size);
        let (bytes, exporting) = timed(|| export(&dossier));
        let (report, verifying) = timed(|| verify(&bytes, &table, None));
        assert!(report.verified, "{:?}", report.findings);
        let imported = import(&bytes, &kervan_dossier::ResolvedKeys::default()).unwrap();
        let (cold_state, cold) = timed(|| fold(&imported, &table));
        let (warm_state, warm) = timed(|| fold(&imported, &table));
        assert_eq!(cold_state, warm_state);
        println!("{size} entries, {} bytes each in the export", bytes.len() / size);
        println!("  sign and insert   {:>10} /s", rate(size, signing));
        println!("  export            {:>10} /s", rate(size, exporting));
        println!("  verify            {:>10} /s", rate(size, verifying));
        println!("  fold, first time  {cold:>10.2?}");
        println!("  fold, again       {warm:>10.2?}");
    }
}
