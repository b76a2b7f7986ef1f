//! Extension fields in questions: their names, wherever they stand and however their namespace is written.

use super::parameter::{COMPARISONS, Given, PARTS};
use super::read::{Fault, number, one};
use super::test::{Comparison, Part, Test, Wanted};
use super::units::order;
use crate::format::parse_instant;
use crate::hash::Namespaces;
use crate::limits::MOST_LEVELS;
use crate::vocabulary::Vocabulary;
use crate::{Event, canonical_name};
use serde_json::{Map, Value};

/// Reads a parameter of an extension field; nothing if its name is of none.
pub(super) fn read_custom(given: &Given) -> Result<Option<Test>, Fault> {
    for (prefix, comparison) in COMPARISONS {
        if let Some((part, inner, name)) = given.name.strip_prefix(prefix).and_then(field) {
            let wanted = comparison_of(given, *comparison)?;
            return Ok(Some(Test::Custom { part, inner, name, wanted }));
        }
    }
    if let Some((part, inner, name)) = given.name.strip_prefix("EXISTS_").and_then(field) {
        return Ok(Some(Test::Custom { part, inner, name, wanted: Wanted::Exists }));
    }
    if let Some(name) = given.name.strip_prefix("HASATTR_").filter(|name| !name.is_empty()) {
        let wanted = Wanted::HasAttribute(given.values.clone());
        return Ok(Some(described(name, wanted)));
    }
    if let Some(both) = given.name.strip_prefix("EQATTR_") {
        let (name, attribute) = split_attribute(both).ok_or("is `EQATTR_`, a field, `_` and an attribute")?;
        let wanted = Wanted::Attribute(attribute.to_owned(), given.values.clone());
        return Ok(Some(described(name, wanted)));
    }
    Ok(None)
}

/// Fields of the standard whose values are elements of vocabularies, of which there may be master data.
const DESCRIBED: &[&str] = &[
    "bizStep",
    "disposition",
    "readPoint",
    "bizLocation",
    "bizTransaction",
    "source",
    "destination",
    "epcClass",
];

/// A test of what master data say of the value of a field, or an extension field of its own attributes.
fn described(name: &str, wanted: Wanted) -> Test {
    match (DESCRIBED.iter().find(|known| **known == name), field(name)) {
        (None, Some((part, inner, name))) => Test::Custom { part, inner, name, wanted },
        (known, _) => {
            let name = known.map_or(name, |known| known).to_owned();
            Test::Described { field: name, wanted, names: Vec::new() }
        }
    }
}

/// The field and the attribute of `EQATTR_`. The name of an attribute is qualified and may hold `_` before its local part.
fn split_attribute(both: &str) -> Option<(&str, &str)> {
    let own = DESCRIBED.iter().find_map(|field| {
        let attribute = both.strip_prefix(field)?.strip_prefix('_')?;
        Some((both.get(..field.len())?, attribute))
    });
    own.or_else(|| both.rsplit_once('_')).filter(|(_, attribute)| !attribute.is_empty())
}

/// Where a field is looked for, whether at any depth, and its name, which must be qualified.
fn field(rest: &str) -> Option<(Part, bool, String)> {
    let (inner, rest) = match rest.strip_prefix("INNER_") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let named = PARTS.iter().find_map(|(prefix, part)| Some((*part, rest.strip_prefix(prefix)?)));
    let (part, name) = named.unwrap_or((Part::Event, rest));
    // Fields of sensors may be the standard's own, which have no namespace.
    let own = matches!(part, Part::SensorElement | Part::SensorMetadata | Part::SensorReport);
    let qualified =
        name.split_once(':').is_some_and(|(before, after)| !before.is_empty() && !after.is_empty());
    (qualified || (own && !name.is_empty())).then(|| (part, inner, name.to_owned()))
}

