//! The score of two names, with the reasons for it.

use crate::align::{Alignment, Pair};
use crate::likeness::How;
use crate::name::{Name, PartyKind, Role, Token};
use crate::tables::{Family, Tables};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Words of companies up to this weight say nothing about which one it is.
const GENERIC_WEIGHT: f32 = 0.2;
/// Longest word of a ship in which one letter makes another name.
const SHORT_VESSEL: usize = 5;

/// How sure it is that two names are of the same party.
///
/// Unit: thousandth. Range: 0 to 1000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Score(u16);

impl Score {
    /// Nothing speaks for it.
    pub const NONE: Self = Self(0);
    /// Nothing speaks against it.
    pub const FULL: Self = Self(1000);

    /// A score from thousandths; what is above the range is the full score.
    pub fn from_thousandths(thousandths: u16) -> Self {
        Self(thousandths.min(1000))
    }

    /// A score from a share between 0 and 1.
    pub(crate) fn from_share(share: f32) -> Self {
        // In range by the clamp, so the cast loses only the fraction that rounding has dealt with.
        Self((share.clamp(0.0, 1.0) * 1000.0).round() as u16)
    }

    /// Unit: thousandth.
    pub fn thousandths(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:03}", self.0 / 1000, self.0 % 1000))
    }
}

/// What a reason rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// Two words agree, by this.
    Agrees(How),
    /// A word stands on one side only.
    Missing,
    /// Each side has a word that the other has not.
    Contradicts,
    /// The legal forms are of different families.
    LegalForm,
    /// One name is a man's and the other a woman's.
    Gender,
    /// The same identifier.
    Identifier,
    /// Another identifier of the same scheme.
    OtherIdentifier,
    /// Born in the same year or on the same day.
    Born,
    /// Born in another year.
    OtherBirth,
    /// The same country.
    Country,
    /// Another country.
    OtherCountry,
    /// The code or the words of goods are those of a rule.
    Goods,
}

/// One reason for a score.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reason {
    /// What it rests on.
    pub ground: Ground,
    /// The words asked about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub left: String,
    /// The words on the list.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub right: String,
    /// How alike they are. Unit: thousandth.
    pub likeness: Score,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (left, right) = (&self.left, &self.right);
        match self.ground {
            Ground::Agrees(How::Exact) => write!(f, "{left} = {right}"),
            Ground::Agrees(How::Transliteration) => write!(f, "{left} = {right} in another script"),
            Ground::Agrees(How::Sound) => write!(f, "{left} ~ {right} by sound ({})", self.likeness),
            Ground::Agrees(How::Spelling) => write!(f, "{left} ~ {right} by spelling ({})", self.likeness),
            Ground::Agrees(How::SameName) => write!(f, "{left} = {right}, forms of one name"),
            Ground::Agrees(How::Nickname) => write!(f, "{left} = {right}, short form"),
            Ground::Agrees(How::Meaning) => write!(f, "{left} = {right} in meaning"),
            Ground::Agrees(How::Initial) => write!(f, "{left} ~ {right}, initial"),
            Ground::Agrees(How::Joined) => write!(f, "{left} = {right}, written together"),
            Ground::Agrees(How::Acronym) => write!(f, "{left} ~ {right}, first letters"),
            Ground::Missing if left.is_empty() => write!(f, "{right} only on the list"),
            Ground::Missing => write!(f, "{left} only in the question"),
            Ground::Contradicts => write!(f, "{left} against {right}"),
            Ground::LegalForm => f.write_str("legal forms of different families"),
            Ground::Gender => write!(f, "{left} and {right} are of different gender"),
            Ground::Identifier => write!(f, "same identifier {left}"),
            Ground::OtherIdentifier => write!(f, "identifier {left} against {right}"),
            Ground::Born => write!(f, "born {left} and {right}"),
            Ground::OtherBirth => write!(f, "born {left} against {right}"),
            Ground::Goods => write!(f, "goods {left} fit the rule `{right}`"),
            Ground::Country => write!(f, "same country {left}"),
            Ground::OtherCountry => write!(f, "country {left} against {right}"),
        }
    }
}

/// What comparing two names gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// How sure.
    pub score: Score,
    /// Why, the words that agree first.
    pub reasons: Vec<Reason>,
}

impl Tables {
    /// Compares two names.
    pub fn compare_names(&self, left: &Name, right: &Name) -> Comparison {
        let alignment = self.align(left, right);
        let score = self.weigh(left, right, &alignment);
        Comparison { score, reasons: reasons_of(left, right, &alignment) }
    }

    /// Compares two texts; without a kind, either that reads as an organisation makes both one.
    pub fn compare_texts(&self, left: &str, right: &str, kind: Option<PartyKind>) -> Comparison {
        let (a, b) = (self.read_name(left, kind), self.read_name(right, kind));
        if a.kind != b.kind {
            let kind = Some(PartyKind::Organisation);
            return self.compare_names(&self.read_name(left, kind), &self.read_name(right, kind));
        }
        self.compare_names(&a, &b)
    }

