//! Captures as jobs: what is asked, what became of it, and what goes on after a restart.

use crate::capture::take_events;
use crate::limits::{MOST_EVENTS_AT_ONCE, MOST_REMARKS};
use crate::scribe::to_text;
use crate::vocabulary::state_vocabulary;
use crate::{Call, Desk, Refusal};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use kervan_events::{Event, read_capture, read_each};
use kervan_model::{Finding, PartyId, Severity};
use kervan_store::{CaptureJobRow, Write};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What becomes of the right events of a capture that holds wrong ones. Source: EPCIS 2.0, section 12.6.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ErrorBehaviour {
    /// They are not kept either.
    #[default]
    Rollback,
    /// They are kept.
    Proceed,
}

/// A capture and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CaptureJob {
    /// Its id.
    #[serde(rename = "captureID")]
    pub id: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub finished_at: Option<Timestamp>,
    /// Whether it still runs.
    pub running: bool,
    /// Whether nothing has gone wrong.
    pub success: bool,
    /// What becomes of the right events if others are wrong.
    pub capture_error_behaviour: ErrorBehaviour,
    /// Everything that went wrong.
    pub errors: Vec<Finding>,
    /// How many of its events are in the repository, those with them that were there before.
    pub events: usize,
    /// Warnings about events that were kept, the first ones: a clock that is ahead, a word that no vocabulary has.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub remarks: Vec<Finding>,
}

/// What the first step of a capture led to.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The job.
    pub job: CaptureJob,
    /// Hash ids of the events that were taken, in the order of the document.
    pub hashes: Vec<String>,
}

/// Takes a capture in. A small one is done when this returns; of a large one the job is on the disk and still running, and
/// [`finish_job`] does it.
///
/// Errors: the document cannot be walked, or holds a wrong event and is to be taken whole or not at all; every finding at
/// once. Nothing is kept then, and there is no job.
pub fn start_capture(
    desk: &Desk,
    mut call: Call<'_>,
    document: &Value,
    behaviour: ErrorBehaviour,
) -> Result<Accepted, Refusal> {
    let (events, errors) = read(document, call.now, behaviour)?;
    let hashes = events.iter().map(|event| event.hash.to_string()).collect();
    let mut job = CaptureJob {
        id: HEXLOWER.encode(&(call.salts)()),
        created_at: call.now,
        finished_at: None,
        running: true,
        success: errors.is_empty(),
        capture_error_behaviour: behaviour,
        errors,
        events: 0,
        remarks: remarks(&events),
    };
    if events.len() > MOST_EVENTS_AT_ONCE {
        let row = job_row(&job, &call.actor, Some(to_text(document)?))?;
        desk.save(vec![Write::CaptureJob(row)])?;
    } else {
        let stated = state_vocabulary(desk, &call.actor, document)?;
        run(desk, &mut call, &mut job, events, stated)?;
    }
    Ok(Accepted { job, hashes })
}

/// Does a capture whose job stands in the store, also after a restart in its middle: events that are there already are left
/// as they are.
pub fn finish_job(
    desk: &Desk,
    row: &CaptureJobRow,
    now: Timestamp,
    salts: &mut dyn FnMut() -> [u8; 16],
) -> Result<CaptureJob, Refusal> {
    let mut job = read_job(row)?;
    let document: Value = row
        .document
        .as_deref()
        .ok_or_else(|| Refusal::Broken("a running capture without its document".into()))
        .and_then(|text| serde_json::from_str(text).map_err(|error| Refusal::broken("a capture", &error)))?;
    let mut call = Call { now, actor: row.party.clone(), salts };
    // What was right when the job was made is read with the clock of that moment.
    let done = read(&document, job.created_at, job.capture_error_behaviour)
        .and_then(|(events, _)| Ok((events, state_vocabulary(desk, &row.party, &document)?)))
        .and_then(|(events, stated)| run(desk, &mut call, &mut job, events, stated));
    if let Err(refusal) = done {
        job.errors.extend(findings_of(refusal)?);
        (job.running, job.success, job.finished_at) = (false, false, Some(now));
        desk.save(vec![Write::CaptureJob(job_row(&job, &row.party, None)?)])?;
    }
    Ok(job)
}

