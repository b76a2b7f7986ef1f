//! Lists of denied parties at a node: who is found holds the goods, an officer decides, and that survives a restart.

use super::node::Node;
use super::program::run;
use serde_json::{Value, json};
use std::path::Path;

pub(crate) const HELD: &str = "KRV-2026-0001";
pub(crate) const LIST: &str = "id,kind,name,aliases,country,born,identifiers,programme,remark
D-1,organisation,Qinling Home Appliance Company,秦岭家电,CN,,,MADE-UP,made up for a test
D-2,person,Vymysl Testov,,KZ,1961-03-14,,MADE-UP,
";

fn hits(node: &Node, token: &str) -> Value {
    let (status, hits) =
        node.send("GET", &format!("/api/screening/hits?consignment={HELD}"), token, &Value::Null);
    assert_eq!(status, 200, "{hits}");
    hits
}

fn movement(node: &Node) -> Value {
    node.send("GET", &format!("/api/movements/{HELD}/1"), "", &Value::Null).1
}

fn decision(hit: &Value, verdict: &str) -> Value {
    json!({
        "movement": format!("{HELD}/1"), "list": hit["hit"]["list"], "entity": hit["hit"]["entity"],
        "question": hit["question"], "verdict": verdict, "reason": "another address and another register number",
    })
}

pub(crate) fn play_until_stuck(data: &Path, list: &Path) {
    let (data, list) = (data.to_str().unwrap(), list.to_str().unwrap());
    let output = run(&["demo", "--until-delivered", "--json", "--data", data, "--denied-list", list]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let journeys = report["consignments"].as_array().unwrap();
    let state =
        |id: &str| journeys.iter().find(|journey| journey["reference"] == id).unwrap()["state"].clone();
    assert_eq!(state(HELD), "held");
    assert_eq!(state("KRV-2026-0003"), "delivered", "nobody else is held");
}

/// Readers of the decision learn that the goods are examined and no more.
fn nobody_else_learns_of_the_hit(node: &Node) {
    assert_eq!(movement(node)["state"], "under_control");
    assert!(movement(node).to_string().contains("clearance.examined"));
    let everything = ["/api/movements", "/api/worklist", "/api/consignments"]
        .map(|path| node.send("GET", path, "", &Value::Null).1.to_string());
    let dossier = node.send("GET", &format!("/api/consignments/{HELD}"), "", &Value::Null).1.to_string();
    for text in everything.iter().chain([&dossier]) {
        assert!(!text.contains("screening.") && !text.contains("D-1") && !text.contains("own.csv"), "{text}");
    }
}

#[test]
fn a_hit_holds_the_goods_until_an_officer_clears_it() {
    let folder = tempfile::tempdir().unwrap();
    let (data, list) = (folder.path().join("data"), folder.path().join("own.csv"));
    std::fs::write(&list, LIST).unwrap();
    play_until_stuck(&data, &list);

    let node = Node::play(&data, &list);
    let (status, lists) = node.send("GET", "/api/screening/lists", "", &Value::Null);
    assert_eq!((status, &lists[0]["name"], &lists[0]["entities"]), (200, &json!("own.csv"), &json!(2)));
    let (officer, other) = (node.sign_in_officer("customs-cn", "101"), node.sign_in("customs-tr"));
    let second = node.sign_in_officer("customs-cn", "102");

    nobody_else_learns_of_the_hit(&node);
    let messages = format!("/api/movements/{HELD}/1/messages");
    let (status, refused) = node.send("POST", &messages, &officer, &json!({ "message": "release" }));
    assert_eq!(status, 409, "{refused}");
    assert!(refused.to_string().contains("screening.not-cleared"), "{refused}");

    let found = hits(&node, &officer);
    let hit = &found[0];
    assert_eq!(
        (found.as_array().unwrap().len(), &hit["state"], &hit["holds"]),
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
    assert_eq!(movement(&node)["state"], "under_control");

    // The pack wants four eyes for clearing: the first officer's word waits, and the same officer cannot confirm it.
    let system = node.sign_in("customs-cn");
    let (status, refused) = send(&system, &decision(hit, "cleared"));
    assert_eq!(status, 422, "{refused}");
    assert!(refused.to_string().contains("customs.officer-missing"), "{refused}");
    let (status, proposed) = send(&officer, &decision(hit, "cleared"));
    assert_eq!((status, &proposed[0]["state"], &proposed[0]["holds"]), (200, &json!("open"), &json!(true)));
    assert_eq!(proposed[0]["proposal"]["officer"], "101");
    assert_eq!(movement(&node)["state"], "under_control");
    let (status, refused) = send(&officer, &decision(hit, "cleared"));
    assert_eq!(status, 409, "{refused}");
    assert!(refused.to_string().contains("customs.same-officer"), "{refused}");

    let (status, decided) = send(&second, &decision(hit, "cleared"));
    assert_eq!((status, &decided[0]["state"], &decided[0]["holds"]), (200, &json!("decided"), &json!(false)));
    assert_eq!(decided[0]["decision"]["by"], "customs-cn, officers 101 and 102");
    assert_eq!(movement(&node)["state"], "released");

    // The same again changes nothing; the opposite is refused.
    assert_eq!(send(&officer, &decision(hit, "cleared")), (200, decided.clone()));
    let (status, refused) = send(&officer, &decision(hit, "confirmed"));
    assert_eq!(status, 409, "{refused}");
    assert!(refused.to_string().contains("screening.decided"), "{refused}");
    // It binds no other administration.
    assert_eq!(hits(&node, &other)[0]["state"], "open");
    drop(node);

    // After a restart it holds, also under a new version of the list; another name of the entity opens it again.
    std::fs::write(&list, format!("{LIST}D-3,person,Primer Novyi,,KZ,,,MADE-UP,\n")).unwrap();
    let node = Node::play(&data, &list);
    let hit = &hits(&node, &officer)[0];
    assert_eq!((&hit["state"], &hit["decision"]["verdict"]), (&json!("decided"), &json!("cleared")));
    drop(node);
    std::fs::write(&list, LIST.replace("秦岭家电", "秦岭家电;Qinling Appliances")).unwrap();
    let node = Node::play(&data, &list);
    assert_eq!(hits(&node, &officer)[0]["state"], "changed");
    drop(node);

    // The decisions with the screening in them come out again byte for byte, and the dossier verifies.
    let out = folder.path().join("held.dossier");
    let file = super::program::export(&data, HELD, &out);
    let file = String::from_utf8_lossy(&file);
    assert!(!file.contains("screening.") && !file.contains("D-1 of list"), "nobody is named in the dossier");
    assert!(file.contains("clearance.examination"));
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
    let node = Node::play(&data, &list);
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
    // In a play whoever comes may ask (`data/rights/demo.cedar`); a node of real parties asks visitors to sign in (`rights.rs`).
    assert_eq!(check("", &asked), (200, answers));
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
