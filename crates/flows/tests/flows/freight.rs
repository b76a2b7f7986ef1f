//! Freight on the network of the corridor: the tables, the fit, scenarios, elasticities.

use kervan_flows::freight::{
    Assignment, Change, FreightData, Scenario, ScenarioText, Shift, assign, assign_both, compare_published,
    elasticities, elasticities_by_steps, fit_constants, read_scenario,
};
use kervan_network::Network;

fn read(name: &str) -> Option<String> {
    std::fs::read_to_string(format!("../../data/{name}")).ok()
}

fn facts() -> (Network, FreightData) {
    let (network, _) = Network::load(|name| read(&format!("network/{name}"))).unwrap();
    let (data, findings) = FreightData::load(|name| read(&format!("flows/{name}")), &network);
    assert_eq!(findings, []);
    (network, data)
}

fn teu(assignment: &Assignment) -> Vec<f64> {
    assignment.corridors.iter().map(|corridor| corridor.teu).collect()
}

/// A scenario in words: kind and what stands on the command line.
fn shift(network: &Network, data: &FreightData, words: &[(&str, &str, f64)]) -> Shift {
    let mut text = ScenarioText::default();
    for (kind, at, by) in words {
        let change = Change { at: (*at).to_owned(), by: *by };
        match *kind {
            "close" => text.close.push(change.at),
            "open" => text.open.push(change.at),
            "capacity" => text.capacity.push(change),
            "hours" => text.hours.push(change),
            "price" => text.price.push(change),
            _ => text.demand.push(change),
        }
    }
    assign_both(network, data, &read_scenario(&text, network, data).unwrap())
}

#[test]
fn the_base_year_has_the_volumes_it_was_fitted_on_and_comes_near_those_held_out() {
    let (network, data) = facts();
    let fitted = fit_constants(&network, &data);
    let stored: Vec<f64> = data.corridors.iter().map(|corridor| corridor.constant_usd).collect();
    let apart = fitted.iter().zip(&stored).map(|(one, other)| (one - other).abs()).fold(0.0, f64::max);
    assert!(apart < 2.0, "the table says {stored:?}, fitting says {fitted:?}");
    let held = compare_published(&network, &data);
    for one in &held {
        let published = &data.published[one.row];
        let ratio = one.model_teu / published.teu;
        let near = if published.fitted { 0.99..1.01 } else { 0.4..1.6 };
        assert!(near.contains(&ratio), "{}: {} for {}", published.name, one.model_teu, published.teu);
    }
    assert!(held.iter().any(|one| !data.published[one.row].fitted));
}