fn comparison_of(given: &Given, comparison: Comparison) -> Result<Wanted, Fault> {
    if comparison == Comparison::Equal {
        return Ok(Wanted::OneOf(given.values.clone()));
    }
    if let Some(at) = parse_instant(one(given)?) {
        return Ok(Wanted::Time(comparison, at));
    }
    match number(given) {
        Ok(number) => Ok(Wanted::Number(comparison, number)),
        Err(_) => Err("is a number or a time".into()),
    }
}

/// Whether an event has such a field.
pub(super) fn holds(event: &Event, part: Part, inner: bool, name: &str, wanted: &Wanted) -> bool {
    let namespaces = namespaces(event);
    let mut found = false;
    for holder in holders(event, part) {
        for (key, value) in holder {
            // At the top only extension fields are looked at; the standard's own have parameters of their own.
            if inner {
                found |= key.contains(':') && any_below(value, &namespaces, name, wanted, 0);
            } else {
                found |= is_named(&namespaces, key, name) && meets(value, &namespaces, wanted);
            }
        }
    }
    found
}

/// The value of an extension field of an event, for ordering.
pub(super) fn value_of<'e>(event: &'e Event, name: &str) -> Option<&'e Value> {
    let namespaces = namespaces(event);
    let fields = event.json.as_object()?;
    fields.iter().find(|(key, _)| is_named(&namespaces, key, name)).map(|(_, value)| value)
}

/// Whether an attribute in master data is the one that is meant.
pub(super) fn is_described(id: &str, value: &Value, wanted: &Wanted) -> bool {
    let same =
        |name: &str| name == id || (!name.contains(['#', ':']) && id.rsplit(['#', ':']).next() == Some(name));
    match wanted {
        Wanted::HasAttribute(names) => names.iter().any(|name| same(name)),
        Wanted::Attribute(name, values) => same(name) && is_one_of(value, values),
        Wanted::Exists | Wanted::OneOf(_) | Wanted::Number(..) | Wanted::Time(..) => false,
    }
}

/// Values of a field of the standard that are elements of vocabularies, in the form in which master data name them.
pub(super) fn elements_of(event: &Event, field: &str) -> Vec<String> {
    let words = |vocabulary: Vocabulary, word: &Option<String>| {
        let word = word.as_deref();
        word.into_iter()
            .flat_map(|word| [word.to_owned(), vocabulary.web_uri(word), vocabulary.urn(word)])
            .collect()
    };
    let items = |lists: &[&str], name: &str| {
        let items = lists.iter().filter_map(|list| event.json.get(*list)?.as_array()).flatten();
        items.filter_map(|item| item.get(name)?.as_str()).map(canonical_name).collect()
    };
    match field {
        "bizStep" => words(Vocabulary::BizStep, &event.biz_step),
        "disposition" => words(Vocabulary::Disposition, &event.disposition),
        "readPoint" => event.read_point.iter().map(|place| canonical_name(place)).collect(),
        "bizLocation" => event.biz_location.iter().map(|place| canonical_name(place)).collect(),
        "bizTransaction" => items(&["bizTransactionList"], "bizTransaction"),
        "source" => items(&["sourceList"], "source"),
        "destination" => items(&["destinationList"], "destination"),
        "epcClass" => items(
            &["quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"],
            "epcClass",
        ),
        _ => Vec::new(),
    }
}

pub(super) fn namespaces(event: &Event) -> Namespaces {
    let mut namespaces = Namespaces::of(&event.context);
    if let Some(own) = event.json.get("@context") {
        namespaces.add(own);
    }
    namespaces
}

fn holders(event: &Event, part: Part) -> Vec<&Map<String, Value>> {
    let elements = || event.json.get("sensorElementList").and_then(Value::as_array).into_iter().flatten();
    let holders: Vec<&Value> = match part {
        Part::Event => vec![&event.json],
        Part::Ilmd => event.json.get("ilmd").into_iter().collect(),
        Part::ErrorDeclaration => event.json.get("errorDeclaration").into_iter().collect(),
        Part::SensorElement => elements().collect(),
        Part::SensorMetadata => elements().filter_map(|element| element.get("sensorMetadata")).collect(),
        Part::SensorReport => {
            elements().filter_map(|element| element.get("sensorReport")?.as_array()).flatten().collect()
        }
    };
    holders.into_iter().filter_map(Value::as_object).collect()
}

