//! Tables, itineraries and consignments that the tests of this crate share.
#![allow(dead_code, reason = "each test file uses its part")]

use kervan_customs::{ClearancePlan, MovementPlan, Territories, plan_movements};
use kervan_model::format::ConsignmentFile;
use kervan_model::{Consignment, Itinerary};
use std::path::Path;

pub(crate) fn data(folder: &str, name: &str) -> Option<String> {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(folder).join(name))
        .ok()
}

pub(crate) fn territories() -> Territories {
    Territories::load(|name| data("customs", name)).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

pub(crate) fn consignment(from: &str, to: &str) -> Consignment {
    let file = serde_json::json!({
        "reference": "KRV-2026-0001", "from": from, "to": to, "ready": "2026-12-01T08:00:00Z",
        "terms": {"incoterm": "FCA", "place": "Xi'an"},
        "parties": [
            {"role": "consignor", "id": "seller", "name": "Seller", "address": "1 Road", "country": "CN"},
            {"role": "consignee", "id": "buyer", "name": "Buyer", "address": "2 Road", "country": "TR"},
            {"role": "forwarder", "id": "mover", "name": "Mover", "address": "3 Road", "country": "KZ", "identifier": "KZ1"}
        ],
        "goods": [{"description": "Washing machines", "hs": "8450.11", "origin": "CN", "packages": 100, "marks": "A",
            "package_kind": "CT", "gross_mass_kg": 7000.5, "net_mass_kg": "6500", "value": "21000.00"}],
        "equipment": [{"number": "CSQU3054383", "size_type": "45G1",
            "seals": [{"number": "A1", "affixed_by": "consignor"}]}],
        "invoice": {"number": "INV-1", "date": "2026-11-20", "currency": "USD"}
    });
    serde_json::from_value::<ConsignmentFile>(file).unwrap().read().unwrap()
}

/// A leg: from, to, mode, countries, hours, kilometres.
pub(crate) type LegRow<'a> = (&'a str, &'a str, &'a str, &'a str, i64, u64);

/// An itinerary of legs that follow each other with six hours between them.
pub(crate) fn itinerary(departs: &str, legs: &[LegRow]) -> Itinerary {
    let mut at: jiff::Timestamp = departs.parse().unwrap();
    let zero = serde_json::json!({"minor": 0, "currency": "USD"});
    let provenance = serde_json::json!({"source": "test", "period": "2026", "confidence": "low"});
    let mut steps = Vec::new();
    let mut countries: Vec<&str> = Vec::new();
    for (number, (from, to, mode, crossed, hours, kilometres)) in legs.iter().enumerate() {
        let arrives = at + jiff::SignedDuration::from_hours(*hours);
        let seconds = hours * 3_600;
        let metres = kilometres * 1_000;
        let crossed: Vec<_> = crossed.split(' ').collect();
        for country in &crossed {
            if countries.last() != Some(country) {
                countries.push(country);
            }
        }
        steps.push(
            serde_json::json!({"kind": "leg", "service": format!("S{number}"), "name": "s", "operator": "o",
            "class": "block_train", "mode": mode, "from": from, "to": to, "departs": at, "arrives": arrives,
            "running": {"min": seconds, "typ": seconds, "max": seconds},
            "distance": {"min": metres, "typ": metres, "max": metres},
            "countries": crossed, "carbon": 0, "status": {"state": "open"}, "provenance": provenance}),
        );
        at = arrives + jiff::SignedDuration::from_hours(6);
    }
    serde_json::from_value(serde_json::json!({
        "inputs": {"network_version": "0", "seed": 1, "samples": 1, "equipment": [], "gross_mass": 0},
        "departs": departs, "arrives": {"p10": at, "p50": at, "p90": at}, "distance": 0, "countries": countries,
        "confidence": "low", "carbon": 0, "steps": steps,
        "cost": {"total": zero, "low": zero, "high": zero, "published": zero, "judged": zero, "unknown": []}
    }))
    .unwrap()
}

/// The main line: Xi'an, Altynkol, Aktau, Alat, over the line to Kars, Istanbul.
pub(crate) const MAIN_LINE: &[LegRow] = &[
    ("CNXIA", "KZ-ALTYN", "rail", "CN KZ", 96, 3_290),
    ("KZ-ALTYN", "KZAAU", "rail", "KZ", 90, 3_204),
    ("KZAAU", "AZALA", "sea", "KZ AZ", 24, 468),
    ("AZALA", "GETBS", "rail", "AZ GE", 18, 468),
    ("GETBS", "GEZAI", "rail", "GE", 8, 180),
    ("GEZAI", "TRKSY", "rail", "GE TR", 7, 105),
    ("TRKSY", "TRIST", "rail", "TR", 72, 1_850),
];

pub(crate) fn plan_of(from: &str, to: &str, departs: &str, legs: &[LegRow]) -> ClearancePlan {
    plan_movements(&consignment(from, to), &itinerary(departs, legs), &territories())
}

pub(crate) fn main_line_transit() -> MovementPlan {
    let plan = plan_of("CNXIA", "TRIST", "2026-12-01T08:00:00Z", MAIN_LINE);
    plan.procedures[1].clone()
}
