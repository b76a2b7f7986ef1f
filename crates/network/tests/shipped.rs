//! The tables that are shipped: they load, nothing in them is wrong, and every way that matters is there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

use kervan_codes::PlaceCode;
use kervan_model::Severity;
use kervan_network::{Network, Status, check};
use std::collections::BTreeSet;

fn shipped() -> Network {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/network");
    Network::load(|file| std::fs::read_to_string(format!("{dir}/{file}")).ok()).unwrap().0
}

fn code(text: &str) -> PlaceCode {
    text.parse().unwrap()
}

/// The places that can be reached over services that `may` be ridden.
fn reach(
    network: &Network,
    from: &str,
    may: impl Fn(&kervan_network::Service) -> bool,
) -> BTreeSet<PlaceCode> {
    let mut seen = BTreeSet::from([code(from)]);
    let mut open = vec![code(from)];
    while let Some(place) = open.pop() {
        for service in network.services_from(&place).filter(|service| may(service)) {
            if seen.insert(service.to.clone()) {
                open.push(service.to.clone());
            }
        }
    }
    seen
}

#[test]
fn nothing_is_wrong() {
    let findings = check(&shipped());
    let shown: Vec<_> = findings.iter().filter(|finding| finding.severity != Severity::Info).collect();
    assert!(shown.is_empty(), "{shown:#?}");
}

#[test]
fn the_ways_of_the_corridor_are_open_in_both_directions() {
    let network = shipped();
    let open = |service: &kervan_network::Service| service.status == Status::Open;
    let ends = [
        "TRIST", "TRMER", "GEPTI", "GEBUS", "ROCND", "BGBOJ", "BGVAR", "HUBUD", "DEDUI", "NLRTM", "BYBQT",
        "KZAAU", "KZKUR", "UZTAS", "UZAZN", "TMKRW", "CNLYG", "CNCQI", "KGFRU", "CNSGH", "AZBAK",
    ];
    for end in ends {
        assert!(reach(&network, "CNXIA", open).contains(&code(end)), "CNXIA to {end}");
        assert!(reach(&network, end, open).contains(&code("CNXIA")), "{end} to CNXIA");
    }
}

#[test]
fn the_single_ways_stand_on_their_own() {
    use kervan_model::Mode::{Ferry, Rail, Road, Sea};
    let network = shipped();
    let cases: [(&str, &str, &[kervan_model::Mode], &str); 6] = [
        ("CNXIA", "TRIST", &[Rail, Sea], "by Aktau and the railway Baku - Tbilisi - Kars"),
        ("CNXIA", "TRIST", &[Rail, Ferry], "by Kuryk and the railway Baku - Tbilisi - Kars"),
        ("CNXIA", "DEDUI", &[Rail], "by the northern route"),
        ("UZTAS", "TRIST", &[Rail, Ferry], "by Turkmenbashi or Kuryk"),
        ("CNXIA", "TRIST", &[Road, Ferry], "by truck"),
        ("CNSGH", "NLRTM", &[Sea], "by sea"),
    ];
    for (from, to, modes, why) in cases {
        let may = |s: &kervan_network::Service| modes.contains(&s.mode) && s.status == Status::Open;
        assert!(reach(&network, from, may).contains(&code(to)), "{from} to {to} {why}");
        assert!(reach(&network, to, may).contains(&code(from)), "{to} to {from} {why}");
    }
}

#[test]
fn every_open_service_has_a_price_and_every_link_an_emission_factor() {
    let network = shipped();
    for service in network.list_services() {
        assert!(network.tariffs_of_service(&service.id).next().is_some(), "no price of {}", service.id);
    }
    for link in network.list_links() {
        assert!(network.emission_factor(link).is_some(), "no emission factor of {}", link.id);
    }
}
