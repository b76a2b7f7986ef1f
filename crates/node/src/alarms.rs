//! Alarms in the store: raised and resolved with every projection of a consignment, acknowledged by a party.

use crate::scribe::{Scribe, to_text};
use crate::{Call, Desk, Refusal};
use kervan_model::{Reference, Severity};
use kervan_positions::Observation;
use kervan_store::{AlarmRow, Topic, TrackingWrite, Write};
use kervan_tracking::alarm::{
    Alarm, AlarmChange, AlarmKind, Alarms, Condition, Digest, Watched, digest, watch,
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
    let open = list_open(scribe.desk)?;
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
pub(crate) fn conditions_of(observations: &[Observation]) -> Vec<Condition> {
    observations
        .iter()
        .filter_map(|observation| {
            let (kind, what, cause, reason) = match observation {
                Observation::Deviated(away) if away.until.is_none() => {
                    let (km, tolerated) = (away.farthest_m / 1_000, away.tolerance_m / 1_000);
                    let reason = format!(
                        "{km} km from the way of the plan for {}, tolerated {tolerated}",
                        away.duration
                    );
                    (AlarmKind::Deviation, "away", String::new(), reason)
                }
                Observation::RouteNotTaken { taken, planned, .. } => {
                    let planned = planned.as_ref().map_or_else(|| "no link".to_owned(), ToString::to_string);
                    let reason = format!("on link {taken}, where the plan has {planned}");
                    (AlarmKind::Deviation, "route", taken.to_string(), reason)
                }
                Observation::Excursion(outside) if outside.until.is_none() => {
                    let peak = f64::from(outside.peak) / 10.0;
                    let reason = format!("{peak:.1} \u{b0}C, agreed {}", outside.range);
                    (AlarmKind::Temperature, "sensor", String::new(), reason)
                }
                Observation::SealChainBroken { number, fault, .. } => (
                    AlarmKind::Seal,
                    number.as_str(),
                    String::new(),
                    format!("seal {number}: {}", fault.reason()),
                ),
                Observation::Deviated(_)
                | Observation::Excursion(_)
                | Observation::Entered(_)
                | Observation::Left { .. }
                | Observation::Doubted { .. } => return None,
            };
            let occasion = format!("{what}@{}", observation.since().as_second());
            Some(Condition { kind, occasion, cause, reason })
        })
        .collect()
}

/// How many open alarms of the same kind and cause a new one joins, if they make a storm together.
fn storm_of(desk: &Desk, open: &[Alarm], change: &AlarmChange) -> Option<usize> {
    let AlarmChange::Raised(alarm) = change else { return None };
    let marks = &desk.rules.tracking.alarms;
    let like = open.iter().filter(|other| {
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

fn read_all(texts: &[String]) -> Result<Vec<Alarm>, Refusal> {
    texts
        .iter()
        .map(|text| serde_json::from_str(text).map_err(|error| Refusal::broken("a stored alarm", &error)))
        .collect()
}

fn list_open(desk: &Desk) -> Result<Vec<Alarm>, Refusal> {
    read_all(&desk.store.list_open_alarms()?)
}

/// Alarms that somebody should still look at, many of one cause as one.
pub fn list_alarms(desk: &Desk) -> Result<(Vec<Digest>, Vec<Alarm>), Refusal> {
    let open = list_open(desk)?;
    let mut digests = digest(&open, &desk.rules.tracking.alarms);
    let severity = |one: &Digest| {
        let mut of = open.iter().filter(|alarm| one.alarms.first() == Some(&alarm.id));
        of.next().map_or(Severity::Info, |alarm| alarm.severity)
    };
    digests.sort_by_key(|one| (std::cmp::Reverse(severity(one)), one.since));
    Ok((digests, open))
}

/// Every alarm of a consignment, also those that are over.
pub fn list_alarms_of(desk: &Desk, reference: &Reference) -> Result<Vec<Alarm>, Refusal> {
    read_all(&desk.store.list_alarms_of(reference)?)
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
