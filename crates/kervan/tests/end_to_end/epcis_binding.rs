//! Every path and method of the standard's OpenAPI description is answered, in its words, and OPTIONS tells the truth.

use super::epcis::{document_of, register};
use super::node::Node;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// The standard's description, if it is here.
#[expect(clippy::print_stderr, reason = "whoever runs the tests must see that these were not run")]
fn description() -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/epcis/openapi.yaml");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: the OpenAPI description of EPCIS 2.0 is not here");
        return None;
    };
    Some(serde_norway::from_str(&text).unwrap())
}

/// Resources of the standard that are not answered, each with its reason.
const NOT_ANSWERED: &[(&str, &str, &str)] = &[];

fn start() -> (tempfile::TempDir, Node, String) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let token = register(&data, "rail-one");
    let node = Node::start(&["serve", "--data", &data, "--allow-private-receivers"]).with_token(&token);
    (folder, node, token)
}

#[test]
fn every_path_and_method_of_the_standard_is_answered() {
    let Some(description) = description() else { return };
    let (_folder, node, token) = start();
    let (_, told) = node.send("POST", "/epcis/capture", &token, &document_of(["1".to_owned()]));
    let job = told["captureID"].as_str().unwrap().to_owned();
    let named = json!({"name": "all", "query": {}});
    assert_eq!(node.send("POST", "/epcis/queries", &token, &named).0, 201);
    let terms = json!({"dest": "http://127.0.0.1:9/", "schedule": {"hour": "1"}});
    let (_, told) = node.send("POST", "/epcis/queries/all/subscriptions", &token, &terms);
    let values = [
        ("{captureID}", job.as_str()),
        ("{eventID}", told_event(&node)),
        ("{eventType}", "ObjectEvent"),
        ("{epc}", "urn:epc:id:sgtin:4012345.011111.1"),
        ("{bizStep}", "departing"),
        ("{bizLocation}", "https:%2F%2Fid.kervan.example%2Fplace%2FKZAAU"),
        ("{readPoint}", "urn:epc:id:sgln:4012345.00005.122"),
        ("{disposition}", "in_transit"),
        ("{queryName}", "all"),
        ("{subscriptionID}", told["subscriptionID"].as_str().unwrap()),
        ("{token}", "0.1.2.3"),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let (mut asked, mut unanswered) = (0, Vec::new());
    let mut paths: Vec<(&String, &Value)> = description["paths"].as_object().unwrap().iter().collect();
    // What removes comes last, and what lies in something before it.
    paths.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
    for last in [false, true] {
        for (path, methods) in &paths {
            let filled = values.iter().fold((*path).clone(), |path, (name, value)| path.replace(name, value));
            let address = format!("/epcis{}", filled.trim_end_matches('/'));
            for method in methods.as_object().unwrap().keys().filter(|name| *name != "parameters") {
                if (method == "delete") != last {
                    continue;
                }
                asked += 1;
                let body = match (method.as_str(), path.as_str()) {
                    ("post", "/capture") => document_of(["2".to_owned()]),
                    ("post", "/events") => document_of(["3".to_owned()])["epcisBody"]["eventList"][0].clone(),
                    ("post", "/queries") => json!({"name": "other", "query": {}}),
                    ("post", _) => terms.clone(),
                    _ => Value::Null,
                };
                let (status, told) = node.send(&method.to_uppercase(), &address, &token, &body);
                let expected = methods[method]["responses"].as_object().unwrap();
                let excused = NOT_ANSWERED.iter().any(|(p, m, _)| p == path && m == method);
                if !(200..300).contains(&status) || !expected.contains_key(&status.to_string()) {
                    unanswered.push(format!("{method} {path}: {status} {told}"));
                    assert!(excused, "{unanswered:#?}");
                }
            }
        }
    }
    assert_eq!(asked, 63, "paths and methods of the description");
    assert_eq!(unanswered.len(), NOT_ANSWERED.len());
}

fn told_event(node: &Node) -> &'static str {
    let (_, page) = node.send("GET", "/epcis/events", "", &Value::Null);
    let id = page.pointer("/epcisBody/queryResults/resultsBody/eventList/0/eventID").unwrap();
    // The `?` of a hash id has to be escaped in a path.
    Box::leak(id.as_str().unwrap().replace('/', "%2F").replace('?', "%3F").into_boxed_str())
}

