//! Services as they run: departures in local time, hours, rates of exchange, charges and what is taken.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

use jiff::Timestamp;
use jiff::civil::date;
use kervan_model::{Mode, ProcessKind};
use kervan_network::{Frequency, MoveCase, Network, Runs, Service, SurchargeAmount, TariffUnit};
use kervan_units::{Estimate, Money, Seconds};
use small::tables;

mod small;

fn network(changes: &[(&str, &str, &str)]) -> Network {
    let tables = tables(changes);
    Network::load(|file| tables.get(file).cloned()).unwrap().0
}

fn service<'n>(network: &'n Network, id: &str) -> &'n Service {
    network.find_service(&id.parse().unwrap()).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn departures_are_local_times_of_given_days() {
    let network = network(&[]);
    let ferry = service(&network, "S3");
    let found = network.list_departures(ferry, at("2026-12-20T00:00:00Z"), at("2027-01-03T00:00:00Z"));
    let leaves: Vec<String> = found.iter().map(|departure| departure.leaves.to_string()).collect();
    // Aqtau is five hours ahead; Friday the 25th is left out, Saturday the 26th is added.
    let wanted =
        ["2026-12-22T18:00:00Z", "2026-12-26T18:00:00Z", "2026-12-29T18:00:00Z", "2027-01-01T18:00:00Z"];
    assert_eq!(leaves, wanted);
    assert_eq!((found[0].cut_off, found[0].capacity_teu), (at("2026-12-22T06:00:00Z"), Some(120)));
    // Goods must be ready at the cut-off, to the second.
    let next = |ready: &str| {
        network.find_next_departure(ferry, at(ready)).map(|departure| departure.leaves.to_string())
    };
    assert_eq!(next("2026-12-22T06:00:00Z").as_deref(), Some("2026-12-22T18:00:00Z"));
    assert_eq!(next("2026-12-22T06:00:01Z").as_deref(), Some("2026-12-26T18:00:00Z"));
}

#[test]
fn the_clock_of_the_place_changes_with_the_season() {
    let network = network(&[("places.csv", "Aktau,KZ,Asia/Aqtau", "Aktau,KZ,Europe/Sofia")]);
    let ferry = service(&network, "S3");
    let utc = |from: &str, until: &str| -> Vec<String> {
        network.list_departures(ferry, at(from), at(until)).iter().map(|d| d.leaves.to_string()).collect()
    };
    // In Sofia the clocks go forward on 29 March and back on 25 October 2026.
    assert_eq!(
        utc("2026-03-27T00:00:00Z", "2026-04-01T00:00:00Z"),
        ["2026-03-27T21:00:00Z", "2026-03-31T20:00:00Z"]
    );
    assert_eq!(
        utc("2026-10-23T00:00:00Z", "2026-10-28T00:00:00Z"),
        ["2026-10-23T20:00:00Z", "2026-10-27T21:00:00Z"]
    );
    // A time that the clocks skip is moved on, one that comes twice is the first of the two.
    let early = self::network(&[
        ("places.csv", "Aktau,KZ,Asia/Aqtau", "Aktau,KZ,Europe/Sofia"),
        ("schedules.csv", "timetable,tue;fri,23:00", "timetable,sun,03:30"),
    ]);
    let ferry = service(&early, "S3");
    let on = |day: &str, next: &str| early.list_departures(ferry, at(day), at(next))[0].leaves.to_string();
    assert_eq!(on("2026-03-28T12:00:00Z", "2026-03-30T00:00:00Z"), "2026-03-29T01:30:00Z");
    assert_eq!(on("2026-10-24T12:00:00Z", "2026-10-26T00:00:00Z"), "2026-10-25T00:30:00Z");
}

#[test]
fn the_frequency_of_the_day_counts() {
    let network = network(&[]);
    let headway = |hours| Frequency::Runs(Runs::Headway { every: Seconds::from_hours(hours) });
    let on = |id: &str, day| network.frequency_on(service(&network, id), day);
    assert_eq!(on("S3", date(2026, 1, 1)), Frequency::Timetabled);
    // Before the timetable holds, the ferry leaves when it is full, as its own row says.
    assert!(matches!(on("S3", date(2025, 12, 31)), Frequency::Runs(Runs::LeavesWhenFull { .. })));
    assert_eq!((on("S3R", date(2025, 3, 1)), on("S3R", date(2025, 7, 1))), (headway(48), headway(96)));
    assert_eq!(on("S1R", date(2026, 3, 1)), headway(24));
    // 80 TEU at 20, 40 or 60 a day: two days to fill at the usual rate, four at the slowest.
    let wait = Estimate::new(Seconds::ZERO, Seconds::from_hours(24), Seconds::from_hours(96)).unwrap();
    assert_eq!(on("S2", date(2026, 3, 1)), Frequency::Runs(Runs::LeavesWhenFull { wait }));
}

