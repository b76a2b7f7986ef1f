//! Rule packs, their effect, the work list and the measures on the wire.

use super::finding::Finding;
use kervan_customs::rules::{Coverage, Effect, PackTestReport};
use kervan_customs::{Measures, Rule, RulePack, WorkItem};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A pack in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PackLine {
    /// Id.
    pub pack: String,
    /// Version.
    pub version: String,
    /// SHA-256 of its canonical content.
    pub hash: String,
    /// What it is.
    pub title: String,
    /// The territory whose administration decides by it.
    pub territory: String,
    /// `export`, `transit`.
    pub procedures: Vec<&'static str>,
    /// First day of entry for which it is in force.
    pub since: String,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Number of its rules.
    pub rules: usize,
}

/// A pack with its rules.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PackPage {
    /// The pack.
    #[serde(flatten)]
    pub line: PackLine,
    /// Its rules, in the order in which they are asked.
    pub list: Vec<RuleLine>,
}

/// A rule.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RuleLine {
    /// Id.
    pub rule: String,
    /// What it demands, in the language asked for if it speaks it.
    pub title: String,
    /// Code of its finding.
    pub code: String,
    /// `note`, `documents`, `control`, `hold` or `refuse`.
    pub act: &'static str,
    /// Whether what an officer does about it needs a second officer.
    pub four_eyes: bool,
    /// The list that it is asked for, element by element.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub walks: Option<&'static str>,
    /// When it fires, in CEL.
    pub condition: String,
    /// The law, or `judgement: ...`.
    pub source: String,
    /// `high`, `medium` or `low`.
    pub confidence: String,
    /// Languages besides English.
    pub languages: Vec<String>,
}

impl PackLine {
    /// A pack in a list.
    pub fn new(pack: &RulePack) -> Self {
        let reference = pack.reference();
        Self {
            pack: reference.id.clone(),
            version: reference.version.clone(),
            hash: reference.hash.clone(),
            title: pack.title().to_owned(),
            territory: pack.territory().to_string(),
            procedures: pack.procedures().iter().map(|procedure| procedure.word()).collect(),
            since: pack.effective().since.to_string(),
            until: pack.effective().until.map(|day| day.to_string()),
            rules: pack.list_rules().len(),
        }
    }
}

impl PackPage {
    /// A pack with its rules, titles in a language.
    pub fn new(pack: &RulePack, language: &str) -> Self {
        let list = pack.list_rules().iter().map(|rule| RuleLine::new(rule, language)).collect();
        Self { line: PackLine::new(pack), list }
    }
}

impl RuleLine {
    fn new(rule: &Rule, language: &str) -> Self {
        Self {
            rule: rule.id.clone(),
            title: rule.title_in(language).to_owned(),
            code: rule.code.clone(),
            act: rule.act.word(),
            four_eyes: rule.four_eyes,
            walks: rule.walks,
            condition: rule.condition.clone(),
            source: rule.source.clone(),
            confidence: format!("{:?}", rule.confidence).to_lowercase(),
            languages: rule.languages().map(str::to_owned).collect(),
        }
    }
}

/// The text of a pack, to be checked or tried; libraries, tables and words are those of this node.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackText {
    /// The pack as YAML.
    pub pack: String,
    /// Its test cases as YAML, if it has any.
    #[serde(default)]
    pub tests: Option<String>,
    /// For the effect: how many of the last declarations to decide again, 1000 unless given.
    #[serde(default)]
    pub last: Option<u32>,
}

/// What a check of a pack found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CheckReport {
    /// The pack, if it could be loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack: Option<PackLine>,
    /// Everything that is wrong or missing.
    pub findings: Vec<Finding>,
    /// How many test cases ran; absent where none were sent or the pack could not be loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cases: Option<usize>,
    /// Codes of the cases that went otherwise than expected are in `findings`; this is how many.
    pub failed: usize,
    /// For each rule and profile, in which cases it fired.
    pub coverage: Vec<CaseCount>,
}

/// In which test cases a rule fired.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseCount {
    /// The rule or profile.
    pub rule: String,
    /// Names of the cases in which it fired.
    pub fired: Vec<String>,
    /// In how many it did not.
    pub silent: usize,
    /// What it said in the first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<Finding>,
}

