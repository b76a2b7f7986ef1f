//! Tracking on the wire: timelines, arrivals, scores, alarms, the state of the corridor.

use super::{Finding, Odds, ThreePoints, name_of};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_events::Action;
use kervan_events::containment::Containment;
use kervan_model::{LinkId, ServiceId};
use kervan_network::Network;
use kervan_node::{ArrivalReport, FigureUse as NodeFigureUse, KeptEta, TimelineLine, TimelineReport};
use kervan_tracking::alarm::{Alarm as NodeAlarm, AlarmState, Digest};
use kervan_tracking::{ArrivalBand, Eta, FigureKey, LearnedFigure, Score as NodeScore};
use kervan_units::{Estimate, Seconds};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The timeline of a thing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Timeline {
    /// `consignment`, `container`, `wagon`, `vessel`, `seal` or `place`.
    pub kind: &'static str,
    /// Its number, code or reference.
    pub id: String,
    /// What was seen, in order of time.
    pub lines: Vec<TimelineEntry>,
    /// What was in what, over time.
    pub containment: Vec<Contained>,
    /// At the instant asked about, or now: what was in or on it.
    pub contents: Vec<String>,
    /// And what it was in or on, from the nearest to the outermost.
    pub holders: Vec<String>,
    /// Whether there is more than is shown.
    pub cut: bool,
}

/// One thing that was seen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// When.
    pub at: String,
    /// Business step, bare word.
    pub step: String,
    /// `ADD`, `OBSERVE` or `DELETE`.
    pub action: Option<&'static str>,
    /// Place code.
    pub place: Option<String>,
    /// Name of the place.
    pub place_name: Option<String>,
    /// The containing or parent thing.
    pub parent: Option<String>,
    /// How many things the event names.
    pub things: usize,
    /// Consignments that it names.
    pub consignments: Vec<String>,
    /// What carried it, if the event names only that.
    pub through: Option<String>,
    /// Hash id of the event.
    pub event: String,
}

/// One thing in another over a time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Contained {
    /// The thing inside.
    pub child: String,
    /// What it was in or on.
    pub parent: String,
    /// Since when.
    pub from: String,
    /// Until when; nothing if it still is.
    pub until: Option<String>,
}

impl Timeline {
    /// From a report; contents and holders are those of an instant.
    pub fn new(report: &TimelineReport, at: Timestamp) -> Self {
        let (contents, holders) = report.at(at);
        Self {
            kind: report.subject.kind(),
            id: report.subject.to_string(),
            lines: report.lines.iter().map(TimelineEntry::from).collect(),
            containment: report.containment.iter().map(Contained::from).collect(),
            contents,
            holders,
            cut: report.cut,
        }
    }
}

impl From<&TimelineLine> for TimelineEntry {
    fn from(line: &TimelineLine) -> Self {
        Self {
            at: line.at.to_string(),
            step: line.step.clone(),
            action: line.action.map(Action::word),
            place: line.place.clone(),
            place_name: line.place_name.clone(),
            parent: line.parent.clone(),
            things: line.things,
            consignments: line.consignments.iter().map(ToString::to_string).collect(),
            through: line.through.clone(),
            event: line.event.clone(),
        }
    }
}

impl From<&Containment> for Contained {
    fn from(span: &Containment) -> Self {
        let (child, parent) = (span.child.clone(), span.parent.clone());
        Self { child, parent, from: span.from.to_string(), until: span.until.map(|until| until.to_string()) }
    }
}

/// Everything about an arrival.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Arrival {
    /// The consignment.
    pub reference: String,
    /// Where from and to.
    pub route: String,
    /// When the itinerary has it, median.
    pub planned: String,
    /// When it was received.
    pub delivered: Option<String>,
    /// The estimate in force.
    pub eta: Option<ArrivalEstimate>,
    /// How good estimates so far ahead were, in words.
    pub statement: String,
    /// Nine times of ten the median was off by no more than this. Unit: day. Absent as long as too few journeys were scored.
    pub nine_of_ten_days: Option<f64>,
    /// How many journeys that rests on.
    pub journeys: usize,
    /// Every estimate ever given, the first first.
    pub history: Vec<ArrivalEstimate>,
    /// What the rest of the journey rests on.
    pub figures: Vec<FigureUse>,
    /// How the estimates did, once the goods are there.
    pub score: Option<Score>,
}

