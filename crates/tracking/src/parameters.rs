//! What nobody publishes: parameters of learning, scoring and alarms, as data with their source.

use crate::alarm::{AlarmKind, Owner};
use crate::limits::MOST_TABLE_BYTES;
use kervan_model::{Confidence, Finding, Provenance, Severity};
use kervan_units::{Estimate, Seconds};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Parameters, from the tables of `data/tracking`.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// How learning works.
    pub learning: Learning,
    /// What a queue says.
    pub queues: Queueing,
    /// From loading to the departure of a ship or ferry, until it is measured. Unit: second.
    pub boarded: Estimate<Seconds>,
    /// Where that comes from.
    pub boarded_provenance: Provenance,
    /// What is left of a step that has lasted longer than any figure for it. Unit: share of the time it has lasted; typical
    /// and most.
    pub overrun: (f64, f64),
    /// The share of the interval of a service after which its next departure may come. Range: 0 to 1.
    pub missed_share: f64,
    /// Scoring and recalibration.
    pub scoring: Scoring,
    /// Marks of the alarms.
    pub alarms: Marks,
    /// Where each number comes from, by its name in the table.
    pub provenance: BTreeMap<String, Provenance>,
}

/// How published figures and measurements are weighed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learning {
    /// How many measurements a published figure counts as.
    pub published_counts_as: f64,
    /// After this time a measurement counts half. Unit: second.
    pub half_life_s: f64,
    /// Robust deviations of the logarithm beyond which a measurement counts for less.
    pub suspect_beyond: f64,
    /// Page-Hinkley: how far the mean rank of measurements may lie from one half.
    pub drift_slack: f64,
    /// Page-Hinkley: the sum of ranks at which a drift is told.
    pub drift_threshold: f64,
    /// What evidence from before a drift still counts. Range: 0 to 1.
    pub drift_remembers: f64,
}

/// What a queue at a place says of the stays there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Queueing {
    /// Fewer measured stays say nothing of what is usual.
    pub least: f64,
    /// Exponent of the ratio of the queue to the usual one.
    pub exponent: f64,
    /// The most by which a queue lengthens a stay, as a factor.
    pub most: f64,
    /// How far ahead a queue of now says anything. Unit: second.
    pub horizon_s: f64,
}

/// Scoring of estimates and their recalibration.
#[derive(Clone, Debug, PartialEq)]
pub struct Scoring {
    /// Scored journeys of a horizon below which intervals are left as drawn.
    pub calibrate_from: usize,
    /// How many journeys the intervals as drawn count as.
    pub calibrate_counts_as: f64,
    /// Scored journeys below which nothing is said of the error.
    pub say_from: usize,
    /// Classes of forecasts: from how far ahead, and the name. Unit: second. Shape: ascending, the first from zero.
    pub horizons: Vec<(Seconds, String)>,
}

/// Marks at which alarms are raised. Unit: second, where nothing else is said.
#[derive(Clone, Debug, PartialEq)]
pub struct Marks {
    /// Expected so much later than planned: a warning, an alarm, a severe one.
    pub late: [Seconds; 3],
    /// An alarm of lateness ends this far below its mark.
    pub late_clear: Seconds,
    /// Shorter stays raise no alarm.
    pub dwell_least: Seconds,
    /// How long after the 95 % point of what is due an event may still come in.
    pub silence_grace: Seconds,
    /// An alarm that nobody acknowledged goes to the next owner.
    pub escalate_after: Seconds,
    /// From this number on alarms of one cause are told as one. Unit: alarms.
    pub digest_from: usize,
    /// Alarms of one cause within this time are one storm.
    pub digest_window: Seconds,
    /// Who answers for what.
    pub owners: BTreeMap<AlarmKind, Ownership>,
}

/// Who answers for alarms of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// First.
    pub owner: Owner,
    /// When nobody acknowledged it in time.
    pub escalates_to: Owner,
    /// How grave.
    pub severity: Severity,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberRow {
    name: String,
    value: f64,
    #[expect(dead_code, reason = "for people")]
    unit: String,
    source: String,
    period: String,
    confidence: Confidence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HorizonRow {
    from_hours: u64,
    name: String,
    #[expect(dead_code, reason = "for people")]
    source: String,
    #[expect(dead_code, reason = "for people")]
    confidence: Confidence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnerRow {
    alarm: AlarmKind,
    owner: Owner,
    escalates_to: Owner,
    severity: Severity,
    #[expect(dead_code, reason = "for people")]
    source: String,
    #[expect(dead_code, reason = "for people")]
    confidence: Confidence,
}

struct Reader<'a> {
    numbers: BTreeMap<String, NumberRow>,
    findings: &'a mut Vec<Finding>,
}

impl Reader<'_> {
    fn number(&mut self, name: &str) -> f64 {
        match self.numbers.get(name) {
            Some(row) if row.value.is_finite() && row.value >= 0.0 => row.value,
            Some(row) => {
                self.wrong(format!("`{name}` is {}, which is no number from zero on", row.value));
                0.0
            }
            None => {
                self.wrong(format!("there is no row `{name}`"));
                0.0
            }
        }
    }

    fn hours(&mut self, name: &str) -> Seconds {
        Seconds::from_hours_f64(self.number(name))
    }

    fn share(&mut self, name: &str) -> f64 {
        self.number(name) / 100.0
    }

    fn count(&mut self, name: &str) -> usize {
        self.number(name) as usize
    }

    fn wrong(&mut self, message: String) {
        self.findings.push(Finding::error("tracking.parameters", message).at("tracking/parameters.csv"));
    }
}

