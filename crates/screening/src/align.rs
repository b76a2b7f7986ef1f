//! Which word of one name answers to which of the other.

use crate::likeness::How;
use crate::name::{Name, PartyKind, Role};
use crate::tables::Tables;

/// Words that answer to each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pair {
    pub left: usize,
    pub left_count: usize,
    pub right: usize,
    pub right_count: usize,
    pub likeness: f32,
    pub how: How,
}

/// The words of two names side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Alignment {
    pub pairs: Vec<Pair>,
    pub lone_left: Vec<usize>,
    pub lone_right: Vec<usize>,
    /// One side is the first letters of the other.
    pub acronym: bool,
}

/// Below this two words do not answer to each other.
const LEAST: f32 = 0.63;
/// Two words written as one must be as alike as this.
const LEAST_JOINED: f32 = 0.80;

impl Tables {
    /// Pairs the words of two names, the most alike first; then words that one side writes together.
    pub(crate) fn align(&self, left: &Name, right: &Name) -> Alignment {
        let mut edges: Vec<Pair> = Vec::with_capacity(left.tokens.len() * right.tokens.len());
        for (a, x) in left.tokens.iter().enumerate() {
            for (b, y) in right.tokens.iter().enumerate() {
                let (likeness, how) = self.likeness(x, y);
                if likeness >= LEAST {
                    let pair = Pair { left: a, left_count: 1, right: b, right_count: 1, likeness, how };
                    edges.push(pair);
                }
            }
        }
        let rank = |pair: &Pair| {
            let order = pair.left.abs_diff(pair.right) as f32 * 0.001;
            let light = if pair.how == How::Initial { 0.3 } else { 0.0 };
            pair.likeness - order - light
        };
        edges.sort_by(|a, b| {
            rank(b).total_cmp(&rank(a)).then(a.left.cmp(&b.left)).then(a.right.cmp(&b.right))
        });
        let mut alignment = Alignment::default();
        let (mut taken_left, mut taken_right) = (0u32, 0u32);
        for pair in edges {
            if taken_left >> pair.left & 1 == 0 && taken_right >> pair.right & 1 == 0 {
                taken_left |= 1 << pair.left;
                taken_right |= 1 << pair.right;
                alignment.pairs.push(pair);
            }
        }
        self.fill_lone(left, right, &mut alignment);
        if !alignment.lone_left.is_empty() || !alignment.lone_right.is_empty() {
            self.join_words(left, right, &mut alignment);
        }
        alignment.pairs.sort_by_key(|pair| (pair.left, pair.right));
        alignment.acronym = left.kind == PartyKind::Organisation && self.is_acronym(left, right, &alignment);
        alignment
    }

    fn fill_lone(&self, left: &Name, right: &Name, alignment: &mut Alignment) {
        let pairs = &alignment.pairs;
        let on_left = |at: &usize| pairs.iter().any(|p| (p.left..p.left + p.left_count).contains(at));
        let on_right = |at: &usize| pairs.iter().any(|p| (p.right..p.right + p.right_count).contains(at));
        let lone_left = (0..left.tokens.len()).filter(|at| !on_left(at)).collect();
        let lone_right = (0..right.tokens.len()).filter(|at| !on_right(at)).collect();
        (alignment.lone_left, alignment.lone_right) = (lone_left, lone_right);
    }

    /// Looks for two or three words in a row that the other side writes as one.
    fn join_words(&self, left: &Name, right: &Name, alignment: &mut Alignment) {
        let mut found: Vec<Pair> = Vec::new();
        for (two, one, swapped) in [(left, right, false), (right, left, true)] {
            let lone = if swapped { &alignment.lone_right } else { &alignment.lone_left };
            for (first, count) in (0..two.tokens.len()).flat_map(|first| [(first, 2), (first, 3)]) {
                let Some(row) = two.tokens.get(first..first + count) else { continue };
                if !(first..first + count).any(|at| lone.contains(&at))
                    || row.iter().any(|token| token.role == Role::Number)
                {
                    continue;
                }
                for (at, token) in one.tokens.iter().enumerate() {
                    let likeness = self.joined_likeness(row, token);
                    if likeness >= LEAST_JOINED {
                        let (l, lc, r, rc) =
                            if swapped { (at, 1, first, count) } else { (first, count, at, 1) };
                        let how = How::Joined;
                        found.push(Pair {
                            left: l,
                            left_count: lc,
                            right: r,
                            right_count: rc,
                            likeness,
                            how,
                        });
                    }
                }
            }
        }
        if found.is_empty() {
            return;
        }
        found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
        for pair in found {
            let meets = |other: &Pair| {
                let apart_left =
                    other.left + other.left_count <= pair.left || pair.left + pair.left_count <= other.left;
                let apart_right = other.right + other.right_count <= pair.right
                    || pair.right + pair.right_count <= other.right;
                !(apart_left && apart_right)
            };
            let displaced: f32 =
                alignment.pairs.iter().filter(|other| meets(other)).map(|other| other.likeness).sum();
            let joined_already = alignment.pairs.iter().any(|other| meets(other) && other.how == How::Joined);
            if !joined_already && displaced <= pair.likeness + 0.05 {
                alignment.pairs.retain(|other| !meets(other));
                alignment.pairs.push(pair);
            }
        }
        self.fill_lone(left, right, alignment);
    }

    /// Whether one side is a single word of first letters of the other, and nothing else agrees.
    fn is_acronym(&self, left: &Name, right: &Name, alignment: &Alignment) -> bool {
        if alignment.pairs.iter().any(|pair| pair.how != How::Initial && pair.likeness > 0.8) {
            return false;
        }
        let core = |name: &Name| -> Vec<usize> {
            let heavy = name.tokens.iter().enumerate().filter(|(_, token)| token.weight > 0.1);
            heavy.map(|(at, _)| at).collect()
        };
        [(left, right), (right, left)].iter().any(|(short, long)| {
            let [one] = core(short)[..] else { return false };
            let Some(token) = short.tokens.get(one).filter(|token| (3..=8).contains(&token.latin.len()))
            else {
                return false;
            };
            let heavy: String =
                core(long).iter().filter_map(|at| long.tokens.get(*at)?.latin.chars().next()).collect();
            token.latin == heavy || long.acronyms.contains(&token.latin)
        })
    }
}
