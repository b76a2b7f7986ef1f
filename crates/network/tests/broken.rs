//! Every kind of finding, each from a small network with one thing broken.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

use kervan_model::Severity::{self, Error, Info, Warning};
use kervan_network::{LoadError, Network, check};
use std::collections::BTreeMap;

/// A network of two towns, a border and a port, with nothing wrong: the file and its rows.
const SOUND: &[(&str, &str)] = &[
    ("attributions.csv", "licence,text,files\npublic domain,ours,points.csv\n"),
    (
        "border_times.csv",
        "id,country,crossing,mode,direction,indicator,year,value,unit,source,period,confidence,note\n",
    ),
    (
        "courses.csv",
        "link,seq,lat,lon\nL1,1,43.0,51.0\nL1,2,43.1,52.0\nL1,3,43.0,53.0\nL2,1,43.0,53.0\nL2,2,43.0,54.0\n\
         L3,1,43.0,51.0\nL3,2,43.0,50.0\n",
    ),
    ("courses_odbl.csv", "link,seq,lat,lon\n"),
    ("customs_unions.csv", "union,country,since,source,period,confidence\n"),
    (
        "emission_factors.csv",
        "id,mode,traction,country,g_per_tkm_min,g_per_tkm_typ,g_per_tkm_max,source,period,confidence,note\n\
         E1,rail,,,18,27,40,a paper,2024,high,\nE2,ferry,,,45,80,150,a paper,2024,high,\n",
    ),
    (
        "links.csv",
        "id,from,to,both_ways,mode,km_min,km_typ,km_max,gauge_mm,traction,countries,status,opens,since,reason,\
         operator,source,period,confidence,note\n\
         L1,KZAAU,KZ-MID,yes,rail,165,170,180,1520,diesel,KZ,open,,,,KTZ,a timetable,2024,high,\n\
         L2,KZ-MID,UZTAS,yes,rail,82,85,90,1520,diesel,KZ;UZ,open,,,,KTZ,a timetable,2024,high,\n\
         L3,KZAAU,AZALA,yes,ferry,82,84,90,1520,,KZ;AZ,open,,,,ASCO,a timetable,2024,high,\n",
    ),
    (
        "places.csv",
        "code,name,country,zone,kinds,status,opens,since,reason,source,period,confidence,note\n\
         KZAAU,Aktau,KZ,Asia/Aqtau,seaport,open,,,,a gazetteer,2024,high,\n\
         KZ-MID,Middle,KZ,Asia/Aqtau,rail_junction,open,,,,a gazetteer,2024,high,\n\
         UZTAS,Tashkent,UZ,Asia/Tashkent,rail_terminal,open,,,,a gazetteer,2024,high,\n\
         AZALA,Alat,AZ,Asia/Baku,seaport;ferry_port,open,,,,a gazetteer,2024,high,\n",
    ),
    (
        "points.csv",
        "place,lat,lon,licence,source,period,confidence\n\
         KZAAU,43.0,51.0,public domain,an index,2024,high\nKZ-MID,43.0,53.0,public domain,an index,2024,high\n\
         UZTAS,43.0,54.0,public domain,an index,2024,high\nAZALA,43.0,50.0,public domain,an index,2024,high\n",
    ),
    ("points_odbl.csv", "place,lat,lon,licence,source,period,confidence\n"),
    (
        "processes.csv",
        "id,place,kind,from_mode,to_mode,class,towards,at_origin,at_destination,hours_min,hours_typ,hours_max,\
         includes_waiting,cost_per,cost_min,cost_typ,cost_max,currency,cost_basis,cost_source,source,period,\
         confidence,note\n\
         P1,KZAAU,transfer,,,,,no,no,12,48,240,yes,,,,,,,,a port,2024,high,\n\
         P2,UZTAS,border,,,,,no,no,1,2,3,yes,feu,10,10,10,USD,published,a tariff,a port,2024,high,\n",
    ),
    (
        "services.csv",
        "id,name,name_back,operator,class,mode,from,to,both_ways,links,running_h_min,running_h_typ,running_h_max,\
         runs,every_h,wait_h_min,wait_h_typ,wait_h_max,capacity_teu,status,opens,since,reason,source,period,\
         confidence,note\n\
         S1,Aktau - Tashkent,Tashkent - Aktau,KTZ,carload,rail,KZAAU,UZTAS,yes,L1;L2,6,8,12,headway,24,,,,,open,,,,\
         a timetable,2024,high,\n\
         S2,Aktau - Middle,Middle - Aktau,KTZ,carload,rail,KZAAU,KZ-MID,yes,L1,3,5,8,on_demand,,,,,,open,,,,\
         a timetable,2024,high,\n\
         S3,ferry,ferry,ASCO,ferry,ferry,KZAAU,AZALA,yes,L3,3,5,8,leaves_when_full,,1,2,3,,open,,,,\
         a timetable,2024,high,\n",
    ),
    (
        "tariffs.csv",
        "id,service,direction,mode,class,per,load,cargo,origin,amount_min,amount_typ,amount_max,currency,basis,\
         valid_from,valid_to,source,period,confidence,note\n\
         T1,S3,both,,,feu,loaded,general,,1200,1200,1200,USD,published,,,a tariff,2024,high,\n\
         D1,,,rail,carload,feu_km,loaded,general,,0.61,0.85,1.31,USD,judgement,,,judgement,2024,low,\n",
    ),
];

/// The sound network with texts replaced, or a whole table taken away by an empty `from`.
fn tables(changes: &[(&str, &str, &str)]) -> BTreeMap<String, String> {
    let mut tables: BTreeMap<String, String> =
        SOUND.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
    for (file, from, to) in changes {
        if from.is_empty() {
            tables.remove(*file);
        } else {
            let text = tables.get_mut(*file).unwrap();
            assert!(text.contains(from), "the case is stale: {file} has no `{from}`");
            *text = text.replacen(from, to, 1);
        }
    }
    tables
}

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

#[test]
fn each_broken_thing_gives_its_finding_and_place() {
    for (file, from, to, code, severity, path) in ROWS.iter().chain(WHOLE) {
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
