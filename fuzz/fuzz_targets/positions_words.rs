//! Documents in the words of others: what is built of them is an event that reads.
#![no_main]

use kervan_positions::words::{WordBook, read_dcsa, read_status_report};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static BOOK: LazyLock<WordBook> = LazyLock::new(|| {
    let find = |path: &str| std::fs::read_to_string(format!("{}/../data/{path}", env!("CARGO_MANIFEST_DIR"))).ok();
    WordBook::load(find).unwrap()
});

fuzz_target!(|text: &str| {
    let Ok(document) = serde_json::from_str(text) else { return };
    let now = "2026-12-09T12:00:00Z".parse().unwrap();
    for reading in [read_dcsa(&document, &BOOK), read_status_report(&document, &BOOK)] {
        let built = reading.told.iter().filter(|told| told.event.is_some()).count();
        if built > 0 {
            let events = kervan_events::read_capture(&reading.capture(now), now).unwrap();
            assert_eq!(events.len(), built);
        }
    }
});
