//! Milestones from events in any order, often, wrongly, and elsewhere.

use crate::fixture::{after, captured, itinerary, report_of, reports};
use kervan_events::{MilestoneCode, assess_progress, plan_milestones, report};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

#[test]
fn the_plan_has_its_milestones_in_order() {
    let listed: Vec<String> = plan_milestones(&itinerary())
        .iter()
        .map(|milestone| format!("{} {}", milestone.code, milestone.place))
        .collect();
    let expected = [
        "ready CNXIA",
        "departed CNXIA",
        "arrived KZ-ALTYN",
        "released KZ-ALTYN",
        "gauge_changed KZ-ALTYN",
        "departed KZ-ALTYN",
        "arrived KZAAU",
        "loaded KZAAU",
        "departed KZAAU",
        "arrived AZALT",
        "unloaded AZALT",
        "released AZALT",
        "departed AZALT",
        "arrived TRIST",
        "delivered TRIST",
    ];
    assert_eq!(listed, expected);
}

#[test]
fn a_journey_as_reported_reaches_every_milestone() {
    let count = plan_milestones(&itinerary()).len();
    for reported in 0..=count {
        let progress = assess_progress(&itinerary(), &captured(&reports(reported, 3)));
        assert_eq!(progress.findings, [], "{reported}");
        let reached = progress.milestones.iter().filter(|milestone| milestone.actual.is_some()).count();
        assert_eq!(reached, reported);
        assert_eq!(progress.delivered().is_some(), reported == count);
        assert_eq!(progress.share_permille(after(10_000)) == 1_000, reported == count);
    }
}

#[test]
fn order_and_repetition_change_nothing() {
    let reports = reports(12, 0);
    let expected = assess_progress(&itinerary(), &captured(&reports));
    let mut random = Xoshiro256PlusPlus::seed_from_u64(11);
    for _ in 0..50 {
        let mut shuffled = reports.clone();
        shuffled.extend(reports.iter().filter(|_| random.next_u64() % 3 == 0).cloned().collect::<Vec<_>>());
        for index in (1..shuffled.len()).rev() {
            shuffled.swap(index, (random.next_u64() % (index as u64 + 1)) as usize);
        }
        assert_eq!(assess_progress(&itinerary(), &captured(&shuffled)), expected);
    }
}

#[test]
fn an_event_declared_in_error_does_not_count() {
    let mut reports = reports(7, 0);
    let wrong = reports[6].clone();
    reports.push(report::declaring_error(&wrong, after(500), true, &[]));
    let progress = assess_progress(&itinerary(), &captured(&reports));
    assert_eq!(progress.last().unwrap().code, MilestoneCode::Departed);
    assert_eq!(progress.findings.len(), 1);
    assert_eq!(progress.findings[0].code, "events.declared-in-error");
}

#[test]
fn one_id_for_two_contents_is_named() {
    let mut reports = reports(2, 0);
    for report in &mut reports {
        report["eventID"] = "urn:uuid:1f2e9c1c-3a44-4c53-b7a1-5d0c1f4a8e10".into();
    }
    let progress = assess_progress(&itinerary(), &captured(&reports));
    assert_eq!(progress.findings[0].code, "events.same-id");
    assert_eq!(progress.last().unwrap().code, MilestoneCode::Departed);
}

#[test]
fn what_was_never_reported_is_behind_when_something_later_is() {
    let mut reports = reports(7, 0);
    reports.drain(1..6);
    let progress = assess_progress(&itinerary(), &captured(&reports));
    let unseen: Vec<bool> = progress.milestones.iter().map(|milestone| milestone.unseen).collect();
    assert_eq!(unseen.iter().filter(|unseen| **unseen).count(), 5);
    assert_eq!(progress.next().unwrap().code, MilestoneCode::Loaded);
}

#[test]
fn events_that_do_not_fit_give_findings() {
    for (code, place, hour, finding) in [
        (MilestoneCode::Arrived, "KZDOS", 300, Some("events.off-itinerary")),
        (MilestoneCode::Released, "KZ-ALTYN", 300, Some("events.out-of-sequence")),
        (MilestoneCode::Arrived, "KZAAU", 301, None),
        (MilestoneCode::Arrived, "CNXIA", 1, None),
    ] {
        let mut reports = reports(7, 0);
        reports.remove(3);
        let before = assess_progress(&itinerary(), &captured(&reports));
        reports.push(report_of(code, &place.parse().unwrap(), after(hour)));
        let progress = assess_progress(&itinerary(), &captured(&reports));
        assert_eq!(progress.milestones, before.milestones, "{code} {place}");
        assert_eq!(progress.findings.first().map(|finding| finding.code.as_str()), finding, "{code} {place}");
    }
}

#[test]
fn a_foreign_read_point_is_named() {
    let mut reports = reports(1, 0);
    let mut elsewhere = report_of(MilestoneCode::Departed, &"CNXIA".parse().unwrap(), after(12));
    elsewhere["readPoint"]["id"] = "urn:epc:id:sgln:4012345.00005.0".into();
    reports.push(elsewhere);
    let progress = assess_progress(&itinerary(), &captured(&reports));
    assert_eq!(progress.findings[0].code, "events.unknown-place");
}

#[test]
fn a_second_visit_needs_something_in_between() {
    let mut twice = itinerary();
    let (first, back) = (twice.steps[1].clone(), twice.steps[0].clone());
    twice.steps = vec![
        twice.steps[0].clone(),
        first,
        twice.steps[2].clone(),
        back.clone(),
        twice.steps[1].clone(),
        back,
    ];
    let place = "CNXIA".parse().unwrap();
    let departed = |hour| report_of(MilestoneCode::Departed, &place, after(hour));
    let count = |reports: &[serde_json::Value]| {
        let progress = assess_progress(&twice, &captured(reports));
        progress.milestones.iter().filter(|m| m.code == MilestoneCode::Departed && m.actual.is_some()).count()
    };
    let arrived = report_of(MilestoneCode::Arrived, &"KZ-ALTYN".parse().unwrap(), after(72));
    assert_eq!(count(&[departed(12), departed(13)]), 1);
    assert_eq!(count(&[departed(12), departed(13), arrived, departed(200)]), 2);
}
