//! Asking whether somebody is on the loaded lists.

use crate::entity::{Birth, Entity, Identifier, hash_lines};
use crate::index::Index;
use crate::name::PartyKind;
use crate::score::{Ground, Reason, Score};
use crate::tables::Tables;
use kervan_codes::CountryCode;
use kervan_model::Finding;
use serde::{Deserialize, Serialize};

/// Who is asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The name as it is known.
    pub name: String,
    /// What it is the name of; without it, it is read as a person's and as an organisation's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<PartyKind>,
    /// Country of establishment, nationality or flag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<CountryCode>,
    /// Year or day of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<Birth>,
    /// Numbers of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
}

impl Question {
    /// A question about a name and nothing else.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// What a decision rests on: a decision holds for questions of the same hash.
    ///
    /// Shape: 64 hexadecimal digits. Case and white space of the name do not matter.
    pub fn hash(&self) -> String {
        let name = self.name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let mut identifiers = self.identifiers.clone();
        identifiers.sort();
        let mut lines = vec![format!("name {name}")];
        lines.push(format!("kind {}", self.kind.map_or("any", PartyKind::word)));
        lines.extend(self.country.map(|country| format!("country {country}")));
        lines.extend(self.born.map(|born| format!("born {born:?}")));
        lines.extend(identifiers.iter().map(|id| format!("identifier {} {}", id.scheme, id.value)));
        hash_lines(lines.into_iter())
    }
}

/// Somebody on a list who may be the one asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// The name that was asked about.
    pub asked: String,
    /// Hash of the question; see [`Question::hash`].
    pub question: String,
    /// The list.
    pub list: String,
    /// Its version.
    pub version: String,
    /// The entity on it.
    pub entity: String,
    /// What the entity was when the hit was found; see [`Entity::material_hash`].
    pub material: String,
    /// The name on the list that is nearest.
    pub name: String,
    /// How sure.
    pub score: Score,
    /// Why.
    pub reasons: Vec<Reason>,
}

impl Hit {
    /// The hit as a finding: list, entity, score and reasons.
    pub fn finding(&self, path: &str) -> Finding {
        let reasons: Vec<_> = self.reasons.iter().map(ToString::to_string).collect();
        let message = format!(
            "`{}` may be `{}` ({} of list {}), score {}: {}",
            self.asked,
            self.name,
            self.entity,
            self.list,
            self.score,
            reasons.join("; ")
        );
        Finding::error("screening.hit", message)
            .at(path)
            .source(format!("list {}, version {}", self.list, self.version.get(..12).unwrap_or("")))
            .remedy("an officer compares the records and decides the hit; a hit that is cleared does not hold again")
    }
}

impl Index {
    /// Everybody on the lists whose score reaches the threshold, the surest first.
    pub fn screen(&self, tables: &Tables, question: &Question, threshold: Score) -> Vec<Hit> {
        let mut best: std::collections::BTreeMap<u32, (Score, u32, Vec<Reason>)> = Default::default();
        let kinds = match question.kind {
            Some(kind) => vec![kind],
            None => PartyKind::ALL.to_vec(),
        };
        for kind in kinds {
            let mut name = tables.read_name(&question.name, Some(kind));
            self.weigh_question(tables, &mut name);
            let least = least_bare(tables, threshold);
            for at in self.candidates(tables, &name) {
                let Some(entry) = self.entries.get(at as usize) else { continue };
                let Some((_, entity)) = self.entities.get(entry.entity as usize) else { continue };
                let bare = tables.score_names(&name, &entry.name);
                if bare < least {
                    continue;
                }
                let (score, mut evidence) = weigh_evidence(tables, question, entity, bare);
                if score < threshold || best.get(&entry.entity).is_some_and(|(known, ..)| *known >= score) {
                    continue;
                }
                let mut reasons = tables.compare_names(&name, &entry.name).reasons;
                reasons.append(&mut evidence);
                best.insert(entry.entity, (score, at, reasons));
            }
        }
        self.add_identified(question, &mut best);
        let hash = question.hash();
        let mut hits: Vec<Hit> = best
            .into_iter()
            .filter_map(|(entity, (score, at, reasons))| {
                let (list, entity) = self.entities.get(entity as usize)?;
                let head = self.heads.get(*list as usize)?;
                let name = match self.entries.get(at as usize) {
                    Some(entry) => entry.text.clone(),
                    None => entity.names.first().cloned().unwrap_or_default(),
                };
                Some(Hit {
                    asked: question.name.clone(),
                    question: hash.clone(),
                    list: head.name.clone(),
                    version: head.version.clone(),
                    entity: entity.id.clone(),
                    material: entity.material_hash(),
                    name,
                    score,
                    reasons,
                })
            })
            .collect();
        hits.sort_by(|a, b| {
            b.score.cmp(&a.score).then_with(|| (&a.list, &a.entity).cmp(&(&b.list, &b.entity)))
        });
        hits
    }

