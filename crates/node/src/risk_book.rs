//! The seeds and models of the administrations of a node, and what they select.

use crate::custody::Custody;
use crate::custody_texts::{locked, of_draw};
use crate::replay::list_decided;
use crate::{Desk, Refusal};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kervan_customs::{
    CONTROL_CLEAN, CONTROL_FOUND, Case, Decision, Drawn, Movement, Scored, Selection, Territories, decide,
    features_of,
};
use kervan_dossier::{Dossier, Fact, TransitDecided};
use kervan_model::{Finding, TerritoryId};
use kervan_risk::{DrawSeed, Example, Model, check_draws};
use kervan_store::{Store, Write};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A period of the draw. The seed is secret until the period has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawRecord {
    /// The period, such as `2026-12`.
    pub period: String,
    /// Its first day.
    pub since: Date,
    /// Its last day.
    pub until: Date,
    /// The share of cases that is drawn. Unit: a thousandth.
    pub rate_permille: u32,
    /// SHA-256 of the seed.
    pub commitment: String,
    /// When it was committed to.
    pub committed: Timestamp,
    /// The seed; absent where it is shown before the period has ended. The store keeps it as the custody of the node does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
}

/// A period that an administration wants to draw in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawWanted {
    /// The territory.
    pub territory: TerritoryId,
    /// The name of the period.
    pub period: String,
    /// Its first day.
    pub since: Date,
    /// Its last day.
    pub until: Date,
    /// The share of cases that is drawn. Unit: a thousandth.
    pub rate_permille: u32,
}

/// Seeds and models by territory.
#[derive(Debug, Default)]
pub(crate) struct RiskBook {
    draws: BTreeMap<TerritoryId, Vec<DrawRecord>>,
    models: BTreeMap<TerritoryId, (Model, String)>,
}

pub(crate) fn note_of_draws(territory: &TerritoryId) -> String {
    format!("draws/{territory}")
}

fn note_of_model(territory: &TerritoryId) -> String {
    format!("model/{territory}")
}

impl RiskBook {
    /// Reads them. A seed that is sealed stays so where the secret was not given.
    pub(crate) fn load(store: &Store, territories: &Territories, custody: &Custody) -> Result<Self, Refusal> {
        let mut book = Self::default();
        for territory in territories.list_territories() {
            let code = &territory.code;
            if let Some(text) = store.find_note(&note_of_draws(code))? {
                let mut records: Vec<DrawRecord> =
                    serde_json::from_str(&text).map_err(|error| Refusal::broken("the draws", &error))?;
                for record in &mut records {
                    let Some(kept) = record.seed.take() else { continue };
                    record.seed = Some(match custody.take_text(&of_draw(code, record), &kept) {
                        Err(_) if custody.sealer().is_none() => kept,
                        opened => opened?,
                    });
                }
                book.draws.insert(code.clone(), records);
            }
            if let Some(text) = store.find_note(&note_of_model(code))? {
                let model: Model =
                    serde_json::from_str(&text).map_err(|error| Refusal::broken("a model", &error))?;
                let model = model.check().map_err(Refusal::invalid)?;
                let hash = model.hash().map_err(Refusal::invalid)?;
                book.models.insert(code.clone(), (model, hash));
            }
        }
        Ok(book)
    }
}

fn day_of(instant: Timestamp) -> Date {
    instant.to_zoned(TimeZone::UTC).date()
}

/// What the draw and the score of a territory say of a case. The seed of the day of entry is
/// used, so that the draw does not depend on when the case is decided.
pub(crate) fn select(
    desk: &Desk,
    movement: &Movement,
    case: &Case,
    decision: &Decision,
) -> Result<Selection, Refusal> {
    let day = day_of(case.declaration.enters);
    desk.with_risk(|book| {
        let mut records = book.draws.get(movement.territory()).into_iter().flatten();
        let record = records.find(|record| record.since <= day && day <= record.until);
        let drawn = |record: &DrawRecord| {
            // A draw that is left out because nobody gave the secret would be one that nobody sees.
            let seed = record.seed.as_deref().and_then(DrawSeed::find).ok_or_else(locked)?;
            Ok::<_, Refusal>(Drawn {
                period: record.period.clone(),
                commitment: record.commitment.clone(),
                rate_permille: record.rate_permille,
                drawn: seed.draws(movement.id.as_str(), record.rate_permille),
            })
        };
        let draw = record.map(drawn).transpose()?;
        let score = book.models.get(movement.territory()).map(|(model, hash)| {
            let chance_permille = model.chance_permille(&features_of(case, decision));
            Scored {
                model: model.model.clone(),
                hash: hash.clone(),
                chance_permille,
                threshold_permille: model.threshold_permille,
                selected: chance_permille >= model.threshold_permille,
            }
        });
        Ok(Selection { draw, score, ..Selection::default() })
    })
}

