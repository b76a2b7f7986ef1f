//! Measures decisions per second: `cargo run --release -p kervan-customs --example customs_rates`.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

use kervan_customs::{Case, RulePack, decide};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// A pack of `rules` rules: those of the pack file and its libraries over and over, under new ids.
fn pack_of(rules: usize, files: &BTreeMap<String, String>) -> RulePack {
    let mut file: serde_json::Value = serde_norway::from_str(&files["eaeu.yaml"]).unwrap();
    let shared: serde_json::Value = serde_norway::from_str(&files["shared.library.yaml"]).unwrap();
    let mut own: Vec<_> = shared["rules"].as_array().unwrap().clone();
    own.extend(file["rules"].as_array().unwrap().iter().cloned());
    let many = (0..rules).map(|number| {
        let mut rule = own[number % own.len()].clone();
        rule["id"] = format!("{}-{number}", rule["id"].as_str().unwrap()).into();
        rule
    });
    let many: Vec<_> = many.collect();
    let mut parameters = shared["parameters"].as_object().unwrap().clone();
    parameters.extend(file["parameters"].as_object().unwrap().clone());
    file["parameters"] = parameters.into();
    file["include"] = serde_json::json!([]);
    file["rules"] = many.into();
    RulePack::load(&serde_norway::to_string(&file).unwrap(), |_| None).unwrap()
}

fn case_of(items: usize, files: &BTreeMap<String, String>) -> Case {
    let mut case: serde_json::Value = serde_norway::from_str(&files["specimen.case.yaml"]).unwrap();
    let item = case["declaration"]["goods"][0].clone();
    let goods: Vec<_> = (1..=items)
        .map(|number| {
            let mut item = item.clone();
            item["item"] = number.into();
            item
        })
        .collect();
    case["declaration"]["goods"] = goods.into();
    serde_json::from_value(case).unwrap()
}

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/rules");
    let files: BTreeMap<String, String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read_to_string(&path).unwrap(),
            )
        })
        .collect();
    println!(
        "{:>6} {:>6} {:>8} {:>14} {:>10} {:>10}",
        "rules", "items", "threads", "decisions/s", "p50 us", "p99 us"
    );
    for (rules, items) in [(40, 1), (100, 1), (300, 1), (300, 3), (300, 10), (900, 1)] {
        let (pack, case) = (pack_of(rules, &files), case_of(items, &files));
        for threads in [1, 2] {
            let each = 600_000 / (rules * (items + 3));
            let begun = Instant::now();
            let mut times: Vec<_> = std::thread::scope(|scope| {
                let workers: Vec<_> = (0..threads)
                    .map(|_| {
                        scope.spawn(|| {
                            (0..each)
                                .map(|_| {
                                    let begun = Instant::now();
                                    std::hint::black_box(decide(&pack, &case, case.lodged));
                                    begun.elapsed().as_micros()
                                })
                                .collect::<Vec<_>>()
                        })
                    })
                    .collect();
                workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
            });
            let rate = times.len() as f64 / begun.elapsed().as_secs_f64();
            times.sort_unstable();
            let at = |share: usize| times[(times.len() - 1) * share / 100];
            println!("{rules:>6} {items:>6} {threads:>8} {rate:>14.0} {:>10} {:>10}", at(50), at(99));
        }
    }
}
