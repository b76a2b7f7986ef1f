//! Callers that are slow, large, broken or hostile, and many at once: each gets a clear answer, and the node goes on serving others.
//!
//! One node with small limits serves all of them.

use super::epcis::register;
use super::node::Node;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

const CONFIG: &str = "
[limits]
connections = 40
connections_per_address = 40
requests_per_second = 1
burst = 400
head_within_s = 2
body_within_s = 2
body_mib = 1
headers = 50
head_kib = 16
[server]
trusted_proxies = [\"127.0.0.1\"]
cors_origins = [\"https://desk.example\"]
";

/// Longest that an answer may take here; the node's own limits are far below.
const PATIENCE: Duration = Duration::from_secs(20);

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn read(mut stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        // A node that refuses a body closes while more of it is on its way; what it said before counts.
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
        Self { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    /// The code of the problem that it is.
    fn code(&self) -> String {
        assert!(
            self.head.contains("application/problem+json"),
            "{} {}\n{}",
            self.status,
            self.head,
            self.body
        );
        let problem: Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem["status"], json!(self.status));
        problem["code"].as_str().unwrap().to_owned()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// The node, and a party that it knows: strangers get far with hardly any route.
struct Edge {
    node: Node,
    token: String,
}

impl Edge {
    /// The header by which the party is known.
    fn bearer(&self) -> String {
        format!("Authorization: Bearer {}\r\n", self.token)
    }
}

fn connect(edge: &Edge) -> TcpStream {
    let stream = TcpStream::connect(edge.node.url().replace("http://", "")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends bytes as they stand and reads to the end.
fn send(edge: &Edge, bytes: impl AsRef<[u8]>) -> Answer {
    let mut stream = connect(edge);
    let _ = stream.write_all(bytes.as_ref());
    Answer::read(stream)
}

/// Asks as the party, unless the headers say who asks.
fn ask(edge: &Edge, method: &str, path: &str, headers: &str, body: &str) -> Answer {
    let shown = headers.contains("Authorization:") || headers.contains("X-Forwarded-For:");
    let bearer = if shown { String::new() } else { edge.bearer() };
    let length = body.len();
    let text = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\n{bearer}{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    send(edge, text)
}

const JSON: &str = "Content-Type: application/json\r\n";

#[test]
fn a_node_answers_every_bad_caller_clearly_and_serves_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let config = folder.path().join("kervan.toml");
    std::fs::write(&config, CONFIG).unwrap();
    let token = register(&data, "rail-one");
    let node = Node::start(&["serve", "--data", &data, "--config", config.to_str().unwrap()]);
    let edge = Edge { node, token };
    std::thread::scope(|scope| {
        // Those that wait for the node's patience wait together.
        scope.spawn(|| slow_callers(&edge));
        scope.spawn(|| broken_callers(&edge));
    });
    wrong_forms(&edge);
    other_methods(&edge);
    tricks_with_paths(&edge);
    answers_have_versions(&edge);
    answers_are_packed_as_the_caller_reads(&edge);
    other_origins(&edge);
    too_many_requests(&edge);
    too_many_connections(&edge);
    assert_eq!(ask(&edge, "GET", "/health", "", "").status, 204);
    stops_in_order(&edge);
}

fn slow_callers(edge: &Edge) {
    let mut head = connect(edge);
    head.write_all(b"GET /health HTTP/1.1\r\nX-Slow: ").unwrap();
    let mut silent = connect(edge);
    let mut body = connect(edge);
    let known = edge.bearer();
    write!(body, "POST /api/plans HTTP/1.1\r\nHost: x\r\n{known}{JSON}Content-Length: 100\r\n\r\n{{")
        .unwrap();
    let body = Answer::read(body);
    assert_eq!((body.status, body.code().as_str()), (408, "too-slow"), "{}", body.body);
    // A head that does not come is not answered; its connection ends.
    let mut rest = Vec::new();
    assert!(silent.read_to_end(&mut rest).is_ok(), "the silent connection was left open");
    assert!(head.read_to_end(&mut rest).is_ok(), "the slow head was left open");
}

fn broken_callers(edge: &Edge) {
    let half = connect(edge);
    let mut writer = half.try_clone().unwrap();
    let known = edge.bearer();
    write!(
        writer,
        "POST /api/plans HTTP/1.1\r\nHost: x\r\n{known}{JSON}Content-Length: 50\r\n\r\n{{\"from\""
    )
    .unwrap();
    half.shutdown(Shutdown::Write).unwrap();
    let answer = Answer::read(half);
    assert!(matches!(answer.status, 0 | 400), "{} {}", answer.status, answer.body);
    for garbage in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
    ] {
        let answer = send(edge, garbage);
        assert!(matches!(answer.status, 0 | 400 | 505), "{}", answer.status);
    }
    let huge = "x".repeat(2 * 1024 * 1024);
    let answer = ask(edge, "POST", "/api/plans", JSON, &huge);
    assert_eq!((answer.status, answer.code().as_str()), (413, "too-large"));
    let flood: String = (0..100).map(|number| format!("X-{number}: 1\r\n")).collect();
    assert_eq!(ask(edge, "GET", "/health", &flood, "").status, 431);
    let long = format!("X-Long: {}\r\n", "a".repeat(40_000));
    assert_eq!(ask(edge, "GET", "/health", &long, "").status, 431);
    let lengths = send(
        edge,
        "POST /api/plans HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    );
    assert!(matches!(lengths.status, 0 | 400), "two lengths smuggle a second request: {}", lengths.status);
}

fn wrong_forms(edge: &Edge) {
    let bomb = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep = format!("{}1{}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
    let cases: &[(&str, &str, &str, &str, u16, &str)] = &[
        ("POST", "/api/plans", "Content-Type: text/plain\r\n", "{}", 415, "media-type"),
        (
            "POST",
            "/api/plans",
            "Content-Type: application/x-www-form-urlencoded\r\n",
            "a=1",
            415,
            "media-type",
        ),
        (
            "POST",
            "/api/plans",
            "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
            "\x1f\u{8b}",
            415,
            "media-type",
        ),
        ("POST", "/api/plans", JSON, "", 422, "invalid"),
        ("POST", "/api/plans", JSON, "{", 422, "invalid"),
        ("POST", "/api/plans", JSON, "{\"from\": 1e999}", 422, "invalid"),
        ("POST", "/api/plans", JSON, "{\"from\": \"A\", \"from\": \"B\"}", 422, "invalid"),
        ("POST", "/api/plans", JSON, &bomb, 422, "invalid"),
        ("POST", "/api/plans", JSON, &deep, 422, "invalid"),
        ("PUT", "/api/plans", JSON, "{}", 405, "method"),
        ("BREW", "/api/consignments", "", "", 405, "method"),
        ("GET", "/api/consignments?limit=0", "", "", 422, "invalid"),
        ("GET", "/api/consignments?limit=many", "", "", 400, "bad-request"),
        ("GET", "/api/consignments?unknown=1", "", "", 400, "bad-request"),
        ("GET", "/api/movements?after=nothing", "", "", 422, "invalid"),
        ("GET", "/api/worklist?after=1_1_1_1_x", "", "", 422, "invalid"),
        ("GET", "/api/nothing", "", "", 404, "not-found"),
        ("POST", "/api/nothing", JSON, "{}", 404, "not-found"),
    ];
    for (method, path, headers, body, status, code) in cases {
        let answer = ask(edge, method, path, headers, body);
        let shown: String = body.chars().take(40).collect();
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (*status, *code),
            "{method} {path} {shown}\n{}",
            answer.body
        );
        assert!(answer.header("x-request-id").is_some_and(|id| id.len() >= 8), "{}", answer.head);
    }
}

fn other_methods(edge: &Edge) {
    for shown in ["Bearer none", "Bearer", "Basic YTpi", ""] {
        let headers = format!("Authorization: {shown}\r\n{JSON}");
        let answer = ask(edge, "POST", "/api/closures", &headers, "{}");
        assert_eq!((answer.status, answer.code().as_str()), (401, "unauthorized"), "{shown}");
    }
    // A fault in a body is told by its place.
    let answer = ask(edge, "POST", "/api/plans", JSON, "{\"from\": \"CNXIA\", \"to\": 5}");
    assert!(answer.body.contains("\"path\":\"/to\""), "{}", answer.body);
    let answer = ask(edge, "OPTIONS", "/api/consignments", "", "");
    assert_eq!((answer.status, answer.header("allow")), (204, Some("get,head,post")), "{}", answer.head);
    let answer = ask(edge, "HEAD", "/api/consignments", "X-Request-Id: mine-1\r\n", "");
    assert_eq!(
        (answer.status, answer.body.as_str(), answer.header("x-request-id")),
        (200, "", Some("mine-1"))
    );
}

fn tricks_with_paths(edge: &Edge) {
    for path in [
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%2f..%2f..%2fetc%2fpasswd",
        "/..%5c..%5cwindows",
        "//etc/passwd",
        "/assets//../index.html",
        "/index.html%00.png",
        "/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
        "/api/consignments/%00",
        "/api/consignments/..%2f..%2fhealth",
        "/api/consignments/%ff%fe",
        "/api/consignments/%E2%80%AE",
        "/api/places/%25%32%65",
        "/api/../health",
        "/api/messages/0000/../../health",
    ] {
        let answer = ask(edge, "GET", path, "", "");
        assert!(matches!(answer.status, 400 | 404 | 422), "{path}: {} {}", answer.status, answer.body);
        answer.code();
        assert!(!answer.body.contains("root:"), "{path}");
    }
    let long = format!("/api/consignments/{}", "a".repeat(12_000));
    assert_eq!(ask(edge, "GET", &long, "", "").status, 404);
    let longer = format!("/api/consignments/{}", "a".repeat(70_000));
    assert!(matches!(ask(edge, "GET", &longer, "", "").status, 414 | 431));
}

fn answers_have_versions(edge: &Edge) {
    let first = ask(edge, "GET", "/api/network", "Accept-Encoding: gzip\r\n", "");
    // Heads are read in small letters here.
    let tag = first.header("etag").unwrap().replace("w/", "W/");
    assert_eq!((first.status, first.header("content-encoding")), (200, Some("gzip")));
    for (known, status) in
        [(tag.as_str(), 304), ("*", 304), ("\"other\"", 200), (&format!("\"a\", {tag}"), 304)]
    {
        let again = ask(edge, "GET", "/api/network", &format!("If-None-Match: {known}\r\n"), "");
        assert_eq!((again.status, again.body.is_empty()), (status, status == 304), "{known}");
        assert_eq!(again.header("etag").map(|tag| tag.replace("w/", "W/")).as_deref(), Some(tag.as_str()));
    }
}

/// The body of an answer as its bytes stand, with how they are packed.
fn packed(edge: &Edge, path: &str, reads: &str) -> (Option<String>, Vec<u8>) {
    let mut stream = connect(edge);
    let reads = if reads.is_empty() { String::new() } else { format!("Accept-Encoding: {reads}\r\n") };
    // The older version of the protocol has no chunks.
    write!(stream, "GET {path} HTTP/1.0\r\nHost: x\r\n{}{reads}\r\n", edge.bearer()).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|part| part == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let form = head.lines().find_map(|line| line.strip_prefix("content-encoding: "));
    (form.map(str::to_owned), bytes[end + 4..].to_vec())
}

fn answers_are_packed_as_the_caller_reads(edge: &Edge) {
    let plain = packed(edge, "/api/network", "").1;
    let unpack = |form: &str, bytes: &[u8]| {
        let mut text = Vec::new();
        match form {
            "zstd" => zstd::stream::copy_decode(bytes, &mut text).map(|()| 0).unwrap(),
            "gzip" => flate2::read::GzDecoder::new(bytes).read_to_end(&mut text).unwrap(),
            _ => return None,
        };
        Some(text)
    };
    for (reads, form) in [
        ("gzip, deflate, br, zstd", Some("zstd")),
        ("gzip, deflate, br", Some("gzip")),
        ("br", None),
        ("br;q=0.5, gzip", Some("gzip")),
        ("gzip;q=0, br;q=0, zstd;q=0", None),
        ("identity", None),
        ("pack200", None),
    ] {
        let (said, bytes) = packed(edge, "/api/network", reads);
        assert_eq!(said.as_deref(), form, "{reads}");
        let read = form.map_or_else(|| Some(bytes.clone()), |form| unpack(form, &bytes));
        assert!(read.as_ref() == Some(&plain), "{reads}: {} bytes are not the answer", bytes.len());
        assert!(
            form.is_none() || bytes.len() * 3 < plain.len(),
            "{reads}: {} of {}",
            bytes.len(),
            plain.len()
        );
    }
}

fn other_origins(edge: &Edge) {
    for (origin, allowed) in
        [("https://desk.example", true), ("https://evil.example", false), ("null", false)]
    {
        let answer = ask(edge, "GET", "/api/clock", &format!("Origin: {origin}\r\n"), "");
        assert_eq!(answer.header("access-control-allow-origin"), allowed.then_some(origin), "{origin}");
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        let asks = format!("Origin: {origin}\r\nAccess-Control-Request-Method: POST\r\n");
        let preflight = ask(edge, "OPTIONS", "/api/plans", &asks, "");
        assert_eq!(
            (preflight.status, preflight.header("access-control-allow-methods").is_some()),
            (204, allowed)
        );
    }
}

fn too_many_requests(edge: &Edge) {
    let as_caller = |address: &str, more: &str| {
        ask(edge, "GET", "/api/clock", &format!("X-Forwarded-For: {address}\r\n{more}"), "")
    };
    let first = as_caller("203.0.113.7", "");
    assert_eq!(first.header("ratelimit-policy"), Some("\"caller\";q=400;w=400"));
    assert!(first.header("ratelimit").unwrap().starts_with("\"caller\";r=399"), "{}", first.head);
    let refused =
        (0..4_000).map(|_| as_caller("203.0.113.7", "")).find(|answer| answer.status != 200).unwrap();
    assert_eq!((refused.status, refused.code().as_str()), (429, "too-many-requests"));
    assert!(refused.header("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
    // Invented tokens are the same caller: what it may ask again by the second is soon used up, where another would have its
    // four hundred. Another address and a party with a token of its own are others.
    let invented = || as_caller("203.0.113.7", "Authorization: Bearer invented\r\n").status;
    assert!((0..100).any(|_| invented() == 429), "an invented token is a caller of its own");
    assert_eq!(as_caller("203.0.113.8", "").status, 200);
    assert_eq!(as_caller("203.0.113.7", &edge.bearer()).status, 200);
    assert_eq!(
        ask(edge, "GET", "/ready", "X-Forwarded-For: 203.0.113.7\r\n", "").status,
        200,
        "whoever watches may"
    );
}

fn too_many_connections(edge: &Edge) {
    // Followers of the stream stay; a connection that is silent would be closed while the others are opened.
    let follow = || {
        let mut stream = connect(edge);
        write!(stream, "GET /api/stream HTTP/1.1\r\nHost: x\r\n{}\r\n", edge.bearer()).unwrap();
        let mut head = [0; 12];
        stream.read_exact(&mut head).unwrap();
        assert_eq!(&head, b"HTTP/1.1 200");
        stream
    };
    let held: Vec<TcpStream> = (0..40).map(|_| follow()).collect();
    let mut refused = 0;
    for _ in 0..10 {
        let answer = Answer::read(connect(edge));
        if answer.status == 503 {
            assert_eq!((answer.code().as_str(), answer.header("retry-after")), ("no-room", Some("5")));
            refused += 1;
        }
    }
    assert_eq!(refused, 10, "no one beyond the limit is served");
    drop(held);
    let served = (0..2_000).any(|_| ask(edge, "GET", "/health", "", "").status == 204);
    assert!(served, "places that were left are given again");
    let elsewhere = ask(edge, "GET", "/metrics", "X-Forwarded-For: 203.0.113.7\r\n", "");
    assert_eq!(
        (elsewhere.status, elsewhere.code().as_str()),
        (401, "unauthorized"),
        "metrics are for this machine"
    );
    let metrics = ask(edge, "GET", "/metrics", "", "").body;
    let count = |name: &str| {
        let line = metrics.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap();
        line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()
    };
    assert!(
        count("kervan_http_connections_refused_total") >= 10
            && count("kervan_http_requests_limited_total") >= 1
    );
    assert!(
        metrics.contains("kervan_http_requests_total{route=\"/api/plans\",method=\"POST\",status=\"413\"} 1"),
        "{metrics}"
    );
}

/// Told to stop, the node ends streams with a hint when to come back, answers what runs, and ends with 0.
fn stops_in_order(edge: &Edge) {
    let mut stream = connect(edge);
    write!(stream, "GET /api/stream HTTP/1.1\r\nHost: x\r\n{}\r\n", edge.bearer()).unwrap();
    let mut head = [0; 512];
    assert!(stream.read(&mut head).unwrap() > 0);
    let code = edge.node.terminate();
    let mut rest = String::new();
    let _ = stream.read_to_string(&mut rest);
    assert!(rest.contains("retry: 2000"), "{rest}");
    assert_eq!(code, Some(0));
}
