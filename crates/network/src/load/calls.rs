//! Stops of services on their way: each pair of stops becomes a service of its own.

use super::Loading;
use super::places::read_known_place;
use crate::Service;
use crate::limits::MOST_CALLS;
use crate::table::Row;
use kervan_codes::PlaceCode;
use kervan_model::{Confidence, Finding, Provenance, ServiceId};
use kervan_units::{Estimate, Seconds};
use std::collections::BTreeMap;

const COLUMNS: &[&str] = &["service", "place", "source", "period", "confidence", "note"];

/// A stop, and where it lies in the chain of links.
struct Call {
    place: PlaceCode,
    provenance: Provenance,
}

pub(super) fn load(loading: &mut Loading) {
    let Some(table) = loading.table("calls.csv", COLUMNS) else { return };
    let mut calls: BTreeMap<ServiceId, Vec<Call>> = BTreeMap::new();
    for row in table.rows() {
        if let Some((service, call)) = read_call(&row, loading) {
            let of_service = calls.entry(service).or_default();
            if of_service.len() >= MOST_CALLS {
                loading.findings.push(row.bad("service", format!("it stops more than {MOST_CALLS} times")));
            } else {
                of_service.push(call);
            }
        }
    }
    for (id, calls) in &calls {
        let back: Option<ServiceId> = format!("{id}R").parse().ok();
        for whole in [Some(id.clone()), back].into_iter().flatten() {
            if let Some(whole) = loading.services.get(&whole).cloned() {
                add_parts(&whole, calls, loading);
            }
        }
    }
}

fn read_call(row: &Row<'_>, loading: &mut Loading) -> Option<(ServiceId, Call)> {
    let place = read_known_place(row, "place", loading);
    let service: Option<ServiceId> = row.parse("service", &mut loading.findings);
    let provenance = row.provenance(&mut loading.findings);
    let (place, service) = (place?, service?);
    let Some(whole) = loading.services.get(&service) else {
        loading.findings.push(
            Finding::error("network.unknown-service", format!("there is no usable service `{service}`"))
                .at(row.path("service"))
                .remedy("correct the id, or repair the service's own row"),
        );
        return None;
    };
    let ends_here = |id| loading.links.get(id).is_some_and(|link| link.to == place);
    let on_the_way = whole.links.iter().rev().skip(1).any(ends_here);
    if !on_the_way {
        loading.findings.push(
            Finding::error("network.call-off-the-way", format!("{service} does not pass {place} on its way"))
                .at(row.path("place"))
                .remedy("a stop lies where two links of the service meet, not at its ends"),
        );
        return None;
    }
    Some((service, Call { place, provenance: provenance? }))
}

/// Adds a service for each pair of stops, ends included, except the whole way.
fn add_parts(whole: &Service, calls: &[Call], loading: &mut Loading) {
    // Number of links ridden until each stop, with what is known of it.
    let mut stops: Vec<(usize, Option<&Provenance>)> = vec![(0, None), (whole.links.len(), None)];
    for call in calls {
        let ends_here = |id| loading.links.get(id).is_some_and(|link| link.to == call.place);
        if let Some(index) = whole.links.iter().position(ends_here) {
            stops.push((index + 1, Some(&call.provenance)));
        }
    }
    stops.sort_by_key(|(index, _)| *index);
    stops.dedup_by_key(|(index, _)| *index);
    let (stem, suffix) = match whole.id.as_str().strip_suffix('R') {
        Some(stem) => (stem, "R"),
        None => (whole.id.as_str(), ""),
    };
    let mut number = 0;
    for (start, one) in &stops {
        for (end, other) in stops.iter().filter(|(end, _)| end > start) {
            if end - start == whole.links.len() {
                continue;
            }
            number += 1;
            let id = format!("{stem}.{number}{suffix}").parse().ok();
            let part = id.and_then(|id| part_of(whole, (*start, *end), id, [*one, *other], loading));
            if let Some((part, after)) = part {
                loading.part_starts.insert(part.id.clone(), after);
                loading.services.insert(part.id.clone(), part);
            }
        }
    }
}

/// The part of a service between two of its stops; its time is the share of the distance.
fn part_of(
    whole: &Service,
    (start, end): (usize, usize),
    id: ServiceId,
    stops: [Option<&Provenance>; 2],
    loading: &Loading,
) -> Option<(Service, Seconds)> {
    let metres = |links: &[kervan_model::LinkId]| -> u64 {
        links.iter().filter_map(|id| loading.links.get(id)).map(|link| link.distance.typ().metres()).sum()
    };
    let links = whole.links.get(start..end)?;
    let (all, before, ridden) =
        (metres(&whole.links).max(1), metres(whole.links.get(..start)?), metres(links));
    let share = |seconds: Seconds, metres: u64| {
        Seconds::new(
            u64::try_from(u128::from(seconds.get()) * u128::from(metres) / u128::from(all)).unwrap_or(0),
        )
    };
    let (from, to) = (&loading.links.get(links.first()?)?.from, &loading.links.get(links.last()?)?.to);
    let name = |code: &PlaceCode| loading.places.get(code).map(|place| place.name.clone());
    let provenance = stops.into_iter().flatten().next()?;
    let least = stops.into_iter().flatten().map(|stop| stop.confidence).min().unwrap_or(Confidence::Low);
    let running: Estimate<Seconds> = whole.running.map(|time| share(time, ridden));
    let part = Service {
        id,
        name: format!("{} - {} (part of {})", name(from)?, name(to)?, whole.name),
        from: from.clone(),
        to: to.clone(),
        links: links.to_vec(),
        running,
        part_of: Some(whole.id.clone()),
        provenance: Provenance {
            source: format!("share of the distance of {}; stop: {}", whole.id, provenance.source),
            period: provenance.period.clone(),
            confidence: least.min(whole.provenance.confidence),
        },
        ..whole.clone()
    };
    Some((part, share(whole.running.typ(), before)))
}
