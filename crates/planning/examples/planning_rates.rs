//! How long searches and plans on the corridor network take: one JSON row per case on stdout, words for people on stderr.
//!
//! `cargo xtask bench planning`, or `cargo run --release -p kervan-planning --example planning_rates`
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "an example measures time and prints"
)]

use kervan_network::Network;
use kervan_planning::{
    Explained, Exposure, Learned, PlanOptions, PlanRequest, Preferences, explain, foresee_all, list_chains,
    plan, plan_isochrone, plan_matrix,
};
use kervan_units::Seconds;
use std::time::{Duration, Instant};

/// Pairs that are timed in both directions, by how far apart they are.
const DISTANCES: [(&str, &[(&str, &str)]); 3] = [
    (
        "a border or two",
        &[("KZAAU", "GEPTI"), ("UZTAS", "TMKRW"), ("AZALA", "TRKSY"), ("KZALA", "AZ-ABSHERON")],
    ),
    (
        "half of the corridor",
        &[("CNXIA", "AZ-ABSHERON"), ("KGFRU", "GEPTI"), ("KZALA", "TRMER"), ("UZTAS", "BGBOJ")],
    ),
    ("end to end", &[("CNXIA", "TRIST"), ("CNLYG", "DEDUI"), ("CNCQI", "ROCND"), ("CNSGH", "HUBUD")]),
];

/// Most milliseconds that the median search with four criteria over 60 days may take.
const SEARCH_BAR_MS: f64 = 2.0;

/// Rounds of each pair.
const ROUNDS: usize = 12;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/network/");
    let (network, _) = Network::load(|name| std::fs::read_to_string(format!("{data}{name}")).ok())?;
    eprintln!("network {}, {} services", network.version(), network.list_services().count());
    for (size, (distance, pairs)) in (1..).zip(DISTANCES) {
        let mut chains = Vec::new();
        let times = time(pairs, |from, to| {
            let found = list_chains(&network, &request(from, to, true)?, &PlanOptions::default());
            chains.push(found.map_err(|findings| format!("{findings:?}"))?.len());
            Ok(())
        })?;
        chains.sort_unstable();
        eprintln!("{distance}: {:?} chains in the middle", chains.get(chains.len() / 2));
        row("search, 4 criteria, 60 days, median", size, at(&times, 50), Some(SEARCH_BAR_MS));
        row("search, 4 criteria, 60 days, p99", size, at(&times, 99), None);
    }
    for (size, (_, pairs)) in (1..).zip(DISTANCES) {
        let times = time(pairs, |from, to| {
            let planned = plan(&network, &request(from, to, true)?, &PlanOptions::default());
            planned.map(|_| ()).map_err(|findings| format!("{findings:?}").into())
        })?;
        row("plan with 2,000 samples, median", size, at(&times, 50), None);
        row("plan with 2,000 samples, p99", size, at(&times, 99), None);
    }
    for days in [15, 60, 180] {
        let pairs = [("CNXIA", "TRIST")];
        let times = time(&pairs, |from, to| {
            let mut request = request(from, to, true)?;
            request.conditions.horizon_days = Some(days);
            list_chains(&network, &request, &PlanOptions::default())
                .map_err(|findings| format!("{findings:?}"))?;
            Ok(())
        })?;
        row("search by horizon in days, median", u64::from(days), at(&times, 50), None);
    }
    requests(&network)?;
    kinds(&network)?;
    many(&network)
}

/// A whole request as the page and the command line make it: ways, odds, why, what to do when it breaks, and the bands of each
/// step; and each part of it alone.
fn requests(network: &Network) -> Outcome {
    for (size, (_, pairs)) in (1..).zip(DISTANCES) {
        let times = time(pairs, |from, to| answer(network, &request(from, to, false)?))?;
        row("corridor plan request with odds and bands, median", size, at(&times, 50), None);
        row("corridor plan request with odds and bands, p99", size, at(&times, 99), None);
        let times = time(pairs, |from, to| told(network, &request(from, to, false)?).map(|_| ()))?;
        row("of it with odds, without bands, median", size, at(&times, 50), None);
        let mut bands = Vec::new();
        for (from, to) in pairs {
            let told = told(network, &request(from, to, false)?)?;
            for _ in 0..ROUNDS {
                let start = Instant::now();
                band(network, &told);
                bands.push(start.elapsed());
            }
        }
        bands.sort();
        row("of it bands, median", size, at(&bands, 50), None);
    }
    for days in [15, 60, 180] {
        let times = time(&[("CNXIA", "TRIST")], |from, to| {
            let mut request = request(from, to, false)?;
            request.conditions.horizon_days = Some(days);
            answer(network, &request)
        })?;
        row("corridor plan request by horizon in days, median", u64::from(days), at(&times, 50), None);
    }
    Ok(())
}

