//! Rights over a real node: every route, asked by everybody, is answered as the table that people read says.

use super::node::Node;
use super::program::run;
use kervan::random::Random;
use kervan::setup::{token_of, token_of_officer};
use kervan_rights::{About, Action};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// The consignment that is asked for, and one that is not there.
const REFERENCE: &str = "KRV-2026-0001";
const NO_REFERENCE: &str = "KRV-2026-7777";

/// A person about whom who runs the node asks.
const SOMEBODY: &str = "seven@customs-cn";

/// The committed table: for each action the answer of each column.
fn table() -> BTreeMap<String, BTreeMap<String, String>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rights-table.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (mut heads, mut rows) = (Vec::new(), BTreeMap::new());
    for line in text.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        match cells.as_slice() {
            ["action", "route", columns @ ..] => {
                heads = columns.iter().map(|head| (*head).to_owned()).collect()
            }
            [action, route, answers @ ..] if route.starts_with('`') && answers.len() == heads.len() => {
                let answers = heads.iter().cloned().zip(answers.iter().map(|answer| (*answer).to_owned()));
                rows.insert(action.trim_matches('`').to_owned(), answers.collect());
            }
            _ => {}
        }
    }
    rows
}

/// Somebody who asks: the column of the table, and the token.
struct Asker {
    column: &'static str,
    token: String,
}

fn askers(data: &str) -> Vec<Asker> {
    let said = run(&[
        "party",
        "add",
        "stranger",
        "--name",
        "Stranger",
        "--country",
        "KZ",
        "--role",
        "carrier",
        "--data",
        data,
    ]);
    let said = String::from_utf8(said.stdout).unwrap();
    let stranger = said.lines().find_map(|line| line.strip_prefix("token: ")).unwrap().to_owned();
    let person = |name: &str, duty: &str| {
        let said =
            run(&["people", "add", name, "--called", "Somebody", "--duty", duty, "--key", "--data", data]);
        let said = String::from_utf8(said.stdout).unwrap();
        said.lines().find_map(|line| line.strip_prefix("token: ")).unwrap().to_owned()
    };
    // Somebody about whom the routes of people ask.
    person(SOMEBODY, "member");
    let random = Random::Seeded(1);
    let party = |id: &str| token_of(random, &id.parse().unwrap());
    let asker = |column, token| Asker { column, token };
    vec![
        asker("visitor", String::new()),
        asker("stranger", stranger),
        asker("forwarder", party("silkline")),
        asker("carrier", String::new()),
        asker("trader", party("bogazici-beyaz")),
        asker("customs else", party("customs-ir")),
        asker("customs", party("customs-cn")),
        asker("officer", token_of_officer(random, &"customs-cn".parse().unwrap(), "101")),
        asker("operator", person("aygul", "operator")),
        asker("auditor", person("vera", "auditor")),
    ]
}

/// Things that the stranger owns, so that the column `owner` is asked as well.
struct Own {
    job: String,
    grn: String,
    hash: String,
    plan: String,
}

fn make_own(node: &Node, stranger: &str, forwarder: &str, customs: &str) -> Own {
    let document = super::epcis::document_of(["rights".to_owned()]);
    let (_, told) = node.send("POST", "/epcis/capture", stranger, &document);
    let named = json!({"name": "own", "query": {}});
    assert_eq!(node.send("POST", "/epcis/queries", stranger, &named).0, 201);
    let mount = json!({"container": "CSQU3054383", "since": "2026-11-01T00:00:00Z"});
    let (status, mounted) = node.send("POST", "/api/devices/imei:356938035643809", stranger, &mount);
    assert_eq!(status, 200, "{mounted}");
    let accounts = |token: &str| {
        let (_, accounts) = node.send("GET", "/api/guarantees", token, &Value::Null);
        accounts.as_array().unwrap().clone()
    };
    let own = accounts(forwarder);
    assert!(own.len() == 2 && own.iter().all(|account| account["holder"] == "silkline"), "{own:?}");
    let accepted = accounts(&token_of(Random::Seeded(1), &"customs-eaeu".parse().unwrap()));
    assert!(
        accepted.len() == 3 && own.iter().any(|account| accepted.contains(account)),
        "an administration sees what it accepted: {accepted:?}"
    );
    assert_eq!(accounts(customs), Vec::<Value>::new(), "another one knows of none");
    let hash = send_message(node, stranger);
    // Accepting a way keeps its plan.
    let (_, plans) = node.send("GET", "/api/plans", forwarder, &Value::Null);
    Own {
        job: told["captureID"].as_str().unwrap().to_owned(),
        grn: own[0]["grn"].as_str().unwrap().to_owned(),
        hash,
        plan: plans[0]["id"].as_str().unwrap().to_owned(),
    }
}

