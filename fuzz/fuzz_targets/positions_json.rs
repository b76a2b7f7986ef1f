//! GeoJSON and our own JSON.
#![no_main]

use kervan_positions::{Circumstances, Form, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let circumstances = Circumstances { device: None, received: "2026-12-09T12:00:00Z".parse().unwrap() };
    for form in [Form::GeoJson, Form::Json, Form::guess(text)] {
        let batch = read(text, form, &circumstances);
        assert!(batch.reports.iter().all(|report| report.point.lat().abs() <= 90.0));
        assert!(batch.findings.iter().all(|finding| finding.path.is_some()), "{:?}", batch.findings);
    }
});
