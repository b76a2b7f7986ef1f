//! A folder of facts instead of the embedded ones: the page is told what the folder says.

use crate::node::Node;
use crate::program::{copy, kervan, register_forwarder};
use std::fs;
use std::path::Path;
use tempfile::{TempDir, tempdir};

const CODE: &str = "KZAAU";

/// The facts of the repository in another folder, where a port has another name in English and in Russian.
fn renamed() -> TempDir {
    let folder = tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data"), folder.path());
    change(&folder.path().join("network/places.csv"), "KZAAU,Aktau,", "KZAAU,Harbour of the folder,");
    change(&folder.path().join("names/places.csv"), "KZAAU,Актау,", "KZAAU,Гавань папки,");
    folder
}

fn change(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{} has no {from}", file.display());
    fs::write(file, text.replace(from, to)).unwrap();
}

fn check(node: &Node) {
    let network = node.page("/api/network").0;
    let place = network["places"].as_array().unwrap().iter().find(|place| place["code"] == CODE).unwrap();
    assert_eq!(place["name"], "Harbour of the folder");
    let names = node.page("/api/names?language=ru").0;
    let told = names.as_array().unwrap().iter().find(|name| name["english"] == "Harbour of the folder");
    assert_eq!(told.unwrap()["told"], "Гавань папки");
}

#[test]
fn the_demo_shows_the_names_of_its_facts() {
    let (facts, data) = (renamed(), tempdir().unwrap());
    let mut program = kervan();
    program.args(["demo", "--speed", "1"]).arg("--data").arg(data.path()).arg("--facts").arg(facts.path());
    check(&Node::start_as(program));
}

#[test]
fn a_node_shows_the_names_of_its_facts() {
    let (facts, data) = (renamed(), tempdir().unwrap());
    let token = register_forwarder(data.path().to_str().unwrap());
    let mut program = kervan();
    program.arg("serve").arg("--data").arg(data.path()).arg("--facts").arg(facts.path());
    check(&Node::start_as(program).with_token(&token));
}
