//! Schedules and opening hours: rows that never come true, that contradict each other, or that are about nothing.

use crate::{Calendar, Network, Pattern, Runs, Schedule, Service};
use jiff::ToSpan;
use kervan_model::Finding;
use kervan_units::Seconds;

/// A timetable may have this many times more or fewer departures than the frequency of its service before it is asked which
/// of the two is right.
const FREQUENCY_RATIO: f64 = 3.0;

pub(super) fn check(network: &Network, findings: &mut Vec<Finding>) {
    for service in network.list_services().filter(|service| service.part_of.is_none()) {
        let rows: Vec<&Schedule> = network.schedules_of_service(&service.id).collect();
        for row in &rows {
            // A row for both directions is one row.
            let of_other = service.id.as_str().strip_suffix('R').and_then(|id| id.parse().ok());
            let seen =
                of_other.is_some_and(|id| network.schedules_of_service(&id).any(|other| other.at == row.at));
            match &row.pattern {
                Pattern::Timetable(timetable) if !seen => {
                    calendar(&timetable.calendar, row.at, "except", findings)
                }
                Pattern::Timetable(_) | Pattern::Frequency { .. } => {}
            }
            if row.capacity_teu == Some(0) {
                findings.push(
                    Finding::error("network.capacity-zero", format!("{} takes nothing at all", service.id))
                        .at(format!("{}:capacity_teu", row.at))
                        .remedy("give what a departure takes, or leave the cell empty"),
                );
            }
        }
        twice(service, &rows, findings);
        against_frequency(service, &rows, findings);
    }
    opening(network, findings);
}

/// Days that never come, and exceptions without effect.
fn calendar(calendar: &Calendar, at: crate::RowAt, column: &str, findings: &mut Vec<Finding>) {
    let first = calendar.validity.from.or_else(|| calendar.also.first().copied());
    let runs_once = match (calendar.validity.from, calendar.validity.to) {
        (Some(from), Some(to)) => {
            from.series(1.day()).take_while(|day| *day <= to).take(366).any(|day| calendar.runs_on(day))
        }
        _ => calendar.weekdays.count() > 0,
    };
    if !runs_once && calendar.also.is_empty() {
        findings.push(
            Finding::error("network.never-runs", "no day fits these weekdays, exceptions and bounds")
                .at(format!("{at}:days"))
                .remedy("correct the days, or remove the row"),
        );
    }
    let idle = calendar.except.iter().find(|day| {
        !calendar.validity.holds_on(**day)
            || !calendar.weekdays.holds(day.weekday())
            || calendar.also.contains(day)
    });
    if let Some(day) = idle {
        findings.push(
            Finding::warning(
                "network.exception-idle",
                format!("the exception {day} is no day of this row anyway"),
            )
            .at(format!("{at}:{column}"))
            .remedy("correct the date, or remove it"),
        );
    }
    let usual = calendar.also.iter().find(|day| {
        calendar.validity.holds_on(**day) && calendar.weekdays.holds(day.weekday()) && first.is_some()
    });
    if let Some(day) = usual {
        findings.push(
            Finding::warning("network.exception-idle", format!("{day} is a day of this row already"))
                .at(format!("{at}:also"))
                .remedy("correct the date, or remove it"),
        );
    }
}

/// The same departure in two rows.
fn twice(service: &Service, rows: &[&Schedule], findings: &mut Vec<Finding>) {
    for (index, row) in rows.iter().enumerate() {
        let Pattern::Timetable(one) = &row.pattern else { continue };
        let twin = rows.iter().take(index).find(|other| match &other.pattern {
            Pattern::Timetable(other) => {
                other.departs == one.departs
                    && other.calendar.validity.overlaps(&one.calendar.validity)
                    && crate::Weekdays::WORDS.iter().any(|(_, day)| {
                        other.calendar.weekdays.holds(*day) && one.calendar.weekdays.holds(*day)
                    })
            }
            Pattern::Frequency { .. } => false,
        });
        if let Some(twin) = twin {
            findings.push(
                Finding::error(
                    "network.departure-twice",
                    format!("{} leaves at the same time by `{}` and by `{}`", service.id, twin.id, row.id),
                )
                .at(format!("{}:departs", row.at))
                .remedy("tell the rows apart by days or validity, or remove one"),
            );
        }
    }
}

/// A timetable that says something quite different from the frequency of the same service.
fn against_frequency(service: &Service, rows: &[&Schedule], findings: &mut Vec<Finding>) {
    let Runs::Headway { every } = service.runs else { return };
    let weekly: u32 = rows
        .iter()
        .filter_map(|row| match &row.pattern {
            Pattern::Timetable(timetable) => Some(timetable.calendar.weekdays.count()),
            Pattern::Frequency { .. } => None,
        })
        .sum();
    let of_headway = Seconds::from_hours(168).as_hours_f64() / every.as_hours_f64().max(0.01);
    let ratio = f64::from(weekly) / of_headway;
    if let Some(row) =
        rows.first().filter(|_| weekly > 0 && !(1.0 / FREQUENCY_RATIO..=FREQUENCY_RATIO).contains(&ratio))
    {
        let message = format!(
            "{} leaves {weekly} times a week by timetable, {of_headway:.1} times by its frequency",
            service.id
        );
        findings.push(
            Finding::warning("network.timetable-against-frequency", message)
                .at(format!("{}:days", row.at))
                .remedy("correct one of the two; the frequency stands in where the timetable does not hold"),
        );
    }
}

fn opening(network: &Network, findings: &mut Vec<Finding>) {
    for row in network.list_opening_hours() {
        calendar(&row.calendar, row.at, "closed_on", findings);
        let Some(place) = network.find_place(&row.place) else { continue };
        if let Some(kind) =
            row.process.filter(|kind| !place.processes.iter().any(|process| process.kind == *kind))
        {
            let message = format!("{} has hours for {}, but no such process", place.code, kind.word());
            findings.push(
                Finding::warning("network.hours-without-process", message)
                    .at(format!("{}:process", row.at))
                    .remedy("add the process to processes.csv, or leave the cell empty for all of them"),
            );
        }
    }
}
