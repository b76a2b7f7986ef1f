//! The rules and conditions of the procedure: which there are, and the functions of those that need one.

mod against;
mod condition;
mod equipment;
mod goods;
mod head;
mod levels;
mod lists;
mod numbering;
mod numbers;
mod packages;
mod parties;
mod places;
mod transport;

use crate::element::Element;
use crate::message::Message;
use crate::message_type::MessageType;
use crate::raise::{Faults, Raised};
use crate::report::Layer;
use crate::schema::rows;
use against::PAIRS;
use condition::{Condition, ConditionRow};
use kervan_model::{Confidence, Finding, Severity};
pub use lists::find_in_list;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const RULES: &str = include_str!("../../../data/ncts/rules.csv");
const CONDITIONS: &str = include_str!("../../../data/ncts/conditions.csv");

/// How far a rule is held by a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Held {
    /// By a function.
    Function,
    /// By rows of conditions.
    Condition,
    /// In part; the note says which part is not.
    Partly,
    /// Where the other message that it speaks of is there too.
    Pair,
    /// Not; the note says why.
    No,
}

/// A rule or condition of the procedure.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
pub struct Rule {
    /// Its number, such as `C0055`.
    pub rule: String,
    /// What it is about.
    pub topic: String,
    /// Messages that it is held in: codes, `*` for all, `!` before one that is not.
    pub messages: String,
    /// How far it is held.
    pub held: Held,
    /// How much a breach weighs.
    pub severity: Severity,
    /// What it says, in our words.
    pub meaning: String,
    /// What to do about a breach.
    pub remedy: String,
    /// What of it is not held, and why.
    pub note: String,
    /// Where it is from.
    pub source: String,
    /// How far our reading can be trusted.
    pub confidence: Confidence,
}

impl Rule {
    /// Whether the rule is one of messages of the kind.
    fn names(&self, kind: MessageType) -> bool {
        let mut words = self.messages.split_whitespace();
        let excluded = words.clone().any(|word| word.strip_prefix('!') == Some(kind.code()));
        !excluded && words.any(|word| word == "*" || word == kind.code())
    }

    /// Whether the rule is held in messages of the kind, whatever other messages are there.
    pub fn speaks_of(&self, kind: MessageType) -> bool {
        !matches!(self.held, Held::No | Held::Pair) && self.names(kind)
    }
}

type Check = fn(&mut Sheet<'_>);

/// The functions, by the number of their rule.
const FUNCTIONS: &[(&str, Check)] = &[
    ("C0001", levels::consignee),
    ("C0030", places::transit_needed),
    ("C0055", equipment::container_indicator),
    ("C0060", packages::number_and_marks),
    ("C0250", parties::name_and_address),
    ("C0343", levels::destination),
    ("C0387", places::loading),
    ("C0394", places::location_of_goods),
    ("C0460", places::location_of_incident),
    ("C0502", levels::reference),
    ("C0542", levels::consignor),
    ("C0569", equipment::seals_listed),
    ("C0670", equipment::goods_of_equipment),
    ("C0826", levels::means),
    ("C0837", goods::net_mass),
    ("C0909", levels::dispatch),
    ("CODE-LIST", lists::codes),
    ("CONTAINER", numbers::container),
    ("DATES", head::dates),
    ("GRN", numbers::grn),
    ("MESSAGE-TYPE", head::message_type),
    ("R0003", places::transit_offices),
    ("R0004", head::after_release),
    ("R0005", head::after_preparation),
    ("R0006", places::transit_at_destination),
    ("R0007", numbering::declaration_items),
    ("R0020", goods::union_goods),
    ("R0028", numbers::mrn),
    ("R0076", transport::capitals_at_border),
    ("R0103", places::exit_offices),
    ("R0106", equipment::seals_counted),
    ("R0107", equipment::seals_once),
    ("R0219", packages::all_zero),
    ("R0220", packages::unpacked_not_zero),
    ("R0221", packages::no_mass),
    ("R0223", goods::net_and_gross),
    ("R0315", transport::flight),
    ("R0318", numbers::grn_length),
    ("R0364", packages::packed_with),
    ("R0416", numbers::export_mrn),
    ("R0448", equipment::neither_container_nor_seal),
    ("R0472", transport::kind_and_mode),
    ("R0473", transport::capitals_at_departure),
    ("R0474", transport::tractor_first),
    ("R0476", transport::trailers_after),
    ("R0506", levels::same_in_houses),
    ("R0507", levels::same_in_items),
    ("R0509", places::one_office),
    ("R0789", transport::border_means),
    ("R0850", parties::identification),
    ("R0855", transport::how_many),
    ("R0983", goods::house_mass),
    ("R0987", numbering::sequences),
    ("R0988", numbering::house_items),
    ("R0994", goods::consignment_mass),
];

/// The rules with what holds them.
#[derive(Debug, Default)]
struct RuleBook {
    rules: Vec<Rule>,
    conditions: BTreeMap<String, Vec<Condition>>,
}

impl RuleBook {
    fn published() -> &'static Self {
        static BOOK: OnceLock<RuleBook> = OnceLock::new();
        // A test reads the embedded tables and finds no fault in them.
        BOOK.get_or_init(|| Self::read().0)
    }

    fn read() -> (Self, Vec<Finding>) {
        let mut findings = Vec::new();
        let rules: Vec<Rule> = rows("rules.csv", RULES, &mut findings);
        let mut conditions: BTreeMap<String, Vec<Condition>> = BTreeMap::new();
        for row in rows::<ConditionRow>("conditions.csv", CONDITIONS, &mut findings) {
            let (rule, shown) = (row.rule.clone(), row.when.clone());
            match Condition::read(row) {
                Some(condition) if rules.iter().any(|known| known.rule == rule) => {
                    conditions.entry(rule).or_default().push(condition);
                }
                _ => {
                    let what = format!("a condition of rule {rule} cannot be read: {shown}");
                    findings.push(Finding::error("ncts.table", what).at("conditions.csv"));
                }
            }
        }
        (Self { rules, conditions }, findings)
    }
}