#[test]
fn refusals_are_exceptions_of_the_standard() {
    let Some(description) = description() else { return };
    let text = description.to_string();
    let known: BTreeSet<&str> = text
        .match_indices("epcisException:")
        .map(|(at, _)| text[at..].split(|c: char| !c.is_alphanumeric() && c != ':').next().unwrap())
        .collect();
    let (_folder, node, token) = start();
    let named = json!({"name": "all", "query": {}});
    assert_eq!(node.send("POST", "/epcis/queries", &token, &named).0, 201);
    let typo = {
        let mut document = document_of(["1".to_owned()]);
        document["epcisBody"]["eventList"][0]["bizStep"] = "departng".into();
        document
    };
    for (method, path, token, body, status, exception) in [
        ("POST", "/epcis/capture", "nobody", document_of(["1".to_owned()]), 401, "SecurityException"),
        ("POST", "/epcis/capture", &token, typo, 400, "ValidationException"),
        ("POST", "/epcis/capture", &token, json!({"type": "EPCISDocument"}), 400, "ValidationException"),
        ("GET", "/epcis/capture/none", "", Value::Null, 404, "NoSuchResourceException"),
        ("GET", "/epcis/events/urn:uuid:0", "", Value::Null, 404, "NoSuchResourceException"),
        (
            "GET",
            "/epcis/epcs/urn:epc:id:sgtin:4012345.011111.none",
            "",
            Value::Null,
            404,
            "NoSuchResourceException",
        ),
        ("GET", "/epcis/events?EQ_bizStp=departing", "", Value::Null, 400, "QueryParameterException"),
        ("GET", "/epcis/events?EQ_bizStep=departng", "", Value::Null, 400, "QueryParameterException"),
        ("GET", "/epcis/events?nextPageToken=x", "", Value::Null, 400, "QueryParameterException"),
        ("GET", "/epcis/queries/none", "", Value::Null, 404, "NoSuchResourceException"),
        (
            "GET",
            "/epcis/queries/all/events?stream=true",
            "",
            Value::Null,
            400,
            "SubscriptionControlsException",
        ),
        (
            "POST",
            "/epcis/queries/all/subscriptions",
            &token,
            json!({"stream": true}),
            400,
            "SubscriptionControlsException",
        ),
    ] {
        let (found, told) = node.send(method, path, token, &body);
        assert_eq!(
            (found, &told["type"]),
            (status, &json!(format!("epcisException:{exception}"))),
            "{path}: {told}"
        );
        assert!(known.contains(told["type"].as_str().unwrap()), "{told}");
    }
    // An address that the binding does not have is refused in its words too.
    for path in ["/epcis/event", "/epcis/events/", "/epcis/queries/all/events/one/more"] {
        let (status, told) = node.send("GET", path, "", &Value::Null);
        assert_eq!(
            (status, &told["type"]),
            (404, &json!("epcisException:NoSuchResourceException")),
            "{path}"
        );
    }
    let long = format!("/epcis/events?MATCH_anyEPC={}", "urn:epc:id:bic:CSQU3054383|".repeat(1_500));
    let (status, told) = node.send("GET", &long, "", &Value::Null);
    assert_eq!((status, &told["type"]), (414, &json!("epcisException:URITooLongException")));
}

/// The path `/` of the description, under the address of the binding: with its slash and without.
#[test]
fn the_list_of_resources_stands_at_the_root_with_its_slash_too() {
    let (_folder, node, token) = start();
    let (status, told) = node.send("GET", "/epcis", &token, &Value::Null);
    assert_eq!((status, node.send("GET", "/epcis/", &token, &Value::Null)), (200, (200, told)));
    let headers = node.headers("OPTIONS", "/epcis/");
    assert!(headers.iter().any(|(name, value)| name == "gs1-epcis-max" && value == "2.0.0"), "{headers:?}");
}

