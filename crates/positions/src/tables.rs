//! Tables of figures: how fast things go, how exact a course is, how large a place is.

use crate::limits::MOST_ROWS;
use kervan_codes::PlaceCode;
use kervan_model::{Confidence, Finding, Mode, Provenance};
use kervan_network::{Place, PlaceKind};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// How things of a mode move, from `data/tracking/motion.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Motion {
    /// Above anything of the mode. Unit: kilometre per hour.
    pub fastest_km_h: u32,
    /// How far positions usually lie from the course in the network. Unit: metre.
    pub sigma_m: u32,
    /// Farther than this from its course a position is not on a link. Unit: metre.
    pub reach_m: u32,
    /// Farther than this from the way of the plan, for longer than `tolerance_s`, is a deviation. Unit: metre.
    pub tolerance_m: u32,
    /// Unit: second.
    pub tolerance_s: u32,
    /// Where the figures come from.
    pub provenance: Provenance,
}

/// The fence around a place, from `data/tracking/fences.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// Nearer than this is inside. Unit: metre.
    pub enter_m: u32,
    /// Farther than this is outside; between the two nothing changes. Unit: metre. Invariant: not less than `enter_m`.
    pub leave_m: u32,
    /// How long it must last before it counts. Unit: second.
    pub settle_s: u32,
    /// Where the figures come from.
    pub provenance: Provenance,
}

/// The figures of tracking. Immutable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    motion: BTreeMap<Mode, Motion>,
    fastest_km_h: u32,
    kinds: BTreeMap<PlaceKind, Fence>,
    places: BTreeMap<PlaceCode, Fence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MotionRow {
    mode: String,
    fastest_km_h: u32,
    sigma_m: u32,
    reach_m: u32,
    tolerance_m: u32,
    tolerance_s: u32,
    source: String,
    period: String,
    confidence: Confidence,
    #[serde(rename = "note")]
    _note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FenceRow {
    subject: String,
    enter_m: u32,
    leave_m: u32,
    settle_s: u32,
    source: String,
    period: String,
    confidence: Confidence,
    #[serde(rename = "note")]
    _note: String,
}

impl Figures {
    /// Loads the figures; `find` gives the text of a file such as `tracking/motion.csv`. Errors: every faulty row at once.
    pub fn load(find: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut figures = Self::default();
        for (line, row) in read_rows::<MotionRow>(&find, "tracking/motion.csv", &mut findings) {
            figures.add_motion(line, row, &mut findings);
        }
        for (line, row) in read_rows::<FenceRow>(&find, "tracking/fences.csv", &mut findings) {
            figures.add_fence(line, row, &mut findings);
        }
        let missing: Vec<_> = Mode::ALL
            .iter()
            .filter(|mode| !figures.motion.contains_key(mode))
            .map(|mode| mode.word())
            .collect();
        if !missing.is_empty() || figures.fastest_km_h == 0 {
            let message = format!("rows are missing: {} any", missing.join(" "));
            findings.push(row_finding("tracking/motion.csv", 1, &message));
        }
        if findings.is_empty() { Ok(figures) } else { Err(findings) }
    }

    fn add_motion(&mut self, line: u64, row: MotionRow, findings: &mut Vec<Finding>) {
        let MotionRow { fastest_km_h, sigma_m, reach_m, tolerance_m, tolerance_s, .. } = row;
        if row.mode == "any" {
            self.fastest_km_h = fastest_km_h;
            return;
        }
        let Some(mode) = Mode::find(&row.mode) else {
            return findings.push(row_finding(
                "tracking/motion.csv",
                line,
                &format!("`{}` is no mode", row.mode),
            ));
        };
        if sigma_m == 0 || reach_m < sigma_m || fastest_km_h == 0 || tolerance_m < sigma_m {
            let message =
                "sigma_m must be above 0, reach_m and tolerance_m not below it, fastest_km_h above 0";
            return findings.push(row_finding("tracking/motion.csv", line, message));
        }
        let provenance = Provenance { source: row.source, period: row.period, confidence: row.confidence };
        let motion = Motion { fastest_km_h, sigma_m, reach_m, tolerance_m, tolerance_s, provenance };
        self.motion.insert(mode, motion);
    }

    fn add_fence(&mut self, line: u64, row: FenceRow, findings: &mut Vec<Finding>) {
        let FenceRow { enter_m, leave_m, settle_s, .. } = row;
        if enter_m == 0 || leave_m < enter_m {
            let message = "enter_m must be above 0, and leave_m not below it";
            return findings.push(row_finding("tracking/fences.csv", line, message));
        }
        let provenance = Provenance { source: row.source, period: row.period, confidence: row.confidence };
        let fence = Fence { enter_m, leave_m, settle_s, provenance };
        let kind = row.subject.strip_prefix("kind:");
        let kind = kind.and_then(|word| PlaceKind::WORDS.iter().find(|(known, _)| *known == word));
        match (kind, row.subject.parse::<PlaceCode>()) {
            (Some((_, kind)), _) => {
                self.kinds.insert(*kind, fence);
            }
            (None, Ok(place)) => {
                self.places.insert(place, fence);
            }
            (None, Err(_)) => {
                let message = format!("`{}` is neither a place nor a kind of place", row.subject);
                findings.push(row_finding("tracking/fences.csv", line, &message));
            }
        }
    }

    /// How things of a mode move.
    pub fn find_motion(&self, mode: Mode) -> Option<&Motion> {
        self.motion.get(&mode)
    }

    /// The greatest speed of something that carries a device. Unit: kilometre per hour.
    pub fn fastest_km_h(&self, mode: Option<Mode>) -> u32 {
        mode.and_then(|mode| self.motion.get(&mode)).map_or(self.fastest_km_h, |motion| motion.fastest_km_h)
    }

    /// The fence of a place: its own, or the widest of what is there; nothing if there is no figure.
    pub fn find_fence(&self, place: &Place) -> Option<&Fence> {
        let own = self.places.get(&place.code);
        let of_kinds = place.kinds.iter().filter_map(|kind| self.kinds.get(kind));
        own.or_else(|| of_kinds.max_by_key(|fence| fence.enter_m))
    }
}

/// The rows of a CSV file with their lines; a row that cannot be read is a finding.
pub(crate) fn read_rows<T: DeserializeOwned>(
    find: &impl Fn(&str) -> Option<String>,
    file: &str,
    findings: &mut Vec<Finding>,
) -> Vec<(u64, T)> {
    let Some(text) = find(file) else {
        findings.push(row_finding(file, 1, "the file is missing"));
        return Vec::new();
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    let header = reader.headers().cloned().unwrap_or_default();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) if rows.len() >= MOST_ROWS => {
                findings.push(row_finding(file, 1, &format!("more than {MOST_ROWS} rows")));
                break;
            }
            Ok(true) => {
                let line = record.position().map_or(0, csv::Position::line);
                match record.deserialize(Some(&header)) {
                    Ok(row) => rows.push((line, row)),
                    Err(error) => {
                        findings.push(row_finding(file, line, &kervan_model::in_plain_words(&error)))
                    }
                }
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                findings.push(row_finding(file, line, &kervan_model::in_plain_words(&error)));
            }
        }
    }
    rows
}

