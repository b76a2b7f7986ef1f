//! Which link of the network a position is on, and how far along it.
//!
//! A hidden Markov model as Newson and Krumm (2009) describe it: for each position the nearest point of each link near it, and
//! among all sequences of them the likeliest one, given how far positions lie off a course and how far it is from one to the
//! next through the network. The same positions give the same answer, whatever order they came in.

mod grid;
mod ways;

use crate::Figures;
use crate::limits::{MOST_CANDIDATES, MOST_STRETCHES};
use crate::sense::Fix;
use grid::Grid;
use kervan_codes::PlaceCode;
use kervan_events::course::nearest_on_course;
use kervan_model::{LinkId, Mode};
use kervan_network::Network;
use kervan_units::GeoPoint;
use std::collections::{BTreeMap, BTreeSet};
use ways::Ways;

/// Where a position lies on a link.
#[derive(Clone, Debug, PartialEq)]
pub struct OnLink {
    /// The link, in the direction of travel as far as it can be told.
    pub link: LinkId,
    /// Mode of the link.
    pub mode: Mode,
    /// How far along it. Range: 0 to 1, by length.
    pub share: f64,
    /// How far off its course the position lies. Unit: metre.
    pub off_m: f64,
    /// The point of the course.
    pub point: GeoPoint,
}

/// One way between two places, whatever its direction.
#[derive(Clone, Debug)]
struct Track {
    link: LinkId,
    back: Option<LinkId>,
    mode: Mode,
    from: usize,
    to: usize,
    course: Vec<GeoPoint>,
    length_m: f64,
    sigma_m: f64,
    reach_m: f64,
}

/// The network made ready for matching. Immutable; made once.
#[derive(Clone, Debug)]
pub struct Matcher {
    tracks: Vec<Track>,
    by_link: BTreeMap<LinkId, usize>,
    grid: Grid,
    ways: Ways,
}

/// What a position may be: on a track, at a share of it.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    track: usize,
    share: f64,
    off_m: f64,
    point: GeoPoint,
}

/// A way through the network that is longer than the straight line by this costs one unit of likelihood. Unit: metre.
const BETA_M: f64 = 8_000.0;

/// Lines wind: positions that are far apart are farther apart along the line, by up to this part of the way.
const WINDING: f64 = 0.3;

/// Two feet on a track are on one stretch of it if the way between them is shorter than this many times what a position is off
/// both, and this much. Unit of the second: metre.
const STRETCH: f64 = 1.5;
const STRETCH_M: f64 = 3_000.0;

/// How many sigmas positions have to come back along a track to have turned.
const TURN_SIGMAS: f64 = 6.0;

/// What it costs to be off a way of the plan, where a plan is known.
const COST_OF_UNPLANNED: f64 = 1.5;

/// What it costs to change from one track to another, so that parallel ones do not take turns.
const COST_OF_CHANGE: f64 = 2.0;

/// The cost of being nowhere: above that of any position within reach, so that it is taken only when nothing else is there.
const COST_OF_NOWHERE: f64 = 60.0;

impl Matcher {
    /// Makes the network ready. Links of modes without figures are left out.
    pub fn new(network: &Network, figures: &Figures) -> Self {
        let places: BTreeMap<&PlaceCode, usize> =
            network.list_places().enumerate().map(|(at, place)| (&place.code, at)).collect();
        let mut tracks: Vec<Track> = Vec::new();
        let mut by_link = BTreeMap::new();
        for link in network.list_links() {
            let ends = (places.get(&link.from), places.get(&link.to));
            let ((Some(from), Some(to)), Some(motion)) = (ends, figures.find_motion(link.mode)) else {
                continue;
            };
            let forth = link.id.as_str().strip_suffix('R').and_then(|id| id.parse::<LinkId>().ok());
            let forth = forth.and_then(|id| by_link.get(&id).copied());
            if let Some(track) = forth.and_then(|at: usize| tracks.get_mut(at)) {
                track.back = Some(link.id.clone());
                if let Some(at) = forth {
                    by_link.insert(link.id.clone(), at);
                }
                continue;
            }
            by_link.insert(link.id.clone(), tracks.len());
            tracks.push(Track {
                link: link.id.clone(),
                back: None,
                mode: link.mode,
                from: *from,
                to: *to,
                length_m: link.course_length_m(),
                course: link.course.clone(),
                sigma_m: f64::from(motion.sigma_m),
                reach_m: f64::from(motion.reach_m),
            });
        }
        let grid = Grid::new(tracks.iter().map(|track| (track.course.as_slice(), track.reach_m)));
        let ends: Vec<_> = tracks.iter().map(|track| (track.from, track.to, track.length_m)).collect();
        Self { grid, ways: Ways::new(places.len(), &ends), tracks, by_link }
    }

    /// The links near a point, the nearest first, each once, in the direction of the tables.
    pub fn links_near(&self, point: GeoPoint) -> Vec<OnLink> {
        let mut seen = BTreeSet::new();
        let candidates = self.candidates(point).into_iter();
        let first = candidates.filter(|candidate| seen.insert(candidate.track));
        first.filter_map(|candidate| self.show(&candidate, true)).collect()
    }

