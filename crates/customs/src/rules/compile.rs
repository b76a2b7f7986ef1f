//! From rules as they are written to rules that can be asked.

use super::check::{Guards, Scope};
use super::expression::{Condition, Template, flat};
use super::file::{Resolved, RuleFile};
use super::pack::{Each, Rule, Texts};
use super::profile::{Profile, compile_profiles};
use super::quick::Screen;
use super::reading::Expressions;
use super::render::list_paths;
use super::schema::{EACH, EACH_INDEX, Kind, TableShape, VARIABLES};
use super::table::{KeyKind, Table};
use crate::limits::LONGEST_TEXT;
use kervan_model::{Confidence, Finding};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The kinds of tables.
fn table_kinds(tables: &BTreeMap<String, Arc<Table>>) -> BTreeMap<String, Kind> {
    let shape = |table: &Table| TableShape {
        keys: u8::try_from(table.keys.len()).unwrap_or(u8::MAX),
        int_keys: table.keys.iter().enumerate().fold(0, |bits, (number, kind)| match kind {
            KeyKind::Int => bits | 1 << number,
            KeyKind::Text => bits,
        }),
        gives_ints: table.gives_ints(),
        collects: table.collects(),
        always_answers: table.always_answers(),
    };
    tables.iter().map(|(name, table)| (name.clone(), Kind::Table(shape(table)))).collect()
}

/// Compiles every rule and profile; what is wrong goes to the findings.
pub(super) fn compile_rules(
    resolved: &Resolved,
    parameters: &BTreeMap<String, Kind>,
    tables: &BTreeMap<String, Arc<Table>>,
    expressions: &Expressions,
    findings: &mut Vec<Finding>,
) -> (Vec<Rule>, Vec<Profile>) {
    let table_kinds = table_kinds(tables);
    let kinds = Kinds { parameters, tables: &table_kinds, compiled: tables, expressions };
    let mut compiled = Vec::with_capacity(resolved.rules.len());
    for rule in &resolved.rules {
        let mut faults = Faults { place: format!("{}/{}", resolved.pack, rule.id), findings };
        let before = faults.findings.len();
        let rule = compile_rule(resolved, rule, &kinds, &mut faults);
        if findings.len() == before {
            compiled.extend(rule);
        }
    }
    let profiles = compile_profiles(resolved, &kinds, findings);
    (compiled, profiles)
}

/// What the names of a pack stand for.
pub(super) struct Kinds<'a> {
    pub(super) parameters: &'a BTreeMap<String, Kind>,
    pub(super) tables: &'a BTreeMap<String, Kind>,
    pub(super) compiled: &'a BTreeMap<String, Arc<Table>>,
    pub(super) expressions: &'a Expressions,
}

/// Faults of one rule.
pub(super) struct Faults<'f> {
    pub(super) place: String,
    pub(super) findings: &'f mut Vec<Finding>,
}

impl Faults<'_> {
    /// How many there are, of all rules so far.
    pub(super) fn count(&self) -> usize {
        self.findings.len()
    }

    pub(super) fn add(&mut self, field: &str, message: String) {
        let path = format!("{}/{field}", self.place);
        self.findings.push(Finding::error("rules.rule", message).at(path).remedy("see data/rules/README.md"));
    }

    pub(super) fn keep<T>(&mut self, field: &str, result: Result<T, Vec<String>>) -> Option<T> {
        result.map_err(|faults| faults.into_iter().for_each(|text| self.add(field, text))).ok()
    }
}

/// The names that an expression may use which walks a list, or none.
pub(super) fn scope_of<'a>(each: Option<&str>, kinds: &Kinds<'a>, faults: &mut Faults<'_>) -> Scope<'a> {
    let (parameters, tables) = (kinds.parameters, kinds.tables);
    let mut variables: BTreeMap<&'static str, Kind> =
        VARIABLES.iter().map(|field| (field.name, field.kind)).collect();
    if let Some(word) = each {
        match EACH.iter().find(|(name, _)| *name == word) {
            Some((_, fields)) => {
                variables.insert("it", Kind::Record(fields));
                variables.insert(EACH_INDEX.name, EACH_INDEX.kind);
            }
            None => {
                faults.add("each", format!("`{word}` is none of goods, equipment, documents, attachments"));
            }
        }
    }
    Scope { variables, parameters, tables, expressions: kinds.expressions }
}

fn check_texts(rule: &RuleFile, faults: &mut Faults<'_>) {
    for (field, text) in
        [("id", &rule.id), ("title", &rule.title), ("source", &rule.source), ("code", &rule.code)]
    {
        if text.trim().is_empty() || text.chars().count() > LONGEST_TEXT {
            faults.add(field, format!("the text is empty or longer than {LONGEST_TEXT} characters"));
        }
    }
    if rule.confidence == Confidence::Low && !rule.source.starts_with("judgement") {
        faults.add("source", "a source of low confidence must begin with `judgement`".to_owned());
    }
}

fn compile_rule(
    resolved: &Resolved,
    rule: &RuleFile,
    kinds: &Kinds<'_>,
    faults: &mut Faults<'_>,
) -> Option<Rule> {
    check_texts(rule, faults);
    let scope = scope_of(rule.each.as_deref(), kinds, faults);
    let each = rule.each.as_deref().and_then(Each::find);
    let when = faults.keep("when", Condition::compile(&rule.when, &scope));
    let guards = when.as_ref().map(|(_, guards)| guards.clone()).unwrap_or_default();
    let texts = texts_of(&rule.title, &rule.message, &rule.remedy, "", (&scope, &guards), faults);
    let mut translated = BTreeMap::new();
    for (language, words) in &rule.words {
        let prefix = format!("words/{language}/");
        let texts = texts_of(&words.title, &words.message, &words.remedy, &prefix, (&scope, &guards), faults);
        translated.extend(texts.map(|texts| (language.clone(), texts)));
    }
    let path = match &rule.path {
        Some(path) => Some(faults.keep("path", Template::compile(path, &scope, &guards))?),
        None => None,
    };
    let (when, _) = when?;
    let reads = list_paths(&when.written).into_iter().map(|(name, path)| (name, flat(&path))).collect();
    Some(Rule {
        id: rule.id.clone(),
        title: rule.title.clone(),
        source: rule.source.clone(),
        confidence: rule.confidence,
        code: rule.code.clone(),
        act: rule.outcome,
        four_eyes: rule.four_eyes,
        condition: rule.when.clone(),
        walks: each.map(Each::word),
        each,
        screen: Screen::of(&when.written, &resolved.parameters, kinds.compiled, each),
        when,
        reads,
        texts: texts?,
        translated,
        path,
        since: rule.since,
        until: rule.until,
    })
}

fn texts_of(
    title: &str,
    message: &str,
    remedy: &str,
    prefix: &str,
    (scope, guards): (&Scope<'_>, &Guards),
    faults: &mut Faults<'_>,
) -> Option<Texts> {
    let (message_written, remedy_written) = (message.to_owned(), remedy.to_owned());
    let message = faults.keep(&format!("{prefix}message"), Template::compile(message, scope, guards));
    let remedy = faults.keep(&format!("{prefix}remedy"), Template::compile(remedy, scope, guards));
    Some(Texts {
        title: title.to_owned(),
        message: message?,
        remedy: remedy?,
        message_written,
        remedy_written,
    })
}
