//! Names of loaded lists, ordered so that a question meets only those that may answer it.

use crate::entity::{Entity, List};
use crate::fold::Script;
use crate::keys::{Key, Keys};
use crate::limits::{MOST_CANDIDATES, MOST_POSTINGS};
use crate::name::{Name, PartyKind, Role, Token};
use crate::tables::Tables;
use std::collections::BTreeMap;

/// A list without its entities.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ListHead {
    /// The name that the operator gave it.
    pub name: String,
    /// Its shape.
    pub format: crate::list::Format,
    /// Hash of its content.
    pub version: String,
    /// The day that it says it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// How many are on it.
    pub entities: usize,
}

/// One name of one entity.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub entity: u32,
    pub text: String,
    pub name: Name,
    /// Its words in the vocabulary.
    words: Vec<u32>,
    weight: f32,
}

/// A word that names of the lists have.
#[derive(Clone, Debug)]
struct WordEntry {
    token: Token,
    names: Vec<u32>,
}

/// Loaded lists, ready for questions.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pub(crate) heads: Vec<ListHead>,
    /// Every entity with the list that it is on.
    pub(crate) entities: Vec<(u32, Entity)>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) identifiers: BTreeMap<String, Vec<u32>>,
    words: Vec<WordEntry>,
    by_key: Vec<(Key, u32)>,
    by_row: BTreeMap<u16, Vec<u32>>,
    by_concept: BTreeMap<u32, Vec<u32>>,
    keys: Keys,
}

/// Words of the lists with the credit for being like one of the question.
type Like = Vec<(u32, f32)>;

/// Words lighter than this find nobody on their own.
const LEAST_WEIGHT: f32 = 0.35;
/// Share of a question's weight that a candidate must have.
const LEAST_SHARE: f32 = 0.45;
/// Words in more names than this only raise those that other words have found.
const FREQUENT: usize = 3_000;
/// A word of a company in more names of the lists than one in this many is taken for common.
const COMMON_SHARE: usize = 400;
/// What is left of the weight of a common word.
const COMMON_WEIGHT: f32 = 0.6;

