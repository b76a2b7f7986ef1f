//! A rule pack, checked and compiled: all of it or nothing.

use super::compile::compile_rules;
use super::expression::{Condition, Template};
use super::file::{PackFile, Parameter, ProfileFile, Resolved, RuleFile, Words};
use super::profile::Profile;
use super::quick::Screen;
use super::reading::{Expressions, Reading};
use super::schema::Kind;
use super::table::Table;
use super::table_file::read_rows;
use super::values::{self, Record, TableValue};
use crate::limits::{LONGEST_PACK_FILE, MOST_LANGUAGES, MOST_RULES};
use crate::{Act, PackRef, Period, Procedure};
use cel::IdedExpr;
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use kervan_model::{Confidence, Finding, TerritoryId};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Version of what expressions can see; it enters the hash of every pack.
const VOCABULARY: u32 = 2;

/// The rules by which an administration decides, from a date on.
#[derive(Debug)]
pub struct RulePack {
    reference: PackRef,
    pub(crate) resolved: Resolved,
    pub(crate) parameters: Record,
    pub(crate) tables: Record,
    pub(crate) decision_tables: BTreeMap<String, Arc<Table>>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) profiles: Vec<Profile>,
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
    /// What it leads to.
    pub act: Act,
    /// Whether what an officer does about it needs a second officer.
    pub four_eyes: bool,
    /// The condition as it is written.
    pub condition: String,
    /// The list that it walks, if it walks one.
    pub walks: Option<&'static str>,
    pub(crate) each: Option<Each>,
    pub(crate) when: Condition,
    /// The paths that the condition reads, as written and as evaluated.
    pub(crate) reads: Vec<(String, IdedExpr)>,
    pub(crate) screen: Screen,
    pub(crate) texts: Texts,
    /// Texts in other languages.
    pub(crate) translated: BTreeMap<String, Texts>,
    pub(crate) path: Option<Template>,
    pub(crate) since: Option<Date>,
    pub(crate) until: Option<Date>,
}

/// The texts of a finding, ready to be filled.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) title: String,
    pub(crate) message: Template,
    pub(crate) remedy: Template,
    /// The message as it is written.
    pub(crate) message_written: String,
    /// The remedy as it is written.
    pub(crate) remedy_written: String,
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
    pub(crate) fn find(word: &str) -> Option<Self> {
        [Self::Goods, Self::Equipment, Self::Documents, Self::Attachments]
            .into_iter()
            .find(|each| each.word() == word)
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Goods => "goods",
            Self::Equipment => "equipment",
            Self::Documents => "documents",
            Self::Attachments => "attachments",
        }
    }
}

impl Rule {
    pub(crate) fn in_force(&self, day: Date) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// The texts in a language; those in English where it has none.
    pub(crate) fn texts_in(&self, language: &str) -> &Texts {
        self.translated.get(language).unwrap_or(&self.texts)
    }

    /// What it demands, in a language if it has it.
    pub fn title_in(&self, language: &str) -> &str {
        &self.texts_in(language).title
    }

    /// What it says when it fires, in a language if it speaks it, with its expressions in braces.
    pub fn message_in(&self, language: &str) -> &str {
        &self.texts_in(language).message_written
    }

    /// What to do about it, in a language if it speaks it, with its expressions in braces.
    pub fn remedy_in(&self, language: &str) -> &str {
        &self.texts_in(language).remedy_written
    }

    /// The paths that its condition reads.
    pub fn list_paths(&self) -> impl Iterator<Item = &str> {
        self.reads.iter().map(|(path, _)| path.as_str())
    }

    /// The languages that it speaks besides English.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.translated.keys().map(String::as_str)
    }
}

