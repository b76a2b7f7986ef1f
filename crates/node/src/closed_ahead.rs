//! Closures that stand in the way of a plan.
//!
//! A plan is a value of its request, the network and what was measured; closures are said and lifted while it stands. So they are no
//! part of it: whoever shows a plan says beside each way which of them it would run into as it is planned.

use crate::Desk;
use kervan_model::{Finding, Itinerary};
use kervan_planning::Plan;
use kervan_tracking::{Closed, ClosureNow};

/// Says of each way of a plan which closures it meets.
pub fn note_closures(desk: &Desk, plan: &mut Plan) {
    desk.with_tracking(|book| {
        for way in &mut plan.alternatives {
            let met = book.closures.iter().filter_map(|closure| meeting(closure, &way.itinerary));
            way.findings.extend(met);
        }
    });
}

/// The first time that a way meets a closure.
fn meeting(closure: &ClosureNow, itinerary: &Itinerary) -> Option<Finding> {
    let at = itinerary.legs().find_map(|leg| closure.meets(leg))?;
    let what = match &closure.closure.what {
        Closed::Place(code) => format!("the place {code}"),
        Closed::Link(id) => format!("the link {id}"),
        Closed::Service(id) => format!("the service {id}"),
    };
    let day = |at: jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M");
    let until = closure.closure.until;
    let message = format!(
        "{} is closed until about {}Z: {}; this way is there at {}Z",
        closure.name,
        day(until.typ()),
        closure.closure.reason,
        day(at)
    );
    let remedy = format!("avoid {what}, or have the goods there after {}Z", day(until.max()));
    Some(Finding::warning("node.way-closed", message).remedy(remedy))
}
