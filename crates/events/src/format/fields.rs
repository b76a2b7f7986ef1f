//! Walks an object along its shape and reports every field that is missing, unknown or of another form.

use super::checker::{Checker, Step, shown};
use super::shapes::{Field, Kind, List, Need, Others, Shape};
use super::syntax;
use crate::event::Action;
use crate::identifier::{EpcFault, check_epc};
use crate::limits::MOST_LEVELS;
use crate::vocabulary::{Vocabulary, Word};
use kervan_model::Finding;
use serde_json::{Map, Value};

/// Checks the fields of an object against tables of fields; `others` says which further fields it may have.
pub(super) fn check_object<'a>(
    checker: &mut Checker<'a>,
    object: &'a Map<String, Value>,
    tables: &[&'static [Field]],
    others: Others,
) {
    for field in tables.iter().copied().flatten() {
        match object.get(field.name) {
            Some(value) => checker.within(Step::Field(field.name), |c| check_value(c, value, field.kind)),
            None => match field.need {
                Need::Optional => {}
                Need::Unless(other) if object.contains_key(other) => {}
                Need::Required | Need::Unless(_) => {
                    checker.error("events.missing-field", format!("`{}` is missing", field.name));
                }
            },
        }
    }
    if others == Others::Any {
        return;
    }
    for name in object.keys() {
        let known = tables.iter().copied().flatten().any(|field| field.name == name);
        let extension = others == Others::Uris && syntax::is_uri(name);
        if !known && !extension {
            checker.within(Step::Field(name), |c| unknown_field(c, name, tables));
        }
    }
}

fn unknown_field(checker: &mut Checker<'_>, name: &str, tables: &[&'static [Field]]) {
    let message = format!("the standard has no field `{}` here", shown(name));
    let folded = name.to_lowercase();
    let fields = || tables.iter().copied().flatten().map(|field| field.name);
    let near = fields().find(|field| field.to_lowercase() == folded).or_else(|| {
        fields().find(|field| crate::vocabulary::nearest_of(std::slice::from_ref(field), name).is_some())
    });
    let remedy = match near {
        Some(near) => format!("write `{near}`"),
        None => "name extensions by a prefix that `@context` declares, such as `example:field`".to_owned(),
    };
    checker.error_with("events.unknown-field", message, remedy);
}

fn check_value<'a>(checker: &mut Checker<'a>, value: &'a Value, kind: Kind) {
    match kind {
        Kind::Object(shape) => check_shape(checker, value, shape),
        Kind::List(list) => check_list(checker, value, list),
        Kind::Uris => match value.as_array() {
            Some(items) => {
                for (index, item) in items.iter().enumerate() {
                    checker.within(Step::Item(index), |c| check_value(c, item, Kind::Uri));
                }
            }
            None => check_value(checker, value, Kind::Uri),
        },
        Kind::Number if value.is_number() => {}
        Kind::Number => checker.wrong_type(value, "a number"),
        Kind::Boolean if value.is_boolean() => {}
        Kind::Boolean => checker.wrong_type(value, "true or false"),
        Kind::Context => check_context(checker, value),
        Kind::Extensions => match value.as_object() {
            Some(object) => check_object(checker, object, &[], Others::Uris),
            None => checker.wrong_type(value, "an object"),
        },
        Kind::Anything => {}
        Kind::Text
        | Kind::Hex
        | Kind::Instant
        | Kind::Offset
        | Kind::Unit
        | Kind::Version
        | Kind::Uri
        | Kind::Thing
        | Kind::Action
        | Kind::Word(_) => match value.as_str() {
            Some(text) => check_text(checker, text, kind),
            None => checker.wrong_type(value, "a text"),
        },
    }
}

fn check_shape<'a>(checker: &mut Checker<'a>, value: &'a Value, shape: &'static Shape) {
    match value.as_object() {
        Some(_) if checker.depth() > MOST_LEVELS => {
            checker.error("events.too-deep", "this is nested too deeply")
        }
        Some(object) => check_object(checker, object, &[shape.fields], shape.others),
        None => checker.wrong_type(value, "an object"),
    }
}

fn check_list<'a>(checker: &mut Checker<'a>, value: &'a Value, list: &'static List) {
    let Some(items) = value.as_array() else { return checker.wrong_type(value, "a list") };
    if items.len() < list.least {
        checker.error("events.too-few", format!("this list needs at least {} item", list.least));
    }
    let mut seen = std::collections::BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        checker.within(Step::Item(index), |c| {
            check_value(c, item, list.of);
            if list.unique && item.as_str().is_some_and(|text| !seen.insert(text)) {
                c.error("events.duplicate", "this stands twice in the list");
            }
        });
    }
}

