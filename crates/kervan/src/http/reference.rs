//! `/api`: every operation on one page, made from the API's document. No script; its style is a file of its own, as the page's policy asks.

mod example;

use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

const STYLE: &str = include_str!("reference/style.css");

/// Methods of a path in the order in which they are shown.
const METHODS: [&str; 3] = ["get", "post", "delete"];

/// The page.
pub(super) fn page<S: Clone + Send + Sync + 'static>(document: &str) -> MethodRouter<S> {
    let document: Value = serde_json::from_str(document).unwrap_or_default();
    serve(render(&document), "text/html; charset=utf-8")
}

/// Its style.
pub(super) fn style<S: Clone + Send + Sync + 'static>() -> MethodRouter<S> {
    serve(STYLE.to_owned(), "text/css; charset=utf-8")
}

fn serve<S: Clone + Send + Sync + 'static>(text: String, kind: &'static str) -> MethodRouter<S> {
    let text = Bytes::from(text);
    get(move || async move {
        ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text).into_response()
    })
}

/// An operation where it stands in the document.
struct Operation<'a> {
    method: &'static str,
    path: &'a str,
    told: &'a Value,
}

impl Operation<'_> {
    fn id(&self) -> &str {
        text(self.told, "operationId")
    }

    fn summary(&self) -> String {
        let summary = [text(self.told, "summary"), text(self.told, "description")].join(" ");
        summary.trim().to_owned()
    }
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value.get(member).and_then(Value::as_str).unwrap_or_default()
}

fn render(document: &Value) -> String {
    let mut by_tag: BTreeMap<&str, Vec<Operation<'_>>> = BTreeMap::new();
    for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for method in METHODS {
            let Some(told) = item.get(method) else { continue };
            let tag = told.pointer("/tags/0").and_then(Value::as_str).unwrap_or("other");
            by_tag.entry(tag).or_default().push(Operation { method, path, told });
        }
    }
    let mut page = String::from(HEAD);
    page.push_str("<nav><ul>");
    for (tag, operations) in &by_tag {
        let _ = write!(page, "<li><a href=\"#{0}\">{0}</a> {1}</li>", escape(tag), operations.len());
    }
    page.push_str("</ul></nav>\n");
    for (tag, operations) in &by_tag {
        let _ = writeln!(page, "<section id=\"{0}\"><h2>{0}</h2>", escape(tag));
        for operation in operations {
            render_operation(&mut page, document, operation);
        }
        page.push_str("</section>\n");
    }
    page.push_str("</main></body></html>\n");
    page
}

const HEAD: &str = "<!doctype html>
<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>Kervan: the API</title><link rel=\"stylesheet\" href=\"/api/style.css\"></head><body><main>
<h1>The API of this node</h1>
<p>Every operation, with what it takes, what it answers and an example. The same for programs:
<a href=\"/openapi.json\">/openapi.json</a> (OpenAPI 3.1). A party shows its token as <code>Authorization: Bearer TOKEN</code>;
<code>kervan party add</code> prints it. Every refusal is a problem (RFC 9457) with a stable <code>code</code>; lists that grow lead
to their next page by <code>Link</code>; a POST with an <code>Idempotency-Key</code> is done once.</p>
";

fn render_operation(page: &mut String, document: &Value, operation: &Operation<'_>) {
    let Operation { method, path, told } = operation;
    let id = escape(operation.id());
    let _ = writeln!(
        page,
        "<details id=\"{id}\"><summary><b class=\"{method}\">{}</b> <code>{}</code> <span>{}</span></summary>",
        method.to_uppercase(),
        escape(path),
        escape(&first_sentence(&operation.summary()))
    );
    let _ = writeln!(page, "<p>{}</p>", escape(&operation.summary()));
    if told.get("security").is_some() {
        page.push_str("<p class=\"note\">Needs the token of a party.</p>\n");
    }
    render_parameters(page, told);
    render_body(page, document, told);
    render_answers(page, document, told);
    let _ = writeln!(
        page,
        "<h3>Example</h3><pre>{}</pre></details>",
        escape(&example::curl(document, operation.method, path, told))
    );
}

fn first_sentence(text: &str) -> String {
    text.split_inclusive(['.', ';', ':']).next().unwrap_or_default().trim_end_matches([';', ':']).to_owned()
}

