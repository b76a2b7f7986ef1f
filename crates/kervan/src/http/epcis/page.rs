//! Pages: what is asked of one, and the link to the next.

use super::exception::Exception;
use axum::http::{HeaderMap, HeaderValue, header};
use kervan_events::query::Given;
use kervan_model::Finding;

/// Items of a page unless told otherwise. Source: the OpenAPI description of EPCIS 2.0.
const PER_PAGE: u32 = 30;

/// Most items of a page; an answer of a few megabytes.
const MOST_PER_PAGE: u32 = 1_000;

/// What is asked: parameters of a query, and a page of the answer.
pub(super) struct Asked {
    /// Parameters of the query.
    pub(super) given: Vec<Given>,
    /// Items of the page.
    pub(super) per_page: u32,
    /// Where it begins.
    pub(super) token: Option<String>,
}

impl Asked {
    /// Tells the page from the query.
    pub(super) fn read(pairs: Vec<(String, String)>) -> Result<Self, Exception> {
        let mut asked = Self { given: Vec::new(), per_page: PER_PAGE, token: None };
        for (name, value) in pairs {
            match name.as_str() {
                "perPage" => {
                    let number = value.parse::<u32>().ok().filter(|number| *number > 0);
                    asked.per_page = number.map(|number| number.min(MOST_PER_PAGE)).ok_or_else(|| {
                        let message = "`perPage` is a whole number above zero";
                        Finding::error("events.query-parameter", message).at("/perPage")
                    })?;
                }
                "nextPageToken" => asked.token = Some(value),
                _ => asked.given.push(Given::text(&name, &value)),
            }
        }
        Ok(asked)
    }

    /// The token as a number, for lists that have a place.
    pub(super) fn place(&self) -> Result<u64, Exception> {
        match &self.token {
            None => Ok(0),
            Some(token) => u64::from_str_radix(token, 16).map_err(|_| wrong_token().into()),
        }
    }
}

/// The token is none of this list.
pub(super) fn wrong_token() -> Finding {
    Finding::error("events.page-token", "the token of a page is not one of ours")
        .at("/nextPageToken")
        .remedy("ask for the first page, and follow the link `next` of each answer")
}

/// When a token ends, which is never: it says where its page begins, and nothing is kept for it. The header wants an instant.
const NEVER: HeaderValue = HeaderValue::from_static("9999-12-31T23:59:59Z");

/// The headers that link to the next page: the same request with another token, and how long that is good.
pub(super) fn link_next(headers: &mut HeaderMap, uri: &axum::http::Uri, token: &str) {
    let others = uri.query().unwrap_or_default().split('&');
    let kept = others.filter(|pair| !pair.is_empty() && !pair.starts_with("nextPageToken="));
    let query = kept.chain([format!("nextPageToken={token}").as_str()]).collect::<Vec<_>>().join("&");
    let link = format!("<{}?{query}>; rel=\"next\"", uri.path());
    if let Ok(value) = HeaderValue::from_str(&link) {
        headers.insert(header::LINK, value);
        headers.insert("gs1-next-page-token-expires", NEVER);
    }
}
