//! What happens to every request before and after its route: limits, time, problems, versions, counters.

mod cors;
mod etag;
mod limit;
mod media;
mod observe;
mod packing;
mod problems;
mod times;

pub use limit::Buckets;
pub(super) use media::{Media, check as check_media};

use super::api::Api;
use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use axum::middleware::{from_fn, from_fn_with_state};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};

/// The address that a request came from; absent for requests that the program makes to itself.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// From where a request came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// Its address; none for requests that the program makes to itself.
    pub(super) address: Option<IpAddr>,
    /// Whether that is this machine, or the program itself.
    pub(super) here: bool,
}

impl FromRequestParts<Api> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Infallible> {
        let Some(Peer(peer)) = parts.extensions.get::<Peer>() else {
            return Ok(Self { address: None, here: true });
        };
        let from = limit::address(&api.running.settings.trusted_proxies, peer.ip(), &parts.headers);
        // A proxy on this machine that is not believed passes everybody on: whoever is forwarded does not come from here.
        let forwarded = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];
        let passed_on = from == peer.ip() && forwarded.iter().any(|name| parts.headers.contains_key(*name));
        let address = from.to_canonical();
        Ok(Self { address: (!passed_on).then_some(address), here: address.is_loopback() && !passed_on })
    }
}

/// The network that a request came from, as failed sign-ins are counted.
#[derive(Clone, Debug)]
pub(super) struct Network(pub String);

impl FromRequestParts<Api> for Network {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Infallible> {
        let Some(Peer(peer)) = parts.extensions.get::<Peer>() else {
            return Ok(Self("this program".to_owned()));
        };
        let from = limit::address(&api.running.settings.trusted_proxies, peer.ip(), &parts.headers);
        Ok(Self(limit::network_of(from).to_string()))
    }
}

/// Puts the border around the routes. The last layer here is the first that a request meets.
pub(super) fn surround(router: Router<Api>, api: &Api) -> Router<Api> {
    // A compressed stream of events would be held back until a block is full. What nobody may keep, such as a token, is not
    // compressed either: its length would tell of it beside what a caller can choose (BREACH).
    let compress = DefaultPredicate::new()
        .and(NotForContentType::const_new("text/event-stream"))
        .and(|_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| !is_secret(headers));
    router
        .layer(from_fn_with_state(api.clone(), times::hold))
        .layer(from_fn(problems::explain))
        .layer(from_fn(etag::compare))
        .layer(CompressionLayer::new().compress_when(compress))
        .layer(from_fn_with_state(packing::Places::default(), packing::offer))
        .layer(from_fn_with_state(api.clone(), limit::count))
        .layer(from_fn_with_state(api.clone(), cors::allow))
        .layer(from_fn_with_state(api.clone(), observe::observe))
}

fn is_secret(headers: &HeaderMap) -> bool {
    headers.get(header::CACHE_CONTROL).is_some_and(|value| value.as_bytes().starts_with(b"no-store"))
}
