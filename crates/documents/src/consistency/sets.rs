//! Facts of which a document states several: containers, wagons, commodity codes, origins, dangerous goods.

use super::compare::{At, Comparison};
use super::finding::Inconsistency;
use super::statement::{StatedFact, Statement};
use std::collections::BTreeMap;

/// A kind of fact of which a document states several.
struct SetOf {
    /// Its row in the tolerances.
    fact: &'static str,
    /// Its word in sentences and codes.
    word: &'static str,
    /// The fact's key, if it is of this kind.
    key: fn(&StatedFact) -> Option<String>,
    /// Whether a document that states some has to state all; a certificate may cover a part of the goods.
    whole: bool,
}

const SETS: [SetOf; 5] = [
    SetOf {
        fact: "container",
        word: "container",
        key: |fact| match fact {
            StatedFact::Container(number) => Some(number.to_string()),
            _ => None,
        },
        whole: true,
    },
    SetOf {
        fact: "wagon",
        word: "wagon",
        key: |fact| match fact {
            StatedFact::Wagon(number) => Some(number.chars().filter(char::is_ascii_digit).collect()),
            _ => None,
        },
        whole: true,
    },
    SetOf {
        fact: "commodity",
        word: "commodity",
        key: |fact| match fact {
            StatedFact::Commodity(code) => Some(code.six_digits().to_owned()),
            _ => None,
        },
        whole: false,
    },
    SetOf {
        fact: "origin",
        word: "origin",
        key: |fact| match fact {
            StatedFact::Origin(country) => Some(country.to_string()),
            _ => None,
        },
        whole: false,
    },
    SetOf {
        fact: "dangerous",
        word: "dangerous-goods",
        key: |fact| match fact {
            StatedFact::Dangerous(number, ..) => Some(format!("{number:04}")),
            _ => None,
        },
        whole: true,
    },
];

impl<'a> Comparison<'a> {
    /// What one document states and the other does not, of the kinds of which both state some.
    pub(super) fn sets(&self) -> Vec<Inconsistency> {
        SETS.iter().flat_map(|set| self.set(set)).collect()
    }

    fn set(&self, set: &SetOf) -> Vec<Inconsistency> {
        let by_statement: Vec<(&'a Statement, BTreeMap<String, At<'a>>)> =
            self.statements.iter().map(|statement| (statement, keyed(statement, set.key))).collect();
        let mut stating = by_statement.iter().filter(|(_, keys)| !keys.is_empty());
        let Some((ours, our_keys)) = stating.next() else { return Vec::new() };
        let mut found = Vec::new();
        for (theirs, their_keys) in stating {
            let (Some(our_first), Some(their_first)) = (our_keys.values().next(), their_keys.values().next())
            else {
                continue;
            };
            for (_, at) in their_keys.iter().filter(|(key, _)| !our_keys.contains_key(*key)) {
                let message = absent(set, *at, ours, our_keys);
                found.extend(self.set_finding(set, "unknown", message, *our_first, *at));
            }
            let whole = set.whole && !theirs.is_partial;
            for (_, at) in our_keys.iter().filter(|(key, _)| whole && !their_keys.contains_key(*key)) {
                let message = absent(set, *at, theirs, their_keys);
                found.extend(self.set_finding(set, "missing", message, *at, *their_first));
            }
        }
        found
    }

    fn set_finding(
        &self,
        set: &SetOf,
        what: &str,
        message: String,
        ours: At<'_>,
        theirs: At<'_>,
    ) -> Option<Inconsistency> {
        let tolerance = self.weigh(set.fact)?;
        Some(self.beyond(tolerance, set.fact, &format!("{}-{what}", set.word), message, ours, theirs))
    }

    /// Class and packing group of dangerous goods that several documents name.
    pub(super) fn dangerous(&self) -> Vec<Inconsistency> {
        let all = self.pick(|fact| match fact {
            StatedFact::Dangerous(number, class, group) => Some((*number, class, group)),
            _ => None,
        });
        let mut found = Vec::new();
        for (index, (theirs, (number, class, group))) in all.iter().enumerate() {
            let earlier = all.get(..index).unwrap_or_default();
            let Some((ours, (_, our_class, our_group))) =
                earlier.iter().find(|(at, (other, ..))| other == number && !std::ptr::eq(at.0, theirs.0))
            else {
                continue;
            };
            let differ = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
            if differ(our_class, class) || differ(our_group, group) {
                let what = format!("what is said of UN {number:04}");
                found.extend(self.differ("dangerous", "dangerous-goods-differ", &what, *ours, *theirs));
            }
        }
        found
    }
}

/// How many of the other document's facts a sentence lists.
const MOST_LISTED: usize = 5;

/// The sentence about a fact that another document does not have, with what it has instead.
fn absent(set: &SetOf, at: At<'_>, other: &Statement, keys: &BTreeMap<String, At<'_>>) -> String {
    let mut values: Vec<String> =
        keys.values().take(MOST_LISTED).map(|(_, said)| said.fact.to_string()).collect();
    if keys.len() > MOST_LISTED {
        values.push("…".to_owned());
    }
    let path = keys.values().next().map_or("", |(_, said)| said.path.as_str());
    let (word, place, values) = (named(set.word), at.0.place(at.1), values.join(", "));
    format!("{word} {place} is not in the {}, which has {values} ({path})", other.document)
}

fn named(word: &str) -> String {
    match word {
        "commodity" => "commodity code".to_owned(),
        "origin" => "country of origin".to_owned(),
        "dangerous-goods" => "dangerous goods item".to_owned(),
        other => other.to_owned(),
    }
}

fn keyed<'a>(statement: &'a Statement, key: fn(&StatedFact) -> Option<String>) -> BTreeMap<String, At<'a>> {
    let mut keys = BTreeMap::new();
    for said in &statement.facts {
        if let Some(key) = key(&said.fact) {
            keys.entry(key).or_insert((statement, said));
        }
    }
    keys
}