fn check_context<'a>(checker: &mut Checker<'a>, value: &'a Value) {
    let part = |checker: &mut Checker<'a>, part: &'a Value| match part {
        Value::Object(_) => {}
        Value::String(text) if syntax::is_uri(text) => {}
        Value::String(text) => checker.error("events.uri", format!("`{}` is not a URI", shown(text))),
        other => checker.wrong_type(other, "a URI or an object"),
    };
    match value {
        Value::Array(parts) => {
            for (index, item) in parts.iter().enumerate() {
                checker.within(Step::Item(index), |c| part(c, item));
            }
        }
        other => part(checker, other),
    }
}

fn check_text(checker: &mut Checker<'_>, text: &str, kind: Kind) {
    let (well_formed, code, wanted) = match kind {
        Kind::Instant => (
            syntax::parse_instant(text).is_some(),
            "events.instant",
            "an instant with offset, such as 2026-12-01T08:00:00.000+06:00",
        ),
        Kind::Offset => (
            syntax::is_event_offset(text),
            "events.offset",
            "an offset from -14:00 to +14:00, such as +06:00",
        ),
        Kind::Unit => {
            (syntax::is_unit(text), "events.unit", "a unit of UN/ECE Recommendation 20, such as KGM")
        }
        Kind::Version => (syntax::is_version(text), "events.version", "a version, such as 2.0"),
        Kind::Hex => (
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit()),
            "events.hex",
            "hexadecimal digits",
        ),
        Kind::Uri | Kind::Thing => {
            (syntax::is_uri(text), "events.uri", "a URI with a scheme, such as urn:epc:id:... or https://...")
        }
        Kind::Action => return check_action(checker, text),
        Kind::Word(vocabulary) => return check_word(checker, text, vocabulary),
        Kind::Text
        | Kind::Number
        | Kind::Boolean
        | Kind::Uris
        | Kind::Object(_)
        | Kind::List(_)
        | Kind::Context
        | Kind::Anything
        | Kind::Extensions => return,
    };
    if !well_formed {
        checker.error(code, format!("`{}` is not {wanted}", shown(text)));
    } else if matches!(kind, Kind::Thing) {
        check_thing(checker, text);
    }
}

fn check_action(checker: &mut Checker<'_>, text: &str) {
    if Action::find(text).is_none() {
        let message = format!("`{}` is not OBSERVE, ADD or DELETE", shown(text));
        match crate::vocabulary::nearest_of(&["OBSERVE", "ADD", "DELETE"], text) {
            Some(near) => checker.error_with("events.action", message, format!("write `{near}`")),
            None => checker.error("events.action", message),
        }
    }
}

fn check_word(checker: &mut Checker<'_>, text: &str, vocabulary: Vocabulary) {
    let name = vocabulary.name();
    match vocabulary.read(text) {
        Word::Standard(word) if word == text || text.starts_with("cbv:") || text.starts_with("gs1:") => {}
        Word::Standard(word) => checker.add(
            Finding::info("events.word-form", format!("JSON-LD writes the {name} `{word}` as a bare word"))
                .remedy(format!("write `{word}`")),
        ),
        Word::Foreign => {}
        read @ (Word::Unknown(_) | Word::Malformed) => {
            let message = format!("`{}` is not a {name} of the Core Business Vocabulary 2.0", shown(text));
            let remedy = match vocabulary.nearest(text) {
                Some(near) => format!("write `{near}`"),
                None => "use a word of the vocabulary, or the URI of a vocabulary of your own".to_owned(),
            };
            // As a URI it is valid by the schemas, and the vocabularies grow between versions: kept, and marked.
            let uri = matches!(read, Word::Unknown(_)) && text.contains(':');
            let finding = match uri {
                true => Finding::warning("events.unknown-word", message),
                false => Finding::error("events.unknown-word", message),
            };
            checker.add(finding.remedy(remedy).source("GS1 CBV 2.0"));
        }
    }
}

fn check_thing(checker: &mut Checker<'_>, uri: &str) {
    match check_epc(uri) {
        Ok(()) => {}
        Err(EpcFault::UnknownScheme { nearest }) => {
            let message = format!("`{}` has no scheme of the EPC Tag Data Standard", shown(uri));
            let remedy = nearest.map(|near| format!("write `urn:epc:id:{near}:...`"));
            let finding =
                Finding::error("events.epc-scheme", message).source("GS1 EPC Tag Data Standard 2.0");
            checker.add(match remedy {
                Some(remedy) => finding.remedy(remedy),
                None => finding,
            });
        }
        Err(EpcFault::Malformed(reason)) => {
            let message = format!("`{}` is not a well-formed EPC: {reason}", shown(uri));
            checker.add(Finding::error("events.epc", message).source("GS1 EPC Tag Data Standard 2.0"));
        }
    }
}