    /// Whoever has one of the numbers of the question is a full hit, whatever the names.
    fn add_identified(
        &self,
        question: &Question,
        best: &mut std::collections::BTreeMap<u32, (Score, u32, Vec<Reason>)>,
    ) {
        for asked in &question.identifiers {
            for at in self.identifiers.get(&asked.value).into_iter().flatten() {
                let Some((_, entity)) = self.entities.get(*at as usize) else { continue };
                if !entity.identifiers.iter().any(|known| known.agrees(asked)) {
                    continue;
                }
                let entry = best.entry(*at).or_insert_with(|| (Score::NONE, u32::MAX, Vec::new()));
                entry.0 = Score::FULL;
                let (left, right) = (format!("{} {}", asked.scheme, asked.value), String::new());
                let reason = Reason { ground: Ground::Identifier, left, right, likeness: Score::FULL };
                if !entry.2.contains(&reason) {
                    entry.2.insert(0, reason);
                }
            }
        }
    }
}

/// The score of two names below which nothing else that is known lifts it to a threshold: the same country and year of birth are
/// all that speaks for a party. A thousandth is left for rounding.
fn least_bare(tables: &Tables, threshold: Score) -> Score {
    let lift = tables.parameters.evidence_born.max(1.0) * tables.parameters.evidence_country.max(1.0);
    let missing = 1.0 - f32::from(threshold.thousandths()) / 1000.0;
    Score::from_share((1.0 - missing * lift - 0.001).max(0.0))
}

/// What else is known speaks for the same party or against it.
fn weigh_evidence(
    tables: &Tables,
    question: &Question,
    entity: &Entity,
    bare: Score,
) -> (Score, Vec<Reason>) {
    let parameters = &tables.parameters;
    let mut share = f32::from(bare.thousandths()) / 1000.0;
    let mut reasons = Vec::new();
    let mut say = |ground: Ground, left: String, right: String, factor: f32, share: &mut f32| {
        *share = if factor >= 1.0 { 1.0 - (1.0 - *share) / factor } else { *share * factor };
        reasons.push(Reason { ground, left, right, likeness: Score::NONE });
    };
    if let Some(born) = question.born.filter(|_| !entity.births.is_empty()) {
        let shown = entity.births.iter().map(|birth| birth.year.to_string()).collect::<Vec<_>>().join(", ");
        let near = entity.births.iter().any(|birth| birth.year.abs_diff(born.year) <= 1);
        let (ground, factor) = match near {
            true => (Ground::Born, parameters.evidence_born),
            false => (Ground::OtherBirth, parameters.evidence_other_birth),
        };
        say(ground, born.year.to_string(), shown, factor, &mut share);
    }
    if let Some(country) = question.country.filter(|_| !entity.countries.is_empty()) {
        let codes: Vec<CountryCode> =
            entity.countries.iter().filter_map(|text| tables.find_country(text)).collect();
        if codes.contains(&country) {
            say(Ground::Country, country.to_string(), String::new(), parameters.evidence_country, &mut share);
        } else if !codes.is_empty() {
            let shown = codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let factor = parameters.evidence_other_country;
            say(Ground::OtherCountry, country.to_string(), shown, factor, &mut share);
        }
    }
    for asked in &question.identifiers {
        let same_scheme = |known: &&Identifier| known.scheme == asked.scheme && asked.scheme == "imo";
        if let Some(other) =
            entity.identifiers.iter().find(same_scheme).filter(|known| known.value != asked.value)
        {
            let factor = parameters.evidence_other_identifier;
            say(Ground::OtherIdentifier, asked.value.clone(), other.value.clone(), factor, &mut share);
        }
    }
    (Score::from_share(share), reasons)
}