impl CheckReport {
    /// The report on a pack that could not be loaded.
    pub fn refused(findings: &[kervan_model::Finding]) -> Self {
        let findings = findings.iter().map(Finding::from).collect();
        Self { pack: None, findings, cases: None, failed: 0, coverage: Vec::new() }
    }

    /// The report on a pack with its test cases, if they were sent.
    pub fn new(pack: &RulePack, tests: Option<&PackTestReport>, findings: &[kervan_model::Finding]) -> Self {
        Self {
            pack: Some(PackLine::new(pack)),
            findings: findings.iter().map(Finding::from).collect(),
            cases: tests.map(|tests| tests.cases),
            failed: tests.map_or(0, |tests| tests.findings.len()),
            coverage: tests.iter().flat_map(|tests| &tests.coverage).map(CaseCount::from).collect(),
        }
    }
}

impl From<&Coverage> for CaseCount {
    fn from(coverage: &Coverage) -> Self {
        Self {
            rule: coverage.rule.clone(),
            fired: coverage.cases.clone(),
            silent: coverage.silent,
            example: coverage.example.as_ref().map(Finding::from),
        }
    }
}

/// The files of a pack as they are in force.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PackFiles {
    /// The pack as YAML, with its comments.
    pub pack: String,
    /// Its test cases as YAML, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tests: Option<String>,
}

/// The effect of a pack on past declarations.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EffectReport {
    /// How many were decided by both.
    pub compared: usize,
    /// How many have no pack in one of the two.
    pub without_pack: usize,
    /// Those that would have been decided otherwise.
    pub changed: Vec<ChangedLine>,
}

/// A declaration that would have been decided otherwise.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangedLine {
    /// Its movement.
    pub movement: String,
    /// The outcome before.
    pub before: &'static str,
    /// The outcome after.
    pub after: &'static str,
    /// Rules that fire only before.
    pub gone: Vec<String>,
    /// Rules that fire only after.
    pub new: Vec<String>,
}

impl From<Effect> for EffectReport {
    fn from(effect: Effect) -> Self {
        let line = |changed: kervan_customs::rules::Changed| ChangedLine {
            movement: changed.movement,
            before: changed.before.word(),
            after: changed.after.word(),
            gone: changed.gone,
            new: changed.new,
        };
        Self {
            compared: effect.compared,
            without_pack: effect.without_pack,
            changed: effect.changed.into_iter().map(line).collect(),
        }
    }
}

/// A movement that needs an officer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WorkLine {
    /// The movement.
    pub movement: String,
    /// The territory whose officers it waits for.
    pub territory: String,
    /// Where the goods are presented.
    pub office: String,
    /// Since when it waits.
    pub since: String,
    /// Until when somebody should have acted.
    pub until: String,
    /// Why until then.
    pub because: String,
    /// The law or judgement that sets the time; absent where only the arrival of the goods does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Whether the goods are there and wait.
    pub goods_wait: bool,
    /// Why it needs an officer.
    pub why: Vec<Finding>,
    /// What the rules ask for: `documents`, `control`, `hold`.
    pub asked: Vec<&'static str>,
    /// How urgent it is by risk, 0 to 1000.
    pub risk: u32,
    /// Whether the acts that end it need a second officer.
    pub four_eyes: bool,
    /// What a first officer has proposed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposal: Option<ProposalLine>,
    /// What an officer may do now.
    pub acts: Vec<&'static str>,
    /// The version of the movement; send it back as `If-Match`.
    pub version: String,
}

/// An act that waits for a second officer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProposalLine {
    /// Who proposed it.
    pub officer: String,
    /// The act.
    pub act: String,
    /// What the officer said to it.
    pub remark: String,
    /// When.
    pub at: String,
}

impl WorkLine {
    /// An item with the version of its movement.
    pub fn new((item, version): (WorkItem, String)) -> Self {
        Self {
            movement: item.movement.to_string(),
            territory: item.territory.to_string(),
            office: item.office,
            since: item.since.to_string(),
            until: item.until.to_string(),
            because: item.because,
            source: item.source,
            goods_wait: item.goods_wait,
            why: item.why.iter().map(Finding::from).collect(),
            asked: item.asked.iter().map(|act| act.word()).collect(),
            risk: item.risk,
            four_eyes: item.four_eyes,
            proposal: item.proposal.map(|proposal| ProposalLine {
                officer: proposal.officer,
                act: proposal.act,
                remark: proposal.remark,
                at: proposal.at.to_string(),
            }),
            acts: item.acts,
            version,
        }
    }
}

