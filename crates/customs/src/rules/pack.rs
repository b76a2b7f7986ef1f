//! A rule pack, checked and compiled: all of it or nothing.

use super::check::Scope;
use super::expression::{Condition, Template};
use super::file::{LibraryFile, PackFile, Parameter, Resolved, RuleFile, RuleOutcome};
use super::schema::{EACH, EACH_INDEX, Kind, VARIABLES};
use super::values::{self, Record};
use crate::limits::{LONGEST_PACK_FILE, LONGEST_TEXT, MOST_RULES};
use crate::{PackRef, Period, Procedure};
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use kervan_model::{Confidence, Finding, TerritoryId};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Version of what expressions can see; it enters the hash of every pack.
const VOCABULARY: u32 = 1;

/// The rules by which an administration decides, from a date on.
#[derive(Debug)]
pub struct RulePack {
    reference: PackRef,
    title: String,
    territory: TerritoryId,
    procedures: Vec<Procedure>,
    effective: Period,
    pub(crate) parameters: Record,
    pub(crate) rules: Vec<Rule>,
}

/// A rule, compiled.
#[derive(Debug)]
pub struct Rule {
    /// Its id, unique in the pack.
    pub id: String,
    /// What it demands, in a sentence.
    pub title: String,
    /// The law, or `judgement: ...`.
    pub source: String,
    /// How sure we are that the law says so.
    pub confidence: Confidence,
    /// Code of its finding.
    pub code: String,
    pub(crate) outcome: RuleOutcome,
    pub(crate) each: Option<Each>,
    pub(crate) when: Condition,
    pub(crate) message: Template,
    pub(crate) path: Option<Template>,
    pub(crate) remedy: Template,
    pub(crate) since: Option<Date>,
    pub(crate) until: Option<Date>,
}

/// The list that a rule walks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Each {
    Goods,
    Equipment,
    Documents,
    Attachments,
}

impl Each {
    fn find(word: &str) -> Option<Self> {
        match word {
            "goods" => Some(Self::Goods),
            "equipment" => Some(Self::Equipment),
            "documents" => Some(Self::Documents),
            "attachments" => Some(Self::Attachments),
            _ => None,
        }
    }
}

impl Rule {
    pub(crate) fn in_force(&self, day: Date) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }
}

