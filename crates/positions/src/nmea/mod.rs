//! NMEA 0183: sentences of receivers of satellites and of ships' radios, one a line.
//!
//! Own reading, not a package: those that exist bring a clock library that pure rooms do without, or keep coordinates in 32-bit
//! floats. Source: NMEA 0183 as documented by receivers' manuals; tag blocks as in IEC 61162-450.

mod gnss;
mod sentence;

use crate::ais::{self, Awaiting};
use crate::batch::{Batch, Circumstances};
use crate::limits::LONGEST_SENTENCE;
use kervan_model::Finding;
pub(crate) use sentence::Sentence;
use sentence::{SentenceFault, split};

/// Reads every line. `awaiting` is what an earlier text of the same source left unfinished, and what this one does.
pub(crate) fn read(text: &str, circumstances: &Circumstances, awaiting: &mut Awaiting, batch: &mut Batch) {
    let mut receiver = gnss::Receiver::new(circumstances);
    let mut radio = ais::Radio::new(circumstances.received, std::mem::take(awaiting), batch);
    for (index, raw) in text.lines().enumerate() {
        let line = raw.trim_matches(['\u{feff}', ' ', '\t', '\r', '\0']);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        batch.looked_at += 1;
        let place = Place { line: index + 1 };
        if line.len() > LONGEST_SENTENCE {
            let message = format!("a sentence of {} bytes is longer than {LONGEST_SENTENCE}", line.len());
            batch.find(place.error("nmea.too-long", message, "end each sentence with a new line"));
            continue;
        }
        let sentence = match split(line) {
            Ok(sentence) => sentence,
            Err(fault) => {
                batch.find(fault_finding(&fault, place));
                continue;
            }
        };
        if matches!(sentence.kind, "VDM" | "VDO") {
            radio.take(&sentence, place, batch);
        } else {
            receiver.take(&sentence, place, batch);
        }
    }
    receiver.finish(batch);
    *awaiting = radio.finish(batch);
}

/// Where a sentence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Line, counted from 1; 0 for one of an earlier text.
    pub(crate) line: usize,
}

impl Place {
    /// In an earlier text of the same source.
    pub(crate) const EARLIER: Self = Self { line: 0 };

    pub(crate) fn error(self, code: &str, message: impl Into<String>, remedy: &str) -> Finding {
        Finding::error(code, message).at(self.words()).remedy(remedy)
    }

    pub(crate) fn warning(self, code: &str, message: impl Into<String>, remedy: &str) -> Finding {
        Finding::warning(code, message).at(self.words()).remedy(remedy)
    }

    fn words(self) -> String {
        match self.line {
            0 => "an earlier text".to_owned(),
            line => format!("line {line}"),
        }
    }
}

fn fault_finding(fault: &SentenceFault, place: Place) -> Finding {
    match fault {
        SentenceFault::NoStart => {
            place.error("nmea.no-sentence", fault.to_string(), "send one sentence a line, from `$` or `!` on")
        }
        SentenceFault::NoChecksum => place.error(
            "nmea.no-checksum",
            fault.to_string(),
            "end the sentence with `*` and two hexadecimal digits",
        ),
        SentenceFault::Checksum { .. } => place.error(
            "nmea.checksum",
            fault.to_string(),
            "send the sentence again; a character was changed on its way",
        ),
        SentenceFault::NotPrintable => {
            place.error("nmea.not-printable", fault.to_string(), "send plain ASCII text")
        }
        SentenceFault::NoType => place.error(
            "nmea.no-type",
            fault.to_string(),
            "begin with the talker and the type, such as `GPRMC`",
        ),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Circumstances, Form, read};

    fn check(text: &str, wanted: &[(&str, &str, f64, f64)], codes: &[&str]) {
        let circumstances = Circumstances {
            device: Some("tracker:T1".parse().unwrap()),
            received: "2026-12-09T12:00:00Z".parse().unwrap(),
        };
        let batch = read(text, Form::Nmea, &circumstances);
        let found: Vec<_> = batch.findings.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(found, codes, "{text}: {:?}", batch.findings);
        assert_eq!(batch.reports.len(), wanted.len(), "{text}: {:?}", batch.reports);
        for (report, (name, at, lat, lon)) in batch.reports.iter().zip(wanted) {
            assert_eq!(report.at.to_string(), *at, "{name}");
            assert!((report.point.lat() - lat).abs() < 1e-6, "{name}: {:?}", report.point);
            assert!((report.point.lon() - lon).abs() < 1e-6, "{name}: {:?}", report.point);
        }
    }

    #[test]
    fn sentences_of_receivers_are_read() {
        let london = ("london", "1994-06-13T22:05:16Z", 51.563_666_7, -0.704);
        check("$GPRMC,220516,A,5133.82,N,00042.24,W,173.8,231.8,130694,004.2,W*70", &[london], &[]);
        // The date of one sentence serves those that say only a time; the same instant twice is one position.
        check(
            "$GPZDA,201530.00,04,07,2002,00,00*60\n$GPGLL,4916.45,N,12311.12,W,225444,A,*1D\n",
            &[("gll", "2002-07-04T22:54:44Z", 49.274_166_7, -123.185_333_3)],
            &[],
        );
        check(
            "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\n\
             $GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\n",
            &[("munich", "1994-03-23T12:35:19Z", 48.1173, 11.516_666_7)],
            &[],
        );
    }

    #[test]
    fn every_fault_is_named() {
        for (text, code) in [
            ("hello", "nmea.no-sentence"),
            ("$GPRMC,220516,A,5133.82,N,00042.24,W,173.8,231.8,130694,004.2,W", "nmea.no-checksum"),
            ("$GPRMC,220516,A,5133.82,N,00042.24,W,173.8,231.8,130694,004.2,W*71", "nmea.checksum"),
            ("$GPGLL,4916.45,N,12311.12,W,225444,A,*1D", "nmea.no-date"),
            ("$GP*17", "nmea.no-type"),
            ("$GPRMC,220516,A,9133.82,N,00042.24,W,173.8,231.8,130694,004.2,W*7C", "nmea.field"),
            ("$GPRMC,226516,A,5133.82,N,00042.24,W,173.8,231.8,130694,004.2,W*76", "nmea.field"),
            ("$GPRMC,220516,V,5133.82,N,00042.24,W,173.8,231.8,130694,004.2,W*67", "nmea.no-fix"),
        ] {
            check(text, &[], &[code]);
        }
    }
}
