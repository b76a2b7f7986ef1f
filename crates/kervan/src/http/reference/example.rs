//! Examples made from schemas: what stands there as an example, or the simplest value that fits.

use serde_json::{Map, Value};

/// How deep an example goes; schemas may name themselves.
const DEEPEST: u32 = 6;

/// What a reference names, or the value itself.
pub(super) fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let named = value.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'));
    named.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

/// An example of a schema.
fn example(document: &Value, schema: &Value, depth: u32) -> Value {
    let schema = resolve(document, schema);
    for member in ["example", "const", "default"] {
        if let Some(given) = schema.get(member).filter(|given| !given.is_null()) {
            return given.clone();
        }
    }
    if let Some(given) = schema.pointer("/examples/0").or_else(|| schema.pointer("/enum/0")) {
        return given.clone();
    }
    for of in ["oneOf", "anyOf", "allOf"] {
        let choices = schema.get(of).and_then(Value::as_array).into_iter().flatten();
        if let Some(first) =
            choices.into_iter().find(|choice| choice.get("type").and_then(Value::as_str) != Some("null"))
        {
            return example(document, first, depth);
        }
    }
    let kind = match schema.get("type") {
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("object")
        }
        Some(Value::String(kind)) => kind,
        _ => "object",
    };
    match kind {
        "string" => "text".into(),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| 1.into()),
        "boolean" => true.into(),
        "array" if depth < DEEPEST => Value::Array(
            schema.get("items").map(|items| example(document, items, depth + 1)).into_iter().collect(),
        ),
        "array" => Value::Array(Vec::new()),
        _ => object(document, schema, depth),
    }
}

/// The members that a schema requires.
pub(super) fn required_of(schema: &Value) -> Vec<&str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn object(document: &Value, schema: &Value, depth: u32) -> Value {
    let mut members = Map::new();
    let required = required_of(schema);
    let all = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    for (name, member) in all.filter(|(name, _)| depth < DEEPEST && required.contains(&name.as_str())) {
        members.insert(name.clone(), example(document, member, depth + 1));
    }
    Value::Object(members)
}

/// A command line that calls an operation.
pub(super) fn curl(document: &Value, method: &str, path: &str, told: &Value) -> String {
    let mut address = path.to_owned();
    let parameters = told.get("parameters").and_then(Value::as_array).into_iter().flatten();
    for parameter in
        parameters.filter(|parameter| parameter.get("in").and_then(Value::as_str) == Some("path"))
    {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        let given =
            parameter.get("example").or_else(|| parameter.pointer("/schema/example")).and_then(Value::as_str);
        address = address.replace(&format!("{{{name}}}"), given.unwrap_or_else(|| sample(name, path)));
    }
    let mut parts = vec![format!("curl 'http://127.0.0.1:8080{address}'")];
    if method == "delete" {
        parts.push("-X DELETE".into());
    }
    if told.get("security").is_some() {
        parts.push("-H \"Authorization: Bearer $TOKEN\"".into());
        if method == "post" {
            parts.push("-H \"Idempotency-Key: $(uuidgen)\"".into());
        }
    }
    match told
        .pointer("/requestBody/content")
        .and_then(Value::as_object)
        .and_then(|content| content.iter().next())
    {
        Some((kind, content)) if kind.ends_with("json") => {
            let body = content.get("schema").map(|schema| example(document, schema, 0)).unwrap_or_default();
            parts.push(format!("-H 'Content-Type: {kind}'"));
            parts.push(format!("-d '{}'", serde_json::to_string_pretty(&body).unwrap_or_default()));
        }
        Some((kind, _)) => {
            parts.push(format!("-H 'Content-Type: {kind}'"));
            parts.push("--data-binary @FILE".into());
        }
        None if method == "post" => parts.push("-X POST".into()),
        None => {}
    }
    parts.join(" \\\n  ")
}

/// A value for a part of an address, such as one meets in the demo.
fn sample<'a>(name: &'a str, path: &str) -> &'a str {
    match name {
        "id" if path.starts_with("/api/consignments") || path.starts_with("/api/dossiers") => "KRV-2026-0001",
        "reference" => "KRV-2026-0001",
        "number" => "1",
        "code" if path.starts_with("/api/places") => "KZAAU",
        "kind" => "consignment",
        other => other,
    }
}
