//! Lists of denied parties at a node: who is found holds the goods, an officer decides, and that survives a restart.

use super::program::{kervan, run};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

const HELD: &str = "KRV-2026-0001";
const LIST: &str = "id,kind,name,aliases,country,born,identifiers,programme,remark
D-1,organisation,Qinling Home Appliance Company,秦岭家电,CN,,,MADE-UP,made up for a test
D-2,person,Vymysl Testov,,KZ,1961-03-14,,MADE-UP,
";

struct Node {
    program: Child,
    address: String,
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

impl Node {
    fn start(data: &Path, list: &Path) -> Self {
        let mut program = kervan()
            .args(["demo", "--speed", "1000000", "--listen", "127.0.0.1:0"])
            .args(["--data", data.to_str().unwrap(), "--denied-list", list.to_str().unwrap()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit_once("http://").unwrap().1.to_owned();
        Self { program, address }
    }

    fn send(&self, method: &str, path: &str, token: &str, body: &Value) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap())
    }

    fn sign_in(&self, party: &str) -> String {
        let (_, answer) = self.send("POST", "/api/play/sign-in", "", &json!({ "party": party }));
        answer["token"].as_str().unwrap().to_owned()
    }

    fn hits(&self, token: &str) -> Value {
        let (status, hits) =
            self.send("GET", &format!("/api/screening/hits?consignment={HELD}"), token, &Value::Null);
        assert_eq!(status, 200, "{hits}");
        hits
    }

