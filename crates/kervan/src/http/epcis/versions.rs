//! Versions, limits and behaviour, as headers of every answer and as the answer to OPTIONS.

use super::document::{LARGEST_DOCUMENT, READ, WORD_FORMS};
use super::exception::Exception;
use super::plain_xml;
use crate::http::rights::Denied;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kervan_events::EpcFormat;

/// Headers of every answer.
const SPOKEN: &[(&str, &str)] = &[
    ("gs1-epcis-version", "2.0.0"),
    ("gs1-cbv-version", "2.0.0"),
    ("gs1-extensions", "kervan=https://id.kervan.example/epcis/"),
    ("gs1-vendor-version", env!("CARGO_PKG_VERSION")),
];

/// Headers that say what else can be asked for. `all` announces both `rollback` and `proceed`; without the header it is the
/// former. Source: EPCIS 2.0, section 12.8, and its OpenAPI description.
const OFFERED: &[(&str, &str)] = &[
    ("gs1-epcis-min", "2.0.0"),
    ("gs1-epcis-max", "2.0.0"),
    ("gs1-cbv-min", "2.0.0"),
    ("gs1-cbv-max", "2.0.0"),
    ("gs1-capture-error-behaviour", "all"),
    ("accept-post", READ),
];

/// Longest address that is read; longer questions are put as named queries. Unit: byte.
const LONGEST_URI: usize = 32 * 1024;

/// Adds the headers, answers OPTIONS, and refuses versions that are not spoken.
pub(super) async fn speak(request: Request, next: Next) -> Response {
    let long = request.uri().to_string().len() > LONGEST_URI;
    let too_long =
        || Exception::uri_too_long("an address has at most 32,768 bytes; put the question as a named query");
    let refused = if long { Some(too_long()) } else { refuse(request.headers()) };
    let discovery = request.method() == Method::OPTIONS;
    let (asked, path) = (request.headers().clone(), request.uri().path().to_owned());
    let response = match refused {
        Some(exception) => exception.into_response(),
        None => match request.extensions().get::<Denied>().cloned() {
            Some(Denied(problem)) => Exception::from(problem).into_response(),
            None => next.run(request).await,
        },
    };
    let mut response = plain_xml::answer(&asked, &path, response).await;
    if discovery && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let allow = response.headers().get(header::ALLOW).cloned();
        response = StatusCode::NO_CONTENT.into_response();
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        add(&mut response, OFFERED);
        // One line for each format, so that each is a value of the standard's list.
        let formats = EpcFormat::ALL.map(|format| ("gs1-epc-format", format.word()));
        let words = WORD_FORMS.iter().map(|(word, _)| ("gs1-cbv-xml-format", *word));
        for (name, value) in formats.into_iter().chain(words) {
            response.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let limits = [
            ("gs1-epcis-capture-limit", kervan_node::limits::MOST_EVENTS_IN_CAPTURE),
            ("gs1-epcis-capture-file-size-limit", LARGEST_DOCUMENT),
        ];
        for (name, limit) in limits {
            response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from(limit));
        }
    }
    add(&mut response, SPOKEN);
    response
}

fn add(response: &mut Response, headers: &[(&'static str, &'static str)]) {
    for (name, value) in headers {
        let (name, value) = (HeaderName::from_static(name), HeaderValue::from_static(value));
        response.headers_mut().entry(name).or_insert(value);
    }
}

/// A version as numbers, so that `2.0` and `2.0.0` are one; 1.x is read in XML, but not written.
fn version(headers: &HeaderMap, name: &str) -> Option<(u32, u32)> {
    let text = headers.get(name)?.to_str().ok()?;
    let mut numbers = text.trim().split('.').map(|part| part.parse().ok());
    Some((numbers.next()??, numbers.next().flatten().unwrap_or(0)))
}

fn refuse(headers: &HeaderMap) -> Option<Exception> {
    for (kind, standard) in [("epcis", "EPCIS"), ("cbv", "CBV")] {
        let least = version(headers, &format!("gs1-{kind}-min"));
        let most = version(headers, &format!("gs1-{kind}-max"));
        if least.is_some_and(|least| least > (2, 0)) || most.is_some_and(|most| most < (2, 0)) {
            return Some(Exception::not_acceptable(&format!(
                "{standard} 2.0 is written here and no other version"
            )));
        }
        if version(headers, &format!("gs1-{kind}-version")).is_some_and(|sent| sent > (2, 0)) {
            return Some(Exception::not_acceptable(&format!("{standard} is read here up to version 2.0")));
        }
    }
    None
}
