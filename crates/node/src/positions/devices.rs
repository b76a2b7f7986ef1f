//! The registry: which device is on what, from when to when; and what carries a consignment.

use crate::{Call, Desk, Refusal};
use jiff::{SignedDuration, Timestamp};
use kervan_codes::{ContainerNumber, WagonNumber};
use kervan_events::Event;
use kervan_events::containment::Timeline;
use kervan_events::mapping::{BASE, consignment_uri, container_uri, find_container, ship_uri};
use kervan_model::{Consignment, Finding, Reference};
use kervan_positions::DeviceId;
use kervan_store::{CarriageRow, MountingRow, Write};
use std::collections::BTreeSet;

/// What a device is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mounting {
    /// A container.
    Container(ContainerNumber),
    /// A wagon.
    Wagon(WagonNumber),
    /// A ship, by its IMO number.
    Vessel(String),
    /// A road vehicle, by its registration without spaces.
    Vehicle(String),
    /// The URI of a conveyance as events name it.
    Conveyance(String),
}

impl Mounting {
    /// The URI of the thing. Errors: a finding that says what the number lacks.
    pub fn uri(&self) -> Result<String, Finding> {
        let fault = |path: &str, message: &str, remedy: &str| {
            Finding::error("node.device-mounting", message).at(format!("/{path}")).remedy(remedy)
        };
        match self {
            Self::Container(number) => Ok(container_uri(number)),
            Self::Wagon(number) => Ok(format!("{BASE}wagon/{number}")),
            Self::Vessel(number) => ship_uri(number.trim_start_matches("IMO").trim())
                .ok_or_else(|| fault("vessel", "an IMO number has seven digits", "write the seven digits")),
            Self::Vehicle(registration) => {
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
                if (1..=20).contains(&registration.len()) && registration.bytes().all(plain) {
                    Ok(format!("{BASE}vehicle/{registration}"))
                } else {
                    let message = "a registration has 1 to 20 letters and digits";
                    Err(fault("vehicle", message, "write it without spaces"))
                }
            }
            Self::Conveyance(uri) if uri.len() <= 200 && uri.contains(':') => Ok(uri.clone()),
            Self::Conveyance(_) => {
                Err(fault("conveyance", "this is no URI", "write the URI that events name"))
            }
        }
    }
}

/// Notes that a device is on something from an instant on; what it was on before ends then, unless it ended earlier.
///
/// Errors: it ends before it begins; or another party has said what the device is on in that time. Only that party ends what it
/// said: whoever puts the device of another onto goods of their own would follow it.
pub fn mount_device(
    desk: &Desk,
    call: &Call<'_>,
    device: &DeviceId,
    on: &Mounting,
    (since, until): (Timestamp, Option<Timestamp>),
) -> Result<Vec<MountingRow>, Refusal> {
    if until.is_some_and(|until| until <= since) {
        let finding = Finding::error("node.device-mounting", "it ends before it begins").at("/until");
        return Err(Refusal::invalid(finding.remedy("give an end after the begin, or none")));
    }
    let thing = on.uri().map_err(Refusal::invalid)?;
    let name = device.to_string();
    let _held = desk.hold_devices(&[&name]);
    let mut writes = Vec::new();
    let known = desk.store.list_mountings(&name)?;
    let in_the_way = |row: &MountingRow| {
        row.stated_by != call.actor
            && row.until.is_none_or(|end| end > since)
            && until.is_none_or(|end| row.since < end)
    };
    // What the device is on, and who said so, is not told.
    if known.iter().any(in_the_way) {
        let finding =
            Finding::error("node.device-taken", "another party says what this device is on at that time");
        return Err(Refusal::Conflict(Box::new(finding.at("/since").remedy(
            "check the number of the device; a device that has changed hands is free when the party that had it ends its mounting",
        ))));
    }
    for before in known {
        let overlaps = before.since < since && before.until.is_none_or(|end| end > since);
        if overlaps {
            writes.push(Write::Mounting(MountingRow { until: Some(since), ..before }));
        }
    }
    let stated_by = call.actor.clone();
    writes.push(Write::Mounting(MountingRow { device: name.clone(), thing, since, until, stated_by }));
    desk.save(writes)?;
    desk.note_moved(BTreeSet::from([name.clone()]));
    Ok(desk.store.list_mountings(&name)?)
}

