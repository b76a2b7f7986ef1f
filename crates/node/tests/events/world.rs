//! A node with the real facts and no consignments, and events of a seed.

use jiff::Timestamp;
use kervan_dossier::{PartyKey, RoleGrant};
use kervan_model::Role;
use kervan_network::Network;
use kervan_node::{Call, Desk, PartyRecord, Refusal, Registered, Rules, capture_events};
use kervan_store::Store;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The real facts.
pub(crate) fn files() -> (Network, Rules) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = |path: &str| std::fs::read_to_string(root.join("data").join(path)).ok();
    let (network, _) = Network::load(|name| data(&format!("network/{name}"))).unwrap();
    let rules = Rules::load(data, &[]).unwrap_or_else(|findings| panic!("{findings:#?}"));
    (network, rules)
}

pub(crate) fn open(folder: &Path) -> Desk {
    let (network, rules) = files();
    let desk = Desk::new(Store::open(folder).unwrap(), network, rules, Box::new(|| {})).unwrap();
    // What is delivered is what a subscriber may read, and that rests on who it is.
    let carrier = PartyRecord {
        id: "carrier".parse().unwrap(),
        name: "Carrier".to_owned(),
        country: "KZ".parse().unwrap(),
        roles: vec![RoleGrant { role: Role::Carrier, territory: None }],
        operates: vec!["*".to_owned()],
    };
    desk.register(vec![Registered::new(carrier, PartyKey::from_seed([7; 32]), None)]).unwrap();
    desk
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn start() -> Timestamp {
    at("2026-12-01T00:00:00Z")
}

/// Runs a use case of the carrier; ids come from the number.
pub(crate) fn call<T>(number: u8, now: Timestamp, work: impl FnOnce(Call<'_>) -> T) -> T {
    let mut salts = || [number; 16];
    work(Call { now, actor: "carrier".parse().unwrap(), salts: &mut salts })
}

pub(crate) fn document(events: &[Value]) -> Value {
    json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-12-01T00:00:00Z",
        "epcisBody": {"eventList": events},
    })
}

pub(crate) fn capture(desk: &Desk, now: Timestamp, events: &[Value]) -> Result<Vec<String>, Refusal> {
    call(1, now, |call| capture_events(desk, call, &document(events)))
}

/// Event `number`: one of each kind in turn, about ten things, five places and four steps.
pub(crate) fn event(number: u64) -> Value {
    let mix = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    let thing = |salt: u64| format!("https://id.gs1.org/01/04012345111118/21/{}", (mix >> salt) % 10);
    let urn = |salt: u64| format!("urn:epc:id:sgtin:4012345.011111.{}", (mix >> salt) % 10);
    let steps = ["departing", "arriving", "loading", "storing"];
    let mut event = json!({
        "eventTime": (start() - jiff::SignedDuration::from_secs((mix % 9_973).cast_signed())).to_string(),
        "eventTimeZoneOffset": "+00:00",
        "bizStep": steps[(mix % 4) as usize],
        "readPoint": {"id": format!("https://id.kervan.example/place/P{}", mix % 5)},
        "ex:number": number,
        "@context": {"ex": "https://ns.example.com/"},
    });
    let more = match number % 3 {
        0 => json!({"type": "ObjectEvent", "action": "OBSERVE", "epcList": [thing(3)]}),
        1 => {
            json!({"type": "AggregationEvent", "action": "ADD", "parentID": urn(5), "childEPCs": [thing(9)]})
        }
        _ => json!({"type": "TransformationEvent", "inputEPCList": [urn(4)], "outputEPCList": [thing(8)]}),
    };
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}
