//! Positions come in: they are kept with what is doubtful about them, and those that are believed move the estimate of arrival.
//!
//! A batch is kept first, whole, and answered; what it moves is done after that: at once for a few devices, at the next tick
//! for many, so that a node that takes tens of thousands of positions a second computes an arrival once and not for each.

mod devices;
mod follow;
mod radios;
mod track;

pub(crate) use devices::carriage_writes;
pub use devices::{Mounting, find_device_id, list_mountings, mount_device};
pub use follow::{Followed, follow_devices};
pub use radios::Radios;
pub(crate) use track::observe_lately;
pub use track::{Track, TrackPoint, find_track};

use crate::limits::{MOST_FOLLOWED_AT_ONCE, MOST_POSITIONS_IN_REPORT};
use crate::scribe::to_text;
use crate::{Call, Desk, Refusal, Sight};
use kervan_events::mapping::{consignment_uri, container_uri};
use kervan_model::{Finding, Reference};
use kervan_positions::{
    Bounds, Fix, Mark, Report, SealState, SenseState, Sensed, SensedValue, Subject, explain,
};
use kervan_store::{DeviceFixes, FixRow, SensedRow, Write};
use std::collections::{BTreeMap, BTreeSet};

/// The tables and indexes of tracking, made once.
pub struct Tracking {
    /// Speeds, tolerances, fences.
    pub figures: kervan_positions::Figures,
    /// Event words of others.
    pub words: kervan_positions::words::WordBook,
    /// Links by place.
    pub matcher: kervan_positions::Matcher,
    /// Fences of places.
    pub fences: kervan_positions::Fences,
    /// What sources of sentences left unfinished.
    pub radios: Radios,
}

impl Tracking {
    /// Makes the indexes of a network.
    pub(crate) fn new(
        network: &kervan_network::Network,
        figures: kervan_positions::Figures,
        words: kervan_positions::words::WordBook,
    ) -> Self {
        let matcher = kervan_positions::Matcher::new(network, &figures);
        let fences = kervan_positions::Fences::new(network, &figures);
        Self { figures, words, matcher, fences, radios: Radios::default() }
    }
}

/// What came of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    /// Positions kept; those that were there already count as well.
    pub kept: usize,
    /// Values of sensors kept.
    pub sensed: usize,
    /// How many of the positions are doubted.
    pub doubted: usize,
    /// What is doubtful, the first of each kind and device.
    pub findings: Vec<Finding>,
}

/// Takes positions and values of sensors in, of devices, containers and consignments, in any order. When it returns they are on
/// the disk. Consignments and containers that are not here, or of which the reporter may not know, are findings and told in the
/// same words, and nothing is kept; a device may be registered later.
pub fn take_positions<'a>(
    sight: impl Into<Sight<'a>>,
    mut call: Call<'_>,
    reports: &[Report],
    sensed: &[SensedValue],
) -> Result<Intake, Refusal> {
    let sight = sight.into();
    let desk = sight.desk;
    if reports.len() + sensed.len() > MOST_POSITIONS_IN_REPORT {
        let message = format!("{} positions are more than {MOST_POSITIONS_IN_REPORT}", reports.len());
        let finding = Finding::error("node.report-too-large", message);
        return Err(Refusal::invalid(finding.remedy("split the report")));
    }
    let mut references = BTreeSet::new();
    let mut by_device: BTreeMap<String, Vec<&Report>> = BTreeMap::new();
    let mut names = Names::default();
    for (index, report) in reports.iter().enumerate() {
        if let Some(name) = names.name_of(&sight, &report.subject, index, &mut references)? {
            by_device.entry(name).or_default().push(report);
        }
    }
    let mut values: BTreeMap<String, Vec<SensedRow>> = BTreeMap::new();
    for (index, value) in sensed.iter().enumerate() {
        if let Some(name) = names.name_of(&sight, &value.subject, index, &mut references)? {
            values.entry(name).or_default().push(sensed_row(value));
        }
    }
    if !names.findings.is_empty() {
        return Err(Refusal::Invalid(names.findings));
    }
    let intake = keep(desk, &call, &by_device, values)?;
    let devices: BTreeSet<String> = by_device.into_keys().collect();
    if references.len() + devices.len() <= MOST_FOLLOWED_AT_ONCE {
        follow::follow(desk, &mut call, &devices)?;
    } else {
        desk.note_moved(devices);
    }
    Ok(intake)
}

/// Names of subjects; a known container or consignment is looked up once.
#[derive(Default)]
struct Names {
    known: BTreeMap<Subject, Option<String>>,
    findings: Vec<Finding>,
}

