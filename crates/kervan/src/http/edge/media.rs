//! Forms of bodies: what an operation does not say that it reads is refused before it is read.

use crate::http::problem::Problem;
use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::openapi::{OpenApi, RefOr};

/// The forms that the body of each POST may have, by route.
#[derive(Clone, Debug)]
pub(in crate::http) struct Media(Arc<BTreeMap<String, Vec<String>>>);

impl Media {
    /// As the API's document has them.
    pub(in crate::http) fn of(document: &OpenApi) -> Self {
        let forms = document.paths.paths.iter().filter_map(|(path, item)| {
            let RefOr::T(body) = item.post.as_ref()?.request_body.as_ref()? else { return None };
            Some((path.clone(), body.content.keys().cloned().collect()))
        });
        Self(Arc::new(forms.collect()))
    }
}

/// Refuses a body in a form that its operation does not read. A body that says no form is taken as the operation's own. The
/// binding of EPCIS says itself, in the standard's words, what it reads.
pub(in crate::http) async fn check(State(media): State<Media>, request: Request, next: Next) -> Response {
    let path =
        request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let forms = media
        .0
        .get(&path)
        .filter(|_| !path.starts_with("/epcis") && request.method() == axum::http::Method::POST);
    // A few packed bytes can be gigabytes of memory, so packed bodies are not read.
    let packed =
        request.headers().get(header::CONTENT_ENCODING).is_some_and(|form| form.as_bytes() != b"identity");
    if packed {
        let detail = "send the body as it is: packed bodies are not read";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        let problem = Problem::new(status, "media-type", "Not a form that is read here", detail);
        return ([(header::ACCEPT_ENCODING, "identity")], problem).into_response();
    }
    let said = request
        .headers()
        .get(header::CONTENT_TYPE)
        .map(|kind| kind.to_str().unwrap_or("?").to_ascii_lowercase());
    if let (Some(forms), Some(said)) = (forms, said) {
        let said = said.split(';').next().unwrap_or_default().trim().to_owned();
        let is_empty = request.body().size_hint().exact() == Some(0);
        if !is_empty && !forms.iter().any(|form| reads(form, &said)) {
            let detail = format!("the body is {}; this address reads {}", shown(&said), forms.join(", "));
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Problem::new(status, "media-type", "Not a form that is read here", detail)
                .into_response();
        }
    }
    next.run(request).await
}

/// Whether one who reads a form reads this one: forms built on JSON are JSON, and XML has two names.
fn reads(form: &str, said: &str) -> bool {
    let json = form == "application/json" && said.starts_with("application/") && said.ends_with("+json");
    let xml = |kind: &str| matches!(kind, "text/xml" | "application/xml");
    let yaml = |kind: &str| kind.ends_with("/yaml") || kind.ends_with("/x-yaml");
    form == said || json || (xml(form) && xml(said)) || (yaml(form) && yaml(said))
}

fn shown(said: &str) -> String {
    let plain: String = said.chars().filter(char::is_ascii_graphic).take(60).collect();
    if plain.is_empty() { "of no form".to_owned() } else { plain }
}