impl Index {
    /// Builds the index over lists.
    pub fn new(tables: &Tables, lists: Vec<List>) -> Self {
        let mut index = Self { keys: Keys::new(), ..Self::default() };
        let mut vocabulary: BTreeMap<(String, bool), u32> = BTreeMap::new();
        for (at, list) in lists.into_iter().enumerate() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            let List { name, format, version, published, entities } = list;
            index.heads.push(ListHead { name, format, version, published, entities: entities.len() });
            for entity in entities {
                index.add(tables, at, entity, &mut vocabulary);
            }
        }
        index.lighten_common();
        for (at, word) in index.words.iter().enumerate() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            for key in index.keys.of(&word.token.units, &tables.sounds) {
                index.by_key.push((key, at));
            }
            for (row, _) in &word.token.names {
                index.by_row.entry(*row).or_default().push(at);
            }
            if let Some(concept) = word.token.concept {
                index.by_concept.entry(concept).or_default().push(at);
            }
        }
        index.by_key.sort_unstable();
        index
    }

    /// The loaded lists.
    pub fn list_heads(&self) -> &[ListHead] {
        &self.heads
    }

    /// Finds an entity of a list by its id.
    pub fn find_entity(&self, list: &str, id: &str) -> Option<&Entity> {
        let at = self.heads.iter().position(|head| head.name == list)?;
        let on_it = |(of, _): &&(u32, Entity)| usize::try_from(*of).is_ok_and(|of| of == at);
        self.entities.iter().filter(on_it).map(|(_, entity)| entity).find(|entity| entity.id == id)
    }

    fn add(
        &mut self,
        tables: &Tables,
        list: u32,
        entity: Entity,
        vocabulary: &mut BTreeMap<(String, bool), u32>,
    ) {
        let number = u32::try_from(self.entities.len()).unwrap_or(u32::MAX);
        for identifier in &entity.identifiers {
            self.identifiers.entry(identifier.value.clone()).or_default().push(number);
        }
        for text in &entity.names {
            let name = tables.read_name(text, entity.kind);
            if name.is_empty() {
                continue;
            }
            let entry = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
            let mut words = Vec::with_capacity(name.tokens.len());
            for token in name.tokens.iter().chain(&joined(tables, &name)) {
                if matches!(token.role, Role::Particle | Role::Title | Role::Initial) {
                    continue;
                }
                let key = (token.latin.clone(), token.script == Script::Abjad);
                let word = *vocabulary.entry(key).or_insert_with(|| {
                    self.words.push(WordEntry { token: token.clone(), names: Vec::new() });
                    u32::try_from(self.words.len() - 1).unwrap_or(u32::MAX)
                });
                words.push(word);
                if let Some(word) = self.words.get_mut(word as usize)
                    && word.names.last() != Some(&entry)
                {
                    word.names.push(entry);
                }
            }
            let weight = indexed_weight(&name);
            self.entries.push(Entry { entity: number, text: text.clone(), name, words, weight });
        }
        self.entities.push((list, entity));
    }

    /// Words that many companies of the lists have say less about each.
    fn lighten_common(&mut self) {
        let limit = (self.entries.len() / COMMON_SHARE).max(20);
        for entry in &mut self.entries {
            if entry.name.kind == PartyKind::Person {
                continue;
            }
            for (token, word) in
                entry.name.tokens.iter_mut().filter(|token| is_indexed(token)).zip(&entry.words)
            {
                let count = self.words.get(*word as usize).map_or(0, |word| word.names.len());
                if token.role == Role::Core && count > limit {
                    token.weight *= COMMON_WEIGHT;
                }
            }
            entry.weight = indexed_weight(&entry.name);
        }
    }

    /// Gives the words of a question the weight that they have on the lists.
    pub(crate) fn weigh_question(&self, tables: &Tables, name: &mut Name) {
        if name.kind == PartyKind::Person {
            return;
        }
        let limit = (self.entries.len() / COMMON_SHARE).max(20);
        for token in name.tokens.iter_mut().filter(|token| token.role == Role::Core) {
            let keys = self.keys.of(&token.units, &tables.sounds);
            let same = keys
                .iter()
                .flat_map(|key| self.under(*key))
                .find(|at| self.words.get(*at as usize).is_some_and(|word| word.token.latin == token.latin));
            let count = same.and_then(|at| self.words.get(at as usize)).map_or(0, |word| word.names.len());
            if count > limit {
                token.weight *= COMMON_WEIGHT;
            }
        }
    }

    fn under(&self, key: Key) -> impl Iterator<Item = u32> + '_ {
        let from = self.by_key.partition_point(|(other, _)| *other < key);
        self.by_key.iter().skip(from).take_while(move |(other, _)| *other == key).map(|(_, word)| *word)
    }

    /// Words of the lists that are like a word, with the credit for it.
    fn like(&self, tables: &Tables, token: &Token) -> Like {
        let mut found: Vec<u32> = Vec::new();
        for key in self.keys.of(&token.units, &tables.sounds) {
            found.extend(self.under(key).filter(|at| self.is_as_long(*at, token)));
        }
        for (row, _) in &token.names {
            found.extend(self.by_row.get(row).into_iter().flatten());
        }
        if let Some(concept) = token.concept {
            found.extend(self.by_concept.get(&concept).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
        let mut like = Vec::new();
        for at in found {
            let Some(word) = self.words.get(at as usize) else { continue };
            let credit = tables.parameters.credit(tables.likeness(token, &word.token).0);
            if credit > 0.0 {
                like.push((at, credit));
            }
        }
        like
    }

    /// Whether a word of the lists has about as many sounds as another.
    fn is_as_long(&self, at: u32, token: &Token) -> bool {
        let Some(word) = self.words.get(at as usize) else { return false };
        let (there, here) = (word.token.units.len(), token.units.len());
        let abjad = word.token.script == Script::Abjad || token.script == Script::Abjad;
        abjad || there.abs_diff(here) * 3 <= there.max(here) + 2
    }

    /// The names that may be meant, the most likely first.
    pub(crate) fn candidates(&self, tables: &Tables, name: &Name) -> Vec<u32> {
        let mut tokens: Vec<Token> = name.tokens.iter().filter(|token| is_indexed(token)).cloned().collect();
        tokens.extend(joined(tables, name));
        if tokens.iter().any(|token| token.weight >= LEAST_WEIGHT) {
            tokens.retain(|token| token.weight >= LEAST_WEIGHT);
        }
        let mut answers: Vec<(usize, f32, Like)> = tokens
            .iter()
            .map(|token| {
                let like = self.like(tables, token);
                let count =
                    like.iter().filter_map(|(at, _)| Some(self.words.get(*at as usize)?.names.len())).sum();
                (count, token.weight, like)
            })
            .collect();
        // The rarest word first: what it finds is what frequent words may raise.
        answers.sort_by_key(|(count, ..)| *count);
        let mut tally = Tally::new(self.entries.len());
        let mut boosts: Vec<(f32, Like)> = Vec::new();
        for (count, weight, mut like) in answers {
            if count > FREQUENT && !tally.touched.is_empty() {
                like.sort_unstable_by_key(|(word, _)| *word);
                boosts.push((weight, like));
                continue;
            }
            self.gather(weight, like, &mut tally);
        }
        let mut ranked = self.rank(name, &tally, &boosts);
        ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.truncate(MOST_CANDIDATES);
        ranked.into_iter().map(|(_, at)| at).collect()
    }

    /// The names that share enough of the question, with the share.
    fn rank(&self, name: &Name, tally: &Tally, boosts: &[(f32, Like)]) -> Vec<(f32, u32)> {
        let total = indexed_weight(name);
        let mut ranked: Vec<(f32, u32)> = Vec::new();
        for (at, mut sum) in tally.list() {
            let Some(entry) = self.entries.get(at as usize).filter(|entry| entry.name.kind == name.kind)
            else {
                continue;
            };
            for (weight, like) in boosts {
                let credit = |word: &u32| {
                    let at = like.binary_search_by_key(word, |(word, _)| *word).ok()?;
                    like.get(at).map(|(_, credit)| *credit)
                };
                let best = entry.words.iter().filter_map(credit).fold(0.0f32, f32::max);
                sum += weight * best;
            }
            let share = 2.0 * sum / (total.min(2.0 * entry.weight) + entry.weight.min(2.0 * total));
            if share >= LEAST_SHARE {
                ranked.push((share, at));
            }
        }
        ranked
    }

    /// Adds the names of words that are like one word of the question, each name once with its best word.
    fn gather(&self, weight: f32, mut like: Like, tally: &mut Tally) {
        like.sort_unstable_by(|a, b| b.1.total_cmp(&a.1));
        tally.round += 1;
        for (at, credit) in like {
            let Some(word) = self.words.get(at as usize) else { continue };
            for name in word.names.iter().take(MOST_POSTINGS) {
                tally.add(*name, weight * credit);
            }
        }
    }
}

/// Sums by name: a place for each name of the lists, so that nothing is sorted or looked up.
struct Tally {
    sums: Vec<f32>,
    /// The last round in which each name was raised.
    rounds: Vec<u16>,
    touched: Vec<u32>,
    round: u16,
}

impl Tally {
    fn new(names: usize) -> Self {
        Self { sums: vec![0.0; names], rounds: vec![0; names], touched: Vec::new(), round: 0 }
    }

    /// Raises a name, once in a round.
    fn add(&mut self, name: u32, by: f32) {
        let at = name as usize;
        let (Some(sum), Some(round)) = (self.sums.get_mut(at), self.rounds.get_mut(at)) else { return };
        if *round == self.round {
            return;
        }
        if *round == 0 {
            self.touched.push(name);
        }
        *round = self.round;
        *sum += by;
    }

    fn list(&self) -> impl Iterator<Item = (u32, f32)> + '_ {
        self.touched.iter().filter_map(|at| Some((*at, *self.sums.get(*at as usize)?)))
    }
}