/// A message that is refused and kept under its hash.
fn send_message(node: &Node, token: &str) -> String {
    let status = node.status_of("POST", "/api/movements/messages", token, "application/xml", "<no-message/>");
    assert_eq!(status, 422);
    let (_, listed) = node.send("GET", "/api/messages", token, &Value::Null);
    listed[0]["hash"].as_str().unwrap().to_owned()
}

/// The address of a route with the things of this test in it.
fn fill(path: &str, own: &Own) -> String {
    let id = match path {
        _ if path.starts_with("/epcis/capture") => own.job.as_str(),
        _ if path.starts_with("/api/plans") => own.plan.as_str(),
        _ if path.starts_with("/epcis/events") || path.contains("/subscriptions/") => "none",
        _ if path.starts_with("/api/closures") => "none",
        _ => REFERENCE,
    };
    let values = [
        ("{id}", id),
        ("{reference}", REFERENCE),
        ("{number}", "1"),
        ("{hash}", &own.hash),
        ("{grn}", &own.grn),
        ("{device}", "imei:356938035643809"),
        ("{file}", if path.contains("documents") { "packing-list.json" } else { "1.xml" }),
        ("{kind}", "consignment"),
        ("{code}", if path.contains("findings") { "dossier.body-mismatch" } else { "KZAAU" }),
        ("{territory}", "GE"),
        ("{pack}", "cn"),
        ("{collection}", "bizSteps"),
        (
            "{name}",
            match path {
                _ if path.contains("collection") => "departing",
                _ if path.starts_with("/api/people") => SOMEBODY,
                _ => "own",
            },
        ),
        ("{token}", "0"),
        ("{entry}", "none"),
    ];
    values.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
}

/// Routes that answer 404 to everybody they let in, each with its reason.
const NOT_THERE: &[(Action, &str)] = &[
    (Action::GetCast, "this node plays nothing"),
    (Action::SignInToPlay, "this node plays nothing"),
    (Action::SteerPlay, "this node plays nothing"),
    (Action::LiftClosure, "there is no such closure"),
    (Action::GetEvent, "there is no such event"),
    (Action::AnswerAmendment, "there is no such amendment"),
    (Action::GetSubscription, "there is no such subscription"),
    (Action::Unsubscribe, "there is no such subscription"),
    (Action::Track, "nothing is named so that they may know of"),
    (Action::GetMovementMessage, "this movement is under no regime that has messages in XML"),
    (Action::GetHits, "the address lacks the consignment"),
    (Action::GetMessageRefusal, "a message may have no refusal"),
    (Action::SignInElsewhere, "this node has no provider"),
    (Action::ComeBack, "this node has no provider"),
    (Action::RevokeKey, "there is no such key"),
    (Action::RevokeAnyKey, "there is no such key"),
];

/// A carrier that takes part in the consignment.
fn token_of_a_carrier(node: &Node) -> String {
    let path = format!("/api/consignments/{REFERENCE}");
    let carriers =
        ["rail-kz", "ferry-az", "rail-az", "rail-ge", "eurasian-trains", "ocean", "other-carriers"];
    let tokens = carriers.map(|id| token_of(Random::Seeded(1), &id.parse().unwrap()));
    tokens.into_iter().find(|token| node.send("GET", &path, token, &Value::Null).0 == 200).unwrap()
}

