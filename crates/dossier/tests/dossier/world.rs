//! A small world for the tests: parties with fixed keys, a consignment, and short ways to sign what they say.

use jiff::Timestamp;
use kervan_dossier::{
    AmendmentAnswered, Author, AuthorityTable, CarriageAccepted, Change, ConsignmentDelivered, Dossier,
    DossierState, Draft, Entry, EventReported, Fact, KeyRotated, Participant, PartyKey, RoleGrant, Standing,
    TransitDecided, TransitDeclared, fold,
};
use kervan_model::{Consignment, DossierId, EntryId, Finding, PartyId, Role, TerritoryId};
use serde_json::{Value, json};

/// The parties, with their role and territory. The index is the seed of the key.
pub(crate) const PARTIES: [(&str, Role, Option<&str>); 9] = [
    ("mover", Role::Forwarder, None),
    ("seller", Role::Consignor, None),
    ("buyer", Role::Consignee, None),
    ("railway", Role::Carrier, None),
    ("port", Role::Terminal, None),
    ("customs-kz", Role::Customs, Some("KZ")),
    ("customs-tr", Role::Customs, Some("TR")),
    ("vessel", Role::Carrier, None),
    ("lender", Role::Bank, None),
];

pub(crate) fn table() -> AuthorityTable {
    let read = |name: &str| {
        std::fs::read_to_string(format!("{}/../../data/authority/{name}", env!("CARGO_MANIFEST_DIR")))
    };
    let table = AuthorityTable::load(&read("authority.csv").unwrap()).unwrap();
    table.with_consent(&read("consent.csv").unwrap()).unwrap()
}

/// The key of a party; `generation` 0 is the one it is admitted with.
pub(crate) fn key(party: &str, generation: u8) -> PartyKey {
    let index = PARTIES.iter().position(|(name, ..)| *name == party).unwrap_or(99);
    let mut seed = [generation; 32];
    seed[0] = u8::try_from(index).unwrap() + 1;
    PartyKey::from_seed(seed)
}

pub(crate) fn party(name: &str) -> PartyId {
    name.parse().unwrap()
}

pub(crate) fn author(name: &str) -> Author {
    let (_, role, territory) = PARTIES.iter().find(|(party, ..)| *party == name).unwrap();
    Author { party: party(name), role: *role, territory: territory.map(|code| code.parse().unwrap()) }
}

pub(crate) fn participant(name: &str) -> Participant {
    let Author { party, role, territory } = author(name);
    let did = key(name, 0).did().clone();
    Participant { party, name: name.to_uppercase(), did, roles: vec![RoleGrant { role, territory }] }
}

pub(crate) fn consignment() -> Consignment {
    serde_json::from_value(json!({
        "reference": "KRV-2026-0001", "from": "CNXIA", "to": "TRIST", "ready": "2026-12-01T08:00:00Z",
        "terms": {"incoterm": "FCA", "place": "Xi'an"},
        "equipment": [{"number": "CSQU3054383", "size_type": "45G1"}],
        "goods": [
            {"description": "Washing machines", "hs": "845011", "origin": "CN", "packages": 100,
             "package_kind": "CT", "gross_mass": 7_000_000, "net_mass": 6_500_000},
            {"description": "Чай, ჩაი, 茶", "hs": "090210", "origin": "CN", "packages": 40,
             "package_kind": "CT", "gross_mass": 900_000, "net_mass": 800_000}
        ],
        "parties": [
            {"role": "consignor", "id": "seller", "name": "Seller", "address": "1 Road", "country": "CN"},
            {"role": "consignee", "id": "buyer", "name": "Buyer", "address": "2 Road", "country": "TR"},
            {"role": "forwarder", "id": "mover", "name": "Mover", "address": "3 Road", "country": "KZ"}
        ],
        "prices": {"invoice_number": "INV-1", "invoice_date": "2026-11-20",
            "items": [{"minor": 2_100_000, "currency": "USD"}, {"minor": 90_000, "currency": "USD"}]}
    }))
    .unwrap()
}

pub(crate) fn declared() -> Fact {
    let participants = PARTIES.iter().map(|(name, ..)| participant(name)).collect();
    Fact::ConsignmentDeclared { consignment: consignment(), participants }
}

pub(crate) fn change(path: &str, was: Value, value: Value) -> Change {
    Change { path: path.to_owned(), was, value }
}

pub(crate) fn amended(changes: Vec<Change>) -> Fact {
    Fact::ConsignmentAmended { reason: "weighed again".to_owned(), changes }
}

/// An amendment of the first item's gross mass.
pub(crate) fn reweighed(was: u64, grams: u64) -> Fact {
    amended(vec![change("/goods/0/gross_mass", json!(was), json!(grams))])
}

pub(crate) fn event(number: usize) -> Fact {
    Fact::EventReported(EventReported {
        event_hash: format!("ni:///sha-256;{number:064x}?ver=CBV2.0"),
        event_type: "ObjectEvent".to_owned(),
        biz_step: Some("departing".to_owned()),
        place: Some("KZAAU".parse().unwrap()),
        at: "2026-12-05T10:00:00Z".parse().unwrap(),
    })
}

/// A party rotates from a key to another one that it holds.
pub(crate) fn rotated(dossier: &DossierId, by: &str, from: u8, to: u8) -> Fact {
    let (from, at) = (key(by, from).did().clone(), "2026-12-05T10:00:00Z".parse().unwrap());
    Fact::KeyRotated(KeyRotated::new(dossier, party(by), from, &key(by, to), at).unwrap())
}

