//! Whether what tracking keeps of a consignment is what its facts give: its way and the index of it, what it stands in, what was
//! measured of it, when its services departed.
//!
//! Measurements are kept once and never changed, and a departure is the last of all consignments: here they are asked only
//! whether they are there and not earlier. Scores rest on the estimates that were given at their time and are not made again.

use crate::store_check::StoreDifference;
use crate::tracking_book::writes_of;
use crate::{Desk, Refusal};
use kervan_events::Progress;
use kervan_model::{Itinerary, Reference};
use kervan_store::{TrackingWrite, Write};

/// Holds what is kept of a consignment against what its progress gives; gives the differences, and the writes that mend them.
///
/// Errors: the store failed.
pub(crate) fn compare_tracking(
    desk: &Desk,
    reference: &Reference,
    itinerary: &Itinerary,
    progress: &Progress,
) -> Result<(Vec<StoreDifference>, Vec<Write>), Refusal> {
    let (mut differences, mut writes) = (Vec::new(), Vec::new());
    for made in writes_of(reference, itinerary, progress, &desk.rules.tracking)? {
        let Some((part, stored, rebuilt)) = compare(desk, &made)? else { continue };
        differences.push(StoreDifference {
            subject: reference.to_string(),
            part: part.to_owned(),
            stored,
            rebuilt: Some(rebuilt),
            mendable: true,
        });
        if let TrackingWrite::Way { reference, .. } = &made {
            // The index is written where a way is another than before: so it is first none.
            let none = TrackingWrite::Way { reference: reference.clone(), things: Vec::new() };
            writes.push(Write::Tracking(none));
        }
        writes.push(Write::Tracking(made));
    }
    Ok((differences, writes))
}

/// What is kept in the place of a write, and what should be, if they differ.
fn compare(desk: &Desk, made: &TrackingWrite) -> Result<Option<(&'static str, String, String)>, Refusal> {
    let store = &desk.store;
    Ok(match made {
        TrackingWrite::Way { reference, things } => {
            let (kept, lost) = store.list_way(reference)?;
            if kept != *things {
                Some(("way", kept.join(" "), things.join(" ")))
            } else if lost.is_empty() {
                None
            } else {
                Some(("crossing", format!("not found by {}", lost.join(" ")), things.join(" ")))
            }
        }
        TrackingWrite::Dwelling { reference, dwell } => {
            let told = |dwell: &Option<(String, jiff::Timestamp)>| {
                dwell
                    .as_ref()
                    .map_or_else(|| "none".to_owned(), |(key, since)| format!("{key} since {since}"))
            };
            let kept = store.find_dwelling(reference)?;
            (told(&kept) != told(dwell)).then(|| ("dwelling", told(&kept), told(dwell)))
        }
        TrackingWrite::Measured(row) => {
            let kept = store.has_measured(&row.key, &row.instance)?;
            let told = || format!("{} {}: {} s at {}", row.key, row.instance, row.seconds, row.at);
            (!kept).then(|| ("measured", "none".to_owned(), told()))
        }
        TrackingWrite::Departed { service, at } => {
            let kept = store.find_departed(service)?;
            let late = kept.is_some_and(|kept| kept.as_second() >= at.as_second());
            let told = || kept.map_or_else(|| "none".to_owned(), |kept| kept.to_string());
            (!late).then(|| ("departed", told(), format!("{service} at {at}")))
        }
        TrackingWrite::Scored(_) | TrackingWrite::Closure(_) | TrackingWrite::Alarm(_) => None,
    })
}
