//! Positions move an estimate only when they can be true, and a device tells of a consignment through the registry.

use crate::world::{World, at, days, party};
use jiff::{SignedDuration, Timestamp};
use kervan_events::course::{nearest_on_course, position_on_course};
use kervan_events::report::{self, Sighting};
use kervan_model::{Leg, Reference, Role, Step};
use kervan_node::{
    Call, CaseFile, Intake, Mounting, Refusal, Sight, Track, capture_events, find_track, follow_devices,
    list_alarms_of, mount_device, take_positions,
};
use kervan_positions::{DeviceId, Mark, Observation, Report, Sensed, SensedValue, Subject};
use kervan_tracking::alarm::AlarmKind;
use kervan_units::GeoPoint;

const BOX: &str = "imei:356938035643809";

/// A consignment on its first leg.
struct Ride {
    world: World,
    reference: Reference,
    leg: Leg,
    departed: Timestamp,
}

impl Ride {
    fn new() -> Self {
        Self::with(|_| {})
    }

    /// The same with a consignment that was changed before it was declared.
    fn with(change: impl FnOnce(&mut serde_json::Value)) -> Self {
        let world = World::new();
        world.guarantee_everything();
        let reference = world.declare_changed("KRV-2026-0900", days(1), change);
        let way = world.plan(&reference).2.swap_remove(0);
        world.accept(&reference, &way, days(0)).unwrap();
        let leg = way.itinerary.steps.iter().find_map(|step| match step {
            Step::Leg(leg) => Some(leg.clone()),
            Step::Stay(_) => None,
        });
        let leg = leg.unwrap();
        let departed = days(2);
        let case = CaseFile::load(&world.desk, &reference).unwrap();
        let containers = case.summary.equipment.clone();
        let next = leg.to.clone();
        let sighting = Sighting {
            consignment: &reference,
            containers: &containers,
            place: &leg.from,
            at: departed,
            offset: jiff::tz::offset(8),
        };
        let events = [report::departing(&sighting, &leg.service, &next)];
        let document = report::document(&events, departed);
        world.call("rail", departed, |call| capture_events(&world.desk, call, &document)).unwrap();
        Self { world, reference, leg, departed }
    }

    fn container(&self) -> kervan_codes::ContainerNumber {
        CaseFile::load(&self.world.desk, &self.reference).unwrap().summary.equipment[0].clone()
    }

    fn hours(&self, hours: i64) -> Timestamp {
        self.departed + SignedDuration::from_hours(hours)
    }

    /// The point of the leg where it is after a share of its time.
    fn point(&self, share: f64) -> GeoPoint {
        position_on_course(&self.world.desk.network.course_of_service(&self.leg.service), share).unwrap()
    }

    fn report(&self, subject: Subject, hours: i64, point: GeoPoint) -> Report {
        Report { subject, at: self.hours(hours), point, speed: None, heading: None }
    }

    fn take(&self, reports: &[Report], hours: i64) -> Intake {
        self.world
            .call("rail", self.hours(hours), |call| take_positions(&self.world.desk, call, reports, &[]))
            .unwrap()
    }

    /// Mounts the device on the container of the consignment.
    fn mount(&self) -> DeviceId {
        let device: DeviceId = BOX.parse().unwrap();
        let on = Mounting::Container(self.container());
        let times = (self.hours(-24), None);
        self.world
            .call("rail", self.hours(-24), |call| mount_device(&self.world.desk, &call, &device, &on, times))
            .unwrap();
        device
    }

    fn etas(&self) -> Vec<String> {
        self.world.desk.store.list_etas(&self.reference).unwrap().into_iter().map(|row| row.because).collect()
    }

    fn track(&self) -> Track {
        find_track(&self.world.desk, &self.reference).unwrap()
    }

    fn seen(&self) -> Option<Timestamp> {
        CaseFile::load(&self.world.desk, &self.reference)
            .unwrap()
            .summary
            .position
            .map(|position| position.at)
    }
}