#[test]
fn scenarios_shift_volumes_where_they_should() {
    let (network, data) = facts();
    const MIDDLE: usize = 0;
    const NORTHERN: usize = 1;
    const SOUTHERN: usize = 2;
    const SEA: usize = 3;
    /// What is changed, corridors that win, corridors that lose.
    type Case = (&'static [(&'static str, &'static str, f64)], &'static [usize], &'static [usize]);
    let cases: &[Case] = &[
        (&[("close", "northern", 0.0)], &[MIDDLE, SOUTHERN, SEA], &[NORTHERN]),
        (&[("capacity", "L020", 3.0), ("capacity", "AZALA", 3.0)], &[MIDDLE], &[NORTHERN, SOUTHERN, SEA]),
        (&[("price", "sea", 2.0)], &[MIDDLE, NORTHERN, SOUTHERN], &[SEA]),
        (&[("open", "L100", 0.0), ("open", "L207", 0.0), ("open", "L103", 0.0)], &[SEA], &[MIDDLE, NORTHERN]),
    ];
    for (words, wins, loses) in cases {
        let Shift { before, after } = shift(&network, &data, words);
        let (before_teu, after_teu) = (teu(&before), teu(&after));
        for corridor in *wins {
            assert!(
                after_teu[*corridor] > before_teu[*corridor],
                "{words:?} {corridor}: {before_teu:?} {after_teu:?}"
            );
        }
        for corridor in *loses {
            assert!(
                after_teu[*corridor] < before_teu[*corridor],
                "{words:?} {corridor}: {before_teu:?} {after_teu:?}"
            );
        }
        let unserved: f64 = after.unserved.iter().map(|one| one.teu).sum();
        let all = |teu: &[f64]| teu.iter().sum::<f64>();
        assert!((all(&before_teu) - all(&after_teu) - unserved).abs() < 1.0, "{words:?}");
        assert!(before.gap < 1e-9 && after.gap < 1e-9, "{words:?}");
    }
}

#[test]
fn more_demand_is_carried_and_slower() {
    let (network, data) = facts();
    let Shift { before, after } = shift(&network, &data, &[("demand", "all", 1.5)]);
    assert!((teu(&after).iter().sum::<f64>() / teu(&before).iter().sum::<f64>() - 1.5).abs() < 1e-6);
    assert!(
        after.spots.iter().zip(&before.spots).all(|(after, before)| after.added_hours >= before.added_hours)
    );
}

#[test]
fn elasticities_by_formula_are_those_by_steps() {
    let (network, data) = facts();
    let base = Scenario::unchanged(&data);
    let formula = elasticities(&network, &data, &base);
    let steps = elasticities_by_steps(&network, &data, &base);
    assert_eq!(formula.len(), 16);
    for (formula, steps) in formula.iter().zip(&steps) {
        assert_eq!((formula.of, formula.on), (steps.of, steps.on));
        for (one, other) in [(formula.price, steps.price), (formula.time, steps.time)] {
            assert!((one - other).abs() < 1e-3 * (1.0 + one.abs()), "{formula:?} {steps:?}");
        }
        let right = if formula.of == formula.on { formula.price < 0.0 } else { formula.price > 0.0 };
        assert!(right, "{formula:?}");
    }
}

#[test]
fn what_is_wrong_with_a_scenario_is_said_at_once() {
    let (network, data) = facts();
    let change = |at: &str, by| Change { at: at.to_owned(), by };
    let text = ScenarioText {
        year: Some(1800),
        close: vec!["Aktua".to_owned()],
        open: vec!["KZAAU".to_owned()],
        capacity: vec![change("L001", 2.0), change("L020", 0.0)],
        hours: vec![change("L020", 9_999.0)],
        price: vec![change("L020", -1.0), change("KZAAU", 1.1)],
        demand: vec![change("CN-COAST", -1.0), change("Mars", 1.0)],
    };
    let findings = read_scenario(&text, &network, &data).unwrap_err();
    let codes: Vec<(&str, &str)> = findings
        .iter()
        .map(|finding| (finding.code.as_str(), finding.path.as_deref().unwrap_or("")))
        .collect();
    let expected = [
        ("flows.out-of-range", "/year"),
        ("flows.unknown-name", "/close/0"),
        ("flows.not-a-link", "/open/0"),
        ("flows.out-of-range", "/capacity/1/by"),
        ("flows.out-of-range", "/hours/0/by"),
        ("flows.out-of-range", "/price/0/by"),
        ("flows.no-figure", "/price/1/at"),
        ("flows.negative-demand", "/demand/0/by"),
        ("flows.unknown-demand", "/demand/1/at"),
        ("flows.no-capacity", "/capacity/0/at"),
    ];
    assert_eq!(codes, expected);
    assert!(findings[1].remedy.as_ref().unwrap().contains("KZAAU (Aktau)"), "{:?}", findings[1]);
}

#[test]
fn what_is_wrong_with_the_tables_is_said_at_once() {
    let (network, _) = facts();
    let broken = |name: &str| {
        let text = read(&format!("flows/{name}"))?;
        Some(match name {
            "demand.csv" => {
                text.replace("EU-NORTH,500000,", "EU-NORTH,-5,").replace("D02,2024,standard", "D02,2024,gold")
            }
            "regions.csv" => text.replace("CNSGH,0.85", "CNSGH,0.80"),
            "capacities.csv" => text.replace("place,KZAAU,140000", "place,KZXYZ,140000"),
            _ => text,
        })
    };
    let (data, findings) = FreightData::load(broken, &network);
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["flows.shares", "flows.negative-demand", "flows.bad-value", "flows.unknown-place"]);
    assert_eq!(findings[1].path.as_deref(), Some("demand.csv:2:teu"));
    assert!(!data.demand.is_empty() && assign(&network, &data, &Scenario::unchanged(&data)).gap < 1e-9);
}