#[test]
fn a_service_that_stops_is_there_in_parts() {
    let network = network(&[]);
    let parts: Vec<(String, String, String)> = network
        .list_services()
        .filter(|service| service.part_of.is_some())
        .map(|part| (part.id.to_string(), part.from.to_string(), part.to.to_string()))
        .collect();
    let part = |id: &str, from: &str, to: &str| (id.to_owned(), from.to_owned(), to.to_owned());
    let wanted = [
        part("S1.1", "KZAAU", "KZ-MID"),
        part("S1.1R", "UZTAS", "KZ-MID"),
        part("S1.2", "KZ-MID", "UZTAS"),
        part("S1.2R", "KZ-MID", "KZAAU"),
    ];
    assert_eq!(parts, wanted);
    // 170 of 255 km: two thirds of the time and of the price, and the second part leaves so much later.
    let (whole, first, second) =
        (service(&network, "S1"), service(&network, "S1.1"), service(&network, "S1.2"));
    assert_eq!(first.running.typ().get(), whole.running.typ().get() * 2 / 3);
    let leaves = |service| {
        network.list_departures(service, at("2026-05-01T00:00:00Z"), at("2026-05-02T00:00:00Z"))[0].leaves
    };
    assert_eq!(leaves(second).duration_since(leaves(first)).as_secs(), 8 * 3_600 * 2 / 3);
    let day = date(2026, 5, 1);
    let price =
        |service: &Service| network.find_tariff(&service.id, TariffUnit::Feu, day).unwrap().amount.typ();
    assert_eq!(price(whole), price(first) + price(second));
}

#[test]
fn what_is_closed_opens_at_its_hour() {
    let network = network(&[]);
    let rail = [Some(Mode::Rail), Some(Mode::Rail)];
    let border = network.opening_of(&"UZTAS".parse().unwrap(), ProcessKind::Border, rail);
    let night = network.opening_of(&"KZAAU".parse().unwrap(), ProcessKind::Transfer, rail);
    let road = network.opening_of(&"UZTAS".parse().unwrap(), ProcessKind::Border, [Some(Mode::Road), None]);
    let cases = [
        // Tashkent is five hours ahead: 08:00 to 18:00 there is 03:00 to 13:00.
        (&border, "2026-11-20T03:00:00Z", "2026-11-20T03:00:00Z"),
        (&border, "2026-11-20T12:59:59Z", "2026-11-20T12:59:59Z"),
        (&border, "2026-11-20T13:00:00Z", "2026-11-23T03:00:00Z"),
        (&border, "2026-01-01T04:00:00Z", "2026-01-02T03:00:00Z"),
        // Before the row holds nothing is known, which is open.
        (&border, "2025-12-27T01:00:00Z", "2025-12-27T01:00:00Z"),
        (&road, "2026-11-21T01:00:00Z", "2026-11-21T01:00:00Z"),
        // From ten in the evening to six in the morning.
        (&night, "2026-11-20T00:59:59Z", "2026-11-20T00:59:59Z"),
        (&night, "2026-11-20T01:00:00Z", "2026-11-20T17:00:00Z"),
    ];
    for (opening, ready, open) in cases {
        assert_eq!(opening.find_open(at(ready)), Some(at(open)), "{ready}");
    }
}

