//! How many messages a second are read and checked, and written, at three sizes. One JSON row per line.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a measurement: it prints and reads the clock"
)]

#[path = "../tests/sample/mod.rs"]
mod sample;

use kervan_ncts::build::declaration;
use kervan_ncts::{Verdict, check, parse_message, write};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long each case runs.
const TIME: Duration = Duration::from_secs(1);

fn measure(case: &str, size: usize, mut once: impl FnMut()) {
    once();
    let start = Instant::now();
    let mut rounds = 0_u32;
    while start.elapsed() < TIME {
        once();
        rounds += 1;
    }
    let rate = f64::from(rounds) / start.elapsed().as_secs_f64();
    println!(
        "{{\"case\":\"{case}\",\"size\":{size},\"unit\":\"messages/s\",\"value\":{rate:.1},\"better\":\"higher\"}}"
    );
}

fn main() {
    for size in [1, 100, 999] {
        let message = declaration(&sample::envelope("M1"), &sample::declaration_of(size));
        let bytes = write(&message);
        assert_eq!(check(&bytes).verdict, Verdict::Valid);
        measure("parse", size, || {
            black_box(parse_message(black_box(&bytes)).unwrap());
        });
        measure("parse and check", size, || {
            black_box(check(black_box(&bytes)));
        });
        measure("write", size, || {
            black_box(write(black_box(&message)));
        });
    }
}