fn render_parameters(page: &mut String, told: &Value) {
    let parameters = told.get("parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if parameters.is_empty() {
        return;
    }
    page.push_str("<h3>Parameters</h3><table><tbody>\n");
    for parameter in parameters {
        let required = parameter.get("required").and_then(Value::as_bool).unwrap_or(false);
        let _ = writeln!(
            page,
            "<tr><td><code>{}</code></td><td>{}{}</td><td>{}</td></tr>",
            escape(text(parameter, "name")),
            escape(text(parameter, "in")),
            if required { ", required" } else { "" },
            escape(text(parameter, "description"))
        );
    }
    page.push_str("</tbody></table>\n");
}

fn render_body(page: &mut String, document: &Value, told: &Value) {
    for (kind, content) in
        told.pointer("/requestBody/content").and_then(Value::as_object).into_iter().flatten()
    {
        let _ = writeln!(page, "<h3>Body: <code>{}</code></h3>", escape(kind));
        if let Some(schema) = content.get("schema") {
            render_members(page, document, schema);
        }
    }
}

/// The members of a body, one line each.
fn render_members(page: &mut String, document: &Value, schema: &Value) {
    let schema = example::resolve(document, schema);
    let required = example::required_of(schema);
    let Some(members) = schema.get("properties").and_then(Value::as_object) else { return };
    page.push_str("<table><tbody>\n");
    for (name, member) in members {
        let _ = writeln!(
            page,
            "<tr><td><code>{}</code></td><td>{}{}</td><td>{}</td></tr>",
            escape(name),
            escape(&kind_of(member)),
            if required.contains(&name.as_str()) { ", required" } else { "" },
            escape(text(member, "description"))
        );
    }
    page.push_str("</tbody></table>\n");
}

fn kind_of(schema: &Value) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        return name.rsplit('/').next().unwrap_or_default().to_owned();
    }
    match schema.get("type") {
        Some(Value::String(kind)) if kind == "array" => {
            format!("list of {}", schema.get("items").map(kind_of).unwrap_or_default())
        }
        Some(Value::String(kind)) => kind.clone(),
        Some(Value::Array(kinds)) => {
            let kinds: Vec<_> = kinds.iter().filter_map(Value::as_str).collect();
            kinds.join(" or ")
        }
        _ => ["oneOf", "anyOf", "allOf"]
            .iter()
            .find_map(|of| schema.get(of)?.as_array())
            .map(|kinds| kinds.iter().map(kind_of).collect::<Vec<_>>().join(" or "))
            .unwrap_or_default(),
    }
}

fn render_answers(page: &mut String, document: &Value, told: &Value) {
    page.push_str("<h3>Answers</h3><table><tbody>\n");
    for (status, answer) in told.get("responses").and_then(Value::as_object).into_iter().flatten() {
        let answer = example::resolve(document, answer);
        let content = answer.get("content").and_then(Value::as_object);
        let forms: Vec<String> = content
            .into_iter()
            .flatten()
            .map(|(kind, content)| {
                format!("{kind} {}", content.get("schema").map(kind_of).unwrap_or_default())
            })
            .collect();
        let _ = writeln!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(status),
            escape(&forms.join(", ")),
            escape(text(answer, "description"))
        );
    }
    page.push_str("</tbody></table>\n");
}

/// Text as it stands in HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{escape, render};
    use serde_json::Value;

    #[test]
    fn every_operation_stands_on_the_page_with_an_example_and_no_script() {
        let document: Value = serde_json::from_str(&crate::http::openapi().unwrap()).unwrap();
        let page = render(&document);
        let paths = document["paths"].as_object().unwrap();
        let mut count = 0;
        for operation in paths.values().flat_map(|path| path.as_object().unwrap().values()) {
            let id = operation["operationId"].as_str().unwrap();
            assert!(page.contains(&format!("<details id=\"{id}\">")), "{id}");
            count += 1;
        }
        assert!(count > 80);
        assert_eq!(page.matches("<h3>Example</h3><pre>curl").count(), count);
        for foreign in ["<script", "style=", "http://", "onclick", "src="] {
            assert!(!page.replace("http://127.0.0.1:8080", "").contains(foreign), "{foreign}");
        }
        assert_eq!(escape("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}
