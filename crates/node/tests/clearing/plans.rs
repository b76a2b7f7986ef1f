//! Kept plans: found again, computed again, and held against what was reported.

use crate::tracking::{capture, consignment, reports};
use crate::world::{World, days, start};
use jiff::Timestamp;
use kervan_node::{
    FigureVersion, KeptPlan, OutcomeAt, Refusal, find_plan, keep_plan, list_plans, plan_measured,
    replay_kept_plan, report_kept_outcome, report_outcome, report_plan_scores,
};

#[test]
fn an_accepted_plan_is_kept_and_gives_itself_again() {
    let world = World::new();
    let (reference, itinerary) = consignment(&world, "KRV-2026-0801");
    let forwarder = "silkline".parse().unwrap();
    let found = list_plans(&world.desk, &forwarder, Some(&reference), 10).unwrap();
    let [kept] = found.as_slice() else { panic!("{} plans", found.len()) };
    assert_eq!(find_plan(&world.desk, &kept.id).unwrap(), *kept);
    let chosen = kept.value.chosen.unwrap();
    let way = kept.value.plan.alternatives.iter().find(|way| way.id == chosen).unwrap();
    assert_eq!(way.itinerary, itinerary);
    let replayed = replay_kept_plan(&world.desk, kept).unwrap();
    assert!(replayed.same && replayed.changed.is_empty() && replayed.gone.is_empty());

    // Figures that are others now are named, each once.
    let mut other = kept.clone();
    let alternative = other.value.plan.alternatives.iter_mut().find(|way| way.id == chosen).unwrap();
    for step in &mut alternative.itinerary.steps {
        if let kervan_model::Step::Leg(leg) = step {
            leg.carbon = kervan_units::Carbon::from_grams(leg.carbon.grams() + 1);
        }
    }
    let replayed = replay_kept_plan(&world.desk, &other).unwrap();
    assert!(!replayed.same && replayed.gone.is_empty() && replayed.new.is_empty());
    assert_eq!(replayed.changed.len(), itinerary.legs().count());

    // A plan for nobody's consignment, or for other places, is not kept with it; by itself it is, once.
    let request = kept.value.plan.request.clone();
    let mut elsewhere = request.clone();
    std::mem::swap(&mut elsewhere.from, &mut elsewhere.to);
    let options = kept.value.plan.options();
    let plan = plan_measured(&world.desk, &elsewhere, &options, FigureVersion::Published).unwrap().plan;
    let value = KeptPlan { reference: None, chosen: None, plan, ..kept.value.clone() };
    let misfit = KeptPlan { reference: Some(reference.clone()), ..value.clone() };
    assert!(matches!(keep_plan(&world.desk, misfit, start()), Err(Refusal::Invalid(_))));
    let one = keep_plan(&world.desk, value.clone(), start()).unwrap();
    assert_eq!(keep_plan(&world.desk, value, days(1)).unwrap(), one);
    assert!(matches!(report_kept_outcome(&world.desk, &one), Err(Refusal::Conflict(_))));
    assert_eq!(list_plans(&world.desk, &forwarder, None, 10).unwrap().len(), 2);
}

#[test]
fn what_happened_is_held_against_the_plan() {
    let world = World::new();
    let (punctual, itinerary) = consignment(&world, "KRV-2026-0802");
    for one in reports(&punctual, &itinerary, 0, 0) {
        capture(&world, &one);
    }
    let outcome = report_outcome(&world.desk, &punctual).unwrap();
    assert_eq!(outcome.steps.len(), itinerary.steps.len());
    assert_eq!(outcome.actual_arrival, Some(itinerary.arrives.p50));
    assert!(outcome.within.unwrap().half, "everything came at its median");
    let shown = outcome.arrival;
    assert_eq!(
        (shown.p10, shown.p50, shown.p90),
        (itinerary.arrives.p10, itinerary.arrives.p50, itinerary.arrives.p90)
    );
    let rising = [shown.p2_5, shown.p10, shown.p25, shown.p50, shown.p75, shown.p90, shown.p97_5];
    assert!(rising.is_sorted());

    // Ten days lost at one stay: that step is out of its interval, and it alone.
    let (late, itinerary) = consignment(&world, "KRV-2026-0803");
    let at = itinerary.steps.len() / 2;
    for one in reports(&late, &itinerary, at, 240) {
        capture(&world, &one);
    }
    let outcome = report_outcome(&world.desk, &late).unwrap();
    assert!(!outcome.within.unwrap().ninety_five);
    let out: Vec<_> =
        outcome.steps.iter().filter(|step| step.within.is_some_and(|one| !one.ninety_five)).collect();
    assert_eq!(out.len(), 1, "{:?}", out.iter().map(|step| &step.at).collect::<Vec<_>>());
    let most = outcome.steps.iter().max_by_key(|step| step.added).unwrap();
    assert!(most.added.unwrap() > 9 * 86_400 && most.step == out[0].step);
    let known: Vec<Timestamp> = outcome.steps.iter().filter_map(|step| step.actual_end).collect();
    assert!(known.is_sorted() && known.len() == outcome.steps.len());
    assert!(
        outcome.steps.iter().any(|step| matches!(step.at, OutcomeAt::Ride { .. }) && step.cost.is_some())
    );

    let scores = report_plan_scores(&world.desk).unwrap();
    assert_eq!((scores.arrivals.compared, scores.arrivals.ninety_five, scores.left_out), (2, 1, 0));
    assert!(scores.rides.compared > 0 && scores.rides.half <= scores.rides.eighty);
    assert!(
        scores.stays.eighty <= scores.stays.ninety_five && scores.stays.ninety_five < scores.stays.compared
    );
}