    fn movement(&self) -> Value {
        self.send("GET", &format!("/api/movements/{HELD}/1"), "", &Value::Null).1
    }
}

fn decision(hit: &Value, verdict: &str) -> Value {
    json!({
        "movement": format!("{HELD}/1"), "list": hit["hit"]["list"], "entity": hit["hit"]["entity"],
        "question": hit["question"], "verdict": verdict, "reason": "another address and another register number",
        "officer": "17",
    })
}

fn play_until_stuck(data: &Path, list: &Path) {
    let (data, list) = (data.to_str().unwrap(), list.to_str().unwrap());
    let output = run(&["demo", "--until-delivered", "--json", "--data", data, "--denied-list", list]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let journeys = report["consignments"].as_array().unwrap();
    let state =
        |id: &str| journeys.iter().find(|journey| journey["reference"] == id).unwrap()["state"].clone();
    assert_eq!(state(HELD), "held");
    assert_eq!(state("KRV-2026-0003"), "delivered", "nobody else is held");
}

#[test]
fn a_hit_holds_the_goods_until_an_officer_clears_it() {
    let folder = tempfile::tempdir().unwrap();
    let (data, list) = (folder.path().join("data"), folder.path().join("own.csv"));
    std::fs::write(&list, LIST).unwrap();
    play_until_stuck(&data, &list);

    let node = Node::start(&data, &list);
    let (status, lists) = node.send("GET", "/api/screening/lists", "", &Value::Null);
    assert_eq!((status, &lists[0]["name"], &lists[0]["entities"]), (200, &json!("own.csv"), &json!(2)));
    let (officer, other) = (node.sign_in("customs-cn"), node.sign_in("customs-tr"));

    // The decision says who was found and why, and the officer cannot release over it.
    assert_eq!(node.movement()["state"], "under_control");
    assert!(node.movement().to_string().contains("screening.hit"));
    let (status, refused) = node.send(
        "POST",
        &format!("/api/movements/{HELD}/1/messages"),
        &officer,
        &json!({ "message": "release" }),
    );
    assert_eq!(status, 409, "{refused}");
    assert!(refused.to_string().contains("screening.not-cleared"), "{refused}");

    let hits = node.hits(&officer);
    let hit = &hits[0];
    assert_eq!(
        (hits.as_array().unwrap().len(), &hit["state"], &hit["holds"]),
        (1, &json!("open"), &json!(true))
    );
    assert_eq!((&hit["hit"]["entity"], &hit["path"]), (&json!("D-1"), &json!("/parties/0/name")));

    // Only the administration of the office decides, and only with a reason.
    let send = |token: &str, body: &Value| node.send("POST", "/api/screening/decisions", token, body);
    assert_eq!(send(&other, &decision(hit, "cleared")).0, 403);
    let mut silent = decision(hit, "cleared");
    silent["reason"] = json!(" ");
    assert_eq!(send(&officer, &silent).0, 422);
    let mut nobody = decision(hit, "cleared");
    nobody["entity"] = json!("D-2");
    assert_eq!(send(&officer, &nobody).0, 404);
    assert_eq!(node.movement()["state"], "under_control");

    let (status, decided) = send(&officer, &decision(hit, "cleared"));
    assert_eq!((status, &decided[0]["state"], &decided[0]["holds"]), (200, &json!("decided"), &json!(false)));
    assert_eq!(node.movement()["state"], "released");

    // The same again changes nothing; the opposite is refused.
    assert_eq!(send(&officer, &decision(hit, "cleared")), (200, decided.clone()));
    let (status, refused) = send(&officer, &decision(hit, "confirmed"));
    assert_eq!(status, 409, "{refused}");
    assert!(refused.to_string().contains("screening.decided"), "{refused}");
    // It binds no other administration.
    assert_eq!(node.hits(&other)[0]["state"], "open");
    drop(node);

    // After a restart it holds, also under a new version of the list; another name of the entity opens it again.
    std::fs::write(&list, format!("{LIST}D-3,person,Primer Novyi,,KZ,,,MADE-UP,\n")).unwrap();
    let node = Node::start(&data, &list);
    let hit = &node.hits(&officer)[0];
    assert_eq!((&hit["state"], &hit["decision"]["verdict"]), (&json!("decided"), &json!("cleared")));
    drop(node);
    std::fs::write(&list, LIST.replace("秦岭家电", "秦岭家电;Qinling Appliances")).unwrap();
    let node = Node::start(&data, &list);
    assert_eq!(node.hits(&officer)[0]["state"], "changed");
    drop(node);

    // The decisions with the screening in them come out again byte for byte, and the dossier verifies.
    let out = folder.path().join("held.dossier");
    super::program::export(&data, HELD, &out);
    let verified = run(&["dossier", "verify", out.to_str().unwrap()]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    let replayed = run(&["rules", "replay", out.to_str().unwrap(), &format!("{HELD}/1")]);
    assert!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stdout));
}

#[test]
fn names_are_screened_within_limits() {
    let folder = tempfile::tempdir().unwrap();
    let (data, list) = (folder.path().join("data"), folder.path().join("own.csv"));
    std::fs::write(&list, LIST).unwrap();
    let node = Node::start(&data, &list);
    let token = node.sign_in("silkline");
    let check = |token: &str, body: &Value| node.send("POST", "/api/screening/check", token, body);
    let asked = json!({
        "names": ["Вымысл Тестов", "Somebody Else"],
        "parties": [{ "name": "V. Testov", "kind": "person", "country": "KZ", "born": "1961" }],
    });
    let (status, answers) = check(&token, &asked);
    assert_eq!(status, 200, "{answers}");
    assert_eq!(answers[0]["hits"][0]["entity"], "D-2");
    assert!(!answers[0]["hits"][0]["reasons"].as_array().unwrap().is_empty());
    assert_eq!(answers[1]["hits"], json!([]));
    assert_eq!(check("", &asked).0, 401);
    assert_eq!(check(&token, &json!({ "names": vec!["A B"; 501] })).0, 422);
    assert_eq!(check(&token, &json!({ "names": ["x".repeat(401)] })).0, 422);
    let wrong = json!({ "parties": [{ "name": "A B", "kind": "ghost", "country": "Z", "born": "?" }] });
    let (status, problem) = check(&token, &wrong);
    assert_eq!((status, problem["findings"].as_array().map(Vec::len)), (422, Some(3)), "{problem}");
    // Hits of a consignment are for those who decide them.
    let (status, _) =
        node.send("GET", &format!("/api/screening/hits?consignment={HELD}"), &token, &Value::Null);
    assert_eq!(status, 403);
}
