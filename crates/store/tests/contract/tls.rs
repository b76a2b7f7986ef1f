//! Sessions under TLS with a server: its certificate counts if it is for the name and leads to a root, and nothing goes in the clear
//! where TLS was asked for.

use crate::postgres;
use kervan_store::{Store, StoreError, StoreLocation, Write};
use std::path::Path;

fn open(url: String, folder: &Path) -> Result<Store, StoreError> {
    Store::open_at(&StoreLocation::Postgres { url, folder: folder.to_owned() })
}

#[test]
fn a_session_is_under_tls_with_the_server_that_is_meant_or_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let [.., b, c, d] = std::process::id().to_be_bytes();
    // Every address of 127/8 is this machine, so that no other server is in the way.
    let host = format!("127.{}.{c}.{}", 100 + b % 100, d.max(2));
    let made = rcgen::generate_simple_self_signed([host.clone()]).unwrap();
    let other = rcgen::generate_simple_self_signed([host.clone()]).unwrap();
    let elsewhere = rcgen::generate_simple_self_signed(["127.99.99.99".to_owned()]).unwrap();
    let write = |name: &str, text: String| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file.display().to_string()
    };
    let (root, wrong) = (write("root.pem", made.cert.pem()), write("other.pem", other.cert.pem()));
    let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let (listen, files) =
        (format!("listen_addresses={host}"), [("server.crt", certificate), ("server.key", key)]);
    let Some(server) = postgres::Server::start_with(&["ssl=on", &listen], &files) else { return };
    let (named, plain) = (server.url_at(&host, "public"), server.url("public"));
    let secured =
        |root: &str| format!("{named}&sslmode=verify-full&sslrootcert={}", root.replace('/', "%2F"));

    let store = open(secured(&root), &folder.path().join("index")).unwrap();
    store.save(vec![Write::Note { name: "by".into(), value: "tls".into() }]).unwrap();
    assert_eq!(store.find_note("by").unwrap().as_deref(), Some("tls"));
    let sessions = "SELECT count(*) FILTER (WHERE s.ssl), count(*) FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
                    WHERE a.application_name = 'kervan'";
    let counts = server.sql(sessions);
    let (under, all) = counts.split_once('|').unwrap();
    assert!(under == all && all.parse::<u32>().unwrap() >= 2, "writer and readers: {counts}");
    drop(store);

    let foreign = write("elsewhere.pem", elsewhere.cert.pem());
    let refused = [secured(&wrong), secured(&foreign), format!("{named}&sslmode=require")];
    for (number, url) in refused.into_iter().enumerate() {
        let index = folder.path().join(format!("refused-{number}"));
        let Err(error) = open(url.clone(), &index) else { panic!("{url} was opened") };
        assert!(matches!(error, StoreError::NoServer { .. }), "{error}");
    }
    assert!(open(plain, &folder.path().join("plain")).is_ok(), "a socket of this machine needs none");
}