impl RulePack {
    /// Reads a pack; `find` gives the text of a file beside it by its name: a library, a table, the words of a language.
    ///
    /// Errors: every finding of every rule, each with file, rule and field; a pack is never loaded in half.
    pub fn load(text: &str, find: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Finding>> {
        Self::read(text, &Reading::new(&find))
    }

    /// Reads a pack that is one of several. Errors: every finding of every rule.
    pub(super) fn read(text: &str, reading: &Reading<'_>) -> Result<Self, Vec<Finding>> {
        let file: PackFile = parse(text, "pack").map_err(|finding| vec![finding])?;
        let mut findings = Vec::new();
        let resolved = resolve(file, reading, &mut findings);
        Self::compile(resolved, &reading.expressions, findings)
    }

    /// Reads a pack as [`RulePack::canonical`] wrote it, with its libraries in place.
    ///
    /// Errors: every finding.
    pub fn load_canonical(text: &str) -> Result<Self, Vec<Finding>> {
        let resolved: Resolved = parse(text, "pack").map_err(|finding| vec![finding])?;
        Self::compile(resolved, &Expressions::default(), Vec::new())
    }

    fn compile(
        resolved: Resolved,
        expressions: &Expressions,
        mut findings: Vec<Finding>,
    ) -> Result<Self, Vec<Finding>> {
        check_pack(&resolved, &mut findings);
        let kinds = parameter_kinds(&resolved, &mut findings);
        let mut tables = BTreeMap::new();
        for (name, file) in &resolved.tables {
            match Table::compile(file) {
                Ok(table) => drop(tables.insert(name.clone(), Arc::new(table))),
                Err(faults) => findings.extend(faults.into_iter().map(|fault| {
                    Finding::error("rules.table", fault).at(format!("{}/tables/{name}", resolved.pack))
                })),
            }
        }
        let (rules, profiles) = compile_rules(&resolved, &kinds, &tables, expressions, &mut findings);
        if !findings.is_empty() {
            return Err(findings);
        }
        let hash = HEXLOWER.encode(&Sha256::digest(canonical(&resolved).map_err(|finding| vec![finding])?));
        let (id, version) = (resolved.pack.clone(), resolved.version.clone());
        Ok(Self {
            reference: PackRef { id, version, hash },
            parameters: parameter_values(&resolved.parameters),
            tables: Record::new(tables.iter().map(|(name, table)| {
                let value: Box<dyn cel::common::value::Val> = Box::new(TableValue(Arc::clone(table)));
                (name.clone(), Some(value))
            })),
            decision_tables: tables,
            resolved,
            rules,
            profiles,
        })
    }

    /// The content that the hash covers, as canonical JSON: libraries, tables and words are in place, so that nothing else
    /// is needed to decide by it again.
    ///
    /// Errors: never for a pack that was loaded.
    pub fn canonical(&self) -> Result<String, Finding> {
        let bytes = canonical(&self.resolved)?;
        String::from_utf8(bytes)
            .map_err(|error| Finding::error("rules.not-canonical", kervan_model::in_plain_words(&error)))
    }

    /// Id, version and hash.
    pub const fn reference(&self) -> &PackRef {
        &self.reference
    }

    /// What it is, in a sentence.
    pub fn title(&self) -> &str {
        &self.resolved.title
    }

    /// The territory whose administration decides by it.
    pub const fn territory(&self) -> &TerritoryId {
        &self.resolved.territory
    }

    /// The procedures that it serves.
    pub fn procedures(&self) -> &[Procedure] {
        &self.resolved.procedures
    }

    /// When it is in force.
    pub const fn effective(&self) -> Period {
        Period { since: self.resolved.since, until: self.resolved.until }
    }

    /// The languages that its rules should speak besides English.
    pub fn languages(&self) -> &[String] {
        &self.resolved.languages
    }

    /// Its rules, in order.
    pub fn list_rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Its risk profiles, in order.
    pub fn list_profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// A rule by its id.
    pub fn find_rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Whether an act of an officer, by its word, needs a second officer whatever the rules say.
    pub fn needs_four_eyes(&self, act: &str) -> bool {
        self.resolved.four_eyes.iter().any(|word| word == act)
    }

    /// Whether it is the pack for a procedure of a territory on a day of entry.
    pub fn serves(&self, territory: &TerritoryId, procedure: Procedure, day: Date) -> bool {
        self.resolved.territory == *territory
            && self.resolved.procedures.contains(&procedure)
            && self.effective().contains(day)
    }
}

/// Puts libraries, tables and words in place.
fn resolve(mut file: PackFile, reading: &Reading<'_>, findings: &mut Vec<Finding>) -> Resolved {
    let (mut rules, mut profiles): (Vec<RuleFile>, Vec<ProfileFile>) = (Vec::new(), Vec::new());
    for name in &file.include {
        let Some(library) = reading.library(name) else {
            let message = format!("the library `{name}` is missing");
            findings.push(Finding::error("rules.library-missing", message).at(file.pack.clone()));
            continue;
        };
        match library {
            Ok(library) => {
                rules.extend_from_slice(&library.rules);
                profiles.extend_from_slice(&library.profiles);
                for (name, value) in &library.parameters {
                    file.parameters.entry(name.clone()).or_insert_with(|| value.clone());
                }
                for (name, table) in &library.tables {
                    file.tables.entry(name.clone()).or_insert_with(|| table.clone());
                }
            }
            Err(finding) => findings.push(finding),
        }
    }
    for id in &file.without {
        if !rules.iter().any(|rule| rule.id == *id) && !profiles.iter().any(|profile| profile.id == *id) {
            let message = format!("`without` names `{id}`, which no library has");
            findings.push(Finding::error("rules.without-unknown", message).at(file.pack.clone()));
        }
    }
    rules.retain(|rule| !file.without.contains(&rule.id));
    rules.append(&mut file.rules);
    profiles.retain(|profile| !file.without.contains(&profile.id));
    profiles.append(&mut file.profiles);
    for (name, table) in &mut file.tables {
        if let Some(rows) = table.file.take() {
            match read_rows(&rows, reading) {
                Ok(more) => table.rows.extend(more),
                Err(fault) => findings
                    .push(Finding::error("rules.table", fault).at(format!("{}/tables/{name}", file.pack))),
            }
        }
    }
    for language in &file.languages {
        add_words(language, &mut rules, reading, findings);
    }
    Resolved {
        pack: file.pack,
        version: file.version,
        title: file.title,
        territory: file.territory,
        procedures: file.procedures,
        since: file.since,
        until: file.until,
        languages: file.languages,
        four_eyes: file.four_eyes,
        parameters: file.parameters,
        tables: file.tables,
        rules,
        profiles,
        vocabulary: VOCABULARY,
    }
}

/// Gives each rule its words in a language, from `TAG.words.yaml`, unless it has its own.
fn add_words(language: &str, rules: &mut [RuleFile], reading: &Reading<'_>, findings: &mut Vec<Finding>) {
    let name = format!("{language}.words.yaml");
    let Some(words) = reading.words(&name) else { return };
    match words {
        Ok(file) => {
            for rule in rules {
                if let Some(words) = file.rules.get(&rule.id) {
                    rule.words.entry(file.language.clone()).or_insert_with(|| Words::clone(words));
                }
            }
        }
        Err(finding) => findings.push(finding),
    }
}

pub(super) fn parse<T: DeserializeOwned>(text: &str, name: &str) -> Result<T, Finding> {
    if text.len() > LONGEST_PACK_FILE {
        let message = format!("the file has more than {LONGEST_PACK_FILE} bytes");
        return Err(Finding::error("rules.file-too-long", message).at(name));
    }
    serde_norway::from_str(text).map_err(|error| {
        Finding::error("rules.file", kervan_model::in_plain_words(&error))
            .at(name)
            .remedy("see data/rules/README.md for the form")
    })
}

fn check_pack(file: &Resolved, findings: &mut Vec<Finding>) {
    let rules = &file.rules;
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
    if file.languages.len() > MOST_LANGUAGES {
        fault(
            "too-many-languages",
            format!("{} languages are more than {MOST_LANGUAGES}", file.languages.len()),
        );
    }
    if file.vocabulary != VOCABULARY {
        let text =
            format!("the pack was written for vocabulary {}, this program has {VOCABULARY}", file.vocabulary);
        fault("vocabulary", text);
    }
    let mut ids = BTreeSet::new();
    for rule in rules {
        if !ids.insert(&rule.id) {
            fault("rule-twice", format!("the rule `{}` stands twice", rule.id));
        }
    }
}

fn parameter_kinds(file: &Resolved, findings: &mut Vec<Finding>) -> BTreeMap<String, Kind> {
    let mut kinds = BTreeMap::new();
    for (name, value) in &file.parameters {
        let kind = match value {
            Parameter::Bool(_) => Kind::Bool,
            Parameter::Int(_) => Kind::Int,
            Parameter::Text(_) => Kind::Text,
            Parameter::Ints(_) => Kind::Ints,
            Parameter::Texts(_) => Kind::Texts,
        };
        kinds.insert(name.clone(), kind);
    }
    for name in kinds.keys().chain(file.tables.keys()) {
        if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            let message =
                format!("the parameter or table `{name}` needs small letters, digits and underscores");
            findings.push(Finding::error("rules.parameter", message).at(file.pack.clone()));
        }
    }
    kinds
}

fn parameter_values(parameters: &BTreeMap<String, Parameter>) -> Record {
    Record::new(parameters.iter().map(|(name, value)| {
        let value = match value {
            Parameter::Bool(value) => values::bool(*value),
            Parameter::Int(value) => values::int(*value),
            Parameter::Text(value) => values::text(value.clone()),
            Parameter::Ints(list) => values::list(list.iter().copied().map(values::int)),
            Parameter::Texts(list) => values::list(list.iter().cloned().map(values::text)),
        };
        (name.clone(), value)
    }))
}

fn canonical(resolved: &Resolved) -> Result<Vec<u8>, Finding> {
    serde_json_canonicalizer::to_vec(resolved)
        .map_err(|error| Finding::error("rules.not-canonical", error.to_string()).at(resolved.pack.clone()))
}