#[test]
fn what_cannot_be_true_is_kept_and_marked_and_moves_nothing() {
    let ride = Ride::new();
    let device = Subject::Device(ride.mount());
    ride.take(&[ride.report(device.clone(), 10, ride.point(0.1))], 10);
    let (before, seen) = (ride.etas(), ride.seen());
    assert_eq!(seen, Some(ride.hours(10)));
    let far = GeoPoint::from_degrees(-33.9, 18.4).unwrap();
    let nowhere = GeoPoint::from_degrees(0.0, 0.0).unwrap();
    for (hours, point, now, mark) in [
        (11, far, 11, Mark::Jump),
        (12, nowhere, 12, Mark::NoughtNought),
        (40, ride.point(0.4), 12, Mark::ClockAhead),
        (10, far, 12, Mark::TwoPlaces),
    ] {
        let intake = ride.take(&[ride.report(device.clone(), hours, point)], now);
        assert_eq!((intake.kept, intake.doubted), (1, 1), "{mark:?}");
        assert!(!intake.findings.is_empty(), "{mark:?}");
        assert_eq!((ride.etas(), ride.seen()), (before.clone(), seen), "{mark:?}");
    }
    let track = ride.track();
    assert_eq!(track.points.len(), 5);
    let marked: Vec<_> = track.points.iter().flat_map(|point| point.marks.list()).collect();
    assert_eq!(marked.len(), 4, "{marked:?}");
    assert_eq!(
        track.observations.iter().filter(|seen| matches!(seen, Observation::Doubted { .. })).count(),
        4
    );
    // What the doubted ones did not move, a believed one does.
    ride.take(&[ride.report(device, 20, ride.point(0.2))], 20);
    assert_eq!(ride.seen(), Some(ride.hours(20)));
}

/// Another line that leaves from a place of the first leg, and a point along it.
fn other_line(ride: &Ride) -> (kervan_model::LinkId, impl Fn(f64) -> GeoPoint) {
    let network = &ride.world.desk.network;
    let way: Vec<_> = network.links_of_service(&ride.leg.service).collect();
    let is_other = |link: &&kervan_network::Link| {
        let own = |id: &kervan_model::LinkId| id.as_str().trim_end_matches('R').to_owned();
        way.iter().all(|planned| own(&planned.id) != own(&link.id))
    };
    let leaves = |link: &&kervan_network::Link| way.iter().any(|planned| planned.from == link.from);
    let way_of = network.course_of_service(&ride.leg.service);
    let away = |link: &kervan_network::Link| {
        let end = position_on_course(&link.course, 1.0).unwrap();
        nearest_on_course(&way_of, end).unwrap().off_m
    };
    let others = network.list_links().filter(is_other).filter(leaves);
    let other = others.max_by(|one, other| away(one).total_cmp(&away(other))).unwrap();
    let course = other.course.clone();
    (other.id.clone(), move |share| position_on_course(&course, share).unwrap())
}

#[test]
fn another_way_than_the_plan_raises_one_alarm_with_the_position_that_shows_it() {
    // A tracker that reports each hour, and one that reports each minute.
    for minutes in [60, 1] {
        let ride = Ride::new();
        let device = Subject::Device(ride.mount());
        let (link, point) = other_line(&ride);
        let report = |minute: i64, point| {
            let at = ride.departed + SignedDuration::from_mins(minute);
            Report { subject: device.clone(), at, point, speed: None, heading: None }
        };
        let alarms = || {
            let all = list_alarms_of(&ride.world.desk, &ride.reference).unwrap();
            let of = all
                .into_iter()
                .filter(|alarm| alarm.kind == AlarmKind::Deviation && alarm.id.contains("!route@"));
            of.collect::<Vec<_>>()
        };
        // A day along the other line, taken in hour by hour.
        for hour in 1..=24 {
            let steps = (0..60 / minutes).map(|step| (hour - 1) * 60 + (step + 1) * minutes);
            let reports: Vec<_> =
                steps.map(|minute| report(minute, point(minute as f64 / 3_000.0))).collect();
            ride.take(&reports, hour);
        }
        let found = alarms();
        assert_eq!(found.len(), 1, "{minutes}: {found:?}");
        assert!(found[0].is_open() && found[0].reason.contains(link.as_str()), "{:?}", found[0]);
        let seen = ride.track().observations;
        let is_off = |seen: &Observation| matches!(seen, Observation::RouteNotTaken { until: None, .. });
        assert!(seen.iter().any(is_off), "{seen:?}");
        // Back on the line of the plan: others confirm it, and the alarm is over.
        for hour in 60..72 {
            ride.take(&[report(hour * 60, ride.point(0.5 + hour as f64 / 1_000.0))], hour);
        }
        assert!(alarms().iter().all(|alarm| !alarm.is_open()), "{minutes}: {:?}", alarms());
    }
}

