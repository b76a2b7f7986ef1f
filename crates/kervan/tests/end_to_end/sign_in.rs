//! People at a browser: passwords, sessions that end, pages of others, keys of one's own, a provider of OpenID Connect.

use super::node::Node;
use super::program::{kervan, run};
use data_encoding::BASE64URL_NOPAD;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

const PASSWORD: &str = "river lantern copper ninety";

/// A request as a browser sends it: status, headers in small letters, body.
pub(crate) fn browse(
    node: &Node,
    method: &str,
    path: &str,
    more: &[(&str, &str)],
    body: &Value,
) -> (u16, Vec<(String, String)>, Value) {
    let address = node.url().trim_start_matches("http://").to_owned();
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let mut stream = TcpStream::connect(&address).unwrap();
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n",
        text.len()
    );
    if !text.is_empty() {
        head.push_str("Content-Type: application/json\r\n");
    }
    for (name, value) in more {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    write!(stream, "{head}\r\n{text}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    (status, headers.collect(), serde_json::from_str(body).unwrap_or(Value::Null))
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> &'a str {
    headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// The part of a cookie that goes back.
fn cookie(headers: &[(String, String)]) -> String {
    header(headers, "set-cookie").split(';').next().unwrap().to_owned()
}

fn prepare(data: &Path) {
    let data = data.to_str().unwrap();
    let good = |arguments: &[&str]| {
        let output = run(&[arguments, &["--data", data]].concat());
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let file = format!("{data}.password");
    std::fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    good(&[
        "party",
        "add",
        "customs-ge",
        "--name",
        "Revenue Service",
        "--country",
        "GE",
        "--role",
        "customs",
        "--territory",
        "GE",
    ]);
    good(&["people", "add", "4711@customs-ge", "--called", "N. Beridze"]);
    good(&["people", "password", "4711@customs-ge", "--file", &file]);
}

/// What a browser says of a request of the node's own page, and of one of another's.
const OWN: &[(&str, &str)] = &[("Sec-Fetch-Site", "same-origin")];
const OTHERS: &[(&str, &str)] = &[("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")];

/// Whoever fails is told the same, whether there is such a person or not; a page of others is not even asked for the password.
fn who_fails_learns_nothing(node: &Node) {
    let wrong = browse(
        node,
        "POST",
        "/api/sign-in",
        OWN,
        &credentials("4711@customs-ge", "river lantern copper eighty"),
    );
    let nobody = browse(node, "POST", "/api/sign-in", OWN, &credentials("4712@customs-ge", PASSWORD));
    assert_eq!((wrong.0, &wrong.2), (401, &nobody.2), "{}", nobody.0);
    assert_eq!(wrong.2["code"], "sign-in-refused");
    assert_eq!(
        browse(node, "POST", "/api/sign-in", OTHERS, &credentials("4711@customs-ge", PASSWORD)).0,
        403
    );
}

fn credentials(name: &str, password: &str) -> Value {
    json!({ "name": name, "password": password })
}

#[test]
fn a_person_signs_in_and_out_and_pages_of_others_do_nothing_in_their_name() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    prepare(&data);
    let node = Node::start(&["serve", "--data", data.to_str().unwrap()]);
    let (own, others) = (OWN, OTHERS);

    who_fails_learns_nothing(&node);
    let (status, headers, member) =
        browse(&node, "POST", "/api/sign-in", own, &credentials("4711@customs-ge", PASSWORD));
    assert_eq!(
        (status, &member["person"]["called"], &member["officer"]["id"]),
        (200, &json!("N. Beridze"), &json!("4711"))
    );
    let said = header(&headers, "set-cookie");
    assert!(
        said.contains("HttpOnly") && said.contains("SameSite=Strict") && said.contains("Path=/"),
        "{said}"
    );
    assert_eq!(header(&headers, "cache-control"), "no-store");
    let first = cookie(&headers);

    // A new sign-in in the same browser begins a new session and ends the one before.
    let again = [own, &[("Cookie", first.as_str())]].concat();
    let (_, headers, _) =
        browse(&node, "POST", "/api/sign-in", &again, &credentials("4711@customs-ge", PASSWORD));
    let second = cookie(&headers);
    assert_ne!(first, second);
    let session = |cookie: &str| browse(&node, "GET", "/api/session", &[("Cookie", cookie)], &Value::Null).0;
    assert_eq!((session(&first), session(&second)), (401, 200));

    // What changes something must come from the page itself.
    let mine = |more: &[(&'static str, &'static str)]| [&[("Cookie", second.as_str())], more].concat();
    let wanted = json!({ "label": "own scripts", "scope": "read", "days": 30 });
    for more in [&[][..], others] {
        let (status, _, problem) = browse(&node, "POST", "/api/keys", &mine(more), &wanted);
        assert_eq!((status, &problem["code"]), (403, &json!("cross-site")), "{problem}");
    }
    let (status, _, made) = browse(&node, "POST", "/api/keys", &mine(own), &wanted);
    assert_eq!(status, 201, "{made}");
    let token = made["token"].as_str().unwrap();
    assert_eq!(node.send("GET", "/api/session", token, &Value::Null).1["person"]["name"], "4711@customs-ge");
    // A key that reads makes no keys, and no key changes the password.
    assert_eq!(node.send("POST", "/api/keys", token, &wanted).0, 403);
    let change = json!({ "old": PASSWORD, "new": "another river of copper" });
    assert_eq!(node.send("POST", "/api/session/password", token, &change).0, 403);
    let (_, _, keys) = browse(&node, "GET", "/api/keys", &mine(&[]), &Value::Null);
    assert!(keys[0]["label"] == "own scripts" && !keys.to_string().contains(token), "{keys}");
    let path = format!("/api/keys/{}", keys[0]["id"].as_str().unwrap());
    let followed = [
        follow(&node, &format!("Authorization: Bearer {token}")),
        follow(&node, &format!("Cookie: {second}")),
    ];
    assert_eq!(browse(&node, "DELETE", &path, &mine(own), &Value::Null).0, 204);
    assert_eq!(node.send("GET", "/api/session", token, &Value::Null).0, 401);

    let out = browse(&node, "POST", "/api/sign-out", &mine(own), &Value::Null);
    assert_eq!((out.0, session(&second)), (204, 401));
    // What was open by them is over as well.
    for mut stream in followed {
        let mut rest = String::new();
        assert!(stream.read_to_string(&mut rest).is_ok(), "the stream goes on: {rest}");
    }
    assert!(header(&out.1, "set-cookie").contains("Max-Age=0"));

    guesses_wait(&node);
    drop(node);
    let log = run(&["audit", "list", "--json", "--data", data.to_str().unwrap()]);
    let log = String::from_utf8_lossy(&log.stdout).into_owned();
    for act in ["sign-in\"", "sign-in-refused", "sign-out", "key-added", "key-revoked", "password-set"] {
        assert!(log.contains(act), "{act}: {log}");
    }
    assert!(!log.contains(PASSWORD) && !log.contains("4712"), "{log}");
}

/// The stream of changes as somebody follows it; its head has come.
fn follow(node: &Node, shows: &str) -> TcpStream {
    let mut stream = TcpStream::connect(node.url().trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).unwrap();
    write!(stream, "GET /api/stream HTTP/1.0\r\nHost: x\r\n{shows}\r\n\r\n").unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).unwrap();
    assert!(first.ends_with(b" 200"), "{}", String::from_utf8_lossy(&first));
    stream
}

/// Whoever guesses waits, the right password or not.
fn guesses_wait(node: &Node) {
    let own: &[(&str, &str)] = &[("Sec-Fetch-Site", "same-origin")];
    let credentials = |password: &str| json!({ "name": "4711@customs-ge", "password": password });
    let tries: Vec<u16> = (0..6)
        .map(|_| browse(node, "POST", "/api/sign-in", own, &credentials("a guess of fifteen")).0)
        .collect();
    assert_eq!(tries[..5], [401; 5]);
    let (status, headers, _) = browse(node, "POST", "/api/sign-in", own, &credentials(PASSWORD));
    assert!(status == 429 && !header(&headers, "retry-after").is_empty(), "{status}");
}

#[test]
fn other_machines_are_served_under_tls_or_for_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let output =
        kervan().args(["serve", "--listen", "0.0.0.0:0", "--data", data.to_str().unwrap()]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("server.clear_because"), "{said}");
}

