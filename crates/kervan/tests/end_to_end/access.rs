//! Who runs a node keeps its people and keys over HTTP, who audits it reads them and the audit log, and nobody else learns that a
//! person exists.

use super::node::Node;
use super::program::run;
use super::sign_in::browse;
use serde_json::{Value, json};
use std::path::Path;

const PASSWORD: &str = "harbour window violin eleven";

/// The token that a command prints.
fn token(data: &Path, arguments: &[&str]) -> String {
    let output = run(&[arguments, &["--data", data.to_str().unwrap()]].concat());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    said.lines().find_map(|line| line.strip_prefix("token: ")).unwrap_or_default().trim().to_owned()
}

struct Tokens {
    operator: String,
    auditor: String,
    officer: String,
}

fn prepare(data: &Path) -> Tokens {
    let party =
        ["party", "add", "customs-ge", "--name", "Revenue Service", "--country", "GE", "--role", "customs"];
    token(data, &[&party[..], &["--territory", "GE"]].concat());
    let person = |name: &str, duty: &str| {
        token(data, &["people", "add", name, "--called", "Somebody", "--duty", duty, "--key"])
    };
    let operator = person("aygul", "operator");
    Tokens { operator, auditor: person("vera", "auditor"), officer: person("4711@customs-ge", "member") }
}

#[test]
fn people_and_keys_are_kept_over_http_by_who_runs_the_node() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let tokens = prepare(&data);
    let node = Node::start(&["serve", "--data", data.to_str().unwrap()]).with_token(&tokens.operator);
    nobody_else_learns_of_anybody(&node, &tokens);
    people_are_registered_once(&node, &tokens);
    what_they_sign_in_with_is_given_and_taken(&node, &tokens);
    a_narrow_key_makes_no_wider_one(&node, &tokens);
    people_are_ended(&node, &tokens);
    everything_is_on_record(&node, &tokens);
}