#[test]
fn a_jump_that_others_confirm_moves_the_estimate_and_says_why() {
    let ride = Ride::new();
    let device = Subject::Device(ride.mount());
    let start = ride.point(0.0);
    ride.take(&[ride.report(device.clone(), 1, start), ride.report(device.clone(), 2, ride.point(0.005))], 2);
    let before = ride.etas().len();
    for hours in 3..9 {
        ride.take(&[ride.report(device.clone(), hours, ride.point(0.9 + hours as f64 / 1_000.0))], hours);
    }
    let etas = ride.etas();
    assert!(etas.len() > before);
    assert!(etas[before].contains("believed again"), "{:?}", &etas[before..]);
}

#[test]
fn a_device_that_was_offline_sends_in_any_order_and_twice() {
    let ride = Ride::new();
    let device = Subject::Device(ride.mount());
    let mut reports: Vec<_> =
        (1..20).map(|hours| ride.report(device.clone(), hours, ride.point(hours as f64 / 100.0))).collect();
    reports.reverse();
    reports.extend(reports.clone());
    assert_eq!(ride.take(&reports, 30).doubted, 0);
    assert_eq!(ride.take(&reports[..5], 31).doubted, 0);
    let track = ride.track();
    assert_eq!(track.points.len(), 19);
    assert!(
        track.points.iter().all(|point| point.on.is_some() && point.marks.bits() == 0),
        "{:?}",
        track.points[0]
    );
    assert_eq!(ride.seen(), Some(ride.hours(19)));
}

#[test]
fn a_device_that_is_registered_later_tells_of_what_it_was_on() {
    let ride = Ride::new();
    let device = Subject::Device(BOX.parse().unwrap());
    ride.take(&[ride.report(device, 10, ride.point(0.1))], 10);
    assert_eq!((ride.seen(), ride.track().points.len()), (None, 0));
    ride.mount();
    let followed =
        ride.world.call("clock", ride.hours(11), |mut call| follow_devices(&ride.world.desk, &mut call));
    assert_eq!(followed.unwrap().moved, 1);
    assert_eq!(ride.seen(), Some(ride.hours(10)));
    assert_eq!(ride.track().points[0].device, BOX);
}

#[test]
fn a_ship_tells_of_the_containers_that_were_put_on_it() {
    let ride = Ride::new();
    let (container, place) = (ride.container(), ride.leg.to.clone());
    let ship = kervan_events::mapping::ship_uri("9074729").unwrap();
    let loaded = ride.hours(100);
    let sighting = Sighting {
        consignment: &ride.reference,
        containers: &[container],
        place: &place,
        at: loaded,
        offset: jiff::tz::offset(5),
    };
    let document = report::document(&[report::loading(&sighting, &ship)], loaded);
    ride.world.call("rail", loaded, |call| capture_events(&ride.world.desk, call, &document)).unwrap();
    let device: DeviceId = "mmsi:273456789".parse().unwrap();
    let on = Mounting::Vessel("9074729".into());
    let times = (at("2020-01-01T00:00:00Z"), None);
    ride.world
        .call("rail", loaded, |call| mount_device(&ride.world.desk, &call, &device, &on, times))
        .unwrap();
    let subject = Subject::Device(device);
    let point = ride.point(1.0);
    let reports = [ride.report(subject.clone(), 99, point), ride.report(subject, 101, point)];
    ride.take(&reports, 102);
    let track = ride.track();
    assert_eq!(track.points.iter().map(|point| point.fix.at).collect::<Vec<_>>(), [ride.hours(101)]);
}

#[test]
fn the_device_of_another_party_is_not_put_onto_goods_of_ones_own() {
    let ride = Ride::new();
    let device = ride.mount();
    let kept = ride.world.desk.store.list_mountings(BOX).unwrap();
    let on = [Mounting::Container("MSKU6011672".parse().unwrap()), Mounting::Container(ride.container())];
    let put = |by: &str, on: &Mounting, times| {
        ride.world.call(by, ride.hours(1), |call| mount_device(&ride.world.desk, &call, &device, on, times))
    };
    // Neither beside it, nor over it, nor up to it; and nothing of it is told.
    for on in &on {
        for times in
            [(ride.hours(1), None), (ride.hours(-24), None), (ride.hours(-30), Some(ride.hours(-20)))]
        {
            let refused = put("silkline", on, times).unwrap_err();
            assert!(
                matches!(&refused, Refusal::Conflict(found) if found.code == "node.device-taken"),
                "{refused:?}"
            );
            assert!(!refused.to_string().contains("rail"), "{refused}");
        }
    }
    assert_eq!(ride.world.desk.store.list_mountings(BOX).unwrap(), kept);
    // Before it was put there, and after whoever had it ended that, it is free.
    put("silkline", &on[0], (ride.hours(-40), Some(ride.hours(-30)))).unwrap();
    put("rail", &on[1], (ride.hours(-24), Some(ride.hours(1)))).unwrap();
    put("silkline", &on[0], (ride.hours(1), None)).unwrap();
}