/// What a device was on, the earliest first.
pub fn list_mountings(desk: &Desk, device: &DeviceId) -> Result<Vec<MountingRow>, Refusal> {
    Ok(desk.store.list_mountings(&device.to_string())?)
}

/// A device out of an address. Errors: it cannot be one.
pub fn find_device_id(text: &str) -> Result<DeviceId, Refusal> {
    text.parse().map_err(|error: kervan_positions::DeviceIdError| {
        Refusal::invalid(Finding::error("positions.subject", error.to_string()).at("/device"))
    })
}

/// What carries a consignment: itself and its containers, wagons and vehicles up to its delivery, and what these were put on, as
/// events say. Each stands beside a device of its own name, for reports that name the thing itself.
pub(crate) fn carriage_writes(
    reference: &Reference,
    consignment: &Consignment,
    events: &[Event],
    until: Option<Timestamp>,
) -> Vec<Write> {
    let since = consignment.ready.saturating_sub(PACKED_BEFORE_READY).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut things: Vec<(String, Timestamp, Option<Timestamp>)> =
        vec![(consignment_uri(reference), Timestamp::UNIX_EPOCH, None)];
    let containers: BTreeSet<_> = consignment.equipment.iter().map(|item| item.number.clone()).collect();
    things.extend(containers.iter().map(|number| (container_uri(number), since, until)));
    let wagons =
        consignment.wagons.iter().filter_map(|wagon| Mounting::Wagon(wagon.number.clone()).uri().ok());
    things.extend(wagons.map(|uri| (uri, since, until)));
    let vehicles = consignment
        .vehicles
        .iter()
        .filter_map(|vehicle| Mounting::Vehicle(vehicle.registration.clone()).uri().ok());
    things.extend(vehicles.map(|uri| (uri, since, until)));
    // Chains: the container on the wagon, the wagon on the ferry.
    let timeline = Timeline::of(events);
    let mut at = 0;
    while let Some((inner, from, to)) = things.get(at).cloned() {
        at += 1;
        for span in timeline.list_spans().iter().filter(|span| span.child == inner) {
            let (begin, end) = (from.max(span.from), earlier(to, span.until));
            let known = things.iter().any(|(thing, known, _)| *thing == span.parent && *known == begin);
            let is_seal = find_container(&span.parent).is_some_and(|number| containers.contains(&number));
            if !known && !is_seal && end.is_none_or(|end| end > begin) && things.len() < MOST_THINGS {
                things.push((span.parent.clone(), begin, end));
            }
        }
    }
    let mut writes = Vec::new();
    for (thing, since, until) in things {
        // A thing that reports under its own name is a device on itself.
        let stated_by = consignment_party(consignment);
        if let Some(stated_by) = stated_by {
            let own = MountingRow {
                device: thing.clone(),
                thing: thing.clone(),
                since: Timestamp::UNIX_EPOCH,
                until: None,
                stated_by,
            };
            writes.push(Write::Mounting(own));
        }
        writes.push(Write::Carriage(CarriageRow { reference: reference.clone(), thing, since, until }));
    }
    writes
}

/// How long before goods are ready their containers may be theirs: empty ones are given out and packed in that time. What a
/// device on one says before that is of other goods.
const PACKED_BEFORE_READY: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Things that carry one consignment: hundreds of containers and what each is put on.
const MOST_THINGS: usize = 2_000;

fn consignment_party(consignment: &Consignment) -> Option<kervan_model::PartyId> {
    consignment.find_party(kervan_model::PartyRole::Forwarder).map(|party| party.id.clone())
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