/// How clearance goes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClearanceMeasures {
    /// Per territory.
    pub territories: BTreeMap<String, TerritoryLine>,
    /// Per territory and rule.
    pub rules: BTreeMap<String, BTreeMap<String, RuleMeasure>>,
}

/// How clearance goes in a territory.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TerritoryLine {
    /// Movements that were released or refused.
    pub decided: usize,
    /// Movements that were released.
    pub released: usize,
    /// Movements that were refused.
    pub refused: usize,
    /// Movements that were released without anybody touching them.
    pub untouched: usize,
    /// Share of the decided ones that nobody touched, 0 to 1.
    pub untouched_share: f64,
    /// Hours from arrival to release that half stay under.
    pub hours_to_release_p50: Option<f64>,
    /// Hours that nine tenths stay under.
    pub hours_to_release_p90: Option<f64>,
    /// Controls whose result is known.
    pub controls: usize,
    /// Controls that found something.
    pub found: usize,
    /// Share of controls that found something, 0 to 1.
    pub hit_rate: Option<f64>,
}

/// What came of a rule.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RuleMeasure {
    /// Movements in which it fired.
    pub fired: usize,
    /// Controls of those whose result is known.
    pub controls: usize,
    /// Controls that found something.
    pub found: usize,
    /// Share of controls that found something, 0 to 1.
    pub hit_rate: Option<f64>,
}

impl From<Measures> for ClearanceMeasures {
    fn from(measures: Measures) -> Self {
        let share = |permille: u32| f64::from(permille) / 1_000.0;
        let hours = |seconds: i64| (seconds as f64 / 360.0).round() / 10.0;
        let territories = measures.territories.into_iter().map(|(name, of)| {
            let line = TerritoryLine {
                decided: of.decided,
                released: of.released,
                refused: of.refused,
                untouched: of.untouched,
                untouched_share: share(of.untouched_permille),
                hours_to_release_p50: of.to_release_p50.map(hours),
                hours_to_release_p90: of.to_release_p90.map(hours),
                controls: of.controls,
                found: of.found,
                hit_rate: of.hit_permille.map(share),
            };
            (name, line)
        });
        let rule = |(name, of): (String, kervan_customs::RuleMeasures)| {
            let hit_rate = of.hit_permille.map(share);
            (name, RuleMeasure { fired: of.fired, controls: of.controls, found: of.found, hit_rate })
        };
        let rules =
            measures.rules.into_iter().map(|(name, rules)| (name, rules.into_iter().map(rule).collect()));
        Self { territories: territories.collect(), rules: rules.collect() }
    }
}

/// A period of the random draw.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DrawLine {
    /// The period.
    pub period: String,
    /// Its first day.
    pub since: String,
    /// Its last day.
    pub until: String,
    /// Cases of a thousand that are drawn.
    pub rate_permille: u32,
    /// SHA-256 of the seed.
    pub commitment: String,
    /// When it was committed to.
    pub committed: String,
    /// The seed, once the period has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
}

/// The page of a finding code.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FindingPage {
    /// The code.
    pub code: String,
    /// What it means, once for each rule that gives it.
    pub meanings: Vec<FindingMeaning>,
}

/// What a finding says in English and in another language. `{1}` is the first of what the English fills in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FindingWords {
    /// The code of the finding.
    pub code: String,
    /// The rule that gives it, if it is a rule of a pack.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What it says in English.
    pub message: String,
    /// What it says in the language.
    pub message_told: String,
    /// What to do, in English. A finding may bring another remedy, which is then not told here.
    pub remedy: String,
    /// What to do, in the language.
    pub remedy_told: String,
}

/// A name or a sentence of the program in English and in another language. `{1}` is the first of what the English fills in;
/// `{1:span}` is filled in with a span of time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NameWords {
    /// In English, as it stands in answers.
    pub english: String,
    /// In the language.
    pub told: String,
}

/// What a finding means.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FindingMeaning {
    /// The rule that gives it, if it is a rule of a pack.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The packs that have the rule.
    pub packs: Vec<String>,
    /// What is demanded.
    pub meaning: String,
    /// The law or standard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What to do; expressions in braces are filled case by case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}
