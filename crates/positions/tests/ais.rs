//! AIS held against published messages and against a reader by others.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

use ais::messages::AisMessage;
use ais::sentence::{AisFragments, AisParser};
use kervan_positions::{Awaiting, Batch, Circumstances, Form, Subject, read, read_on};

fn circumstances() -> Circumstances {
    Circumstances { device: None, received: "2026-12-09T12:00:30Z".parse().unwrap() }
}

/// A sentence with its checksum.
fn sentence(body: &str) -> String {
    let sum = body.bytes().fold(0, |sum, byte| sum ^ byte);
    format!("!{body}*{sum:02X}\n")
}

fn batch(text: &str) -> Batch {
    read(text, Form::Nmea, &circumstances())
}

/// Messages that circulate as examples of decoders; the receiver's checksum is made anew.
const POSITIONS: &[&str] = &[
    "AIVDM,1,1,,B,15M67FC000G?ufbE`FepT@3n00Sa,0",
    "AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0",
    "AIVDM,1,1,,A,133sVfPP00PD>hRMDH@jNOvN20S8,0",
    "AIVDM,1,1,,B,35MsUdPOh8JwI:0HUwquiIFH21>i,0",
    "AIVDM,1,1,,B,25Cjtd0Oj;Jp7ilG7=UkKBoB0<06,0",
    "AIVDM,1,1,,A,B52K>;h00Fc>jpUlNV@ikwpUoP06,0",
    "AIVDM,1,1,,A,C5N3SRgPEnJGEBT>NhWAwwo862PaLELTBJ:V00000000S0D:R220,0",
    "AIVDM,1,1,,B,KC5E2b@U19PFdLbMuc5=ROv62<7m,0",
];

#[test]
fn positions_agree_with_a_reader_by_others() {
    let mut compared = 0;
    for body in POSITIONS {
        let line = sentence(body);
        let ours = batch(&line);
        assert!(ours.findings.iter().all(|f| f.code == "ais.no-position"), "{body}: {:?}", ours.findings);
        let Ok(AisFragments::Complete(theirs)) = AisParser::new().parse(line.trim().as_bytes(), true) else {
            continue;
        };
        let (mmsi, lat, lon, knots) = match theirs.message {
            Some(AisMessage::PositionReport(m)) => (m.mmsi, m.latitude, m.longitude, m.speed_over_ground),
            Some(AisMessage::StandardClassBPositionReport(m)) => {
                (m.mmsi, m.latitude, m.longitude, m.speed_over_ground)
            }
            _ => continue,
        };
        let (Some(lat), Some(lon)) = (lat, lon) else {
            assert!(ours.reports.is_empty());
            continue;
        };
        let report = &ours.reports[0];
        assert_eq!(report.subject, Subject::Device(format!("mmsi:{mmsi:09}").parse().unwrap()), "{body}");
        // They keep 32-bit floats.
        assert!((report.point.lat() - f64::from(lat)).abs() < 2e-5, "{body}: {lat} {:?}", report.point);
        assert!((report.point.lon() - f64::from(lon)).abs() < 2e-5, "{body}: {lon} {:?}", report.point);
        let speed = knots.map(|knots| (f64::from(knots) * 51.444_444).round());
        assert!((speed.unwrap_or(0.0) - f64::from(report.speed.unwrap_or(0))).abs() <= 1.0, "{body}");
        compared += 1;
    }
    assert!(compared >= 6, "{compared}");
}

#[test]
fn known_messages_say_what_is_known_of_them() {
    let found = batch(&sentence(POSITIONS[1]));
    let report = &found.reports[0];
    assert_eq!(report.subject, Subject::Device("mmsi:371798000".parse().unwrap()));
    assert!(
        (report.point.lat() - 48.381_633_3).abs() < 1e-6 && (report.point.lon() + 123.395_383_3).abs() < 1e-6
    );
    // Second 33 of the minute, heard at second 30: the minute before.
    assert_eq!((report.speed, report.heading), (Some(633), Some(2_240)));
    assert_eq!(report.at.to_string(), "2026-12-09T12:00:33Z");

    let long_range = batch(&sentence(POSITIONS[7]));
    assert_eq!(long_range.reports[0].at.to_string(), "2026-12-09T12:00:30Z");
}

