//! Every kind of finding, each from a small network with one thing broken.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

use kervan_model::Severity::{self, Error, Info, Warning};
use kervan_network::{LoadError, Network, check};
use small::tables;

mod small;

fn findings(changes: &[(&str, &str, &str)]) -> Vec<(String, Severity, String)> {
    let tables = tables(changes);
    let found = match Network::load(|file| tables.get(file).cloned()) {
        Ok((network, _)) => check(&network),
        Err(LoadError::Nothing { findings, .. }) => findings,
        Err(error @ LoadError::Missing { .. }) => panic!("{error}"),
    };
    found.into_iter().map(|f| (f.code, f.severity, f.path.unwrap_or_default())).collect()
}

#[test]
fn a_sound_network_has_no_finding() {
    assert_eq!(findings(&[]), []);
}

/// File, text, what stands there instead; then code, severity and path of the finding that must be among all.
type Case = (&'static str, &'static str, &'static str, &'static str, Severity, &'static str);

/// What one row or one table shows.
const ROWS: &[Case] = &[
    ("courses.csv", "", "", "table-missing", Warning, "courses.csv"),
    ("tariffs.csv", "currency,basis", "money,basis", "column-missing", Error, "tariffs.csv:1"),
    (
        "places.csv",
        "seaport,open,,,,a gazetteer",
        "seaport,open,,,a gazetteer",
        "row-length",
        Error,
        "places.csv:2",
    ),
    ("places.csv", "KZAAU,Aktau", "KZAAU,", "value-missing", Error, "places.csv:2:name"),
    ("places.csv", "seaport,open", "harbour,open", "bad-value", Error, "places.csv:2:kinds"),
    ("places.csv", "KZAAU,Aktau", "KZ1,Aktau", "bad-value", Error, "places.csv:2:code"),
    ("points.csv", "KZAAU,43.0", "KZAAU,143.0", "bad-value", Error, "points.csv:2:lat"),
    ("links.csv", "L1,KZAAU,KZ-MID", "L1,KZAAU,KZ-NONE", "unknown-place", Error, "links.csv:2:to"),
    ("processes.csv", "P1,KZAAU", "P1,KZAKX", "unknown-place", Error, "processes.csv:2:place"),
    ("links.csv", "165,170,180", "175,170,180", "min-above-typ", Error, "links.csv:2:km_min"),
    ("links.csv", "165,170,180", "165,190,180", "typ-above-max", Error, "links.csv:2:km_max"),
    ("processes.csv", "12,48,240", "50,48,240", "min-above-typ", Error, "processes.csv:2:hours_min"),
    ("links.csv", "KTZ,a timetable", "KTZ,", "source-missing", Error, "links.csv:2:source"),
    (
        "processes.csv",
        "published,a tariff",
        "published,",
        "source-missing",
        Error,
        "processes.csv:3:cost_source",
    ),
    (
        "links.csv",
        "KTZ,a timetable",
        "KTZ,judgement: mine",
        "judgement-too-sure",
        Warning,
        "links.csv:2:confidence",
    ),
    ("links.csv", "L2,KZ-MID", "L1,KZ-MID", "duplicate-id", Error, "links.csv:3:id"),
    ("services.csv", "S2,Aktau", "S1,Aktau", "duplicate-id", Error, "services.csv:3:id"),
    ("points.csv", "AZALA,43.0,50.0", "KZAAU,43.0,50.0", "duplicate-id", Error, "points.csv:5:place"),
    ("points.csv", "UZTAS,43.0", "UZBHK,43.0", "point-missing", Error, "places.csv:4:code"),
    ("points.csv", "UZTAS,43.0", "UZBHK,43.0", "point-unused", Warning, "points.csv:4:place"),
    ("links.csv", "KZ,open,", "KZ,planned,", "opening-year-missing", Error, "links.csv:2:opens"),
    ("links.csv", "KZ,open,", "KZ,disrupted,", "reason-missing", Warning, "links.csv:2:reason"),
    ("links.csv", "L1,KZAAU", "LR,KZAAU", "bad-value", Error, "links.csv:2:id"),
    ("courses.csv", "L3,2", "L9,2", "unknown-link", Error, "courses.csv:8:link"),
    ("services.csv", "L1;L2", "L1;L9", "unknown-link", Error, "services.csv:2:links"),
    (
        "links.csv",
        "L1,KZAAU,KZ-MID,yes",
        "L1,KZAAU,KZ-MID,no",
        "no-way-back",
        Error,
        "services.csv:2:both_ways",
    ),
    ("services.csv", "headway,24", "headway,0", "bad-value", Error, "services.csv:2:every_h"),
    ("tariffs.csv", "T1,S3", "T1,S9", "unknown-service", Error, "tariffs.csv:2:service"),
    (
        "tariffs.csv",
        "published,,",
        "published,2024-02-01,2024-01-01",
        "bad-value",
        Error,
        "tariffs.csv:2:valid_to",
    ),
    (
        "processes.csv",
        "P2,UZTAS,border,,,,,no,no,1,2,3",
        "P2,KZAAU,transfer,,,,,no,no,1,2,3",
        "dwell-twice",
        Error,
        "processes.csv:3:kind",
    ),
];

/// What only the whole shows.
const WHOLE: &[Case] = &[
    ("places.csv", "Asia/Baku", "Asia/Alat", "zone-unknown", Error, "places.csv:5:zone"),
    (
        "places.csv",
        "UZTAS,Tashkent,UZ",
        "UZTAS,Tashkent,KZ",
        "code-of-other-country",
        Warning,
        "places.csv:4:code",
    ),
    ("links.csv", "165,170,180", "100,120,180", "shorter-than-great-circle", Error, "links.csv:2:km_typ"),
    ("links.csv", "165,170,180", "100,170,180", "least-below-great-circle", Warning, "links.csv:2:km_min"),
    ("links.csv", ",KZ;UZ,", ",KZ;TM,", "countries-of-ends", Error, "links.csv:3:countries"),
    ("courses.csv", "L3,1,43.0,51.0\nL3,2,43.0,50.0\n", "", "course-missing", Warning, "links.csv:4:id"),
    ("courses.csv", "L1,2,43.1,52.0", "L1,2,45.1,52.0", "course-length", Warning, "links.csv:2:km_typ"),
    (
        "courses.csv",
        "L1,1,43.0,51.0\nL1,2,43.1,52.0\nL1,3,43.0,53.0",
        "L1,1,43.1,52.0\nL1,3,43.0,53.0",
        "course-far-from-end",
        Info,
        "links.csv:2:id",
    ),
    ("services.csv", "yes,L1;L2", "yes,L2;L1", "chain-broken", Error, "services.csv:2:links"),
    (
        "services.csv",
        "KZAAU,UZTAS,yes,L1;L2",
        "KZAAU,UZTAS,yes,L1",
        "chain-broken",
        Error,
        "services.csv:2:links",
    ),
    ("links.csv", "82,85,90,1520", "82,85,90,1435", "gauge-within-service", Error, "services.csv:2:links"),
    (
        "services.csv",
        "carload,rail,KZAAU,UZTAS",
        "carload,road,KZAAU,UZTAS",
        "mode-of-link",
        Error,
        "services.csv:2:mode",
    ),
    (
        "services.csv",
        "carload,rail,KZAAU,UZTAS",
        "truck,rail,KZAAU,UZTAS",
        "class-of-mode",
        Error,
        "services.csv:2:class",
    ),
    ("links.csv", "KZ,open,", "KZ,planned,2030", "status-of-link", Error, "services.csv:2:status"),
    ("services.csv", "6,8,12", "1,1,12", "speed-implausible", Warning, "services.csv:2:running_h_typ"),
    ("processes.csv", "P2,UZTAS,border", "P2,UZTAS,yard", "border-missing", Warning, "links.csv:3:countries"),
    ("links.csv", "82,84,90,1520", "82,84,90,1435", "gauge-change-missing", Error, "places.csv:2:code"),
    ("processes.csv", "P1,KZAAU,transfer", "P1,KZAAU,yard", "transfer-missing", Warning, "places.csv:2:code"),
    (
        "services.csv",
        "ASCO,ferry,ferry,KZAAU,AZALA,yes",
        "ASCO,ferry,ferry,KZAAU,AZALA,no",
        "unreachable-place",
        Error,
        "places.csv:5:code",
    ),
    (
        "services.csv",
        "KZAAU,UZTAS,yes,L1;L2",
        "KZAAU,KZ-MID,yes,L1",
        "link-unused",
        Warning,
        "links.csv:3:id",
    ),
    ("tariffs.csv", "T1,S3,both", "T1,S3,forward", "price-missing", Warning, "services.csv:4:id"),
    ("tariffs.csv", "published,,", "published,,2024-01-01", "price-missing", Info, "services.csv:4:id"),
    (
        "emission_factors.csv",
        "E2,ferry",
        "E2,road",
        "emission-factor-missing",
        Warning,
        "links.csv:4:traction",
    ),
];

/// What the tables of services as they run show.
const RUNNING: &[Case] = &[
    ("schedules.csv", "tue;fri", "tuesday", "bad-value", Error, "schedules.csv:2:days"),
    ("schedules.csv", "23:00,12", "24:00,12", "bad-value", Error, "schedules.csv:2:departs"),
    ("schedules.csv", "23:00,12", "23:00,999", "bad-value", Error, "schedules.csv:2:cut_off_h"),
    ("schedules.csv", "2026-12-25", "2026-12-24", "exception-idle", Warning, "schedules.csv:2:except"),
    ("schedules.csv", "2026-12-26,", "2026-12-29,", "exception-idle", Warning, "schedules.csv:2:also"),
    ("schedules.csv", ",120,2026", ",0,2026", "capacity-zero", Error, "schedules.csv:2:capacity_teu"),
    ("schedules.csv", "C1,S3", "C1,S9", "unknown-service", Error, "schedules.csv:2:service"),
    ("schedules.csv", "20,40,60", "0,40,60", "bad-value", Error, "schedules.csv:5:fills_teu_per_day_min"),
    ("schedules.csv", "20,40,60,80", "20,40,60,", "bad-value", Error, "schedules.csv:5:capacity_teu"),
    (
        "schedules.csv",
        "timetable,daily",
        "timetable,mon",
        "timetable-against-frequency",
        Warning,
        "schedules.csv:6:days",
    ),
    (
        "schedules.csv",
        "2025-01-01,2025-12-31",
        "2025-12-31,2025-01-01",
        "bad-value",
        Error,
        "schedules.csv:3:valid_to",
    ),
    (
        "schedules.csv",
        "daily,06:30,0,,,,,,,,,,,2026-01-01,",
        "sun,06:30,0,,,,,,,,,,,2026-01-05,2026-01-10",
        "never-runs",
        Error,
        "schedules.csv:6:days",
    ),
    ("calls.csv", "S1,KZ-MID", "S1,UZTAS", "call-off-the-way", Error, "calls.csv:2:place"),
    ("calls.csv", "S1,KZ-MID", "S9,KZ-MID", "unknown-service", Error, "calls.csv:2:service"),
    ("opening_hours.csv", "08:00,18:00", "8,18:00", "bad-value", Error, "opening_hours.csv:2:opens"),
    (
        "opening_hours.csv",
        "2026-01-01,,",
        "2026-01-03,,",
        "exception-idle",
        Warning,
        "opening_hours.csv:2:closed_on",
    ),
    (
        "opening_hours.csv",
        "UZTAS,border",
        "UZTAS,yard",
        "hours-without-process",
        Warning,
        "opening_hours.csv:2:process",
    ),
    (
        "exchange_rates.csv",
        "EUR,USD,1.0304",
        "EUR,USD,1.2304",
        "rates-disagree",
        Warning,
        "exchange_rates.csv:2:rate",
    ),
    ("exchange_rates.csv", "EUR,USD,1.0304", "EUR,USD,0", "bad-value", Error, "exchange_rates.csv:4:rate"),
    ("day_values.csv", "V1,60,", "V1,-60,", "bad-value", Error, "day_values.csv:2:amount"),
    ("day_values.csv", "USD,teu", "USD,box", "bad-value", Error, "day_values.csv:2:per"),
    (
        "exchange_rates.csv",
        "X1,2025-01-10,EUR",
        "X1,2025-01-10,GEL",
        "bad-value",
        Error,
        "exchange_rates.csv:2:quote",
    ),
    (
        "exchange_rates.csv",
        "X4,2026-01-10",
        "X4,2025-01-10",
        "duplicate-id",
        Error,
        "exchange_rates.csv:5:id",
    ),
    (
        "handling.csv",
        "100,100,100,GEL",
        "100,100,100,CNY",
        "rate-missing",
        Warning,
        "handling.csv:2:currency",
    ),
    (
        "handling.csv",
        "rail,ferry,no,no,feu,no",
        "road,ferry,no,no,feu,no",
        "handling-without-mode",
        Warning,
        "handling.csv:3:from_mode",
    ),
    ("surcharges.csv", "5,10,12.5", "5,10,125", "surcharge-high", Warning, "surcharges.csv:2:amount_max"),
    ("surcharges.csv", "2026-07-01,", "2026-06-01,", "surcharge-twice", Error, "surcharges.csv:3:kind"),
    (
        "surcharges.csv",
        "KZAAU,,,feu,20,20,20,EUR",
        "KZAAU,,,percent,20,20,20,",
        "surcharge-of-no-freight",
        Error,
        "surcharges.csv:4:per",
    ),
    (
        "surcharges.csv",
        "S3,forward,,,,percent,5",
        "S3,forward,KZAAU,,,percent,5",
        "scope",
        Error,
        "surcharges.csv:2:service",
    ),
    ("storage.csv", "no,8,14", "no,9,14", "storage-days", Error, "storage.csv:3:from_day"),
    ("storage.csv", "20,40,60", "2,4,6", "storage-falls", Warning, "storage.csv:4:amount_typ"),
    ("storage.csv", "no,8,14", "no,8,7", "bad-value", Error, "storage.csv:3:to_day"),
    ("acceptance.csv", "3;8", "3;10", "bad-value", Error, "acceptance.csv:2:dangerous"),
    ("acceptance.csv", "30.48", "0", "bad-value", Error, "acceptance.csv:2:heaviest_t"),
    ("acceptance.csv", "3;8,yes", "3;8,no", "plugs-without-reefers", Error, "acceptance.csv:2:reefer_plugs"),
    (
        "acceptance.csv",
        "A2,,,KZAAU,,",
        "A2,,,,rail,carload",
        "acceptance-twice",
        Error,
        "acceptance.csv:4:id",
    ),
];

/// The departures of two rows are those of one service, so both rows are named.
#[test]
fn a_departure_that_stands_twice_is_found() {
    let found = findings(&[(
        "schedules.csv",
        "C2,S3,back,headway,,,,,,48,,,,,,,,2025-01-01,2025-12-31",
        "C2,S3,forward,timetable,fri,23:00,,,,,,,,,,,,2026-06-01,",
    )]);
    assert!(
        found.contains(&("network.departure-twice".to_owned(), Error, "schedules.csv:3:departs".to_owned())),
        "{found:#?}"
    );
}

#[test]
fn each_broken_thing_gives_its_finding_and_place() {
    for (file, from, to, code, severity, path) in ROWS.iter().chain(WHOLE).chain(RUNNING) {
        let found = findings(&[(*file, *from, *to)]);
        let wanted = (format!("network.{code}"), *severity, (*path).to_owned());
        assert!(found.contains(&wanted), "{file}: `{from}` to `{to}` gives no {wanted:?}, but {found:#?}");
    }
}

#[test]
fn all_problems_of_a_broken_table_are_reported_at_once() {
    let found = findings(&[
        ("links.csv", "165,170,180", "175,170,180"),
        ("links.csv", "82,84,90", "82,x,90"),
        ("links.csv", "KZ;UZ,open", "KZ;XX,shut"),
    ]);
    for path in ["links.csv:2:km_min", "links.csv:4:km_typ", "links.csv:3:countries", "links.csv:3:status"] {
        assert!(
            found.iter().any(|(_, severity, at)| *severity == Severity::Error && at == path),
            "{path} in {found:#?}"
        );
    }
}

#[test]
fn nothing_usable_is_an_error_and_not_a_finding() {
    let load = |changes: &[(&str, &str, &str)]| {
        let tables = tables(changes);
        Network::load(|file| tables.get(file).cloned()).map(|_| ()).unwrap_err()
    };
    assert_eq!(load(&[("links.csv", "", "")]), LoadError::Missing { file: "links.csv" });
    let error = load(&[("places.csv", "code,name", "key,name")]);
    assert!(matches!(error, LoadError::Nothing { what: "place", .. }), "{error}");
}

#[test]
fn the_version_changes_with_any_byte_of_any_table() {
    let version = |changes: &[(&str, &str, &str)]| {
        let tables = tables(changes);
        Network::load(|file| tables.get(file).cloned()).unwrap().0.version().to_owned()
    };
    let sound = version(&[]);
    assert_eq!((sound.len(), version(&[])), (16, sound.clone()));
    assert_ne!(version(&[("tariffs.csv", "1200,1200,1200", "1200,1200,1201")]), sound);
    assert_ne!(version(&[("border_times.csv", "note\n", "note\n\n")]), sound);
}
