//! The EPCIS binding as a client uses it that shares nothing with the node: one in Python, with its standard library alone.

use super::epcis::register;
use super::node::Node;
use super::program::{register_forwarder, run};
use std::process::Command;

/// Whether a program is here; says so when it is not.
#[expect(clippy::print_stderr, reason = "whoever runs the tests must see that these were not run")]
fn is_here(program: &str) -> bool {
    let here = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !here {
        eprintln!("skipped: {program} is not installed");
    }
    here
}

/// Runs a client against a fresh node. The request that it received is left in the folder.
fn run_client(program: &str, script: &str) {
    if !is_here(program) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let token = register(&data, "rail-one");
    let node = Node::start(&["serve", "--data", &data, "--allow-private-receivers"]);
    let script = format!("{}/tests/end_to_end/clients/{script}", env!("CARGO_MANIFEST_DIR"));
    let request = folder.path().join("request");
    let address = node.url().replace("http://", "");
    let (_, key) = node.send("GET", "/api/node/key", "", &serde_json::Value::Null);
    let did = key["did"].as_str().unwrap();
    // The client ends the node itself, to hear what it says on its sockets.
    let mut client = Command::new(program);
    client.args([&script, &address, &token]).arg(&request).env("NODE_PID", node.pid().to_string());
    let output = client.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("all checks passed"), "{said}");

    // What the client received is what `kervan` verifies, with the key of the node and no other.
    let url = std::fs::read_to_string(request.with_extension("url")).unwrap();
    let request = request.to_str().unwrap();
    let verify = |did: &str| run(&["events", "verify", request, "--key", did, "--url", &url]);
    assert!(verify(did).status.success(), "{}", String::from_utf8_lossy(&verify(did).stdout));
    let other = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    assert_eq!(verify(other).status.code(), Some(1));
}

/// The example of the client that comes with Kervan: it plans, declares, clears and tracks.
#[test]
fn the_python_client_does_a_first_consignment() {
    if !is_here("python3") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let token = register_forwarder(&data);
    let node = Node::start(&["serve", "--data", &data]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../clients/python/examples/first_consignment.py");
    let output = Command::new("python3")
        .args([script, &node.url(), &token])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.ends_with("done\n"), "{said}");
}

#[test]
fn a_client_in_python_agrees_with_the_binding() {
    run_client("python3", "epcis_client.py");
}

/// A node that knows one company by what it captured and another by the published list of lengths of company prefixes.
#[test]
fn a_client_in_python_gets_every_form_of_identifiers_everywhere() {
    if !is_here("python3") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let list = folder.path().join("lengths.json");
    let rows = serde_json::json!([{"prefix": "9521", "gcpLength": 7}, {"prefix": "888", "gcpLength": 0}]);
    let text = serde_json::json!({"GCPPrefixFormatList": {"date": "2026-11-01", "entry": rows}}).to_string();
    std::fs::write(&list, text).unwrap();
    let token = register(&data, "rail-one");
    let prefixes = format!("server.company_prefixes={}", list.display());
    let node = Node::start(&["serve", "--data", &data, "--allow-private-receivers", "--set", &prefixes]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/end_to_end/clients/epcis_formats.py");
    let address = node.url().replace("http://", "");
    let output = Command::new("python3").args([script, &address, &token]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("all checks passed"), "{said}");
}
