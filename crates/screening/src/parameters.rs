//! The numbers of matching, as data: `parameters.csv`, `credit.csv` and `calibration.csv`.

use crate::score::Score;
use crate::table::Table;
use kervan_model::Finding;
use std::collections::BTreeSet;

/// Everything that is tuned; fitted on the training part of the labelled pairs only.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Parameters {
    pub(crate) threshold: Score,
    pub(crate) conflict_person: f32,
    pub(crate) conflict_organisation: f32,
    pub(crate) conflict_vessel: f32,
    pub(crate) surplus_person: f32,
    pub(crate) surplus_person_one_word: f32,
    pub(crate) surplus_organisation: f32,
    pub(crate) surplus_vessel: f32,
    pub(crate) weight_particle: f32,
    pub(crate) weight_title: f32,
    pub(crate) weight_patronymic: f32,
    pub(crate) weight_given: f32,
    pub(crate) weight_short: f32,
    pub(crate) weight_initial: f32,
    pub(crate) weight_number: f32,
    pub(crate) likeness_initial: f32,
    pub(crate) likeness_nickname: f32,
    pub(crate) likeness_spelling: f32,
    pub(crate) likeness_meaning: f32,
    pub(crate) likeness_acronym: f32,
    pub(crate) likeness_known_apart: f32,
    pub(crate) likeness_same_sound_han: f32,
    pub(crate) form_conflict: f32,
    pub(crate) gender_conflict: f32,
    pub(crate) one_word_cap: f32,
    pub(crate) strict_latin: f32,
    pub(crate) strict_alphabet: f32,
    pub(crate) only_initials_cap: f32,
    pub(crate) fathers_swapped: f32,
    pub(crate) likeness_one_ending: f32,
    pub(crate) conflict_meaning: f32,
    pub(crate) weight_short_organisation: f32,
    pub(crate) short_vessel: f32,
    pub(crate) crossed_vessel: f32,
    pub(crate) evidence_born: f32,
    pub(crate) evidence_other_birth: f32,
    pub(crate) evidence_country: f32,
    pub(crate) evidence_other_country: f32,
    pub(crate) evidence_other_identifier: f32,
    /// Credit of a word for its likeness, as points of a broken line.
    credit: Vec<(f32, f32)>,
    /// Score for the raw likeness of two names, as points of a broken line.
    calibration: Vec<(f32, f32)>,
}

/// The parameters that must be there.
const NEEDED: [&str; 38] = [
    "crossed-vessel",
    "short-vessel",
    "conflict-person",
    "conflict-organisation",
    "conflict-vessel",
    "surplus-person",
    "surplus-person-one-word",
    "surplus-organisation",
    "surplus-vessel",
    "weight-particle",
    "weight-title",
    "weight-patronymic",
    "weight-given",
    "weight-short",
    "weight-initial",
    "weight-number",
    "likeness-initial",
    "likeness-nickname",
    "likeness-spelling",
    "likeness-meaning",
    "likeness-acronym",
    "likeness-known-apart",
    "likeness-same-sound-han",
    "form-conflict",
    "gender-conflict",
    "one-word-cap",
    "strict-latin",
    "strict-alphabet",
    "only-initials-cap",
    "fathers-swapped",
    "likeness-one-ending",
    "conflict-meaning",
    "weight-short-organisation",
    "evidence-born",
    "evidence-other-birth",
    "evidence-country",
    "evidence-other-country",
    "evidence-other-identifier",
];

impl Parameters {
    pub(crate) fn load(read: &impl Fn(&str) -> Option<String>, findings: &mut Vec<Finding>) -> Self {
        let mut parameters = Self::default();
        let mut seen = BTreeSet::new();
        Table::open("screening/parameters.csv", read, findings).each(|row| {
            let (name, value) = (row.text("name"), row.number("thousandths"));
            let Some(value) = value.map(|value| value as f32 / 1000.0) else { return };
            if name == "threshold" {
                parameters.threshold = Score::from_share(value);
            } else if let Some(slot) = parameters.slot(&name) {
                *slot = value;
            } else {
                row.fault("name", format!("`{name}` is not a parameter"));
            }
            seen.insert(name);
        });
        for name in NEEDED.iter().chain(&["threshold"]).filter(|name| !seen.contains(**name)) {
            let message = format!("the parameter `{name}` is missing");
            findings.push(Finding::error("screening.parameter", message).at("screening/parameters.csv"));
        }
        parameters.credit = line("screening/credit.csv", read, findings);
        parameters.calibration = line("screening/calibration.csv", read, findings);
        parameters
    }

