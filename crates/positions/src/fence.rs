//! Fences around places: entered, left, and how long there.
//!
//! Two circles: nearer than the inner one is inside, farther than the outer one is outside, and between the two nothing changes.
//! A crossing counts when it lasts, so that a device on the edge does not come and go.

use crate::observation::{Crossing, Observation};
use crate::sense::Fix;
use crate::{Fence, Figures};
use jiff::{SignedDuration, Timestamp};
use kervan_codes::PlaceCode;
use kervan_network::Network;
use kervan_units::{GeoPoint, Seconds};

/// The fences of all places, made ready. Immutable.
#[derive(Clone, Debug)]
pub struct Fences {
    places: Vec<(PlaceCode, GeoPoint, Fence)>,
}

/// A stay within a fence.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// The place.
    pub place: PlaceCode,
    /// When it came; nothing if it was there from the first position on.
    pub entered: Option<Crossing>,
    /// When it went; nothing if it is there still.
    pub left: Option<Crossing>,
    /// The first and the last position inside.
    pub seen: (Timestamp, Timestamp),
}

impl Visit {
    /// How long it was there; nothing while it is, or if nobody knows since when.
    pub fn dwell(&self) -> Option<Seconds> {
        let (entered, left) = self.entered.as_ref().zip(self.left.as_ref())?;
        Some(Seconds::between(entered.at, left.at))
    }

    /// What it makes observed.
    pub fn observations(&self) -> impl Iterator<Item = Observation> {
        let entered = self.entered.clone().map(Observation::Entered);
        let left = self.left.clone().map(|crossing| Observation::Left { crossing, dwell: self.dwell() });
        entered.into_iter().chain(left)
    }
}

impl Fences {
    /// Makes the fences of the places of a network ready.
    pub fn new(network: &Network, figures: &Figures) -> Self {
        let places = network.list_places();
        let fenced = places
            .filter_map(|place| Some((place.code.clone(), place.point, figures.find_fence(place)?.clone())));
        Self { places: fenced.collect() }
    }

    /// The places within whose inner circle a point lies, the nearest first.
    pub fn places_at(&self, point: GeoPoint) -> Vec<&PlaceCode> {
        let mut inside: Vec<(f64, &PlaceCode)> = self
            .places
            .iter()
            .map(|(code, centre, fence)| (centre.great_circle_m(point), code, fence))
            .filter(|(off_m, _, fence)| *off_m <= f64::from(fence.enter_m))
            .map(|(off_m, code, _)| (off_m, code))
            .collect();
        inside.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)));
        inside.into_iter().map(|(_, code)| code).collect()
    }

    /// The visits that positions in order of time make, in order of their first position.
    pub fn visits(&self, fixes: &[Fix]) -> Vec<Visit> {
        let mut visits: Vec<Visit> = self
            .places
            .iter()
            .flat_map(|(code, centre, fence)| visits_of(code, *centre, fence, fixes))
            .collect();
        visits.sort_by(|a, b| a.seen.cmp(&b.seen).then_with(|| a.place.cmp(&b.place)));
        visits
    }
}

/// Outside, or inside since.
enum Standing {
    Outside,
    /// Inside the inner circle, and not yet for long enough.
    Coming {
        crossing: Option<Crossing>,
        first: Timestamp,
    },
    Inside {
        visit: Visit,
        going: Option<Crossing>,
    },
}

fn visits_of(code: &PlaceCode, centre: GeoPoint, fence: &Fence, fixes: &[Fix]) -> Vec<Visit> {
    let (enter_m, leave_m) = (f64::from(fence.enter_m), f64::from(fence.leave_m));
    let settle = SignedDuration::from_secs(i64::from(fence.settle_s));
    let mut visits = Vec::new();
    let mut standing = Standing::Outside;
    let mut before: Option<(Fix, f64)> = None;
    for fix in fixes {
        // A degree of latitude is 111 km: most places are farther off than that and need no sine.
        let degrees = (fix.point.lat() - centre.lat()).abs();
        let off_m = if degrees > 2.0 { degrees * 110_000.0 } else { centre.great_circle_m(fix.point) };
        let (inside, outside) = (off_m <= enter_m, off_m > leave_m);
        let cross = |edge_m: f64| {
            before.map(|(last, last_off_m)| crossing(code, (last, last_off_m), (*fix, off_m), edge_m))
        };
        standing = match standing {
            Standing::Outside if inside => Standing::Coming { crossing: cross(enter_m), first: fix.at },
            // Came and went between two positions that are far apart in time, or at once.
            Standing::Coming { .. } if outside => Standing::Outside,
            Standing::Coming { crossing, first } => {
                if fix.at.duration_since(first) >= settle {
                    let seen = (first, fix.at);
                    let visit = Visit { place: code.clone(), entered: crossing, left: None, seen };
                    Standing::Inside { visit, going: None }
                } else {
                    Standing::Coming { crossing, first }
                }
            }
            Standing::Inside { mut visit, going } => {
                let going = if outside { going.or_else(|| cross(leave_m)) } else { None };
                match going {
                    Some(crossing)
                        if fix.at.duration_since(crossing.latest) >= settle || is_far(off_m, leave_m) =>
                    {
                        visit.left = Some(crossing);
                        visits.push(visit);
                        Standing::Outside
                    }
                    going => {
                        if going.is_none() {
                            visit.seen.1 = fix.at;
                        }
                        Standing::Inside { visit, going }
                    }
                }
            }
            Standing::Outside => Standing::Outside,
        };
        before = Some((*fix, off_m));
    }
    match standing {
        Standing::Inside { visit, .. } => visits.push(visit),
        // Devices that report seldom: the last position is inside, and nothing says otherwise yet.
        Standing::Coming { .. } | Standing::Outside => {}
    }
    visits
}