impl Parameters {
    /// Reads the parameters; `read` gives the text of a table by its file name. Errors: every finding at once.
    pub fn load(read: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let numbers: Vec<NumberRow> = table(&read, "parameters.csv", &mut findings);
        let horizons: Vec<HorizonRow> = table(&read, "horizons.csv", &mut findings);
        let owners: Vec<OwnerRow> = table(&read, "owners.csv", &mut findings);
        let provenance = numbers.iter().map(|row| (row.name.clone(), provenance_of(row))).collect();
        let numbers = numbers.into_iter().map(|row| (row.name.clone(), row)).collect();
        let mut reader = Reader { numbers, findings: &mut findings };
        let boarded = [reader.hours("boarded-min"), reader.hours("boarded-typ"), reader.hours("boarded-max")];
        let boarded = Estimate::new(boarded[0], boarded[1], boarded[2]).unwrap_or_else(|error| {
            reader.wrong(format!("`boarded`: {error}"));
            Estimate::exactly(Seconds::ZERO)
        });
        let parameters = Self {
            learning: learning(&mut reader),
            queues: queueing(&mut reader),
            boarded,
            boarded_provenance: reader.numbers.get("boarded-typ").map_or_else(unknown, provenance_of),
            overrun: (reader.share("overrun-typ"), reader.share("overrun-max")),
            missed_share: reader.share("missed-share").min(1.0),
            scoring: scoring(&mut reader, &horizons),
            alarms: marks(&mut reader, &owners),
            provenance,
        };
        if findings.is_empty() { Ok(parameters) } else { Err(findings) }
    }
}

fn learning(reader: &mut Reader<'_>) -> Learning {
    Learning {
        published_counts_as: reader.number("published-counts-as").max(0.5),
        half_life_s: reader.number("half-life").max(1.0) * 86_400.0,
        suspect_beyond: reader.number("suspect-beyond").max(1.0),
        drift_slack: reader.share("drift-slack"),
        drift_threshold: reader.number("drift-threshold").max(1.0),
        drift_remembers: reader.share("drift-remembers").min(1.0),
    }
}

fn queueing(reader: &mut Reader<'_>) -> Queueing {
    Queueing {
        least: reader.number("queue-least"),
        exponent: reader.share("queue-exponent"),
        most: reader.share("queue-most").max(1.0),
        horizon_s: reader.hours("queue-horizon").get() as f64,
    }
}

fn scoring(reader: &mut Reader<'_>, horizons: &[HorizonRow]) -> Scoring {
    let rows: Vec<(Seconds, String)> =
        horizons.iter().map(|row| (Seconds::from_hours(row.from_hours), row.name.clone())).collect();
    let ascending = rows.windows(2).all(|pair| matches!(pair, [one, two] if one.0 < two.0));
    if rows.first().is_none_or(|(from, _)| *from != Seconds::ZERO) || !ascending {
        reader.findings.push(
            Finding::error("tracking.parameters", "the horizons do not ascend from zero")
                .at("tracking/horizons.csv"),
        );
    }
    Scoring {
        calibrate_from: reader.count("calibrate-from"),
        calibrate_counts_as: reader.number("calibrate-counts-as"),
        say_from: reader.count("say-from").max(9),
        horizons: rows,
    }
}

fn marks(reader: &mut Reader<'_>, owners: &[OwnerRow]) -> Marks {
    let owners: BTreeMap<AlarmKind, Ownership> = owners
        .iter()
        .map(|row| {
            let (owner, escalates_to, severity) = (row.owner, row.escalates_to, row.severity);
            (row.alarm, Ownership { owner, escalates_to, severity })
        })
        .collect();
    for kind in AlarmKind::ALL {
        if !owners.contains_key(kind) {
            reader.findings.push(
                Finding::error("tracking.parameters", format!("nobody owns alarms of the kind `{kind}`"))
                    .at("tracking/owners.csv"),
            );
        }
    }
    Marks {
        late: [reader.hours("late-warn"), reader.hours("late-alarm"), reader.hours("late-severe")],
        late_clear: reader.hours("late-clear"),
        dwell_least: reader.hours("dwell-least"),
        silence_grace: reader.hours("silence-grace"),
        escalate_after: reader.hours("escalate-after"),
        digest_from: reader.count("digest-from").max(2),
        digest_window: reader.hours("digest-window"),
        owners,
    }
}

fn provenance_of(row: &NumberRow) -> Provenance {
    Provenance { source: row.source.clone(), period: row.period.clone(), confidence: row.confidence }
}

fn unknown() -> Provenance {
    Provenance { source: String::new(), period: String::new(), confidence: Confidence::Low }
}

fn table<T: serde::de::DeserializeOwned>(
    read: &impl Fn(&str) -> Option<String>,
    name: &str,
    findings: &mut Vec<Finding>,
) -> Vec<T> {
    let path = format!("tracking/{name}");
    let Some(text) = read(name).filter(|text| text.len() <= MOST_TABLE_BYTES) else {
        findings.push(Finding::error("tracking.parameters", "the table is missing or too large").at(path));
        return Vec::new();
    };
    let mut rows = Vec::new();
    for row in csv::Reader::from_reader(text.as_bytes()).deserialize() {
        match row {
            Ok(row) => rows.push(row),
            Err(error) => {
                findings.push(
                    Finding::error("tracking.parameters", kervan_model::in_plain_words(&error))
                        .at(path.as_str()),
                );
            }
        }
    }
    rows
}
