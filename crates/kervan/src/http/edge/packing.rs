//! Packed answers: which ways of packing a caller is offered.
//!
//! Zstandard and Brotli pack tighter than gzip and take megabytes while they work, for as long as the caller takes to read; gzip
//! takes a quarter of one. So small answers, which those ways hardly make smaller, are packed with gzip and quickly; and only a few
//! are packed the tight way at once: ten thousand slow readers must not fill the memory of a node.

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, Predicate};

/// Answers up to this size are packed with gzip where the caller reads it. Unit: byte.
const SMALL: u64 = 64 * 1024;

/// How hard gzip works on them: at 6, its usual, they take twice the time and are a tenth smaller (`docs/operations.md`).
const EFFORT: i32 = 2;

/// Answers that are packed the tight way at once. Each takes some 3 MiB, see `docs/operations.md`.
const TIGHT_AT_ONCE: usize = 16;

/// The places for answers that are packed the tight way.
#[derive(Clone, Debug)]
pub(super) struct Places(Arc<Semaphore>);

impl Default for Places {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(TIGHT_AT_ONCE)))
    }
}

/// Packs small answers for which `worth` is true with gzip.
pub(super) fn pack_small<P: Predicate>(worth: P) -> CompressionLayer<And<P, Small>> {
    CompressionLayer::new()
        .no_br()
        .no_zstd()
        .quality(CompressionLevel::Precise(EFFORT))
        .compress_when(worth.and(Small))
}

/// Whether an answer is known to be small.
#[derive(Clone, Copy, Debug)]
pub(super) struct Small;

impl Predicate for Small {
    fn should_compress<B: HttpBody>(&self, response: &axum::http::Response<B>) -> bool {
        response.body().size_hint().exact().is_some_and(|size| size <= SMALL)
    }
}

/// Whether a word of `Accept-Encoding` is a tight way of packing.
fn is_tight(word: &str) -> bool {
    let name = word.split(';').next().unwrap_or_default().trim();
    name.eq_ignore_ascii_case("br") || name.eq_ignore_ascii_case("zstd")
}

/// Takes the tight ways out of what a caller reads; whoever reads anything reads gzip.
fn loosen(accepted: &str) -> String {
    let word = |word: &str| {
        let trimmed = word.trim();
        match trimmed.strip_prefix('*') {
            Some(rest) => format!("gzip{rest}"),
            None => trimmed.to_owned(),
        }
    };
    let kept: Vec<String> = accepted.split(',').filter(|one| !is_tight(one)).map(word).collect();
    if kept.is_empty() { "identity".to_owned() } else { kept.join(", ") }
}

fn accepted(headers: &HeaderMap) -> Option<String> {
    let lines: Vec<&str> =
        headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok()).collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

/// Offers a caller the tight ways of packing as long as there is a place, which is held until the answer is sent.
pub(super) async fn offer(State(places): State<Places>, mut request: Request, next: Next) -> Response {
    let wanted = accepted(request.headers());
    let Some(wanted) =
        wanted.filter(|text| text.split(',').any(|one| is_tight(one) || one.trim().starts_with('*')))
    else {
        return next.run(request).await;
    };
    let Ok(place) = places.0.try_acquire_owned() else {
        if let Ok(value) = HeaderValue::from_str(&loosen(&wanted)) {
            request.headers_mut().insert(header::ACCEPT_ENCODING, value);
        }
        return next.run(request).await;
    };
    let response = next.run(request).await;
    let packed = response.headers().get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    if !packed.is_some_and(is_tight) {
        return response;
    }
    response.map(|body| Body::new(Held { body, _place: place }))
}

/// A body with the place that it holds until it is sent or given up.
struct Held {
    body: Body,
    _place: OwnedSemaphorePermit,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt;
    use tower_http::compression::predicate::SizeAbove;

    const TEXT: &str = "a text that is long enough to be packed, said again and again. ";

    fn router() -> Router {
        Router::new()
            .route("/", get(|| async { TEXT.repeat(100) }))
            .layer(CompressionLayer::new())
            .layer(from_fn_with_state(Places::default(), offer))
    }

    /// How an answer is packed, and its body, which nobody has read yet.
    async fn ask(router: &Router, reads: &str) -> (String, Body) {
        let request = Request::builder().uri("/").header(header::ACCEPT_ENCODING, reads);
        let Ok(response) = router.clone().oneshot(request.body(Body::empty()).unwrap()).await;
        let packed =
            response.headers().get(header::CONTENT_ENCODING).map_or("", |value| value.to_str().unwrap());
        (packed.to_owned(), response.into_body())
    }

    #[tokio::test]
    async fn a_place_is_held_until_the_answer_is_sent_and_others_get_gzip() {
        let router = router();
        let all = "gzip, deflate, br, zstd";
        let mut slow = Vec::new();
        for _ in 0..TIGHT_AT_ONCE {
            let (packed, body) = ask(&router, all).await;
            assert_eq!(packed, "zstd");
            slow.push(body);
        }
        assert_eq!(ask(&router, all).await.0, "gzip");
        assert_eq!(ask(&router, "br").await.0, "", "who reads nothing else gets it as it is");
        slow.pop();
        let (packed, body) = ask(&router, "br").await;
        assert_eq!(packed, "br", "a place that is left is given again");
        axum::body::to_bytes(body, usize::MAX).await.unwrap();
        assert_eq!(ask(&router, "br, gzip;q=0.5").await.0, "br", "and one whose answer was read");
        assert_eq!(ask(&router, "gzip").await.0, "gzip");
    }

    #[tokio::test]
    async fn small_answers_are_packed_with_gzip_where_the_caller_reads_it() {
        let of = |size: usize| {
            Router::new()
                .route("/", get(move || async move { "z".repeat(size) }))
                .layer(pack_small(SizeAbove::new(32)))
                .layer(CompressionLayer::new())
                .layer(from_fn_with_state(Places::default(), offer))
        };
        let small = usize::try_from(SMALL).unwrap();
        for (size, reads, form) in [
            (small, "gzip, br, zstd", "gzip"),
            (small + 1, "gzip, br, zstd", "zstd"),
            (small, "br", "br"),
            (small, "gzip;q=0, zstd", "zstd"),
            (small, "identity", ""),
            (31, "gzip", ""),
        ] {
            assert_eq!(ask(&of(size), reads).await.0, form, "{size} bytes for {reads}");
        }
    }

    #[test]
    fn without_a_place_the_tight_ways_are_not_offered() {
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", "gzip, deflate"),
            ("br;q=1.0, gzip;q=0.8, *;q=0.1", "gzip;q=0.8, gzip;q=0.1"),
            ("ZSTD , BR", "identity"),
            ("*", "gzip"),
            ("identity;q=0, br", "identity;q=0"),
        ] {
            assert_eq!(loosen(accepted), expected, "{accepted}");
        }
        assert!(is_tight(" br;q=0.5") && !is_tight("brr") && !is_tight("gzip"));
    }
}