#[test]
fn a_message_of_two_sentences_is_put_together() {
    let one = sentence("AIVDM,2,1,3,B,55P5TL01VIaAL@7WKO@mBplU@<PDhh000000001S;AJ::4A80?4i@E53,0");
    let two = sentence("AIVDM,2,2,3,B,1@0000000000000,2");
    let found = batch(&format!("{one}{two}"));
    assert!(found.findings.is_empty(), "{:?}", found.findings);
    let ship = &found.ships[0];
    assert_eq!((ship.mmsi, ship.imo), (369_190_000, Some(6_710_932)));
    assert_eq!(ship.name.as_deref(), Some("MT.MITCHELL"));
    assert_eq!((ship.call_sign.as_deref(), ship.destination.as_deref()), (Some("WDA9674"), Some("SEATTLE")));

    let alone = batch(&two);
    assert_eq!(alone.findings[0].code, "ais.part-missing");
    let begun = batch(&one);
    assert_eq!((begun.findings[0].code.as_str(), begun.ships.len()), ("ais.part-missing", 0));
    let swapped = batch(&format!("{two}{one}"));
    assert_eq!(swapped.findings.len(), 2);
}

#[test]
fn a_message_that_is_cut_between_two_texts_is_put_together() {
    let one = sentence("AIVDM,2,1,3,B,55P5TL01VIaAL@7WKO@mBplU@<PDhh000000001S;AJ::4A80?4i@E53,0");
    let two = sentence("AIVDM,2,2,3,B,1@0000000000000,2");
    let other = sentence(POSITIONS[1]);
    let on = |text: &str, received: &str, awaiting: &mut Awaiting| {
        let circumstances = Circumstances { device: None, received: received.parse().unwrap() };
        read_on(text, Form::Nmea, &circumstances, awaiting)
    };
    let codes = |batch: &Batch| batch.findings.iter().map(|f| f.code.clone()).collect::<Vec<_>>();
    let mut awaiting = Awaiting::default();
    let first = on(&format!("{other}{one}"), "2026-12-09T12:00:30Z", &mut awaiting);
    assert_eq!((first.ships.len(), codes(&first)), (0, Vec::new()));
    assert!(!awaiting.is_empty());
    // The same text again, for the answer to the first was lost: nothing is doubled and nothing missed.
    let again = on(&one, "2026-12-09T12:00:32Z", &mut awaiting);
    assert_eq!(codes(&again), Vec::<String>::new());
    let second = on(&two, "2026-12-09T12:00:40Z", &mut awaiting.clone());
    assert_eq!((second.ships.len(), codes(&second)), (1, Vec::new()));
    assert_eq!(second.ships[0].name.as_deref(), Some("MT.MITCHELL"));
    // Too late: another message may have the same number by then.
    let late = on(&two, "2026-12-09T12:10:00Z", &mut awaiting);
    assert_eq!((late.ships.len(), codes(&late)), (0, vec!["ais.part-missing".to_owned(); 2]));
    assert_eq!(late.findings[0].path.as_deref(), Some("an earlier text"));
    assert!(awaiting.is_empty());
}

#[test]
fn every_fault_is_named() {
    for (body, code) in [
        ("AIVDM,1,1,,A,,0", "ais.short"),
        ("AIVDM,1,1,,A,15RTgt0PAso;90TK,0", "ais.short"),
        ("AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208C~,0", "ais.armour"),
        ("AIVDM,1,2,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0", "ais.sentence"),
        ("AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,7", "ais.sentence"),
        ("AIVDM,2,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0", "ais.sentence"),
        ("AIVDM,1,1,,A,402R3WiuHD30k`>@kp3R0C?007l0,0", "ais.other-types"),
    ] {
        let found = batch(&sentence(body));
        assert_eq!(
            found.findings.first().map(|f| f.code.as_str()),
            Some(code),
            "{body}: {:?}",
            found.findings
        );
        assert!(found.reports.is_empty(), "{body}");
    }
    let tagged = "\\c:1796810400*55\\!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A\n";
    let found = batch(tagged);
    let codes: Vec<_> = found.findings.iter().map(|f| f.code.as_str()).collect();
    if codes.is_empty() {
        assert_eq!(found.reports[0].at.as_second(), 1_796_810_400 - 27);
    } else {
        assert_eq!(codes, ["nmea.checksum"]);
    }
}