/// Every rule that we know of, held or not.
pub fn list_rules() -> &'static [Rule] {
    &RuleBook::published().rules
}

/// What a rule looks at, and where it puts what it finds.
struct Sheet<'a> {
    message: &'a Message,
    rule: &'a Rule,
    faults: &'a mut Faults,
}

impl<'a> Sheet<'a> {
    fn root(&self) -> &'a Element {
        &self.message.root
    }

    /// A breach at an element.
    fn raise(&mut self, at: &Element, message: impl Into<String>, expected: impl Into<String>, found: &str) {
        self.push(at, None, message.into(), expected.into(), found);
    }

    /// A breach for want of an element.
    fn raise_missing(&mut self, at: &Element, name: &str, message: impl Into<String>) {
        self.push(at, Some(name), message.into(), String::new(), "");
    }

    fn push(&mut self, at: &Element, below: Option<&str>, message: String, expected: String, found: &str) {
        // Rules of our own have words for names, those of the procedure numbers.
        let own = !self.rule.rule.bytes().any(|byte| byte.is_ascii_digit());
        let name = if own { self.rule.rule.to_lowercase() } else { self.rule.rule.clone() };
        let code = format!("ncts.{name}");
        let mut raised = Raised::new(Layer::Rule, &code, message)
            .rule(&self.rule.rule, &self.rule.source, self.rule.severity)
            .remedy(self.rule.remedy.clone());
        if let Some(name) = below {
            raised = raised.below(name);
        }
        if !expected.is_empty() {
            raised = raised.expected(expected);
        }
        if !found.is_empty() {
            raised = raised.found(found);
        }
        self.faults.raise(at, raised);
    }

    /// Every element at the end of any of the paths.
    fn list_all(&self, paths: &[&str]) -> Vec<&'a Element> {
        let root = self.root();
        paths.iter().flat_map(|path| root.list_at(path)).collect()
    }

    /// The house consignments.
    fn houses(&self) -> Vec<&'a Element> {
        self.root().list_at("Consignment/HouseConsignment")
    }

    /// The goods items of all house consignments.
    fn items(&self) -> Vec<&'a Element> {
        self.root().list_at("Consignment/HouseConsignment/ConsignmentItem")
    }
}

/// Raises every breach of a rule that speaks of the message, of those of two messages as far as the other one is there.
pub(crate) fn check_rules(message: &Message, others: &[Message], faults: &mut Faults) {
    let book = RuleBook::published();
    let of_two = book.rules.iter().filter(|rule| rule.held == Held::Pair && rule.names(message.kind));
    for rule in of_two {
        let Some(pair) = PAIRS.iter().find(|pair| pair.rule == rule.rule) else { continue };
        let fits = |other: &&Message| pair.other.is_empty() || pair.other.contains(&other.kind);
        // Of several the last one counts: an amendment stands for the declaration.
        if let Some(other) = others.iter().rev().find(fits) {
            (pair.check)(&mut Sheet { message, rule, faults: &mut *faults }, other);
        }
    }
    for rule in book.rules.iter().filter(|rule| rule.speaks_of(message.kind)) {
        let mut sheet = Sheet { message, rule, faults: &mut *faults };
        if let Some((_, check)) = FUNCTIONS.iter().find(|(number, _)| *number == rule.rule) {
            check(&mut sheet);
        }
        for condition in book.conditions.get(&rule.rule).into_iter().flatten() {
            condition.check(&mut sheet);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_that_is_held_has_what_holds_it() {
        let (book, findings) = RuleBook::read();
        assert!(findings.is_empty(), "{findings:#?}");
        for rule in &book.rules {
            let held = book.conditions.contains_key(&rule.rule)
                || FUNCTIONS.iter().any(|(number, _)| *number == rule.rule)
                || PAIRS.iter().any(|pair| pair.rule == rule.rule);
            assert_eq!(
                PAIRS.iter().any(|pair| pair.rule == rule.rule),
                rule.held == Held::Pair,
                "{}",
                rule.rule
            );
            assert_eq!(held, rule.held != Held::No, "{}", rule.rule);
            assert!(rule.held != Held::No || !rule.note.is_empty(), "{}: say why", rule.rule);
            for word in rule.messages.split_whitespace().filter(|word| *word != "*") {
                assert!(MessageType::find(word.trim_start_matches('!')).is_some(), "{}: {word}", rule.rule);
            }
        }
        for (number, _) in FUNCTIONS {
            assert!(book.rules.iter().any(|rule| rule.rule == *number), "{number} has no row");
        }
        for pair in PAIRS {
            assert!(book.rules.iter().any(|rule| rule.rule == pair.rule), "{} has no row", pair.rule);
        }
        assert!(book.rules.is_sorted_by_key(|rule| rule.rule.clone()));
    }
}