    /// The score without its reasons.
    pub(crate) fn score_names(&self, left: &Name, right: &Name) -> Score {
        self.weigh(left, right, &self.align(left, right))
    }

    fn weigh(&self, left: &Name, right: &Name, alignment: &Alignment) -> Score {
        let parameters = &self.parameters;
        if alignment.acronym {
            return Score::from_share(parameters.calibrated(parameters.likeness_acronym));
        }
        let (mut agreed, mut doubted, mut carrying) = (0.0f32, 0.0f32, 0);
        for pair in &alignment.pairs {
            let weight = pair_weight(left, right, pair);
            let credit = self.credit_of(left, right, pair);
            agreed += weight * credit;
            doubted += weight * (1.0 - credit);
            carrying += usize::from(weight >= 0.35);
        }
        if agreed <= 0.0 {
            return Score::NONE;
        }
        let weights = |name: &Name, lone: &[usize], meaning: f32| -> f32 {
            let tokens = lone.iter().filter_map(|at| name.tokens.get(*at));
            // Generic words contradict nothing: `Group` beside `Company`.
            let telling = |token: &Token| token.role == Role::Common && token.weight > GENERIC_WEIGHT;
            tokens.map(|token| token.weight * if telling(token) { meaning } else { 1.0 }).sum()
        };
        let both = |meaning: f32| {
            (weights(left, &alignment.lone_left, meaning), weights(right, &alignment.lone_right, meaning))
        };
        let (lone_left, lone_right) = both(1.0);
        let (against_left, against_right) = both(parameters.conflict_meaning);
        let (conflict, surplus) = match left.kind {
            PartyKind::Person if carrying < 2 => {
                (parameters.conflict_person, parameters.surplus_person_one_word)
            }
            PartyKind::Person => (parameters.conflict_person, parameters.surplus_person),
            PartyKind::Organisation => (parameters.conflict_organisation, parameters.surplus_organisation),
            PartyKind::Vessel => (parameters.conflict_vessel, parameters.surplus_vessel),
        };
        let mut against =
            conflict * against_left.min(against_right) + surplus * (lone_left - lone_right).abs();
        if self.fathers_differ(left, right, alignment)
            || alignment.pairs.iter().any(|pair| {
                let fathers = [(left, pair.left), (right, pair.right)];
                let both = fathers.iter().all(|(name, at)| is_father(name, *at));
                both && parameters.credit(pair.likeness) < 0.5
            })
        {
            against += conflict * parameters.weight_patronymic;
        }
        let mut share = agreed / (agreed + doubted + against);
        let by_initial = |pair: &Pair| pair.how == How::Initial;
        let carried = |pair: &Pair| !by_initial(pair) && pair_weight(left, right, pair) > 0.3;
        if alignment.pairs.iter().any(by_initial) && !alignment.pairs.iter().any(carried) {
            share = share.min(parameters.only_initials_cap);
        }
        if fathers_swapped(left, right, alignment) {
            share *= parameters.fathers_swapped;
        }
        if left.kind == PartyKind::Vessel && is_crossed(alignment) {
            share *= parameters.crossed_vessel;
        }
        if left.kind == PartyKind::Person && carrying < 2 && lone_left.max(lone_right) > 0.3 {
            share = share.min(parameters.one_word_cap);
        }
        if gender_conflict(left, right, alignment).is_some() {
            share *= parameters.gender_conflict;
        }
        if forms_differ(left, right) {
            share *= parameters.form_conflict;
        }
        Score::from_share(parameters.calibrated(share))
    }

    /// What a pair of words counts for by its likeness.
    fn credit_of(&self, left: &Name, right: &Name, pair: &Pair) -> f32 {
        let parameters = &self.parameters;
        match pair.how {
            How::Initial => pair.likeness,
            _ if left.kind == PartyKind::Vessel && is_short_and_unlike(left, right, pair) => {
                parameters.credit(pair.likeness) * parameters.short_vessel
            }
            _ => parameters.credit(pair.likeness),
        }
    }

    /// Whether both sides give a father's name and they are not the same.
    fn fathers_differ(&self, left: &Name, right: &Name, alignment: &Alignment) -> bool {
        let lone = |name: &Name, lone: &[usize]| {
            lone.iter().any(|at| name.tokens.get(*at).is_some_and(|token| token.role == Role::Father))
        };
        lone(left, &alignment.lone_left) && lone(right, &alignment.lone_right)
    }
}

fn is_father(name: &Name, at: usize) -> bool {
    name.tokens.get(at).is_some_and(|token| token.role == Role::Father)
}

