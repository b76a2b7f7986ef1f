//! Lists that grow, page by page: `limit`, a cursor as `after`, and the address of the next page as a link.
//!
//! Source: RFC 8288, relation `next`. A cursor is the caller's to send back, not to read. What is told beside it stays the same list:
//! pages follow an order that does not change under what arrives meanwhile.

use super::problem::Problem;
use axum::Json;
use axum::http::{HeaderName, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use kervan_model::Finding;
use serde::Serialize;
use std::fmt::Display;
use std::str::FromStr;

/// Lines of a page unless the caller asks for fewer or more: what people scroll through.
pub(super) const PAGE: u32 = 100;
/// Most lines of a page.
pub(super) const MOST_ON_PAGE: u32 = 1_000;

/// How many lines a caller gets. Errors: it asks for none, or for more than there may be.
pub(super) fn read_limit(limit: Option<u32>, otherwise: u32) -> Result<u32, Problem> {
    match limit.unwrap_or(otherwise) {
        limit @ 1..=MOST_ON_PAGE => Ok(limit),
        other => {
            let finding =
                Finding::error("request.limit", format!("a page cannot have {other} lines")).at("limit");
            Err(Problem::invalid(&[finding.remedy(format!("ask for 1 to {MOST_ON_PAGE}"))]))
        }
    }
}

/// The cursor that a caller sends back. Errors: it is none of ours.
pub(super) fn read_cursor<T: FromStr>(after: Option<&str>) -> Result<Option<T>, Problem> {
    let wrong = |_| {
        let finding = Finding::error("request.cursor", "this is no cursor of this list").at("after");
        Problem::invalid(&[
            finding.remedy("follow the link `next` of the page before, or begin without `after`")
        ])
    };
    after.map(|text| text.parse().map_err(wrong)).transpose()
}

/// A page of a list.
pub(super) struct Page<T> {
    /// Its lines.
    pub(super) items: T,
    /// The address of the next page; none after the last.
    pub(super) next: Option<String>,
    /// How many lines the whole list has, where that is known without reading it.
    pub(super) total: Option<usize>,
}

impl<T> Page<T> {
    /// A page; `cursor` is that of its last line, if there are more.
    pub(super) fn new(items: T, uri: &Uri, cursor: Option<&impl Display>) -> Self {
        Self { items, next: cursor.map(|cursor| next_of(uri, &cursor.to_string())), total: None }
    }

    /// Says how many there are.
    pub(super) fn of(self, total: usize) -> Self {
        Self { total: Some(total), ..self }
    }
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.items).into_response();
        let link = self.next.and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok());
        response.headers_mut().extend(link.map(|link| (header::LINK, link)));
        let total =
            self.total.map(|total| (HeaderName::from_static("x-total-count"), HeaderValue::from(total)));
        response.headers_mut().extend(total);
        response
    }
}

/// The address of this page with another cursor.
fn next_of(uri: &Uri, cursor: &str) -> String {
    let parts = uri.query().unwrap_or_default().split('&');
    let kept = parts.filter(|part| !part.is_empty() && *part != "after" && !part.starts_with("after="));
    let encoded: String = cursor.bytes().map(encode).collect();
    let query: Vec<String> = kept.map(str::to_owned).chain([format!("after={encoded}")]).collect();
    format!("{}?{}", uri.path(), query.join("&"))
}

fn encode(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::next_of;

    #[test]
    fn the_next_page_keeps_the_question_and_moves_the_cursor() {
        for (uri, expected) in [
            ("/api/movements", "/api/movements?after=KRV-1%2F2"),
            (
                "/api/movements?state=released&limit=5",
                "/api/movements?state=released&limit=5&after=KRV-1%2F2",
            ),
            ("/api/movements?after=A%2F1&limit=5", "/api/movements?limit=5&after=KRV-1%2F2"),
        ] {
            assert_eq!(next_of(&uri.parse().unwrap(), "KRV-1/2"), expected);
        }
    }
}