/// Whether a position is so far outside that no waiting is needed.
fn is_far(off_m: f64, leave_m: f64) -> bool {
    off_m > 3.0 * leave_m
}

/// The crossing of an edge between two positions, as if the way between them were ridden evenly.
fn crossing(
    place: &PlaceCode,
    (last, last_off_m): (Fix, f64),
    (fix, off_m): (Fix, f64),
    edge_m: f64,
) -> Crossing {
    let gap = off_m - last_off_m;
    let share = if gap.abs() > 1.0 { ((edge_m - last_off_m) / gap).clamp(0.0, 1.0) } else { 0.5 };
    let seconds = (fix.at.duration_since(last.at).as_secs() as f64 * share).round() as i64;
    let at = last.at.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(fix.at);
    Crossing { place: place.clone(), at, earliest: last.at, latest: fix.at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kervan_model::{Confidence, Provenance};

    fn fence() -> Fence {
        let provenance =
            Provenance { source: "judgement".into(), period: "2026".into(), confidence: Confidence::Low };
        Fence { enter_m: 5_000, leave_m: 8_000, settle_s: 900, provenance }
    }

    /// Kilometres north of the place, each ten minutes after the one before.
    fn ride(km: &[f64]) -> Vec<Fix> {
        let start: Timestamp = "2026-12-09T00:00:00Z".parse().unwrap();
        km.iter()
            .enumerate()
            .map(|(step, km)| Fix {
                at: start.saturating_add(SignedDuration::from_mins(step as i64 * 10)).unwrap(),
                point: GeoPoint::from_degrees(43.6 + km / 111.195, 51.2).unwrap(),
            })
            .collect()
    }

    fn shown(km: &[f64]) -> Vec<String> {
        let fences = Fences {
            places: vec![("KZAAU".parse().unwrap(), GeoPoint::from_degrees(43.6, 51.2).unwrap(), fence())],
        };
        let minute = |at: Timestamp| at.round(jiff::Unit::Minute).unwrap().strftime("%H:%M").to_string();
        let show = |crossing: &Option<Crossing>| {
            crossing.as_ref().map_or("?".into(), |crossing| minute(crossing.at))
        };
        fences
            .visits(&ride(km))
            .iter()
            .map(|visit| format!("{}-{}", show(&visit.entered), show(&visit.left)))
            .collect()
    }

    #[test]
    fn a_visit_begins_and_ends_once() {
        for (km, visits) in [
            // In and out; the crossings lie on the line between the positions.
            (&[20.0, 10.0, 0.0, 0.0, 0.0, 10.0, 20.0, 40.0][..], &["00:15-00:48"][..]),
            // On the edge: between the circles nothing changes.
            (&[20.0, 4.0, 6.0, 4.0, 7.0, 4.0, 7.5, 4.0], &["00:09-?"]),
            // Past it without stopping.
            (&[40.0, 20.0, 4.0, 20.0, 40.0], &[]),
            // There from the first position on.
            (&[0.0, 1.0, 0.0, 30.0, 60.0], &["?-00:23"]),
            // Out for one position, which is an error of the device.
            (&[20.0, 0.0, 0.0, 0.0, 9.0, 0.0, 0.0, 30.0, 60.0], &["00:08-01:03"]),
            // Twice.
            (&[50.0, 0.0, 0.0, 0.0, 50.0, 0.0, 0.0, 0.0], &["00:09-00:32", "00:49-?"]),
            (&[], &[]),
        ] {
            assert_eq!(shown(km), visits, "{km:?}");
        }
    }

    #[test]
    fn what_is_derived_says_so() {
        let fences = Fences {
            places: vec![("KZAAU".parse().unwrap(), GeoPoint::from_degrees(43.6, 51.2).unwrap(), fence())],
        };
        let visits = fences.visits(&ride(&[20.0, 10.0, 0.0, 0.0, 0.0, 10.0, 20.0, 40.0]));
        let observed: Vec<_> = visits.iter().flat_map(Visit::observations).collect();
        assert_eq!(
            visits[0].dwell(),
            Some(Seconds::between(
                visits[0].entered.as_ref().unwrap().at,
                visits[0].left.as_ref().unwrap().at
            ))
        );
        let derived: Vec<_> = observed.iter().filter_map(Observation::derived_milestone).collect();
        assert_eq!(derived.len(), 2);
        assert!(
            derived.iter().all(|stone| stone.earliest <= stone.estimated && stone.estimated <= stone.latest)
        );
    }
}