    /// Matches positions in order of time. The answer has one item for each; nothing where no link is in reach.
    ///
    /// `planned` are the links of the itinerary, which break ties; it may be empty.
    pub fn match_track(&self, fixes: &[Fix], planned: &BTreeSet<LinkId>) -> Vec<Option<OnLink>> {
        let planned: BTreeSet<usize> =
            planned.iter().filter_map(|link| self.by_link.get(link).copied()).collect();
        let layers: Vec<Layer> = self.likeliest(fixes, &planned);
        let mut chosen: Vec<Option<Candidate>> = vec![None; fixes.len()];
        let mut next: Option<usize> = None;
        for (layer, chosen) in layers.iter().zip(chosen.iter_mut()).rev() {
            let at = next.unwrap_or_else(|| layer.cheapest());
            *chosen = layer.candidates.get(at).copied();
            next = layer.before.get(at).copied();
        }
        self.with_directions(&chosen)
    }

    /// Runs forward: for each position and candidate the cheapest way to it.
    fn likeliest(&self, fixes: &[Fix], planned: &BTreeSet<usize>) -> Vec<Layer> {
        let mut layers: Vec<Layer> = Vec::with_capacity(fixes.len());
        let mut last: Option<&Fix> = None;
        for fix in fixes {
            let candidates = self.candidates(fix.point);
            let own: Vec<f64> = candidates.iter().map(|candidate| self.cost(candidate, planned)).collect();
            let mut layer = Layer { costs: own, before: Vec::new(), candidates };
            layer.costs.push(COST_OF_NOWHERE);
            if let (Some(before), Some(last)) = (layers.last(), last) {
                let apart = last.point.great_circle_m(fix.point);
                let (mut costs, mut from) = (Vec::new(), Vec::new());
                for (at, own) in layer.costs.iter().enumerate() {
                    let here = layer.candidates.get(at);
                    let (best, cost) = self.cheapest_from(before, here, apart);
                    costs.push(own + cost);
                    from.push(best);
                }
                layer.costs = costs;
                layer.before = from;
            }
            layers.push(layer);
            last = Some(fix);
        }
        layers
    }

    fn cheapest_from(&self, before: &Layer, here: Option<&Candidate>, apart: f64) -> (usize, f64) {
        let mut best = (0, f64::INFINITY);
        for (at, cost) in before.costs.iter().enumerate() {
            let step = match (before.candidates.get(at), here) {
                (Some(there), Some(here)) => self.step(there, here, apart),
                _ => 0.0,
            };
            if cost + step < best.1 {
                best = (at, cost + step);
            }
        }
        best
    }

    /// What it costs that a position is a candidate: half the square of how many sigmas it is off.
    fn cost(&self, candidate: &Candidate, planned: &BTreeSet<usize>) -> f64 {
        let Some(track) = self.tracks.get(candidate.track) else { return COST_OF_NOWHERE };
        let sigmas = candidate.off_m / track.sigma_m;
        let unplanned = !planned.is_empty() && !planned.contains(&candidate.track);
        0.5 * sigmas * sigmas + if unplanned { COST_OF_UNPLANNED } else { 0.0 }
    }

    /// What it costs to go from one candidate to the next: how much longer the way is than the straight line.
    fn step(&self, there: &Candidate, here: &Candidate, apart: f64) -> f64 {
        let (Some(one), Some(other)) = (self.tracks.get(there.track), self.tracks.get(here.track)) else {
            return 0.0;
        };
        if there.track == here.track {
            let along = (here.share - there.share).abs() * one.length_m;
            return ((along - apart).abs() / (BETA_M + WINDING * apart)).min(COST_OF_NOWHERE);
        }
        let ends = |track: &Track, share: f64| {
            [(track.from, share * track.length_m), (track.to, (1.0 - share) * track.length_m)]
        };
        let mut way = f64::INFINITY;
        for (leave, out) in ends(one, there.share) {
            for (join, inward) in ends(other, here.share) {
                way = way.min(out + self.ways.between(leave, join) + inward);
            }
        }
        COST_OF_CHANGE + ((way - apart).max(0.0) / (BETA_M + WINDING * apart)).min(COST_OF_NOWHERE)
    }

