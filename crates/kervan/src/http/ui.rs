//! The web page, served out of the binary.

use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "$KERVAN_UI_FOLDER"]
struct Page;

/// Serves a file of the page; the page itself at `/`.
pub(super) async fn serve(request: Request) -> Response {
    if super::epcis::is_here(request.uri().path()) {
        return super::epcis::nothing_at(request.uri().path());
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let Some(file) = Page::get(path) else {
        return super::problem::Problem::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "Not found",
            "there is nothing at this address; /openapi.json lists every route",
        )
        .into_response();
    };
    // Built files carry a hash in their names and never change; the page itself is asked for every time.
    let kept = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let kind = HeaderValue::from_static(kind_of(path));
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, HeaderValue::from_static(kept))];
    (headers, file.data.into_owned()).into_response()
}

/// The Chinese font that the build of the page puts beside it; none in a program that was built without the page.
pub(crate) fn find_han_font() -> Option<&'static [u8]> {
    Page::get("fonts/han.ttf").map(|file| match file.data {
        Cow::Borrowed(bytes) => bytes,
        Cow::Owned(bytes) => bytes.leak(),
    })
}

/// The media type of a built file, by its ending.
fn kind_of(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("ttf") => "font/ttf",
        Some("txt") => "text/plain; charset=utf-8",
        Some("woff") => "font/woff",
        _ => "application/octet-stream",
    }
}