fn is_indexed(token: &Token) -> bool {
    !matches!(token.role, Role::Particle | Role::Title | Role::Initial)
}

/// The weight of the words that the index knows.
fn indexed_weight(name: &Name) -> f32 {
    name.tokens.iter().filter(|token| is_indexed(token)).map(|token| token.weight).sum()
}

/// Words in a row as one, for names that are written together elsewhere, and the first letters of a long name.
fn joined(tables: &Tables, name: &Name) -> Vec<Token> {
    let mut joined = Vec::new();
    for row in name.tokens.windows(2).chain(name.tokens.windows(3)) {
        let carries = |token: &Token| {
            matches!(token.role, Role::Core | Role::Father | Role::Particle | Role::Common)
                && token.weight < 2.0
        };
        let latin: String = row.iter().map(|token| token.latin.as_str()).collect();
        let longest = if row.len() == 2 { 16 } else { 12 };
        let heavy = row.iter().max_by(|a, b| a.weight.total_cmp(&b.weight));
        let ends = row.last().is_some_and(|last| last.role == Role::Particle);
        let Some(heavy) = heavy.filter(|heavy| heavy.weight >= LEAST_WEIGHT) else { continue };
        if !row.iter().all(carries) || ends || latin.len() > longest {
            continue;
        }
        let mut token = heavy.clone();
        token.role = Role::Core;
        token.units = row.iter().flat_map(|token| token.units.iter().copied()).collect();
        token.names = tables.names.get(&latin).cloned().unwrap_or_default();
        (token.latin, token.whole, token.concept) = (latin, None, None);
        joined.push(token);
    }
    joined.extend(acronyms(tables, name));
    joined
}

/// What the first letters of a long name may spell, each as a word.
fn acronyms(tables: &Tables, name: &Name) -> Vec<Token> {
    let heavy: Vec<&Token> = name.tokens.iter().filter(|token| token.weight > 0.1).collect();
    let Some(first) = heavy.first().filter(|_| name.kind == PartyKind::Organisation && heavy.len() > 1)
    else {
        return Vec::new();
    };
    let mut spelt = name.acronyms.clone();
    let letters: String = heavy.iter().filter_map(|token| token.latin.chars().next()).collect();
    if (3..=8).contains(&heavy.len()) && !spelt.contains(&letters) {
        spelt.push(letters);
    }
    let read = |latin: String| {
        let mut token = (*first).clone();
        token.units.clear();
        tables.sounds.cut(latin.as_bytes(), &mut token.units);
        (token.latin, token.role, token.weight) = (latin, Role::Core, 1.0);
        (token.whole, token.concept) = (None, None);
        token.names.clear();
        token
    };
    spelt.into_iter().map(read).collect()
}
