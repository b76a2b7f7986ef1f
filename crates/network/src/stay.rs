//! Which processes apply to one stay at a place.

use crate::{Network, Place, Process, Service};
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{Mode, ProcessKind};
use std::collections::BTreeSet;

impl Network {
    /// The processes that goods go through between two services, or before the first, or after the last.
    ///
    /// At most one process of each kind, so that no dwell counts twice: the one whose case fits most closely; where the
    /// classes of the two services differ, the slower one. A formation happens only at the origin, a delivery only at
    /// the destination; a border only where countries change; a gauge change only where the gauges differ; a transfer
    /// only between modes or ships; yard work only between trains. Durations of the result add up.
    pub fn processes_of_stay(
        &self,
        place: &PlaceCode,
        arriving: Option<&Service>,
        departing: Option<&Service>,
    ) -> Vec<&Process> {
        let Some(place) = self.find_place(place) else { return Vec::new() };
        let stay = Stay { network: self, place, arriving, departing };
        let mut chosen: Vec<&Process> = Vec::new();
        for process in place.processes.iter().filter(|process| stay.fits(process)) {
            match chosen.iter_mut().find(|other| other.kind == process.kind) {
                Some(other) if rank(process) > rank(other) => *other = process,
                Some(_) => {}
                None => chosen.push(process),
            }
        }
        chosen.sort_by_key(|process| process.kind);
        chosen
    }

    /// Track gauge at the start of a service, if it has one. Unit: millimetre.
    pub fn gauge_at_start(&self, service: &Service) -> Option<u16> {
        self.find_link(service.links.first()?)?.gauge_mm
    }

    /// Track gauge at the end of a service, if it has one. Unit: millimetre.
    pub fn gauge_at_end(&self, service: &Service) -> Option<u16> {
        self.find_link(service.links.last()?)?.gauge_mm
    }
}

/// How closely the case of a process fits; among equals the slower one, so that changing the class gains nothing.
fn rank(process: &Process) -> (usize, kervan_units::Seconds) {
    let when = &process.when;
    let named =
        [when.from_mode.is_some(), when.to_mode.is_some(), when.class.is_some(), when.towards.is_some()];
    (named.into_iter().filter(|named| *named).count(), process.duration.typ())
}

struct Stay<'n> {
    network: &'n Network,
    place: &'n Place,
    arriving: Option<&'n Service>,
    departing: Option<&'n Service>,
}

impl Stay<'_> {
    fn fits(&self, process: &Process) -> bool {
        let when = &process.when;
        let mode_fits = |wanted: Option<Mode>, service: Option<&Service>| {
            wanted.is_none_or(|mode| service.is_some_and(|service| service.mode == mode))
        };
        let towards =
            self.departing.and_then(|service| self.network.find_place(&service.to)).map(|p| p.country);
        let class_fits = when.class.is_none_or(|class| {
            [self.arriving, self.departing].into_iter().flatten().any(|s| s.class == class)
        });
        self.kind_fits(process.kind)
            && (!when.at_origin || self.arriving.is_none())
            && (!when.at_destination || self.departing.is_none())
            && mode_fits(when.from_mode, self.arriving)
            && mode_fits(when.to_mode, self.departing)
            && class_fits
            && when.towards.is_none_or(|country| towards == Some(country))
    }

    fn kind_fits(&self, kind: ProcessKind) -> bool {
        let through = self.arriving.zip(self.departing);
        match kind {
            ProcessKind::Formation => self.arriving.is_none() && self.departing.is_some(),
            ProcessKind::Delivery => self.departing.is_none() && self.arriving.is_some(),
            ProcessKind::Border => through.is_some() && self.countries_change(),
            ProcessKind::GaugeChange => through.is_some_and(|(arriving, departing)| {
                let (end, start) =
                    (self.network.gauge_at_end(arriving), self.network.gauge_at_start(departing));
                end.zip(start).is_some_and(|(end, start)| end != start)
            }),
            ProcessKind::Transfer => through.is_some_and(|(arriving, departing)| {
                arriving.mode != departing.mode || matches!(departing.mode, Mode::Sea | Mode::Ferry)
            }),
            ProcessKind::Yard => through.is_some_and(|(arriving, departing)| {
                arriving.mode == Mode::Rail && departing.mode == Mode::Rail
            }),
            ProcessKind::Wait => through.is_some(),
        }
    }

    /// Whether the stay lies at a change of country: on the last link, at the place, or on the first link after it.
    fn countries_change(&self) -> bool {
        let last = self.arriving.and_then(|s| s.links.last()).and_then(|id| self.network.find_link(id));
        let first = self.departing.and_then(|s| s.links.first()).and_then(|id| self.network.find_link(id));
        let near: BTreeSet<CountryCode> =
            [last, first].into_iter().flatten().flat_map(|link| link.countries.iter().copied()).collect();
        near.iter().any(|country| *country != self.place.country)
    }
}