/// Whether a key of an event is the name asked for: as it stands, or with its prefix spelt out.
pub(super) fn is_named(namespaces: &Namespaces, key: &str, name: &str) -> bool {
    key == name
        || namespaces.split(key).is_some_and(|(uri, local)| {
            let local = local.strip_prefix('@').unwrap_or(local);
            let rest = name.strip_prefix(uri);
            rest.is_some_and(|rest| rest == local || rest.strip_prefix('#') == Some(local))
                || name.strip_prefix(key.split(':').next().unwrap_or_default()) == Some(&format!(":{local}"))
        })
}

/// Whether a field of this name is anywhere inside a value.
fn any_below(value: &Value, namespaces: &Namespaces, name: &str, wanted: &Wanted, level: usize) -> bool {
    if level > MOST_LEVELS {
        return false;
    }
    match value {
        Value::Array(items) => items.iter().any(|item| any_below(item, namespaces, name, wanted, level + 1)),
        Value::Object(fields) => fields.iter().any(|(key, value)| {
            (is_named(namespaces, key, name) && meets(value, namespaces, wanted))
                || any_below(value, namespaces, name, wanted, level + 1)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn meets(value: &Value, namespaces: &Namespaces, wanted: &Wanted) -> bool {
    if let Value::Array(items) = value {
        return items.iter().any(|item| meets(item, namespaces, wanted));
    }
    match wanted {
        Wanted::Exists => true,
        Wanted::HasAttribute(names) => value
            .as_object()
            .is_some_and(|fields| names.iter().any(|name| attribute(fields, namespaces, name).is_some())),
        Wanted::Attribute(name, values) => value
            .as_object()
            .and_then(|fields| attribute(fields, namespaces, name))
            .is_some_and(|held| is_one_of(held, values)),
        Wanted::OneOf(values) => is_one_of(value, values),
        Wanted::Number(comparison, asked) => {
            as_number(value).and_then(|held| order(held, *asked)).is_some_and(|order| comparison.holds(order))
        }
        Wanted::Time(comparison, asked) => {
            value.as_str().and_then(parse_instant).is_some_and(|held| comparison.holds(held.cmp(asked)))
        }
    }
}

/// An attribute: a member of the element's object under its own name or its qualified one, with or without `@`.
fn attribute<'v>(fields: &'v Map<String, Value>, namespaces: &Namespaces, name: &str) -> Option<&'v Value> {
    let local = name.rsplit(['#', ':', '/']).next().unwrap_or(name);
    let is_it = |key: &str| {
        let bare = key.strip_prefix('@').unwrap_or(key);
        // An attribute without a namespace belongs to its element, whose namespace may stand before its name.
        bare == name || is_named(namespaces, key, name) || (!key.contains(':') && bare == local)
    };
    fields.iter().find(|(key, _)| is_it(key)).map(|(_, value)| value)
}

fn is_one_of(held: &Value, values: &[String]) -> bool {
    match held {
        Value::String(text) => values.contains(text),
        Value::Bool(truth) => values.iter().any(|value| value.parse() == Ok(*truth)),
        Value::Number(number) => {
            let held = number.as_f64();
            values.iter().any(|value| {
                let asked = value.parse::<f64>().ok();
                held.zip(asked)
                    .and_then(|(held, asked)| order(held, asked))
                    .is_some_and(std::cmp::Ordering::is_eq)
            })
        }
        // An element with attributes keeps its text beside them.
        Value::Object(fields) => ["#text", "@value"]
            .iter()
            .find_map(|name| fields.get(*name))
            .is_some_and(|text| is_one_of(text, values)),
        Value::Null | Value::Array(_) => false,
    }
}

pub(super) fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