impl RulePack {
    /// Reads a pack; `library` gives the text of an included file by its name.
    ///
    /// Errors: every finding of every rule, each with file, rule and field; a pack is never loaded in half.
    pub fn load(text: &str, library: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Finding>> {
        let mut file: PackFile = parse(text, "pack").map_err(|finding| vec![finding])?;
        let mut findings = Vec::new();
        let mut rules = Vec::new();
        for name in &file.include {
            let Some(text) = library(name) else {
                let message = format!("the library `{name}` is missing");
                findings.push(Finding::error("rules.library-missing", message).at(file.pack.clone()));
                continue;
            };
            match parse::<LibraryFile>(&text, name) {
                Ok(library) => {
                    rules.extend(library.rules);
                    for (name, value) in library.parameters {
                        file.parameters.entry(name).or_insert(value);
                    }
                }
                Err(finding) => findings.push(finding),
            }
        }
        for id in &file.without {
            if !rules.iter().any(|rule| rule.id == *id) {
                let message = format!("`without` names `{id}`, which no library has");
                findings.push(Finding::error("rules.without-unknown", message).at(file.pack.clone()));
            }
        }
        rules.retain(|rule| !file.without.contains(&rule.id));
        rules.append(&mut file.rules);
        check_pack(&file, &rules, &mut findings);
        let kinds = parameter_kinds(&file, &mut findings);
        let mut compiled = Vec::with_capacity(rules.len());
        for rule in &rules {
            match compile_rule(&file.pack, rule, &kinds) {
                Ok(rule) => compiled.push(rule),
                Err(more) => findings.extend(more),
            }
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let hash = hash_of(&file, &rules).map_err(|finding| vec![finding])?;
        Ok(Self {
            reference: PackRef { id: file.pack, version: file.version, hash },
            title: file.title,
            territory: file.territory,
            procedures: file.procedures,
            effective: Period { since: file.since, until: file.until },
            parameters: parameter_values(file.parameters),
            rules: compiled,
        })
    }

    /// Id, version and hash.
    pub const fn reference(&self) -> &PackRef {
        &self.reference
    }

    /// What it is, in a sentence.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The territory whose administration decides by it.
    pub const fn territory(&self) -> &TerritoryId {
        &self.territory
    }

    /// When it is in force.
    pub const fn effective(&self) -> Period {
        self.effective
    }

    /// Its rules, in order.
    pub fn list_rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Whether it is the pack for a procedure of a territory on a day of entry.
    pub fn serves(&self, territory: &TerritoryId, procedure: Procedure, day: Date) -> bool {
        self.territory == *territory && self.procedures.contains(&procedure) && self.effective.contains(day)
    }
}

fn parse<T: DeserializeOwned>(text: &str, name: &str) -> Result<T, Finding> {
    if text.len() > LONGEST_PACK_FILE {
        let message = format!("the file has more than {LONGEST_PACK_FILE} bytes");
        return Err(Finding::error("rules.file-too-long", message).at(name));
    }
    serde_norway::from_str(text).map_err(|error| {
        Finding::error("rules.file", error.to_string())
            .at(name)
            .remedy("see data/rules/README.md for the form")
    })
}

fn check_pack(file: &PackFile, rules: &[RuleFile], findings: &mut Vec<Finding>) {
    let mut fault = |code: &str, message: String| {
        findings.push(Finding::error(format!("rules.{code}"), message).at(file.pack.clone()));
    };
    if rules.is_empty() || rules.len() > MOST_RULES {
        fault("rule-count", format!("the pack has {} rules, not 1 to {MOST_RULES}", rules.len()));
    }
    if file.procedures.is_empty() {
        fault("no-procedure", "the pack serves no procedure".to_owned());
    }
    if file.until.is_some_and(|until| until < file.since) {
        fault("period", "`until` is before `since`".to_owned());
    }
    let mut ids = BTreeSet::new();
    for rule in rules {
        if !ids.insert(&rule.id) {
            fault("rule-twice", format!("the rule `{}` stands twice", rule.id));
        }
    }
}

fn parameter_kinds(file: &PackFile, findings: &mut Vec<Finding>) -> BTreeMap<String, Kind> {
    let mut kinds = BTreeMap::new();
    for (name, value) in &file.parameters {
        let kind = match value {
            Parameter::Bool(_) => Kind::Bool,
            Parameter::Int(_) => Kind::Int,
            Parameter::Text(_) => Kind::Text,
            Parameter::Ints(_) => Kind::Ints,
            Parameter::Texts(_) => Kind::Texts,
        };
        let shaped = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !shaped {
            let message = format!("the parameter `{name}` needs small letters, digits and underscores");
            findings.push(Finding::error("rules.parameter", message).at(file.pack.clone()));
        }
        kinds.insert(name.clone(), kind);
    }
    kinds
}

fn parameter_values(parameters: BTreeMap<String, Parameter>) -> Record {
    Record::new(parameters.into_iter().map(|(name, value)| {
        let value = match value {
            Parameter::Bool(value) => values::bool(value),
            Parameter::Int(value) => values::int(value),
            Parameter::Text(value) => values::text(value),
            Parameter::Ints(list) => values::list(list.into_iter().map(values::int)),
            Parameter::Texts(list) => values::list(list.into_iter().map(values::text)),
        };
        (name, value)
    }))
}

fn hash_of(file: &PackFile, rules: &[RuleFile]) -> Result<String, Finding> {
    let resolved = Resolved {
        pack: &file.pack,
        version: &file.version,
        title: &file.title,
        territory: &file.territory,
        procedures: &file.procedures,
        since: file.since,
        until: file.until,
        parameters: &file.parameters,
        rules,
        vocabulary: VOCABULARY,
    };
    let bytes = serde_json_canonicalizer::to_vec(&resolved)
        .map_err(|error| Finding::error("rules.not-canonical", error.to_string()).at(file.pack.clone()))?;
    Ok(HEXLOWER.encode(&Sha256::digest(&bytes)))
}

fn compile_rule(
    pack: &str,
    rule: &RuleFile,
    parameters: &BTreeMap<String, Kind>,
) -> Result<Rule, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut fault = |field: &str, message: String| {
        let path = format!("{pack}/{}/{field}", rule.id);
        findings.push(Finding::error("rules.rule", message).at(path).remedy("see data/rules/README.md"));
    };
    let mut variables: BTreeMap<&'static str, Kind> =
        VARIABLES.iter().map(|field| (field.name, field.kind)).collect();
    let each = rule.each.as_deref().and_then(Each::find);
    if let Some(word) = &rule.each {
        match EACH.iter().find(|(name, _)| name == word) {
            Some((_, fields)) => {
                variables.insert("it", Kind::Record(fields));
                variables.insert(EACH_INDEX.name, EACH_INDEX.kind);
            }
            None => fault("each", format!("`{word}` is none of goods, equipment, documents, attachments")),
        }
    }
    for (field, text) in
        [("id", &rule.id), ("title", &rule.title), ("source", &rule.source), ("code", &rule.code)]
    {
        if text.trim().is_empty() || text.chars().count() > LONGEST_TEXT {
            fault(field, format!("the text is empty or longer than {LONGEST_TEXT} characters"));
        }
    }
    if rule.confidence == Confidence::Low && !rule.source.starts_with("judgement") {
        fault("source", "a source of low confidence must begin with `judgement`".to_owned());
    }
    let scope = Scope { variables, parameters };
    let when = Condition::compile(&rule.when, &scope)
        .map_err(|faults| faults.into_iter().for_each(|text| fault("when", text)))
        .ok();
    let guards = when.as_ref().map(|(_, guards)| guards.clone()).unwrap_or_default();
    let mut template = |field: &str, text: &str| {
        Template::compile(text, &scope, &guards)
            .map_err(|faults| faults.into_iter().for_each(|text| fault(field, text)))
            .ok()
    };
    let message = template("message", &rule.message);
    let remedy = template("remedy", &rule.remedy);
    let path = rule.path.as_ref().map(|path| template("path", path));
    let path_read = path.as_ref().is_none_or(Option::is_some);
    match (when, message, remedy) {
        (Some((when, _)), Some(message), Some(remedy)) if findings.is_empty() && path_read => Ok(Rule {
            id: rule.id.clone(),
            title: rule.title.clone(),
            source: rule.source.clone(),
            confidence: rule.confidence,
            code: rule.code.clone(),
            outcome: rule.outcome,
            each,
            when,
            message,
            path: path.flatten(),
            remedy,
            since: rule.since,
            until: rule.until,
        }),
        _ => Err(findings),
    }
}
