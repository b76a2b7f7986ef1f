//! What there is to say of an arrival: the estimate, every one before it, why, what it rests on and how good such estimates were.

use crate::case_file::{CaseFile, load_events};
use crate::project::route_of;
use crate::{Desk, Refusal};
use jiff::Timestamp;
use kervan_events::{Milestone, assess_progress};
use kervan_model::{Finding, Reference};
use kervan_tracking::{
    Eta, FigureKey, LearnedFigure, Score, Scored, Statement, assess, find_horizon_rows, list_figures, state,
};
use kervan_units::{Estimate, Seconds};

/// An estimate as it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptEta {
    /// The estimate.
    pub eta: Eta,
}

/// A leg or dwell ahead, and the figure that counts for it.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureUse {
    /// Which.
    pub key: FigureKey,
    /// What is published. Unit: second.
    pub published: Estimate<Seconds>,
    /// Median and 95 % point as they count now. Unit: second.
    pub now: (Seconds, Seconds),
    /// How many measurements it rests on; none: published alone.
    pub measured: u32,
    /// What the published figure still counts. Range: 0 to 1.
    pub published_share: f64,
}

/// Everything about an arrival.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrivalReport {
    /// The consignment.
    pub reference: Reference,
    /// Where from and to.
    pub route: String,
    /// When the itinerary has it.
    pub planned: Timestamp,
    /// When it was received.
    pub delivered: Option<Timestamp>,
    /// Every estimate ever given, the first first; the last is the one in force.
    pub history: Vec<KeptEta>,
    /// Milestones with what is expected of those ahead.
    pub milestones: Vec<Milestone>,
    /// What the rest of the journey rests on.
    pub figures: Vec<FigureUse>,
    /// How good estimates so far ahead were.
    pub statement: Statement,
    /// How the estimates of this consignment did, once it has arrived.
    pub scored: Option<Score>,
}

/// Reports an arrival. Errors: no itinerary is accepted yet; the store fails.
pub fn report_arrival(desk: &Desk, reference: &Reference, now: Timestamp) -> Result<ArrivalReport, Refusal> {
    let case = CaseFile::load(desk, reference)?;
    let Some(itinerary) = case.state.itinerary.as_ref().map(|stated| &stated.fact) else {
        return Err(Refusal::conflict(
            Finding::error("node.no-itinerary", "no itinerary is accepted yet, so nothing can be expected")
                .remedy("accept an itinerary"),
        ));
    };
    let mut progress = assess_progress(itinerary, &load_events(desk, reference)?);
    let mut history = Vec::new();
    for row in desk.store.list_etas(reference)? {
        let eta =
            serde_json::from_str(&row.estimate).map_err(|error| Refusal::broken("a stored ETA", &error))?;
        history.push(KeptEta { eta });
    }
    let last = history.last().map(|kept| kept.eta.clone());
    if let Some(eta) = &last {
        eta.note_into(&mut progress.milestones);
    }
    let parameters = &desk.rules.tracking;
    let route = route_of(itinerary);
    let delivered = progress.delivered();
    let ahead = last.as_ref().map_or(Seconds::ZERO, |eta| Seconds::between(eta.at, eta.odds.p50));
    let (statement, figures) = desk.with_tracking(|book| {
        let figures = list_figures(itinerary, &progress, &book.learned, parameters, now);
        (state(&parameters.scoring, &book.scored, &route, ahead), figures)
    });
    let seconds =
        |figure: &kervan_tracking::Figure, chance| Seconds::new(figure.quantile(chance).max(0.0) as u64);
    let figures = figures
        .into_iter()
        .map(|(key, figure)| FigureUse {
            published: figure.as_published(),
            now: (seconds(&figure, 0.5), seconds(&figure, 0.95)),
            measured: figure.measured(),
            published_share: figure.published_share(),
            key,
        })
        .collect();
    let scored = delivered.and_then(|actual| {
        let of = history.iter().filter_map(|kept| {
            let (band, given) = (kept.eta.band?, kept.eta.at);
            let (horizon, route, levels) = (0, route.clone(), kept.eta.levels);
            (given < actual).then_some(Scored { horizon, route, given, band, levels, actual })
        });
        assess(&of.collect::<Vec<_>>())
    });
    let (planned, reference) = (itinerary.arrives.p50, reference.clone());
    let milestones = progress.milestones;
    Ok(ArrivalReport {
        reference,
        route,
        planned,
        delivered,
        history,
        milestones,
        figures,
        statement,
        scored,
    })
}

/// What was measured of every leg and dwell, and which figures have drifted.
pub fn report_figures(desk: &Desk, now: Timestamp) -> (Vec<LearnedFigure>, Vec<Finding>) {
    let learning = &desk.rules.tracking.learning;
    desk.with_tracking(|book| (book.learned.list(learning, now), book.drifts.clone()))
}

/// How good estimates were: for each class of how far ahead they were, over all routes or on one.
pub fn report_scores(desk: &Desk, route: Option<&str>) -> Vec<(String, Score)> {
    let scoring = &desk.rules.tracking.scoring;
    desk.with_tracking(|book| find_horizon_rows(scoring, &book.scored, route))
}
