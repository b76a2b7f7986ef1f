//! Plans on the corridor network: prints the alternatives of one pair, then how long plans of many pairs take.
//!
//! `cargo run --release -p kervan-planning --example planning_rates -- CNXIA TRIST`
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "an example measures time and prints")]

use kervan_model::Step;
use kervan_network::Network;
use kervan_planning::{Alternative, Plan, PlanOptions, PlanRequest, plan};
use kervan_units::Seconds;
use std::time::{Duration, Instant};

/// Pairs that are timed, in both directions.
const PAIRS: [(&str, &str); 8] = [
    ("CNXIA", "TRIST"),
    ("CNLYG", "DEDUI"),
    ("CNCQI", "ROCND"),
    ("UZTAS", "BGBOJ"),
    ("CNSGH", "HUBUD"),
    ("KZALA", "TRMER"),
    ("KGFRU", "GEPTI"),
    ("CNXIA", "AZ-ABSHERON"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/network/");
    let (network, findings) = Network::load(|name| std::fs::read_to_string(format!("{data}{name}")).ok())?;
    println!("network {}: {} findings", network.version(), findings.len());
    let mut arguments = std::env::args().skip(1);
    let from = arguments.next().unwrap_or_else(|| "CNXIA".to_owned());
    let to = arguments.next().unwrap_or_else(|| "TRIST".to_owned());
    let flags: Vec<String> = arguments.collect();
    let mut request = request(&from, &to)?;
    request.allow_planned = flags.iter().any(|flag| flag == "planned");
    request.allow_disrupted = flags.iter().any(|flag| flag == "disrupted");
    match plan(&network, &request, &PlanOptions::default()) {
        Ok(plan) => print_plan(&plan, &flags),
        Err(findings) => println!("{findings:#?}"),
    }
    if flags.iter().any(|flag| flag == "time") {
        print_times(&network)?;
    }
    Ok(())
}

fn request(from: &str, to: &str) -> Result<PlanRequest, Box<dyn std::error::Error>> {
    Ok(PlanRequest {
        from: from.parse()?,
        to: to.parse()?,
        ready: "2026-12-01T08:00:00Z".parse()?,
        equipment: vec![(2, "45G1".parse()?)],
        gross_mass: None,
        allow_planned: false,
        allow_disrupted: false,
    })
}

fn print_plan(plan: &Plan, flags: &[String]) {
    for alternative in &plan.alternatives {
        print_alternative(alternative);
        if flags.iter().any(|flag| flag == "steps") {
            print_steps(alternative);
        }
    }
    for finding in &plan.findings {
        println!("{:?} {}: {}", finding.severity, finding.code, finding.message);
    }
    for assumption in &plan.assumptions {
        println!("assumed, {}: {}", assumption.name, assumption.value);
    }
}

fn print_alternative(alternative: &Alternative) {
    let itinerary = &alternative.itinerary;
    let days = |at| Seconds::between(itinerary.departs, at).as_hours_f64() / 24.0;
    let via: Vec<&str> = alternative.via.iter().map(|code| code.as_str()).collect();
    println!(
        "{:4} {:4.1} / {:4.1} / {:4.1} d  {} ({} - {})  {}  {}  {} transfers, {:?}  via {} {:?}",
        alternative.id.to_string(),
        days(itinerary.arrives.p10),
        days(itinerary.arrives.p50),
        days(itinerary.arrives.p90),
        itinerary.cost.total,
        itinerary.cost.low.to_decimal(),
        itinerary.cost.high.to_decimal(),
        itinerary.carbon,
        itinerary.distance,
        alternative.transfers,
        itinerary.confidence,
        via.join(" "),
        alternative.badges,
    );
}

fn print_steps(alternative: &Alternative) {
    for step in &alternative.itinerary.steps {
        match step {
            Step::Stay(stay) => {
                let what: Vec<String> = stay
                    .processes
                    .iter()
                    .map(|p| {
                        format!("{} {}/{}/{}", p.kind, p.duration.min(), p.duration.typ(), p.duration.max())
                    })
                    .collect();
                println!("       {} {} to {}: {}", stay.place, stay.arrives, stay.leaves, what.join(", "));
            }
            Step::Leg(leg) => {
                let cost = leg.cost.as_ref().map_or("?".to_owned(), |cost| cost.typical.to_string());
                println!(
                    "         {} {} ({}) {} {cost} {}",
                    leg.service,
                    leg.name,
                    leg.class,
                    leg.distance.typ(),
                    leg.carbon
                );
            }
        }
    }
    println!("       unknown: {}", alternative.itinerary.cost.unknown.join(", "));
    for finding in &alternative.findings {
        println!("       {}", finding.message);
    }
}

fn print_times(network: &Network) -> Result<(), Box<dyn std::error::Error>> {
    for (name, options) in [
        ("search and 100 samples", PlanOptions { samples: 100, ..PlanOptions::default() }),
        ("search and 2,000 samples", PlanOptions::default()),
        ("search and 10,000 samples", PlanOptions { samples: 10_000, ..PlanOptions::default() }),
    ] {
        let mut times: Vec<Duration> = Vec::new();
        for (one, other) in PAIRS {
            for (from, to) in [(one, other), (other, one)] {
                let request = request(from, to)?;
                for _ in 0..10 {
                    let start = Instant::now();
                    let planned = plan(network, &request, &options);
                    times.push(start.elapsed());
                    planned.map_err(|findings| format!("{findings:?}"))?;
                }
            }
        }
        times.sort();
        let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
        println!(
            "{name}: median {:?}, 90 % {:?}, worst {:?}",
            at(50),
            at(90),
            times.last().copied().unwrap_or_default()
        );
    }
    Ok(())
}