impl Names {
    fn name_of(
        &mut self,
        sight: &Sight<'_>,
        subject: &Subject,
        index: usize,
        references: &mut BTreeSet<Reference>,
    ) -> Result<Option<String>, Refusal> {
        if let Subject::Device(device) = subject {
            return Ok(Some(device.to_string()));
        }
        if !self.known.contains_key(subject) {
            let found = match subject {
                Subject::Container(number) => {
                    sight.desk.store.find_consignment_of_container(number.as_str())?
                }
                Subject::Consignment(reference) => Some(reference.clone()),
                Subject::Device(_) => None,
            };
            let found = match found {
                Some(reference) if sight.sees_consignment(&reference)? => {
                    sight.desk.store.find_consignment(&reference)?.map(|_| reference)
                }
                Some(_) | None => None,
            };
            let name = found.map(|reference| {
                references.insert(reference);
                match subject {
                    Subject::Container(number) => container_uri(number),
                    Subject::Consignment(reference) => consignment_uri(reference),
                    Subject::Device(device) => device.to_string(),
                }
            });
            self.known.insert(subject.clone(), name);
        }
        let name = self.known.get(subject).cloned().flatten();
        if name.is_none() {
            self.findings.push(unknown(index));
        }
        Ok(name)
    }
}

fn unknown(index: usize) -> Finding {
    let message = "no consignment here has this reference or container";
    Finding::error("node.unknown-consignment", message).at(format!("/{index}"))
}

fn sensed_row(value: &SensedValue) -> SensedRow {
    let (what, number) = match &value.value {
        Sensed::Temperature(tenths) => ("temperature".to_owned(), i64::from(*tenths)),
        Sensed::Seal { number, state } => {
            let at = SealState::ALL.iter().position(|known| known == state).unwrap_or(0);
            (format!("seal:{number}"), at as i64)
        }
    };
    SensedRow { at: value.at, what, value: number }
}

/// Marks what is doubtful and keeps everything. While a device's reports are marked no other batch marks that device's.
fn keep(
    desk: &Desk,
    call: &Call<'_>,
    by_device: &BTreeMap<String, Vec<&Report>>,
    values: BTreeMap<String, Vec<SensedRow>>,
) -> Result<Intake, Refusal> {
    let names: Vec<&str> = by_device.keys().map(String::as_str).collect();
    let _held = desk.hold_devices(&names);
    let states = desk.store.list_device_states(&names)?;
    let bounds = Bounds { fastest_km_h: desk.tracking.figures.fastest_km_h(None), received: call.now };
    let mut intake = Intake::default();
    let mut writes = Vec::with_capacity(by_device.len() + values.len());
    for ((device, reports), state) in by_device.iter().zip(states) {
        let mut state: SenseState = match state {
            Some(text) => serde_json::from_str(&text).map_err(|error| Refusal::broken("a device", &error))?,
            None => SenseState::default(),
        };
        let mut sorted = reports.clone();
        // A device that was offline sends what it kept in any order; among themselves none of them is late.
        sorted.sort_by_key(|report| (report.at, report.point));
        sorted.dedup_by(|next, before| next.at == before.at && next.point == before.point);
        let mut seen: BTreeSet<Mark> = BTreeSet::new();
        let mut fixes = Vec::with_capacity(sorted.len());
        for report in sorted {
            let fix = Fix { at: millisecond(report.at), point: report.point };
            // The same again says nothing new: what is carried on is already what it made.
            if state.believed == Some(fix) {
                continue;
            }
            let marks = state.take(fix, bounds);
            intake.doubted += usize::from(!marks.is_believed());
            for mark in marks.list().filter(|mark| mark.is_doubt() && seen.insert(*mark)) {
                let found = explain(&fix, marks, bounds);
                let of_mark =
                    marks.list().position(|other| other == mark).and_then(|at| found.get(at).cloned());
                intake.findings.extend(of_mark.map(|finding| finding.at(device.clone())));
            }
            fixes.push(FixRow {
                at: fix.at,
                lat_e7: (fix.point.lat() * 1e7).round() as i32,
                lon_e7: (fix.point.lon() * 1e7).round() as i32,
                received: call.now,
                marks: marks.bits(),
                speed: report.speed,
                heading: report.heading,
            });
        }
        intake.kept += reports.len();
        writes.push(Write::Fixes(DeviceFixes {
            device: device.clone(),
            state: Some(to_text(&state)?),
            fixes,
        }));
    }
    for (device, rows) in values {
        intake.sensed += rows.len();
        writes.push(Write::Sensed { device, rows });
    }
    intake.findings.truncate(kervan_positions::limits::MOST_FINDINGS);
    desk.save(writes)?;
    Ok(intake)
}

/// As exact as the store keeps it, so that the same report is the same when it comes again.
fn millisecond(at: jiff::Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// The bits of every mark that is a doubt.
pub(crate) fn doubt_bits() -> u16 {
    let mut marks = kervan_positions::Marks::default();
    Mark::ALL.into_iter().filter(|mark| mark.is_doubt()).for_each(|mark| marks.set(mark));
    marks.bits()
}