pub(crate) fn delivered() -> Fact {
    let (at, place) = ("2026-12-20T10:00:00Z".parse().unwrap(), "TRIST".parse().unwrap());
    Fact::ConsignmentDelivered(ConsignmentDelivered { at, place })
}

pub(crate) fn territory(code: &str) -> TerritoryId {
    code.parse().unwrap()
}

pub(crate) fn transit_declared(code: &str) -> Fact {
    Fact::TransitDeclared(TransitDeclared {
        movement: "KRV-2026-0001/1".parse().unwrap(),
        territory: territory(code),
        onward: vec![],
        regime: "national_transit".to_owned(),
        declaration: json!({"gross_mass": 7_900_000, "packages": 140}),
        office_of_departure: "KZ000001".to_owned(),
        office_of_destination: "KZ000002".to_owned(),
    })
}

pub(crate) fn transit_decided(code: &str, from: &str, to: &str) -> Fact {
    Fact::TransitDecided(TransitDecided {
        movement: "KRV-2026-0001/1".parse().unwrap(),
        territory: territory(code),
        message: "acceptance".to_owned(),
        from_state: from.to_owned(),
        to_state: to.to_owned(),
        mrn: None,
        outcome: None,
        findings: vec![Finding::info("customs.example", "complete")],
        rule_pack: None,
        decided: None,
        case: serde_json::Value::Null,
        selection: serde_json::Value::Null,
        officers: vec![],
    })
}

/// Signs entries with fresh salts and a clock that moves on by itself.
pub(crate) struct World {
    ticks: u64,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { ticks: 0 }
    }

    pub(crate) fn now(&mut self) -> Timestamp {
        self.ticks += 1;
        Timestamp::from_second(1_796_000_000 + i64::try_from(self.ticks).unwrap()).unwrap()
    }

    pub(crate) fn salts(&mut self) -> impl FnMut() -> [u8; 16] + use<> {
        let (base, mut count) = (self.ticks, 0_u64);
        move || {
            count += 1;
            let mut salt = [0; 16];
            salt[..8].copy_from_slice(&base.to_be_bytes());
            salt[8..].copy_from_slice(&count.to_be_bytes());
            salt
        }
    }

    pub(crate) fn sign(&mut self, draft: Draft, key: &PartyKey) -> Entry {
        let mut salts = self.salts();
        draft.sign(key, &mut salts).unwrap()
    }

    /// The first entry of the usual dossier.
    pub(crate) fn first(&mut self) -> Entry {
        let now = self.now();
        self.sign(Draft::new(&declared(), author("mover"), now), &key("mover", 0))
    }

    pub(crate) fn start(&mut self) -> Dossier {
        let first = self.first();
        Dossier::start(first).unwrap()
    }

    pub(crate) fn draft(&mut self, dossier: &DossierId, parents: &[EntryId], by: &str, fact: &Fact) -> Draft {
        let now = self.now();
        Draft::following(dossier.clone(), parents.to_vec(), fact, author(by), now)
    }

    /// What a party says after these entries.
    pub(crate) fn after(&mut self, dossier: &DossierId, parents: &[EntryId], by: &str, fact: &Fact) -> Entry {
        let draft = self.draft(dossier, parents, by, fact);
        self.sign(draft, &key(by, 0))
    }

    /// What a party says after the heads; adds it and gives its id.
    pub(crate) fn say(&mut self, dossier: &mut Dossier, by: &str, fact: &Fact) -> EntryId {
        let parents = dossier.heads();
        let entry = self.after(&dossier.id().clone(), &parents, by, fact);
        let id = entry.id().clone();
        dossier.insert(entry).unwrap();
        id
    }

    /// A dossier with an entry of nearly every kind.
    pub(crate) fn whole(&mut self) -> Dossier {
        let mut dossier = self.start();
        for (by, fact) in [
            ("railway", event(1)),
            ("mover", transit_declared("KZ")),
            ("customs-kz", transit_decided("KZ", "declared", "accepted")),
            ("mover", reweighed(7_000_000, 7_100_000)),
            ("port", event(2)),
            ("buyer", delivered()),
        ] {
            self.say(&mut dossier, by, &fact);
        }
        dossier
    }
}

/// The state of a dossier by the table of the repository.
pub(crate) fn state(dossier: &Dossier) -> DossierState {
    fold(dossier, &table())
}

/// A carrier accepts the goods.
pub(crate) fn carriage() -> Fact {
    let at = "2026-12-02T10:00:00Z".parse().unwrap();
    Fact::CarriageAccepted(CarriageAccepted { at, place: Some("CNXIA".parse().unwrap()), document: None })
}

/// A carrier answers an amendment.
pub(crate) fn answered(amendment: &EntryId, agreed: bool) -> Fact {
    let (amendment, reason) = (amendment.clone(), String::new());
    Fact::AmendmentAnswered(AmendmentAnswered { amendment, agreed, reason })
}

/// The code of why an entry is ignored, or `in force`, or `proposed`.
pub(crate) fn standing(state: &DossierState, id: &EntryId) -> String {
    match &state.standing[id] {
        Standing::InForce => "in force".to_owned(),
        Standing::Proposed { .. } => "proposed".to_owned(),
        Standing::Ignored { why } => why.code.clone(),
    }
}

pub(crate) fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}