/// Commits to a seed of random bytes for a period that has not begun. Gives the record without the seed.
///
/// Errors: the period has begun, ends before it begins, or crosses another one.
pub fn commit_draw(
    desk: &Desk,
    wanted: &DrawWanted,
    seed: [u8; 32],
    now: Timestamp,
) -> Result<DrawRecord, Refusal> {
    let mut records = desk.with_risk(|book| book.draws.get(&wanted.territory).cloned()).unwrap_or_default();
    let fault = |code: &str, text: String| {
        Err(Refusal::invalid(
            Finding::error(code, text).remedy("choose days that are still to come and not taken"),
        ))
    };
    if wanted.since > wanted.until || wanted.rate_permille > 1_000 {
        return fault(
            "risk.period",
            format!("{} to {} at {} in 1000 is no period", wanted.since, wanted.until, wanted.rate_permille),
        );
    }
    if wanted.since <= day_of(now) {
        return fault("risk.period-begun", format!("a seed must be committed to before {}", wanted.since));
    }
    if let Some(other) = records.iter().find(|other| {
        other.period == wanted.period || other.since <= wanted.until && wanted.since <= other.until
    }) {
        return fault("risk.period-taken", format!("the period {} has a seed already", other.period));
    }
    let seed = DrawSeed::new(seed);
    let record = DrawRecord {
        period: wanted.period.clone(),
        since: wanted.since,
        until: wanted.until,
        rate_permille: wanted.rate_permille,
        commitment: seed.commitment(),
        committed: now,
        seed: Some(seed.reveal()),
    };
    records.push(record.clone());
    let kept = desk.with_keys(|custody| {
        let keep = |record: &DrawRecord| {
            let what = of_draw(&wanted.territory, record);
            let seed = record.seed.as_deref().map(|seed| custody.keep_text(&what, seed)).transpose()?;
            Ok(DrawRecord { seed, ..record.clone() })
        };
        records.iter().map(keep).collect::<Result<Vec<_>, Refusal>>()
    })?;
    let value = serde_json::to_string(&kept).map_err(|error| Refusal::broken("the draws", &error))?;
    desk.store.save(vec![Write::Note { name: note_of_draws(&wanted.territory), value }])?;
    desk.reload_risk()?;
    Ok(DrawRecord { seed: None, ..record })
}

/// The periods of a territory; seeds are shown once their period has ended.
pub fn list_draws(desk: &Desk, territory: &TerritoryId, now: Timestamp) -> Vec<DrawRecord> {
    let records = desk.with_risk(|book| book.draws.get(territory).cloned()).unwrap_or_default();
    let today = day_of(now);
    let shown = |record: DrawRecord| match record.until < today {
        // One that could not be opened here is not shown as it is kept.
        true => {
            let seed = record.seed.clone().filter(|seed| DrawSeed::find(seed).is_some());
            DrawRecord { seed, ..record }
        }
        false => DrawRecord { seed: None, ..record },
    };
    records.into_iter().map(shown).collect()
}

/// Checks every draw of an ended period at this node.
///
/// Errors: there is no such period, or it has not ended.
pub fn verify_draws(
    desk: &Desk,
    territory: &TerritoryId,
    period: &str,
    now: Timestamp,
) -> Result<(usize, Vec<Finding>), Refusal> {
    let records = list_draws(desk, territory, now);
    let record = records.into_iter().find(|record| record.period == period);
    let record = record.ok_or_else(|| Refusal::NotFound { what: "period", id: period.to_owned() })?;
    let Some(seed) = record.seed.as_deref().and_then(DrawSeed::find) else {
        if record.until < day_of(now) {
            return Err(locked());
        }
        let text = format!("the seed of {period} is secret until {}", record.until);
        return Err(Refusal::conflict(
            Finding::error("risk.seed-secret", text).remedy("ask again when the period has ended"),
        ));
    };
    let facts = list_decided(desk)?;
    let of_territory = facts.iter().map(|(_, fact)| fact).filter(|fact| fact.territory == *territory);
    Ok(check_facts(of_territory, period, &seed, &record.commitment))
}