pub(crate) fn row_finding(file: &str, line: u64, message: &str) -> Finding {
    Finding::error("positions.row", message).at(format!("{file}:{line}")).remedy("correct the row")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(path: &str) -> Option<String> {
        std::fs::read_to_string(format!("../../data/{path}")).ok()
    }

    #[test]
    fn the_tables_load_and_every_place_has_a_fence() {
        let figures = Figures::load(find).unwrap();
        let (network, _) = kervan_network::Network::load(|name| find(&format!("network/{name}"))).unwrap();
        for place in network.list_places() {
            assert!(figures.find_fence(place).is_some(), "{}", place.code);
        }
        assert_eq!(figures.fastest_km_h(Some(Mode::Sea)), 60);
        assert_eq!(figures.fastest_km_h(None), 160);
    }

    #[test]
    fn faulty_rows_are_named() {
        let broken = |path: &str| {
            let text = find(path)?;
            Some(if path.ends_with("fences.csv") {
                text.replacen("12000,16000", "16000,12000", 1)
                    + "kind:moon,1,2,3,judgement,2026,low,\nkind:city,a,2,3,j,2026,low,\n"
            } else {
                text.replace("\nferry,", "\nfairy,")
            })
        };
        let findings = Figures::load(broken).unwrap_err();
        let paths: Vec<_> = findings.iter().map(|finding| finding.path.clone().unwrap_or_default()).collect();
        assert_eq!(findings.len(), 5, "{findings:?}");
        assert!(paths.contains(&"tracking/fences.csv:2".to_owned()), "{paths:?}");
    }
}