fn nobody_else_learns_of_anybody(node: &Node, tokens: &Tokens) {
    for (method, path) in [
        ("GET", "/api/people"),
        ("GET", "/api/people/{}"),
        ("POST", "/api/people/{}/password"),
        ("POST", "/api/people/{}/links"),
        ("DELETE", "/api/people/{}"),
        ("GET", "/api/access/keys?person={}"),
        ("GET", "/api/audit?about={}"),
        ("GET", "/api/audit/check"),
    ] {
        // A person who is there, one who is not, and a visitor's token that nobody has.
        let ask = |name: &str, token: &str| {
            node.try_any(method, &path.replace("{}", name), token, &json!({})).unwrap()
        };
        for (token, status) in [(tokens.officer.as_str(), 403), ("krv_nobody", 401)] {
            let (there, nobody) = (ask("4711@customs-ge", token), ask("4712@customs-ge", token));
            assert_eq!((there.0, &there), (status, &nobody), "{method} {path}");
            assert!(!there.1.to_string().contains("4711"), "{}", there.1);
        }
    }
    for (method, path) in
        [("POST", "/api/people"), ("POST", "/api/access/keys"), ("DELETE", "/api/people/aygul")]
    {
        assert_eq!(
            node.send(method, path, &tokens.auditor, &json!({})).0,
            403,
            "an auditor looks and changes nothing"
        );
    }
    let names = |page: &Value| -> Vec<String> {
        page.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let (_, all) = node.send("GET", "/api/people", &tokens.auditor, &Value::Null);
    assert_eq!(names(&all), ["aygul", "vera", "4711@customs-ge"]);
    let (mut paged, mut next) = (Vec::new(), Some("/api/people?limit=1".to_owned()));
    while let Some(path) = next.take() {
        let (page, more) = node.page(&path);
        paged.extend(names(&page));
        next = more;
    }
    assert_eq!(paged, names(&all));
    let (_, of_party) = node.send("GET", "/api/people?party=customs-ge", "", &Value::Null);
    assert_eq!(names(&of_party), ["4711@customs-ge"]);
}

fn people_are_registered_once(node: &Node, tokens: &Tokens) {
    let wanted = json!({ "name": "4712@customs-ge", "called": "N. Beridze", "offices": ["GE000001"] });
    let operator = format!("Bearer {}", tokens.operator);
    let send = |key: &str, body: &Value| {
        let (status, _, answer) = browse(
            node,
            "POST",
            "/api/people",
            &[("Authorization", &operator), ("Idempotency-Key", key)],
            body,
        );
        (status, answer)
    };
    let first = send("one", &wanted);
    assert_eq!(
        (first.0, &first.1["duty"], &first.1["password"]),
        (201, &json!("member"), &json!(false)),
        "{}",
        first.1
    );
    assert_eq!(send("one", &wanted), first, "sent again it is done once");
    let (status, taken) = send("two", &wanted);
    assert_eq!((status, &taken["findings"][0]["code"]), (409, &json!("identity.taken")));
    for (body, status, code) in [
        (json!({ "name": "x y", "called": "A" }), 422, "identity.name"),
        (json!({ "name": "4713@customs-ge", "called": "" }), 422, "identity.name"),
        (json!({ "name": "4713@customs-ge", "called": "A", "duty": "operator" }), 422, "identity.duty"),
        (json!({ "name": "4713@customs-ge", "called": "A", "offices": [""] }), 422, "identity.office"),
        (json!({ "name": "4713@customs-ge", "called": "A", "admin": true }), 422, "request.not-json"),
    ] {
        let (found, problem) = node.send("POST", "/api/people", "", &body);
        assert_eq!((found, &problem["findings"][0]["code"]), (status, &json!(code)), "{problem}");
    }
    let (status, _) = node.send("POST", "/api/people", "", &json!({ "name": "1@nowhere", "called": "A" }));
    assert_eq!(status, 404);
    assert_eq!(node.send("GET", "/api/people/4712@customs-ge", "", &Value::Null).1, first.1);
    assert_eq!(node.send("GET", "/api/people/4719@customs-ge", "", &Value::Null).0, 404);
}

fn what_they_sign_in_with_is_given_and_taken(node: &Node, tokens: &Tokens) {
    let password = |name: &str, text: &str| {
        node.try_any("POST", &format!("/api/people/{name}/password"), "", &json!({ "password": text }))
            .unwrap()
    };
    assert_eq!(password("4712@customs-ge", "short").0, 422);
    assert_eq!(password("4719@customs-ge", PASSWORD).0, 404);
    assert_eq!(password("aygul", PASSWORD).0, 403, "one's own is changed with the old one");
    assert_eq!(password("4712@customs-ge", PASSWORD).0, 204);
    let signed = browse(
        node,
        "POST",
        "/api/sign-in",
        &[("Sec-Fetch-Site", "same-origin")],
        &json!({ "name": "4712@customs-ge", "password": PASSWORD }),
    );
    assert_eq!(signed.0, 200, "{}", signed.2);
    assert_eq!(node.send("GET", "/api/people/4712@customs-ge", "", &Value::Null).1["sessions"], 1);

    let link = |name: &str, body: Value| {
        node.try_any("POST", &format!("/api/people/{name}/links"), "", &body).unwrap()
    };
    let account = json!({ "issuer": "https://login.example", "subject": "sub-1" });
    assert_eq!(link("4712@customs-ge", account.clone()).0, 204);
    assert_eq!(link("4712@customs-ge", account.clone()).0, 204, "once more changes nothing");
    assert_eq!(link("4711@customs-ge", account).0, 409, "an account is one person's");
    let (status, problem) =
        link("4711@customs-ge", json!({ "issuer": "http://login.example", "subject": "s" }));
    assert_eq!((status, &problem["findings"][0]["code"]), (422, &json!("identity.link")));

    for owner in [json!({ "person": "4712@customs-ge" }), json!({ "party": "customs-ge" })] {
        let mut wanted = owner.clone();
        wanted["label"] = json!("gate scanner");
        let (status, made) = node.send("POST", "/api/access/keys", "", &wanted);
        assert_eq!(status, 201, "{made}");
        let (shown, id) = (made["token"].as_str().unwrap(), made["key"]["id"].as_str().unwrap());
        assert_eq!(node.send("GET", "/api/session", shown, &Value::Null).0, 200);
        let (_, listed) = node.send("GET", "/api/access/keys", &tokens.auditor, &Value::Null);
        assert!(listed.to_string().contains(id) && !listed.to_string().contains(shown), "{listed}");
        assert_eq!(
            node.try_any("DELETE", &format!("/api/access/keys/{id}"), "", &Value::Null).unwrap().0,
            204
        );
        assert_eq!(node.send("GET", "/api/session", shown, &Value::Null).0, 401);
    }
    let (_, own) = node.send("GET", "/api/access/keys?person=4712@customs-ge", "", &Value::Null);
    assert_eq!((own.as_array().unwrap().len(), &own[0]["state"]), (1, &json!("revoked")), "{own}");
    for (body, status) in [
        (json!({ "label": "a" }), 422),
        (json!({ "label": "a", "party": "customs-ge", "person": "aygul" }), 422),
        (json!({ "label": "a", "party": "nowhere" }), 404),
        (json!({ "label": "", "party": "customs-ge" }), 422),
        (json!({ "label": "a", "party": "customs-ge", "scope": "fly" }), 422),
    ] {
        assert_eq!(node.send("POST", "/api/access/keys", "", &body).0, status, "{body}");
    }
}

/// Whoever has a key for less than everything cannot make one for more of it, nor a person or a password.
fn a_narrow_key_makes_no_wider_one(node: &Node, _: &Tokens) {
    let wanted = json!({ "label": "dashboard", "person": "aygul", "scope": "read-people,keep-people" });
    let (_, made) = node.send("POST", "/api/access/keys", "", &wanted);
    let narrow = made["token"].as_str().unwrap();
    assert_eq!(node.send("GET", "/api/people", narrow, &Value::Null).0, 200);
    for (path, body) in [
        ("/api/access/keys", json!({ "label": "wide", "person": "aygul" })),
        ("/api/people", json!({ "name": "eve", "called": "Eve", "duty": "operator" })),
        ("/api/people/vera/password", json!({ "password": PASSWORD })),
        ("/api/people/vera/links", json!({ "issuer": "https://login.example", "subject": "eve" })),
    ] {
        assert_eq!(node.send("POST", path, narrow, &body).0, 403, "{path}");
    }
}

fn people_are_ended(node: &Node, tokens: &Tokens) {
    let end = |name: &str| node.try_any("DELETE", &format!("/api/people/{name}"), "", &Value::Null).unwrap();
    assert_eq!(
        (end("4711@customs-ge").0, end("4711@customs-ge").0, end("4719@customs-ge").0),
        (204, 204, 404)
    );
    assert_eq!(node.send("GET", "/api/session", &tokens.officer, &Value::Null).0, 401, "their key has ended");
    assert!(node.send("GET", "/api/people/4711@customs-ge", "", &Value::Null).1["ended"].is_string());
    let (status, problem) = end("aygul");
    assert_eq!(
        (status, &problem["findings"][0]["code"]),
        (409, &json!("identity.last-operator")),
        "{problem}"
    );
    let second = json!({ "name": "bek", "called": "Bek", "duty": "operator" });
    assert_eq!(node.send("POST", "/api/people", "", &second).0, 201);
    assert_eq!(end("bek").0, 204);
}

fn everything_is_on_record(node: &Node, tokens: &Tokens) {
    let (mut lines, mut next) = (Vec::new(), Some("/api/audit?limit=5".to_owned()));
    while let Some(path) = next.take() {
        let (page, more) = node.page(&path);
        assert!(page.as_array().unwrap().len() <= 5);
        lines.extend(page.as_array().unwrap().clone());
        next = more;
    }
    let text = Value::from(lines.clone()).to_string();
    for act in ["person-added", "password-set", "person-linked", "key-added", "key-revoked", "person-ended"] {
        let of = |line: &&Value| line["act"] == act && line["actor"] == "aygul";
        assert!(lines.iter().any(|line| of(&line)), "{act}: {text}");
    }
    for secret in [PASSWORD, &tokens.operator, &tokens.auditor, &tokens.officer] {
        assert!(!text.contains(secret), "a secret is on record");
    }
    let (_, about) = node.send("GET", "/api/audit?about=4712@customs-ge", &tokens.auditor, &Value::Null);
    let about = about.as_array().unwrap();
    assert!(!about.is_empty() && about.len() < lines.len());
    assert!(
        about.iter().all(|line| line["about"] == "4712@customs-ge" || line["actor"] == "4712@customs-ge")
    );

    let (_, check) = node.send("GET", "/api/audit/check", &tokens.auditor, &Value::Null);
    assert_eq!((&check["whole"], &check["entries"]), (&json!(true), &json!(lines.len())), "{check}");
    let known = format!("/api/audit/check?known={}", check["end"].as_str().unwrap());
    assert_eq!(node.send("GET", &known, "", &Value::Null).1["flaws"], json!([]));
    let other = format!("/api/audit/check?known=1:{}", "ab".repeat(32));
    assert_eq!(
        node.send("GET", &other, "", &Value::Null).1["flaws"],
        json!([{ "flaw": "other-head", "number": 1 }])
    );
    assert_eq!(node.send("GET", "/api/audit/check?known=x", "", &Value::Null).0, 422);
    assert_eq!(node.send("GET", "/api/audit?after=x", "", &Value::Null).0, 422);
}
