//! A node with the real facts, a forwarder, administrations, and consignments of the demo.

use jiff::{SignedDuration, Timestamp};
use kervan_codes::Grn;
use kervan_customs::{GuaranteeAccount, GuaranteeKind, GuaranteeStatus, Movement, plan_movements};
use kervan_dossier::{PartyKey, RoleGrant};
use kervan_model::format::ConsignmentFile;
use kervan_model::{PartyId, Reference, Role, TerritoryId};
use kervan_network::Network;
use kervan_node::{
    Call, CaseFile, ClockEvent, Desk, FigureVersion, MovementFile, PartyRecord, Refusal, Registered, Rules,
    accept_itinerary, declare_consignment, open_guarantee, run_deadlines,
};
use kervan_planning::{Alternative, PlanOptions, PlanRequest, plan};
use kervan_store::Store;
use kervan_units::Money;
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn data(path: &str) -> Option<String> {
    std::fs::read_to_string(root().join("data").join(path)).ok()
}

pub(crate) struct World {
    pub(crate) desk: Desk,
    _folder: tempfile::TempDir,
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The day on which everything begins.
pub(crate) fn start() -> Timestamp {
    at("2026-12-01T00:00:00Z")
}

pub(crate) fn days(count: i64) -> Timestamp {
    start() + SignedDuration::from_hours(24 * count)
}

pub(crate) fn party(id: &str, country: &str, role: Role, territory: Option<&TerritoryId>) -> Registered {
    let mut seed = [7; 32];
    for (slot, byte) in seed.iter_mut().zip(id.bytes()) {
        *slot = byte;
    }
    let record = PartyRecord {
        id: id.parse().unwrap(),
        name: id.to_owned(),
        country: country.parse().unwrap(),
        roles: vec![RoleGrant { role, territory: territory.cloned() }],
        operates: if role == Role::Carrier { vec!["*".to_owned()] } else { vec![] },
    };
    Registered::new(record, PartyKey::from_seed(seed), None)
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(data)
    }

