//! Refusals, jobs and the list of resources in XML, for who accepts nothing else.
//!
//! The standard describes these by one schema for both forms. A member becomes an element of its name, each item of an array
//! an element `i`, as problems have it (RFC 7807, appendix A).

use super::document::wants_xml;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde_json::Value;
use std::fmt::Write;

/// Largest answer that is rewritten; jobs and refusals have limits far below. Unit: byte.
const LARGEST: usize = 8 * 1024 * 1024;

/// The root and the media type of an answer in XML.
struct Root {
    name: &'static str,
    namespace: &'static str,
    media: &'static str,
}

const PROBLEM: Root =
    Root { name: "problem", namespace: "urn:ietf:rfc:7807", media: "application/problem+xml" };
const COLLECTION: Root =
    Root { name: "Collection", namespace: "urn:epcglobal:epcis-query:xsd:2", media: "application/xml" };
const JOB: Root =
    Root { name: "CaptureJob", namespace: "urn:epcglobal:epcis-query:xsd:2", media: "application/xml" };

/// The answer as the client wants it. Everything but refusals, jobs and the list of resources is left as it is.
pub(super) async fn answer(asked: &HeaderMap, path: &str, response: Response) -> Response {
    let Some(root) = root_of(path, &response).filter(|_| wants_xml(asked)) else { return response };
    let (mut parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, LARGEST).await.unwrap_or_default();
    match serde_json::from_slice(&whole) {
        Ok(value) => {
            parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(root.media));
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(written(root, &value)))
        }
        Err(_) => Response::from_parts(parts, Body::from(whole)),
    }
}

fn root_of(path: &str, response: &Response) -> Option<&'static Root> {
    let media = response.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    if media == "application/problem+json" {
        return Some(&PROBLEM);
    }
    let job = path.strip_prefix("/epcis/capture/").is_some_and(|id| !id.is_empty() && !id.contains('/'));
    match path.trim_end_matches('/') {
        _ if !response.status().is_success() => None,
        "/epcis" => Some(&COLLECTION),
        _ if job => Some(&JOB),
        _ => None,
    }
}

fn written(root: &Root, value: &Value) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = write!(text, "<{} xmlns=\"{}\">", root.name, root.namespace);
    write_inside(value, &mut text);
    let _ = write!(text, "</{}>", root.name);
    text
}

fn write_inside(value: &Value, text: &mut String) {
    match value {
        Value::Null => {}
        Value::String(inside) => write_text(inside, text),
        Value::Array(items) => items.iter().for_each(|item| write_element("i", item, text)),
        // The context is of JSON-LD alone.
        Value::Object(members) => {
            let members = members.iter().filter(|(name, _)| !name.starts_with('@'));
            members.for_each(|(name, member)| write_element(name, member, text));
        }
        other => text.push_str(&other.to_string()),
    }
}

fn write_element(name: &str, value: &Value, text: &mut String) {
    let _ = write!(text, "<{name}>");
    write_inside(value, text);
    let _ = write!(text, "</{name}>");
}

/// What XML cannot hold at all is left out.
fn write_text(inside: &str, text: &mut String) {
    for letter in inside.chars() {
        match letter {
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            '\r' => text.push_str("&#13;"),
            '\t' | '\n' => text.push(letter),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_become_elements_and_marks_are_escaped() {
        // In the order of the alphabet, since maps of JSON keep either that or their own.
        let findings = json!([{"code": "c"}, {}]);
        let problem = json!({
            "@context": "x", "findings": findings, "none": null, "status": 400, "title": "<a> & \"b\"\u{1}\n",
        });
        assert_eq!(
            written(&PROBLEM, &problem),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<problem xmlns=\"urn:ietf:rfc:7807\"><findings><i><code>c</code></i>\
             <i></i></findings><none></none><status>400</status><title>&lt;a&gt; &amp; \"b\"\n</title></problem>"
        );
    }
}
