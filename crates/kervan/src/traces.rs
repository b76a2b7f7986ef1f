//! Traces by OTLP over HTTP, in the JSON form of the protocol: one span for each request, sent in batches by a thread of its own.
//!
//! Source: OpenTelemetry Protocol 1.3, section OTLP/HTTP, JSON encoding; W3C Trace Context. It needs no library: a span is an
//! object with ids in hex and times in nanoseconds. A collector that is away costs spans, never answers.

use axum::http::HeaderMap;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

/// Spans that may wait to be sent; more are lost.
const MOST_WAITING: usize = 4_096;
/// Spans that are sent together.
const MOST_TOGETHER: usize = 512;
/// How long spans are gathered.
const GATHER: Duration = Duration::from_secs(2);
/// How long a collector may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A request that is traced.
#[derive(Debug)]
pub(crate) struct Span {
    trace: String,
    id: String,
    parent: Option<String>,
    begun: u128,
}

/// Where spans are sent.
#[derive(Debug)]
pub(crate) struct Traces {
    queue: Mutex<SyncSender<Value>>,
    percent: u64,
}

impl Traces {
    /// Starts the thread that sends.
    pub(crate) fn start(endpoint: String, percent: u64) -> Self {
        let (queue, waiting) = sync_channel(MOST_WAITING);
        let started =
            std::thread::Builder::new().name("traces".into()).spawn(move || send_all(&endpoint, &waiting));
        if let Err(error) = started {
            tracing::error!(%error, "traces cannot be sent");
        }
        Self { queue: Mutex::new(queue), percent }
    }

    /// Begins a span: of the caller's trace, if it has one that is sampled, or of a new one, for a share of the requests.
    pub(crate) fn begin(&self, headers: &HeaderMap) -> Option<Span> {
        let told = headers.get("traceparent").and_then(|value| value.to_str().ok()).and_then(read_parent);
        let [draw, ..] = crate::random::fresh::<8>();
        let (trace, parent) = match told {
            Some((trace, parent, true)) => (trace, Some(parent)),
            Some((.., false)) => return None,
            None if u64::from(draw) * 100 / 256 < self.percent => {
                (HEXLOWER.encode(&crate::random::fresh::<16>()), None)
            }
            None => return None,
        };
        Some(Span {
            trace,
            id: HEXLOWER.encode(&crate::random::fresh::<8>()),
            parent,
            begun: crate::clock::unix_nanos(),
        })
    }

    /// Ends a span. It says the route, never the address.
    pub(crate) fn end(&self, span: Span, method: &str, route: &str, status: u16, request: &str) {
        let text = |key: &str, value: &str| json!({ "key": key, "value": { "stringValue": value } });
        let mut told = json!({
            "traceId": span.trace, "spanId": span.id, "name": format!("{method} {route}"), "kind": 2,
            "startTimeUnixNano": span.begun.to_string(), "endTimeUnixNano": crate::clock::unix_nanos().to_string(),
            "attributes": [
                text("http.request.method", method), text("http.route", route), text("kervan.request", request),
                { "key": "http.response.status_code", "value": { "intValue": status.to_string() } },
            ],
            "status": { "code": if status >= 500 { 2 } else { 0 } },
        });
        if let (Some(parent), Some(told)) = (span.parent, told.as_object_mut()) {
            told.insert("parentSpanId".into(), parent.into());
        }
        let queue = self.queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // A full queue loses the span.
        let _ = queue.try_send(told);
    }
}

/// Trace, parent and whether it is sampled. Source: W3C Trace Context, section 3.2.
fn read_parent(text: &str) -> Option<(String, String, bool)> {
    let mut parts = text.trim().split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let some = |part: &str| part.bytes().any(|byte| byte != b'0');
    let right = hex(version, 2)
        && version != "ff"
        && hex(trace, 32)
        && some(trace)
        && hex(parent, 16)
        && some(parent)
        && hex(flags, 2);
    let flags = u8::from_str_radix(flags, 16).ok()?;
    right.then(|| (trace.to_owned(), parent.to_owned(), flags & 1 == 1))
}

fn send_all(endpoint: &str, waiting: &Receiver<Value>) {
    let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build();
    let agent = ureq::Agent::new_with_config(config);
    while let Ok(first) = waiting.recv() {
        let mut spans = vec![first];
        while spans.len() < MOST_TOGETHER {
            match waiting.recv_timeout(GATHER) {
                Ok(span) => spans.push(span),
                Err(_) => break,
            }
        }
        let body = document(spans).to_string();
        if let Err(error) = agent.post(endpoint).header("content-type", "application/json").send(body) {
            tracing::warn!(%error, "traces could not be sent");
        }
    }
}

/// Spans as the protocol wraps them.
fn document(spans: Vec<Value>) -> Value {
    let text = |key: &str, value: &str| json!({ "key": key, "value": { "stringValue": value } });
    json!({ "resourceSpans": [{
        "resource": { "attributes": [text("service.name", "kervan"), text("service.version", env!("CARGO_PKG_VERSION"))] },
        "scopeSpans": [{ "scope": { "name": "kervan" }, "spans": spans }],
    }] })
}

#[cfg(test)]
mod tests {
    use super::{document, read_parent};

    #[test]
    fn a_parent_is_read_only_if_it_is_whole() {
        let (trace, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        for (text, sampled) in [
            (format!("00-{trace}-{parent}-01"), Some(true)),
            (format!("00-{trace}-{parent}-00"), Some(false)),
            (format!("cc-{trace}-{parent}-03-later"), Some(true)),
            (format!("ff-{trace}-{parent}-01"), None),
            (format!("00-{}-{parent}-01", "0".repeat(32)), None),
            (format!("00-{trace}-{}-01", "0".repeat(16)), None),
            (format!("00-{}-{parent}-01", trace.to_uppercase()), None),
            (format!("00-{trace}-{parent}"), None),
            (String::new(), None),
        ] {
            let read = read_parent(&text);
            assert_eq!(read.as_ref().map(|(.., sampled)| *sampled), sampled, "{text}");
            if let Some((trace_read, parent_read, _)) = read {
                assert_eq!((trace_read.as_str(), parent_read.as_str()), (trace, parent));
            }
        }
    }

    #[test]
    fn spans_stand_where_a_collector_looks_for_them() {
        let told = document(vec![serde_json::json!({ "name": "GET /x" })]);
        assert_eq!(
            told.pointer("/resourceSpans/0/scopeSpans/0/spans/0/name").and_then(|name| name.as_str()),
            Some("GET /x")
        );
        assert_eq!(
            told.pointer("/resourceSpans/0/resource/attributes/0/value/stringValue")
                .and_then(|name| name.as_str()),
            Some("kervan")
        );
    }
}
