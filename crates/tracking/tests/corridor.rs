//! The state of a corridor: a known case, a count against brute force, and files that hold what was put in.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

use jiff::{SignedDuration, Timestamp};
use kervan_tracking::corridor::{
    CorridorRow, ParquetColumn, RowKind, Seen, SeenAs, Window, assess_corridor, columns, to_csv, to_parquet,
};

fn at(hours: i64) -> Timestamp {
    let start: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(hours)
}

fn seen(subject: &str, hours: i64, what: SeenAs, place: &str) -> Seen {
    Seen { subject: subject.to_owned(), at: at(hours), what, place: place.parse().unwrap() }
}

/// Ready at the origin, off after 5 hours, 20 hours to the port, 30 hours there, 10 to the end, received after 2.
fn journey(subject: &str, from: i64) -> Vec<Seen> {
    vec![
        seen(subject, from, SeenAs::Ready, "CNXIA"),
        seen(subject, from + 5, SeenAs::Departed, "CNXIA"),
        seen(subject, from + 25, SeenAs::Arrived, "KZAAU"),
        seen(subject, from + 27, SeenAs::There, "KZAAU"),
        seen(subject, from + 55, SeenAs::Departed, "KZAAU"),
        seen(subject, from + 65, SeenAs::Arrived, "AZALA"),
        seen(subject, from + 67, SeenAs::Delivered, "AZALA"),
    ]
}

fn find<'r>(rows: &'r [CorridorRow], kind: RowKind, id: &str) -> &'r CorridorRow {
    rows.iter().find(|row| row.kind == kind && row.id == id).unwrap_or_else(|| panic_row(rows, id))
}

#[expect(clippy::panic, reason = "says what is there")]
fn panic_row<'r>(rows: &'r [CorridorRow], id: &str) -> &'r CorridorRow {
    panic!("{id} is not among {rows:?}")
}

#[test]
fn a_known_case() {
    let mut all: Vec<Seen> = (0..10).flat_map(|number| journey(&format!("C{number}"), number * 10)).collect();
    all.reverse();
    let window = Window { from: at(0), to: at(100) };
    let links = |_: &_, _: &_| vec![("L1".parse().unwrap(), 0.25), ("L2".parse().unwrap(), 0.75)];
    let rows = assess_corridor(&mut all, window, links);
    let port = find(&rows, RowKind::Place, "KZAAU");
    // Departed before hour 100: those that began at 0 to 40; there at hour 100: 50, 60, 70.
    assert_eq!((port.count, port.queue, port.p50_h, port.p95_h), (5, Some(3), Some(30.0), Some(30.0)));
    assert_eq!(port.buffer_index, Some(0.0));
    let ride = find(&rows, RowKind::Ride, "CNXIA>KZAAU");
    assert_eq!((ride.count, ride.p50_h), (8, Some(20.0)));
    assert_eq!(find(&rows, RowKind::Link, "L2").p10_h, Some(7.5));
    let route = find(&rows, RowKind::Route, "CNXIA>AZALA");
    assert_eq!((route.count, route.p90_h), (4, Some(67.0)));
    assert!((route.per_day - 4.0 / (100.0 / 24.0)).abs() < 1e-9);
}

#[test]
fn what_nobody_saw_is_not_guessed() {
    let mut all = vec![
        // Seen at the port, but nobody said since when.
        seen("A", 10, SeenAs::There, "KZAAU"),
        seen("A", 20, SeenAs::Departed, "KZAAU"),
        // Departed, then seen to depart from elsewhere: the arrival is missing.
        seen("A", 50, SeenAs::Departed, "AZALA"),
        seen("A", 60, SeenAs::Arrived, "GEPTI"),
    ];
    let rows = assess_corridor(&mut all, Window { from: at(0), to: at(100) }, |_, _| Vec::new());
    let kinds: Vec<_> = rows.iter().map(|row| (row.kind, row.id.as_str(), row.count)).collect();
    assert_eq!(kinds, [(RowKind::Place, "GEPTI", 0), (RowKind::Ride, "AZALA>GEPTI", 1)]);
}

#[test]
fn csv_has_one_line_for_each_row() {
    let mut all = journey("A", 0);
    let rows = assess_corridor(&mut all, Window { from: at(0), to: at(100) }, |_, _| Vec::new());
    let csv = to_csv(&rows);
    assert_eq!(csv.lines().count(), rows.len() + 1);
    assert!(csv.contains("\r\nplace,KZAAU,1,0.240,0,30.000,30.000,30.000,30.000,0.000\r\n"), "{csv}");
}

/// Plain pages have a fixed shape, so that the values can be found in the bytes without a reader of Parquet.
#[test]
fn parquet_holds_the_values_in_plain_pages() {
    let columns = [
        ("name", ParquetColumn::Texts(vec!["one".into(), "deux".into(), "три".into()])),
        ("count", ParquetColumn::Integers(vec![Some(1), None, Some(-3)])),
        ("hours", ParquetColumn::Doubles(vec![None, Some(2.5), None])),
    ];
    let file = to_parquet(&columns);
    assert_eq!((&file[..4], &file[file.len() - 4..]), (&b"PAR1"[..], &b"PAR1"[..]));
    let footer = u32::from_le_bytes(file[file.len() - 8..file.len() - 4].try_into().unwrap()) as usize;
    assert!(footer + 12 < file.len());
    let has = |bytes: &[u8]| file.windows(bytes.len()).any(|window| window == bytes);
    assert!(has(b"\x03\0\0\0one\x04\0\0\0deux\x06\0\0\0\xd1\x82\xd1\x80\xd0\xb8"));
    // Three runs of one level each: length 6, then the two values that are there.
    let integers =
        [&[6, 0, 0, 0, 2, 1, 2, 0, 2, 1][..], &1_i64.to_le_bytes(), &(-3_i64).to_le_bytes()].concat();
    assert!(has(&integers));
    assert!(has(&[&[6, 0, 0, 0, 2, 0, 2, 1, 2, 0][..], &2.5_f64.to_le_bytes()].concat()));
    let mut all = journey("A", 0);
    let rows = assess_corridor(&mut all, Window { from: at(0), to: at(100) }, |_, _| Vec::new());
    assert!(to_parquet(&self::columns(&rows)).len() > 600);
}
