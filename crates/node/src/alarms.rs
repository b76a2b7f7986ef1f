//! Alarms in the store: raised and resolved with every projection of a consignment, acknowledged by a party.

use crate::limits::MOST_DIGESTS;
use crate::open_alarms::read_all;
use crate::open_list::Snapshot;
use crate::permitted::Permitted;
use crate::project::name;
use crate::scribe::{Scribe, to_text};
use crate::{Call, Desk, Refusal, Sight};
use kervan_model::{LinkId, Reference};
use kervan_network::Network;
use kervan_positions::Observation;
use kervan_rights::Action;
use kervan_store::{AlarmRow, Topic, TrackingWrite, Write};
use kervan_tracking::alarm::{
    Alarm, AlarmChange, AlarmKind, Alarms, Condition, Digest, Gathered, Ranked, Watched, gather, place, watch,
};
use kervan_units::Seconds;
use serde_json::json;

/// Holds the conditions of a consignment against its alarms, keeps what has changed and tells those who follow.
pub(crate) fn raise_alarms(scribe: &mut Scribe<'_, '_>, watched: &Watched<'_>) -> Result<(), Refusal> {
    let mut alarms = Alarms::of(read_all(&scribe.desk.store.list_alarms_of(watched.reference)?)?);
    let changes = alarms.take(watched, &watch(watched));
    if changes.is_empty() {
        return Ok(());
    }
    let open = scribe.desk.open_alarms.list(scribe.desk)?;
    for change in changes {
        let alarm = change.alarm();
        scribe.writes.push(Write::Tracking(TrackingWrite::Alarm(row(alarm)?)));
        match storm_of(scribe.desk, &open, &change) {
            Some(others) => scribe.tell(
                Topic::Alarm,
                &json!({ "change": "digest", "kind": alarm.kind, "cause": alarm.cause, "owner": alarm.owner,
                    "alarms": others + 1, "reason": alarm.reason }),
            )?,
            None => scribe.tell(Topic::Alarm, &json!({ "change": change.word(), "alarm": alarm }))?,
        }
    }
    Ok(())
}

/// What observations of positions and sensors are as conditions of alarms. What is over is none.
pub(crate) fn conditions_of(network: &Network, observations: &[Observation]) -> Vec<Condition> {
    let others = observations.iter().filter_map(|observation| {
        let (kind, what, cause, reason) = match observation {
            Observation::Deviated(away) if away.until.is_none() => {
                let (km, tolerated) = (away.farthest_m / 1_000, away.tolerance_m / 1_000);
                let reason =
                    format!("{km} km from the way of the plan for {}, tolerated {tolerated}", away.duration);
                (AlarmKind::Deviation, "away".to_owned(), String::new(), reason)
            }
            Observation::Excursion(outside) if outside.until.is_none() => {
                let peak = f64::from(outside.peak) / 10.0;
                let container = outside.container.as_ref().map_or_else(String::new, ToString::to_string);
                let within = if container.is_empty() { String::new() } else { format!("{container}: ") };
                let reason = format!("{within}{peak:.1} \u{b0}C, agreed {}", outside.range);
                (AlarmKind::Temperature, format!("sensor:{container}"), container, reason)
            }
            Observation::SealChainBroken { number, fault, .. } => {
                (AlarmKind::Seal, number.clone(), String::new(), format!("seal {number}: {}", fault.reason()))
            }
            Observation::RouteNotTaken { .. }
            | Observation::Deviated(_)
            | Observation::Excursion(_)
            | Observation::Entered(_)
            | Observation::Left { .. }
            | Observation::Doubted { .. } => return None,
        };
        let occasion = format!("{what}@{}", observation.since().as_second());
        Some(Condition { kind, occasion, cause, reason })
    });
    others.chain(other_way(network, observations)).collect()
}

/// Goods that are on another way than the plan's, whatever the number of links: one detour is one alarm.
fn other_way(network: &Network, observations: &[Observation]) -> Option<Condition> {
    let mut still = observations.iter().filter_map(|observation| match observation {
        Observation::RouteNotTaken { taken, planned, since, until: None, .. } => {
            Some((taken, planned, since))
        }
        _ => None,
    });
    let (first, planned, since) = still.next()?;
    let mut taken = vec![name_of_link(network, first)];
    taken.extend(still.map(|(link, ..)| name_of_link(network, link)));
    let instead = planned.as_ref().map_or_else(
        || "where the plan has no link".to_owned(),
        |link| format!("where the plan has {}", name_of_link(network, link)),
    );
    let reason = format!("went by {}, {instead}", taken.join(", then "));
    let occasion = format!("route@{}", since.as_second());
    Some(Condition { kind: AlarmKind::Deviation, occasion, cause: first.to_string(), reason })
}

/// `Xi'an - Khorgos (L001)`.
fn name_of_link(network: &Network, id: &LinkId) -> String {
    network.find_link(id).map_or_else(
        || id.to_string(),
        |link| format!("{} - {} ({id})", name(network, &link.from), name(network, &link.to)),
    )
}

/// How many open alarms of the same kind and cause a new one joins, if they make a storm together.
fn storm_of(desk: &Desk, open: &Snapshot<Vec<Alarm>>, change: &AlarmChange) -> Option<usize> {
    let AlarmChange::Raised(alarm) = change else { return None };
    let marks = &desk.rules.tracking.alarms;
    let like = open.all.iter().flat_map(|held| &held.things).filter(|other| {
        (other.kind, &other.cause) == (alarm.kind, &alarm.cause)
            && Seconds::between(other.raised, alarm.raised) <= marks.digest_window
    });
    let others = like.count();
    (others + 1 >= marks.digest_from).then_some(others)
}