/// Checks the draws of a period in a dossier with a revealed seed, offline.
pub fn check_dossier_draws(dossier: &Dossier, period: &str, seed: &DrawSeed) -> (usize, Vec<Finding>) {
    let entries = dossier.list_entries().into_iter();
    let facts: Vec<TransitDecided> = entries
        .filter_map(|entry| match entry.fact() {
            Ok(Fact::TransitDecided(fact)) => Some(fact.clone()),
            _ => None,
        })
        .collect();
    // The commitment of a dossier is the one that its own decisions were signed with.
    check_facts(facts.iter(), period, seed, &seed.commitment())
}

fn check_facts<'a>(
    facts: impl Iterator<Item = &'a TransitDecided>,
    period: &str,
    seed: &DrawSeed,
    commitment: &str,
) -> (usize, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut checked = 0;
    for fact in facts {
        let selection: Option<Selection> = serde_json::from_value(fact.selection.clone()).ok();
        let Some(draw) = selection.and_then(|selection| selection.draw).filter(|draw| draw.period == period)
        else {
            continue;
        };
        checked += 1;
        if draw.commitment != commitment {
            let text = format!(
                "the decision on {} was signed with the commitment {}",
                fact.movement, draw.commitment
            );
            findings.push(Finding::error("risk.other-seed", text).at(fact.movement.to_string()));
            continue;
        }
        let drawn = [(fact.movement.as_str(), draw.drawn)];
        findings.extend(check_draws(seed, commitment, draw.rate_permille, drawn));
    }
    (checked, findings)
}

/// The results of controls at this node, to learn from: the features of each case and whether the control found something.
///
/// Errors: the store failed, or an entry cannot be read.
pub fn list_examples(desk: &Desk, territory: &TerritoryId) -> Result<Vec<Example>, Refusal> {
    let mut cases: BTreeMap<String, (Option<Vec<i64>>, Option<bool>)> = BTreeMap::new();
    for (_, fact) in list_decided(desk)?.into_iter().filter(|(_, fact)| fact.territory == *territory) {
        let slot = cases.entry(fact.movement.to_string()).or_default();
        for finding in &fact.findings {
            match finding.code.as_str() {
                CONTROL_FOUND => slot.1 = Some(true),
                CONTROL_CLEAN => slot.1 = slot.1.or(Some(false)),
                _ => {}
            }
        }
        let (Ok(case), Some(named), Some(at)) =
            (serde_json::from_value::<Case>(fact.case.clone()), &fact.rule_pack, fact.decided)
        else {
            continue;
        };
        if let Some(pack) = crate::find_pack(desk, &named.hash)? {
            slot.0 = Some(features_of(&case, &decide(&pack, &case, at)));
        }
    }
    let examples =
        cases.into_values().filter_map(|(values, found)| Some(Example { values: values?, found: found? }));
    Ok(examples.collect())
}

/// Puts a model in force for a territory. Errors: it does not check, or the store failed.
pub fn keep_model(desk: &Desk, territory: &TerritoryId, model: Model) -> Result<(), Refusal> {
    let model = model.check().map_err(Refusal::invalid)?;
    if model.features != kervan_customs::FEATURES {
        let text = "the model was trained on other features than this program gives";
        return Err(Refusal::invalid(Finding::error("risk.model", text).remedy("train it again")));
    }
    let value = serde_json::to_string(&model).map_err(|error| Refusal::broken("a model", &error))?;
    desk.store.save(vec![Write::Note { name: note_of_model(territory), value }])?;
    desk.reload_risk()
}

/// The model in force for a territory, with its hash.
pub fn find_model(desk: &Desk, territory: &TerritoryId) -> Option<(Model, String)> {
    desk.with_risk(|book| book.models.get(territory).cloned())
}
