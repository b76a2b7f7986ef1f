//! The forwarder plans and chooses.

use crate::script::{Choose, ScriptedConsignment};
use kervan_codes::{PlaceCode, SizeType};
use kervan_model::Itinerary;
use kervan_network::Network;
use kervan_planning::{Alternative, AlternativeId, Badge, PlanOptions, PlanRequest, plan};

/// What the forwarder accepts.
pub(crate) struct Chosen {
    pub(crate) request: PlanRequest,
    pub(crate) options: PlanOptions,
    pub(crate) alternative: AlternativeId,
    pub(crate) itinerary: Itinerary,
    /// What the script asked for and the plan did not have.
    pub(crate) note: Option<String>,
}

/// Plans a consignment with the same questions as its forwarder would ask. Errors: why there is no way, in words.
pub(crate) fn plan_and_choose(
    network: &Network,
    scripted: &ScriptedConsignment,
    seed: u64,
) -> Result<Chosen, String> {
    let request = request(scripted);
    let options = PlanOptions { seed, ..PlanOptions::default() };
    let words = |findings: &[kervan_model::Finding]| -> String {
        findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; ")
    };
    let mut plan = plan(network, &request, &options).map_err(|findings| words(&findings))?;
    let choose = &scripted.choose;
    let touching = best(&plan.alternatives, choose.prefer, |one| touches(&one.itinerary, &choose.via));
    let found = touching.or_else(|| best(&plan.alternatives, choose.prefer, |_| true));
    let Some(index) = found else { return Err(words(&plan.findings)) };
    let note = touching.is_none().then(|| no_way_by(choose));
    let chosen = plan.alternatives.swap_remove(index);
    Ok(Chosen { request, options, alternative: chosen.id, itinerary: chosen.itinerary, note })
}

fn no_way_by(choose: &Choose) -> String {
    let via: Vec<&str> = choose.via.iter().map(PlaceCode::as_str).collect();
    format!("no alternative goes by {}; the preferred one of all was taken", via.join(" and "))
}

fn request(scripted: &ScriptedConsignment) -> PlanRequest {
    let consignment = &scripted.consignment;
    let mut equipment: Vec<(u32, SizeType)> = Vec::new();
    for item in &consignment.equipment {
        match equipment.iter_mut().find(|(_, size_type)| *size_type == item.size_type) {
            Some((count, _)) => *count += 1,
            None => equipment.push((1, item.size_type.clone())),
        }
    }
    PlanRequest {
        from: consignment.from.clone(),
        to: consignment.to.clone(),
        ready: consignment.ready,
        equipment,
        gross_mass: Some(consignment.gross_mass()),
        allow_planned: false,
        allow_disrupted: false,
        conditions: kervan_planning::Conditions::default(),
    }
}

/// The best alternative among those that fit; ties go to the one named first.
fn best(alternatives: &[Alternative], prefer: Badge, fits: impl Fn(&Alternative) -> bool) -> Option<usize> {
    let weight = |one: &Alternative| match prefer {
        Badge::Fastest => (0, one.itinerary.arrives.p50.as_second()),
        // A price that leaves much out is no low price.
        Badge::Cheapest => (one.itinerary.cost.unknown.len(), one.itinerary.cost.total.minor()),
        Badge::LowestEmissions => (0, i64::try_from(one.itinerary.carbon.grams()).unwrap_or(i64::MAX)),
    };
    let fitting = alternatives.iter().enumerate().filter(|(_, one)| fits(one));
    fitting.min_by_key(|(_, one)| weight(one)).map(|(index, _)| index)
}

fn touches(itinerary: &Itinerary, via: &[PlaceCode]) -> bool {
    via.iter().all(|place| itinerary.legs().any(|leg| leg.from == *place || leg.to == *place))
}
