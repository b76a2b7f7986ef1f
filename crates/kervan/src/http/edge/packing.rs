//! Packed answers: which ways of packing a caller is offered.
//!
//! Zstandard packs tighter than gzip in a third of the time and takes megabytes while it works, for as long as the caller takes to
//! read; gzip takes a quarter of one. So only a few answers are packed the tight way at once, and the others with gzip: ten thousand
//! slow readers must not fill the memory of a node. Brotli is not offered: it takes seven times as long for a twentieth less.

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

/// Whether a word of `Accept-Encoding` is a tight way of packing.
fn is_tight(word: &str) -> bool {
    word.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("zstd")
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
    use tower_http::compression::CompressionLayer;

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
        assert_eq!(ask(&router, "zstd").await.0, "", "who reads nothing else gets it as it is");
        slow.pop();
        let (packed, body) = ask(&router, "zstd").await;
        assert_eq!(packed, "zstd", "a place that is left is given again");
        axum::body::to_bytes(body, usize::MAX).await.unwrap();
        assert_eq!(ask(&router, "zstd, gzip;q=0.5").await.0, "zstd", "and one whose answer was read");
        assert_eq!(ask(&router, "gzip").await.0, "gzip");
    }

    #[test]
    fn without_a_place_the_tight_ways_are_not_offered() {
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", "gzip, deflate, br"),
            ("zstd;q=1.0, gzip;q=0.8, *;q=0.1", "gzip;q=0.8, gzip;q=0.1"),
            ("ZSTD ", "identity"),
            ("*", "gzip"),
            ("identity;q=0, zstd", "identity;q=0"),
        ] {
            assert_eq!(loosen(accepted), expected, "{accepted}");
        }
        assert!(is_tight(" zstd;q=0.5") && !is_tight("zstdd") && !is_tight("gzip"));
    }
}