/// An estimate as it was given.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ArrivalEstimate {
    /// When it was given.
    pub at: String,
    /// What it said.
    #[serde(flatten)]
    pub odds: Odds,
    /// The intervals that hold 50 and 95 in a hundred; estimates of an older version have none.
    pub band: Option<Band>,
    /// Why.
    pub because: String,
    /// How many measurements it rests on, besides published figures.
    pub measured: u32,
    /// Whether its intervals were moved by the score of earlier ones.
    pub recalibrated: bool,
}

/// The outer quantiles of an arrival.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Band {
    /// 2.5 % quantile.
    pub p2_5: String,
    /// 25 % quantile.
    pub p25: String,
    /// 75 % quantile.
    pub p75: String,
    /// 97.5 % quantile.
    pub p97_5: String,
}

impl From<&ArrivalBand> for Band {
    fn from(band: &ArrivalBand) -> Self {
        let [p2_5, p25, p75, p97_5] = [band.p2_5, band.p25, band.p75, band.p97_5].map(|at| at.to_string());
        Self { p2_5, p25, p75, p97_5 }
    }
}

impl From<&Eta> for ArrivalEstimate {
    fn from(eta: &Eta) -> Self {
        Self {
            at: eta.at.to_string(),
            odds: Odds::from(eta.odds),
            band: eta.band.as_ref().map(Band::from),
            because: eta.because.clone(),
            measured: eta.basis.measured,
            recalibrated: eta.levels.is_some(),
        }
    }
}

/// A leg or dwell, with the figure that counts for it and where that comes from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FigureUse {
    /// Which, for programs.
    pub key: String,
    /// Which, for people.
    pub name: String,
    /// What is published. Unit: hour.
    pub published_h: ThreePoints,
    /// Median as it counts now. Unit: hour.
    pub median_h: f64,
    /// 95 % point as it counts now. Unit: hour.
    pub p95_h: f64,
    /// How many measurements it rests on; 0: published alone.
    pub measured: u32,
    /// What the published figure still counts. Range: 0 to 1.
    pub published_share: f64,
    /// Since when measurements differ from the figure, if they do.
    pub drifted_since: Option<String>,
}

fn hours(seconds: Seconds) -> f64 {
    (seconds.as_hours_f64() * 10.0).round() / 10.0
}

fn points(estimate: Estimate<Seconds>) -> ThreePoints {
    ThreePoints { min: hours(estimate.min()), typ: hours(estimate.typ()), max: hours(estimate.max()) }
}

/// A leg or dwell in words.
pub fn name_of_figure(network: &Network, key: &FigureKey) -> String {
    let service =
        |id: &ServiceId| network.find_service(id).map_or_else(|| id.to_string(), |found| found.name.clone());
    match key {
        FigureKey::Ride(id) => format!("ride on {}", service(id)),
        FigureKey::Boarded(id) => format!("on board before {}", service(id)),
        FigureKey::Stay { place, processes, .. } => {
            let words: Vec<String> =
                processes.iter().map(|process| process.word().replace('_', " ")).collect();
            let words = if words.is_empty() { "waiting".to_owned() } else { words.join(" and ") };
            format!("{words} at {}", name_of(network, place))
        }
    }
}

impl FigureUse {
    fn new(figure: &NodeFigureUse, network: &Network) -> Self {
        Self {
            key: figure.key.to_string(),
            name: name_of_figure(network, &figure.key),
            published_h: points(figure.published),
            median_h: hours(figure.now.0),
            p95_h: hours(figure.now.1),
            measured: figure.measured,
            published_share: (figure.published_share * 1e3).round() / 1e3,
            drifted_since: None,
        }
    }

