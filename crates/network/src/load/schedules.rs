//! Schedules of services: timetables, and frequencies that hold for a time or a direction.

use super::prices::read_directions;
use super::services::{read_filling, read_runs};
use super::{Loading, duplicate};
use crate::limits::{LONGEST_CUT_OFF_HOURS, MOST_DAYS_LISTED};
use crate::table::{Row, scaled};
use crate::{Calendar, Pattern, Schedule, Service, Timetable, Weekdays};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use kervan_model::{Finding, ServiceId};
use kervan_units::Seconds;
use std::collections::{BTreeMap, BTreeSet};

const COLUMNS: &[&str] = &[
    "id",
    "service",
    "direction",
    "runs",
    "days",
    "departs",
    "cut_off_h",
    "except",
    "also",
    "every_h",
    "wait_h_min",
    "wait_h_typ",
    "wait_h_max",
    "capacity_teu",
    "valid_from",
    "valid_to",
    "source",
    "period",
    "confidence",
    "note",
];

pub(super) fn load(loading: &mut Loading) -> BTreeMap<ServiceId, Vec<Schedule>> {
    let mut schedules: BTreeMap<ServiceId, Vec<Schedule>> = BTreeMap::new();
    let Some(table) = loading.table("schedules.csv", COLUMNS) else { return schedules };
    let mut ids = BTreeSet::new();
    for row in table.rows() {
        let services = read_directions(&row, loading);
        for id in services {
            let Some(service) = loading.services.get(&id).cloned() else { continue };
            let zone = loading.places.get(&service.from).map(|place| place.zone.clone()).unwrap_or_default();
            let Some(schedule) = read_schedule(&row, &service, &zone, &mut loading.findings) else { break };
            if !ids.insert((schedule.id.clone(), id.clone())) {
                loading.findings.push(duplicate(&row, "id", &schedule.id));
                break;
            }
            schedules.entry(id).or_default().push(schedule);
        }
    }
    let parts: Vec<(ServiceId, Vec<Schedule>)> = loading
        .services
        .values()
        .filter_map(|part| {
            let whole = loading.services.get(part.part_of.as_ref()?)?;
            let after = loading.part_starts.get(&part.id).copied().unwrap_or(Seconds::ZERO);
            Some((
                part.id.clone(),
                schedules.get(&whole.id)?.iter().map(|row| of_part(row, part, after)).collect(),
            ))
        })
        .collect();
    schedules.extend(parts);
    schedules
}

/// The row of a whole service, for a part of it that starts some time after the whole.
fn of_part(row: &Schedule, part: &Service, after: Seconds) -> Schedule {
    let mut row = Schedule { service: part.id.clone(), ..row.clone() };
    if let Pattern::Timetable(timetable) = &mut row.pattern {
        timetable.after = after;
    }
    row
}

fn read_schedule(
    row: &Row<'_>,
    service: &Service,
    zone: &str,
    findings: &mut Vec<Finding>,
) -> Option<Schedule> {
    let id = row.required("id", findings);
    let capacity_teu = row.parse_optional("capacity_teu", findings);
    let pattern = if row.text("runs") == "timetable" {
        read_timetable(row, zone, findings).map(Pattern::Timetable)
    } else {
        let filling = read_filling(row, capacity_teu.flatten().or(service.capacity_teu), findings);
        let (validity, runs) = (row.validity(findings), read_runs(row, filling.flatten(), findings));
        validity.zip(runs).map(|(validity, runs)| Pattern::Frequency { validity, runs })
    };
    let provenance = row.provenance(findings);
    Some(Schedule {
        id: id?.to_owned(),
        service: service.id.clone(),
        pattern: pattern?,
        capacity_teu: capacity_teu?,
        provenance: provenance?,
        note: row.text("note").to_owned(),
        at: row.at(),
    })
}

fn read_timetable(row: &Row<'_>, zone: &str, findings: &mut Vec<Finding>) -> Option<Timetable> {
    let calendar = read_calendar(row, "except", findings);
    let departs = read_time(row, "departs", findings);
    let cut_off = match row.text("cut_off_h") {
        "" => Some(Seconds::ZERO),
        text => {
            let hours = scaled(text, 3_600.0).filter(|seconds| *seconds <= LONGEST_CUT_OFF_HOURS * 3_600);
            if hours.is_none() {
                let message = format!("`{text}` is not a number of hours from 0 to {LONGEST_CUT_OFF_HOURS}");
                findings.push(row.bad("cut_off_h", message));
            }
            hours.map(Seconds::new)
        }
    };
    Some(Timetable {
        calendar: calendar?,
        departs: departs?,
        // A place with a zone that does not exist is reported with the place.
        zone: TimeZone::get(zone).ok()?,
        cut_off: cut_off?,
        after: Seconds::ZERO,
    })
}

/// Reads `days`, `also` and the validity, with the exceptions under the name they have in the table.
pub(super) fn read_calendar(row: &Row<'_>, except: &str, findings: &mut Vec<Finding>) -> Option<Calendar> {
    let weekdays: Option<Weekdays> = row.parse("days", findings);
    let validity = row.validity(findings);
    let except: Option<Vec<Date>> = row.list(except, MOST_DAYS_LISTED, findings);
    let also: Option<Vec<Date>> = row.list("also", MOST_DAYS_LISTED, findings);
    Some(Calendar {
        weekdays: weekdays?,
        validity: validity?,
        except: except?.into_iter().collect(),
        also: also?.into_iter().collect(),
    })
}

/// Reads a time of the day as hours and minutes.
pub(super) fn read_time(row: &Row<'_>, column: &str, findings: &mut Vec<Finding>) -> Option<Time> {
    let text = row.required(column, findings)?;
    let parts =
        text.split_once(':').and_then(|(hour, minute)| Some((hour.parse().ok()?, minute.parse().ok()?)));
    let time = parts.and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok());
    if time.is_none() {
        findings.push(row.bad(column, format!("`{text}` is no time of the day such as 18:00")));
    }
    time
}
