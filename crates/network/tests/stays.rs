//! What happens to goods at a place: each dwell once, and the figure that fits the case.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

use kervan_codes::PlaceCode;
use kervan_network::{Network, Service};

fn shipped() -> Network {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/network");
    Network::load(|file| std::fs::read_to_string(format!("{dir}/{file}")).ok()).unwrap().0
}

fn service<'n>(network: &'n Network, id: &str) -> Option<&'n Service> {
    (!id.is_empty())
        .then(|| network.find_service(&id.parse().unwrap()).unwrap_or_else(|| panic!("no service {id}")))
}

#[test]
fn processes_fit_the_two_services_of_a_stay() {
    let network = shipped();
    /// Place, arriving and departing service, and the processes with their typical hours.
    type Case = (&'static str, &'static str, &'static str, &'static [(&'static str, f64)]);
    let cases: &[Case] = &[
        ("CNXIA", "", "S001B", &[("P-CNXIA-FOR", 48.0)]),
        ("CNHRS", "S001B", "S002B", &[("P-CNHRS-BOR-B", 12.0)]),
        ("CNHRS", "S001", "S002", &[("P-CNHRS-BOR-C", 48.0)]),
        // Changing the class at the border gains nothing.
        ("CNHRS", "S001", "S002B", &[("P-CNHRS-BOR-C", 48.0)]),
        ("KZ-ALTYN", "S002B", "S018B", &[("P-KZ-ALTYN-GAU-B", 12.0)]),
        ("KZ-ALTYN", "S002", "S010", &[("P-KZ-ALTYN-GAU-CI", 67.4)]),
        ("KZ-ALTYN", "S010R", "S002R", &[("P-KZ-ALTYN-GAU-CO", 6.8)]),
        ("KZAAU", "S018B", "S020", &[("P-KZAAU-TRA", 48.0)]),
        ("AZALA", "S020", "S030B", &[("P-AZALA-TRA", 36.0)]),
        ("AZALA", "", "S030B", &[]),
        ("GEZAI", "S034B", "S035B", &[("P-GEZAI-GAU", 24.0)]),
        ("TRIST", "S037B", "", &[("P-TRIST-DEL", 24.0)]),
        ("TRIST", "S037B", "S038B", &[("P-TRIST-YAR", 24.0)]),
        ("GE-REDBRIDGE", "S111", "S114", &[("P-GERED-OUT", 24.2)]),
        ("GE-REDBRIDGE", "S114R", "S111R", &[("P-GERED-IN", 1.8)]),
        // From Batumi towards Tbilisi no border is crossed at Sarpi.
        ("GE-SARPI", "S215", "S111", &[]),
        ("BYBQT", "S070B", "S071B", &[("P-BYBQT-GAU", 24.0)]),
    ];
    for (place, arriving, departing, wanted) in cases {
        let code: PlaceCode = place.parse().unwrap();
        let processes =
            network.processes_of_stay(&code, service(&network, arriving), service(&network, departing));
        let found: Vec<(&str, f64)> =
            processes.iter().map(|p| (p.id.as_str(), p.duration.typ().as_hours_f64())).collect();
        assert_eq!(found, *wanted, "{place}: {arriving} to {departing}");
    }
}

#[test]
fn prices_are_those_of_the_direction_and_the_day() {
    use kervan_network::TariffUnit::{Feu, TruckMetre};
    let network = shipped();
    let cases = [
        ("S021T", TruckMetre, 2026, 5_450),
        ("S021TR", TruckMetre, 2026, 7_300),
        ("S070B", Feu, 2026, 337_200),
        ("S070BR", Feu, 2026, 260_000),
        ("S101", Feu, 2024, 508_500),
        ("S101", Feu, 2026, 297_800),
        ("S101R", Feu, 2026, 48_700),
    ];
    for (id, per, year, cents) in cases {
        let tariff = network.find_tariff(&id.parse().unwrap(), per, jiff::civil::date(year, 12, 1)).unwrap();
        assert_eq!(tariff.amount.typ(), cents, "{id} {year}");
    }
}

#[test]
fn a_block_train_rides_its_chain_in_both_directions() {
    let network = shipped();
    let forth = network.course_of_service(&"S018B".parse().unwrap());
    let mut back = network.course_of_service(&"S018BR".parse().unwrap());
    back.reverse();
    assert_eq!(forth, back);
    assert_eq!(forth.first().copied(), network.find_place(&"KZ-ALTYN".parse().unwrap()).map(|p| p.point));
    assert_eq!(
        network.distance_of_service(&"S018B".parse().unwrap()).typ().as_kilometres_f64().round(),
        3_204.0
    );
}

#[test]
fn places_are_found_by_what_people_type() {
    let network = shipped();
    for (text, code) in [
        ("Aktau", "KZAAU"),
        ("aktua", "KZAAU"),
        ("KZAAV", "KZAAU"),
        ("Xian", "CNXIA"),
        ("istanbul", "TRIST"),
        ("Alat", "AZALA"),
    ] {
        let found = network.suggest_places(text, 3);
        assert_eq!(found.first().map(|place| place.code.as_str()), Some(code), "{text}");
    }
    assert!(network.suggest_places("", 3).is_empty());
    assert!(network.suggest_places("qqqqqqqqqqqq", 3).is_empty());
}