#[test]
fn amounts_convert_at_the_rate_of_the_day() {
    let network = network(&[]);
    let money = |minor, currency: &str| Money::from_minor(minor, currency.parse().unwrap());
    let usd = "USD".parse().unwrap();
    let cases = [
        // Amount, day, dollars, rates used.
        (money(10_000, "EUR"), date(2025, 5, 1), 10_304, vec!["X3"]),
        (money(10_000, "EUR"), date(2026, 5, 1), 12_000, vec!["X4"]),
        // Before the first rate the first one stands in.
        (money(10_000, "EUR"), date(2020, 5, 1), 10_304, vec!["X3"]),
        (money(10_000, "GEL"), date(2026, 5, 1), 3_532, vec!["X2"]),
        (money(-10_000, "GEL"), date(2026, 5, 1), -3_532, vec!["X2"]),
        (money(777, "USD"), date(2026, 5, 1), 777, vec![]),
    ];
    for (amount, day, minor, rates) in cases {
        let converted = network.convert(amount, usd, day).unwrap();
        let used: Vec<&str> = converted.rates.iter().map(|rate| rate.id.as_str()).collect();
        assert_eq!((converted.money.minor(), used), (minor, rates), "{amount} on {day}");
    }
    assert!(network.convert(money(1, "CNY"), usd, date(2026, 1, 1)).is_none());
    // Over a third currency where there is no rate between the two.
    let chained = self::network(&[
        ("exchange_rates.csv", "X3,2025-01-10,EUR,USD,1.0304", "X3,2025-01-10,TRY,GEL,0.0799"),
        ("exchange_rates.csv", "X4,2026-01-10,EUR,USD,1.2", "X4,2026-01-10,TRY,GEL,0.07"),
    ]);
    let converted = chained.convert(money(10_000, "EUR"), usd, date(2026, 5, 1)).unwrap();
    assert_eq!((converted.money.minor(), converted.rates.len()), (10_304, 2));
}

#[test]
fn charges_are_those_of_the_case_and_the_day() {
    let network = network(&[]);
    let aktau = network.find_place(&"KZAAU".parse().unwrap()).unwrap();
    let case = |reefer| MoveCase {
        from_mode: Some(Mode::Rail),
        to_mode: Some(Mode::Ferry),
        per: TariffUnit::Feu,
        reefer,
        day: date(2026, 1, 1),
    };
    let handling = |case| network.find_handling_rate(&aktau.code, case).map(|rate| rate.id.as_str());
    assert_eq!((handling(case(false)), handling(case(true))), (Some("M2"), Some("M3")));
    assert_eq!(handling(MoveCase { to_mode: None, ..case(false) }), Some("M1"));
    assert_eq!(handling(MoveCase { per: TariffUnit::Teu, ..case(false) }), None);
    // Days 8 to 14 at 20, from 15 at 40; sixteen days are seven at 20 and two at 40.
    let stored = |reefer, days| -> i64 {
        let rates = network.storage_rates_of(&aktau.code, TariffUnit::Feu, reefer, date(2026, 1, 1));
        rates.iter().map(|rate| rate.amount.typ() * i64::from(rate.days_due(days))).sum()
    };
    assert_eq!([0, 1, 7, 8, 16].map(|days| stored(false, days)), [0, 0, 0, 2_000, 22_000]);
    assert_eq!(stored(true, 3), 15_000);
    let ferry = service(&network, "S3");
    let fuel = |day| network.surcharges_of_service(ferry, day).map(|row| row.amount).collect::<Vec<_>>();
    assert_eq!(fuel(date(2025, 12, 31)), []);
    let share = |min, typ, max| vec![SurchargeAmount::OfFreight(Estimate::new(min, typ, max).unwrap())];
    assert_eq!((fuel(date(2026, 6, 30)), fuel(date(2026, 7, 1))), (share(50, 100, 125), share(60, 110, 130)));
    assert_eq!(network.surcharges_of_place(aktau, date(2026, 1, 1)).count(), 1);
}

#[test]
fn what_is_taken_is_said_by_the_service_then_by_its_class() {
    let network = network(&[]);
    let takes = |id: &str, class: &str| {
        let class = class.parse().unwrap();
        network.acceptances_of_service(service(&network, id)).find_map(|row| row.takes_dangerous(class))
    };
    assert_eq!(
        [takes("S3", "3"), takes("S3", "2.1"), takes("S1", "2.1")],
        [Some(true), Some(false), Some(true)]
    );
    let aktau = network.find_place(&"KZAAU".parse().unwrap()).unwrap();
    let at_place =
        network.acceptances_of_place(aktau).find_map(|row| row.takes_dangerous("3".parse().unwrap()));
    assert_eq!(at_place, Some(false));
}
