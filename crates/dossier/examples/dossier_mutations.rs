//! Changes an exported dossier at random, a million times: none may verify, and nothing may panic.
//! `cargo run --release -p kervan-dossier --example dossier_mutations -- 1000000 7`: how many, and the seed.
//!
//! One to four edits each: a byte replaced, inserted, removed, a bit flipped, a stretch copied elsewhere, the end cut off. The
//! same seed gives the same changes.
#![allow(clippy::print_stdout, reason = "it says what came of it")]
#![allow(clippy::unwrap_used, reason = "the input is made here")]

#[path = "../tests/mutation/mod.rs"]
mod mutation;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>().unwrap());
    let (count, seed) = (arguments.next().unwrap_or(1_000_000), arguments.next().unwrap_or(1));
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let changed: u64 = std::thread::scope(|scope| {
        let parts = (0..threads).map(|part| scope.spawn(move || mutation::run(count / threads, seed + part)));
        let parts: Vec<_> = parts.collect();
        parts.into_iter().map(|part| part.join().unwrap()).sum()
    });
    println!("{changed} changed dossiers, none of which verifies");
}
