//! What a node counts of itself, and how Prometheus reads it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Upper bounds of the buckets of answer times. Unit: microsecond.
const BOUNDS: [u64; 12] = [
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000,
];

/// Most routes by method and status that are told apart; the product has some hundreds.
const MOST_SERIES: usize = 4_000;

/// Answer times of one route.
#[derive(Clone, Debug, Default)]
struct Times {
    /// How many were within each bound, not counting those within a lower one.
    counts: [u64; BOUNDS.len()],
    all: u64,
    micros: u64,
}

impl Times {
    fn add(&mut self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if let Some(count) =
            BOUNDS.iter().position(|bound| micros <= *bound).and_then(|at| self.counts.get_mut(at))
        {
            *count += 1;
        }
        self.all += 1;
        self.micros = self.micros.saturating_add(micros);
    }
}

/// A request by which it is counted: the route as the API's document has it, never an address with names in it.
type Series = (String, &'static str, u16);

/// The counters of a node.
#[derive(Debug, Default)]
pub struct Meters {
    answers: Mutex<BTreeMap<Series, u64>>,
    times: Mutex<BTreeMap<String, Times>>,
    /// Connections that are open.
    pub connections: AtomicU64,
    /// Connections that were turned away because there were too many.
    pub turned_away: AtomicU64,
    /// Requests that were refused because their caller sends too many.
    pub limited: AtomicU64,
    /// Followers of the stream of changes.
    pub followers: AtomicU64,
    /// Requests that are being answered.
    pub running: AtomicU64,
    /// Until when the node's certificate counts; 0 without TLS. Unit: second since 1970.
    pub certificate_until: Arc<AtomicI64>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Meters {
    /// Counts an answer.
    pub fn answered(&self, route: &str, method: &'static str, status: u16, took: Duration) {
        let mut answers = lock(&self.answers);
        let key = (route.to_owned(), method, status);
        if answers.len() < MOST_SERIES || answers.contains_key(&key) {
            *answers.entry(key).or_default() += 1;
        }
        drop(answers);
        lock(&self.times).entry(route.to_owned()).or_default().add(took);
    }

    /// The counters in the text format of Prometheus, version 0.0.4.
    pub fn render(&self) -> Page {
        let mut page = Page::default();
        page.head("kervan_http_requests_total", "counter", "Requests answered.");
        for ((route, method, status), count) in &*lock(&self.answers) {
            page.line(
                "kervan_http_requests_total",
                &[("route", route), ("method", method), ("status", &status.to_string())],
                count,
            );
        }
        page.head(
            "kervan_http_request_duration_seconds",
            "histogram",
            "Time from the head of a request to the head of its answer.",
        );
        for (route, times) in &*lock(&self.times) {
            page.histogram("kervan_http_request_duration_seconds", route, times);
        }
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        page.gauge("kervan_http_connections", "Connections that are open.", of(&self.connections));
        page.gauge("kervan_http_requests_running", "Requests that are being answered.", of(&self.running));
        page.gauge("kervan_stream_followers", "Followers of the stream of changes.", of(&self.followers));
        page.counter(
            "kervan_http_connections_refused_total",
            "Connections turned away: too many at once.",
            of(&self.turned_away),
        );
        page.counter(
            "kervan_http_requests_limited_total",
            "Requests refused: too many of one caller.",
            of(&self.limited),
        );
        match self.certificate_until.load(Ordering::Relaxed) {
            0 => {}
            until => page.gauge(
                "kervan_tls_certificate_until_seconds",
                "Until when the certificate of this node counts, in seconds since 1970.",
                until,
            ),
        }
        page
    }
}

/// A page of metrics under construction.
#[derive(Debug, Default)]
pub struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let labels: Vec<String> =
            labels.iter().map(|(label, text)| format!("{label}=\"{}\"", escaped(text))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    fn histogram(&mut self, name: &str, route: &str, times: &Times) {
        let bucket = format!("{name}_bucket");
        let mut sum = 0;
        for (bound, count) in BOUNDS.iter().zip(times.counts) {
            sum += count;
            self.line(&bucket, &[("route", route), ("le", &seconds(*bound))], sum);
        }
        self.line(&bucket, &[("route", route), ("le", "+Inf")], times.all);
        self.line(&format!("{name}_sum"), &[("route", route)], seconds(times.micros));
        self.line(&format!("{name}_count"), &[("route", route)], times.all);
    }

    /// Adds times by their upper bounds: how many were within each and not within a lower one, all of them, and their sum. Unit:
    /// microsecond.
    pub fn times(
        &mut self,
        name: &str,
        help: &str,
        bounds: &[u64],
        counts: &[u64],
        (all, micros): (u64, u64),
    ) {
        self.head(name, "histogram", help);
        let mut sum = 0;
        for (bound, count) in bounds.iter().zip(counts) {
            sum += count;
            self.line(&format!("{name}_bucket"), &[("le", &seconds(*bound))], sum);
        }
        self.line(&format!("{name}_bucket"), &[("le", "+Inf")], all);
        self.line(&format!("{name}_sum"), &[], seconds(micros));
        self.line(&format!("{name}_count"), &[], all);
    }

    /// Adds something that goes up and down.
    pub fn gauge(&mut self, name: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, "gauge", help);
        self.line(name, &[], value);
    }

    /// Adds something that only grows.
    pub fn counter(&mut self, name: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, "counter", help);
        self.line(name, &[], value);
    }

    /// Adds a fact about the program as labels.
    pub fn info(&mut self, name: &str, help: &str, labels: &[(&str, &str)]) {
        self.head(name, "gauge", help);
        self.line(name, labels, 1);
    }

    /// The text.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// Microseconds as seconds, exactly.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::{Meters, seconds};
    use std::time::Duration;

    #[test]
    fn buckets_hold_all_that_was_as_quick_or_quicker() {
        let meters = Meters::default();
        for micros in [900, 2_000, 40_000, 20_000_000] {
            meters.answered("/api/x", "GET", 200, Duration::from_micros(micros));
        }
        let text = meters.render().into_text();
        for line in [
            "kervan_http_requests_total{route=\"/api/x\",method=\"GET\",status=\"200\"} 4",
            "kervan_http_request_duration_seconds_bucket{route=\"/api/x\",le=\"0.001\"} 1",
            "kervan_http_request_duration_seconds_bucket{route=\"/api/x\",le=\"0.05\"} 3",
            "kervan_http_request_duration_seconds_bucket{route=\"/api/x\",le=\"10\"} 3",
            "kervan_http_request_duration_seconds_bucket{route=\"/api/x\",le=\"+Inf\"} 4",
            "kervan_http_request_duration_seconds_sum{route=\"/api/x\"} 20.0429",
            "# TYPE kervan_http_connections gauge",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }

    #[test]
    fn seconds_are_exact() {
        for (micros, text) in
            [(0, "0"), (1, "0.000001"), (2_500, "0.0025"), (10_000_000, "10"), (20_042_900, "20.0429")]
        {
            assert_eq!(seconds(micros), text);
        }
    }
}
