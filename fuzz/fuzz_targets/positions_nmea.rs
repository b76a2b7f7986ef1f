//! NMEA and AIS: any text is read without a fault of the program; what is kept is on the globe.
#![no_main]

use kervan_positions::{Circumstances, Form, limits, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let circumstances = Circumstances {
        device: Some("tracker:A".parse().unwrap()),
        received: "2026-12-09T12:00:00Z".parse().unwrap(),
    };
    let batch = read(text, Form::Nmea, &circumstances);
    assert!(batch.reports.len() <= limits::MOST_REPORTS && batch.findings.len() <= limits::MOST_FINDINGS + 1);
    for report in &batch.reports {
        assert!(report.point.lat().abs() <= 90.0 && report.point.lon().abs() <= 180.0);
        assert!(report.heading.is_none_or(|heading| heading < 3_600));
    }
    // The same text says the same again.
    assert_eq!(batch, read(text, Form::Nmea, &circumstances));
});
