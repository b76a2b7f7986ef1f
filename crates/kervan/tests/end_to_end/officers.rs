//! Officers as people: two of them where four eyes are wanted, none over somebody who was quicker, each with a token of their own.

use super::node::Node;
use super::program::run;
use super::screening::{HELD, LIST, play_until_stuck};
use serde_json::{Value, json};

#[test]
fn two_officers_are_two_and_nobody_acts_on_what_has_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (data, list) = (folder.path().join("data"), folder.path().join("own.csv"));
    std::fs::write(&list, LIST).unwrap();
    play_until_stuck(&data, &list);
    let node = Node::play(&data, &list);
    let (first, second) =
        (node.sign_in_officer("customs-cn", "101"), node.sign_in_officer("customs-cn", "102"));
    let system = node.sign_in("customs-cn");

    // Who is at the screen is a person.
    let (_, session) = node.send("GET", "/api/session", &first, &Value::Null);
    assert_eq!((&session["id"], &session["officer"]["id"]), (&json!("customs-cn"), &json!("101")));
    assert_eq!(node.send("GET", "/api/session", &system, &Value::Null).1["officer"], Value::Null);

    let path = format!("/api/movements/{HELD}/1/messages");
    let version = || {
        let (_, movement) = node.send("GET", &format!("/api/movements/{HELD}/1"), "", &Value::Null);
        movement["version"].as_str().unwrap().to_owned()
    };
    let refusal = json!({ "message": "no_release", "reason": "the goods are not what was declared" });
    let send = |token: &str, seen: &str, body: &Value| node.send_seen("POST", &path, token, seen, body);

    // The administration's own token is no officer, and an officer's name in the request makes it none.
    let seen = version();
    let (status, problem) = send(&system, &seen, &refusal);
    assert_eq!(status, 422, "{problem}");
    assert!(problem.to_string().contains("customs.officer-missing"), "{problem}");
    let mut named = refusal.clone();
    named["officer"] = json!("102");
    for token in [&system, &first] {
        let (status, problem) = send(token, &seen, &named);
        assert_eq!(status, 422, "{problem}");
        assert!(problem.to_string().contains("customs.officer-other"), "{problem}");
    }

    // The first officer's act is a proposal; the same officer cannot confirm it.
    let (status, proposed) = send(&first, &seen, &refusal);
    assert_eq!((status, &proposed["state"]), (200, &json!("under_control")), "{proposed}");
    let (status, problem) = send(&first, &version(), &refusal);
    assert_eq!(status, 409, "{problem}");
    assert!(problem.to_string().contains("customs.same-officer"), "{problem}");

    // Who acts on what has changed since is told so, and nothing happens.
    let (status, problem) = send(&second, &seen, &refusal);
    assert_eq!(status, 412, "{problem}");
    assert!(problem.to_string().contains("customs.case-changed"), "{problem}");

    let (status, refused) = send(&second, &version(), &refusal);
    assert_eq!((status, &refused["state"]), (200, &json!("refused")), "{refused}");
    drop(node);

    // Both stand in the signed entry.
    let out = folder.path().join("refused.dossier");
    let file = super::program::export(&data, HELD, &out);
    let compact: String = String::from_utf8_lossy(&file).split_whitespace().collect();
    assert!(compact.contains("\"officers\":[\"101\",\"102\"]"), "two officers in the entry");
    assert!(run(&["dossier", "verify", out.to_str().unwrap()]).status.success());
}

#[test]
fn an_officer_is_added_changed_and_ended_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let text = |arguments: &[&str]| {
        let output = run(&[arguments, &["--data", data]].concat());
        let text =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.code().unwrap(), text)
    };
    let add =
        ["party", "add", "customs-ge", "--name", "Revenue Service", "--country", "GE", "--role", "customs"];
    assert_eq!(text(&[&add[..], &["--territory", "GE"]].concat()).0, 0);
    let officer = ["people", "add", "4711@customs-ge", "--called", "N. Beridze", "--key"];
    let (status, first) = text(&officer);
    assert_eq!(status, 0, "{first}");
    assert_ne!(text(&officer).0, 0, "there is one of this name");
    let key = ["keys", "add", "4711@customs-ge", "--label", "own scripts", "--scope", "read"];
    let (status, second) = text(&key);
    assert_eq!(status, 0, "{second}");
    let token = |said: &str| said.split("token: ").nth(1).unwrap().trim().to_owned();
    let (first, second) = (token(&first), token(&second));
    let id = first.split('_').nth(1).unwrap();
    assert_eq!(text(&["keys", "revoke", id]).0, 0);

    let node = Node::start(&["serve", "--data", data]);
    assert_eq!(node.send("GET", "/api/session", &first, &Value::Null).0, 401);
    let (_, session) = node.send("GET", "/api/session", &second, &Value::Null);
    assert_eq!(
        (&session["officer"]["id"], &session["officer"]["name"]),
        (&json!("4711"), &json!("N. Beridze"))
    );
    drop(node);

    let (_, listed) = text(&["keys", "list", "--json"]);
    assert!(
        !listed.contains(&second) && listed.contains("\"revoked\"") && listed.contains("own scripts"),
        "{listed}"
    );
    assert_eq!(text(&["people", "disable", "4711@customs-ge"]).0, 0);
    let (_, listed) = text(&["people", "list", "--party", "customs-ge", "--json"]);
    assert!(listed.contains("4711") && !listed.contains("\"ended\": null"), "{listed}");
    let node = Node::start(&["serve", "--data", data]);
    assert_eq!(node.send("GET", "/api/session", &second, &Value::Null).0, 401);
    drop(node);

    // All of it is on record, and the record is whole until somebody writes past the program.
    let (status, head) = text(&["audit", "check"]);
    assert_eq!(status, 0, "{head}");
    let known = head.rsplit("the end: ").next().unwrap().trim().to_owned();
    let (_, log) = text(&["audit", "list", "--json"]);
    for act in ["person-added", "key-added", "key-revoked", "person-ended"] {
        assert!(log.contains(act), "{act}: {log}");
    }
    assert!(!log.contains(&first) && !log.contains(&second));
    let file = rusqlite::Connection::open(folder.path().join("kervan.sqlite")).unwrap();
    file.execute("UPDATE audit SET about = 'somebody else' WHERE seq = 2", []).unwrap();
    file.execute("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)", []).unwrap();
    drop(file);
    let (status, said) = text(&["audit", "check", "--known", &known]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("entry 2 says something else") && said.contains("missing"), "{said}");
}