/// Whether words of one alphabet, both short, are only nearly the same: ships are named so that one letter tells them apart.
fn is_short_and_unlike(left: &Name, right: &Name, pair: &Pair) -> bool {
    let (Some(a), Some(b)) = (left.tokens.get(pair.left), right.tokens.get(pair.right)) else { return false };
    let near = matches!(pair.how, How::Sound | How::Spelling);
    near && a.script == b.script && a.latin.len().max(b.latin.len()) <= SHORT_VESSEL
}

/// Whether the words of two names stand in another order: that of a ship's name is fixed.
fn is_crossed(alignment: &Alignment) -> bool {
    alignment.pairs.windows(2).any(|two| matches!(two, [a, b] if b.right < a.right))
}

/// Whether the son of one name is the father of the other.
fn fathers_swapped(left: &Name, right: &Name, alignment: &Alignment) -> bool {
    let crossed = |on_left: bool| {
        alignment
            .pairs
            .iter()
            .any(|pair| is_father(left, pair.left) == on_left && is_father(right, pair.right) != on_left)
    };
    crossed(true) && crossed(false)
}

/// The weight of a pair: what both words carry on average.
fn pair_weight(left: &Name, right: &Name, pair: &Pair) -> f32 {
    let sum = |name: &Name, from: usize, count: usize| -> f32 {
        name.tokens.iter().skip(from).take(count).map(|token| token.weight).sum()
    };
    (sum(left, pair.left, pair.left_count) + sum(right, pair.right, pair.right_count)) / 2.0
}

/// A legal form of one family against one of another; words for a company in general agree with all.
fn forms_differ(left: &Name, right: &Name) -> bool {
    match (left.family, right.family) {
        (Some(a), Some(b)) => a != b && a != Family::Company && b != Family::Company,
        _ => false,
    }
}

/// A pair of words of which one is a man's and the other a woman's, if the rest of the name does not settle it.
fn gender_conflict<'a>(
    left: &'a Name,
    right: &'a Name,
    alignment: &Alignment,
) -> Option<(&'a Token, &'a Token)> {
    let pairs = || {
        alignment
            .pairs
            .iter()
            .filter_map(|pair| Some((left.tokens.get(pair.left)?, right.tokens.get(pair.right)?, pair)))
    };
    let differing = pairs().find(|(a, b, _)| matches!((a.gender, b.gender), (Some(x), Some(y)) if x != y));
    let (a, b, _) = differing?;
    // A surname alone is often put into its masculine form abroad; the given names must differ as well.
    let given = pairs().any(|(x, y, pair)| {
        x.role == Role::Core
            && x.gender.is_none()
            && y.gender.is_none()
            && pair.likeness < 1.0
            && ends_apart(x, y)
    });
    (a.role == Role::Father || given).then_some((a, b))
}

fn ends_apart(a: &Token, b: &Token) -> bool {
    a.latin.ends_with('a') != b.latin.ends_with('a')
        && !matches!(b.role, Role::Initial)
        && a.role != Role::Initial
}

fn reasons_of(left: &Name, right: &Name, alignment: &Alignment) -> Vec<Reason> {
    let shown = |name: &Name, from: usize, count: usize| {
        let words: Vec<_> =
            name.tokens.iter().skip(from).take(count).map(|token| token.shown.as_str()).collect();
        words.join(" ")
    };
    if alignment.acronym {
        let (left, right) = (shown(left, 0, left.tokens.len()), shown(right, 0, right.tokens.len()));
        return vec![Reason { ground: Ground::Agrees(How::Acronym), left, right, likeness: Score::NONE }];
    }
    let mut reasons: Vec<Reason> = alignment
        .pairs
        .iter()
        .map(|pair| Reason {
            ground: Ground::Agrees(pair.how),
            left: shown(left, pair.left, pair.left_count),
            right: shown(right, pair.right, pair.right_count),
            likeness: Score::from_share(pair.likeness),
        })
        .collect();
    let lone = |name: &Name, lone: &[usize]| -> Vec<String> {
        let heavy = lone.iter().filter_map(|at| name.tokens.get(*at)).filter(|token| token.weight > 0.1);
        heavy.map(|token| token.shown.clone()).collect()
    };
    let (a, b) = (lone(left, &alignment.lone_left), lone(right, &alignment.lone_right));
    if !a.is_empty() || !b.is_empty() {
        let ground = if a.is_empty() || b.is_empty() { Ground::Missing } else { Ground::Contradicts };
        reasons.push(Reason { ground, left: a.join(" "), right: b.join(" "), likeness: Score::NONE });
    }
    if let Some((a, b)) = gender_conflict(left, right, alignment) {
        let (left, right) = (a.shown.clone(), b.shown.clone());
        reasons.push(Reason { ground: Ground::Gender, left, right, likeness: Score::NONE });
    }
    if forms_differ(left, right) {
        let (left, right) = (String::new(), String::new());
        reasons.push(Reason { ground: Ground::LegalForm, left, right, likeness: Score::NONE });
    }
    reasons
}