/// A party that may not see all events is told the words of those that it sees, and of no other's.
#[test]
fn collections_list_what_the_asker_sees() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let (one, two) = (register(&data, "rail-one"), register(&data, "rail-two"));
    let node = Node::start(&["serve", "--data", &data]);
    let at = |number: u32, place: &str| {
        let mut document = document_of([number.to_string()]);
        document["epcisBody"]["eventList"][0]["bizLocation"] = json!({"id": place});
        document
    };
    for (number, token, place) in
        [(1, &one, "urn:x:yard-a"), (2, &two, "urn:x:yard-b"), (3, &one, "urn:x:yard-c")]
    {
        assert_eq!(node.send("POST", "/epcis/capture", token, &at(number, place)).0, 202);
    }
    let members = |token: &str, path: &str| node.send("GET", path, token, &Value::Null).1["member"].clone();
    assert_eq!(members(&one, "/epcis/bizLocations"), json!(["urn:x:yard-a", "urn:x:yard-c"]));
    assert_eq!(members(&two, "/epcis/bizLocations"), json!(["urn:x:yard-b"]));
    // The address of a next page names nothing either that the asker may not know of: what another party uses begins none.
    let first = "/epcis/bizLocations?perPage=1";
    assert_eq!(members(&two, first), json!(["urn:x:yard-b"]));
    assert!(node.headers_of("GET", first, &two).iter().all(|(name, _)| name != "link"));
    // Page by page it is the same, and the standard's own words are told once.
    for (path, most) in [("/epcis/bizLocations", 1), ("/epcis/bizSteps", 7)] {
        let (whole, mut told) = (members(&one, path), Vec::new());
        let mut next = Some(format!("{path}?perPage={most}"));
        while let Some(path) = next {
            told.extend(members(&one, &path).as_array().unwrap().clone());
            let headers = node.headers_of("GET", &path, &one);
            let link = headers.into_iter().find(|(name, _)| name == "link").map(|(_, value)| value);
            next = link.map(|link| link[1..link.find('>').unwrap()].to_owned());
        }
        assert_eq!(json!(told), members(&one, &format!("{path}?perPage=1000")), "{path}");
        assert!(!whole.as_array().unwrap().is_empty());
    }
}

#[test]
fn options_say_what_holds() {
    let (_folder, node, token) = start();
    let headers = node.headers("OPTIONS", "/epcis/capture");
    let values = |name: &str| -> Vec<&str> {
        headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    };
    assert_eq!(values("gs1-capture-error-behaviour"), ["all"]);
    assert_eq!(values("gs1-epc-format").len() + values("gs1-cbv-xml-format").len(), 8);
    assert_eq!(values("gs1-epcis-version"), ["2.0.0"]);
    assert!(values("allow")[0].contains("POST") && values("accept-post")[0].contains("application/xml"));
    // The stated number of events is taken, one more is not.
    let most: usize = values("gs1-epcis-capture-limit")[0].parse().unwrap();
    let body = |count: usize| document_of((0..count).map(|number| format!("L{number}")));
    let (status, told) = node.send("POST", "/epcis/capture", &token, &body(most + 1));
    assert_eq!((status, &told["type"]), (413, &json!("epcisException:CaptureLimitExceededException")));
    assert_eq!(node.send("POST", "/epcis/capture", &token, &body(most)).0, 202);
    // And so is the stated number of bytes.
    let bytes: usize = values("gs1-epcis-capture-file-size-limit")[0].parse().unwrap();
    let padded = |length: usize| {
        let mut document = document_of(["padded".to_owned()]);
        let event = &mut document["epcisBody"]["eventList"][0];
        event["ex:note"] = "".into();
        let missing = length - document.to_string().len();
        document["epcisBody"]["eventList"][0]["ex:note"] = "x".repeat(missing).into();
        document
    };
    assert_eq!(node.send("POST", "/epcis/capture", &token, &padded(bytes)).0, 202);
    let (status, told) = node.send("POST", "/epcis/capture", &token, &padded(bytes + 1));
    assert_eq!((status, &told["type"]), (413, &json!("epcisException:CaptureLimitExceededException")));
}