    /// From a page of what was learned.
    pub fn of_learned(page: &LearnedFigure, network: &Network) -> Self {
        let at = |chance| Seconds::new(page.figure.quantile(chance).max(0.0) as u64);
        Self {
            key: page.key.to_string(),
            name: name_of_figure(network, &page.key),
            published_h: points(page.figure.as_published()),
            median_h: hours(at(0.5)),
            p95_h: hours(at(0.95)),
            measured: page.figure.measured(),
            published_share: (page.figure.published_share() * 1e3).round() / 1e3,
            drifted_since: page.drifted.map(|drifted| drifted.since.to_string()),
        }
    }
}

impl Arrival {
    /// From a report.
    pub fn new(report: &ArrivalReport, network: &Network) -> Self {
        let estimate = |kept: &KeptEta| ArrivalEstimate::from(&kept.eta);
        Self {
            reference: report.reference.to_string(),
            route: report.route.clone(),
            planned: report.planned.to_string(),
            delivered: report.delivered.map(|at| at.to_string()),
            eta: report.history.last().map(estimate),
            statement: report.statement.words(),
            nine_of_ten_days: report
                .statement
                .nine_of_ten
                .map(|error| (error.as_hours_f64() / 2.4).round() / 10.0),
            journeys: report.statement.journeys,
            history: report.history.iter().map(estimate).collect(),
            figures: report.figures.iter().map(|figure| FigureUse::new(figure, network)).collect(),
            score: report.scored.as_ref().map(|score| Score::new("its own estimates", score)),
        }
    }
}

/// How good estimates were.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Score {
    /// Which estimates: how far ahead they were.
    pub horizon: String,
    /// How many.
    pub journeys: usize,
    /// Mean absolute error of the median. Unit: hour.
    pub mean_error_h: f64,
    /// Mean error, later than said is positive. Unit: hour.
    pub bias_h: f64,
    /// Pinball loss. Unit: hour.
    pub pinball_h: f64,
    /// Share within the interval of 50 in a hundred. Range: 0 to 1.
    pub within_50: f64,
    /// Share within the interval of 80 in a hundred.
    pub within_80: f64,
    /// Share within the interval of 95 in a hundred.
    pub within_95: f64,
}

impl Score {
    /// The score of a class of estimates.
    pub fn new(horizon: &str, score: &NodeScore) -> Self {
        let hours = |seconds: f64| (seconds / 360.0).round() / 10.0;
        let [within_50, within_80, within_95] = score.within.map(|share| (share * 1e3).round() / 1e3);
        Self {
            horizon: horizon.to_owned(),
            journeys: score.journeys,
            mean_error_h: hours(score.mean_error_s),
            bias_h: hours(score.bias_s),
            pinball_h: hours(score.pinball_s),
            within_50,
            within_80,
            within_95,
        }
    }
}

/// What was measured, and how good estimates were.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LearnedFigures {
    /// Every leg and dwell that was measured.
    pub figures: Vec<FigureUse>,
    /// Figures that measurements have drifted away from.
    pub drifts: Vec<Finding>,
}

/// An alarm.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Alarm {
    /// Its name.
    pub id: String,
    /// The consignment.
    pub reference: String,
    /// `late`, `dwell`, `deviation`, `seal`, `temperature` or `silence`.
    pub kind: &'static str,
    /// `info`, `warning` or `error`.
    pub severity: String,
    /// What it may have in common with others.
    pub cause: String,
    /// Why.
    pub reason: String,
    /// When it was raised.
    pub raised: String,
    /// Who answers for it: `carrier`, `forwarder`, `consignee` or `consignor`.
    pub owner: &'static str,
    /// `raised`, `acknowledged` or `resolved`.
    pub state: &'static str,
    /// Who has taken it on.
    pub acknowledged_by: Option<String>,
    /// Whether it went to the next owner.
    pub escalated: bool,
}

