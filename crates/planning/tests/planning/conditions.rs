//! Conditions on the corridor: every way keeps to them, and nothing better was left out.

use crate::shared::{network, plan_all, request, stops_at};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kervan_model::{Leg, Mode};
use kervan_network::Network;
use kervan_planning::{Alternative, Criterion, Plan, PlanRequest};

fn planned(network: &Network, from: &str, to: &str, change: impl FnOnce(&mut PlanRequest)) -> Plan {
    let mut request = request(from, to);
    change(&mut request);
    let plan = plan_all(network, &request);
    assert!(!plan.alternatives.is_empty(), "{:?}", plan.findings);
    plan
}

fn legs(plan: &Plan) -> impl Iterator<Item = &Leg> {
    plan.alternatives.iter().flat_map(|way| way.itinerary.legs())
}

#[test]
fn what_is_avoided_is_not_touched() {
    let network = network();
    let plan = planned(&network, "CNXIA", "TRIST", |r| {
        r.conditions.avoid.places.push("KZAAU".parse().unwrap());
        r.conditions.avoid.countries.push("TM".parse().unwrap());
        r.conditions.avoid.carriers.push("gr".to_owned());
    });
    assert!(plan.alternatives.iter().all(|way| !stops_at(way, &["KZAAU"])));
    let country = "TM".parse().unwrap();
    for leg in legs(&plan) {
        assert!(!leg.countries.contains(&country) && leg.operator != "GR", "{leg:?}");
    }
    let no_sea =
        planned(&network, "CNXIA", "HUBUD", |r| r.conditions.avoid.modes.extend([Mode::Sea, Mode::Ferry]));
    assert!(legs(&no_sea).all(|leg| !matches!(leg.mode, Mode::Sea | Mode::Ferry)));
}

#[test]
fn what_is_required_is_used_by_every_way() {
    let network = network();
    let plan = planned(&network, "CNXIA", "TRIST", |r| {
        r.conditions.require.modes.push(Mode::Ferry);
        r.conditions.require.places.push("GETBS".parse().unwrap());
    });
    for way in &plan.alternatives {
        assert!(way.itinerary.legs().any(|leg| leg.mode == Mode::Ferry), "{way:?}");
        assert!(stops_at(way, &["GETBS"]), "{way:?}");
    }
    let carrier =
        planned(&network, "CNXIA", "TRIST", |r| r.conditions.require.carriers.push("kazmortransflot".into()));
    assert!(
        carrier
            .alternatives
            .iter()
            .all(|way| way.itinerary.legs().any(|leg| leg.operator.starts_with("Kaz")))
    );
    let of = |link: &str| {
        let link = link.parse().unwrap();
        planned(&network, "CNXIA", "TRIST", |r| r.conditions.require.links.push(link))
    };
    let by_ferry = of("L021");
    assert!(
        by_ferry
            .alternatives
            .iter()
            .all(|way| way.itinerary.legs().any(|leg| leg.service.as_str().starts_with("S021")))
    );
}

#[test]
fn dangerous_goods_keep_out_of_the_tunnel_under_the_bosphorus() {
    let network = network();
    let free = planned(&network, "TRDRC", "TRKPU", |_| {});
    assert!(legs(&free).any(|leg| leg.service.as_str().starts_with("S037")));
    let dangerous = planned(&network, "CNXIA", "TRIST", |r| r.conditions.dangerous.push("3".to_owned()));
    assert!(legs(&dangerous).all(|leg| !leg.service.as_str().starts_with("S037")));
    // Nobody says whether block trains take them, so the plan says that.
    let asked =
        |way: &Alternative| way.findings.iter().any(|finding| finding.code == "planning.acceptance-unknown");
    let by_block = |way: &Alternative| {
        way.itinerary.legs().any(|leg| leg.class == kervan_model::TrafficClass::BlockTrain)
    };
    assert!(dangerous.alternatives.iter().all(|way| asked(way) || !by_block(way)));
    assert!(dangerous.alternatives.iter().any(by_block));
}

#[test]
fn reefers_need_services_that_take_them_and_pay_more() {
    let network = network();
    let cold = planned(&network, "CNXIA", "TRIST", |r| r.conditions.temperature_controlled = true);
    assert!(legs(&cold).all(|leg| leg.class != kervan_model::TrafficClass::Carload));
    let cheapest =
        |plan: &Plan| plan.alternatives.iter().map(|way| way.itinerary.cost.total.minor()).min().unwrap();
    let dry = planned(&network, "CNXIA", "TRIST", |_| {});
    assert!(cheapest(&cold) > cheapest(&dry));
    let reefer = planned(&network, "CNXIA", "TRIST", |r| r.equipment = vec![(2, "45R1".parse().unwrap())]);
    assert_eq!(cheapest(&reefer), cheapest(&cold));
}

