//! When services leave: timetables in the local time of the place, and frequencies that hold for a time or a direction.

use crate::limits::{LONGEST_LOOK_DAYS, LONGEST_WAIT_DAYS};
use crate::{Calendar, Network, RowAt, Runs, Service, Validity};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use kervan_model::{Provenance, ServiceId};
use kervan_units::Seconds;

/// One row of the schedules of a directed service.
///
/// While any timetable row of a service holds, the service is timetabled, and its departures are those of all such rows
/// together. Otherwise a frequency row that holds counts, and if there is none the frequency of the service itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Id of the row.
    pub id: String,
    /// The directed service.
    pub service: ServiceId,
    /// When it leaves.
    pub pattern: Pattern,
    /// Containers that one departure takes, if it differs from the service's own. Unit: TEU.
    pub capacity_teu: Option<u32>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Remark for people; empty if there is none.
    pub note: String,
    /// Its row.
    pub at: RowAt,
}

/// How a schedule row says when a service leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// At a time of the day on given days.
    Timetable(Timetable),
    /// At intervals, when full or on demand, for a time.
    Frequency {
        /// When it holds.
        validity: Validity,
        /// How it runs.
        runs: Runs,
    },
}

/// Departures at one local time on given days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timetable {
    /// On which days.
    pub calendar: Calendar,
    /// Local time of the first place of the service.
    pub departs: Time,
    /// Zone of that place.
    pub zone: TimeZone,
    /// How long before departure goods must be there and ready. Unit: second.
    pub cut_off: Seconds,
    /// How long after leaving the first place it leaves here, for a part of a longer service. Unit: second.
    pub after: Seconds,
}

/// One departure of a timetabled service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departure<'n> {
    /// The row it comes from.
    pub schedule: &'n Schedule,
    /// When it leaves.
    pub leaves: Timestamp,
    /// Until when goods must be there and ready.
    pub cut_off: Timestamp,
    /// Containers that it takes. Unit: TEU.
    pub capacity_teu: Option<u32>,
}

/// How a service leaves on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    /// By its timetable; see [`Network::list_departures`].
    Timetabled,
    /// At intervals, when full or on demand.
    Runs(Runs),
}

impl Timetable {
    /// When it leaves here, if it leaves its first place on a day. A local time that the clocks skip is moved on by the
    /// length of the gap; of one that comes twice the first is meant.
    pub fn departure_on(&self, day: Date) -> Option<Timestamp> {
        if !self.calendar.runs_on(day) {
            return None;
        }
        let first = self.zone.to_timestamp(day.to_datetime(self.departs)).ok()?;
        first.checked_add(self.after.to_duration()).ok()
    }
}

impl Network {
    /// The schedule rows of a service, in the order of the table.
    pub fn schedules_of_service(&self, id: &ServiceId) -> impl Iterator<Item = &Schedule> {
        self.schedules.get(id).into_iter().flatten()
    }

    /// How a service leaves on a local day.
    pub fn frequency_on(&self, service: &Service, day: Date) -> Frequency {
        self.frequency_row_on(service, day).map_or(Frequency::Runs(service.runs), |schedule| match &schedule
            .pattern
        {
            Pattern::Timetable(_) => Frequency::Timetabled,
            Pattern::Frequency { runs, .. } => Frequency::Runs(*runs),
        })
    }

    /// The schedule row that says how a service leaves on a local day; `None` where the service's own row does.
    pub fn frequency_row_on(&self, service: &Service, day: Date) -> Option<&Schedule> {
        let rows = || self.schedules_of_service(&service.id);
        let timetable = rows().find(|row| {
            matches!(&row.pattern, Pattern::Timetable(timetable) if timetable.calendar.validity.holds_on(day))
        });
        timetable.or_else(|| {
            // The latest row wins, so that a newer frequency need not end the older one.
            let holding = rows().filter_map(|row| match &row.pattern {
                Pattern::Frequency { validity, .. } if validity.holds_on(day) => Some((validity.from, row)),
                _ => None,
            });
            holding.max_by_key(|(from, _)| *from).map(|(_, row)| row)
        })
    }

    /// The departures of a timetabled service from one instant, included, to another, not included, in order of time.
    ///
    /// Looks at most [`LONGEST_LOOK_DAYS`](crate::limits::LONGEST_LOOK_DAYS) days ahead. Empty for services that are not
    /// timetabled.
    pub fn list_departures(
        &self,
        service: &Service,
        from: Timestamp,
        until: Timestamp,
    ) -> Vec<Departure<'_>> {
        let mut found = Vec::new();
        for schedule in self.schedules_of_service(&service.id) {
            let Pattern::Timetable(timetable) = &schedule.pattern else { continue };
            let started = from.checked_sub(timetable.after.to_duration()).unwrap_or(from);
            let first = started.to_zoned(timetable.zone.clone()).date();
            // A day more on either side, because midnight there is not midnight here.
            let days = first.checked_sub(1.day()).unwrap_or(first).series(1.day());
            for day in days.take(LONGEST_LOOK_DAYS as usize) {
                let Some(leaves) = timetable.departure_on(day) else {
                    if day.to_zoned(timetable.zone.clone()).is_ok_and(|day| day.timestamp() >= until) {
                        break;
                    }
                    continue;
                };
                if leaves >= until {
                    break;
                }
                if leaves >= from {
                    found.push(departure(service, schedule, timetable, leaves));
                }
            }
        }
        found.sort_by(|one, other| (one.leaves, &one.schedule.id).cmp(&(other.leaves, &other.schedule.id)));
        found
    }

    /// The first departure that goods ready at an instant can take, within two months; `None` if there is none.
    pub fn find_next_departure(&self, service: &Service, ready: Timestamp) -> Option<Departure<'_>> {
        let until = ready.checked_add(Span::new().hours(24 * LONGEST_WAIT_DAYS)).ok()?;
        let departures = self.list_departures(service, ready, until);
        departures.into_iter().find(|departure| departure.cut_off >= ready)
    }
}

fn departure<'n>(
    service: &Service,
    schedule: &'n Schedule,
    timetable: &Timetable,
    leaves: Timestamp,
) -> Departure<'n> {
    let cut_off = leaves.checked_sub(timetable.cut_off.to_duration()).unwrap_or(leaves);
    Departure { schedule, leaves, cut_off, capacity_teu: schedule.capacity_teu.or(service.capacity_teu) }
}
