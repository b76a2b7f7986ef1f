//! Rule packs replaced while the node runs: signed by their administration, whole or not at all.

use super::node::Node;
use super::program::run;
use kervan_store::Store;
use serde_json::Value;
use std::path::Path;

/// Writes the pack of Georgia under another version.
fn write_version(rules: &Path, version: &str) {
    let path = rules.join("ge.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let lines = text.lines().map(|line| match line.starts_with("version:") {
        true => format!("version: \"{version}\""),
        false => line.to_owned(),
    });
    std::fs::write(&path, lines.collect::<Vec<_>>().join("\n") + "\n").unwrap();
}

fn sign(rules: &Path, key: &Path) {
    let output =
        run(&["rules", "sign", rules.join("ge.yaml").to_str().unwrap(), "--key", key.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The version of the pack of Georgia that is in force.
fn version(node: &Node) -> String {
    let (_, packs) = node.send("GET", "/api/rules", "", &Value::Null);
    let pack = packs.as_array().unwrap().iter().find(|pack| pack["pack"] == "ge").unwrap();
    pack["version"].as_str().unwrap().to_owned()
}

#[test]
fn a_reload_takes_what_is_signed_rightly_and_refuses_the_rest_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (data, rules) = (folder.path().join("data"), folder.path().join("rules"));
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/rules");
    std::fs::create_dir(&rules).unwrap();
    for entry in std::fs::read_dir(shipped).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), rules.join(entry.file_name())).unwrap();
    }
    let (data, folder_of_rules) = (data.to_str().unwrap(), rules.to_str().unwrap());
    let add =
        ["party", "add", "customs-ge", "--name", "Revenue Service", "--country", "GE", "--role", "customs"];
    let output = run(&[&add[..], &["--territory", "GE", "--data", data]].concat());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let token = said.lines().find_map(|line| line.strip_prefix("token: ")).unwrap().to_owned();
    let (key, foreign) = (folder.path().join("ge.pem"), folder.path().join("foreign.pem"));
    let pem = Store::open(Path::new(data)).unwrap().list_parties().unwrap().remove(0).key_pem.unwrap();
    std::fs::write(&key, pem).unwrap();
    assert!(run(&["key", "new", "--out", foreign.to_str().unwrap()]).status.success());

    write_version(&rules, "test-1");
    sign(&rules, &key);
    let node = Node::start(&["serve", "--data", data, "--rules", folder_of_rules]).with_token(&token);
    assert_eq!(version(&node), "test-1");
    let reload = || node.send("POST", "/api/rules/reload", &token, &Value::Null);
    let refused = |code: &str| {
        let (status, problem) = reload();
        assert_eq!(status, 422, "{problem}");
        assert!(problem.to_string().contains(code), "{problem}");
        assert_eq!(version(&node), "test-1", "the old pack stays");
    };

    // Changed and not signed again; signed by somebody else; a signature that is none.
    write_version(&rules, "test-2");
    refused("rules.signature-other");
    sign(&rules, &foreign);
    refused("rules.signature-foreign");
    sign(&rules, &key);
    let signature = rules.join("ge.signature.json");
    let right = std::fs::read_to_string(&signature).unwrap();
    let value = right.split("\"proofValue\": \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let swapped: String =
        value.chars().take(1).chain(value.chars().skip(1).collect::<Vec<_>>().into_iter().rev()).collect();
    std::fs::write(&signature, right.replace(&value, &swapped)).unwrap();
    refused("rules.signature-wrong");

    // A fault in one pack keeps all of them out, also those that are right.
    std::fs::write(&signature, &right).unwrap();
    let az = rules.join("az.yaml");
    let whole = std::fs::read_to_string(&az).unwrap();
    std::fs::write(&az, whole.replacen("when: ", "when: nowhere.to_be_found == 1 && ", 1)).unwrap();
    refused("rules.");
    std::fs::write(&az, whole).unwrap();

    let (status, packs) = reload();
    assert_eq!(status, 200, "{packs}");
    assert_eq!(version(&node), "test-2");
    // Whoever is no administration reloads nothing.
    assert_eq!(node.send("POST", "/api/rules/reload", "nobody", &Value::Null).0, 401);
}
