//! A program keeps the keys of a node and signs: the node never has them, and without the program it does not start.

use super::node::Node;
use super::program::kervan;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_program_signs_for_a_node_and_a_secret_seals_what_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (data, keys, secret) = (path("data"), path("keys"), path("secret"));
    std::fs::write(&secret, "the secret of a test, long enough\n").unwrap();
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
    let program = env!("CARGO_BIN_EXE_kervan");
    let signer = format!("{program},key,signer,--folder,{keys},--passphrase-file,{secret}");
    let with = |arguments: &[&str], signed: bool, sealed: bool| -> Output {
        let mut command = kervan();
        command.args(arguments).args(["--data", &data]);
        if signed {
            command.env("KERVAN_KEYS_SIGNER", &signer);
        }
        if sealed {
            command.env("KERVAN_KEYS_SECRET_FILE", &secret);
        }
        command.output().unwrap()
    };
    let add = ["party", "add", "silkline", "--name", "Silkline", "--country", "KZ", "--role", "forwarder"];
    let added = with(&add, true, false);
    let token = text(&added.stdout).lines().find_map(|line| Some(line.strip_prefix("token: ")?.to_owned()));
    let token = token.unwrap_or_else(|| text(&added.stderr));

    let mut serve = kervan();
    serve
        .args(["serve", "--data", &data])
        .env("KERVAN_KEYS_SIGNER", &signer)
        .env("KERVAN_KEYS_SECRET_FILE", &secret);
    let node = Node::start_as(serve);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/demo/consignments/KRV-2026-0001.yaml");
    let declared = std::fs::read_to_string(file).unwrap();
    assert_eq!(node.status_of("POST", "/api/consignments", &token, "application/yaml", &declared), 201);
    let ready = node.text("/ready", &token);
    assert!(ready.contains("1 sealed, 1 kept outside"), "{ready}");
    drop(node);

    let listed = text(&with(&["key", "list", "--json"], false, false).stdout);
    assert!(
        listed.contains("\"outside\"") && listed.contains("\"sealed\"") && !listed.contains("\"clear\""),
        "{listed}"
    );
    let refused = with(&["serve", "--listen", "127.0.0.1:0"], false, false);
    let said = text(&refused.stderr);
    assert!(
        refused.status.code() == Some(2) && said.contains("keys.secret_file") && said.contains("keys.signer"),
        "{said}"
    );
    let in_file = std::fs::read(Path::new(&keys).join("silkline.pem")).unwrap();
    assert!(in_file.starts_with(b"-----BEGIN ENCRYPTED PRIVATE KEY-----"));
}