fn row(alarm: &Alarm) -> Result<AlarmRow, Refusal> {
    Ok(AlarmRow {
        id: alarm.id.clone(),
        reference: alarm.reference.clone(),
        open: alarm.is_open(),
        raised: alarm.raised,
        alarm: to_text(alarm)?,
    })
}

/// What [`list_alarms`] tells.
#[derive(Clone, Debug)]
pub struct AlarmReport {
    /// Many of one cause as one, the gravest first and then the earliest; as many as were asked for of alarms, at most
    /// [`MOST_DIGESTS`].
    pub digests: Vec<Digest>,
    /// Each of them, the earliest first.
    pub alarms: Vec<Alarm>,
    /// How many are open in all.
    pub total: usize,
}

/// Alarms that somebody should still look at, as far as the asker may know of them: at most so many, those after an instant and a
/// name of an alarm raised then. Digests speak of all.
pub fn list_alarms<'a>(
    sight: impl Into<Sight<'a>>,
    after: Option<(i64, &str)>,
    most: usize,
) -> Result<AlarmReport, Refusal> {
    let sight = sight.into();
    let open = sight.desk.open_alarms.list(sight.desk)?;
    let sees = list_sight(&sight, &open);
    let sees = |at: usize| {
        open.place_of_consignment(at).and_then(|held| sees.get(held)).copied().unwrap_or_default()
    };
    let order = &open.order.order;
    let seen: Vec<Ranked> = order.by_likeness().iter().filter(|one| sees(one.at)).copied().collect();
    let mut gathered = gather(&seen, &sight.desk.rules.tracking.alarms);
    keep_first(&mut gathered, most.min(MOST_DIGESTS), Gathered::rank);
    let digests = gathered.iter().filter_map(|one| one.to_digest(|at| open.alarm(at))).collect();
    let is_before =
        |at: &usize| after.is_some_and(|after| open.alarm(*at).is_some_and(|one| place(one) <= after));
    let (_, rest) = order.by_age().split_at(order.by_age().partition_point(is_before));
    let page = rest.iter().filter(|at| sees(**at)).filter_map(|at| open.alarm(*at)).take(most);
    Ok(AlarmReport { digests, alarms: page.cloned().collect(), total: seen.len() })
}

/// Puts the first of many in order and leaves the others out.
fn keep_first<T, K: Ord>(all: &mut Vec<T>, most: usize, key: impl Fn(&T) -> K + Copy) {
    if most < all.len() {
        all.select_nth_unstable_by_key(most, key);
        all.truncate(most);
    }
    all.sort_unstable_by_key(key);
}

/// The open alarms of consignments of which the asker may know.
pub(crate) fn list_seen<'o>(sight: &Sight<'_>, open: &'o Snapshot<Vec<Alarm>>) -> Vec<&'o Alarm> {
    let seen = open.all.iter().zip(list_sight(sight, open)).filter(|(_, sees)| *sees);
    seen.flat_map(|(held, _)| &held.things).collect()
}

/// Of which consignments with open alarms the asker may know.
fn list_sight(sight: &Sight<'_>, open: &Snapshot<Vec<Alarm>>) -> Vec<bool> {
    let (action, names) = (Action::GetConsignment, sight.names());
    let always = sight.permits_always(action);
    let mut permitted = Permitted::of(*sight, action);
    open.all.iter().map(|held| always || permitted.to(sight.within(&names, &held.circle))).collect()
}

/// Every alarm of a consignment, also those that are over.
pub fn list_alarms_of(desk: &Desk, reference: &Reference) -> Result<Vec<Alarm>, Refusal> {
    read_all(&desk.store.list_alarms_of(reference)?)
}

/// Whether the asker may take alarms on.
///
/// Errors: there is no alarm of one of the names, or none that the asker may know of; or it may not take it on.
pub fn check_acknowledgement(sight: &Sight<'_>, ids: &[String]) -> Result<(), Refusal> {
    for id in ids {
        let not_found = || Refusal::NotFound { what: "alarm", id: id.clone() };
        let text = sight.desk.store.find_alarm(id)?.ok_or_else(not_found)?;
        let alarm: Alarm =
            serde_json::from_str(&text).map_err(|error| Refusal::broken("a stored alarm", &error))?;
        let relations = sight.to_consignment(&alarm.reference)?;
        if sight.permits(Action::AcknowledgeAlarms, relations) {
            continue;
        }
        return Err(match sight.sees_consignment(&alarm.reference)? {
            true => Refusal::NotAllowed("only who takes part in the consignment takes its alarms on".into()),
            false => not_found(),
        });
    }
    Ok(())
}

/// Takes alarms on. Those that are over, or that somebody has taken on before, stay as they are.
///
/// Errors: there is no alarm of one of the names; then none is taken on.
pub fn acknowledge_alarms(
    desk: &Desk,
    mut call: Call<'_>,
    ids: &[String],
    note: &str,
) -> Result<Vec<Alarm>, Refusal> {
    let mut taken = Vec::new();
    for id in ids {
        let text =
            desk.store.find_alarm(id)?.ok_or_else(|| Refusal::NotFound { what: "alarm", id: id.clone() })?;
        let alarm: Alarm =
            serde_json::from_str(&text).map_err(|error| Refusal::broken("a stored alarm", &error))?;
        taken.push(alarm.acknowledge(call.actor.clone(), call.now, note.to_owned()));
    }
    let mut scribe = Scribe::new(desk, &mut call);
    for alarm in &taken {
        scribe.writes.push(Write::Tracking(TrackingWrite::Alarm(row(alarm)?)));
        scribe.tell(Topic::Alarm, &json!({ "change": "acknowledged", "alarm": alarm }))?;
    }
    scribe.save()?;
    Ok(taken)
}