/// Does every capture that was running when the node ended. Returns how many.
pub fn finish_interrupted_jobs(
    desk: &Desk,
    now: Timestamp,
    salts: &mut dyn FnMut() -> [u8; 16],
) -> Result<usize, Refusal> {
    let jobs = desk.store.list_running_jobs()?;
    for row in &jobs {
        finish_job(desk, row, now, salts)?;
    }
    Ok(jobs.len())
}

/// The job of a row.
pub fn read_job(row: &CaptureJobRow) -> Result<CaptureJob, Refusal> {
    serde_json::from_str(&row.job).map_err(|error| Refusal::broken("a capture job", &error))
}

/// Warnings of events that are right.
fn remarks(events: &[Event]) -> Vec<Finding> {
    let all = events.iter().flat_map(|event| &event.findings);
    all.filter(|finding| finding.severity == Severity::Warning).take(MOST_REMARKS).cloned().collect()
}

fn read(
    document: &Value,
    now: Timestamp,
    behaviour: ErrorBehaviour,
) -> Result<(Vec<Event>, Vec<Finding>), Refusal> {
    match behaviour {
        ErrorBehaviour::Rollback => {
            read_capture(document, now).map(|events| (events, Vec::new())).map_err(Refusal::Invalid)
        }
        ErrorBehaviour::Proceed => {
            let (mut events, mut errors) = (Vec::new(), Vec::new());
            for read in read_each(document, now).map_err(Refusal::Invalid)? {
                match read {
                    Ok(event) => events.push(event),
                    Err(findings) => errors.extend(findings),
                }
            }
            Ok((events, errors))
        }
    }
}

/// Takes the events, and what is stated of vocabularies, in and ends the job, in one batch where all are taken or none.
fn run(
    desk: &Desk,
    call: &mut Call<'_>,
    job: &mut CaptureJob,
    events: Vec<Event>,
    stated: Vec<Write>,
) -> Result<(), Refusal> {
    let whole = |job: &CaptureJob, kept: usize, now| {
        let mut done = job.clone();
        (done.running, done.finished_at, done.events) = (false, Some(now), kept);
        done.success = done.errors.is_empty();
        done
    };
    let done = whole(job, events.len(), call.now);
    let row = job_row(&done, &call.actor, None)?;
    let count = events.len();
    let proceed = job.capture_error_behaviour == ErrorBehaviour::Proceed;
    let retry = if proceed { events.clone() } else { Vec::new() };
    let with = stated.iter().cloned().chain([Write::CaptureJob(row)]).collect();
    match take_events(desk, call, events, with) {
        Ok(()) => *job = done,
        // What one event does not allow must not keep the others out: each is tried alone.
        Err(_) if proceed && count > 1 => {
            let mut kept = 0;
            for event in retry {
                match take_events(desk, call, vec![event], Vec::new()) {
                    Ok(()) => kept += 1,
                    Err(refusal) => job.errors.extend(findings_of(refusal)?),
                }
            }
            *job = whole(job, kept, call.now);
            let row = Write::CaptureJob(job_row(job, &call.actor, None)?);
            desk.save(stated.into_iter().chain([row]).collect())?;
        }
        Err(refusal) => return Err(refusal),
    }
    Ok(())
}

fn job_row(job: &CaptureJob, party: &PartyId, document: Option<String>) -> Result<CaptureJobRow, Refusal> {
    let (id, running) = (job.id.clone(), job.running);
    Ok(CaptureJobRow { seq: 0, id, party: party.clone(), running, job: to_text(job)?, document })
}

/// What a refusal tells the caller. Errors: it is a failure of the node itself.
fn findings_of(refusal: Refusal) -> Result<Vec<Finding>, Refusal> {
    match refusal {
        Refusal::Invalid(findings) => Ok(findings),
        Refusal::Conflict(finding) | Refusal::Changed(finding) => Ok(vec![*finding]),
        Refusal::NotFound { .. } | Refusal::NotAllowed(_) => {
            Ok(vec![Finding::error("node.capture-refused", refusal.to_string())])
        }
        Refusal::Store(_) | Refusal::NotSigned(_) | Refusal::Broken(_) => Err(refusal),
    }
}
