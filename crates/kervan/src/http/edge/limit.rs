//! How much one caller may ask for: a bucket of requests that fills with time.

use super::Peer;
use crate::http::api::Api;
use crate::http::caller::find_party_of;
use crate::http::problem::Problem;
use crate::running::now;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kervan_model::PartyId;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Most callers that are remembered. A full bucket needs no memory, so those are forgotten first.
const MOST_CALLERS: usize = 20_000;

/// A caller, as it is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Counted {
    Party(PartyId),
    Address(IpAddr),
}

/// A request, in the units of a bucket: what a rate of one gives in a second of a million microseconds.
const REQUEST: u64 = 1_000_000;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// What is left. Unit: a millionth of a request.
    left: u64,
    seen: Instant,
}

/// What a caller may still ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    taken: bool,
    requests: u64,
    /// Until one more is there. Unit: second, rounded up.
    wait: u64,
}

/// The buckets of all callers.
#[derive(Debug)]
pub struct Buckets {
    rate: u64,
    burst: u64,
    of: Mutex<BTreeMap<Counted, Bucket>>,
}

impl Buckets {
    /// Buckets that hold `burst` requests and get `rate` a second; a rate of 0 is no limit.
    pub fn new(rate: u64, burst: u64) -> Self {
        Self { rate, burst, of: Mutex::default() }
    }

    fn take(&self, caller: Counted, now: Instant) -> Left {
        let full = self.burst.saturating_mul(REQUEST);
        let filled = |bucket: &Bucket| {
            let since = now.saturating_duration_since(bucket.seen);
            let gained = u64::try_from(since.as_micros()).unwrap_or(u64::MAX).saturating_mul(self.rate);
            bucket.left.saturating_add(gained).min(full)
        };
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        if of.len() >= MOST_CALLERS && !of.contains_key(&caller) {
            of.retain(|_, bucket| filled(bucket) < full);
            if of.len() >= MOST_CALLERS {
                of.pop_first();
            }
        }
        let bucket = of.entry(caller).or_insert(Bucket { left: full, seen: now });
        let there = filled(bucket);
        let taken = there >= REQUEST;
        *bucket = Bucket { left: if taken { there - REQUEST } else { there }, seen: now };
        let missing = REQUEST.saturating_sub(bucket.left);
        let wait = missing.div_ceil(self.rate.max(1)).div_ceil(1_000_000);
        Left { taken, requests: bucket.left / REQUEST, wait }
    }
}

/// Counts a request to its caller, refuses it if there are too many, and says how many are left.
pub(super) async fn count(State(api): State<Api>, request: Request, next: Next) -> Response {
    let buckets = &api.running.buckets;
    let caller = counted(&api, &request);
    let Some(caller) = caller.filter(|_| buckets.rate > 0 && !is_watched(request.uri().path())) else {
        return next.run(request).await;
    };
    let left = buckets.take(caller, now());
    let mut response = if left.taken {
        next.run(request).await
    } else {
        api.running.meters.limited.fetch_add(1, Ordering::Relaxed);
        let detail = format!(
            "this caller may send {} requests a second; {} at once after a pause",
            buckets.rate, buckets.burst
        );
        let problem =
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "Too many requests", detail);
        let mut response = problem.into_response();
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(left.wait.max(1)));
        response
    };
    let window = buckets.burst.div_ceil(buckets.rate.max(1)).max(1);
    let said = [
        ("ratelimit-policy", format!("\"caller\";q={};w={window}", buckets.burst)),
        ("ratelimit", format!("\"caller\";r={};t={}", left.requests, left.wait)),
    ];
    for (name, value) in said {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// Whoever watches the node must be able to while it is busy.
fn is_watched(path: &str) -> bool {
    matches!(path, "/health" | "/ready" | "/metrics")
}

/// By whom a request is counted: a party whose token it carries, else its address. An unknown token is no caller of its own,
/// or each invented one would have a bucket.
fn counted(api: &Api, request: &Request) -> Option<Counted> {
    let Peer(peer) = request.extensions().get::<Peer>()?;
    if let Some(party) = find_party_of(request.headers(), api) {
        return Some(Counted::Party(party));
    }
    Some(Counted::Address(network_of(address(
        &api.running.settings.trusted_proxies,
        peer.ip(),
        request.headers(),
    ))))
}

/// The address that a request came from: behind proxies that are believed, the last one that is not theirs.
pub(super) fn address(trusted: &[IpAddr], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    if !trusted.contains(&peer) {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let mut hops: Vec<IpAddr> =
        lines.flat_map(|line| line.split(',')).filter_map(|hop| hop.trim().parse().ok()).collect();
    hops.reverse();
    hops.into_iter().find(|hop| !trusted.contains(hop)).unwrap_or(peer)
}

/// A subscriber of IPv6 has 2^64 addresses, so its network is counted.
pub(super) fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::{Buckets, Counted, MOST_CALLERS, address, network_of};
    use crate::running::now;
    use axum::http::HeaderMap;
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::Duration;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(number: u32) -> Counted {
        Counted::Address(IpAddr::V4(Ipv4Addr::from(number)))
    }

    #[test]
    fn a_bucket_gives_its_burst_then_its_rate() {
        let (buckets, start) = (Buckets::new(10, 5), now());
        let taken = |seconds: f64| buckets.take(at(1), start + SECOND.mul_f64(seconds));
        let burst: Vec<bool> = (0..7).map(|_| taken(0.0).taken).collect();
        assert_eq!(burst, [true, true, true, true, true, false, false]);
        assert!(buckets.take(at(2), start).taken, "another caller has its own");
        assert_eq!(taken(0.05).wait, 1);
        assert!(taken(0.1).taken && !taken(0.1).taken && taken(0.25).taken);
        // However long it waits, no more than the burst is there.
        let later: Vec<bool> = (0..7).map(|_| taken(100.0).taken).collect();
        assert_eq!(later.iter().filter(|taken| **taken).count(), 5);
    }

    #[test]
    fn callers_that_asked_long_ago_make_room() {
        let (buckets, start) = (Buckets::new(1, 1), now());
        for number in 0..=u32::try_from(MOST_CALLERS).unwrap() {
            buckets.take(at(number), start + SECOND.mul_f64(f64::from(number)));
        }
        assert!(buckets.of.lock().unwrap().len() < MOST_CALLERS);
    }

    #[test]
    fn only_a_trusted_proxy_says_where_a_request_came_from() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "1.1.1.1, 2.2.2.2, 10.0.0.2".parse().unwrap());
        let proxies = [ip("10.0.0.1"), ip("10.0.0.2")];
        // What the caller itself has written stands before what the first proxy saw.
        assert_eq!(address(&proxies, ip("10.0.0.1"), &headers), ip("2.2.2.2"));
        assert_eq!(address(&proxies, ip("9.9.9.9"), &headers), ip("9.9.9.9"));
        assert_eq!(address(&proxies, ip("10.0.0.1"), &HeaderMap::new()), ip("10.0.0.1"));
        assert_eq!(network_of(ip("2001:db8:1:2:3::4")), ip("2001:db8:1:2::"));
        assert_eq!(network_of(ip("::ffff:1.2.3.4")), ip("1.2.3.4"));
    }
}