#[test]
fn what_sensors_read_is_held_against_what_the_goods_want_and_unknown_consignments_are_refused() {
    let ride = Ride::new();
    let device = ride.mount();
    let broken = Sensed::Seal { number: "ZZ-1".into(), state: kervan_positions::SealState::Broken };
    let sensed = [SensedValue { subject: Subject::Device(device), at: ride.hours(5), value: broken }];
    ride.world
        .call("rail", ride.hours(6), |call| take_positions(&ride.world.desk, call, &[], &sensed))
        .unwrap();
    let seals = ride.track().observations;
    assert!(seals.iter().any(|seen| matches!(seen, Observation::SealChainBroken { .. })), "{seals:?}");
    let unknown = [ride.report(Subject::Consignment("KRV-NONE".parse().unwrap()), 1, ride.point(0.0))];
    let refused =
        ride.world.call("rail", ride.hours(6), |call| take_positions(&ride.world.desk, call, &unknown, &[]));
    assert!(refused.is_err());
}

#[test]
fn who_may_not_know_of_goods_reports_nothing_of_them_and_learns_nothing() {
    let ride = Ride::new();
    let desk = &ride.world.desk;
    // A railway that takes no part in this consignment.
    desk.register(vec![party("steppe-rail", "KZ", Role::Carrier, None)]).unwrap();
    let report = |who: &str, subject: &Subject| {
        let caller = desk.party(&who.parse().unwrap()).unwrap().to_caller();
        let reports = [ride.report(subject.clone(), 1, ride.point(0.0))];
        let told = |call: Call<'_>| take_positions(Sight::of(desk, &caller), call, &reports, &[]);
        ride.world.call(who, ride.hours(6), told)
    };
    let words = |refused: Result<Intake, Refusal>| refused.unwrap_err().to_string();
    let goods = [Subject::Consignment(ride.reference.clone()), Subject::Container(ride.container())];
    let unknown: [Subject; 2] = [
        Subject::Consignment("KRV-NONE".parse().unwrap()),
        Subject::Container("CSQU3054383".parse().unwrap()),
    ];
    for (here, nowhere) in goods.iter().zip(&unknown) {
        assert_eq!(words(report("steppe-rail", here)), words(report("steppe-rail", nowhere)));
    }
    assert!(ride.track().points.is_empty());
    for here in &goods {
        assert_eq!(report("silkline", here).unwrap().kept, 1);
    }
    assert!(!ride.track().points.is_empty());
}

#[test]
fn a_container_that_is_too_warm_raises_its_own_alarm_and_ends_it() {
    // One is chilled and one is frozen; what is right for the one would be an alarm in the other.
    let ride = Ride::with(|file| {
        file["equipment"][0]["temperature_c"] = serde_json::json!([2, 8]);
        file["equipment"][1]["temperature_c"] = serde_json::json!([-25, -18]);
    });
    let containers = CaseFile::load(&ride.world.desk, &ride.reference).unwrap().summary.equipment;
    let (chilled, frozen) = (containers[0].clone(), containers[1].clone());
    let read = |hour: i64, container: &kervan_codes::ContainerNumber, tenths: i16| {
        let subject = Subject::Container(container.clone());
        let sensed = [SensedValue {
            subject: subject.clone(),
            at: ride.hours(hour),
            value: Sensed::Temperature(tenths),
        }];
        let place = [ride.report(subject, hour, ride.point(hour as f64 / 200.0))];
        ride.world
            .call("rail", ride.hours(hour), |call| take_positions(&ride.world.desk, call, &place, &sensed))
            .unwrap();
        let alarms = list_alarms_of(&ride.world.desk, &ride.reference).unwrap();
        let of = alarms.into_iter().filter(|alarm| alarm.kind == AlarmKind::Temperature);
        of.map(|alarm| (alarm.cause.clone(), alarm.is_open())).collect::<Vec<_>>()
    };
    let of_frozen = |open| [(frozen.to_string(), open)];
    assert_eq!(read(1, &chilled, 50), []);
    assert_eq!(read(2, &frozen, -200), []);
    assert_eq!(read(3, &frozen, -100), of_frozen(true));
    assert_eq!(read(4, &chilled, 45), of_frozen(true), "the other says nothing of it");
    assert_eq!(read(5, &frozen, -190), of_frozen(false));
}
