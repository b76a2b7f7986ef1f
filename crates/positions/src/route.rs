//! Whether goods go the way of the plan: how far off it, and by which links.

use crate::Figures;
use crate::matching::{Matcher, OnLink};
use crate::observation::{Deviation, Observation};
use crate::sense::Fix;
use kervan_events::course::nearest_on_course;
use kervan_model::{Itinerary, LinkId, Mode, Step};
use kervan_network::Network;
use kervan_units::{GeoPoint, Seconds};
use std::collections::BTreeSet;

/// The way of a plan: the legs with their courses and links.
#[derive(Clone, Debug, Default)]
pub struct PlannedWay {
    legs: Vec<PlannedLeg>,
}

#[derive(Clone, Debug)]
struct PlannedLeg {
    mode: Mode,
    links: Vec<LinkId>,
    course: Vec<GeoPoint>,
    /// South, west, north and east end of the course. Unit: degree.
    bounds: (f64, f64, f64, f64),
}

/// Positions on another link, and how far along it, before that counts as another way. One or two may be an error. Unit:
/// position; metre.
const LEAST_POSITIONS: usize = 3;
const LEAST_ALONG_M: f64 = 20_000.0;

impl PlannedWay {
    /// The way of an itinerary. Legs of services that are no longer in the network are left out.
    pub fn of(itinerary: &Itinerary, network: &Network) -> Self {
        let legs = itinerary.steps.iter().filter_map(|step| match step {
            Step::Leg(leg) => Some(leg),
            Step::Stay(_) => None,
        });
        let legs = legs.map(|leg| {
            let links = network.links_of_service(&leg.service).map(|link| link.id.clone()).collect();
            PlannedLeg::new(leg.mode, links, network.course_of_service(&leg.service))
        });
        Self { legs: legs.filter(|leg| !leg.course.is_empty()).collect() }
    }

    /// The way along links, each a leg of its own. Links that are not in the network are left out.
    pub fn along(links: &[LinkId], network: &Network) -> Self {
        let links = links.iter().filter_map(|id| network.find_link(id));
        let legs = links.map(|link| PlannedLeg::new(link.mode, vec![link.id.clone()], link.course.clone()));
        Self { legs: legs.collect() }
    }

    /// Every link of the way.
    pub fn links(&self) -> BTreeSet<LinkId> {
        self.legs.iter().flat_map(|leg| leg.links.iter().cloned()).collect()
    }

    /// How far a point is off the way, and the mode of the leg that is nearest in proportion to what it tolerates.
    fn nearest(&self, point: GeoPoint, figures: &Figures) -> Option<(f64, Mode)> {
        let mut best: Option<(f64, f64, Mode)> = None;
        for leg in &self.legs {
            let tolerance = figures.find_motion(leg.mode).map_or(1.0, |motion| f64::from(motion.tolerance_m));
            if best.is_some_and(|(share, ..)| leg.least_off_m(point) / tolerance >= share) {
                continue;
            }
            let Some(nearest) = nearest_on_course(&leg.course, point) else { continue };
            let share = nearest.off_m / tolerance;
            if best.is_none_or(|(known, ..)| share < known) {
                best = Some((share, nearest.off_m, leg.mode));
            }
        }
        best.map(|(_, off_m, mode)| (off_m, mode))
    }
}

impl PlannedLeg {
    fn new(mode: Mode, links: Vec<LinkId>, course: Vec<GeoPoint>) -> Self {
        let mut bounds = (90.0_f64, 180.0_f64, -90.0_f64, -180.0_f64);
        for point in &course {
            let (south, west, north, east) = bounds;
            let (lat, lon) = (point.lat(), point.lon());
            bounds = (south.min(lat), west.min(lon), north.max(lat), east.max(lon));
        }
        Self { mode, links, course, bounds }
    }

    /// Not more than the distance to the course: that to its box. Unit: metre.
    fn least_off_m(&self, point: GeoPoint) -> f64 {
        let (south, west, north, east) = self.bounds;
        let up = (south - point.lat()).max(point.lat() - north).max(0.0);
        let aside = (west - point.lon()).max(point.lon() - east).max(0.0);
        let narrowing = point.lat().abs().max(north.abs()).max(south.abs()).min(89.0).to_radians().cos();
        (up.hypot(aside * narrowing)) * 110_000.0
    }
}