/// The same request, asked in other ways.
fn kinds(network: &Network) -> Outcome {
    type Ask = fn(&mut PlanRequest) -> Outcome;
    let kinds: [(&str, Ask); 4] = [
        ("arrive by", |request| {
            request.conditions.arrive_by = Some("2027-01-20T00:00:00Z".parse()?);
            Ok(())
        }),
        ("four criteria", |request| {
            request.conditions.exposure.territories = [("RU".parse()?, 5), ("TM".parse()?, 2)].into();
            Ok(())
        }),
        ("within 1 %", |request| {
            request.conditions.epsilon_permille = 10;
            Ok(())
        }),
        ("no way", |request| {
            request.conditions.avoid.countries = ["KZ".parse()?, "RU".parse()?].into();
            request.conditions.most_transshipments = Some(0);
            Ok(())
        }),
    ];
    for (kind, ask) in kinds {
        for (size, (_, pairs)) in (1..).zip(DISTANCES) {
            let times = time(pairs, |from, to| {
                let mut request = request(from, to, false)?;
                ask(&mut request)?;
                answer(network, &request)
            })?;
            row(&format!("corridor plan request, {kind}, median"), size, at(&times, 50), None);
        }
    }
    Ok(())
}

/// Matrices and what is reached within a time.
fn many(network: &Network) -> Outcome {
    let places = ["CNXIA", "KZALA", "UZTAS", "AZ-ABSHERON", "GEPTI", "TRIST", "ROCND", "DEDUI"];
    let options = PlanOptions { samples: 500, ..PlanOptions::default() };
    for side in [2, 4, 8] {
        let codes = places.iter().take(side).map(|code| code.parse()).collect::<Result<Vec<_>, _>>()?;
        let asked = request("CNXIA", "TRIST", false)?;
        let start = Instant::now();
        plan_matrix(network, &asked, &codes, &codes, &options, &Learned::default())
            .map_err(|findings| format!("{findings:?}"))?;
        let pairs = side * (side - 1);
        row("matrix of so many pairs", pairs as u64, start.elapsed().as_secs_f64() * 1e3, None);
    }
    for days in [5, 15, 30] {
        let asked = request("UZTAS", "TRIST", false)?;
        let start = Instant::now();
        plan_isochrone(network, &asked, Seconds::from_hours(24 * days), &options, &Learned::default())
            .map_err(|findings| format!("{findings:?}"))?;
        row("what is within so many days", days, start.elapsed().as_secs_f64() * 1e3, None);
    }
    Ok(())
}

fn answer(network: &Network, request: &PlanRequest) -> Outcome {
    let told = told(network, request)?;
    band(network, &told);
    Ok(())
}

fn told(network: &Network, request: &PlanRequest) -> Result<Explained, Box<dyn std::error::Error>> {
    let preferences = Preferences::default();
    explain(network, request, &PlanOptions::default(), &preferences, &Learned::default())
        .map_err(|findings| format!("{findings:?}").into())
}

fn band(network: &Network, told: &Explained) {
    let ways = told.plan.alternatives.iter().map(|way| &way.itinerary);
    drop(foresee_all(network, ways, &Learned::default()));
}

/// Sorted times of every pair in both directions.
fn time(
    pairs: &[(&str, &str)],
    mut run: impl FnMut(&str, &str) -> Outcome,
) -> Result<Vec<Duration>, Box<dyn std::error::Error>> {
    let mut times = Vec::new();
    for (one, other) in pairs {
        for (from, to) in [(one, other), (other, one)] {
            for _ in 0..ROUNDS {
                let start = Instant::now();
                run(from, to)?;
                times.push(start.elapsed());
            }
        }
    }
    times.sort();
    Ok(times)
}

fn at(times: &[Duration], percent: usize) -> f64 {
    let index = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(index).copied().unwrap_or_default().as_secs_f64() * 1e3
}

/// `size` is 1 to 3 for how far the ends are apart.
fn row(case: &str, size: u64, value: f64, bar: Option<f64>) {
    let (bar_text, better, met) = match bar {
        Some(bar) => (bar.to_string(), "\"lower\"".to_owned(), (value <= bar).to_string()),
        None => ("null".to_owned(), "null".to_owned(), "null".to_owned()),
    };
    println!(
        "{{\"case\":\"{case}\",\"size\":{size},\"unit\":\"ms\",\"value\":{value:.3},\"bar\":{bar_text},\"better\":{better},\"met\":{met}}}"
    );
}

fn request(from: &str, to: &str, exposed: bool) -> Result<PlanRequest, Box<dyn std::error::Error>> {
    let equipment = vec![(2, "45G1".parse()?)];
    let mut request =
        PlanRequest::new(from.parse()?, to.parse()?, "2026-12-01T08:00:00Z".parse()?, equipment);
    if exposed {
        let weights = [("RU".parse()?, 5), ("BY".parse()?, 5), ("TM".parse()?, 2)];
        request.conditions.exposure = Exposure { territories: weights.into(), ..Exposure::default() };
    }
    Ok(request)
}