impl From<&NodeAlarm> for Alarm {
    fn from(alarm: &NodeAlarm) -> Self {
        let (state, by) = match &alarm.state {
            AlarmState::Raised => ("raised", None),
            AlarmState::Acknowledged { by, .. } => ("acknowledged", Some(by.to_string())),
            AlarmState::Resolved { .. } => ("resolved", None),
        };
        Self {
            id: alarm.id.clone(),
            reference: alarm.reference.to_string(),
            kind: alarm.kind.word(),
            severity: format!("{:?}", alarm.severity).to_lowercase(),
            cause: alarm.cause.clone(),
            reason: alarm.reason.clone(),
            raised: alarm.raised.to_string(),
            owner: alarm.owner.word(),
            state,
            acknowledged_by: by,
            escalated: alarm.escalated,
        }
    }
}

/// Open alarms that are told together; one alone, or many of one cause.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AlarmDigest {
    /// What they are about.
    pub kind: &'static str,
    /// What they have in common: a place, a container.
    pub cause: String,
    /// Its name, if it is a place.
    pub cause_name: String,
    /// Who answers for them.
    pub owner: &'static str,
    /// When the first was raised.
    pub since: String,
    /// The reason of the first.
    pub reason: String,
    /// The consignments.
    pub consignments: Vec<String>,
    /// Names of the alarms.
    pub alarms: Vec<String>,
}

impl AlarmDigest {
    /// From a digest.
    pub fn new(digest: Digest, network: &Network) -> Self {
        let place: Option<PlaceCode> = digest.cause.parse().ok();
        Self {
            kind: digest.kind.word(),
            cause_name: place.map_or_else(|| digest.cause.clone(), |code| name_of(network, &code)),
            cause: digest.cause,
            owner: digest.owner.word(),
            since: digest.since.to_string(),
            reason: digest.reason,
            consignments: digest.consignments.into_iter().map(String::from).collect(),
            alarms: digest.alarms,
        }
    }
}

/// Alarms that somebody should look at.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AlarmList {
    /// Many of one cause as one, the gravest first, of all that are open; at most `limit`.
    pub digests: Vec<AlarmDigest>,
    /// Each of them.
    pub alarms: Vec<Alarm>,
}

/// Takes alarms on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeAlarms {
    /// Their names.
    pub alarms: Vec<String>,
    /// What will be done.
    #[serde(default)]
    pub note: String,
}

/// One row of the state of the corridor. Unit: hour, for durations.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CorridorRow {
    /// `place`, `ride`, `link` or `route`.
    pub kind: &'static str,
    /// A place, a link, or `from>to`.
    pub id: String,
    /// In words.
    pub name: String,
    /// How many ended within the window.
    pub count: u64,
    /// The same for each day.
    pub per_day: f64,
    /// At a place: how many were there at the end of the window.
    pub queue: Option<u64>,
    /// 10 % quantile.
    pub p10_h: Option<f64>,
    /// Median.
    pub p50_h: Option<f64>,
    /// 90 % quantile.
    pub p90_h: Option<f64>,
    /// 95 % quantile.
    pub p95_h: Option<f64>,
    /// How much more than the mean to allow for, to be in time 19 times of 20; a share of the mean.
    pub buffer_index: Option<f64>,
}

impl CorridorRow {
    /// From a row.
    pub fn new(row: &kervan_tracking::corridor::CorridorRow, network: &Network) -> Self {
        let place =
            |code: &str| code.parse().map_or_else(|_| code.to_owned(), |code| name_of(network, &code));
        let name = match row.id.split_once('>') {
            Some((from, to)) => format!("{} \u{2192} {}", place(from), place(to)),
            None => match row.id.parse().ok().and_then(|id: LinkId| network.find_link(&id)) {
                Some(link) => {
                    format!("{} \u{2192} {}", name_of(network, &link.from), name_of(network, &link.to))
                }
                None => place(&row.id),
            },
        };
        let round = |value: Option<f64>| value.map(|value| (value * 100.0).round() / 100.0);
        Self {
            kind: row.kind.word(),
            id: row.id.clone(),
            name,
            count: row.count,
            per_day: (row.per_day * 100.0).round() / 100.0,
            queue: row.queue,
            p10_h: round(row.p10_h),
            p50_h: round(row.p50_h),
            p90_h: round(row.p90_h),
            p95_h: round(row.p95_h),
            buffer_index: round(row.buffer_index),
        }
    }
}