/// A provider of OpenID Connect with a key of its own: what it answers is set before each login.
struct TestProvider {
    issuer: String,
    nonce: Arc<Mutex<String>>,
    claims: Arc<Mutex<Value>>,
}

impl TestProvider {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let provider = Self { issuer, nonce: Arc::default(), claims: Arc::new(Mutex::new(json!({}))) };
        let (issuer, nonce, claims) =
            (provider.issuer.clone(), Arc::clone(&provider.nonce), Arc::clone(&provider.claims));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut first = String::new();
                reader.read_line(&mut first).unwrap();
                let mut length = 0;
                loop {
                    let mut line = String::new();
                    reader.read_line(&mut line).unwrap();
                    if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                        length = value.trim().parse().unwrap();
                    }
                    if line.trim().is_empty() {
                        break;
                    }
                }
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                let body = String::from_utf8(body).unwrap();
                let answer = match first.split(' ').nth(1).unwrap() {
                    "/.well-known/openid-configuration" => json!({
                        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
                        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
                    }),
                    "/keys" => json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "one",
                        "x": BASE64URL_NOPAD.encode(pair().public_key().as_ref()) }] }),
                    "/token" => {
                        assert!(body.contains("code_verifier=") && body.contains("grant_type=authorization_code"), "{body}");
                        json!({ "id_token": token(&claims.lock().unwrap(), &nonce.lock().unwrap()), "token_type": "Bearer" })
                    }
                    other => json!({ "error": other }),
                }
                .to_string();
                let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length";
                write!(stream, "{head}: {}\r\n\r\n{answer}", answer.len()).unwrap();
            }
        });
        provider
    }
}

fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[9; 32]).unwrap()
}

fn token(claims: &Value, nonce: &str) -> String {
    let mut claims = claims.clone();
    if claims["nonce"].is_null() {
        claims["nonce"] = json!(nonce);
    }
    let alg = claims["test_alg"].as_str().unwrap_or("EdDSA").to_owned();
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(&json!({ "alg": alg, "kid": "one" })), part(&claims));
    format!("{signed}.{}", BASE64URL_NOPAD.encode(pair().sign(signed.as_bytes()).as_ref()))
}

/// Tokens of a provider: what is said of each, and whether somebody signs in with it.
fn claims_of(issuer: &str, now: i64) -> Vec<(&'static str, Value, bool)> {
    let good = json!({
        "iss": issuer, "aud": "kervan", "sub": "u-5", "iat": now, "exp": now + 300,
        "groups": ["ge-officers"], "number": "5000", "name": "T. Officer",
    });
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        claims
    };
    vec![
        ("good", good.clone(), true),
        ("the same again", good.clone(), true),
        ("left the group", with("groups", json!([])), false),
        ("another nonce", with("nonce", json!("n")), false),
        ("for others", with("aud", json!("another")), false),
        ("expired", with("exp", json!(now - 3_600)), false),
        ("not signed", with("test_alg", json!("none")), false),
        // A provider cannot take a person over by calling somebody else like them.
        (
            "another by a taken name",
            {
                let mut claims = with("number", json!("4711"));
                claims["sub"] = json!("u-6");
                claims
            },
            false,
        ),
    ]
}

#[test]
fn whom_a_provider_knows_signs_in_there_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    prepare(&data);
    let provider = TestProvider::start();
    let people = folder.path().join("people.yaml");
    std::fs::write(&people, "- {claim: groups, value: ge-officers, party: customs-ge, id: number}\n")
        .unwrap();
    let set = [
        format!("sign_in.issuer={}", provider.issuer),
        "sign_in.client=kervan".to_owned(),
        "sign_in.label=State login".to_owned(),
        format!("sign_in.people={}", people.display()),
        "server.origin=http://desk.example".to_owned(),
    ];
    let mut arguments = vec!["serve", "--data", data.to_str().unwrap()];
    set.iter().for_each(|pair| arguments.extend(["--set", pair.as_str()]));
    let node = Node::start(&arguments);
    assert_eq!(browse(&node, "GET", "/api/sign-in", &[], &Value::Null).2["provider"], "State login");

    let now = jiff::Timestamp::from_second(
        i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap(),
    )
    .unwrap()
    .as_second();
    for (case, claims, good) in claims_of(&provider.issuer, now) {
        let (status, headers, _) = browse(&node, "GET", "/api/sign-in/provider", &[], &Value::Null);
        assert_eq!(status, 303, "{case}");
        let to = header(&headers, "location").to_owned();
        let query = |name: &str| {
            to.split(['?', '&'])
                .find_map(|pair| pair.strip_prefix(&format!("{name}=")))
                .unwrap_or_default()
                .to_owned()
        };
        assert!(to.starts_with(&format!("{}/authorize?", provider.issuer)), "{to}");
        *provider.nonce.lock().unwrap() = query("nonce");
        *provider.claims.lock().unwrap() = claims;
        let kept = cookie(&headers);
        let back = format!("/api/sign-in/back?code=c&state={}", query("state"));
        // Another browser that is sent the same way back signs nobody in.
        let (_, headers, _) = browse(&node, "GET", &back, &[], &Value::Null);
        assert_eq!(header(&headers, "location"), "/?sign-in=late", "{case}: another browser");
        // Nor does one that cannot be read, which ends nothing and leads a person to the page like all others.
        let twice = format!("{back}&code=d");
        let (status, headers, _) = browse(&node, "GET", &twice, &[("Cookie", &kept)], &Value::Null);
        assert_eq!(
            (status, header(&headers, "location")),
            (303, "/?sign-in=refused"),
            "{case}: a field twice"
        );
        let (status, headers, _) = browse(&node, "GET", &back, &[("Cookie", &kept)], &Value::Null);
        let to = match case {
            _ if good => "/",
            "another nonce" => "/?sign-in=late",
            "left the group" | "another by a taken name" => "/?sign-in=unknown",
            _ => "/?sign-in=refused",
        };
        assert_eq!((status, header(&headers, "location")), (303, to), "{case}");
        if good {
            let (_, _, member) =
                browse(&node, "GET", "/api/session", &[("Cookie", &cookie(&headers))], &Value::Null);
            assert_eq!(member["person"]["name"], "5000@customs-ge", "{case}");
            // The way back counts once.
            let (_, headers, _) = browse(&node, "GET", &back, &[("Cookie", &kept)], &Value::Null);
            assert_eq!(header(&headers, "location"), "/?sign-in=late", "{case}: twice");
        }
    }
}