/// What everybody is answered on every route, held against the committed table.
pub(crate) fn hold_against_the_table(data: &Path) {
    let data = data.to_str().unwrap();
    let mut askers = askers(data);
    let node = Node::start(&["serve", "--data", data]);
    if let Some(asker) = askers.iter_mut().find(|asker| asker.column == "carrier") {
        asker.token = token_of_a_carrier(&node);
    }
    let token = |column: &str| askers.iter().find(|asker| asker.column == column).unwrap().token.as_str();
    let own = make_own(&node, token("stranger"), token("forwarder"), token("customs"));
    let table = table();
    let (mut faults, mut asked) = (Vec::new(), 0);
    // What removes comes last.
    let mut actions: Vec<Action> =
        Action::ALL.iter().copied().filter(|action| action.route().is_some()).collect();
    actions.sort_by_key(|action| action.route().unwrap().0 == "DELETE");
    for action in actions {
        let (method, path) = action.route().unwrap();
        let address = fill(path, &own);
        for asker in askers.iter().rev() {
            // The things of this test are the stranger's; the guarantee and the plan are the forwarder's.
            let owns = match asker.column {
                _ if path.starts_with("/api/people") => false,
                "stranger" => ["job", "{name}", "{device}", "{hash}", "/epcis/capture/{id}"]
                    .iter()
                    .any(|part| path.contains(part)),
                "forwarder" => path.contains("{grn}") || path.contains("/api/plans/{id}"),
                _ => false,
            };
            // The message is about no movement, so that it crosses no territory.
            let strange = path.contains("{hash}") && matches!(asker.column, "customs" | "officer");
            let column = if action == Action::GetMetrics {
                // Everybody here asks from the node's own machine.
                "here"
            } else if strange {
                "customs else"
            } else if owns && !path.contains("{collection}") {
                "owner"
            } else {
                asker.column
            };
            let expected = table[action.word()][column].as_str();
            let status = node.status_of(method, &address, &asker.token, "application/json", "{}");
            asked += 1;
            let not_there = NOT_THERE.iter().any(|(known, _)| *known == action);
            // Nobody signed in is no member of anything.
            let no_session =
                matches!(action, Action::GetSession | Action::GetWaiting) && asker.column == "visitor";
            // A password is taken from the page of the node only, and changed in a session only.
            let elsewhere = matches!(action, Action::SignIn | Action::ChangePassword) && status == 403;
            // Where the body names the thing, an empty one is wrong before it is hidden.
            let each = matches!(action.about(), About::Each(_)) && matches!(status, 400 | 403 | 404 | 422);
            let right = match expected {
                "401" => status == 401,
                "403" => status == 403,
                "404" => status == 404 || each,
                _ => {
                    !matches!(status, 401 | 403 | 404)
                        || (not_there && status == 404)
                        || (no_session && status == 401)
                        || elsewhere
                }
            };
            if !right || status >= 500 {
                faults.push(format!("{method} {address} for {column}: {status}, the table says {expected}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    assert_eq!(asked, askers.len() * (Action::ALL.len() - 5), "every route was asked by everybody");
    for asker in &askers {
        // Whom a proxy passed on does not ask from this machine.
        let passed_on = "application/json\r\nVia: 1.1 proxy";
        let status = node.status_of("GET", "/metrics", &asker.token, passed_on, "");
        let expected = &table["get-metrics"][asker.column];
        assert_eq!(status.to_string(), expected.replace("yes", "200"), "{} asks for metrics", asker.column);
    }
    what_is_hidden_answers_as_if_it_were_not_there(&node, token("stranger"));
    lists_hold_what_may_be_seen(&node, &askers);
    parts_are_withheld(&node, Path::new(data), token("forwarder"), token("carrier"));
}

/// The same words and as many of them, but for the name that was asked for.
fn what_is_hidden_answers_as_if_it_were_not_there(node: &Node, stranger: &str) {
    for path in [
        "/api/consignments/{}",
        "/api/consignments/{}/eta",
        "/api/consignments/{}/dossier",
        "/api/dossiers/{}/export",
        "/api/consignments/{}/documents/packing-list.json",
        "/api/movements/{}/1",
        "/api/movements/{}/1/messages",
        "/api/timeline/consignment/{}",
        "/api/track/{}",
        "/epcis/events?consignment={}",
    ] {
        let ask = |reference: &str| {
            let (status, body) = node.send("GET", &path.replace("{}", reference), stranger, &Value::Null);
            let mut text = body.to_string().replace(reference, "REFERENCE");
            // The instant of an answer is its own.
            if let Some(at) = text.find("creationDate") {
                text.replace_range(at..at + 40, "");
            }
            (status, text)
        };
        assert_eq!(ask(REFERENCE), ask(NO_REFERENCE), "{path}");
    }
    for path in
        ["/api/consignments/{}/amendments", "/api/dossiers/{}/entries", "/api/movements/{}/1/messages"]
    {
        let ask = |reference: &str| {
            let (status, body) =
                node.send("POST", &path.replace("{}", reference), stranger, &json!({"wrong": true}));
            (status, body.to_string().replace(reference, "REFERENCE"))
        };
        assert_eq!(ask(REFERENCE), ask(NO_REFERENCE), "{path}");
    }
}

fn references(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["reference"].as_str().unwrap()).collect()
}

/// A list holds what can be looked at one by one, and nothing else; pages of one are as good as one page.
fn lists_hold_what_may_be_seen(node: &Node, askers: &[Asker]) {
    let get = |path: &str, token: &str| node.send("GET", path, token, &Value::Null).1;
    let all: Vec<String> = (1..=12).map(|number| format!("KRV-2026-{number:04}")).collect();
    let mut shares = Vec::new();
    for asker in askers.iter().filter(|asker| !matches!(asker.column, "visitor" | "operator" | "auditor")) {
        let whole = get("/api/consignments", &asker.token);
        let listed = references(&whole["items"]);
        let one_by_one: Vec<&str> = all
            .iter()
            .filter(|reference| {
                node.send("GET", &format!("/api/consignments/{reference}"), &asker.token, &Value::Null).0
                    == 200
            })
            .map(String::as_str)
            .collect();
        assert_eq!(listed, one_by_one, "{}", asker.column);
        let (mut paged, mut next) = (Vec::new(), Some(String::new()));
        while let Some(after) = next.take() {
            let from = if after.is_empty() { String::new() } else { format!("&after={after}") };
            let page = get(&format!("/api/consignments?limit=1{from}"), &asker.token);
            paged.extend(references(&page["items"]).into_iter().map(str::to_owned));
            next = page["next"].as_str().map(str::to_owned);
        }
        assert_eq!(paged, listed, "{}", asker.column);
        for movement in get("/api/movements", &asker.token).as_array().unwrap() {
            let id = movement["id"].as_str().unwrap();
            assert!(listed.iter().any(|reference| id.starts_with(reference)), "{}: {id}", asker.column);
        }
        shares.push((asker.column, listed.len()));
    }
    let of = |column: &str| shares.iter().find(|(known, _)| *known == column).unwrap().1;
    assert_eq!(of("stranger"), 0, "{shares:?}");
    assert!(of("forwarder") > 0 && of("forwarder") < 12 && of("customs") > of("trader"), "{shares:?}");
}

/// A carrier reads the consignment and no prices; what is withheld is shown as withheld, and the export verifies.
fn parts_are_withheld(node: &Node, folder: &Path, forwarder: &str, carrier: &str) {
    let get = |path: &str, token: &str| {
        node.send("GET", &format!("/api/consignments/{REFERENCE}{path}"), token, &Value::Null).1
    };
    let value = |token: &str| get("", token)["goods_items"][0]["value"].clone();
    assert!(!value(forwarder).is_null());
    assert!(value(carrier).is_null(), "{}", value(carrier));
    let disclosed = |token: &str| {
        let dossier = get("/dossier", token);
        let groups = dossier["entries"][0]["groups"].as_array().unwrap().clone();
        groups.into_iter().find(|group| group["name"] == "prices").unwrap()["disclosed"].clone()
    };
    assert_eq!((disclosed(forwarder), disclosed(carrier)), (json!(true), json!(false)));
    let export = node.text(&format!("/api/consignments/{REFERENCE}/dossier.json"), carrier);
    assert!(!export.contains("\"prices\":{\"content\""));
    let file = folder.join("of-a-carrier.json");
    std::fs::write(&file, export).unwrap();
    let verified = run(&["verify", file.to_str().unwrap()]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    // The way of a carrier's own entries is not shortened.
    assert_eq!(
        get("/dossier", carrier)["entries"].as_array().unwrap().len(),
        get("/dossier", forwarder)["entries"].as_array().unwrap().len()
    );
}
