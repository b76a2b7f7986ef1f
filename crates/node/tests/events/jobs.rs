//! Captures as jobs.

use crate::world::{call, document, event, open, start};
use kervan_node::{
    CaptureJob, Desk, ErrorBehaviour, Refusal, finish_interrupted_jobs, read_job, start_capture,
};
use serde_json::Value;

fn wrong() -> Value {
    let mut wrong = event(1);
    wrong["bizStep"] = "departng".into();
    wrong
}

fn job(desk: &Desk, id: &str) -> CaptureJob {
    read_job(&desk.store.find_capture_job(id).unwrap().unwrap()).unwrap()
}

#[test]
fn rollback_keeps_nothing_of_a_wrong_capture_and_proceed_keeps_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    let mixed = document(&[event(0), wrong(), event(2)]);
    let refused = call(1, start(), |call| start_capture(&desk, call, &mixed, ErrorBehaviour::Rollback));
    assert!(
        matches!(refused, Err(Refusal::Invalid(findings)) if findings[0].remedy.as_deref() == Some("write `departing`"))
    );
    assert_eq!(desk.store.last_event(), 0);
    assert!(desk.store.list_capture_jobs(0, 10).unwrap().is_empty());

    let taken = call(2, start(), |call| start_capture(&desk, call, &mixed, ErrorBehaviour::Proceed)).unwrap();
    assert_eq!(desk.store.last_event(), 2);
    let job = job(&desk, &taken.job.id);
    assert_eq!((job.running, job.success, job.events, taken.hashes.len()), (false, false, 2, 2));
    assert_eq!(job.errors[0].path.as_deref(), Some("/epcisBody/eventList/1/bizStep"));
}

#[test]
fn a_large_capture_that_a_restart_interrupts_is_finished_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let events: Vec<_> = (0..1_200).map(event).collect();
    let id = {
        let desk = open(folder.path());
        let taken =
            call(3, start(), |call| start_capture(&desk, call, &document(&events), ErrorBehaviour::Rollback))
                .unwrap();
        assert!(taken.job.running && job(&desk, &taken.job.id).running);
        assert_eq!(desk.store.last_event(), 0);
        taken.job.id
    };
    let desk = open(folder.path());
    assert_eq!(finish_interrupted_jobs(&desk, start(), &mut || [9; 16]).unwrap(), 1);
    let done = job(&desk, &id);
    assert_eq!((done.running, done.success, done.events), (false, true, 1_200));
    assert_eq!(desk.store.last_event(), 1_200);
    assert_eq!(finish_interrupted_jobs(&desk, start(), &mut || [9; 16]).unwrap(), 0);
}

#[test]
fn jobs_are_listed_the_latest_first_in_pages() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    for number in 0..5 {
        let one = document(&[event(u64::from(number))]);
        call(number, start(), |call| start_capture(&desk, call, &one, ErrorBehaviour::Rollback)).unwrap();
    }
    let (mut before, mut ids) = (0, Vec::new());
    loop {
        let page = desk.store.list_capture_jobs(before, 2).unwrap();
        let Some(last) = page.last() else { break };
        before = last.seq;
        ids.extend(page.into_iter().map(|row| row.id[..2].to_owned()));
    }
    assert_eq!(ids, ["04", "03", "02", "01", "00"]);
}
