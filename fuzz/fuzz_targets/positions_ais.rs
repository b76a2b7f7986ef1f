//! AIS: any payload under a right checksum, in one sentence or two.
#![no_main]

use kervan_positions::{Circumstances, Form, read};
use libfuzzer_sys::fuzz_target;

fn sentence(body: &str) -> String {
    let sum = body.bytes().fold(0, |sum, byte| sum ^ byte);
    format!("!{body}*{sum:02X}\n")
}

fuzz_target!(|input: (&str, u8, bool)| {
    let (payload, fill, split) = input;
    let payload: String = payload.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, ',' | '*')).collect();
    let fill = fill % 6;
    let text = if split {
        let (one, two) = payload.split_at(payload.len() / 2);
        sentence(&format!("AIVDM,2,1,3,A,{one},0")) + &sentence(&format!("AIVDM,2,2,3,A,{two},{fill}"))
    } else {
        sentence(&format!("AIVDM,1,1,,A,{payload},{fill}"))
    };
    let circumstances = Circumstances { device: None, received: "2026-12-09T12:00:00Z".parse().unwrap() };
    let batch = read(&text, Form::Nmea, &circumstances);
    for report in &batch.reports {
        assert!(report.point.lat().abs() <= 90.0 && report.point.lon().abs() <= 180.0);
        assert!((circumstances.received.as_second() - report.at.as_second()).abs() <= 60);
    }
});