    /// A world with other facts.
    pub(crate) fn with(find: impl Fn(&str) -> Option<String>) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), find)
    }

    /// The same world after its node was stopped and started again.
    pub(crate) fn restarted(self) -> Self {
        let Self { desk, _folder: folder } = self;
        drop(desk);
        Self::in_folder(folder, data)
    }

    fn in_folder(folder: tempfile::TempDir, find: impl Fn(&str) -> Option<String>) -> Self {
        let (network, _) = Network::load(|name| data(&format!("network/{name}"))).unwrap();
        let mut packs: Vec<_> = std::fs::read_dir(root().join("data/rules"))
            .unwrap()
            .map(|entry| format!("rules/{}", entry.unwrap().file_name().to_string_lossy()))
            .collect();
        packs.sort();
        let rules = Rules::load(find, &packs).unwrap_or_else(|findings| panic!("{findings:#?}"));
        let mut parties = vec![
            party("silkline", "KZ", Role::Forwarder, None),
            party("rail", "KZ", Role::Carrier, None),
            party("qinling-appliances", "CN", Role::Consignor, None),
            party("bogazici-beyaz", "TR", Role::Consignee, None),
        ];
        for territory in rules.territories.list_territories() {
            let id = format!("customs-{}", territory.code.as_str().to_lowercase());
            parties.push(party(&id, "KZ", Role::Customs, Some(&territory.code)));
        }
        let store = Store::open(folder.path()).unwrap();
        let desk = Desk::new(store, network, rules, Box::new(|| {})).unwrap();
        desk.register(parties).unwrap();
        Self { desk, _folder: folder }
    }

    /// Runs a use case in the name of a party.
    pub(crate) fn call<T>(&self, actor: &str, now: Timestamp, work: impl FnOnce(Call<'_>) -> T) -> T {
        let mut salts = || [1; 16];
        work(Call { now, actor: actor.parse().unwrap(), salts: &mut salts })
    }

    /// Declares the main consignment of the demo under another reference, ready on a day.
    pub(crate) fn declare(&self, reference: &str, ready: Timestamp) -> Reference {
        self.declare_with(reference, ready, serde_json::json!([]))
    }

    /// The same with documents that it refers to.
    pub(crate) fn declare_with(
        &self,
        reference: &str,
        ready: Timestamp,
        documents: serde_json::Value,
    ) -> Reference {
        self.declare_changed(reference, ready, |file| {
            if documents.as_array().is_some_and(|documents| !documents.is_empty()) {
                file["documents"] = documents;
                for (party, number) in file["parties"].as_array_mut().unwrap().iter_mut().zip(1..) {
                    party["identifier"] = format!("TR{number:010}").into();
                }
            }
        })
    }

    /// The same with whatever is changed in its file.
    pub(crate) fn declare_changed(
        &self,
        reference: &str,
        ready: Timestamp,
        change: impl FnOnce(&mut serde_json::Value),
    ) -> Reference {
        let text =
            std::fs::read_to_string(root().join("scenarios/demo/consignments/KRV-2026-0001.yaml")).unwrap();
        let mut file: serde_json::Value = serde_norway::from_str(&text).unwrap();
        file["reference"] = reference.into();
        file["ready"] = ready.to_string().into();
        change(&mut file);
        let file: ConsignmentFile = serde_json::from_value(file).unwrap();
        self.call("silkline", start(), |call| declare_consignment(&self.desk, call, &file)).unwrap();
        reference.parse().unwrap()
    }

    pub(crate) fn plan(&self, reference: &Reference) -> (PlanRequest, PlanOptions, Vec<Alternative>) {
        let case = CaseFile::load(&self.desk, reference).unwrap();
        let consignment = case.state.consignment.unwrap();
        let request = PlanRequest {
            from: consignment.from.clone(),
            to: consignment.to.clone(),
            ready: consignment.ready,
            equipment: vec![(2, "45G1".parse().unwrap())],
            gross_mass: None,
            allow_planned: false,
            allow_disrupted: false,
            conditions: kervan_planning::Conditions::default(),
        };
        let options = PlanOptions { samples: 500, ..PlanOptions::default() };
        let alternatives = plan(&self.desk.network, &request, &options).unwrap().alternatives;
        (request, options, alternatives)
    }

    /// The alternatives whose procedures hold all of these regimes, each with its name.
    pub(crate) fn ways(&self, reference: &Reference, regimes: &[&str]) -> Vec<Alternative> {
        let consignment = CaseFile::load(&self.desk, reference).unwrap().state.consignment.unwrap();
        let holds = |alternative: &Alternative| {
            let plan = plan_movements(&consignment, &alternative.itinerary, &self.desk.rules.territories);
            regimes.iter().all(|regime| plan.movements().any(|movement| movement.regime.as_str() == *regime))
        };
        self.plan(reference).2.into_iter().filter(holds).collect()
    }

    pub(crate) fn accept(
        &self,
        reference: &Reference,
        way: &Alternative,
        now: Timestamp,
    ) -> Result<CaseFile, Refusal> {
        let (request, options, _) = self.plan(reference);
        self.call("silkline", now, |call| {
            let choice = (way.id, FigureVersion::Published);
            accept_itinerary(&self.desk, call, reference, &request, &options, choice)
        })
    }

    /// Opens an account of the forwarder, or changes the one with this serial.
    pub(crate) fn guarantee(&self, serial: u64, reference: &str, regimes: &[&str]) -> Grn {
        let account = GuaranteeAccount {
            grn: Grn::issue(2026, "GE".parse().unwrap(), serial),
            kind: GuaranteeKind::Comprehensive,
            holder: "silkline".parse::<PartyId>().unwrap(),
            guarantor: "A bank".into(),
            regimes: regimes.iter().map(|regime| regime.parse().unwrap()).collect(),
            reference: Money::from_decimal(reference, "EUR".parse().unwrap()).unwrap(),
            valid_from: "2026-01-01".parse().unwrap(),
            valid_until: None,
            status: GuaranteeStatus::Open,
        };
        self.call("customs-ge", start(), |call| open_guarantee(&self.desk, &call, &account, "a test"))
            .unwrap();
        account.grn
    }

    /// Every regime that asks for a guarantee, with plenty.
    pub(crate) fn guarantee_everything(&self) {
        let regimes = [
            "common-transit",
            "eaeu-transit",
            "az-transit",
            "ge-transit",
            "tr-transit",
            "uz-transit",
            "tm-transit",
            "ir-transit",
        ];
        self.guarantee(99, "9000000.00", &regimes);
    }

    pub(crate) fn tick(&self, now: Timestamp) -> Vec<ClockEvent> {
        self.call("clock", now, |mut call| run_deadlines(&self.desk, &mut call)).unwrap()
    }

    pub(crate) fn movements(&self, reference: &Reference) -> Vec<MovementFile> {
        CaseFile::load(&self.desk, reference).unwrap().movements
    }

    /// The movement under a regime.
    pub(crate) fn under(&self, reference: &Reference, regime: &str) -> MovementFile {
        let mut files = self.movements(reference).into_iter();
        files.find(|file| file.movement.regime().as_str() == regime && !ended(&file.movement)).unwrap()
    }
}

pub(crate) fn ended(movement: &Movement) -> bool {
    movement.state.kind().is_end()
}
