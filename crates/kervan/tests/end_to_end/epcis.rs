//! EPCIS over HTTP, as who captures, who asks and who subscribes use it.

use super::node::Node;
use super::program::run;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

pub(crate) fn register(data: &str, id: &str) -> String {
    let output =
        run(&["party", "add", id, "--name", id, "--country", "KZ", "--role", "carrier", "--data", data]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.lines().find_map(|line| line.strip_prefix("token: ")).unwrap().to_owned()
}

fn document(steps: &[&str]) -> Value {
    let events: Vec<Value> = (0..).zip(steps).map(|(number, step)| event(number, step)).collect();
    json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-11-01T08:00:00Z",
        "epcisBody": {"eventList": events},
    })
}

fn event(number: u32, step: &str) -> Value {
    json!({
        "type": "ObjectEvent", "action": "OBSERVE", "bizStep": step, "eventTimeZoneOffset": "+00:00",
        "eventTime": "2026-11-01T07:00:00Z", "epcList": [format!("urn:epc:id:sgtin:4012345.011111.{number}")],
    })
}

/// A capture of one event for each thing.
pub(crate) fn document_of(things: impl IntoIterator<Item = String>) -> Value {
    let event = |thing: String| {
        json!({
            "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "departing", "disposition": "in_transit",
            "eventTime": "2026-11-01T07:00:00Z", "eventTimeZoneOffset": "+00:00",
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "readPoint": {"id": "urn:epc:id:sgln:4012345.00005.122"},
            "bizLocation": {"id": "https://id.kervan.example/place/KZAAU"},
            "epcList": [format!("urn:epc:id:sgtin:4012345.011111.{thing}")],
        })
    };
    json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ns.example.com/x/"}],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-11-01T08:00:00Z",
        "epcisBody": {"eventList": things.into_iter().map(event).collect::<Vec<_>>()},
    })
}

/// A receiver that hands over the first request it gets, and acknowledges it.
fn receive() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut seen, mut part) = (String::new(), [0; 4_096]);
        while !seen.contains("EPCISQueryDocument") {
            let length = stream.read(&mut part).unwrap();
            assert!(length > 0, "{seen}");
            seen.push_str(&String::from_utf8_lossy(&part[..length]));
        }
        sender.send(seen).unwrap();
        stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").unwrap();
    });
    (address, receiver)
}

#[test]
fn events_go_in_by_a_file_and_come_out_by_questions_and_deliveries() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let (own, other) = (register(&data, "rail-one"), register(&data, "rail-two"));
    let node = Node::start(&["serve", "--data", &data, "--allow-private-receivers"]).with_token(&own);
    let (url, none) = (node.url(), Value::Null);

    let named = json!({"name": "arrivals", "query": {"EQ_bizStep": ["arriving"]}});
    let (status, refused) = node.send("POST", "/epcis/queries", "nobody", &named);
    assert_eq!((status, &refused["type"]), (401, &json!("epcisException:SecurityException")));
    assert_eq!(node.send("POST", "/epcis/queries", &own, &named).0, 201);
    let (dest, received) = receive();
    let subscriptions = "/epcis/queries/arrivals/subscriptions";
    let terms = json!({"dest": dest, "stream": true, "signatureToken": "s"});
    let (status, told) = node.send("POST", subscriptions, &own, &terms);
    assert_eq!(status, 201);
    let id = told["subscriptionID"].as_str().unwrap();
    // To another party neither the query nor the subscription is there.
    assert_eq!(node.send("GET", subscriptions, &other, &none).0, 404);
    assert_eq!(node.send("GET", &format!("{subscriptions}/{id}"), &other, &none).0, 404);

    let file = folder.path().join("events.jsonld");
    std::fs::write(&file, document(&["departing", "arriving", "departing"]).to_string()).unwrap();
    let captured = run(&["capture", file.to_str().unwrap(), "--token", &own, "--node", &url]);
    assert!(captured.status.success(), "{}", String::from_utf8_lossy(&captured.stderr));
    let request = received.recv_timeout(Duration::from_secs(60)).unwrap();
    let head = request.to_ascii_lowercase();
    assert!(head.contains("gs1-signature: sha256=") && head.contains("kervan-delivery: "), "{request}");
    assert!(request.contains("4012345.011111.1") && !request.contains("4012345.011111.0"), "{request}");

    let (_, jobs) = node.send("GET", "/epcis/capture", "", &none);
    assert_eq!((&jobs[0]["events"], &jobs[0]["success"]), (&json!(3), &json!(true)));
    let (_, page) = node.send("GET", "/epcis/events?EQ_bizStep=departing&perPage=1", "", &none);
    assert_eq!(
        page.pointer("/epcisBody/queryResults/resultsBody/eventList").unwrap().as_array().unwrap().len(),
        1
    );
    let (status, refused) = node.send("GET", "/epcis/events?EQ_bizStp=departing", "", &none);
    assert_eq!((status, &refused["findings"][0]["remedy"]), (400, &json!("write `EQ_bizStep`")));
    assert_eq!(node.send("OPTIONS", "/epcis/events", "", &none), (204, Value::Null));
    assert_eq!(node.send("PUT", "/epcis/events", "", &none).0, 405);

    let asked = run(&["events", "query", "EQ_bizStep=arriving", "--json", "--token", &own, "--node", &url]);
    let document: Value = serde_json::from_slice(&asked.stdout).unwrap();
    let found = document.pointer("/epcisBody/queryResults/resultsBody/eventList/0/epcList/0").unwrap();
    assert_eq!(found, "urn:epc:id:sgtin:4012345.011111.1");
}