    /// The nearest point of each stretch of each track in reach, nearest first. A line that comes back near itself has several
    /// stretches beside a position, and which of them it is on is told by the positions before and after.
    fn candidates(&self, point: GeoPoint) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for near in self.grid.near(point) {
            let Some(track) = self.tracks.get(near.track) else { continue };
            if near.off_m > track.reach_m {
                continue;
            }
            let share =
                if track.length_m > 0.0 { (near.along_m / track.length_m).clamp(0.0, 1.0) } else { 0.0 };
            found.push(Candidate { track: near.track, share, off_m: near.off_m, point: near.point });
        }
        let sigmas = |candidate: &Candidate| {
            candidate.off_m / self.tracks.get(candidate.track).map_or(1.0, |track| track.sigma_m)
        };
        found.sort_by(|a, b| {
            let by_track = a.track.cmp(&b.track).then(a.share.total_cmp(&b.share));
            sigmas(a).total_cmp(&sigmas(b)).then(by_track)
        });
        let mut best: Vec<Candidate> = Vec::new();
        for candidate in found {
            let Some(track) = self.tracks.get(candidate.track) else { continue };
            let known = best.iter().filter(|known| known.track == candidate.track);
            // Beside the foot of one piece lie the ends of its neighbours: they are the same stretch.
            let apart = |known: &Candidate| (known.share - candidate.share).abs() * track.length_m;
            let beyond =
                |known: &Candidate| apart(known) > STRETCH * (known.off_m + candidate.off_m) + STRETCH_M;
            if known.clone().all(beyond) && known.count() < MOST_STRETCHES {
                best.push(candidate);
            }
            if best.len() == MOST_CANDIDATES {
                break;
            }
        }
        best
    }

    /// Turns each candidate into the direction in which its run along the track goes. A run that turns, as a shuttle does, has
    /// a direction on each side of its turn.
    fn with_directions(&self, chosen: &[Option<Candidate>]) -> Vec<Option<OnLink>> {
        let mut shown = Vec::with_capacity(chosen.len());
        while let Some(first) = chosen.get(shown.len()) {
            let track = first.map(|candidate| candidate.track);
            let rest = chosen.get(shown.len()..).unwrap_or_default();
            let run: Vec<&Candidate> = rest
                .iter()
                .map_while(|other| other.as_ref().filter(|here| Some(here.track) == track))
                .collect();
            let least = track.and_then(|at| self.tracks.get(at)).map_or(1.0, Track::least_turn);
            let shares: Vec<f64> = run.iter().map(|candidate| candidate.share).collect();
            if run.is_empty() {
                shown.push(None);
            }
            let forth = directions(&shares, least);
            shown.extend(run.iter().zip(forth).map(|(candidate, forth)| self.show(candidate, forth)));
        }
        shown
    }

    fn show(&self, candidate: &Candidate, forth: bool) -> Option<OnLink> {
        let track = self.tracks.get(candidate.track)?;
        let back = track.back.as_ref().filter(|_| !forth);
        Some(OnLink {
            link: back.unwrap_or(&track.link).clone(),
            mode: track.mode,
            share: if back.is_some() { 1.0 - candidate.share } else { candidate.share },
            off_m: candidate.off_m,
            point: candidate.point,
        })
    }

    /// How far a point is off the course of a link. Unit: metre. Nothing if the link is not known.
    pub fn off_link_m(&self, link: &LinkId, point: GeoPoint) -> Option<f64> {
        let track = self.tracks.get(*self.by_link.get(link)?)?;
        nearest_on_course(&track.course, point).map(|nearest| nearest.off_m)
    }
}

impl Track {
    /// How far positions have to come back along the track to have turned: farther than their errors reach. Unit: share.
    fn least_turn(&self) -> f64 {
        let least_m = TURN_SIGMAS * self.sigma_m;
        if self.length_m > 0.0 { (least_m / self.length_m).min(1.0) } else { 1.0 }
    }
}

/// For each position of a run whether it goes forth, as it does until it has come back by the least share that is a turn.
fn directions(shares: &[f64], least: f64) -> Vec<bool> {
    let (Some(first), Some(last)) = (shares.first(), shares.last()) else { return Vec::new() };
    let mut forth = vec![last >= first; shares.len()];
    let (mut low, mut high): (usize, usize) = (0, 0);
    let (mut way, mut since): (Option<bool>, usize) = (None, 0);
    for (at, share) in shares.iter().enumerate() {
        let of = |at: usize| shares.get(at).copied().unwrap_or(*share);
        high = if *share >= of(high) { at } else { high };
        low = if *share <= of(low) { at } else { low };
        let turned = match way {
            None => (share - of(low) >= least)
                .then_some((true, 0))
                .or((of(high) - share >= least).then_some((false, 0))),
            Some(true) => (of(high) - share >= least).then_some((false, high)),
            Some(false) => (share - of(low) >= least).then_some((true, low)),
        };
        if let Some((now, turn)) = turned {
            if let Some(before) = way {
                forth.iter_mut().take(turn + 1).skip(since).for_each(|known| *known = before);
                since = turn + 1;
            }
            (way, low, high) = (Some(now), at, at);
        }
    }
    if let Some(way) = way {
        forth.iter_mut().skip(since).for_each(|known| *known = way);
    }
    forth
}

/// The candidates of one position, what the cheapest way to each costs, and where it comes from. The last is nowhere.
struct Layer {
    candidates: Vec<Candidate>,
    costs: Vec<f64>,
    before: Vec<usize>,
}

impl Layer {
    fn cheapest(&self) -> usize {
        let costs = self.costs.iter().enumerate();
        costs.min_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(at, _)| at)
    }
}