#[test]
fn gauge_length_and_number_of_changes_are_kept() {
    let network = network();
    let broad = planned(&network, "KZ-ALTYN", "GEPTI", |r| r.conditions.gauges_mm.push(1520));
    for leg in legs(&broad) {
        assert!(
            network
                .links_of_service(&leg.service)
                .all(|link| link.gauge_mm.is_none_or(|gauge| gauge == 1520))
        );
    }
    let long = planned(&network, "CNXIA", "DEDUI", |r| r.equipment = vec![(2, "L5G1".parse().unwrap())]);
    assert!(legs(&long).all(|leg| leg.class != kervan_model::TrafficClass::Carload));
    let free = planned(&network, "CNXIA", "TRIST", |_| {});
    let fewest = free.alternatives.iter().map(|way| way.transfers).min().unwrap();
    let few = planned(&network, "CNXIA", "TRIST", |r| {
        r.conditions.most_transshipments = Some(u8::try_from(fewest).unwrap());
    });
    assert!(few.alternatives.iter().all(|way| way.transfers <= fewest));
}

#[test]
fn a_departure_by_timetable_is_taken_at_its_hour() {
    let network = network();
    let plan = planned(&network, "GEBUS", "BGVAR", |r| r.conditions.require.modes.push(Mode::Ferry));
    let zone = TimeZone::get("Asia/Tbilisi").unwrap();
    let ferry = legs(&plan).find(|leg| leg.service.as_str() == "S222T").unwrap();
    let local = ferry.departs.to_zoned(zone);
    assert_eq!(local.strftime("%a %H:%M").to_string(), "Fri 23:00");
    // The price is in euros, and the plan says at which rate it was converted.
    let rate = plan.assumptions.iter().find(|assumption| assumption.name == "rate of exchange").unwrap();
    assert!(rate.value.starts_with("1 EUR = 1.0465 USD on 2025-02-21"), "{}", rate.value);
    // 970 euros for each of two trucks, converted to the cent.
    assert_eq!(ferry.cost.as_ref().unwrap().typical.minor(), 2 * 101_511);
}

#[test]
fn to_arrive_by_an_instant_is_to_leave_as_late_as_that_allows() {
    let network = network();
    let by: Timestamp = "2027-01-15T12:00:00Z".parse().unwrap();
    let plan = planned(&network, "CNXIA", "TRIST", |r| r.conditions.arrive_by = Some(by));
    for way in &plan.alternatives {
        // The search goes by means, what is shown by medians.
        let slack = jiff::SignedDuration::from_hours(96);
        let arrives = way.itinerary.arrives.p50;
        assert!(way.itinerary.departs >= plan.request.ready, "{}", way.itinerary.departs);
        assert!(arrives < by + slack, "{arrives}");
    }
    let latest = plan.alternatives.iter().map(|way| way.itinerary.departs).max().unwrap();
    assert!(latest > plan.request.ready + jiff::SignedDuration::from_hours(10 * 24), "{latest}");
}

#[test]
fn exposure_is_a_criterion_that_is_weighed() {
    let network = network();
    let russia = "RU".parse().unwrap();
    let weighed = planned(&network, "CNXIA", "DEDUI", |r| {
        r.conditions.exposure.territories.insert(russia, 10);
    });
    let crosses = |way: &Alternative| way.itinerary.countries.contains(&russia);
    // Both kinds of ways are unbeaten: through the territory because they are quick, around it because they are not exposed.
    assert!(weighed.alternatives.iter().any(crosses) && !weighed.alternatives.iter().all(crosses));
    let only = planned(&network, "CNXIA", "DEDUI", |r| {
        r.conditions.exposure.territories.insert(russia, 10);
        r.conditions.criteria = vec![Criterion::Exposure];
    });
    assert!(!only.alternatives.iter().any(crosses));
}

#[test]
fn an_old_request_still_reads() {
    let text = r#"{"from":"CNXIA","to":"TRIST","ready":"2026-12-01T08:00:00Z","equipment":[[2,"45G1"]]}"#;
    let read: PlanRequest = serde_json::from_str(text).unwrap();
    assert_eq!(read, request("CNXIA", "TRIST"));
    // And one without conditions is written as it always was.
    assert!(!serde_json::to_string(&read).unwrap().contains("conditions"));
    let mut full = read;
    full.conditions.avoid.countries.push("RU".parse().unwrap());
    full.conditions.exposure.territories.insert("TM".parse().unwrap(), 3);
    full.conditions.criteria = vec![Criterion::Cost];
    let text = serde_json::to_string(&full).unwrap();
    assert_eq!(serde_json::from_str::<PlanRequest>(&text).unwrap(), full);
}

/// With weights of exposure and a limit on changes, ways are still compared on missing figures: nothing that stands in the plan
/// of the weights alone and keeps the limit is lost.
#[test]
fn a_limit_on_changes_loses_no_way_that_keeps_it() {
    let network = network();
    let weighed = |r: &mut PlanRequest| {
        r.conditions.exposure.territories = [("KZ".parse().unwrap(), 3), ("GE".parse().unwrap(), 2)].into();
    };
    let free = planned(&network, "CNXIA", "TRIST", weighed);
    let limited = planned(&network, "CNXIA", "TRIST", |r| {
        weighed(r);
        r.conditions.most_transshipments = Some(4);
    });
    assert!(limited.alternatives.iter().all(|way| way.transfers <= 4));
    let keeping: Vec<_> = free.alternatives.iter().filter(|way| way.transfers <= 4).collect();
    assert!(!keeping.is_empty() && keeping.len() < free.alternatives.len());
    for way in keeping {
        assert!(limited.alternatives.iter().any(|other| other.itinerary == way.itinerary), "{:?}", way.via);
    }
}