    fn slot(&mut self, name: &str) -> Option<&mut f32> {
        Some(match name {
            "conflict-person" => &mut self.conflict_person,
            "conflict-organisation" => &mut self.conflict_organisation,
            "conflict-vessel" => &mut self.conflict_vessel,
            "surplus-person" => &mut self.surplus_person,
            "surplus-person-one-word" => &mut self.surplus_person_one_word,
            "surplus-organisation" => &mut self.surplus_organisation,
            "surplus-vessel" => &mut self.surplus_vessel,
            "weight-particle" => &mut self.weight_particle,
            "weight-title" => &mut self.weight_title,
            "weight-patronymic" => &mut self.weight_patronymic,
            "weight-given" => &mut self.weight_given,
            "weight-short" => &mut self.weight_short,
            "weight-initial" => &mut self.weight_initial,
            "weight-number" => &mut self.weight_number,
            "likeness-initial" => &mut self.likeness_initial,
            "likeness-nickname" => &mut self.likeness_nickname,
            "likeness-spelling" => &mut self.likeness_spelling,
            "likeness-meaning" => &mut self.likeness_meaning,
            "likeness-acronym" => &mut self.likeness_acronym,
            "likeness-known-apart" => &mut self.likeness_known_apart,
            "likeness-same-sound-han" => &mut self.likeness_same_sound_han,
            "form-conflict" => &mut self.form_conflict,
            "gender-conflict" => &mut self.gender_conflict,
            "one-word-cap" => &mut self.one_word_cap,
            "strict-latin" => &mut self.strict_latin,
            "strict-alphabet" => &mut self.strict_alphabet,
            "only-initials-cap" => &mut self.only_initials_cap,
            "crossed-vessel" => &mut self.crossed_vessel,
            "short-vessel" => &mut self.short_vessel,
            "fathers-swapped" => &mut self.fathers_swapped,
            "likeness-one-ending" => &mut self.likeness_one_ending,
            "conflict-meaning" => &mut self.conflict_meaning,
            "weight-short-organisation" => &mut self.weight_short_organisation,
            "evidence-born" => &mut self.evidence_born,
            "evidence-other-birth" => &mut self.evidence_other_birth,
            "evidence-country" => &mut self.evidence_country,
            "evidence-other-country" => &mut self.evidence_other_country,
            "evidence-other-identifier" => &mut self.evidence_other_identifier,
            _ => return None,
        })
    }

    /// The credit of a word for its likeness. Range: 0 to 1.
    pub(crate) fn credit(&self, likeness: f32) -> f32 {
        along(&self.credit, likeness)
    }

    /// The score for the raw likeness of two names. Range: 0 to 1.
    pub(crate) fn calibrated(&self, raw: f32) -> f32 {
        along(&self.calibration, raw)
    }
}

fn line(
    file: &'static str,
    read: &impl Fn(&str) -> Option<String>,
    findings: &mut Vec<Finding>,
) -> Vec<(f32, f32)> {
    let mut points: Vec<(f32, f32)> = Vec::new();
    Table::open(file, read, findings).each(|row| {
        let (at, value) = (row.number("at"), row.number("value"));
        if let (Some(at), Some(value)) = (at, value) {
            let point = (at as f32 / 1000.0, value as f32 / 1000.0);
            let rises = points.last().is_none_or(|last| last.0 < point.0 && last.1 <= point.1);
            if rises {
                points.push(point);
            } else {
                row.fault("at", "the points must rise");
            }
        }
    });
    points
}

fn along(points: &[(f32, f32)], at: f32) -> f32 {
    let mut before: Option<(f32, f32)> = None;
    for point in points {
        if at <= point.0 {
            return match before {
                Some(last) => last.1 + (point.1 - last.1) * (at - last.0) / (point.0 - last.0),
                None => point.1,
            };
        }
        before = Some(*point);
    }
    before.map_or(at, |last| last.1)
}