/// The times away from the way of the plan, farther than its mode tolerates for longer than that. `fixes` in order of time.
pub fn assess_deviation(fixes: &[Fix], way: &PlannedWay, figures: &Figures) -> Vec<Observation> {
    let mut found = Vec::new();
    let mut away: Option<(Deviation, u32)> = None;
    let mut close = |away: &mut Option<(Deviation, u32)>| {
        if let Some((deviation, tolerance_s)) = away.take()
            && deviation.duration.get() >= u64::from(tolerance_s)
        {
            found.push(Observation::Deviated(deviation));
        }
    };
    for fix in fixes {
        let Some((off_m, mode)) = way.nearest(fix.point, figures) else { continue };
        let Some(motion) = figures.find_motion(mode) else { continue };
        let off = off_m.round() as u32;
        if off <= motion.tolerance_m {
            if let Some((deviation, _)) = &mut away {
                deviation.until = Some(fix.at);
                deviation.duration = Seconds::between(deviation.since, fix.at);
            }
            close(&mut away);
            continue;
        }
        let (deviation, _) = away.get_or_insert_with(|| {
            let start = Deviation {
                since: fix.at,
                until: None,
                duration: Seconds::between(fix.at, fix.at),
                farthest_m: 0,
                farthest_at: fix.point,
                tolerance_m: motion.tolerance_m,
            };
            (start, motion.tolerance_s)
        });
        deviation.duration = Seconds::between(deviation.since, fix.at);
        if off > deviation.farthest_m {
            (deviation.farthest_m, deviation.farthest_at) = (off, fix.point);
        }
    }
    close(&mut away);
    found
}

/// The links that were taken instead of those of the plan. `matched` is what [`Matcher::match_track`] said of `fixes`.
pub fn assess_route(
    fixes: &[Fix],
    matched: &[Option<OnLink>],
    way: &PlannedWay,
    network: &Network,
    matcher: &Matcher,
) -> Vec<Observation> {
    let planned = way.links();
    let same_way = |link: &LinkId| planned.iter().any(|other| is_same_way(link, other));
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(first) = matched.get(start) {
        let link = first.as_ref().map(|on| &on.link);
        let run = matched
            .iter()
            .skip(start)
            .take_while(|other| other.as_ref().map(|on| &on.link) == link)
            .count()
            .max(1);
        let points = fixes.get(start..start + run).unwrap_or_default();
        let ons = matched.get(start..start + run).unwrap_or_default();
        start += run;
        let Some(taken) = link.filter(|link| !same_way(link) && !planned.is_empty()) else { continue };
        let off_plan =
            points.iter().filter(|fix| !is_on_plan(fix.point, &planned, matcher, network, taken)).count();
        let shares = ons.iter().flatten().map(|on| on.share);
        let (least, most) =
            shares.fold((1.0_f64, 0.0_f64), |(least, most), share| (least.min(share), most.max(share)));
        let length_m = network.find_link(taken).map_or(0.0, kervan_network::Link::course_length_m);
        let along_m = (most - least).max(0.0) * length_m;
        if off_plan < LEAST_POSITIONS || along_m < LEAST_ALONG_M {
            continue;
        }
        let from = network.find_link(taken).map(|link| &link.from);
        let instead =
            planned.iter().find(|id| network.find_link(id).map(|link| &link.from) == from && from.is_some());
        if let Some(since) = points.first().map(|fix| fix.at) {
            let (planned, taken) = (instead.cloned(), taken.clone());
            let later = matched.iter().zip(fixes).skip(start);
            let mut on = later.filter_map(|(on, fix)| Some((&on.as_ref()?.link, fix)));
            let until = on.find(|(link, _)| same_way(link)).map(|(_, fix)| fix.at);
            let along_m = along_m.round() as u32;
            found.push(Observation::RouteNotTaken { planned, taken, since, until, along_m });
        }
    }
    found
}

/// Whether a point on a foreign link would be on a planned one as well: lines run side by side out of every station.
fn is_on_plan(
    point: GeoPoint,
    planned: &BTreeSet<LinkId>,
    matcher: &Matcher,
    network: &Network,
    taken: &LinkId,
) -> bool {
    let own = matcher.off_link_m(taken, point).unwrap_or(f64::INFINITY);
    let reach = matcher.links_near(point);
    let mode = network.find_link(taken).map(|link| link.mode);
    reach.iter().any(|on| {
        planned.iter().any(|link| is_same_way(&on.link, link))
            && Some(on.mode) == mode
            && on.off_m <= own + 1_500.0
    })
}

/// Whether two links are the same way in whatever direction.
fn is_same_way(one: &LinkId, other: &LinkId) -> bool {
    one.as_str().trim_end_matches('R') == other.as_str().trim_end_matches('R')
}
