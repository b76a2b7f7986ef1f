//! The ticking of the clock: what is due is done, whether or not anybody calls.

use crate::http::Api;
use crate::random::Random;
use jiff::Timestamp;
use kervan_node::limits::MOST_CROSSED_IN_TICK;
use kervan_node::{
    Call, ClockEvent, Desk, Refusal, follow_closures, follow_devices, run_deadlines, watch_corridor,
};
use std::sync::Arc;
use std::time::Duration;

/// How often a serving node looks at what is due. Deadlines of customs are counted in hours and days.
const TICK: Duration = Duration::from_secs(30);
/// How often the devices that said something and the closures that were entered are followed: an estimate moves within a
/// second of its reason.
const FOLLOWING: Duration = Duration::from_millis(500);
/// In whose name the clock acts; every entry that it causes is signed by the party whose act it is.
const CLOCK: &str = "clock";

/// Does what is due by an instant; a failure is logged, and tried again at the next tick.
pub fn run_clock(desk: &Desk, random: Random, now: Timestamp) -> Vec<ClockEvent> {
    let mut salts = random.salts(&format!("clock {now}"));
    let Ok(actor) = CLOCK.parse() else { return Vec::new() };
    let mut call = Call { now, actor, salts: &mut *salts };
    let events = run_deadlines(desk, &mut call).unwrap_or_else(|error| {
        tracing::error!(%error, "what is due could not be done");
        Vec::new()
    });
    if let Err(error) =
        follow_closures(desk, &mut call, u32::MAX).and_then(|_| watch_corridor(desk, &mut call))
    {
        tracing::error!(%error, "the corridor could not be watched");
    }
    events
}

/// Ticks for as long as the node serves.
pub async fn tick(api: Api) {
    let mut interval = tokio::time::interval(TICK);
    loop {
        interval.tick().await;
        let (desk, random, now) = (Arc::clone(&api.desk), api.random, api.clock.now());
        let done = tokio::task::spawn_blocking(move || run_clock(&desk, random, now)).await;
        for event in done.unwrap_or_default() {
            tracing::info!(movement = %event.movement, code = event.finding.code, "{}", event.finding.message);
        }
    }
}

/// Follows devices and closures for as long as the node serves.
pub async fn follow(api: Api) {
    let mut interval = tokio::time::interval(FOLLOWING);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        let (desk, random, now) = (Arc::clone(&api.desk), api.random, api.clock.now());
        let done = tokio::task::spawn_blocking(move || {
            let mut salts = random.salts(&format!("follow {now}"));
            let actor = CLOCK.parse().ok()?;
            let mut call = Call { now, actor, salts: &mut *salts };
            Some(follow_what_changed(&desk, &mut call))
        })
        .await;
        if let Ok(Some(Err(error))) = done {
            tracing::error!(%error, "devices and closures could not be followed");
        }
    }
}

/// Both have their turn, whatever becomes of the other.
fn follow_what_changed(desk: &Desk, call: &mut Call<'_>) -> Result<(), Refusal> {
    let crossed = follow_closures(desk, call, MOST_CROSSED_IN_TICK);
    follow_devices(desk, call)?;
    crossed.map(drop)
}
